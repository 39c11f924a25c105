package chart

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
)

// Network is a drawing of who is tied to whom. Places are in units of the drawing,
// from the upper left; what stands where is decided by who makes it.
type Network struct {
	ID          string // of the svg element; unique on its page
	Title       string // read out first
	Description string // what it shows, in words
	Height      float64
	Font        float64 // of names; 12 when 0, more where the drawing is shown small
	Nodes       []Node
	Ties        []Stroke
	// Legend explains colours, shapes and lines, Foot says of what day and how many.
	Legend []Sign
	Foot   string
}

// NetworkWidth is how wide a network is drawn.
const NetworkWidth = 1000.0

// Node is one of those who are tied.
type Node struct {
	X, Y float64
	Size float64 // 0 to 1
	// Series is its colour and its shape, from 0.
	Series int
	Name   string
	Faint  bool // set back behind the others, without its name
	Ringed bool
	Hollow bool // of whom something is missing
	Named  bool // its name stands beside it, whatever is in the way
}

// Stroke is one tie.
type Stroke struct {
	From, To int
	Width    int // 1 to 4
	Pattern  Pattern
	Arrow    bool // leads one way, to To
	Faint    bool
}

// Pattern is how a line is drawn; the legend says what it means.
type Pattern int

// The patterns. Come and Gone are coloured besides.
const (
	Solid Pattern = iota
	Dashed
	Dotted
	DashDot
	Come
	Gone
	LongDashed
)

var dashes = map[Pattern]string{Dashed: "7 4", Dotted: "1.5 4", DashDot: "8 3 1.5 3", Gone: "5 5", LongDashed: "15 4"}

// Sign is one line of the legend: a node's where Node is set, else a tie's.
type Sign struct {
	Label   string
	Node    bool
	Series  int
	Ringed  bool
	Hollow  bool
	Pattern Pattern
	Arrow   bool
}

// radius is how large a node is drawn.
// There are few sizes, so that the same shapes come again and pack well.
func radius(size float64) float64 {
	return 4.5 + 0.5*math.Round(21*math.Sqrt(min(1, max(0, size))))
}

// SVG draws the network. An empty one is an empty text.
func (n Network) SVG() string {
	if len(n.Nodes) == 0 {
		return ""
	}
	legend, rows := n.legend()
	height := n.Height + float64(rows)*n.row() + 34
	var out strings.Builder
	fmt.Fprintf(&out, `<svg id="%s" class="chart network" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="%s-title %s-desc" xmlns="http://www.w3.org/2000/svg" font-family="'Source Sans 3', sans-serif" font-size="%.0f">`,
		html.EscapeString(n.ID), NetworkWidth, height, html.EscapeString(n.ID), html.EscapeString(n.ID), n.font())
	fmt.Fprintf(&out, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, html.EscapeString(n.ID), html.EscapeString(n.Title), html.EscapeString(n.ID), html.EscapeString(n.Description))
	n.strokes(&out)
	n.nodes(&out)
	n.names(&out)
	out.WriteString(`<g aria-hidden="true">` + legend) // the drawing is one picture to those who hear it
	fmt.Fprintf(&out, `<text x="12" y="%.0f" fill="#59625d">%s</text></g></svg>`, height-10, html.EscapeString(n.Foot))
	return out.String()
}

// font is how large names are, row how high a row of the legend is.
func (n Network) font() float64 { return max(n.Font, 12) }
func (n Network) row() float64  { return n.font() + 8 }

// Signs is the legend of a network alone, for a map that is drawn elsewhere.
type Signs struct{ Of Network }

// SVG draws the legend. An empty one is an empty text.
func (s Signs) SVG() string {
	legend, rows := s.Of.legend()
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf(`<svg class="chart signs" viewBox="0 %.0f %.0f %.0f" aria-hidden="true" font-family="'Source Sans 3', sans-serif" font-size="%.0f">%s</svg>`, s.Of.Height, NetworkWidth, float64(rows)*s.Of.row()+8, s.Of.font(), legend)
}

// Render writes the legend into a page.
func (s Signs) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, s.SVG())
	return err
}

// Render writes the drawing into a page.
func (n Network) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, n.SVG())
	return err
}

// look is what several strokes share, so that they are one path.
type look struct {
	pattern Pattern
	width   int
	faint   bool
}

func (n Network) strokes(out *strings.Builder) {
	paths, heads := map[look]*strings.Builder{}, map[look]*strings.Builder{}
	var looks []look
	for _, t := range n.Ties {
		l := look{t.Pattern, min(4, max(1, t.Width)), t.Faint}
		if paths[l] == nil {
			paths[l], heads[l] = &strings.Builder{}, &strings.Builder{}
			looks = append(looks, l)
		}
		a, b := n.Nodes[t.From], n.Nodes[t.To]
		fmt.Fprintf(paths[l], "M%.0f %.0fl%.0f %.0f", a.X, a.Y, math.Round(b.X)-math.Round(a.X), math.Round(b.Y)-math.Round(a.Y))
		if t.Arrow && !t.Faint {
			arrowhead(heads[l], a, b)
		}
	}
	slices.SortFunc(looks, func(a, b look) int {
		if a.faint != b.faint {
			return map[bool]int{true: -1, false: 1}[a.faint]
		}
		return cmp.Or(cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.width, b.width))
	})
	for _, l := range looks {
		fmt.Fprintf(out, `<path%s%s d="%s"/>`, strokeOf(l.pattern), strokeMore(l), paths[l])
		if heads[l].Len() > 0 {
			fmt.Fprintf(out, `<path%s d="%s"/>`, headOf(l.pattern), heads[l])
		}
	}
}

