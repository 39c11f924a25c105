package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"commontable/internal/platform/chart"
)

// A network is well-formed whatever it is called, draws every node in the shape of its
// series, and writes no name on another.
func TestNetworkDrawing(t *testing.T) {
	n := chart.Network{ID: "net", Title: `<b>"Who"</b>`, Description: "&", Height: 700, Foot: "n = 90", Legend: []chart.Sign{{Label: "<i>health</i>", Node: true}, {Label: "declared", Pattern: chart.Dashed, Arrow: true}}}
	for k := range 90 {
		n.Nodes = append(n.Nodes, chart.Node{X: float64(40 + k%10*90), Y: float64(40 + k/10*60), Size: float64(k%7) / 6, Series: k % 9, Name: fmt.Sprintf("<Organization & %d>", k), Ringed: k == 3, Faint: k > 80})
		n.Ties = append(n.Ties, chart.Stroke{From: k, To: (k * 7) % (k + 1), Width: k % 6, Pattern: chart.Pattern(k % 6), Arrow: k%2 == 0, Faint: k > 80})
	}
	text := n.SVG()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Count(text, "<title>"); got != 90 {
		t.Errorf("%d nodes are drawn", got)
	}
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "<b>") {
		t.Error("what is no number, or markup of a name, is in the drawing")
	}
	type box struct{ left, right, y float64 }
	var names []box
	for _, m := range regexp.MustCompile(`<text x="(\d+)" y="(\d+)"( text-anchor="(end|middle)")?>([^<]*)</text>`).FindAllStringSubmatch(text, -1) {
		x, _ := strconv.ParseFloat(m[1], 64)
		y, _ := strconv.ParseFloat(m[2], 64)
		w := 6 * float64(len("<Organization & 10>"))
		b := box{x, x + w, y}
		switch m[4] {
		case "end":
			b.left, b.right = x-w, x
		case "middle":
			b.left, b.right = x-w/2, x+w/2
		}
		for _, o := range names {
			if b.left < o.right-8 && o.left < b.right-8 && b.y < o.y+10 && o.y < b.y+10 {
				t.Errorf("%s lies on another name", m[5])
			}
		}
		names = append(names, b)
	}
	if len(names) < 20 {
		t.Errorf("%d names", len(names))
	}
	if (chart.Network{}).SVG() != "" || (chart.Signs{}).SVG() != "" {
		t.Error("an empty network is drawn")
	}
}
