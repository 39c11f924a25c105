package directory

import (
	"errors"
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

type carriedTouch struct {
	ID             TouchID        `json:"id"`
	OrganizationID OrganizationID `json:"organization_id,omitzero" ref:"organizations"`
	PersonID       PersonID       `json:"person_id,omitzero" ref:"people"`
	ByPersonID     PersonID       `json:"by_person_id,omitzero" ref:"people" doc:"Who of the backbone."`
	ByName         string         `json:"by,omitempty" maxLength:"500"`
	On             string         `json:"happened_on" required:"true" format:"date"`
	Channel        string         `json:"channel,omitempty" enum:"in_person,phone,video,email,text,post"`
	About          string         `json:"about,omitempty" maxLength:"5000" text:"lines"`
	NextOn         string         `json:"next_on,omitempty" null:"true" format:"date" doc:"The day by which it is time again."`
	Settled        bool           `json:"settled"`
	CreatedAt      time.Time      `json:"created_at"`
	DeletedAt      *time.Time     `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedTouches = archive.Kind[carriedTouch]{
	Name: "touches", Tables: []string{"touches"},
	Read: func(r *archive.Reading, after carriedTouch, limit int64) ([]carriedTouch, error) {
		return store.Collect(r.Tx, archive.Scan[carriedTouch], `SELECT id, organization_id, person_id, by_person_id, by_name, happened_on, channel, about, next_on, settled, created_at, deleted_at
			FROM touches WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedTouch) error {
		var records [][]any
		var live []TouchID
		for _, t := range rows {
			records = append(records, archive.Values(&t, store.Micros(l.Now)))
			if t.DeletedAt == nil {
				live = append(live, t.ID)
			}
		}
		if err := l.Tx.ExecRows(`INSERT INTO touches (collaborative_id, version, id, organization_id, person_id, by_person_id, by_name, happened_on, channel, about, next_on, settled, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, TouchKind, live)
	},
}

type carriedField struct {
	ID           FieldID         `json:"id"`
	Kind         string          `json:"kind" required:"true" enum:"organization,person"`
	Key          string          `json:"key" required:"true" maxLength:"100"`
	Label        string          `json:"label" required:"true" maxLength:"100"`
	Help         string          `json:"help,omitempty" maxLength:"300"`
	Type         string          `json:"type" required:"true" enum:"text,long_text,number,date,yes_no,choice,choices,link"`
	Choices      []carriedChoice `json:"choices,omitempty" maxItems:"1000"`
	BackboneOnly bool            `json:"backbone_only"`
	Position     int64           `json:"position"`
	CreatedAt    time.Time       `json:"created_at"`
	DeletedAt    *time.Time      `json:"deleted_at,omitempty" doc:"When it was put out of use."`
}

type carriedChoice struct {
	Key     string `json:"key" required:"true" maxLength:"100"`
	Label   string `json:"label" required:"true" maxLength:"100"`
	Retired bool   `json:"retired,omitempty"`
}

var carriedFields = archive.Kind[carriedField]{
	Name: "fields", Tables: []string{"custom_fields"},
	Title:  func(f carriedField) string { return f.Label },
	Column: func(f carriedField) (string, string) { return f.Kind, f.Key },
	Read: func(r *archive.Reading, after carriedField, limit int64) ([]carriedField, error) {
		return store.Collect(r.Tx, archive.Scan[carriedField], `SELECT id, kind, key, label, help, type, choices, backbone_only, position, created_at, deleted_at
			FROM custom_fields WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedField) error {
		var records [][]any
		for _, f := range rows {
			records = append(records, archive.Values(&f, store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO custom_fields (collaborative_id, version, id, kind, key, label, help, type, choices, backbone_only, position, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, records)
	},
}

type carriedTarget struct {
	Scope     string `json:"scope" required:"true" enum:"members,voting_seats"`
	Dimension string `json:"dimension" required:"true" enum:"sector,place,lived_experience"`
	Value     string `json:"value" required:"true"`
	Share     int64  `json:"share" minimum:"1" maximum:"100"`
}

var carriedTargets = archive.Kind[carriedTarget]{
	Name: "targets", Tables: []string{"coverage_targets"},
	Read: func(r *archive.Reading, after carriedTarget, limit int64) ([]carriedTarget, error) {
		return store.Collect(r.Tx, archive.Scan[carriedTarget], `SELECT scope, dimension, value, share FROM coverage_targets WHERE collaborative_id = $1 AND (scope, dimension, value) > ($2, $3, $4)
			ORDER BY scope, dimension, value LIMIT $5`, after.Scope, after.Dimension, after.Value, limit)
	},
	Write: func(l *archive.Loading, rows []carriedTarget) error {
		var records [][]any
		for _, t := range rows {
			records = append(records, archive.Values(&t))
		}
		return l.Tx.ExecRows(`INSERT INTO coverage_targets (collaborative_id, scope, dimension, value, share) VALUES ($1, $2, $3, $4, $5)`, records)
	},
}

// carriedView is a list that is offered to everyone. What somebody keeps for
// themselves belongs to their account, which stays behind.
type carriedView struct {
	ID        ViewID    `json:"id"`
	Area      string    `json:"area" required:"true" maxLength:"60"`
	Name      string    `json:"name" required:"true" maxLength:"80"`
	Query     string    `json:"query,omitempty" text:"raw" maxLength:"2000"`
	Shared    bool      `json:"shared"`
	CreatedAt time.Time `json:"created_at"`
}

var carriedViews = archive.Kind[carriedView]{
	Name: "views", Tables: []string{"saved_views"},
	Read: func(r *archive.Reading, after carriedView, limit int64) ([]carriedView, error) {
		return store.Collect(r.Tx, archive.Scan[carriedView], `SELECT id, area, name, query, shared, created_at FROM saved_views WHERE collaborative_id = $1 AND id > $2 AND shared = TRUE ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedView) error {
		var records [][]any
		for _, v := range rows {
			records = append(records, archive.Values(&v))
		}
		return l.Tx.ExecRows(`INSERT INTO saved_views (collaborative_id, id, area, name, query, shared, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, records)
	},
}

// carriedMerge is a merge with every row that it moved, so that it can still be
// taken back, and so that erasing a person finds the records merged into theirs.
type carriedMerge struct {
	ID       MergeID       `json:"id"`
	Kind     string        `json:"kind" required:"true" enum:"organization,person"`
	KeptID   RecordID      `json:"kept_id" ref:"organizations,people"`
	MergedID RecordID      `json:"merged_id" ref:"organizations,people"`
	Before   archive.Raw   `json:"kept_before,omitzero" doc:"The fields of the record that stays, before the merge."`
	After    archive.Raw   `json:"kept_after,omitzero"`
	At       time.Time     `json:"at"`
	UndoneAt *time.Time    `json:"undone_at,omitempty"`
	Moves    []carriedMove `json:"moves,omitempty" column:"-" maxItems:"1000000" doc:"The rows it moved."`
}

type carriedMove struct {
	Reference string      `json:"reference" required:"true"`
	RowID     RecordID    `json:"row_id"`
	RowKey    string      `json:"row_key,omitempty" maxLength:"1000"`
	Before    archive.Raw `json:"before,omitzero"`
}

// withoutPrivate leaves out what the fields of a person tell in confidence.
func withoutPrivate(fields archive.Raw) (archive.Raw, error) {
	var known map[string]any
	if err := fields.Into(&known); err != nil || known == nil {
		return fields, err
	}
	delete(known, "access_needs")
	delete(known, "lived_experience")
	return archive.RawOf(known)
}

var carriedMerges = archive.Kind[carriedMerge]{
	Name: "merges", Tables: []string{"merges", "merge_moves"},
	Read: func(r *archive.Reading, after carriedMerge, limit int64) ([]carriedMerge, error) {
		rows, err := store.Collect(r.Tx, archive.Scan[carriedMerge], `SELECT id, kind, kept_id, merged_id, kept_before, kept_after, at, undone_at FROM merges WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			m := &rows[i]
			if m.Kind == PersonKind && !r.Private {
				before, wrong := withoutPrivate(m.Before)
				behind, wrongToo := withoutPrivate(m.After)
				if err := errors.Join(wrong, wrongToo); err != nil {
					return nil, err
				}
				m.Before, m.After = before, behind
			}
			// Who signs in as whom is a matter of the installation.
			if m.Moves, err = store.Collect(r.Tx, archive.Scan[carriedMove], `SELECT reference, row_id, row_key, before FROM merge_moves WHERE collaborative_id = $1 AND merge_id = $2 AND reference <> $3
				ORDER BY reference, row_id, row_key`, m.ID, movedAccess); err != nil {
				return nil, err
			}
		}
		return rows, nil
	},
	Write: func(l *archive.Loading, rows []carriedMerge) error {
		var records, moves [][]any
		for _, m := range rows {
			records = append(records, archive.Values(&m))
			for _, move := range m.Moves {
				moves = append(moves, archive.Values(&move, m.ID))
			}
		}
		if err := l.Tx.ExecRows(`INSERT INTO merges (collaborative_id, id, kind, kept_id, merged_id, kept_before, kept_after, at, undone_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, records); err != nil {
			return err
		}
		return l.Tx.ExecRows(`INSERT INTO merge_moves (collaborative_id, reference, row_id, row_key, before, merge_id) VALUES ($1, $2, $3, $4, $5, $6)`, moves)
	},
}

// carriedDecision is what somebody decided about two records that resemble each
// other. Pairs nobody looked at are found again.
type carriedDecision struct {
	Kind      string     `json:"kind" required:"true" enum:"organization,person"`
	FirstID   RecordID   `json:"first_id" ref:"organizations,people"`
	SecondID  RecordID   `json:"second_id" ref:"organizations,people"`
	Decision  string     `json:"decision" required:"true" enum:"same,different"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
}

var carriedDecisions = archive.Kind[carriedDecision]{
	Name: "decisions", Tables: []string{"resemblances"},
	Read: func(r *archive.Reading, after carriedDecision, limit int64) ([]carriedDecision, error) {
		return store.Collect(r.Tx, archive.Scan[carriedDecision], `SELECT kind, first_id, second_id, decision, decided_at FROM resemblances WHERE collaborative_id = $1 AND (kind, first_id, second_id) > ($2, $3, $4)
			AND decision <> 'open' ORDER BY kind, first_id, second_id LIMIT $5`, after.Kind, after.FirstID[:], after.SecondID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedDecision) error {
		var records [][]any
		for _, d := range rows {
			records = append(records, archive.Values(&d, store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO resemblances (collaborative_id, score, reasons, kind, first_id, second_id, decision, decided_at, found_at) VALUES ($1, 0, '[]', $2, $3, $4, $5, $6, $7)`, records)
	},
}

// carriedErasure says that a person was erased, and nothing of them.
type carriedErasure struct {
	PersonID PersonID  `json:"person_id"`
	At       time.Time `json:"at"`
}

var carriedErasures = archive.Kind[carriedErasure]{
	Name: "erasures", Tables: []string{"erasures"},
	Read: func(r *archive.Reading, after carriedErasure, limit int64) ([]carriedErasure, error) {
		return store.Collect(r.Tx, archive.Scan[carriedErasure], `SELECT person_id, at FROM erasures WHERE collaborative_id = $1 AND person_id > $2 ORDER BY person_id LIMIT $3`, after.PersonID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedErasure) error {
		var records [][]any
		for _, e := range rows {
			records = append(records, archive.Values(&e))
		}
		return l.Tx.ExecRows(`INSERT INTO erasures (collaborative_id, person_id, at) VALUES ($1, $2, $3)`, records)
	},
}
