// Package chart draws charts as SVG on the server, so that they work in print,
// in mail and without scripts. Colours come from the style sheet by class, with
// the light scheme's values as attributes for a file that is taken away. Every
// chart says what it shows in a title and a description, and stands beside a
// table with the same facts.
package chart

import (
	"context"
	"fmt"
	"html"
	"io"
	"strings"
	"time"
)

// Spans is a chart of who did what from when to when: lanes from top to bottom,
// years from left to right.
type Spans struct {
	ID          string // of the svg element; unique on its page
	Title       string // the finding, read out first
	Description string // what the lanes and bars are
	From, To    time.Time
	Lanes       []Lane
}

// Lane is one row of the chart.
type Lane struct {
	Label string
	Bars  []Bar
}

// Bar is one period within a lane, drawn as a tint of its colour with a full
// edge at its beginning, so that the words on it can be read. Bars that overlap
// stand below one another.
type Bar struct {
	Label string
	// From is the first day and To the first day it no longer holds; a zero To
	// runs on to the chart's end and beyond.
	From, To time.Time
	// Series is the colour, from 0; the same series has the same colour in
	// every lane. The label says the same in words.
	Series int
}

// The measures of the chart, in user units that are pixels at full width.
const (
	spansWidth  = 860.0
	labelWidth  = 190.0
	rowHeight   = 22.0
	barHeight   = 17.0
	lanePadding = 8.0
	axisHeight  = 24.0
	charWidth   = 6.3 // of the 12 px sans, on average

	labelLetters = 30 // that fit into labelWidth
)

// Series colours of the light scheme; the style sheet has those of the dark one.
var seriesColours = []string{"#17696a", "#cf6f1f", "#5a59a4", "#b9476b", "#7d8b2c", "#3b8fcb", "#76583a", "#868b88"}

// Colour is the number of the colour class of a series, 1 to 8.
func Colour(series int) int { return series%len(seriesColours) + 1 }

// SVG draws the chart. An empty chart is an empty text.
func (s Spans) SVG() string {
	if len(s.Lanes) == 0 || !s.To.After(s.From) {
		return ""
	}
	var body strings.Builder
	y := axisHeight
	for _, lane := range s.Lanes {
		rows := stack(lane.Bars)
		height := max(1, float64(len(rows)))*rowHeight + lanePadding
		fmt.Fprintf(&body, `<line class="grid" x1="0" x2="%.0f" y1="%.1f" y2="%.1f" stroke="#e2dfd5"/>`, spansWidth, y, y)
		for i, line := range wrap(lane.Label, labelLetters, 2) {
			fmt.Fprintf(&body, `<text class="lane" x="0" y="%.1f" font-weight="600" fill="#1e2421">%s</text>`, y+lanePadding/2+14+float64(i)*14, html.EscapeString(line))
		}
		for n, row := range rows {
			for _, bar := range row {
				s.bar(&body, bar, y+lanePadding/2+float64(n)*rowHeight)
			}
		}
		y += max(height, float64(len(wrap(lane.Label, labelLetters, 2)))*14+lanePadding+4)
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg id="%s" class="chart spans" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="%s-title %s-desc" xmlns="http://www.w3.org/2000/svg" font-family="'Source Sans 3', sans-serif" font-size="12">`,
		html.EscapeString(s.ID), spansWidth, y+2, html.EscapeString(s.ID), html.EscapeString(s.ID))
	fmt.Fprintf(&out, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, html.EscapeString(s.ID), html.EscapeString(s.Title), html.EscapeString(s.ID), html.EscapeString(s.Description))
	s.axis(&out, y)
	out.WriteString(body.String())
	out.WriteString(`</svg>`)
	return out.String()
}

// Render writes the drawing into a page.
func (s Spans) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, s.SVG())
	return err
}

// at is where a day stands, between the labels and the right edge.
func (s Spans) at(t time.Time) float64 {
	share := t.Sub(s.From).Hours() / s.To.Sub(s.From).Hours()
	return labelWidth + min(1, max(0, share))*(spansWidth-labelWidth)
}

// axis writes the years: every one, or every second or fifth where they would
// touch.
func (s Spans) axis(out *strings.Builder, bottom float64) {
	step := 1
	for _, wider := range []int{1, 2, 5, 10, 20, 50, 100} {
		step = wider
		years := float64(s.To.Year()-s.From.Year())/float64(wider) + 1
		if years*44 <= spansWidth-labelWidth {
			break
		}
	}
	for year := s.From.Year(); year <= s.To.Year(); year++ {
		begins := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		if year%step != 0 || begins.Before(s.From) || begins.After(s.To) {
			continue
		}
		x := s.at(begins)
		fmt.Fprintf(out, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.0f" y2="%.1f" stroke="#e2dfd5"/>`, x, x, axisHeight-6, bottom)
		fmt.Fprintf(out, `<text x="%.1f" y="12" fill="#59625d">%d</text>`, min(x, spansWidth-28), year)
	}
}

