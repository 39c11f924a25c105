package web

import (
	"context"
	"net/http"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// twinPerson is a person to be compared.
func twinPerson(p directory.Person) twin {
	return twin{area: "people", id: p.ID.String(), short: p.ID.Short(), name: p.Name(), detail: affiliation(p).Organization, version: p.Version}
}

// comparedPerson are what a comparison shows of a person.
func (s *Server) comparedPerson(ctx context.Context, p directory.Person, own []directory.Field) []twinFact {
	var out []twinFact
	add := func(field, value string) {
		out = append(out, twinFact{field: field, label: i18n.T(ctx, "people.field_"+field), value: value})
	}
	join := func(field string, values []string) {
		out = append(out, twinFact{field: field, label: i18n.T(ctx, "people.field_"+field), joined: true, all: values})
	}
	add("given_name", p.GivenName)
	add("family_name", p.FamilyName)
	join("other_names", p.OtherNames)
	contacts := s.mayAll(ctx, directory.SeeContacts)
	if contacts {
		add("email", p.Email)
		join("other_emails", p.OtherEmails)
		add("phone", p.Phone)
		add("channel", optional(ctx, "channels.", p.Channel))
	}
	add("language", languageName(p.Language))
	if contacts {
		add("notes", p.Notes)
		join("tags", p.Tags)
	}
	if s.mayAll(ctx, directory.SeePrivate) {
		add("lived_experience", optional(ctx, "lived_experiences.", p.LivedExperience))
		add("access_needs", p.AccessNeeds)
	}
	return append(out, ownFacts(ctx, own, p.Custom)...)
}

// comparePeople is the comparison of two people's records.
func (s *Server) comparePeople(w http.ResponseWriter, r *http.Request, status int, kept, merged directory.Person, f faults) error {
	own, err := s.ownFields(r.Context(), directory.PersonKind)
	if err != nil {
		return err
	}
	one, two := twinPerson(kept), twinPerson(merged)
	one.facts, two.facts = s.comparedPerson(r.Context(), kept, own), s.comparedPerson(r.Context(), merged, own)
	return s.mergeForm(w, r, status, one, two, f)
}

// personMerge is GET …/people/{id}/merge.
func (s *Server) personMerge(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	kept, err := s.livePerson(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if other := q.Get("with"); other != "" {
		merged, err := s.livePerson(ctx, other)
		if err != nil {
			return err
		}
		return s.comparePeople(w, r, http.StatusOK, kept, merged, faults{})
	}
	var hits []twin
	if q.Get("q") != "" {
		page, err := directory.ListPeople.Do(ctx, s.app.Door, directory.ListPeopleInput{Text: q.Get("q"), Limit: mostTwins})
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			hits = append(hits, twinPerson(p))
		}
	}
	return s.mergeFind(w, r, twinPerson(kept), hits)
}

func (s *Server) livePerson(ctx context.Context, text string) (directory.Person, error) {
	i, err := id.Parse[directory.Person](text)
	if err != nil {
		return directory.Person{}, operation.Missing()
	}
	p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: directory.PersonID(i)})
	if err == nil && (p.DeletedAt != nil || !p.MergedInto.IsZero()) {
		err = operation.Missing()
	}
	return p, err
}

// personMerged is POST …/people/{id}/merge.
func (s *Server) personMerged(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	kept, err := s.livePerson(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	merged, err := s.livePerson(ctx, r.PostFormValue("merge_id"))
	if err != nil {
		return err
	}
	in := directory.PersonMerge{ID: kept.ID, Version: formVersion(r), MergeID: merged.ID, MergeVersion: whole(r.PostFormValue("merge_version"))}
	sides, own := taken(r.PostForm)
	in.Custom = own
	for field, side := range sides {
		in.Fields = append(in.Fields, directory.PersonChoice{Field: field, From: side})
	}
	var receipt operation.Receipt
	_, err = directory.MergePeople.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.comparePeople(w, r, faultStatus(err), kept, merged, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "people/"+kept.ID.Short()), "people.merge", receipt)
}

// personUnmerge is POST …/people/{id}/unmerge.
func (s *Server) personUnmerge(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Person](r)
	if err != nil {
		return err
	}
	out, err := directory.UnmergePerson.Do(ctx, s.app.Door, directory.PersonVersion{ID: directory.PersonID(i), Version: formVersion(r)})
	if err != nil {
		return err
	}
	return s.done(w, r, withLeft(place(ctx, "people/"+i.Short()), "people", out.Left), "people.unmerge", operation.Receipt{})
}
