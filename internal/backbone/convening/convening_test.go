package convening_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"commontable/internal/backbone"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

// table is a collaborative in Chicago with a leadership table of two.
type table struct {
	door            *operation.Door
	clock           *clock.Fake
	place           operation.Collaborative
	body            directory.BodyID
	ana, bo, cleo   directory.PersonID // chair, member, nobody in particular
	director, staff context.Context
}

// tables runs a test on both engines.
func tables(t *testing.T, test func(t *testing.T, at *table)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, newTable(t, store.Config{Path: migrated.File(t)}))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, newTable(t, store.Config{URL: migrated.Database(t)}))
	})
}

func newTable(t testing.TB, cfg store.Config) *table {
	t.Helper()
	cfg.Migrations = schema.Files
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	registry, err := operation.NewRegistry(directory.Operations(), convening.Operations(), operation.HistoryOperations())
	if err != nil {
		t.Fatal(err)
	}
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	at := &table{clock: clock.Fixed(time.Date(2026, 2, 2, 15, 0, 0, 0, time.UTC))}
	at.door = &operation.Door{Store: s, Clock: at.clock, Permissions: backbone.ParsedPermissions(), Registry: registry, Relations: convening.Relations{}, Log: slog.New(slog.DiscardHandler),
		Enqueue: func(*store.InstallationTx, time.Time, operation.Collaborative, []operation.Later) error { return nil }}
	at.place = operation.Collaborative{ID: operation.NewCollaborativeID(), Slug: "maple-valley", Name: "Maple Valley", Zone: chicago, Language: "en"}
	if err := s.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, 'maple-valley', 'Maple Valley', '', '', '', 'America/Chicago', 'en', '["en"]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, at.place.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	at.director, at.staff = at.as(operation.Director, operation.PersonID{}), at.as(operation.Staff, operation.PersonID{})
	body := do(t, at, at.director, directory.CreateBody, directory.BodyInput{Name: "Table", Kind: "leadership_table"})
	at.body = body.ID
	for _, p := range []struct {
		name string
		id   *directory.PersonID
		role string
	}{{"Ana", &at.ana, "chair"}, {"Bo", &at.bo, "member"}, {"Cleo", &at.cleo, ""}} {
		*p.id = do(t, at, at.director, directory.CreatePerson, directory.PersonInput{GivenName: p.name}).ID
		if p.role != "" {
			do(t, at, at.director, directory.CreateSeat, directory.SeatInput{BodyID: at.body, Role: p.role, Voting: true, From: "2020-01-01", Terms: []directory.TermInput{{PersonID: *p.id, From: "2020-01-01"}}})
		}
	}
	return at
}

func (at *table) as(role operation.Role, person operation.PersonID) context.Context {
	return operation.WithActor(operation.WithCollaborative(context.Background(), at.place),
		operation.Actor{Account: operation.NewAccountID(), Person: person, Name: "Ana Ruiz", Roles: []operation.Role{role}, Via: operation.ViaSession})
}

func do[In, Out any](t testing.TB, at *table, ctx context.Context, op *operation.Operation[In, Out], in In) Out {
	t.Helper()
	out, err := op.Do(ctx, at.door, in)
	if err != nil {
		t.Fatalf("%s: %v", op.ID, err)
	}
	return out
}

// refused expects an error of a kind.
func refused[In, Out any](t testing.TB, at *table, ctx context.Context, op *operation.Operation[In, Out], in In, kind operation.Kind) {
	t.Helper()
	if _, err := op.Do(ctx, at.door, in); operation.KindOf(err) != kind {
		t.Errorf("%s: %v, not %v", op.ID, err, kind)
	}
}

// undone runs an operation and takes it back.
func undone[In, Out any](t testing.TB, at *table, ctx context.Context, op *operation.Operation[In, Out], in In) {
	t.Helper()
	var receipt operation.Receipt
	do(t, at, operation.WithReceipt(ctx, &receipt), op, in)
	do(t, at, ctx, operation.Undo, operation.UndoInput{ID: receipt.Entry})
}

func ptr[T any](v T) *T { return &v }

func (at *table) coming(t testing.TB, s convening.SeriesID) []convening.Meeting {
	t.Helper()
	return do(t, at, at.staff, convening.ListMeetings, convening.ListMeetingsInput{SeriesID: s, From: at.clock.Now().Format(time.DateOnly), Sort: "starts", Limit: 200}).Items
}

