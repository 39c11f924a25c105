package letters

import (
	"errors"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// TestLimit is the rate limit that test letters count against.
const TestLimit = "letter-test"

// TextInput is what a kind of letter is to say in a language.
type TextInput struct {
	TextRef
	Version int64  `json:"version" minimum:"0" doc:"The version that was read, 0 before the first change; a newer one answers with a conflict."`
	Subject string `json:"subject" required:"true" maxLength:"200"`
	Body    string `json:"body" required:"true" maxLength:"8000" text:"lines"`
}

func (in TextInput) words() mail.Words { return mail.Words{Subject: in.Subject, Body: in.Body} }

// addWords reports what is wrong with words, field by field.
func addWords(kind string, w mail.Words, faults *operation.Faults) {
	_, err := mail.NewOwn(mail.Template(kind), w)
	for _, one := range joined(err) {
		var f *mail.Fault
		if errors.As(one, &f) {
			faults.Add(f.Field, f.Key, f.Args)
		}
	}
}

// joined are the errors of one that was joined of several.
func joined(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, one := range many.Unwrap() {
			out = append(out, joined(one)...)
		}
		return out
	}
	return []error{err}
}

func (in TextInput) check(faults *operation.Faults) {
	if in.known() && in.Subject != "" && in.Body != "" {
		addWords(in.Kind, in.words(), faults)
	}
}

// EditText changes what a kind of letter says in a language.
var EditText = operation.Define(operation.Operation[TextInput, Text]{
	Definition: operation.Definition{ID: "letter-texts.edit", Summary: "Changes what a kind of letter says in a language", Method: "PUT", Path: "/letter-texts/{kind}/{language}"},
	Validate:   func(in *TextInput, faults *operation.Faults) { in.check(faults) },
	Run: func(c *operation.Call, in TextInput) (Text, error) {
		return write(c, in.TextRef, in.Version, in.words())
	},
})

// TextVersion names a text and the version that was read.
type TextVersion struct {
	TextRef
	Version int64 `json:"version" minimum:"0"`
}

// ResetText goes back to our text.
var ResetText = operation.Define(operation.Operation[TextVersion, Text]{
	Definition: operation.Definition{ID: "letter-texts.reset", Summary: "Lets a kind of letter say in a language what it says everywhere", Method: "POST", Path: "/letter-texts/{kind}/{language}/reset"},
	Run: func(c *operation.Call, in TextVersion) (Text, error) {
		return write(c, in.TextRef, in.Version, mail.Words{})
	},
})

// write writes words over those of a version; empty ones are ours.
func write(c *operation.Call, ref TextRef, version int64, w mail.Words) (Text, error) {
	if !ref.known() {
		return Text{}, operation.Missing()
	}
	before, err := textOf(c.Tx, ref.Kind, ref.Language)
	if err != nil {
		return before, err
	}
	ours := mail.OurWords(i18n.With(c.Context(), ref.Language), mail.Template(ref.Kind))
	if w == ours {
		w = mail.Words{} // ours stays ours, also when we word it better one day
	}
	switch {
	case before.Version != version:
		return before, operation.Stale(before.ours(c.Context()))
	case before.Subject == w.Subject && before.Body == w.Body:
		c.Continue()
		return before.ours(c.Context()), nil
	}
	after := before
	after.Subject, after.Body, after.Own, after.Version, after.UpdatedAt = w.Subject, w.Body, w.Body != "", before.Version+1, c.Now
	if before.Version == 0 {
		after.ID = id.New[Text]()
		err = operation.Changed(c.Tx.Exec(`INSERT INTO letter_texts (collaborative_id, id, kind, language, subject, body, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
			ON CONFLICT (collaborative_id, kind, language) DO NOTHING`, after.ID, after.Kind, after.Language, after.Subject, after.Body, after.Version, store.Micros(c.Now)))
	} else {
		err = operation.Changed(c.Tx.Exec(`UPDATE letter_texts SET subject = $3, body = $4, version = $5, updated_at = $6 WHERE collaborative_id = $1 AND id = $2 AND version = $5 - 1`,
			after.ID, after.Subject, after.Body, after.Version, store.Micros(c.Now)))
	}
	if err != nil {
		return before, err
	}
	// The history shows what was said and what is said, whosever it is.
	was, now := before.ours(c.Context()), after.ours(c.Context())
	c.Changed(after.subject(), after.name(c.Context()), after.Version, was, now)
	if before.Own {
		c.UndoWith("letter-texts.edit", TextInput{TextRef: ref, Version: after.Version, Subject: before.Subject, Body: before.Body})
	} else {
		c.UndoWith("letter-texts.reset", TextVersion{TextRef: ref, Version: after.Version})
	}
	return now, nil
}

