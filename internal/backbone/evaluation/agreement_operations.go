package evaluation

import (
	"cmp"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	editOperation     = "evaluator-agreements.edit"
	sendOperation     = "evaluator-agreements.send"
	withdrawOperation = "evaluator-agreements.withdraw"
	seeAll            = "evaluator-files.taken" // who sees the downloads sees every agreement
	signOperation     = "evaluator-agreements.sign"
	takeOperation     = "evaluator-files.take"
)

// agreements is the noun.
var agreements = &operation.Noun[Agreement, ID]{Kind: Kind, Area: "evaluator-agreements", Get: get, Update: update,
	Head: func(a *Agreement) operation.Head[ID] {
		return operation.HeadOf(a.ID, &a.Version, &a.UpdatedAt, &a.DeletedAt)
	},
	Title:    Agreement.Title,
	Recorded: func(a Agreement, _ *Agreement) any { return a.recorded() },
	Visible:  func(a Agreement, c *operation.Call) Agreement { return a.visibleTo(c) }}

// Relations says that an agreement is its evaluator's own, and asks on about everything
// else.
type Relations struct{ operation.Relations }

// Holds implements operation.Relations.
func (r Relations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	if s.Kind != Kind {
		return r.Relations.Holds(c, grant, s)
	}
	if grant != operation.Themselves || c.Actor.Person.IsZero() || c.Tx == nil {
		return false, nil
	}
	a, err := get(c, ID(s.ID))
	return err == nil && a.isOf(c), operation.IgnoreMissing(err)
}

// save stores a change with its audit entry and, where undo is not nil, the way back,
// also where nothing was changed that the log tells: a link was sent, or another person
// of the same name is meant.
func save(c *operation.Call, before, after Agreement, op string, undo func(after Agreement) any) (Agreement, error) {
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if err := update(c, before, after); err != nil {
		return after, err
	}
	c.Changed(after.Subject(), after.Title(), after.Version, before.recorded(), after.recorded())
	if undo != nil {
		c.UndoWith(op, undo(after))
	}
	return after.visibleTo(c), nil
}

func subject(i ID) operation.Subject { return operation.Subject{Kind: Kind, ID: i} }

// visibleTo is the agreement with what whoever reads it may see and do.
func (a Agreement) visibleTo(c *operation.Call) Agreement {
	if a.DeletedAt != nil {
		a = a.withoutLink()
	}
	waits := !a.concluded() && a.DeletedAt == nil
	a.MayEdit = waits && c.Can(editOperation)
	a.MaySend = waits && !a.past(c.Today()) && !a.gone && a.address != "" && c.Can(sendOperation)
	a.MaySign = waits && !a.past(c.Today()) && a.isOf(c) && c.CanOn(signOperation, a.Subject())
	a.MayTake = a.State == InForce && a.DeletedAt == nil && a.isOf(c) && c.Can(takeOperation)
	if !c.Can(seeAll) {
		a.EndNote, a.SentAt, a.SentBy, a.LinkExpires = "", nil, "", nil
	}
	return a
}

// isOf says whether whoever asks is the evaluator.
func (a Agreement) isOf(c *operation.Call) bool {
	return !c.Actor.Person.IsZero() && c.Actor.Person == a.PersonID
}

