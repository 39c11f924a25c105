package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// location tells the script of a passkey where to go.
type location struct {
	Location string `json:"location"`
}

// asJSON answers the scripts of passkeys: what was asked for, or why not, in the
// words of the page's language.
func (s *Server) asJSON(answer func(w http.ResponseWriter, r *http.Request) (any, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		out, err := answer(w, r)
		status := http.StatusOK
		if err != nil {
			var e *operation.Error
			if !errors.As(err, &e) {
				return err
			}
			setRetryAfter(w, e)
			status, out = statuses[e.Kind], struct {
				Detail string `json:"detail"`
			}{message(r.Context(), e)}
		}
		raw, err := json.Marshal(out)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
		w.WriteHeader(status)
		_, _ = w.Write(raw) // a reader who has gone away needs no answer
		return nil
	}
}

// jsonBody reads what a script sent. Forms of other sites can send text, but not
// under this type.
func jsonBody(r *http.Request) ([]byte, error) {
	if r.Header.Get("Content-Type") != "application/json" {
		return nil, operation.Refuse(operation.Invalid, "errors.bad_content_type")
	}
	raw, err := io.ReadAll(r.Body)
	if isTooLarge(err) {
		return nil, operation.Refuse(operation.TooLarge, "errors.too_large")
	}
	if err != nil {
		return nil, &operation.Error{Kind: operation.Invalid, Key: "errors.bad_request", Cause: err}
	}
	return raw, nil
}

// signInPasskeyBegin is POST /sign-in/passkey/begin.
func (s *Server) signInPasskeyBegin(w http.ResponseWriter, r *http.Request) (any, error) {
	offer, err := s.app.Access.BeginPasskeySignIn(r.Context())
	if err != nil {
		return nil, err
	}
	s.app.Access.SetCeremony(w, offer.Ticket)
	return offer.Options, nil
}

// signInPasskeyFinish is POST /sign-in/passkey/finish.
func (s *Server) signInPasskeyFinish(w http.ResponseWriter, r *http.Request) (any, error) {
	raw, err := jsonBody(r)
	if err != nil {
		return nil, err
	}
	out, err := s.app.Access.FinishPasskey(r.Context(), s.app.Door, s.app.Access.Ceremony(r), raw, r.URL.Query().Get("next"))
	s.app.Access.SetCeremony(w, "")
	if err != nil {
		return nil, err
	}
	s.app.Access.SetSession(w, out)
	return location{access.SafeNext(out.Next)}, nil
}
