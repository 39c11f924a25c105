package cards

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/emersion/go-vcard"
)

// Cards are read back by a reader as they were meant, whatever stands in them.
func TestCards(t *testing.T) {
	list := []Card{
		{ID: "01a21769-e1e4-704e-9faa-f72421faf58b", Given: "Ána; Maria", Family: "Ruiz, the \"elder\"", OtherNames: []string{"Ani"}, Organization: "North; Side", Title: "Chair\r\nBEGIN:VCARD", Emails: []string{"ana@mail.example", "two@mail.example"},
			Phone: "555-0100", Language: "es", Categories: []string{"a,b"}, Notes: strings.Repeat("größer ", 40) + "\nEND:VCARD"},
		{ID: "02a21769-e1e4-704e-9faa-f72421faf58b"},
	}
	var out bytes.Buffer
	if err := Write(&out, list); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\r\n"), "\r\n") {
		if len(line) > longestLine || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	decoder := vcard.NewDecoder(bytes.NewReader(out.Bytes()))
	var read []vcard.Card
	for {
		card, err := decoder.Decode()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, card)
	}
	if len(read) != 2 {
		t.Fatalf("%d cards", len(read))
	}
	first := read[0]
	if n := first.Name(); n.GivenName != "Ána, Maria" || n.FamilyName != "Ruiz, the \"elder\"" {
		t.Errorf("name = %+v", n)
	}
	if got := first.Value(vcard.FieldNote); got != list[0].Notes {
		t.Errorf("notes = %q", got)
	}
	if got := first.Values(vcard.FieldEmail); len(got) != 2 || first.PreferredValue(vcard.FieldEmail) != "ana@mail.example" {
		t.Errorf("addresses = %q", got)
	}
	if first.Value(vcard.FieldVersion) != "4.0" || first.Value(vcard.FieldTitle) != "Chair\nBEGIN:VCARD" || first.Value(vcard.FieldOrganization) != "North, Side" {
		t.Errorf("card = %v", first)
	}
}
