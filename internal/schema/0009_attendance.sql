-- Who was at meetings. A row is a person, or a guest who is not on record: then
-- guest_key tells two guests of one meeting apart. seat_id is the seat somebody
-- stood in for; the seat they hold themselves follows from its terms on that day.
CREATE TABLE attendances (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	person_id BYTEA,
	guest_key TEXT,
	name TEXT NOT NULL,
	organization_id BYTEA,
	organization_name TEXT NOT NULL,
	seat_id BYTEA,
	presence TEXT NOT NULL,
	source TEXT NOT NULL,
	joined_at BIGINT,
	left_at BIGINT,
	minutes BIGINT,
	engagement BIGINT,
	turns BIGINT,
	email TEXT NOT NULL,
	consented_at BIGINT,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE UNIQUE INDEX attendances_person ON attendances (collaborative_id, meeting_id, person_id) WHERE deleted_at IS NULL AND person_id IS NOT NULL;
CREATE UNIQUE INDEX attendances_guest ON attendances (collaborative_id, meeting_id, guest_key) WHERE deleted_at IS NULL AND guest_key IS NOT NULL;
CREATE INDEX attendances_meeting ON attendances (collaborative_id, meeting_id, id) WHERE deleted_at IS NULL;
CREATE INDEX attendances_of_person ON attendances (collaborative_id, person_id, id);
CREATE INDEX attendances_of_organization ON attendances (collaborative_id, organization_id, id);
CREATE INDEX attendances_deleted ON attendances (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- The code by which people check themselves in. links knows it by a keyed hash
-- under link_id; here it lies sealed, to be shown again.
CREATE TABLE meeting_doors (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	meeting_id BYTEA NOT NULL,
	link_id BYTEA NOT NULL,
	code_sealed BYTEA NOT NULL,
	minutes_before BIGINT NOT NULL,
	minutes_after BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, meeting_id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE
);

-- What somebody shows to be checked in by a host.
CREATE TABLE personal_codes (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	person_id BYTEA NOT NULL,
	code_mark BYTEA NOT NULL,
	code_sealed BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, person_id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX personal_codes_mark ON personal_codes (collaborative_id, code_mark);

-- From which share of a meeting on being there counts; without a row any does.
CREATE TABLE presence_rules (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	body_id BYTEA NOT NULL,
	percent BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, body_id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id)
);

-- Who is meant by the names that reports use. body_id is sixteen zeros for
-- meetings of no body.
CREATE TABLE remembered_names (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	body_id BYTEA NOT NULL,
	name_key TEXT NOT NULL,
	name TEXT NOT NULL,
	person_id BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, body_id, name_key),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX remembered_names_person ON remembered_names (collaborative_id, person_id, body_id, name_key);

-- Participation, kept current with every change: see docs/decisions/0030. A number
-- is of one organization or seat for ever. Where a meeting is counted and which
-- terms of a seat were, is kept so that a change finds the days it touches.
CREATE TABLE participation_numbers (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	of_id BYTEA NOT NULL,
	number BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, kind, of_id)
);
CREATE UNIQUE INDEX participation_numbers_number ON participation_numbers (collaborative_id, kind, number);

CREATE TABLE participation_periods (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	body_id BYTEA NOT NULL,
	span TEXT NOT NULL,
	first_on TEXT NOT NULL,
	organizations BYTEA NOT NULL,
	seats BYTEA NOT NULL,
	present BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, body_id, span, first_on)
);

CREATE TABLE participation_meetings (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	meeting_id BYTEA NOT NULL,
	body_id BYTEA NOT NULL,
	held_on TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, meeting_id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX participation_meetings_day ON participation_meetings (collaborative_id, body_id, held_on, meeting_id);

CREATE TABLE participation_seats (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	seat_id BYTEA NOT NULL,
	body_id BYTEA NOT NULL,
	terms JSONB NOT NULL,
	PRIMARY KEY (collaborative_id, seat_id)
);
CREATE INDEX merges_at ON merges (collaborative_id, at, id);
CREATE INDEX merges_undone ON merges (collaborative_id, undone_at, id) WHERE undone_at IS NOT NULL;
