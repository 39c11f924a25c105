package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ArtifactsEnv names the environment variable for the folder that keeps
// pictures and printed pages for people to look at. Without it only pages of tests that
// failed and printed pages are kept, in artifacts/ in the checkout: a picture of a long
// page takes longer than all that is asked of it.
const ArtifactsEnv = "COMMONTABLE_ARTIFACTS"

// Screenshot keeps a picture of the whole page, named after the name, the
// device and the color scheme: meeting.phone.dark.png; where ArtifactsEnv asks for it.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	if os.Getenv(ArtifactsEnv) == "" {
		return
	}
	picture, err := p.picture()
	if err != nil {
		p.t.Fatalf("browser: screenshot %s: %v", name, err)
	}
	p.keep(p.fileName(name, "png"), picture)
}

// PDF prints the page on A4 as a person would, keeps the file by that name and
// returns it.
func (p *Page) PDF(name string) []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PrintBackground: new(false), PreferCSSPageSize: new(true), GenerateTaggedPDF: new(true)})
	if err != nil {
		p.t.Fatalf("browser: print %s: %v", name, err)
	}
	p.keep(p.fileName(name, "pdf"), printed.Data)
	return printed.Data
}

// AsPrinted shows the page with its print styles until the function returns.
func (p *Page) AsPrinted(look func()) {
	p.t.Helper()
	p.run("show print styles", do(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
	look()
	p.show(p.look)
}

// On shows the page from now on as the options say, on another device for instance.
func (p *Page) On(options ...Option) {
	p.t.Helper()
	for _, option := range options {
		option(&p.look)
	}
	p.show(p.look)
}

// InDark shows the page in the dark color scheme until the function returns.
func (p *Page) InDark(look func()) {
	p.t.Helper()
	before := p.look
	p.look.dark = true
	p.show(p.look)
	look()
	p.look = before
	p.show(p.look)
}

func (p *Page) picture() ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.FullScreenshot(100))
}

func (p *Page) clip(x, y, width, height float64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		got, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Clip:                  &page.Viewport{X: x, Y: y, Width: width, Height: height, Scale: 1},
			CaptureBeyondViewport: new(true),
			OptimizeForSpeed:      new(true),
		})
		return got.Data, err
	})
}

// saveFailure keeps a picture of the page as a failed test left it.
func (p *Page) saveFailure() {
	if picture, err := p.picture(); err == nil {
		p.keep(p.fileName("failed-"+p.t.Name(), "png"), picture)
	}
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

func (p *Page) fileName(name, extension string) string {
	scheme := "light"
	if p.look.dark {
		scheme = "dark"
	}
	return strings.Join([]string{strings.Trim(unsafeInName.ReplaceAllString(name, "-"), "-"), p.look.name, scheme, extension}, ".")
}

func (p *Page) keep(name string, content []byte) {
	p.t.Helper()
	folder, err := Artifacts()
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), content, 0o644)
	}
	if err != nil {
		p.t.Errorf("browser: keep %s: %v", name, err)
	}
}

// Artifacts returns the folder that keeps what tests leave for people to look at.
func Artifacts() (string, error) {
	if folder := os.Getenv(ArtifactsEnv); folder != "" {
		return filepath.Abs(folder)
	}
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, "artifacts"), nil
		}
		if at == filepath.Dir(at) {
			return "", errors.New("no go.mod above the working folder: set " + ArtifactsEnv)
		}
		at = filepath.Dir(at)
	}
}
