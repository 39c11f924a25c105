package security_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
)

// structureChanges are the changes of bodies, seats and functions, in an order in
// which each can be done.
func (s *site) structureChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	var body directory.Body
	var seat directory.Seat
	var function directory.Function
	var holding directory.Holding
	history := s.here.organization
	keepSeat := func(x directory.Seat, err error) error {
		if err == nil {
			seat = x
		}
		return err
	}
	keepBody := func(b directory.Body, err error) error {
		if err == nil {
			body = b
		}
		return err
	}
	return []change{
		{"organizations.correct-history", func() error {
			now, err := directory.GetOrganization.Do(ctx, door, directory.OrganizationRef{ID: history.ID})
			if err != nil {
				return err
			}
			_, err = directory.CorrectOrganizationHistory.Do(ctx, door, directory.OrganizationHistory{ID: now.ID, Version: now.Version, Fact: "status",
				Periods: []directory.Span{{Value: "prospect", From: "2018-01-01"}, {Value: "member", From: "2019-01-01"}}})
			return err
		}},
		{"bodies.create", func() error {
			return keepBody(directory.CreateBody.Do(ctx, door, directory.BodyInput{Name: "Harbor group", ParentID: s.here.body.ID, Since: "2020-01-01"}))
		}},
		{"bodies.edit", func() error {
			return keepBody(directory.EditBody.Do(ctx, door, directory.BodyPatch{ID: body.ID, Version: body.Version, Name: ptr("Harbor circle"), State: ptr("paused")}))
		}},
		{"bodies.edit-several", func() error {
			page, err := directory.EditBodies.Do(ctx, door, directory.EditBodiesInput{Items: []directory.BodyVersion{{ID: body.ID, Version: body.Version}}, State: ptr("active")})
			if err == nil {
				body = page.Items[0]
			}
			return err
		}},
		{"seats.create", func() error {
			return keepSeat(directory.CreateSeat.Do(ctx, door, directory.SeatInput{BodyID: body.ID, Voting: true, From: "2020-01-01"}))
		}},
		{"seats.fill", func() error {
			return keepSeat(directory.FillSeat.Do(ctx, door, directory.Fill{ID: seat.ID, Version: seat.Version, PersonID: s.here.member, From: "2021-01-01"}))
		}},
		{"seats.edit", func() error {
			return keepSeat(directory.EditSeat.Do(ctx, door, directory.SeatPatch{ID: seat.ID, Version: seat.Version, Purpose: ptr("Parents"),
				Terms: &[]directory.TermInput{{ID: seat.Terms[0].ID, PersonID: s.here.member, From: "2021-02-01"}}}))
		}},
		{"seats.vacate", func() error {
			return keepSeat(directory.VacateSeat.Do(ctx, door, directory.Vacate{ID: seat.ID, Version: seat.Version}))
		}},
		{"seats.edit-several", func() error {
			page, err := directory.EditSeats.Do(ctx, door, directory.EditSeatsInput{Items: []directory.SeatVersion{{ID: seat.ID, Version: seat.Version}}, Voting: ptr(false)})
			if err == nil {
				seat = page.Items[0]
			}
			return err
		}},
		{"seats.trash", func() error {
			return keepSeat(directory.TrashSeat.Do(ctx, door, directory.SeatVersion{ID: seat.ID, Version: seat.Version}))
		}},
		{"seats.restore", func() error {
			return keepSeat(directory.RestoreSeat.Do(ctx, door, directory.SeatVersion{ID: seat.ID, Version: seat.Version}))
		}},
		{"bodies.trash", func() error {
			return keepBody(directory.TrashBody.Do(ctx, door, directory.BodyVersion{ID: body.ID, Version: body.Version}))
		}},
		{"bodies.restore", func() error {
			return keepBody(directory.RestoreBody.Do(ctx, door, directory.BodyVersion{ID: body.ID, Version: body.Version}))
		}},
		{"functions.add", func() (err error) {
			made, err := directory.AddFunction.Do(ctx, door, directory.FunctionInput{Name: "Feed"})
			if err == nil {
				function = made
			}
			return err
		}},
		{"functions.edit", func() error {
			i, err := id.Parse[directory.Function](function.Key)
			if err == nil {
				_, err = directory.EditFunction.Do(ctx, door, directory.FunctionPatch{ID: i, Version: 1, Name: ptr("Feed and read")})
			}
			return err
		}},
		{"functions.assign", func() error {
			made, err := directory.Assign.Do(ctx, door, directory.HoldingInput{Function: "advance_policy", BodyID: body.ID, Share: 40})
			if err == nil {
				holding = made
			}
			return err
		}},
		{"functions.edit-holding", func() error {
			made, err := directory.EditHolding.Do(ctx, door, directory.HoldingPatch{ID: holding.ID, Version: holding.Version, Share: ptr(int64(50))})
			if err == nil {
				holding = made
			}
			return err
		}},
		{"functions.remove-holding", func() error {
			_, err := directory.RemoveHolding.Do(ctx, door, directory.HoldingVersion{ID: holding.ID, Version: holding.Version})
			return err
		}},
	}
}
