-- Anonymous waves keep no order. The slips of a wave stand on sheets of some people each,
-- and giving one writes every row of its sheet anew, each as long as it was: neither the
-- place of a row nor the transaction that wrote it last says who was given one when. mark
-- is 32 zeros, or the hash of the blinded token that was signed. issued_on stays empty.
ALTER TABLE survey_tokens_issued ADD COLUMN sheet BYTEA;
ALTER TABLE survey_tokens_issued ADD COLUMN given BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE survey_tokens_issued ADD COLUMN mark BYTEA;
CREATE INDEX survey_tokens_issued_sheet ON survey_tokens_issued (collaborative_id, sheet, invitee_id);

-- The key that signs the tokens of a wave, sealed, with the address at which they are used.
CREATE TABLE survey_keys (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	sealed BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);

-- What was handed in to an anonymous wave while it is open. A box holds the answers of
-- some people as one value, shuffled whenever one is added; when the wave is closed they
-- are taken out, shuffled again, and become responses like those of other waves.
CREATE TABLE survey_boxes (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	wave_id BYTEA NOT NULL,
	number BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, wave_id, number),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);
