package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whoever cannot tell colours reads the names: each stands beside the lines, none
// over another, none outside of the drawing.
func TestLinesAreNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Lines{ID: "l", Title: "T", Description: "D", Labels: []string{"2024", "2025", "2026"}}
		for n := range rapid.IntRange(2, 8).Draw(t, "lines") {
			line := Line{Name: fmt.Sprintf("Line <%d>", n)}
			for range l.Labels {
				line.Points = append(line.Points, Point{Share: rapid.SampledFrom([]float64{0, 0.5, 0.51, 0.52, 1}).Draw(t, "share")})
			}
			l.Series = append(l.Series, line)
		}
		found := map[string]float64{}
		var at float64
		d := xml.NewDecoder(strings.NewReader(l.SVG()))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("not well formed: %v", err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				for _, a := range e.Attr {
					if e.Name.Local == "text" && a.Name.Local == "y" {
						at, _ = strconv.ParseFloat(a.Value, 64)
					}
				}
			case xml.CharData:
				if strings.HasPrefix(string(e), "Line ") {
					found[string(e)] = at
				}
			}
		}
		if len(found) != len(l.Series) {
			t.Fatalf("%d of %d names are drawn: %v", len(found), len(l.Series), found)
		}
		var heights []float64
		for _, y := range found {
			if y < 10 || y > linesHeight-6 {
				t.Fatalf("a name at %.1f lies outside", y)
			}
			heights = append(heights, y)
		}
		slices.Sort(heights)
		for k := range heights[1:] {
			if heights[k+1]-heights[k] < 14 {
				t.Fatalf("names lie over each other: %v", heights)
			}
		}
	})
}

func TestOneLineNeedsNoName(t *testing.T) {
	svg := Lines{ID: "l", Labels: []string{"2026"}, Series: []Line{{Name: "Presence", Points: []Point{{Share: .5}}}}}.SVG()
	if strings.Contains(svg, "Presence") {
		t.Error("the title names it already")
	}
}
