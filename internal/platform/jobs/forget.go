package jobs

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Forget removes the work of a collaborative that has not been done and whose
// payload is about what names tells, such as a letter to a person who was
// erased; errors that name it lose their text. What cannot be opened stays.
func Forget(tx *store.InstallationTx, sealer operation.Sealer, place operation.CollaborativeID, names func(text string) bool) error {
	for _, state := range []State{Queued, Running, Failed, Done} {
		waiting, err := store.Collect(tx, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE collaborative_id = $1 AND state = $2`, place, string(state))
		if err != nil {
			return err
		}
		for _, j := range waiting {
			if names(j.Error) {
				if _, err := tx.Exec(`UPDATE jobs SET error = NULL WHERE id = $1 AND collaborative_id = $2`, j.ID, place); err != nil {
					return err
				}
			}
			plain, err := sealer.Open(sealPurpose, j.Payload)
			if state == Done || err != nil || !names(string(plain)) {
				continue
			}
			if _, err := tx.Exec(`DELETE FROM jobs WHERE id = $1 AND collaborative_id = $2`, j.ID, place); err != nil {
				return err
			}
		}
	}
	return nil
}
