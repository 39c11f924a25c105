package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// rhythms are the rules offered by name, by catalogue key "series.rhythm_…"; each
// takes what it needs to know from the first day. Anything else is written as a rule.
var rhythms = []string{"week", "two_weeks", "month_nth", "month_last", "month_day", "two_months_nth", "quarter_nth", "year", "own"}

var dayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// rhythmRule is the rule of a rhythm for meetings that begin on a day.
func rhythmRule(rhythm string, first time.Time) string {
	day := dayCodes[first.Weekday()]
	nth := strconv.Itoa((first.Day()-1)/7 + 1)
	if nth == "5" {
		nth = "-1"
	}
	switch rhythm {
	case "week":
		return "FREQ=WEEKLY;BYDAY=" + day
	case "two_weeks":
		return "FREQ=WEEKLY;INTERVAL=2;BYDAY=" + day
	case "month_nth":
		return "FREQ=MONTHLY;BYDAY=" + nth + day
	case "month_last":
		return "FREQ=MONTHLY;BYDAY=-1" + day
	case "month_day":
		return "FREQ=MONTHLY;BYMONTHDAY=" + strconv.Itoa(first.Day())
	case "two_months_nth":
		return "FREQ=MONTHLY;INTERVAL=2;BYDAY=" + nth + day
	case "quarter_nth":
		return "FREQ=MONTHLY;INTERVAL=3;BYDAY=" + nth + day
	case "year":
		return "FREQ=YEARLY"
	}
	return ""
}

// rhythmOf is the rhythm a rule is one of, or "own".
func rhythmOf(rule string, firstOn string) string {
	first, err := time.Parse(time.DateOnly, firstOn)
	if err != nil {
		return "own"
	}
	for _, rhythm := range rhythms {
		if rule == rhythmRule(rhythm, first) {
			return rhythm
		}
	}
	return "own"
}

// rhythmText says in words how a series comes again.
func rhythmText(ctx context.Context, s convening.Series) string {
	say, err := s.Saying()
	if err != nil || say.Pattern == calendar.SaysMore {
		return i18n.T(ctx, "series.says_more", i18n.Args{"Rule": s.Rule})
	}
	var days, nths, monthDays, months []string
	for _, d := range say.Weekdays {
		days = append(days, i18n.T(ctx, "dates.weekday."+strconv.Itoa(int(d))))
	}
	for _, n := range say.Nths {
		nths = append(nths, i18n.T(ctx, "series.nth_"+strings.ReplaceAll(strconv.Itoa(n), "-", "last_")))
	}
	for _, n := range say.MonthDays {
		monthDays = append(monthDays, strconv.Itoa(n))
	}
	for _, m := range say.Months {
		months = append(months, i18n.T(ctx, "dates.month."+strconv.Itoa(int(m))))
	}
	key := "series.says_" + string(say.Pattern)
	if say.Every > 1 {
		key += "_every"
	}
	return i18n.T(ctx, key, i18n.Args{"Every": say.Every, "Days": i18n.List(ctx, days), "Nths": i18n.List(ctx, nths), "MonthDays": i18n.List(ctx, monthDays), "Months": i18n.List(ctx, months)})
}

