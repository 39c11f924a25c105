package polls

import (
	"cmp"
	"slices"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListInput says which polls.
type ListInput struct {
	BodyID directory.BodyID `json:"body_id,omitempty" doc:"Only those of this body."`
	State  string           `json:"state,omitempty" enum:"open,closed,decided"`
	Trash  bool             `json:"trash,omitempty" doc:"Those in the trash instead."`
	After  string           `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string           `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64            `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// Ref names a poll.
type Ref struct {
	ID ID `json:"id"`
}

// AtVersion names one version of a poll.
type AtVersion struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// Input is a new poll. Whoever holds a seat of its body today is asked, and whom it
// names beside.
type Input struct {
	BodyID     directory.BodyID     `json:"body_id,omitempty" doc:"Whose meeting it is to be. Whoever holds a seat of it today is asked."`
	Title      string               `json:"title,omitempty" maxLength:"200" doc:"The body's name when absent."`
	Purpose    string               `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Mode       string               `json:"mode,omitempty" enum:"in_person,online,hybrid" doc:"in_person when absent."`
	Place      string               `json:"place,omitempty" maxLength:"300"`
	Link       string               `json:"link,omitempty" maxLength:"1000" format:"url"`
	Zone       string               `json:"zone,omitempty" maxLength:"60" doc:"The collaborative's when absent."`
	Minutes    int64                `json:"minutes,omitempty" minimum:"0" maximum:"2880" doc:"60 when absent."`
	Times      []string             `json:"times" required:"true" maxItems:"200" doc:"The proposed times in its zone, YYYY-MM-DD HH:MM."`
	NamesShown bool                 `json:"names_shown,omitempty" doc:"Whether those asked see who answered what; otherwise they see counts."`
	People     []directory.PersonID `json:"people,omitempty" maxItems:"200" doc:"Who is asked beside."`
}

// Patch changes the fields that are given and leaves the others.
type Patch struct {
	ID         ID                `json:"id"`
	Version    int64             `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	BodyID     *directory.BodyID `json:"body_id,omitempty" doc:"Who is asked stays as it is."`
	Title      *string           `json:"title,omitempty" maxLength:"200"`
	Purpose    *string           `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Mode       *string           `json:"mode,omitempty" enum:"in_person,online,hybrid"`
	Place      *string           `json:"place,omitempty" maxLength:"300"`
	Link       *string           `json:"link,omitempty" maxLength:"1000" format:"url"`
	Zone       *string           `json:"zone,omitempty" maxLength:"60" doc:"The times stay as they are written."`
	Minutes    *int64            `json:"minutes,omitempty" minimum:"1" maximum:"2880"`
	Times      *[]string         `json:"times,omitempty" maxItems:"200" doc:"Answers to a time that is left out are not counted any more."`
	NamesShown *bool             `json:"names_shown,omitempty"`
}

// StepInput takes answers, or takes none any more.
type StepInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	State   string `json:"state" required:"true" enum:"open,closed"`
}

// List lists polls, the newest first.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Poll]]{
	Definition: operation.Definition{ID: "polls.list", Summary: "Lists scheduling polls", ReadOnly: true, Method: "GET", Path: "/polls"},
	About:      func(in ListInput) operation.Subject { return bodySubject(in.BodyID) },
	Run:        list,
})

// ExportInput is a list to take away; its limit is ignored.
type ExportInput struct{ ListInput }

// Export reads what a list shows, to be taken away as a file.
var Export = operation.Define(operation.Operation[ExportInput, operation.Page[Poll]]{
	Definition: operation.Definition{ID: "polls.export", Summary: "Reads a list of scheduling polls to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/polls/export"},
	About:      func(in ExportInput) operation.Subject { return bodySubject(in.BodyID) },
	Limit:      func(in ExportInput) string { return directory.CountDownload(in.After) },
	Run: func(c *operation.Call, in ExportInput) (operation.Page[Poll], error) {
		return directory.TakeAway(c, in.After, func(after string, limit int64) (operation.Page[Poll], error) {
			in.After, in.Limit, in.Before = after, limit, ""
			return list(c, in.ListInput)
		})
	},
})

