package scorecard

import (
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/stats"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/operation"
)

// counted is what the ledger of attendance holds of a span of days.
type counted struct {
	present        int64
	presence, kept stats.Share
	due, promised  int64 // how many organizations stand behind each
}

// count works a measure out for the days of its period that had passed on the day told of.
func (t *telling) count(e Evidence) (Told, error) {
	span, ok := periodOf(e.Period)
	if !ok {
		return Told{Gone: GoneItem}, nil
	}
	asOf, err := day.Parse(t.day)
	if err != nil {
		return Told{}, err
	}
	last := min(span.Until-1, asOf)
	f := &CountFigure{From: span.From.String(), To: last.String(), Partial: last < span.Until-1}
	out := Told{Count: f}
	if !t.c.Can(together.Get.ID) {
		return Told{Gone: GoneRefused}, nil
	}
	switch e.Measure {
	case Meetings:
		f.Number, err = convening.HeldBetween(t.c, f.From, f.To)
		return out, err
	case TimeGiven:
		return t.timeGiven(e, out)
	}
	sums, err := t.ledger(day.Span{From: span.From, Until: last + 1})
	if err != nil {
		return out, err
	}
	of, n := sums.presence, sums.due
	switch e.Measure {
	case AtTable:
		f.Number = sums.present
		return out, nil
	case Kept:
		of, n = sums.kept, sums.promised
	}
	if n > 0 && n < together.LeastGroup {
		return Told{Gone: GoneFew}, nil
	}
	share := together.ShareOf(of)
	f.Share, f.N = &share, n
	return out, nil
}

// ledger reads a span of days, once.
func (t *telling) ledger(span day.Span) (*counted, error) {
	if known := t.sums[span]; known != nil {
		return known, nil
	}
	book, err := attendance.Open(t.c, directory.BodyID{})
	if err != nil {
		return nil, err
	}
	sums, err := book.Sums(span)
	if err != nil {
		return nil, err
	}
	present, err := book.Present(span)
	if err != nil {
		return nil, err
	}
	total := sums.Total()
	out := &counted{present: int64(present.Len()), presence: total.Attendance.Presence, kept: total.Kept}
	for _, row := range sums {
		if row.Sum.Attendance.Presence.All > 0 {
			out.due++
		}
		if row.Sum.Kept.All > 0 {
			out.promised++
		}
	}
	t.sums[span] = out
	return out, nil
}

// totals are those of commitments, read once.
func (t *telling) totals(ask commitments.TotalsInput) (commitments.Totals, error) {
	if t.given == nil {
		totals, err := commitments.GetTotals.Within(t.c, ask)
		if err != nil {
			return totals, err
		}
		t.given = &totals
	}
	return *t.given, nil
}

// timeGiven is what was given of the hours pledged for a year, as the totals of
// commitments tell it to whoever asks.
func (t *telling) timeGiven(e Evidence, out Told) (Told, error) {
	ask := commitments.TotalsInput{Period: commitments.Yearly}
	if t.c.Can(commitments.List.ID) {
		ask.AsOf = t.day
	} else if end := e.Period + "-12-31"; end < t.c.Today() {
		out.Count.To, out.Count.Partial = end, false // the totals know no other day for others than the backbone
	}
	totals, err := t.totals(ask)
	if kind := operation.KindOf(operation.Translate(err)); kind == operation.Forbidden {
		return Told{Gone: GoneRefused}, nil
	}
	if err != nil {
		return out, err
	}
	if totals.Least > 0 && out.Count.Partial {
		return Told{Gone: GoneOpen}, nil
	}
	out.Count.Followed = -1
	for _, row := range totals.Rows {
		if row.Kind != commitments.TimeKind || row.Period != e.Period {
			continue
		}
		if row.Hidden {
			return Told{Gone: GoneFew}, nil
		}
		share := together.Share{Some: row.Delivered, All: row.Due, Rate: max(0, row.FollowThrough)}
		out.Count.Share, out.Count.Followed, out.Count.N = &share, row.FollowThrough, row.Pledgers
	}
	return out, nil
}
