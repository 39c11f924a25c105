package imports

import (
	"iter"
	"strconv"
	"sync"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// attendanceKind are entries in the ledgers of meetings, from reports of programs
// for meetings and from lists. Rows of one person at one meeting become one entry.
var attendanceKind = &Kind{
	ID: "attendance", Needs: []string{"attendance.record-several", "attendance.edit", "meetings.create", "people.create", "people.edit", "organizations.create", "bodies.create"},
	Undo: reversibleAttendance{},
	Fields: []Field{
		{ID: "person", Type: TextType, Refers: "people", Label: "attendance.field_person", Aliases: []string{"person", "name", "full name", "participant", "attendee", "participant name", "attendee name", "nom", "nom complet", "participant e", "nombre", "nombre completo", "asistente", "participante", "persona", "personne"}},
		{ID: "given_name", Type: TextType, Label: "people.field_given_name", Aliases: []string{"first name", "given name", "prenom"}},
		{ID: "family_name", Type: TextType, Label: "people.field_family_name", Aliases: []string{"last name", "family name", "surname", "nom de famille", "apellido", "apellidos"}},
		{ID: "email", Type: TextType, Label: "people.field_email", Aliases: []string{"email", "e mail", "email address", "user email", "courriel", "correo electronico"}},
		{ID: "upn", Type: TextType, Label: "import.field_upn"},
		{ID: "organization", Type: TextType, Refers: "organizations", Label: "seats.field_organization", Aliases: []string{"organization", "organisation", "company", "agency", "affiliation", "organisme", "organizacion", "entidad"}},
		{ID: "title", Fixable: true, Passing: true, Type: TextType, Label: "import.field_meeting_title", Aliases: []string{"meeting", "meeting title", "topic", "event", "event name", "reunion", "evenement", "evento"}},
		{ID: "date", Timed: true, Fixable: true, Passing: true, Type: TextType, Label: "import.field_meeting_date", Aliases: []string{"date", "day", "meeting date", "fecha", "jour"}},
		{ID: "start", Timed: true, Fixable: true, Passing: true, Type: TextType, Label: "import.field_meeting_start", Aliases: []string{"meeting start", "meeting start time"}},
		{ID: "end", Timed: true, Fixable: true, Passing: true, Type: TextType, Label: "import.field_meeting_end", Aliases: []string{"meeting end", "meeting end time"}},
		{ID: "body", Fixable: true, Type: TextType, Refers: "bodies", Label: "seats.field_body", Aliases: []string{"body", "committee", "group", "working group", "comite", "groupe", "grupo"}},
		{ID: "join", Timed: true, Type: TextType, Label: "import.field_join", Aliases: append([]string{"joined", "time in", "check in", "arrived"}, joinHeads...)},
		{ID: "leave", Timed: true, Type: TextType, Label: "import.field_leave", Aliases: append([]string{"left", "time out", "check out"}, leaveHeads...)},
		{ID: "first", Timed: true, Type: TextType, Label: "import.field_first_join", Aliases: firstHeads},
		{ID: "last", Timed: true, Type: TextType, Label: "import.field_last_leave", Aliases: lastHeads},
		{ID: "action", Type: TextType, Label: "import.field_join_action", Aliases: doneHeads},
		{ID: "at", Timed: true, Type: TextType, Label: "import.field_join_at", Aliases: stampHeads},
		{ID: "minutes", Timed: true, Type: TextType, Label: "import.field_minutes", Aliases: append([]string{"minutes", "minutes present", "minutos"}, totalHeads...)},
		{ID: "spent", Timed: true, Type: TextType, Label: "import.field_spent", Aliases: spentHeads},
		{ID: "turns", Type: NumberType, Label: "import.field_turns", Aliases: []string{"turns", "speaking turns", "prises de parole", "intervenciones"}},
		{ID: "engagement", Fixable: true, Type: NumberType, Label: "import.field_engagement", Aliases: []string{"engagement", "implication", "participacion"}},
		{ID: "presence", Fixable: true, Type: ChoiceType, Once: true, Label: "import.field_presence", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("presences.", attendance.Presences, map[string][]string{"online": {"remote", "virtual", "zoom", "teams", "en ligne", "en linea"}, "here": {"in person", "on site", "onsite", "en personne", "presencial"}})
		}), Aliases: []string{"presence", "attendance type", "mode", "modalidad"}},
		{ID: "status", Type: TextType, Label: "import.field_ticket_status", Aliases: []string{"attendee status", "attendance status"}},
		{ID: "days_apart", Fixable: true, Type: NumberType, Label: "import.field_days_apart"},
		{ID: "shift", Fixable: true, Passing: true, Type: NumberType, Label: "import.field_shift"},
	},
	Roles: []Role{
		{Kind: "bodies", Field: "body", Take: func(v Values, _ map[string]string) Values { return named(v, "body") }},
		{Kind: "organizations", Field: "organization", Take: func(v Values, _ map[string]string) Values { return named(v, "organization") }},
		{Kind: "people", Field: "person", Take: takeAttendee},
		{Kind: "meetings", Field: "meeting", Take: takeMeeting},
	},
	Ready: readyAttendance,
	Told:  toldOfReport,
	Split: func(v Values) []Values {
		if v[leftOut] != "" {
			return nil
		}
		return []Values{v}
	},
	Title: func(v Values) string { return v[seatTitle] },
	Keys: func(v Values) []string {
		return []string{attendanceKey(v["meeting"], v["person"], v["name"])}
	},
	Matcher: func(c *operation.Call) (Matcher, error) {
		x := attendanceMatcher{}
		err := attendance.Each(c, func(i attendance.ID, m attendance.MeetingID, person directory.PersonID, guest string) {
			who := ""
			if !person.IsZero() {
				who = person.String()
			}
			x[hashOf(attendanceKey(m.String(), who, guest))] = TargetID(i)
		})
		return x, err
	},
	Current: currentAttendance,
	Soften: func(given Values, now Current, _ bool) {
		stay := stayOf(given)
		for field := range given {
			delete(given, field)
		}
		for field, n := range map[string]*int64{"minutes": stay.minutes, "turns": stay.turns, "engagement": stay.engagement} {
			if n != nil && now.Values[field] == "" { // what the ledger says already stays
				given[field] = strconv.FormatInt(*n, 10)
			}
		}
	},
	CreateSeveral: createAttendance,
	Update: func(c *operation.Call, target TargetID, change Values) (Written, error) {
		a, err := attendance.EntryOf(c, attendance.ID(target))
		if err != nil {
			return Written{}, err
		}
		a, err = attendance.Edit.Within(c, attendance.Patch{MeetingID: a.MeetingID, ID: a.ID, Version: a.Version, Minutes: numberIn(change, "minutes"), Turns: numberIn(change, "turns"), Engagement: numberIn(change, "engagement")})
		return Written{TargetID(a.ID), a.Name, a.Version}, err
	},
}

