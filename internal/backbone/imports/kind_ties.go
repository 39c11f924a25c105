package imports

import (
	"iter"
	"maps"
	"math"
	"strconv"
	"strings"
	"sync"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// tieKind are ties between organizations or people. What a row names is an
// organization, unless the row says that it is a person, or only a person on
// record bears the name.
var tieKind = &Kind{
	ID: "ties", Needs: []string{"ties.create", "ties.edit", "people.create", "organizations.create"},
	Undo: network.Reversible,
	Fields: []Field{
		{ID: "from", Type: TextType, Refers: "organizations", Label: "ties.field_from", Aliases: []string{"from", "source", "de", "origine", "desde", "origen"}},
		{ID: "to", Type: TextType, Many: true, Refers: "organizations", Label: "ties.field_to", Aliases: []string{"to", "target", "vers", "cible", "hacia", "destino"}},
		{ID: "type", Fixable: true, Once: true, Most: 100, Type: TextType, Label: "ties.field_type", Aliases: []string{"type", "relationship", "relation", "tie", "connection type", "relacion"}},
		{ID: "direction", Fixable: true, Type: ChoiceType, Label: "ties.field_direction", Choices: spokenDirections, Aliases: []string{"direction", "direccion"}},
		{ID: "strength", Type: NumberType, Label: "ties.field_strength", Aliases: []string{"strength", "weight", "force", "poids", "fuerza", "peso"}},
		{ID: "about", Type: LinesType, Most: 5000, Label: "ties.field_about", Aliases: []string{"about", "description", "notes", "note", "details", "descripcion", "notas"}},
		{ID: "since", Fixable: true, Type: DateType, Label: "ties.field_valid_from", Aliases: []string{"since", "start date", "from date", "first day", "depuis", "date de debut", "fecha de inicio"}},
		{ID: "until", Fixable: true, Type: DateType, Label: "ties.field_valid_to", Aliases: []string{"until", "end date", "to date", "jusqu au", "date de fin", "hasta", "fecha de fin"}},
		{ID: "from_kind", Fixable: true, Type: ChoiceType, Once: true, Label: "import.field_from_kind", Choices: spokenEnds, Aliases: []string{"from kind", "from type", "source type", "source kind"}},
		{ID: "to_kind", Fixable: true, Type: ChoiceType, Once: true, Label: "import.field_to_kind", Choices: spokenEnds, Aliases: []string{"to kind", "to type", "target type", "target kind"}},
	},
	Roles: []Role{
		{Kind: "organizations", Field: "from", Take: func(v Values, _ map[string]string) Values { return named(v, "from") }},
		{Kind: "organizations", Field: "to", Take: func(v Values, _ map[string]string) Values { return named(v, "to") }},
		{Kind: "people", Field: "from_person", Take: takeTied("from_person")},
		{Kind: "people", Field: "to_person", Take: takeTied("to_person")},
	},
	Tidy:    tidyTie,
	Check:   checkTie,
	Split:   splitTie,
	Sorts:   sortEnds,
	Title:   func(v Values) string { return v[seatTitle] },
	Keys:    func(v Values) []string { return []string{tieKey(v, v["since"])} },
	Matcher: newTieMatcher,
	Current: currentTies,
	Soften: func(given Values, _ Current, _ bool) {
		for _, end := range []string{"from", "from_person", "to", "to_person"} {
			delete(given, end) // a mutual tie may be written either way round
		}
	},
	Create: createTie,
	Update: updateTie,
}

var spokenDirections = sync.OnceValue(func() map[string][]string {
	return spoken("tie_directions.", network.Directions, map[string][]string{"directed": {"one way", "single"}, "mutual": {"undirected", "two way", "both", "reciprocal", "bidirectional"}})
})

var spokenEnds = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		directory.OrganizationKind: {"organization", "organisation", "org", "agency", "company", "organisme", "organizacion", "entidad"},
		directory.PersonKind:       {"person", "people", "individual", "contact", "personne", "persona"},
	}
})

