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
	facts   []twinFact // only once they are compared
}

// twinFact is a field as the comparison shows it. Of a field that takes what both
// have, such as other names, all are its values: there is nothing to choose.
type twinFact struct {
	field, label, value string
	joined              bool
	all                 []string
}

func (t twin) address(ctx context.Context) string { return place(ctx, t.area+"/"+t.short) }

// kind is the kind of record.
func (t twin) kind() string {
	if t.area == "people" {
		return directory.PersonKind
	}
	return directory.OrganizationKind
}

// choice is a field in which two records differ.
type choice struct {
	Name, Label  string
	Kept, Merged string
	TakeMerged   bool
}

// choices sets two records side by side: those fields in which they differ, and
// which side is taken when nobody chooses; what is taken from both; and what is
// the same anyway.
func choices(kept, merged twin, chosen url.Values) (differ []choice, both, same []ui.Fact) {
	for i, f := range kept.facts {
		other := merged.facts[i]
		if f.joined {
			all := append([]string{}, f.all...)
			for _, text := range other.all {
				if !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
			if len(all) > 0 {
				both = append(both, ui.Fact{Label: f.label, Value: strings.Join(all, "; ")})
			}
			continue
		}
		if f.value == other.value {
			if f.value != "" {
				same = append(same, ui.Fact{Label: f.label, Value: f.value})
			}
			continue
		}
		one := choice{Name: "take." + f.field, Label: f.label, Kept: f.value, Merged: other.value, TakeMerged: f.value == ""}
		if side := chosen.Get(one.Name); side != "" {
			one.TakeMerged = side == directory.FromMerged
		}
		differ = append(differ, one)
	}
	return differ, both, same
}

// ownFacts are the collaborative's own fields of a record, to be compared. Their
// choice goes by the key of the field.
func ownFacts(ctx context.Context, fields []directory.Field, custom map[string]string) []twinFact {
	var out []twinFact
	for _, f := range fields {
		out = append(out, twinFact{field: customPrefix + f.Key, label: f.Label, value: customText(ctx, f, custom[f.Key])})
	}
	return out
}

// mergeForm is the comparison of two records, with the choice for every field.
func (s *Server) mergeForm(w http.ResponseWriter, r *http.Request, status int, kept, merged twin, f faults) error {
	ctx := r.Context()
	differ, both, same := choices(kept, merged, r.PostForm)
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
	if len(both) > 0 {
		parts = append(parts, ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "merge.both"), Facts: both}), muted(i18n.T(ctx, "merge.both_text")))
	}
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

// taken are the sides a comparison's form chose, by field; own are those of the
// collaborative's own fields.
func taken(form url.Values) (sides map[string]string, own []directory.OwnChoice) {
	sides = map[string]string{}
	for name, values := range form {
		field, ok := strings.CutPrefix(name, "take.")
		if !ok {
			continue
		}
		if key, ok := strings.CutPrefix(field, customPrefix); ok {
			own = append(own, directory.OwnChoice{Key: key, From: values[0]})
			continue
		}
		sides[field] = values[0]
	}
	return sides, own
}

// faultStatus is the status of a form that is shown again.
func faultStatus(err error) int {
	if operation.KindOf(err) == operation.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// mergeNotices say on a record's page that it is part of another one, or that
// one came here from a page that is.
func mergeNotices(r *http.Request, into ui.Link, undo *ui.Action) []ui.NoticeProps {
	ctx, q := r.Context(), r.URL.Query()
	var out []ui.NoticeProps
	if into.Href != "" {
		out = append(out, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "merge.is_part", i18n.Args{"Name": into.Label}), Links: []ui.Link{into}, Undo: undo})
	}
	if q.Has("merged") {
		out = append(out, ui.NoticeProps{Text: i18n.T(ctx, "merge.led_here")})
	}
	return out
}
