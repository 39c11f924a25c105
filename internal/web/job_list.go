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

// queue is where a list of background work stands: a collaborative's, or that
// outside the collaboratives.
type queue struct {
	address string
	retry   bool // whether the reader may try failed work again
}

// jobList is GET …/settings/jobs: what waits, what was done, what failed and why.
func (s *Server) jobList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := jobs.List.Do(ctx, s.app.Door, jobListInput(r))
	if err != nil {
		return err
	}
	props := settingsProps(ctx, "jobs")
	list := jobTable(r, &props, page, queue{place(ctx, "settings/jobs"), s.may(ctx, "jobs.retry")})
	return s.show(w, r, http.StatusOK, "settings", props, list)
}

// installationJobs is GET /installation/jobs: the same for what belongs to no
// collaborative, such as sign-in links.
func (s *Server) installationJobs(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := jobs.ListInstallation.Do(ctx, s.app.Door, jobListInput(r))
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "jobs.title"), Lede: i18n.T(ctx, "installation.jobs_lede"), Crumbs: installationCrumbs(ctx)}
	list := jobTable(r, &props, page, queue{installationJobsPath, s.may(ctx, "jobs.retry-installation")})
	return s.show(w, r, http.StatusOK, "", props, list)
}

const installationJobsPath = "/installation/jobs"

func jobListInput(r *http.Request) jobs.ListInput {
	q := r.URL.Query()
	return jobs.ListInput{State: q.Get("state"), After: q.Get("after"), Before: q.Get("before")}
}

func jobTable(r *http.Request, props *ui.PageProps, page operation.Page[jobs.Summary], at queue) templ.Component {
	ctx, q := r.Context(), r.URL.Query()
	for _, state := range jobStates {
		href, label := at.address, i18n.T(ctx, "jobs.every_state")
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
		list.Rows = append(list.Rows, jobRow(ctx, j, at))
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
	return ui.List(list)
}

var jobKinds = map[jobs.State]ui.Kind{jobs.Done: ui.Good, jobs.Failed: ui.Bad, jobs.Running: ui.Due}

func jobRow(ctx context.Context, j jobs.Summary, at queue) ui.TableRow {
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
	if j.State == jobs.Failed && at.retry {
		why.Content = templ.Join(muted(j.Error), acts([]ui.Action{{Label: i18n.T(ctx, "jobs.retry"), Href: at.address + "/" + j.ID.Short() + "/retry", Post: true, Kind: ui.Quiet}}))
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
	return s.retryJob(w, r, jobs.Retry, place(r.Context(), "settings/jobs"))
}

// installationJobRetry is POST /installation/jobs/{id}/retry.
func (s *Server) installationJobRetry(w http.ResponseWriter, r *http.Request) error {
	return s.retryJob(w, r, jobs.RetryInstallation, installationJobsPath)
}

func (s *Server) retryJob(w http.ResponseWriter, r *http.Request, retry *operation.Operation[jobs.Ref, operation.None], back string) error {
	i, err := pathID[jobs.Job](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := retry.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, jobs.Ref{ID: i}); err != nil {
		return err
	}
	s.app.Worker.Wake()
	return s.done(w, r, back, retry.ID, receipt)
}
