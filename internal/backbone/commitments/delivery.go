package commitments

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// DeliveryID names a delivery.
type DeliveryID = id.Of[Delivery]

// The sources of a delivery.
const (
	Typed       = "typed"
	FromMeeting = "meeting" // offered from who was there, for the organization to confirm
)

// Sources lists them, by catalogue key "delivery_sources.…".
var Sources = []string{Typed, FromMeeting}

// Delivery is something given towards a commitment, in the commitment's unit.
type Delivery struct {
	ID           DeliveryID          `json:"id" audit:"-"`
	CommitmentID ID                  `json:"commitment_id" audit:"-"`
	Commitment   string              `json:"commitment,omitempty" audit:"-" doc:"What the commitment is for."`
	On           string              `json:"on" doc:"The day, YYYY-MM-DD."`
	Amount       int64               `json:"amount" doc:"In the unit of the commitment; 0 for leadership."`
	Evidence     string              `json:"evidence,omitempty" doc:"How it is known: a receipt, a list, what was done."`
	Source       string              `json:"source" doc:"typed or meeting."`
	MeetingID    convening.MeetingID `json:"meeting_id,omitempty" audit:"-" doc:"The meeting it is known from."`
	Meeting      string              `json:"meeting,omitempty" audit:"-"`
	Offered      *int64              `json:"offered,omitempty" audit:"-" doc:"What attendance shows of the meeting it was offered from, in hundredths of hours; the amount is another where somebody changed or confirmed it before attendance was corrected."`
	EnteredBy    string              `json:"entered_by,omitempty" audit:"-"`
	ConfirmedAt  *time.Time          `json:"confirmed_at,omitempty" audit:"-" doc:"When it was confirmed; absent while it waits for that, and counts nowhere."`
	ConfirmedBy  string              `json:"confirmed_by,omitempty"`
	Version      int64               `json:"version" audit:"-"`
	CreatedAt    time.Time           `json:"created_at" audit:"-"`
	UpdatedAt    time.Time           `json:"updated_at" audit:"-"`
	DeletedAt    *time.Time          `json:"deleted_at,omitempty" audit:"-"`

	kind string // of the commitment
}

// CurrentVersion is what REST makes an ETag of.
func (d Delivery) CurrentVersion() int64 { return d.Version }

// DeliveryInput is something that was given.
type DeliveryInput struct {
	CommitmentID ID                  `json:"commitment_id"`
	On           string              `json:"on,omitempty" format:"date" doc:"Today when absent."`
	Amount       int64               `json:"amount,omitempty" minimum:"0" maximum:"1000000000000"`
	Evidence     string              `json:"evidence,omitempty" maxLength:"2000" text:"lines"`
	Source       string              `json:"source,omitempty" enum:"typed,meeting" doc:"typed when absent."`
	MeetingID    convening.MeetingID `json:"meeting_id,omitempty"`
	Unconfirmed  bool                `json:"unconfirmed,omitempty" doc:"Leave it for somebody else to confirm, as those of others than the backbone always are."`
}

