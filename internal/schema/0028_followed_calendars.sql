-- Calendars elsewhere that are read again and again. The address is sealed: whoever has
-- it can often read the calendar. known is what their server said of the version that was
-- read last, digest a fingerprint of it; reading counts the versions; failures counts how often in a row it could not
-- be read. import_id is the import that the newest version became.
CREATE TABLE followed_calendars (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	name TEXT NOT NULL,
	host TEXT NOT NULL,
	address BYTEA NOT NULL,
	body_id BYTEA,
	by_itself BOOLEAN NOT NULL,
	agreed BOOLEAN NOT NULL, -- somebody has looked at a version of it and brought it
	account_id BYTEA,
	by_name TEXT NOT NULL,
	known JSONB NOT NULL,
	digest TEXT NOT NULL,
	problem JSONB,
	failures BIGINT NOT NULL,
	import_id BYTEA,
	read_at BIGINT,
	reading BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id)
);
CREATE INDEX followed_calendars_body ON followed_calendars (collaborative_id, body_id) WHERE body_id IS NOT NULL;
CREATE INDEX followed_calendars_import ON followed_calendars (collaborative_id, import_id) WHERE import_id IS NOT NULL;

-- The events a followed calendar has held, and the last version that held each, so that it
-- can be said what stands in it no more.
CREATE TABLE followed_events (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	followed_id BYTEA NOT NULL,
	uid TEXT NOT NULL,
	reading BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, followed_id, uid),
	FOREIGN KEY (collaborative_id, followed_id) REFERENCES followed_calendars (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX followed_events_reading ON followed_events (collaborative_id, followed_id, reading);
