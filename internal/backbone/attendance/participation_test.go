package attendance_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Whatever happens to attendance, meetings, actions, seats, rules and records that become
// one, the sums that are kept are those that counting everything from the beginning
// gives.
func TestSumsAreWhatCountingFromScratchGives(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		seed := uint64(time.Now().UnixNano())
		if strings.HasSuffix(t.Name(), "postgres") {
			seed++
		}
		t.Logf("seed %d", seed)
		w := newWalk(h, seed)
		for n := range 1500 {
			w.step()
			if n%20 == 19 {
				w.compare(n)
			}
		}
		for name := range w.moves() {
			if w.done[name] == 0 {
				t.Errorf("%s never happened: %v", name, w.done)
			}
		}
		if w.largest < 20 {
			t.Errorf("at most %d sums were compared", w.largest)
		}
	})
}

// walk changes things at random.
type walk struct {
	h             *house
	chance        *rand.Rand
	bodies        []directory.BodyID // the last is none
	organizations []directory.OrganizationID
	people        []directory.PersonID
	seats         []directory.SeatID
	meetings      []convening.MeetingID
	entries       []attendance.Ref
	actions       []actions.ID
	receipts      []operation.EntryID
	done          map[string]int
	largest       int
}

func newWalk(h *house, seed uint64) *walk {
	w := &walk{h: h, chance: rand.New(rand.NewPCG(seed, 1)), done: map[string]int{}}
	other := must[directory.Body](h.t)(directory.CreateBody.Do(h.director(), h.app.Door, directory.BodyInput{Name: "Team", Kind: "working_group"}))
	w.bodies = []directory.BodyID{h.table.ID, other.ID, {}}
	w.organizations = []directory.OrganizationID{h.clinic, h.school}
	w.people = []directory.PersonID{h.dana, h.eli, h.fay, h.gus, h.stranger}
	w.seats = []directory.SeatID{h.danas, h.elis, h.empty}
	for n := range 3 {
		w.organizations = append(w.organizations, h.organization(fmt.Sprintf("Organization %d", n)))
		w.people = append(w.people, h.person("P", fmt.Sprint(n)))
		w.seats = append(w.seats, must[directory.Seat](h.t)(directory.CreateSeat.Do(h.director(), h.app.Door,
			directory.SeatInput{BodyID: other.ID, Voting: true, From: "2025-01-01", OrganizationID: w.organizations[n], Terms: []directory.TermInput{{PersonID: w.people[n], From: "2025-02-01"}}})).ID)
	}
	return w
}

func pick[T any](w *walk, all []T) T { return all[w.chance.IntN(len(all))] }

// day is one of few days over the turn of a year, so that several meetings meet on one.
func (w *walk) day() string {
	return time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 4*w.chance.IntN(10)).Format(time.DateOnly)
}

func (w *walk) number(most int) *int64 {
	if n := w.chance.IntN(most + 2); n <= most {
		return ptr(int64(n))
	}
	return nil
}

func (w *walk) input() attendance.Input {
	in := attendance.Input{PersonID: pick(w, w.people), Minutes: w.number(60), Engagement: w.number(4), Turns: w.number(5)}
	switch w.chance.IntN(5) {
	case 0:
		in.PersonID, in.Name, in.Organization = directory.PersonID{}, fmt.Sprintf("Guest %d", w.chance.IntN(3)), "Clinic"
	case 1:
		in.SeatID = pick(w, w.seats)
	case 2:
		in.OrganizationID = pick(w, w.organizations)
	}
	return in
}