func strokeOf(p Pattern) string {
	switch p {
	case Come:
		return ` class="l1" fill="none" stroke="#17696a"`
	case Gone:
		return ` class="l2" fill="none" stroke="#cf6f1f"`
	}
	return ` class="tie" fill="none" stroke="#85857a"`
}

func headOf(p Pattern) string {
	switch p {
	case Come:
		return ` class="s1" fill="#17696a"`
	case Gone:
		return ` class="s2" fill="#cf6f1f"`
	}
	return ` class="head" fill="#85857a"`
}

func strokeMore(l look) string {
	more := fmt.Sprintf(` stroke-width="%.1f"`, 0.4+0.6*float64(l.width))
	if d := dashes[l.pattern]; d != "" {
		more += ` stroke-dasharray="` + d + `"`
	}
	if l.faint {
		more += ` stroke-opacity=".18"`
	}
	return more
}

// directions is how many arrowheads look different.
const directions = 48

// arrowhead is a triangle before the edge of the node that a tie leads to.
func arrowhead(out *strings.Builder, a, b Node) {
	dx, dy := b.X-a.X, b.Y-a.Y
	d := math.Hypot(dx, dy)
	if d < 1 {
		return
	}
	dx, dy = dx/d, dy/d
	x, y := b.X-dx*(radius(b.Size)+1), b.Y-dy*(radius(b.Size)+1)
	// There are few directions, so that the same heads come again and pack well.
	turn := math.Round(math.Atan2(dy, dx)*directions/(2*math.Pi)) * 2 * math.Pi / directions
	dx, dy = math.Cos(turn), math.Sin(turn)
	fmt.Fprintf(out, "M%.0f %.0fl%.2g %.2g %.2g %.2gz", x, y, 3*dy-8*dx, -3*dx-8*dy, -6*dy, 6*dx)
}

// shape is the outline of a series: what colours say, shapes say too.
func shape(series int, x, y, r float64) string {
	polygon := func(corners int, turn, r float64) string {
		var out strings.Builder
		atX, atY := 0.0, 0.0
		for k := range corners {
			angle := turn + 2*math.Pi*float64(k)/float64(corners)
			dx, dy := math.Round(10*r*math.Sin(angle))/10, -math.Round(10*r*math.Cos(angle))/10
			if k == 0 {
				fmt.Fprintf(&out, "M%.4g %.4gl", x+dx, y+dy)
			} else {
				fmt.Fprintf(&out, "%.3g %.3g ", dx-atX, dy-atY)
			}
			atX, atY = dx, dy
		}
		return out.String() + "z"
	}
	switch series % Shapes {
	case 1:
		return polygon(4, math.Pi/4, r*1.2)
	case 2:
		return polygon(3, 0, r*1.3)
	case 3:
		return polygon(4, 0, r*1.25)
	case 4:
		return polygon(3, math.Pi, r*1.3)
	case 5:
		return polygon(6, 0, r*1.1)
	case 6:
		w := r * 0.42
		return fmt.Sprintf("M%.4g %.4gh%.1fv%.1fh%.1fv%.1fh%.1fv%.1fh%.1fv%.1fh%.1fv%.1fh%.1fz", x-w, y-r*1.15, 2*w, r*1.15-w, r*1.15-w, 2*w, -(r*1.15 - w), r*1.15-w, -2*w, -(r*1.15 - w), -(r*1.15 - w), -2*w, r*1.15-w)
	case 7:
		return polygon(5, 0, r*1.15)
	}
	return fmt.Sprintf("M%.4g %.4ga%.1f %.1f 0 1 0 %.1f 0a%.1f %.1f 0 1 0 -%.1f 0z", x-r, y, r, r, 2*r, r, r, 2*r)
}

// Shapes is how many there are, one a colour.
const Shapes = 8

func (n Network) nodes(out *strings.Builder) {
	for series := range Shapes {
		for _, faint := range []bool{true, false} {
			open := false
			for _, v := range n.Nodes {
				if v.Series%Shapes != series || v.Faint != faint {
					continue
				}
				if !open {
					open = true
					more := ""
					if faint {
						more = ` opacity=".25"`
					}
					fmt.Fprintf(out, `<g class="s%d dot" fill="%s" stroke="#fbfaf6"%s>`, Colour(series), seriesColours[series%len(seriesColours)], more)
				}
				r := radius(v.Size)
				if v.Ringed {
					fmt.Fprintf(out, `<circle class="ring" cx="%.1f" cy="%.1f" r="%.1f" fill="none" stroke="#1e2421" stroke-width="1.5"/>`, v.X, v.Y, r*1.3+3)
				}
				fmt.Fprintf(out, `<path d="%s"><title>%s</title></path>`, shape(series, v.X, v.Y, r), html.EscapeString(v.Name))
				if v.Hollow {
					fmt.Fprintf(out, hollow, shape(series, v.X, v.Y, r*hollowness))
				}
			}
			if open {
				out.WriteString(`</g>`)
			}
		}
	}
}

