-- The tables of the installation come first; then the tenant tables, whose
-- first column is collaborative_id. Instants are microseconds since 1970 UTC.

CREATE TABLE collaboratives (
	id BYTEA NOT NULL PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	place TEXT NOT NULL,
	population TEXT NOT NULL,
	purpose TEXT NOT NULL,
	zone TEXT NOT NULL,
	language TEXT NOT NULL,
	languages JSONB NOT NULL,
	phase TEXT NOT NULL,
	labels JSONB NOT NULL,
	survey_minimum BIGINT NOT NULL,
	people_minimum BIGINT NOT NULL,
	require_second_factor BOOLEAN NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);

CREATE TABLE accounts (
	id BYTEA NOT NULL PRIMARY KEY,
	email TEXT NOT NULL,
	email_key TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	language TEXT NOT NULL,
	password_hash TEXT,
	totp_secret BYTEA,
	totp_step BIGINT NOT NULL,
	recovery_hashes JSONB,
	second_factor BOOLEAN NOT NULL,
	administrator BOOLEAN NOT NULL,
	disabled_at BIGINT,
	created_at BIGINT NOT NULL,
	signed_in_at BIGINT,
	version BIGINT NOT NULL
);
CREATE INDEX accounts_administrator ON accounts (administrator, id);