// PreviewInput is what a letter is looked at with.
type PreviewInput struct {
	TextRef
	Subject string `json:"subject" required:"true" maxLength:"200"`
	Body    string `json:"body" required:"true" maxLength:"8000" text:"lines"`
}

// Preview is a letter of invented people, as it would be sent.
type Preview struct {
	Subject string     `json:"subject"`
	Text    string     `json:"text"`
	HTML    string     `json:"html"`
	Sheet   mail.Sheet `json:"-"`
}

// PreviewText shows what a letter would look like.
var PreviewText = operation.Define(operation.Operation[PreviewInput, Preview]{
	Definition: operation.Definition{ID: "letter-texts.preview", Summary: "Shows a letter with a text, written to somebody invented", ReadOnly: true, Method: "POST", Path: "/letter-texts/{kind}/{language}/preview"},
	Validate: func(in *PreviewInput, faults *operation.Faults) {
		TextInput{TextRef: in.TextRef, Subject: in.Subject, Body: in.Body}.check(faults)
	},
	Run: func(c *operation.Call, in PreviewInput) (Preview, error) {
		if !in.known() {
			return Preview{}, operation.Missing()
		}
		own, err := mail.NewOwn(mail.Template(in.Kind), mail.Words{Subject: in.Subject, Body: in.Body})
		if err != nil {
			return Preview{}, err
		}
		ctx := i18n.WithZone(i18n.With(c.Context(), in.Language), c.Collaborative.Zone)
		sheet, err := mail.Lay(ctx, mail.Template(in.Kind), invented(c, in.TextRef), own)
		if err != nil {
			return Preview{}, err
		}
		html, err := sheet.HTML()
		return Preview{Subject: sheet.Subject, Text: sheet.Plain(), HTML: html, Sheet: sheet}, err
	},
})

// nowhere is where the links of letters lead that are only looked at.
const nowhere = "https://example.org/"

// invented is what a letter tells that is only looked at.
func invented(c *operation.Call, ref TextRef) mail.Data {
	ctx := i18n.WithZone(i18n.With(c.Context(), ref.Language), c.Collaborative.Zone)
	return mail.Invented(ctx, mail.Template(ref.Kind), c.Collaborative.Name, nowhere, c.Now)
}

// TestText sends whoever asks a letter with a text.
var TestText = operation.Define(operation.Operation[PreviewInput, operation.None]{
	Definition: operation.Definition{ID: "letter-texts.test", Summary: "Sends you a letter with a text, written to somebody invented", Method: "POST", Path: "/letter-texts/{kind}/{language}/test"},
	Limit:      func(PreviewInput) string { return TestLimit },
	Validate: func(in *PreviewInput, faults *operation.Faults) {
		TextInput{TextRef: in.TextRef, Subject: in.Subject, Body: in.Body}.check(faults)
	},
	Run: func(c *operation.Call, in PreviewInput) (operation.None, error) {
		switch {
		case !in.known():
			return operation.None{}, operation.Missing()
		case c.Actor.Email == "":
			return operation.None{}, operation.Refuse(operation.Conflict, "letter_texts.no_address")
		}
		data := invented(c, in.TextRef)
		data.Stop = ""
		access.PostTest(c, access.Letter{Template: mail.Template(in.Kind), To: c.Actor.Email, ToName: c.Actor.Name, Language: in.Language, Data: data, Words: &mail.Words{Subject: in.Subject, Body: in.Body}})
		c.Changed(operation.Subject{Kind: TextKind, ID: c.Collaborative.ID}, Text{Kind: in.Kind, Language: in.Language}.name(c.Context()), 0, nil, nil)
		return operation.None{}, nil
	},
})
