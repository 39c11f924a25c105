package imports

import (
	"strings"

	"commontable/internal/platform/operation"
)

// calendarKind are meetings to come and series of them, from calendars and from lists
// that say in words when groups meet. A row is a series, or a meeting that is none of
// one; what it became is remembered by what the calendar calls it, so that the same file
// changes nothing the second time and a newer one changes what is newer.
var calendarKind = &Kind{
	ID: "calendar", Needs: []string{"series.create", "series.edit", "series.trash", "meetings.create", "meetings.edit", "meetings.step", "bodies.create"},
	Undo: reversibleCalendar{}, Page: 10,
	Fields: []Field{
		{ID: "body", Fixable: true, Once: true, Type: TextType, Refers: "bodies", Label: "series.field_body", Aliases: []string{"body", "group", "committee", "working group", "team", "groupe", "comite", "instance", "grupo", "organo"}},
		{ID: "title", Type: TextType, Most: 1000, Label: "series.field_title", Aliases: []string{"title", "meeting", "meeting title", "meeting name", "name", "event", "summary", "subject", "reunion", "titre", "nom", "objet", "titulo", "nombre", "asunto"}},
		{ID: "first_on", Type: DateType, Label: "series.field_first_on", Aliases: []string{"first day", "date", "start date", "first on", "starts on", "premier jour", "date de debut", "fecha", "fecha de inicio", "primer dia"}},
		{ID: "day", Timed: true, Type: TextType, Label: "import.field_weekday", Aliases: []string{"day", "weekday", "day of week", "days", "jour", "jours", "dia", "dias"}},
		{ID: "time", Timed: true, Type: TextType, Label: "series.field_starts", Aliases: []string{"time", "start time", "start", "starts", "hour", "heure", "heure de debut", "debut", "hora", "hora de inicio"}},
		{ID: "minutes", Timed: true, Type: NumberType, Label: "series.field_minutes", Aliases: []string{"minutes", "duration minutes", "length minutes", "minutos"}},
		{ID: "zone", Fixable: true, Type: TextType, Label: "series.field_zone", Aliases: []string{"time zone", "timezone", "zone", "tz", "fuseau", "fuseau horaire", "huso horario", "zona horaria"}},
		{ID: "frequency", Fixable: true, Type: TextType, Label: "series.field_rhythm", Aliases: []string{"frequency", "repeats", "recurrence", "how often", "cadence", "frequence", "frecuencia", "periodicidad"}},
		{ID: "rule", Type: TextType, Most: 1000, Label: "series.field_rule", Aliases: []string{"rule", "rrule", "recurrence rule", "regle", "regla"}},
		{ID: "last_on", Type: DateType, Label: "series.field_last_on", Aliases: []string{"last day", "until", "end date", "ends on", "jusqu au", "hasta"}},
		{ID: "exceptions", Type: LinesType, Most: 200_000, Label: "series.field_exceptions", Aliases: []string{"exceptions", "excepciones"}},
		{ID: "place", Fixable: true, Type: TextType, Most: 5000, Label: "series.field_place", Aliases: []string{"place", "location", "room", "where", "lieu", "salle", "lugar", "sala"}},
		{ID: "link", Fixable: true, Type: LinkType, Most: 1000, Label: "series.field_link", Aliases: []string{"link", "url", "join link", "meeting link", "zoom link", "lien", "enlace"}},
		{ID: "purpose", Type: LinesType, Most: 200_000, Label: "series.field_purpose", Aliases: []string{"purpose", "description", "about", "notes", "but", "proposito", "descripcion"}},
		{ID: "status", Type: TextType, Label: "meetings.field_state", Aliases: []string{"event status"}},
		{ID: "sequence", Type: NumberType, Label: "import.field_sequence", Aliases: []string{"sequence"}},
		{ID: "uid", Type: TextType, Most: 2000, Label: "import.field_uid", Aliases: []string{"uid", "event uid"}},
		{ID: "problem", Type: TextType, Label: "import.field_problem"},
	},
	Roles: []Role{{Kind: "bodies", Field: "body", Take: func(v Values, _ map[string]string) Values { return named(v, "body") }}},
	Ready: readyCalendar,
	Title: func(v Values) string {
		if v["rule"] != "" {
			return v["title"]
		}
		return v["title"] + " · " + v["first_on"]
	},
	Keys:    func(v Values) []string { return []string{"uid:" + v[eventUID]} },
	Matcher: matchCalendar,
	Current: currentCalendar,
	Soften: func(given Values, now Current, _ bool) {
		if newer := now.Values[eventSaid] == "" || now.Values[eventSaid] != given[eventSaid] && number64(given[eventSequence]) >= number64(now.Values[eventSequence]); !newer || now.Values[eventGone] != "" {
			clear(given)
			return
		}
		// A list that does not say which weeks are meant says nothing new of them.
		if given[eventAssumed] != "" && anyWeek(given["rule"]) == anyWeek(now.Values["rule"]) {
			delete(given, "rule")
			delete(given, "first_on")
		}
		if (given["rule"] == "") != (now.Values["rule"] == "") && given[eventAssumed] == "" {
			delete(given, "exceptions")
		}
	},
	Create: createCalendar,
	Update: updateCalendar,
	Noted: func(c *operation.Call, given Values, target TargetID) error {
		return broughtOf(given, target).remember(c)
	},
}

// What is kept of an event beside what is shown of it.
const (
	eventUID      = hiddenField + "uid"
	eventSequence = hiddenField + "sequence"
	eventSaid     = hiddenField + "said"
	eventAssumed  = hiddenField + "assumed" // the list does not say which of several weeks
	eventGone     = hiddenField + "gone"    // it was put in the trash here
	eventSingle   = hiddenField + "single"  // it became a meeting that is none of a series
)

// anyWeek is a monthly rule without which week of the month it names.
func anyWeek(rule string) string {
	return strings.Map(func(r rune) rune {
		if strings.HasPrefix(rule, "FREQ=MONTHLY;BYDAY=") && (r >= '0' && r <= '9' || r == '-') {
			return -1
		}
		return r
	}, rule)
}
