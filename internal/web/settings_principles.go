package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// principlesList is GET …/settings/principles: the newest version in full and
// the way to the earlier ones.
func (s *Server) principlesList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := collaborative.ListPrinciples.Do(ctx, s.app.Door, collaborative.ListPrinciplesInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	props := settingsProps(ctx, "principles")
	if s.may(ctx, "principles.adopt") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "principles.adopt"), Href: place(ctx, "settings/principles/new"), Icon: "plus"}
	}
	if len(page.Items) == 0 {
		empty := ui.EmptyProps{Title: i18n.T(ctx, "principles.empty"), Text: i18n.T(ctx, "principles.empty_text")}
		return s.show(w, r, http.StatusOK, "settings", props, ui.Empty(empty))
	}
	newest := page.Items[0]
	var rows []ui.Row
	for _, p := range page.Items {
		rows = append(rows, ui.Row{When: i18n.ShortCivilDate(ctx, p.AdoptedOn), Title: principlesTitle(ctx, p.Number), Detail: firstLine(p.Body),
			Href: place(ctx, "settings/principles/"+strconv.FormatInt(p.Number, 10))})
	}
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		pager.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	versions := with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "principles.versions")}), ui.Rows(rows), ui.Pager(pager))
	if q.Get("after") != "" || q.Get("before") != "" {
		return s.show(w, r, http.StatusOK, "settings", props, versions)
	}
	current := ui.PanelProps{Heading: principlesTitle(ctx, newest.Number), Detail: principlesSince(ctx, newest)}
	return s.show(w, r, http.StatusOK, "settings", props, with(ui.Panel(current), paragraphs(newest.Body)), versions)
}

func principlesTitle(ctx context.Context, number int64) string {
	return i18n.T(ctx, "principles.version", i18n.Args{"Number": number})
}

func principlesSince(ctx context.Context, p collaborative.Principles) string {
	return i18n.T(ctx, "principles.adopted", i18n.Args{"Day": i18n.CivilDate(ctx, p.AdoptedOn)})
}

func firstLine(text string) string {
	line, _, more := strings.Cut(text, "\n")
	const most = 100
	if letters := []rune(line); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	if more {
		line += " …"
	}
	return line
}

// principlesRecord is GET …/settings/principles/{number}.
func (s *Server) principlesRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil {
		return operation.Missing()
	}
	p, err := collaborative.GetPrinciples.Do(ctx, s.app.Door, collaborative.PrinciplesRef{Number: number})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "principles.title_version", i18n.Args{"Number": number}), Heading: principlesTitle(ctx, number), Lede: principlesSince(ctx, p), Crumbs: principlesCrumbs(ctx)}
	return s.show(w, r, http.StatusOK, "settings", props, paragraphs(p.Body))
}

func principlesCrumbs(ctx context.Context) []ui.Link {
	return append(settingsCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "settings.principles"), Href: place(ctx, "settings/principles")})
}

// principlesNew is GET …/settings/principles/new: it begins with the text of the
// newest version.
func (s *Server) principlesNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !s.may(ctx, "principles.adopt") {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	page, err := collaborative.ListPrinciples.Do(ctx, s.app.Door, collaborative.ListPrinciplesInput{Limit: 1})
	if err != nil {
		return err
	}
	values := url.Values{"newest": {"0"}, "adopted_on": {s.app.Config.Clock.Now().In(i18n.Zone(ctx)).Format("2006-01-02")}}
	if len(page.Items) > 0 {
		values.Set("body", page.Items[0].Body)
		values.Set("newest", strconv.FormatInt(page.Items[0].Number, 10))
	}
	return s.principlesForm(w, r, http.StatusOK, values, faults{})
}

// principlesAdopt is POST …/settings/principles. When someone adopted a version
// meanwhile, the form comes back with what was typed and says so.
func (s *Server) principlesAdopt(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	newest, err := strconv.ParseInt(r.PostFormValue("newest"), 10, 64)
	if err != nil {
		newest = -1 // refused by the operation
	}
	var receipt operation.Receipt
	p, err := collaborative.AdoptPrinciples.Do(operation.WithReceipt(ctx, &receipt), s.app.Door,
		collaborative.AdoptInput{Body: r.PostFormValue("body"), AdoptedOn: r.PostFormValue("adopted_on"), Newest: newest})
	if f, ok := faultsOf(ctx, err); ok {
		return s.principlesForm(w, r, http.StatusUnprocessableEntity, r.PostForm, f)
	}
	var e *operation.Error
	if errors.As(err, &e) && e.Kind == operation.Conflict {
		page, err := collaborative.ListPrinciples.Do(ctx, s.app.Door, collaborative.ListPrinciplesInput{Limit: 1})
		if err != nil || len(page.Items) == 0 {
			return errors.Join(err, e)
		}
		number := strconv.FormatInt(page.Items[0].Number, 10)
		r.PostForm.Set("newest", number)
		return s.principlesForm(w, r, http.StatusConflict, r.PostForm, faults{}, ui.NoticeProps{Kind: ui.Warn,
			Text:  i18n.T(ctx, "principles.overtaken", i18n.Args{"Number": number}),
			Links: []ui.Link{{Label: principlesTitle(ctx, page.Items[0].Number), Href: place(ctx, "settings/principles/"+number)}}})
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/principles/"+strconv.FormatInt(p.Number, 10)), "principles.adopt", receipt)
}

func (s *Server) principlesForm(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults, notices ...ui.NoticeProps) error {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{
		{Kind: ui.TextArea, Name: "body", Label: i18n.T(ctx, "principles.field_body"), Help: i18n.T(ctx, "principles.help_body"), Value: values.Get("body"), Rows: 14, MaxLength: 20000, Required: true},
		{Kind: ui.Date, Name: "adopted_on", Label: i18n.T(ctx, "principles.field_adopted_on"), Value: values.Get("adopted_on"), Size: "short", Required: true},
	})
	props := ui.PageProps{Title: i18n.T(ctx, "principles.adopt"), Lede: i18n.T(ctx, "principles.adopt_lede"), Crumbs: principlesCrumbs(ctx), Notices: notices}
	form := ui.FormProps{Action: place(ctx, "settings/principles"), Errors: f.explain(fields), Submit: i18n.T(ctx, "principles.adopt_now"),
		Cancel: ui.Link{Href: place(ctx, "settings/principles")}, Hidden: []ui.Hidden{{Name: "newest", Value: values.Get("newest")}}}
	return s.show(w, r, status, "settings", props, with(ui.Form(form), formFields(fields)))
}
