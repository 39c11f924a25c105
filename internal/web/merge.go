package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// mergeRoutes are the pages on which two records become one, and two again.
func (s *Server) mergeRoutes() []Route {
	const c = "/c/{collaborative}"
	return []Route{
		{"GET", c + "/organizations/{id}/merge", []string{"organizations.get", "organizations.list", "organizations.merge"}, s.organizationMerge},
		{"POST", c + "/organizations/{id}/merge", []string{"organizations.get", "organizations.merge"}, s.organizationMerged},
		{"POST", c + "/organizations/{id}/unmerge", []string{"organizations.unmerge"}, s.organizationUnmerge},
		{"GET", c + "/people/{id}/merge", []string{"people.get", "people.list", "people.merge"}, s.personMerge},
		{"POST", c + "/people/{id}/merge", []string{"people.get", "people.merge"}, s.personMerged},
		{"POST", c + "/people/{id}/unmerge", []string{"people.unmerge"}, s.personUnmerge},
	}
}

// twin is one of two records that are compared.
type twin struct {
	area    string
	id      string
	short   string
	name    string
	detail  string
	version int64
	facts   []twinFact
}

// twinFact is a field as the comparison shows it.
type twinFact struct{ field, label, value string }

func (t twin) address(ctx context.Context) string { return place(ctx, t.area+"/"+t.short) }

// kind is the kind of record.
func (t twin) kind() string {
	if t.area == "people" {
		return directory.PersonKind
	}
	return directory.OrganizationKind
}

// twinOrganization is an organization to be compared.
func (s *Server) twinOrganization(ctx context.Context, o directory.Organization) twin {
	t := twin{area: "organizations", id: o.ID.String(), short: o.ID.Short(), name: o.Name, detail: o.Place, version: o.Version}
	add := func(field, value string) {
		t.facts = append(t.facts, twinFact{field, i18n.T(ctx, "organizations.field_"+field), value})
	}
	add("name", o.Name)
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
	}
	return t
}

// twinPerson is a person to be compared.
func (s *Server) twinPerson(ctx context.Context, p directory.Person) twin {
	t := twin{area: "people", id: p.ID.String(), short: p.ID.Short(), name: p.Name(), detail: affiliation(p).Organization, version: p.Version}
	add := func(field, value string) {
		t.facts = append(t.facts, twinFact{field, i18n.T(ctx, "people.field_"+field), value})
	}
	add("given_name", p.GivenName)
	add("family_name", p.FamilyName)
	if s.mayAll(ctx, directory.SeeContacts) {
		add("email", p.Email)
		add("phone", p.Phone)
	}
	add("language", languageName(p.Language))
	if s.mayAll(ctx, directory.SeeContacts) {
		add("notes", p.Notes)
	}
	return t
}

// choice is a field in which two records differ.
type choice struct {
	Name, Label  string
	Kept, Merged string
	TakeMerged   bool
}

// choices sets two records side by side: those fields in which they differ, and
// which side is taken when nobody chooses.
func choices(kept, merged twin, chosen url.Values) (differ []choice, same []ui.Fact) {
	for i, f := range kept.facts {
		other := merged.facts[i].value
		if f.value == other {
			if f.value != "" {
				same = append(same, ui.Fact{Label: f.label, Value: f.value})
			}
			continue
		}
		one := choice{Name: "take." + f.field, Label: f.label, Kept: f.value, Merged: other, TakeMerged: f.value == ""}
		if side := chosen.Get(one.Name); side != "" {
			one.TakeMerged = side == directory.FromMerged
		}
		differ = append(differ, one)
	}
	return differ, same
}

