-- Where an action is counted among what was promised and kept: of which body, on
-- which day, and for whom. person_id is its owner, organization_id whom they belong
-- to on that day, or the owner itself. body_id is sixteen zeros for none.
CREATE TABLE participation_actions (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	action_id BYTEA NOT NULL,
	body_id BYTEA NOT NULL,
	counts_on TEXT NOT NULL,
	person_id BYTEA,
	organization_id BYTEA,
	PRIMARY KEY (collaborative_id, action_id),
	FOREIGN KEY (collaborative_id, action_id) REFERENCES actions (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX participation_actions_day ON participation_actions (collaborative_id, body_id, counts_on, action_id);
CREATE INDEX participation_actions_person ON participation_actions (collaborative_id, person_id, action_id);
CREATE INDEX participation_actions_organization ON participation_actions (collaborative_id, organization_id, action_id);