// A series keeps its time of day on both sides of a change of the clocks, and one of
// its meetings that was moved stays moved, also when it is moved again and when the
// whole series changes.
func TestSeries(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		s := do(t, at, at.staff, convening.CreateSeries, convening.SeriesInput{BodyID: at.body, FirstOn: "2026-02-10", Starts: "09:00", Minutes: 90, Rule: "FREQ=MONTHLY;BYDAY=2TU"})
		list := at.coming(t, s.ID)
		if len(list) != 12 && len(list) != 13 {
			t.Fatalf("%d meetings a year", len(list))
		}
		for n, want := range []string{"2026-02-10T15:00:00Z", "2026-03-10T14:00:00Z", "2026-04-14T14:00:00Z"} {
			if got := list[n].StartsAt.Format(time.RFC3339); got != want || list[n].Starts != "09:00" || list[n].Title != "Table" {
				t.Errorf("%d: %s %s %q, not %s", n, got, list[n].Starts, list[n].Title, want)
			}
		}
		april := do(t, at, at.staff, convening.EditMeeting, convening.MeetingPatch{ID: list[2].ID, Version: list[2].Version, On: ptr("2026-04-16")})
		april = do(t, at, at.staff, convening.EditMeeting, convening.MeetingPatch{ID: april.ID, Version: april.Version, On: ptr("2026-04-17")})
		may := do(t, at, at.staff, convening.TrashMeeting, convening.MeetingVersion{ID: list[3].ID, Version: list[3].Version})
		item := do(t, at, at.staff, convening.AddItem, convening.ItemInput{MeetingID: list[1].ID, Title: "Budget"})

		changed := do(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: s.Version, FirstOn: ptr("2026-02-11"), Rule: ptr("FREQ=MONTHLY;BYDAY=2WE"), Starts: ptr("10:00")})
		list = at.coming(t, s.ID)
		if list[0].On != "2026-02-11" || list[0].Starts != "10:00" || list[1].On != "2026-03-11" || list[0].Sequence != 1 {
			t.Errorf("moved to %s %s, %s", list[0].On, list[0].Starts, list[1].On)
		}
		if got := list[2]; got.ID != april.ID || got.On != "2026-04-17" || got.Starts != "09:00" {
			t.Errorf("the exception went to %s %s", got.On, got.Starts)
		}
		if slices.ContainsFunc(list, func(m convening.Meeting) bool { return m.ID == may.ID }) {
			t.Error("what was put in the trash came back")
		}
		if got := do(t, at, at.staff, convening.ListItems, convening.MeetingPart{MeetingID: list[1].ID}).Items; len(got) != 1 || got[0].ID != item.ID {
			t.Errorf("the agenda was lost: %+v", got)
		}
		// An end takes what lies behind it away, and opening it again brings it back.
		ended := do(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: changed.Version, LastOn: ptr("2026-06-30")})
		if n := len(at.coming(t, s.ID)); n > 5 {
			t.Errorf("%d meetings behind the end", n)
		}
		do(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: ended.Version, LastOn: ptr("")})
		if n := len(at.coming(t, s.ID)); n < 11 {
			t.Errorf("only %d meetings after it was opened again", n)
		}
		refused(t, at, at.staff, convening.CreateSeries, convening.SeriesInput{FirstOn: "2026-02-10", Title: "Never", Starts: "09:00", Rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, operation.Invalid)
		refused(t, at, at.staff, convening.CreateSeries, convening.SeriesInput{FirstOn: "2026-02-10", Title: "Always", Starts: "09:00", Rule: "FREQ=SECONDLY"}, operation.Invalid)
		refused(t, at, at.staff, convening.CreateSeries, convening.SeriesInput{FirstOn: "2026-02-10", Title: "Mars", Zone: "Mars/Olympus", Starts: "09:00", Rule: "FREQ=YEARLY"}, operation.Invalid)
	})
}

