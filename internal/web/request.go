package web

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// languageCookie remembers the language a visitor chose before signing in.
const languageCookie = "ct_language"

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

type foundKey struct{}

func withFound(ctx context.Context, f access.Found) context.Context {
	return context.WithValue(ctx, foundKey{}, f)
}

func foundFrom(ctx context.Context) access.Found {
	f, _ := ctx.Value(foundKey{}).(access.Found)
	return f
}

// collaborativeSlug is the collaborative an address lies in, "" for none.
func collaborativeSlug(path string) string {
	rest, ok := strings.CutPrefix(path, "/c/")
	if !ok {
		return ""
	}
	slug, _, _ := strings.Cut(rest, "/")
	return slug
}

// checkFormType refuses bodies that are not forms: a page's POST takes nothing
// else, and text/plain is how other sites try.
func checkFormType(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.ContentLength == 0 && r.Header.Get("Content-Type") == "" {
		return nil
	}
	if err != nil || kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data" && kind != "application/json" {
		return operation.Refuse(operation.Invalid, "errors.bad_content_type")
	}
	return nil
}

func isTooLarge(err error) bool {
	var large *http.MaxBytesError
	return errors.As(err, &large)
}
