package imports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"commontable/internal/analysis/presence"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// reportRows is what the rows of a report say together: in which order its dates
// are, on which days it has meetings, whom its names mean.
type reportRows struct {
	zone       *time.Location
	order      presence.Order
	unit       map[string]time.Duration
	title      string // of a meeting nobody named
	online     bool
	checked    bool // some tickets were checked at the door, so that the others are not enough
	remembered map[string]attendance.RememberedName
	meetings   map[string][]reportMeeting // by title
	speaks     map[string]speaksFor       // by meeting and person
}

// reportMeeting is a meeting of a report: its first and last day, and the span of
// its times.
type reportMeeting struct {
	first, last string
	from, to    time.Time
}

// speaksFor is whom somebody spoke for at a meeting, by the earliest row that says.
type speaksFor struct{ on, organization string }

// reportRow is what is kept of a row until all are known.
type reportRow struct{ title, day, person, organization string }

func readyAttendance(c *operation.Call, i Import, rows func(func(v Values)) error) (func(v Values) []Fault, error) {
	x := &reportRows{zone: time.UTC, unit: map[string]time.Duration{}, title: fileTitle(i.FileName), online: i.File.Source == "zoom" || i.File.Source == "teams", remembered: map[string]attendance.RememberedName{},
		meetings: map[string][]reportMeeting{}, speaks: map[string]speaksFor{}}
	if c.Collaborative.Zone != nil {
		x.zone = c.Collaborative.Zone
	}
	for column, field := range i.Plan.Fields {
		x.unit[field] = time.Minute
		if words := strings.Fields(i18n.FoldKey(i.File.Columns[column].Name)); slices.ContainsFunc([]string{"seconds", "secondes", "segundos", "sekunden", "sec"}, func(w string) bool { return slices.Contains(words, w) }) {
			x.unit[field] = time.Second
		}
	}
	several := map[string]bool{}
	if err := attendance.EachName(c, func(_ directory.BodyID, name string, person directory.PersonID) {
		if have, ok := x.remembered[name]; ok && have.PersonID != person {
			several[name] = true
		}
		x.remembered[name] = attendance.RememberedName{PersonID: person}
	}); err != nil {
		return nil, err
	}
	for name := range several { // bodies disagree; somebody has to say
		delete(x.remembered, name)
	}
	for name, r := range x.remembered {
		var err error
		if r.Person, _, err = directory.PersonName(c, r.PersonID); err != nil {
			return nil, err
		}
		x.remembered[name] = r
	}
	var dates []string
	if err := rows(func(v Values) {
		for _, field := range []string{"join", "first", "at", "date", "start"} {
			if v[field] != "" && len(dates) < 20_000 {
				dates = append(dates, v[field])
			}
		}
		x.checked = x.checked || i18n.FoldKey(v["status"]) == "checked in"
	}); err != nil {
		return nil, err
	}
	x.order = presence.OrderOf(dates)
	return x.row, x.group(rows)
}

// group works out which days of the rows belong to one meeting.
func (x *reportRows) group(rows func(func(v Values)) error) error {
	var all []reportRow
	spans := map[string]map[string]*reportMeeting{} // by title and day
	apart := 0
	if err := rows(func(v Values) {
		t, faults := x.times(v)
		if len(faults) > 0 || t.day == "" {
			return
		}
		apart = cmp.Or(apart, number(v["days_apart"]))
		title := x.titleOf(v)
		if spans[title] == nil {
			spans[title] = map[string]*reportMeeting{}
		}
		day := spans[title][t.day]
		if day == nil {
			day = &reportMeeting{first: t.day, last: t.day}
			spans[title][t.day] = day
		}
		for _, i := range t.all() {
			if !i.From.IsZero() && (day.from.IsZero() || i.From.Before(day.from)) {
				day.from = i.From
			}
			if i.To.After(day.to) {
				day.to = i.To
			}
		}
		if v["organization"] != "" {
			all = append(all, reportRow{title, t.day, x.whoKey(v), v["organization"]})
		}
	}); err != nil {
		return err
	}
	for title, days := range spans {
		var out []reportMeeting
		for _, d := range slices.SortedFunc(values(days), func(a, b reportMeeting) int { return cmp.Compare(a.first, b.first) }) {
			if n := len(out); n > 0 && daysBetween(out[n-1].last, d.first) <= apart {
				out[n-1].last = d.last
				if d.to.After(out[n-1].to) {
					out[n-1].to = d.to
				}
				continue
			}
			out = append(out, d)
		}
		x.meetings[title] = out
	}
	for _, r := range all {
		m, _ := x.meetingOn(r.title, r.day)
		key := r.title + "\n" + m.first + "\n" + r.person
		if have, ok := x.speaks[key]; !ok || r.day < have.on {
			x.speaks[key] = speaksFor{r.day, r.organization}
		}
	}
	return nil
}

