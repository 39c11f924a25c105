package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// commitmentRecord is GET …/commitments/{id}.
func (s *Server) commitmentRecord(w http.ResponseWriter, r *http.Request) error {
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	return s.commitmentPage(w, r, http.StatusOK, k, url.Values{}, faults{})
}

func (s *Server) commitmentPage(w http.ResponseWriter, r *http.Request, status int, k commitments.Commitment, values url.Values, f faults) error {
	ctx := r.Context()
	given, err := commitments.ListDeliveries.Do(ctx, s.app.Door, commitments.CommitmentPart{CommitmentID: k.ID})
	if err != nil {
		return err
	}
	shown, err := materials.ListEvidence.Do(ctx, s.app.Door, commitments.CommitmentPart{CommitmentID: k.ID})
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "commitments", commitments.Kind, k.ID)
	if err != nil {
		return err
	}
	address := commitmentAddress(ctx, k.ID, "")
	version := []ui.Hidden{{Name: "version", Value: number(k.Version)}}
	props := ui.PageProps{Title: k.Title(), Heading: or(firstLine(k.Text), k.Organization), Crumbs: commitmentCrumbs(ctx), HeadingTags: commitmentTags(ctx, k)}
	switch {
	case k.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *k.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.may(ctx, "commitments.edit"):
		if k.ConfirmedAt == nil {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "commitments.confirm"), Href: address + "/confirm", Post: true, Hidden: version, Icon: "check"}
		} else {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
		}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"})
		if k.FulfilledOn == "" && k.WithdrawnOn == "" {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "commitments.fulfil"), Href: address + "/state", Post: true, Hidden: append(version, ui.Hidden{Name: "state", Value: commitments.Fulfilled}), Icon: "check"},
				ui.Action{Label: i18n.T(ctx, "commitments.withdraw"), Href: address + "/end", Icon: "x"})
		} else {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "commitments.reopen"), Href: address + "/state", Post: true, Hidden: append(version, ui.Hidden{Name: "state", Value: commitments.Pledged}), Icon: "undo"})
		}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Record(ui.RecordProps{Facts: commitmentFacts(ctx, k), Timeline: timeline}), s.deliveryPanel(ctx, k, given.Items, shown.Items, values, f)))
}

