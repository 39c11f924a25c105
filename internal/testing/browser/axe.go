package browser

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"commontable/assets/axe"
)

// reflowWidth is the width at which WCAG 1.4.10 asks for no sideways scrolling.
const reflowWidth = 320

// mostStops bounds the walk with Tab.
const mostStops = 400

// mostParts is how many stops one control may have inside, as a date has its
// day, month, year and calendar.
const mostParts = 8

// Excuse lets a finding pass that a person has looked at.
type Excuse struct {
	Rule    string // axe's rule, or reflow, name, target, focus
	Element string // part of what the finding says about the element
	Why     string // what the person saw
}

// Arrow excuses the arrow of a history, of which axe cannot say how well it is seen.
var Arrow = Excuse{Rule: "color-contrast", Element: `aria-hidden="true">→`, Why: "an arrow between two values that are named in words for screen readers"}

// Axe fails the test for every barrier it finds: violations axe-core is sure of
// (WCAG 2.0 to 2.2, levels A and AA), things it could not decide and nobody has
// excused, sideways scrolling at 320 pixels, controls without a name, targets
// under 24 pixels, and tab stops without a visible or uncovered focus.
func (p *Page) Axe(excuses ...Excuse) {
	p.t.Helper()
	for _, barrier := range p.Barriers(excuses...) {
		p.t.Errorf("accessibility of %s (%s): %s", p.URL(), p.look.name, barrier)
	}
}

// Touch is Axe without the walk of the keyboard, for screens that are operated by
// finger.
func (p *Page) Touch(excuses ...Excuse) {
	p.t.Helper()
	p.fails(excuses, p.axe(axeRules), p.unnamed(), p.small(), p.overflowing())
}

// Screen is Touch at the width of the screen alone, for a page that is judged at 320
// pixels elsewhere.
func (p *Page) Screen(excuses ...Excuse) {
	p.t.Helper()
	p.fails(excuses, p.axe(axeRules), p.unnamed(), p.small(), p.wide(p.look))
}

// Keyboard fails the test for tab stops without a visible or uncovered focus.
func (p *Page) Keyboard(excuses ...Excuse) {
	p.t.Helper()
	p.fails(excuses, p.unfocused())
}

// Glance is Touch without axe's rules on how a page is built, which are the same on
// every screen, in every language and in both color schemes: of those rules only
// colours are judged. It is for a page that Axe or Screen judges elsewhere.
func (p *Page) Glance(excuses ...Excuse) {
	p.t.Helper()
	p.fails(excuses, p.axe(axeColours), p.unnamed(), p.small(), p.wide(p.look), p.overflowing())
}

// Colours fails the test for those that axe-core finds too pale: what may change with
// the color scheme alone.
func (p *Page) Colours(excuses ...Excuse) {
	p.t.Helper()
	p.fails(excuses, p.axe(axeColours))
}

// Fits fails the test for sideways scrolling, here and at 320 pixels: what longer
// words of another language may cause.
func (p *Page) Fits() {
	p.t.Helper()
	p.fails(nil, p.wide(p.look), p.overflowing())
}

// FitsScreen is Fits at the width of the screen alone.
func (p *Page) FitsScreen() {
	p.t.Helper()
	p.fails(nil, p.wide(p.look))
}

// fails tells the test of what was found and is not excused.
func (p *Page) fails(excuses []Excuse, found ...[]finding) {
	p.t.Helper()
	for _, f := range slices.Concat(found...) {
		if !excused(f, excuses) {
			p.t.Errorf("accessibility of %s (%s): %s", p.URL(), p.look.name, f)
		}
	}
}

// Barriers returns what Axe would report.
func (p *Page) Barriers(excuses ...Excuse) []string {
	p.t.Helper()
	var found []finding
	found = append(found, p.axe(axeRules)...)
	found = append(found, p.unnamed()...)
	found = append(found, p.small()...)
	found = append(found, p.unfocused()...)
	found = append(found, p.overflowing()...)

	var out []string
	for _, f := range found {
		if !excused(f, excuses) {
			out = append(out, f.String())
		}
	}
	return out
}

type finding struct{ rule, element, says string }

func (f finding) String() string {
	text := f.rule
	if f.says != "" {
		text += ": " + f.says
	}
	if f.element != "" {
		text += ": " + f.element
	}
	return text
}

