package commitments

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/stats"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The lengths of a period.
const (
	Yearly    = "year"
	Quarterly = "quarter"
)

// Units are what amounts of a kind are counted in, by catalogue key
// "commitment_units.…": hundredths of hours, hundredths of the currency, commitments.
var Units = map[string]string{TimeKind: "hours", CashKind: "money", InKindKind: "money", LeadershipKind: "count"}

// leastContributors is how many organizations at least must have pledged or given
// something of a kind in a period before others than the backbone see its figures;
// the collaborative's own rule for surveys holds where it asks for more.
const leastContributors = 5

// TotalsInput says which figures.
type TotalsInput struct {
	Period         string                   `json:"period,omitempty" enum:"year,quarter" doc:"year when absent."`
	AsOf           string                   `json:"as_of,omitempty" format:"date" doc:"What was known to be pledged and given by this day; today when absent. Only for the backbone and an organization's own figures."`
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Only the figures of this organization: for itself and the backbone."`
}

// Totals are the figures of all kinds, each kind by itself.
type Totals struct {
	AsOf     string  `json:"as_of"`
	Currency string  `json:"currency"`
	Least    int64   `json:"least,omitempty" doc:"How many organizations stand at least behind each figure that is shown; absent where all are."`
	Rows     []Total `json:"rows"`
}

// Total is what was pledged and given of one kind in one period. Kinds are never
// added up. Of a cell that too few stand behind only the period and kind are told.
type Total struct {
	Period    string `json:"period" doc:"2026, or 2026-Q2."`
	From      string `json:"from" doc:"First day of the period."`
	To        string `json:"to" doc:"Last day of the period."`
	Kind      string `json:"kind" doc:"time, cash, leadership or in_kind."`
	Unit      string `json:"unit" doc:"hours and money are counted in hundredths, count in commitments."`
	Hidden    bool   `json:"hidden,omitempty" doc:"Whether too few organizations stand behind it to be shown."`
	Pledged   int64  `json:"pledged" doc:"What was pledged for the period, a commitment's amount spread over its days alike."`
	Due       int64  `json:"due" doc:"What of it falls on days up to the day asked about."`
	Delivered int64  `json:"delivered" doc:"What was given in the period and confirmed."`
	// FollowThrough is Delivered ÷ Due; above 1 where more was given than promised.
	FollowThrough float64 `json:"follow_through" doc:"Delivered ÷ due; -1 where nothing was due."`
	// How widely the load is carried. Source: domain specification, C4.
	Pledgers          int64   `json:"pledgers" doc:"How many organizations pledged something."`
	PledgedTopThree   float64 `json:"pledged_top_three" doc:"Share of the three that pledged most, 0 to 1; -1 where nothing was."`
	PledgedEffective  float64 `json:"pledged_effective" doc:"Effective number of organizations that pledged: 1 ÷ the sum of the squared shares."`
	Givers            int64   `json:"givers" doc:"How many organizations gave something."`
	DeliveredTopThree float64 `json:"delivered_top_three" doc:"Share of the three that gave most, 0 to 1; -1 where nothing was."`
	DeliveredEffect   float64 `json:"delivered_effective" doc:"Effective number of organizations that gave."`
}

// GetTotals works out the figures. Everyone at the table sees those of periods that
// are over, where enough organizations stand behind them; an organization's own are
// seen by itself and the backbone.
var GetTotals = operation.Define(operation.Operation[TotalsInput, Totals]{
	Definition: operation.Definition{ID: "commitment-totals.get", Summary: "Works out what was pledged and given, by kind and year or quarter", ReadOnly: true, Method: "GET", Path: "/commitment-totals"},
	Run:        totals,
})

