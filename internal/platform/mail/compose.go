package mail

import (
	"bytes"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"commontable/internal/platform/i18n"
)

const (
	// MaxSubject is the largest number of characters of a subject.
	MaxSubject = 200
	// MaxName is the largest number of characters of a name beside an address.
	MaxName = 120
	// MaxBody is the largest size in bytes of the Text and of the HTML of a message.
	MaxBody = 1 << 20
	// maxHeader is the largest size of a further header in bytes; a line of a message has at most 998.
	maxHeader = 900
)

// allowedHeaders are the header fields a message may carry beside those every message has.
var allowedHeaders = []string{
	"Auto-Submitted", "In-Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
	"Precedence", "References", "X-Auto-Response-Suppress",
}

// methods are what a calendar may be told.
var methods = []string{"REQUEST", "CANCEL", "PUBLISH", "REPLY"}

var messageID = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$`)

// Compose writes m as it goes to the server, dated at, with From taken from s where m has none. The
// error is a Fault.
func Compose(s Settings, m Message, at time.Time) ([]byte, error) {
	composed, err := compose(s, m, at)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := composed.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func compose(s Settings, m Message, at time.Time) (*gomail.Msg, error) {
	if m.From == "" {
		m.From = s.From
	}
	if m.FromName == "" {
		m.FromName = s.FromName
	}
	from, err := checkMailbox("From", "FromName", m.From, m.FromName)
	if err != nil {
		return nil, err
	}
	to, err := checkMailbox("To", "ToName", m.To, m.ToName)
	if err != nil {
		return nil, err
	}
	if len(m.ID) > 100 || !messageID.MatchString(m.ID) {
		return nil, fault("ID", "mail.fault.id")
	}
	if err := checkWords("Subject", m.Subject, MaxSubject); err != nil {
		return nil, err
	}
	if i18n.CleanLine(m.Subject) == "" {
		return nil, fault("Subject", "mail.fault.subject_missing")
	}
	if m.Text == "" {
		return nil, fault("Text", "mail.fault.text_missing")
	}

	// Quoted-printable makes every line break CRLF. A lone CR or LF is read as the end of the message by
	// some servers and not by others, which lets one message pass for two.
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	out.FromMailAddress(from)
	if m.Return != "" {
		if _, err := CheckAddress("Return", m.Return); err != nil {
			return nil, err
		}
	}
	out.ToMailAddress(to)
	if m.ReplyTo != "" {
		reply, err := checkMailbox("ReplyTo", "", m.ReplyTo, "")
		if err != nil {
			return nil, err
		}
		out.ReplyToMailAddress(reply)
	}
	out.Subject(i18n.CleanLine(m.Subject))
	out.SetMessageIDWithValue(m.ID + "@" + Domain(from.Address))
	out.SetDateWithValue(at)
	for name, text := range m.Headers {
		if err := checkHeader(name, text); err != nil {
			return nil, err
		}
		out.SetGenHeaderPreformatted(gomail.Header(name), text)
	}
	if err := addBodies(out, m); err != nil {
		return nil, err
	}
	return out, nil
}

func addBodies(out *gomail.Msg, m Message) error {
	for _, body := range []struct{ field, text string }{{"Text", m.Text}, {"HTML", m.HTML}, {"Calendar", m.Calendar}} {
		if len(body.text) > MaxBody {
			return tooLong(body.field, MaxBody)
		}
		if !utf8.ValidString(body.text) || strings.ContainsRune(body.text, 0) {
			return fault(body.field, "mail.fault.control")
		}
	}
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		out.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if m.Calendar != "" {
		if !slices.Contains(methods, m.Method) {
			return fault("Method", "mail.fault.control")
		}
		// Calendar programs look for the method in the type too (RFC 6047, 2.4).
		out.AddAlternativeString(gomail.ContentType("text/calendar; method="+m.Method), m.Calendar)
	}
	return nil
}

// checkMailbox checks an address and the name shown with it.
func checkMailbox(field, nameField, address, name string) (*mail.Address, error) {
	checked, err := CheckAddress(field, address)
	if err != nil {
		return nil, err
	}
	if err := checkWords(nameField, name, MaxName); err != nil {
		return nil, err
	}
	// net/mail writes a backslash in a name with accents so that it cannot be read again.
	name = strings.ReplaceAll(i18n.CleanLine(name), `\`, "/")
	return &mail.Address{Name: name, Address: checked}, nil
}

// checkWords is checkLine for words that a mail program decodes before it shows them. What looks encoded
// already (RFC 2047) would turn into something else there, so it is refused.
func checkWords(field, words string, limit int) error {
	if strings.Contains(words, "=?") {
		return fault(field, "mail.fault.encoded")
	}
	return checkLine(field, words, limit)
}

// Plain makes words that look encoded read as they were typed: a blank in the
// mark of RFC 2047 keeps mail programs from decoding them, and compose from
// refusing them.
func Plain(words string) string { return strings.ReplaceAll(words, "=?", "= ?") }

// checkLine refuses what cannot stand in one header line: control characters, among them the line break
// that would begin another header, and broken UTF-8.
func checkLine(field, line string, limit int) error {
	if !utf8.ValidString(line) || strings.ContainsFunc(line, breaksLine) {
		return fault(field, "mail.fault.control")
	}
	if utf8.RuneCountInString(line) > limit {
		return tooLong(field, limit)
	}
	return nil
}

func breaksLine(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func checkHeader(name, text string) error {
	if !slices.Contains(allowedHeaders, name) {
		return &Fault{Field: "Headers", Key: "mail.fault.header", Args: map[string]any{"Name": firstLine(name)}}
	}
	if len(text) > maxHeader {
		return tooLong(name, maxHeader)
	}
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fault(name, "mail.fault.control")
	}
	return nil
}
