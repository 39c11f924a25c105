-- Leaving: archives of everything a collaborative has recorded, made in the
-- background and kept for some days in parts, so that any process can hand them
-- out.

-- account_id is by whose right an archive is made, NULL for the program itself;
-- done and total count its files, and rows what was written so far.
CREATE TABLE takeouts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	state TEXT NOT NULL,
	account_id BYTEA,
	asked_by TEXT NOT NULL,
	scheduled BOOLEAN NOT NULL,
	include_private BOOLEAN NOT NULL,
	include_history BOOLEAN NOT NULL,
	locked BOOLEAN NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	rows_done BIGINT NOT NULL,
	bytes BIGINT NOT NULL,
	asked_at BIGINT NOT NULL,
	finished_at BIGINT,
	expires_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE TABLE takeout_parts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	takeout_id BYTEA NOT NULL,
	number BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, takeout_id, number),
	FOREIGN KEY (collaborative_id, takeout_id) REFERENCES takeouts (collaborative_id, id) ON DELETE CASCADE
);

-- At most one schedule a collaborative. The passphrase is sealed with the
-- installation key.
CREATE TABLE takeout_schedules (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	every TEXT NOT NULL,
	keep BIGINT NOT NULL,
	account_id BYTEA NOT NULL,
	asked_by TEXT NOT NULL,
	include_private BOOLEAN NOT NULL,
	include_history BOOLEAN NOT NULL,
	passphrase BYTEA,
	next_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id)
);

-- Who was a member where the collaborative came from. Accounts stay behind; these
-- are people to invite again.
CREATE TABLE carried_members (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	person_id BYTEA NOT NULL,
	email TEXT NOT NULL,
	roles JSONB NOT NULL,
	PRIMARY KEY (collaborative_id, person_id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id) ON DELETE CASCADE
);

-- What somebody did, for whoever asks what is on record about them.
CREATE INDEX audit_entries_person ON audit_entries (collaborative_id, person_id, id) WHERE person_id IS NOT NULL;
