// Package cards writes contact cards: vCard 4.0 (RFC 6350), which address books
// read.
package cards

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
)

// MediaType and Ending are what a file of cards is.
const (
	MediaType = "text/vcard; charset=utf-8"
	Ending    = "vcf"
)

// Card is one person.
type Card struct {
	ID           string // a UUID
	Given        string
	Family       string
	OtherNames   []string
	Organization string
	Title        string
	Emails       []string
	Phone        string
	Language     string
	Categories   []string
	Notes        string
}

// Write writes cards one after another.
func Write(w io.Writer, list []Card) error {
	for _, c := range list {
		var lines bytes.Buffer
		if err := vcard.NewEncoder(&lines).Encode(c.card()); err != nil {
			return err
		}
		if _, err := w.Write(fold(lines.Bytes())); err != nil {
			return err
		}
	}
	return nil
}

// longestLine is how many octets a line may have (RFC 6350, 3.2).
const longestLine = 75

// fold breaks longer lines between characters; a space begins what goes on.
func fold(text []byte) []byte {
	var out bytes.Buffer
	room := longestLine
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '\r' || r == '\n':
			room = longestLine
		case size > room:
			out.WriteString("\r\n ")
			room = longestLine - 1 - size
		default:
			room -= size
		}
		out.Write(text[:size])
		text = text[size:]
	}
	return out.Bytes()
}

func (c Card) card() vcard.Card {
	out := vcard.Card{}
	out.SetValue(vcard.FieldVersion, "4.0")
	put := func(field, value string) {
		if value = clean(value); value != "" {
			out.AddValue(field, value)
		}
	}
	put(vcard.FieldUID, "urn:uuid:"+c.ID)
	// A card must have a formatted name, also of somebody without one.
	out.SetValue(vcard.FieldFormattedName, clean(strings.TrimSpace(c.Given+" "+c.Family)))
	out.AddName(&vcard.Name{GivenName: whole(c.Given), FamilyName: whole(c.Family)})
	for _, name := range c.OtherNames {
		put(vcard.FieldNickname, name)
	}
	put(vcard.FieldOrganization, whole(c.Organization))
	put(vcard.FieldTitle, c.Title)
	for i, email := range c.Emails {
		if email = clean(email); email != "" {
			f := &vcard.Field{Value: email}
			if i == 0 {
				f.Params = vcard.Params{vcard.ParamPreferred: {"1"}}
			}
			out.Add(vcard.FieldEmail, f)
		}
	}
	put(vcard.FieldTelephone, c.Phone)
	put(vcard.FieldLanguage, c.Language)
	for _, word := range c.Categories {
		put(vcard.FieldCategories, word)
	}
	put(vcard.FieldNote, c.Notes)
	return out
}

// clean takes out carriage returns and other control characters, which no card may
// hold.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// whole is text that is one part of a value of several: a semicolon would end it.
func whole(text string) string { return strings.ReplaceAll(clean(text), ";", ",") }