func values(days map[string]*reportMeeting) func(yield func(reportMeeting) bool) {
	return func(yield func(reportMeeting) bool) {
		for _, d := range days {
			if !yield(*d) {
				return
			}
		}
	}
}

func daysBetween(a, b string) int {
	from, _ := time.Parse(time.DateOnly, a)
	to, _ := time.Parse(time.DateOnly, b)
	return int(to.Sub(from).Hours() / 24)
}

func number(text string) int {
	n, _ := strconv.ParseFloat(text, 64)
	return int(max(0, min(n, 31)))
}

func (x *reportRows) meetingOn(title, day string) (reportMeeting, bool) {
	for _, m := range x.meetings[title] {
		if m.first <= day && day <= m.last {
			return m, true
		}
	}
	return reportMeeting{}, false
}

// titleOf is what the meeting of a row is called.
func (x *reportRows) titleOf(v Values) string { return cmp.Or(v["title"], v["body"], x.title) }

func nameIn(v Values) string {
	return cmp.Or(v["person"], strings.TrimSpace(v["given_name"]+" "+v["family_name"]))
}

// whoKey tells the people of a report apart.
func (x *reportRows) whoKey(v Values) string {
	return i18n.FoldKey(cmp.Or(nameIn(v), v["email"]))
}

// rowTimes are the times a row gives.
type rowTimes struct {
	day         string
	joins, span []presence.Interval
}

func (t rowTimes) all() []presence.Interval { return append(slices.Clone(t.joins), t.span...) }

// times reads the times of a row, moved by the hours somebody said.
func (x *reportRows) times(v Values) (t rowTimes, faults []Fault) {
	hours, _ := strconv.ParseFloat(v["shift"], 64)
	by := time.Duration(hours * float64(time.Hour))
	var base time.Time
	for _, field := range []string{"date", "start"} {
		if at, _, ok := presence.ParseTime(v[field], x.order, x.zone, time.Time{}); ok && base.IsZero() {
			base = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, x.zone)
		} else if field == "date" && v[field] != "" && !ok {
			faults = append(faults, Fault{Field: field, Key: "errors.report_time"})
		}
	}
	read := func(field string) (at time.Time, alone bool) {
		if v[field] == "" {
			return at, false
		}
		_, _, whole := presence.ParseTime(v[field], x.order, x.zone, time.Time{})
		at, _, ok := presence.ParseTime(v[field], x.order, x.zone, base)
		if !ok {
			faults = append(faults, Fault{Field: field, Key: "errors.report_time"})
			return time.Time{}, false
		}
		return at.Add(by), !whole
	}
	stretch := func(from, to string) []presence.Interval {
		a, alone := read(from)
		b, _ := read(to)
		if a.IsZero() && b.IsZero() {
			return nil
		}
		if !a.IsZero() && !b.IsZero() {
			if b = presence.Ended(a, b, alone); b.Before(a) {
				faults = append(faults, Fault{Field: to, Key: "errors.ends_before_it_begins"})
				return nil
			}
		}
		return []presence.Interval{{From: a, To: b}}
	}
	t.joins, t.span = stretch("join", "leave"), stretch("first", "last")
	if at, _ := read("at"); !at.IsZero() {
		if joined(v["action"]) {
			t.joins = append(t.joins, presence.Interval{From: at})
		} else {
			t.joins = append(t.joins, presence.Interval{To: at})
		}
	}
	switch all := t.all(); {
	case !base.IsZero() && v["date"] != "":
		t.day = base.Format(time.DateOnly)
	case len(all) > 0:
		at := all[0].From
		if at.IsZero() {
			at = all[0].To
		}
		t.day = at.In(x.zone).Format(time.DateOnly)
		if !base.IsZero() && at.Sub(base) > 0 && at.Sub(base) < 36*time.Hour { // past midnight it is still the same meeting
			t.day = base.Format(time.DateOnly)
		}
	case !base.IsZero():
		t.day = base.Format(time.DateOnly)
	}
	return t, faults
}

// joined says whether the words of a report mean that somebody came.
func joined(action string) bool {
	action = i18n.FoldKey(action)
	return slices.ContainsFunc([]string{"join", "rejoint", "arriv", "particip", "unid", "unio", "entr", "beigetreten", "beitritt", "teilgenommen"}, func(w string) bool { return strings.Contains(action, w) })
}

