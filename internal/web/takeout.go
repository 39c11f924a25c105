package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// takeoutRoutes are the pages on which everything is taken away.
func (s *Server) takeoutRoutes() []Route {
	const c = "/c/{collaborative}/settings/takeouts"
	return []Route{
		{"GET", c, []string{"takeouts.list", "takeouts.planned"}, s.takeoutList},
		{"GET", c + "/progress", []string{"takeouts.list"}, s.takeoutProgress},
		{"POST", c, []string{"takeouts.begin", "takeouts.list"}, s.takeoutBegin},
		{"POST", c + "/schedule", []string{"takeouts.schedule", "takeouts.list"}, s.takeoutSchedule},
		{"GET", c + "/{id}/download", []string{"takeouts.get", "takeouts.download"}, s.takeoutDownload},
		{"POST", c + "/{id}/delete", []string{"takeouts.delete"}, s.takeoutDelete},
	}
}

// takeoutForms are the two forms of the page: what was typed into them, and what
// is wrong with it.
type takeoutForms struct {
	status      int
	begin, plan url.Values
	beginFaults faults
	planFaults  faults
}

// takeoutList is GET …/settings/takeouts: what is there, how to make another, and
// how often one is made by itself.
func (s *Server) takeoutList(w http.ResponseWriter, r *http.Request) error {
	return s.takeoutPage(w, r, takeoutForms{status: http.StatusOK, begin: url.Values{"include_history": {"true"}}})
}

func (s *Server) takeoutPage(w http.ResponseWriter, r *http.Request, forms takeoutForms) error {
	ctx := r.Context()
	q := r.URL.Query()
	page, err := s.app.Takeouts.List.Do(ctx, s.app.Door, takeout.ListInput{After: q.Get("after"), Before: q.Get("before"), Limit: 25})
	if err != nil {
		return err
	}
	plan, err := s.app.Takeouts.Planned.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := settingsProps(ctx, "takeouts")
	props.Lede = i18n.T(ctx, "takeout.lede")
	return s.show(w, r, forms.status, "settings", props,
		s.takeoutRunning(ctx, page.Items), takeoutTable(r, page, plan), s.takeoutForm(ctx, forms),
		s.takeoutPlan(ctx, plan, forms),
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "takeout.files_title"), Minor: true}), muted(i18n.T(ctx, "takeout.files_text"))))
}

// takeoutRunning shows how far the newest one has come, as long as it is made.
func (s *Server) takeoutRunning(ctx context.Context, items []takeout.Takeout) templ.Component {
	for _, t := range items {
		if t.Open() {
			return ui.Progress(ui.ProgressProps{ID: "takeout-progress", Label: i18n.T(ctx, "takeout.making"), Done: t.Done, Total: t.Total, Poll: place(ctx, "settings/takeouts/progress"),
				Text:   i18n.T(ctx, "takeout.making_text", i18n.Args{"Rows": i18n.Number(ctx, t.Rows)}),
				Cancel: &ui.Action{Label: i18n.T(ctx, "takeout.stop"), Href: place(ctx, "settings/takeouts/"+t.ID.Short()+"/delete"), Post: true, Kind: ui.Quiet}})
		}
	}
	return templ.NopComponent
}

// takeoutProgress is GET …/settings/takeouts/progress, the fragment that replaces
// itself until nothing is being made any more.
func (s *Server) takeoutProgress(w http.ResponseWriter, r *http.Request) error {
	page, err := s.app.Takeouts.List.Do(r.Context(), s.app.Door, takeout.ListInput{Limit: 25})
	if err != nil {
		return err
	}
	open := false
	for _, t := range page.Items {
		open = open || t.Open()
	}
	if !open {
		w.Header().Set("HX-Refresh", "true")
	}
	s.render(w, r, http.StatusOK, s.takeoutRunning(r.Context(), page.Items))
	return nil
}

var takeoutKinds = map[takeout.State]ui.Kind{takeout.Done: ui.Good, takeout.Running: ui.Due, takeout.Waiting: ui.Due, takeout.Refused: ui.Bad, takeout.NoRoom: ui.Bad, takeout.Failed: ui.Bad}

