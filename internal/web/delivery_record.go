package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// Where what was given is entered, and where what shows it is brought.
const (
	deliveriesPattern = "/c/{collaborative}/commitments/{id}/deliveries"
	evidencePattern   = deliveriesPattern + "/{delivery}/evidence"
)

// deliveryRoutes are the pages of what was given, and of what shows it.
func (s *Server) deliveryRoutes() []Route {
	const one, shown = deliveriesPattern + "/{delivery}", "/c/{collaborative}/commitments/{id}/evidence/{evidence}"
	get := func(op string) []string { return []string{"commitments.get", op} }
	return []Route{
		{"POST", deliveriesPattern, get("deliveries.add"), s.deliveryAdd},
		{"GET", one, []string{"commitments.get", "deliveries.list", "delivery-evidence.list"}, s.deliveryRecord},
		{"POST", one + "/confirm", get("deliveries.confirm"), s.deliveryConfirm},
		{"POST", one + "/trash", get("deliveries.trash"), s.deliveryTrash},
		{"POST", evidencePattern, get("delivery-evidence.add"), s.evidenceAdd},
		{"GET", shown + "/file", []string{"delivery-evidence.read"}, s.evidenceFile},
		{"POST", shown + "/trash", get("delivery-evidence.trash"), s.moveDeliveryEvidence(materials.TrashEvidence)},
		{"POST", shown + "/restore", get("delivery-evidence.restore"), s.moveDeliveryEvidence(materials.RestoreEvidence)},
	}
}

// delivery reads the delivery of the address.
func (s *Server) delivery(r *http.Request, k commitments.Commitment) (commitments.Delivery, error) {
	i, err := id.Parse[commitments.Delivery](r.PathValue("delivery"))
	if err != nil {
		return commitments.Delivery{}, operation.Missing()
	}
	all, err := commitments.ListDeliveries.Do(r.Context(), s.app.Door, commitments.CommitmentPart{CommitmentID: k.ID})
	if err != nil {
		return commitments.Delivery{}, err
	}
	at := slices.IndexFunc(all.Items, func(d commitments.Delivery) bool { return d.ID == i })
	if at < 0 {
		return commitments.Delivery{}, operation.Missing()
	}
	return all.Items[at], nil
}

// deliveryRecord is GET …/commitments/{id}/deliveries/{delivery}.
func (s *Server) deliveryRecord(w http.ResponseWriter, r *http.Request) error {
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	d, err := s.delivery(r, k)
	if err != nil {
		return err
	}
	return s.deliveryPage(w, r, http.StatusOK, k, d, nil, faults{}, nil)
}

