package directory

import (
	"errors"
	"slices"
	"strconv"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListFieldsInput says of which records.
type ListFieldsInput struct {
	Kind    string `json:"kind" required:"true" enum:"organization,person"`
	Retired bool   `json:"retired,omitempty" doc:"Also those out of use, for those who may change fields or read the history."`
}

// FieldList is fields in their order.
type FieldList struct {
	Items []Field `json:"items"`
}

// ListFields lists the collaborative's own fields, without those whose values
// the actor may not see.
var ListFields = operation.Define(operation.Operation[ListFieldsInput, FieldList]{
	Definition: operation.Definition{ID: "fields.list", Summary: "Lists the fields the collaborative added to organizations or people", ReadOnly: true, Method: "GET", Path: "/fields"},
	Run: func(c *operation.Call, in ListFieldsInput) (FieldList, error) {
		out := FieldList{Items: []Field{}}
		fields, err := fieldsOf(c, in.Kind)
		for _, f := range fields {
			if f.open(c) || f.Retired && in.Retired && c.Can(operation.ListHistory.ID) {
				out.Items = append(out.Items, f)
			}
		}
		return out, err
	},
})

// FieldInput is a new field.
type FieldInput struct {
	Kind         string   `json:"kind" required:"true" enum:"organization,person"`
	Label        string   `json:"label" required:"true" maxLength:"100"`
	Help         string   `json:"help,omitempty" maxLength:"300" doc:"A line under the field, for those who fill it in."`
	Type         string   `json:"type" required:"true" enum:"text,long_text,number,date,yes_no,choice,choices,link" doc:"It never changes."`
	Choices      []string `json:"choices,omitempty" maxItems:"200" maxLength:"100" doc:"What can be chosen, for choice and choices."`
	BackboneOnly bool     `json:"backbone_only,omitempty" doc:"Whether only the backbone sees its values; it never changes, since values are given under this promise."`
}

// AddField adds a field after the others.
var AddField = operation.Define(operation.Operation[FieldInput, Field]{
	Definition: operation.Definition{ID: "fields.add", Summary: "Adds a field to organizations or people", Method: "POST", Path: "/fields"},
	Run: func(c *operation.Call, in FieldInput) (Field, error) {
		f := Field{ID: id.New[Field](), Kind: in.Kind, Label: in.Label, Help: in.Help, Type: in.Type, Choices: []Choice{}, BackboneOnly: in.BackboneOnly, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		others, err := fieldsOf(c, in.Kind)
		if err != nil {
			return f, err
		}
		if err := fitsAmong(f, others); err != nil {
			return f, err
		}
		f.Key = keyOf(in.Label, FieldKind, func(key string) bool { return slices.ContainsFunc(others, func(o Field) bool { return o.Key == key }) })
		for _, o := range others {
			f.Position = max(f.Position, o.Position+1)
		}
		var entered []ChoiceInput
		for _, label := range in.Choices {
			entered = append(entered, ChoiceInput{Label: label})
		}
		if f.Choices, err = settleChoiceList(f, entered); err != nil {
			return f, err
		}
		if err := insertField(c, f); err != nil {
			return f, err
		}
		c.Changed(f.Subject(), f.Label, f.Version, nil, f)
		yes := true
		c.UndoWith("fields.edit", FieldPatch{ID: f.ID, Version: f.Version, Retired: &yes})
		return f, nil
	},
})

// fitsAmong says whether a field in use may stand beside the others.
func fitsAmong(f Field, others []Field) error {
	n := 1
	for _, o := range others {
		if o.ID == f.ID || o.Retired {
			continue
		}
		if n++; i18n.FoldKey(o.Label) == i18n.FoldKey(f.Label) {
			return operation.InvalidField("label", "errors.field_label_taken", map[string]any{"Field": o.Label})
		}
	}
	if n > MaxFields {
		return operation.InvalidField("label", "errors.too_many_items", map[string]any{"Most": MaxFields})
	}
	return nil
}

// ChoiceInput is a choice as it is entered.
type ChoiceInput struct {
	Key   string `json:"key,omitempty" doc:"Of a choice that is there already, to give it another label; absent for a new one."`
	Label string `json:"label" required:"true" maxLength:"100"`
}

// FieldPatch changes what is given and leaves the rest.
type FieldPatch struct {
	ID      FieldID        `json:"id"`
	Version int64          `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Label   *string        `json:"label,omitempty" maxLength:"100"`
	Help    *string        `json:"help,omitempty" maxLength:"300"`
	Choices *[]ChoiceInput `json:"choices,omitempty" maxItems:"200" doc:"All choices in their order; those left out are put out of use, and records that have them keep them."`
	Retired *bool          `json:"retired,omitempty" doc:"Whether it is out of use: its values are kept and shown nowhere."`
}

// fieldTexts are the fields of a patch that are set as they are.
type fieldTexts struct {
	Label, Help *string
	Retired     *bool
}

// EditField renames a field, changes its choices, puts it out of use or brings
// it back.
var EditField = operation.Define(operation.Operation[FieldPatch, Field]{
	Definition: operation.Definition{ID: "fields.edit", Summary: "Renames a field, changes its choices or puts it out of use", Method: "PATCH", Path: "/fields/{id}"},
	Validate: func(in *FieldPatch, faults *operation.Faults) {
		if in.Label != nil && *in.Label == "" {
			faults.Add("label", "errors.required")
		}
	},
	Run: func(c *operation.Call, in FieldPatch) (Field, error) {
		before, err := liveField(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, fieldTexts{in.Label, in.Help, in.Retired})
		if in.Choices != nil {
			if after.Choices, err = settleChoiceList(before, *in.Choices); err != nil {
				return before, err
			}
		}
		others, err := fieldsOf(c, after.Kind)
		if err != nil {
			return before, err
		}
		if !after.Retired {
			if err := fitsAmong(after, others); err != nil {
				return before, err
			}
		}
		if len(operation.Diff(before, after)) == 0 {
			return before, nil
		}
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if err := updateField(c, after); err != nil {
			return before, err
		}
		c.Changed(after.Subject(), after.Label, after.Version, before, after)
		var texts fieldTexts
		operation.Reverse(&texts, before, after)
		undo := FieldPatch{ID: after.ID, Version: after.Version, Label: texts.Label, Help: texts.Help, Retired: texts.Retired}
		if in.Choices != nil {
			old := []ChoiceInput{}
			for _, choice := range before.Choices {
				if !choice.Retired {
					old = append(old, ChoiceInput{choice.Key, choice.Label})
				}
			}
			undo.Choices = &old
		}
		c.UndoWith("fields.edit", undo)
		return after, nil
	},
})

func liveField(c *operation.Call, i FieldID, version int64) (Field, error) {
	f, err := store.One(c.Tx, scanField, `SELECT `+fieldColumns+` FROM custom_fields WHERE collaborative_id = $1 AND id = $2`, i)
	if errors.Is(err, store.ErrNotFound) {
		return f, operation.Missing()
	}
	if err == nil && f.Version != version {
		err = operation.Stale(f)
	}
	return f, err
}

// settleChoiceList is the field's choices after a change: the entered ones in
// their order, then those that were left out, out of use.
func settleChoiceList(f Field, entered []ChoiceInput) ([]Choice, error) {
	if f.Type != ChoiceField && f.Type != ChoicesField {
		if len(entered) > 0 {
			return f.Choices, operation.InvalidField("choices", "errors.field_takes_no_choices")
		}
		return []Choice{}, nil
	}
	out := []Choice{}
	taken := func(key string) bool {
		same := func(c Choice) bool { return c.Key == key }
		return slices.ContainsFunc(out, same) || slices.ContainsFunc(f.Choices, same)
	}
	for i, in := range entered {
		if slices.ContainsFunc(out, func(c Choice) bool { return i18n.FoldKey(c.Label) == i18n.FoldKey(in.Label) }) {
			return f.Choices, operation.InvalidField("choices."+strconv.Itoa(i), "errors.choice_twice", map[string]any{"Label": in.Label})
		}
		old := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Key == in.Key && in.Key != "" })
		if old < 0 {
			// One that was put out of use comes back as itself.
			old = slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Retired && i18n.FoldKey(c.Label) == i18n.FoldKey(in.Label) })
		}
		var key string
		if old >= 0 && !slices.ContainsFunc(out, func(c Choice) bool { return c.Key == f.Choices[old].Key }) {
			key = f.Choices[old].Key
		} else {
			key = keyOf(in.Label, "choice", taken)
		}
		out = append(out, Choice{Key: key, Label: in.Label})
	}
	if len(out) == 0 {
		return f.Choices, operation.InvalidField("choices", "errors.required")
	}
	for _, c := range f.Choices {
		if !slices.ContainsFunc(out, func(o Choice) bool { return o.Key == c.Key }) {
			c.Retired = true
			out = append(out, c)
		}
	}
	return out, nil
}

// OrderFieldsInput is the fields of a kind in a new order.
type OrderFieldsInput struct {
	Kind string    `json:"kind" required:"true" enum:"organization,person"`
	IDs  []FieldID `json:"ids" required:"true" maxItems:"100" doc:"Fields in use in their new order; those left out follow as they were."`
}

// OrderFields puts the fields of a kind in another order.
var OrderFields = operation.Define(operation.Operation[OrderFieldsInput, FieldList]{
	Definition: operation.Definition{ID: "fields.order", Summary: "Puts the added fields of organizations or people in another order", Method: "PUT", Path: "/fields/order"},
	Run: func(c *operation.Call, in OrderFieldsInput) (FieldList, error) {
		out := FieldList{Items: []Field{}}
		fields, err := fieldsOf(c, in.Kind)
		if err != nil {
			return out, err
		}
		undo := OrderFieldsInput{Kind: in.Kind}
		for _, f := range fields {
			undo.IDs = append(undo.IDs, f.ID)
		}
		undo.IDs = undo.IDs[:min(len(undo.IDs), MaxFields)]
		for _, i := range in.IDs {
			at := slices.IndexFunc(fields, func(f Field) bool { return f.ID == i })
			if at < 0 {
				return out, operation.Missing()
			}
			out.Items = append(out.Items, fields[at])
			fields = slices.Delete(fields, at, at+1)
		}
		out.Items = append(out.Items, fields...)
		for i := range out.Items {
			f := &out.Items[i]
			if f.Position == int64(i) {
				continue
			}
			f.Position, f.Version, f.UpdatedAt = int64(i), f.Version+1, c.Now
			if err := updateField(c, *f); err != nil {
				return out, err
			}
			c.Changed(f.Subject(), f.Label, f.Version, nil, nil)
		}
		c.UndoWith("fields.order", undo)
		return out, nil
	},
})
