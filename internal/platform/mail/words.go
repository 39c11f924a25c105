package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/markdown"
)

// Words are what a collaborative says of its own in a kind of message, in one language:
// the subject, and the text after the greeting in the Markdown of package markdown. Both
// may name Variables in braces.
type Words struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// MaxWords is the largest number of characters of the text.
const MaxWords = 8000

// wording is what of a kind of message can be worded anew. The rest stays whatever
// somebody writes: the heading that says who sends it, the greeting, when and where,
// lists, the button with its link, why it is sent, how to end such letters, and the last
// of our paragraphs, where they say what its reader has to know.
type wording struct {
	variables []string
	needs     []string // of the variables, those that have to be named
	keeps     int      // how many of our last paragraphs stay
}

var wordings = map[Template]wording{
	Invitation:        {variables: []string{"sender"}, needs: []string{"sender"}, keeps: 1},
	AgreementSign:     {variables: []string{"sender", "organization"}, needs: []string{"sender", "organization"}, keeps: 1},
	AgreementSigned:   {variables: []string{"sender", "organization", "time", "principles", "until"}, needs: []string{"sender", "organization", "principles", "until"}},
	EvaluatorSign:     {variables: []string{"sender"}, needs: []string{"sender"}, keeps: 1},
	EvaluatorSigned:   {variables: []string{"sender", "time", "until", "destroy"}, needs: []string{"sender", "until", "destroy"}},
	TakeoutReady:      {variables: []string{"time"}, keeps: 1},
	MeetingInvitation: {variables: []string{"title", "day"}, needs: []string{"title"}},
	MeetingChanged:    {variables: []string{"title", "day"}, needs: []string{"title"}},
	MeetingCancelled:  {variables: []string{"title", "day"}, needs: []string{"title"}},
	MeetingNotYours:   {variables: []string{"title", "day"}, needs: []string{"title"}},
	MeetingRecap:      {variables: []string{"title", "day"}, needs: []string{"title"}},
	ReplyReminder:     {variables: []string{"title", "day"}, needs: []string{"title"}},
	DueDigest:         {variables: []string{"count"}},
	DueNudge:          {variables: []string{"sender"}, needs: []string{"sender"}},
	ActionReminder:    {variables: []string{"count"}},
	PollAsk:           {variables: []string{"sender", "title"}, needs: []string{"sender", "title"}},
	PollRemind:        {variables: []string{"sender", "title"}, needs: []string{"title"}},
	SurveyAsk:         {variables: []string{"sender", "title"}, needs: []string{"sender", "title"}, keeps: 1},
	SurveyRemind:      {variables: []string{"sender", "title"}, needs: []string{"title"}, keeps: 1},
	SurveyStill:       {variables: []string{"sender", "title"}, needs: []string{"title"}, keeps: 1},
}

// Worded lists the kinds of message that a collaborative can word anew.
func Worded() []Template {
	return slices.DeleteFunc(Templates(), func(t Template) bool { _, ok := wordings[t]; return !ok })
}

// Variable is a word in braces that is filled for each reader.
type Variable struct {
	Name   string `json:"name" doc:"As it stands in braces."`
	Needed bool   `json:"needed" doc:"Whether the subject or the text has to name it."`
}

// Variables are those of a kind of message. The reader's name and that of the
// collaborative are among them everywhere.
func Variables(t Template) []Variable {
	out := []Variable{{Name: "name"}, {Name: "collaborative"}}
	for _, name := range wordings[t].variables {
		out = append(out, Variable{name, slices.Contains(wordings[t].needs, name)})
	}
	return out
}

// values are what the variables stand for.
func values(args i18n.Args) map[string]string {
	out := map[string]string{}
	for name, arg := range map[string]string{"name": "Recipient", "collaborative": "Collaborative", "sender": "Sender", "organization": "Organization", "title": "Title", "day": "Day",
		"time": "At", "until": "Until", "destroy": "Destroy"} {
		out[name], _ = args[arg].(string)
	}
	for name, arg := range map[string]string{"count": "Count", "principles": "Principles"} {
		n, _ := args[arg].(int64)
		out[name] = strconv.FormatInt(n, 10)
	}
	return out
}

// standIn is a number that no text of ours holds.
const standIn = 987