func excused(f finding, excuses []Excuse) bool {
	return slices.ContainsFunc(excuses, func(e Excuse) bool {
		return e.Why != "" && e.Rule == f.rule && strings.Contains(f.element, e.Element)
	})
}

// axeRules are those of WCAG 2.x A and AA. The sizes of targets are left to small, which
// grants less than axe does. Whether a style turns the page with the device is asked of
// the style sheets, which are the same for all pages: axe would load them anew for each.
const axeRules = `runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    rules: { "target-size": { enabled: false }, "css-orientation-lock": { enabled: false } }`

// axeColours is the one rule that the color scheme decides.
const axeColours = `runOnly: { type: "rule", values: ["color-contrast"] }`

// axeRun asks axe-core for what it finds by the rules. What stays in place while the
// page scrolls (the bar of a phone, the first column of a wide table) covers whatever
// lies under it just then, and axe cannot tell the colours there. So it is laid into
// the flow meanwhile.
const axeRun = `(async () => {
  const types = ["violations", "incomplete"];
  const lifted = [...document.querySelectorAll("body *")].filter((e) => ["fixed", "sticky"].includes(getComputedStyle(e).position));
  for (const e of lifted) e.style.position = "static";
  const result = await window.axe.run(document, { resultTypes: types, preload: false, %s });
  for (const e of lifted) e.style.position = "";
  return types.flatMap((kind) => result[kind].flatMap((r) => r.nodes.map((n) => ({
    Rule: r.id, Says: r.help, Element: n.target.flat().join(" ") + " " + n.html.slice(0, 160),
    Detail: [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; "), Sure: kind === "violations",
  }))));
})()`

// axe injects axe-core through the debugging protocol, which the content
// security policy of the page does not stop, and runs the rules.
func (p *Page) axe(rules string) []finding {
	p.t.Helper()
	there, err := ask[bool](p, "!!window.axe")
	if err == nil && !there {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		_, err = chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](axe.Source))
	}
	if err != nil {
		p.t.Fatalf("browser: inject axe-core: %v", err)
	}
	type node struct {
		Rule, Says, Element, Detail string
		Sure                        bool
	}
	nodes, err := ask[[]node](p, fmt.Sprintf(axeRun, rules))
	if err != nil {
		p.t.Fatalf("browser: run axe-core: %v", err)
	}
	var found []finding
	for _, n := range nodes {
		says := n.Says + " (" + n.Detail + ")"
		if !n.Sure {
			says = "undecided, needs a look: " + says
		}
		found = append(found, finding{n.Rule, n.Element, says})
	}
	return found
}

// named lists the roles of things people operate.
var named = map[string]bool{
	"button": true, "link": true, "textbox": true, "searchbox": true, "checkbox": true, "radio": true, "combobox": true,
	"listbox": true, "slider": true, "spinbutton": true, "switch": true, "tab": true, "menuitem": true, "menuitemcheckbox": true,
	"menuitemradio": true, "treeitem": true, "option": true, "Date": true, "DateTime": true, "InputTime": true, "ColorWell": true,
}

// unnamed reads the accessibility tree the browser gives to screen readers and
// returns the controls without a name in it.
func (p *Page) unnamed() []finding {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) ([]finding, error) {
		tree, err := cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			return nil, err
		}
		var found []finding
		for _, n := range tree.Nodes {
			if n.Ignored || n.Role == nil || !named[text(n.Role)] || text(n.Name) != "" || n.BackendDOMNodeID == 0 {
				continue
			}
			found = append(found, finding{"name", element(ctx, t, n.BackendDOMNodeID), "this " + text(n.Role) + " has no name"})
		}
		return found, nil
	})
	if err != nil {
		p.t.Fatalf("browser: read the accessibility tree: %v", err)
	}
	return found
}

// text returns a string value of the accessibility tree.
func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.TrimSpace(strings.Trim(string(v.Value), `"`))
}

func element(ctx context.Context, t *chromedp.Target, id cdp.BackendNodeID) string {
	object, err := cdp.Call(ctx, t, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id})
	if err != nil || object.Object == nil {
		return "an element"
	}
	got, err := cdp.Call(ctx, t, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: "function() { return this.outerHTML.slice(0, 160) }",
		ObjectID:            object.Object.ObjectID,
	})
	if err != nil || got.Result == nil {
		return "an element"
	}
	return strings.Trim(string(got.Result.Value), `"`)
}

