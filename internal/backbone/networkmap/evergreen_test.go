package networkmap_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

func (v *valley) on(day string) {
	v.t.Helper()
	v.clock.Set(must[time.Time](v.t)(time.Parse(time.DateOnly, day)).Add(12 * time.Hour))
}

func (v *valley) ticks(w surveys.Wave, who int, ticked ...int) {
	v.t.Helper()
	link := operation.WithCollaborative(operation.WithActor(context.Background(), operation.Actor{Via: operation.ViaLink}), v.place)
	must[operation.None](v.t)(respond.Do(link, v.app.Door, reply{w.ID, v.people[who], func(view surveys.View) []surveys.Given {
		known := map[string]map[string]*int64{}
		for _, e := range view.Roster {
			for _, k := range ticked {
				if e.OrganizationID == v.organizations[k] {
					known[e.Key] = map[string]*int64{}
				}
			}
		}
		return []surveys.Given{{Question: "know", Answer: surveys.Answer{Known: known}}}
	}}))
}

// An evergreen wave is drawn as it stood on each day, by months: what changes within one
// and is changed back leaves no trace, and nobody sees the day on which somebody came.
func TestEvergreenTies(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		marked := v.instrument(drawnInstrument)
		v.on("2026-05-14")
		for _, of := range []struct {
			in         surveys.Input
			field, key string
		}{{surveys.Input{InstrumentID: marked, Mode: surveys.Anonymous, Evergreen: true}, "evergreen", "errors.survey_evergreen"},
			{surveys.Input{InstrumentID: marked, ClosesOn: "2026-06-01", Evergreen: true}, "closes_on", "errors.survey_evergreen_ends"}} {
			_, err := surveys.Create.Do(v.director(), v.app.Door, of.in)
			wantFault(t, err, of.field, of.key)
		}
		w := must[surveys.Wave](t)(surveys.Create.Do(v.director(), v.app.Door, surveys.Input{InstrumentID: marked, Title: "Always", Evergreen: true, AskAgain: 12}))
		w = must[surveys.Wave](t)(surveys.AddPeople.Do(v.director(), v.app.Door, surveys.PeopleInput{WaveID: w.ID, People: v.people[:5]}))
		w = v.step(w, surveys.Open)
		for who := range 4 {
			v.ticks(w, who, who+1)
		}
		v.on("2026-06-20")
		v.ticks(w, 4, 0)
		v.ticks(w, 0, 1, 2)
		v.ticks(w, 0, 1) // changed back
		v.ticks(w, 1, 3)
		v.on("2026-08-10")
		check := func(day string, want ...string) {
			t.Helper()
			slices.Sort(want)
			if got := v.told(networkmap.Input{AsOf: day}); !slices.Equal(got, want) {
				t.Errorf("on %s: %q, want %q", day, got, want)
			}
		}
		first := []string{"told: Clinic > School", "told: Library > Foundation", "told: Foundation > Church"}
		check("2026-06-30") // four answered: fewer than figures ask for
		check("2026-07-01", append(first, "told: School > Foundation", "told: Church > Clinic")...)
		if err := v.app.Store.Read(context.Background(), v.place.ID, func(tx *store.Tx) error {
			n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM survey_ties WHERE collaborative_id = $1`)
			if n != 6 { // five that stand, and what School ticked in May
				t.Errorf("%d ticks are kept, want 6", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// In August a new organization is asked, and one takes back a tick.
		must[surveys.Wave](t)(surveys.AddPeople.Do(v.director(), v.app.Door, surveys.PeopleInput{WaveID: w.ID, People: v.people[5:]}))
		v.ticks(w, 3, 5)
		v.on("2026-09-02")
		check("2026-08-31", append(first, "told: School > Foundation", "told: Church > Clinic")...)
		check("2026-09-01", "told: Clinic > School", "told: Library > Foundation", "told: Foundation > Radio", "told: School > Foundation", "told: Church > Clinic")
		for day, asked := range map[string]int{"2026-08-31": 5, "2026-09-01": 6} {
			if got := v.read(v.director(), networkmap.Input{AsOf: day}).Waves[0]; got.Asked != asked || got.Answered != 5 {
				t.Errorf("on %s %d of %d answered", day, got.Answered, got.Asked)
			}
		}
		c := must[networkmap.Change](t)(networkmap.GetChange.Do(v.director(), v.app.Door, networkmap.ChangeInput{Before: "2026-08-31", Input: networkmap.Input{AsOf: "2026-09-01"}}))
		if len(c.Waves) != 1 || c.Waves[0].Both != 5 || c.Waves[0].Kept != 4 || c.Waves[0].Lost != 1 || c.Waves[0].New != 0 {
			t.Errorf("change %+v", c.Waves) // Radio never answered, so that the tick of it is not compared
		}
		// Whoever is erased takes along all they ever told.
		if err := directory.EraseAgain(context.Background(), v.app.Door, v.place, v.people[1]); err != nil {
			t.Fatal(err)
		}
		for _, n := range v.read(v.director(), networkmap.Input{AsOf: "2026-08-31"}).Items {
			if n.Answer == networkmap.Silent {
				t.Errorf("%s is silent though too few are left to be drawn", n.Name)
			}
		}
	})
}

// A snapshot is a released wave of its own with the figures of the day; the wave stays open
// and drawn, the next snapshot tells the same where few changed, and so does the release
// of the wave itself.
func TestSnapshotIsAWave(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		v.on("2026-05-14")
		w := must[surveys.Wave](t)(surveys.Create.Do(v.director(), v.app.Door, surveys.Input{InstrumentID: v.instrument(drawnInstrument), Title: "Always", Evergreen: true}))
		w = must[surveys.Wave](t)(surveys.AddPeople.Do(v.director(), v.app.Door, surveys.PeopleInput{WaveID: w.ID, People: v.people}))
		w = v.step(w, surveys.Open)
		rate := func(who int, value int64) {
			link := operation.WithCollaborative(operation.WithActor(context.Background(), operation.Actor{Via: operation.ViaLink}), v.place)
			must[operation.None](t)(respond.Do(link, v.app.Door, reply{w.ID, v.people[who], func(view surveys.View) []surveys.Given {
				known := map[string]map[string]*int64{}
				for _, e := range view.Roster {
					known[e.Key] = map[string]*int64{"trust": ptr(value)}
				}
				return []surveys.Given{{Question: "know", Answer: surveys.Answer{Known: known}}}
			}}))
		}
		for who := range 4 {
			rate(who, int64(1+who))
		}
		_, err := surveys.Snapshot.Do(v.director(), v.app.Door, surveys.SnapshotInput{ID: w.ID})
		wantFault(t, err, "id", "errors.survey_few")
		rate(4, 2)
		rate(5, 3)
		snap := func() surveys.Told {
			t.Helper()
			s := must[surveys.Wave](t)(surveys.Snapshot.Do(v.director(), v.app.Door, surveys.SnapshotInput{ID: w.ID}))
			if s.State != surveys.Released || s.SnapshotOf != w.ID || s.Drawn {
				t.Errorf("the snapshot is %+v", s)
			}
			_, err := surveys.Create.Do(v.director(), v.app.Door, surveys.Input{InstrumentID: surveys.ShippedEdition("partner-trust", 2), FollowsID: s.ID})
			wantFault(t, err, "follows_id", "errors.survey_follows")
			return must[surveys.Told](t)(surveys.GetResults.Do(v.as(operation.CommunityMember), v.app.Door, surveys.Ref{ID: s.ID}))
		}
		trust := func(r surveys.Told) float64 {
			f := r.Questions[0].Items[0].All
			if f.N != 30 || r.Answered != 6 || r.Invited != 6 || len(r.Cuts) > 0 {
				t.Errorf("%+v of %d", f, r.Answered)
			}
			return f.Mean.Value
		}
		first := trust(snap())
		if !near(first, 2.5) {
			t.Errorf("trust is %v", first)
		}
		rate(0, 4)
		rate(1, 4)
		v.clock.Advance(time.Hour)
		if second := trust(snap()); !near(second, first) {
			t.Errorf("two who changed moved it to %v", second)
		}
		if open := must[surveys.Wave](t)(surveys.Get.Do(v.director(), v.app.Door, surveys.Ref{ID: w.ID})); open.State != surveys.Open || open.Answered != 6 {
			t.Errorf("the wave itself is %s", open.State)
		}
		if m := v.read(v.director(), networkmap.Input{AsOf: "2026-06-01"}); len(m.Waves) != 1 || m.Waves[0].Title != "Always" {
			t.Errorf("drawn: %+v", m.Waves)
		}
		if err := directory.EraseAgain(context.Background(), v.app.Door, v.place, v.people[2]); err != nil {
			t.Fatal(err)
		}
		w = v.step(must[surveys.Wave](t)(surveys.Get.Do(v.director(), v.app.Door, surveys.Ref{ID: w.ID})), surveys.Closed)
		w = v.step(w, surveys.Released)
		last := must[surveys.Told](t)(surveys.GetResults.Do(v.director(), v.app.Door, surveys.Ref{ID: w.ID}))
		if f := last.Questions[0].Items[0].All; !near(f.Mean.Value, first) {
			t.Errorf("released it is %v, which tells of who was erased", f.Mean.Value)
		}
	})
}
