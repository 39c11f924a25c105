-- What a collaborative says of its own in the letters it sends: a subject and a text of a
-- kind of letter in a language. A row that went back to our text stays with empty words,
-- so that a version never comes back and means something else.
CREATE TABLE letter_texts (
	collaborative_id BYTEA NOT NULL REFERENCES collaboratives (id) ON DELETE CASCADE,
	id BYTEA NOT NULL,
	kind TEXT NOT NULL,
	language TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (collaborative_id, id)
);
CREATE UNIQUE INDEX letter_texts_kind ON letter_texts (collaborative_id, kind, language);
