package surveys

import (
	"crypto/sha256"
	"errors"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Respond hands in answers in the name of somebody who is invited to an open wave, as
// their link would. answer says what, having seen what is asked. It checks no permission
// and is no operation: it serves stories that are told, and nothing that anybody can ask
// for.
func Respond(c *operation.Call, wave WaveID, person directory.PersonID, answer func(View) []Given) error {
	me, err := store.One(c.Tx, scanInvitee, inviteeText+` AND survey_invitees.wave_id = $2 AND survey_invitees.person_id = $3`, wave, person)
	if errors.Is(err, store.ErrNotFound) {
		return operation.Missing()
	}
	if err != nil {
		return err
	}
	view, err := viewOf(c, me)
	if err != nil {
		return err
	}
	if view.Mode == Anonymous {
		slip, err := slipOf(c, me.id)
		if err != nil || slip.given {
			return err
		}
		mark := id.Random[sheet]()
		hash := sha256.Sum256(mark[:])
		if err := markSlip(c, slip.sheet, me.id, hash[:]); err != nil {
			return err
		}
		if view.Roster, err = rosterOf(c, wave); err != nil {
			return err
		}
		if _, err := view.take(LinkSave{Do: Submit, Answers: answer(view)}, false); err != nil {
			return err
		}
		return drop(c, view)
	}
	_, err = view.answer(c, LinkSave{Do: Submit, Answers: answer(view)})
	return err
}
