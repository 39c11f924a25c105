package evaluation

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// TakeInput names the wave whose file is taken.
type TakeInput struct {
	WaveID surveys.WaveID `json:"wave_id"`
}

// File is a de-identified file as it is taken.
type File struct {
	Name    string `json:"name"`
	Content []byte `json:"content" doc:"A ZIP with answers.csv and codebook.csv, base64."`
}

// Take hands the file of a wave to an evaluator whose agreement is in force, and notes it.
var Take = operation.Define(operation.Operation[TakeInput, File]{
	Definition: operation.Definition{ID: takeOperation, Summary: "Takes the de-identified file of a survey wave, as an evaluator with an agreement in force; every time is noted", Method: "POST", Path: "/survey-waves/{wave_id}/evaluator-file"},
	Run: func(c *operation.Call, in TakeInput) (File, error) {
		mine, err := OfPerson(c, c.Actor.Person)
		if err != nil {
			return File{}, err
		}
		slices.Reverse(mine)
		at := slices.IndexFunc(mine, func(a Agreement) bool { return a.State == InForce && a.covers(in.WaveID) })
		if at < 0 || c.Actor.Person.IsZero() {
			return File{}, operation.Refuse(operation.Forbidden, "errors.evaluator_no_agreement")
		}
		content, err := surveys.FileContent(c, in.WaveID)
		if errors.Is(err, store.ErrNotFound) {
			return File{}, operation.Refuse(operation.NotFound, "errors.evaluator_no_file")
		}
		if err != nil {
			return File{}, err
		}
		a := mine[at]
		if _, err := c.Tx.Exec(`INSERT INTO evaluator_downloads (collaborative_id, id, wave_id, agreement_id, taken_at) VALUES ($1, $2, $3, $4, $5)`, id.New[Taken](), in.WaveID, a.ID, store.Micros(c.Now)); err != nil {
			return File{}, err
		}
		title := a.Title()
		for _, w := range a.Waves {
			if w.ID == in.WaveID {
				title = w.Title
			}
		}
		// Of the wave, so that its history tells it too.
		c.Changed(operation.Subject{Kind: surveys.Kind, ID: in.WaveID}, title, 0, nil, nil)
		c.Changed(a.Subject(), a.Title(), a.Version, nil, nil)
		return File{Name: title, Content: content}, nil
	},
})

// Taken is one time that a file was taken.
type Taken struct {
	ID           id.Of[Taken] `json:"id"`
	TakenAt      time.Time    `json:"taken_at"`
	Person       string       `json:"person" doc:"Who took it."`
	Organization string       `json:"organization,omitempty"`
	AgreementID  ID           `json:"agreement_id" doc:"Under which agreement."`
}

// ListTaken lists every time the file of a wave was taken, the last first.
var ListTaken = operation.Define(operation.Operation[TakeInput, operation.Page[Taken]]{
	Definition: operation.Definition{ID: "evaluator-files.taken", Summary: "Lists every time the file of a survey wave was taken", ReadOnly: true, Method: "GET", Path: "/survey-waves/{wave_id}/evaluator-file"},
	Run: func(c *operation.Call, in TakeInput) (operation.Page[Taken], error) {
		list, err := store.Collect(c.Tx, func(row store.Row) (t Taken, err error) {
			var name directory.Person
			err = row.Scan(&t.ID, store.ScanTime(&t.TakenAt), &name.GivenName, &name.FamilyName, &t.Organization, &t.AgreementID)
			t.Person = name.Name()
			return t, err
		}, `SELECT evaluator_downloads.id, evaluator_downloads.taken_at, people.given_name, people.family_name, evaluator_agreements.organization, evaluator_agreements.id FROM evaluator_downloads
			JOIN evaluator_agreements ON evaluator_agreements.collaborative_id = $1 AND evaluator_agreements.id = evaluator_downloads.agreement_id
			JOIN people ON people.collaborative_id = $1 AND people.id = evaluator_agreements.person_id
			WHERE evaluator_downloads.collaborative_id = $1 AND evaluator_downloads.wave_id = $2 ORDER BY evaluator_downloads.id DESC LIMIT 1000`, in.WaveID)
		return operation.Whole(list), err
	},
})
