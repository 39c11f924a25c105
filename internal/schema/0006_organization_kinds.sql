-- An organization's kinds lie among the tags too, under 'organization-kind', where
-- a list of those of one kind finds them in order. Their folded spelling is made by
-- Go, so those recorded before are entered in the background; this says which are.
ALTER TABLE organizations ADD COLUMN kinds_indexed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX organizations_kinds_waiting ON organizations (collaborative_id, id) WHERE kinds_indexed = FALSE;