// deliveryPage shows something that was given, and what shows it. sent is what was typed
// into its form, nil for nothing; said is what the page tells beside.
func (s *Server) deliveryPage(w http.ResponseWriter, r *http.Request, status int, k commitments.Commitment, d commitments.Delivery, sent url.Values, f faults, said []ui.NoticeProps) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "deliveries.field_"+key) }
	all, err := materials.ListEvidence.Do(ctx, s.app.Door, commitments.CommitmentPart{CommitmentID: k.ID})
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "deliveries", commitments.DeliveryKind, d.ID)
	if err != nil {
		return err
	}
	address := commitmentAddress(ctx, k.ID, "/deliveries/"+d.ID.Short())
	version := []ui.Hidden{{Name: "version", Value: number(d.Version)}}
	props := ui.PageProps{Title: k.Title(), Heading: dotted(amountText(ctx, k.Kind, d.Amount, k.Currency), civilDay(ctx, d.On)), Notices: said,
		Crumbs: append(commitmentCrumbs(ctx), ui.Link{Label: k.Title(), Href: commitmentAddress(ctx, k.ID, "")})}
	if k.Kind == commitments.LeadershipKind {
		props.Heading = civilDay(ctx, d.On)
	}
	if k.DeletedAt == nil {
		if d.ConfirmedAt == nil && s.mayConfirm(ctx, d) {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "commitments.confirm"), Href: address + "/confirm", Post: true, Hidden: version, Icon: "check"}
		}
		if s.may(ctx, "deliveries.trash") {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "deliveries.remove"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
		}
	}
	if d.ConfirmedAt == nil {
		props.HeadingTags = append(props.HeadingTags, ui.TagProps{Label: i18n.T(ctx, "commitments.unconfirmed"), Kind: ui.Due})
	}
	facts := []ui.Fact{{Label: i18n.T(ctx, "commitments.field_text"), Value: or(firstLine(k.Text), k.Organization), Href: commitmentAddress(ctx, k.ID, "")}, {Label: t("on"), Value: civilDay(ctx, d.On)}}
	if k.Kind != commitments.LeadershipKind {
		facts = append(facts, ui.Fact{Label: t("amount"), Value: amountText(ctx, k.Kind, d.Amount, k.Currency)})
	}
	facts = append(facts, ui.Fact{Label: t("evidence"), Content: prose(d.Evidence)})
	if d.Meeting != "" {
		facts = append(facts, ui.Fact{Label: t("source"), Value: d.Meeting, Href: place(ctx, "meetings/"+d.MeetingID.Short())})
	}
	if d.ConfirmedAt != nil {
		facts = append(facts, ui.Fact{Label: t("confirmed_by"), Value: d.ConfirmedBy, Note: moment(ctx, d.ConfirmedAt)})
	}
	of := slices.DeleteFunc(all.Items, func(e materials.Evidence) bool { return e.DeliveryID != d.ID })
	panel := s.deliveryEvidencePanel(ctx, k, d, of, sent, f)
	return s.show(w, r, status, "bodies", props, with(ui.Record(ui.RecordProps{Facts: ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts}), Timeline: timeline}), panel))
}

// mayConfirm says whether somebody may confirm a delivery: the backbone any, and an
// organization what was offered from a meeting.
func (s *Server) mayConfirm(ctx context.Context, d commitments.Delivery) bool {
	return s.mayAll(ctx, "deliveries.confirm") || d.Source == commitments.FromMeeting && s.may(ctx, "deliveries.confirm")
}

// deliveryEvidencePanel is what shows that something was given, with the form for more.
func (s *Server) deliveryEvidencePanel(ctx context.Context, k commitments.Commitment, d commitments.Delivery, all []materials.Evidence, sent url.Values, f faults) templ.Component {
	content := []templ.Component{muted(i18n.T(ctx, "evidence.empty"))}
	live := k.DeletedAt == nil
	if len(all) > 0 {
		table := ui.TableProps{ID: "evidence", Caption: i18n.T(ctx, "evidence.title"), Columns: []ui.Column{{Label: i18n.T(ctx, "materials.field_title")}, {Label: i18n.T(ctx, "materials.field_by")}}}
		remove := live && (d.ConfirmedAt == nil && s.may(ctx, "delivery-evidence.trash") || s.mayAll(ctx, "delivery-evidence.trash"))
		if remove {
			table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
		}
		for _, e := range all {
			row := ui.TableRow{Cells: []ui.Cell{{Text: evidenceName(ctx, e)}, {Text: e.By, Detail: i18n.DateTime(ctx, e.CreatedAt)}}}
			if live {
				row.Cells[0].Href = evidenceHref(ctx, e)
			}
			if remove {
				row.Cells = append(row.Cells, ui.Cell{Content: ui.Button(ui.Action{Label: i18n.T(ctx, "deliveries.remove"), Href: evidenceAddress(ctx, e, "/trash"), Post: true, Kind: ui.Bare, Hidden: []ui.Hidden{{Name: "version", Value: number(e.Version)}}})})
			}
			table.Rows = append(table.Rows, row)
		}
		content[0] = ui.Table(table)
		content = append(content, muted(i18n.T(ctx, "materials.left_as_is")))
	}
	if live && s.may(ctx, "delivery-evidence.add") {
		fields := f.mark(filled(s.deliveryEvidenceFields(ctx, true), sent))
		form := ui.FormProps{Action: commitmentAddress(ctx, k.ID, "/deliveries/"+d.ID.Short()+"/evidence"), Errors: f.explain(fields), Submit: i18n.T(ctx, "evidence.add"), SubmitKind: ui.Quiet, Files: true}
		content = append(content, with(part(i18n.T(ctx, "evidence.add")), muted(i18n.T(ctx, "evidence.seen", i18n.Args{"Organization": k.Organization})), with(ui.Form(form), formFields(fields))))
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "evidence.title")}), content...)
}

