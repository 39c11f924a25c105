package convening

import (
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ChecklistID names a template of what is to be done for meetings.
type ChecklistID = id.Of[Checklist]

// Checklist is a template of what is to be done before and after a meeting, in the
// collaborative's own words.
type Checklist struct {
	ID        ChecklistID     `json:"id" audit:"-"`
	Name      string          `json:"name"`
	Items     []ChecklistItem `json:"items"`
	Version   int64           `json:"version" audit:"-"`
	CreatedAt time.Time       `json:"created_at" audit:"-"`
	UpdatedAt time.Time       `json:"updated_at" audit:"-"`
	DeletedAt *time.Time      `json:"deleted_at,omitempty" audit:"-"`
}

// ChecklistItem is one line of a template.
type ChecklistItem struct {
	Text string `json:"text" required:"true" maxLength:"300"`
	Days int64  `json:"days,omitempty" minimum:"-365" maximum:"365" doc:"Days after the meeting; negative before it."`
	Tag  string `json:"tag,omitempty" enum:"strategic,logistical"`
}

// CurrentVersion is what REST makes an ETag of.
func (l Checklist) CurrentVersion() int64 { return l.Version }

// ChecklistInput is a new template.
type ChecklistInput struct {
	Name  string          `json:"name" required:"true" maxLength:"120"`
	Items []ChecklistItem `json:"items" required:"true" maxItems:"100"`
}

// ChecklistPatch changes the fields that are given and leaves the others.
type ChecklistPatch struct {
	ID      ChecklistID      `json:"id"`
	Version int64            `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name    *string          `json:"name,omitempty" maxLength:"120"`
	Items   *[]ChecklistItem `json:"items,omitempty" maxItems:"100"`
}

// ChecklistRef names a template.
type ChecklistRef struct {
	ID ChecklistID `json:"id"`
}

// ChecklistVersion names one version of a template.
type ChecklistVersion struct {
	ID      ChecklistID `json:"id"`
	Version int64       `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

const checklistText = `SELECT id, name, items, version, created_at, updated_at, deleted_at FROM checklists WHERE collaborative_id = $1`

func scanChecklist(row store.Row) (Checklist, error) {
	var l Checklist
	var deleted time.Time
	err := row.Scan(&l.ID, &l.Name, store.ScanJSON(&l.Items), &l.Version, store.ScanTime(&l.CreatedAt), store.ScanTime(&l.UpdatedAt), store.ScanTime(&deleted))
	l.DeletedAt = operation.Instant(deleted)
	return l, err
}

func getChecklist(c *operation.Call, i ChecklistID) (Checklist, error) {
	return store.One(c.Tx, scanChecklist, checklistText+` AND id = $2`, i)
}

func updateChecklist(c *operation.Call, _, l Checklist) error {
	return operation.Changed(c.Tx.Exec(`UPDATE checklists SET name = $3, sort_key = $4, items = $5, version = $6, updated_at = $7, deleted_at = $8 WHERE collaborative_id = $1 AND id = $2 AND version = $6 - 1`,
		l.ID, l.Name, i18n.CollationKey(c.Collaborative.Language, l.Name), store.JSON(l.Items), l.Version, store.Micros(l.UpdatedAt), operation.DeletedMicros(l.DeletedAt)))
}

// checklists is the noun.
var checklists = &operation.Noun[Checklist, ChecklistID]{Kind: ChecklistKind, Area: "checklists", Get: getChecklist, Update: updateChecklist,
	Head: func(l *Checklist) operation.Head[ChecklistID] {
		return operation.HeadOf(l.ID, &l.Version, &l.UpdatedAt, &l.DeletedAt)
	},
	Title: func(l Checklist) string { return l.Name }}

// ListChecklistsInput says which templates.
type ListChecklistsInput struct {
	Trash bool `json:"trash,omitempty" doc:"Those in the trash instead."`
}

// ListChecklists lists the templates by name.
var ListChecklists = operation.Define(operation.Operation[ListChecklistsInput, operation.Page[Checklist]]{
	Definition: operation.Definition{ID: "checklists.list", Summary: "Lists the templates of what is to be done for meetings", ReadOnly: true, Method: "GET", Path: "/checklists"},
	Run: func(c *operation.Call, in ListChecklistsInput) (operation.Page[Checklist], error) {
		text := checklistText + ` AND deleted_at IS NULL ORDER BY sort_key, id LIMIT 200`
		if in.Trash {
			text = checklistText + ` AND deleted_at IS NOT NULL ORDER BY deleted_at, id LIMIT 200`
		}
		all, err := store.Collect(c.Tx, scanChecklist, text)
		return operation.Whole(all), err
	},
})

// GetChecklist reads one template.
var GetChecklist = operation.Define(operation.Operation[ChecklistRef, Checklist]{
	Definition: operation.Definition{ID: "checklists.get", Summary: "Reads one template", ReadOnly: true, Method: "GET", Path: "/checklists/{id}"},
	Run:        func(c *operation.Call, in ChecklistRef) (Checklist, error) { return checklists.Read(c, in.ID) },
})

// CreateChecklist adds a template.
var CreateChecklist = operation.Define(operation.Operation[ChecklistInput, Checklist]{
	Definition: operation.Definition{ID: "checklists.create", Summary: "Adds a template of what is to be done for meetings", Method: "POST", Path: "/checklists"},
	Run: func(c *operation.Call, in ChecklistInput) (Checklist, error) {
		l := Checklist{ID: id.New[Checklist](), Name: in.Name, Items: in.Items, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if _, err := c.Tx.Exec(`INSERT INTO checklists (collaborative_id, id, name, sort_key, items, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			l.ID, l.Name, i18n.CollationKey(c.Collaborative.Language, l.Name), store.JSON(l.Items), l.Version, store.Micros(l.CreatedAt)); err != nil {
			return l, err
		}
		return checklists.Added(c, l)
	},
})

// EditChecklist changes a template. Meetings that used it keep what they have.
var EditChecklist = operation.Define(operation.Operation[ChecklistPatch, Checklist]{
	Definition: operation.Definition{ID: "checklists.edit", Summary: "Changes a template; meetings that used it keep what they have", Method: "PATCH", Path: "/checklists/{id}"},
	Run: func(c *operation.Call, in ChecklistPatch) (Checklist, error) {
		before, err := checklists.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		var faults operation.Faults
		if after.Name == "" {
			faults.Add("name", "errors.required")
		}
		if len(after.Items) == 0 {
			faults.Add("items", "errors.required")
		}
		if err := faults.Err(); err != nil {
			return before, err
		}
		return checklists.Save(c, before, after, "checklists.edit", func(after Checklist) any {
			return ChecklistPatch{ID: after.ID, Version: after.Version, Name: &before.Name, Items: &before.Items}
		})
	},
})

// TrashChecklist puts a template in the trash.
var TrashChecklist = operation.Define(operation.Operation[ChecklistVersion, Checklist]{
	Definition: operation.Definition{ID: "checklists.trash", Summary: "Puts a template in the trash", Method: "DELETE", Path: "/checklists/{id}"},
	Run: func(c *operation.Call, in ChecklistVersion) (Checklist, error) {
		return checklists.Trash(c, in.ID, in.Version)
	},
})

// RestoreChecklist takes a template out of the trash.
var RestoreChecklist = operation.Define(operation.Operation[ChecklistVersion, Checklist]{
	Definition: operation.Definition{ID: "checklists.restore", Summary: "Takes a template out of the trash", Method: "POST", Path: "/checklists/{id}/restore"},
	Run: func(c *operation.Call, in ChecklistVersion) (Checklist, error) {
		return checklists.Restore(c, in.ID, in.Version)
	},
})
