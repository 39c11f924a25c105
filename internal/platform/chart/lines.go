package chart

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// Lines is a chart of shares over time: from nothing to all, the oldest on the left,
// each line with the band in which it may lie.
type Lines struct {
	ID          string // of the svg element; unique on its page
	Title       string // the finding, read out first
	Description string // what the lines and bands are
	// Labels stand below the steps; an empty one is left out.
	Labels []string
	Series []Line
	// Width and Height are the size of the drawing in units of its text, which is 12
	// high; as wide as a page when 0.
	Width, Height float64
}

// Line is one share over time, with a point for each label.
type Line struct {
	Name   string
	Points []Point
}

// Point is a share at one step, from 0 to 1.
type Point struct {
	Share, Low, High float64
	// None says that nothing is known of the step: the line stops and goes on.
	None bool
	// Open says that the step is not over; its point is hollow.
	Open bool
}

const (
	linesHeight = 240.0
	linesLeft   = 44.0
	linesRight  = 12.0
	// Beside several lines their names stand, so that nobody has to match colours.
	namesBefore = 40.0
	runeWidth   = 7.0
	namesApart  = 15.0
	nameRunes   = 28
)

// lineDashes tell lines apart for those who cannot tell colours.
var lineDashes = []string{"", "7 4", "2 3", "10 3 2 3"}

// SVG draws the chart. An empty chart is an empty text.
func (l Lines) SVG() string {
	if len(l.Labels) == 0 || len(l.Series) == 0 {
		return ""
	}
	width, height := l.size()
	right := width - linesRight
	if len(l.Series) > 1 {
		longest := 0
		for _, series := range l.Series {
			longest = max(longest, len([]rune(shorten(series.Name, nameRunes))))
		}
		right = width - namesBefore - runeWidth*float64(longest)
	}
	x := func(k int) float64 {
		if len(l.Labels) == 1 {
			return (linesLeft + right) / 2
		}
		return linesLeft + float64(k)/float64(len(l.Labels)-1)*(right-linesLeft)
	}
	y := func(share float64) float64 { return 12 + (1-min(1, max(0, share)))*(height-12-axisHeight) }
	var out strings.Builder
	fmt.Fprintf(&out, `<svg id="%s" class="chart lines" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="%s-title %s-desc" xmlns="http://www.w3.org/2000/svg" font-family="'Source Sans 3', sans-serif" font-size="12">`,
		html.EscapeString(l.ID), width, height, html.EscapeString(l.ID), html.EscapeString(l.ID))
	fmt.Fprintf(&out, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, html.EscapeString(l.ID), html.EscapeString(l.Title), html.EscapeString(l.ID), html.EscapeString(l.Description))
	for _, share := range []int{0, 25, 50, 75, 100} {
		at := y(float64(share) / 100)
		fmt.Fprintf(&out, `<line class="grid" x1="%.0f" x2="%.0f" y1="%.1f" y2="%.1f" stroke="#e2dfd5"/><text x="0" y="%.1f" fill="#59625d">%d %%</text>`, linesLeft, right, at, at, at+4, share)
	}
	last := -100.0
	for k, label := range l.Labels {
		if label == "" || x(k)-last < 40 {
			continue
		}
		last = x(k)
		fmt.Fprintf(&out, `<text x="%.1f" y="%.0f" text-anchor="middle" fill="#59625d">%s</text>`, min(x(k), width-24), height-6, html.EscapeString(label))
	}
	for n, series := range l.Series {
		l.line(&out, series, n, x, y)
	}
	if len(l.Series) > 1 {
		l.names(&out, right, y)
	}
	out.WriteString(`</svg>`)
	return out.String()
}

func (l Lines) size() (width, height float64) {
	return cmp.Or(l.Width, spansWidth), cmp.Or(l.Height, linesHeight)
}

// names writes the name of each line at its end, from top to bottom in the order in
// which the lines end and never over each other.
func (l Lines) names(out *strings.Builder, right float64, y func(float64) float64) {
	type name struct {
		text    string
		end, at float64
		n       int
	}
	var names []name
	for n, series := range l.Series {
		for k := min(len(series.Points), len(l.Labels)) - 1; k >= 0; k-- {
			if p := series.Points[k]; !p.None {
				names = append(names, name{text: shorten(series.Name, nameRunes), end: y(p.Share), n: n})
				break
			}
		}
	}
	slices.SortStableFunc(names, func(a, b name) int { return cmp.Compare(a.end, b.end) })
	above := 12 - namesApart
	for k := range names {
		names[k].at = max(names[k].end, above+namesApart)
		above = names[k].at
	}
	_, height := l.size()
	below := height - axisHeight + namesApart
	for k := len(names) - 1; k >= 0; k-- {
		names[k].at = min(names[k].at, below-namesApart)
		below = names[k].at
	}
	for _, name := range names {
		colour, class := seriesColours[name.n%len(seriesColours)], Colour(name.n)
		fmt.Fprintf(out, `<path class="l%d" d="M%.1f %.1f L%.1f %.1f H%.1f" fill="none" stroke="%s" stroke-width="1.5"%s/>`, class, right+4, name.end, right+14, name.at, right+30, colour, dashed(name.n))
		fmt.Fprintf(out, `<text class="lane" x="%.1f" y="%.1f" fill="#1e2421">%s</text>`, right+namesBefore-5, name.at+4, html.EscapeString(name.text))
	}
}

func dashed(n int) string {
	if d := lineDashes[n%len(lineDashes)]; d != "" {
		return ` stroke-dasharray="` + d + `"`
	}
	return ""
}

// line draws one series: its band, its line, and a dot for every point.
func (l Lines) line(out *strings.Builder, series Line, n int, x func(int) float64, y func(float64) float64) {
	colour, class := seriesColours[n%len(seriesColours)], Colour(n)
	var run []int
	flush := func() {
		if len(run) == 0 {
			return
		}
		var band, line strings.Builder
		for _, k := range run {
			fmt.Fprintf(&band, "%.1f,%.1f ", x(k), y(series.Points[k].High))
			fmt.Fprintf(&line, "%.1f,%.1f ", x(k), y(series.Points[k].Share))
		}
		for i := len(run) - 1; i >= 0; i-- {
			fmt.Fprintf(&band, "%.1f,%.1f ", x(run[i]), y(series.Points[run[i]].Low))
		}
		fmt.Fprintf(out, `<polygon class="s%d" points="%s" fill="%s" fill-opacity=".14"/>`, class, strings.TrimSpace(band.String()), colour)
		fmt.Fprintf(out, `<polyline class="l%d" points="%s" fill="none" stroke="%s" stroke-width="2"%s/>`, class, strings.TrimSpace(line.String()), colour, dashed(n))
		run = nil
	}
	for k := range min(len(series.Points), len(l.Labels)) {
		if series.Points[k].None {
			flush()
			continue
		}
		run = append(run, k)
	}
	flush()
	for k := range min(len(series.Points), len(l.Labels)) {
		p := series.Points[k]
		switch {
		case p.None:
		case p.Open:
			fmt.Fprintf(out, `<circle class="l%d" cx="%.1f" cy="%.1f" r="3.5" fill="#fff" stroke="%s" stroke-width="2"/>`, class, x(k), y(p.Share), colour)
		default:
			fmt.Fprintf(out, `<circle class="s%d" cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>`, class, x(k), y(p.Share), colour)
		}
	}
}

// Render writes the drawing into a page.
func (l Lines) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, l.SVG())
	return err
}
