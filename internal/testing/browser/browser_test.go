package browser_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"commontable/internal/testing/browser"
)

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"

const goodStyle = `
:root { color-scheme: light dark }
body { margin: 1rem; font: 1rem/1.5 sans-serif; color: #111; background: #fff }
a { color: #0645ad }
button, input, select { font: inherit; min-height: 2.75rem; padding: 0 .75rem; color: #111; background: #fff; border: 1px solid #555 }
input { max-width: 100%; box-sizing: border-box }
a, summary { display: inline-block; min-height: 1.75rem }
:focus-visible { outline: 3px solid #b00; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #9cf } }
@media print { nav { display: none } }
`

func document(head, body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>A page</title><link rel="icon" href="/icon.svg">` + head + `</head><body>` + body + `</body></html>`
}

const good = `<nav aria-label="Main"><a href="/next">Next page</a></nav>
<main><h1>Organizations</h1>
<form method="post" action="/save">
<p><label for="name">Name</label> <input id="name" name="name"></p>
<p><label>Kind <select name="kind"><option value="s">School</option><option value="c">Clinic</option></select></label></p>
<p><label>Since <input type="date" name="since"></label></p>
<p><label><input type="checkbox" name="active"> Active member</label></p>
<p><label>Logo <input type="file" name="logo"></label></p>
<p><button>Save</button></p></form>
<p id="out">waiting</p></main>`

const script = `
document.getElementById("name")?.addEventListener("keydown", (e) => {
  if (e.key === "k" && e.ctrlKey) document.getElementById("out").textContent = "shortcut";
});
document.getElementById("out").textContent = "ready in " + innerWidth + (matchMedia("(prefers-color-scheme: dark)").matches ? " dark" : " light") + ("ontouchstart" in window ? " touch" : "");
`

// serve answers with the good page under a strict policy, and with the pages
// given by path.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	send := func(path, kind, body string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Security-Policy", policy)
			_, _ = fmt.Fprint(w, body)
		})
	}
	link := `<link rel="stylesheet" href="/style.css">`
	send("/{$}", "text/html", document(link+`<script src="/script.js" defer></script>`, good))
	send("/next", "text/html", document(link, `<main><h1>Next</h1></main>`))
	send("/style.css", "text/css", goodStyle)
	send("/script.js", "text/javascript", script)
	send("/icon.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	mux.HandleFunc("POST /save", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		_ = r.ParseMultipartForm(1 << 20)
		_, _ = fmt.Fprint(w, document(link, `<main><h1>Saved</h1><p id="saved">`+r.PostForm.Encode()+`</p></main>`))
	})
	for path, body := range pages {
		send(path, "text/html", body)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

func TestJourney(t *testing.T) {
	b, site := browser.Open(t), serve(t, nil)
	for name, options := range map[string][]browser.Option{"laptop": nil, "phone": {browser.Phone(), browser.Dark()}, "without scripts": {browser.NoScript()}} {
		t.Run(name, func(t *testing.T) {
			p := b.Page(t, options...)
			p.Visit(site)
			want := map[string]string{"laptop": "ready in 1280 light", "phone": "ready in 360 dark touch", "without scripts": "waiting"}[name]
			p.WaitText(want)

			p.Fill("label=Name", "Elm Street School")
			p.Fill("label=Kind", "Clinic")
			p.Fill("[name=since]", "2026-03-01")
			p.Check("label=Active member", true)
			p.Check("label=Active member", true)
			if got := p.Value("label=Name"); got != "Elm Street School" {
				t.Errorf("the name reads %q", got)
			}
			p.Follow("text=Save")
			if got := p.Text("#saved"); got != "active=on&kind=c&logo=&name=Elm+Street+School&since=2026-03-01" {
				t.Errorf("the form sent %q", got)
			}
			p.Back()
			p.WaitText(want)
			p.Follow("text=Next page")
			p.WaitURL("/next")
			if got := p.Title(); got != "A page" {
				t.Errorf("title %q", got)
			}
			if got := p.Texts("h1"); len(got) != 1 || got[0] != "Next" {
				t.Errorf("headings %q", got)
			}
		})
	}
}

func TestKeyboard(t *testing.T) {
	p := browser.Open(t).Page(t)
	p.Visit(serve(t, nil))
	p.Press("Tab")
	if !p.HasFocus("nav a") {
		t.Errorf("after one Tab the focus is on %q", p.Focused())
	}
	p.Press("Tab")
	p.Type("Böll")
	if got := p.Value("#name"); got != "Böll" {
		t.Errorf("typed %q", got)
	}
	p.Press("Control+k")
	p.WaitText("shortcut")
	p.Press("Shift+Tab")
	p.Press("Enter")
	p.WaitURL("/next")
}

func TestGoodPageHasNoBarriers(t *testing.T) {
	b, site := browser.Open(t), serve(t, nil)
	for _, options := range [][]browser.Option{{}, {browser.Phone()}} {
		p := b.Page(t, options...)
		p.Visit(site)
		p.Axe()
		if got := browser.Eval[int](p, "innerWidth"); got == 320 {
			t.Error("the narrow width stayed after the check")
		}
	}
}

// Each weakened page must be found out by the check in its name.
func TestWeakenedPagesHaveBarriers(t *testing.T) {
	link := `<link rel="stylesheet" href="/style.css">`
	long := strings.Repeat("unbreakable", 30)
	weak := map[string]string{
		"color-contrast":                document(link+`<style>p{color:#ccc;background:#fff}</style>`, `<main><h1>T</h1><p>pale words</p></main>`),
		"label":                         document(link, `<main><h1>T</h1><input name="x"></main>`),
		"name: this button has no name": document(link, `<main><h1>T</h1><button><svg width="30" height="30" aria-hidden="true"></svg></button></main>`),
		"html-has-lang":                 strings.Replace(document(link, `<main><h1>T</h1></main>`), ` lang="en"`, "", 1),
		"reflow":                        document(link, `<main><h1>T</h1><p>`+long+`</p></main>`),
		"target":                        document(link+`<style>button{min-height:0!important;height:16px;padding:0!important}</style>`, `<main><h1>T</h1><button>ok</button></main>`),
		"focus: looks the same":         document(link+`<style>:focus-visible{outline:0!important}</style>`, `<main><h1>T</h1><button>Save</button><button>Stop</button></main>`),
		"focus: covered":                document(link+`<style>i{position:fixed;inset:0;background:#fff}</style>`, `<main><h1>T</h1><button>Save</button><i></i></main>`),
		"focus: Tab leads back": document(link, `<main><h1>T</h1><button>One</button><button>Two</button><button>Three</button></main>
			<script>document.querySelectorAll("button")[2].addEventListener("keydown", e => { e.preventDefault(); document.querySelectorAll("button")[1].focus() })</script>`),
		"focus: Tab leads back here": document(link, `<main><h1>T</h1><input aria-label="x" onkeydown="event.preventDefault()"></main>`),
		"color-contrast: undecided":  document(link+`<style>p{background:linear-gradient(#000,#fff)}</style>`, `<main><h1>T</h1><p>over a gradient</p></main>`),
	}
	pages := http.NewServeMux()
	for rule, body := range weak {
		pages.HandleFunc("GET /"+path(rule), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, strings.Replace(body, link, "<style>"+goodStyle+"</style>", 1))
		})
	}
	pages.HandleFunc("GET /icon.svg", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "image/svg+xml") })
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)

	b := browser.Open(t)
	for rule := range weak {
		t.Run(rule, func(t *testing.T) {
			p := b.Page(t)
			p.Visit(server.URL + "/" + path(rule))
			found := strings.Join(p.Barriers(), "\n")
			if !strings.Contains("\n"+found, "\n"+rule) {
				t.Errorf("the weakness was not found; found:\n%s", found)
			}
		})
	}
}

