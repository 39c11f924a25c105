-- Materials of meetings: a file in its versions, or an address. The bytes are kept by
-- their SHA-256 beside the database; a row is written only when they are safe there.
CREATE TABLE materials (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	item_id BYTEA,
	title TEXT NOT NULL,
	link TEXT NOT NULL,
	for_invited BOOLEAN NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, item_id) REFERENCES agenda_items (collaborative_id, id)
);
CREATE INDEX materials_meeting ON materials (collaborative_id, meeting_id, created_at, id);
CREATE INDEX materials_item ON materials (collaborative_id, item_id, id);

CREATE TABLE material_files (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	material_id BYTEA NOT NULL,
	number BIGINT NOT NULL,
	file_name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	hash TEXT NOT NULL,
	note TEXT NOT NULL,
	by_person_id BYTEA,
	by_name TEXT NOT NULL,
	withdrawn_at BIGINT,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, material_id) REFERENCES materials (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, by_person_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX material_files_material ON material_files (collaborative_id, material_id, number);
CREATE INDEX material_files_by ON material_files (collaborative_id, by_person_id, id);
-- How much room all of them take, and whether content is wanted still.
CREATE INDEX material_files_size ON material_files (collaborative_id, size);
CREATE INDEX material_files_hash ON material_files (collaborative_id, hash, id);

-- A file on its way, in parts, so that any process can take the next one.
CREATE TABLE material_uploads (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	account_id BYTEA NOT NULL,
	file_name TEXT NOT NULL,
	parts BIGINT NOT NULL,
	size BIGINT NOT NULL,
	complete BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX material_uploads_account ON material_uploads (collaborative_id, account_id, id);
CREATE INDEX material_uploads_age ON material_uploads (collaborative_id, created_at, id);

CREATE TABLE material_parts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	upload_id BYTEA NOT NULL,
	part BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, upload_id, part),
	FOREIGN KEY (collaborative_id, upload_id) REFERENCES material_uploads (collaborative_id, id) ON DELETE CASCADE
);