// moves are the changes, each by what it does.
func (w *walk) moves() map[string]func(context.Context) error {
	door := w.h.app.Door
	return map[string]func(context.Context) error{
		"a meeting": func(ctx context.Context) error {
			m, err := convening.CreateMeeting.Do(ctx, door, convening.MeetingInput{BodyID: pick(w, w.bodies), Title: "Meeting", On: w.day(), Starts: "10:00", Held: w.chance.IntN(3) > 0})
			if err == nil {
				w.meetings = append(w.meetings, m.ID)
			}
			return err
		},
		"a meeting changes": func(ctx context.Context) error {
			m, err := convening.GetMeeting.Do(ctx, door, convening.MeetingRef{ID: pick(w, w.meetings)})
			if err != nil {
				return err
			}
			in := convening.MeetingPatch{ID: m.ID, Version: m.Version}
			switch w.chance.IntN(3) {
			case 0:
				in.On = ptr(w.day())
			case 1:
				in.BodyID = ptr(pick(w, w.bodies))
			default:
				in.Minutes = ptr(int64(30 + w.chance.IntN(90)))
			}
			_, err = convening.EditMeeting.Do(ctx, door, in)
			return err
		},
		"a step": func(ctx context.Context) error {
			m, err := convening.GetMeeting.Do(ctx, door, convening.MeetingRef{ID: pick(w, w.meetings)})
			if err != nil {
				return err
			}
			_, err = convening.StepMeeting.Do(ctx, door, convening.StepInput{ID: m.ID, Version: m.Version, State: pick(w, m.Steps(w.h.clock.Now()))})
			return err
		},
		"a meeting is trashed or restored": func(ctx context.Context) error {
			m, err := convening.GetMeeting.Do(ctx, door, convening.MeetingRef{ID: pick(w, w.meetings)})
			if err != nil {
				return err
			}
			if m.DeletedAt != nil {
				_, err = convening.RestoreMeeting.Do(ctx, door, convening.MeetingVersion{ID: m.ID, Version: m.Version})
			} else if w.chance.IntN(2) == 0 {
				_, err = convening.TrashMeeting.Do(ctx, door, convening.MeetingVersion{ID: m.ID, Version: m.Version})
			}
			return err
		},
		"an entry": func(ctx context.Context) error {
			in := w.input()
			in.MeetingID = pick(w, w.meetings)
			a, err := attendance.Record.Do(ctx, door, in)
			if err == nil {
				w.entries = append(w.entries, attendance.Ref{MeetingID: a.MeetingID, ID: a.ID})
			}
			return err
		},
		"several entries": func(ctx context.Context) error {
			page, err := attendance.RecordSeveral.Do(ctx, door, attendance.SeveralInput{MeetingID: pick(w, w.meetings), Items: []attendance.Input{w.input(), w.input(), w.input()}})
			for _, a := range page.Items {
				w.entries = append(w.entries, attendance.Ref{MeetingID: a.MeetingID, ID: a.ID})
			}
			return err
		},
		"an entry changes": func(ctx context.Context) error {
			a, err := attendance.Get.Do(ctx, door, pick(w, w.entries))
			if err != nil {
				return err
			}
			in := attendance.Patch{MeetingID: a.MeetingID, ID: a.ID, Version: a.Version, Minutes: w.number(60), Engagement: w.number(4), Turns: w.number(5)}
			switch w.chance.IntN(4) {
			case 0:
				in.SeatID = ptr(pick(w, w.seats))
			case 1:
				in.OrganizationID = ptr(pick(w, w.organizations))
			case 2:
				in.PersonID = ptr(pick(w, w.people))
			default:
				in.SeatID, in.Turns = &directory.SeatID{}, ptr(int64(attendance.Unset))
			}
			_, err = attendance.Edit.Do(ctx, door, in)
			return err
		},
		"an entry goes or comes back": func(ctx context.Context) error {
			a, err := attendance.Get.Do(ctx, door, pick(w, w.entries))
			if err != nil {
				return err
			}
			at := attendance.AtVersion{MeetingID: a.MeetingID, ID: a.ID, Version: a.Version}
			if a.DeletedAt != nil {
				_, err = attendance.Restore.Do(ctx, door, at)
			} else {
				_, err = attendance.Trash.Do(ctx, door, at)
			}
			return err
		},
		"a seat is filled or left": func(ctx context.Context) error {
			s, err := directory.GetSeat.Do(ctx, door, directory.SeatRef{ID: pick(w, w.seats)})
			if err != nil {
				return err
			}
			if s.Term != nil && w.chance.IntN(2) == 0 {
				_, err = directory.VacateSeat.Do(ctx, door, directory.Vacate{ID: s.ID, Version: s.Version, On: w.day()})
			} else {
				_, err = directory.FillSeat.Do(ctx, door, directory.Fill{ID: s.ID, Version: s.Version, PersonID: pick(w, w.people[:3]), OrganizationID: pick(w, w.organizations), From: w.day()})
			}
			return err
		},
		"a seat changes": func(ctx context.Context) error {
			s, err := directory.GetSeat.Do(ctx, door, directory.SeatRef{ID: pick(w, w.seats)})
			if err != nil {
				return err
			}
			in := directory.SeatPatch{ID: s.ID, Version: s.Version, OrganizationID: ptr(pick(w, w.organizations))}
			if w.chance.IntN(2) == 0 {
				in.Terms = &[]directory.TermInput{{PersonID: pick(w, w.people[:2]), From: "2025-12-01", To: w.day()}}
			}
			_, err = directory.EditSeat.Do(ctx, door, in)
			return err
		},
		"a seat is trashed or restored": func(ctx context.Context) error {
			s, err := directory.GetSeat.Do(ctx, door, directory.SeatRef{ID: pick(w, w.seats)})
			if err != nil {
				return err
			}
			if s.DeletedAt != nil {
				_, err = directory.RestoreSeat.Do(ctx, door, directory.SeatVersion{ID: s.ID, Version: s.Version})
			} else {
				_, err = directory.TrashSeat.Do(ctx, door, directory.SeatVersion{ID: s.ID, Version: s.Version})
			}
			return err
		},
		"an action": func(ctx context.Context) error {
			in := actions.Input{Text: "Do", AgreedOn: "2025-12-01", DueOn: w.day()}
			switch w.chance.IntN(6) {
			case 0:
				in.OwnerOrganizationID = pick(w, w.organizations)
			case 1:
				in.Owner = "Somebody"
			case 2:
				in.OwnerPersonID, in.DueOn = pick(w, w.people), ""
			default:
				in.OwnerPersonID = pick(w, w.people)
			}
			if w.chance.IntN(4) > 0 {
				in.MeetingID = pick(w, w.meetings)
			}
			a, err := actions.Create.Do(ctx, door, in)
			if err == nil {
				w.actions = append(w.actions, a.ID)
			}
			return err
		},
		"an action changes": func(ctx context.Context) error {
			a, err := actions.Get.Do(ctx, door, actions.Ref{ID: pick(w, w.actions)})
			if err != nil {
				return err
			}
			in := actions.Patch{ID: a.ID, Version: a.Version, DueOn: ptr(w.day())}
			switch w.chance.IntN(4) {
			case 0:
				in.OwnerPersonID, in.OwnerOrganizationID = ptr(pick(w, w.people)), &directory.OrganizationID{}
			case 1:
				in.OwnerPersonID, in.OwnerOrganizationID = &directory.PersonID{}, ptr(pick(w, w.organizations))
			case 2:
				in.AgreedOn = ptr(w.day())
			}
			_, err = actions.Edit.Do(ctx, door, in)
			return err
		},
		"an action is settled": func(ctx context.Context) error {
			a, err := actions.Get.Do(ctx, door, actions.Ref{ID: pick(w, w.actions)})
			if err != nil {
				return err
			}
			in := actions.SettleInput{ID: a.ID, Version: a.Version, State: pick(w, actions.States), On: w.day(), Reason: "Because", DueOn: "2026-01-30"}
			_, err = actions.Settle.Do(ctx, door, in)
			return err
		},
		"an action is trashed or restored": func(ctx context.Context) error {
			a, err := actions.Get.Do(ctx, door, actions.Ref{ID: pick(w, w.actions)})
			if err != nil {
				return err
			}
			at := actions.Version{ID: a.ID, Version: a.Version}
			if a.DeletedAt != nil {
				_, err = actions.Restore.Do(ctx, door, at)
			} else {
				_, err = actions.Trash.Do(ctx, door, at)
			}
			return err
		},
		"somebody works elsewhere": func(ctx context.Context) error {
			p, err := directory.GetPerson.Do(ctx, door, directory.PersonRef{ID: pick(w, w.people)})
			if err != nil {
				return err
			}
			_, err = directory.SetAffiliations.Do(ctx, door, directory.PersonAffiliations{ID: p.ID, Version: p.Version, Affiliations: []directory.AffiliationInput{
				{OrganizationID: pick(w, w.organizations), From: "2025-01-01", To: w.day()}, {OrganizationID: pick(w, w.organizations), From: w.day(), Represents: w.chance.IntN(2) == 0},
			}})
			return err
		},
		"a rule": func(ctx context.Context) error {
			_, err := attendance.SetRule.Do(ctx, door, attendance.PresenceRule{BodyID: pick(w, w.bodies[:2]), Percent: int64(25 * w.chance.IntN(4))})
			return err
		},
		"organizations become one": func(ctx context.Context) error {
			kept, err := directory.GetOrganization.Do(ctx, door, directory.OrganizationRef{ID: pick(w, w.organizations)})
			if err != nil {
				return err
			}
			goes, err := directory.GetOrganization.Do(ctx, door, directory.OrganizationRef{ID: pick(w, w.organizations)})
			if err != nil {
				return err
			}
			if goes.DeletedAt != nil {
				_, err = directory.UnmergeOrganization.Do(ctx, door, directory.OrganizationVersion{ID: goes.ID, Version: goes.Version})
				return err
			}
			_, err = directory.MergeOrganizations.Do(ctx, door, directory.OrganizationMerge{ID: kept.ID, Version: kept.Version, MergeID: goes.ID, MergeVersion: goes.Version})
			return err
		},
		"people become one": func(ctx context.Context) error {
			kept, err := directory.GetPerson.Do(ctx, door, directory.PersonRef{ID: pick(w, w.people)})
			if err != nil {
				return err
			}
			goes, err := directory.GetPerson.Do(ctx, door, directory.PersonRef{ID: pick(w, w.people)})
			if err != nil {
				return err
			}
			if goes.DeletedAt != nil {
				_, err = directory.UnmergePerson.Do(ctx, door, directory.PersonVersion{ID: goes.ID, Version: goes.Version})
				return err
			}
			_, err = directory.MergePeople.Do(ctx, door, directory.PersonMerge{ID: kept.ID, Version: kept.Version, MergeID: goes.ID, MergeVersion: goes.Version})
			return err
		},
		"an undo": func(ctx context.Context) error {
			if len(w.receipts) == 0 {
				return operation.Missing()
			}
			_, err := operation.Undo.Do(ctx, door, operation.UndoInput{ID: w.receipts[len(w.receipts)-1-w.chance.IntN(min(3, len(w.receipts)))]})
			return err
		},
	}
}

