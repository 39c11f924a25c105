package agreements

import (
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// read is one agreement as the actor may see it, from the trash for those who may
// restore it.
func read(c *operation.Call, i ID) (Agreement, error) {
	a, err := get(c, i)
	if err == nil && (a.DeletedAt != nil && !c.Can(restoreOperation) || !a.concluded() && !c.Can(editOperation)) {
		return Agreement{}, operation.Missing()
	}
	return a, err
}

// live reads an agreement that is about to be changed.
func live(c *operation.Call, i ID, version int64) (Agreement, error) {
	a, err := get(c, i)
	if err == nil && a.DeletedAt != nil {
		err = operation.Missing()
	}
	if err == nil && a.Version != version {
		err = operation.Stale(a.visibleTo(c))
	}
	return a, err
}

// save stores a change with its audit entry and, where undo is not "", the way
// back. A change that changes nothing leaves no trace.
func save(c *operation.Call, before, after Agreement, undo string, input func(after Agreement) any) (Agreement, error) {
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if err := update(c, after); err != nil {
		return after, err
	}
	c.Changed(after.Subject(), after.Organization, after.Version, before.recorded(), after.recorded())
	if undo != "" {
		c.UndoWith(undo, input(after))
	}
	after.State = after.stateOn(c.Today())
	return after.visibleTo(c), nil
}

func atVersion(a Agreement) any { return AtVersion{a.ID, a.Version} }

// refused says why something cannot be done with an agreement in its state; the
// key ends with what would be done.
func refused(key string) error { return operation.InvalidField("", key) }

// Get reads one agreement, also from the trash.
var Get = operation.Define(operation.Operation[Ref, Agreement]{
	Definition: operation.Definition{ID: "agreements.get", Summary: "Reads one membership agreement", ReadOnly: true, Method: "GET", Path: "/agreements/{id}"},
	Run: func(c *operation.Call, in Ref) (Agreement, error) {
		a, err := read(c, in.ID)
		if err != nil {
			return a, err
		}
		newest, err := newestPrinciples(c)
		if newest.Number > a.Principles {
			a.Newer = newest.Number
		}
		return a.visibleTo(c), err
	},
})

// newestPrinciples is the newest version; number 0 when there is none.
func newestPrinciples(c *operation.Call) (collaborative.Principles, error) {
	page, err := collaborative.ListPrinciples.WithinAsProgram(c, collaborative.ListPrinciplesInput{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return collaborative.Principles{}, err
	}
	return page.Items[0], nil
}

// settlePrinciples checks the version of the principles, or takes the newest.
func settlePrinciples(c *operation.Call, number int64) (int64, error) {
	if number == 0 {
		newest, err := newestPrinciples(c)
		if err == nil && newest.Number == 0 {
			err = operation.InvalidField("principles", "agreements.no_principles")
		}
		return newest.Number, err
	}
	_, err := collaborative.GetPrinciples.WithinAsProgram(c, collaborative.PrinciplesRef{Number: number})
	if kind := operation.KindOf(operation.Translate(err)); kind == operation.NotFound {
		err = operation.InvalidField("principles", "errors.not_offered")
	}
	return number, err
}

// settleSignatory checks the person who is to sign and takes from their record
// what is not given.
func settleSignatory(c *operation.Call, a *Agreement) error {
	if !a.SignatoryID.IsZero() {
		p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: a.SignatoryID})
		if operation.KindOf(operation.Translate(err)) == operation.NotFound || err == nil && p.DeletedAt != nil {
			return operation.InvalidField("signatory_id", "agreements.no_such_person")
		}
		if err != nil {
			return err
		}
		fill(&a.SignatoryName, p.Name())
		fill(&a.SignatoryEmail, p.Email)
		fill(&a.Language, p.Language)
		if p.Affiliation != nil && p.Affiliation.OrganizationID == a.OrganizationID {
			fill(&a.SignatoryTitle, p.Affiliation.Title)
		}
	}
	fill(&a.Language, c.Collaborative.Language)
	fill(&a.Language, i18n.Default)
	return nil
}