func list(c *operation.Call, in ListInput) (operation.Page[Poll], error) {
	if in.Trash && !c.Can("polls.restore") {
		return operation.Page[Poll]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q := store.Select(`SELECT ` + columns + tables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"polls.created_at", "polls.id"}, Types: "ib", Descending: true}
	key := func(p Poll) []any { return []any{p.CreatedAt.UnixMicro(), p.ID[:]} }
	if in.Trash {
		q.Where(`polls.deleted_at IS NOT NULL`)
		k.Columns = []string{"polls.deleted_at", "polls.id"}
		key = func(p Poll) []any { return []any{p.DeletedAt.UnixMicro(), p.ID[:]} }
	} else {
		q.Where(`polls.deleted_at IS NULL`)
	}
	if !in.BodyID.IsZero() {
		q.Where(`polls.body_id = ?`, in.BodyID)
	}
	if in.State != "" {
		q.Where(`polls.state = ?`, in.State)
	}
	page, err := operation.List(c.Tx, q, k, scan, key)
	if err != nil {
		return page, err
	}
	if err := count(c, page.Items); err != nil {
		return page, err
	}
	page.Total, err = operation.Total(c.Tx, Kind)
	return page, err
}

// Get reads one poll with what was answered, also from the trash.
var Get = operation.Define(operation.Operation[Ref, Poll]{
	Definition: operation.Definition{ID: "polls.get", Summary: "Reads one scheduling poll, with what was answered", ReadOnly: true, Method: "GET", Path: "/polls/{id}"},
	About:      func(in Ref) operation.Subject { return subject(in.ID) },
	Run: func(c *operation.Call, in Ref) (Poll, error) {
		p, err := polls.Read(c, in.ID)
		if err != nil {
			return p, err
		}
		return told(c, p)
	},
})

// told is a poll with its times in order and those who were asked.
func told(c *operation.Call, p Poll) (Poll, error) {
	var err error
	if p.People, err = peopleOf(c, p); err != nil {
		return p, err
	}
	p.Ranking = Rank(p, p.People)
	for _, a := range p.People {
		p.Asked++
		if a.AnsweredAt != nil {
			p.Answered++
		}
	}
	p.MayEdit = p.DeletedAt == nil && c.CanOn("polls.edit", p.Subject())
	return p, nil
}

