package directory

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

type carriedBody struct {
	ID             BodyID          `json:"id"`
	Name           string          `json:"name" required:"true"`
	Kind           string          `json:"kind" required:"true" enum:"leadership_table,executive_committee,working_group,advisory_group,community_group,task_force,board,other"`
	ParentID       BodyID          `json:"parent_id,omitzero" ref:"bodies" doc:"The body it reports to."`
	State          string          `json:"state" required:"true" enum:"proposed,chartered,active,paused,closed"`
	Purpose        string          `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Charter        string          `json:"charter,omitempty" maxLength:"20000" text:"lines"`
	Quorum         int64           `json:"quorum" minimum:"0" maximum:"1000"`
	QuorumUnit     string          `json:"quorum_unit,omitempty" enum:"seats,percent"`
	DecisionMethod string          `json:"decision_method,omitempty" enum:"consensus,consent,majority,supermajority,delegated"`
	Cadence        string          `json:"cadence,omitempty" enum:"weekly,every_two_weeks,monthly,every_two_months,quarterly,twice_a_year,yearly,as_needed"`
	CreatedAt      time.Time       `json:"created_at"`
	DeletedAt      *time.Time      `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
	History        []carriedPeriod `json:"history,omitempty" column:"-" maxItems:"2000" doc:"Every state with its days."`
}

