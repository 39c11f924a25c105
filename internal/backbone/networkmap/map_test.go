package networkmap_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/operation"
)

func ptr[T any](v T) *T { return &v }

// A map of a day has the ties that held that day, by layer, and nothing of people.
func TestMapOfADay(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		o := v.organizations
		v.tie(network.Input{FromOrganizationID: o[3], ToOrganizationID: o[1], Type: "Funds", Strength: ptr(int64(80)), From: "2024-01-01", To: "2025-06-01"})
		v.tie(network.Input{FromOrganizationID: o[0], ToOrganizationID: o[1], Type: "Refers to", Direction: "mutual"})
		v.tie(network.Input{FromOrganizationID: o[2], ToOrganizationID: o[1], Type: "Shares data", Layer: "imported"})
		v.tie(network.Input{FromPersonID: v.people[4], ToOrganizationID: o[5], Type: "Advises"})
		v.sits(v.table, 0, "2024-01-01", "")
		v.sits(v.table, 4, "2025-01-01", "")
		v.sits(v.group, 2, "2024-01-01", "2024-06-01")
		v.sits(v.group, 4, "2024-01-01", "2024-06-01")
		for _, of := range []struct {
			on   string
			in   networkmap.Input
			want []string
		}{
			{"2024-03-01", networkmap.Input{}, []string{"bodies: Church - Library", "declared: Clinic - School", "declared: Foundation > School", "imported: Library > School"}},
			{"2025-03-01", networkmap.Input{}, []string{"bodies: Church - Clinic", "declared: Clinic - School", "declared: Foundation > School", "imported: Library > School"}},
			{"2025-06-01", networkmap.Input{}, []string{"bodies: Church - Clinic", "declared: Clinic - School", "imported: Library > School"}},
			{"2025-03-01", networkmap.Input{Layers: []string{"declared"}}, []string{"declared: Clinic - School", "declared: Foundation > School"}},
			{"2025-03-01", networkmap.Input{Type: "FUNDS"}, []string{"declared: Foundation > School"}},
			{"2025-03-01", networkmap.Input{Strength: 50, Layers: []string{"declared"}}, []string{"declared: Foundation > School"}},
			{"2025-03-01", networkmap.Input{BodyID: v.table.ID}, []string{"bodies: Church - Clinic"}},
			{"2025-03-01", networkmap.Input{Sector: "health"}, nil},
		} {
			in := of.in
			in.AsOf = of.on
			got := v.said(v.read(v.director(), in))
			slices.Sort(got)
			if !slices.Equal(got, of.want) {
				t.Errorf("%s %+v: %q, want %q", of.on, of.in, got, of.want)
			}
		}
		m := v.read(v.director(), networkmap.Input{AsOf: "2025-03-01"})
		for _, n := range m.Items {
			if n.Name == "Radio" {
				t.Error("an organization that is neither a member nor tied is on the map")
			}
			if n.Name == "School" && (n.Degree != 3 || n.In != 3 || n.Out != 1) {
				t.Errorf("School: %+v", n)
			}
		}
		if w := m.Whole; w.Organizations != 5 || w.Pairs != 4 || *w.Density != 0.4 || w.Directed != 3 || math.Abs(*w.Reciprocity-1.0/3) > 1e-12 || w.Components != 1 || w.Bridges != 4 || m.Without != nil {
			t.Errorf("whole: %+v, without the backbone %v", w, m.Without)
		}
		must[directory.Holding](t)(directory.Assign.Do(v.director(), v.app.Door, directory.HoldingInput{Function: "guide_vision", OrganizationID: o[1], From: "2025-02-01"}))
		if m = v.read(v.director(), networkmap.Input{AsOf: "2025-03-01"}); m.Without == nil || m.Without.Organizations != 4 || m.Without.Pairs != 1 || m.Whole.Pairs != 4 {
			t.Errorf("without the backbone: %+v", m.Without)
		}
		if m = v.read(v.director(), networkmap.Input{AsOf: "2025-01-01"}); m.Without != nil {
			t.Error("nobody performed a function that day")
		}
		if m = v.read(v.director(), networkmap.Input{AsOf: "2025-03-01", Away: true}); len(m.Items) != 2 {
			t.Errorf("without the backbone there are %d", len(m.Items))
		}
		_, err := networkmap.Get.Do(v.director(), v.app.Door, networkmap.Input{AsOf: "2025-03-01", From: "2025-04-01"})
		wantFault(t, err, "from", "errors.ends_before_it_begins")
	})
}

