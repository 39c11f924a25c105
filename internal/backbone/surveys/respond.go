package surveys

import (
	"errors"

	"commontable/internal/backbone/directory"
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
	_, err = view.answer(c, LinkSave{Do: Submit, Answers: answer(view)})
	return err
}
