package imports

import (
	"iter"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// bodyKind are the bodies of the collaborative: tables, committees, groups.
var bodyKind = &Kind{
	ID: "bodies", Needs: []string{"bodies.create", "bodies.edit"},
	Undo: directory.ReversibleOf(directory.BodyKind),
	Fields: []Field{
		idField,
		{ID: "name", Type: TextType, Label: "bodies.field_name", Aliases: []string{"name", "group", "body", "committee", "table", "working group", "team", "group name", "groupe", "comite", "instance", "nom", "grupo", "organo", "nombre"}},
		{ID: "kind", Fixable: true, Named: directory.BodyKinds[:3], Type: ChoiceType, Label: "bodies.field_kind", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("body_kinds.", directory.BodyKinds[3:], map[string][]string{
				"board": {"board of directors", "conseil d administration", "junta directiva"}, "advisory_group": {"advisory", "advisory council", "advisory board"}, "other": {"committee", "comite"},
			}, spoken("labels.", directory.BodyKinds[:3], map[string][]string{
				"leadership_table":    {"leadership table", "table de concertation", "mesa de liderazgo", "steering group"},
				"executive_committee": {"executive committee", "executive", "steering committee", "comite executif", "comite de pilotage", "comite ejecutivo", "comite directivo"},
				"working_group":       {"working group", "special interest group", "sig", "workgroup", "action team", "network", "subcommittee", "groupe de travail", "grupo de trabajo", "user group"},
			}))
		}), Aliases: []string{"type", "kind", "body type", "group type", "tipo"}},
		{ID: "parent", Type: TextType, Refers: "bodies", Label: "bodies.field_parent", Aliases: []string{"parent", "reports to", "parent group", "rattache a", "depende de"}},
		{ID: "state", Fixable: true, Type: ChoiceType, Label: "bodies.field_state", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("body_states.", directory.BodyStates, map[string][]string{"active": {"current", "open"}, "closed": {"archived", "ended", "retired", "inactive"}})
		}), Aliases: []string{"state", "status", "etat", "statut", "estado"}},
		{ID: "since", Fixable: true, Type: DateType, Once: true, Label: "import.field_since", Aliases: []string{"since", "started", "start date", "depuis", "desde"}},
		{ID: "purpose", Type: LinesType, Most: 2000, Label: "bodies.field_purpose", Aliases: []string{"purpose", "description", "scope", "mission", "objet", "but", "proposito", "descripcion"}},
		{ID: "charter", Type: LinesType, Most: 20000, Label: "bodies.field_charter", Aliases: []string{"charter", "terms of reference", "charte", "mandat", "estatuto"}},
		{ID: "quorum", Type: TextType, Read: readQuorum, Label: "bodies.field_quorum", Aliases: []string{"quorum"}},
		{ID: "decision_method", Type: ChoiceType, Label: "bodies.field_decision_method", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("decision_methods.", directory.DecisionMethods, nil)
		}), Aliases: []string{"decision method", "decision making", "mode de decision", "metodo de decision"}},
		{ID: "cadence", Type: ChoiceType, Label: "bodies.field_cadence", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("cadences.", directory.Cadences, map[string][]string{"every_two_weeks": {"biweekly", "fortnightly"}, "every_two_months": {"bimonthly"}, "yearly": {"annually", "annual"}, "as_needed": {"ad hoc"}})
		}), Aliases: []string{"cadence", "frequency", "meets", "frequence", "frecuencia"}},
	},
	Roles: []Role{{Kind: "bodies", Field: "parent", Take: func(v Values, _ map[string]string) Values { return named(v, "parent") }}},
	Title: func(v Values) string { return v["name"] },
	Check: func(v Values) []Fault {
		if v["name"] == "" {
			return []Fault{{Field: "name", Key: "errors.required"}}
		}
		return nil
	},
	Keys: func(v Values) []string { return withID(v, nameKey(v["name"], "")) },
	Matcher: func(c *operation.Call) (Matcher, error) {
		x := byKey{exact: map[string][]Candidate{}}
		err := directory.EachBody(c, func(b directory.Body) {
			key := nameKey(b.Name, "")
			x.exact[key] = append(x.exact[key], Candidate{Target: TargetID(b.ID), Title: b.Name})
			x.exact["id:"+b.ID.String()] = []Candidate{{Target: TargetID(b.ID), Title: b.Name}}
		})
		return x, err
	},
	Current: func(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
		all, err := directory.BodiesNamed(c, convert[directory.BodyID](ids))
		out := map[TargetID]Current{}
		for _, b := range all {
			now := Current{Title: b.Name, Version: b.Version, Shown: map[string]string{}, Values: Values{"name": b.Name, "kind": b.Kind, "parent": b.ParentID.String(), "state": b.State, "purpose": b.Purpose, "charter": b.Charter,
				"quorum": quorumOf(b), "decision_method": b.DecisionMethod, "cadence": b.Cadence}}
			out[TargetID(b.ID)] = now
		}
		return out, err
	},
	Create: func(c *operation.Call, v Values) (Written, error) {
		quorum, unit := partQuorum(v["quorum"])
		b, err := directory.CreateBody.Within(c, directory.BodyInput{Name: v["name"], Kind: v["kind"], ParentID: idOf[directory.Body](v["parent"]), State: v["state"], Since: v["since"], Purpose: v["purpose"],
			Charter: v["charter"], Quorum: quorum, QuorumUnit: unit, DecisionMethod: v["decision_method"], Cadence: v["cadence"]})
		return Written{TargetID(b.ID), b.Name, b.Version}, err
	},
	Update: func(c *operation.Call, target TargetID, change Values) (Written, error) {
		all, err := directory.BodiesNamed(c, []directory.BodyID{directory.BodyID(target)})
		if err != nil || len(all) == 0 {
			return Written{}, orMissing(err)
		}
		patch := directory.BodyPatch{ID: all[0].ID, Version: all[0].Version, Name: set(change, "name"), Kind: set(change, "kind"), State: set(change, "state"), Purpose: set(change, "purpose"),
			Charter: set(change, "charter"), DecisionMethod: set(change, "decision_method"), Cadence: set(change, "cadence")}
		if value, given := change["parent"]; given {
			parent := idOf[directory.Body](value)
			patch.ParentID = &parent
		}
		if value, given := change["quorum"]; given {
			quorum, unit := partQuorum(value)
			patch.Quorum, patch.QuorumUnit = &quorum, &unit
		}
		b, err := directory.EditBody.Within(c, patch)
		return Written{TargetID(b.ID), b.Name, b.Version}, err
	},
}