// Who was at meetings together is for those who may read it: for everybody else it is
// neither drawn nor felt in the places.
func TestMapTellsNoMoreThanItMay(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		o := v.organizations
		v.tie(network.Input{FromOrganizationID: o[0], ToOrganizationID: o[1], Type: "Refers to"})
		v.tie(network.Input{FromOrganizationID: o[1], ToOrganizationID: o[2], Type: "Refers to"})
		before := v.read(v.as(operation.CommunityMember), networkmap.Input{})
		v.meets(v.table, "2026-05-07", 0, 2, 3)
		m := v.read(v.as(operation.CommunityMember), networkmap.Input{})
		if len(m.Layers) != 4 || len(m.Ties) != 2 || m.Meetings != 0 || len(m.Items) != 6 {
			t.Errorf("a community member sees %+v", m)
		}
		for k := range m.Items {
			if m.Items[k].X != before.Items[k].X || m.Items[k].Y != before.Items[k].Y {
				t.Errorf("%s moved by a meeting nobody told of", m.Items[k].Name)
			}
		}
		if m = v.read(v.as(operation.Staff), networkmap.Input{}); len(m.Layers) != 5 || len(m.Ties) != 5 || m.Meetings != 1 {
			t.Errorf("staff see %+v", m)
		}
		if _, err := networkmap.Get.Do(v.as(operation.Funder), v.app.Door, networkmap.Input{Layers: []string{"meetings"}}); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("a funder asking for meetings: %v", err)
		}
		if _, err := networkmap.Export.Do(v.as(operation.Funder), v.app.Door, networkmap.ExportInput{}); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("a funder taking it away: %v", err)
		}
		if _, err := networkmap.Get.Do(v.as(operation.Public), v.app.Door, networkmap.Input{}); err == nil {
			t.Error("the public sees the map")
		}
		other := v.in(v.found("Other Valley"), operation.Director)
		if m = v.read(other, networkmap.Input{}); len(m.Items)+len(m.Ties) != 0 {
			t.Errorf("another collaborative sees %+v", m)
		}
	})
}

// Each meeting ties those who were there by 1 ÷ (their number − 1), within the period
// alone; bodies do alike.
func TestSizesAreCorrected(t *testing.T) {
	v := newValley(t, "")
	chance := rand.New(rand.NewPCG(7, 7))
	type pair struct{ a, b int }
	weights, times := map[pair]float64{}, map[pair]int{}
	for k := range 9 {
		on := time.Date(2025, 11, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 14*k).Format(time.DateOnly)
		body := []directory.Body{v.table, v.group}[k%2]
		var here []int
		for i := range v.people {
			if chance.IntN(3) > 0 {
				here = append(here, i)
			}
		}
		v.meets(body, on, here...)
		if on < "2025-12-01" || on > "2026-02-20" {
			continue
		}
		for i, a := range here {
			for _, b := range here[i+1:] {
				weights[pair{a, b}] += 1 / float64(len(here)-1)
				times[pair{a, b}]++
			}
		}
	}
	m := v.read(v.director(), networkmap.Input{AsOf: "2026-02-20", From: "2025-12-01", Layers: []string{"meetings"}})
	if len(m.Ties) != len(weights) || len(weights) == 0 {
		t.Fatalf("%d ties, want %d", len(m.Ties), len(weights))
	}
	for _, tie := range m.Ties {
		a, b := slices.Index(v.organizations, tie.From), slices.Index(v.organizations, tie.To)
		p := pair{min(a, b), max(a, b)}
		if math.Abs(tie.Weight-weights[p]) > 1e-12 || tie.Times != times[p] {
			t.Errorf("%v: %v in %d meetings, want %v in %d", p, tie.Weight, tie.Times, weights[p], times[p])
		}
	}
	strong := v.read(v.director(), networkmap.Input{AsOf: "2026-02-20", From: "2025-12-01", Layers: []string{"meetings"}, Least: 0.9})
	if len(strong.Ties)+strong.Hidden != len(m.Ties) || strong.Hidden == 0 {
		t.Errorf("%d ties and %d hidden of %d", len(strong.Ties), strong.Hidden, len(m.Ties))
	}

	for k := range 4 {
		v.sits(v.table, k, "2025-01-01", "")
	}
	v.sits(v.group, 0, "2025-02-01", "")
	v.sits(v.group, 1, "2025-03-01", "")
	for _, tie := range v.read(v.director(), networkmap.Input{Layers: []string{"bodies"}}).Ties {
		a, b := slices.Index(v.organizations, tie.From), slices.Index(v.organizations, tie.To)
		want, bodies, since := 1.0/3, 1, "2025-01-01"
		if min(a, b) == 0 && max(a, b) == 1 {
			want, bodies = 1.0/3+1, 2
		}
		if math.Abs(tie.Weight-want) > 1e-12 || tie.Times != bodies || tie.Since != since || tie.Until != "" {
			t.Errorf("%d and %d: %+v, want %v", a, b, tie, want)
		}
	}
}

