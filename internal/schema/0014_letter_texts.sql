-- The words a collaborative gives its letters, by kind of letter and language; a
-- letter without a row says what the catalogue says.
CREATE TABLE letter_texts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	template TEXT NOT NULL,
	language TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	version BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id)
);
CREATE UNIQUE INDEX letter_texts_template ON letter_texts (collaborative_id, template, language);
