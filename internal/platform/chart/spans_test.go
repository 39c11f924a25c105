package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(year, month int) time.Time {
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
}

// shapes reads an SVG back: its rectangles, and every text in it.
func shapes(t interface{ Fatalf(string, ...any) }, svg string) (rects []map[string]string, texts []string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return rects, texts
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "rect" {
				attrs := map[string]string{}
				for _, a := range e.Attr {
					attrs[a.Name.Local] = a.Value
				}
				rects = append(rects, attrs)
			}
		case xml.CharData:
			texts = append(texts, string(e))
		}
	}
}

func TestSpansSayWhatTheyShow(t *testing.T) {
	s := Spans{ID: "c", Title: "Two holders <since> 2014", Description: `rows & "bars"`, From: day(2014, 9), To: day(2026, 9), Lanes: []Lane{
		{Label: "Guide vision", Bars: []Bar{{Label: "Foundation 100 %", From: day(2014, 9), To: day(2020, 9)}, {Label: "Commons", From: day(2020, 9), Series: 1}}},
		{Label: "Measure", Bars: []Bar{{Label: "A", From: day(2016, 1)}, {Label: "B", From: day(2017, 1), To: day(2018, 1), Series: 1}}},
	}}
	rects, texts := shapes(t, s.SVG())
	if len(rects) != 8 {
		t.Errorf("%d rectangles for 4 bars with their edges", len(rects))
	}
	all := strings.Join(texts, "|")
	for _, want := range []string{"Two holders <since> 2014", `rows & "bars"`, "Foundation 100 %", "Commons", "Guide vision", "2015", "2026"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in %s", want, all)
		}
	}
	// Whoever follows on the same day stands in the same row, as wide as their years.
	if rects[0]["y"] != rects[2]["y"] || math.Abs(number(t, rects[0]["width"])-number(t, rects[2]["width"])) > 1 {
		t.Errorf("six years and six years: %v, %v", rects[0], rects[2])
	}
	// Whoever does it at the same time stands below.
	if rects[4]["y"] == rects[6]["y"] {
		t.Error("two at the same time lie on each other")
	}
	if (Spans{}).SVG() != "" {
		t.Error("nothing is drawn for nothing")
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Whatever the names and dates, the drawing is well formed, keeps every name out
// of the markup and lies within its frame.
func TestSpansStayWithinTheirFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Spans{ID: "c", Title: rapid.String().Draw(t, "title"), From: day(rapid.IntRange(1000, 2100).Draw(t, "from"), 1)}
		s.To = s.From.AddDate(rapid.IntRange(1, 200).Draw(t, "years"), 0, 0)
		for range rapid.IntRange(1, 5).Draw(t, "lanes") {
			lane := Lane{Label: clean(rapid.String().Draw(t, "label"))}
			for range rapid.IntRange(0, 6).Draw(t, "bars") {
				b := Bar{Label: clean(rapid.String().Draw(t, "name")), From: s.From.AddDate(0, rapid.IntRange(-50, 3000).Draw(t, "month"), 0), Series: rapid.IntRange(0, 20).Draw(t, "series")}
				if rapid.Bool().Draw(t, "ended") {
					b.To = b.From.AddDate(0, rapid.IntRange(1, 300).Draw(t, "months"), 0)
				}
				lane.Bars = append(lane.Bars, b)
			}
			s.Lanes = append(s.Lanes, lane)
		}
		s.Title = clean(s.Title)
		svg := s.SVG()
		shapes(t, svg)
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") || strings.Contains(svg, `x="-`) {
			t.Fatalf("outside the frame:\n%s", svg)
		}
	})
}

// clean is what operations leave of a text: no control characters.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xFFFD || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}