// eachOf begins the name of a value of which every row of a record adds one.
const eachOf = hiddenField + "each_"

// leftOut marks a row that says that somebody was not there.
const leftOut = hiddenField + "left_out"

// attendanceKey tells entries apart: somebody is in the ledger of a meeting once.
func attendanceKey(meeting, person, guest string) string {
	if person != "" {
		guest = ""
	}
	return "attendance:" + meeting + "|" + person + "|" + folded(guest)
}

// takeAttendee is the person a row names; nil for a guest of whom no name is known.
func takeAttendee(v Values, _ map[string]string) Values {
	if v["person"] == "" {
		return nil
	}
	out := Values{fullName: v["person"]}
	if v["email"] != "" {
		out["email"] = v["email"]
	}
	if known := v[hiddenField+"known"]; known != "" {
		out["id"] = known
	}
	tidyPerson(out)
	delete(v, hiddenField+"known")
	delete(v, "email")
	return out
}

// takeMeeting is the meeting a row belongs to.
func takeMeeting(v Values, others map[string]string) Values {
	out := Values{}
	for _, field := range []string{"title", "on", "starts", "minutes", "mode", "from", "to"} {
		if text := v[ofMeeting+field]; text != "" {
			out[field] = text
		}
		delete(v, ofMeeting+field)
	}
	out[reportFrom], out[reportTo] = out["from"], out["to"]
	delete(out, "from")
	delete(out, "to")
	if others["body"] != "" {
		out["body"] = others["body"]
		delete(others, "body") // it is the meeting's
	}
	return out
}

// ofMeeting begins the names of what is known of the meeting a row belongs to.
const ofMeeting = hiddenField + "meeting_"

type attendanceMatcher map[[16]byte]TargetID

// Find implements Matcher.
func (x attendanceMatcher) Find(asked []Asked) []Found {
	out := make([]Found, len(asked))
	for k, a := range asked {
		if target, there := x[hashOf(a.Keys[0])]; there {
			out[k] = Found{Target: target, Match: Match{Rule: "attendance"}}
		}
	}
	return out
}

// Alike implements Matcher.
func (attendanceMatcher) Alike(iter.Seq[Asked]) []Pair { return nil }

func currentAttendance(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
	out := map[TargetID]Current{}
	for _, i := range ids {
		a, err := attendance.EntryOf(c, attendance.ID(i))
		if operation.KindOf(operation.Translate(err)) == operation.NotFound {
			continue
		}
		if err != nil {
			return out, err
		}
		now := Current{Title: a.Name, Version: a.Version, Values: Values{}}
		for field, n := range map[string]*int64{"minutes": a.Minutes, "turns": a.Turns, "engagement": a.Engagement} {
			if n != nil {
				now.Values[field] = strconv.FormatInt(*n, 10)
			}
		}
		out[i] = now
	}
	return out, nil
}

// createAttendance enters those of a page meeting by meeting.
func createAttendance(c *operation.Call, all []Values) ([]Written, error) {
	out := make([]Written, len(all))
	at := map[attendance.MeetingID][]int{}
	var order []attendance.MeetingID
	for k, v := range all {
		m := idOf[convening.Meeting](v["meeting"])
		if len(at[m]) == 0 {
			order = append(order, m)
		}
		at[m] = append(at[m], k)
	}
	for _, m := range order {
		in := attendance.SeveralInput{MeetingID: m}
		for _, k := range at[m] {
			in.Items = append(in.Items, entryIn(m, all[k]))
		}
		made, err := attendance.RecordSeveral.Within(c, in)
		if err != nil {
			return nil, err
		}
		for n, a := range made.Items {
			out[at[m][n]] = Written{TargetID(a.ID), a.Name, a.Version}
		}
	}
	return out, nil
}

// entryIn is what a row says of somebody at a meeting.
func entryIn(m attendance.MeetingID, v Values) attendance.Input {
	s := stayOf(v)
	in := attendance.Input{MeetingID: m, PersonID: directory.PersonID(idOf[directory.Person](v["person"])), Name: v["name"], OrganizationID: idOf[directory.Organization](v["organization"]),
		Presence: v["presence"], Source: attendance.FromImport, Minutes: s.minutes, Turns: s.turns, Engagement: s.engagement}
	if in.PersonID.IsZero() {
		in.Email = v["email"]
	}
	if !s.from.IsZero() {
		in.JoinedAt, in.LeftAt, in.Source = &s.from, &s.to, attendance.FromReport
	}
	return in
}
