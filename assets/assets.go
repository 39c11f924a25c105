// Package assets serves the built style sheet, script, fonts and icons.
package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// prefix is where the program mounts Handler.
const prefix = "/assets/"

// types names every content type dist may hold; a name outside it is not served.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// Manifest is what the build recorded: a hash over its inputs, and the hashed name of each file.
type Manifest struct {
	Inputs string            `json:"inputs"`
	Files  map[string]string `json:"files"`
}

// file is one servable body, and the same packed as the build left it; nothing is
// packed where that gains nothing.
type file struct {
	kind         string
	plain        []byte
	gzip, brotli []byte
}

var load = sync.OnceValue(func() (all struct {
	manifest Manifest
	files    map[string]file
	icons    map[string]string
}) {
	// dist is embedded and tested, so a fault here is a broken build, not an input error.
	must := func(err error) {
		if err != nil {
			panic(fmt.Sprintf("assets: %v", err))
		}
	}
	read := func(name string) []byte {
		data, err := fs.ReadFile(dist, path.Join("dist", name))
		must(err)
		return data
	}
	must(json.Unmarshal(read("manifest.json"), &all.manifest))
	must(json.Unmarshal(read("icons.json"), &all.icons))
	all.files = make(map[string]file, len(all.manifest.Files))
	for _, name := range all.manifest.Files {
		body := file{kind: types[path.Ext(name)], plain: read(name)}
		if path.Ext(name) != ".woff2" {
			body.gzip, body.brotli = read(name+".gz"), read(name+".br")
		}
		all.files[name] = body
	}
	return all
})

// Path gives the address of a built file by its plain name ("app.css"), or "" when there is none.
func Path(name string) string {
	hashed, ok := load().manifest.Files[name]
	if !ok {
		return ""
	}
	return prefix + hashed
}

// Icon gives the shapes inside a 24 by 24 outline icon as SVG markup, or "" when the set lacks it.
func Icon(name string) string {
	return load().icons[name]
}

// Handler serves the built files under /assets/ for a year; a changed file has a changed name.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := load().files[strings.TrimPrefix(r.URL.Path, prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		header := w.Header()
		header.Set("Content-Type", body.kind)
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		header.Set("X-Content-Type-Options", "nosniff")
		data := body.plain
		if body.gzip != nil {
			header.Set("Vary", "Accept-Encoding")
			switch accepted := r.Header.Get("Accept-Encoding"); {
			case accepts(accepted, "br"):
				header.Set("Content-Encoding", "br")
				data = body.brotli
			case accepts(accepted, "gzip"):
				header.Set("Content-Encoding", "gzip")
				data = body.gzip
			}
		}
		header.Set("Content-Length", strconv.Itoa(len(data)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(data)
		}
	})
}

// accepts reads an Accept-Encoding header; a quality of zero is a refusal.
func accepts(header, wanted string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(coding), wanted) {
			continue
		}
		_, quality, found := strings.Cut(params, "q=")
		if !found {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
		return err == nil && q > 0
	}
	return false
}
