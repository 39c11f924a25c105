package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

func evaluatorCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: evaluatorText(ctx, "title"), Href: place(ctx, "evaluators")}}
}

// evaluator reads the agreement of the address.
func (s *Server) evaluator(r *http.Request) (evaluation.Agreement, error) {
	i, err := pathID[evaluation.Agreement](r)
	if err != nil {
		return evaluation.Agreement{}, err
	}
	return evaluation.Get.Do(r.Context(), s.app.Door, evaluation.Ref{ID: i})
}

// evaluatorFileText says what became of the file of a wave.
func evaluatorFileText(ctx context.Context, w surveys.Fileable) string {
	if w.File == nil {
		return i18n.T(ctx, "survey_states."+w.State)
	}
	return fileText(ctx, *w.File)
}

// fileText says what a file holds, or why there is none and what would be allowed.
func fileText(ctx context.Context, f surveys.EvaluatorFile) string {
	if f.Why != "" {
		return evaluatorText(ctx, "none_"+f.Why, i18n.Args{"Count": int(f.Answers), "Least": surveys.LeastRows()})
	}
	text := evaluatorText(ctx, "file", i18n.Args{"Rows": i18n.Number(ctx, f.Answers), "Columns": i18n.Number(ctx, f.Columns)})
	if f.Held > 0 {
		text += " " + evaluatorText(ctx, "file_held", i18n.Args{"Held": i18n.Number(ctx, f.Held)})
	}
	return text
}

// evaluatorRecord is GET …/evaluators/{id}.
func (s *Server) evaluatorRecord(w http.ResponseWriter, r *http.Request) error {
	a, err := s.evaluator(r)
	if err != nil {
		return err
	}
	return s.evaluatorPage(w, r, http.StatusOK, a, url.Values{}, faults{})
}

func (s *Server) evaluatorPage(w http.ResponseWriter, r *http.Request, status int, a evaluation.Agreement, values url.Values, f faults) error {
	ctx := r.Context()
	timeline, err := s.timeline(r, "evaluators", evaluation.Kind, a.ID)
	if err != nil {
		return err
	}
	t := func(key string) string { return evaluatorText(ctx, "field_"+key) }
	props := ui.PageProps{Title: named(ctx, a.Person), Lede: a.Organization, Crumbs: evaluatorCrumbs(ctx),
		HeadingTags: []ui.TagProps{{Label: i18n.T(ctx, "evaluator_states."+a.State), Kind: evaluatorStateKinds[a.State]}}}
	s.evaluatorActions(ctx, a, &props)
	var facts []ui.Fact
	if s.may(ctx, "people.get") {
		facts = append(facts, ui.Fact{Label: t("person"), Value: named(ctx, a.Person), Href: place(ctx, "people/"+a.PersonID.Short())})
	}
	facts = append(facts, ui.Fact{Label: t("purpose"), Value: a.Purpose}, ui.Fact{Label: t("valid_until"), Value: civilDay(ctx, a.Until)}, ui.Fact{Label: t("destroy_by"), Value: civilDay(ctx, a.DestroyBy)})
	if a.SignedOn != "" {
		facts = append(facts, ui.Fact{Label: t("signed_name"), Value: a.SignedName, Note: evaluatorSignedHow(ctx, a)})
	}
	backbone := i18n.T(ctx, "visible.backbone")
	if a.SentAt != nil {
		facts = append(facts, ui.Fact{Label: t("sent_at"), Value: moment(ctx, a.SentAt), Note: evaluatorText(ctx, "sent_by", i18n.Args{"Name": named(ctx, a.SentBy)}), VisibleTo: backbone})
	}
	if a.LinkExpires != nil && a.State == evaluation.Waiting {
		facts = append(facts, ui.Fact{Label: t("link_expires"), Value: moment(ctx, a.LinkExpires), VisibleTo: backbone})
	}
	if a.EndedOn != "" {
		facts = append(facts, ui.Fact{Label: t("ended_on"), Value: civilDay(ctx, a.EndedOn), Note: a.EndNote})
	}
	content := []templ.Component{evaluatorWaves(ctx, a)}
	if a.MaySign {
		content = append(content, evaluatorSignForm(ctx, a, values, f))
	}
	terms := with(ui.Panel(ui.PanelProps{Heading: evaluatorText(ctx, "terms_title")}), paragraphsIn(a.Language, a.Text))
	if a.MaySign { // what is signed is read first
		content = append([]templ.Component{terms}, content...)
	} else {
		content = append(content, terms)
	}
	return s.show(w, r, status, "working-together", props, append(content, ui.Record(ui.RecordProps{Facts: ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts}), Timeline: timeline}))...)
}

