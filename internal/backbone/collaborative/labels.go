package collaborative

import (
	"context"
	"reflect"
	"slices"
	"strconv"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// MaxLabel bounds a label, in characters: it stands in headings, buttons and
// the cells of tables.
const MaxLabel = 60

// Structure are the labels of the parts of a collaborative, in order. Each has
// a standard word in the catalogue, "labels.…".
var Structure = []string{"leadership_table", "executive_committee", "working_group", "backbone", "member"}

// LabelKeys are all labels that can be renamed: the parts of the structure, then
// the role types that a person can be given.
var LabelKeys = func() []string {
	out := slices.Clone(Structure)
	for _, role := range operation.MembershipRoles {
		out = append(out, string(role))
	}
	return out
}()

// Label is what this place calls a part of its structure: its own word, or the
// standard one in the reader's language.
func Label(ctx context.Context, key string) string {
	if own := operation.CollaborativeFrom(ctx).Labels[key]; own != "" {
		return own
	}
	return i18n.T(ctx, "labels."+key)
}

// RoleLabel is what this place calls a role. A role without a word of its own is
// named after the part of the structure it belongs to, so that renaming the
// leadership table renames its chair.
func RoleLabel(ctx context.Context, role operation.Role) string {
	if own := operation.CollaborativeFrom(ctx).Labels[string(role)]; own != "" {
		return own
	}
	return i18n.T(ctx, "roles."+string(role), i18n.Args{
		"Table": Label(ctx, "leadership_table"), "Group": Label(ctx, "working_group"), "Backbone": Label(ctx, "backbone"), "Member": Label(ctx, "member"),
	})
}

// relabelled is labels after a change: given words replace what was there, and a
// blank one restores the standard word.
func relabelled(labels, given map[string]string) map[string]string {
	out := map[string]string{}
	for key, word := range labels {
		out[key] = word
	}
	for key, word := range given {
		if word == "" {
			delete(out, key)
		} else {
			out[key] = word
		}
	}
	return out
}

// labelsBack is the change that turns after into before.
func labelsBack(before, after map[string]string) map[string]string {
	out := map[string]string{}
	for _, key := range LabelKeys {
		if before[key] != after[key] {
			out[key] = before[key]
		}
	}
	return out
}

// record is the struct the audit log compares: the facts of a collaborative and
// one field for each label, so that the log says which word changed.
var record, recordedFacts = func() (reflect.Type, []int) {
	var fields []reflect.StructField
	var facts []int
	whole := reflect.TypeFor[Collaborative]()
	for i := range whole.NumField() {
		if whole.Field(i).Tag.Get("audit") != "-" {
			fields = append(fields, whole.Field(i))
			facts = append(facts, i)
		}
	}
	for i, key := range LabelKeys {
		fields = append(fields, reflect.StructField{Name: "Label" + strconv.Itoa(i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`json:"label_` + key + `"`)})
	}
	return reflect.StructOf(fields), facts
}()

// recorded is the collaborative as the audit log compares it.
func (k Collaborative) recorded() any {
	out, whole := reflect.New(record).Elem(), reflect.ValueOf(k)
	for to, from := range recordedFacts {
		out.Field(to).Set(whole.Field(from))
	}
	for i, key := range LabelKeys {
		out.Field(len(recordedFacts) + i).SetString(k.Labels[key])
	}
	return out.Interface()
}
