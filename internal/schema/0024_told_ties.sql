-- The day on which a wave was closed: from then on what was told in it is drawn.
ALTER TABLE survey_waves ADD COLUMN closed_on TEXT NOT NULL DEFAULT '';

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
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, response_id) REFERENCES survey_responses (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_tellers_wave ON survey_tellers (collaborative_id, wave_id, organization_id, id);
CREATE INDEX survey_tellers_organization ON survey_tellers (collaborative_id, organization_id, id);
CREATE INDEX survey_tellers_response ON survey_tellers (collaborative_id, response_id, id);

-- Whom a teller ticked. It says nothing of ratings.
CREATE TABLE survey_ties (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	teller_id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, teller_id) REFERENCES survey_tellers (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE INDEX survey_ties_teller ON survey_ties (collaborative_id, teller_id, id);
CREATE INDEX survey_ties_organization ON survey_ties (collaborative_id, organization_id, id);
