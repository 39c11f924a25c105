package sample_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commontable/internal/app"
	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/sample"
	"commontable/internal/testing/migrated"
)

var ctx = context.Background()

var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func config(database, folder string, now time.Time) app.Config {
	return app.Config{DataDir: folder, DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"},
		Clock: clock.Fixed(now), Log: slog.New(slog.DiscardHandler)}
}

func open(t *testing.T, database string) *app.App {
	t.Helper()
	return openOn(t, database, today)
}

// openOn opens an installation on a day.
func openOn(t *testing.T, database string, now time.Time) *app.App {
	t.Helper()
	a, err := app.Open(ctx, config(database, migrated.Folder(t), now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// director is a context in which the sample's director looks at what there is.
func director(t *testing.T, a *app.App, slug string) context.Context {
	t.Helper()
	system := operation.WithActor(ctx, operation.System())
	page, err := collaborative.List.Do(system, a.Door, collaborative.ListInput{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Items {
		if c.Slug == slug {
			return operation.WithCollaborative(system, operation.Collaborative{ID: c.ID, Slug: slug, Zone: time.UTC})
		}
	}
	t.Fatalf("no collaborative %s", slug)
	return nil
}

// story is the small sample of seed 1 on SQLite, told once for all tests that only read
// in it.
var story struct {
	once   sync.Once
	folder string
	app    *app.App
	result sample.Result
	err    error
}

func TestMain(m *testing.M) {
	status := m.Run()
	if story.app != nil {
		if err := errors.Join(story.app.Close(), os.RemoveAll(story.folder)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = max(status, 1)
		}
	}
	os.Exit(status)
}

func told(t *testing.T) (*app.App, sample.Result) {
	t.Helper()
	story.once.Do(func() {
		if story.folder, story.err = os.MkdirTemp("", "commontable-story-"); story.err != nil {
			return
		}
		migrated.Fill(t, story.folder)
		if story.app, story.err = app.Open(ctx, config("", story.folder, today)); story.err == nil {
			story.result, story.err = sample.Build(ctx, story.app, sample.Options{Seed: 1})
		}
	})
	if story.app == nil || story.err != nil {
		t.Fatalf("the story could not be told: %v", story.err)
	}
	return story.app, story.result
}

func people(t *testing.T, ctx context.Context, a *app.App) (out []directory.Person) {
	t.Helper()
	in := directory.ListPeopleInput{Limit: 200}
	for {
		page, err := directory.ListPeople.Do(ctx, a.Door, in)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		if in.After = page.Next; in.After == "" {
			if page.Total != int64(len(out)) {
				t.Errorf("the count says %d, the list has %d", page.Total, len(out))
			}
			return out
		}
	}
}

func build(t *testing.T, a *app.App, o sample.Options) sample.Result {
	t.Helper()
	r, err := sample.Build(ctx, a, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSmall(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			var a *app.App
			var r sample.Result
			if engine == "postgres" {
				a = open(t, migrated.Database(t))
				r = build(t, a, sample.Options{Seed: 1})
			} else {
				a, r = told(t)
			}
			if len(r.Cast) != 12 || len(r.Collaboratives) != 2 {
				t.Errorf("%d players, %v", len(r.Cast), r.Collaboratives)
			}
			here := director(t, a, sample.Slug)
			if n := len(people(t, here, a)); n != 150 {
				t.Errorf("%d people", n)
			}
			organizations, err := directory.ListOrganizations.Do(here, a.Door, directory.ListOrganizationsInput{Limit: 200})
			if err != nil || len(organizations.Items) != 30 {
				t.Errorf("%d organizations, %v", len(organizations.Items), err)
			}
			found, err := directory.Search.Do(here, a.Door, directory.SearchInput{Text: "Beaulieu health"})
			if err != nil || len(found.Items) == 0 {
				t.Errorf("the index finds %d, %v", len(found.Items), err)
			}
			history, err := operation.ListHistory.Do(here, a.Door, operation.ListHistoryInput{Limit: 200})
			if err != nil || len(history.Items) < 190 || history.Items[0].At.Before(history.Items[100].At) {
				t.Errorf("history: %d entries, %v", len(history.Items), err)
			}
			for _, e := range history.Items {
				if e.At.After(today) {
					t.Errorf("%s happens only at %s", e.Operation, e.At)
				}
			}
			if n := len(people(t, director(t, a, "rio-claro"), a)); n < 20 {
				t.Errorf("%d people in the second collaborative", n)
			}
			// Told once, it is not told again.
			if again := build(t, a, sample.Options{Seed: 2}); !cmp.Equal(again, r) {
				t.Errorf("the second time: %v", again)
			}
		})
	}
}

// The same seed gives the same people, another seed others.
func TestSeeds(t *testing.T) {
	names := func(a *app.App) string {
		var out []string
		for _, p := range people(t, director(t, a, sample.Slug), a) {
			line := p.Name() + " " + p.Email + " " + p.CreatedAt.String()
			if p.Affiliation != nil {
				line += p.Affiliation.Organization + p.Affiliation.Title + p.Affiliation.ValidFrom
			}
			out = append(out, line)
		}
		return strings.Join(out, "\n")
	}
	one, _ := told(t)
	same, other := open(t, ""), open(t, "")
	build(t, same, sample.Options{Seed: 1})
	build(t, other, sample.Options{Seed: 8})
	first := names(one)
	if diff := cmp.Diff(first, names(same)); diff != "" {
		t.Error(diff)
	}
	if first == names(other) {
		t.Error("the seed makes no difference")
	}
}

func TestMedium(t *testing.T) {
	a := open(t, "")
	build(t, a, sample.Options{Seed: 1, Size: sample.Medium})
	if n := len(people(t, director(t, a, sample.Slug), a)); n != 900 {
		t.Errorf("%d people", n)
	}
}

// Of what was promised most was kept, some is late, given up, carried over or open
// still; and every kind of commitment was pledged and given.
func TestPromises(t *testing.T) {
	a, _ := told(t)
	here := director(t, a, sample.Slug)
	states := map[string]int{}
	for in := (actions.ListInput{Limit: 200}); ; {
		page, err := actions.List.Do(here, a.Door, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Items {
			states[one.State]++
			if one.State == actions.Done && one.EndedOn > one.DueOn {
				states["late"]++
			}
		}
		if in.After = page.Next; in.After == "" {
			break
		}
	}
	for _, state := range append([]string{"late"}, actions.States...) {
		if states[state] == 0 {
			t.Errorf("no action is %s: %v", state, states)
		}
	}
	p, err := together.Get.Do(here, a.Door, together.Input{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Kept.All < 10 || p.Kept.Rate < 0.5 || p.Kept.Rate > 0.95 {
		t.Errorf("follow-through %+v", p.Kept)
	}
	totals, err := commitments.GetTotals.Do(here, a.Door, commitments.TotalsInput{})
	if err != nil {
		t.Fatal(err)
	}
	pledged, given := map[string]bool{}, map[string]bool{}
	for _, row := range totals.Rows {
		pledged[row.Kind] = pledged[row.Kind] || row.Pledgers > 0
		given[row.Kind] = given[row.Kind] || row.Delivered > 0
	}
	for _, kind := range commitments.Kinds {
		if !pledged[kind] || !given[kind] && kind != commitments.LeadershipKind {
			t.Errorf("%s: pledged %t, given %t", kind, pledged[kind], given[kind])
		}
	}
}

// Times were found by asking, meetings came of them that took place, and one is looked
// for still; and of some of what was given something shows it.
func TestTimesFoundAndWhatShows(t *testing.T) {
	a := open(t, "")
	build(t, a, sample.Options{Seed: 1})
	here := director(t, a, sample.Slug)
	page, err := polls.List.Do(here, a.Door, polls.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	for _, p := range page.Items {
		states[p.State]++
		if p.Asked < 3 || p.Answered == 0 || p.State == polls.Open && p.Answered == p.Asked {
			t.Errorf("%s: %d of %d answered", p.Title, p.Answered, p.Asked)
		}
		if p.State != polls.Decided {
			continue
		}
		m, err := convening.GetMeeting.Do(here, a.Door, convening.MeetingRef{ID: p.MeetingID})
		if err != nil || m.State != convening.Held || !strings.HasPrefix(p.Chosen, m.On) {
			t.Errorf("%s at %s: %+v %v", p.Title, p.Chosen, m, err)
		}
	}
	if states[polls.Decided] != 3 || states[polls.Open] != 1 {
		t.Errorf("polls: %v", states)
	}
	shown := 0
	for in := (commitments.ListInput{Limit: 200}); ; {
		list, err := commitments.List.Do(here, a.Door, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range list.Items {
			e, err := materials.ListEvidence.Do(here, a.Door, commitments.CommitmentPart{CommitmentID: k.ID})
			if err != nil {
				t.Fatal(err)
			}
			shown += len(e.Items)
		}
		if in.After = list.Next; in.After == "" {
			break
		}
	}
	if shown == 0 {
		t.Error("nothing shows what was given")
	}
}

// On whatever day the story is told, it ends on that day: nothing took place after
// it, and something did not long before.
func TestOnAnyDay(t *testing.T) {
	now := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	a := openOn(t, "", now)
	build(t, a, sample.Options{Seed: 1})
	page, err := convening.ListMeetings.Do(director(t, a, sample.Slug), a.Door, convening.ListMeetingsInput{State: convening.Held, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 1 {
		t.Fatal("no meeting took place")
	}
	if on := page.Items[0].On; on > "2027-03-10" || on < "2027-02-20" {
		t.Errorf("the last meeting took place on %s", on)
	}
}
