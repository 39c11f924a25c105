package imports

import (
	"slices"
	"strings"
	"sync"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// seatKind are seats with whoever holds or held them. Bodies, people and
// organizations that are not there yet are made.
var seatKind = &Kind{
	ID: "seats", Needs: []string{"seats.create", "seats.edit", "bodies.create", "people.create", "organizations.create"},
	Fields: []Field{
		{ID: "body", Fixable: true, Type: TextType, Refers: "bodies", Label: "seats.field_body", Aliases: []string{"body", "group", "committee", "table", "working group", "team", "groupe", "comite", "instance", "grupo", "organo"}},
		{ID: "person", Type: TextType, Refers: "people", Label: "seats.field_holder", Aliases: []string{"person", "name", "member", "holder", "full name", "personne", "nom", "titulaire", "persona", "nombre", "titular"}},
		{ID: "email", Type: EmailType, Label: "people.field_email", Aliases: []string{"email", "e mail", "email address", "courriel", "correo electronico"}},
		{ID: "organization", Type: TextType, Refers: "organizations", Label: "seats.field_organization", Aliases: []string{"organization", "organisation", "company", "employer", "affiliation", "agency", "organisme", "organizacion", "entidad"}},
		{ID: "role", Fixable: true, Type: TextType, Label: "seats.field_role", Aliases: []string{"role", "position", "function", "fonction", "rol", "cargo"}},
		{ID: "voting", Fixable: true, Type: YesNoType, Label: "seats.field_voting", Aliases: []string{"voting", "votes", "voting member", "vote", "con voto", "votant"}},
		{ID: "purpose", Type: TextType, Label: "seats.field_purpose", Aliases: []string{"purpose", "voice", "represents", "seat", "objet", "proposito"}},
		{ID: "sector", Type: ChoiceType, Label: "seats.field_sector", Choices: spokenSectors, Aliases: []string{"sector", "secteur"}},
		{ID: "status", Fixable: true, Type: ChoiceType, Label: "import.field_seat_status", Choices: sync.OnceValue(func() map[string][]string {
			return map[string][]string{
				"current": {"current", "active", "present", "filled", "actuel", "actif", "en cours", "actual", "activo", "vigente"},
				"past":    {"past", "former", "emeritus", "ended", "inactive", "alumni", "ancien", "passe", "anterior", "pasado", "antiguo"},
			}
		}), Aliases: []string{"status", "state", "statut", "estado"}},
		{ID: "from", Fixable: true, Type: DateType, Label: "seats.field_from", Aliases: []string{"from", "since", "start", "start date", "term start", "begins", "depuis", "debut", "desde", "inicio"}},
		{ID: "ends", Fixable: true, Type: DateType, Label: "seats.field_ends", Aliases: []string{"term ends", "term end", "term expires", "expires", "fin de mandat", "fin del mandato"}},
		{ID: "to", Fixable: true, Type: DateType, Label: "seats.field_to", Aliases: []string{"to", "until", "end", "end date", "left", "fin", "jusqu au", "hasta"}},
	},
	Roles: []Role{
		{Kind: "organizations", Field: "organization", Take: func(v Values, _ map[string]string) Values { return named(v, "organization") }},
		{Kind: "bodies", Field: "body", Take: func(v Values, _ map[string]string) Values { return named(v, "body") }},
		{Kind: "people", Field: "person", Take: takeHolder},
	},
	Tidy:  tidySeat,
	Title: func(v Values) string { return v[seatTitle] },
	Check: func(v Values) []Fault {
		var faults []Fault
		if v["body"] == "" {
			faults = append(faults, Fault{Field: "body", Key: "errors.required"})
		}
		if v["from"] != "" && v["to"] != "" && v["to"] <= v["from"] {
			faults = append(faults, Fault{Field: "to", Key: "errors.ends_before_it_begins"})
		}
		return faults
	},
	Keys:    func(v Values) []string { return []string{seatKey(v["body"], v["person"], v["role"])} },
	Matcher: seatMatcher,
	Current: currentSeats,
	Create:  createSeat,
	Update:  updateSeat,
}

const seatTitle = hiddenField + "title"

// seatKey tells the seats of a file apart: the same person in the same body and
// role is one seat.
func seatKey(body, person, role string) string { return "seat:" + body + "|" + person + "|" + role }

// takeHolder is the person in a seat, who belongs to the organization the row
// names.
func takeHolder(v Values, others map[string]string) Values {
	if v["person"] == "" {
		return nil
	}
	out := Values{fullName: v["person"], "email": v["email"]}
	if others["organization"] != "" {
		out["organization"] = v[placeOfWork]
	}
	tidyPerson(out)
	if others["organization"] != "" {
		out["organization"] = others["organization"]
	}
	delete(v, "email")
	return out
}

var spokenRoles = sync.OnceValue(func() map[string][]string {
	return spoken("seat_roles.", directory.SeatRoles, map[string][]string{"chair": {"chairperson", "chairman", "chairwoman", "president", "presidente"}, "co_chair": {"cochair"}, "vice_chair": {"deputy", "vice president", "vicepresidente"}, "adviser": {"advisor"}})
})

// tidySeat turns the words for a role into a role. A role this program has no
// word for, such as a technical lead, becomes what the seat is for.
func tidySeat(v Values) {
	word := v["role"]
	v["role"] = "member"
	for role, words := range spokenRoles() {
		if contains(words, i18n.FoldKey(word)) {
			v["role"], word = role, ""
			break
		}
	}
	if word != "" && !strings.Contains(v["purpose"], word) {
		v["purpose"] = strings.TrimPrefix(v["purpose"]+" · "+word, " · ")
	}
	if v["status"] == "" && v["to"] != "" && v["to"] <= time.Now().UTC().Format(time.DateOnly) {
		v["status"] = "past"
	}
	v[placeOfWork] = v["organization"]
	v[seatTitle] = strings.TrimPrefix(v["body"]+" · "+v["person"], " · ")
}

func seatMatcher(c *operation.Call) (Matcher, error) {
	var bodies []directory.BodyID
	if err := directory.EachBody(c, func(b directory.Body) { bodies = append(bodies, b.ID) }); err != nil {
		return nil, err
	}
	x := byKey{exact: map[string][]Candidate{}}
	terms, err := directory.TermsIn(c, bodies)
	slices.SortFunc(terms, func(a, b directory.Term) int { return strings.Compare(b.From, a.From) })
	for _, t := range terms {
		key := seatKey(t.BodyID.String(), t.PersonID.String(), t.Role)
		if have := x.exact[key]; len(have) == 0 { // of several terms of one person the last
			x.exact[key] = []Candidate{{Target: TargetID(t.SeatID), Title: t.Body + " · " + t.Person}}
		}
	}
	return x, err
}

func currentSeats(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
	out := map[TargetID]Current{}
	for _, i := range ids {
		s, err := directory.GetSeat.Within(c, directory.SeatRef{ID: directory.SeatID(i)})
		if err != nil {
			return out, err
		}
		v := Values{"body": s.BodyID.String(), "role": s.Role, "voting": yesNo(s.Voting), "purpose": s.Purpose, "sector": s.Sector, "status": "past"}
		now := Current{Title: s.Title(), Version: s.Version, Values: v, Shown: map[string]string{v["body"]: s.Body}}
		if n := len(s.Terms); n > 0 {
			t := s.Terms[n-1]
			v["person"], v["organization"], v["from"], v["ends"], v["to"] = t.PersonID.String(), t.OrganizationID.String(), t.From, t.Ends, t.To
			now.Shown[v["person"]], now.Shown[v["organization"]] = t.Person, t.Organization
			if t.To == "" || t.To > c.Today() {
				v["status"] = "current"
			}
		}
		out[i] = now
	}
	return out, nil
}

// yesterday is the day before; a term that is over and of which no day is known
// held at least that one.
func yesterday(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// termOf is the days of a term as a file says them. Of a past one whose days the
// file does not say only the last is put on record.
func termOf(c *operation.Call, v Values) directory.TermInput {
	t := directory.TermInput{PersonID: directory.PersonID(idOf[directory.Person](v["person"])), OrganizationID: idOf[directory.Organization](v["organization"]), From: v["from"], Ends: v["ends"], To: v["to"]}
	if v["status"] == "past" && t.To == "" {
		t.To = c.Today()
	}
	if t.From == "" {
		if t.From = c.Today(); t.To != "" && t.To <= t.From {
			t.From = yesterday(t.To)
		}
	}
	return t
}

func createSeat(c *operation.Call, v Values) (Written, error) {
	in := directory.SeatInput{BodyID: idOf[directory.Body](v["body"]), Role: v["role"], Voting: v["voting"] == "yes", Purpose: v["purpose"], Sector: v["sector"]}
	past := v["status"] == "past"
	if v["person"] != "" {
		in.Terms = []directory.TermInput{termOf(c, v)}
	}
	s, err := directory.CreateSeat.Within(c, in)
	if err != nil || !past || v["person"] == "" {
		return Written{TargetID(s.ID), s.Title(), s.Version}, err
	}
	// A past seat is not a vacant one: it ended with whoever held it.
	end := in.Terms[0].To
	s, err = directory.EditSeat.Within(c, directory.SeatPatch{ID: s.ID, Version: s.Version, To: &end})
	return Written{TargetID(s.ID), s.Title(), s.Version}, err
}

func updateSeat(c *operation.Call, target TargetID, change Values) (Written, error) {
	s, err := directory.GetSeat.Within(c, directory.SeatRef{ID: directory.SeatID(target)})
	if err != nil {
		return Written{}, err
	}
	patch := directory.SeatPatch{ID: s.ID, Version: s.Version, Role: set(change, "role"), Voting: setYes(change, "voting"), Purpose: set(change, "purpose"), Sector: set(change, "sector")}
	if n := len(s.Terms); n > 0 {
		terms := make([]directory.TermInput, n)
		for i, t := range s.Terms {
			terms[i] = directory.TermInput{ID: t.ID, PersonID: t.PersonID, OrganizationID: t.OrganizationID, AlternateID: t.AlternateID, From: t.From, Ends: t.Ends, To: t.To}
		}
		last := &terms[n-1]
		for name, to := range map[string]*string{"from": &last.From, "ends": &last.Ends, "to": &last.To} {
			if value := set(change, name); value != nil {
				*to = *value
			}
		}
		if organization := set(change, "organization"); organization != nil {
			last.OrganizationID = idOf[directory.Organization](*organization)
		}
		switch status := change["status"]; {
		case status == "past" && last.To == "":
			last.To = c.Today()
			patch.To = &last.To
		case status == "current":
			none := ""
			last.To, patch.To = "", &none
		}
		patch.Terms = &terms
		if last.From < s.From {
			patch.From = &last.From
		}
	}
	s, err = directory.EditSeat.Within(c, patch)
	return Written{TargetID(s.ID), s.Title(), s.Version}, err
}
