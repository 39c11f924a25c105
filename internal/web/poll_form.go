package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// pollDays is how many days a form asks for at once.
const pollDays = 6

// pollTimeFields ask for days and for times of day; each day is proposed at each time.
func pollTimeFields(ctx context.Context) []ui.FieldProps {
	var out []ui.FieldProps
	for n := range pollDays {
		out = append(out, ui.FieldProps{Kind: ui.Date, Name: "day_" + strconv.Itoa(n+1), Label: i18n.T(ctx, "polls.field_day", i18n.Args{"Number": n + 1}), Required: n == 0})
	}
	return append(out, ui.FieldProps{Name: "times", Label: i18n.T(ctx, "polls.field_starts"), Help: i18n.T(ctx, "polls.help_starts"), Required: true, MaxLength: 200, Autocomplete: "off"})
}

// proposed are the times of a form: every day at every time of day.
func proposed(v url.Values) ([]string, error) {
	starts := strings.FieldsFunc(v.Get("times"), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' })
	var out []string
	var days int
	for n := range pollDays {
		day := v.Get("day_" + strconv.Itoa(n+1))
		if day == "" {
			continue
		}
		days++
		for _, start := range starts {
			if hour, _, _ := strings.Cut(start, ":"); len(hour) == 1 {
				start = "0" + start
			}
			out = append(out, day+" "+start)
		}
	}
	var faults operation.Faults
	if days == 0 {
		faults.Add("day_1", "errors.required")
	}
	if len(starts) == 0 {
		faults.Add("times", "errors.required")
	}
	return out, faults.Err()
}

// pollFields are the fields of the form; the times are asked for only at first, and
// changed on the page of the poll.
func (s *Server) pollFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "polls.field_"+key) }
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return nil, err
	}
	fields := []ui.FieldProps{
		{Kind: ui.Select, Name: "body_id", Label: t("body"), Help: i18n.T(ctx, "polls.help_body"), Blank: i18n.T(ctx, "meetings.no_body"), Options: bodies},
		{Name: "title", Label: t("title"), Help: i18n.T(ctx, "meetings.help_title"), MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "purpose", Label: t("purpose"), Rows: 3, MaxLength: 2000},
	}
	if values.Get("version") == "" {
		fields = append(fields, pollTimeFields(ctx)...)
	}
	return filled(append(fields,
		ui.FieldProps{Kind: ui.Number, Name: "minutes", Label: t("minutes"), Min: "1", Max: "2880", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Select, Name: "zone", Label: t("zone"), Options: zoneOptions(or(values.Get("zone"), i18n.Zone(ctx).String()))},
		ui.FieldProps{Kind: ui.Radios, Name: "mode", Label: t("mode"), Options: options(ctx, "meeting_modes.", convening.Modes)},
		ui.FieldProps{Name: "place", Label: t("place"), MaxLength: 300},
		ui.FieldProps{Kind: ui.Text, Name: "link", Label: t("link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Checkbox, Name: "names_shown", Label: t("names_shown"), Help: i18n.T(ctx, "polls.help_names_shown")},
	), values), nil
}

func pollValues(p polls.Poll) url.Values {
	return url.Values{"body_id": {p.BodyID.String()}, "title": {p.Title}, "purpose": {p.Purpose}, "minutes": {number(p.Minutes)}, "zone": {p.Zone}, "mode": {p.Mode}, "place": {p.Place}, "link": {p.Link},
		"names_shown": {ticked(p.NamesShown)}, "version": {number(p.Version)}}
}

// pollEditor are the forms of a poll.
func (s *Server) pollEditor() *editor[polls.Poll] {
	type poll = polls.Poll
	return &editor[poll]{area: "polls", noun: "bodies", kind: polls.Kind,
		name: poll.Name, short: func(p poll) string { return p.ID.Short() },
		version: func(p poll) int64 { return p.Version }, trashed: func(p poll) bool { return p.DeletedAt != nil },
		values: pollValues, fields: s.pollFields,
		get: func(ctx context.Context, i [16]byte) (poll, error) {
			return polls.Get.Do(ctx, s.app.Door, polls.Ref{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (poll, error) {
			times, err := proposed(v)
			if err != nil {
				return poll{}, err
			}
			body, _ := id.Parse[directory.Body](v.Get("body_id")) // empty means none
			return polls.Create.Do(ctx, s.app.Door, polls.Input{BodyID: body, Title: v.Get("title"), Purpose: v.Get("purpose"), Mode: v.Get("mode"), Place: v.Get("place"), Link: v.Get("link"),
				Zone: v.Get("zone"), Minutes: whole(v.Get("minutes")), Times: times, NamesShown: v.Get("names_shown") == "true"})
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (poll, error) {
			body, _ := id.Parse[directory.Body](v.Get("body_id"))
			title, purpose, mode, where, link, zone, minutes, shown := v.Get("title"), v.Get("purpose"), v.Get("mode"), v.Get("place"), v.Get("link"), v.Get("zone"), whole(v.Get("minutes")), v.Get("names_shown") == "true"
			p, err := polls.Edit.Do(ctx, s.app.Door, polls.Patch{ID: i, Version: whole(v.Get("version")), BodyID: &body, Title: &title, Purpose: &purpose, Mode: &mode, Place: &where, Link: &link,
				Zone: &zone, Minutes: &minutes, NamesShown: &shown})
			return p, renamed(err, "times", "zone") // the form has no times: what is wrong with them comes of the zone
		}}
}

// pollNew is GET …/polls/new, of the body of the address.
func (s *Server) pollNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"mode": {convening.Modes[0]}, "minutes": {"90"}, "zone": {i18n.Zone(r.Context()).String()}}
	if i, err := id.Parse[directory.Body](r.URL.Query().Get("body")); err == nil {
		values.Set("body_id", i.String())
	}
	return s.pollEditor().add(s, w, r, values)
}

// pollCreate is POST …/polls.
func (s *Server) pollCreate(w http.ResponseWriter, r *http.Request) error {
	return s.pollEditor().added(s, w, r)
}

// pollEdit is GET …/polls/{id}/edit.
func (s *Server) pollEdit(w http.ResponseWriter, r *http.Request) error {
	return s.pollEditor().change(s, w, r)
}

// pollSave is POST …/polls/{id}.
func (s *Server) pollSave(w http.ResponseWriter, r *http.Request) error {
	return s.pollEditor().changed(s, w, r)
}

// pollTimes is POST …/polls/{id}/times: more times are proposed, or one is taken out.
func (s *Server) pollTimes(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	p, err := s.poll(r)
	if err != nil {
		return err
	}
	var times []string
	if out := v.Get("remove"); out != "" {
		times = slices.DeleteFunc(slices.Clone(p.Times), func(text string) bool { return text == out })
	} else if times, err = proposed(v); err == nil {
		times = append(slices.Clone(p.Times), times...)
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = polls.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, polls.Patch{ID: p.ID, Version: formVersion(r), Times: &times})
	}
	if f, ok := formFaults(ctx, err); ok {
		return s.pollPage(w, r, http.StatusUnprocessableEntity, p, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, pollAddress(ctx, p.ID, ""), "polls.edit", receipt)
}

// pollTrash is POST …/polls/{id}/trash.
func (s *Server) pollTrash(w http.ResponseWriter, r *http.Request) error {
	return s.pollMove(w, r, polls.Trash)
}

// pollRestore is POST …/polls/{id}/restore.
func (s *Server) pollRestore(w http.ResponseWriter, r *http.Request) error {
	return s.pollMove(w, r, polls.Restore)
}

func (s *Server) pollMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[polls.AtVersion, polls.Poll]) error {
	return moved(s, w, r, "polls", op, func(i [16]byte, version int64) polls.AtVersion {
		return polls.AtVersion{ID: i, Version: version}
	})
}