func (s Spans) bar(out *strings.Builder, b Bar, y float64) {
	to := b.To
	if to.IsZero() {
		to = s.To
	}
	x, end := s.at(b.From), s.at(to)
	width := max(2, end-x)
	colour := seriesColours[b.Series%len(seriesColours)]
	fmt.Fprintf(out, `<g><title>%s</title><rect class="s%d" x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="2" fill="%s" fill-opacity=".3"/><rect class="s%d" x="%.1f" y="%.1f" width="3" height="%.0f" fill="%s"/>`,
		html.EscapeString(b.Label), Colour(b.Series), x, y, width, barHeight, colour, Colour(b.Series), x, y, barHeight, colour)
	text := float64(len([]rune(b.Label))) * charWidth
	switch {
	case text+12 <= width:
		fmt.Fprintf(out, `<text class="in" x="%.1f" y="%.1f" fill="#1e2421">%s</text>`, x+7, y+12.5, html.EscapeString(b.Label))
	case end+text+6 <= spansWidth:
		fmt.Fprintf(out, `<text x="%.1f" y="%.1f" fill="#1e2421">%s</text>`, end+4, y+12.5, html.EscapeString(b.Label))
	case x-text-4 >= labelWidth:
		fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="end" fill="#1e2421">%s</text>`, x-4, y+12.5, html.EscapeString(b.Label))
	default:
		if fits := int((width - 12) / charWidth); fits > 3 {
			fmt.Fprintf(out, `<text class="in" x="%.1f" y="%.1f" fill="#1e2421">%s</text>`, x+7, y+12.5, html.EscapeString(shorten(b.Label, fits)))
		}
	}
	out.WriteString(`</g>`)
}

// stack puts bars into rows so that none overlaps another, each as high as it
// fits. A label that stands beside its bar counts as part of it only loosely:
// bars of one lane rarely follow so closely, and the table has the whole text.
func stack(bars []Bar) [][]Bar {
	var rows [][]Bar
	for _, b := range bars {
		placed := false
		for i, row := range rows {
			last := row[len(row)-1]
			if !last.To.IsZero() && !b.From.Before(last.To) {
				rows[i] = append(row, b)
				placed = true
				break
			}
		}
		if !placed {
			rows = append(rows, []Bar{b})
		}
	}
	return rows
}

// wrap breaks a label at spaces into at most so many lines of so many letters.
func wrap(label string, width, lines int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(label) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= width:
			line += " " + word
		default:
			out = append(out, line)
			line = word
		}
	}
	if line != "" {
		out = append(out, line)
	}
	if len(out) > lines {
		out[lines-1] = strings.Join(out[lines-1:], " ")
		out = out[:lines]
	}
	for i := range out {
		out[i] = shorten(out[i], width)
	}
	return out
}

func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:max(1, most-1)])) + "…"
}