var quorumText = regexp.MustCompile(`^([0-9]{1,4})\s*(%|\D*$)`)

// readQuorum reads a quorum as our lists write it: so many seats, or so many per
// cent of those that are filled.
func readQuorum(text string) (value, fault string) {
	found := quorumText.FindStringSubmatch(text)
	switch {
	case found == nil:
		return "", "errors.field_number"
	case found[2] == "%":
		return found[1] + "%", ""
	}
	return found[1], ""
}

func quorumOf(b directory.Body) string {
	switch {
	case b.Quorum == 0:
		return ""
	case b.QuorumUnit == "percent":
		return strconv.FormatInt(b.Quorum, 10) + "%"
	}
	return strconv.FormatInt(b.Quorum, 10)
}

// partQuorum is the way back from quorumOf.
func partQuorum(value string) (quorum int64, unit string) {
	number, percent := strings.CutSuffix(value, "%")
	quorum, _ = strconv.ParseInt(number, 10, 64) // a number, or absent
	if percent {
		return quorum, "percent"
	}
	return quorum, "seats"
}

// byKey is a matcher that knows nothing but keys.
type byKey struct{ exact map[string][]Candidate }

// Find implements Matcher.
func (x byKey) Find(asked []Asked) []Found {
	out := make([]Found, len(asked))
	for i, a := range asked {
		for _, key := range a.Keys {
			same := x.exact[key]
			if len(same) == 1 {
				out[i] = Found{Target: same[0].Target, Match: Match{Rule: ruleOf(key)}}
				break
			}
			out[i].Match.Candidates = append(out[i].Match.Candidates, same...)
		}
	}
	return out
}

// Alike implements Matcher.
func (byKey) Alike(iter.Seq[Asked]) []Pair { return nil }
