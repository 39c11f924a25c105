package attendance

import (
	"errors"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// spans are the units of stretches as they are stored.
var spans = map[day.Unit]string{day.Days: spanDay, day.Months: spanMonth, day.Years: spanYear}

// Numbers are the numbers by which sums name organizations and seats.
type Numbers struct {
	Organizations map[directory.OrganizationID]int
	Seats         map[directory.SeatID]int
}

// ReadNumbers reads all numbers of a collaborative. It checks no permission.
func ReadNumbers(c *operation.Call) (Numbers, error) {
	n := Numbers{map[directory.OrganizationID]int{}, map[directory.SeatID]int{}}
	return n, store.Each(c.Tx, func(row store.Row) error {
		var kind string
		var i directory.SeatID
		var number int
		err := row.Scan(&kind, &i, &number)
		if kind == numberedSeat {
			n.Seats[i] = number
		} else {
			n.Organizations[directory.OrganizationID(i)] = number
		}
		return err
	}, `SELECT kind, of_id, number FROM participation_numbers WHERE collaborative_id = $1`)
}

// Tallied is what bodies did in a span of days, and who was there at all.
type Tallied struct {
	participation.Counted
	Present roster.Roster
}

// Read adds up what bodies did in a span of days, from whole years, months and days;
// the zero body is that of meetings of none. It checks no permission: figures of
// single organizations are for the backbone and for themselves.
func Read(c *operation.Call, bodies []directory.BodyID, span day.Span, n Numbers) (Tallied, error) {
	var out Tallied
	organizations, wrong := participation.NewTally(len(n.Organizations))
	seats, other := participation.NewTally(len(n.Seats))
	if err := errors.Join(wrong, other); err != nil {
		return out, err
	}
	for _, body := range bodies {
		for _, stretch := range span.Stretches() {
			until := "9999-99" // beyond every day
			if stretch.Span.Until <= day.Last {
				until = stretch.Span.Until.String()
			}
			if err := store.Each(c.Tx, func(row store.Row) error {
				var o, s, p []byte
				if err := row.Scan(&o, &s, &p); err != nil {
					return err
				}
				present, err := roster.FromBytes(p)
				if err != nil {
					return err
				}
				out.Present.Include(present)
				return errors.Join(organizations.Add(o), seats.Add(s))
			}, `SELECT organizations, seats, present FROM participation_periods WHERE collaborative_id = $1 AND body_id = $2 AND span = $3 AND first_on >= $4 AND first_on < $5`,
				body[:], spans[stretch.Unit], stretch.Span.From.String(), until); err != nil {
				return out, err
			}
		}
	}
	out.Organizations, out.Seats = organizations.Sums(), seats.Sums()
	return out, nil
}
