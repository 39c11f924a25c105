// Package returned reads what comes back by mail: that a message could not be delivered
// (RFC 3464), that somebody complained of one (RFC 5965), and what somebody answered to
// an invitation (RFC 5546). Anybody can write such mail, so nothing it says is believed
// here: whoever acts on it looks for a proof among what it names.
package returned

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"commontable/internal/platform/calendar"
	"commontable/internal/platform/i18n"
)

// Kind is what a message is.
type Kind string

// The kinds. Whatever is none of the others is Other, and nobody's business here.
const (
	Other     Kind = "other"
	Bounce    Kind = "bounce"
	Complaint Kind = "complaint"
	Answer    Kind = "answer"
)

// Limits of what is read: real reports are far smaller.
const (
	// MaxMessage is how many bytes of a message are read.
	MaxMessage   = 512 << 10
	maxDepth     = 4
	maxParts     = 30
	maxAddresses = 30
	maxSaid      = 300
)

// Failure is one recipient that a message did not reach.
type Failure struct {
	Address string // as the report names it
	Status  string // such as 5.1.1 (RFC 3463)
	Said    string // in the words of the mail server
}

// Note is what a message says.
type Note struct {
	Kind Kind
	// Reached are the addresses it was sent to, by its header: among them the one that we
	// gave for it to come back to.
	Reached  []string
	Failures []Failure
	// About are the addresses that the message it came back for was sent to, and Stops the
	// addresses that ended such letters, by the header of that message.
	About, Stops []string
	// Answers are what somebody answered, an event each.
	Answers []calendar.Event
}

// reader reads one message.
type reader struct {
	note    Note
	parts   int
	report  string // delivery-status or feedback-report
	abuse   bool
	replied bool
}

// Read reads a message, of which raw may be the beginning. What cannot be read is Other.
func Read(raw []byte) Note {
	raw = raw[:min(len(raw), MaxMessage)]
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Note{Kind: Other}
	}
	r := &reader{}
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc"} {
		for _, line := range m.Header[textproto.CanonicalMIMEHeaderKey(name)] {
			r.note.Reached = addresses(r.note.Reached, line)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return Note{Kind: Other}
	}
	if kind == "multipart/report" {
		r.report = strings.ToLower(params["report-type"])
	}
	r.part(textproto.MIMEHeader(m.Header), m.Body, 0)
	switch {
	case r.report == "delivery-status" && len(r.note.Failures) > 0:
		r.note.Kind = Bounce
	case r.report == "feedback-report" && r.abuse:
		r.note.Kind = Complaint
	case r.report == "" && len(r.note.Answers) > 0:
		r.note.Kind = Answer
	default:
		return Note{Kind: Other}
	}
	return r.note
}

func (r *reader) part(header textproto.MIMEHeader, body io.Reader, depth int) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		return
	}
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return
	}
	if strings.HasPrefix(kind, "multipart/") {
		inner := multipart.NewReader(body, params["boundary"])
		for params["boundary"] != "" && r.parts <= maxParts {
			p, err := inner.NextRawPart()
			if err != nil {
				return
			}
			r.part(p.Header, p, depth+1)
		}
		return
	}
	body = decoded(header.Get("Content-Transfer-Encoding"), body)
	switch {
	case r.report == "delivery-status" && kind == "message/delivery-status":
		r.deliveries(body)
	case r.report == "feedback-report" && kind == "message/feedback-report":
		r.feedback(body)
	case r.report != "" && (kind == "message/rfc822" || kind == "text/rfc822-headers" || kind == "message/rfc822-headers" || kind == "message/global-headers"):
		r.original(body)
	case r.report == "" && (kind == "text/calendar" || kind == "application/ics"):
		r.calendar(body)
	}
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// deliveries reads the blocks of a report on delivery: the first is about the message,
// each other about one recipient.
func (r *reader) deliveries(body io.Reader) {
	in := textproto.NewReader(bufio.NewReader(body))
	for len(r.note.Failures) < maxAddresses {
		block, err := in.ReadMIMEHeader()
		if strings.EqualFold(strings.TrimSpace(block.Get("Action")), "failed") {
			f := Failure{Status: status(block.Get("Status")), Said: clean(afterKind(block.Get("Diagnostic-Code")))}
			for _, name := range []string{"Original-Recipient", "Final-Recipient"} {
				found := addresses(nil, afterKind(block.Get(name)))
				r.note.About = add(r.note.About, found...)
				if len(found) > 0 {
					f.Address = found[0]
				}
			}
			r.note.Failures = append(r.note.Failures, f)
		}
		if err != nil {
			return
		}
	}
}

