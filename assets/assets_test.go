package assets_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"commontable/assets"
)

func readManifest(t *testing.T) assets.Manifest {
	t.Helper()
	data, err := os.ReadFile("dist/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var m assets.Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// TestDistIsFresh fails when a source changed and `npm run build` was not run.
func TestDistIsFresh(t *testing.T) {
	files := []string{"build.mjs", "fonts.mjs", "package.json", "package-lock.json", "tsconfig.json"}
	err := filepath.WalkDir("src", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	var text strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(name + "\n" + sum(data) + "\n")
	}
	m := readManifest(t)
	if got := sum([]byte(text.String())); got != m.Inputs {
		t.Errorf("dist is stale: run `npm ci && npm run build` in assets/ (inputs %s, manifest %s)", got, m.Inputs)
	}
	for name, hashed := range m.Files {
		data, err := os.ReadFile(filepath.Join("dist", hashed))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(hashed, "."+sum(data)[:10]+".") {
			t.Errorf("%s: content does not match its name %s", name, hashed)
		}
	}
}

// TestDistHoldsNothingElse keeps left-over files of older builds out of the program.
func TestDistHoldsNothingElse(t *testing.T) {
	known := []string{"manifest.json", "icons.json"}
	for _, hashed := range readManifest(t).Files {
		known = append(known, hashed)
		if filepath.Ext(hashed) != ".woff2" {
			known = append(known, hashed+".gz", hashed+".br")
		}
	}
	entries, err := os.ReadDir("dist")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(known, e.Name()) {
			t.Errorf("dist/%s is not in the manifest", e.Name())
		}
	}
}

func get(t *testing.T, method, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	assets.Handler().ServeHTTP(w, r)
	return w.Result()
}

// TestFirstPageWeight holds the budget of ui.md for a phone on a slow line.
func TestFirstPageWeight(t *testing.T) {
	size := func(name string) int {
		data, err := io.ReadAll(get(t, http.MethodGet, assets.Path(name), "gzip").Body)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-12s %6d bytes on the wire", name, len(data))
		return len(data)
	}
	fonts := size("sans.woff2") + size("serif.woff2")
	total := fonts + size("app.css") + size("app.js")
	t.Logf("fonts %d, total %d", fonts, total)
	if fonts >= 50_000 {
		t.Errorf("first-page fonts weigh %d bytes, budget 50000", fonts)
	}
	if total >= 100_000 {
		t.Errorf("first page weighs %d bytes, budget 100000", total)
	}
}

func TestHandler(t *testing.T) {
	css := assets.Path("app.css")
	for _, tc := range []struct {
		name, method, path, encoding string
		status                       int
		kind, coding                 string
	}{
		{"style sheet", "GET", css, "", 200, "text/css; charset=utf-8", ""},
		{"style sheet packed", "GET", css, "gzip", 200, "text/css; charset=utf-8", "gzip"},
		{"style sheet packed best", "GET", css, "gzip, deflate, br, zstd", 200, "text/css; charset=utf-8", "br"},
		{"brotli refused", "GET", css, "gzip, br;q=0", 200, "text/css; charset=utf-8", "gzip"},
		{"gzip refused", "GET", css, "gzip;q=0", 200, "text/css; charset=utf-8", ""},
		{"head", "HEAD", css, "gzip", 200, "text/css; charset=utf-8", "gzip"},
		{"script", "GET", assets.Path("app.js"), "", 200, "text/javascript; charset=utf-8", ""},
		{"font is never packed", "GET", assets.Path("sans.woff2"), "gzip", 200, "font/woff2", ""},
		{"icon", "GET", assets.Path("icon.svg"), "", 200, "image/svg+xml", ""},
		{"post", "POST", css, "", 405, "text/plain; charset=utf-8", ""},
		{"manifest is not served", "GET", "/assets/manifest.json", "", 404, "text/plain; charset=utf-8", ""},
		{"unhashed name", "GET", "/assets/app.css", "", 404, "text/plain; charset=utf-8", ""},
		{"climbing out", "GET", "/assets/../assets.go", "", 404, "text/plain; charset=utf-8", ""},
		{"folder", "GET", "/assets/", "", 404, "text/plain; charset=utf-8", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := get(t, tc.method, tc.path, tc.encoding)
			if res.StatusCode != tc.status {
				t.Fatalf("status %d, want %d", res.StatusCode, tc.status)
			}
			if got := res.Header.Get("Content-Type"); got != tc.kind {
				t.Errorf("content type %q, want %q", got, tc.kind)
			}
			if got := res.Header.Get("Content-Encoding"); got != tc.coding {
				t.Errorf("content encoding %q, want %q", got, tc.coding)
			}
			cache := res.Header.Get("Cache-Control")
			if kept := cache == "public, max-age=31536000, immutable"; kept != (tc.status == 200) {
				t.Errorf("status %d with Cache-Control %q", tc.status, cache)
			}
			if tc.method == "HEAD" {
				if body, _ := io.ReadAll(res.Body); len(body) != 0 {
					t.Errorf("HEAD sent %d bytes", len(body))
				}
			}
		})
	}
}

// TestPackedIsTheSame unpacks what the build packed.
func TestPackedIsTheSame(t *testing.T) {
	body := func(name, encoding string) (io.Reader, string) {
		res := get(t, http.MethodGet, assets.Path(name), encoding)
		return res.Body, res.Header.Get("Content-Encoding")
	}
	for name := range readManifest(t).Files {
		if filepath.Ext(name) == ".woff2" {
			continue
		}
		plain, _ := body(name, "")
		want, err := io.ReadAll(plain)
		if err != nil || len(want) == 0 {
			t.Fatalf("%s: %d bytes, %v", name, len(want), err)
		}
		packed, coding := body(name, "br")
		if got, err := io.ReadAll(brotli.NewReader(packed)); coding != "br" || err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s as %q: %d bytes instead of %d, %v", name, coding, len(got), len(want), err)
		}
		packed, coding = body(name, "gzip")
		z, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); coding != "gzip" || err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s as %q: %d bytes instead of %d, %v", name, coding, len(got), len(want), err)
		}
	}
}

func TestPathAndIcon(t *testing.T) {
	if p := assets.Path("nothing.css"); p != "" {
		t.Errorf("Path of an unknown name is %q", p)
	}
	if !strings.HasPrefix(assets.Path("app.css"), "/assets/app.") {
		t.Errorf("Path(app.css) = %q", assets.Path("app.css"))
	}
	if assets.Icon("home") == "" || assets.Icon("nothing") != "" {
		t.Error("icon table lacks home, or invents icons")
	}
}