func commitmentFacts(ctx context.Context, k commitments.Commitment) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "commitments.field_"+key) }
	facts := []ui.Fact{
		{Label: t("organization"), Value: k.Organization, Href: place(ctx, "organizations/"+k.OrganizationID.Short())},
		{Label: t("kind"), Value: i18n.T(ctx, "commitment_kinds."+k.Kind)}, {Label: t("text"), Content: prose(k.Text)}}
	if k.Kind != commitments.LeadershipKind {
		facts = append(facts, ui.Fact{Label: t("amount"), Value: amountText(ctx, k.Kind, k.Amount, k.Currency)}, ui.Fact{Label: t("delivered"), Value: amountText(ctx, k.Kind, k.Delivered, k.Currency)})
	}
	if k.Valuation != "" {
		facts = append(facts, ui.Fact{Label: t("value"), Value: amountText(ctx, commitments.CashKind, k.Value, k.Currency), Note: dotted(i18n.T(ctx, "commitments.rule_"+k.Valuation), k.Source)})
	}
	facts = append(facts, ui.Fact{Label: t("period"), Value: civilDay(ctx, k.BeginsOn) + " – " + civilDay(ctx, k.EndsOn)}, ui.Fact{Label: t("pledged_on"), Value: civilDay(ctx, k.PledgedOn), Note: k.Person})
	if k.ConfirmedAt != nil {
		facts = append(facts, ui.Fact{Label: t("confirmed_by"), Value: k.ConfirmedBy, Note: moment(ctx, k.ConfirmedAt)})
	}
	for _, day := range []struct{ key, on string }{{"fulfilled_on", k.FulfilledOn}, {"withdrawn_on", k.WithdrawnOn}} {
		if day.on != "" {
			facts = append(facts, ui.Fact{Label: t(day.key), Value: civilDay(ctx, day.on), Note: k.Reason})
		}
	}
	facts = append(facts, ui.Fact{Label: t("note"), Content: prose(k.Note)})
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// deliveryPanel is what was given, with the form to enter more.
func (s *Server) deliveryPanel(ctx context.Context, k commitments.Commitment, given []commitments.Delivery, shown []materials.Evidence, values url.Values, f faults) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "deliveries.field_"+key) }
	address := commitmentAddress(ctx, k.ID, "/deliveries")
	content := []templ.Component{muted(i18n.T(ctx, "deliveries.none"))}
	if len(given) > 0 {
		table := ui.TableProps{ID: "deliveries", Caption: i18n.T(ctx, "deliveries.title"), Columns: []ui.Column{{Label: t("on")}, {Label: t("amount")}, {Label: t("evidence")}, {Label: t("confirmed_by")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
		for _, d := range given {
			one := address + "/" + d.ID.Short()
			hidden := []ui.Hidden{{Name: "version", Value: number(d.Version)}}
			row := ui.TableRow{Cells: []ui.Cell{{Text: civilDay(ctx, d.On), Href: one}, {Text: amountText(ctx, k.Kind, d.Amount, k.Currency)}, {Text: firstLine(d.Evidence), Detail: d.Meeting},
				{Text: d.ConfirmedBy, Detail: moment(ctx, d.ConfirmedAt)}, {}}}
			if links := evidenceLinks(ctx, k, d, shown); len(links) > 0 {
				row.Cells[2].Content = evidenceCell(firstLine(d.Evidence), links)
			}
			if d.Offered != nil && *d.Offered != d.Amount {
				row.Cells[1].Detail = i18n.T(ctx, "deliveries.shown", i18n.Args{"Amount": amountText(ctx, k.Kind, *d.Offered, k.Currency)})
			}
			if d.ConfirmedAt == nil {
				row.Cells[3] = ui.Cell{Tags: []ui.TagProps{{Label: i18n.T(ctx, "commitments.unconfirmed"), Kind: ui.Due}}}
				if s.mayConfirm(ctx, d) {
					row.Cells[3] = ui.Cell{Content: ui.Button(ui.Action{Label: i18n.T(ctx, "commitments.confirm"), Href: one + "/confirm", Post: true, Kind: ui.Quiet, Hidden: hidden})}
				}
			}
			if s.may(ctx, "deliveries.trash") {
				row.Cells[4] = ui.Cell{Content: ui.Button(ui.Action{Label: i18n.T(ctx, "deliveries.remove"), Href: one + "/trash", Post: true, Kind: ui.Quiet, Hidden: hidden})}
			}
			table.Rows = append(table.Rows, row)
		}
		content[0] = ui.Table(table)
	}
	if k.DeletedAt == nil && s.may(ctx, "deliveries.add") {
		fields := []ui.FieldProps{{Kind: ui.Date, Name: "on", ID: "given-on", Label: t("on")}}
		if k.Kind != commitments.LeadershipKind {
			fields = append(fields, ui.FieldProps{Name: "amount", ID: "given-amount", Label: t("amount"), Help: i18n.T(ctx, "commitments.help_amount", i18n.Args{"Currency": k.Currency}), Required: true, Size: "short", InputMode: "decimal", Autocomplete: "off"})
		}
		fields = append(fields, ui.FieldProps{Kind: ui.TextArea, Name: "evidence", ID: "given-evidence", Label: t("evidence"), Help: i18n.T(ctx, "deliveries.help_evidence"), Rows: 2, MaxLength: 2000})
		if s.may(ctx, "delivery-evidence.add") {
			fields = append(fields, s.deliveryEvidenceFields(ctx, false)...)
		}
		fields = f.mark(filled(fields, values))
		content = append(content, with(part(i18n.T(ctx, "deliveries.add")), with(ui.Form(ui.FormProps{Action: address, Errors: f.explain(fields), Submit: i18n.T(ctx, "deliveries.add"), SubmitKind: ui.Quiet, Files: true}), formFields(fields))))
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "deliveries.title")}), content...)
}

// did runs a change of a commitment or a part of it and goes on to its page.
func (s *Server) commitmentDid(w http.ResponseWriter, r *http.Request, op string, do func(ctx context.Context, k commitments.Commitment, part commitments.DeliveryID) error) error {
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	var delivery commitments.DeliveryID
	if text := r.PathValue("delivery"); text != "" {
		if delivery, err = id.Parse[commitments.Delivery](text); err != nil {
			return operation.Missing()
		}
	}
	var receipt operation.Receipt
	if err := do(operation.WithReceipt(r.Context(), &receipt), k, delivery); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, commitmentAddress(r.Context(), k.ID, "")), op, receipt)
}

