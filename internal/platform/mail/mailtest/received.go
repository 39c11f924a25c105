package mailtest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
)

// Received is a message as it reached the server.
type Received struct {
	From   string   // of the envelope
	To     []string // of the envelope
	User   string   // who had signed in
	Secure bool     // whether it came over TLS
	Raw    []byte

	Header     mail.Header
	Subject    string // decoded
	Text, HTML string // decoded, with \n line breaks
}

var links = regexp.MustCompile(`https?://[^\s<>"]+`)

// Links returns the addresses in the plain text, in order.
func (r Received) Links() []string { return links.FindAllString(r.Text, -1) }

// Parse takes a raw message apart. It shares nothing with the code that composes messages, so that it can
// judge it.
func Parse(raw []byte) (Received, error) {
	r := Received{Raw: raw}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return r, err
	}
	r.Header = m.Header
	if r.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return r, err
	}
	return r, r.part(textproto.MIMEHeader(m.Header), m.Body, 0)
}

func (r *Received) part(header textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("content type %q: %w", header.Get("Content-Type"), err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		if depth > 4 {
			return fmt.Errorf("parts within parts")
		}
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := r.part(part.Header, part, depth+1); err != nil {
				return err
			}
		}
	}
	switch encoding := strings.ToLower(header.Get("Content-Transfer-Encoding")); encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "", "7bit", "8bit":
	default:
		return fmt.Errorf("unknown encoding %q", encoding)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	words := strings.ReplaceAll(string(content), "\r\n", "\n")
	switch kind {
	case "text/plain":
		r.Text = words
	case "text/html":
		r.HTML = words
	}
	return nil
}
