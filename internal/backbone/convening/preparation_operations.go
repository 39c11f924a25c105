package convening

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// preparations is the noun.
var preparations = &operation.Noun[Preparation, PreparationID]{Kind: PreparationKind, Area: "preparations", Get: getPreparation, Update: updatePreparation,
	Head: func(p *Preparation) operation.Head[PreparationID] {
		return operation.HeadOf(p.ID, &p.Version, &p.UpdatedAt, &p.DeletedAt)
	},
	Title: func(p Preparation) string { return p.Text },
	At:    func(p Preparation, version int64) any { return PreparationVersion{p.MeetingID, p.ID, version} }}

// ListPreparationsInput says which.
type ListPreparationsInput struct {
	MeetingID  MeetingID          `json:"meeting_id,omitempty" doc:"Those of one meeting, done or not."`
	AssigneeID directory.PersonID `json:"assignee_id,omitempty" doc:"Only those of this person."`
	DueBefore  string             `json:"due_before,omitempty" format:"date" doc:"Without a meeting: those not done that are due before this day; within two weeks when absent."`
}

// preparationsAhead is how far ahead undone preparations are listed without a day.
const preparationsAhead = 14

// ListPreparations lists what is to be done for a meeting, or what is due soon.
var ListPreparations = operation.Define(operation.Operation[ListPreparationsInput, operation.Page[Preparation]]{
	Definition: operation.Definition{ID: "preparations.list", Summary: "Lists what is to be done for a meeting, or what is due soon for all", ReadOnly: true, Method: "GET", Path: "/preparations"},
	Run: func(c *operation.Call, in ListPreparationsInput) (operation.Page[Preparation], error) {
		q := store.Select(`SELECT ` + preparationColumns + preparationTables + ` AND preparations.deleted_at IS NULL`)
		switch {
		case !in.MeetingID.IsZero():
			if _, err := meetings.Read(c, in.MeetingID); err != nil {
				return operation.Page[Preparation]{}, err
			}
			q.Where(`preparations.meeting_id = ?`, in.MeetingID)
		case in.DueBefore == "":
			in.DueBefore = dayAfter(c.Today(), preparationsAhead)
			fallthrough
		default:
			q.Where(`preparations.done_at IS NULL AND preparations.due_on < ? AND meetings.deleted_at IS NULL AND meetings.state <> 'cancelled'`, in.DueBefore)
		}
		if !in.AssigneeID.IsZero() {
			q.Where(`preparations.assignee_id = ?`, in.AssigneeID)
		}
		q.Add(` ORDER BY preparations.due_on, preparations.id LIMIT 200`)
		text, args := q.SQL()
		all, err := store.Collect(c.Tx, scanPreparation, text, args...)
		return operation.Whole(all), err
	},
})

// AddPreparation adds something to be done.
var AddPreparation = operation.Define(operation.Operation[PreparationInput, Preparation]{
	Definition: operation.Definition{ID: "preparations.add", Summary: "Adds something to be done for a meeting", Method: "POST", Path: "/meetings/{meeting_id}/preparations"},
	About:      func(in PreparationInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in PreparationInput) (Preparation, error) {
		m, err := MeetingOf(c, in.MeetingID)
		if err != nil {
			return Preparation{}, err
		}
		return addPreparation(c, m, in)
	},
})

// maxPreparations bounds what is to be done for one meeting.
const maxPreparations = 200

