package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// problemKind is one type of problem (RFC 9457). Its slug is part of the API:
// programs branch on it, so it never changes.
type problemKind struct {
	slug   string
	status int
	// title and help are messages of the catalogue.
	title, help string
}

// What only REST can meet.
var (
	malformedProblem = &problemKind{"malformed", http.StatusBadRequest, "rest.malformed_title", "rest.malformed_help"}
	factorProblem    = &problemKind{"second-factor-needed", http.StatusForbidden, "rest.second_factor_title", "rest.second_factor_help"}
	methodProblem    = &problemKind{"method-not-allowed", http.StatusMethodNotAllowed, "rest.method_title", "rest.method_help"}
	staleProblem     = &problemKind{"stale", http.StatusPreconditionFailed, "rest.stale_title", "rest.stale_help"}
	mediaTypeProblem = &problemKind{"media-type", http.StatusUnsupportedMediaType, "rest.media_type_title", "rest.media_type_help"}
	versionProblem   = &problemKind{"version-needed", http.StatusPreconditionRequired, "rest.version_title", "rest.version_help"}
)

// problemOf is the one table from an operation's failure to HTTP.
var problemOf = map[operation.Kind]*problemKind{
	operation.Invalid:         {"invalid", http.StatusUnprocessableEntity, "rest.invalid_title", "rest.invalid_help"},
	operation.Unauthenticated: {"unauthenticated", http.StatusUnauthorized, "rest.unauthenticated_title", "rest.unauthenticated_help"},
	operation.Forbidden:       {"forbidden", http.StatusForbidden, "rest.forbidden_title", "rest.forbidden_help"},
	operation.NotFound:        {"not-found", http.StatusNotFound, "rest.not_found_title", "rest.not_found_help"},
	operation.Conflict:        {"conflict", http.StatusConflict, "rest.conflict_title", "rest.conflict_help"},
	operation.TooMany:         {"too-many", http.StatusTooManyRequests, "rest.too_many_title", "rest.too_many_help"},
	operation.TooLarge:        {"too-large", http.StatusRequestEntityTooLarge, "rest.too_large_title", "rest.too_large_help"},
	operation.Unavailable:     {"unavailable", http.StatusServiceUnavailable, "rest.unavailable_title", "rest.unavailable_help"},
	operation.Internal:        {"internal", http.StatusInternalServerError, "rest.internal_title", "rest.internal_help"},
}

// problemKinds lists every type of problem, for their pages and the document.
func problemKinds() []*problemKind {
	all := []*problemKind{malformedProblem, factorProblem, methodProblem, staleProblem, mediaTypeProblem, versionProblem}
	for kind := operation.Invalid; kind <= operation.Internal; kind++ {
		all = append(all, problemOf[kind])
	}
	return all
}

const problemsPath = "/api/v1/problems/"

// refusal is an error that only REST knows.
type refusal struct {
	problem *problemKind
	key     string
	args    map[string]any
}

func (r *refusal) Error() string { return "rest: " + r.key }

// malformed is the answer to what cannot be read at all.
func malformed(key string, args map[string]any) error {
	return &refusal{problem: malformedProblem, key: key, args: args}
}

// Problem is the body of every answer that is not a success.
type Problem struct {
	Type    string         `json:"type" doc:"Names the type of problem for good; the address leads to its explanation."`
	Title   string         `json:"title" doc:"The type of problem in the reader's language."`
	Status  int64          `json:"status" doc:"The HTTP status."`
	Detail  string         `json:"detail" doc:"What happened and what to do, in the reader's language."`
	Request string         `json:"request,omitempty" doc:"Names this request in the logs of the installation."`
	Errors  []ProblemFault `json:"errors,omitempty" doc:"Every fault of the input."`
	Current any            `json:"current,omitempty" doc:"With 412: the record as it is now."`
}

// ProblemFault is one fault of one field.
type ProblemFault struct {
	Field  string `json:"field" doc:"The field, with dots and positions for what lies deeper; empty for the whole."`
	Detail string `json:"detail" doc:"What is wrong, in the reader's language."`
	Key    string `json:"key" doc:"What is wrong, the same in every language."`
}

// fail answers with a problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	kind, key, args, e := s.classify(ctx, err)
	p := Problem{Type: s.prefix + problemsPath + kind.slug, Title: i18n.T(ctx, kind.title), Status: int64(kind.status),
		Detail: i18n.T(ctx, key, args), Request: operation.RequestFrom(ctx)}
	h := w.Header()
	if e != nil {
		for _, f := range e.Faults {
			p.Errors = append(p.Errors, ProblemFault{Field: f.Field, Detail: i18n.T(ctx, f.Key, f.Args), Key: f.Key})
		}
		if e.RetryAfter > 0 {
			h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
		}
		if kind == staleProblem {
			p.Current = e.Current
			h.Set("Etag", etagOf(e.Current))
		}
	}
	if kind.status == http.StatusUnauthorized && h.Get("Www-Authenticate") == "" {
		h.Set("Www-Authenticate", challenge)
	}
	var body bytes.Buffer
	out := json.NewEncoder(&body)
	out.SetEscapeHTML(false)
	if out.Encode(p) != nil { // a record that cannot be written
		p.Current = nil
		body.Reset()
		_ = out.Encode(p) // plain texts and numbers always can
	}
	s.send(w, r, kind.status, "application/problem+json; charset=utf-8", body.Bytes())
}

// challenge says how to prove who one is.
const challenge = `Bearer realm="commontable"`

// classify finds the type of problem and the sentence for it.
func (s *Server) classify(ctx context.Context, err error) (*problemKind, string, map[string]any, *operation.Error) {
	var ours *refusal
	if errors.As(err, &ours) {
		return ours.problem, ours.key, ours.args, nil
	}
	var e *operation.Error
	if !errors.As(err, &e) || problemOf[e.Kind] == nil {
		s.app.Log.ErrorContext(ctx, "request failed", "request", operation.RequestFrom(ctx), "error", err)
		e = operation.Refuse(operation.Internal, "errors.internal")
	}
	switch {
	case e.Kind == operation.Conflict && etagOf(e.Current) != "":
		return staleProblem, e.Key, e.Args, e
	case e.Key == "errors.second_factor_needed":
		return factorProblem, "rest.second_factor_needed", nil, e
	case e.Key == "errors.sign_in":
		return problemOf[e.Kind], "rest.token_needed", nil, e
	case e.Key == "errors.verify_again":
		return problemOf[e.Kind], "rest.proof_needed", nil, e // a token proves nothing afresh
	}
	return problemOf[e.Kind], e.Key, e.Args, e
}

// versioned is a record that knows its version.
type versioned interface{ CurrentVersion() int64 }

// etagOf is the entity tag of a record, "" for what has no version.
func etagOf(out any) string {
	if v, ok := out.(versioned); ok {
		return `"v` + strconv.FormatInt(v.CurrentVersion(), 10) + `"`
	}
	return ""
}
