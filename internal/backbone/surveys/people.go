package surveys

import (
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PeopleInput says who is invited: whoever holds a seat of some groups today, in some
// roles, speaks for some organizations, or is named.
type PeopleInput struct {
	WaveID        WaveID                     `json:"wave_id"`
	Bodies        []directory.BodyID         `json:"bodies,omitempty" maxItems:"200" doc:"Whoever holds a seat of these groups today."`
	Roles         []string                   `json:"roles,omitempty" maxItems:"10" maxLength:"40" doc:"Of those, only who holds it in one of these roles; all when absent."`
	Organizations []directory.OrganizationID `json:"organizations,omitempty" maxItems:"1000" doc:"Whoever represents these organizations today."`
	People        []directory.PersonID       `json:"people,omitempty" maxItems:"5000" doc:"These people."`
}

// peopleRecord is what the audit log compares.
type peopleRecord struct {
	Invited []string `json:"invited"`
}

// NamesInput names some of those invited.
type NamesInput struct {
	WaveID WaveID               `json:"wave_id"`
	People []directory.PersonID `json:"people" required:"true" maxItems:"5000"`
}

// AddPeople invites people to a wave that is not open yet, or to one that is evergreen.
var AddPeople = operation.Define(operation.Operation[PeopleInput, Wave]{
	Definition: operation.Definition{ID: "survey-waves.add-people", Summary: "Adds people to those a survey wave invites: by group, role, organization or name", Method: "POST", Path: "/survey-waves/{wave_id}/people"},
	Run: func(c *operation.Call, in PeopleInput) (Wave, error) {
		w, err := drafted(c, in.WaveID, true)
		if err != nil {
			return w, err
		}
		who, err := chosen(c, in)
		if err != nil {
			return w, err
		}
		before, err := invited(c, w.ID)
		if err != nil {
			return w, err
		}
		who = slices.DeleteFunc(who, func(p directory.PersonID) bool {
			return slices.ContainsFunc(before, func(v Invitee) bool { return v.PersonID == p })
		})
		if len(before)+len(who) > mostInvited {
			return w, operation.InvalidField("people", "errors.too_many_items", map[string]any{"Most": mostInvited})
		}
		if len(who) == 0 {
			c.Continue()
			return told(c, w)
		}
		names := peopleRecord{}
		for part := range slices.Chunk(who, 500) {
			people, err := directory.PeopleNamed(c, part)
			if err != nil {
				return w, err
			}
			if len(people) < len(part) {
				return w, operation.InvalidField("people", "errors.no_such_person")
			}
			var rows [][]any
			for _, p := range people {
				names.Invited = append(names.Invited, p.Name())
				rows = append(rows, []any{id.Random[inviteeRow](), w.ID, p.ID, nil, "", "", store.JSON([]InBody{}), "", int64(0), ""})
			}
			if err := c.Tx.ExecRows(`INSERT INTO survey_invitees (collaborative_id, id, wave_id, person_id, organization_id, organization, sector, bodies, declined_on, letters, told_on)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, rows); err != nil {
				return w, err
			}
		}
		slices.Sort(names.Invited)
		c.Changed(w.Subject(), w.Name(), w.Version, peopleRecord{}, names)
		if w.State == Open {
			if err := grow(c, w, who); err != nil {
				return w, err
			}
			return told(c, w)
		}
		c.UndoWith("survey-waves.remove-people", NamesInput{w.ID, who})
		return told(c, w)
	},
})

// RemovePeople takes people out of those a wave invites, before it is open.
var RemovePeople = operation.Define(operation.Operation[NamesInput, Wave]{
	Definition: operation.Definition{ID: "survey-waves.remove-people", Summary: "Takes people out of those a survey wave invites", Method: "POST", Path: "/survey-waves/{wave_id}/people/remove"},
	Run: func(c *operation.Call, in NamesInput) (Wave, error) {
		w, err := drafted(c, in.WaveID, false)
		if err != nil {
			return w, err
		}
		before, err := invited(c, w.ID)
		if err != nil {
			return w, err
		}
		names, who := peopleRecord{}, []directory.PersonID{}
		for _, v := range before {
			if slices.Contains(in.People, v.PersonID) {
				names.Invited, who = append(names.Invited, v.Person), append(who, v.PersonID)
			}
		}
		if len(who) == 0 {
			return w, operation.InvalidField("people", "errors.no_such_person")
		}
		if _, err := c.Tx.Exec(`DELETE FROM survey_invitees WHERE collaborative_id = $1 AND wave_id = $2 AND person_id IN ($3)`, w.ID, store.In(who)); err != nil {
			return w, err
		}
		c.Changed(w.Subject(), w.Name(), w.Version, names, peopleRecord{})
		c.UndoWith("survey-waves.add-people", PeopleInput{WaveID: w.ID, People: who})
		return told(c, w)
	},
})

// drafted reads a wave whose people can still be changed; an evergreen one that is open
// can grow.
func drafted(c *operation.Call, i WaveID, grows bool) (Wave, error) {
	w, err := get(c, i)
	switch {
	case err != nil:
		return w, err
	case w.DeletedAt != nil:
		return w, operation.Missing()
	case w.State != Draft && !(grows && w.Evergreen && w.State == Open):
		return w, operation.InvalidField("wave_id", "errors.survey_begun")
	}
	return w, nil
}

// chosen are the people that an input means, each once.
func chosen(c *operation.Call, in PeopleInput) ([]directory.PersonID, error) {
	seen := map[directory.PersonID]bool{}
	out := []directory.PersonID{}
	add := func(people ...directory.PersonID) {
		for _, p := range people {
			if !seen[p] && !p.IsZero() {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	for _, body := range in.Bodies {
		held, err := directory.HeldOn(c, body, c.Today())
		if err != nil {
			return nil, err
		}
		for _, s := range held {
			if s.Term != nil && (len(in.Roles) == 0 || slices.Contains(in.Roles, s.Role)) {
				add(s.Term.PersonID)
			}
		}
	}
	for _, o := range in.Organizations {
		people, err := directory.Representatives(c, o)
		if err != nil {
			return nil, err
		}
		add(people...)
	}
	add(in.People...)
	return out, nil
}

// open freezes who is invited: whom they belong to, its sector, the groups they sit in,
// and the roster that is asked about.
func open(c *operation.Call, w Wave) error {
	people, err := invited(c, w.ID)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(v Invitee) bool { return v.gone })
	if len(people) == 0 {
		return operation.InvalidField("state", "errors.survey_nobody")
	}
	if w.ClosesOn != "" && w.lastDay() < c.Today() {
		return operation.InvalidField("state", "errors.survey_over")
	}
	if err := freeze(c, people); err != nil {
		return err
	}
	withOrganizations, withPeople := w.content.rosters()
	var rows [][]any
	seen := map[directory.OrganizationID]bool{}
	for _, v := range people {
		if withOrganizations && !v.OrganizationID.IsZero() && !seen[v.OrganizationID] {
			seen[v.OrganizationID] = true
			rows = append(rows, []any{id.Random[Entry](), w.ID, directory.PersonID{}, v.OrganizationID, v.Organization, v.Sector, ""})
		}
		if withPeople {
			rows = append(rows, []any{id.Random[Entry](), w.ID, v.PersonID, directory.OrganizationID{}, v.Person, v.Sector, ""})
		}
	}
	if len(rows) > mostRoster {
		return operation.InvalidField("state", "errors.survey_roster", map[string]any{"Most": mostRoster})
	}
	if err := c.Tx.ExecRows(insertRoster, rows); err != nil {
		return err
	}
	if w.Evergreen && w.draws() {
		return askTellers(c, w, people, c.Today())
	}
	return nil
}

const insertRoster = `INSERT INTO survey_roster (collaborative_id, id, wave_id, person_id, organization_id, name, sector, added_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

// freeze notes of each person whom they belong to today and where they sit.
func freeze(c *operation.Call, people []Invitee) error {
	at := map[directory.PersonID]*Invitee{}
	for k := range people {
		people[k].OrganizationID, people[k].Organization, people[k].Sector, people[k].Bodies = directory.OrganizationID{}, "", "", []InBody{}
		at[people[k].PersonID] = &people[k]
	}
	var bodies []directory.Body
	if err := directory.EachBody(c, func(b directory.Body) { bodies = append(bodies, b) }); err != nil {
		return err
	}
	for _, b := range bodies {
		held, err := directory.HeldOn(c, b.ID, c.Today())
		if err != nil {
			return err
		}
		for _, s := range held {
			if s.Term == nil || at[s.Term.PersonID] == nil {
				continue
			}
			v := at[s.Term.PersonID]
			v.Bodies = append(v.Bodies, InBody{b.ID, b.Name, s.Role})
			if v.OrganizationID.IsZero() {
				v.OrganizationID = s.Term.OrganizationID
			}
		}
	}
	var organizations []directory.OrganizationID
	for part := range slices.Chunk(people, 500) {
		ids := make([]directory.PersonID, len(part))
		for k, v := range part {
			ids[k] = v.PersonID
		}
		found, err := directory.PeopleNamed(c, ids)
		if err != nil {
			return err
		}
		for _, p := range found {
			if p.Affiliation != nil { // whom they belong to comes before whom they sit for
				at[p.ID].OrganizationID = p.Affiliation.OrganizationID
			}
		}
	}
	for _, v := range people {
		if !v.OrganizationID.IsZero() && !slices.Contains(organizations, v.OrganizationID) {
			organizations = append(organizations, v.OrganizationID)
		}
	}
	known := map[directory.OrganizationID]directory.Organization{}
	for part := range slices.Chunk(organizations, 500) {
		found, err := directory.OrganizationsNamed(c, part)
		if err != nil {
			return err
		}
		for _, o := range found {
			known[o.ID] = o
		}
	}
	years, err := memberBands(c)
	if err != nil {
		return err
	}
	for _, v := range people {
		o, there := known[v.OrganizationID]
		if !there {
			v.OrganizationID = directory.OrganizationID{}
		}
		v.MemberBand = years[v.OrganizationID]
		if v.Kinds = o.Kinds; v.Kinds == nil {
			v.Kinds = []string{}
		}
		if _, err := c.Tx.Exec(`UPDATE survey_invitees SET organization_id = $3, organization = $4, sector = $5, bodies = $6, kinds = $7, member_band = $8 WHERE collaborative_id = $1 AND id = $2`,
			v.id, v.OrganizationID, o.Name, o.Sector, store.JSON(v.Bodies), store.JSON(v.Kinds), v.MemberBand); err != nil {
			return err
		}
		*at[v.PersonID] = Invitee{id: v.id, PersonID: v.PersonID, Person: v.Person, OrganizationID: v.OrganizationID, Organization: o.Name, Sector: o.Sector, Bodies: v.Bodies, Kinds: v.Kinds, MemberBand: v.MemberBand}
	}
	return nil
}

// unopen takes the opening of a wave back, of which nobody was told yet.
func unopen(c *operation.Call, w Wave) error {
	people, err := invited(c, w.ID)
	if err != nil {
		return err
	}
	one := []Wave{w}
	if err := count(c, one); err != nil {
		return err
	}
	if one[0].Answered > 0 || slices.ContainsFunc(people, func(v Invitee) bool { return v.letters > 0 }) {
		return operation.InvalidField("state", "errors.survey_begun")
	}
	if w.Mode == Anonymous {
		if err := clearAway(c, w); err != nil {
			return err
		}
	}
	if _, err := c.Tx.Exec(`DELETE FROM survey_tellers WHERE collaborative_id = $1 AND wave_id = $2`, w.ID); err != nil {
		return err
	}
	_, err = c.Tx.Exec(`DELETE FROM survey_roster WHERE collaborative_id = $1 AND wave_id = $2`, w.ID)
	return err
}
