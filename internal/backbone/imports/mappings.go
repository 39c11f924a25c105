package imports

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Saved is how files with certain columns were read the last time.
type Saved struct {
	Fingerprint string            `json:"fingerprint" doc:"Of the columns; it names the mapping."`
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	ByColumn    map[string]string `json:"by_column" doc:"The field each column goes into, by the column's heading."`
	ByRule      map[string]string `json:"by_rule,omitempty" doc:"The rule that mends a column, by its heading."`
	Fixed       map[string]string `json:"fixed,omitempty"`
	Clear       bool              `json:"clear,omitempty"`
	// Replaced are values that are read as others, by the column's heading.
	Replaced map[string]map[string]string `json:"replaced,omitempty"`
}

func scanSaved(row store.Row) (Saved, error) {
	var s Saved
	var fingerprint, name string
	err := row.Scan(&fingerprint, &name, store.ScanJSON(&s))
	s.Fingerprint, s.Name = fingerprint, name
	return s, err
}

// savedFor is what was saved under a name, or else for these columns; nil for
// nothing.
func savedFor(c *operation.Call, columns []string, name string) (*Saved, error) {
	if name != "" {
		s, err := store.One(c.Tx, scanSaved, `SELECT fingerprint, name, plan FROM import_mappings WHERE collaborative_id = $1 AND name = $2 ORDER BY fingerprint LIMIT 1`, name)
		if err == nil {
			return &s, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	s, err := store.One(c.Tx, scanSaved, `SELECT fingerprint, name, plan FROM import_mappings WHERE collaborative_id = $1 AND fingerprint = $2`, fingerprint(columns))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &s, err
}

// remember saves how a file was read, for the next one with these columns. New
// fields are remembered as the fields they became.
func remember(c *operation.Call, i Import) error {
	names := make([]string, len(i.File.Columns))
	s := Saved{Name: i.Plan.Mapping, Kind: i.Kind, ByColumn: map[string]string{}, ByRule: map[string]string{}, Fixed: i.Plan.Fixed, Clear: i.Plan.Clear, Replaced: map[string]map[string]string{}}
	if s.Name == "" {
		s.Name = fileTitle(i.FileName)
	}
	s.Fixed = maps.Clone(s.Fixed)
	maps.DeleteFunc(s.Fixed, func(id, _ string) bool {
		f, _ := kindOf(i.Kind).field(id)
		return f.Passing // the next report is of another meeting
	})
	for k, column := range i.File.Columns {
		names[k] = column.Name
		s.ByColumn[column.Name] = i.Plan.madeField(i.Plan.Fields[k])
		if rule := i.Plan.Rules[strconv.Itoa(k)]; rule != "" {
			s.ByRule[column.Name] = rule
		}
		if replaced := i.Plan.Replace[strconv.Itoa(k)]; len(replaced) > 0 {
			s.Replaced[column.Name] = replaced
		}
	}
	_, err := c.Tx.Exec(`INSERT INTO import_mappings (collaborative_id, fingerprint, name, plan, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (collaborative_id, fingerprint) DO UPDATE SET name = excluded.name, plan = excluded.plan, updated_at = excluded.updated_at`,
		fingerprint(names), s.Name, store.JSON(s), store.Micros(c.Now))
	return err
}

// madeField is the field a column goes into once new ones were added.
func (p Plan) madeField(id string) string {
	if key, ok := p.Made[id]; ok {
		return ownField + key
	}
	return id
}

// fields are what a file's columns mean by a saved mapping.
func (s Saved) fields(columns []string) []string {
	out := make([]string, len(columns))
	for i, name := range columns {
		out[i] = s.of(name)
	}
	return out
}

// of is the field of a column, however its heading is spelled.
func (s Saved) of(column string) string {
	if field, ok := s.ByColumn[column]; ok {
		return field
	}
	for name, field := range s.ByColumn {
		if i18n.FoldKey(name) == i18n.FoldKey(column) {
			return field
		}
	}
	return ""
}

// rules are the rules of a saved mapping that a file's columns offer.
func (s Saved) rules(columns []Column) map[string]string {
	out := map[string]string{}
	for i, c := range columns {
		if rule := s.ByRule[c.Name]; rule != "" && offers(c, rule) {
			out[strconv.Itoa(i)] = rule
		}
	}
	return out
}

func (s Saved) replace(columns []string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for i, name := range columns {
		if replaced := s.Replaced[name]; len(replaced) > 0 {
			out[strconv.Itoa(i)] = replaced
		}
	}
	return out
}

// MappingList is the saved mappings.
type MappingList struct {
	Items []Saved `json:"items"`
}

// ListMappings lists the saved mappings by name.
var ListMappings = operation.Define(operation.Operation[operation.None, MappingList]{
	Definition: operation.Definition{ID: "imports.mappings", Summary: "Lists how files with certain columns were read before", ReadOnly: true, Method: "GET", Path: "/imports/mappings"},
	Run: func(c *operation.Call, _ operation.None) (MappingList, error) {
		out := MappingList{Items: []Saved{}}
		all, err := store.Collect(c.Tx, scanSaved, `SELECT fingerprint, name, plan FROM import_mappings WHERE collaborative_id = $1 ORDER BY name, fingerprint LIMIT 200`)
		out.Items = append(out.Items, slices.Clone(all)...)
		return out, err
	},
})

// MappingRef names a saved mapping.
type MappingRef struct {
	Fingerprint string `json:"fingerprint" maxLength:"64"`
}

// ForgetMapping deletes a saved mapping.
var ForgetMapping = operation.Define(operation.Operation[MappingRef, operation.None]{
	Definition: operation.Definition{ID: "imports.forget-mapping", Summary: "Deletes a saved mapping", Method: "DELETE", Path: "/imports/mappings/{fingerprint}"},
	Run: func(c *operation.Call, in MappingRef) (operation.None, error) {
		n, err := c.Tx.Exec(`DELETE FROM import_mappings WHERE collaborative_id = $1 AND fingerprint = $2`, in.Fingerprint)
		if err == nil && n == 0 {
			err = operation.Missing()
		}
		return operation.None{}, err
	},
})
