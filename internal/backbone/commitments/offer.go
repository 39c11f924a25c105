package commitments

import (
	"maps"
	"slices"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Offer offers the hours that an organization's people spent in a meeting that took
// place, to be confirmed, where the organization pledged time for that day: how long
// the meeting was meant to last, for each of them whose presence counts. It is offered
// once for a meeting, and follows attendance until somebody confirms or changes it; from
// then on it stays, and tells what attendance shows. A pledge that is made, confirmed or
// changed is offered what earlier meetings of its period show. It is an operation.Watcher.
func Offer(c *operation.Call, changed []operation.Subject) error {
	there := map[convening.MeetingID]bool{}
	var entries [][]byte
	pledged := map[ID]bool{}
	for _, s := range changed {
		switch s.Kind {
		case convening.MeetingKind:
			there[convening.MeetingID(s.ID)] = true
		case Kind:
			pledged[ID(s.ID)] = true
		case attendance.Kind:
			entries = append(entries, slices.Clone(s.ID[:]))
		}
	}
	for part := range slices.Chunk(entries, 1000) {
		if err := store.Each(c.Tx, func(row store.Row) error {
			var m convening.MeetingID
			err := row.Scan(&m)
			there[m] = true
			return err
		}, `SELECT DISTINCT meeting_id FROM attendances WHERE collaborative_id = $1 AND id IN ($2)`, store.In(part)); err != nil {
			return err
		}
	}
	for i := range pledged {
		if err := metBefore(c, i, there); err != nil {
			return err
		}
	}
	for _, m := range slices.SortedFunc(maps.Keys(there), func(a, b convening.MeetingID) int { return slices.Compare(a[:], b[:]) }) {
		if err := offerOf(c, m); err != nil {
			return err
		}
	}
	return nil
}

// metBefore adds the meetings from which hours are to be offered, or offered otherwise,
// for a pledge that was made or changed: those of its period at which its organization
// was and nothing was offered to it from, the newest 300 of them, and those whose offer
// lies outside its period, or was taken back for that.
func metBefore(c *operation.Call, i ID, there map[convening.MeetingID]bool) error {
	k, err := get(c, i)
	if err != nil || k.Kind != TimeKind {
		return operation.IgnoreMissing(err)
	}
	note := func(row store.Row) error {
		var m convening.MeetingID
		err := row.Scan(&m)
		there[m] = true
		return err
	}
	if err := store.Each(c.Tx, note, `SELECT meeting_id FROM deliveries WHERE collaborative_id = $1 AND commitment_id = $2 AND offered IS NOT NULL AND confirmed_at IS NULL
		AND (delivered_on < $3 OR delivered_on > $4 OR deleted_at IS NOT NULL)`, i, k.BeginsOn, k.EndsOn); err != nil {
		return err
	}
	if k.DeletedAt != nil || k.ConfirmedAt == nil {
		return nil
	}
	return store.Each(c.Tx, note, `SELECT meetings.id FROM meetings WHERE meetings.collaborative_id = $1 AND meetings.deleted_at IS NULL AND meetings.starts_at >= $2 AND meetings.starts_at < $3
		AND meetings.held_on >= $4 AND meetings.held_on <= $5 AND COALESCE(meetings.state, '') IN ('held', 'recap_sent', 'closed')
		AND EXISTS (SELECT 1 FROM attendances WHERE attendances.collaborative_id = $1 AND attendances.meeting_id = meetings.id AND attendances.organization_id = $6 AND attendances.deleted_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM deliveries JOIN commitments ON commitments.collaborative_id = $1 AND commitments.id = deliveries.commitment_id
			WHERE deliveries.collaborative_id = $1 AND deliveries.meeting_id = meetings.id AND deliveries.offered IS NOT NULL
			AND (deliveries.deleted_at IS NULL OR deliveries.amount > 0) AND commitments.organization_id = $6)
		ORDER BY meetings.starts_at DESC, meetings.id DESC LIMIT 300`, startOf(k.BeginsOn, -1), startOf(k.EndsOn, 2), k.BeginsOn, k.EndsOn, k.OrganizationID)
}

// startOf is a day's beginning in UTC, so many days on: enough to find by its moment what
// took place on a day of any zone.
func startOf(day string, days int) any {
	t, _ := time.Parse(time.DateOnly, day) // validated before
	return store.Micros(t.AddDate(0, 0, days))
}

// held is a meeting as far as hours follow from it; minutes is 0 where it did not take
// place.
type held struct {
	on               string
	minutes, percent int64
}

func heldMeeting(c *operation.Call, m convening.MeetingID) (held, error) {
	found, err := store.Collect(c.Tx, func(row store.Row) (h held, err error) {
		return h, row.Scan(&h.on, &h.minutes, &h.percent)
	}, `SELECT meetings.held_on, (meetings.ends_at - meetings.starts_at) / 60000000, COALESCE(presence_rules.percent, 0) FROM meetings
		LEFT JOIN presence_rules ON presence_rules.collaborative_id = $1 AND presence_rules.body_id = meetings.body_id
		WHERE meetings.collaborative_id = $1 AND meetings.id = $2 AND meetings.deleted_at IS NULL AND meetings.state IN ('held', 'recap_sent', 'closed')`, m)
	if err != nil || len(found) == 0 {
		return held{}, err
	}
	return found[0], nil
}

// offered is a delivery that was offered from a meeting.
type offered struct {
	id           DeliveryID
	commitment   ID
	organization directory.OrganizationID
	amount, says int64
	confirmed    bool
	deleted      bool
	version      int64
	begins, ends string // of the pledge
}

func offerOf(c *operation.Call, m convening.MeetingID) error {
	h, err := heldMeeting(c, m)
	if err != nil {
		return err
	}
	before, err := store.Collect(c.Tx, func(row store.Row) (o offered, err error) {
		return o, row.Scan(&o.id, &o.commitment, &o.organization, &o.amount, &o.says, &o.confirmed, &o.deleted, &o.version, &o.begins, &o.ends)
	}, `SELECT deliveries.id, deliveries.commitment_id, commitments.organization_id, deliveries.amount, deliveries.offered, deliveries.confirmed_at IS NOT NULL, deliveries.deleted_at IS NOT NULL, deliveries.version, commitments.begins_on, commitments.ends_on
		FROM deliveries JOIN commitments ON commitments.collaborative_id = $1 AND commitments.id = deliveries.commitment_id
		WHERE deliveries.collaborative_id = $1 AND deliveries.meeting_id = $2 AND deliveries.offered IS NOT NULL ORDER BY deliveries.id`, m)
	if err != nil || h.minutes == 0 && len(before) == 0 {
		return err
	}
	hours, err := hoursOf(c, m, h)
	if err != nil {
		return err
	}
	known := map[directory.OrganizationID]bool{}
	for _, o := range before {
		shown := hours[o.organization]
		if h.minutes > 0 && (h.on < o.begins || h.on > o.ends) && !o.decided() {
			shown = 0 // the pledge is for other days now, and another may be for this one
		} else {
			known[o.organization] = true
		}
		if err := o.correct(c, shown); err != nil {
			return err
		}
	}
	if len(hours) == 0 {
		return nil
	}
	return offerNew(c, m, h, hours, known)
}

// hoursOf are the hundredths of hours that each organization's people spent there.
func hoursOf(c *operation.Call, m convening.MeetingID, h held) (map[directory.OrganizationID]int64, error) {
	out := map[directory.OrganizationID]int64{}
	if h.minutes == 0 {
		return out, nil
	}
	err := store.Each(c.Tx, func(row store.Row) error {
		var o directory.OrganizationID
		var n int64
		err := row.Scan(&o, &n)
		out[o] = (n*h.minutes*100 + 30) / 60
		return err
	}, `SELECT organization_id, COUNT(*) FROM attendances WHERE collaborative_id = $1 AND meeting_id = $2 AND deleted_at IS NULL AND organization_id IS NOT NULL
		AND (minutes IS NULL OR minutes * 100 >= $3) GROUP BY organization_id`, m, h.percent*h.minutes)
	return out, err
}

// decided says whether somebody confirmed an offer, changed it or took it away.
func (o offered) decided() bool {
	return o.confirmed || o.amount != o.says || o.deleted && o.amount > 0
}

// correct lets an offer follow attendance, unless somebody decided about it.
func (o offered) correct(c *operation.Call, hours int64) error {
	amount, deleted := o.amount, o.deleted
	switch taken := o.deleted && o.amount > 0; {
	case taken, o.says == hours && o.deleted == (hours == 0):
		return nil // somebody took it away, or nothing is new
	case o.confirmed, o.amount != o.says:
		if o.says == hours {
			return nil
		}
	default:
		amount, deleted = hours, hours == 0
	}
	if deleted != o.deleted {
		by := int64(1)
		if deleted {
			by = -1
		}
		if err := operation.Count(c.Tx, DeliveryKind, o.id, by); err != nil {
			return err
		}
	}
	var gone any
	if deleted {
		gone = store.Micros(c.Now)
	}
	if _, err := c.Tx.Exec(`UPDATE deliveries SET amount = $3, offered = $4, deleted_at = $5, version = version + 1, updated_at = $6 WHERE collaborative_id = $1 AND id = $2`, o.id, amount, hours, gone, store.Micros(c.Now)); err != nil {
		return err
	}
	return changedOffer(c, o.id)
}

// changedOffer notes in the history that an offer was made or changed.
func changedOffer(c *operation.Call, i DeliveryID) error {
	d, err := getDelivery(c, i)
	if err == nil {
		c.Changed(operation.Subject{Kind: DeliveryKind, ID: d.ID}, d.Commitment, d.Version, nil, nil)
	}
	return err
}

// offerNew offers hours to organizations that pledged time for the day of a meeting: of
// several pledges, to the one that ends first.
func offerNew(c *operation.Call, m convening.MeetingID, h held, hours map[directory.OrganizationID]int64, known map[directory.OrganizationID]bool) error {
	type live struct {
		commitment   ID
		organization directory.OrganizationID
	}
	pledged, err := store.Collect(c.Tx, func(row store.Row) (l live, err error) { return l, row.Scan(&l.commitment, &l.organization) },
		`SELECT id, organization_id FROM commitments WHERE collaborative_id = $1 AND kind = 'time' AND deleted_at IS NULL AND ends_on >= $2 AND begins_on <= $2 AND confirmed_at IS NOT NULL
			AND state IN ('pledged', 'part_delivered') ORDER BY ends_on, id`, h.on)
	if err != nil {
		return err
	}
	for _, l := range pledged {
		amount := hours[l.organization]
		if amount == 0 || known[l.organization] {
			continue
		}
		known[l.organization] = true
		n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM deliveries WHERE collaborative_id = $1 AND commitment_id = $2`, l.commitment)
		if err != nil {
			return err
		}
		if n >= maxDeliveries {
			continue
		}
		d := id.New[Delivery]()
		if _, err := c.Tx.Exec(`INSERT INTO deliveries (collaborative_id, id, commitment_id, delivered_on, amount, offered, evidence, source, meeting_id, entered_by, confirmed_by, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $5, '', 'meeting', $6, '', '', 1, $7, $7)`, d, l.commitment, h.on, amount, m, store.Micros(c.Now)); err != nil {
			return err
		}
		if err := operation.Count(c.Tx, DeliveryKind, d, 1); err != nil {
			return err
		}
		if err := changedOffer(c, d); err != nil {
			return err
		}
	}
	return nil
}
