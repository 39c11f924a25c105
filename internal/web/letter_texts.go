package web

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/letters"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// letterTextRoutes are the pages of what letters say.
func (s *Server) letterTextRoutes() []Route {
	const texts = "/c/{collaborative}/settings/letter-texts"
	return []Route{
		{"GET", texts, []string{"letter-texts.list"}, s.letterTextList},
		{"GET", texts + "/{kind}", []string{"letter-texts.get", "letter-texts.preview"}, s.letterTexts},
		{"POST", texts + "/{kind}/{language}", []string{"letter-texts.get", "letter-texts.edit", "letter-texts.reset", "letter-texts.preview", "letter-texts.test"}, s.letterTextSave},
	}
}

// letterTextList is GET …/settings/letter-texts: every kind of letter, and in which
// languages it says the collaborative's own words.
func (s *Server) letterTextList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	page, err := letters.ListTexts.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	own, subject := map[string][]string{}, map[string]string{}
	for _, t := range page.Items {
		if t.Own {
			own[t.Kind] = append(own[t.Kind], i18n.T(ctx, "languages."+t.Language))
		}
		if t.Language == i18n.Language(ctx) {
			subject[t.Kind] = t.Subject
		}
	}
	var rows []ui.Row
	for _, kind := range letters.TextKinds() {
		row := ui.Row{Title: i18n.T(ctx, "letter_kinds."+kind), Detail: subject[kind], Href: place(ctx, "settings/letter-texts/"+kind)}
		if len(own[kind]) > 0 {
			row.Tag = &ui.TagProps{Label: i18n.T(ctx, "letter_texts.own_in", i18n.Args{"Languages": i18n.List(ctx, own[kind])}), Kind: ui.Good}
		}
		rows = append(rows, row)
	}
	return s.show(w, r, http.StatusOK, "settings", settingsProps(ctx, "letter-texts"), with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "letter_texts.kinds")}), ui.Rows(rows)))
}

// letterTexts is GET …/settings/letter-texts/{kind}: a letter in every language, side by
// side, each with what it looks like.
func (s *Server) letterTexts(w http.ResponseWriter, r *http.Request) error {
	return s.letterTextPage(w, r, http.StatusOK, letterTyped{})
}

// letterTyped is what was typed in one language, and what came of it.
type letterTyped struct {
	language, subject, body string
	version                 int64
	faults                  faults
	notice                  *ui.NoticeProps
}

func (s *Server) letterTextPage(w http.ResponseWriter, r *http.Request, status int, typed letterTyped) error {
	ctx, kind := r.Context(), r.PathValue("kind")
	of, err := letters.GetTexts.Do(ctx, s.app.Door, letters.TextKindRef{Kind: kind})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "letter_kinds."+kind), Lede: i18n.T(ctx, "letter_texts.lede"), Crumbs: append(settingsCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "settings.letter-texts"), Href: place(ctx, "settings/letter-texts")})}
	if typed.notice != nil {
		props.Notices = append(props.Notices, *typed.notice)
	}
	var columns []templ.Component
	for _, t := range of.Texts {
		one := letterTyped{language: t.Language, subject: t.Subject, body: t.Body, version: t.Version}
		if typed.language == t.Language {
			one = typed
		}
		columns = append(columns, s.letterColumn(ctx, t, one))
	}
	return s.show(w, r, status, "settings", props, with(ui.Grid(), columns...), letterVariables(ctx, of), letterMarks())
}

// letterColumn is a letter in one language: its form, and below what it looks like.
func (s *Server) letterColumn(ctx context.Context, t letters.Text, typed letterTyped) templ.Component {
	f, lang := typed.faults, t.Language
	fields := f.mark([]ui.FieldProps{
		{Name: "subject", ID: "subject-" + lang, Label: i18n.T(ctx, "letter_texts.field_subject"), Value: typed.subject, MaxLength: mail.MaxSubject, Required: true, Autocomplete: "off", Lang: lang},
		{Kind: ui.TextArea, Name: "body", ID: "body-" + lang, Label: i18n.T(ctx, "letter_texts.field_body"), Value: typed.body, MaxLength: mail.MaxWords, Rows: 10, Required: true, Lang: lang},
	})
	errors := f.explain(fields)
	for k := range errors {
		if errors[k].Field != "" {
			errors[k].ID = errors[k].Field + "-" + lang
		}
	}
	form := ui.FormProps{ID: "text-" + lang, Action: place(ctx, "settings/letter-texts/"+t.Kind+"/"+lang), Errors: errors, Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(typed.version, 10)}}, Full: true,
		Extra: []ui.SubmitButton{{Label: i18n.T(ctx, "letter_texts.preview"), Name: "step", Value: "preview"}, {Label: i18n.T(ctx, "letter_texts.test"), Name: "step", Value: "test"}}}
	if t.Own {
		form.Extra = append(form.Extra, ui.SubmitButton{Label: i18n.T(ctx, "letter_texts.reset"), Name: "step", Value: "reset"})
	}
	detail := i18n.T(ctx, "letter_texts.ours")
	if t.Own {
		detail = i18n.T(ctx, "letter_texts.own_since", i18n.Args{"Date": i18n.Date(ctx, t.UpdatedAt)})
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "languages."+lang), Detail: detail}), with(letterPreviewing("preview-"+lang), with(ui.Form(form), formFields(fields)), s.letterLook(ctx, t.Kind, typed)))
}

