-- Meetings: series, agenda, who is expected, what is prepared and what was noted.
-- An occurrence of a series is a meeting of its own; series_on is the day the rule
-- gave it, wherever it was moved since. held_on is the civil day it begins on, in
-- its own time zone. sequence counts what calendars must be told.
CREATE TABLE meeting_series (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	body_id BYTEA,
	title TEXT NOT NULL,
	sort_key BYTEA NOT NULL,
	purpose TEXT NOT NULL,
	mode TEXT NOT NULL,
	place TEXT NOT NULL,
	link TEXT NOT NULL,
	zone TEXT NOT NULL,
	first_on TEXT NOT NULL,
	starts TEXT NOT NULL,
	minutes BIGINT NOT NULL,
	rule TEXT NOT NULL,
	last_on TEXT,
	planned_to TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id)
);
CREATE INDEX meeting_series_title ON meeting_series (collaborative_id, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX meeting_series_body ON meeting_series (collaborative_id, body_id, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX meeting_series_planned ON meeting_series (collaborative_id, planned_to, id) WHERE deleted_at IS NULL;
CREATE INDEX meeting_series_deleted ON meeting_series (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE meetings (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	body_id BYTEA,
	series_id BYTEA,
	series_on TEXT,
	apart BOOLEAN NOT NULL,
	title TEXT NOT NULL,
	purpose TEXT NOT NULL,
	state TEXT NOT NULL,
	mode TEXT NOT NULL,
	place TEXT NOT NULL,
	link TEXT NOT NULL,
	zone TEXT NOT NULL,
	starts_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	held_on TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	reason TEXT NOT NULL,
	recap TEXT NOT NULL,
	agenda_sent_at BIGINT,
	recap_sent_at BIGINT,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id),
	FOREIGN KEY (collaborative_id, series_id) REFERENCES meeting_series (collaborative_id, id)
);
CREATE INDEX meetings_order ON meetings (collaborative_id, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX meetings_body ON meetings (collaborative_id, body_id, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX meetings_state ON meetings (collaborative_id, state, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX meetings_deleted ON meetings (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE UNIQUE INDEX meetings_series ON meetings (collaborative_id, series_id, series_on) WHERE series_id IS NOT NULL;
CREATE INDEX meetings_of_series ON meetings (collaborative_id, series_id, starts_at, id) WHERE deleted_at IS NULL;

CREATE TABLE agenda_items (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	position BIGINT NOT NULL,
	title TEXT NOT NULL,
	goal TEXT NOT NULL,
	minutes BIGINT NOT NULL,
	owner_id BYTEA,
	owner_name TEXT NOT NULL,
	about TEXT NOT NULL,
	interests TEXT NOT NULL,
	state TEXT NOT NULL,
	carried_from BYTEA,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, owner_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX agenda_items_order ON agenda_items (collaborative_id, meeting_id, position, id);
CREATE INDEX agenda_items_owner ON agenda_items (collaborative_id, owner_id, id);

-- Whoever was asked to a meeting beside those who hold a seat of its body, has a
-- part in it, or answered.
CREATE TABLE meeting_people (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	invited BOOLEAN NOT NULL,
	part TEXT NOT NULL,
	reply TEXT NOT NULL,
	replied_at BIGINT,
	alternate_id BYTEA,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, alternate_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX meeting_people_meeting ON meeting_people (collaborative_id, meeting_id, person_id);
CREATE INDEX meeting_people_person ON meeting_people (collaborative_id, person_id, id);
CREATE INDEX meeting_people_alternate ON meeting_people (collaborative_id, alternate_id, id);

-- What is to be done before and after meetings: templates, and the items of one
-- meeting with the days they are due on, which follow the meeting when it moves.
CREATE TABLE checklists (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	name TEXT NOT NULL,
	sort_key BYTEA NOT NULL,
	items JSONB NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX checklists_name ON checklists (collaborative_id, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX checklists_deleted ON checklists (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE preparations (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	text TEXT NOT NULL,
	tag TEXT NOT NULL,
	days BIGINT NOT NULL,
	due_on TEXT NOT NULL,
	assignee_id BYTEA,
	done_at BIGINT,
	done_by TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, assignee_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX preparations_meeting ON preparations (collaborative_id, meeting_id, due_on, id);
CREATE INDEX preparations_due ON preparations (collaborative_id, due_on, id) WHERE deleted_at IS NULL AND done_at IS NULL;
CREATE INDEX preparations_assignee ON preparations (collaborative_id, assignee_id, due_on, id);

-- What was noted in a meeting, each note a row of its own: two people who write at
-- once never write over one another.
CREATE TABLE captures (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	meeting_id BYTEA NOT NULL,
	item_id BYTEA,
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	by_person_id BYTEA,
	by_name TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, item_id) REFERENCES agenda_items (collaborative_id, id),
	FOREIGN KEY (collaborative_id, by_person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX captures_meeting ON captures (collaborative_id, meeting_id, id);
CREATE INDEX captures_by ON captures (collaborative_id, by_person_id, id);