// tidyTie takes a direction that stands where the type is expected, as programs for
// graphs write it, and a strength with nothing behind the point.
func tidyTie(v Values) {
	if v["direction"] == "" {
		for direction, words := range spokenDirections() {
			if contains(words, i18n.FoldKey(v["type"])) {
				v["direction"], v["type"] = direction, ""
				break
			}
		}
	}
	if n, err := strconv.ParseFloat(v["strength"], 64); err == nil && n == math.Trunc(n) {
		v["strength"] = strconv.FormatFloat(n, 'f', 0, 64)
	}
}

func checkTie(v Values) []Fault {
	var faults []Fault
	for _, end := range []string{"from", "to"} {
		if v[end] == "" {
			faults = append(faults, Fault{Field: end, Key: "errors.required"})
		}
	}
	for _, target := range lines(v["to"]) {
		if folded(target) == folded(v["from"]) {
			faults = append(faults, Fault{Field: "to", Key: "errors.tie_itself"})
		}
	}
	if n, err := strconv.Atoi(v["strength"]); v["strength"] != "" && (err != nil || n < 0 || n > 100) {
		faults = append(faults, Fault{Field: "strength", Key: "errors.tie_strength"})
	}
	if v["since"] != "" && v["until"] != "" && v["until"] <= v["since"] {
		faults = append(faults, Fault{Field: "until", Key: "errors.ends_before_it_begins"})
	}
	return faults
}

// splitTie makes a tie for each of several targets in one cell.
func splitTie(v Values) []Values {
	var out []Values
	for _, target := range lines(v["to"]) {
		one := maps.Clone(v)
		one["to"] = target
		one[seatTitle] = v["from"] + " → " + target
		out = append(out, one)
	}
	return out
}

// sortEnds tells people from organizations among what rows name. A person on
// record who alone bears the name is that person.
func sortEnds(c *operation.Call) (func(v Values), error) {
	organizations := map[string]bool{}
	if err := directory.EachKnownOrganization(c, func(k directory.Known[resemblance.Organization]) {
		for _, name := range append(k.OtherNames, k.Name) {
			organizations[folded(name)] = true
		}
	}); err != nil {
		return nil, err
	}
	people := map[string][]resemblance.Person{}
	err := directory.EachKnownPerson(c, func(k directory.Known[resemblance.Person]) {
		people[folded(k.Name)] = append(people[folded(k.Name)], k.Compared)
	})
	return func(v Values) {
		for _, end := range []string{"from", "to"} {
			name, kind := v[end], v[end+"_kind"]
			delete(v, end+"_kind")
			known := people[folded(name)]
			if kind == directory.OrganizationKind || kind == "" && (len(known) == 0 || organizations[folded(name)]) {
				continue
			}
			delete(v, end)
			v[end+"_person"] = name
			if len(known) == 1 {
				p := known[0]
				v[hiddenField+end+"_person"] = strings.Join([]string{TargetID(p.Key).String(), p.Given, p.Family}, "\n")
			}
		}
	}, err
}

// takeTied is the person at one end of a tie, by id where they are known.
func takeTied(field string) func(Values, map[string]string) Values {
	return func(v Values, _ map[string]string) Values {
		if v[field] == "" {
			return nil
		}
		known := lines(v[hiddenField+field])
		delete(v, hiddenField+field)
		if len(known) == 3 {
			return Values{"id": known[0], "given_name": known[1], "family_name": known[2]}
		}
		out := Values{fullName: v[field]}
		tidyPerson(out)
		return out
	}
}

// ends are what a tie leads from and to.
func ends(v Values) (from, to string) { return v["from"] + v["from_person"], v["to"] + v["to_person"] }

// tieKey tells the ties of a file apart: the same two, in the same way, from the
// same day on are one tie.
func tieKey(v Values, since string) string {
	from, to := ends(v)
	if v["direction"] == network.Mutual && to < from {
		from, to = to, from
	}
	return "tie:" + strings.Join([]string{from, to, folded(v["type"]), since}, "|")
}