func takeoutTable(r *http.Request, page operation.Page[takeout.Takeout], plan takeout.Schedule) templ.Component {
	ctx := r.Context()
	list := ui.ListProps{ID: "takeouts", Caption: i18n.T(ctx, "takeout.list"), Shown: int64(len(page.Items)), Total: -1, CountText: i18n.T(ctx, "takeout.count", i18n.Args{"Count": len(page.Items)})}
	for _, label := range []string{"made", "act", "state", "size", "until"} {
		list.Columns = append(list.Columns, ui.Column{Label: i18n.T(ctx, "takeout.field_"+label), Numeric: label == "size"})
	}
	for _, t := range page.Items {
		list.Rows = append(list.Rows, takeoutRow(ctx, t, plan))
	}
	if page.Next != "" {
		list.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		list.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	if len(page.Items) == 0 {
		list.Empty = &ui.EmptyProps{Title: i18n.T(ctx, "takeout.empty"), Text: i18n.T(ctx, "takeout.empty_text")}
	}
	return ui.List(list)
}

func takeoutRow(ctx context.Context, t takeout.Takeout, plan takeout.Schedule) ui.TableRow {
	tags := []ui.TagProps{{Label: i18n.T(ctx, "takeout.state_"+string(t.State)), Kind: takeoutKinds[t.State]}}
	for key, holds := range map[string]bool{"scheduled": t.Scheduled, "locked": t.Locked, "private": t.IncludePrivate, "without_history": !t.IncludeHistory} {
		if holds {
			tags = append(tags, ui.TagProps{Label: i18n.T(ctx, "takeout.tag_"+key)})
		}
	}
	sortTags(tags[1:])
	size, until := ui.Cell{Content: templ.NopComponent}, ui.Cell{Content: templ.NopComponent}
	if t.State == takeout.Done {
		size = ui.Cell{Text: i18n.Bytes(ctx, t.Bytes)}
		if until = (ui.Cell{Text: i18n.T(ctx, "takeout.until_newer", i18n.Args{"Count": i18n.Number(ctx, plan.Keep)})}); t.ExpiresAt != nil {
			until.Text = i18n.ShortDateTime(ctx, *t.ExpiresAt)
		}
	}
	address := place(ctx, "settings/takeouts/"+t.ID.Short())
	var actions []ui.Action
	if t.State == takeout.Done {
		actions = append(actions, ui.Action{Label: i18n.T(ctx, "takeout.download"), Href: address + "/download", Kind: ui.Quiet, Icon: "download"})
	}
	remove := "takeout.delete"
	if t.Open() {
		remove = "takeout.stop"
	}
	actions = append(actions, ui.Action{Label: i18n.T(ctx, remove), Href: address + "/delete", Post: true, Kind: ui.Quiet})
	return ui.TableRow{Muted: !t.Open() && t.State != takeout.Done, Cells: []ui.Cell{
		{Text: i18n.ShortDateTime(ctx, t.AskedAt), Detail: t.AskedBy}, {Content: acts(actions)}, {Tags: tags}, size, until}}
}

// takeoutChoices are the fields both forms share.
func (s *Server) takeoutChoices(ctx context.Context, values url.Values) []ui.FieldProps {
	fields := []ui.FieldProps{{Kind: ui.Checkbox, Name: "include_history", Label: i18n.T(ctx, "takeout.include_history"), Help: i18n.T(ctx, "takeout.include_history_help"), Checked: values.Get("include_history") == "true"}}
	if s.mayAll(ctx, directory.SeePrivate) {
		fields = append(fields, ui.FieldProps{Kind: ui.Checkbox, Name: "include_private", Label: i18n.T(ctx, "takeout.include_private"), Help: i18n.T(ctx, "takeout.include_private_help"), Checked: values.Get("include_private") == "true"})
	}
	return append(fields, ui.FieldProps{Kind: ui.Password, Name: "passphrase", Label: i18n.T(ctx, "takeout.passphrase"), Help: i18n.T(ctx, "takeout.passphrase_help", i18n.Args{"Least": takeout.LeastPassphrase}), Autocomplete: "new-password", MaxLength: 200})
}

func (s *Server) takeoutForm(ctx context.Context, forms takeoutForms) templ.Component {
	fields := forms.beginFaults.mark(s.takeoutChoices(ctx, forms.begin))
	form := ui.FormProps{Action: place(ctx, "settings/takeouts"), Errors: forms.beginFaults.explain(fields), Submit: i18n.T(ctx, "takeout.begin"), ID: "takeout"}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "takeout.begin_heading")}), with(ui.Form(form), formFields(fields)))
}

// takeoutBegin is POST …/settings/takeouts.
func (s *Server) takeoutBegin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := takeout.BeginInput{IncludeHistory: r.PostFormValue("include_history") == "true", IncludePrivate: r.PostFormValue("include_private") == "true", Passphrase: r.PostFormValue("passphrase")}
	var receipt operation.Receipt
	_, err := s.app.Takeouts.Begin.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.takeoutPage(w, r, takeoutForms{status: faultStatus(err), begin: r.PostForm, beginFaults: f})
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/takeouts"), s.app.Takeouts.Begin.ID, receipt)
}