// deliveryEvidenceFields are the fields of new evidence. The files come last: what stands before
// them has arrived when they do.
func (s *Server) deliveryEvidenceFields(ctx context.Context, titled bool) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "evidence.field_"+key) }
	fields := []ui.FieldProps{{Name: "link", ID: "evidence-link", Label: t("link"), Help: i18n.T(ctx, "materials.help_link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"}, s.fileField(ctx, true)}
	if titled {
		fields = append([]ui.FieldProps{{Name: "title", ID: "evidence-title", Label: t("title"), Help: i18n.T(ctx, "evidence.help_title"), MaxLength: 200, Autocomplete: "off"}}, fields...)
	}
	return fields
}

func evidenceAddress(ctx context.Context, e materials.Evidence, path string) string {
	return commitmentAddress(ctx, e.CommitmentID, "/evidence/"+e.ID.Short()+path)
}

// evidenceHref is where evidence is read.
func evidenceHref(ctx context.Context, e materials.Evidence) string {
	if e.IsLink() {
		return e.Link
	}
	return evidenceAddress(ctx, e, "/file")
}

// evidenceForm says what evidence is: the ending of its file and its size, or where its
// address leads.
func evidenceForm(ctx context.Context, e materials.Evidence) string {
	if !e.IsLink() {
		return fileKind(ctx, e.FileName, e.Size)
	}
	if u, err := url.Parse(e.Link); err == nil {
		return u.Hostname()
	}
	return ""
}

// evidenceName says what evidence is called and what it is.
func evidenceName(ctx context.Context, e materials.Evidence) string {
	form := evidenceForm(ctx, e)
	if strings.HasPrefix(e.Title, form) {
		return e.Title // it is called by its address
	}
	return dotted(e.Title, form)
}

// evidenceLinks are what shows that something was given, for a cell; without addresses
// where it cannot be read.
func evidenceLinks(ctx context.Context, k commitments.Commitment, d commitments.Delivery, all []materials.Evidence) []ui.Action {
	var out []ui.Action
	for _, e := range all {
		if e.DeliveryID != d.ID {
			continue
		}
		l := ui.Action{Label: evidenceName(ctx, e), Kind: ui.Bare}
		if k.DeletedAt == nil {
			l.Href = evidenceHref(ctx, e)
		}
		out = append(out, l)
	}
	return out
}

// evidenceFile is GET …/commitments/{id}/evidence/{evidence}/file: the file itself.
func (s *Server) evidenceFile(w http.ResponseWriter, r *http.Request) error {
	in, err := evidenceOf(r)
	if err != nil {
		return err
	}
	o, err := s.app.Materials.ReadEvidence.Do(r.Context(), s.app.Door, in)
	if err != nil {
		return err
	}
	sendFile(w, r, o)
	return nil
}

// evidenceOf is the evidence that an address names.
func evidenceOf(r *http.Request) (materials.EvidenceRef, error) {
	k, err := pathID[commitments.Commitment](r)
	if err != nil {
		return materials.EvidenceRef{}, err
	}
	i, err := id.Parse[materials.Material](r.PathValue("evidence"))
	if err != nil {
		return materials.EvidenceRef{}, operation.Missing()
	}
	return materials.EvidenceRef{CommitmentID: k, ID: i}, nil
}

// moveDeliveryEvidence puts evidence in the trash, or takes it out.
func (s *Server) moveDeliveryEvidence(op *operation.Operation[materials.EvidenceVersion, materials.Evidence]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		in, err := evidenceOf(r)
		if err != nil {
			return err
		}
		var receipt operation.Receipt
		e, err := op.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, materials.EvidenceVersion{CommitmentID: in.CommitmentID, ID: in.ID, Version: formVersion(r)})
		if err != nil {
			return err
		}
		return s.done(w, r, commitmentAddress(r.Context(), in.CommitmentID, "/deliveries/"+e.DeliveryID.Short()), op.ID, receipt)
	}
}