// letterLook shows what a letter looks like, or says that its text has faults.
func (s *Server) letterLook(ctx context.Context, kind string, typed letterTyped) templ.Component {
	p, err := letters.PreviewText.Do(ctx, s.app.Door, letters.PreviewInput{TextRef: letters.TextRef{Kind: kind, Language: typed.language}, Subject: typed.subject, Body: typed.body})
	if f, ok := faultsOf(ctx, err); ok {
		var reasons []string
		for _, fault := range f.list {
			reasons = append(reasons, fault.Message)
		}
		return letterFaulty("preview-"+typed.language, reasons)
	}
	if err != nil {
		return letterFaulty("preview-"+typed.language, []string{i18n.T(ctx, "letter_texts.no_preview")})
	}
	return letterSheet("preview-"+typed.language, p.Sheet, p.Text)
}

// letterTextSave is POST …/settings/letter-texts/{kind}/{language}: it saves a text, looks
// at it, sends it to whoever wrote it, or goes back to ours.
func (s *Server) letterTextSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v, kind := r.Context(), r.PostForm, r.PathValue("kind")
	ref := letters.TextRef{Kind: kind, Language: r.PathValue("language")}
	typed := letterTyped{language: ref.Language, subject: v.Get("subject"), body: strings.ReplaceAll(v.Get("body"), "\r\n", "\n"), version: whole(v.Get("version"))}
	var receipt operation.Receipt
	op := "letter-texts.edit"
	var err error
	switch v.Get("step") {
	case "preview":
		if isFragment(r) {
			s.render(w, r, http.StatusOK, s.letterLook(ctx, kind, typed))
			return nil
		}
		_, err = letters.PreviewText.Do(ctx, s.app.Door, letters.PreviewInput{TextRef: ref, Subject: typed.subject, Body: typed.body})
		if err == nil {
			return s.letterTextPage(w, r, http.StatusOK, typed)
		}
	case "test":
		_, err = letters.TestText.Do(ctx, s.app.Door, letters.PreviewInput{TextRef: ref, Subject: typed.subject, Body: typed.body})
		if err == nil { // what was typed stays, saved or not
			typed.notice = &ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "letter_texts.test_sent", i18n.Args{"Email": operation.ActorFrom(ctx).Email})}
			return s.letterTextPage(w, r, http.StatusOK, typed)
		}
	case "reset":
		op = "letter-texts.reset"
		_, err = letters.ResetText.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, letters.TextVersion{TextRef: ref, Version: typed.version})
	default:
		_, err = letters.EditText.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, letters.TextInput{TextRef: ref, Version: typed.version, Subject: typed.subject, Body: typed.body})
	}
	if f, ok := faultsOf(ctx, err); ok {
		typed.faults = f
		return s.letterTextPage(w, r, http.StatusUnprocessableEntity, typed)
	}
	if operation.KindOf(err) == operation.Conflict {
		n := refusal(ctx, err)
		typed.notice = &n
		now, reading := letters.GetTexts.Do(ctx, s.app.Door, letters.TextKindRef{Kind: kind})
		if reading != nil {
			return reading
		}
		for _, t := range now.Texts {
			if t.Language == ref.Language {
				typed.version = t.Version // what was typed stays; saving it again goes by the newer version
			}
		}
		return s.letterTextPage(w, r, http.StatusConflict, typed)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/letter-texts/"+kind), op, receipt)
}

// letterVariables tells what may stand in braces.
func letterVariables(ctx context.Context, of letters.TextsOfKind) templ.Component {
	var facts []ui.Fact
	for _, v := range of.Variables {
		fact := ui.Fact{Label: "{" + v.Name + "}", Value: i18n.T(ctx, "letter_variables."+v.Name)}
		if v.Needed {
			fact.Note = i18n.T(ctx, "letter_texts.needed")
		}
		facts = append(facts, fact)
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "letter_texts.variables"), Facts: facts})
}

// written writes HTML that package mail made of own words.
func written(html string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, html)
		return err
	})
}