// mergeForm is the comparison of two records, with the choice for every field.
func (s *Server) mergeForm(w http.ResponseWriter, r *http.Request, status int, kept, merged twin, f faults) error {
	ctx := r.Context()
	differ, same := choices(kept, merged, r.PostForm)
	props := ui.PageProps{Title: i18n.T(ctx, "merge.title_two", i18n.Args{"Kept": kept.name, "Merged": merged.name}), Heading: i18n.T(ctx, "merge.title"), Lede: i18n.T(ctx, "merge.lede"),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, kept.area+".title"), Href: place(ctx, kept.area)}, {Label: kept.name, Href: kept.address(ctx)}},
		Menu:   []ui.Action{{Label: i18n.T(ctx, "merge.swap", i18n.Args{"Name": merged.name}), Href: merged.address(ctx) + "/merge?with=" + kept.short, Icon: "undo"}}}
	if s.may(ctx, "resemblances.decide") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "resemblance.different"), Href: place(ctx, "resemblances/decide"), Post: true, Icon: "close",
			Hidden: []ui.Hidden{{Name: "kind", Value: kept.kind()}, {Name: "first", Value: kept.id}, {Name: "second", Value: merged.id}, {Name: "decision", Value: directory.DifferentDecision}}})
	}
	form := ui.FormProps{Action: kept.address(ctx) + "/merge", Errors: f.list, Submit: i18n.T(ctx, "merge.submit"), Cancel: ui.Link{Href: kept.address(ctx)},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(kept.version, 10)}, {Name: "merge_id", Value: merged.id}, {Name: "merge_version", Value: strconv.FormatInt(merged.version, 10)}}}
	parts := []templ.Component{mergeChoices(kept.name, merged.name, differ)}
	if len(same) > 0 {
		parts = append(parts, ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "merge.same"), Facts: same}))
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), parts...))
}

// mergeFind asks which record is the same as the one of the address.
func (s *Server) mergeFind(w http.ResponseWriter, r *http.Request, kept twin, hits []twin) error {
	ctx, q := r.Context(), r.URL.Query().Get("q")
	props := ui.PageProps{Title: i18n.T(ctx, "merge.find_title", i18n.Args{"Name": kept.name}), Heading: i18n.T(ctx, "merge.title"), Lede: i18n.T(ctx, "merge.find_lede", i18n.Args{"Name": kept.name}),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, kept.area+".title"), Href: place(ctx, kept.area)}, {Label: kept.name, Href: kept.address(ctx)}}}
	field := ui.FieldProps{Kind: ui.Text, Name: "q", Label: i18n.T(ctx, "list.words"), Value: q, Autocomplete: "off", MaxLength: 200}
	parts := []templ.Component{with(ui.Form(ui.FormProps{Action: kept.address(ctx) + "/merge", Get: true, Submit: i18n.T(ctx, "merge.find"), Cancel: ui.Link{Href: kept.address(ctx)}}), ui.Field(field))}
	var rows []ui.Row
	for _, hit := range hits {
		if hit.short != kept.short {
			rows = append(rows, ui.Row{Title: hit.name, Detail: hit.detail, Href: kept.address(ctx) + "/merge?with=" + hit.short})
		}
	}
	switch {
	case len(rows) > 0:
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "merge.which")}), ui.Rows(rows)))
	case q != "":
		parts = append(parts, muted(i18n.T(ctx, "merge.none_found")))
	}
	return s.show(w, r, http.StatusOK, "organizations", props, parts...)
}

