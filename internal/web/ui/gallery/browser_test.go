package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/assets/axe"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts one Chromium for a test and closes it after.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocated)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return ctx
}

func view(width int64, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.EmulateViewport(width, 900),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}),
	)
}

// evaluate runs a script in the page and waits for its promise.
func evaluate(t *testing.T, ctx context.Context, script string) []string {
	t.Helper()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v =>
	v.nodes.map(n => v.id + ": " + n.html.slice(0, 200) + " — " + n.failureSummary.replace(/\s+/g, " "))))`

// overflow names what reaches beyond the window; scrolling regions may.
const overflow = `(() => {
	const wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= wide) return [];
	return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest(".scroll, .tabs, .sr"))
		.slice(0, 5).map(e => e.outerHTML.slice(0, 120));
})()`

// small names targets below 24 px that WCAG 2.5.8 does not excuse as part of a sentence.
const small = `(least => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")].filter(e => {
	const box = e.getBoundingClientRect();
	if (!box.width || e.closest(".skip, .sr, p, .who, .notice, dd, td, th, figcaption")) return false;
	const label = e.closest("label")?.getBoundingClientRect();
	return Math.max(box.height, label?.height ?? 0) < least - 0.5 || Math.max(box.width, label?.width ?? 0) < least - 0.5;
}).map(e => e.outerHTML.slice(0, 120)))`

// TestGalleryInChromium looks at every page in both schemes and four widths:
// axe finds nothing, nothing is wider than the window, targets are large
// enough, and the Content-Security-Policy is never touched. With
// GALLERY_SHOTS=dir it keeps screenshots.
func TestGalleryInChromium(t *testing.T) {
	ctx := browser(t)
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	var (
		mu         sync.Mutex
		complaints []string
	)
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			// Chromium tells that it asks no untouched page whether to leave; the guard is meant to be there.
			if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "beforeunload") {
				complaints = append(complaints, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	shots := os.Getenv("GALLERY_SHOTS")
	for _, path := range sortedPaths() {
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int64{1280, 768, 360, 320} {
				name := fmt.Sprintf("%s-%s-%d", strings.Trim(path, "/")+"", scheme, width)
				t.Run(name, func(t *testing.T) {
					step, stop := context.WithTimeout(ctx, 30*time.Second)
					defer stop()
					least := "(24)"
					if path == "/task" {
						least = "(44)"
					}
					err := chromedp.Do(step, view(width, scheme), chromedp.Navigate(server.URL+path))
					if err != nil {
						t.Fatal(err)
					}
					evaluate(t, step, "document.fonts.ready.then(() => [])")
					evaluate(t, step, axe.Source+";[]")
					for _, f := range evaluate(t, step, runAxe) {
						t.Errorf("axe %s", f)
					}
					for _, w := range evaluate(t, step, overflow) {
						t.Errorf("wider than the window: %s", w)
					}
					for _, s := range evaluate(t, step, small+least) {
						t.Errorf("target too small: %s", s)
					}
					mu.Lock()
					for _, c := range complaints {
						t.Errorf("browser: %s", c)
					}
					complaints = nil
					mu.Unlock()
					if shots != "" {
						keep(t, step, filepath.Join(shots, strings.ReplaceAll(name, "/", "_")+".png"))
					}
				})
			}
		}
	}
}

func keep(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, image, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestGalleryByHand opens what is closed at first and tries the scripts: the
// search box, a menu, the selection, the double-submit guard.
func TestGalleryByHand(t *testing.T) {
	ctx := browser(t)
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	shots := os.Getenv("GALLERY_SHOTS")
	for _, tc := range []struct {
		name, path, script, want string
		width                    int64
	}{
		{"slash focuses the search", "/", `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true})); return document.activeElement.name`, "q", 1280},
		{"search suggests", "/", `const q = document.querySelector("[name=q]"); q.focus(); q.value = "ros"; q.dispatchEvent(new Event("input", {bubbles: true}));
			await wait(() => q.getAttribute("aria-expanded") === "true");
			q.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowDown", cancelable: true}));
			return document.querySelector("search-box [role=status]").textContent + "|" + q.getAttribute("aria-activedescendant")`, "3 results|suggestion-0", 1280},
		{"selection counts", "/list", `const boxes = document.querySelectorAll("tbody .pick input"); boxes[0].click(); boxes[1].click();
			return document.querySelector(".bulk .count").textContent + "|" + document.querySelector("[data-all]").indeterminate`, "Selected: 2|true", 1280},
		{"selection covers all", "/list", `document.querySelector("[data-all]").click(); return document.querySelector(".bulk .count").textContent`, "Selected: 5", 1280},
		{"arrow goes from row to row", "/list", `const press = () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowDown", bubbles: true, cancelable: true}));
			document.querySelector(".scroll").focus(); press(); press(); return document.activeElement.textContent`, "Harlan Foundation", 1280},
		{"menu opens", "/list", `document.querySelector(".head .menu summary").click(); await new Promise(r => setTimeout(r, 50));
			return String(document.querySelector(".head .menu .pop").getBoundingClientRect().right <= innerWidth)`, "true", 1280},
		{"escape closes a menu", "/list", `const m = document.querySelector(".head .menu"); m.querySelector("summary").click(); m.querySelector("a").focus();
			document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})); return m.open + "|" + (document.activeElement === m.querySelector("summary"))`, "false|true", 1280},
		{"account menu opens", "/", `document.querySelector(".account summary").click(); return "ok"`, "ok", 1280},
		{"switcher opens", "/", `document.querySelector(".switcher summary").click(); return "ok"`, "ok", 1280},
		{"cell edits in place", "/list", `document.querySelectorAll(".edit summary")[1].click(); return "ok"`, "ok", 1280},
		{"filters open", "/list", `document.querySelector(".filter summary").click(); return "ok"`, "ok", 1280},
		{"columns open", "/list", `document.querySelectorAll(".tools .menu summary")[1].click(); return "ok"`, "ok", 1280},
		{"errors take the focus", "/form", `return document.activeElement.className`, "errors", 1280},
		{"one submit only", "/form", `const f = document.querySelector("form.form"); let sent = 0; f.addEventListener("submit", e => sent++); addEventListener("submit", e => { if (!e.defaultPrevented) sent += 10; e.preventDefault() });
			const b = f.querySelector("[type=submit]"); b.click(); b.click(); return sent + "|" + b.getAttribute("aria-disabled")`, "12|true", 1280},
		{"password shows", "/sign-in", `document.querySelector("password-field button").click(); return document.querySelector("#f-password").type`, "text", 1280},
		{"tags complete the last word", "/form", `const i = document.querySelector("#f-tags"); i.value = "parents, s"; i.dispatchEvent(new Event("input", {bubbles: true})); return i.list.options[0].value`, "parents, schools", 1280},
		{"more opens on a phone", "/", `document.querySelector(".nav .more").click(); const box = document.querySelector("#nav-more").getBoundingClientRect();
			return (box.height > 100) + "|" + (box.bottom < innerHeight) + "|" + (box.right <= innerWidth)`, "true|true|true", 360},
		{"right to left fits", "/list", `document.documentElement.dir = "rtl"; const bar = document.querySelector(".rail").getBoundingClientRect();
			return (document.documentElement.scrollWidth <= innerWidth) + "|" + (bar.left > innerWidth / 2)`, "true|true", 1280},
		{"right to left fits a phone", "/record", `document.documentElement.dir = "rtl"; return String(document.documentElement.scrollWidth <= innerWidth)`, "true", 360},
		{"fallbacks set as wide as the fonts", "/", `const width = family => { const c = document.createElement("canvas").getContext("2d"); c.font = family;
			return c.measureText("The leadership table met on Thursday and agreed to share attendance figures").width };
			await Promise.all([document.fonts.load("600 40px 'Source Serif 4'"), document.fonts.load("40px 'Source Sans 3'"), document.fonts.load("600 40px 'Source Serif 4 Fallback'"), document.fonts.load("40px 'Source Sans 3 Fallback'")]);
			const off = (w, name) => width(w + " 40px '" + name + "'") !== width(w + " 40px nosuchface") && Math.abs(width(w + " 40px '" + name + " Fallback'") / width(w + " 40px '" + name + "'") - 1) < 0.02;
			return off("600", "Source Serif 4") + "|" + off("400", "Source Sans 3")`, "true|true", 1280},
		{"nothing shifts", "/", `return await new Promise(r => { let sum = 0; new PerformanceObserver(l => l.getEntries().forEach(e => sum += e.value)).observe({type: "layout-shift", buffered: true}); setTimeout(() => r(sum < 0.01), 300) })`, "true", 360},
		{"htmx listens to its configuration", "/", `return String([...document.adoptedStyleSheets].length)`, "0", 1280},
	} {
		t.Run(tc.name, func(t *testing.T) {
			step, stop := context.WithTimeout(ctx, 20*time.Second)
			defer stop()
			if err := chromedp.Do(step, view(tc.width, "light"), chromedp.Navigate(server.URL+tc.path)); err != nil {
				t.Fatal(err)
			}
			script := `(async () => { const wait = async f => { for (let i = 0; i < 100 && !f(); i++) await new Promise(r => setTimeout(r, 20)) };` + tc.script + `})().then(x => [String(x)])`
			if got := evaluate(t, step, script); len(got) != 1 || got[0] != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if faults := evaluate(t, step, axe.Source+";"+runAxe); len(faults) > 0 {
				t.Errorf("axe: %s", strings.Join(faults, "\n"))
			}
			if shots != "" {
				keep(t, step, filepath.Join(shots, "hand "+tc.name+".png"))
			}
		})
	}
}
