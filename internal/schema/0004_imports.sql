-- Bringing files: an import with the file it came from, the file's rows, the
-- records they stand for, what was changed, and what is remembered for the next
-- file. Rows and records are working state; they go when the import is forgotten.

-- Someone who does not want mailings is not written to again by a file.
ALTER TABLE people ADD COLUMN no_mailings BOOLEAN NOT NULL DEFAULT FALSE;

-- problem is why an import stopped, as a message of the catalogue; counts are
-- how many rows and records are in which state.
CREATE TABLE imports (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	file_name TEXT NOT NULL,
	file_size BIGINT NOT NULL,
	received BIGINT NOT NULL,
	file JSONB NOT NULL,
	plan JSONB NOT NULL,
	counts JSONB NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	problem JSONB,
	account_id BYTEA,
	by_name TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	began_at BIGINT,
	finished_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);

-- The file itself in parts, so that any process can go on with it.
CREATE TABLE import_parts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	import_id BYTEA NOT NULL,
	part BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, import_id, part),
	FOREIGN KEY (collaborative_id, import_id) REFERENCES imports (collaborative_id, id) ON DELETE CASCADE
);

-- The rows of the file as they were read. fixes are cells somebody typed anew;
-- record is the number of the record the row stands for.
CREATE TABLE import_rows (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	import_id BYTEA NOT NULL,
	line BIGINT NOT NULL,
	cells JSONB NOT NULL,
	fixes JSONB,
	record BIGINT,
	faults JSONB,
	PRIMARY KEY (collaborative_id, import_id, line),
	FOREIGN KEY (collaborative_id, import_id) REFERENCES imports (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX import_rows_faults ON import_rows (collaborative_id, import_id, line) WHERE faults IS NOT NULL;
CREATE INDEX import_rows_record ON import_rows (collaborative_id, import_id, record, line);

-- The records the rows stand for, each once: those the file is about (main) and
-- those it only names. step orders them: what others refer to comes first.
CREATE TABLE import_records (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	import_id BYTEA NOT NULL,
	record BIGINT NOT NULL,
	kind TEXT NOT NULL,
	step BIGINT NOT NULL,
	main BOOLEAN NOT NULL,
	title TEXT NOT NULL,
	key TEXT NOT NULL,
	given JSONB NOT NULL,
	first_line BIGINT NOT NULL,
	action TEXT NOT NULL,
	target_id BYTEA,
	match JSONB,
	changes JSONB,
	problem JSONB,
	applied BOOLEAN NOT NULL,
	PRIMARY KEY (collaborative_id, import_id, record),
	FOREIGN KEY (collaborative_id, import_id) REFERENCES imports (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX import_records_action ON import_records (collaborative_id, import_id, main, action, record);
CREATE INDEX import_records_step ON import_records (collaborative_id, import_id, step, record);

-- What an import did to the record, in order, for taking it back: a record it
-- made, or one as it was and as it became.
CREATE TABLE import_changes (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	import_id BYTEA NOT NULL,
	change BIGINT NOT NULL,
	kind TEXT NOT NULL,
	target_id BYTEA NOT NULL,
	title TEXT NOT NULL,
	version BIGINT NOT NULL,
	version_before BIGINT,
	before JSONB,
	after JSONB,
	undone BOOLEAN NOT NULL,
	left_alone JSONB,
	PRIMARY KEY (collaborative_id, import_id, change),
	FOREIGN KEY (collaborative_id, import_id) REFERENCES imports (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX import_changes_target ON import_changes (collaborative_id, target_id, import_id);

-- How a file with these headings was read the last time, by their fingerprint.
CREATE TABLE import_mappings (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	fingerprint TEXT NOT NULL,
	name TEXT NOT NULL,
	plan JSONB NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, fingerprint)
);
CREATE INDEX import_mappings_name ON import_mappings (collaborative_id, name, fingerprint);

-- Who a doubtful name was, once somebody said so.
CREATE TABLE import_decisions (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	decision TEXT NOT NULL,
	target_id BYTEA,
	decided_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, kind, key)
);