// follow lets go of what was known of the former signatory when another person
// is to sign, so that it becomes theirs.
func (a *Agreement) follow(before Agreement) {
	if a.SignatoryID.IsZero() || a.SignatoryID == before.SignatoryID {
		return
	}
	for _, f := range []struct {
		now *string
		was string
	}{{&a.SignatoryName, before.SignatoryName}, {&a.SignatoryTitle, before.SignatoryTitle}, {&a.SignatoryEmail, before.SignatoryEmail}} {
		if *f.now == f.was {
			*f.now = ""
		}
	}
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// organizationOf is the organization an agreement is made with.
func organizationOf(c *operation.Call, i directory.OrganizationID) (directory.Organization, error) {
	o, err := directory.GetOrganization.Within(c, directory.OrganizationRef{ID: i})
	if operation.KindOf(operation.Translate(err)) == operation.NotFound || err == nil && o.DeletedAt != nil {
		err = operation.InvalidField("organization_id", "errors.no_such_organization")
	}
	return o, err
}

// Create begins an agreement.
var Create = operation.Define(operation.Operation[Input, Agreement]{
	Definition: operation.Definition{ID: "agreements.create", Summary: "Begins a membership agreement with an organization", Method: "POST", Path: "/agreements"},
	Validate: func(in *Input, faults *operation.Faults) {
		if in.OrganizationID.IsZero() {
			faults.Add("organization_id", "errors.required")
		}
	},
	Run: create,
})

func create(c *operation.Call, in Input) (Agreement, error) {
	a := Agreement{ID: id.New[Agreement](), OrganizationID: in.OrganizationID, Text: in.Text, Transition: in.Transition, TermMonths: in.TermMonths,
		SignatoryID: in.SignatoryID, SignatoryName: in.SignatoryName, SignatoryTitle: in.SignatoryTitle, SignatoryEmail: in.SignatoryEmail, Language: in.Language,
		stored: Draft, State: Draft, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if a.TermMonths == 0 {
		a.TermMonths = DefaultTermMonths
	}
	o, err := organizationOf(c, in.OrganizationID)
	if err != nil {
		return a, err
	}
	a.Organization = o.Name
	if a.Principles, err = settlePrinciples(c, in.Principles); err != nil {
		return a, err
	}
	if err := settleSignatory(c, &a); err != nil {
		return a, err
	}
	if err := insert(c, a); err != nil {
		return a, err
	}
	c.Changed(a.Subject(), a.Organization, a.Version, nil, a.recorded())
	c.UndoWith("agreements.trash", atVersion(a))
	return a.visibleTo(c), nil
}

// Edit changes the given fields of a draft. What was sent is not changed under
// the eyes of whoever is to sign: it is withdrawn first.
var Edit = operation.Define(operation.Operation[Patch, Agreement]{
	Definition: operation.Definition{ID: "agreements.edit", Summary: "Changes a membership agreement that is still a draft", Method: "PATCH", Path: "/agreements/{id}"},
	Run: func(c *operation.Call, in Patch) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.stored != Draft {
			return before, refused("agreements.no_edit")
		}
		after := before
		operation.Patch(&after, in)
		if after.Principles != before.Principles {
			if _, err := settlePrinciples(c, after.Principles); err != nil {
				return before, err
			}
		}
		after.follow(before)
		if err := settleSignatory(c, &after); err != nil {
			return before, err
		}
		if len(operation.Diff(before.recorded(), after.recorded())) == 0 && before.SignatoryID == after.SignatoryID {
			c.Continue()
			return before.visibleTo(c), nil
		}
		return save(c, before, after, editOperation, func(after Agreement) any {
			undo := Patch{ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// Renew begins the agreement that is to follow one: a draft with the same words,
// term and signatory, and the newest principles.
var Renew = operation.Define(operation.Operation[Ref, Agreement]{
	Definition: operation.Definition{ID: "agreements.renew", Summary: "Begins the membership agreement that is to follow one", Method: "POST", Path: "/agreements/{id}/renew"},
	Run: func(c *operation.Call, in Ref) (Agreement, error) {
		a, err := read(c, in.ID)
		if err == nil && a.DeletedAt != nil {
			err = operation.Missing()
		}
		if err != nil {
			return a, err
		}
		if !a.concluded() {
			return a, refused("agreements.no_renew")
		}
		signatory := a.SignatoryID
		if !signatory.IsZero() {
			p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: signatory})
			gone := operation.KindOf(operation.Translate(err)) == operation.NotFound || err == nil && p.DeletedAt != nil
			if err != nil && !gone {
				return a, err
			}
			if gone {
				signatory = operation.PersonID{} // has left the record; their name stays
			}
		}
		return create(c, Input{OrganizationID: a.OrganizationID, Text: a.Text, Transition: a.Transition, TermMonths: a.TermMonths, SignatoryID: signatory,
			SignatoryName: a.SignatoryName, SignatoryTitle: a.SignatoryTitle, SignatoryEmail: a.SignatoryEmail, Language: a.Language})
	},
})

// Trash puts a draft in the trash. What was signed stays on record and can be
// ended.
var Trash = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "agreements.trash", Summary: "Puts a draft of a membership agreement in the trash", Method: "DELETE", Path: "/agreements/{id}"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.stored != Draft {
			return before, refused("agreements.no_trash")
		}
		after, now := before, c.Now
		after.DeletedAt = &now
		return save(c, before, after, restoreOperation, atVersion)
	},
})

// Restore takes a draft out of the trash.
var Restore = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "agreements.restore", Summary: "Takes a draft of a membership agreement out of the trash", Method: "POST", Path: "/agreements/{id}/restore"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		before, err := get(c, in.ID)
		if err != nil {
			return before, err
		}
		if before.Version != in.Version || before.DeletedAt == nil {
			return before, operation.Stale(before.visibleTo(c))
		}
		after := before
		after.DeletedAt = nil
		return save(c, before, after, "agreements.trash", atVersion)
	},
})

