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

// bodyRecord is GET …/bodies/{id}.
func (s *Server) bodyRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	i, err := pathID[directory.Body](r)
	if err != nil {
		return err
	}
	b, err := directory.GetBody.Do(ctx, s.app.Door, directory.BodyRef{ID: i, AsOf: day})
	if err != nil {
		return err
	}
	seats, err := directory.ListSeats.Do(ctx, s.app.Door, directory.ListSeatsInput{BodyID: i, AsOf: day, Limit: 200})
	if err != nil {
		return err
	}
	below, err := directory.ListBodies.Do(ctx, s.app.Door, directory.ListBodiesInput{ParentID: i, AsOf: day, Brief: true, Limit: 200})
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "bodies", directory.BodyKind, i)
	if err != nil {
		return err
	}
	var meetings templ.Component = templ.NopComponent
	if s.may(ctx, "meetings.list") && b.DeletedAt == nil && day == "" {
		panel, rows, err := s.meetingsOf(ctx, b.ID, i18n.T(ctx, "meetings.coming"))
		if err != nil {
			return err
		}
		meetings = with(ui.Panel(panel), rowsOr(rows, i18n.T(ctx, "meetings.none_coming")))
	}
	props := s.bodyProps(r, b, seats.Items)
	return s.show(w, r, http.StatusOK, "bodies", props, with(
		ui.Record(ui.RecordProps{Facts: s.bodyFacts(ctx, b), Timeline: timeline}), meetings, s.bodySeats(ctx, b, seats.Items, day), s.bodiesBelow(ctx, b, below.Items, day)))
}

func (s *Server) bodyProps(r *http.Request, b directory.Body, seats []directory.Seat) ui.PageProps {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	address := place(ctx, "bodies/"+b.ID.Short())
	props := ui.PageProps{Title: b.Name, Crumbs: []ui.Link{{Label: i18n.T(ctx, "bodies.title"), Href: place(ctx, "bodies")}}, AsOf: s.asOf(r, "bodies/"+b.ID.Short())}
	if b.State == "" {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "bodies.not_yet", i18n.Args{"Date": i18n.CivilDate(ctx, day)})})
	} else {
		props.HeadingTags = []ui.TagProps{{Label: i18n.T(ctx, "body_states."+b.State), Kind: bodyStateKinds[b.State]}, {Label: bodyKind(ctx, b.Kind)}}
	}
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(b.Version, 10)}}
	switch {
	case day != "":
	case b.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *b.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.mayAll(ctx, "bodies.edit") || s.chairs(ctx, seats):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
	}
	if b.DeletedAt == nil && day == "" && s.may(ctx, "bodies.trash") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	return props
}

// chairs says whether the actor chairs the body whose seats these are, as far as
// a page needs to know what to offer.
func (s *Server) chairs(ctx context.Context, seats []directory.Seat) bool {
	me := operation.ActorFrom(ctx).Person
	if me.IsZero() || !s.may(ctx, "bodies.edit") {
		return false
	}
	for _, seat := range seats {
		if seat.Term != nil && seat.Term.PersonID == me && (seat.Role == "chair" || seat.Role == "co_chair") {
			return true
		}
	}
	return false
}

func (s *Server) bodyFacts(ctx context.Context, b directory.Body) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "bodies.field_"+key) }
	parent := ui.Fact{Label: t("parent"), Value: b.Parent}
	if !b.ParentID.IsZero() {
		parent.Href = place(ctx, "bodies/"+b.ParentID.Short())
	}
	facts := []ui.Fact{
		{Label: t("purpose"), Content: prose(b.Purpose)},
		parent,
		{Label: t("cadence"), Value: optional(ctx, "cadences.", b.Cadence)},
		{Label: t("decision_method"), Value: optional(ctx, "decision_methods.", b.DecisionMethod)},
		{Label: t("quorum"), Value: quorumText(ctx, b)},
		{Label: t("seats"), Value: heldText(ctx, b), Note: i18n.T(ctx, "bodies.voting_held", i18n.Args{"Filled": int(b.VotingFilled), "Count": int(b.Voting)})},
		{Label: t("charter"), Content: prose(b.Charter)},
	}
	for _, p := range b.History {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "body_states."+p.Value), Value: spanText(ctx, p.From, p.To)})
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// spanText is a period in words: since a day, or from one to another.
func spanText(ctx context.Context, from, to string) string {
	if to == "" {
		return i18n.T(ctx, "list.since", i18n.Args{"From": i18n.ShortCivilDate(ctx, from)})
	}
	return i18n.T(ctx, "list.from_to", i18n.Args{"From": i18n.ShortCivilDate(ctx, from), "To": i18n.ShortCivilDate(ctx, to)})
}

// bodySeats are the seats of the body on the day shown.
func (s *Server) bodySeats(ctx context.Context, b directory.Body, seats []directory.Seat, day string) templ.Component {
	panel := ui.PanelProps{Heading: i18n.T(ctx, "bodies.seats")}
	if s.may(ctx, "seats.create") && b.DeletedAt == nil && day == "" {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "seats.add"), Href: place(ctx, "seats/new?body="+b.ID.Short()), Kind: ui.Quiet}}
	}
	if len(seats) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "bodies.no_seats")))
	}
	l := s.seatListing(ctx)
	table := ui.TableProps{ID: "seats", Caption: i18n.T(ctx, "bodies.seats")}
	for _, c := range l.columns {
		if c.key == "body" || c.extra {
			continue
		}
		table.Columns = append(table.Columns, ui.Column{Label: l.label(ctx, c)})
	}
	for _, seat := range seats {
		row := ui.TableRow{}
		for _, c := range l.columns {
			if c.key != "body" && !c.extra {
				row.Cells = append(row.Cells, c.cell(seat))
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return with(ui.Panel(panel), ui.Table(table))
}

// bodiesBelow are the bodies that report to this one.
func (s *Server) bodiesBelow(ctx context.Context, b directory.Body, below []directory.Body, day string) templ.Component {
	if len(below) == 0 {
		return templ.NopComponent
	}
	var rows []ui.Row
	for _, child := range below {
		rows = append(rows, ui.Row{Title: child.Name, Href: asOfHref(place(ctx, "bodies/"+child.ID.Short()), day), Detail: bodyKind(ctx, child.Kind),
			Tag: &ui.TagProps{Label: i18n.T(ctx, "body_states."+child.State), Kind: bodyStateKinds[child.State]}})
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "bodies.below", i18n.Args{"Name": b.Name})}), ui.Rows(rows))
}

// asOfHref keeps the day of the page in a link from it.
func asOfHref(href, day string) string {
	if day == "" {
		return href
	}
	return href + "?as-of=" + day
}

// bodyTrash is POST …/bodies/{id}/trash.
func (s *Server) bodyTrash(w http.ResponseWriter, r *http.Request) error {
	return s.bodyMove(w, r, directory.TrashBody)
}

// bodyRestore is POST …/bodies/{id}/restore.
func (s *Server) bodyRestore(w http.ResponseWriter, r *http.Request) error {
	return s.bodyMove(w, r, directory.RestoreBody)
}

func (s *Server) bodyMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[directory.BodyVersion, directory.Body]) error {
	return moved(s, w, r, "bodies", op, func(i [16]byte, version int64) directory.BodyVersion {
		return directory.BodyVersion{ID: i, Version: version}
	})
}