// step does one thing. What cannot be done, because something changed or lies in
// the trash, is refused, and never fails.
func (w *walk) step() {
	w.h.t.Helper()
	moves := w.moves()
	name := pick(w, []string{"a meeting", "an entry", "an entry", "several entries", "a meeting changes", "a step", "a meeting is trashed or restored", "an entry changes", "an entry goes or comes back",
		"a seat is filled or left", "a seat changes", "a seat is trashed or restored", "an action", "an action", "an action changes", "an action is settled", "an action is settled", "an action is trashed or restored", "somebody works elsewhere", "a rule", "organizations become one", "people become one", "an undo"})
	switch {
	case len(w.meetings) == 0:
		name = "a meeting"
	case len(w.entries) == 0:
		name = "an entry"
	case len(w.actions) == 0:
		name = "an action"
	}
	w.h.clock.Advance(time.Second)
	var receipt operation.Receipt
	err := moves[name](operation.WithReceipt(w.h.director(), &receipt))
	switch operation.KindOf(err) {
	case 0:
		w.done[name]++
		if receipt.Undoable && name != "an undo" {
			w.receipts = append(w.receipts, receipt.Entry)
		}
	case operation.Invalid, operation.Conflict, operation.NotFound, operation.Forbidden:
	default:
		w.h.t.Fatalf("%s: %v\n%s", name, err, w.h.log.String())
	}
}

