package mail

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"commontable/internal/platform/i18n"
)

//go:embed layout.html
var layouts embed.FS

var layout = template.Must(template.ParseFS(layouts, "layout.html"))

// Sheet is a message laid out: what the layout shows, in the reader's language.
type Sheet struct {
	Language, Direction    string
	Subject, Heading       string
	Greeting               string
	Own                    template.HTML // the collaborative's own words, as package markdown wrote them
	Bare                   string        // the same for a page, without looks of its own
	ownText                string
	Paragraphs             []string
	Sections               []Section
	Button, Link, LinkHint string
	Why                    string
	Stop, StopLink         string
}

// Render writes a message of kind t in the language and zone of ctx: its subject in one line, its plain
// text with \n line breaks, and the same as an HTML document. The error says what
// Data lacks.
func Render(ctx context.Context, t Template, d Data) (subject, text, html string, err error) {
	p, err := Lay(ctx, t, d, nil)
	if err != nil {
		return "", "", "", err
	}
	html, err = p.HTML()
	return p.Subject, p.Plain(), html, err
}

// Lay puts together what a message says; see Render. With own words it says those instead of ours, and
// nil says ours.
func Lay(ctx context.Context, t Template, d Data, own *Own) (Sheet, error) {
	s, known := shapes[t]
	if !known {
		return Sheet{}, fmt.Errorf("mail: no template %q", t)
	}
	if lacks := s.needs(d); lacks != "" {
		return Sheet{}, fmt.Errorf("mail: template %s lacks %s", t, strings.TrimSpace(lacks))
	}
	if s.button {
		if err := checkLink(d.Link); err != nil {
			return Sheet{}, fmt.Errorf("mail: template %s: %w", t, err)
		}
	}
	args := arguments(ctx, d)
	say := func(part string) string { return i18n.T(ctx, s.words+part, args) }

	p := Sheet{
		Language: i18n.Language(ctx), Direction: i18n.Direction(ctx),
		Heading:  name(d.Collaborative),
		Greeting: i18n.T(ctx, "mail.greeting_plain"),
		Why:      say("why"),
	}
	if p.Heading == "" {
		p.Heading = "Commontable"
	}
	if d.Recipient != "" {
		p.Greeting = i18n.T(ctx, "mail.greeting", args)
	}
	first, subject := 0, say("subject")
	if own != nil {
		subject, first = p.sayOwn(own, args), s.paragraphs-wordings[t].keeps
	}
	p.Subject = clipRunes(i18n.CleanLine(subject), MaxSubject)
	for n := first; n < s.paragraphs; n++ {
		p.Paragraphs = append(p.Paragraphs, say(fmt.Sprintf("text_%d", n+1)))
	}
	if s.meeting {
		p.Paragraphs = append(p.Paragraphs, meetingLines(ctx, d)...)
	}
	if s.body {
		p.Paragraphs = append(p.Paragraphs, bodyLines(d.Body)...)
	}
	var err error
	if p.Sections, err = sections(d.Sections); err != nil {
		return p, fmt.Errorf("mail: template %s: %w", t, err)
	}
	if d.Stop != "" {
		if err := checkLink(d.Stop); err != nil {
			return p, fmt.Errorf("mail: template %s: %w", t, err)
		}
		p.Stop, p.StopLink = i18n.T(ctx, "mail.stop", args), d.Stop
	}
	if s.button {
		p.Button, p.Link, p.LinkHint = say("button"), d.Link, i18n.T(ctx, "mail.link_hint")
	}
	return p, nil
}

// arguments are what the words of a message may name.
func arguments(ctx context.Context, d Data) i18n.Args {
	return i18n.Args{
		"Collaborative": name(d.Collaborative),
		"Recipient":     name(d.Recipient),
		"Sender":        name(d.Sender),
		"NewAddress":    name(d.NewAddress),
		"Device":        name(d.Device),
		"Organization":  name(d.Organization),
		"Principles":    d.Principles,
		"Until":         civil(ctx, d.Until),
		"Destroy":       civil(ctx, d.Destroy),
		"Expires":       i18n.DateTime(ctx, d.Expires) + zoneName(ctx, d.Expires),
		"At":            i18n.DateTime(ctx, d.At) + zoneName(ctx, d.At),
		"Title":         name(d.Title),
		"Day":           i18n.Date(ctx, d.At),
		"Count":         d.Count,
	}
}

// sayOwn puts own words onto the sheet and returns the subject. Values come in after the
// text was read, so that none of them can become an element or a link.
func (p *Sheet) sayOwn(own *Own, args i18n.Args) (subject string) {
	all := values(args)
	fill := func(name string) string { return all[name] }
	p.Own = template.HTML(own.body.HTML(styles, fill)) // #nosec G203 -- package markdown escapes everything but its own elements
	p.Bare, p.ownText = own.body.HTML(nil, fill), own.body.Plain(fill)
	return own.line(fill)
}

// HTML writes the sheet as a document.
func (p Sheet) HTML() (string, error) {
	var out bytes.Buffer
	if err := layout.Execute(&out, p); err != nil {
		return "", fmt.Errorf("mail: layout: %w", err)
	}
	return out.String(), nil
}

func civil(ctx context.Context, day string) string {
	if day == "" {
		return ""
	}
	return i18n.CivilDate(ctx, day)
}

// Plain writes the sheet as text.
func (p Sheet) Plain() string {
	var out strings.Builder
	out.WriteString(p.Heading + "\n\n" + p.Greeting + "\n\n")
	if p.ownText != "" {
		out.WriteString(p.ownText + "\n\n")
	}
	for _, paragraph := range p.Paragraphs {
		out.WriteString(paragraph + "\n\n")
	}
	for _, section := range p.Sections {
		if section.Heading != "" {
			out.WriteString(section.Heading + "\n\n")
		}
		for _, line := range section.Lines {
			out.WriteString("- " + line.Text + "\n")
			for _, link := range line.Links {
				out.WriteString("  " + link.Label + ": " + link.Address + "\n")
			}
		}
		out.WriteString("\n")
	}
	if p.Link != "" {
		out.WriteString(p.Button + "\n" + p.Link + "\n\n")
	}
	out.WriteString("-- \n" + p.Why + "\n")
	if p.StopLink != "" {
		out.WriteString(p.Stop + "\n" + p.StopLink + "\n")
	}
	return out.String()
}

// zoneName names the zone after a time, since a mail is read anywhere.
func zoneName(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " (" + t.In(i18n.Zone(ctx)).Format("MST") + ")"
}

// maxNameInMail bounds names in a message, in characters.
const maxNameInMail = 100

// name makes a name that somebody typed fit for a sentence of a message. Mail programs turn whatever
// looks like an address into a link, and invitations are sent to strangers in our name: so that nobody
// can put a link of theirs into one by naming themselves after it, what begins a link is taken apart.
func name(s string) string { return unlinked(s, maxNameInMail) }

func unlinked(s string, limit int) string {
	s = clipRunes(i18n.CleanLine(s), limit)
	s = strings.ReplaceAll(s, "://", " ")
	if i := strings.Index(strings.ToLower(s), "www."); i >= 0 {
		s = s[:i+3] + " " + s[i+4:]
	}
	return i18n.CleanLine(s)
}

func clipRunes(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

var errLink = errors.New("the link is not an absolute http or https address")

func checkLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" ||
		len(link) > 2000 || strings.ContainsAny(link, " \t\r\n<>\"") {
		return errLink
	}
	return nil
}
