package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// seat reads the seat of the address.
func (s *Server) seat(r *http.Request) (directory.Seat, error) {
	i, err := pathID[directory.Seat](r)
	if err != nil {
		return directory.Seat{}, err
	}
	return directory.GetSeat.Do(r.Context(), s.app.Door, directory.SeatRef{ID: i, AsOf: r.URL.Query().Get("as-of")})
}

// seatRecord is GET …/seats/{id}.
func (s *Server) seatRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	x, err := s.seat(r)
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "seats", directory.SeatKind, x.ID)
	if err != nil {
		return err
	}
	address := place(ctx, "seats/"+x.ID.Short())
	props := ui.PageProps{Title: x.Title(), Heading: seatName(ctx, x.Role, x.Purpose), HeadingTags: []ui.TagProps{{Label: i18n.T(ctx, "seat_states."+x.State), Kind: seatStateKinds[x.State]}},
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "seats.title"), Href: place(ctx, "seats")}, {Label: x.Body, Href: asOfHref(place(ctx, "bodies/"+x.BodyID.Short()), day)}},
		AsOf:   s.asOf(r, "seats/"+x.ID.Short())}
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}
	edit := s.may(ctx, "seats.edit") && day == ""
	switch {
	case x.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *x.DeletedAt)})})
		if edit {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
		}
	case edit && x.State != directory.Past:
		props.Primary = &ui.Action{Label: i18n.T(ctx, "seats.fill"), Href: address + "/fill"}
		if x.Term != nil {
			props.Primary.Label = i18n.T(ctx, "seats.next_holder")
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "seats.vacate"), Href: address + "/vacate", Icon: "clock"})
		}
	}
	if edit && x.DeletedAt == nil {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"},
			ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	return s.show(w, r, http.StatusOK, "bodies", props,
		with(ui.Record(ui.RecordProps{Facts: s.seatFacts(ctx, x), Timeline: timeline}), s.seatTerms(ctx, x, edit && x.DeletedAt == nil)))
}

func (s *Server) seatFacts(ctx context.Context, x directory.Seat) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "seats.field_"+key) }
	facts := []ui.Fact{{Label: t("body"), Value: x.Body, Href: place(ctx, "bodies/"+x.BodyID.Short())}}
	if x.Term != nil {
		facts = append(facts, ui.Fact{Label: t("holder"), Value: named(ctx, x.Term.Person), Href: personHref(ctx, x.Term.Person, x.Term.PersonID), Note: spanText(ctx, x.Term.From, x.Term.To)})
		if !x.Term.OrganizationID.IsZero() {
			facts = append(facts, ui.Fact{Label: t("organization"), Value: x.Term.Organization, Href: place(ctx, "organizations/"+x.Term.OrganizationID.Short())})
		}
		if x.Term.Ends != "" {
			facts = append(facts, ui.Fact{Label: t("ends"), Value: i18n.ShortCivilDate(ctx, x.Term.Ends)})
		}
		if !x.Term.AlternateID.IsZero() {
			facts = append(facts, ui.Fact{Label: t("alternate"), Value: x.Term.Alternate, Href: place(ctx, "people/"+x.Term.AlternateID.Short())})
		}
	}
	months := ""
	if x.TermMonths > 0 {
		months = i18n.T(ctx, "seats.months", i18n.Args{"Count": int(x.TermMonths)})
	}
	facts = append(facts,
		ui.Fact{Label: t("role"), Value: i18n.T(ctx, "seat_roles."+x.Role)},
		ui.Fact{Label: t("voting"), Value: yesNo(ctx, x.Voting)},
		ui.Fact{Label: t("purpose"), Value: x.Purpose},
		ui.Fact{Label: t("sector"), Value: optional(ctx, "sectors.", x.Sector)},
		ui.Fact{Label: t("reserved"), Value: x.Organization},
		ui.Fact{Label: t("term_months"), Value: months},
		ui.Fact{Label: t("exists"), Value: spanText(ctx, x.From, x.To)})
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// seatTerms are everyone who held the seat, the newest first.
func (s *Server) seatTerms(ctx context.Context, x directory.Seat, edit bool) templ.Component {
	panel := ui.PanelProps{Heading: i18n.T(ctx, "seats.terms")}
	if len(x.Terms) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "seats.never_held")))
	}
	table := ui.TableProps{ID: "terms", Caption: i18n.T(ctx, "seats.terms"), Columns: []ui.Column{{Label: i18n.T(ctx, "seats.field_holder")}, {Label: i18n.T(ctx, "seats.field_organization")},
		{Label: i18n.T(ctx, "seats.field_alternate")}, {Label: i18n.T(ctx, "seats.field_held")}, {Label: i18n.T(ctx, "seats.field_ends")}}}
	if edit {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
	}
	for n := len(x.Terms) - 1; n >= 0; n-- {
		t := x.Terms[n]
		row := ui.TableRow{Muted: t.To != "", Cells: []ui.Cell{{Text: named(ctx, t.Person), Href: personHref(ctx, t.Person, t.PersonID)}, {}, {}, {Text: spanText(ctx, t.From, t.To)}, {}}}
		if !t.OrganizationID.IsZero() {
			row.Cells[1] = ui.Cell{Text: t.Organization, Href: place(ctx, "organizations/"+t.OrganizationID.Short())}
		}
		if !t.AlternateID.IsZero() {
			row.Cells[2] = ui.Cell{Text: t.Alternate, Href: place(ctx, "people/"+t.AlternateID.Short())}
		}
		if t.Ends != "" {
			row.Cells[4] = ui.Cell{Text: i18n.ShortCivilDate(ctx, t.Ends)}
		}
		if edit {
			row.Cells = append(row.Cells, ui.Cell{Text: i18n.T(ctx, "seats.correct"), Href: place(ctx, "seats/"+x.ID.Short()+"/terms/"+t.ID.Short())})
		}
		table.Rows = append(table.Rows, row)
	}
	return with(ui.Panel(panel), ui.Table(table))
}

// termRows are terms as a list beside a person or an organization.
func (s *Server) termRows(ctx context.Context, terms []directory.Term, person bool) []ui.Row {
	var rows []ui.Row
	for _, t := range terms {
		row := ui.Row{Title: t.Body, Href: place(ctx, "seats/"+t.SeatID.Short()), Detail: dotted(seatName(ctx, t.Role, t.Purpose), spanText(ctx, t.From, t.To))}
		if person {
			row.Title = named(ctx, t.Person) + " · " + t.Body
		}
		if t.To == "" {
			row.Tag = &ui.TagProps{Label: i18n.T(ctx, "seats.holds"), Kind: ui.Good}
		}
		rows = append(rows, row)
	}
	return rows
}

// seatTrash is POST …/seats/{id}/trash.
func (s *Server) seatTrash(w http.ResponseWriter, r *http.Request) error {
	return s.seatMove(w, r, directory.TrashSeat)
}

// seatRestore is POST …/seats/{id}/restore.
func (s *Server) seatRestore(w http.ResponseWriter, r *http.Request) error {
	return s.seatMove(w, r, directory.RestoreSeat)
}

func (s *Server) seatMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[directory.SeatVersion, directory.Seat]) error {
	return moved(s, w, r, "seats", op, func(i [16]byte, version int64) directory.SeatVersion {
		return directory.SeatVersion{ID: i, Version: version}
	})
}