// Create proposes times for a meeting.
var Create = operation.Define(operation.Operation[Input, Poll]{
	Definition: operation.Definition{ID: "polls.create", Summary: "Proposes times for a meeting", Method: "POST", Path: "/polls"},
	About:      func(in Input) operation.Subject { return bodySubject(in.BodyID) },
	Run: func(c *operation.Call, in Input) (Poll, error) {
		p := Poll{ID: id.New[Poll](), BodyID: in.BodyID, Title: in.Title, Purpose: in.Purpose, Mode: in.Mode, Place: in.Place, Link: in.Link, Zone: in.Zone,
			Minutes: cmp.Or(in.Minutes, 60), Times: in.Times, NamesShown: in.NamesShown, State: Open, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if err := settle(c, Poll{}, &p); err != nil {
			return p, err
		}
		people, err := firstAsked(c, p, in.People)
		if err != nil {
			return p, err
		}
		if err := insert(c, p); err != nil {
			return p, err
		}
		for _, i := range people {
			if err := put(c, p.ID, Asked{id: id.New[personRow](), PersonID: i, asked: true}); err != nil {
				return p, err
			}
		}
		if p, err = polls.Added(c, p); err != nil {
			return p, err
		}
		return told(c, p)
	},
})

// firstAsked are those who hold a seat of the poll's body today and those named
// beside, each once.
func firstAsked(c *operation.Call, p Poll, beside []directory.PersonID) ([]directory.PersonID, error) {
	var out []directory.PersonID
	if !p.BodyID.IsZero() {
		held, err := directory.HeldOn(c, p.BodyID, c.Today())
		if err != nil {
			return nil, err
		}
		for _, s := range held {
			if !slices.Contains(out, s.Term.PersonID) {
				out = append(out, s.Term.PersonID)
			}
		}
	}
	for _, i := range beside {
		if slices.Contains(out, i) {
			continue
		}
		who, err := directory.GetPerson.Within(c, directory.PersonRef{ID: i})
		if missing, err := operation.Gone(err, who.DeletedAt != nil); err != nil {
			return nil, err
		} else if missing {
			return nil, operation.InvalidField("people", "errors.no_such_person")
		}
		out = append(out, i)
	}
	if len(out) > mostPeople {
		return nil, operation.InvalidField("people", "errors.too_many_items", map[string]any{"Most": mostPeople})
	}
	return out, nil
}

// settle names the body, gives the rest its defaults and puts the times in order.
func settle(c *operation.Call, before Poll, p *Poll) error {
	p.Mode = cmp.Or(p.Mode, convening.Modes[0])
	if p.Zone == "" && c.Collaborative.Zone != nil {
		p.Zone = c.Collaborative.Zone.String()
	}
	var faults operation.Faults
	switch {
	case p.BodyID.IsZero():
		p.Body = ""
	case p.BodyID != before.BodyID:
		b, err := directory.GetBody.Within(c, directory.BodyRef{ID: p.BodyID})
		if missing, err := operation.Gone(err, b.DeletedAt != nil); err != nil {
			return err
		} else if missing {
			faults.Add("body_id", "errors.no_such_body")
		}
		p.Body = b.Name
	}
	if p.Title = cmp.Or(p.Title, p.Body); p.Title == "" {
		faults.Add("title", "errors.required")
	}
	was := before.Times
	if p.Zone != before.Zone {
		was = nil // another moment, though it is written alike
	}
	p.settleTimes(c.Now, was, &faults)
	return faults.Err()
}

// Edit changes the given fields of a poll.
var Edit = operation.Define(operation.Operation[Patch, Poll]{
	Definition: operation.Definition{ID: "polls.edit", Summary: "Changes a scheduling poll", Method: "PATCH", Path: "/polls/{id}"},
	About:      func(in Patch) operation.Subject { return subject(in.ID) },
	Run: func(c *operation.Call, in Patch) (Poll, error) {
		before, err := polls.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.State == Decided {
			return before, operation.InvalidField("id", "errors.poll_decided")
		}
		after := before
		operation.Patch(&after, in)
		if after.BodyID != before.BodyID && !after.BodyID.IsZero() && !c.CanOn("polls.create", bodySubject(after.BodyID)) {
			return before, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		if err := settle(c, before, &after); err != nil {
			return before, err
		}
		return save(c, before, after, "polls.edit", func(after Poll) any {
			undo := Patch{ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// save stores a change and reads what was answered anew.
func save(c *operation.Call, before, after Poll, op string, undo func(Poll) any) (Poll, error) {
	p, err := polls.Save(c, before, after, op, undo)
	if err != nil {
		return p, err
	}
	return told(c, p)
}

// Step closes a poll, or opens it again.
var Step = operation.Define(operation.Operation[StepInput, Poll]{
	Definition: operation.Definition{ID: "polls.step", Summary: "Closes a scheduling poll, or opens it again", Method: "POST", Path: "/polls/{id}/state"},
	About:      func(in StepInput) operation.Subject { return subject(in.ID) },
	Run: func(c *operation.Call, in StepInput) (Poll, error) {
		before, err := polls.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.State == Decided {
			return before, operation.InvalidField("state", "errors.poll_decided")
		}
		after := before
		after.State = in.State
		return save(c, before, after, "polls.step", func(after Poll) any {
			return StepInput{ID: after.ID, Version: after.Version, State: before.State}
		})
	},
})

// Trash puts a poll in the trash. The meeting that came of it stays.
var Trash = operation.Define(operation.Operation[AtVersion, Poll]{
	Definition: operation.Definition{ID: "polls.trash", Summary: "Puts a scheduling poll in the trash", Method: "DELETE", Path: "/polls/{id}"},
	Run:        func(c *operation.Call, in AtVersion) (Poll, error) { return polls.Trash(c, in.ID, in.Version) },
})

// Restore takes a poll out of the trash.
var Restore = operation.Define(operation.Operation[AtVersion, Poll]{
	Definition: operation.Definition{ID: "polls.restore", Summary: "Takes a scheduling poll out of the trash", Method: "POST", Path: "/polls/{id}/restore"},
	Run:        func(c *operation.Call, in AtVersion) (Poll, error) { return polls.Restore(c, in.ID, in.Version) },
})