func addPreparation(c *operation.Call, m Meeting, in PreparationInput) (Preparation, error) {
	p := Preparation{ID: id.New[Preparation](), MeetingID: m.ID, Text: in.Text, Tag: in.Tag, Days: in.Days, DueOn: dayAfter(m.On, in.Days), AssigneeID: in.AssigneeID,
		Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now, meeting: m.Title}
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM preparations WHERE collaborative_id = $1 AND meeting_id = $2`, m.ID)
	if err == nil && n >= maxPreparations {
		err = operation.InvalidField("text", "errors.too_many_items", map[string]any{"Maximum": maxPreparations})
	}
	if err == nil {
		err = namePerson(c, "assignee_id", directory.PersonID{}, p.AssigneeID, &p.Assignee)
	}
	if err == nil {
		err = insertPreparation(c, p)
	}
	if err != nil {
		return p, err
	}
	return preparations.Added(c, p)
}

// preparationOf reads a preparation about to be changed, of the meeting that was
// named.
func preparationOf(c *operation.Call, m MeetingID, i PreparationID, version int64) (Preparation, error) {
	if _, err := MeetingOf(c, m); err != nil {
		return Preparation{}, err
	}
	before, err := preparations.Live(c, i, version)
	return ownPart(before, before.MeetingID, m, err)
}

// EditPreparation changes what is to be done, or says that it was done.
var EditPreparation = operation.Define(operation.Operation[PreparationPatch, Preparation]{
	Definition: operation.Definition{ID: "preparations.edit", Summary: "Changes something to be done for a meeting, or says that it is done", Method: "PATCH", Path: "/meetings/{meeting_id}/preparations/{id}"},
	About:      func(in PreparationPatch) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in PreparationPatch) (Preparation, error) {
		before, err := preparationOf(c, in.MeetingID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		m, err := getMeeting(c, in.MeetingID)
		if err != nil {
			return before, err
		}
		after, fields, now := before, in, c.Now
		fields.Done = nil
		operation.Patch(&after, struct {
			Text, Tag  *string
			Days       *int64
			AssigneeID *directory.PersonID
		}{fields.Text, fields.Tag, fields.Days, fields.AssigneeID})
		after.DueOn = dayAfter(m.On, after.Days)
		switch {
		case after.Text == "":
			return before, operation.InvalidField("text", "errors.required")
		case in.Done != nil && *in.Done && before.DoneAt == nil:
			after.DoneAt, after.DoneBy = &now, c.Actor.Name
		case in.Done != nil && !*in.Done:
			after.DoneAt, after.DoneBy = nil, ""
		}
		if after.AssigneeID.IsZero() {
			after.Assignee = ""
		}
		if err := namePerson(c, "assignee_id", before.AssigneeID, after.AssigneeID, &after.Assignee); err != nil {
			return before, err
		}
		return preparations.Save(c, before, after, "preparations.edit", func(after Preparation) any {
			done := before.DoneAt != nil
			return PreparationPatch{MeetingID: before.MeetingID, ID: before.ID, Version: after.Version, Text: &before.Text, Tag: &before.Tag, Days: &before.Days, AssigneeID: &before.AssigneeID, Done: &done}
		})
	},
})

// TrashPreparation takes something off the list.
var TrashPreparation = operation.Define(operation.Operation[PreparationVersion, Preparation]{
	Definition: operation.Definition{ID: "preparations.trash", Summary: "Takes something off the list of what is to be done for a meeting", Method: "DELETE", Path: "/meetings/{meeting_id}/preparations/{id}"},
	About:      func(in PreparationVersion) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in PreparationVersion) (Preparation, error) {
		if _, err := preparationOf(c, in.MeetingID, in.ID, in.Version); err != nil {
			return Preparation{}, err
		}
		return preparations.Trash(c, in.ID, in.Version)
	},
})

// RestorePreparation puts something back on the list.
var RestorePreparation = operation.Define(operation.Operation[PreparationVersion, Preparation]{
	Definition: operation.Definition{ID: "preparations.restore", Summary: "Puts something back on the list of what is to be done for a meeting", Method: "POST", Path: "/meetings/{meeting_id}/preparations/{id}/restore"},
	About:      func(in PreparationVersion) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in PreparationVersion) (Preparation, error) {
		p, err := getPreparation(c, in.ID)
		if _, err := ownPart(p, p.MeetingID, in.MeetingID, err); err != nil {
			return Preparation{}, err
		}
		return preparations.Restore(c, in.ID, in.Version)
	},
})
