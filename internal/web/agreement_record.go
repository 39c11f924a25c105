package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// agreement reads the agreement of the address.
func (s *Server) agreement(r *http.Request) (agreements.Agreement, error) {
	i, err := pathID[agreements.Agreement](r)
	if err != nil {
		return agreements.Agreement{}, err
	}
	return agreements.Get.Do(r.Context(), s.app.Door, agreements.Ref{ID: i})
}

func (s *Server) agreementCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "agreements.title"), Href: place(ctx, "agreements")}}
}

// agreementRecord is GET …/agreements/{id}.
func (s *Server) agreementRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.agreement(r)
	if err != nil {
		return err
	}
	accepted, err := collaborative.GetPrinciples.Do(ctx, s.app.Door, collaborative.PrinciplesRef{Number: a.Principles})
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "agreements", agreements.Kind, a.ID)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "agreements.title_of", i18n.Args{"Organization": a.Organization}), HeadingTags: []ui.TagProps{agreementTag(ctx, a)}, Crumbs: s.agreementCrumbs(ctx)}
	props.Notices = s.agreementNotices(ctx, a)
	s.agreementActions(ctx, a, &props)
	body := []templ.Component{ui.Record(ui.RecordProps{Facts: s.agreementFacts(ctx, a), Timeline: timeline})}
	for _, text := range []struct{ heading, text string }{{"agreements.field_text", a.Text}, {"agreements.field_transition", a.Transition}} {
		if text.text != "" {
			body = append(body, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, text.heading)}), paragraphs(text.text)))
		}
	}
	body = append(body, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "principles.title_version", i18n.Args{"Number": a.Principles}), Detail: principlesSince(ctx, accepted)}), paragraphs(accepted.Body)))
	return s.show(w, r, http.StatusOK, "organizations", props, with(stack(), body...))
}

// agreementNotices say what one should know before doing anything.
func (s *Server) agreementNotices(ctx context.Context, a agreements.Agreement) []ui.NoticeProps {
	var out []ui.NoticeProps
	add := func(kind ui.Kind, text string) { out = append(out, ui.NoticeProps{Kind: kind, Text: text}) }
	if a.DeletedAt != nil {
		add(ui.Warn, i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *a.DeletedAt)}))
	}
	if a.OrganizationGone {
		add(ui.Warn, i18n.T(ctx, "agreements.organization_gone"))
	}
	if a.Newer > 0 && a.To == "" {
		out = append(out, ui.NoticeProps{Text: i18n.T(ctx, "agreements.newer", i18n.Args{"Number": a.Newer, "Accepted": a.Principles}),
			Links: []ui.Link{{Label: principlesTitle(ctx, a.Newer), Href: place(ctx, "settings/principles/"+strconv.FormatInt(a.Newer, 10))}}})
	}
	if !s.may(ctx, "agreements.send") {
		return out
	}
	switch {
	case a.State == agreements.Draft && (a.SignatoryEmail == "" || a.SignatoryName == ""):
		add(ui.Due, i18n.T(ctx, "agreements.no_address"))
	case a.State == agreements.Sent && a.LinkExpires != nil && !s.app.Config.Clock.Now().Before(*a.LinkExpires):
		add(ui.Due, i18n.T(ctx, "agreements.link_over"))
	}
	return out
}

// agreementActions are what can be done with an agreement in its state.
func (s *Server) agreementActions(ctx context.Context, a agreements.Agreement, props *ui.PageProps) {
	if !s.may(ctx, "agreements.edit") {
		return
	}
	address := place(ctx, "agreements/"+a.ID.Short())
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(a.Version, 10)}}
	post := func(label, step, icon string) ui.Action {
		return ui.Action{Label: i18n.T(ctx, label), Href: address + "/" + step, Post: true, Hidden: version, Icon: icon}
	}
	primary := func(action ui.Action) { props.Primary = &action }
	menu := func(actions ...ui.Action) { props.Menu = append(props.Menu, actions...) }
	edit := ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"}
	paper := ui.Action{Label: i18n.T(ctx, "agreements.record_paper"), Href: address + "/paper", Icon: "edit"}
	switch {
	case a.DeletedAt != nil:
		primary(post("list.restore", "restore", "undo"))
	case a.State == agreements.Draft && a.SignatoryEmail != "" && a.SignatoryName != "" && !a.OrganizationGone:
		primary(post("agreements.send", "send", "mail"))
		menu(edit, paper, post("list.trash", "trash", "trash"))
	case a.State == agreements.Draft:
		primary(edit)
		menu(paper, post("list.trash", "trash", "trash"))
	case a.State == agreements.Sent:
		primary(post("agreements.send_again", "send", "mail"))
		menu(post("agreements.withdraw", "withdraw", "undo"), paper)
	case a.To == "":
		primary(post("agreements.renew", "renew", ""))
		menu(ui.Action{Label: i18n.T(ctx, "agreements.end"), Href: address + "/end", Icon: "clock"})
		if a.OnPaper {
			menu(post("agreements.remove_signature", "remove-signature", "undo"))
		}
	case a.State == agreements.Ended:
		primary(post("agreements.renew", "renew", ""))
		menu(post("agreements.resume", "resume", "undo"))
	}
}

