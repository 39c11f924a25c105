-- Action items: what somebody promised to do, by when, and what became of it.
-- due_order is due_on, or the last of all days where none was set, so that lists
-- have one order. An action that is carried over ends, and another goes on with it.
CREATE TABLE actions (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	text TEXT NOT NULL,
	note TEXT NOT NULL,
	owner_person_id BYTEA,
	owner_organization_id BYTEA,
	owner_name TEXT NOT NULL,
	due_on TEXT,
	due_order TEXT NOT NULL,
	meeting_id BYTEA,
	item_id BYTEA,
	agreed_on TEXT NOT NULL,
	given_by_person_id BYTEA,
	given_by_name TEXT NOT NULL,
	state TEXT NOT NULL,
	ended_on TEXT,
	ended_at BIGINT,
	ended_by TEXT NOT NULL,
	reason TEXT NOT NULL,
	carried_from BYTEA,
	carried_to BYTEA,
	disowned_at BIGINT,
	disowned_why TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, owner_person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, owner_organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id),
	FOREIGN KEY (collaborative_id, item_id) REFERENCES agenda_items (collaborative_id, id),
	FOREIGN KEY (collaborative_id, given_by_person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX actions_order ON actions (collaborative_id, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX actions_state ON actions (collaborative_id, state, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX actions_person ON actions (collaborative_id, owner_person_id, due_order, id);
CREATE INDEX actions_organization ON actions (collaborative_id, owner_organization_id, due_order, id);
CREATE INDEX actions_meeting ON actions (collaborative_id, meeting_id, due_order, id);
CREATE INDEX actions_given ON actions (collaborative_id, given_by_person_id, id);
CREATE INDEX actions_deleted ON actions (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
