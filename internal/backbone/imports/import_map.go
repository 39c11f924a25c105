package imports

import (
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
)

// ChooseInput is which tables of the file are meant, and how a text file is read.
type ChooseInput struct {
	ID        ID     `json:"id"`
	Version   int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Tables    []int  `json:"tables" maxItems:"1000" doc:"Places of tables with the same columns, from 0."`
	Encoding  string `json:"encoding,omitempty" maxLength:"40" doc:"Of a text file, where the one that was found out is wrong."`
	Delimiter string `json:"delimiter,omitempty" enum:"comma,semicolon,tab,pipe,colon" doc:"Between the cells of a text file, where the one that was found out is wrong."`
	HeaderRow int64  `json:"header_row,omitempty" minimum:"0" maximum:"100000000" doc:"The row in which the names of the columns begin, counted from 1, where the one that was found out is wrong."`
	// HeaderRows counts only where HeaderRow is given.
	HeaderRows int `json:"header_rows,omitempty" minimum:"0" maximum:"2" doc:"How many rows the names take: 1 or 2, or 0 when there are none and the first record stands in header_row."`
}

// Choose says which tables of the file to read, and reads it again.
var Choose = operation.Define(operation.Operation[ChooseInput, Import]{
	Definition: operation.Definition{ID: "imports.choose", Summary: "Says which tables of an import's file to read, and how", Method: "POST", Path: "/imports/{id}/tables"},
	Run: func(c *operation.Call, in ChooseInput) (Import, error) {
		i, err := openAt(c, in.ID, in.Version)
		if err != nil {
			return i, err
		}
		for k, table := range in.Tables {
			switch {
			case table < 0 || table >= len(i.File.Tables) || slices.Contains(in.Tables[:k], table):
				return i, operation.InvalidField("tables", "errors.not_offered")
			case !sameSort(i.File.Format, i.File.Tables[in.Tables[0]], i.File.Tables[table]):
				return i, operation.InvalidField("tables", "errors.import_tables_differ")
			}
		}
		c.Continue()
		i.Kind = ""
		i.Plan = Plan{Tables: in.Tables, Encoding: in.Encoding, Delimiter: in.Delimiter, HeaderRow: in.HeaderRow, HeaderRows: in.HeaderRows, Mapping: i.Plan.Mapping}
		if in.Encoding != "" || in.Delimiter != "" {
			i.Plan.Tables = nil // the columns will be others
		}
		goOn(c, &i, Reading)
		return i, saveImport(c, &i)
	},
})

// openAt reads an import whose plan can still change, at a version.
func openAt(c *operation.Call, i ID, version int64) (Import, error) {
	out, err := inState(c, i, Choosing, Mapping, Preview)
	if err == nil && out.Version != version {
		err = operation.Stale(out)
	}
	return out, err
}

// MapInput is what the columns mean.
type MapInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Kind    string `json:"kind" required:"true" enum:"organizations,people,bodies,seats,touches,ties,calendar,attendance,figures"`
	// Fields holds the field each column goes into.
	Fields  []string          `json:"fields" maxItems:"16384" doc:"The field each column goes into, in the order of the columns: a field's id, new: and a label for a new field of the collaborative's own, or nothing to leave the column out."`
	Rules   map[string]string `json:"rules,omitempty" maxItems:"1000" doc:"The rule by which the values of a column are mended, by the column's place."`
	Fixed   map[string]string `json:"fixed,omitempty" maxItems:"100" text:"lines" doc:"Values every row gets, by field."`
	Clear   bool              `json:"clear,omitempty" doc:"Empty cells empty the field; otherwise they leave the old value."`
	Mapping string            `json:"mapping,omitempty" doc:"A name to remember this by for the next file with these columns."`
}

// Map says what the columns mean. The rows are then planned into records.
var Map = operation.Define(operation.Operation[MapInput, Import]{
	Definition: operation.Definition{ID: "imports.map", Summary: "Says what the columns of an import's file mean", Method: "POST", Path: "/imports/{id}/mapping"},
	Run: func(c *operation.Call, in MapInput) (Import, error) {
		i, err := openAt(c, in.ID, in.Version)
		if err != nil {
			return i, err
		}
		k := kindOf(in.Kind)
		if err := mayBring(c, k); err != nil {
			return i, err
		}
		plan, err := checkedPlan(c, k, i, in)
		if err != nil {
			return i, err
		}
		i.Kind, i.Plan = in.Kind, plan
		c.Continue()
		goOn(c, &i, Planning)
		return i, saveImport(c, &i)
	},
})

