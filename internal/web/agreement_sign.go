package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/agreements"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// agreementSign is GET /agreement/{secret}: what the link asks to sign, in full.
// It needs no account and no scripts, and looking changes nothing.
func (s *Server) agreementSign(w http.ResponseWriter, r *http.Request) error {
	return s.agreementSignPage(w, r, http.StatusOK, url.Values{}, nil)
}

// agreementSignPage shows the page anew; fault is what was wrong with the form.
func (s *Server) agreementSignPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, fault error) error {
	c, view, err := s.app.Agreements.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	if view.State == agreements.LinkSigned {
		status = http.StatusOK // signed meanwhile: nothing is wrong any more
	}
	return s.agreementShow(w, r, status, c, view, values, fault)
}

// agreementSigned is POST /agreement/{secret}. The page is shown again at once: a
// redirect would repeat its address.
func (s *Server) agreementSigned(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.agreementSign(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	c, view, err := s.app.Agreements.Sign(ctx, s.app.Door, agreements.SignInput{Secret: r.PathValue("secret"), Name: v.Get("name"), Agreed: v.Get("agreed") == "true"})
	if _, ok := faultsOf(ctx, err); ok {
		return s.agreementSignPage(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	return s.agreementShow(w, r, http.StatusOK, c, view, v, nil)
}

// agreementShow shows what a link found.
func (s *Server) agreementShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view agreements.LinkView, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Agreement.Language)
	ctx := i18n.WithZone(r.Context(), c.Zone)
	r = r.WithContext(ctx)
	f, _ := faultsOf(ctx, fault) // in the language of the page
	a := view.Agreement
	switch view.State {
	case agreements.LinkOpen:
		props := ui.TaskProps{Title: i18n.T(ctx, "agreements.sign_title", i18n.Args{"Organization": a.Organization}), Collaborative: c.Name, Privacy: i18n.T(ctx, "agreements.seen", i18n.Args{"Collaborative": c.Name})}
		if view.Newer > 0 {
			props.Notices = []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "agreements.sign_newer", i18n.Args{"Number": view.Newer, "Accepted": a.Principles, "Name": a.SentBy})}}
		}
		return s.showTask(w, r, status, props, agreementTerms(ctx, view), with(stack(), agreementSignForm(ctx, r, view, values, f),
			muted(i18n.T(ctx, "agreements.sign_until", i18n.Args{"Date": moment(ctx, a.LinkExpires)}))))
	case agreements.LinkSigned:
		props := ui.TaskProps{Title: i18n.T(ctx, "agreements.signed_title"), Collaborative: c.Name, Privacy: i18n.T(ctx, "agreements.already", i18n.Args{"Name": a.SignedName, "When": moment(ctx, a.SignedAt)})}
		if view.Fresh {
			props.Privacy = i18n.T(ctx, "agreements.thanks", i18n.Args{"Name": a.SignedName, "When": moment(ctx, a.SignedAt)})
		}
		return s.showTask(w, r, status, props, muted(i18n.T(ctx, "agreements.keep")), agreementTerms(ctx, view))
	}
	props := ui.TaskProps{Title: i18n.T(ctx, "signin.link_dead"), Collaborative: c.Name, Privacy: i18n.T(ctx, "agreements.link_"+view.State, i18n.Args{"Name": a.SentBy, "Collaborative": c.Name})}
	return s.showTask(w, r, http.StatusNotFound, props)
}

// agreementTerms are what is signed: between whom, for how long, and every word.
func agreementTerms(ctx context.Context, view agreements.LinkView) templ.Component {
	a := view.Agreement
	t := func(key string) string { return i18n.T(ctx, "agreements.field_"+key) }
	facts := []ui.Fact{
		{Label: t("organization"), Value: a.Organization},
		{Label: t("signatory"), Value: a.SignatoryName, Note: a.SignatoryTitle},
		{Label: t("principles"), Value: principlesTitle(ctx, a.Principles), Note: principlesSince(ctx, view.Principles)},
		{Label: t("term_months"), Value: i18n.T(ctx, "agreements.months", i18n.Args{"Count": int(a.TermMonths)})},
	}
	if a.SignedAt != nil {
		facts = append(facts, ui.Fact{Label: t("signed_name"), Value: a.SignedName, Note: moment(ctx, a.SignedAt)},
			ui.Fact{Label: t("valid_from"), Value: civilDay(ctx, a.From)}, ui.Fact{Label: t("renewal_due"), Value: civilDay(ctx, a.RenewalDue)})
	}
	body := []templ.Component{ui.Facts(ui.FactsProps{Facts: facts})}
	for _, text := range []struct{ heading, text string }{{"agreements.field_text", a.Text}, {"agreements.field_transition", a.Transition}} {
		if text.text != "" {
			body = append(body, with(part(i18n.T(ctx, text.heading)), paragraphs(text.text)))
		}
	}
	body = append(body, with(part(i18n.T(ctx, "principles.title_version", i18n.Args{"Number": a.Principles})), paragraphs(view.Principles.Body)))
	return with(stack(), body...)
}

func agreementSignForm(ctx context.Context, r *http.Request, view agreements.LinkView, values url.Values, f faults) templ.Component {
	args := i18n.Args{"Organization": view.Agreement.Organization, "Number": strconv.FormatInt(view.Agreement.Principles, 10)}
	fields := f.mark(filled([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "agreements.sign_name"), Help: i18n.T(ctx, "agreements.help_sign_name"), Required: true, MaxLength: 120, Autocomplete: "name"},
		{Kind: ui.Checkbox, Name: "agreed", Label: i18n.T(ctx, "agreements.agreed", args), Required: true},
	}, values))
	return with(part(i18n.T(ctx, "agreements.sign_here")), with(ui.Form(ui.FormProps{Action: r.URL.EscapedPath(), Errors: f.explain(fields), Submit: i18n.T(ctx, "agreements.sign")}), formFields(fields)))
}

// inTheirLanguage shows the page in the signatory's language to someone who has
// not chosen one.
func (s *Server) inTheirLanguage(r *http.Request, language string) *http.Request {
	if operation.ActorFrom(r.Context()).SignedIn() || cookieValue(r, languageCookie) != "" || r.PostForm.Has("return") || !i18n.Known(language) {
		return r
	}
	return r.WithContext(i18n.With(r.Context(), language))
}

// showTask renders a task page whose address holds a secret; see showSecret.
func (s *Server) showTask(w http.ResponseWriter, r *http.Request, status int, props ui.TaskProps, children ...templ.Component) error {
	s.keepAddress(w)
	props.LanguageAction, props.Languages = r.URL.EscapedPath(), languages(r.Context())
	s.render(w, r, status, ui.TaskPage(props), append(children, templ.NopComponent)...)
	return nil
}

// agreementDead explains a link that is not known, or no longer. Other failures
// it returns.
func (s *Server) agreementDead(w http.ResponseWriter, r *http.Request, err error) error {
	s.keepAddress(w)
	var e *operation.Error
	if !errors.As(err, &e) || e.Key != "access.link_dead" {
		return err
	}
	ctx := r.Context()
	s.render(w, r, http.StatusNotFound, ui.BarePage(ui.BareProps{Title: i18n.T(ctx, "signin.link_dead"), Lede: i18n.T(ctx, "agreements.link_unknown")}), templ.NopComponent)
	return nil
}