// mostTwins is how many records are offered as the same one.
const mostTwins = 20

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
		return s.mergeForm(w, r, http.StatusOK, s.twinOrganization(ctx, kept), s.twinOrganization(ctx, merged), faults{})
	}
	var hits []twin
	if q.Get("q") != "" {
		page, err := directory.ListOrganizations.Do(ctx, s.app.Door, directory.ListOrganizationsInput{Text: q.Get("q"), Limit: mostTwins})
		if err != nil {
			return err
		}
		for _, o := range page.Items {
			hits = append(hits, s.twinOrganization(ctx, o))
		}
	}
	return s.mergeFind(w, r, s.twinOrganization(ctx, kept), hits)
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
	for field, side := range taken(r.PostForm) {
		in.Fields = append(in.Fields, directory.OrganizationChoice{Field: field, From: side})
	}
	var receipt operation.Receipt
	_, err = directory.MergeOrganizations.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.mergeForm(w, r, faultStatus(err), s.twinOrganization(ctx, kept), s.twinOrganization(ctx, merged), f)
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
	return s.done(w, r, place(ctx, "organizations/"+i.Short()+leftQuery(out.Left)), "organizations.unmerge", operation.Receipt{})
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
		return s.mergeForm(w, r, http.StatusOK, s.twinPerson(ctx, kept), s.twinPerson(ctx, merged), faults{})
	}
	var hits []twin
	if q.Get("q") != "" {
		page, err := directory.ListPeople.Do(ctx, s.app.Door, directory.ListPeopleInput{Text: q.Get("q"), Limit: mostTwins})
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			hits = append(hits, s.twinPerson(ctx, p))
		}
	}
	return s.mergeFind(w, r, s.twinPerson(ctx, kept), hits)
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
	for field, side := range taken(r.PostForm) {
		in.Fields = append(in.Fields, directory.PersonChoice{Field: field, From: side})
	}
	var receipt operation.Receipt
	_, err = directory.MergePeople.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.mergeForm(w, r, faultStatus(err), s.twinPerson(ctx, kept), s.twinPerson(ctx, merged), f)
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
	return s.done(w, r, place(ctx, "people/"+i.Short()+leftQuery(out.Left)), "people.unmerge", operation.Receipt{})
}

// taken are the sides a comparison's form chose, by field.
func taken(form url.Values) map[string]string {
	out := map[string]string{}
	for name, values := range form {
		if field, ok := strings.CutPrefix(name, "take."); ok {
			out[field] = values[0]
		}
	}
	return out
}

// faultStatus is the status of a form that is shown again.
func faultStatus(err error) int {
	if operation.KindOf(err) == operation.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// leftQuery tells the page after an undone merge what stayed as it is.
func leftQuery(left directory.Left) string {
	if len(left.Fields) == 0 && left.Rows == 0 {
		return ""
	}
	return "?" + url.Values{"left": {strings.Join(left.Fields, ",")}, "rows": {strconv.FormatInt(left.Rows, 10)}}.Encode()
}

// leftFields are the fields an undone merge may have left as they are.
var leftFields = map[string][]string{
	"organizations": {"name", "other_names", "sector", "status", "place", "website", "email", "phone", "about", "notes", "funder", "host", "lead_organization", "fiscal_sponsor"},
	"people":        {"given_name", "family_name", "email", "phone", "language", "notes"},
}

// mergeNotices say on a record's page that it is part of another one, that one
// came here from a page that is, or what an undone merge left alone.
func (s *Server) mergeNotices(r *http.Request, area string, into ui.Link, undo *ui.Action) []ui.NoticeProps {
	ctx, q := r.Context(), r.URL.Query()
	var out []ui.NoticeProps
	if into.Href != "" {
		out = append(out, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "merge.is_part", i18n.Args{"Name": into.Label}), Links: []ui.Link{into}, Undo: undo})
	}
	if q.Has("merged") {
		out = append(out, ui.NoticeProps{Text: i18n.T(ctx, "merge.led_here")})
	}
	if q.Has("rows") {
		var names []string
		for _, field := range strings.Split(q.Get("left"), ",") {
			if slices.Contains(leftFields[area], field) {
				names = append(names, i18n.T(ctx, area+".field_"+field))
			}
		}
		if len(names) > 0 {
			out = append(out, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "merge.left_fields", i18n.Args{"Fields": i18n.List(ctx, names)})})
		}
		if n := whole(q.Get("rows")); n > 0 {
			out = append(out, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "merge.left_rows", i18n.Args{"Count": n})})
		}
	}
	return out
}
