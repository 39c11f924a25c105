package collaborative_test

import (
	"strings"
	"sync"
	"testing"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/operation"
)

func TestPrinciplesNeverChange(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx, k := h.found(t, collaborative.CreateInput{Name: "Maple", Zone: "America/Los_Angeles"})
		ctx = inside(ctx, k, operation.Director)
		adopt := func(in collaborative.AdoptInput) (collaborative.Principles, error) {
			return collaborative.AdoptPrinciples.Do(ctx, h.door, in)
		}
		first := must[collaborative.Principles](t)(adopt(collaborative.AdoptInput{Body: "We listen first.\r\n\r\nWe share credit.  "}))
		// In Los Angeles it is still the day before.
		if first.Number != 1 || first.AdoptedOn != "2026-05-13" || first.Body != "We listen first.\n\nWe share credit." {
			t.Errorf("first = %+v", first)
		}
		second := must[collaborative.Principles](t)(adopt(collaborative.AdoptInput{Body: "We listen.", AdoptedOn: "2026-01-01", Newest: 1}))
		if second.Number != 2 || second.AdoptedOn != "2026-01-01" {
			t.Errorf("second = %+v", second)
		}
		_, err := adopt(collaborative.AdoptInput{Body: "Mine", Newest: 1})
		wantKind(t, err, operation.Conflict)
		_, err = adopt(collaborative.AdoptInput{Body: "Mine", Newest: 2, AdoptedOn: "2026-05-14"})
		wantFault(t, err, "adopted_on", "principles.day_ahead")
		_, err = adopt(collaborative.AdoptInput{Body: " \n ", Newest: 2})
		wantFault(t, err, "body", "errors.required")
		_, err = adopt(collaborative.AdoptInput{Body: strings.Repeat("x", 20_001), Newest: 2})
		wantFault(t, err, "body", "errors.too_long")
		_, err = adopt(collaborative.AdoptInput{Body: "x", Newest: 2, AdoptedOn: "2026-02-30"})
		wantFault(t, err, "adopted_on", "errors.not_a_date")

		again := must[collaborative.Principles](t)(collaborative.GetPrinciples.Do(ctx, h.door, collaborative.PrinciplesRef{Number: 1}))
		if again.Body != first.Body || again.AdoptedOn != first.AdoptedOn || again.ID != first.ID {
			t.Errorf("the first version is now %+v", again)
		}
		page := must[operation.Page[collaborative.Principles]](t)(collaborative.ListPrinciples.Do(ctx, h.door, collaborative.ListPrinciplesInput{}))
		if len(page.Items) != 2 || page.Items[0].Number != 2 {
			t.Errorf("list = %+v", page.Items)
		}
		for _, role := range operation.Roles[1:] {
			_, err := collaborative.AdoptPrinciples.Do(inside(ctx, k, role), h.door, collaborative.AdoptInput{Body: "x", Newest: 2})
			wantKind(t, err, operation.Forbidden)
		}
		log := must[operation.Page[operation.Entry]](t)(operation.ListHistory.Do(ctx, h.door, operation.ListHistoryInput{Limit: 1}))
		if log.Items[0].Operation != "principles.adopt" || log.Items[0].Undoable {
			t.Errorf("log = %+v", log.Items[0])
		}

		_, other := h.found(t, collaborative.CreateInput{Name: "Cedar"})
		elsewhere := must[operation.Page[collaborative.Principles]](t)(collaborative.ListPrinciples.Do(inside(ctx, other, operation.Director), h.door, collaborative.ListPrinciplesInput{}))
		if len(elsewhere.Items) != 0 {
			t.Errorf("another collaborative shows %+v", elsewhere.Items)
		}
	})
}

// Two who adopt from the same version do not adopt past each other.
func TestAdoptionsAtOnce(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		ctx, _ := h.found(t, collaborative.CreateInput{Name: "Maple"})
		var wg sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			wg.Go(func() {
				_, results[i] = collaborative.AdoptPrinciples.Do(ctx, h.door, collaborative.AdoptInput{Body: "Version of one of us"})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else {
				wantKind(t, err, operation.Conflict)
			}
		}
		if won != 1 {
			t.Errorf("%d adoptions succeeded", won)
		}
	})
}
