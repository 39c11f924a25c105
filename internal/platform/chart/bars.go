package chart

import (
	"context"
	"fmt"
	"html"
	"io"
	"strings"
)

// Bars is a chart of shares of a whole: a bar for each, from nothing to all of
// it, and where one is aimed at, a mark across it.
type Bars struct {
	ID          string // of the svg element; unique on its page
	Title       string // the finding, read out first
	Description string // what the bars and marks are
	Rows        []Share
}

// Share is one bar, in per cent.
type Share struct {
	Label string
	// Text stands behind the bar and says the figures.
	Text   string
	Part   int64
	Target int64 // 0 for none
	// Heading says that there is no bar: Label stands above those that follow.
	Heading bool
}

// barsRoom is kept right of the whole for the words behind a full bar.
const barsRoom = 190.0

// SVG draws the chart. An empty chart is an empty text.
func (b Bars) SVG() string {
	if len(b.Rows) == 0 {
		return ""
	}
	at := func(share int64) float64 {
		return labelWidth + float64(min(100, max(0, share)))/100*(spansWidth-labelWidth-barsRoom)
	}
	height := axisHeight + float64(len(b.Rows))*(rowHeight+lanePadding)
	var out strings.Builder
	fmt.Fprintf(&out, `<svg id="%s" class="chart bars" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="%s-title %s-desc" xmlns="http://www.w3.org/2000/svg" font-family="'Source Sans 3', sans-serif" font-size="12">`,
		html.EscapeString(b.ID), spansWidth, height+2, html.EscapeString(b.ID), html.EscapeString(b.ID))
	fmt.Fprintf(&out, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, html.EscapeString(b.ID), html.EscapeString(b.Title), html.EscapeString(b.ID), html.EscapeString(b.Description))
	for _, share := range []int64{0, 25, 50, 75, 100} {
		fmt.Fprintf(&out, `<line class="grid" x1="%.1f" x2="%.1f" y1="%.0f" y2="%.1f" stroke="#e2dfd5"/><text x="%.1f" y="12" fill="#59625d">%d %%</text>`, at(share), at(share), axisHeight-6, height, at(share), share)
	}
	for n, row := range b.Rows {
		y := axisHeight + float64(n)*(rowHeight+lanePadding)
		fmt.Fprintf(&out, `<text class="lane" x="0" y="%.1f" font-weight="600" fill="#1e2421">%s</text>`, y+14, html.EscapeString(shorten(row.Label, row.letters(labelLetters))))
		if row.Heading {
			continue
		}
		fmt.Fprintf(&out, `<rect class="s1" x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="2" fill="%s"/>`, at(0), y, max(1, at(row.Part)-at(0)), barHeight, seriesColours[0])
		if row.Target > 0 {
			fmt.Fprintf(&out, `<rect class="lane" x="%.1f" y="%.1f" width="2" height="%.0f" fill="#1e2421"/>`, at(row.Target)-1, y-3, barHeight+6)
		}
		fmt.Fprintf(&out, `<text x="%.1f" y="%.1f" fill="#1e2421">%s</text>`, max(at(row.Part), at(row.Target))+6, y+12.5, html.EscapeString(row.Text))
	}
	out.WriteString(`</svg>`)
	return out.String()
}

// letters is how many of a label fit: above other rows there is more room than beside a bar.
func (s Share) letters(beside int) int {
	if s.Heading {
		return 2 * beside
	}
	return beside
}

// The narrow drawing has its labels above the bars.
const (
	narrowWidth   = 320.0
	narrowRoom    = 110.0 // right of the whole, for the words behind a full bar
	narrowRow     = 38.0
	narrowHeading = 24.0
	narrowLetters = 44
)

// narrow draws the same for a phone, where it takes the place of the other.
func (b Bars) narrow() string {
	if len(b.Rows) == 0 {
		return ""
	}
	length := func(share int64) float64 {
		return float64(min(100, max(0, share))) / 100 * (narrowWidth - narrowRoom)
	}
	var rows strings.Builder
	y := 0.0
	for _, row := range b.Rows {
		fmt.Fprintf(&rows, `<text class="lane" x="0" y="%.1f" font-weight="600">%s</text>`, y+13, html.EscapeString(shorten(row.Label, narrowLetters)))
		if row.Heading {
			y += narrowHeading
			continue
		}
		fmt.Fprintf(&rows, `<line class="grid" x1="0" x2="%.0f" y1="%.1f" y2="%.1f"/><rect class="s1" x="0" y="%.1f" width="%.1f" height="%.0f" rx="2"/>`, narrowWidth-narrowRoom, y+18+barHeight, y+18+barHeight, y+18, max(1, length(row.Part)), barHeight)
		if row.Target > 0 {
			fmt.Fprintf(&rows, `<rect class="lane" x="%.1f" y="%.1f" width="2" height="%.0f"/>`, length(row.Target)-1, y+15, barHeight+6)
		}
		fmt.Fprintf(&rows, `<text x="%.1f" y="%.1f">%s</text>`, max(length(row.Part), length(row.Target))+6, y+30.5, html.EscapeString(row.Text))
		y += narrowRow
	}
	return fmt.Sprintf(`<svg class="chart bars narrow" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s" font-size="13">%s</svg>`, narrowWidth, y+4, html.EscapeString(b.Title+". "+b.Description), rows.String())
}

// Render writes the drawing into a page, for wide screens and for narrow ones; the sheet of
// styles shows one of them.
func (b Bars) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, b.SVG()+b.narrow())
	return err
}
