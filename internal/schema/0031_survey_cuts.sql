-- What figures can be told by besides sectors and groups, as it was when the wave was
-- opened: the kinds of the organization, and for how long it had been a member, as the first
-- year of a band, or nothing where that is not known. Of waves from before neither is.
ALTER TABLE survey_invitees ADD COLUMN kinds JSONB NOT NULL DEFAULT '[]';
ALTER TABLE survey_invitees ADD COLUMN member_band TEXT NOT NULL DEFAULT '';