// Places are the same on every day and for every choice; what is new moves them little.
func TestPlacesStay(t *testing.T) {
	v := newValley(t, "")
	chance := rand.New(rand.NewPCG(3, 3))
	for k := range 40 {
		v.organizations = append(v.organizations, v.organization("Member "+string(rune('A'+k%26))+string(rune('a'+k/26))))
	}
	for range 70 {
		a, b := chance.IntN(46), chance.IntN(46)
		from := time.Date(2022+chance.IntN(4), 3, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		_, _ = network.Create.Do(v.director(), v.app.Door, network.Input{FromOrganizationID: v.organizations[a], ToOrganizationID: v.organizations[b], Type: "Refers to", From: from}) // again the same is refused
	}
	at := func(in networkmap.Input) map[string][2]float64 {
		out := map[string][2]float64{}
		for _, n := range v.read(v.director(), in).Items {
			if n.Placed != (n.Degree > 0) && in.AsOf == "" {
				t.Errorf("%s: %+v", n.Name, n)
			}
			if n.Placed {
				out[n.Name] = [2]float64{n.X, n.Y}
			}
		}
		return out
	}
	now := at(networkmap.Input{})
	for _, in := range []networkmap.Input{{AsOf: "2023-06-01"}, {Sector: "education"}, {Layers: []string{"declared"}}} {
		for name, p := range at(in) {
			if now[name] != p {
				t.Errorf("%+v: %s stands at %v, and at %v otherwise", in, name, p, now[name])
			}
		}
	}
	v.tie(network.Input{FromOrganizationID: v.organizations[0], ToOrganizationID: v.organizations[45], Type: "Funds", From: "2026-05-01"})
	moved, wide := 0.0, 0.0
	later := at(networkmap.Input{})
	for name, p := range now {
		moved += math.Hypot(later[name][0]-p[0], later[name][1]-p[1]) / float64(len(now))
		wide = max(wide, math.Hypot(p[0], p[1]))
	}
	if moved > wide/10 {
		t.Errorf("a new tie moved everybody by %v on a map %v wide", moved, wide)
	}
}

// What changed between two days.
func TestChange(t *testing.T) {
	valleys(t, func(t *testing.T, v *valley) {
		o := v.organizations
		for _, tie := range []struct {
			a, b     int
			from, to string
		}{{0, 1, "2024-01-01", ""}, {1, 2, "2024-01-01", ""}, {2, 3, "2024-01-01", "2025-01-01"}, {3, 4, "2025-06-01", ""}, {4, 5, "2025-06-01", ""}} {
			v.tie(network.Input{FromOrganizationID: o[tie.a], ToOrganizationID: o[tie.b], Type: "Refers to", From: tie.from, To: tie.to})
		}
		c := must[networkmap.Change](t)(networkmap.GetChange.Do(v.director(), v.app.Door, networkmap.ChangeInput{Before: "2024-06-01", Input: networkmap.Input{AsOf: "2026-01-01"}}))
		if c.Kept != 2 || c.New != 2 || c.Lost != 1 || math.Abs(*c.Turnover-3.0/7) > 1e-12 || math.Abs(*c.Stability-2.0/5) > 1e-12 || len(c.Items) != 6 || c.Items[0].Name != "Church" || c.Permutations != 1000 || c.Chance == nil {
			t.Errorf("%+v", c)
		}
		_, err := networkmap.GetChange.Do(v.director(), v.app.Door, networkmap.ChangeInput{Before: "2026-05-14"})
		wantFault(t, err, "before", "errors.map_before")
	})
}
