// Package browser lets tests use pages as people do: in a real Chromium, with
// keyboard, mouse and touch, at laptop and phone width, in light and dark.
//
// What goes wrong in a page fails its test without being asked for: errors on
// the console, exceptions, requests that fail, violations of the content
// security policy and unexpected dialogs. Page.Axe checks accessibility.
package browser

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// startTimeout bounds the start of Chromium, which is slow on a busy machine.
const startTimeout = 60 * time.Second

// NoBrowserEnv names the environment variable that leaves browser tests out, as
// "./test --quick" does. Without it they never skip.
const NoBrowserEnv = "COMMONTABLE_NO_BROWSER"

// Browser is a running Chromium with a profile of its own.
type Browser struct {
	ctx context.Context
}

// Open starts Chromium for the test and closes it at the test's end. Starting
// takes about a second: a test with many pages opens one browser and gives each
// page its own cookies with Browser.Page.
func Open(t testing.TB) *Browser {
	t.Helper()
	if os.Getenv(NoBrowserEnv) != "" {
		t.Skip("browser: left out because " + NoBrowserEnv + " is set")
	}
	path := findChromium()
	if path == "" {
		t.Fatal(`browser: no Chromium is installed here: on Debian run "apt-get install chromium-headless-shell"`)
	}
	// Deaf to the options people set for their own desktop use.
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-breakpad", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-features", "Translate,MediaRouter,OptimizationHints,AutofillServerCommunication"),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("password-store", "basic"),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "en-US"),
		chromedp.WSURLReadTimeout(startTimeout),
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		closing, done := context.WithTimeout(ctx, 10*time.Second)
		_ = chromedp.Cancel(closing)
		done()
		cancel()
		cancelAllocator()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("browser: start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}
}

// findChromium returns the path of a Chromium, or "" when there is none. The one
// without windows draws the same pages with the same engine in half the processor's
// time. COMMONTABLE_CHROMIUM names one that lies elsewhere.
func findChromium() string {
	// What goes by that name on Debian is a script, whose child would outlive a test that
	// was killed; so the program itself comes first.
	for _, name := range []string{os.Getenv("COMMONTABLE_CHROMIUM"), "/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
