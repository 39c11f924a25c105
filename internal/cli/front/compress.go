package front

import (
	"compress/gzip"
	"math/rand/v2"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Answers are compressed as they go out; docs/decisions/0010-compression.md says
// what that gives and why it tells an eavesdropper nothing worth having.

const (
	// compressLeast is where compressing begins to save a packet.
	compressLeast = 1 << 10
	// compressLevel is where pages get no smaller for much more work.
	compressLevel = 4
	// paddingMost is the length of the noise in front of an answer.
	paddingMost = 96
)

var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, compressLevel) // the level is a valid constant
	return w
}}

// compressed wraps a handler so that text leaves it as gzip. Only answers to
// reading are: what shows a fresh secret answers a POST.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !acceptsGzip(r.Header.Get("Accept-Encoding")) {
			next.ServeHTTP(w, r)
			return
		}
		c := &compressor{ResponseWriter: w}
		next.ServeHTTP(c, r)
		c.close() // not after a panic: it would make half an answer look finished
	})
}

// acceptsGzip reads an Accept-Encoding header; a quality of zero is a refusal.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			_, quality, weighed := strings.Cut(strings.ReplaceAll(params, " ", ""), "q=")
			q, err := strconv.ParseFloat(quality, 64)
			return !weighed || err == nil && q > 0
		}
	}
	return false
}

// compressor decides at the first byte, when the headers are known.
type compressor struct {
	http.ResponseWriter
	decided bool
	gzip    *gzip.Writer
}

// WriteHeader implements http.ResponseWriter.
func (c *compressor) WriteHeader(status int) {
	if status >= 200 && !c.decided {
		c.decided = true
		h := c.Header()
		if worth(h) {
			h.Add("Vary", "Accept-Encoding")
			if status != http.StatusNoContent && status != http.StatusNotModified && status != http.StatusPartialContent {
				c.begin()
			}
		}
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *compressor) begin() {
	h := c.Header()
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	c.gzip = writers.Get().(*gzip.Writer)
	c.gzip.Reset(c.ResponseWriter)
	c.gzip.Extra = padding[:4+rand.IntN(paddingMost)] // #nosec G404 -- noise on a length, no secret
}

// padding is what the noise is cut from: a field of RFC 1952 that readers skip.
var padding = make([]byte, 4+paddingMost)

// worth says whether an answer is text that gains by compressing.
func worth(h http.Header) bool {
	if h.Get("Content-Encoding") != "" {
		return false
	}
	if n, err := strconv.Atoi(h.Get("Content-Length")); err == nil && n < compressLeast {
		return false
	}
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return false
	}
	return strings.HasPrefix(kind, "text/") && kind != "text/event-stream" || kind == "application/json" || strings.HasSuffix(kind, "+json") ||
		kind == "image/svg+xml" || kind == "application/xml"
}

// Write implements io.Writer.
func (c *compressor) Write(p []byte) (int, error) {
	if !c.decided {
		if c.Header().Get("Content-Type") == "" {
			c.Header().Set("Content-Type", http.DetectContentType(p))
		}
		c.WriteHeader(http.StatusOK)
	}
	if c.gzip == nil {
		return c.ResponseWriter.Write(p)
	}
	return c.gzip.Write(p)
}

// FlushError sends on what there is, for answers that come bit by bit.
func (c *compressor) FlushError() error {
	if c.gzip != nil {
		if err := c.gzip.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Unwrap serves http.ResponseController.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// close ends the stream.
func (c *compressor) close() {
	if c.gzip == nil {
		return
	}
	_ = c.gzip.Close() // a reader who has gone away needs no end
	c.gzip.Reset(nil)
	writers.Put(c.gzip)
}
