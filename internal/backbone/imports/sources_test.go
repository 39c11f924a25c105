package imports_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

// told is what a test expects of a person or an organization.
func told(values ...string) string { return strings.Join(values, " · ") }

func toldPerson(p directory.Person) string {
	out := []string{p.Name(), strings.Join(append([]string{p.Email}, p.OtherEmails...), " ")}
	if p.Affiliation != nil {
		out = append(out, "at "+p.Affiliation.Organization)
		if p.Affiliation.Title != "" {
			out = append(out, "as "+p.Affiliation.Title)
		}
	}
	for label, value := range map[string]string{"phone": p.Phone, "language": p.Language, "notes": p.Notes, "tags": strings.Join(p.Tags, ", "), "also": strings.Join(p.OtherNames, ", ")} {
		if value != "" {
			out = append(out, label+" "+value)
		}
	}
	if p.NoMailings {
		out = append(out, "no mailings")
	}
	slices.Sort(out[2:])
	return told(out...)
}

func toldOrganization(o directory.Organization) string {
	out := []string{o.Name}
	for label, value := range map[string]string{"kinds": strings.Join(o.Kinds, ", "), "sector": o.Sector, "place": o.Place, "website": o.Website, "email": o.Email, "phone": o.Phone, "about": o.About,
		"also": strings.Join(o.OtherNames, ", "), "tags": strings.Join(o.Tags, ", "), "notes": o.Notes} {
		if value != "" && value != "other" {
			out = append(out, label+" "+value)
		}
	}
	slices.Sort(out[1:])
	return told(out...)
}

// mapped are the columns that go somewhere, as "heading > field".
func mapped(i imports.Import) []string {
	var out []string
	for k, field := range i.Plan.Fields {
		if field != "" {
			out = append(out, i.File.Columns[k].Name+" > "+field)
		}
	}
	return out
}

// Files of the programs people come from are recognised, and nothing of them is
// taken for something else.
func TestSources(t *testing.T) {
	for _, c := range []struct {
		file, wanted, kind, source string
		mapping                    []string
		people, organizations      []string
	}{} {
		t.Run(c.file+" "+c.wanted, func(t *testing.T) {
			at := newTable(t, store.Config{Path: migrated.File(t)})
			ctx := at.as(operation.Director)
			content, err := os.ReadFile(filepath.Join("testdata", "sources", c.file))
			if err != nil {
				t.Fatal(err)
			}
			i := at.bring(ctx, t, c.file, c.wanted, content)
			if i.Kind != c.kind || i.File.Source != c.source {
				t.Errorf("taken for %s from %q, not %s from %q", i.Kind, i.File.Source, c.kind, c.source)
			}
			if got := mapped(i); !slices.Equal(got, c.mapping) {
				t.Errorf("mapping\n%#v", got)
			}
			i = at.load(ctx, t, at.plan(ctx, t, i, nil))
			if i.Counts.BadRows != 0 || i.Counts.Refused != 0 || i.Counts.Doubts != 0 {
				t.Errorf("counts %+v", i.Counts)
			}
			var people, organizations []string
			for _, p := range at.people(ctx, t) {
				people = append(people, toldPerson(p))
			}
			for _, o := range must[operation.Page[directory.Organization]](t)(directory.ListOrganizations.Do(ctx, at.door, directory.ListOrganizationsInput{})).Items {
				organizations = append(organizations, toldOrganization(o))
			}
			if !reflect.DeepEqual(people, c.people) {
				t.Errorf("people\n%#v", people)
			}
			if !reflect.DeepEqual(organizations, c.organizations) {
				t.Errorf("organizations\n%#v", organizations)
			}
		})
	}
}

// What a cell holds by name becomes columns of their own, which can become fields.
func TestUnfolded(t *testing.T) {
	at := newTable(t, store.Config{Path: migrated.File(t)})
	content, err := os.ReadFile(filepath.Join("testdata", "sources", "listmonk.csv"))
	if err != nil {
		t.Fatal(err)
	}
	i := at.bring(at.as(operation.Director), t, "listmonk.csv", "", content)
	samples := map[string][]string{}
	for _, c := range i.File.Columns {
		samples[c.Name] = c.Samples
	}
	for name, want := range map[string][]string{"attributes.city": {"Riverbend", "Hillside"}, "attributes.ward": {"3"}, "attributes.role.board": {"true"}} {
		if !slices.Equal(samples[name], want) {
			t.Errorf("%s holds %q", name, samples[name])
		}
	}
}
