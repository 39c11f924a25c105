package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/letters"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// lettersStop is GET /unsubscribe/{secret}: whether to end the letters of a
// collaborative. Looking changes nothing, since mail scanners open every link.
func (s *Server) lettersStop(w http.ResponseWriter, r *http.Request) error {
	c, email, err := s.app.Letters.Look(r.Context(), r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	ctx := r.Context()
	props := ui.TaskProps{Title: i18n.T(ctx, "letters.stop_title"), Collaborative: c.Name, Privacy: i18n.T(ctx, "letters.stop_text", i18n.Args{"Collaborative": c.Name, "Email": email})}
	return s.showTask(w, r, http.StatusOK, props, acts([]ui.Action{{Label: i18n.T(ctx, "letters.stop_send"), Href: r.URL.EscapedPath(), Post: true, Kind: ui.Main}}))
}

// lettersStopped is POST /unsubscribe/{secret}, by whoever reads the letter or by
// their mail program in one click (RFC 8058).
func (s *Server) lettersStopped(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.lettersStop(w, again)
	}
	c, err := s.app.Letters.Stop(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	ctx := r.Context()
	props := ui.TaskProps{Title: i18n.T(ctx, "letters.stopped_title"), Collaborative: c.Name, Privacy: i18n.T(ctx, "letters.stopped_text", i18n.Args{"Collaborative": c.Name})}
	return s.showTask(w, r, http.StatusOK, props)
}

// suppressionList is GET …/settings/letters: the addresses without letters.
func (s *Server) suppressionList(w http.ResponseWriter, r *http.Request) error {
	return s.suppressionPage(w, r, http.StatusOK, url.Values{}, faults{})
}

func (s *Server) suppressionPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := letters.List.Do(ctx, s.app.Door, letters.ListInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	there := ui.PanelProps{Heading: i18n.T(ctx, "letters.suppressed")}
	if len(page.Items) == 0 {
		there.Detail = i18n.T(ctx, "letters.suppressed_none")
	}
	rows := make([]ui.Row, len(page.Items))
	for k, one := range page.Items {
		rows[k] = ui.Row{Title: one.Email, Detail: dotted(i18n.T(ctx, "suppression_reasons."+one.Reason), i18n.Date(ctx, one.CreatedAt), one.Detail)}
		if s.may(ctx, "suppressions.remove") {
			rows[k].Action = &ui.Action{Label: i18n.T(ctx, "letters.resume"), Href: place(ctx, "settings/letters/"+one.ID.Short()+"/remove"), Post: true}
		}
	}
	var more []ui.Action
	if page.Next != "" {
		more = append(more, ui.Action{Label: i18n.T(ctx, "letters.older"), Href: place(ctx, "settings/letters?"+url.Values{"after": {page.Next}}.Encode()), Kind: ui.Quiet})
	}
	fields := f.mark(filled([]ui.FieldProps{
		{Name: "email", Label: i18n.T(ctx, "letters.field_email"), Required: true, MaxLength: 254, InputMode: "email", Autocomplete: "off"},
		{Name: "detail", Label: i18n.T(ctx, "letters.field_detail"), MaxLength: 300, Autocomplete: "off"},
	}, values))
	form := ui.FormProps{Action: place(ctx, "settings/letters"), Submit: i18n.T(ctx, "letters.add"), Errors: f.explain(fields)}
	props := settingsProps(ctx, "letters")
	props.Lede = i18n.T(ctx, "letters.lede")
	return s.show(w, r, status, "settings", props, with(ui.Grid(), with(ui.Panel(there), ui.Rows(rows), acts(more)),
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "letters.add")}), with(ui.Form(form), formFields(fields)))), templ.NopComponent)
}

// suppressionAdd is POST …/settings/letters.
func (s *Server) suppressionAdd(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	_, err := letters.Add.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, letters.Input{Email: v.Get("email"), Detail: v.Get("detail")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.suppressionPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/letters"), "suppressions.add", receipt)
}

// suppressionRemove is POST …/settings/letters/{id}/remove.
func (s *Server) suppressionRemove(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[letters.Suppression](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := letters.Remove.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, letters.Ref{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(r.Context(), "settings/letters"), "suppressions.remove", receipt)
}
