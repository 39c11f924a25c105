package web

import (
	"context"
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
	what, err := s.app.Letters.Look(r.Context(), r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	ctx := r.Context()
	args := i18n.Args{"Collaborative": what.Place.Name, "Email": what.Email}
	props := ui.TaskProps{Title: i18n.T(ctx, "letters.stop_title"), Collaborative: what.Place.Name, Privacy: i18n.T(ctx, "letters.stop_text_"+what.Kind, args)}
	return s.showTask(w, r, http.StatusOK, props, acts([]ui.Action{{Label: i18n.T(ctx, "letters.stop_send"), Href: r.URL.EscapedPath(), Post: true, Kind: ui.Main},
		{Label: i18n.T(ctx, "letters.stop_all"), Href: r.URL.EscapedPath(), Post: true, Kind: ui.Quiet, Hidden: []ui.Hidden{{Name: "which", Value: "all"}}}}),
		muted(i18n.T(ctx, "letters.stop_but")))
}

// lettersStopped is POST /unsubscribe/{secret}, by whoever reads the letter or by
// their mail program in one click (RFC 8058).
func (s *Server) lettersStopped(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.lettersStop(w, again)
	}
	all := r.PostForm.Get("which") == "all"
	what, err := s.app.Letters.Stop(r.Context(), s.app.Door, r.PathValue("secret"), all)
	if err != nil {
		return s.replyDead(w, r, err)
	}
	ctx, key := r.Context(), "letters.stopped_"+what.Kind
	if all {
		key = "letters.stopped_all"
	}
	props := ui.TaskProps{Title: i18n.T(ctx, key), Collaborative: what.Place.Name, Privacy: i18n.T(ctx, "letters.stopped_text", i18n.Args{"Collaborative": what.Place.Name})}
	return s.showTask(w, r, http.StatusOK, props, muted(i18n.T(ctx, "letters.stop_but")))
}

// reachText says which letters do not go to an address.
func reachText(ctx context.Context, reach []string) string {
	if len(reach) == 0 {
		return i18n.T(ctx, "letters.reach_all")
	}
	words := make([]string, len(reach))
	for k, kind := range reach {
		words[k] = i18n.T(ctx, "letter_reaches."+kind)
	}
	return i18n.List(ctx, words)
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
		rows[k] = ui.Row{Title: one.Email, Detail: dotted(i18n.T(ctx, "suppression_reasons."+one.Reason), reachText(ctx, one.Reach), i18n.Date(ctx, one.CreatedAt), one.Detail)}
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
		{Kind: ui.Checkboxes, Name: "reach", Label: i18n.T(ctx, "letters.field_reach"), Help: i18n.T(ctx, "letters.help_reach"), Options: options(ctx, "letter_reaches.", letters.Reaches), Values: values["reach"]},
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
	_, err := letters.Add.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, letters.Input{Email: v.Get("email"), Detail: v.Get("detail"), Reach: v["reach"]})
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
