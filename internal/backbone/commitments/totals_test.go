package commitments_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// told is a commitment as it was entered, for counting by hand.
type told struct {
	kind                  string
	organization          int
	amount                int64
	pledged, begins, ends time.Time
	withdrawn             time.Time
	confirmed             bool
	gifts                 []gift
}

type gift struct {
	on        time.Time
	amount    int64
	confirmed bool
}

// byHand adds up day by day what a year holds of a kind, in fractions of the smallest
// unit: another way than the program's, which knows no day but the edges of spans.
func byHand(all []told, kind string, year int, asOf time.Time) (pledged, due, delivered float64, pledgers, givers int, top float64) {
	byPledger, byGiver := map[int]float64{}, map[int]float64{}
	for _, k := range all {
		if k.kind != kind || !k.confirmed || k.pledged.After(asOf) {
			continue
		}
		days := int(k.ends.Sub(k.begins).Hours()/24) + 1
		for n := range days {
			on := k.begins.AddDate(0, 0, n)
			if on.Year() != year || !k.withdrawn.IsZero() && !k.withdrawn.After(asOf) && !on.Before(k.withdrawn) {
				continue
			}
			share := float64(k.amount) / float64(days)
			pledged += share
			byPledger[k.organization] += share
			if !on.After(asOf) {
				due += share
			}
		}
	}
	for _, k := range all {
		for _, g := range k.gifts {
			if k.kind == kind && k.confirmed && g.confirmed && g.on.Year() == year && !g.on.After(asOf) {
				delivered += float64(g.amount)
				byGiver[k.organization] += float64(g.amount)
			}
		}
	}
	var largest [3]float64
	for _, amount := range byGiver {
		for at := range largest {
			if amount > largest[at] {
				amount, largest[at] = largest[at], amount
			}
		}
	}
	if delivered > 0 {
		top = (largest[0] + largest[1] + largest[2]) / delivered
	}
	return pledged, due, delivered, len(byPledger), len(byGiver), top
}

// The figures are those that adding up day by day gives, as of any day.
func TestTotalsAreWhatCountingByHandGives(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		random := rand.New(rand.NewPCG(7, 11))
		staff := h.As(operation.Staff)
		var organizations []directory.OrganizationID
		for n := range 7 {
			organizations = append(organizations, h.Organization(t, fmt.Sprint("Member ", n)))
		}
		start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
		today := time.Date(2026, 5, 14, 0, 0, 0, 0, time.UTC)
		var all []told
		for n := range 40 {
			k := told{kind: []string{"time", "cash", "in_kind"}[n%3], organization: random.IntN(7), amount: 1 + random.Int64N(100000), confirmed: n%5 > 0}
			k.pledged = start.AddDate(0, 0, random.IntN(1200))
			k.begins = k.pledged.AddDate(0, 0, random.IntN(60)-30)
			k.ends = k.begins.AddDate(0, 0, random.IntN(700))
			made := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: k.kind, OrganizationID: organizations[k.organization], Amount: k.amount, Unconfirmed: !k.confirmed,
				PledgedOn: k.pledged.Format(time.DateOnly), BeginsOn: k.begins.Format(time.DateOnly), EndsOn: k.ends.Format(time.DateOnly)})
			for range random.IntN(4) {
				g := gift{on: k.pledged.AddDate(0, 0, random.IntN(1+int(today.Sub(k.pledged).Hours()/24))), amount: 1 + random.Int64N(50000), confirmed: random.IntN(4) > 0}
				house.Do(t, h.House, staff, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: made.ID, On: g.on.Format(time.DateOnly), Amount: g.amount, Unconfirmed: !g.confirmed})
				k.gifts = append(k.gifts, g)
			}
			if n%7 == 3 {
				k.withdrawn = k.pledged.AddDate(0, 0, random.IntN(1+int(today.Sub(k.pledged).Hours()/24)))
				house.Do(t, h.House, staff, commitments.Settle, commitments.SettleInput{ID: made.ID, Version: made.Version, State: commitments.Withdrawn, Reason: "x", On: k.withdrawn.Format(time.DateOnly)})
			}
			all = append(all, k)
		}
		compared := 0
		for _, asOf := range []string{"2023-06-30", "2024-12-31", "2025-03-17", "2026-05-14"} {
			day, _ := time.Parse(time.DateOnly, asOf)
			years := house.Do(t, h.House, staff, commitments.GetTotals, commitments.TotalsInput{AsOf: asOf})
			quarters := house.Do(t, h.House, staff, commitments.GetTotals, commitments.TotalsInput{AsOf: asOf, Period: commitments.Quarterly})
			type cell struct{ year, kind string }
			sums := map[cell][3]int64{}
			for _, q := range quarters.Rows {
				s := sums[cell{q.Period[:4], q.Kind}]
				sums[cell{q.Period[:4], q.Kind}] = [3]int64{s[0] + q.Pledged, s[1] + q.Due, s[2] + q.Delivered}
			}
			for _, row := range years.Rows {
				var year int
				if _, err := fmt.Sscan(row.Period, &year); err != nil {
					t.Fatal(err)
				}
				pledged, due, delivered, pledgers, givers, top := byHand(all, row.Kind, year, day)
				near := func(name string, got int64, want float64) {
					if math.Abs(float64(got)-want) > float64(len(all)) { // each commitment is rounded by less than one
						t.Errorf("as of %s, %s %s: %s %d, by hand %.1f", asOf, row.Period, row.Kind, name, got, want)
					}
				}
				near("pledged", row.Pledged, pledged)
				near("due", row.Due, due)
				if row.Delivered != int64(delivered) || row.Givers != int64(givers) || row.Pledgers != int64(pledgers) || delivered > 0 && math.Abs(row.DeliveredTopThree-top) > 1e-9 {
					t.Errorf("as of %s: %+v, by hand %.0f given by %d, top %f, pledged by %d", asOf, row, delivered, givers, top, pledgers)
				}
				if due > 0 && math.Abs(row.FollowThrough-delivered/due) > 0.01*(1+delivered/due) {
					t.Errorf("as of %s, %s %s: follow-through %f, by hand %f", asOf, row.Period, row.Kind, row.FollowThrough, delivered/due)
				}
				if s := sums[cell{row.Period, row.Kind}]; s != [3]int64{row.Pledged, row.Due, row.Delivered} {
					t.Errorf("as of %s, %s %s: quarters add up to %v, the year is %+v", asOf, row.Period, row.Kind, s, row)
				}
				compared++
			}
		}
		if compared < 30 {
			t.Errorf("only %d rows were compared", compared)
		}
	})
}

