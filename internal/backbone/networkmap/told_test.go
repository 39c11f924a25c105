package networkmap_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

const drawnInstrument = `{"key":"ties","version":1,"minutes":4,"title":{"en":"Ties"},"sections":[{"key":"one","title":{"en":"Partners"},"questions":[
	{"key":"know","kind":"roster","text":{"en":"Whom do you work with?"},"scale":{"from":1,"to":4},"roster":{"of":"organizations","drawn":true,"rate":[{"key":"trust","text":{"en":"Trust"}}]}}]}]}`

// reply is one person's answers to a wave.
type reply struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	answer func(surveys.View) []surveys.Given
}

// respond hands in what somebody answers, as their link would.
var respond = operation.Define(operation.Operation[reply, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for tests alone", Secret: true},
	Run: func(c *operation.Call, in reply) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, in.answer)
	},
})

// ticking is who ticked whom, both by number; who is not in it did not answer.
type ticking map[int][]int

// ask opens a wave for everybody, takes answers, and closes it on a day.
func (v *valley) ask(instrument surveys.InstrumentID, title, mode, on string, t ticking) surveys.Wave {
	v.t.Helper()
	day := must[time.Time](v.t)(time.Parse(time.DateOnly, on))
	v.clock.Set(day.Add(12 * time.Hour))
	w := must[surveys.Wave](v.t)(surveys.Create.Do(v.director(), v.app.Door, surveys.Input{InstrumentID: instrument, Title: title, Mode: mode}))
	w = must[surveys.Wave](v.t)(surveys.AddPeople.Do(v.director(), v.app.Door, surveys.PeopleInput{WaveID: w.ID, People: v.people}))
	w = v.step(w, surveys.Open)
	for who, ticked := range t {
		link := operation.WithCollaborative(operation.WithActor(context.Background(), operation.Actor{Via: operation.ViaLink}), v.place)
		must[operation.None](v.t)(respond.Do(link, v.app.Door, reply{w.ID, v.people[who], func(view surveys.View) []surveys.Given {
			known := map[string]map[string]*int64{}
			for _, e := range view.Roster {
				for _, k := range ticked {
					if e.OrganizationID == v.organizations[k] {
						known[e.Key] = map[string]*int64{"trust": ptr(int64(1 + k%4))}
					}
				}
			}
			return []surveys.Given{{Question: "know", Answer: surveys.Answer{Known: known}}}
		}}))
	}
	return v.step(w, surveys.Closed)
}

func (v *valley) step(w surveys.Wave, state string) surveys.Wave {
	v.t.Helper()
	return must[surveys.Wave](v.t)(surveys.Step.Do(v.director(), v.app.Door, surveys.StepInput{ID: w.ID, Version: w.Version, State: state}))
}

func (v *valley) instrument(file string) surveys.InstrumentID {
	v.t.Helper()
	return must[surveys.Held](v.t)(surveys.Bring.Do(v.director(), v.app.Door, surveys.BringInput{Format: "json", File: file})).ID
}

func (v *valley) told(in networkmap.Input) []string {
	v.t.Helper()
	in.Layers = []string{networkmap.Told}
	out := v.said(v.read(v.director(), in))
	slices.Sort(out)
	return out
}

func measure(list []networkmap.ToldMeasure, key string) networkmap.ToldMeasure {
	for _, m := range list {
		if m.Key == key {
			return m
		}
	}
	return networkmap.ToldMeasure{}
}