func (s *Server) agreementFacts(ctx context.Context, a agreements.Agreement) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "agreements.field_"+key) }
	who := ui.Fact{Label: t("signatory"), Value: a.SignatoryName, Note: a.SignatoryTitle}
	if !a.SignatoryID.IsZero() && s.may(ctx, "people.get") {
		who.Href = place(ctx, "people/"+a.SignatoryID.Short())
	}
	facts := []ui.Fact{
		{Label: t("organization"), Value: a.Organization, Href: place(ctx, "organizations/"+a.OrganizationID.Short())},
		{Label: t("principles"), Value: principlesTitle(ctx, a.Principles), Href: place(ctx, "settings/principles/"+strconv.FormatInt(a.Principles, 10))},
		{Label: t("term_months"), Value: i18n.T(ctx, "agreements.months", i18n.Args{"Count": int(a.TermMonths)})},
		who,
	}
	if a.SignedAt != nil {
		how := i18n.T(ctx, "agreements.by_link", i18n.Args{"When": i18n.DateTime(ctx, *a.SignedAt)})
		if a.OnPaper {
			how = i18n.T(ctx, "agreements.on_paper", i18n.Args{"When": i18n.DateTime(ctx, *a.SignedAt)})
		}
		facts = append(facts, ui.Fact{Label: t("signed_name"), Value: a.SignedName, Note: how},
			ui.Fact{Label: t("valid_from"), Value: civilDay(ctx, a.From)}, ui.Fact{Label: t("renewal_due"), Value: civilDay(ctx, a.RenewalDue)})
	}
	if a.To != "" {
		facts = append(facts, ui.Fact{Label: t("valid_to"), Value: civilDay(ctx, a.To)})
	}
	if s.may(ctx, "agreements.edit") {
		backbone := i18n.T(ctx, "visible.backbone")
		facts = append(facts, ui.Fact{Label: t("signatory_email"), Value: a.SignatoryEmail, Href: mailto(a.SignatoryEmail), VisibleTo: backbone},
			ui.Fact{Label: t("language"), Value: i18n.Name(a.Language), Lang: a.Language})
		if a.SentAt != nil {
			facts = append(facts, ui.Fact{Label: t("sent_at"), Value: moment(ctx, a.SentAt), Note: i18n.T(ctx, "agreements.sent_by", i18n.Args{"Name": a.SentBy}), VisibleTo: backbone})
		}
		if a.State == agreements.Sent {
			facts = append(facts, ui.Fact{Label: t("link_expires"), Value: moment(ctx, a.LinkExpires), VisibleTo: backbone})
		}
		if a.EndNote != "" {
			facts = append(facts, ui.Fact{Label: t("end_note"), Content: prose(a.EndNote), VisibleTo: backbone})
		}
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// agreementSend is POST …/agreements/{id}/send.
func (s *Server) agreementSend(w http.ResponseWriter, r *http.Request) error {
	return s.agreementStep(w, r, s.app.Agreements.Send)
}

// agreementWithdraw is POST …/agreements/{id}/withdraw.
func (s *Server) agreementWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.agreementStep(w, r, agreements.Withdraw)
}

// agreementRemoveSignature is POST …/agreements/{id}/remove-signature.
func (s *Server) agreementRemoveSignature(w http.ResponseWriter, r *http.Request) error {
	return s.agreementStep(w, r, agreements.RemoveSignature)
}

// agreementResume is POST …/agreements/{id}/resume.
func (s *Server) agreementResume(w http.ResponseWriter, r *http.Request) error {
	return s.agreementStep(w, r, agreements.Resume)
}

// agreementTrash is POST …/agreements/{id}/trash.
func (s *Server) agreementTrash(w http.ResponseWriter, r *http.Request) error {
	return s.agreementStep(w, r, agreements.Trash)
}

// agreementRestore is POST …/agreements/{id}/restore.
func (s *Server) agreementRestore(w http.ResponseWriter, r *http.Request) error {
	return s.agreementStep(w, r, agreements.Restore)
}

func (s *Server) agreementStep(w http.ResponseWriter, r *http.Request, op *operation.Operation[agreements.AtVersion, agreements.Agreement]) error {
	return moved(s, w, r, "agreements", op, func(i [16]byte, version int64) agreements.AtVersion {
		return agreements.AtVersion{ID: i, Version: version}
	})
}

// agreementRenew is POST …/agreements/{id}/renew: it leads on to the new draft.
func (s *Server) agreementRenew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[agreements.Agreement](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	a, err := agreements.Renew.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, agreements.Ref{ID: i})
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "agreements/"+a.ID.Short()), "agreements.renew", receipt)
}
