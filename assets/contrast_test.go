package assets_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var token = regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{3,6});`)

// schemes reads the colours of both schemes; dark overrides light.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile("src/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	lightText, darkText, found := strings.Cut(string(data), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("tokens.css has no dark scheme")
	}
	light, dark := map[string]string{}, map[string]string{}
	for _, m := range token.FindAllStringSubmatch(lightText, -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	for _, m := range token.FindAllStringSubmatch(darkText, -1) {
		dark[m[1]] = m[2]
	}
	return map[string]map[string]string{"light": light, "dark": dark}
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	weights := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, w := range weights {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += w * c
	}
	return sum
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds WCAG 2.2 AA for every pair the style sheet sets: 4.5:1
// for text, 3:1 for the edges of controls, focus and chart marks.
func TestContrast(t *testing.T) {
	grounds := []string{"paper", "surface", "sunk"}
	pairs := map[string][]string{
		"ink": append([]string{"pine-soft", "ember-soft", "warn-soft", "bad-soft", "good-soft"}, grounds...), "muted": append([]string{"pine-soft"}, grounds...),
		"pine": append([]string{"pine-soft"}, grounds...), "ember": append([]string{"ember-soft"}, grounds...),
		"warn": append([]string{"warn-soft"}, grounds...), "bad": append([]string{"bad-soft"}, grounds...),
		"good": append([]string{"good-soft"}, grounds...), "on-pine": {"pine", "pine-deep"}, "on-bad": {"bad"},
	}
	marks := []string{"edge", "focus", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"}
	for scheme, colours := range schemes(t) {
		check := func(front, back string, least float64) {
			if colours[front] == "" || colours[back] == "" {
				t.Errorf("%s: no colour %s or %s", scheme, front, back)
				return
			}
			if got := contrast(colours[front], colours[back]); got < least {
				t.Errorf("%s: %s on %s is %.2f:1, needs %.1f:1", scheme, front, back, got, least)
			}
		}
		for front, backs := range pairs {
			for _, back := range backs {
				check(front, back, 4.5)
			}
		}
		for _, mark := range marks {
			check(mark, "paper", 3)
			check(mark, "surface", 3)
		}
	}
}

// tint is a colour laid over a ground as thinly as bars of charts are.
func tint(colour, ground string) string {
	const share = 0.3
	part := func(hex string, i int) float64 {
		hex = strings.TrimPrefix(hex, "#")
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		return float64(n)
	}
	out := "#"
	for i := range 3 {
		out += hexByte(share*part(colour, i) + (1-share)*part(ground, i))
	}
	return out
}

func hexByte(v float64) string {
	s := strconv.FormatUint(uint64(math.Round(v)), 16)
	return strings.Repeat("0", 2-len(s)) + s
}

// Words on a chart's bars can be read whatever the bar's colour, and so can the
// years beside them.
func TestChartTextIsLegible(t *testing.T) {
	for scheme, colours := range schemes(t) {
		for _, ground := range []string{"paper", "surface"} {
			for n := 1; n <= 8; n++ {
				bar := tint(colours["d"+strconv.Itoa(n)], colours[ground])
				if got := contrast(colours["ink"], bar); got < 4.5 {
					t.Errorf("%s: ink on the bar of series %d over %s is %.2f:1", scheme, n, ground, got)
				}
			}
		}
	}
}

// Nothing depends on how a phone is held (WCAG 1.3.4): no style asks for it. The style
// sheets are the same for all pages, so it is asked here and not of each page.
func TestNoStyleTurnsThePage(t *testing.T) {
	sheets, err := filepath.Glob("src/css/*.css")
	if err != nil || len(sheets) < 3 {
		t.Fatalf("%d style sheets, %v", len(sheets), err)
	}
	for _, name := range sheets {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "orientation") {
			t.Errorf("%s asks how the device is held", name)
		}
	}
}