// Others than the backbone see periods that are over and that enough stand behind,
// and cannot work out the rest from what they see.
func TestTotalsTellOfNoOrganization(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff, member := h.As(operation.Staff), h.As(operation.TableMember)
		give := func(n int, year, month string) {
			for i := range n {
				k := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "cash", OrganizationID: h.Organization(t, fmt.Sprint(year, month, i)), Amount: 100, PledgedOn: "2023-01-01",
					BeginsOn: year + "-" + month + "-01", EndsOn: year + "-" + month + "-28"})
				house.Do(t, h.House, staff, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: k.ID, On: year + "-" + month + "-05", Amount: 100})
			}
		}
		give(6, "2024", "02")
		give(1, "2024", "05") // alone in its quarter
		give(4, "2025", "02")
		give(6, "2026", "02") // not over
		see := func(in commitments.TotalsInput) map[string]commitments.Total {
			out := map[string]commitments.Total{}
			for _, row := range house.Do(t, h.House, member, commitments.GetTotals, in).Rows {
				out[row.Period] = row
			}
			return out
		}
		years := see(commitments.TotalsInput{})
		if y := years["2024"]; y.Hidden || y.Pledged != 700 || y.Delivered != 700 || len(years) != 2 {
			t.Errorf("2024: %+v of %+v", y, years)
		}
		if y := years["2025"]; !y.Hidden || y.Pledged+y.Due+y.Delivered+y.Pledgers+y.Givers != 0 || y.FollowThrough != 0 {
			t.Errorf("2025, of four: %+v", y)
		}
		quarters := see(commitments.TotalsInput{Period: commitments.Quarterly})
		if !quarters["2024-Q1"].Hidden || !quarters["2024-Q2"].Hidden {
			t.Errorf("the year less one quarter tells the other: %+v", quarters)
		}
		_, err := commitments.GetTotals.Do(member, h.App.Door, commitments.TotalsInput{AsOf: "2025-12-31"})
		house.WantFault(t, err, "as_of", "errors.totals_as_of")
		own := house.Do(t, h.House, h.AsPerson(operation.Representative, h.ana), commitments.GetTotals, commitments.TotalsInput{OrganizationID: h.clinic, AsOf: "2025-12-31"})
		if len(own.Rows) != 0 {
			t.Errorf("the clinic pledged nothing: %+v", own)
		}
	})
}
