package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
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
func guess(c *operation.Call, format, wanted string, columns []Column) (kind string, fields []string, err error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	best := -1.0
	for _, k := range kinds {
		if wanted != "" && k.ID != wanted || k.Beside {
			continue
		}
		own, err := fieldsFor(c, k)
		if err != nil {
			return "", nil, err
		}
		mapped := guessFields(own, columns)
		if s := sourceOf(format, names, k.ID); s.kind == k.ID {
			s.refine(k, columns, mapped)
		}
		if k == personKind {
			tellNames(columns, mapped)
		}
		if score := k.score(mapped, columns); score > best {
			best, kind, fields = score, k.ID, mapped
		}
	}
	return kind, fields, nil
}

// How much a heading says of the field it means.
const (
	byLabel = iota // it is what we call the field ourselves
	byAlias        // it is a word for the field
	byPart         // such a word is part of it
)

// guessFields maps the columns of a file to fields. What says more wins.
func guessFields(fields []Field, columns []Column) []string {
	out := make([]string, len(columns))
	taken := map[string]bool{}
	for how := range byPart + 1 {
		for i, c := range columns {
			if out[i] != "" {
				continue
			}
			heading := i18n.FoldKey(c.Name)
			for _, f := range fields {
				if taken[f.ID] && !f.Many || !f.answers(heading, how) || how == byPart && f.ID == fullName && (taken["given_name"] || taken["family_name"]) {
					continue
				}
				if (how != byPart || f.fits(c)) && (f.ID != "id" || ours(c)) {
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
		for _, f := range fields {
			if !taken[f.ID] && (f.Type == EmailType || f.Type == LinkType) && f.certain(c) {
				out[i] = f.ID
				taken[f.ID] = true
				break
			}
		}
	}
	return out
}

// ours says whether a column holds ids that this program gave: those of other
// programs tell us nothing.
func ours(c Column) bool {
	for _, sample := range c.Samples {
		if idOf[Import](sample).IsZero() {
			return false
		}
	}
	return len(c.Samples) > 0
}

// tellNames reads "Nom" and "Nombre" as a part of the name where the other part
// stands beside them; alone they are all of it.
func tellNames(columns []Column, fields []string) {
	given, family, full := slices.Index(fields, "given_name"), slices.Index(fields, "family_name"), slices.Index(fields, fullName)
	if full < 0 {
		return
	}
	switch heading := i18n.FoldKey(columns[full].Name); {
	case heading == "nombre" && given < 0 && family >= 0:
		fields[full] = "given_name"
	case heading == "nom" && family < 0 && given >= 0:
		fields[full] = "family_name"
	}
}

// vague are words that say little as a part of a longer heading: "Last modified"
// is no name, "Event title" nobody's position.
var vague = []string{"first", "last", "type", "types", "kind", "label", "labels", "date", "status", "state", "title", "tag", "table", "group", "groups", "member", "estado", "nombre", "tipo"}

// answers says whether a heading means the field.
func (f Field) answers(heading string, how int) bool {
	switch how {
	case byLabel:
		return slices.Contains(f.labels(), heading)
	case byAlias:
		return slices.Contains(f.Aliases, heading)
	}
	return slices.ContainsFunc(f.Aliases, func(alias string) bool {
		return len(alias) > 3 && !slices.Contains(vague, alias) && (strings.HasPrefix(heading, alias+" ") || strings.HasSuffix(heading, " "+alias))
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
		for _, key := range append([]string{f.Label}, f.Also...) {
			out = append(out, i18n.FoldKey(i18n.T(i18n.With(context.Background(), language), key)))
		}
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
	"ties":          {"from", "to", "type", "direction", "strength"},
	"attendance":    {"person", "join", "leave", "minutes", "action"},
	"calendar":      {"day", "time", "zone", "frequency", "rule", "first_on"},
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
	needed := map[string][]string{"seats": {"body", "person"}, "touches": {"on"}, "ties": {"from", "to"}, "attendance": {"person"}, "calendar": {"time"}, "organizations": {"name"}, "bodies": {"name"}, "figures": {"period"}}[k.ID]
	for _, id := range needed {
		if !slices.Contains(mapped, id) {
			return -0.5
		}
	}
	if k.ID == "ties" && k.onlyDays(mapped, columns) {
		return -0.5 // a first and a last day, and no two ends
	}
	if k.ID == "attendance" && telling < 2 {
		return -0.5 // a name alone is no sign of having been there
	}
	if k.ID == "calendar" && telling < 3 {
		return -0.5 // an hour and a day alone are no plan
	}
	if k.ID == "people" && telling == 0 {
		return -0.5
	}
	share := float64(found) / float64(max(len(mapped), 1))
	return share + float64(telling)/float64(len(marks[k.ID]))
}

// onlyDays says whether columns that name two ends hold nothing but days.
func (k *Kind) onlyDays(mapped []string, columns []Column) bool {
	day := Field{Type: DateType}
	for i, id := range mapped {
		if (id == "from" || id == "to") && day.certain(columns[i]) {
			return true
		}
	}
	return false
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
	source := sourceOf(i.File.Format, names, i.Kind)
	if i.File.Source = source.id; saved != nil && (i.Kind == "" || i.Kind == saved.Kind) {
		i.Kind = saved.Kind
		i.Plan.Fields, i.Plan.Rules, i.Plan.Fixed, i.Plan.Clear, i.Plan.Replace, i.Plan.Saved = saved.fields(names), saved.rules(i.File.Columns), saved.Fixed, saved.Clear, saved.replace(names), true
		i.Plan.Mapping = saved.Name
		i.Plan.Fixed = withHead(*i, i.Plan.Fixed)
		return nil
	}
	if i.Kind == "" {
		i.Kind = source.kind
	}
	if i.Kind, i.Plan.Fields, err = guess(c, i.File.Format, i.Kind, i.File.Columns); err != nil {
		return err
	}
	i.Plan.Rules = rules
	for k, id := range i.Plan.Fields {
		if f, _ := kindOf(i.Kind).field(id); f.Timed {
			delete(i.Plan.Rules, strconv.Itoa(k)) // mending would take the time of day away
		}
	}
	if source.kind != i.Kind {
		source.fixed = nil
	}
	i.Plan.Fixed = withHead(*i, source.fixed)
	return nil
}

// withHead are the values every row gets with what the head of the file says of all
// of them, where the kind has such fields and no column fills them.
func withHead(i Import, fixed map[string]string) map[string]string {
	out := maps.Clone(fixed)
	for field, text := range i.File.Head {
		if _, known := kindOf(i.Kind).field(field); known && !slices.Contains(i.Plan.Fields, field) {
			if out == nil {
				out = map[string]string{}
			}
			out[field] = text
		}
	}
	return out
}