// feedback reads what a provider of mail says of a complaint.
func (r *reader) feedback(body io.Reader) {
	block, _ := textproto.NewReader(bufio.NewReader(body)).ReadMIMEHeader()
	kind := strings.ToLower(strings.TrimSpace(block.Get("Feedback-Type")))
	r.abuse = kind == "abuse" || kind == "fraud" || kind == "opt-out" || kind == "other"
	for _, name := range []string{"Original-Rcpt-To", "Removal-Recipient"} {
		for _, line := range block[name] {
			r.note.About = addresses(r.note.About, line)
		}
	}
}

// stop finds the addresses of a List-Unsubscribe. How long one may be is looked at
// afterwards, for a pattern that counts so far takes long to compile.
var stop = regexp.MustCompile(`<(https?://[^<>\s]+)>`)

const longestStop = 1000

// original reads the header of the message that came back.
func (r *reader) original(body io.Reader) {
	// What follows the header of a message is not read: the header ends at an empty line.
	header, _ := textproto.NewReader(bufio.NewReader(body)).ReadMIMEHeader()
	for _, line := range header["To"] {
		r.note.About = addresses(r.note.About, line)
	}
	for _, line := range header["List-Unsubscribe"] {
		for _, found := range stop.FindAllStringSubmatch(line, maxAddresses) {
			if len(r.note.Stops) < maxAddresses && len(found[1]) <= longestStop {
				r.note.Stops = append(r.note.Stops, found[1])
			}
		}
	}
}

// calendar reads an answer to an invitation.
func (r *reader) calendar(body io.Reader) {
	file, err := calendar.Read(io.LimitReader(body, MaxMessage), nil)
	if err != nil || file.Method != calendar.Answer || len(file.Events) > maxParts || r.replied {
		return
	}
	r.note.Answers, r.replied = file.Events, true // the same answer may be attached once more
}

// afterKind takes "rfc822;" from before an address, and "smtp;" from before words.
func afterKind(value string) string {
	if kind, rest, found := strings.Cut(value, ";"); found && !strings.ContainsAny(kind, "@<") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}

var statusForm = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}`)

func status(value string) string { return statusForm.FindString(strings.TrimSpace(value)) }

func clean(words string) string {
	words = i18n.CleanLine(strings.ToValidUTF8(words, "�"))
	if runes := []rune(words); len(runes) > maxSaid {
		words = string(runes[:maxSaid])
	}
	return words
}

// found is what looks like an address in a line of a header. Lists of addresses come in
// forms that strict readers refuse, and none of them is believed.
var found = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9.-]+`)

// longestAddress is what RFC 5321 lets an address have.
const longestAddress = 254

func addresses(list []string, line string) []string {
	return add(list, slices.DeleteFunc(found.FindAllString(line, maxAddresses), func(one string) bool { return len(one) > longestAddress })...)
}

func add(list []string, more ...string) []string {
	for _, one := range more {
		if one = strings.ToLower(one); len(list) < maxAddresses && !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// Gone says whether a status means that there is no such mailbox, so that trying again is
// of no use (RFC 3463): not that it is full, that the message was disliked, or that a
// server has a trouble of its own.
func Gone(status string) bool {
	class, rest, _ := strings.Cut(status, ".")
	return class == "5" && slices.Contains([]string{"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4", "0.0"}, rest)
}
