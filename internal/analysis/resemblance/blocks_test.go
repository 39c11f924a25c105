package resemblance

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawKey(t *rapid.T, n int) Key { return Key{byte(rapid.IntRange(1, 250).Draw(t, "key")), byte(n)} }

var (
	someNames  = rapid.SampledFrom([]string{"", "John", "Jon", "Jack", "J.", "María", "Maria Elena", "Robert", "Bob", "Smith", "Smyth", "García López", "Garcia", "de la Cruz", "Smith, John", "Jr.", "Smith Jr.", "Дмитрий", "會議", "(Bob)"})
	someMail   = rapid.SampledFrom([]string{"a@x.org", "A@X.org", "smith@gmail.com", "s.mith@gmail.com", "info@x.org", "sunny@y.org", "sunny@z.org", "nothing"})
	someNumber = rapid.SampledFrom([]string{"612-555-0123", "555-0123", "651-555-0123", "+33 6 12 34 56 78", "1"})
	someBodies = rapid.SampledFrom([]string{"", "Riverbend Health Center", "RHC", "The Riverbend Health Ctr., Inc.", "Riverbend Elementary", "Riverbend Middle School", "Local 12", "Local 21", "OpenJS", "Open JS", "Saint Mary (SM)", "Зефир"})
	someSites  = rapid.SampledFrom([]string{"riverbend.org", "https://www.riverbend.org/x", "facebook.com/riverbend", "gmail.com", ""})
)

func some(t *rapid.T, g *rapid.Generator[string], name string) []string {
	return rapid.SliceOfN(g, 0, 2).Draw(t, name)
}

func drawPeople(t *rapid.T) []Person {
	var out []Person
	for i := range rapid.IntRange(0, 25).Draw(t, "n") {
		out = append(out, Person{drawKey(t, i), someNames.Draw(t, "given"), someNames.Draw(t, "family"), some(t, someMail, "mail"), some(t, someNumber, "phone"),
			some(t, someBodies, "organization"), rapid.SampledFrom([]int{0, 0, 1950, 1980}).Draw(t, "born")})
	}
	return out
}

func drawOrganizations(t *rapid.T) []Organization {
	var out []Organization
	for i := range rapid.IntRange(0, 25).Draw(t, "n") {
		out = append(out, Organization{drawKey(t, i), some(t, someBodies, "name"), some(t, someSites, "site"), some(t, someMail, "mail"), some(t, someNumber, "phone"),
			rapid.SampledFrom([]string{"", "Riverbend", "Riverbend, MN", "Marlow"}).Draw(t, "place")})
	}
	return out
}

// checkIndex compares an index with comparing all with all: what it finds is
// exactly what shares a block, in large blocks within the window.
func checkIndex[R Person | Organization](t *rapid.T, x *Index[R], records []R, key func(R) Key) {
	blocks := map[block][]int{}
	for i, s := range x.sides {
		for _, b := range x.judge.cut(s) {
			blocks[b] = append(blocks[b], i)
		}
	}
	together := map[[2]int]bool{}
	for _, members := range blocks {
		slices.SortFunc(members, func(a, b int) int { return int(x.ranks[a] - x.ranks[b]) })
		for p, i := range members {
			for q, j := range members[:p] {
				if len(members) <= x.limit || p-q <= x.window {
					together[[2]int{min(i, j), max(i, j)}] = true
				}
			}
		}
	}
	var want []Match
	for i, a := range x.sides {
		for j, b := range x.sides {
			m, back := x.match(a, b), x.match(b, a)
			if m.Score != back.Score {
				t.Fatalf("not the same from both sides: %+v, %+v", m, back)
			}
			if !(m.Score >= 0 && m.Score <= 1) || (i == j) != (m.Score == 1 && m.Reasons[0].Code == SameRecord) {
				t.Fatalf("%+v", m)
			}
			for _, r := range m.Reasons {
				if !slices.Contains(codes, r.Code) {
					t.Fatalf("unknown code %q", r.Code)
				}
			}
			if i < j && together[[2]int{i, j}] && m.Band != None {
				want = append(want, m)
			}
		}
	}
	var got []Match
	for m := range x.Pairs {
		got = append(got, m)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("pairs:\n%+v\nwant\n%+v", got, want)
	}
	var joined, asked []Match
	for m := range func(yield func(Match) bool) { x.Join(records, yield) } {
		joined = append(joined, m)
	}
	for _, r := range records {
		found := x.Candidates(r)
		asked = append(asked, found...)
		for _, m := range want {
			other := m.B
			if m.B == key(r) {
				other = m.A
			}
			if m.A != key(r) && m.B != key(r) {
				continue
			}
			if !slices.ContainsFunc(found, func(f Match) bool { return f.A == key(r) && f.B == other && f.Score == m.Score }) {
				t.Fatalf("%v is not among the candidates %v", m, found)
			}
		}
	}
	if !reflect.DeepEqual(joined, asked) {
		t.Fatalf("joined:\n%+v\nasked for:\n%+v", joined, asked)
	}
}

