-- Who takes no part in one item of an agenda. It is said of an entry of the ledger, and
-- so of somebody who is there; it follows the person of that entry.
CREATE TABLE recusals (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	meeting_id BYTEA NOT NULL,
	item_id BYTEA NOT NULL,
	attendance_id BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, item_id, attendance_id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, item_id) REFERENCES agenda_items (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, attendance_id) REFERENCES attendances (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX recusals_meeting ON recusals (collaborative_id, meeting_id, created_at, attendance_id);
CREATE INDEX recusals_attendance ON recusals (collaborative_id, attendance_id);
