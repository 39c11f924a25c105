-- The directory in full: what held when (periods), bodies with their seats and
-- terms, who performs the backbone's functions, agreements, the relationship log,
-- tags, fields of a collaborative's own, targets, saved views, merges, erasures.
-- Civil dates are YYYY-MM-DD; valid_to is the first day that no longer holds.

-- What held of a record, and from when to when: an organization's status and the
-- parts it plays, a body's state. The record's own row holds what holds today.
CREATE TABLE periods (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	subject_id BYTEA NOT NULL,
	fact TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	value TEXT NOT NULL,
	valid_to TEXT,
	PRIMARY KEY (collaborative_id, subject_id, fact, valid_from)
);
CREATE INDEX periods_fact ON periods (collaborative_id, fact, value, valid_from, subject_id);

-- Organizations that are on record already have held their status and played
-- their parts since the day they were recorded. The arithmetic turns
-- microseconds into a civil date without a function that only one engine has.
INSERT INTO periods (collaborative_id, subject_id, fact, valid_from, value)
WITH days AS (SELECT *, CAST(CASE WHEN mp < 10 THEN y ELSE y + 1 END AS TEXT)
		|| CASE WHEN mp < 7 THEN '-0' WHEN mp < 10 THEN '-' ELSE '-0' END || CAST(CASE WHEN mp < 10 THEN mp + 3 ELSE mp - 9 END AS TEXT)
		|| CASE WHEN doy - (153 * mp + 2) / 5 < 9 THEN '-0' ELSE '-' END || CAST(doy - (153 * mp + 2) / 5 + 1 AS TEXT) AS day
	FROM (SELECT *, (5 * doy + 2) / 153 AS mp
	FROM (SELECT *, yoe + era * 400 AS y, doe - (365 * yoe + yoe / 4 - yoe / 100) AS doy
	FROM (SELECT *, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 AS yoe
	FROM (SELECT *, z - era * 146097 AS doe
	FROM (SELECT *, z / 146097 AS era
	FROM (SELECT organizations.*, created_at / 86400000000 + 719468 AS z FROM organizations) AS a) AS b) AS c) AS d) AS e) AS f)
SELECT collaborative_id, id, 'status', day, status FROM days
UNION ALL SELECT collaborative_id, id, 'funder', day, 'yes' FROM days WHERE funder = TRUE
UNION ALL SELECT collaborative_id, id, 'host', day, 'yes' FROM days WHERE host = TRUE
UNION ALL SELECT collaborative_id, id, 'lead_organization', day, 'yes' FROM days WHERE lead_organization = TRUE
UNION ALL SELECT collaborative_id, id, 'fiscal_sponsor', day, 'yes' FROM days WHERE fiscal_sponsor = TRUE;

-- What an organization or a person is, beyond the spine. custom holds the values
-- of the collaborative's own fields by the field's key.
ALTER TABLE organizations ADD COLUMN kinds JSONB NOT NULL DEFAULT '[]';
ALTER TABLE organizations ADD COLUMN custom JSONB NOT NULL DEFAULT '{}';
ALTER TABLE organizations ADD COLUMN merged_into BYTEA;
ALTER TABLE people ADD COLUMN other_names JSONB NOT NULL DEFAULT '[]';
ALTER TABLE people ADD COLUMN other_emails JSONB NOT NULL DEFAULT '[]';
ALTER TABLE people ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN access_needs TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN lived_experience TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN custom JSONB NOT NULL DEFAULT '{}';
ALTER TABLE people ADD COLUMN merged_into BYTEA;
ALTER TABLE people ADD COLUMN erased_at BIGINT;

