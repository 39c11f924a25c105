package browser

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// Wait waits until the element is there and visible.
func (p *Page) Wait(selector string) {
	p.t.Helper()
	until(p, "wait for "+selector, "(e => !e ? 'there is none' : h.visible(e) || e.type === 'file' ? '' : 'it is not visible')(h.find("+quote(selector)+"))",
		func(why string) (bool, string) { return why == "", why })
}

// WaitGone waits until no such element is visible.
func (p *Page) WaitGone(selector string) {
	p.t.Helper()
	until(p, "wait until "+selector+" is gone", "h.findAll("+quote(selector)+").filter(h.visible).length",
		func(n int) (bool, string) { return n == 0, fmt.Sprintf("%d are visible", n) })
}

// WaitText waits until the page shows the text.
func (p *Page) WaitText(text string) {
	p.t.Helper()
	until(p, fmt.Sprintf("wait for the text %q", text), "h.clean(document.body?.innerText)", func(all string) (bool, string) {
		return strings.Contains(all, strings.Join(strings.Fields(text), " ")), "the page reads: " + shorten(all, 300)
	})
}

// WaitURL waits until the address contains the text and the page has loaded.
func (p *Page) WaitURL(part string) {
	p.t.Helper()
	until(p, fmt.Sprintf("wait for an address with %q", part), "document.readyState === 'complete' ? location.href : ''",
		func(url string) (bool, string) { return strings.Contains(url, part), "the address is " + url })
}

// Text returns what the element shows.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	p.Wait(selector)
	return p.one(selector, "h.clean(e.innerText)")
}

// Texts returns what each of the visible elements shows, at once.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	return Eval[[]string](p, "h.findAll("+quote(selector)+").filter(h.visible).map(e => h.clean(e.innerText))")
}

// Value returns what a form control holds.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	p.Wait(selector)
	return p.one(selector, "String(e.value)")
}

// Attribute returns an attribute of the element, "" when it has none.
func (p *Page) Attribute(selector, name string) string {
	p.t.Helper()
	until(p, "wait for "+selector, "!!h.find("+quote(selector)+")", func(ok bool) (bool, string) { return ok, "there is none" })
	return p.one(selector, "e.getAttribute("+quote(name)+") ?? ''")
}

// Count returns how many such elements are visible now.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return Eval[int](p, "h.findAll("+quote(selector)+").filter(h.visible).length")
}

// Focused describes the element that has the focus, "" for none.
func (p *Page) Focused() string {
	p.t.Helper()
	return Eval[string](p, "h.active() ? h.describe(h.active()) : ''")
}

// HasFocus tells whether the element has the focus.
func (p *Page) HasFocus(selector string) bool {
	p.t.Helper()
	return Eval[bool](p, "!!h.active() && h.find("+quote(selector)+") === h.active()")
}

// Title returns the title of the page.
func (p *Page) Title() string {
	p.t.Helper()
	return Eval[string](p, "document.title")
}

// URL returns the address of the page.
func (p *Page) URL() string {
	url, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return "an unknown address"
	}
	return url
}

// Eval returns the value of a JavaScript expression, which may be a promise.
// The content security policy does not stop it. It tries again while the page
// is being replaced.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	for attempt := 0; ; attempt++ {
		value, err := ask[T](p, expression)
		if err == nil {
			return value
		}
		if attempt == 5 || strings.Contains(err.Error(), "exception") {
			p.t.Fatalf("browser: evaluate %s: %v", shorten(expression, 120), err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (p *Page) one(selector, expression string) string {
	p.t.Helper()
	return Eval[string](p, "(e => "+expression+")(h.find("+quote(selector)+"))")
}

func shorten(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}
