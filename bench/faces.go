package main

import (
	"net/http"

	"commontable/internal/app"
	"commontable/internal/rest"
	"commontable/internal/web"
)

// faces is the program's pages and REST on one handler, as serve mounts them.
func faces(a *app.App) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", rest.New(a).Handler())
	mux.Handle("/", web.New(a).Handler())
	return mux
}