// seriesEditor are the forms of a series.
func (s *Server) seriesEditor() *editor[convening.Series] {
	type series = convening.Series
	return &editor[series]{area: "series", noun: "bodies", kind: convening.SeriesKind,
		name: func(x series) string { return x.Title }, short: func(x series) string { return x.ID.Short() },
		version: func(x series) int64 { return x.Version }, trashed: func(x series) bool { return x.DeletedAt != nil },
		values: func(x series) url.Values {
			rhythm, rule := rhythmOf(x.Rule, x.FirstOn), ""
			if rhythm == "own" {
				rule = x.Rule
			}
			return url.Values{"body_id": {x.BodyID.String()}, "title": {x.Title}, "purpose": {x.Purpose}, "first_on": {x.FirstOn}, "starts": {x.Starts}, "minutes": {number(x.Minutes)}, "zone": {x.Zone},
				"rhythm": {rhythm}, "rule": {rule}, "last_on": {x.LastOn}, "mode": {x.Mode}, "place": {x.Place}, "link": {x.Link}, "version": {strconv.FormatInt(x.Version, 10)}}
		},
		fields: s.seriesFields,
		get: func(ctx context.Context, i [16]byte) (series, error) {
			return convening.GetSeries.Do(ctx, s.app.Door, convening.SeriesRef{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (series, error) {
			body, _ := id.Parse[directory.Body](v.Get("body_id")) // empty means none
			return convening.CreateSeries.Do(ctx, s.app.Door, convening.SeriesInput{BodyID: body, Title: v.Get("title"), Purpose: v.Get("purpose"), Mode: v.Get("mode"), Place: v.Get("place"), Link: v.Get("link"),
				Zone: v.Get("zone"), FirstOn: v.Get("first_on"), Starts: v.Get("starts"), Minutes: whole(v.Get("minutes")), Rule: seriesRule(v), LastOn: v.Get("last_on")})
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (series, error) {
			body, _ := id.Parse[directory.Body](v.Get("body_id"))
			title, purpose, mode, where, link, zone, first, starts, minutes, rule, last := v.Get("title"), v.Get("purpose"), v.Get("mode"), v.Get("place"), v.Get("link"), v.Get("zone"), v.Get("first_on"), v.Get("starts"),
				whole(v.Get("minutes")), seriesRule(v), v.Get("last_on")
			return convening.EditSeries.Do(ctx, s.app.Door, convening.SeriesPatch{ID: i, Version: whole(v.Get("version")), BodyID: &body, Title: &title, Purpose: &purpose, Mode: &mode, Place: &where, Link: &link,
				Zone: &zone, FirstOn: &first, Starts: &starts, Minutes: &minutes, Rule: &rule, LastOn: &last})
		}}
}

// seriesRule is the rule a form asks for.
func seriesRule(v url.Values) string {
	if first, err := time.Parse(time.DateOnly, v.Get("first_on")); err == nil && v.Get("rhythm") != "own" && slices.Contains(rhythms, v.Get("rhythm")) {
		return rhythmRule(v.Get("rhythm"), first)
	}
	return strings.TrimPrefix(strings.TrimSpace(v.Get("rule")), "RRULE:")
}

func (s *Server) seriesFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "series.field_"+key) }
	meeting, err := s.meetingFields(ctx, values)
	if err != nil {
		return nil, err
	}
	var fields []ui.FieldProps
	for _, f := range meeting {
		if f.Name != "on" {
			fields = append(fields, f)
			continue
		}
		fields = append(fields, filled([]ui.FieldProps{
			{Kind: ui.Date, Name: "first_on", Label: t("first_on"), Required: true},
			{Kind: ui.Select, Name: "rhythm", Label: t("rhythm"), Help: i18n.T(ctx, "series.help_rhythm"), Options: options(ctx, "series.rhythm_", rhythms)},
			{Kind: ui.Text, Name: "rule", Label: t("rule"), Help: i18n.T(ctx, "series.help_rule"), MaxLength: 1000, Autocomplete: "off"},
			{Kind: ui.Date, Name: "last_on", Label: t("last_on"), Help: i18n.T(ctx, "series.help_last_on")},
		}, values)...)
	}
	return fields, nil
}

// seriesNew is GET …/series/new.
func (s *Server) seriesNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	values := url.Values{"mode": {convening.Modes[0]}, "minutes": {"90"}, "zone": {i18n.Zone(ctx).String()}, "rhythm": {"month_nth"}}
	if i, err := id.Parse[directory.Body](r.URL.Query().Get("body")); err == nil {
		values.Set("body_id", i.String())
	}
	return s.seriesEditor().add(s, w, r, values)
}

// seriesCreate is POST …/series.
func (s *Server) seriesCreate(w http.ResponseWriter, r *http.Request) error {
	return s.seriesEditor().added(s, w, r)
}

// seriesEdit is GET …/series/{id}/edit.
func (s *Server) seriesEdit(w http.ResponseWriter, r *http.Request) error {
	return s.seriesEditor().change(s, w, r)
}

