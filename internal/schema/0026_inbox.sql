-- How far the mailbox of the installation was read, and what came of the last look. place
-- says which mailbox that is: another one is read from its beginning.
CREATE TABLE inbox_looks (
	place BYTEA NOT NULL PRIMARY KEY,
	validity BIGINT NOT NULL,
	last BIGINT NOT NULL,
	looked_at BIGINT NOT NULL,
	said TEXT NOT NULL
);

-- Messages of it that something came of, by a hash of what they said: none counts twice,
-- also when the server numbers them anew.
CREATE TABLE inbox_messages (
	said BYTEA NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL,
	read_at BIGINT NOT NULL
);
CREATE INDEX inbox_messages_read ON inbox_messages (read_at);
CREATE INDEX inbox_messages_kind ON inbox_messages (kind);

-- When somebody answered an invitation by mail last, by their own program's clock.
ALTER TABLE meeting_letters ADD COLUMN answered_at BIGINT;

-- Finds the long work among many letters that wait.
CREATE INDEX jobs_kind ON jobs (kind, state, run_at, id);
