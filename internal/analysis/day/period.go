package day

import (
	"fmt"
	"time"
)

// Month is a calendar month, as twelve times its year and the months before it in that year.
type Month int32

// MonthOf is a month by year and name.
func MonthOf(year int, month time.Month) Month { return Month(year*12 + int(month) - 1) }

// Year is the calendar year of the month.
func (m Month) Year() int { return int(m / 12) }

// Quarter is the calendar quarter of the month.
func (m Month) Quarter() Quarter { return Quarter(m / 3) }

// Start is the first day of the month.
func (m Month) Start() Day { return Of(m.Year(), time.Month(int(m)-m.Year()*12+1), 1) }

// End is the last day of the month.
func (m Month) End() Day { return (m + 1).Start() - 1 }

// Span is the days of the month.
func (m Month) Span() Span { return Span{m.Start(), (m + 1).Start()} }

// String writes the month as YYYY-MM.
func (m Month) String() string { return m.Start().String()[:7] }

// Quarter is three calendar months, as four times its year and the quarters before it in that year.
type Quarter int32

// Year is the calendar year of the quarter.
func (q Quarter) Year() int { return int(q / 4) }

// First is the first month of the quarter.
func (q Quarter) First() Month { return Month(q * 3) }

// Span is the days of the quarter.
func (q Quarter) Span() Span { return Span{q.First().Start(), (q.First() + 3).Start()} }

// String writes the quarter as YYYY-Q1 to YYYY-Q4.
func (q Quarter) String() string {
	return fmt.Sprintf("%04d-Q%d", q.Year(), int(q)-q.Year()*4+1)
}