// OurWords are what we say in a kind of message, in the language of ctx, with the
// variables named.
func OurWords(ctx context.Context, t Template) Words {
	s, w := shapes[t], wordings[t]
	args := i18n.Args{"Recipient": "{name}", "Collaborative": "{collaborative}", "Sender": "{sender}", "Organization": "{organization}", "Title": "{title}", "Day": "{day}", "At": "{time}",
		"Until": "{until}", "Destroy": "{destroy}", "Principles": "{principles}", "Count": int64(standIn)}
	say := func(part string) string {
		return strings.ReplaceAll(i18n.T(ctx, s.words+part, args), strconv.Itoa(standIn), "{count}")
	}
	var text []string
	for n := range s.paragraphs - w.keeps {
		text = append(text, say(fmt.Sprintf("text_%d", n+1)))
	}
	return Words{Subject: say("subject"), Body: strings.Join(text, "\n\n")}
}

// Own are words that were read and found fit for a kind of message.
type Own struct {
	subject []string // words and, at odd places, names of variables
	body    *markdown.Text
}

// NewOwn reads words for a kind of message. The error joins Faults, whose Field is
// "subject" or "body": what is wrong, and in which line.
func NewOwn(t Template, w Words) (*Own, error) {
	if _, ok := wordings[t]; !ok {
		return nil, fault("template", "mail.words.fixed")
	}
	var known []string
	for _, v := range Variables(t) {
		known = append(known, v.Name)
	}
	subject, err := readSubject(w.Subject, known)
	body, err2 := readBody(w.Body, known)
	if err = errors.Join(err, err2); err != nil {
		return nil, err
	}
	own := &Own{subject: subject, body: body}
	for _, need := range wordings[t].needs {
		if !own.names(need) {
			err = errors.Join(err, &Fault{Field: "body", Key: "mail.words.missing", Args: map[string]any{"Name": "{" + need + "}"}})
		}
	}
	if err != nil {
		return nil, err
	}
	return own, nil
}

func (o *Own) names(variable string) bool {
	for k, part := range o.subject {
		if k%2 == 1 && part == variable {
			return true
		}
	}
	return slices.Contains(o.body.Names(), variable)
}

// readSubject cuts a subject into words and names.
func readSubject(subject string, known []string) ([]string, error) {
	if err := checkWords("subject", subject, MaxSubject); err != nil {
		return nil, err
	}
	if i18n.CleanLine(subject) == "" {
		return nil, fault("subject", "mail.fault.subject_missing")
	}
	var out []string
	for rest := subject; ; {
		before, after, more := strings.Cut(rest, "{")
		if strings.Contains(before, "}") {
			return nil, at("subject", "mail.words.lone_brace", 1, "}", known)
		}
		if out = append(out, before); !more {
			return out, nil
		}
		name, left, closed := strings.Cut(after, "}")
		switch {
		case !closed || strings.Contains(name, "{"):
			return nil, at("subject", "mail.words.lone_brace", 1, "{", known)
		case !slices.Contains(known, name):
			return nil, at("subject", "mail.words.unknown_name", 1, name, known)
		}
		out, rest = append(out, name), left
	}
}

func readBody(body string, known []string) (*markdown.Text, error) {
	if !utf8.ValidString(body) || strings.ContainsRune(body, 0) {
		return nil, fault("body", "mail.fault.control")
	}
	if utf8.RuneCountInString(body) > MaxWords {
		return nil, tooLong("body", MaxWords)
	}
	if strings.TrimSpace(body) == "" {
		return nil, fault("body", "mail.fault.text_missing")
	}
	text, faults := markdown.Parse(body, func(name string) bool { return slices.Contains(known, name) })
	var err error
	for _, f := range faults {
		bad := at("body", "mail.words."+f.Reason, f.Line, f.Name, known)
		bad.Args["Target"] = firstLine(f.Target)
		err = errors.Join(err, bad)
	}
	return text, err
}

func at(field, key string, line int, name string, known []string) *Fault {
	return &Fault{Field: field, Key: key, Args: map[string]any{"Line": line, "Name": firstLine(name), "Known": "{" + strings.Join(known, "}, {") + "}"}}
}

// line is the subject with its variables filled.
func (o *Own) line(fill func(string) string) string {
	var out strings.Builder
	for k, part := range o.subject {
		if k%2 == 1 {
			part = fill(part)
		}
		out.WriteString(part)
	}
	return out.String()
}

// styles are what the elements of own words look like in a mail, as in layout.html.
var styles = markdown.Styles{
	"p": "margin:0 0 16px", "h2": "margin:20px 0 8px;font-size:17px;line-height:1.35;font-weight:600;color:#1e2421", "ul": "margin:0 0 16px;padding:0 0 0 20px", "ol": "margin:0 0 16px;padding:0 0 0 20px",
	"li": "margin:0 0 8px", "a": "color:#14524a",
}
