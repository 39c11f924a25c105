package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// jobStates are the ways to narrow the queue.
var jobStates = []jobs.State{"", jobs.Queued, jobs.Failed, jobs.Done}

// jobList is GET …/settings/jobs: what waits, what was done, what failed and why.
func (s *Server) jobList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := jobs.List.Do(ctx, s.app.Door, jobs.ListInput{State: q.Get("state"), After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	props := settingsProps(ctx, "jobs")
	for _, state := range jobStates {
		href := place(ctx, "settings/jobs")
		label := i18n.T(ctx, "jobs.every_state")
		if state != "" {
			href += "?state=" + string(state)
			label = i18n.T(ctx, "jobs.state_"+string(state))
		}
		props.Tabs = append(props.Tabs, ui.Link{Label: label, Href: href, Current: q.Get("state") == string(state)})
	}
	list := ui.ListProps{ID: "jobs", Caption: i18n.T(ctx, "jobs.title"), Shown: int64(len(page.Items)), Total: -1, CountText: i18n.T(ctx, "jobs.count", i18n.Args{"Count": len(page.Items)}),
		Columns: []ui.Column{{Label: i18n.T(ctx, "jobs.field_work")}, {Label: i18n.T(ctx, "jobs.field_state")}, {Label: i18n.T(ctx, "jobs.field_when")},
			{Label: i18n.T(ctx, "jobs.field_attempts"), Numeric: true}, {Label: i18n.T(ctx, "jobs.field_error")}}}
	for _, j := range page.Items {
		list.Rows = append(list.Rows, s.jobRow(ctx, j))
	}
	if page.Next != "" {
		list.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		list.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	if len(page.Items) == 0 {
		list.Empty = &ui.EmptyProps{Title: i18n.T(ctx, "jobs.empty"), Text: i18n.T(ctx, "jobs.empty_text")}
	}
	return s.show(w, r, http.StatusOK, "settings", props, ui.List(list))
}

var jobKinds = map[jobs.State]ui.Kind{jobs.Done: ui.Good, jobs.Failed: ui.Bad, jobs.Running: ui.Due}

func (s *Server) jobRow(ctx context.Context, j jobs.Summary) ui.TableRow {
	when := ui.Cell{Text: i18n.ShortDateTime(ctx, j.CreatedAt)}
	switch {
	case j.State == jobs.Queued && j.Attempts > 0:
		when.Detail = i18n.T(ctx, "jobs.next", i18n.Args{"When": i18n.ShortDateTime(ctx, j.RunAt)})
	case !j.FinishedAt.IsZero():
		when.Detail = i18n.T(ctx, "jobs.ended", i18n.Args{"When": i18n.ShortDateTime(ctx, j.FinishedAt)})
	}
	why := ui.Cell{Text: j.Error}
	if j.Error == "" {
		why.Content = templ.NopComponent // nothing went wrong, which needs no dash
	}
	if j.State == jobs.Failed && s.may(ctx, "jobs.retry") {
		why.Content = templ.Join(muted(j.Error), acts([]ui.Action{{Label: i18n.T(ctx, "jobs.retry"), Href: place(ctx, "settings/jobs/"+j.ID.Short()+"/retry"), Post: true, Kind: ui.Quiet}}))
	}
	return ui.TableRow{Muted: j.State == jobs.Done, Cells: []ui.Cell{
		{Text: jobName(ctx, j.Kind)},
		{Tags: []ui.TagProps{{Label: i18n.T(ctx, "jobs.state_"+string(j.State)), Kind: jobKinds[j.State]}}},
		when, {Text: i18n.Number(ctx, j.Attempts)}, why}}
}

// jobName is a kind of work in words; one this program does not know keeps its
// own name, so that a person who asks for help can say it.
func jobName(ctx context.Context, kind string) string {
	if key := "jobs.kind_" + kind; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return kind
}

// jobRetry is POST …/settings/jobs/{id}/retry.
func (s *Server) jobRetry(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[jobs.Job](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := jobs.Retry.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, jobs.Ref{ID: i}); err != nil {
		return err
	}
	s.app.Worker.Wake()
	return s.done(w, r, place(ctx, "settings/jobs"), "jobs.retry", receipt)
}
