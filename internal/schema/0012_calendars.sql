-- Calendars: addresses that calendar programs read feeds from, and what people
-- were told of meetings by letter.

-- An address belongs to the account that made it, and serves what that account may
-- see at the time. The secret in it is known by its hash in links; here it is sealed,
-- so that it can be shown again to its owner.
CREATE TABLE calendar_feeds (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	account_id BYTEA NOT NULL,
	scope TEXT NOT NULL,
	body_id BYTEA,
	link_id BYTEA NOT NULL,
	address BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id)
);
CREATE INDEX calendar_feeds_account ON calendar_feeds (collaborative_id, account_id, id);

-- What somebody was told last of a meeting: the method and the sequence of the
-- meeting they got, and when they got its recap. letters counts what was sent.
CREATE TABLE meeting_letters (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	method TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	letters BIGINT NOT NULL,
	told_at BIGINT,
	recap_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX meeting_letters_meeting ON meeting_letters (collaborative_id, meeting_id, person_id);
CREATE INDEX meeting_letters_person ON meeting_letters (collaborative_id, person_id, id);

-- Who comes instead, by name, where they are not on record.
ALTER TABLE meeting_people ADD COLUMN alternate_name TEXT NOT NULL DEFAULT '';
