package web

import (
	"bytes"
	"context"
	"net/http"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/cards"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// cardOf is a person as a contact card: what the reader may see and no notes, which
// are no business of an address book on a telephone.
func cardOf(p directory.Person) cards.Card {
	c := cards.Card{ID: p.ID.String(), Given: p.GivenName, Family: p.FamilyName, OtherNames: p.OtherNames, Phone: p.Phone, Language: p.Language, Categories: p.Tags,
		Organization: affiliation(p).Organization, Title: affiliation(p).Title}
	if p.Email != "" {
		c.Emails = []string{p.Email}
	}
	c.Emails = append(c.Emails, p.OtherEmails...)
	return c
}

// personCard is GET …/people/{id}/card.vcf.
func (s *Server) personCard(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	if p.DeletedAt != nil {
		return operation.Missing()
	}
	var out bytes.Buffer
	if err := cards.Write(&out, []cards.Card{cardOf(p)}); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(p.Name(), cards.Ending))
	s.send(w, r, http.StatusOK, cards.MediaType, &out)
	return nil
}

// personCards is GET …/people/export.vcf: the list as it is filtered, page by page.
// The first page is read before anything is sent, so that a refusal is still a page.
func (s *Server) personCards(w http.ResponseWriter, r *http.Request) error {
	in, err := s.personListInput(r)
	if err != nil {
		return err
	}
	in.Private = false
	read := func(ctx context.Context, after string) (operation.Page[directory.Person], error) {
		in.After, in.Before = after, ""
		return directory.ExportPeople.Do(ctx, s.app.Door, directory.ExportPeopleInput{ListPeopleInput: in})
	}
	page, err := read(r.Context(), "")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", cards.MediaType)
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(r.Context()).Slug+"-people", cards.Ending))
	for {
		list := make([]cards.Card, len(page.Items))
		for i, p := range page.Items {
			list[i] = cardOf(p)
		}
		if err := cards.Write(w, list); err != nil {
			return s.brokeOff(r, err)
		}
		if page.Next == "" {
			return nil
		}
		again, err := s.identify(w, r)
		if err == nil {
			page, err = read(again.Context(), page.Next)
		}
		if err != nil {
			return s.brokeOff(r, err)
		}
	}
}