// evaluatorActions are what can be done with an agreement in its state.
func (s *Server) evaluatorActions(ctx context.Context, a evaluation.Agreement, props *ui.PageProps) {
	version := []ui.Hidden{{Name: "version", Value: number(a.Version)}}
	if a.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *a.DeletedAt)})})
		if s.may(ctx, "evaluator-agreements.restore") {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: evaluatorAddress(ctx, a.ID, "/restore"), Post: true, Hidden: version, Icon: "undo"}
		}
		return
	}
	if a.MayEdit {
		s.evaluatorNotices(ctx, a, props)
		edit := ui.Action{Label: i18n.T(ctx, "list.edit"), Href: evaluatorAddress(ctx, a.ID, "/edit"), Icon: "edit"}
		props.Primary = &edit
		if a.MaySend {
			send := ui.Action{Label: evaluatorText(ctx, "send"), Href: evaluatorAddress(ctx, a.ID, "/send"), Post: true, Hidden: version, Icon: "mail"}
			if a.SentAt != nil {
				send.Label = evaluatorText(ctx, "send_again")
			}
			props.Primary, props.Menu = &send, append(props.Menu, edit)
		}
		if a.LinkExpires != nil && s.may(ctx, "evaluator-agreements.withdraw") {
			props.Menu = append(props.Menu, ui.Action{Label: evaluatorText(ctx, "withdraw"), Href: evaluatorAddress(ctx, a.ID, "/withdraw"), Post: true, Hidden: version, Icon: "undo"})
		}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: evaluatorAddress(ctx, a.ID, "/trash"), Post: true, Hidden: version, Icon: "trash"})
	}
	if (a.State == evaluation.InForce || a.State == evaluation.Expired) && s.may(ctx, "evaluator-agreements.end") {
		props.Menu = append(props.Menu, ui.Action{Label: evaluatorText(ctx, "end"), Href: evaluatorAddress(ctx, a.ID, "/end"), Icon: "x"})
	}
}

// evaluatorNotices say what keeps an agreement that waits from being signed.
func (s *Server) evaluatorNotices(ctx context.Context, a evaluation.Agreement, props *ui.PageProps) {
	var key string
	switch {
	case a.Until < s.today(ctx):
		key = "is_over"
	case !a.MaySend:
		key = "no_address"
	case a.SentAt != nil && a.LinkExpires == nil:
		key = "link_ended"
	case a.LinkExpires != nil && !s.app.Config.Clock.Now().Before(*a.LinkExpires):
		key = "link_late"
	default:
		return
	}
	props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Due, Text: evaluatorText(ctx, key)})
}

// evaluatorSignedHow says when an agreement was signed, and how. Of the first that were
// signed only the day is known.
func evaluatorSignedHow(ctx context.Context, a evaluation.Agreement) string {
	switch {
	case a.SignedAt == nil:
		return civilDay(ctx, a.SignedOn)
	case a.ByLink:
		return evaluatorText(ctx, "by_link", i18n.Args{"When": moment(ctx, a.SignedAt)})
	}
	return evaluatorText(ctx, "signed_in", i18n.Args{"When": moment(ctx, a.SignedAt)})
}

// evaluatorWaves are the waves an agreement names, each with its file for whoever may take
// it.
func evaluatorWaves(ctx context.Context, a evaluation.Agreement) templ.Component {
	rows := make([]ui.Row, len(a.Waves))
	for n, w := range a.Waves {
		rows[n] = ui.Row{Title: w.Title, Detail: evaluatorFileText(ctx, w.Fileable)}
		if w.State == surveys.Released {
			rows[n].Href = surveyResultAddress(ctx, w.ID, "")
		}
		if a.MayTake && w.File != nil && w.File.Why == "" {
			rows[n].Action = &ui.Action{Label: evaluatorText(ctx, "take"), Href: surveyAddress(ctx, w.ID, "/evaluator-file"), Post: true, Icon: "download"}
		}
	}
	return with(ui.Panel(ui.PanelProps{Heading: evaluatorText(ctx, "field_waves")}), ui.Rows(rows), muted(evaluatorText(ctx, "noted")))
}

func evaluatorSignForm(ctx context.Context, a evaluation.Agreement, values url.Values, f faults) templ.Component {
	fields := f.mark(filled([]ui.FieldProps{
		{Kind: ui.Text, Name: "name", Label: evaluatorText(ctx, "field_signed_name"), MaxLength: 120, Autocomplete: "name", Required: true},
		{Kind: ui.Checkbox, Name: "agreed", Label: evaluatorText(ctx, "agreed"), Required: true},
	}, values))
	form := ui.FormProps{ID: "sign", Action: evaluatorAddress(ctx, a.ID, "/sign"), Errors: f.explain(fields), Submit: evaluatorText(ctx, "sign"), Hidden: []ui.Hidden{{Name: "version", Value: number(a.Version)}}}
	return with(ui.Panel(ui.PanelProps{Heading: evaluatorText(ctx, "sign_title")}), with(ui.Form(form), formFields(fields)))
}

