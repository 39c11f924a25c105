package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long an action waits for what it needs.
const patience = 45 * time.Second

// look is what a page is shown on and to whom.
type look struct {
	name          string // of the device, for file names
	width, height int64
	scale         float64
	touch         bool
	dark          bool
	stillness     bool // prefers-reduced-motion
	noScript      bool
	language      string
}

// Option changes what a page is shown on.
type Option func(*look)

// Laptop is a window of 1280×800, the default.
func Laptop() Option {
	return func(l *look) { l.name, l.width, l.height, l.scale, l.touch = "laptop", 1280, 800, 1, false }
}

// Phone is a touch screen of 360×740.
func Phone() Option {
	return func(l *look) { l.name, l.width, l.height, l.scale, l.touch = "phone", 360, 740, 2, true }
}

// Magnified is a phone as wide as a page that is magnified to 400 per cent, by WCAG
// 1.4.10: what fits there fits everywhere.
func Magnified() Option {
	return func(l *look) { l.name, l.width, l.height, l.scale, l.touch = "magnified", reflowWidth, 740, 1, true }
}

// Dark asks for the dark color scheme.
func Dark() Option { return func(l *look) { l.dark = true } }

// ReducedMotion asks for less movement.
func ReducedMotion() Option { return func(l *look) { l.stillness = true } }

// NoScript turns JavaScript off.
func NoScript() Option { return func(l *look) { l.noScript = true } }

// Language sets what the browser sends as Accept-Language.
func Language(tag string) Option { return func(l *look) { l.language = tag } }

// Page is one tab with cookies of its own.
type Page struct {
	t    testing.TB
	ctx  context.Context
	look look

	mu        sync.Mutex
	faults    []string
	tolerated []string
	document  string // URL of the last document asked for
}

// Page opens an empty tab. Its faults fail t when t ends, or before when
// Page.Close is called.
func (b *Browser) Page(t testing.TB, options ...Option) *Page {
	t.Helper()
	p := &Page{t: t}
	Laptop()(&p.look)
	for _, option := range options {
		option(&p.look)
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	p.ctx = ctx
	t.Cleanup(func() {
		if t.Failed() && !t.Skipped() {
			p.saveFailure()
		}
		p.reportFaults()
		cancel()
	})
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatalf("browser: open a page: %v", err)
	}
	if err := chromedp.Do(ctx, do(cdplog.Enable, cdp.Empty{}), do(audits.Enable, cdp.Empty{}), do(network.Enable, network.EnableParams{})); err != nil {
		t.Fatalf("browser: listen to the page: %v", err)
	}
	p.show(p.look)
	return p
}

// do makes an action of a protocol command whose result does not matter.
func do[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

func (l look) size() emulation.SetDeviceMetricsOverrideParams {
	return emulation.SetDeviceMetricsOverrideParams{Width: l.width, Height: l.height, DeviceScaleFactor: l.scale, Mobile: l.touch}
}

// show makes the tab look like l.
func (p *Page) show(l look) {
	p.t.Helper()
	scheme, motion := "light", "no-preference"
	if l.dark {
		scheme = "dark"
	}
	if l.stillness {
		motion = "reduce"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: motion},
	}}
	steps := []chromedp.Action[chromedp.Void]{
		do(emulation.SetDeviceMetricsOverride, l.size()),
		do(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: l.touch}),
		do(emulation.SetEmulatedMedia, media),
		do(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: l.noScript}),
		// A tab in the background has no focus, so nothing in it shows focus.
		do(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
	}
	if l.language != "" {
		steps = append(steps, do(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
			Headers: network.Headers{"Accept-Language": l.language},
		}))
	}
	p.run("prepare the page", steps...)
}

// run performs steps and fails the test when they do not succeed in time.
func (p *Page) run(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("browser: %s: %v", what, err)
	}
}

// Visit opens an address and waits for the page to load. An answer of 400 or
// above fails the test.
func (p *Page) Visit(url string) {
	p.t.Helper()
	if status := p.Status(url); status >= 400 {
		p.t.Fatalf("browser: %s answered %d", url, status)
	}
}

