-- Meetings brought from calendars and lists.

-- What a series is on single days instead of what its rule says: nothing, called
-- off, at another time, or one time more.
ALTER TABLE meeting_series ADD COLUMN exceptions JSONB NOT NULL DEFAULT '[]';

-- Which series or meeting an event of somebody's calendar, or a row of a list, became. uid is the event's name there; sequence is the version of it that was
-- taken last, said a fingerprint of what it said then.
CREATE TABLE brought_events (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	uid TEXT NOT NULL,
	series_id BYTEA,
	meeting_id BYTEA,
	sequence BIGINT NOT NULL,
	said TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, series_id) REFERENCES meeting_series (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX brought_events_uid ON brought_events (collaborative_id, uid);
CREATE INDEX brought_events_series ON brought_events (collaborative_id, series_id);
CREATE INDEX brought_events_meeting ON brought_events (collaborative_id, meeting_id);

-- What attendance shows of the hours that a delivery was offered for; it differs from
-- the amount where somebody changed or confirmed that before attendance was corrected.
ALTER TABLE deliveries ADD COLUMN offered BIGINT;
CREATE INDEX deliveries_meeting ON deliveries (collaborative_id, meeting_id, id) WHERE meeting_id IS NOT NULL;
