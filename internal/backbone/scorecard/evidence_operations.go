package scorecard

import (
	"cmp"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// proven is the noun.
var proven = &operation.Noun[Evidence, EvidenceID]{Kind: EvidenceKind, Area: "scorecard-evidence", Get: getEvidence, Update: updateEvidence,
	Head: func(e *Evidence) operation.Head[EvidenceID] {
		return operation.HeadOf(e.ID, &e.Version, &e.UpdatedAt, &e.DeletedAt)
	},
	Title:   Evidence.Name,
	Visible: func(e Evidence, c *operation.Call) Evidence { return e.seen(c) },
}

// seen is the evidence without a story that may not be told any more, but for those who
// look after it.
func (e Evidence) seen(c *operation.Call) Evidence {
	if e.hushed(c.Today()) && !c.Can("scorecard-evidence.edit") {
		e.hush()
	}
	return e
}

// hush takes out what a story tells, and whose it is.
func (e *Evidence) hush() {
	e.Title, e.Note, e.Alongside, e.Teller, e.TellerName, e.TellerID = "", "", "", "", "", directory.PersonID{}
}

// GetEvidence reads one piece of evidence with what it tells; one that was withdrawn for
// those who may bring it back.
var GetEvidence = operation.Define(operation.Operation[EvidenceRef, Evidence]{
	Definition: operation.Definition{ID: "scorecard-evidence.get", Summary: "Reads one piece of evidence of the backbone scorecard", ReadOnly: true, Method: "GET", Path: "/scorecard/evidence/{id}"},
	Run: func(c *operation.Call, in EvidenceRef) (Evidence, error) {
		e, err := proven.Read(c, in.ID)
		if err != nil {
			return e, err
		}
		one := []Evidence{e}
		err = newTelling(c, c.Today()).tell(one, false)
		return one[0], err
	},
})

// AddEvidence adds evidence to a function.
var AddEvidence = operation.Define(operation.Operation[EvidenceInput, Evidence]{
	Definition: operation.Definition{ID: "scorecard-evidence.create", Summary: "Adds evidence to a function of the backbone: a survey item, a count, a document or a story", Method: "POST", Path: "/scorecard/evidence"},
	Run:        addEvidence,
})

func addEvidence(c *operation.Call, in EvidenceInput) (Evidence, error) {
	e := Evidence{ID: id.New[Evidence](), Function: in.Function, Kind: in.Kind, HappenedOn: in.HappenedOn, Title: in.Title, Note: in.Note, ByID: c.Actor.Person, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if e.ByID.IsZero() {
		e.alone = c.Actor.Name
	}
	switch in.Kind {
	case SurveyItem:
		e.WaveID, e.Item = in.WaveID, in.Item
	case Count:
		if in.Measure != "" {
			e.Measure, e.Period = in.Measure, in.Period
		} else {
			e.Amount, e.Source = in.Amount, in.Source
		}
	case Document:
		e.MaterialID, e.Link = in.MaterialID, in.Link
	case Story:
		e.Alongside, e.TellerID, e.TellerName = in.Alongside, in.TellerID, in.TellerName
		e.Consent, e.ConsentedOn, e.ConsentUntil = in.Consent, in.ConsentedOn, in.ConsentUntil
	}
	var faults operation.Faults
	if err := knownFunction(c, in.Function, &faults); err != nil {
		return e, err
	}
	if err := e.check(c, nil, &faults); err != nil {
		return e, err
	}
	if err := faults.Err(); err != nil {
		return e, err
	}
	e.HappenedOn = cmp.Or(e.HappenedOn, c.Today())
	all, err := evidenceOf(c, e.Function)
	if err != nil {
		return e, err
	}
	if len(all) >= mostEvidence {
		return e, operation.InvalidField("function", "errors.too_many_items", map[string]any{"Maximum": mostEvidence})
	}
	if err := insertEvidence(c, e); err != nil {
		return e, err
	}
	if e, err = getEvidence(c, e.ID); err != nil {
		return e, err
	}
	return proven.Added(c, e)
}

// EditEvidence changes what is said of a piece of evidence. What it points at stays: for
// another one, withdraw it and add that.
var EditEvidence = operation.Define(operation.Operation[EvidencePatch, Evidence]{
	Definition: operation.Definition{ID: "scorecard-evidence.edit", Summary: "Changes what is said of a piece of evidence", Method: "PATCH", Path: "/scorecard/evidence/{id}"},
	Run: func(c *operation.Call, in EvidencePatch) (Evidence, error) {
		before, err := proven.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		var faults operation.Faults
		if err := after.check(c, &before, &faults); err != nil {
			return before, err
		}
		if err := faults.Err(); err != nil {
			return before, err
		}
		if after.Teller, err = tellerOf(c, after); err != nil {
			return before, err
		}
		return proven.Save(c, before, after, "scorecard-evidence.edit", func(after Evidence) any {
			undo := EvidencePatch{ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// tellerOf names whose story it is.
func tellerOf(c *operation.Call, e Evidence) (string, error) {
	if e.TellerName != "" || e.TellerID.IsZero() {
		return e.TellerName, nil
	}
	p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: e.TellerID})
	return p.Name(), operation.IgnoreMissing(err)
}

// TrashEvidence withdraws a piece of evidence.
var TrashEvidence = operation.Define(operation.Operation[EvidenceVersion, Evidence]{
	Definition: operation.Definition{ID: "scorecard-evidence.trash", Summary: "Withdraws a piece of evidence", Method: "DELETE", Path: "/scorecard/evidence/{id}"},
	Run: func(c *operation.Call, in EvidenceVersion) (Evidence, error) {
		return proven.Trash(c, in.ID, in.Version)
	},
})

// RestoreEvidence brings a piece of evidence back that was withdrawn.
var RestoreEvidence = operation.Define(operation.Operation[EvidenceVersion, Evidence]{
	Definition: operation.Definition{ID: "scorecard-evidence.restore", Summary: "Brings a piece of evidence back that was withdrawn", Method: "POST", Path: "/scorecard/evidence/{id}/restore"},
	Run: func(c *operation.Call, in EvidenceVersion) (Evidence, error) {
		return proven.Restore(c, in.ID, in.Version)
	},
})
