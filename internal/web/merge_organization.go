package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// twinOrganization is an organization to be compared.
func twinOrganization(o directory.Organization) twin {
	return twin{area: "organizations", id: o.ID.String(), short: o.ID.Short(), name: o.Name, detail: o.Place, version: o.Version}
}

// comparedOrganization are what a comparison shows of an organization.
func (s *Server) comparedOrganization(ctx context.Context, o directory.Organization, own []directory.Field) []twinFact {
	var out []twinFact
	add := func(field, value string) {
		out = append(out, twinFact{field: field, label: i18n.T(ctx, "organizations.field_"+field), value: value})
	}
	join := func(field string, values []string) {
		out = append(out, twinFact{field: field, label: i18n.T(ctx, "organizations.field_"+field), joined: true, all: values})
	}
	add("name", o.Name)
	join("other_names", o.OtherNames)
	add("kinds", strings.Join(o.Kinds, ", "))
	add("sector", i18n.T(ctx, "sectors."+o.Sector))
	add("status", i18n.T(ctx, "statuses."+o.Status))
	for _, part := range directory.Parts {
		value := ""
		if slices.Contains(o.Parts(), part) {
			value = i18n.T(ctx, "list.yes")
		}
		add(part, value)
	}
	add("place", o.Place)
	add("website", o.Website)
	add("email", o.Email)
	add("phone", o.Phone)
	add("about", o.About)
	if s.mayAll(ctx, directory.SeeNotes) {
		add("notes", o.Notes)
		join("tags", o.Tags)
	}
	return append(out, ownFacts(ctx, own, o.Custom)...)
}

// compareOrganizations is the comparison of two organizations.
func (s *Server) compareOrganizations(w http.ResponseWriter, r *http.Request, status int, kept, merged directory.Organization, f faults) error {
	own, err := s.ownFields(r.Context(), directory.OrganizationKind)
	if err != nil {
		return err
	}
	one, two := twinOrganization(kept), twinOrganization(merged)
	one.facts, two.facts = s.comparedOrganization(r.Context(), kept, own), s.comparedOrganization(r.Context(), merged, own)
	return s.mergeForm(w, r, status, one, two, f)
}

// organizationMerge is GET …/organizations/{id}/merge: first which one, then the
// comparison.
func (s *Server) organizationMerge(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	kept, err := s.liveOrganization(ctx, i)
	if err != nil {
		return err
	}
	if other := q.Get("with"); other != "" {
		merged, err := s.organizationNamed(ctx, other)
		if err != nil {
			return err
		}
		return s.compareOrganizations(w, r, http.StatusOK, kept, merged, faults{})
	}
	var hits []twin
	if q.Get("q") != "" {
		page, err := directory.ListOrganizations.Do(ctx, s.app.Door, directory.ListOrganizationsInput{Text: q.Get("q"), Limit: mostTwins})
		if err != nil {
			return err
		}
		for _, o := range page.Items {
			hits = append(hits, twinOrganization(o))
		}
	}
	return s.mergeFind(w, r, twinOrganization(kept), hits)
}

// organizationNamed reads the organization that a short or long id names.
func (s *Server) organizationNamed(ctx context.Context, text string) (directory.Organization, error) {
	i, err := id.Parse[directory.Organization](text)
	if err != nil {
		return directory.Organization{}, operation.Missing()
	}
	return s.liveOrganization(ctx, i)
}

func (s *Server) liveOrganization(ctx context.Context, i directory.OrganizationID) (directory.Organization, error) {
	o, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i})
	if err == nil && (o.DeletedAt != nil || !o.MergedInto.IsZero()) {
		err = operation.Missing()
	}
	return o, err
}

// organizationMerged is POST …/organizations/{id}/merge.
func (s *Server) organizationMerged(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	kept, err := s.liveOrganization(ctx, i)
	if err != nil {
		return err
	}
	merged, err := s.organizationNamed(ctx, r.PostFormValue("merge_id"))
	if err != nil {
		return err
	}
	in := directory.OrganizationMerge{ID: i, Version: formVersion(r), MergeID: merged.ID, MergeVersion: whole(r.PostFormValue("merge_version"))}
	sides, own := taken(r.PostForm)
	in.Custom = own
	for field, side := range sides {
		in.Fields = append(in.Fields, directory.OrganizationChoice{Field: field, From: side})
	}
	var receipt operation.Receipt
	_, err = directory.MergeOrganizations.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.compareOrganizations(w, r, faultStatus(err), kept, merged, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "organizations/"+i.Short()), "organizations.merge", receipt)
}

// organizationUnmerge is POST …/organizations/{id}/unmerge.
func (s *Server) organizationUnmerge(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	out, err := directory.UnmergeOrganization.Do(ctx, s.app.Door, directory.OrganizationVersion{ID: i, Version: formVersion(r)})
	if err != nil {
		return err
	}
	return s.done(w, r, withLeft(place(ctx, "organizations/"+i.Short()), "organizations", out.Left), "organizations.unmerge", operation.Receipt{})
}
