package evaluation

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// TermsKind names a version of the terms as a subject.
const TermsKind = "evaluator-terms"

// Terms is one version of what evaluators promise, by language.
type Terms struct {
	ID        TermsID           `json:"id,omitzero" audit:"-"`
	Number    int64             `json:"number" doc:"0 for the terms that come with the program."`
	Texts     map[string]string `json:"texts" doc:"By language: en, fr, es."`
	AdoptedAt *time.Time        `json:"adopted_at,omitempty" audit:"-"`
	By        string            `json:"by,omitempty" audit:"-"`
}

// TermsID names a version of the terms.
type TermsID = id.Of[Terms]

// builtIn are the terms that come with the program.
func builtIn() Terms {
	t := Terms{Texts: map[string]string{}}
	for _, l := range i18n.Languages() {
		t.Texts[l] = i18n.T(i18n.With(context.Background(), l), "evaluation.terms")
	}
	return t
}

// newest is the newest version of the terms. Where one says nothing in a language, the
// program's own words stand.
func newest(c *operation.Call) (Terms, error) {
	t, err := store.One(c.Tx, func(row store.Row) (t Terms, err error) {
		var at time.Time
		err = row.Scan(&t.ID, &t.Number, store.ScanJSON(&t.Texts), &t.By, store.ScanTime(&at))
		t.AdoptedAt = operation.Instant(at)
		return t, err
	}, `SELECT id, number, texts, by_name, adopted_at FROM evaluator_terms WHERE collaborative_id = $1 ORDER BY number DESC LIMIT 1`)
	if errors.Is(err, store.ErrNotFound) {
		return builtIn(), nil
	}
	for l, text := range builtIn().Texts {
		if err == nil && t.Texts[l] == "" {
			t.Texts[l] = text
		}
	}
	return t, err
}

// TermsInput asks for nothing.
type TermsInput struct{}

// GetTerms reads the newest version of what evaluators promise.
var GetTerms = operation.Define(operation.Operation[TermsInput, Terms]{
	Definition: operation.Definition{ID: "evaluator-terms.get", Summary: "Reads what evaluators promise, in its newest version", ReadOnly: true, Method: "GET", Path: "/evaluator-terms"},
	Run:        func(c *operation.Call, _ TermsInput) (Terms, error) { return newest(c) },
})

// AdoptInput is a new version of the terms.
type AdoptInput struct {
	Newest int64  `json:"newest" minimum:"0" doc:"The number of the version that was read; a newer one answers with a conflict."`
	En     string `json:"en,omitempty" maxLength:"20000" text:"lines" doc:"In English; where a language is left out, the program's words stand."`
	Fr     string `json:"fr,omitempty" maxLength:"20000" text:"lines"`
	Es     string `json:"es,omitempty" maxLength:"20000" text:"lines"`
}

// AdoptTerms adds a version of the terms. Agreements keep the words they were made with.
var AdoptTerms = operation.Define(operation.Operation[AdoptInput, Terms]{
	Definition: operation.Definition{ID: "evaluator-terms.adopt", Summary: "Adopts a new version of what evaluators promise; agreements keep the words they were made with", Method: "POST", Path: "/evaluator-terms"},
	Validate: func(in *AdoptInput, faults *operation.Faults) {
		if in.En == "" && in.Fr == "" && in.Es == "" {
			faults.Add("en", "errors.required")
		}
	},
	Run: func(c *operation.Call, in AdoptInput) (Terms, error) {
		before, err := newest(c)
		if err != nil {
			return before, err
		}
		if before.Number != in.Newest {
			return before, operation.Stale(before)
		}
		now := c.Now
		after := Terms{ID: id.New[Terms](), Number: before.Number + 1, Texts: map[string]string{}, AdoptedAt: &now, By: c.Actor.Name}
		for l, text := range map[string]string{"en": in.En, "fr": in.Fr, "es": in.Es} {
			if text != "" {
				after.Texts[l] = text
			}
		}
		if _, err := c.Tx.Exec(`INSERT INTO evaluator_terms (collaborative_id, id, number, texts, by_name, adopted_at) VALUES ($1, $2, $3, $4, $5, $6)`, after.ID, after.Number, store.JSON(after.Texts), after.By, store.Micros(now)); err != nil {
			return after, err
		}
		c.Changed(operation.Subject{Kind: TermsKind, ID: after.ID}, "", after.Number, nil, nil)
		return newest(c)
	},
})