func (s *Server) takeoutPlan(ctx context.Context, plan takeout.Schedule, forms takeoutForms) templ.Component {
	values := forms.plan
	if values == nil {
		values = url.Values{"every": {plan.Every}, "keep": {strconv.FormatInt(plan.Keep, 10)}, "include_history": {strconv.FormatBool(plan.IncludeHistory)}, "include_private": {strconv.FormatBool(plan.IncludePrivate)}}
	}
	every := ui.FieldProps{Kind: ui.Select, Name: "every", Label: i18n.T(ctx, "takeout.every"), Value: values.Get("every")}
	for _, choice := range []string{takeout.Never, takeout.Weekly, takeout.Monthly} {
		every.Options = append(every.Options, ui.Option{Value: choice, Label: i18n.T(ctx, "takeout.every_"+choice)})
	}
	fields := []ui.FieldProps{every, {Kind: ui.Number, Name: "keep", Label: i18n.T(ctx, "takeout.keep"), Help: i18n.T(ctx, "takeout.keep_help"), Value: values.Get("keep"), Min: "1", Max: strconv.Itoa(takeout.MostKept), Size: "short"}}
	fields = append(fields, s.takeoutChoices(ctx, values)...)
	if plan.Locked {
		fields[len(fields)-1].Help = i18n.T(ctx, "takeout.passphrase_set")
		fields = append(fields, ui.FieldProps{Kind: ui.Checkbox, Name: "unlock", Label: i18n.T(ctx, "takeout.unlock"), Checked: values.Get("unlock") == "true"})
	}
	for i := range fields {
		fields[i].ID = "plan-" + fields[i].Name
	}
	fields = forms.planFaults.mark(fields)
	panel := ui.PanelProps{Heading: i18n.T(ctx, "takeout.schedule_heading")}
	if plan.NextAt != nil {
		panel.Detail = i18n.T(ctx, "takeout.next", i18n.Args{"When": i18n.DateTime(ctx, *plan.NextAt), "Name": plan.AskedBy})
	}
	form := ui.FormProps{ID: "takeout-plan", Action: place(ctx, "settings/takeouts/schedule"), Errors: forms.planFaults.explain(fields), Submit: i18n.T(ctx, "takeout.schedule_save")}
	return with(ui.Panel(panel), with(ui.Form(form), formFields(fields)))
}

// takeoutSchedule is POST …/settings/takeouts/schedule.
func (s *Server) takeoutSchedule(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	keep, _ := strconv.ParseInt(r.PostFormValue("keep"), 10, 64) // what is no number is the usual number
	in := takeout.ScheduleInput{Every: r.PostFormValue("every"), Keep: keep, IncludeHistory: r.PostFormValue("include_history") == "true", IncludePrivate: r.PostFormValue("include_private") == "true",
		Passphrase: r.PostFormValue("passphrase"), KeepPassphrase: r.PostFormValue("unlock") != "true"}
	var receipt operation.Receipt
	_, err := s.app.Takeouts.Schedule.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.takeoutPage(w, r, takeoutForms{status: faultStatus(err), plan: r.PostForm, planFaults: f})
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/takeouts"), s.app.Takeouts.Schedule.ID, receipt)
}

// takeoutDelete is POST …/settings/takeouts/{id}/delete.
func (s *Server) takeoutDelete(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[takeout.Takeout](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := s.app.Takeouts.Delete.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, takeout.Ref{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(r.Context(), "settings/takeouts"), s.app.Takeouts.Delete.ID, receipt)
}

// takeoutDownload is GET …/settings/takeouts/{id}/download. It goes on for as long
// as the reader takes; every part asks anew who is reading.
func (s *Server) takeoutDownload(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[takeout.Takeout](r)
	if err != nil {
		return err
	}
	t, err := s.app.Takeouts.Get.Do(r.Context(), s.app.Door, takeout.Ref{ID: i})
	if err != nil {
		return err
	}
	page, err := s.app.Takeouts.Download.Do(r.Context(), s.app.Door, takeout.DownloadInput{ID: i})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(t.Bytes, 10))
	name := t.FileName(operation.CollaborativeFrom(r.Context()).Slug)
	if w.Header().Set("Content-Disposition", sheets.AttachmentName(name, "zip")); t.Locked {
		w.Header().Set("Content-Disposition", sheets.AttachmentName(name+".zip", "age"))
	}
	if r.Method == http.MethodHead {
		return nil
	}
	return s.sendParts(w, r, page, func(ctx context.Context, after string) (operation.Page[takeout.Part], error) {
		return s.app.Takeouts.Download.Do(ctx, s.app.Door, takeout.DownloadInput{ID: i, After: after})
	})
}
