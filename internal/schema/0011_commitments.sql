-- Commitments: what an organization promised to give, and what of it was given.
-- Amounts are whole numbers of the smallest unit: hundredths of hours for time,
-- hundredths of the collaborative's currency for cash and gifts in kind; leadership
-- has none. delivered is the sum of the confirmed deliveries, kept with them.
ALTER TABLE collaboratives ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD';

CREATE TABLE commitments (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	kind TEXT NOT NULL,
	organization_id BYTEA NOT NULL,
	person_id BYTEA,
	person_name TEXT NOT NULL,
	text TEXT NOT NULL,
	amount BIGINT NOT NULL,
	rate BIGINT NOT NULL,
	source TEXT NOT NULL,
	note TEXT NOT NULL,
	pledged_on TEXT NOT NULL,
	begins_on TEXT NOT NULL,
	ends_on TEXT NOT NULL,
	state TEXT NOT NULL,
	delivered BIGINT NOT NULL,
	deliveries BIGINT NOT NULL,
	fulfilled_on TEXT,
	withdrawn_on TEXT,
	reason TEXT NOT NULL,
	confirmed_at BIGINT,
	confirmed_by TEXT NOT NULL,
	pledged_by TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX commitments_order ON commitments (collaborative_id, ends_on, id) WHERE deleted_at IS NULL;
CREATE INDEX commitments_state ON commitments (collaborative_id, state, ends_on, id) WHERE deleted_at IS NULL;
CREATE INDEX commitments_kind ON commitments (collaborative_id, kind, ends_on, id) WHERE deleted_at IS NULL;
CREATE INDEX commitments_organization ON commitments (collaborative_id, organization_id, ends_on, id);
CREATE INDEX commitments_person ON commitments (collaborative_id, person_id, ends_on, id);
CREATE INDEX commitments_unconfirmed ON commitments (collaborative_id, ends_on, id) WHERE deleted_at IS NULL AND confirmed_at IS NULL;
CREATE INDEX commitments_deleted ON commitments (collaborative_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE deliveries (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	commitment_id BYTEA NOT NULL,
	delivered_on TEXT NOT NULL,
	amount BIGINT NOT NULL,
	evidence TEXT NOT NULL,
	source TEXT NOT NULL,
	meeting_id BYTEA,
	entered_by TEXT NOT NULL,
	confirmed_at BIGINT,
	confirmed_by TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, commitment_id) REFERENCES commitments (collaborative_id, id) ON DELETE CASCADE,
	FOREIGN KEY (collaborative_id, meeting_id) REFERENCES meetings (collaborative_id, id)
);
CREATE INDEX deliveries_commitment ON deliveries (collaborative_id, commitment_id, delivered_on, id);
CREATE INDEX deliveries_unconfirmed ON deliveries (collaborative_id, commitment_id, id) WHERE deleted_at IS NULL AND confirmed_at IS NULL;

-- Personal links to a page on which somebody pledges for their organization. The
-- secret lies with the links of the installation, as a hash; link_id names the one
-- that serves.
CREATE TABLE pledge_links (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	organization_id BYTEA NOT NULL,
	person_id BYTEA,
	person_name TEXT NOT NULL,
	language TEXT NOT NULL,
	link_id BYTEA,
	made_by TEXT NOT NULL,
	expires_at BIGINT NOT NULL,
	revoked_at BIGINT,
	pledges BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id)
);
CREATE INDEX pledge_links_order ON pledge_links (collaborative_id, id);
CREATE INDEX pledge_links_organization ON pledge_links (collaborative_id, organization_id, id);
CREATE INDEX pledge_links_person ON pledge_links (collaborative_id, person_id, id);

-- To whom personal links were given that open what is due from them. All links of a
-- row serve until it is reset or they expire.
CREATE TABLE due_links (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	person_id BYTEA,
	organization_id BYTEA,
	made_by TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	reset_at BIGINT,
	PRIMARY KEY (collaborative_id, id),
	FOREIGN KEY (collaborative_id, person_id) REFERENCES people (collaborative_id, id),
	FOREIGN KEY (collaborative_id, organization_id) REFERENCES organizations (collaborative_id, id)
);
CREATE INDEX due_links_person ON due_links (collaborative_id, person_id, id);
CREATE INDEX due_links_organization ON due_links (collaborative_id, organization_id, id);
