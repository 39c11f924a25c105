package attendance

import (
	"bytes"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Book reads what is kept of participation. It checks no permission: it is for
// operations of packages above, which do.
type Book struct {
	c       *operation.Call
	bodies  [][]byte
	members int // numbers given to organizations so far
}

// Open begins to read the book of one body, or of all and of meetings of none when no
// body is named.
func Open(c *operation.Call, body directory.BodyID) (*Book, error) {
	b := &Book{c: c, bodies: [][]byte{body[:]}}
	if body.IsZero() {
		more, err := store.Collect(c.Tx, func(row store.Row) (i directory.BodyID, err error) { return i, row.Scan(&i) }, `SELECT id FROM bodies WHERE collaborative_id = $1 ORDER BY id`)
		if err != nil {
			return nil, err
		}
		for _, i := range more {
			b.bodies = append(b.bodies, append([]byte(nil), i[:]...))
		}
	}
	last, err := store.Value[int64](c.Tx, `SELECT COALESCE(MAX(number), -1) FROM participation_numbers WHERE collaborative_id = $1 AND kind = $2`, numberedOrganization)
	b.members = int(last) + 1
	return b, err
}

// spans are the spans of the units of a stretch.
var spans = map[day.Unit]string{day.Days: spanDay, day.Months: spanMonth, day.Years: spanYear}

// Sums adds up a span of days, by the numbers of organizations.
func (b *Book) Sums(over day.Span) (participation.Sums, error) {
	tally, err := participation.NewTally(b.members)
	if err != nil {
		return nil, err
	}
	err = b.each(over, func(_ directory.BodyID, organizations []byte) error { return tally.Add(organizations) })
	return tally.Sums(), err
}

// each calls fn with what is kept of organizations, for the whole years, months and
// days of a span and every body.
func (b *Book) each(over day.Span, fn func(body directory.BodyID, organizations []byte) error) error {
	for _, part := range over.Stretches() {
		if err := store.Each(b.c.Tx, func(row store.Row) error {
			var body directory.BodyID
			var organizations []byte
			if err := row.Scan(&body, &organizations); err != nil {
				return err
			}
			return fn(body, organizations)
		}, `SELECT body_id, organizations FROM participation_periods WHERE collaborative_id = $1 AND body_id IN ($2) AND span = $3 AND first_on >= $4 AND first_on < $5`,
			b.list(), spans[part.Unit], part.Span.From.String(), part.Span.Until.String()); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) list() store.List {
	out := make([][16]byte, len(b.bodies))
	for k, i := range b.bodies {
		copy(out[k][:], i)
	}
	return list(out)
}

// ByBody adds up a span of days for each body by itself, by the numbers of
// organizations; those in which nothing was are left out.
func (b *Book) ByBody(over day.Span) (map[directory.BodyID]participation.Sums, error) {
	tallies := map[directory.BodyID]*participation.Tally{}
	if err := b.each(over, func(body directory.BodyID, organizations []byte) (err error) {
		if tallies[body] == nil {
			if tallies[body], err = participation.NewTally(b.members); err != nil {
				return err
			}
		}
		return tallies[body].Add(organizations)
	}); err != nil {
		return nil, err
	}
	out := make(map[directory.BodyID]participation.Sums, len(tallies))
	for body, tally := range tallies {
		out[body] = tally.Sums()
	}
	return out, nil
}

// Present are the numbers of the organizations that were there in a span of days.
func (b *Book) Present(over day.Span) (roster.Roster, error) {
	var out roster.Roster
	for _, part := range over.Stretches() {
		rows, err := store.Collect(b.c.Tx, func(row store.Row) (present []byte, err error) { return present, row.Scan(&present) },
			`SELECT present FROM participation_periods WHERE collaborative_id = $1 AND body_id IN ($2) AND span = $3 AND first_on >= $4 AND first_on < $5`,
			b.list(), spans[part.Unit], part.Span.From.String(), part.Span.Until.String())
		if err != nil {
			return out, err
		}
		for _, written := range rows {
			r, err := roster.FromBytes(written)
			if err != nil {
				return out, err
			}
			out.Include(r)
		}
	}
	return out, nil
}

// Month is what a month came to.
type Month struct {
	Month day.Month
	Sum   participation.Sum
}

// Months are the totals of the months of a span, those in which nothing was left out.
func (b *Book) Months(over day.Span) ([]Month, error) {
	type row struct {
		first         string
		organizations []byte
	}
	rows, err := store.Collect(b.c.Tx, func(r store.Row) (m row, err error) { return m, r.Scan(&m.first, &m.organizations) },
		`SELECT first_on, organizations FROM participation_periods WHERE collaborative_id = $1 AND body_id IN ($2) AND span = $3 AND first_on >= $4 AND first_on < $5`,
		b.list(), spanMonth, over.From.Month().Start().String(), over.Until.String())
	if err != nil {
		return nil, err
	}
	var out []Month
	for _, r := range rows {
		first, err := day.Parse(r.first)
		if err != nil {
			return nil, err
		}
		sums, err := participation.SumsFromBytes(r.organizations)
		if err != nil {
			return nil, err
		}
		out = append(out, Month{first.Month(), sums.Total()})
	}
	return out, nil
}

// Numbers are the numbers by which organizations are counted, those that have one.
func (b *Book) Numbers() (map[directory.OrganizationID]int, error) {
	type numbered struct {
		i directory.OrganizationID
		n int64
	}
	rows, err := store.Collect(b.c.Tx, func(row store.Row) (n numbered, err error) { return n, row.Scan(&n.i, &n.n) },
		`SELECT of_id, number FROM participation_numbers WHERE collaborative_id = $1 AND kind = $2 ORDER BY number`, numberedOrganization)
	out := make(map[directory.OrganizationID]int, len(rows))
	for _, r := range rows {
		out[r.i] = int(r.n)
	}
	return out, err
}

// Meetings calls fn for every meeting of a span, in no order, with the numbers of the
// organizations that were there. What a body does on one day is one
// meeting.
func (b *Book) Meetings(over day.Span, fn func(on day.Day, present roster.Roster) error) error {
	told := func(on string, present roster.Roster) error {
		d, err := day.Parse(on)
		if err != nil {
			return err
		}
		return fn(d, present)
	}
	if err := store.Each(b.c.Tx, func(row store.Row) error {
		var on string
		var present []byte
		if err := row.Scan(&on, &present); err != nil {
			return err
		}
		r, err := roster.FromBytes(present)
		if err != nil {
			return err
		}
		return told(on, r)
	}, `SELECT first_on, present FROM participation_periods WHERE collaborative_id = $1 AND body_id IN ($2) AND body_id <> $3 AND span = $4 AND first_on >= $5 AND first_on < $6`,
		b.list(), none, spanDay, over.From.String(), over.Until.String()); err != nil || !slices.ContainsFunc(b.bodies, func(i []byte) bool { return bytes.Equal(i, none) }) {
		return err
	}
	// Meetings of no body have nothing in common but the day.
	var at [16]byte
	var on string
	var present roster.Roster
	flush := func() error {
		if present.Len() == 0 {
			return nil
		}
		defer func() { present = roster.Roster{} }()
		return told(on, present)
	}
	if err := store.Each(b.c.Tx, func(row store.Row) error {
		var m MeetingID
		var day string
		var number int
		if err := row.Scan(&m, &day, &number); err != nil {
			return err
		}
		if m != at {
			if err := flush(); err != nil {
				return err
			}
		}
		at, on = m, day
		return present.Add(number)
	}, `SELECT participation_meetings.meeting_id, participation_meetings.held_on, participation_numbers.number FROM participation_meetings
		JOIN attendances ON attendances.collaborative_id = $1 AND attendances.meeting_id = participation_meetings.meeting_id AND attendances.deleted_at IS NULL
		JOIN participation_numbers ON participation_numbers.collaborative_id = $1 AND participation_numbers.kind = $2 AND participation_numbers.of_id = attendances.organization_id
		WHERE participation_meetings.collaborative_id = $1 AND participation_meetings.body_id = $3 AND participation_meetings.held_on >= $4 AND participation_meetings.held_on < $5
		ORDER BY participation_meetings.held_on, participation_meetings.meeting_id`, numberedOrganization, none, over.From.String(), over.Until.String()); err != nil {
		return err
	}
	return flush()
}

// none is the body of meetings that are of none.
var none = make([]byte, 16)
