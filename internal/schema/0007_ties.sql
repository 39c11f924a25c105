-- Declared ties between organizations or people: what they are to each other, on
-- which days. Each end is an organization or a person. Days that are not known are
-- absent; a tie without a last day goes on.
CREATE TABLE ties (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	from_organization_id BYTEA,
	from_person_id BYTEA,
	to_organization_id BYTEA,
	to_person_id BYTEA,
	type TEXT NOT NULL,
	type_key TEXT NOT NULL,
	direction TEXT NOT NULL,
	strength BIGINT,
	layer TEXT NOT NULL,
	about TEXT NOT NULL,
	valid_from TEXT,
	valid_to TEXT,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, from_organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, from_person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, to_organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, to_person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX ties_order ON ties (collaborative_id, id) WHERE deleted_at IS NULL;
CREATE INDEX ties_type ON ties (collaborative_id, type_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ties_deleted ON ties (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ties_from_organization ON ties (collaborative_id, from_organization_id, id);
CREATE INDEX ties_to_organization ON ties (collaborative_id, to_organization_id, id);
CREATE INDEX ties_from_person ON ties (collaborative_id, from_person_id, id);
CREATE INDEX ties_to_person ON ties (collaborative_id, to_person_id, id);
