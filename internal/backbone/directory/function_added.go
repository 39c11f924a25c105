package directory

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// FunctionInput is a function beyond the six.
type FunctionInput struct {
	Name  string `json:"name" required:"true" maxLength:"120"`
	About string `json:"about,omitempty" maxLength:"1000" text:"lines"`
}

// FunctionPatch changes an added function.
type FunctionPatch struct {
	ID      FunctionID `json:"id"`
	Version int64      `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name    *string    `json:"name,omitempty" maxLength:"120"`
	About   *string    `json:"about,omitempty" maxLength:"1000" text:"lines"`
	Retired *bool      `json:"retired,omitempty" doc:"true puts it out of use; who performed it stays on record."`
}

// functionRecord is what the audit log compares.
type functionRecord struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Retired bool   `json:"retired"`
}

func (f addedFunction) recorded() functionRecord {
	return functionRecord{f.Name, f.About, f.deletedAt != nil}
}

// AddFunction adds a function of the collaborative's own.
var AddFunction = operation.Define(operation.Operation[FunctionInput, Function]{
	Definition: operation.Definition{ID: "functions.add", Summary: "Adds a function of the backbone beyond the six", Method: "POST", Path: "/functions"},
	Run: func(c *operation.Call, in FunctionInput) (Function, error) {
		i := id.New[Function]()
		f := Function{Key: i.Short(), Name: in.Name, About: in.About, Holdings: []Holding{}, Version: 1}
		if _, err := c.Tx.Exec(`INSERT INTO backbone_functions (collaborative_id, id, name, about, sort_key, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $6)`,
			i, f.Name, f.About, sortKey(c, f.Name), store.Micros(c.Now)); err != nil {
			return f, err
		}
		c.Changed(operation.Subject{Kind: FunctionKind, ID: i}, f.Name, 1, nil, functionRecord{f.Name, f.About, false})
		retired := true
		c.UndoWith("functions.edit", FunctionPatch{ID: i, Version: 1, Retired: &retired})
		return f, nil
	},
})

// EditFunction renames an added function or puts it out of use.
var EditFunction = operation.Define(operation.Operation[FunctionPatch, Function]{
	Definition: operation.Definition{ID: "functions.edit", Summary: "Renames an added function of the backbone or puts it out of use", Method: "PATCH", Path: "/functions/{id}"},
	Validate: func(in *FunctionPatch, faults *operation.Faults) {
		if in.Name != nil && *in.Name == "" {
			faults.Add("name", "errors.required")
		}
	},
	Run: func(c *operation.Call, in FunctionPatch) (Function, error) {
		f, err := getFunction(c, in.ID)
		if err != nil {
			return f.Function, err
		}
		if f.Version != in.Version {
			return f.Function, operation.Stale(f.Function)
		}
		before := f.recorded()
		after := before
		operation.Patch(&after, struct {
			Name, About *string
			Retired     *bool
		}{in.Name, in.About, in.Retired})
		if after == before {
			return f.Function, nil
		}
		deleted := f.deletedAt
		if after.Retired != before.Retired {
			deleted = nil
			if after.Retired {
				deleted = &c.Now
			}
		}
		f.Name, f.About, f.Version = after.Name, after.About, f.Version+1
		if err := operation.Changed(c.Tx.Exec(`UPDATE backbone_functions SET name = $3, about = $4, sort_key = $5, version = $6, updated_at = $7, deleted_at = $8
			WHERE collaborative_id = $1 AND id = $2 AND version = $6 - 1`, f.id, f.Name, f.About, sortKey(c, f.Name), f.Version, store.Micros(c.Now), operation.DeletedMicros(deleted))); err != nil {
			return f.Function, err
		}
		c.Changed(operation.Subject{Kind: FunctionKind, ID: f.id}, f.Name, f.Version, before, after)
		undo := FunctionPatch{ID: f.id, Version: f.Version, Name: &before.Name, About: &before.About, Retired: &before.Retired}
		c.UndoWith("functions.edit", undo)
		return f.Function, nil
	},
})