func (p *Page) small() []finding {
	p.t.Helper()
	var found []finding
	for _, e := range Eval[[]string](p, "h.small()") {
		found = append(found, finding{"target", e, "a target under 24×24 pixels"})
	}
	return found
}

// wide looks for sideways scrolling. A phone does not scroll a page that is too wide
// but makes all of it smaller, which a window on a laptop never does.
func (p *Page) wide(l look) []finding {
	p.t.Helper()
	if !l.touch && !Eval[bool](p, "document.scrollingElement.scrollWidth > document.documentElement.clientWidth") {
		return nil
	}
	var found []finding
	for _, e := range Eval[[]string](p, "h.overflow()") {
		found = append(found, finding{"reflow", e, fmt.Sprintf("wider than %d pixels", l.width)})
	}
	return found
}

// overflowing looks for sideways scrolling at the width of a magnified page.
func (p *Page) overflowing() []finding {
	p.t.Helper()
	narrow := p.look
	Magnified()(&narrow)
	p.run("narrow the page", do(emulation.SetDeviceMetricsOverride, narrow.size()))
	defer p.run("widen the page", do(emulation.SetDeviceMetricsOverride, p.look.size()))
	Eval[bool](p, "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
	return p.wide(narrow)
}

// stop is one place the Tab key leads to.
type stop struct {
	At     string
	Index  int
	Again  bool
	Framed bool
	Clear  bool
	Look   string
	Left   string // how the stop before looks now
	Box    [4]float64
}

// unfocused walks the page with Tab as a keyboard user does. At each stop the
// element must look different from when the focus is elsewhere, and must not be
// covered. The walk must come to an end.
func (p *Page) unfocused() []finding {
	p.t.Helper()
	var found []finding
	Eval[any](p, "(h.restart(), true)")
	defer Eval[any](p, "(h.restart(), true)")

	var before *stop
	inside := 0
	for count := 0; ; count++ {
		if count == mostStops {
			return append(found, finding{"focus", "", fmt.Sprintf("Tab has not come around after %d stops", mostStops)})
		}
		p.Press("Tab")
		now := Eval[stop](p, "h.stop()")
		if before != nil && now.Again && now.Index == before.Index && inside < mostParts {
			inside++ // the next part of the same control
			continue
		}
		inside = 0
		if before != nil && !before.Framed && now.Left == before.Look {
			found = append(found, p.faded(before, &now)...)
		}
		if now.At == "" || (now.Again && now.Index == 0 && before.Index != 0) {
			return found
		}
		if now.Again {
			return append(found, finding{"focus", now.At, "Tab leads back here before it has left the page: a trap"})
		}
		if !now.Clear && !now.Framed {
			found = append(found, finding{"focus", now.At, "covered or out of sight while it has the focus"})
		}
		before = &now
	}
}

// faded compares the pixels of a former stop with and without the focus, where its
// style has not told a difference, and gives the focus back. Pictures take a
// hundred times as long as styles, so most stops never get here.
func (p *Page) faded(before, now *stop) []finding {
	p.t.Helper()
	without := p.around(*before)
	Eval[bool](p, fmt.Sprintf("h.refocus(%d)", before.Index))
	with := p.around(*before)
	if now.At != "" {
		Eval[bool](p, fmt.Sprintf("h.refocus(%d)", now.Index))
	}
	if with == nil || without == nil || !bytes.Equal(with, without) {
		return nil
	}
	return []finding{{"focus", before.At, "looks the same with and without the focus"}}
}

// around takes a picture of an element and a margin, nil when it has no extent.
func (p *Page) around(s stop) []byte {
	const margin = 8
	if s.Box[2] < 1 || s.Box[3] < 1 {
		return nil
	}
	picture, err := p.clip(max(0, s.Box[0]-margin), max(0, s.Box[1]-margin), s.Box[2]+2*margin, s.Box[3]+2*margin)
	if err != nil {
		p.t.Fatalf("browser: picture of %s: %v", s.At, err)
	}
	return picture
}