// ListInput says which agreements.
type ListInput struct {
	Trash  bool   `json:"trash,omitempty" doc:"Those in the trash instead."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists agreements, the newest first: all of them for the backbone, their own for
// evaluators.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Agreement]]{
	Definition: operation.Definition{ID: "evaluator-agreements.list", Summary: "Lists agreements with evaluators: all of them for the backbone, their own for evaluators", ReadOnly: true, Method: "GET", Path: "/evaluator-agreements"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Agreement], error) {
		if in.Trash && !c.Can("evaluator-agreements.restore") {
			return operation.Page[Agreement]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		q := store.Select(`SELECT ` + columns + tables)
		k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"evaluator_agreements.id"}, Types: "b", Descending: true}
		key := func(a Agreement) []any { return []any{a.ID[:]} }
		if in.Trash {
			q.Where(`evaluator_agreements.deleted_at IS NOT NULL`)
			k.Columns, k.Types = []string{"evaluator_agreements.deleted_at", "evaluator_agreements.id"}, "ib"
			key = func(a Agreement) []any { return []any{a.DeletedAt.UnixMicro(), a.ID[:]} }
		} else {
			q.Where(`evaluator_agreements.deleted_at IS NULL`)
		}
		if !c.Can(seeAll) {
			q.Where(`evaluator_agreements.person_id = ?`, c.Actor.Person)
		}
		page, err := operation.List(c.Tx, q, k, scanOn(c.Today()), key)
		if err != nil {
			return page, err
		}
		for n := range page.Items {
			page.Items[n] = page.Items[n].visibleTo(c)
		}
		page.Total = -1
		return page, fill(c, page.Items)
	},
})

// Get reads one agreement.
var Get = operation.Define(operation.Operation[Ref, Agreement]{
	Definition: operation.Definition{ID: "evaluator-agreements.get", Summary: "Reads one agreement with an evaluator", ReadOnly: true, Method: "GET", Path: "/evaluator-agreements/{id}"},
	About:      func(in Ref) operation.Subject { return subject(in.ID) },
	Run:        func(c *operation.Call, in Ref) (Agreement, error) { return agreements.Read(c, in.ID) },
})

// Create records an agreement that the evaluator is to sign.
var Create = operation.Define(operation.Operation[Input, Agreement]{
	Definition: operation.Definition{ID: "evaluator-agreements.create", Summary: "Records an agreement for an evaluator to sign", Method: "POST", Path: "/evaluator-agreements"},
	Run: func(c *operation.Call, in Input) (Agreement, error) {
		a := Agreement{ID: id.New[Agreement](), PersonID: in.PersonID, Organization: in.Organization, Purpose: in.Purpose, Language: in.Language, Until: in.Until, DestroyBy: in.DestroyBy,
			State: Waiting, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now, names: named(in.Waves)}
		if err := a.settle(c, Agreement{}); err != nil {
			return a, err
		}
		if err := insert(c, a); err != nil {
			return a, err
		}
		return agreements.Added(c, a)
	},
})

// settle finds what of an agreement does not go together, and takes the newest terms.
func (a *Agreement) settle(c *operation.Call, before Agreement) error {
	var faults operation.Faults
	if a.PersonID.IsZero() {
		faults.Add("person_id", "errors.required")
	} else {
		p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: a.PersonID})
		missing, err := operation.Gone(err, p.DeletedAt != nil)
		if err != nil {
			return err
		}
		if missing {
			faults.Add("person_id", "errors.no_such_person")
		}
		a.Person, a.address, a.gone = p.Name(), p.Email, false
		if a.Organization == "" && before.PersonID != a.PersonID && p.Affiliation != nil {
			a.Organization = p.Affiliation.Organization
		}
	}
	if a.Purpose == "" {
		faults.Add("purpose", "errors.required")
	}
	list := []Agreement{*a}
	if err := fill(c, list); err != nil {
		return err
	}
	switch a.Waves = list[0].Waves; {
	case len(a.names) == 0:
		faults.Add("waves", "errors.required")
	case len(a.Waves) < len(a.names):
		faults.Add("waves", "errors.evaluator_wave")
	}
	if a.Until < c.Today() {
		faults.Add("valid_until", "errors.evaluator_past")
	}
	if a.DestroyBy < a.Until {
		faults.Add("destroy_by", "errors.evaluator_destroy")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	terms, err := newest(c)
	a.Language = cmp.Or(a.Language, before.Language, c.Collaborative.Language, i18n.Default)
	if terms.Texts[a.Language] == "" {
		a.Language = i18n.Default
	}
	a.Terms, a.texts, a.Text = terms.Number, terms.Texts, terms.Texts[a.Language]
	return err
}

// Edit changes an agreement that waits for its signature. Whoever has it open to sign will
// have to read it anew, and a link that was sent ends: it asked to sign something else.
var Edit = operation.Define(operation.Operation[Patch, Agreement]{
	Definition: operation.Definition{ID: editOperation, Summary: "Changes an agreement with an evaluator that is not signed yet", Method: "PATCH", Path: "/evaluator-agreements/{id}"},
	Run: func(c *operation.Call, in Patch) (Agreement, error) {
		before, err := agreements.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.concluded() {
			return before, operation.InvalidField("id", "errors.evaluator_signed")
		}
		after := before
		waves := in.Waves
		in.Waves = nil
		operation.Patch(&after, in)
		if waves != nil {
			after.names = named(*waves)
		}
		if err := after.settle(c, before); err != nil {
			return before, err
		}
		if after.PersonID == before.PersonID && len(operation.Diff(before.recorded(), after.recorded())) == 0 {
			return before.visibleTo(c), nil
		}
		after.link, after.LinkExpires = access.LinkID{}, nil // that it was sent is still known: the page of the link says that it was changed since
		return save(c, before, after, editOperation, func(after Agreement) any {
			var were []surveys.WaveID
			for _, w := range before.names {
				were = append(were, w.WaveID)
			}
			return Patch{ID: after.ID, Version: after.Version, PersonID: &before.PersonID, Organization: &before.Organization, Purpose: &before.Purpose, Waves: &were, Language: &before.Language, Until: &before.Until, DestroyBy: &before.DestroyBy}
		})
	},
})

// SignInput is the evaluator's signature under a version of an agreement.
type SignInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read: nobody signs what was changed since."`
	Name    string `json:"name" required:"true" maxLength:"120"`
	Agreed  bool   `json:"agreed" doc:"That they promise what the terms say."`
}

