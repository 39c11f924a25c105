package directory

import (
	"slices"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// SeatKind names a seat as a subject.
const SeatKind = "seat"

// SeatID names a seat.
type SeatID = id.Of[Seat]

// TermID names one person's time in a seat.
type TermID = id.Of[Term]

// Seat is a place in a body. It outlives the people who hold it: each of them
// has a term, and between terms it is vacant.
type Seat struct {
	ID       SeatID `json:"id"`
	BodyID   BodyID `json:"body_id"`
	Body     string `json:"body" doc:"The body's name."`
	Position int64  `json:"position" doc:"Its place in the order of the body's seats."`
	Role     string `json:"role"`
	Voting   bool   `json:"voting"`
	Purpose  string `json:"purpose" doc:"Whose voice it brings: parents, small business, the north side."`
	Sector   string `json:"sector" doc:"The sector it is meant for; empty for any."`
	// OrganizationID is set when the seat belongs to one organization.
	OrganizationID OrganizationID `json:"organization_id,omitempty"`
	Organization   string         `json:"organization,omitempty"`
	TermMonths     int64          `json:"term_months" doc:"How long a term is meant to be; 0 for no set length."`
	From           string         `json:"valid_from" doc:"First day there was such a seat, YYYY-MM-DD."`
	To             string         `json:"valid_to,omitempty" doc:"First day there no longer was; absent while there is."`
	State          string         `json:"state" doc:"On the day asked about: vacant, filled, ending (the term ends within 90 days or should have ended) or past."`
	Term           *Term          `json:"term,omitempty" doc:"Who holds it on that day; absent when nobody."`
	Terms          []Term         `json:"terms,omitempty" doc:"Every term, the oldest first; only a single record has them."`
	Version        int64          `json:"version"`
	CreatedAt      time.Time      `json:"created_at"`
	UpdatedAt      time.Time      `json:"updated_at"`
	DeletedAt      *time.Time     `json:"deleted_at,omitempty" doc:"When it was put in the trash."`

	bodySortKey []byte // of the row read, for the cursor of a list
}

// Term is the time in which a person holds a seat.
type Term struct {
	ID       TermID   `json:"id"`
	SeatID   SeatID   `json:"seat_id"`
	BodyID   BodyID   `json:"body_id"`
	Body     string   `json:"body,omitempty"`
	Role     string   `json:"role,omitempty"`
	Voting   bool     `json:"voting"`
	Purpose  string   `json:"purpose,omitempty"`
	PersonID PersonID `json:"person_id"`
	Person   string   `json:"person"`
	// OrganizationID is whom they speak for in this seat; absent for nobody but themselves.
	OrganizationID OrganizationID `json:"organization_id,omitempty"`
	Organization   string         `json:"organization,omitempty"`
	AlternateID    PersonID       `json:"alternate_id,omitempty" doc:"Who comes when they cannot."`
	Alternate      string         `json:"alternate,omitempty"`
	From           string         `json:"valid_from" doc:"First day, YYYY-MM-DD."`
	Ends           string         `json:"term_ends,omitempty" doc:"The day the term is meant to end; absent when that is open."`
	To             string         `json:"valid_to,omitempty" doc:"First day they no longer held it; absent while they do."`
}

// The states of a seat on a day.
const (
	Vacant = "vacant"
	Filled = "filled"
	Ending = "ending"
	Past   = "past"
)

// SeatStates lists them in order.
var SeatStates = []string{Vacant, Filled, Ending, Past}

// SeatRoles are the parts a seat may have in its body.
var SeatRoles = []string{"chair", "co_chair", "vice_chair", "secretary", "member", "adviser", "observer"}

// chairRoles are the roles whose holders may act for the group.
var chairRoles = []string{"chair", "co_chair"}

// EndingDays is how long before its end a term counts as ending.
const EndingDays = 90

// soon is the last day that counts as soon from a day on.
func soon(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // validated before
	}
	return t.AddDate(0, 0, EndingDays).Format(time.DateOnly)
}

// stateOn is the seat's state on a day, given who holds it then.
func (s Seat) stateOn(day string) string {
	switch {
	case s.To != "" && s.To <= day:
		return Past
	case s.Term == nil:
		return Vacant
	case s.Term.Ends != "" && s.Term.Ends <= soon(day), s.Term.To != "" && s.Term.To <= soon(day):
		return Ending
	}
	return Filled
}

// holding sets who holds the seat on a day, from its terms.
func (s *Seat) holding(day string) {
	s.Term = nil
	for i := range s.Terms {
		if on(day, s.Terms[i].From, s.Terms[i].To) {
			s.Term = &s.Terms[i]
		}
	}
	s.State = s.stateOn(day)
}

