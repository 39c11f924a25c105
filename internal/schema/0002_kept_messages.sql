-- Messages kept for the administrator while no mail server is set up. Their
-- links let people in, so a message is sealed whole, and goes when its link ends.

CREATE TABLE kept_messages (
	id BYTEA NOT NULL PRIMARY KEY,
	kept_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	sealed BYTEA NOT NULL
);
CREATE INDEX kept_messages_newest ON kept_messages (kept_at, id);
CREATE INDEX kept_messages_expiry ON kept_messages (expires_at);