// hollow is drawn on a node, so that its edge alone is left of it.
const (
	hollow     = `<path class="hollow" fill="#fbfaf6" d="%s"/>`
	hollowness = 0.62
)

// box is where a name stands.
type box struct{ left, top, right, bottom float64 }

func (b box) meets(c box) bool {
	return b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom
}

const (
	mostNames  = 400
	nameWidth  = 6.1 // of a letter, about
	nameLength = 30
)

// names puts names beside nodes where there is room, the largest first. No two
// overlap, and none lies on a node.
func (n Network) names(out *strings.Builder) {
	order := make([]int, 0, len(n.Nodes))
	for k, v := range n.Nodes {
		if !v.Faint && v.Name != "" {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if n.Nodes[a].Named != n.Nodes[b].Named {
			return map[bool]int{true: -1, false: 1}[n.Nodes[a].Named]
		}
		return cmp.Compare(n.Nodes[b].Size, n.Nodes[a].Size)
	})
	if len(order) > mostNames {
		order = order[:mostNames]
	}
	bodies := make([]box, 0, len(n.Nodes))
	for _, v := range n.Nodes {
		if v.Faint {
			continue
		}
		r := radius(v.Size)
		bodies = append(bodies, box{v.X - r, v.Y - r, v.X + r, v.Y + r})
	}
	var taken []box
	out.WriteString(`<g class="names" aria-hidden="true" fill="#1e2421" stroke="#fbfaf6" stroke-width="3" paint-order="stroke">`)
	for _, k := range order {
		v, name := n.Nodes[k], clipped(n.Nodes[k].Name)
		r, w := radius(v.Size)+3, nameWidth*n.font()/12*float64(len([]rune(name)))
		for _, at := range []struct {
			x, y, left float64
			anchor     string
		}{{v.X + r, v.Y + 4, v.X + r, ""}, {v.X - r, v.Y + 4, v.X - r - w, ` text-anchor="end"`}, {v.X, v.Y - r - 1, v.X - w/2, ` text-anchor="middle"`}, {v.X, v.Y + r + n.font() - 2, v.X - w/2, ` text-anchor="middle"`}} {
			b := box{at.left, at.y - n.font() + 2, at.left + w, at.y + 3}
			free := b.left >= 0 && b.right <= NetworkWidth && b.top >= 0 && b.bottom <= n.Height
			if free && !slices.ContainsFunc(taken, b.meets) && !slices.ContainsFunc(bodies, b.meets) {
				taken = append(taken, b)
				fmt.Fprintf(out, `<text x="%.0f" y="%.0f"%s>%s</text>`, at.x, at.y, at.anchor, html.EscapeString(name))
				break
			}
		}
	}
	out.WriteString(`</g>`)
}

func clipped(name string) string {
	if r := []rune(name); len(r) > nameLength {
		return strings.TrimSpace(string(r[:nameLength-1])) + "…"
	}
	return name
}

// legend is what the signs mean, in rows.
func (n Network) legend() (text string, rows int) {
	var out strings.Builder
	x, y := 12.0, n.Height+14
	if len(n.Legend) > 0 {
		rows = 1
	}
	for _, s := range n.Legend {
		wide := 42 + 6.4*n.font()/12*float64(len([]rune(s.Label)))
		if x+wide > NetworkWidth && x > 12 {
			x, y, rows = 12, y+n.row(), rows+1
		}
		if s.Node {
			fmt.Fprintf(&out, `<path class="s%d" fill="%s" d="%s"/>`, Colour(s.Series), seriesColours[s.Series%len(seriesColours)], shape(s.Series, x+8, y, 6))
			if s.Hollow {
				fmt.Fprintf(&out, hollow, shape(s.Series, x+8, y, 6*hollowness))
			}
			if s.Ringed {
				fmt.Fprintf(&out, `<circle class="ring" cx="%.0f" cy="%.0f" r="9.5" fill="none" stroke="#1e2421" stroke-width="1.5"/>`, x+8, y)
			}
		} else {
			fmt.Fprintf(&out, `<path%s%s d="M%.0f %.0fh26"/>`, strokeOf(s.Pattern), strokeMore(look{s.Pattern, 3, false}), x-2, y)
			if s.Arrow {
				fmt.Fprintf(&out, `<path%s d="M%.0f %.0fl-8 -3.5v7z"/>`, headOf(s.Pattern), x+26, y)
			}
		}
		fmt.Fprintf(&out, `<text x="%.0f" y="%.0f" fill="#59625d">%s</text>`, x+30, y+4, html.EscapeString(s.Label))
		x += wide
	}
	return out.String(), rows
}