// The year ahead is kept full as time goes by, and what was made is not made twice.
func TestSeriesGoesOn(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		s := do(t, at, at.staff, convening.CreateSeries, convening.SeriesInput{BodyID: at.body, FirstOn: "2026-02-10", Starts: "09:00", Rule: "FREQ=MONTHLY;BYDAY=2TU"})
		all := func() int {
			return len(do(t, at, at.staff, convening.ListMeetings, convening.ListMeetingsInput{SeriesID: s.ID, Limit: 200}).Items)
		}
		before := all()
		do(t, at, at.staff, convening.ExtendSeries, convening.SeriesRef{ID: s.ID})
		if all() != before {
			t.Error("made twice")
		}
		at.clock.Advance(90 * 24 * time.Hour)
		do(t, at, at.staff, convening.ExtendSeries, convening.SeriesRef{ID: s.ID})
		if got := all() - before; got != 2 { // March and April of the next year
			t.Errorf("a quarter later %d more", got)
		}
		s = do(t, at, at.staff, convening.GetSeries, convening.SeriesRef{ID: s.ID})
		undone(t, at, at.director, convening.TrashSeries, convening.SeriesVersion{ID: s.ID, Version: s.Version})
		if n := len(at.coming(t, s.ID)); n < 12 {
			t.Errorf("%d meetings after the trash was taken back", n)
		}
	})
}

// A meeting goes through its states and back, and not past what happened.
func TestSteps(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		m := do(t, at, at.staff, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-02-05", Starts: "09:00"})
		refused(t, at, at.staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held}, operation.Invalid) // it has not begun
		m = do(t, at, at.staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.AgendaSent})
		at.clock.Advance(7 * 24 * time.Hour)
		m = do(t, at, at.staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
		refused(t, at, at.staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.RecapSent}, operation.Invalid) // nothing is written
		m = do(t, at, at.staff, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, Recap: ptr("We agreed.")})
		member := at.as(operation.TableMember, at.bo)
		if got := do(t, at, member, convening.GetMeeting, convening.MeetingRef{ID: m.ID}); got.Recap != "" || got.MayEdit {
			t.Errorf("a member reads a draft: %+v", got)
		}
		m = do(t, at, at.staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.RecapSent})
		if got := do(t, at, member, convening.GetMeeting, convening.MeetingRef{ID: m.ID}); got.Recap != "We agreed." {
			t.Errorf("a member does not read the recap: %+v", got)
		}
		undone(t, at, at.director, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Closed})
		if got := do(t, at, at.staff, convening.GetMeeting, convening.MeetingRef{ID: m.ID}); got.State != convening.RecapSent {
			t.Errorf("taken back to %s", got.State)
		}
	})
}

// What is to be done follows the meeting when it moves; a checklist is used once
// however often it is asked for.
func TestPreparations(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		m := do(t, at, at.staff, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-03-20", Starts: "09:00"})
		page := do(t, at, at.staff, convening.UseChecklist, convening.UseInput{MeetingID: m.ID})
		again := do(t, at, at.staff, convening.UseChecklist, convening.UseInput{MeetingID: m.ID})
		if len(page.Items) < 15 || len(again.Items) != len(page.Items) {
			t.Fatalf("%d lines, then %d", len(page.Items), len(again.Items))
		}
		first := page.Items[0]
		if first.DueOn != "2026-02-20" {
			t.Errorf("due on %s", first.DueOn)
		}
		do(t, at, at.staff, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, On: ptr("2026-03-27")})
		after := do(t, at, at.staff, convening.ListPreparations, convening.ListPreparationsInput{MeetingID: m.ID}).Items
		if after[0].ID != first.ID || after[0].DueOn != "2026-02-27" {
			t.Errorf("moved to %s", after[0].DueOn)
		}
	})
}