// sumOf names a sum: whose, of which body, and in which period.
type sumOf struct {
	body     directory.BodyID
	kind     string
	of       [16]byte
	span, on string
}

// compare compares everything that is kept with what the records say.
func (w *walk) compare(n int) {
	w.h.t.Helper()
	want, kept := w.scratch(), w.kept()
	w.largest = max(w.largest, len(want))
	w.span(want)
	for key, sum := range want {
		if !reflect.DeepEqual(kept[key], sum) {
			w.h.t.Fatalf("after %d steps (%v): %+v\nis  %+v\nnot %+v", n, w.done, key, kept[key], sum)
		}
	}
	for key := range kept {
		if _, ok := want[key]; !ok {
			w.h.t.Fatalf("after %d steps: %+v is kept as %+v and nothing was", n, key, kept[key])
		}
	}
}

// asked asks for the sums of a span, as a page would.
var asked = operation.Define(operation.Operation[operation.None, map[directory.OrganizationID]participation.Sum]{
	Definition: operation.Definition{ID: "test.participation", Summary: "Reads participation", ReadOnly: true, BrowserOnly: "for a test"},
	Run: func(c *operation.Call, _ operation.None) (map[directory.OrganizationID]participation.Sum, error) {
		out := map[directory.OrganizationID]participation.Sum{}
		book, err := attendance.Open(c, directory.BodyID{})
		if err != nil {
			return nil, err
		}
		numbers, err := book.Numbers()
		if err != nil {
			return nil, err
		}
		read, err := book.Sums(askedSpan)
		if err != nil {
			return nil, err
		}
		present, err := book.Present(askedSpan)
		if err != nil {
			return nil, err
		}
		apart, err := book.ByBody(askedSpan)
		if err != nil {
			return nil, err
		}
		var together participation.Sums
		for _, sums := range apart {
			if together, err = together.Plus(sums); err != nil {
				return nil, err
			}
		}
		if together.Total() != read.Total() {
			return nil, errors.New("the bodies come to something else than all of them")
		}
		for i, number := range numbers {
			for _, row := range read {
				if row.Number == number {
					out[i] = row.Sum
				}
			}
			if present.Has(number) != (out[i].Voice.Attended > 0) {
				return nil, errors.New("others were there than the sums say")
			}
		}
		return out, err
	},
})

