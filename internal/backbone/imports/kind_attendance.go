package imports

import (
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	"commontable/internal/analysis/presence"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// attendanceKind are entries in the ledgers of meetings, from reports of programs
// for meetings and from lists. Rows of one person at one meeting become one entry.
var attendanceKind = &Kind{
	ID: "attendance", Needs: []string{"attendance.record", "attendance.edit", "meetings.create", "people.create", "people.edit", "organizations.create", "bodies.create"},
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
	Create: createAttendance,
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

// stay is what the rows of one person at one meeting come to.
type stay struct {
	minutes, turns, engagement *int64
	from, to                   time.Time
}

func stayOf(v Values) stay {
	s := stay{turns: sumOf(v[eachOf+"turns"]), engagement: numberIn(v, "engagement")}
	var joins []presence.Interval
	for _, field := range []string{"joins", "span"} { // the first and last time only where no joins are known
		for _, line := range lines(v[eachOf+field]) {
			from, to, _ := strings.Cut(line, "/")
			a, _ := time.Parse(time.RFC3339, from)
			b, _ := time.Parse(time.RFC3339, to)
			joins = append(joins, presence.Interval{From: a, To: b})
		}
		merged := presence.Merge(joins)
		if len(merged) == 0 {
			continue
		}
		s.from, s.to = merged[0].From, merged[len(merged)-1].To
		if total := sumOf(v[eachOf+"total"]); field == "span" && total != nil {
			s.minutes = total
		} else {
			n := presence.Minutes(merged)
			s.minutes = &n
		}
		return s
	}
	if s.minutes = sumOf(v[eachOf+"total"]); s.minutes == nil {
		s.minutes = sumOf(v[eachOf+"spent"])
	}
	return s
}

// sumOf adds up numbers in lines, each with the row it is from; nil for none.
func sumOf(text string) *int64 {
	var sum int64
	all := lines(text)
	for _, line := range all {
		number, _, _ := strings.Cut(line, "#")
		n, _ := strconv.ParseInt(number, 10, 64)
		sum += n
	}
	if len(all) == 0 {
		return nil
	}
	return &sum
}

func numberIn(v Values, field string) *int64 {
	n, err := strconv.ParseFloat(v[field], 64)
	if err != nil {
		return nil
	}
	whole := int64(n)
	return &whole
}

func createAttendance(c *operation.Call, v Values) (Written, error) {
	s := stayOf(v)
	in := attendance.Input{MeetingID: idOf[convening.Meeting](v["meeting"]), PersonID: directory.PersonID(idOf[directory.Person](v["person"])), Name: v["name"], OrganizationID: idOf[directory.Organization](v["organization"]),
		Presence: v["presence"], Source: attendance.FromImport, Minutes: s.minutes, Turns: s.turns, Engagement: s.engagement}
	if in.PersonID.IsZero() {
		in.Email = v["email"]
	}
	if !s.from.IsZero() {
		in.JoinedAt, in.LeftAt, in.Source = &s.from, &s.to, attendance.FromReport
	}
	a, err := attendance.Record.Within(c, in)
	return Written{TargetID(a.ID), a.Name, a.Version}, err
}

// toldOfReport says of a report that its times are off the plan of the meeting it
// was recognised as, or that it names few who are known.
func toldOfReport(c *operation.Call, i Import) ([]Message, error) {
	var out []Message
	all, err := store.Collect(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND kind = 'meetings' AND action <> 'create' ORDER BY record LIMIT 50`, i.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		for _, candidate := range append([]Candidate{{Target: r.target}}, r.match.Candidates...) {
			if candidate.Target.IsZero() {
				continue
			}
			m, err := convening.MeetingOf(c, convening.MeetingID(candidate.Target))
			if err != nil {
				return nil, err
			}
			switch by, fits := shiftTo(r.given, m); {
			case !fits:
				out = append(out, Message{Key: "import.report_elsewhere", Args: map[string]any{"Meeting": m.Name(), "Starts": m.Starts}})
			case by != 0:
				out = append(out, Message{Key: "import.report_clock", Args: map[string]any{"Meeting": m.Name(), "Hours": strconv.FormatFloat(by.Hours(), 'f', -1, 64)}})
			}
			break
		}
	}
	if len(all) == 0 {
		return out, nil
	}
	type tally struct{ known, all int64 }
	t, err := store.One(c.Tx, func(row store.Row) (t tally, err error) { return t, row.Scan(&t.all, &t.known) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN action IN ('update', 'unchanged', 'doubt', 'same') THEN 1 ELSE 0 END), 0) FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND kind = 'people'`, i.ID)
	if err == nil && t.all >= 3 && t.known*5 < t.all {
		out = append(out, Message{Key: "import.report_few_known", Args: map[string]any{"Known": t.known, "All": t.all}})
	}
	return out, err
}

// reversibleAttendance takes back what an import did to ledgers.
type reversibleAttendance struct{}

// Snapshot implements directory.Reversible.
func (reversibleAttendance) Snapshot(c *operation.Call, i directory.RecordID) (json.RawMessage, error) {
	a, err := attendance.EntryOf(c, attendance.ID(i))
	if err != nil {
		return nil, err
	}
	return json.Marshal(counted{a.Minutes, a.Turns, a.Engagement})
}

// counted is what an import may add to an entry.
type counted struct {
	Minutes    *int64 `json:"minutes"`
	Turns      *int64 `json:"turns"`
	Engagement *int64 `json:"engagement"`
}

// Restore implements directory.Reversible.
func (reversibleAttendance) Restore(c *operation.Call, i directory.RecordID, before, after json.RawMessage) ([]string, int64, error) {
	a, err := attendance.EntryOf(c, attendance.ID(i))
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return nil, 0, nil // taken out since
	}
	if err != nil {
		return nil, 0, err
	}
	var was, made counted
	if err := errors.Join(json.Unmarshal(before, &was), json.Unmarshal(after, &made)); err != nil {
		return nil, 0, err
	}
	now := counted{a.Minutes, a.Turns, a.Engagement}
	then, left, err := directory.TakeBack(was, made, now)
	if err != nil {
		return left, 0, err
	}
	unset := int64(attendance.Unset)
	patch := attendance.Patch{MeetingID: a.MeetingID, ID: a.ID, Version: a.Version, Minutes: then.Minutes, Turns: then.Turns, Engagement: then.Engagement}
	for _, n := range []**int64{&patch.Minutes, &patch.Turns, &patch.Engagement} {
		if *n == nil {
			*n = &unset
		}
	}
	a, err = attendance.Edit.Within(c, patch)
	return left, a.Version, err
}

// Remove implements directory.Reversible.
func (reversibleAttendance) Remove(c *operation.Call, i directory.RecordID, version int64) (string, error) {
	return attendance.Remove(c, attendance.ID(i), version)
}
