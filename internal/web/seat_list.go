package web

import (
	"context"
	"net/http"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

var seatStateKinds = map[string]ui.Kind{directory.Filled: ui.Good, directory.Vacant: ui.Due, directory.Ending: ui.Warn}

// seatName is what a seat is called within its body: whose voice it brings, or
// else its role.
func seatName(ctx context.Context, role, purpose string) string {
	if purpose != "" {
		return purpose
	}
	return i18n.T(ctx, "seat_roles."+role)
}

func heldBy(seat directory.Seat) directory.Term {
	if seat.Term == nil {
		return directory.Term{}
	}
	return *seat.Term
}

// seatListing is how a list of seats looks.
func (s *Server) seatListing(ctx context.Context) listing[directory.Seat] {
	type seat = directory.Seat
	plain := func(key string, extra bool, get func(seat) string) column[seat] {
		return column[seat]{key: key, extra: extra, cell: func(x seat) ui.Cell { return ui.Cell{Text: get(x)} },
			sheet: func(x seat) sheets.Cell { return sheets.Text(get(x)) }}
	}
	day := func(key string, extra bool, get func(seat) string) column[seat] {
		return column[seat]{key: key, extra: extra, sheet: func(x seat) sheets.Cell { return sheets.Text(get(x)) }, cell: func(x seat) ui.Cell {
			if get(x) == "" {
				return ui.Cell{}
			}
			return ui.Cell{Text: i18n.ShortCivilDate(ctx, get(x))}
		}}
	}
	role := func(x seat) string { return i18n.T(ctx, "seat_roles."+x.Role) }
	state := func(x seat) string { return i18n.T(ctx, "seat_states."+x.State) }
	return listing[seat]{
		area: "seats", path: place(ctx, "seats"),
		id: func(x seat) string { return versioned(x.ID.Short(), x.Version) },
		columns: []column[seat]{
			{key: "seat", sheet: func(x seat) sheets.Cell { return sheets.Text(seatName(ctx, x.Role, x.Purpose)) }, cell: func(x seat) ui.Cell {
				c := ui.Cell{Text: seatName(ctx, x.Role, x.Purpose), Href: place(ctx, "seats/"+x.ID.Short())}
				if x.Purpose != "" && x.Role != "member" {
					c.Detail = role(x)
				}
				if !x.Voting {
					c.Tags = []ui.TagProps{{Label: i18n.T(ctx, "seats.no_vote")}}
				}
				return c
			}},
			{key: "body", sheet: func(x seat) sheets.Cell { return sheets.Text(x.Body) },
				cell: func(x seat) ui.Cell { return ui.Cell{Text: x.Body, Href: place(ctx, "bodies/"+x.BodyID.Short())} }},
			{key: "holder", sheet: func(x seat) sheets.Cell { return sheets.Text(holderName(ctx, x)) }, cell: func(x seat) ui.Cell {
				if x.Term == nil {
					return ui.Cell{}
				}
				c := ui.Cell{Text: named(ctx, x.Term.Person), Href: personHref(ctx, x.Term.Person, x.Term.PersonID), Detail: x.Term.Organization}
				if x.Term.Alternate != "" {
					c.Detail = dotted(x.Term.Organization, i18n.T(ctx, "seats.alternate_is", i18n.Args{"Name": x.Term.Alternate}))
				}
				return c
			}},
			{key: "state", sheet: func(x seat) sheets.Cell { return sheets.Text(state(x)) },
				cell: func(x seat) ui.Cell {
					return ui.Cell{Tags: []ui.TagProps{{Label: state(x), Kind: seatStateKinds[x.State]}}}
				}},
			day("since", false, func(x seat) string { return heldBy(x).From }),
			day("ends", false, func(x seat) string { return heldBy(x).Ends }),
			plain("role", true, role),
			plain("voting", true, func(x seat) string { return yesNo(ctx, x.Voting) }),
			plain("organization", true, func(x seat) string { return heldBy(x).Organization }),
			plain("alternate", true, func(x seat) string { return heldBy(x).Alternate }),
			plain("sector", true, func(x seat) string { return optional(ctx, "sectors.", x.Sector) }),
		},
		filters: []ui.FieldProps{
			{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "seats.field_state"), Blank: i18n.T(ctx, "seats.all_states"), Options: options(ctx, "seat_states.", directory.SeatStates)},
			{Kind: ui.Select, Name: "role", Label: i18n.T(ctx, "seats.field_role"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "seat_roles.", directory.SeatRoles)},
			{Kind: ui.Select, Name: "voting", Label: i18n.T(ctx, "seats.field_voting"), Blank: i18n.T(ctx, "list.any"), Options: []ui.Option{{Value: "1", Label: i18n.T(ctx, "seats.with_vote")}}},
		},
	}
}

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return i18n.T(ctx, "list.yes")
	}
	return i18n.T(ctx, "list.no")
}