// tieMatcher finds ties between the same two, of the same type, that hold on a day
// of those a row names.
type tieMatcher map[string][]network.Tie

func newTieMatcher(c *operation.Call) (Matcher, error) {
	x := tieMatcher{}
	err := network.Each(c, func(t network.Tie) {
		key := tieKey(tieValues(t), "")
		x[key] = append(x[key], t)
	})
	return x, err
}

// Find implements Matcher. A tie both ways is also found by a row that says only
// one of them, and the other way round, since there cannot be both.
func (x tieMatcher) Find(asked []Asked) []Found {
	out := make([]Found, len(asked))
	for i, a := range asked {
		from, to := ends(a.Given)
		for _, v := range []Values{{"from": from, "to": to}, {"from": from, "to": to, "direction": network.Mutual}, {"from": to, "to": from}} {
			v["type"] = a.Given["type"]
			backwards := v["from"] == to
			for _, t := range x[tieKey(v, "")] {
				fits := !backwards || a.Given["direction"] == network.Mutual
				if fits && out[i].Target.IsZero() && t.During(a.Given["since"], a.Given["until"]) {
					out[i] = Found{Target: TargetID(t.ID), Match: Match{Rule: "tie"}}
				}
			}
		}
	}
	return out
}

// Alike implements Matcher.
func (tieMatcher) Alike(iter.Seq[Asked]) []Pair { return nil }

// tieValues are what a file can say of a tie.
func tieValues(t network.Tie) Values {
	v := Values{"type": t.Type, "direction": t.Direction, "about": t.About, "since": t.From, "until": t.To}
	for field, id := range map[string]TargetID{"from": TargetID(t.FromOrganizationID), "from_person": TargetID(t.FromPersonID), "to": TargetID(t.ToOrganizationID), "to_person": TargetID(t.ToPersonID)} {
		if !id.IsZero() {
			v[field] = id.String()
		}
	}
	if t.Strength != network.Unknown {
		v["strength"] = strconv.FormatInt(t.Strength, 10)
	}
	return v
}

func currentTies(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
	out := map[TargetID]Current{}
	for _, i := range ids {
		t, err := network.Get.Within(c, network.Ref{ID: network.ID(i)})
		if err != nil {
			return out, err
		}
		out[i] = Current{Title: t.Title(), Version: t.Version, Values: tieValues(t), Shown: map[string]string{t.Start().String(): t.FromName, t.End().String(): t.ToName}}
	}
	return out, nil
}

func createTie(c *operation.Call, v Values) (Written, error) {
	t, err := network.Create.Within(c, network.Input{FromOrganizationID: idOf[directory.Organization](v["from"]), FromPersonID: directory.PersonID(idOf[directory.Person](v["from_person"])),
		ToOrganizationID: idOf[directory.Organization](v["to"]), ToPersonID: directory.PersonID(idOf[directory.Person](v["to_person"])),
		Type: v["type"], Direction: v["direction"], Strength: tieStrength(v), Layer: network.Imported, About: v["about"], From: v["since"], To: v["until"]})
	return Written{TargetID(t.ID), t.Title(), t.Version}, err
}

func updateTie(c *operation.Call, target TargetID, change Values) (Written, error) {
	t, err := network.Get.Within(c, network.Ref{ID: network.ID(target)})
	if err != nil {
		return Written{}, err
	}
	t, err = network.Edit.Within(c, network.Patch{ID: t.ID, Version: t.Version, Direction: set(change, "direction"), Strength: tieStrength(change), About: set(change, "about"),
		From: set(change, "since"), To: set(change, "until")})
	return Written{TargetID(t.ID), t.Title(), t.Version}, err
}

// tieStrength is what is said of the strength, nil where nothing is; a strength
// that is taken away is not known.
func tieStrength(v Values) *int64 {
	text, given := v["strength"]
	if !given {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		n = network.Unknown
	}
	return &n
}
