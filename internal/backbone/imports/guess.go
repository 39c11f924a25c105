package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// fingerprint names a set of columns: files with the same headings in whatever
// order share it.
func fingerprint(columns []string) string {
	folded := make([]string, len(columns))
	for i, name := range columns {
		folded[i] = i18n.FoldKey(name)
	}
	slices.Sort(folded)
	sum := sha256.Sum256([]byte(strings.Join(folded, "\n")))
	return hex.EncodeToString(sum[:16])
}

// guess is the kind a file seems to be of and what its columns seem to mean: by
// headings in three languages, then by looking at the values. A kind that was
// asked for is kept.
func guess(wanted string, columns []Column) (kind string, fields []string) {
	best := -1.0
	for _, k := range kinds {
		if wanted != "" && k.ID != wanted {
			continue
		}
		mapped := k.guess(columns)
		if score := k.score(mapped, columns); score > best {
			best, kind, fields = score, k.ID, mapped
		}
	}
	return kind, fields
}

// guess maps the columns of a file to the fields of a kind. A heading that is an
// alias wins over one that only begins with one.
func (k *Kind) guess(columns []Column) []string {
	out := make([]string, len(columns))
	taken := map[string]bool{}
	for _, exact := range []bool{true, false} {
		for i, c := range columns {
			if out[i] != "" {
				continue
			}
			heading := i18n.FoldKey(c.Name)
			for _, f := range k.Fields {
				if taken[f.ID] && !f.Many || !f.answers(heading, exact) {
					continue
				}
				if exact || f.fits(c) {
					out[i] = f.ID
					taken[f.ID] = true
					break
				}
			}
		}
	}
	for i, c := range columns { // by the values alone
		if out[i] != "" {
			continue
		}
		for _, f := range k.Fields {
			if !taken[f.ID] && (f.Type == EmailType || f.Type == LinkType) && f.certain(c) {
				out[i] = f.ID
				taken[f.ID] = true
				break
			}
		}
	}
	return out
}

// answers says whether a heading means the field.
func (f Field) answers(heading string, exact bool) bool {
	if exact {
		return slices.Contains(f.Aliases, heading) || slices.Contains(f.labels(), heading)
	}
	return slices.ContainsFunc(f.Aliases, func(alias string) bool {
		return len(alias) > 3 && (strings.HasPrefix(heading, alias+" ") || strings.HasSuffix(heading, " "+alias))
	})
}

// labels are the field's name in every language, folded: the headings of our own
// downloads.
func (f Field) labels() []string {
	var out []string
	if f.Own {
		return []string{i18n.FoldKey(f.Label)}
	}
	for _, language := range languages {
		out = append(out, i18n.FoldKey(i18n.T(i18n.With(context.Background(), language), f.Label)))
	}
	return out
}

// fits says whether the samples of a column could stand in the field.
func (f Field) fits(c Column) bool {
	bad := 0
	for _, sample := range c.Samples {
		if _, fault, _ := f.settle(sample); fault != "" {
			bad++
		}
	}
	return bad*2 <= len(c.Samples)
}

// certain says whether every sample is of a type that nothing else looks like.
func (f Field) certain(c Column) bool {
	if len(c.Samples) == 0 {
		return false
	}
	for _, sample := range c.Samples {
		if f.Type == LinkType && !strings.Contains(sample, "://") {
			return false
		}
		if _, fault, _ := f.settle(sample); fault != "" {
			return false
		}
	}
	return true
}

// marks are fields that tell a kind from the others when a file has them.
var marks = map[string][]string{
	"people":        {"given_name", "family_name", "email", fullName},
	"organizations": {"name", "sector", "website"},
	"bodies":        {"name", "purpose", "kind", "cadence"},
	"seats":         {"body", "person", "role"},
	"touches":       {"on", "about"},
	"figures":       {"period", "place", "group", "value", "numerator"},
}

// score is how well a mapping explains a file: the share of columns that found a
// place, and the fields that tell the kind.
func (k *Kind) score(mapped []string, columns []Column) float64 {
	found, telling := 0, 0
	for i, id := range mapped {
		if id != "" && columns[i].Filled > 0 {
			found++
		}
	}
	for _, id := range marks[k.ID] {
		if slices.Contains(mapped, id) {
			telling++
		}
	}
	needed := map[string][]string{"seats": {"body", "person"}, "touches": {"on"}, "organizations": {"name"}, "bodies": {"name"}, "figures": {"period"}}[k.ID]
	for _, id := range needed {
		if !slices.Contains(mapped, id) {
			return -0.5
		}
	}
	if k.ID == "people" && telling == 0 {
		return -0.5
	}
	share := float64(found) / float64(max(len(mapped), 1))
	return share + float64(telling)/float64(len(marks[k.ID]))
}

// propose is the plan that is offered for a file: the one saved for its columns,
// the one of the program it comes from, or a guess.
func propose(c *operation.Call, i *Import, rules map[string]string) error {
	names := make([]string, len(i.File.Columns))
	for k, column := range i.File.Columns {
		names[k] = column.Name
	}
	saved, err := savedFor(c, names, i.Plan.Mapping)
	if err != nil {
		return err
	}
	if saved != nil && (i.Kind == "" || i.Kind == saved.Kind) {
		i.Kind = saved.Kind
		i.Plan.Fields, i.Plan.Rules, i.Plan.Fixed, i.Plan.Clear, i.Plan.Replace, i.Plan.Saved = saved.fields(names), saved.rules(i.File.Columns), saved.Fixed, saved.Clear, saved.replace(names), true
		i.Plan.Mapping = saved.Name
		return nil
	}
	source := sourceOf(names)
	i.File.Source = source.id
	if i.Kind == "" {
		i.Kind = source.kind
	}
	i.Kind, i.Plan.Fields = guess(i.Kind, i.File.Columns)
	if source.kind == i.Kind {
		source.refine(i.File.Columns, i.Plan.Fields)
	}
	i.Plan.Rules = rules
	return nil
}
