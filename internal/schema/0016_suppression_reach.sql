-- Which letters do not go to an address: the kinds, or all when the list is empty.
ALTER TABLE mail_suppressions ADD COLUMN reach JSONB NOT NULL DEFAULT '[]';

-- Whoever ended letters by a link so far ended those about meetings: there were no
-- others.
UPDATE mail_suppressions SET reach = '["meetings"]' WHERE reason = 'unsubscribed';