// Unfinished items go to a later meeting once, and come back when that is undone.
func TestCarryForward(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		from := do(t, at, at.staff, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-02-05", Starts: "09:00"})
		to := do(t, at, at.staff, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-03-05", Starts: "09:00"})
		first := do(t, at, at.staff, convening.AddItem, convening.ItemInput{MeetingID: from.ID, Title: "Budget"})
		do(t, at, at.staff, convening.AddItem, convening.ItemInput{MeetingID: from.ID, Title: "Site visit", OwnerID: at.bo})
		do(t, at, at.staff, convening.EditItem, convening.ItemPatch{MeetingID: from.ID, ID: first.ID, Version: first.Version, State: ptr(convening.ItemDone)})
		states := func(m convening.MeetingID) (out []string) {
			for _, i := range do(t, at, at.staff, convening.ListItems, convening.MeetingPart{MeetingID: m}).Items {
				out = append(out, i.Title+" "+i.State+" "+i.Owner)
			}
			return out
		}
		undone(t, at, at.director, convening.CarryItems, convening.CarryInput{MeetingID: from.ID, ToID: to.ID})
		if got := states(from.ID); !slices.Equal(got, []string{"Budget done ", "Site visit open Bo"}) || len(states(to.ID)) != 0 {
			t.Errorf("taken back: %v and %v", got, states(to.ID))
		}
		do(t, at, at.staff, convening.CarryItems, convening.CarryInput{MeetingID: from.ID, ToID: to.ID})
		do(t, at, at.staff, convening.CarryItems, convening.CarryInput{MeetingID: from.ID, ToID: to.ID})
		if got := states(to.ID); !slices.Equal(got, []string{"Site visit open Bo"}) {
			t.Errorf("carried: %v", got)
		}
	})
}

// Two people who write at once write two notes; the same note sent again after a
// lost answer is noted once, and nobody takes another's id.
func TestCaptures(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		m := do(t, at, at.staff, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-02-05", Starts: "09:00"})
		chair := at.as(operation.TableChair, at.ana)
		own := id.New[convening.Capture]()
		for range 3 {
			do(t, at, chair, convening.AddCapture, convening.CaptureInput{MeetingID: m.ID, ID: own, Text: "Said"})
		}
		do(t, at, at.staff, convening.AddCapture, convening.CaptureInput{MeetingID: m.ID, Text: "Heard", Kind: "decision"})
		refused(t, at, at.as(operation.Staff, at.cleo), convening.AddCapture, convening.CaptureInput{MeetingID: m.ID, ID: own, Text: "Other"}, operation.NotFound)
		got := do(t, at, at.staff, convening.ListCaptures, convening.MeetingPart{MeetingID: m.ID}).Items
		if len(got) != 2 || got[0].Text != "Said" || got[0].By != "Ana" {
			t.Errorf("%+v", got)
		}
		// Whoever has no part in the meeting reads no notes of it.
		refused(t, at, at.as(operation.TableMember, at.cleo), convening.ListCaptures, convening.MeetingPart{MeetingID: m.ID}, operation.Forbidden)
		do(t, at, at.staff, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: at.cleo, Part: "notes"})
		if n := len(do(t, at, at.as(operation.TableMember, at.cleo), convening.ListCaptures, convening.MeetingPart{MeetingID: m.ID}).Items); n != 2 {
			t.Errorf("who takes the notes reads %d", n)
		}
	})
}

// Everyone answers for themselves, and only those who prepare a meeting see who
// answered what.
func TestReplies(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		m := do(t, at, at.staff, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body, On: "2026-02-05", Starts: "09:00", Mode: "hybrid"})
		bo, cleo := at.as(operation.TableMember, at.bo), at.as(operation.TableMember, at.cleo)
		do(t, at, bo, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: at.bo, Reply: convening.ReplyAlternate, AlternateID: at.cleo})
		refused(t, at, bo, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: at.ana, Reply: convening.ReplyNo}, operation.Forbidden)
		refused(t, at, cleo, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: at.cleo, Reply: convening.ReplyNo}, operation.NotFound)
		refused(t, at, bo, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: at.bo, Reply: convening.ReplyAlternate, AlternateID: at.bo}, operation.Invalid)
		if seen := do(t, at, cleo, convening.ListPeople, convening.MeetingPart{MeetingID: m.ID}).Items; len(seen) != 0 {
			t.Errorf("who is not expected sees %+v", seen)
		}
		chair := at.as(operation.TableChair, at.ana)
		all := do(t, at, chair, convening.ListPeople, convening.MeetingPart{MeetingID: m.ID}).Items
		if len(all) != 2 || all[1].Reply != convening.ReplyAlternate || all[1].Alternate != "Cleo" {
			t.Errorf("the chair sees %+v", all)
		}
		at.clock.Advance(7 * 24 * time.Hour)
		m = do(t, at, at.staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
		refused(t, at, bo, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: at.bo, Reply: convening.ReplyYes}, operation.Invalid)
	})
}