func TestIndexOfPeopleFindsWhatSharesABlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawPeople(t)
		p := newPeople()
		var sides []side
		records = distinct(records, func(r Person) Key { return r.Key })
		for _, r := range records {
			sides = append(sides, p.learn(r))
		}
		limit := rapid.IntRange(1, 8).Draw(t, "limit")
		checkIndex(t, newIndex(p, sides, limit, rapid.IntRange(1, limit).Draw(t, "window")), records, func(r Person) Key { return r.Key })
	})
}

func TestIndexOfOrganizationsFindsWhatSharesABlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawOrganizations(t)
		o := newOrganizations()
		var sides []side
		records = distinct(records, func(r Organization) Key { return r.Key })
		for _, r := range records {
			sides = append(sides, o.learn(r))
		}
		limit := rapid.IntRange(1, 8).Draw(t, "limit")
		checkIndex(t, newIndex(o, sides, limit, rapid.IntRange(1, limit).Draw(t, "window")), records, func(r Organization) Key { return r.Key })
	})
}

// Two comparisons that once came out differently from either side, by the last
// digits: the parts of a score were added in another order.
func TestAScoreIsTheSameFromBothSides(t *testing.T) {
	people := []Person{{Key: Key{1, 11}, Given: "John", Family: "John"}, {Key: Key{1, 12}, Given: "John", Family: "Jack"}}
	organizations := []Organization{{Key: Key{1, 10}, Names: []string{"Riverbend Health Center", "Saint Mary (SM)"}}, {Key: Key{1, 11}, Names: []string{"Saint Mary (SM)", "The Riverbend Health Ctr., Inc."}}}
	for i := range 11 { // how rare a name is depends on how many records there are
		people = append(people, Person{Key: Key{1, byte(i)}})
	}
	for i := range 10 {
		organizations = append(organizations, Organization{Key: Key{1, byte(i)}})
	}
	p, o := newPeople(), newOrganizations()
	var ps, os []side
	for _, r := range people {
		ps = append(ps, p.learn(r))
	}
	for _, r := range organizations {
		os = append(os, o.learn(r))
	}
	x, y := newIndex(p, ps, 1, 1), newIndex(o, os, 1, 1)
	for name, both := range map[string][2]Match{"people": {x.match(ps[0], ps[1]), x.match(ps[1], ps[0])}, "organizations": {y.match(os[0], os[1]), y.match(os[1], os[0])}} {
		if both[0].Score == 0 || both[0].Score != both[1].Score {
			t.Errorf("%s: %+v, %+v", name, both[0], both[1])
		}
	}
}

func TestPairsDoNotDependOnTheOrderOfRecordsAndMayBeBrokenOff(t *testing.T) {
	var list []Person
	for i := range 1000 {
		list = append(list, Person{Key: Key{byte(i), byte(i >> 8), 1}, Given: "Ana", Family: fmt.Sprintf("Zald%cvar", 'a'+i%26), Emails: []string{fmt.Sprintf("ana%d@x.org", i/2)}})
	}
	all := func(list []Person) (out []Match) {
		for m := range NewPersonIndex(list).Pairs {
			out = append(out, m)
		}
		return out
	}
	first := all(list)
	slices.Reverse(list)
	if second := all(list); len(first) == 0 || !reflect.DeepEqual(first, second) {
		t.Errorf("%d and %d pairs", len(first), len(second))
	}
	seen := 0
	for range NewPersonIndex(list).Pairs {
		if seen++; seen == 3 {
			break
		}
	}
	if seen != 3 {
		t.Errorf("%d pairs after breaking off", seen)
	}
}

func TestCodesAreDistinct(t *testing.T) {
	list := Codes()
	slices.Sort(list)
	if len(slices.Compact(list)) != len(codes) {
		t.Error("a code stands in the list twice")
	}
}