// evaluatorSign is POST …/evaluators/{id}/sign.
func (s *Server) evaluatorSign(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	a, err := s.evaluator(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	_, err = evaluation.Sign.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, evaluation.SignInput{ID: a.ID, Version: formVersion(r), Name: v.Get("name"), Agreed: v.Get("agreed") == "true"})
	if f, ok := formFaults(ctx, err); ok {
		return s.evaluatorPage(w, r, http.StatusUnprocessableEntity, a, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, evaluatorAddress(ctx, a.ID, ""), "evaluator-agreements.sign", receipt)
}

// evaluatorEnd is GET …/evaluators/{id}/end.
func (s *Server) evaluatorEnd(w http.ResponseWriter, r *http.Request) error {
	a, err := s.evaluator(r)
	if err != nil {
		return err
	}
	return s.evaluatorEndForm(w, r, http.StatusOK, a, faults{})
}

func (s *Server) evaluatorEndForm(w http.ResponseWriter, r *http.Request, status int, a evaluation.Agreement, f faults) error {
	ctx := r.Context()
	fields := f.mark(filled([]ui.FieldProps{{Kind: ui.TextArea, Name: "note", Label: evaluatorText(ctx, "field_end_note"), Rows: 3, MaxLength: 2000}}, r.PostForm))
	props := ui.PageProps{Title: evaluatorText(ctx, "end"), Lede: evaluatorText(ctx, "end_lede"), Crumbs: append(evaluatorCrumbs(ctx), ui.Link{Label: a.Title(), Href: evaluatorAddress(ctx, a.ID, "")})}
	form := ui.FormProps{Action: evaluatorAddress(ctx, a.ID, "/end"), Errors: f.explain(fields), Submit: evaluatorText(ctx, "end"), Cancel: ui.Link{Href: evaluatorAddress(ctx, a.ID, "")}, Hidden: []ui.Hidden{{Name: "version", Value: number(a.Version)}}}
	return s.show(w, r, status, "working-together", props, with(ui.Form(form), formFields(fields)))
}

// evaluatorEnded is POST …/evaluators/{id}/end.
func (s *Server) evaluatorEnded(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.evaluator(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	_, err = evaluation.End.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, evaluation.EndInput{ID: a.ID, Version: formVersion(r), Note: r.PostFormValue("note")})
	if f, ok := formFaults(ctx, err); ok {
		return s.evaluatorEndForm(w, r, http.StatusUnprocessableEntity, a, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, evaluatorAddress(ctx, a.ID, ""), "evaluator-agreements.end", receipt)
}

// evaluatorTake is POST …/surveys/{id}/evaluator-file. It is no GET: every time is noted.
func (s *Server) evaluatorTake(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[surveys.Wave](r)
	if err != nil {
		return err
	}
	file, err := evaluation.Take.Do(ctx, s.app.Door, evaluation.TakeInput{WaveID: i})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-"+file.Name, "zip"))
	_, err = w.Write(file.Content) // #nosec G705 -- an archive, never shown as a page
	return err
}

// surveyFilePanel says of a wave what became of its file, and every time it was taken.
func (s *Server) surveyFilePanel(ctx context.Context, one surveys.Wave) (templ.Component, error) {
	panel := ui.PanelProps{Heading: evaluatorText(ctx, "panel")}
	content := []templ.Component{muted(evaluatorText(ctx, "allowed"))}
	if one.File != nil {
		content[0] = muted(fileText(ctx, *one.File))
	}
	if one.File == nil || one.File.Why != "" || !s.may(ctx, "evaluator-files.taken") {
		return with(ui.Panel(panel), content...), nil
	}
	taken, err := evaluation.ListTaken.Do(ctx, s.app.Door, evaluation.TakeInput{WaveID: one.ID})
	if err != nil {
		return nil, err
	}
	if len(taken.Items) == 0 {
		return with(ui.Panel(panel), append(content, muted(evaluatorText(ctx, "never_taken")))...), nil
	}
	table := ui.TableProps{ID: "taken", Caption: evaluatorText(ctx, "taken"), Columns: []ui.Column{{Label: evaluatorText(ctx, "field_taken_at")}, {Label: evaluatorText(ctx, "field_person")}}}
	for _, d := range taken.Items {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: i18n.ShortDateTime(ctx, d.TakenAt)}, {Text: named(ctx, d.Person), Detail: d.Organization, Href: evaluatorAddress(ctx, d.AgreementID, "")}}})
	}
	return with(ui.Panel(panel), append(content, ui.Table(table))...), nil
}
