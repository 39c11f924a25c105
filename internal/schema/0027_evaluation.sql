-- Whether a de-identified file of the wave may go to an evaluator. It is settled before
-- the wave is opened, and everybody who answers is told; waves from before never may.
ALTER TABLE survey_waves ADD COLUMN for_evaluator BOOLEAN NOT NULL DEFAULT FALSE;

-- The de-identified file of a wave, made once, when it was released, and kept as it was
-- made; or the reason why there is none.
CREATE TABLE survey_files (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	made_on TEXT NOT NULL,
	why TEXT NOT NULL,
	answers BIGINT NOT NULL,
	columns_given BIGINT NOT NULL,
	columns_held BIGINT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE
);

-- What evaluators promise, in the collaborative's own words: a version is never changed.
CREATE TABLE evaluator_terms (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	number BIGINT NOT NULL,
	texts JSONB NOT NULL,
	by_name TEXT NOT NULL,
	adopted_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id)
);
CREATE UNIQUE INDEX evaluator_terms_number ON evaluator_terms (collaborative_id, number);

-- Agreements with evaluators. waves names the waves whose files it opens; text is what is
-- signed, word by word.
CREATE TABLE evaluator_agreements (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	organization TEXT NOT NULL,
	purpose TEXT NOT NULL,
	waves JSONB NOT NULL,
	terms BIGINT NOT NULL,
	language TEXT NOT NULL,
	text TEXT NOT NULL,
	valid_until TEXT NOT NULL,
	destroy_by TEXT NOT NULL,
	state TEXT NOT NULL,
	signed_name TEXT NOT NULL,
	signed_on TEXT NOT NULL,
	ended_on TEXT NOT NULL,
	end_note TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX evaluator_agreements_order ON evaluator_agreements (collaborative_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evaluator_agreements_deleted ON evaluator_agreements (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX evaluator_agreements_person ON evaluator_agreements (collaborative_id, person_id, id);

-- Every time a file was taken. It stays, whatever becomes of the agreement.
CREATE TABLE evaluator_downloads (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	wave_id BYTEA NOT NULL,
	agreement_id BYTEA NOT NULL,
	taken_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, agreement_id) REFERENCES evaluator_agreements (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX evaluator_downloads_wave ON evaluator_downloads (collaborative_id, wave_id, id);
CREATE INDEX evaluator_downloads_agreement ON evaluator_downloads (collaborative_id, agreement_id, id);
