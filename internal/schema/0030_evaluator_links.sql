-- The evaluator signs by a link in a letter. A link that its agreement does not name any
-- more is void. texts are the terms in every language as they stood when the agreement was
-- written or changed last: what is signed is the text in the language that was read.
-- Agreements from before have one text alone, and signed_at is unknown of those signed.
ALTER TABLE evaluator_agreements ADD COLUMN link_id BYTEA;
ALTER TABLE evaluator_agreements ADD COLUMN link_expires BIGINT;
ALTER TABLE evaluator_agreements ADD COLUMN sent_at BIGINT;
ALTER TABLE evaluator_agreements ADD COLUMN sent_by TEXT NOT NULL DEFAULT '';
ALTER TABLE evaluator_agreements ADD COLUMN signed_at BIGINT;
ALTER TABLE evaluator_agreements ADD COLUMN by_link BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE evaluator_agreements ADD COLUMN texts JSONB NOT NULL DEFAULT '{}';
