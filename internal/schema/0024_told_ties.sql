-- The day on which a wave was closed: from then on what was told in it is drawn.
ALTER TABLE survey_waves ADD COLUMN closed_on TEXT NOT NULL DEFAULT '';

-- Evergreen waves stay open. ask_again is after how many months whoever answered is asked
-- whether that is still true; 0 never asks. added_on is empty for those on the roster from
-- the beginning.
ALTER TABLE survey_waves ADD COLUMN evergreen BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE survey_waves ADD COLUMN ask_again BIGINT NOT NULL DEFAULT 0;
ALTER TABLE survey_roster ADD COLUMN added_on TEXT NOT NULL DEFAULT '';

-- What an evergreen wave told on a day is a wave of its own, with the answers behind it.
ALTER TABLE survey_waves ADD COLUMN snapshot_of BYTEA;
CREATE INDEX survey_waves_snapshots ON survey_waves (collaborative_id, snapshot_of, created_at, id);

-- Waves whose ticks the network map draws: for each organization that was asked one row
-- that is not answered, and one for each response of its people. A response that is taken
-- back, or whose person is erased, takes its row along; so does its organization's tick.
CREATE TABLE survey_tellers (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	wave_id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	response_id BYTEA,
	answered BOOLEAN NOT NULL,
	since TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, response_id) REFERENCES survey_responses (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_tellers_wave ON survey_tellers (collaborative_id, wave_id, organization_id, id);
CREATE INDEX survey_tellers_organization ON survey_tellers (collaborative_id, organization_id, id);
CREATE INDEX survey_tellers_response ON survey_tellers (collaborative_id, response_id, id);

-- Whom a teller ticked. It says nothing of ratings. since and until (the first day on which
-- it no longer counts; empty while it does) are first days of months, and of evergreen
-- waves alone: all ticks of another wave count from the day on which it was closed.
CREATE TABLE survey_ties (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	teller_id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	since TEXT NOT NULL,
	until TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, teller_id) REFERENCES survey_tellers (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE INDEX survey_ties_teller ON survey_ties (collaborative_id, teller_id, id);
CREATE INDEX survey_ties_organization ON survey_ties (collaborative_id, organization_id, id);