// Title names a seat where it stands alone: its body and whose voice it brings.
func (s Seat) Title() string {
	if s.Purpose != "" {
		return s.Body + " · " + s.Purpose
	}
	return s.Body
}

// Subject is the seat as the door sees it.
func (s Seat) Subject() operation.Subject { return operation.Subject{Kind: SeatKind, ID: s.ID} }

// CurrentVersion is what REST makes an ETag of.
func (s Seat) CurrentVersion() int64 { return s.Version }

// seatRecord is what the audit log compares of a seat: its facts, and its terms
// as lines that can be read, of which only those that changed.
type seatRecord struct {
	Body         string   `json:"body"`
	Role         string   `json:"role"`
	Voting       bool     `json:"voting"`
	Purpose      string   `json:"purpose"`
	Sector       string   `json:"sector"`
	Organization string   `json:"organization"`
	TermMonths   int64    `json:"term_months"`
	Position     int64    `json:"position"`
	From         string   `json:"valid_from"`
	To           string   `json:"valid_to"`
	Terms        []string `json:"terms"`
}

func (s Seat) recorded(beside *Seat) any {
	r := seatRecord{s.Body, s.Role, s.Voting, s.Purpose, s.Sector, s.Organization, s.TermMonths, s.Position, s.From, s.To, nil}
	for _, t := range s.Terms {
		if beside == nil || !slices.ContainsFunc(beside.Terms, func(other Term) bool { return other.line() == t.line() }) {
			r.Terms = append(r.Terms, t.line())
		}
	}
	return r
}

// line is a term as the audit log keeps it, in no language.
func (t Term) line() string {
	line := t.Person
	if t.Organization != "" {
		line += " (" + t.Organization + ")"
	}
	if t.Alternate != "" {
		line += " / " + t.Alternate
	}
	line += " " + t.From + " – " + t.To
	if t.Ends != "" && t.To == "" {
		line += "(" + t.Ends + ")"
	}
	return line
}

// SeatInput is a new seat, and who holds it from the start.
type SeatInput struct {
	BodyID         BodyID         `json:"body_id"`
	Role           string         `json:"role,omitempty" enum:"chair,co_chair,vice_chair,secretary,member,adviser,observer" doc:"member when absent."`
	Voting         bool           `json:"voting,omitempty"`
	Purpose        string         `json:"purpose,omitempty" maxLength:"200"`
	Sector         string         `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	OrganizationID OrganizationID `json:"organization_id,omitempty"`
	TermMonths     int64          `json:"term_months,omitempty" minimum:"0" maximum:"240"`
	From           string         `json:"valid_from,omitempty" format:"date" doc:"today when absent."`
	Terms          []TermInput    `json:"terms,omitempty" maxItems:"200" doc:"Who held it, one after another."`
}

// TermInput is one term as it is entered.
type TermInput struct {
	ID             TermID         `json:"id,omitempty" doc:"Of a term that is there already; absent for a new one."`
	PersonID       PersonID       `json:"person_id"`
	OrganizationID OrganizationID `json:"organization_id,omitempty"`
	AlternateID    PersonID       `json:"alternate_id,omitempty"`
	From           string         `json:"valid_from" required:"true" format:"date"`
	Ends           string         `json:"term_ends,omitempty" format:"date"`
	To             string         `json:"valid_to,omitempty" format:"date"`
}

// SeatPatch changes the fields that are given and leaves the others.
type SeatPatch struct {
	ID             SeatID          `json:"id"`
	Version        int64           `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Role           *string         `json:"role,omitempty" enum:"chair,co_chair,vice_chair,secretary,member,adviser,observer"`
	Voting         *bool           `json:"voting,omitempty"`
	Purpose        *string         `json:"purpose,omitempty" maxLength:"200"`
	Sector         *string         `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	OrganizationID *OrganizationID `json:"organization_id,omitempty"`
	TermMonths     *int64          `json:"term_months,omitempty" minimum:"0" maximum:"240"`
	Position       *int64          `json:"position,omitempty" minimum:"0" maximum:"10000"`
	From           *string         `json:"valid_from,omitempty" format:"date"`
	To             *string         `json:"valid_to,omitempty" format:"date"`
	// Terms replaces all terms; the way to correct one that was entered wrongly.
	Terms *[]TermInput `json:"terms,omitempty" maxItems:"200" doc:"All its terms, in order; replaces what is recorded."`
}

// seatFields are the fields of a patch that live in the seats table.
type seatFields struct {
	Role           *string
	Voting         *bool
	Purpose        *string
	Sector         *string
	OrganizationID *OrganizationID
	TermMonths     *int64
	Position       *int64
	From, To       *string
}

func (p SeatPatch) fields() seatFields {
	return seatFields{p.Role, p.Voting, p.Purpose, p.Sector, p.OrganizationID, p.TermMonths, p.Position, p.From, p.To}
}