// dotted joins what there is by middle dots.
func dotted(texts ...string) string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, " · ")
}

func seatListInput(r *http.Request) directory.ListSeatsInput {
	q := r.URL.Query()
	body, _ := id.Parse[directory.Body](q.Get("body")) // none means all
	return directory.ListSeatsInput{BodyID: body, State: q.Get("state"), Role: q.Get("role"), Voting: q.Get("voting") != "", AsOf: q.Get("as-of"), Trash: q.Get("trash") != "",
		After: q.Get("after"), Before: q.Get("before")}
}

// seatList is GET …/seats.
func (s *Server) seatList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := seatListInput(r)
	page, err := directory.ListSeats.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return err
	}
	l := s.seatListing(ctx)
	l.filters = append([]ui.FieldProps{{Kind: ui.Select, Name: "body", Label: i18n.T(ctx, "seats.field_body"), Blank: i18n.T(ctx, "list.any"), Options: bodies}}, l.filters...)
	if !s.may(ctx, "seats.edit-several") || in.AsOf != "" {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "seats"); err != nil {
		return err
	}
	if !s.may(ctx, "seats.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "seats.title"), Lede: i18n.T(ctx, "seats.lede"), Tabs: s.groupTabs(ctx, "seats"), AsOf: s.asOf(r, "seats")}
	if s.may(ctx, "seats.create") && in.AsOf == "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "seats.add"), Href: place(ctx, "seats/new"), Icon: "plus"}
	}
	props.Menu = append(props.Menu, s.bringAction(ctx, "seats")...)
	if s.may(ctx, "seats.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "seats?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = bulkActions(ctx, "seats", in.Trash, []ui.BulkAction{
			{Label: i18n.T(ctx, "seats.give_vote"), Name: "voting", Value: "true"}, {Label: i18n.T(ctx, "seats.take_vote"), Name: "voting", Value: "false"}})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "seats", len(list.Chips) > 0, props.Primary)
		if in.AsOf != "" {
			list.Empty = emptyAsOf(ctx, "seats", in.AsOf)
		}
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.List(list))
}

// seatExport is GET …/seats/export.csv and .xlsx.
func (s *Server) seatExport(w http.ResponseWriter, r *http.Request) error {
	in := seatListInput(r)
	return s.seatListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[directory.Seat], error) {
		in.After, in.Before = after, ""
		return directory.ExportSeats.Do(ctx, s.app.Door, directory.ExportSeatsInput{ListSeatsInput: in})
	})
}

// seatBulk is POST …/seats/bulk.
func (s *Server) seatBulk(w http.ResponseWriter, r *http.Request) error {
	in := directory.EditSeatsInput{Trash: r.PostFormValue("do") == "trash", Back: r.PostFormValue("do") == "restore"}
	if voting := r.PostFormValue("voting"); voting != "" {
		yes := voting == "true"
		in.Voting = &yes
	}
	return selected(s, w, r, "seats", directory.EditSeats, func(i [16]byte, version int64) {
		in.Items = append(in.Items, directory.SeatVersion{ID: i, Version: version})
	}, &in)
}