// seriesSave is POST …/series/{id}.
func (s *Server) seriesSave(w http.ResponseWriter, r *http.Request) error {
	return s.seriesEditor().changed(s, w, r)
}

// seriesList is GET …/series.
func (s *Server) seriesList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	trash := r.URL.Query().Get("trash") != "" && s.may(ctx, "series.restore")
	page, err := convening.ListSeries.Do(ctx, s.app.Door, convening.ListSeriesInput{Trash: trash})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "series.title"), Lede: i18n.T(ctx, "series.lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}}}
	if s.may(ctx, "series.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "series.add"), Href: place(ctx, "series/new"), Icon: "plus"}
	}
	if s.may(ctx, "series.restore") && !trash {
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "series?trash=1"), Icon: "trash"}}
	}
	var rows []ui.Row
	for _, x := range page.Items {
		rows = append(rows, ui.Row{Title: x.Title, Href: place(ctx, "series/"+x.ID.Short()), Detail: dotted(x.Body, rhythmText(ctx, x), x.Starts)})
	}
	if len(rows) == 0 {
		return s.show(w, r, http.StatusOK, "bodies", props, ui.Empty(*emptyList(ctx, "series", trash, props.Primary)))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.Rows(rows))
}

// seriesRecord is GET …/series/{id}.
func (s *Server) seriesRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[convening.Series](r)
	if err != nil {
		return err
	}
	x, err := convening.GetSeries.Do(ctx, s.app.Door, convening.SeriesRef{ID: i})
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "series", convening.SeriesKind, x.ID)
	if err != nil {
		return err
	}
	coming, err := convening.ListMeetings.Do(ctx, s.app.Door, convening.ListMeetingsInput{SeriesID: x.ID, From: s.today(ctx), Sort: "starts", Limit: 60})
	if err != nil {
		return err
	}
	address := place(ctx, "series/"+x.ID.Short())
	props := ui.PageProps{Title: x.Title, Lede: rhythmText(ctx, x), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: i18n.T(ctx, "series.title"), Href: place(ctx, "series")}}}
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}
	switch {
	case x.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *x.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.may(ctx, "series.edit"):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"}}
	}
	t := func(key string) string { return i18n.T(ctx, "series.field_"+key) }
	facts := []ui.Fact{{Label: i18n.T(ctx, "meetings.field_purpose"), Content: prose(x.Purpose)}, {Label: i18n.T(ctx, "meetings.field_body"), Value: or(x.Body, i18n.T(ctx, "meetings.no_body"))},
		{Label: t("rhythm"), Value: rhythmText(ctx, x)}, {Label: t("first_on"), Value: i18n.CivilDate(ctx, x.FirstOn)}, {Label: t("last_on"), Value: civilDay(ctx, x.LastOn)},
		{Label: t("starts"), Value: x.Starts, Note: x.Zone}, {Label: i18n.T(ctx, "meetings.field_minutes"), Value: number(x.Minutes)},
		{Label: i18n.T(ctx, "meetings.field_mode"), Value: i18n.T(ctx, "meeting_modes."+x.Mode)}, {Label: i18n.T(ctx, "meetings.field_place"), Value: x.Place}}
	return s.show(w, r, http.StatusOK, "bodies", props,
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "meetings.coming"), Detail: i18n.T(ctx, "series.exceptions")}), rowsOr(s.meetingRows(ctx, coming.Items), i18n.T(ctx, "meetings.none_coming"))),
		ui.Record(ui.RecordProps{Facts: ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts}), Timeline: timeline}))
}

// seriesTrash is POST …/series/{id}/trash.
func (s *Server) seriesTrash(w http.ResponseWriter, r *http.Request) error {
	return s.seriesMove(w, r, convening.TrashSeries)
}

// seriesRestore is POST …/series/{id}/restore.
func (s *Server) seriesRestore(w http.ResponseWriter, r *http.Request) error {
	return s.seriesMove(w, r, convening.RestoreSeries)
}

func (s *Server) seriesMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[convening.SeriesVersion, convening.Series]) error {
	return moved(s, w, r, "series", op, func(i [16]byte, version int64) convening.SeriesVersion {
		return convening.SeriesVersion{ID: i, Version: version}
	})
}
