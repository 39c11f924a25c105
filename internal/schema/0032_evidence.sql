-- A material is of a meeting, or evidence of a delivery; a file on its way is for a
-- meeting or for a commitment. No foreign key for what is added: SQLite adds none to a
-- table that is there, and rows of deliveries leave with their collaborative alone.
ALTER TABLE materials ALTER COLUMN meeting_id DROP NOT NULL;
ALTER TABLE materials ADD COLUMN delivery_id BYTEA;
CREATE INDEX materials_delivery ON materials (collaborative_id, delivery_id, created_at, id);
ALTER TABLE material_uploads ALTER COLUMN meeting_id DROP NOT NULL;
ALTER TABLE material_uploads ADD COLUMN commitment_id BYTEA;
