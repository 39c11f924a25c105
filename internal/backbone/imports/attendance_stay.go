package imports

import (
	"strconv"
	"strings"
	"time"

	"commontable/internal/analysis/presence"
)

// stay is what the rows of one person at one meeting come to.
type stay struct {
	minutes, turns, engagement *int64
	from, to                   time.Time
}

func stayOf(v Values) stay {
	s := stay{turns: sumOf(v[eachOf+"turns"]), engagement: numberIn(v, "engagement")}
	var joins []presence.Interval
	for _, field := range []string{"joins", "span"} { // the first and last time only where no joins are known
		for _, line := range lines(v[eachOf+field]) {
			from, to, _ := strings.Cut(line, "/")
			a, _ := time.Parse(time.RFC3339, from)
			b, _ := time.Parse(time.RFC3339, to)
			joins = append(joins, presence.Interval{From: a, To: b})
		}
		merged := presence.Merge(joins)
		if len(merged) == 0 {
			continue
		}
		s.from, s.to = merged[0].From, merged[len(merged)-1].To
		if total := sumOf(v[eachOf+"total"]); field == "span" && total != nil {
			s.minutes = total
		} else {
			n := presence.Minutes(merged)
			s.minutes = &n
		}
		return s
	}
	if s.minutes = sumOf(v[eachOf+"total"]); s.minutes == nil {
		s.minutes = sumOf(v[eachOf+"spent"])
	}
	return s
}

// sumOf adds up numbers in lines, each with the row it is from; nil for none.
func sumOf(text string) *int64 {
	var sum int64
	all := lines(text)
	for _, line := range all {
		number, _, _ := strings.Cut(line, "#")
		n, _ := strconv.ParseInt(number, 10, 64)
		sum += n
	}
	if len(all) == 0 {
		return nil
	}
	return &sum
}

func numberIn(v Values, field string) *int64 {
	n, err := strconv.ParseFloat(v[field], 64)
	if err != nil {
		return nil
	}
	whole := int64(n)
	return &whole
}