func path(rule string) string { return strings.NewReplacer(":", "", " ", "-").Replace(rule) }

func TestOneControlIsNoTrap(t *testing.T) {
	p := browser.Open(t).Page(t)
	p.Visit(serve(t, nil) + "/next")
	p.Axe()
	one := serve(t, map[string]string{"/one": document(`<link rel="stylesheet" href="/style.css">`, `<main><h1>T</h1><button>Save</button></main>`)})
	p.Visit(one + "/one")
	p.Axe()
}

func TestExcuseNeedsAReason(t *testing.T) {
	p := browser.Open(t).Page(t)
	p.Visit(serve(t, map[string]string{"/weak": document(`<link rel="stylesheet" href="/style.css">`, `<main><h1>T</h1><input name="x"></main>`)}) + "/weak")
	reasonless := []browser.Excuse{{Rule: "label"}, {Rule: "name"}}
	if len(p.Barriers(reasonless...)) == 0 {
		t.Error("excuses without a reason were taken")
	}
	excuses := []browser.Excuse{{Rule: "label", Element: "name=", Why: "a test"}, {Rule: "name", Element: "name=", Why: "a test"}}
	if got := p.Barriers(excuses...); len(got) != 0 {
		t.Errorf("excused findings remain: %q", got)
	}
}

