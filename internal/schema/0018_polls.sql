-- Scheduling polls: times proposed for a meeting, in the local time of a zone, and who
-- can come when. times are the proposals, "YYYY-MM-DD HH:MM" each; an answer names its
-- time by that text, so that a time taken out takes its answers along and leaves the
-- others alone.
CREATE TABLE polls (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	body_id BYTEA,
	title TEXT NOT NULL,
	purpose TEXT NOT NULL,
	mode TEXT NOT NULL,
	place TEXT NOT NULL,
	link TEXT NOT NULL,
	zone TEXT NOT NULL,
	minutes BIGINT NOT NULL,
	times JSONB NOT NULL,
	names_shown BOOLEAN NOT NULL,
	state TEXT NOT NULL,
	chosen TEXT NOT NULL,
	meeting_id BYTEA,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id)
);
CREATE INDEX polls_order ON polls (collaborative_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX polls_body ON polls (collaborative_id, body_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX polls_state ON polls (collaborative_id, state, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX polls_deleted ON polls (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- Who was asked, and what they answered. The letters they got are counted, so that
-- each is written once.
CREATE TABLE poll_people (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	poll_id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	asked BOOLEAN NOT NULL,
	required BOOLEAN NOT NULL,
	answers JSONB NOT NULL,
	answered_at BIGINT,
	zone TEXT NOT NULL,
	letters BIGINT NOT NULL,
	told_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, poll_id) REFERENCES polls (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX poll_people_poll ON poll_people (collaborative_id, poll_id, person_id);
CREATE INDEX poll_people_person ON poll_people (collaborative_id, person_id, id);
