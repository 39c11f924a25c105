-- How far each function of the backbone has come, by somebody's judgement, and what
-- speaks for it. function is one of the six, by its fixed name, or the id of one that
-- was added. An assessment is never changed: another one follows it, and one that was
-- wrong is corrected by a later row that names it.
CREATE TABLE scorecard_assessments (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	function TEXT NOT NULL,
	level BIGINT NOT NULL,
	assessed_on TEXT NOT NULL,
	why TEXT NOT NULL,
	role TEXT NOT NULL,
	corrects_id BYTEA,
	by_person_id BYTEA,
	by_name TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, corrects_id) REFERENCES scorecard_assessments (collaborative_id, id),
	FOREIGN KEY (collaborative_id, by_person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX scorecard_assessments_order ON scorecard_assessments (collaborative_id, function, assessed_on, id);
CREATE INDEX scorecard_assessments_corrects ON scorecard_assessments (collaborative_id, corrects_id, id);
CREATE INDEX scorecard_assessments_by ON scorecard_assessments (collaborative_id, by_person_id, id);

-- What speaks for a function, of four kinds, each with its own columns: an item of a
-- released survey wave, a figure (worked out anew whenever it is read, or typed in with
-- its source), a material or an address, or a story with the consent to tell it.
CREATE TABLE scorecard_evidence (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	function TEXT NOT NULL,
	kind TEXT NOT NULL,
	happened_on TEXT NOT NULL,
	title TEXT NOT NULL,
	note TEXT NOT NULL,
	wave_id BYTEA,
	item TEXT NOT NULL,
	measure TEXT NOT NULL,
	period TEXT NOT NULL,
	amount TEXT NOT NULL,
	source TEXT NOT NULL,
	material_id BYTEA,
	link TEXT NOT NULL,
	alongside TEXT NOT NULL,
	teller_id BYTEA,
	teller_name TEXT NOT NULL,
	consent TEXT NOT NULL,
	consented_on TEXT NOT NULL,
	consent_until TEXT NOT NULL,
	by_person_id BYTEA,
	by_name TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, wave_id) REFERENCES survey_waves (collaborative_id, id),
	FOREIGN KEY (collaborative_id, material_id) REFERENCES materials (collaborative_id, id),
	FOREIGN KEY (collaborative_id, teller_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, by_person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX scorecard_evidence_order ON scorecard_evidence (collaborative_id, function, happened_on, id);
CREATE INDEX scorecard_evidence_wave ON scorecard_evidence (collaborative_id, wave_id, id);
CREATE INDEX scorecard_evidence_material ON scorecard_evidence (collaborative_id, material_id, id);
CREATE INDEX scorecard_evidence_teller ON scorecard_evidence (collaborative_id, teller_id, id);
CREATE INDEX scorecard_evidence_by ON scorecard_evidence (collaborative_id, by_person_id, id);