// Status opens an address, waits for the page to load and returns the status
// of the answer.
func (p *Page) Status(url string) int {
	p.t.Helper()
	p.mu.Lock()
	p.document = url
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.NavigateResponse(url))
	if err != nil {
		p.t.Fatalf("browser: visit %s: %v", url, err)
	}
	if answer == nil { // only the fragment changed
		return 200
	}
	return int(answer.Status)
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.run("reload", chromedp.Reload())
}

// Back goes one page back in the history.
func (p *Page) Back() {
	p.t.Helper()
	var to string
	p.run("go back", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		past, err := cdp.Call(ctx, t, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		if past.CurrentIndex < 1 {
			return errors.New("there is no page before this one")
		}
		entry := past.Entries[past.CurrentIndex-1]
		to = entry.URL
		_, err = cdp.Call(ctx, t, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: entry.ID})
		return err
	}))
	// A page kept in memory comes back without a load event.
	p.WaitURL(to)
}

// Tolerate lets faults pass that contain the text. Give the text of one fault
// this test brings about on purpose, never a whole kind.
func (p *Page) Tolerate(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tolerated = append(p.tolerated, text)
}

// Close checks for faults now. The tab itself goes with the test.
func (p *Page) Close() {
	p.t.Helper()
	p.reportFaults()
}

// Faults returns what went wrong in the page so far and has not been reported.
func (p *Page) Faults() []string {
	// One round trip, so that events on their way have arrived.
	p.run("collect faults", do(runtime.Enable, cdp.Empty{}))
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for _, fault := range p.faults {
		if !p.tolerates(fault) {
			left = append(left, fault)
		}
	}
	p.faults = nil
	return left
}

func (p *Page) tolerates(fault string) bool {
	for _, text := range p.tolerated {
		if strings.Contains(fault, text) {
			return true
		}
	}
	return false
}

func (p *Page) reportFaults() {
	p.t.Helper()
	if p.ctx.Err() != nil {
		return
	}
	for _, fault := range p.Faults() {
		p.t.Errorf("browser: %s", fault)
	}
}

func (p *Page) fault(format string, arguments ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, fmt.Sprintf(format, arguments...))
}

// hear receives every event of the tab. It runs inside chromedp's reader and
// must neither block nor send a command.
func (p *Page) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		p.fault("exception in a script: %s (%s:%d)", text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber+1)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			p.fault("console error: %s", consoleText(e.Args))
		}
	case *cdplog.EventEntryAdded:
		p.hearLog(e.Entry)
	case *audits.EventIssueAdded:
		if d := e.Issue.Details.ContentSecurityPolicyIssueDetails; d != nil {
			blocked := d.BlockedURL
			if blocked == "" {
				blocked = "inline code or style"
			}
			p.fault("content security policy: %s forbids %s", d.ViolatedDirective, blocked)
		}
	case *page.EventJavascriptDialogOpening:
		p.fault("a dialog opened: %s %q", e.Type, e.Message)
		go func() {
			_ = chromedp.Do(p.ctx, do(page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}))
		}()
	}
}

func (p *Page) hearLog(entry *cdplog.Entry) {
	if entry.Level != cdplog.EntryLevelError {
		return
	}
	p.mu.Lock()
	document := p.document
	p.mu.Unlock()
	if entry.Source == cdplog.EntrySourceNetwork && sameDocument(entry.URL, document) {
		return // Visit and Status see the document's own status
	}
	if entry.Source == cdplog.EntrySourceNetwork && strings.HasSuffix(entry.URL, "/favicon.ico") {
		return // asked for by the browser itself when a page names no icon
	}
	// The browser fetches a page's icon when it has time, which can be after the
	// test has stopped its server. A page's own files come before its load event.
	if strings.HasSuffix(entry.URL, "/icon.svg") && (strings.Contains(entry.Text, "ERR_CONNECTION_") || strings.Contains(entry.Text, "ERR_EMPTY_RESPONSE")) {
		return
	}
	p.fault("browser log: %s (%s)", entry.Text, entry.URL)
}

// sameDocument compares addresses without their fragments.
func sameDocument(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a != "" && strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}

func consoleText(values []*runtime.RemoteObject) string {
	var parts []string
	for _, v := range values {
		if len(v.Value) > 0 {
			parts = append(parts, string(v.Value))
		} else {
			parts = append(parts, v.Description)
		}
	}
	return strings.Join(parts, " ")
}