func TestFaultsAreHeard(t *testing.T) {
	site := serve(t, map[string]string{
		"/inline":  document(``, `<h1 style="color:red">T</h1><button onclick="alert(1)">x</button>`),
		"/missing": document(`<link rel="stylesheet" href="/none.css">`, `<h1>T</h1>`),
	})
	loud := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, document("", `<h1>T</h1><script>console.error("broken", 7); setTimeout(() => { throw new Error("thrown") })</script><script>alert("hello")</script>`))
	}))
	t.Cleanup(loud.Close)

	b := browser.Open(t)
	for url, wants := range map[string][]string{
		site + "/inline":  {"content security policy: style-src", "script-src"},
		site + "/missing": {"none.css"},
		loud.URL:          {`console error: "broken" 7`, "thrown", `dialog opened: alert "hello"`},
	} {
		p := b.Page(t)
		p.Visit(url)
		if strings.HasSuffix(url, "/inline") {
			p.Click("text=x")
		}
		faults := strings.Join(p.Faults(), "\n")
		for _, want := range wants {
			if !strings.Contains(faults, want) {
				t.Errorf("%s: no fault says %q; faults:\n%s", url, want, faults)
			}
		}
	}

	p := b.Page(t)
	if got := p.Status(site + "/nowhere"); got != 404 {
		t.Errorf("status %d, want 404", got)
	}
	p.Tolerate("none.css")
	p.Visit(site + "/missing")
	if got := p.Faults(); len(got) != 0 {
		t.Errorf("faults beside a tolerated one: %q", got)
	}
}

// A page whose faults nobody looks at must fail its test.
func TestFaultsFailTheTest(t *testing.T) {
	site := serve(t, map[string]string{"/missing": document(`<link rel="stylesheet" href="/none.css">`, `<h1>T</h1>`)})
	probe := &recorder{TB: t}
	p := browser.Open(t).Page(probe)
	p.Visit(site + "/missing")
	p.Close()
	if !strings.Contains(probe.text, "none.css") {
		t.Errorf("the test was told %q", probe.text)
	}
}

// recorder keeps errors instead of failing the test.
type recorder struct {
	testing.TB
	text string
}

func (r *recorder) Errorf(format string, arguments ...any) {
	r.text += fmt.Sprintf(format, arguments...)
}

func TestArtifacts(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(browser.ArtifactsEnv, folder)
	p := browser.Open(t).Page(t, browser.Phone(), browser.Dark())
	p.Visit(serve(t, nil))
	p.Screenshot("Home page/one")
	picture, err := os.ReadFile(filepath.Join(folder, "Home-page-one.phone.dark.png"))
	if err != nil {
		t.Fatal(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || size.Width != 720 {
		t.Errorf("the picture is %d wide (%v), want 360 at twice the density", size.Width, err)
	}
	if printed := p.PDF("home"); !bytes.HasPrefix(printed, []byte("%PDF-")) {
		t.Errorf("printing gave %.10q", printed)
	}
	p.AsPrinted(func() {
		if got := p.Count("nav"); got != 0 {
			t.Error("the print styles do not show")
		}
	})
	if got := p.Count("nav"); got != 1 {
		t.Error("the print styles stayed")
	}
}

func TestUpload(t *testing.T) {
	p := browser.Open(t).Page(t)
	p.Visit(serve(t, nil))
	file := filepath.Join(t.TempDir(), "logo.txt")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Upload("label=Logo", file)
	if got := browser.Eval[string](p, "document.querySelector('[type=file]').files[0].name"); got != "logo.txt" {
		t.Errorf("chose %q", got)
	}
}

func TestPasskey(t *testing.T) {
	p := browser.Open(t).Page(t)
	device := p.Authenticator()
	p.Visit(serve(t, nil))
	const create = `(await navigator.credentials.create({publicKey: {challenge: new Uint8Array(16), rp: {name: "T"},
		user: {id: new Uint8Array(4), name: "n", displayName: "n"}, pubKeyCredParams: [{type: "public-key", alg: -7}],
		authenticatorSelection: {residentKey: "required", userVerification: "required"}}})).type`
	if got := browser.Eval[string](p, create); got != "public-key" || device.Count() != 1 {
		t.Fatalf("made %q, the device keeps %d", got, device.Count())
	}
	const use = `navigator.credentials.get({publicKey: {challenge: new Uint8Array(16), userVerification: "required"}}).then(c => c.type, e => e.name)`
	if got := browser.Eval[string](p, use); got != "public-key" {
		t.Errorf("signing in gave %q", got)
	}
	device.Verifies(false)
	if got := browser.Eval[string](p, use); got != "NotAllowedError" {
		t.Errorf("signing in unrecognized gave %q", got)
	}
	device.Forget()
	if device.Count() != 0 {
		t.Error("the device still keeps passkeys")
	}
	device.Remove()
}