// DeliveryPatch changes the fields that are given and leaves the others.
type DeliveryPatch struct {
	CommitmentID ID         `json:"commitment_id"`
	ID           DeliveryID `json:"id"`
	Version      int64      `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	On           *string    `json:"on,omitempty" format:"date"`
	Amount       *int64     `json:"amount,omitempty" minimum:"0" maximum:"1000000000000"`
	Evidence     *string    `json:"evidence,omitempty" maxLength:"2000" text:"lines"`
}

// DeliveryVersion names one version of a delivery.
type DeliveryVersion struct {
	CommitmentID ID         `json:"commitment_id"`
	ID           DeliveryID `json:"id"`
	Version      int64      `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// CommitmentPart names a commitment whose parts are meant.
type CommitmentPart struct {
	CommitmentID ID `json:"commitment_id"`
}

const deliveryText = `SELECT deliveries.id, deliveries.commitment_id, commitments.text, commitments.kind, deliveries.delivered_on, deliveries.amount, deliveries.evidence, deliveries.source,
	deliveries.meeting_id, meetings.title, deliveries.offered, deliveries.entered_by, deliveries.confirmed_at, deliveries.confirmed_by, deliveries.version, deliveries.created_at, deliveries.updated_at, deliveries.deleted_at
	FROM deliveries JOIN commitments ON commitments.collaborative_id = $1 AND commitments.id = deliveries.commitment_id
	LEFT JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = deliveries.meeting_id WHERE deliveries.collaborative_id = $1`

func scanDelivery(row store.Row) (Delivery, error) {
	var d Delivery
	var confirmed, deleted time.Time
	err := row.Scan(&d.ID, &d.CommitmentID, &d.Commitment, &d.kind, &d.On, &d.Amount, &d.Evidence, &d.Source, &d.MeetingID, store.ScanText(&d.Meeting), &d.Offered, &d.EnteredBy,
		store.ScanTime(&confirmed), &d.ConfirmedBy, &d.Version, store.ScanTime(&d.CreatedAt), store.ScanTime(&d.UpdatedAt), store.ScanTime(&deleted))
	d.ConfirmedAt, d.DeletedAt = operation.Instant(confirmed), operation.Instant(deleted)
	return d, err
}

func getDelivery(c *operation.Call, i DeliveryID) (Delivery, error) {
	return store.One(c.Tx, scanDelivery, deliveryText+` AND deliveries.id = $2`, i)
}

func updateDelivery(c *operation.Call, _, d Delivery) error {
	if err := operation.Changed(c.Tx.Exec(`UPDATE deliveries SET delivered_on = $3, amount = $4, evidence = $5, confirmed_at = $6, confirmed_by = $7, version = $8, updated_at = $9, deleted_at = $10
		WHERE collaborative_id = $1 AND id = $2 AND version = $8 - 1`,
		d.ID, d.On, d.Amount, d.Evidence, operation.DeletedMicros(d.ConfirmedAt), d.ConfirmedBy, d.Version, store.Micros(d.UpdatedAt), operation.DeletedMicros(d.DeletedAt))); err != nil {
		return err
	}
	return recount(c, d.CommitmentID)
}

// DeliveryFor reads a delivery towards a commitment, neither of them in the trash. It
// checks no permission: it is for operations of packages above, which do.
func DeliveryFor(c *operation.Call, k ID, i DeliveryID) (Delivery, error) {
	if _, err := open(c, k); err != nil {
		return Delivery{}, err
	}
	d, err := getDelivery(c, i)
	if err == nil && (d.CommitmentID != k || d.DeletedAt != nil) {
		return Delivery{}, operation.Missing()
	}
	return d, err
}

// EachAwaiting calls fn for every delivery that was offered from a meeting and that
// its organization has not confirmed, as many as most, with the commitment.
func EachAwaiting(c *operation.Call, most int64, fn func(Commitment, Delivery) error) error {
	all, err := store.Collect(c.Tx, scanDelivery, deliveryText+` AND deliveries.deleted_at IS NULL AND deliveries.confirmed_at IS NULL AND deliveries.source = 'meeting'
		AND commitments.deleted_at IS NULL ORDER BY deliveries.commitment_id, deliveries.id LIMIT $2`, most)
	if err != nil {
		return err
	}
	var k Commitment
	for _, d := range all {
		if k.ID != d.CommitmentID {
			if k, err = get(c, d.CommitmentID); err != nil {
				return err
			}
		}
		if err := fn(k, d); err != nil {
			return err
		}
	}
	return nil
}

// EachUnfulfilled calls fn for every confirmed commitment whose period is over and
// that was not given in full, as far as is known: nothing of it waits to be confirmed.
func EachUnfulfilled(c *operation.Call, organization directory.OrganizationID, most int64, fn func(Commitment) error) error {
	money, err := currency(c)
	if err != nil {
		return err
	}
	q := store.Select(`SELECT `+columns+tables+` AND commitments.deleted_at IS NULL AND commitments.ends_on < ? AND COALESCE(commitments.state, '') IN ('pledged', 'part_delivered')
		AND commitments.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.collaborative_id = $1 AND deliveries.commitment_id = commitments.id
			AND deliveries.deleted_at IS NULL AND deliveries.confirmed_at IS NULL)`, c.Today())
	if !organization.IsZero() {
		q.Where(`commitments.organization_id = ?`, organization)
	}
	q.Add(` ORDER BY commitments.ends_on, commitments.id LIMIT ?`, most)
	text, args := q.SQL()
	return store.Each(c.Tx, func(row store.Row) error {
		k, err := scan(row)
		if err != nil {
			return err
		}
		k.Currency = money
		return fn(k)
	}, text, args...)
}

// AwaitingOf are the deliveries that wait for an organization to confirm them. It
// checks no permission: it is for operations of packages above, which do.
func AwaitingOf(c *operation.Call, organization directory.OrganizationID) ([]Delivery, error) {
	return store.Collect(c.Tx, scanDelivery, deliveryText+` AND deliveries.deleted_at IS NULL AND deliveries.confirmed_at IS NULL AND deliveries.source = 'meeting'
		AND commitments.organization_id = $2 AND commitments.deleted_at IS NULL ORDER BY deliveries.commitment_id, deliveries.id LIMIT 100`, organization)
}