// What was ticked is drawn from the day on which the wave was closed, once it is released,
// with who did not answer; of unmarked instruments and anonymous waves nothing is.
func TestToldTies(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		marked := v.instrument(drawnInstrument)
		plain := v.instrument(strings.ReplaceAll(strings.Replace(drawnInstrument, `"key":"ties"`, `"key":"plain"`, 1), `"drawn":true,`, ``))
		all := ticking{0: {1, 2}, 1: {0}, 2: {3}, 3: {2, 5}, 4: nil}
		v.step(v.ask(plain, "Plain", surveys.Confidential, "2026-05-15", all), surveys.Released)
		anonymous := v.ask(marked, "Nobody knows", surveys.Anonymous, "2026-05-15", all)
		if anonymous.Drawn || !anonymous.Marked() {
			t.Error("an anonymous wave is to be drawn")
		}
		v.step(anonymous, surveys.Released)
		w := v.ask(marked, "Ties of May", surveys.Confidential, "2026-05-16", all)
		if !w.Drawn {
			t.Error("nobody is told that the wave is drawn")
		}
		if got := v.told(networkmap.Input{}); got != nil {
			t.Errorf("drawn before it is released: %q", got)
		}
		v.clock.Advance(48 * time.Hour)
		v.step(w, surveys.Released)
		want := []string{"told: Clinic > Library", "told: Clinic - School", "told: Foundation > Radio", "told: Foundation - Library"}
		slices.Sort(want)
		if got := v.told(networkmap.Input{}); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		if got := v.told(networkmap.Input{AsOf: "2026-05-15"}); got != nil {
			t.Errorf("drawn before it was closed: %q", got)
		}
		if got := v.told(networkmap.Input{AsOf: "2026-05-16", Claim: networkmap.Reciprocated}); !slices.Equal(got, []string{"told: Clinic - School", "told: Foundation - Library"}) {
			t.Errorf("reciprocated: %q", got)
		}
		m := v.read(v.as(operation.CommunityMember), networkmap.Input{})
		for _, n := range m.Items {
			if want := map[bool]string{true: networkmap.Silent, false: networkmap.Answered}[n.Name == "Radio"]; n.Answer != want {
				t.Errorf("%s: %q, want %q", n.Name, n.Answer, want)
			}
			if n.Name == "Library" && (n.In != 2 || n.Out != 1) {
				t.Errorf("Library: %d in, %d out", n.In, n.Out)
			}
		}
		if len(m.Waves) != 1 || m.Waves[0].Title != "Ties of May" || m.Waves[0].Since != "2026-05-16" || m.Waves[0].Asked != 6 || m.Waves[0].Answered != 5 || m.Waves[0].Few {
			t.Fatalf("waves %+v", m.Waves)
		}
		// Six answers, four pairs. Radio may have ticked any of five: one of them, the
		// Foundation, it is tied to already.
		got := m.Waves[0].Measures
		for _, want := range []struct {
			key                string
			value, least, most float64
		}{{"pairs", 4, 4, 8}, {"density", 4.0 / 15, 4.0 / 15, 8.0 / 15}, {"mean_degree", 8.0 / 6, 8.0 / 6, 16.0 / 6}, {"reciprocity", 0.5, 2.0 / 8, 0.75}} {
			one := measure(got, want.key)
			if one.Value == nil || one.Least == nil || one.Most == nil || !near(*one.Value, want.value) || !near(*one.Least, want.least) || !near(*one.Most, want.most) {
				t.Errorf("%s: %s, want %+v", want.key, spelled(one), want)
			}
			if one.Low == nil || *one.Low < want.least-1e-9 || *one.High > want.most+1e-9 || *one.Low > *one.High {
				t.Errorf("%s: plausible %s", want.key, spelled(one))
			}
		}
		if one := measure(got, "bridges"); one.Value == nil || *one.Value != 4 || one.Low == nil || one.Least != nil {
			t.Errorf("bridges: %s", spelled(one))
		}
		both := v.read(v.director(), networkmap.Input{Claim: networkmap.Reciprocated}).Waves[0].Measures
		if one := measure(both, "pairs"); *one.Value != 2 || *one.Least != 2 || *one.Most != 3 {
			t.Errorf("pairs both ways: %s", spelled(one))
		}
		must[directory.Holding](t)(directory.Assign.Do(v.director(), v.app.Door, directory.HoldingInput{Function: "guide_vision", OrganizationID: v.organizations[0], From: "2026-01-01"}))
		if rest := v.read(v.director(), networkmap.Input{}).Waves[0]; rest.Asked != 6 || *measure(rest.Without, "pairs").Value != 2 || *measure(rest.Without, "pairs").Most != 5 {
			t.Errorf("without the backbone: %s", spelled(measure(rest.Without, "pairs")))
		}
		if m := v.read(v.director(), networkmap.Input{Layers: []string{networkmap.Declared}}); len(m.Waves) != 0 || len(m.Ties) != 0 || m.Items[0].Answer != "" {
			t.Errorf("without the layer there is %+v", m.Waves)
		}
	})
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func spelled(m networkmap.ToldMeasure) string {
	out := m.Key
	for _, p := range []*float64{m.Value, m.Least, m.Most, m.Low, m.High} {
		if p == nil {
			out += " –"
		} else {
			out += fmt.Sprintf(" %.4g", *p)
		}
	}
	return out
}