func totals(c *operation.Call, in TotalsInput) (Totals, error) {
	everything := c.Can(listOperation)
	if !in.OrganizationID.IsZero() {
		if !c.CanOn(listOperation, organizationSubject(in.OrganizationID)) {
			return Totals{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		everything = true
	}
	if !everything && in.AsOf != "" && in.AsOf != c.Today() {
		return Totals{}, operation.InvalidField("as_of", "errors.totals_as_of") // the difference of two days would tell of one organization
	}
	fill(&in.AsOf, c.Today())
	if in.Period == "" {
		in.Period = Yearly
	}
	out := Totals{AsOf: in.AsOf, Rows: []Total{}}
	var err error
	if out.Currency, err = currency(c); err != nil {
		return out, err
	}
	book, err := read(c, in)
	if err != nil {
		return out, err
	}
	if out.Rows, err = book.rows(in.Period); err != nil || everything {
		return out, err
	}
	if out.Least, err = least(c); err != nil {
		return out, err
	}
	years := out.Rows
	if in.Period == Quarterly {
		if years, err = book.rows(Yearly); err != nil {
			return out, err
		}
	}
	out.Rows = disclosed(out.Rows, years, out.Least, in.AsOf)
	return out, nil
}

func least(c *operation.Call) (int64, error) {
	n, err := store.Value[int64](c.Installation, `SELECT survey_minimum FROM collaboratives WHERE id = $1`, c.Collaborative.ID)
	return max(n, leastContributors), err
}

// disclosed hides what too few stand behind. Where a quarter is hidden, its year's
// other quarters are too: the year less the others would tell it.
func disclosed(rows, years []Total, least int64, today string) []Total {
	type cell struct{ year, kind string }
	few := map[cell]bool{}
	for _, list := range [][]Total{rows, years} {
		for _, t := range list {
			if t.Pledgers > 0 && t.Pledgers < least || t.Givers > 0 && t.Givers < least {
				few[cell{t.Period[:4], t.Kind}] = true
			}
		}
	}
	var out []Total
	for _, t := range rows {
		if t.To >= today {
			continue // not over: it would change with every single pledge
		}
		if few[cell{t.Period[:4], t.Kind}] {
			t = Total{Period: t.Period, From: t.From, To: t.To, Kind: t.Kind, Unit: t.Unit, Hidden: true}
		}
		out = append(out, t)
	}
	return append([]Total{}, out...)
}

// pledge is a commitment as the figures see it, gift a delivery.
type pledge struct {
	id           ID
	kind         string
	organization int
	amount       int64
	period       day.Span
	until        day.Day // the first day it no longer holds
	fulfilled    bool    // of leadership
}

type gift struct {
	kind         string
	organization int
	amount       int64
	on           day.Day
}

// book is everything the figures are made of, as of a day.
type book struct {
	asOf    day.Day
	pledges []pledge
	gifts   []gift
}

// read reads what was known by a day.
func read(c *operation.Call, in TotalsInput) (book, error) {
	asOf, err := day.Parse(in.AsOf)
	b := book{asOf: asOf}
	if err != nil {
		return b, operation.InvalidField("as_of", "errors.date")
	}
	numbers := map[directory.OrganizationID]int{}
	number := func(i directory.OrganizationID) int {
		n, known := numbers[i]
		if !known {
			n = len(numbers)
			numbers[i] = n
		}
		return n
	}
	q := store.Select(`SELECT id, kind, organization_id, amount, begins_on, ends_on, withdrawn_on, fulfilled_on FROM commitments WHERE collaborative_id = $1
		AND deleted_at IS NULL AND confirmed_at IS NOT NULL`)
	q.Where(`pledged_on <= ?`, in.AsOf)
	if !in.OrganizationID.IsZero() {
		q.Where(`organization_id = ?`, in.OrganizationID)
	}
	text, args := q.SQL()
	if err := store.Each(c.Tx, func(row store.Row) error {
		var p pledge
		var organization directory.OrganizationID
		var begins, ends, withdrawn, fulfilled string
		if err := row.Scan(&p.id, &p.kind, &organization, &p.amount, &begins, &ends, store.ScanText(&withdrawn), store.ScanText(&fulfilled)); err != nil {
			return err
		}
		first, err := day.Parse(begins)
		if err != nil {
			return err
		}
		last, err := day.Parse(ends)
		if err != nil {
			return err
		}
		p.organization, p.period, p.until = number(organization), day.Span{From: first, Until: last + 1}, last+1
		if withdrawn != "" && withdrawn <= in.AsOf {
			end, err := day.Parse(withdrawn)
			if err != nil {
				return err
			}
			p.until = min(p.until, end)
		}
		p.fulfilled = fulfilled != "" && fulfilled <= in.AsOf
		b.pledges = append(b.pledges, p)
		return nil
	}, text, args...); err != nil {
		return b, err
	}
	q = store.Select(`SELECT commitments.kind, commitments.organization_id, deliveries.amount, deliveries.delivered_on
		FROM commitments JOIN deliveries ON deliveries.collaborative_id = $1 AND deliveries.commitment_id = commitments.id AND deliveries.deleted_at IS NULL AND deliveries.confirmed_at IS NOT NULL
		WHERE commitments.collaborative_id = $1 AND commitments.deleted_at IS NULL AND commitments.confirmed_at IS NOT NULL AND commitments.kind <> 'leadership'`)
	q.Where(`deliveries.delivered_on <= ?`, in.AsOf)
	if !in.OrganizationID.IsZero() {
		q.Where(`commitments.organization_id = ?`, in.OrganizationID)
	}
	text, args = q.SQL()
	return b, store.Each(c.Tx, func(row store.Row) error {
		var g gift
		var organization directory.OrganizationID
		var on string
		err := row.Scan(&g.kind, &organization, &g.amount, &on)
		if err != nil {
			return err
		}
		g.organization = number(organization)
		g.on, err = day.Parse(on)
		b.gifts = append(b.gifts, g)
		return err
	}, text, args...)
}

// bucket is a period of the figures, in order.
type bucket struct {
	name string
	span day.Span
}

func bucketOf(d day.Day, period string) bucket {
	if period == Quarterly {
		q := d.Quarter()
		return bucket{q.String(), q.Span()}
	}
	first := day.MonthOf(d.Year(), 1)
	return bucket{strconv.Itoa(d.Year()), day.Span{From: first.Start(), Until: (first + 12).Start()}}
}

// rows are the figures by period and kind, those of nothing left out.
func (b book) rows(period string) ([]Total, error) {
	entries := map[day.Span][]participation.Entry{}
	names := map[day.Span]string{}
	due := map[day.Span]map[participation.Column]int64{}
	add := func(at bucket, kind string, organization int, pledged, owed, delivered int64) {
		if pledged == 0 && delivered == 0 {
			return
		}
		column := participation.Column{Kind: kind, Unit: Units[kind]}
		names[at.span] = at.name
		entries[at.span] = append(entries[at.span], participation.Entry{Column: column, Contributor: organization, Pledged: pledged, Delivered: delivered})
		if due[at.span] == nil {
			due[at.span] = map[participation.Column]int64{}
		}
		due[at.span][column] += owed
	}
	for _, p := range b.pledges {
		if p.kind == LeadershipKind {
			one := int64(1)
			if p.until < p.period.Until && !p.fulfilled {
				continue // withdrawn
			}
			owed, delivered := int64(0), int64(0)
			if p.period.Until <= b.asOf+1 || p.fulfilled {
				owed = 1
			}
			if p.fulfilled {
				delivered = 1
			}
			add(bucketOf(p.period.From, period), p.kind, p.organization, one, owed, delivered)
			continue
		}
		for at := bucketOf(p.period.From, period); at.span.From < p.until; at = bucketOf(at.span.Until, period) {
			held := day.Span{From: at.span.From, Until: min(at.span.Until, p.until)}
			elapsed := day.Span{From: held.From, Until: min(held.Until, b.asOf+1)}
			add(at, p.kind, p.organization, participation.PledgedWithin(p.amount, p.period, held), participation.PledgedWithin(p.amount, p.period, elapsed), 0)
		}
	}
	for _, g := range b.gifts {
		add(bucketOf(g.on, period), g.kind, g.organization, 0, 0, g.amount)
	}
	out := []Total{}
	for _, span := range slices.SortedFunc(maps.Keys(entries), func(a, b day.Span) int { return cmp.Compare(a.From, b.From) }) {
		sums, err := participation.Commitments(entries[span])
		if err != nil {
			return nil, err
		}
		for _, s := range sums {
			owed := due[span][s.Column]
			t := Total{Period: names[span], From: span.From.String(), To: (span.Until - 1).String(), Kind: s.Column.Kind, Unit: s.Column.Unit, Pledged: s.Pledged, Due: owed, Delivered: s.Delivered,
				FollowThrough: -1, Pledgers: int64(s.PledgedBy.Holders), PledgedTopThree: topShare(s.PledgedBy), PledgedEffective: s.PledgedBy.Effective,
				Givers: int64(s.DeliveredBy.Holders), DeliveredTopThree: topShare(s.DeliveredBy), DeliveredEffect: s.DeliveredBy.Effective}
			if ratio, ok := (participation.Commitment{Pledged: owed, Delivered: s.Delivered}).Ratio(); ok {
				t.FollowThrough = ratio
			}
			out = append(out, t)
		}
	}
	return out, nil
}

// topShare is the share of the three that hold most; -1 where nobody holds anything.
func topShare(c stats.Concentration) float64 {
	if c.Total == 0 {
		return -1
	}
	return float64(c.Top) / float64(c.Total)
}