// askedSpan begins and ends within months, and has whole ones in between.
var askedSpan = day.Span{From: day.Of(2025, time.December, 21), Until: day.Of(2026, time.January, 25)}

// span compares what reading a span gives with the sum of its days.
func (w *walk) span(want map[sumOf]participation.Sum) {
	w.h.t.Helper()
	sums := map[directory.OrganizationID]participation.Sum{}
	for key, sum := range want {
		if key.kind == "organization" && key.span == "day" && key.on >= askedSpan.From.String() && key.on < askedSpan.Until.String() {
			sums[key.of] = plus(sums[key.of], sum)
		}
	}
	got := must[map[directory.OrganizationID]participation.Sum](w.h.t)(asked.Do(operation.WithActor(w.h.director(), operation.System()), w.h.app.Door, operation.None{}))
	for i, sum := range sums {
		if got[i] != sum {
			w.h.t.Fatalf("of the span: %+v, not %+v", got[i], sum)
		}
	}
}

func (w *walk) read(fn func(tx *store.Tx) error) {
	w.h.t.Helper()
	if err := w.h.app.Store.Read(context.Background(), w.h.place.ID, fn); err != nil {
		w.h.t.Fatal(err)
	}
}

func (w *walk) kept() map[sumOf]participation.Sum {
	w.h.t.Helper()
	out := map[sumOf]participation.Sum{}
	w.read(func(tx *store.Tx) error {
		numbers := map[string]map[int][16]byte{"organization": {}, "seat": {}}
		if err := store.Each(tx, func(row store.Row) error {
			var kind string
			var i directory.SeatID
			var n int
			err := row.Scan(&kind, &i, &n)
			numbers[kind][n] = i
			return err
		}, `SELECT kind, of_id, number FROM participation_numbers WHERE collaborative_id = $1`); err != nil {
			return err
		}
		return store.Each(tx, func(row store.Row) error {
			var body directory.BodyID
			var span, on string
			var organizations, seats, present []byte
			if err := row.Scan(&body, &span, &on, &organizations, &seats, &present); err != nil {
				return err
			}
			for kind, raw := range map[string][]byte{"organization": organizations, "seat": seats} {
				sums, err := participation.SumsFromBytes(raw)
				if err != nil {
					return err
				}
				for _, r := range sums {
					i, ok := numbers[kind][r.Number]
					if !ok {
						return errors.New("a number of nobody")
					}
					out[sumOf{body, kind, i, span, on}] = r.Sum
				}
				if kind == "organization" && string(sums.Present().Bytes()) != string(present) {
					return errors.New("others were there than the sums say")
				}
			}
			return nil
		}, `SELECT body_id, span, first_on, organizations, seats, present FROM participation_periods WHERE collaborative_id = $1`)
	})
	return out
}