// Sign signs an agreement; only the evaluator it is made with can.
var Sign = operation.Define(operation.Operation[SignInput, Agreement]{
	Definition: operation.Definition{ID: signOperation, Summary: "Signs an agreement, as the evaluator it is made with", Method: "POST", Path: "/evaluator-agreements/{id}/sign"},
	About:      func(in SignInput) operation.Subject { return subject(in.ID) },
	Validate: func(in *SignInput, faults *operation.Faults) {
		if !in.Agreed {
			faults.Add("agreed", "errors.evaluator_agreed")
		}
	},
	Run: func(c *operation.Call, in SignInput) (Agreement, error) {
		before, err := get(c, in.ID)
		if err == nil && (!before.isOf(c) || before.DeletedAt != nil) {
			err = operation.Missing()
		}
		if err != nil {
			return Agreement{}, err
		}
		if before.Version != in.Version {
			return before, operation.Stale(before.visibleTo(c))
		}
		if before.concluded() || before.past(c.Today()) {
			return before, operation.InvalidField("id", "errors.evaluator_not_waiting")
		}
		after := before.signed(c, in.Name)
		after.link, after.LinkExpires = access.LinkID{}, nil
		after.confirm(c)
		return agreements.Save(c, before, after, "", nil)
	},
})

// signed is the agreement once it is signed.
func (a Agreement) signed(c *operation.Call, name string) Agreement {
	a.State, a.SignedName, a.SignedOn, a.SignedAt = InForce, name, c.Today(), operation.Instant(c.Now)
	return a
}

// EndInput ends an agreement.
type EndInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Note    string `json:"note,omitempty" maxLength:"2000" text:"lines" doc:"Why; for the backbone."`
}

// End ends an agreement for good: from then on no file can be taken under it.
var End = operation.Define(operation.Operation[EndInput, Agreement]{
	Definition: operation.Definition{ID: "evaluator-agreements.end", Summary: "Ends an agreement with an evaluator; no file can be taken under it any more", Method: "POST", Path: "/evaluator-agreements/{id}/end"},
	Run: func(c *operation.Call, in EndInput) (Agreement, error) {
		before, err := agreements.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.State != InForce && before.State != Expired {
			return before, operation.InvalidField("id", "errors.evaluator_not_signed")
		}
		after := before
		after.State, after.EndedOn, after.EndNote = Ended, c.Today(), in.Note
		return agreements.Save(c, before, after, "", nil)
	},
})

// Trash puts an agreement that was never signed in the trash.
var Trash = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "evaluator-agreements.trash", Summary: "Puts an agreement that was never signed in the trash", Method: "DELETE", Path: "/evaluator-agreements/{id}"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		a, err := get(c, in.ID)
		if err == nil && a.concluded() {
			return a, operation.InvalidField("id", "errors.evaluator_signed")
		}
		if err != nil {
			return a, err
		}
		return agreements.Trash(c, in.ID, in.Version)
	},
})

// Restore takes an agreement out of the trash.
var Restore = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "evaluator-agreements.restore", Summary: "Takes an agreement with an evaluator out of the trash", Method: "POST", Path: "/evaluator-agreements/{id}/restore"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		return agreements.Restore(c, in.ID, in.Version)
	},
})

// ListFileable lists the waves of which a file may go to an evaluator.
var ListFileable = operation.Define(operation.Operation[TermsInput, operation.Page[surveys.Fileable]]{
	Definition: operation.Definition{ID: "evaluator-files.list", Summary: "Lists the survey waves of which a de-identified file may go to an evaluator", ReadOnly: true, Method: "GET", Path: "/evaluator-files"},
	Run: func(c *operation.Call, _ TermsInput) (operation.Page[surveys.Fileable], error) {
		list, err := surveys.FileableWaves(c)
		return operation.Whole(slices.Clip(list)), err
	},
})
