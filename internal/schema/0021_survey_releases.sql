-- What a wave told when it was released: figures that nobody's answers can be worked out
-- from. They stay as they were told, whoever is erased, merged or taken away later.
CREATE TABLE survey_releases (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	released_on TEXT NOT NULL,
	figures JSONB NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_releases_order ON survey_releases (collaborative_id, released_on, id);
CREATE INDEX survey_waves_follows ON survey_waves (collaborative_id, follows_id, id);

-- How an organization was rated by the others, for itself alone. organization_id is as
-- it was on the roster: a figure of one organization is not another's after a merge.
CREATE TABLE survey_places (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	wave_id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	figures JSONB NOT NULL,
	PRIMARY KEY (collaborative_id, wave_id, organization_id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);

-- What was written in a wave, without the response it stood in: the ids are drawn anew.
CREATE TABLE survey_comments (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	wave_id BYTEA NOT NULL,
	question TEXT NOT NULL,
	text TEXT NOT NULL,
	theme TEXT NOT NULL,
	shown BOOLEAN NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_comments_wave ON survey_comments (collaborative_id, wave_id, id);