var carriedBodies = archive.Kind[carriedBody]{
	Name: "bodies", Tables: []string{"bodies", "periods"},
	Title: func(b carriedBody) string { return b.Name },
	Read: func(r *archive.Reading, after carriedBody, limit int64) ([]carriedBody, error) {
		rows, err := store.Collect(r.Tx, archive.Scan[carriedBody], `SELECT id, name, kind, parent_id, state, purpose, charter, quorum, quorum_unit, decision_method, cadence, created_at, deleted_at
			FROM bodies WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
		if err != nil {
			return nil, err
		}
		first, last := span(rows, func(b carriedBody) BodyID { return b.ID })
		history, err := periodsBelow(r.Call, first, last)
		for i := range rows {
			rows[i].History = history[rows[i].ID]
		}
		return rows, err
	},
	Write: func(l *archive.Loading, rows []carriedBody) error {
		var records, periods [][]any
		var live []BodyID
		for _, b := range rows {
			periods = append(periods, periodRows(b.ID, b.History)...)
			if b.DeletedAt == nil {
				live = append(live, b.ID)
				found := Body{ID: b.ID, Name: b.Name, Purpose: b.Purpose, Charter: b.Charter}
				if err := search.Put(l.Tx, found.document()); err != nil {
					return err
				}
			}
			if child, parent := b.ID, b.ParentID; !parent.IsZero() {
				// It may be a body that comes later.
				l.Afterwards(func() error {
					_, err := l.Tx.Exec(`UPDATE bodies SET parent_id = $3 WHERE collaborative_id = $1 AND id = $2`, child, parent)
					return err
				})
				b.ParentID = BodyID{}
			}
			records = append(records, archive.Values(&b, sortKey(l.Call, b.Name), store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO bodies (collaborative_id, version, id, name, kind, parent_id, state, purpose, charter, quorum, quorum_unit, decision_method, cadence, created_at, deleted_at, sort_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, records); err != nil {
			return err
		}
		if err := insertPeriods(l.Call, periods); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, BodyKind, live)
	},
}

type carriedSeat struct {
	ID             SeatID         `json:"id"`
	BodyID         BodyID         `json:"body_id" ref:"bodies"`
	Position       int64          `json:"position" minimum:"0" maximum:"1000000"`
	Role           string         `json:"role" required:"true" enum:"chair,co_chair,vice_chair,secretary,member,adviser,observer"`
	Voting         bool           `json:"voting"`
	Purpose        string         `json:"purpose,omitempty"`
	Sector         string         `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	OrganizationID OrganizationID `json:"organization_id,omitzero" ref:"organizations" doc:"The organization it belongs to."`
	TermMonths     int64          `json:"term_months" minimum:"0" maximum:"240"`
	From           string         `json:"valid_from" required:"true" format:"date"`
	To             string         `json:"valid_to,omitempty" null:"true" format:"date"`
	CreatedAt      time.Time      `json:"created_at"`
	DeletedAt      *time.Time     `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
	Terms          []carriedTerm  `json:"terms,omitempty" column:"-" maxItems:"2000" doc:"Who held it, one after another."`
}

type carriedTerm struct {
	ID             TermID         `json:"id"`
	PersonID       PersonID       `json:"person_id" ref:"people"`
	OrganizationID OrganizationID `json:"organization_id,omitzero" ref:"organizations" doc:"Whom they spoke for."`
	AlternateID    PersonID       `json:"alternate_id,omitzero" ref:"people" doc:"Who came when they could not."`
	From           string         `json:"valid_from" required:"true" format:"date"`
	Ends           string         `json:"term_ends,omitempty" null:"true" format:"date" doc:"The day the term is meant to end."`
	To             string         `json:"valid_to,omitempty" null:"true" format:"date"`
}

var carriedSeats = archive.Kind[carriedSeat]{
	Name: "seats", Tables: []string{"seats", "seat_terms"},
	Read: func(r *archive.Reading, after carriedSeat, limit int64) ([]carriedSeat, error) {
		rows, err := store.Collect(r.Tx, archive.Scan[carriedSeat], `SELECT id, body_id, position, role, voting, purpose, sector, organization_id, term_months, valid_from, valid_to, created_at, deleted_at
			FROM seats WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		at := map[SeatID]*carriedSeat{}
		for i := range rows {
			at[rows[i].ID] = &rows[i]
		}
		first, last := span(rows, func(s carriedSeat) SeatID { return s.ID })
		return rows, store.Each(r.Tx, func(row store.Row) error {
			var seat SeatID
			var t carriedTerm
			err := row.Scan(append([]any{&seat}, archive.Columns(&t)...)...)
			if err == nil {
				at[seat].Terms = append(at[seat].Terms, t)
			}
			return err
		}, `SELECT seat_id, id, person_id, organization_id, alternate_id, valid_from, term_ends, valid_to FROM seat_terms WHERE collaborative_id = $1 AND seat_id >= $2 AND seat_id <= $3 ORDER BY seat_id, valid_from`, first[:], last[:])
	},
	Write: func(l *archive.Loading, rows []carriedSeat) error {
		keys, err := bodyKeys(l)
		if err != nil {
			return err
		}
		var records, terms [][]any
		var live []SeatID
		for _, s := range rows {
			records = append(records, archive.Values(&s, keys[s.BodyID], store.Micros(l.Now)))
			for _, t := range s.Terms {
				terms = append(terms, archive.Values(&t, s.ID, s.BodyID))
			}
			if s.DeletedAt == nil {
				live = append(live, s.ID)
			}
		}
		if err := l.Tx.ExecRows(`INSERT INTO seats (collaborative_id, version, id, body_id, position, role, voting, purpose, sector, organization_id, term_months, valid_from, valid_to, created_at, deleted_at, body_sort_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, records); err != nil {
			return err
		}
		if err := l.Tx.ExecRows(`INSERT INTO seat_terms (collaborative_id, id, person_id, organization_id, alternate_id, valid_from, term_ends, valid_to, seat_id, body_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, terms); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, SeatKind, live)
	},
}

// bodyKeys are the keys that seats are sorted by.
func bodyKeys(l *archive.Loading) (map[BodyID][]byte, error) {
	out := map[BodyID][]byte{}
	return out, store.Each(l.Tx, func(row store.Row) error {
		var i BodyID
		var key []byte
		err := row.Scan(&i, &key)
		out[i] = key
		return err
	}, `SELECT id, sort_key FROM bodies WHERE collaborative_id = $1`)
}

type carriedFunction struct {
	ID        FunctionID `json:"id"`
	Name      string     `json:"name" required:"true"`
	About     string     `json:"about,omitempty" maxLength:"1000" text:"lines"`
	CreatedAt time.Time  `json:"created_at"`
	DeletedAt *time.Time `json:"deleted_at,omitempty" doc:"When it was put out of use."`
}

var carriedFunctions = archive.Kind[carriedFunction]{
	Name: "functions", Tables: []string{"backbone_functions"},
	Title: func(f carriedFunction) string { return f.Name },
	Read: func(r *archive.Reading, after carriedFunction, limit int64) ([]carriedFunction, error) {
		return store.Collect(r.Tx, archive.Scan[carriedFunction], `SELECT id, name, about, created_at, deleted_at FROM backbone_functions WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedFunction) error {
		var records [][]any
		for _, f := range rows {
			records = append(records, archive.Values(&f, i18n.CollationKey(l.Collaborative.Language, f.Name), store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO backbone_functions (collaborative_id, version, id, name, about, created_at, deleted_at, sort_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)`, records)
	},
}

type carriedHolding struct {
	ID             HoldingID      `json:"id"`
	Function       string         `json:"function" required:"true" doc:"One of the six by its name, or the id of an added one."`
	OrganizationID OrganizationID `json:"organization_id,omitzero" ref:"organizations"`
	BodyID         BodyID         `json:"body_id,omitzero" ref:"bodies"`
	Share          int64          `json:"share" minimum:"0" maximum:"100"`
	Note           string         `json:"note,omitempty" maxLength:"500"`
	From           string         `json:"valid_from" required:"true" format:"date"`
	To             string         `json:"valid_to,omitempty" null:"true" format:"date"`
	CreatedAt      time.Time      `json:"created_at"`
}

var carriedHoldings = archive.Kind[carriedHolding]{
	Name: "holdings", Tables: []string{"function_holdings"},
	Read: func(r *archive.Reading, after carriedHolding, limit int64) ([]carriedHolding, error) {
		return store.Collect(r.Tx, archive.Scan[carriedHolding], `SELECT id, function, organization_id, body_id, share, note, valid_from, valid_to, created_at
			FROM function_holdings WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedHolding) error {
		var records [][]any
		for _, h := range rows {
			records = append(records, archive.Values(&h, store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO function_holdings (collaborative_id, version, id, function, organization_id, body_id, share, note, valid_from, valid_to, created_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, records)
	},
}
