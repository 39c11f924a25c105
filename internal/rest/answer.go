package rest

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// keptBuffer is the largest buffer worth keeping for the next answer.
const keptBuffer = 256 << 10

// write answers a request with what its operation gave.
func (s *Server) write(w http.ResponseWriter, r *http.Request, rt *route, out any) error {
	h := w.Header()
	if rt.status == http.StatusNoContent {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if rt.versioned {
		// For If-Match only. An answer also shows what lies beside the record (a
		// person's organization) and depends on who asks, so its version cannot
		// promise that it is unchanged, and If-None-Match is not heeded.
		h["Etag"] = []string{etagOf(out)}
	}
	// A copy, since what an interface holds cannot be addressed.
	value := reflect.New(rt.output.goType).Elem()
	if given := reflect.ValueOf(out); given.Kind() != reflect.Pointer {
		value.Set(given)
	} else if !given.IsNil() {
		value.Set(given.Elem())
	}
	if rt.location != "" {
		if at := rt.madeAt(r, value); at != "" {
			h.Set("Location", s.prefix+at)
		}
	}
	rt.link(h, s.prefix, r, value)

	kept := buffers.Get().(*[]byte)
	body, err := rt.appendAnswer((*kept)[:0], value)
	if err == nil {
		s.send(w, r, rt.status, "application/json; charset=utf-8", body)
	}
	if *kept = body; cap(body) <= keptBuffer {
		buffers.Put(kept)
	}
	return err
}

func (rt *route) appendAnswer(b []byte, value reflect.Value) ([]byte, error) {
	if !rt.bare {
		return rt.output.appendValue(b, value)
	}
	b, err := rt.output.appendValue(append(b, `{"items":`...), value)
	return append(b, '}'), err
}

// link names the neighbors of a page, so that a program can follow them
// without knowing how addresses are made (RFC 8288).
func (rt *route) link(h http.Header, prefix string, r *http.Request, page reflect.Value) {
	if rt.def.Method != http.MethodGet {
		return
	}
	for _, neighbor := range []struct {
		cursor    *field
		name, rel string
	}{{rt.next, "after", "next"}, {rt.previous, "before", "prev"}} {
		if neighbor.cursor == nil || rt.rest[neighbor.name] == nil {
			continue
		}
		at := page.FieldByIndex(neighbor.cursor.index).String()
		if at == "" {
			continue
		}
		query := url.Values{}
		if r.URL.RawQuery != "" {
			query = r.URL.Query()
			query.Del("after")
			query.Del("before")
		}
		query.Set(neighbor.name, at)
		h.Add("Link", "<"+prefix+r.URL.EscapedPath()+"?"+query.Encode()+`>; rel="`+neighbor.rel+`"`)
	}
}

// send writes a whole answer. Nothing goes out before it is complete, so that a
// failure on the way is a problem and not half a record.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	h := w.Header()
	h["Content-Type"] = []string{kind}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has gone away needs no answer
	}
}