// deliveryConfirm is POST …/commitments/{id}/deliveries/{delivery}/confirm.
func (s *Server) deliveryConfirm(w http.ResponseWriter, r *http.Request) error {
	return s.commitmentDid(w, r, "deliveries.confirm", func(ctx context.Context, k commitments.Commitment, d commitments.DeliveryID) error {
		_, err := commitments.ConfirmDelivery.Do(ctx, s.app.Door, commitments.ConfirmDeliveryInput{CommitmentID: k.ID, ID: d, Version: formVersion(r)})
		return err
	})
}

// deliveryTrash is POST …/commitments/{id}/deliveries/{delivery}/trash.
func (s *Server) deliveryTrash(w http.ResponseWriter, r *http.Request) error {
	return s.commitmentDid(w, r, "deliveries.trash", func(ctx context.Context, k commitments.Commitment, d commitments.DeliveryID) error {
		_, err := commitments.TrashDelivery.Do(ctx, s.app.Door, commitments.DeliveryVersion{CommitmentID: k.ID, ID: d, Version: formVersion(r)})
		return err
	})
}

// commitmentConfirm is POST …/commitments/{id}/confirm.
func (s *Server) commitmentConfirm(w http.ResponseWriter, r *http.Request) error {
	return s.commitmentDid(w, r, "commitments.confirm", func(ctx context.Context, k commitments.Commitment, _ commitments.DeliveryID) error {
		_, err := commitments.Confirm.Do(ctx, s.app.Door, commitments.ConfirmInput{ID: k.ID, Version: formVersion(r)})
		return err
	})
}

// commitmentEnd is GET …/commitments/{id}/end: the form that asks why it is withdrawn.
func (s *Server) commitmentEnd(w http.ResponseWriter, r *http.Request) error {
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	return s.commitmentEndForm(w, r, http.StatusOK, k, url.Values{}, faults{})
}

func (s *Server) commitmentEndForm(w http.ResponseWriter, r *http.Request, status int, k commitments.Commitment, values url.Values, f faults) error {
	ctx := r.Context()
	address := commitmentAddress(ctx, k.ID, "")
	fields := f.mark(filled([]ui.FieldProps{{Kind: ui.Date, Name: "on", Label: i18n.T(ctx, "commitments.field_withdrawn_on")},
		{Kind: ui.TextArea, Name: "reason", Label: i18n.T(ctx, "commitments.field_reason"), Required: true, Rows: 2, MaxLength: 500}}, values))
	title := i18n.T(ctx, "commitments.withdraw")
	form := ui.FormProps{Action: address + "/state", Submit: title, Errors: f.explain(fields), Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: number(k.Version)}, {Name: "state", Value: commitments.Withdrawn}}}
	return s.show(w, r, status, "bodies", ui.PageProps{Title: title, Lede: k.Title(), Crumbs: append(commitmentCrumbs(ctx), ui.Link{Label: k.Title(), Href: address})}, with(ui.Form(form), formFields(fields)))
}

// commitmentSettle is POST …/commitments/{id}/state.
func (s *Server) commitmentSettle(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	in := commitments.SettleInput{ID: k.ID, Version: formVersion(r), State: v.Get("state"), On: v.Get("on"), Reason: v.Get("reason")}
	_, err = commitments.Settle.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok && in.State == commitments.Withdrawn {
		return s.commitmentEndForm(w, r, http.StatusUnprocessableEntity, k, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, commitmentAddress(ctx, k.ID, ""), "commitments.settle", receipt)
}

// commitmentTrash is POST …/commitments/{id}/trash.
func (s *Server) commitmentTrash(w http.ResponseWriter, r *http.Request) error {
	return s.commitmentMove(w, r, commitments.Trash)
}

// commitmentRestore is POST …/commitments/{id}/restore.
func (s *Server) commitmentRestore(w http.ResponseWriter, r *http.Request) error {
	return s.commitmentMove(w, r, commitments.Restore)
}

func (s *Server) commitmentMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[commitments.AtVersion, commitments.Commitment]) error {
	return moved(s, w, r, "commitments", op, func(i [16]byte, version int64) commitments.AtVersion {
		return commitments.AtVersion{ID: i, Version: version}
	})
}
