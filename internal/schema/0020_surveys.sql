-- Instruments that a collaborative brought itself. Each edition is a row of its own and
-- is not changed: a better one is the next edition of the same key.
CREATE TABLE survey_instruments (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	instrument_key TEXT NOT NULL,
	edition BIGINT NOT NULL,
	content JSONB NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE UNIQUE INDEX survey_instruments_edition ON survey_instruments (collaborative_id, instrument_key, edition);

-- Waves: an instrument asked once of some people. content is the instrument as it was
-- when the wave was made, so that no later edition changes what was asked.
CREATE TABLE survey_waves (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	title TEXT NOT NULL,
	instrument_key TEXT NOT NULL,
	edition BIGINT NOT NULL,
	content JSONB NOT NULL,
	languages JSONB NOT NULL,
	mode TEXT NOT NULL,
	opens_on TEXT NOT NULL,
	closes_on TEXT NOT NULL,
	grace_days BIGINT NOT NULL,
	remind_every BIGINT NOT NULL,
	remind_most BIGINT NOT NULL,
	follows_id BYTEA,
	state TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, follows_id) REFERENCES survey_waves (collaborative_id, id)
);
CREATE INDEX survey_waves_order ON survey_waves (collaborative_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX survey_waves_state ON survey_waves (collaborative_id, state, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX survey_waves_deleted ON survey_waves (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- Who is invited. Organization, sector and groups are those of the day on which the wave
-- was opened. What is noted of letters serves reminders alone and is shown to nobody:
-- who got fewer of them has answered.
CREATE TABLE survey_invitees (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	wave_id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	organization_id BYTEA,
	organization TEXT NOT NULL,
	sector TEXT NOT NULL,
	bodies JSONB NOT NULL,
	declined_on TEXT NOT NULL,
	letters BIGINT NOT NULL,
	told_on TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE UNIQUE INDEX survey_invitees_wave ON survey_invitees (collaborative_id, wave_id, person_id);
CREATE INDEX survey_invitees_person ON survey_invitees (collaborative_id, person_id, id);
CREATE INDEX survey_invitees_organization ON survey_invitees (collaborative_id, organization_id, id);

-- The organizations and people that roster questions of a wave ask about. Answers name
-- them by id; name and sector are those of the day on which the wave was opened.
CREATE TABLE survey_roster (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	wave_id BYTEA NOT NULL,
	person_id BYTEA,
	organization_id BYTEA,
	name TEXT NOT NULL,
	sector TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE INDEX survey_roster_wave ON survey_roster (collaborative_id, wave_id, id);
CREATE INDEX survey_roster_person ON survey_roster (collaborative_id, person_id, id);
CREATE INDEX survey_roster_organization ON survey_roster (collaborative_id, organization_id, id);

-- One person's answers to one wave. The id is random (not in the order of time), the
-- only time is a day, and the order of rows is that of the random ids.
CREATE TABLE survey_responses (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	wave_id BYTEA NOT NULL,
	submitted BOOLEAN NOT NULL,
	saved_on TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_responses_wave ON survey_responses (collaborative_id, wave_id, id);

CREATE TABLE survey_answers (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	response_id BYTEA NOT NULL,
	question TEXT NOT NULL,
	answer JSONB NOT NULL,
	PRIMARY KEY (collaborative_id, response_id, question),
	FOREIGN KEY (collaborative_id, response_id) REFERENCES survey_responses (collaborative_id, id) ON DELETE CASCADE
);

-- Whose a response is, in named and confidential waves; of anonymous ones there is no row.
CREATE TABLE survey_identities (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	invitee_id BYTEA NOT NULL,
	response_id BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, invitee_id),
	FOREIGN KEY (collaborative_id, invitee_id) REFERENCES survey_invitees (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, response_id) REFERENCES survey_responses (collaborative_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX survey_identities_response ON survey_identities (collaborative_id, response_id);

-- Anonymous waves: who was given a token, and which tokens were used. Nothing joins the two.
CREATE TABLE survey_tokens_issued (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	invitee_id BYTEA NOT NULL,
	issued_on TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, invitee_id),
	FOREIGN KEY (collaborative_id, invitee_id) REFERENCES survey_invitees (collaborative_id, id) ON DELETE CASCADE
);
CREATE TABLE survey_tokens_spent (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	wave_id BYTEA NOT NULL,
	token_hash BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, wave_id, token_hash),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);
