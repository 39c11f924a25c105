package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// The structure of a collaborative at the limits of its design: its bodies,
// their seats, and for each the terms of half a century.
const (
	benchBodies = 40
	benchSeats  = 50 // of a body
	benchTerms  = 50 // of a seat
)

// structure loads bodies, seats and 100,000 terms, which with as many
// affiliations are the 200,000 dated memberships of the brief. Half the
// organizations changed their status since.
func (w *world) structure(ctx context.Context) error {
	ctx, err := w.director(ctx)
	if err != nil {
		return err
	}
	there, err := directory.ListBodies.Do(ctx, w.app.Door, directory.ListBodiesInput{Limit: 1})
	if err != nil {
		return err
	}
	if len(there.Items) > 0 {
		w.body = there.Items[0]
		return nil
	}
	people, err := directory.ListPeople.Do(ctx, w.app.Door, directory.ListPeopleInput{Limit: 200})
	if err != nil {
		return err
	}
	organizations, err := directory.ListOrganizations.Do(ctx, w.app.Door, directory.ListOrganizationsInput{Limit: 200})
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(3, 4)) // #nosec G404 -- an invented structure
	var top directory.BodyID
	for n := range benchBodies {
		kind := "working_group"
		if n == 0 {
			kind = "leadership_table"
		}
		b, err := directory.CreateBody.Do(ctx, w.app.Door, directory.BodyInput{Name: fmt.Sprintf("Body %d", n), Kind: kind, ParentID: top, Since: "1976-01-01"})
		if err != nil {
			return err
		}
		if n == 0 {
			top, w.body = b.ID, b
		}
		for k := range benchSeats {
			role := "member"
			if k == 0 {
				role = "chair"
			}
			in := directory.SeatInput{BodyID: b.ID, Role: role, Voting: k%5 > 0, Purpose: fmt.Sprintf("Voice %d", k), From: "1976-01-01"}
			day := time.Date(1976, 1, 1+random.IntN(300), 0, 0, 0, 0, time.UTC)
			for range benchTerms {
				next := day.AddDate(1, 0, 0)
				in.Terms = append(in.Terms, directory.TermInput{PersonID: people.Items[random.IntN(len(people.Items))].ID, OrganizationID: organizations.Items[random.IntN(len(organizations.Items))].ID,
					From: day.Format(time.DateOnly), Ends: next.Format(time.DateOnly), To: next.Format(time.DateOnly)})
				day = next
			}
			if random.IntN(10) > 0 { // every tenth seat is vacant
				in.Terms[benchTerms-1].To = ""
			}
			if _, err := directory.CreateSeat.Do(ctx, w.app.Door, in); err != nil {
				return err
			}
		}
	}
	for i, o := range organizations.Items {
		status, yes := "dormant", true
		if i%2 > 0 {
			continue
		}
		if _, err := directory.EditOrganization.Do(ctx, w.app.Door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Status: &status, Funder: &yes}); err != nil {
			return err
		}
	}
	return nil
}

// compare searches for records that resemble each other, as the program does by itself
// within a day, so that pages of people find what it left.
func (w *world) compare(ctx context.Context) error {
	director, err := w.director(ctx)
	if err != nil {
		return err
	}
	if _, err := directory.SearchResemblances.Do(director, w.app.Door, operation.None{}); err != nil {
		return err
	}
	begun := time.Now()
	for n := 1; n > 0; {
		if n, err = w.app.Worker.Work(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("%-44s %s\n", "search for duplicates", time.Since(begun).Round(time.Millisecond))
	return nil
}
