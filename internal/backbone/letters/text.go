package letters

import (
	"context"
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// TextKind names the text of a letter as a subject.
const TextKind = "letter-text"

// TextID names a text.
type TextID = id.Of[Text]

// Text is what a kind of letter says in one language: ours, or the collaborative's own.
type Text struct {
	ID        TextID    `json:"id,omitzero" audit:"-" doc:"Absent while it was never changed."`
	Kind      string    `json:"kind" audit:"-" doc:"Which letter."`
	Language  string    `json:"language" audit:"-"`
	Subject   string    `json:"subject"`
	Body      string    `json:"body" doc:"The text after the greeting: paragraphs, # headings, - lists, *emphasis* and [links](https://…)."`
	Own       bool      `json:"own" audit:"-" doc:"Whether the collaborative wrote it; it is ours otherwise."`
	Version   int64     `json:"version" audit:"-" doc:"0 while it was never changed."`
	UpdatedAt time.Time `json:"updated_at,omitzero" audit:"-"`
}

// CurrentVersion is what REST makes an ETag of.
func (t Text) CurrentVersion() int64 { return t.Version }

func (t Text) subject() operation.Subject { return operation.Subject{Kind: TextKind, ID: t.ID} }

// name is what the history calls it.
func (t Text) name(ctx context.Context) string {
	return i18n.T(ctx, "letter_kinds."+t.Kind) + " · " + i18n.T(ctx, "languages."+t.Language)
}

// TextsOfKind is a kind of letter: what it says in each language, and what it may name.
type TextsOfKind struct {
	Kind      string          `json:"kind"`
	Variables []mail.Variable `json:"variables" doc:"What may stand in braces, to be filled for each reader."`
	Texts     []Text          `json:"texts" doc:"One for each language."`
}

// TextKinds lists the letters whose text can be changed, by catalogue key
// "letter_kinds.…".
func TextKinds() []string {
	all := mail.Worded()
	out := make([]string, len(all))
	for k, t := range all {
		out[k] = string(t)
	}
	return out
}

const textColumns = `SELECT id, kind, language, subject, body, version, updated_at FROM letter_texts WHERE collaborative_id = $1`

func scanText(row store.Row) (t Text, err error) {
	err = row.Scan(&t.ID, &t.Kind, &t.Language, &t.Subject, &t.Body, &t.Version, store.ScanTime(&t.UpdatedAt))
	t.Own = t.Body != ""
	return t, err
}

// ours fills a text that is not the collaborative's own.
func (t Text) ours(ctx context.Context) Text {
	if !t.Own {
		w := mail.OurWords(i18n.With(ctx, t.Language), mail.Template(t.Kind))
		t.Subject, t.Body = w.Subject, w.Body
	}
	return t
}

// textOf is the text of a kind in a language as it stands on record.
func textOf(tx *store.Tx, kind, language string) (Text, error) {
	t, err := store.One(tx, scanText, textColumns+` AND kind = $2 AND language = $3`, kind, language)
	if errors.Is(err, store.ErrNotFound) {
		return Text{Kind: kind, Language: language}, nil
	}
	return t, err
}

// OwnWords are the words of a collaborative for letters of a kind in a language, and
// false where it has none of its own.
func OwnWords(tx *store.Tx, kind, language string) (mail.Words, bool, error) {
	t, err := textOf(tx, kind, language)
	return mail.Words{Subject: t.Subject, Body: t.Body}, t.Own, err
}

// TextRef names a text.
type TextRef struct {
	Kind     string `json:"kind" text:"raw" maxLength:"40"`
	Language string `json:"language" text:"raw" maxLength:"10"`
}

func (r TextRef) known() bool {
	return slices.Contains(TextKinds(), r.Kind) && slices.Contains(i18n.Languages(), r.Language)
}

// TextKindRef names a kind of letter.
type TextKindRef struct {
	Kind string `json:"kind" text:"raw" maxLength:"40"`
}

// ListTexts lists all texts of letters.
var ListTexts = operation.Define(operation.Operation[operation.None, operation.Page[Text]]{
	Definition: operation.Definition{ID: "letter-texts.list", Summary: "Lists what each kind of letter says, in each language", ReadOnly: true, Method: "GET", Path: "/letter-texts"},
	Run: func(c *operation.Call, _ operation.None) (operation.Page[Text], error) {
		var out []Text
		for _, kind := range TextKinds() {
			of, err := textsOf(c, kind)
			if err != nil {
				return operation.Page[Text]{}, err
			}
			out = append(out, of.Texts...)
		}
		return operation.Whole(out), nil
	},
})

// GetTexts reads what a kind of letter says.
var GetTexts = operation.Define(operation.Operation[TextKindRef, TextsOfKind]{
	Definition: operation.Definition{ID: "letter-texts.get", Summary: "Reads what a kind of letter says in each language, and what it may name", ReadOnly: true, Method: "GET", Path: "/letter-texts/{kind}"},
	Run: func(c *operation.Call, in TextKindRef) (TextsOfKind, error) {
		if !slices.Contains(TextKinds(), in.Kind) {
			return TextsOfKind{}, operation.Missing()
		}
		return textsOf(c, in.Kind)
	},
})

func textsOf(c *operation.Call, kind string) (TextsOfKind, error) {
	out := TextsOfKind{Kind: kind, Variables: mail.Variables(mail.Template(kind))}
	stored, err := store.Collect(c.Tx, scanText, textColumns+` AND kind = $2 ORDER BY language`, kind)
	if err != nil {
		return out, err
	}
	for _, language := range i18n.Languages() {
		t := Text{Kind: kind, Language: language}
		for _, have := range stored {
			if have.Language == language {
				t = have
			}
		}
		out.Texts = append(out.Texts, t.ours(c.Context()))
	}
	return out, nil
}