// mayBring refuses a kind whose records the actor may not make.
func mayBring(c *operation.Call, k *Kind) error {
	for _, needed := range k.Needs {
		if !c.Can(needed) {
			return operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
	}
	return nil
}

// checkedPlan is a plan made of what somebody chose, or every fault of it.
func checkedPlan(c *operation.Call, k *Kind, i Import, in MapInput) (Plan, error) {
	plan := i.Plan
	plan.Fields, plan.Rules, plan.Fixed, plan.Clear, plan.Mapping, plan.Replace, plan.Saved = in.Fields, in.Rules, map[string]string{}, in.Clear, in.Mapping, i.Plan.Replace, false
	fields, err := fieldsFor(c, k)
	if err != nil {
		return plan, err
	}
	var faults operation.Faults
	if len(in.Fields) != len(i.File.Columns) {
		faults.Add("fields", "errors.import_columns", map[string]any{"Columns": len(i.File.Columns)})
		return plan, faults.Err()
	}
	known := func(id string) (Field, bool) {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.ID == id })
		if at < 0 {
			return Field{}, false
		}
		return fields[at], true
	}
	taken := map[string]bool{}
	for column, id := range in.Fields {
		name := "fields." + strconv.Itoa(column)
		label, fresh := strings.CutPrefix(id, NewField)
		f, ok := known(id)
		switch {
		case id == "":
		case fresh && (k.Owner == "" || !c.Can("fields.add")):
			faults.Add(name, "errors.import_no_new_field")
		case fresh && (label == "" || len([]rune(label)) > 100):
			faults.Add(name, "errors.too_long", map[string]any{"Most": 100})
		case fresh:
		case !ok:
			faults.Add(name, "errors.not_offered")
		case taken[id] && !f.several():
			faults.Add(name, "errors.import_twice", map[string]any{"Column": i.File.Columns[column].Name})
		}
		taken[id] = true
	}
	for id, text := range in.Fixed {
		f, ok := known(id)
		if !ok {
			faults.Add("fixed."+id, "errors.not_offered")
			continue
		}
		value, fault, args := f.settle(text)
		if fault != "" {
			faults.Add("fixed."+id, fault, args)
		}
		if value != "" {
			plan.Fixed[id] = value
		}
	}
	for column, rule := range in.Rules {
		at, err := strconv.Atoi(column)
		if err != nil || at < 0 || at >= len(i.File.Columns) || rule != "" && !offers(i.File.Columns[at], rule) {
			faults.Add("rules."+column, "errors.not_offered")
		}
	}
	return plan, faults.Err()
}

func offers(c Column, rule string) bool {
	return slices.ContainsFunc(c.Findings, func(d Damage) bool { return slices.Contains(d.Rules, rule) })
}

// FieldsInput says of which kind.
type FieldsInput struct {
	Kind string `json:"kind" required:"true" enum:"organizations,people,bodies,seats,touches,ties,calendar,attendance,figures"`
}

// FieldList is what can be given of a kind of record.
type FieldList struct {
	Items []Field `json:"items"`
	// New says that a column may become a new field of the collaborative's own.
	New bool `json:"new" doc:"Whether a column may become a new field of the collaborative's own."`
	// Waits says that the kind cannot be loaded yet.
	Waits bool `json:"waits" doc:"Whether files of this kind can be checked but not yet loaded."`
}

// ListFieldsOf lists what a file can give of a kind of record.
var ListFieldsOf = operation.Define(operation.Operation[FieldsInput, FieldList]{
	Definition: operation.Definition{ID: "imports.fields", Summary: "Lists what a file can give of a kind of record", ReadOnly: true, Method: "GET", Path: "/imports/fields"},
	Run: func(c *operation.Call, in FieldsInput) (FieldList, error) {
		k := kindOf(in.Kind)
		fields, err := fieldsFor(c, k)
		return FieldList{Items: fields, New: k.Owner != "" && c.Can("fields.add"), Waits: k.Waits}, err
	},
})

// GuessInput asks what the columns would mean as another kind.
type GuessInput struct {
	ID   ID     `json:"id"`
	Kind string `json:"kind" required:"true" enum:"organizations,people,bodies,seats,touches,ties,calendar,attendance,figures"`
}

// Guessed is what the columns seem to mean.
type Guessed struct {
	Fields []string `json:"fields" doc:"The field each column seems to go into, in the order of the columns; nothing where none does."`
}

// Guess says what the columns of a file would mean as records of a kind.
var Guess = operation.Define(operation.Operation[GuessInput, Guessed]{
	Definition: operation.Definition{ID: "imports.guess", Summary: "Says what the columns of an import's file would mean as records of a kind", ReadOnly: true, Method: "GET", Path: "/imports/{id}/guess"},
	Run: func(c *operation.Call, in GuessInput) (Guessed, error) {
		i, err := getImport(c, in.ID)
		if err != nil {
			return Guessed{}, err
		}
		_, fields, err := guess(c, i.File.Format, in.Kind, i.File.Columns)
		return Guessed{append([]string{}, fields...)}, err
	},
})
