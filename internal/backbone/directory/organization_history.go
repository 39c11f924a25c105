package directory

import (
	"slices"

	"commontable/internal/platform/operation"
)

// OrganizationHistory is the whole dated history of one fact, to put in the
// place of the recorded one.
type OrganizationHistory struct {
	ID      OrganizationID `json:"id"`
	Version int64          `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Fact    string         `json:"fact" required:"true" enum:"status,funder,host,lead_organization,fiscal_sponsor"`
	Periods []Span         `json:"periods" maxItems:"50" doc:"In order, without overlap; a status goes on until the next one."`
}

// Span is one period of a history: a value from a day to another.
type Span struct {
	Value string `json:"value,omitempty" doc:"The status; for a part it may be left out."`
	From  string `json:"valid_from" required:"true" format:"date"`
	To    string `json:"valid_to,omitempty" format:"date" doc:"First day it no longer held; absent while it does."`
}

// CorrectOrganizationHistory replaces the dated history of a status or part, for
// when it was recorded wrongly or is known only later.
var CorrectOrganizationHistory = operation.Define(operation.Operation[OrganizationHistory, Organization]{
	Definition: operation.Definition{ID: "organizations.correct-history", Summary: "Replaces the dated history of an organization's status or part", Method: "PUT", Path: "/organizations/{id}/history"},
	Validate: func(in *OrganizationHistory, faults *operation.Faults) {
		if in.Fact == StatusFact && len(in.Periods) == 0 {
			faults.Add("periods", "errors.required")
		}
		for i := range in.Periods {
			if in.Fact != StatusFact {
				in.Periods[i].Value = played
			} else if !slices.Contains(Statuses, in.Periods[i].Value) {
				faults.Add("periods", "errors.not_offered")
			}
		}
	},
	Run: func(c *operation.Call, in OrganizationHistory) (Organization, error) {
		before, err := organizations.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.History, err = periodsOf(c, before.ID); err != nil {
			return before, err
		}
		fresh := make([]Period, len(in.Periods))
		for i, p := range in.Periods {
			fresh[i] = Period{Fact: in.Fact, Value: p.Value, From: p.From, To: p.To}
			// A member is always something: a status lasts until the next.
			if in.Fact == StatusFact && i > 0 {
				fresh[i-1].To = p.From
			}
			if in.Fact == StatusFact && i == len(in.Periods)-1 {
				fresh[i].To = ""
			}
		}
		var faults operation.Faults
		checkPeriods(fresh, c.Today(), &faults)
		if err := faults.Err(); err != nil {
			return before, err
		}
		old := only(before.History, in.Fact)
		if slices.Equal(old, fresh) {
			return before.visibleTo(c), nil
		}
		if err := replacePeriods(c, before.ID, in.Fact, fresh); err != nil {
			return before, err
		}
		after := before
		after.setFact(in.Fact, valueOn(fresh, c.Today()))
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if err := updateOrganization(c, before, after); err != nil {
			return before, err
		}
		c.Changed(after.Subject(), after.Name, after.Version, correctedHistory{periodTexts(old)}, correctedHistory{periodTexts(fresh)})
		undo := OrganizationHistory{ID: after.ID, Version: after.Version, Fact: in.Fact, Periods: []Span{}}
		for _, p := range old {
			undo.Periods = append(undo.Periods, Span{Value: p.Value, From: p.From, To: p.To})
		}
		c.UndoWith("organizations.correct-history", undo)
		after.History, err = periodsOf(c, after.ID)
		return after.visibleTo(c), err
	},
})

// correctedHistory is what the audit log keeps of a corrected history.
type correctedHistory struct {
	History []string `json:"history"`
}

func periodTexts(periods []Period) []string {
	out := make([]string, len(periods))
	for i, p := range periods {
		out[i] = p.Value + " " + p.From + " – " + p.To
	}
	return out
}

// only are the periods of one fact.
func only(periods []Period, fact string) []Period {
	out := []Period{}
	for _, p := range periods {
		if p.Fact == fact {
			out = append(out, p)
		}
	}
	return out
}

// valueOn is what a fact was on a day, "" for nothing.
func valueOn(periods []Period, day string) string {
	for _, p := range periods {
		if on(day, p.From, p.To) {
			return p.Value
		}
	}
	return ""
}