CREATE TABLE passkeys (
	id BYTEA NOT NULL PRIMARY KEY,
	account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	credential_id BYTEA NOT NULL UNIQUE,
	credential JSONB NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE INDEX passkeys_account ON passkeys (account_id, id);

CREATE TABLE identities (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	email TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_account ON identities (account_id);

CREATE TABLE sessions (
	token_hash BYTEA NOT NULL PRIMARY KEY,
	id BYTEA NOT NULL UNIQUE,
	account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	method TEXT NOT NULL,
	second_factor BOOLEAN NOT NULL,
	address TEXT NOT NULL,
	agent TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	verified_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	renew BOOLEAN NOT NULL,
	previous_hash BYTEA,
	rotated_at BIGINT
);
CREATE INDEX sessions_previous ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_account ON sessions (account_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Links sent by mail: signing in, accepting an invitation, confirming an
-- address, setting up the installation. Each serves one purpose, once.
CREATE TABLE links (
	token_hash BYTEA NOT NULL PRIMARY KEY,
	id BYTEA NOT NULL UNIQUE,
	purpose TEXT NOT NULL,
	email_key TEXT NOT NULL,
	account_id BYTEA REFERENCES accounts (id) ON DELETE CASCADE,
	collaborative_id BYTEA REFERENCES collaboratives (id) ON DELETE CASCADE,
	payload JSONB NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE INDEX links_collaborative ON links (collaborative_id, purpose, created_at, id);
CREATE INDEX links_account ON links (account_id);
CREATE INDEX links_expiry ON links (expires_at);

CREATE TABLE tokens (
	token_hash BYTEA NOT NULL PRIMARY KEY,
	id BYTEA NOT NULL UNIQUE,
	account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	name TEXT NOT NULL,
	read_only BOOLEAN NOT NULL,
	second_factor BOOLEAN NOT NULL,
	collaborative_id BYTEA REFERENCES collaboratives (id) ON DELETE CASCADE,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	used_at BIGINT
);
CREATE INDEX tokens_account ON tokens (account_id, created_at);
CREATE INDEX tokens_collaborative ON tokens (collaborative_id);

-- One account may belong to many collaboratives; in each it is one person.
CREATE TABLE memberships (
	account_id BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	person_id BYTEA NOT NULL,
	roles JSONB NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT,
	PRIMARY KEY (collaborative_id, account_id)
);
CREATE INDEX memberships_account ON memberships (account_id);
CREATE UNIQUE INDEX memberships_person ON memberships (collaborative_id, person_id) WHERE ended_at IS NULL;

CREATE TABLE rate_limits (
	key TEXT NOT NULL PRIMARY KEY,
	tokens DOUBLE PRECISION NOT NULL,
	updated_at BIGINT NOT NULL
);
CREATE INDEX rate_limits_updated ON rate_limits (updated_at);

CREATE TABLE jobs (
	id BYTEA NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL,
	unique_key TEXT UNIQUE,
	collaborative_id BYTEA,
	payload JSONB NOT NULL,
	state TEXT NOT NULL,
	run_at BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	lease_id BYTEA,
	leased_until BIGINT,
	error TEXT,
	created_at BIGINT NOT NULL,
	finished_at BIGINT
);
CREATE INDEX jobs_due ON jobs (state, run_at, id);
CREATE INDEX jobs_collaborative ON jobs (collaborative_id, id);
CREATE INDEX jobs_collaborative_state ON jobs (collaborative_id, state, id);

CREATE TABLE installation_settings (
	key TEXT NOT NULL PRIMARY KEY,
	value JSONB NOT NULL,
	sealed BYTEA,
	version BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);

CREATE TABLE installation_audit (
	id BYTEA NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL,
	operation TEXT NOT NULL,
	account_id BYTEA,
	actor_name TEXT NOT NULL,
	via TEXT NOT NULL,
	request TEXT NOT NULL,
	subject_kind TEXT,
	subject_id BYTEA,
	subject_title TEXT,
	fields JSONB
);
CREATE INDEX installation_audit_account ON installation_audit (account_id, id);

-- Tenant tables.

CREATE TABLE principles (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	number BIGINT NOT NULL,
	body TEXT NOT NULL,
	adopted_on TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	UNIQUE (collaborative_id, number)
);

CREATE TABLE audit_entries (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	act_id BYTEA NOT NULL,
	at BIGINT NOT NULL,
	operation TEXT NOT NULL,
	account_id BYTEA,
	person_id BYTEA,
	actor_name TEXT NOT NULL,
	via TEXT NOT NULL,
	request TEXT NOT NULL,
	subject_kind TEXT,
	subject_id BYTEA,
	subject_title TEXT,
	subject_version BIGINT NOT NULL,
	fields JSONB,
	undo_operation TEXT,
	undo_input JSONB,
	undone_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX audit_entries_subject ON audit_entries (collaborative_id, subject_kind, subject_id, id);

CREATE TABLE idempotency_keys (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	account_id BYTEA NOT NULL,
	key TEXT NOT NULL,
	input_hash BYTEA NOT NULL,
	output JSONB NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, account_id, key)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (collaborative_id, at);

-- Counts are kept in stripes so that many writers seldom meet on one row; the
-- count is the sum.
CREATE TABLE record_counts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	stripe BIGINT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, kind, stripe)
);

CREATE TABLE organizations (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	name TEXT NOT NULL,
	sort_key BYTEA NOT NULL,
	other_names JSONB NOT NULL,
	sector TEXT NOT NULL,
	status TEXT NOT NULL,
	place TEXT NOT NULL,
	website TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	about TEXT NOT NULL,
	notes TEXT NOT NULL,
	funder BOOLEAN NOT NULL,
	host BOOLEAN NOT NULL,
	lead_organization BOOLEAN NOT NULL,
	fiscal_sponsor BOOLEAN NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX organizations_name ON organizations (collaborative_id, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_sector ON organizations (collaborative_id, sector, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_status ON organizations (collaborative_id, status, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_updated ON organizations (collaborative_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_deleted ON organizations (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE people (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	given_name TEXT NOT NULL,
	family_name TEXT NOT NULL,
	sort_key BYTEA NOT NULL,
	email TEXT NOT NULL,
	email_key TEXT,
	phone TEXT NOT NULL,
	language TEXT NOT NULL,
	notes TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id)
);
CREATE INDEX people_name ON people (collaborative_id, sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX people_updated ON people (collaborative_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX people_email ON people (collaborative_id, email_key, id) WHERE deleted_at IS NULL;
CREATE INDEX people_deleted ON people (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- Whom a person works with or for, over time. A row is never overwritten once
-- its period has ended; valid_to is the first day it no longer holds.
CREATE TABLE affiliations (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	person_id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	title TEXT NOT NULL,
	represents BOOLEAN NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to TEXT,
	person_sort_key BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, person_id, id), -- a list of people asks for each one's
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id) ON DELETE CASCADE
);
CREATE INDEX affiliations_organization ON affiliations (collaborative_id, organization_id, person_sort_key, person_id, id);

-- One document for every record that can be found, and its words. A word's rank
-- says where it stands: 0 in the title, 1 in what every member may read, 2 in
-- what only some may.
CREATE TABLE search_documents (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	record_id BYTEA NOT NULL,
	title TEXT NOT NULL,
	detail TEXT NOT NULL,
	words JSONB NOT NULL,
	PRIMARY KEY (collaborative_id, kind, record_id)
);

CREATE TABLE search_words (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	word TEXT NOT NULL,
	rank BIGINT NOT NULL,
	kind TEXT NOT NULL,
	record_id BYTEA NOT NULL,
	PRIMARY KEY (collaborative_id, word, rank, kind, record_id)
);