// Where fewer than seven of ten answered, figures are ranges alone.
func TestToldByFew(t *testing.T) {
	v := newValley(t, "")
	for _, name := range []string{"Museum", "Garden"} {
		o := v.organization(name)
		v.organizations = append(v.organizations, o)
		v.people = append(v.people, must[directory.Person](t)(directory.CreatePerson.Do(v.director(), v.app.Door, directory.PersonInput{GivenName: "Speaker", FamilyName: name, OrganizationID: o})).ID)
	}
	v.step(v.ask(v.instrument(drawnInstrument), "Few", surveys.Named, "2026-05-16", ticking{0: {1, 2}, 1: {0}, 2: {3}, 3: {2, 5}, 4: nil}), surveys.Released)
	w := v.read(v.director(), networkmap.Input{}).Waves[0]
	if !w.Few || w.Asked != 8 || w.Answered != 5 {
		t.Errorf("%d of %d, few %v", w.Answered, w.Asked, w.Few)
	}
	for _, m := range w.Measures {
		if m.Value != nil {
			t.Errorf("%s is told: %s", m.Key, spelled(m))
		}
	}
	if one := measure(w.Measures, "density"); one.Low == nil || one.Least == nil {
		t.Errorf("no range: %s", spelled(one))
	}
}

// What changed between two waves is what counting tick by tick finds among those who
// answered both, and of a day without a wave nothing is compared.
func TestToldChange(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		marked := v.instrument(drawnInstrument)
		chance := rand.New(rand.NewPCG(24, 6))
		draw := func(silent int) ticking {
			out := ticking{}
			for who := range 6 {
				for to := range 6 {
					if chance.IntN(2) == 0 && to != who && who != silent {
						out[who] = append(out[who], to)
					}
				}
				if who != silent && out[who] == nil {
					out[who] = []int{}
				}
			}
			return out
		}
		first, second := draw(1), draw(4)
		v.step(v.ask(marked, "First", surveys.Confidential, "2026-05-16", first), surveys.Released)
		v.step(v.ask(marked, "Second", surveys.Confidential, "2027-05-16", second), surveys.Released)
		kept, came, went := 0, 0, 0
		for a := range 6 {
			for b := range 6 {
				if a == b || a == 1 || a == 4 || b == 1 || b == 4 {
					continue
				}
				switch before, after := slices.Contains(first[a], b), slices.Contains(second[a], b); {
				case before && after:
					kept++
				case after:
					came++
				case before:
					went++
				}
			}
		}
		in := networkmap.ChangeInput{Before: "2027-05-15", Input: networkmap.Input{AsOf: "2027-05-16"}}
		c := must[networkmap.Change](t)(networkmap.GetChange.Do(v.director(), v.app.Door, in))
		if len(c.Waves) != 1 || c.ToldOnce {
			t.Fatalf("waves %+v", c.Waves)
		}
		w := c.Waves[0]
		if w.Before != "First" || w.After != "Second" || w.Both != 4 || w.AskedBoth != 6 || w.Kept != kept || w.New != came || w.Lost != went || !near(*w.Turnover, float64(came+went)/float64(2*kept+came+went)) || w.Permutations == 0 {
			t.Errorf("%+v, want %d kept, %d new, %d lost", w, kept, came, went)
		}
		if len(w.Mixing) != 1 || w.Mixing[0].Before != int64(kept+went) || w.Mixing[0].After != int64(kept+came) || w.Mixing[0].Possible != 12 {
			t.Errorf("mixing %+v", w.Mixing)
		}
		for _, f := range c.Ties {
			for _, silent := range []int{1, 4} {
				if f.From == v.organizations[silent] || f.To == v.organizations[silent] {
					t.Errorf("a tie of who was silent once is %s", f.Fate)
				}
			}
		}
		in.Before = "2026-05-15"
		if c = must[networkmap.Change](t)(networkmap.GetChange.Do(v.director(), v.app.Door, in)); !c.ToldOnce || len(c.Waves) != 0 || c.New != 0 {
			t.Errorf("a day without a wave: %d new, %+v", c.New, c.Waves)
		}
		in.Before, in.AsOf = "2026-05-17", "2027-05-15"
		if c = must[networkmap.Change](t)(networkmap.GetChange.Do(v.director(), v.app.Door, in)); c.New+c.Lost != 0 || c.Kept == 0 {
			t.Errorf("two days of one wave: %+v", c.Balance)
		}
	})
}