// row completes what one row says.
func (x *reportRows) row(v Values) []Fault {
	line := v[lineOf]
	t, faults := x.times(v)
	if t.day == "" && len(faults) == 0 {
		faults = append(faults, Fault{Field: "date", Key: "errors.required"})
	}
	for field, each := range map[string]string{"minutes": "total", "spent": "spent"} {
		if v[field] == "" {
			continue
		}
		long, ok := presence.Duration(v[field], cmp.Or(x.unit[field], time.Minute))
		if !ok {
			faults = append(faults, Fault{Field: field, Key: "errors.report_duration"})
		}
		v[eachOf+each] = strconv.FormatInt(int64(long.Round(time.Minute)/time.Minute), 10) + "#" + line
	}
	if n := numberIn(v, "turns"); n != nil {
		v[eachOf+"turns"] = strconv.FormatInt(*n, 10) + "#" + line
	}
	if n := numberIn(v, "engagement"); n != nil && (*n < 0 || *n > attendance.HighestEngagement) {
		faults = append(faults, Fault{Field: "engagement", Key: "errors.not_offered"})
	}
	raw := nameIn(v)
	if raw == "" && v["email"] == "" {
		faults = append(faults, Fault{Field: "person", Key: "errors.required"})
	}
	if len(faults) > 0 {
		return faults
	}
	for field, all := range map[string][]presence.Interval{"joins": t.joins, "span": t.span} {
		for _, i := range all {
			v[eachOf+field] = instant(i.From) + "/" + instant(i.To)
		}
	}
	x.place(v, t.day)
	x.who(v, raw)
	v[seatTitle] = cmp.Or(v["person"], v["name"]) + " · " + v[ofMeeting+"title"] + " · " + v[ofMeeting+"on"]
	if status := i18n.FoldKey(v["status"]); slices.Contains([]string{"refunded", "deleted", "cancelled", "canceled", "not attending", "transferred", "no show"}, status) || x.checked && status != "checked in" {
		v[leftOut] = "yes"
	}
	if x.online && v["presence"] == "" {
		v["presence"] = attendance.Online
	}
	for _, field := range []string{"given_name", "family_name", "upn", "title", "date", "start", "end", "join", "leave", "first", "last", "action", "at", "minutes", "spent", "turns", "status", "days_apart", "shift"} {
		delete(v, field)
	}
	return nil
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// place says to which meeting a row belongs.
func (x *reportRows) place(v Values, day string) {
	title := x.titleOf(v)
	m, _ := x.meetingOn(title, day)
	if whom, ok := x.speaks[title+"\n"+m.first+"\n"+x.whoKey(v)]; ok {
		v["organization"] = whom.organization
	}
	from, to := m.from, m.to
	hours, _ := strconv.ParseFloat(v["shift"], 64)
	by := time.Duration(hours * float64(time.Hour))
	base, _ := time.ParseInLocation(time.DateOnly, m.first, x.zone)
	if at, clock, ok := presence.ParseTime(v["start"], x.order, x.zone, base); ok && clock {
		from = at.Add(by)
	}
	if at, clock, ok := presence.ParseTime(v["end"], x.order, x.zone, base); ok && clock {
		to = at.Add(by)
	}
	v[ofMeeting+"title"], v[ofMeeting+"on"], v[ofMeeting+"starts"] = title, m.first, "09:00"
	if x.online {
		v[ofMeeting+"mode"] = "online"
	}
	if !from.IsZero() {
		v[ofMeeting+"on"], v[ofMeeting+"starts"] = from.In(x.zone).Format(time.DateOnly), from.In(x.zone).Format("15:04")
		if long := int64(to.Sub(from).Round(time.Minute) / time.Minute); long > 0 && long <= 2880 {
			v[ofMeeting+"minutes"] = strconv.FormatInt(long, 10)
			v[ofMeeting+"from"], v[ofMeeting+"to"] = instant(from), instant(to)
		}
	}
}

// who parts the name in a row.
func (x *reportRows) who(v Values, raw string) {
	n := presence.ParseName(raw)
	v["name"] = raw
	if !strings.Contains(v["email"], "@") {
		v["email"] = ""
	}
	v["email"] = strings.ToLower(cmp.Or(v["email"], n.Email))
	if v["email"] == "" && strings.Contains(v["upn"], "@") {
		v["email"] = strings.ToLower(v["upn"])
	}
	if v["organization"] == "" && n.Organization != "" {
		v["organization"] = n.Organization
	}
	v["person"] = n.Person
	if v["person"] == "" && v["email"] != "" {
		v["person"], _, _ = strings.Cut(v["email"], "@")
	}
	if known, ok := x.remembered[i18n.FoldKey(raw)]; ok && raw != "" {
		v["person"], v[hiddenField+"known"] = known.Person, known.PersonID.String()
	}
	for _, field := range []string{"email", "person", "organization"} {
		if v[field] == "" {
			delete(v, field)
		}
	}
	v["name"] = cmp.Or(v["name"], v["person"])
}
