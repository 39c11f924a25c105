package commitments

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// ID names a commitment.
type ID = id.Of[Commitment]

// The kinds of commitment.
const (
	TimeKind       = "time"
	CashKind       = "cash"
	LeadershipKind = "leadership"
	InKindKind     = "in_kind"
)

// Kinds lists them, by catalogue key "commitment_kinds.…".
var Kinds = []string{TimeKind, CashKind, LeadershipKind, InKindKind}

// The states of a commitment.
const (
	Pledged       = "pledged"
	PartDelivered = "part_delivered"
	Fulfilled     = "fulfilled"
	Withdrawn     = "withdrawn"
)

// States lists them, by catalogue key "commitment_states.…".
var States = []string{Pledged, PartDelivered, Fulfilled, Withdrawn}

// The rules by which something that is not money gets a value in money.
const (
	HoursTimesRate = "hours_rate"
	FairValue      = "fair_value"
)

// Commitment is what an organization promised to give in a period. Amounts are whole
// numbers: hundredths of hours for time, hundredths of the collaborative's currency
// for cash and gifts in kind. Leadership has no amount.
type Commitment struct {
	ID             ID                       `json:"id" audit:"-"`
	Kind           string                   `json:"kind" doc:"time, cash, leadership or in_kind."`
	OrganizationID directory.OrganizationID `json:"organization_id" audit:"-"`
	Organization   string                   `json:"organization" audit:"-"`
	PersonID       directory.PersonID       `json:"person_id,omitempty" audit:"-" doc:"Who gave the word."`
	Person         string                   `json:"person,omitempty" doc:"Their name; a name alone where they are not on record."`
	Text           string                   `json:"text" doc:"What for; of leadership, what they lead."`
	Amount         int64                    `json:"amount" doc:"What was pledged: hundredths of hours for time, hundredths of the currency for cash and in_kind, 0 for leadership."`
	Rate           int64                    `json:"rate,omitempty" doc:"Hundredths of the currency an hour of similar paid work costs; of time only, 0 when nobody said."`
	Source         string                   `json:"source,omitempty" doc:"Where the rate, or the fair value of a gift, is from."`
	Note           string                   `json:"note,omitempty"`
	PledgedOn      string                   `json:"pledged_on" doc:"The day the word was given, YYYY-MM-DD."`
	BeginsOn       string                   `json:"begins_on" doc:"First day of the period it is for."`
	EndsOn         string                   `json:"ends_on" doc:"Last day of the period it is for."`
	State          string                   `json:"state" doc:"pledged, part_delivered, fulfilled or withdrawn."`
	Delivered      int64                    `json:"delivered" audit:"-" doc:"The sum of the confirmed deliveries, in the unit of the amount."`
	Deliveries     int64                    `json:"deliveries" audit:"-" doc:"How many deliveries are confirmed."`
	FulfilledOn    string                   `json:"fulfilled_on,omitempty" doc:"The day somebody said that it is fulfilled; absent when the deliveries alone say so."`
	WithdrawnOn    string                   `json:"withdrawn_on,omitempty" doc:"The first day it no longer held."`
	Reason         string                   `json:"reason,omitempty" doc:"Why it was withdrawn."`
	ConfirmedAt    *time.Time               `json:"confirmed_at,omitempty" audit:"-" doc:"When the backbone confirmed it; absent while it waits for that, and counts nowhere."`
	ConfirmedBy    string                   `json:"confirmed_by,omitempty" doc:"Who confirmed it."`
	PledgedBy      string                   `json:"pledged_by,omitempty" audit:"-" doc:"Who entered it."`
	// What follows is worked out.
	Currency  string     `json:"currency" audit:"-" doc:"What money is counted in."`
	Value     int64      `json:"value" audit:"-" doc:"What it is worth, in hundredths of the currency: hours × rate, or the amount; 0 when nobody said."`
	Valuation string     `json:"valuation,omitempty" audit:"-" doc:"hours_rate or fair_value, where it is no money itself."`
	Version   int64      `json:"version" audit:"-"`
	CreatedAt time.Time  `json:"created_at" audit:"-"`
	UpdatedAt time.Time  `json:"updated_at" audit:"-"`
	DeletedAt *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
}

