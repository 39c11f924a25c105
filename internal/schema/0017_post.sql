-- When a collaborative sends letters by itself, a row for each that chose.
CREATE TABLE post_rules (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	digest BOOLEAN NOT NULL,
	digest_weekday BIGINT NOT NULL,
	digest_hour BIGINT NOT NULL,
	digest_since BIGINT,
	reminders BOOLEAN NOT NULL,
	remind_hour BIGINT NOT NULL,
	remind_before BIGINT NOT NULL,
	remind_after BIGINT NOT NULL,
	remind_again BIGINT NOT NULL,
	reply_before BIGINT NOT NULL,
	quiet BOOLEAN NOT NULL,
	quiet_from BIGINT NOT NULL,
	quiet_until BIGINT NOT NULL,
	version BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id)
);

-- Which letters of that kind were written to whom, so that each is written once: the
-- occasion is the day of a digest, an action with its day, or a meeting.
CREATE TABLE post_letters (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	kind TEXT NOT NULL,
	occasion TEXT NOT NULL,
	written_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX post_letters_occasion ON post_letters (collaborative_id, person_id, kind, occasion);
CREATE INDEX post_letters_kind ON post_letters (collaborative_id, kind, occasion, person_id);
CREATE INDEX post_letters_written ON post_letters (collaborative_id, written_at, id);
