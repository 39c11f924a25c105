package takeout

import (
	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// OwnDataInput names a person, and where to go on.
type OwnDataInput struct {
	ID    operation.PersonID `json:"id"`
	After string             `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Where to go on with the history."`
}

// OwnData is everything on record about one person. Only the first page holds
// their record; the others go on with the history.
type OwnData struct {
	Record      *directory.About        `json:"record,omitempty"`
	Agreements  []agreements.Agreement  `json:"agreements,omitempty" doc:"Agreements they signed or were to sign."`
	Evaluations []evaluation.Agreement  `json:"evaluations,omitempty" doc:"Agreements under which they take files of surveys as an evaluator."`
	Ties        []network.Tie           `json:"ties,omitempty" doc:"Ties of which they are an end."`
	Attendance  []attendance.Attendance `json:"attendance,omitempty" doc:"Meetings they were at."`
	Recusals    []attendance.OwnRecusal `json:"recusals,omitempty" doc:"Items of agendas in which they took no part, for an interest of theirs."`
	// Actions and Commitments are what they gave their word for.
	Actions     []actions.Action         `json:"actions,omitempty" doc:"Action items that are theirs."`
	Commitments []commitments.Commitment `json:"commitments,omitempty" doc:"Commitments for which they gave the word."`
	Polls       []polls.OwnAnswer        `json:"polls,omitempty" doc:"Which proposed times they said suit them."`
	Surveys     []surveys.OwnAnswers     `json:"surveys,omitempty" doc:"What they answered to named surveys. Answers to confidential ones are read by nobody, and stand on the page of their own link."`
	Files       []materials.OwnFile      `json:"files,omitempty" doc:"Files they brought to meetings."`
	Scorecard   *scorecard.OwnWords      `json:"scorecard,omitempty" doc:"What they assessed of the backbone's functions, stories they told for the scorecard, and evidence they added."`
	Stopped     []letters.Suppression    `json:"stopped,omitempty" doc:"Addresses of theirs that no letters go to."`
	Membership  *access.Member           `json:"membership,omitempty" doc:"How they sign in, while they are a member."`
	History     []OwnEntry               `json:"history" doc:"What was changed in their record, and what they did."`
	Next        string                   `json:"next,omitempty" doc:"Where the history goes on; absent at its end."`
}

// OwnEntry is one entry of the log that concerns a person.
type OwnEntry struct {
	operation.Entry
	// By says that they did it themselves.
	By bool `json:"by_themselves"`
}

// ownPage is how much of the history one run reads.
const ownPage = 1000

// ownData reads what the collaborative knows of a person: for themselves and for
// whoever answers when they ask. Of what they did to other records it tells which
// and when, and not what those records hold.
func ownData() *operation.Operation[OwnDataInput, OwnData] {
	return operation.Define(operation.Operation[OwnDataInput, OwnData]{
		Definition: operation.Definition{ID: "people.own-data", Summary: "Reads everything on record about a person, for themselves", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/people/{id}/own-data"},
		About: func(in OwnDataInput) operation.Subject {
			return operation.Subject{Kind: directory.PersonKind, ID: in.ID}
		},
		Limit: func(in OwnDataInput) string { return directory.CountDownload(in.After) },
		Run: func(c *operation.Call, in OwnDataInput) (OwnData, error) {
			out := OwnData{History: []OwnEntry{}}
			page, err := directory.TakeAway(c, in.After, func(after string, _ int64) (operation.Page[OwnEntry], error) {
				if after == "" {
					if err := out.record(c, in.ID); err != nil {
						return operation.Page[OwnEntry]{}, err
					}
				}
				return ownHistory(c, in.ID, after)
			})
			if err != nil {
				return out, err
			}
			out.History, out.Next = page.Items, page.Next
			return out, nil
		},
	})
}

// record reads all but the history.
func (o *OwnData) record(c *operation.Call, person operation.PersonID) error {
	about, err := directory.AboutPerson(c, person)
	if err != nil {
		return err
	}
	o.Record = &about
	if o.Agreements, err = agreements.OfSignatory(c, person); err != nil {
		return err
	}
	if o.Evaluations, err = evaluation.OfPerson(c, person); err != nil {
		return err
	}
	if o.Ties, err = network.OfPerson(c, person); err != nil {
		return err
	}
	if o.Attendance, err = attendance.OwnOf(c, person); err != nil {
		return err
	}
	if o.Recusals, err = attendance.OwnRecusals(c, person); err != nil {
		return err
	}
	if o.Actions, err = actions.OfPerson(c, person); err != nil {
		return err
	}
	if o.Commitments, err = commitments.OfPerson(c, person); err != nil {
		return err
	}
	if o.Polls, err = polls.OfPerson(c, person); err != nil {
		return err
	}
	if o.Surveys, err = surveys.OfPerson(c, person); err != nil {
		return err
	}
	if o.Files, err = materials.OfPerson(c, person); err != nil {
		return err
	}
	words, err := scorecard.OfPerson(c, person)
	if err != nil {
		return err
	}
	if len(words.Assessments)+len(words.Evidence) > 0 {
		o.Scorecard = &words
	}
	if o.Stopped, err = letters.Of(c, person); err != nil {
		return err
	}
	o.Membership, err = access.MembershipOf(c, person)
	c.Changed(operation.Subject{Kind: directory.PersonKind, ID: person}, about.Person.Name(), about.Person.Version, nil, nil)
	return err
}

// ownHistory reads entries about a person first, then those by them.
func ownHistory(c *operation.Call, person operation.PersonID, after string) (operation.Page[OwnEntry], error) {
	by, cursor := false, after
	if len(after) > 0 {
		by, cursor = after[0] == 'b', after[1:]
	}
	q := store.Select(`SELECT `+operation.EntryColumns+` FROM audit_entries WHERE collaborative_id = $1 AND subject_kind = 'person' AND subject_id = ?`, person)
	if by {
		q = store.Select(`SELECT `+operation.EntryColumns+` FROM audit_entries WHERE collaborative_id = $1 AND person_id = ?`, person)
	}
	entries, err := operation.List(c.Tx, q, operation.Keyset{After: cursor, Limit: ownPage, Columns: []string{"id"}, Types: "b"}, operation.ScanEntry,
		func(e operation.Entry) []any { return []any{e.ID[:]} })
	page := operation.Page[OwnEntry]{Items: []OwnEntry{}, Total: -1}
	for _, e := range entries.Items {
		if about := e.Subject == directory.PersonKind && e.SubjectID == operation.EntryID(person); by && about {
			continue // told already
		} else if by {
			e.Fields = nil
		}
		page.Items = append(page.Items, OwnEntry{e, by})
	}
	switch {
	case entries.Next != "" && by:
		page.Next = "b" + entries.Next
	case entries.Next != "":
		page.Next = "a" + entries.Next
	case !by:
		page.Next = "b"
	}
	return page, err
}
