package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/web/ui"
)

// seatFields are the fields of the form. The body is chosen once: a seat stays
// in its body.
func (s *Server) seatFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "seats.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "seats.help_"+key) }
	organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
	if err != nil {
		return nil, err
	}
	var fields []ui.FieldProps
	fresh := !values.Has("version")
	if fresh {
		bodies, err := s.bodyOptions(ctx, "")
		if err != nil {
			return nil, err
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "body_id", Label: t("body"), Required: true, Blank: i18n.T(ctx, "list.choose"), Options: bodies})
	}
	fields = append(fields,
		ui.FieldProps{Kind: ui.Select, Name: "role", Label: t("role"), Options: options(ctx, "seat_roles.", directory.SeatRoles)},
		ui.FieldProps{Kind: ui.Checkbox, Name: "voting", Label: t("voting")},
		ui.FieldProps{Name: "purpose", Label: t("purpose"), Help: help("purpose"), MaxLength: 200, Autocomplete: "off"},
		ui.FieldProps{Kind: ui.Select, Name: "sector", Label: t("sector"), Help: help("sector"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "sectors.", directory.Sectors)},
		ui.FieldProps{Kind: ui.Select, Name: "organization_id", Label: t("reserved"), Help: help("reserved"), Blank: i18n.T(ctx, "seats.not_reserved"), Options: organizations},
		ui.FieldProps{Kind: ui.Number, Name: "term_months", Label: t("term_months"), Help: help("term_months"), Min: "0", Max: "240", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Date, Name: "valid_from", Label: t("valid_from"), Help: help("valid_from")})
	if !fresh {
		fields = append(fields, ui.FieldProps{Kind: ui.Date, Name: "valid_to", Label: t("valid_to"), Help: help("valid_to")})
	}
	return filled(fields, values), nil
}

func seatValues(x directory.Seat) url.Values {
	return url.Values{"role": {x.Role}, "voting": {ticked(x.Voting)}, "purpose": {x.Purpose}, "sector": {x.Sector}, "organization_id": {x.OrganizationID.String()},
		"term_months": {number(x.TermMonths)}, "valid_from": {x.From}, "valid_to": {x.To}, "version": {strconv.FormatInt(x.Version, 10)}}
}

func seatInput(v url.Values) directory.SeatInput {
	body, _ := id.Parse[directory.Body](v.Get("body_id")) // the operation says what is missing
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id"))
	return directory.SeatInput{BodyID: body, Role: v.Get("role"), Voting: v.Get("voting") == "true", Purpose: v.Get("purpose"), Sector: v.Get("sector"),
		OrganizationID: organization, TermMonths: whole(v.Get("term_months")), From: v.Get("valid_from")}
}

func seatPatch(i directory.SeatID, v url.Values) directory.SeatPatch {
	in, to := seatInput(v), v.Get("valid_to")
	return directory.SeatPatch{ID: i, Version: whole(v.Get("version")), Role: &in.Role, Voting: &in.Voting, Purpose: &in.Purpose, Sector: &in.Sector,
		OrganizationID: &in.OrganizationID, TermMonths: &in.TermMonths, From: &in.From, To: &to}
}

// seatEditor are the forms of a seat.
func (s *Server) seatEditor() *editor[directory.Seat] {
	type seat = directory.Seat
	return &editor[seat]{area: "seats", noun: "bodies", kind: directory.SeatKind,
		name: seat.Title, short: func(x seat) string { return x.ID.Short() },
		version: func(x seat) int64 { return x.Version }, trashed: func(x seat) bool { return x.DeletedAt != nil },
		values: seatValues, fields: s.seatFields,
		get: func(ctx context.Context, i [16]byte) (seat, error) {
			return directory.GetSeat.Do(ctx, s.app.Door, directory.SeatRef{ID: i})
		},
		create: func(ctx context.Context, values url.Values) (seat, error) {
			return directory.CreateSeat.Do(ctx, s.app.Door, seatInput(values))
		},
		edit: func(ctx context.Context, i [16]byte, values url.Values) (seat, error) {
			return directory.EditSeat.Do(ctx, s.app.Door, seatPatch(i, values))
		}}
}

// seatNew is GET …/seats/new.
func (s *Server) seatNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"role": {"member"}, "voting": {"true"}, "term_months": {"24"}}
	if i, err := id.Parse[directory.Body](r.URL.Query().Get("body")); err == nil {
		values.Set("body_id", i.String())
	}
	return s.seatEditor().add(s, w, r, values)
}

// seatCreate is POST …/seats.
func (s *Server) seatCreate(w http.ResponseWriter, r *http.Request) error {
	return s.seatEditor().added(s, w, r)
}

// seatEdit is GET …/seats/{id}/edit.
func (s *Server) seatEdit(w http.ResponseWriter, r *http.Request) error {
	return s.seatEditor().change(s, w, r)
}

// seatSave is POST …/seats/{id}.
func (s *Server) seatSave(w http.ResponseWriter, r *http.Request) error {
	return s.seatEditor().changed(s, w, r)
}
