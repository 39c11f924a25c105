// Command gallery shows every component of package ui with made-up content:
//
//	go run ./internal/web/ui/gallery -addr 127.0.0.1:8099
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"commontable/assets"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"

	"github.com/a-h/templ"
)

// policy is the Content-Security-Policy the product sends; the gallery must look right under it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// pages are the gallery's pages by path.
var pages = map[string]func() templ.Component{
	"/":          home,
	"/list":      list,
	"/empty":     emptyList,
	"/record":    record,
	"/form":      form,
	"/conflict":  conflict,
	"/parts":     parts,
	"/sign-in":   signIn,
	"/task":      task,
	"/not-found": notFound,
}

// handler serves the gallery; ?lang=fr chooses the language.
func handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/assets/", assets.Handler())
	mux.HandleFunc("/search/suggest", func(w http.ResponseWriter, r *http.Request) {
		query := r.FormValue("q")
		show(w, r, ui.Suggestions(query, hits(), "/search?q="+query))
	})
	for path, page := range pages {
		if path == "/" {
			path = "/{$}"
		}
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { show(w, r, page()) })
	}
	return mux
}

func show(w http.ResponseWriter, r *http.Request, page templ.Component) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	ctx := r.Context()
	if lang := r.FormValue("lang"); lang != "" {
		ctx = i18n.With(ctx, lang)
	}
	if err := page.Render(ctx, w); err != nil {
		log.Print(err)
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8099", "address to listen on")
	flag.Parse()
	server := &http.Server{Addr: *addr, Handler: handler(), ReadHeaderTimeout: 5 * time.Second}
	log.Printf("http://%s/", *addr)
	log.Fatal(server.ListenAndServe())
}
