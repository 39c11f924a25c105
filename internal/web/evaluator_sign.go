package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/evaluation"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// evaluatorLink is GET /evaluator/{secret}: what the link asks to sign, in full. It needs
// no account and no scripts, and looking changes nothing.
func (s *Server) evaluatorLink(w http.ResponseWriter, r *http.Request) error {
	return s.evaluatorLinkPage(w, r, http.StatusOK, url.Values{}, nil)
}

// evaluatorLinkPage shows the page anew; fault is what was wrong with the form.
func (s *Server) evaluatorLinkPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, fault error) error {
	c, view, err := s.app.Evaluation.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	if view.State == evaluation.LinkSigned {
		status = http.StatusOK // signed meanwhile: nothing is wrong any more
	}
	return s.evaluatorLinkShow(w, r, status, c, view, values, fault)
}

// evaluatorLinkSigned is POST /evaluator/{secret}. The page is shown again at once: a
// redirect would repeat its address.
func (s *Server) evaluatorLinkSigned(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.evaluatorLink(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	c, view, err := s.app.Evaluation.SignByLink(ctx, s.app.Door, evaluation.LinkSignInput{Secret: r.PathValue("secret"), Name: v.Get("name"), Agreed: v.Get("agreed") == "true", ReadIn: v.Get("read_in")})
	if _, ok := faultsOf(ctx, err); ok {
		return s.evaluatorLinkPage(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	return s.evaluatorLinkShow(w, r, http.StatusOK, c, view, v, nil)
}

// evaluatorLinkShow shows what a link found.
func (s *Server) evaluatorLinkShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view evaluation.LinkView, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Agreement.Language)
	ctx := i18n.WithZone(r.Context(), c.Zone)
	r = r.WithContext(ctx)
	f, _ := faultsOf(ctx, fault) // in the language of the page
	a := view.Agreement
	said := func(key string, args i18n.Args) string {
		args["Collaborative"] = c.Name
		return evaluatorText(ctx, key, args)
	}
	switch view.State {
	case evaluation.LinkOpen:
		props := ui.TaskProps{Title: evaluatorText(ctx, "link_title"), Collaborative: c.Name, Privacy: said("seen", i18n.Args{})}
		return s.showTask(w, r, status, props, evaluatorPromise(ctx, a), with(stack(), evaluatorLinkForm(ctx, r, a, values, f),
			muted(said("sign_until", i18n.Args{"Date": moment(ctx, a.LinkExpires)}))))
	case evaluation.LinkSigned:
		key := "already"
		if view.Fresh {
			key = "thanks"
		}
		props := ui.TaskProps{Title: evaluatorText(ctx, "signed_title"), Collaborative: c.Name, Privacy: said(key, i18n.Args{"Name": named(ctx, a.SignedName), "When": moment(ctx, a.SignedAt)})}
		var content []templ.Component
		if a.State == evaluation.InForce {
			content = append(content, plain(said("next", i18n.Args{})), acts([]ui.Action{{Label: evaluatorText(ctx, "to_files"), Href: "/c/" + c.Slug + "/evaluators/" + a.ID.Short(), Kind: ui.Main}}))
		}
		content = append(content, muted(evaluatorText(ctx, "keep")), evaluatorPromise(ctx, a))
		return s.showTask(w, r, status, props, with(stack(), content...))
	}
	props := ui.TaskProps{Title: i18n.T(ctx, "signin.link_dead"), Collaborative: c.Name, Privacy: said("link_"+view.State, i18n.Args{"Name": named(ctx, a.SentBy)})}
	return s.showTask(w, r, http.StatusNotFound, props)
}

// evaluatorPromise are what is signed: by whom, what for, for how long, and every word.
func evaluatorPromise(ctx context.Context, a evaluation.Agreement) templ.Component {
	t := func(key string) string { return evaluatorText(ctx, "field_"+key) }
	var waves []string
	for _, w := range a.Waves {
		waves = append(waves, w.Title)
	}
	facts := []ui.Fact{{Label: t("person"), Value: a.Person, Note: a.Organization}, {Label: t("purpose"), Content: prose(a.Purpose)}, {Label: t("waves"), Content: prose(strings.Join(waves, "\n\n"))}}
	facts = append(facts, ui.Fact{Label: t("valid_until"), Value: civilDay(ctx, a.Until)}, ui.Fact{Label: t("destroy_by"), Value: civilDay(ctx, a.DestroyBy)})
	if a.SignedOn != "" {
		facts = append(facts, ui.Fact{Label: t("signed_name"), Value: a.SignedName, Note: evaluatorSignedHow(ctx, a)})
	}
	text, language := a.In(i18n.Language(ctx))
	return with(stack(), ui.Facts(ui.FactsProps{Facts: facts}), with(part(evaluatorText(ctx, "terms_title")), paragraphsIn(language, text)))
}

func evaluatorLinkForm(ctx context.Context, r *http.Request, a evaluation.Agreement, values url.Values, f faults) templ.Component {
	fields := f.mark(filled([]ui.FieldProps{
		{Name: "name", Label: evaluatorText(ctx, "sign_name"), Help: evaluatorText(ctx, "help_sign_name"), Required: true, MaxLength: 120, Autocomplete: "name"},
		{Kind: ui.Checkbox, Name: "agreed", Label: evaluatorText(ctx, "agreed"), Required: true},
	}, values))
	_, language := a.In(i18n.Language(ctx))
	form := ui.FormProps{Action: r.URL.EscapedPath(), Errors: f.explain(fields), Submit: evaluatorText(ctx, "sign"), Hidden: []ui.Hidden{{Name: "read_in", Value: language}}}
	return with(part(evaluatorText(ctx, "sign_title")), with(ui.Form(form), formFields(fields)))
}
