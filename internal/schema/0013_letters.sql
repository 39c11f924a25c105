-- Addresses that letters are not sent to, and why.
CREATE TABLE mail_suppressions (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	email TEXT NOT NULL,
	email_key TEXT NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id)
);
CREATE UNIQUE INDEX mail_suppressions_email ON mail_suppressions (collaborative_id, email_key);