// Subject is the commitment as the door sees it.
func (k Commitment) Subject() operation.Subject { return subject(k.ID) }

func subject(i ID) operation.Subject { return operation.Subject{Kind: Kind, ID: i} }

// CurrentVersion is what REST makes an ETag of.
func (k Commitment) CurrentVersion() int64 { return k.Version }

// Title says whose it is, and what for.
func (k Commitment) Title() string {
	if k.Text == "" {
		return k.Organization
	}
	return k.Organization + ": " + k.Text
}

// derived is the state that follows from the deliveries and from what was said.
func (k Commitment) derived() string {
	switch {
	case k.WithdrawnOn != "":
		return Withdrawn
	case k.FulfilledOn != "" || k.Amount > 0 && k.Delivered >= k.Amount:
		return Fulfilled
	case k.Deliveries > 0:
		return PartDelivered
	}
	return Pledged
}

// Left is what of the amount was not delivered yet.
func (k Commitment) Left() int64 { return max(0, k.Amount-k.Delivered) }

// valued works out what it is worth. Source: domain specification, C4: hours × the
// rate of similar paid work.
func (k *Commitment) valued() {
	switch {
	case k.Kind == TimeKind && k.Rate > 0:
		// Both are hundredths; rounded half up. Amounts are bounded far below overflow.
		k.Value, k.Valuation = (k.Amount*k.Rate+50)/100, HoursTimesRate
	case k.Kind == InKindKind && k.Amount > 0:
		k.Value, k.Valuation = k.Amount, FairValue
	case k.Kind == CashKind:
		k.Value = k.Amount
	}
}

// The largest amount and rate: a hundred million hours, or ten billion of money.
const (
	maxAmount = 1_000_000_000_000
	maxYears  = 20
)

// Input is a new commitment.
type Input struct {
	Kind           string                   `json:"kind" required:"true" enum:"time,cash,leadership,in_kind"`
	OrganizationID directory.OrganizationID `json:"organization_id"`
	PersonID       directory.PersonID       `json:"person_id,omitempty"`
	Person         string                   `json:"person,omitempty" maxLength:"200" doc:"A name, where they are not on record."`
	Text           string                   `json:"text,omitempty" maxLength:"500" text:"lines"`
	Amount         int64                    `json:"amount,omitempty" minimum:"0" maximum:"1000000000000"`
	Rate           int64                    `json:"rate,omitempty" minimum:"0" maximum:"1000000"`
	Source         string                   `json:"source,omitempty" maxLength:"500"`
	Note           string                   `json:"note,omitempty" maxLength:"5000" text:"lines"`
	PledgedOn      string                   `json:"pledged_on,omitempty" format:"date" doc:"Today when absent."`
	BeginsOn       string                   `json:"begins_on,omitempty" format:"date" doc:"The day it was pledged when absent."`
	EndsOn         string                   `json:"ends_on,omitempty" format:"date" doc:"The last day of that year when absent."`
	Unconfirmed    bool                     `json:"unconfirmed,omitempty" doc:"Leave it for the backbone to confirm, as those of others always are."`
}

// Patch changes the fields that are given and leaves the others.
type Patch struct {
	ID             ID                        `json:"id"`
	Version        int64                     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	OrganizationID *directory.OrganizationID `json:"organization_id,omitempty"`
	PersonID       *directory.PersonID       `json:"person_id,omitempty"`
	Person         *string                   `json:"person,omitempty" maxLength:"200"`
	Text           *string                   `json:"text,omitempty" maxLength:"500" text:"lines"`
	Amount         *int64                    `json:"amount,omitempty" minimum:"0" maximum:"1000000000000"`
	Rate           *int64                    `json:"rate,omitempty" minimum:"0" maximum:"1000000"`
	Source         *string                   `json:"source,omitempty" maxLength:"500"`
	Note           *string                   `json:"note,omitempty" maxLength:"5000" text:"lines"`
	PledgedOn      *string                   `json:"pledged_on,omitempty" format:"date"`
	BeginsOn       *string                   `json:"begins_on,omitempty" format:"date"`
	EndsOn         *string                   `json:"ends_on,omitempty" format:"date"`
}

// Ref names a commitment.
type Ref struct {
	ID ID `json:"id"`
}

// AtVersion names one version of a commitment.
type AtVersion struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}