// EndInput ends an agreement before its time, or one whose term is over.
type EndInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	On      string `json:"on,omitempty" format:"date" doc:"First day it no longer holds; today when absent."`
	Note    string `json:"note,omitempty" text:"lines" maxLength:"2000" doc:"Why, and what the transition clause asks for now; for the backbone."`
}

// End ends an agreement that was signed.
var End = operation.Define(operation.Operation[EndInput, Agreement]{
	Definition: operation.Definition{ID: "agreements.end", Summary: "Ends a membership agreement", Method: "POST", Path: "/agreements/{id}/end"},
	Run: func(c *operation.Call, in EndInput) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.stored != Signed {
			return before, refused("agreements.no_end")
		}
		after := before
		after.stored, after.EndNote, after.To = Ended, in.Note, in.On
		fill(&after.To, c.Today())
		switch {
		case after.To > c.Today():
			return before, operation.InvalidField("on", "errors.day_ahead")
		case after.To < after.From:
			return before, operation.InvalidField("on", "errors.ends_before_it_begins")
		}
		return save(c, before, after, "agreements.resume", atVersion)
	},
})

// Resume takes back that an agreement was ended.
var Resume = operation.Define(operation.Operation[AtVersion, Agreement]{
	Definition: operation.Definition{ID: "agreements.resume", Summary: "Takes back that a membership agreement was ended", Method: "POST", Path: "/agreements/{id}/resume"},
	Run: func(c *operation.Call, in AtVersion) (Agreement, error) {
		before, err := live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.stored != Ended {
			return before, refused("agreements.no_resume")
		}
		others, err := inForce(c, before.OrganizationID, before.ID)
		if err != nil {
			return before, err
		}
		if len(others) > 0 {
			return before, refused("agreements.followed")
		}
		after := before
		after.stored, after.To, after.EndNote = Signed, "", ""
		return save(c, before, after, "agreements.end", func(after Agreement) any {
			return EndInput{ID: after.ID, Version: after.Version, On: before.To, Note: before.EndNote}
		})
	},
})
