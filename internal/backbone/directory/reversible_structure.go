package directory

import "commontable/internal/platform/operation"

// wholeBody is everything a body's record holds; its state follows from its
// history.
type wholeBody struct {
	Name           string   `json:"name"`
	Kind           string   `json:"kind"`
	ParentID       BodyID   `json:"parent_id"`
	Purpose        string   `json:"purpose"`
	Charter        string   `json:"charter"`
	Quorum         int64    `json:"quorum"`
	QuorumUnit     string   `json:"quorum_unit"`
	DecisionMethod string   `json:"decision_method"`
	Cadence        string   `json:"cadence"`
	History        []Period `json:"history"`
}

var reversibleBodies = reversible[Body, wholeBody, BodyID]{
	noun: bodies,
	take: func(c *operation.Call, b Body) (wholeBody, error) {
		history, err := periodsOf(c, b.ID)
		return wholeBody{b.Name, b.Kind, b.ParentID, b.Purpose, b.Charter, b.Quorum, b.QuorumUnit, b.DecisionMethod, b.Cadence, history}, err
	},
	put: func(c *operation.Call, before Body, w wholeBody) error {
		after := before
		after.Name, after.Kind, after.ParentID, after.Purpose, after.Charter = w.Name, w.Kind, w.ParentID, w.Purpose, w.Charter
		after.Quorum, after.QuorumUnit, after.DecisionMethod, after.Cadence = w.Quorum, w.QuorumUnit, w.DecisionMethod, w.Cadence
		if err := replacePeriods(c, after.ID, StateFact, w.History); err != nil {
			return err
		}
		after.State = or(valueOn(w.History, c.Today()), before.State)
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		return updateBody(c, before, after)
	},
	uses: []statement{
		{`SELECT COUNT(*) FROM seats WHERE collaborative_id = $1 AND body_id = $2`},
		{`SELECT COUNT(*) FROM bodies WHERE collaborative_id = $1 AND parent_id = $2`},
		{`SELECT COUNT(*) FROM function_holdings WHERE collaborative_id = $1 AND body_id = $2`},
		{`SELECT COUNT(*) FROM meetings WHERE collaborative_id = $1 AND body_id = $2`},
		{`SELECT COUNT(*) FROM meeting_series WHERE collaborative_id = $1 AND body_id = $2`},
	},
	parts: []statement{
		{`DELETE FROM periods WHERE collaborative_id = $1 AND subject_id = $2`},
		{`DELETE FROM bodies WHERE collaborative_id = $1 AND id = $2`},
	},
}

// wholeSeat is everything a seat's record holds.
type wholeSeat struct {
	Position       int64          `json:"position"`
	Role           string         `json:"role"`
	Voting         bool           `json:"voting"`
	Purpose        string         `json:"purpose"`
	Sector         string         `json:"sector"`
	OrganizationID OrganizationID `json:"organization_id"`
	TermMonths     int64          `json:"term_months"`
	From           string         `json:"valid_from"`
	To             string         `json:"valid_to"`
	Terms          []TermInput    `json:"terms"`
}

var reversibleSeats = reversible[Seat, wholeSeat, SeatID]{
	noun: seats,
	take: func(_ *operation.Call, s Seat) (wholeSeat, error) {
		return wholeSeat{s.Position, s.Role, s.Voting, s.Purpose, s.Sector, s.OrganizationID, s.TermMonths, s.From, s.To, s.entered()}, nil
	},
	put: func(c *operation.Call, before Seat, w wholeSeat) error {
		after := before
		after.Position, after.Role, after.Voting, after.Purpose, after.Sector = w.Position, w.Role, w.Voting, w.Purpose, w.Sector
		after.OrganizationID, after.TermMonths, after.From, after.To, after.Terms = w.OrganizationID, w.TermMonths, w.From, w.To, nil
		for _, t := range w.Terms {
			after.Terms = append(after.Terms, Term{ID: t.ID, PersonID: t.PersonID, OrganizationID: t.OrganizationID, AlternateID: t.AlternateID, From: t.From, Ends: t.Ends, To: t.To})
		}
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		return updateSeat(c, before, after)
	},
	parts: []statement{
		{`DELETE FROM seat_terms WHERE collaborative_id = $1 AND seat_id = $2`},
		{`DELETE FROM seats WHERE collaborative_id = $1 AND id = $2`},
	},
}

// wholeTouch is everything an entry of the relationship log holds.
type wholeTouch struct {
	OrganizationID OrganizationID `json:"organization_id"`
	PersonID       PersonID       `json:"person_id"`
	ByPersonID     PersonID       `json:"by_person_id"`
	ByName         string         `json:"by"`
	On             string         `json:"happened_on"`
	Channel        string         `json:"channel"`
	About          string         `json:"about"`
	NextOn         string         `json:"next_on"`
	Settled        bool           `json:"settled"`
}

var reversibleTouches = reversible[Touch, wholeTouch, TouchID]{
	noun: touches,
	take: func(_ *operation.Call, t Touch) (wholeTouch, error) {
		return wholeTouch{t.OrganizationID, t.PersonID, t.ByPersonID, t.ByName, t.On, t.Channel, t.About, t.NextOn, t.Settled}, nil
	},
	put: func(c *operation.Call, before Touch, w wholeTouch) error {
		after := before
		after.OrganizationID, after.PersonID, after.ByPersonID, after.ByName, after.On = w.OrganizationID, w.PersonID, w.ByPersonID, w.ByName, w.On
		after.Channel, after.About, after.NextOn, after.Settled = w.Channel, w.About, w.NextOn, w.Settled
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		return updateTouch(c, before, after)
	},
	parts: []statement{{`DELETE FROM touches WHERE collaborative_id = $1 AND id = $2`}},
}