// Whoever is erased takes along what they alone told; what two told stays. Merged
// organizations are one, and two again. An organization in the trash is not drawn, one
// that left is, with what it told.
func TestToldTiesOutliveWhatTheyMay(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		second := must[directory.Person](t)(directory.CreatePerson.Do(v.director(), v.app.Door, directory.PersonInput{GivenName: "Second", FamilyName: "Clinic", OrganizationID: v.organizations[0]})).ID
		v.people = append(v.people, second)
		w := v.ask(v.instrument(drawnInstrument), "Ties", surveys.Confidential, "2026-05-16", ticking{0: {1, 2}, 6: {2, 3}, 1: {0, 5}, 2: {4}, 3: {2}, 4: {5}})
		radio := must[directory.Organization](t)(directory.GetOrganization.Do(v.director(), v.app.Door, directory.OrganizationRef{ID: v.organizations[5]}))
		must[directory.Organization](t)(directory.TrashOrganization.Do(v.director(), v.app.Door, directory.OrganizationVersion{ID: radio.ID, Version: radio.Version}))
		v.step(w, surveys.Released)
		check := func(when string, want ...string) {
			t.Helper()
			slices.Sort(want)
			if got := v.told(networkmap.Input{}); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", when, got, want)
			}
		}
		check("one in the trash in mid-wave", "told: Clinic - School", "told: Clinic > Library", "told: Clinic > Foundation", "told: Library > Church", "told: Foundation > Library")
		if err := directory.EraseAgain(context.Background(), v.app.Door, v.place, second); err != nil {
			t.Fatal(err)
		}
		check("one of two erased", "told: Clinic - School", "told: Clinic > Library", "told: Library > Church", "told: Foundation > Library")
		if err := directory.EraseAgain(context.Background(), v.app.Door, v.place, v.people[3]); err != nil {
			t.Fatal(err)
		}
		check("the only one erased", "told: Clinic - School", "told: Clinic > Library", "told: Library > Church")
		if got := v.read(v.director(), networkmap.Input{}).Waves[0]; got.Asked != 5 || got.Answered != 4 {
			t.Errorf("%d of %d answered once the only one was erased", got.Answered, got.Asked)
		}
		version := func(k int) int64 {
			return must[directory.Organization](t)(directory.GetOrganization.Do(v.director(), v.app.Door, directory.OrganizationRef{ID: v.organizations[k]})).Version
		}
		var receipt operation.Receipt
		must[directory.Organization](t)(directory.MergeOrganizations.Do(operation.WithReceipt(v.director(), &receipt), v.app.Door, directory.OrganizationMerge{ID: v.organizations[1], Version: version(1), MergeID: v.organizations[0], MergeVersion: version(0)}))
		check("merged", "told: School > Library", "told: Library > Church")
		if _, err := operation.Undo.Do(v.director(), v.app.Door, operation.UndoInput{ID: receipt.Entry}); err != nil {
			t.Fatal(err)
		}
		check("two again", "told: Clinic - School", "told: Clinic > Library", "told: Library > Church")
		left := "left"
		must[directory.Organization](t)(directory.EditOrganization.Do(v.director(), v.app.Door, directory.OrganizationPatch{ID: v.organizations[4], Version: version(4), Status: &left}))
		check("one that left", "told: Clinic - School", "told: Clinic > Library", "told: Library > Church")
	})
}