-- Every e-mail address of a person, so that any of them finds the person.
CREATE TABLE person_emails (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	email_key TEXT NOT NULL,
	person_id BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, email_key, person_id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX person_emails_person ON person_emails (collaborative_id, person_id);
INSERT INTO person_emails (collaborative_id, email_key, person_id) SELECT collaborative_id, email_key, id FROM people WHERE email_key IS NOT NULL;

-- Bodies: the leadership table, committees, working groups. A seat is a place in
-- a body and outlives the people who hold it; a term is one person's time in it.
CREATE TABLE bodies (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	name TEXT NOT NULL,
	sort_key BYTEA NOT NULL,
	kind TEXT NOT NULL,
	parent_id BYTEA,
	state TEXT NOT NULL,
	purpose TEXT NOT NULL,
	charter TEXT NOT NULL,
	quorum BIGINT NOT NULL,
	quorum_unit TEXT NOT NULL,
	decision_method TEXT NOT NULL,
	cadence TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, parent_id) REFERENCES bodies (collaborative_id, id)
);
CREATE INDEX bodies_name ON bodies (collaborative_id, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX bodies_kind ON bodies (collaborative_id, kind, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX bodies_updated ON bodies (collaborative_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX bodies_deleted ON bodies (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX bodies_parent ON bodies (collaborative_id, parent_id, sort_key, id);

CREATE TABLE seats (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	body_id BYTEA NOT NULL,
	body_sort_key BYTEA NOT NULL,
	position BIGINT NOT NULL,
	role TEXT NOT NULL,
	voting BOOLEAN NOT NULL,
	purpose TEXT NOT NULL,
	sector TEXT NOT NULL,
	organization_id BYTEA,
	term_months BIGINT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to TEXT,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE INDEX seats_order ON seats (collaborative_id, body_sort_key, body_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX seats_body ON seats (collaborative_id, body_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX seats_organization ON seats (collaborative_id, organization_id, id);
CREATE INDEX seats_deleted ON seats (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE seat_terms (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	seat_id BYTEA NOT NULL,
	valid_from TEXT NOT NULL,
	id BYTEA NOT NULL,
	body_id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	organization_id BYTEA,
	alternate_id BYTEA,
	term_ends TEXT,
	valid_to TEXT,
	PRIMARY KEY (collaborative_id, seat_id, valid_from),
	UNIQUE (collaborative_id, id),
	FOREIGN KEY (collaborative_id, seat_id) REFERENCES seats (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, alternate_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE INDEX seat_terms_person ON seat_terms (collaborative_id, person_id, valid_from, id);
CREATE INDEX seat_terms_alternate ON seat_terms (collaborative_id, alternate_id, valid_from, id);
CREATE INDEX seat_terms_organization ON seat_terms (collaborative_id, organization_id, valid_from, id);
CREATE INDEX seat_terms_ending ON seat_terms (collaborative_id, term_ends, id) WHERE valid_to IS NULL;

-- Who performs the functions of the backbone: the six, by their fixed names, and
-- those a collaborative adds, by id. Either an organization or a body performs.
CREATE TABLE backbone_functions (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	name TEXT NOT NULL,
	about TEXT NOT NULL,
	sort_key BYTEA NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX backbone_functions_name ON backbone_functions (collaborative_id, sort_key, id);

CREATE TABLE function_holdings (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	function TEXT NOT NULL,
	organization_id BYTEA,
	body_id BYTEA,
	share BIGINT NOT NULL,
	note TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to TEXT,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, body_id) REFERENCES bodies (collaborative_id, id)
);
CREATE INDEX function_holdings_order ON function_holdings (collaborative_id, function, valid_from, id);
CREATE INDEX function_holdings_organization ON function_holdings (collaborative_id, organization_id, valid_from, id);
CREATE INDEX function_holdings_body ON function_holdings (collaborative_id, body_id, valid_from, id);

-- Membership agreements: which version of the principles an organization
-- accepted, who signed, for how long. A renewal is an agreement of its own. Of an
-- organization at most one waits to be written or signed. link_id is the one link
-- that serves for signing; every other is void.
CREATE TABLE agreements (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	organization_sort_key BYTEA NOT NULL,
	principles BIGINT NOT NULL,
	state TEXT NOT NULL,
	text TEXT NOT NULL,
	transition TEXT NOT NULL,
	term_months BIGINT NOT NULL,
	signatory_id BYTEA,
	signatory_name TEXT NOT NULL,
	signatory_title TEXT NOT NULL,
	signatory_email TEXT NOT NULL,
	language TEXT NOT NULL,
	link_id BYTEA,
	link_expires BIGINT,
	sent_at BIGINT,
	sent_by TEXT NOT NULL,
	signed_name TEXT NOT NULL,
	signed_at BIGINT,
	on_paper BOOLEAN NOT NULL,
	valid_from TEXT,
	renewal_due TEXT,
	valid_to TEXT,
	end_note TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, signatory_id) REFERENCES people (collaborative_id, id)
);
CREATE UNIQUE INDEX agreements_open ON agreements (collaborative_id, organization_id) WHERE state IN ('draft', 'sent') AND deleted_at IS NULL;
CREATE INDEX agreements_organization ON agreements (collaborative_id, organization_id, id);
CREATE INDEX agreements_order ON agreements (collaborative_id, organization_sort_key, organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX agreements_state ON agreements (collaborative_id, state, organization_sort_key, organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX agreements_due ON agreements (collaborative_id, state, renewal_due, id) WHERE deleted_at IS NULL;
CREATE INDEX agreements_sent ON agreements (collaborative_id, state, sent_at, id) WHERE deleted_at IS NULL;
CREATE INDEX agreements_deleted ON agreements (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX agreements_signatory ON agreements (collaborative_id, signatory_id, id);

-- The relationship log: who last spoke with them, when, about what, and when the
-- next touch is due.
CREATE TABLE touches (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	organization_id BYTEA,
	person_id BYTEA,
	by_person_id BYTEA,
	by_name TEXT NOT NULL,
	happened_on TEXT NOT NULL,
	channel TEXT NOT NULL,
	about TEXT NOT NULL,
	next_on TEXT,
	settled BOOLEAN NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX touches_organization ON touches (collaborative_id, organization_id, happened_on, id) WHERE deleted_at IS NULL;
CREATE INDEX touches_person ON touches (collaborative_id, person_id, happened_on, id) WHERE deleted_at IS NULL;
CREATE INDEX touches_due ON touches (collaborative_id, settled, next_on, id) WHERE deleted_at IS NULL AND next_on IS NOT NULL;
CREATE INDEX touches_by ON touches (collaborative_id, by_person_id, happened_on, id) WHERE deleted_at IS NULL;
CREATE INDEX touches_order ON touches (collaborative_id, happened_on, id) WHERE deleted_at IS NULL;
CREATE INDEX touches_deleted ON touches (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- Tags of organizations and people. The record's sort key lies here too, so that
-- those with a tag come in order without sorting.
CREATE TABLE tags (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	tag_key TEXT NOT NULL,
	record_sort_key BYTEA NOT NULL,
	record_id BYTEA NOT NULL,
	tag TEXT NOT NULL,
	PRIMARY KEY (collaborative_id, kind, tag_key, record_sort_key, record_id)
);
CREATE UNIQUE INDEX tags_record ON tags (collaborative_id, kind, record_id, tag_key);

-- The fields a collaborative adds to organizations or people.
CREATE TABLE custom_fields (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	label TEXT NOT NULL,
	help TEXT NOT NULL,
	type TEXT NOT NULL,
	choices JSONB NOT NULL,
	backbone_only BOOLEAN NOT NULL,
	position BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	UNIQUE (collaborative_id, kind, key)
);
CREATE INDEX custom_fields_order ON custom_fields (collaborative_id, kind, position, id);

-- What share of the members or of the voting seats a collaborative wants from a
-- sector, a place, or from people with lived experience.
CREATE TABLE coverage_targets (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	scope TEXT NOT NULL,
	dimension TEXT NOT NULL,
	value TEXT NOT NULL,
	share BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, scope, dimension, value)
);

-- Lists as somebody set them up: filters, columns, order. Shared ones are offered
-- to everyone who may see the list.
CREATE TABLE saved_views (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	account_id BYTEA, -- whose it is; NULL when the program made it
	area TEXT NOT NULL,
	name TEXT NOT NULL,
	query TEXT NOT NULL,
	shared BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX saved_views_area ON saved_views (collaborative_id, area, id);

-- A merge and every row that it moved, so that it can be taken back exactly.
-- kept_before and kept_after are the kept record's fields around the merge. A
-- row that was moved is named by its id, or by the record and a key where it has
-- none (a tag, an address); before holds rows that became one.
CREATE TABLE merges (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	kind TEXT NOT NULL,
	kept_id BYTEA NOT NULL,
	merged_id BYTEA NOT NULL,
	kept_before JSONB NOT NULL,
	kept_after JSONB NOT NULL,
	at BIGINT NOT NULL,
	undone_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX merges_kept ON merges (collaborative_id, kept_id, id);
CREATE INDEX merges_merged ON merges (collaborative_id, merged_id, id);
CREATE TABLE merge_moves (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	merge_id BYTEA NOT NULL,
	reference TEXT NOT NULL,
	row_id BYTEA NOT NULL,
	row_key TEXT NOT NULL,
	before JSONB,
	PRIMARY KEY (collaborative_id, merge_id, reference, row_id, row_key)
);

-- Pairs of records that resemble each other, as the duplicate finder last left
-- them, and what somebody decided about a pair.
CREATE TABLE resemblances (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	first_id BYTEA NOT NULL,
	second_id BYTEA NOT NULL,
	score BIGINT NOT NULL,
	reasons JSONB NOT NULL,
	decision TEXT NOT NULL,
	decided_at BIGINT,
	found_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, kind, first_id, second_id)
);
CREATE INDEX resemblances_open ON resemblances (collaborative_id, kind, decision, score, first_id, second_id);
CREATE INDEX resemblances_second ON resemblances (collaborative_id, kind, second_id);

-- The last run of the duplicate finder, and how far it has come.
CREATE TABLE resemblance_runs (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	finished_at BIGINT,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	found BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, kind)
);

-- Who was erased: enough to erase again after an older backup was restored, and
-- nothing that names anyone.
CREATE TABLE erasures (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	person_id BYTEA NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, person_id)
);

-- The ways in an account has joined are listed in order.
DROP INDEX identities_account;
CREATE INDEX identities_account ON identities (account_id, issuer, subject);
