package directory

import (
	"slices"
	"strconv"
	"strings"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// CoverageKind names the targets of coverage as a subject: the collaborative's
// own.
const CoverageKind = "coverage"

// What is covered, and by what it is looked at.
const (
	MembersScope    = "members"
	SeatsScope      = "voting_seats"
	SectorDimension = "sector"
	PlaceDimension  = "place"
	LivedDimension  = "lived_experience"
)

// CoverageInput says as of which day.
type CoverageInput struct {
	AsOf string `json:"as_of,omitempty" format:"date" doc:"As it stood on this day; today when absent. Lived experience is only told of today."`
}

// Coverage is who is at the table, by sector, place and lived experience, beside
// what the collaborative aims at.
type Coverage struct {
	Day    string          `json:"day"`
	Tables []CoverageTable `json:"tables"`
}

// CoverageTable is one way of looking at it.
type CoverageTable struct {
	Scope     string        `json:"scope" doc:"members or voting_seats."`
	Dimension string        `json:"dimension" doc:"sector, place or lived_experience."`
	Total     int64         `json:"total" doc:"How many there are in all."`
	Rows      []CoverageRow `json:"rows"`
	// Withheld says that the figures would tell of single people.
	Withheld bool  `json:"withheld" doc:"Whether figures are kept back, since they would tell of single people."`
	Least    int64 `json:"least,omitempty" doc:"How many with and how many without it there must be before a share is told."`
}

// CoverageRow is one sector, one place, or lived experience.
type CoverageRow struct {
	Value  string `json:"value" doc:"Empty for those of which it is not known."`
	Count  int64  `json:"count" doc:"How many; 0 for lived experience, of which only a rounded share is told."`
	Share  int64  `json:"share" doc:"Of all, in per cent; of lived experience to the nearest ten."`
	Target int64  `json:"target" doc:"The share aimed at, in per cent; 0 for none."`
	Gap    int64  `json:"gap" doc:"How many are missing to reach it; of lived experience, how many per cent."`
}

// coverageTarget is one stored target.
type coverageTarget struct {
	scope, dimension, value string
	share                   int64
}

func targets(c *operation.Call) ([]coverageTarget, error) {
	return store.Collect(c.Tx, func(row store.Row) (t coverageTarget, err error) {
		return t, row.Scan(&t.scope, &t.dimension, &t.value, &t.share)
	}, `SELECT scope, dimension, value, share FROM coverage_targets WHERE collaborative_id = $1 ORDER BY scope, dimension, value`)
}

// GetCoverage reads who is at the table and what is missing.
var GetCoverage = operation.Define(operation.Operation[CoverageInput, Coverage]{
	Definition: operation.Definition{ID: "coverage.get", Summary: "Reads how members and voting seats are spread over sectors, places and lived experience", ReadOnly: true, Method: "GET", Path: "/coverage"},
	Run: func(c *operation.Call, in CoverageInput) (Coverage, error) {
		out := Coverage{Day: or(in.AsOf, c.Today()), Tables: []CoverageTable{}}
		aims, err := targets(c)
		if err != nil {
			return out, err
		}
		members, err := membersOn(c, out.Day)
		if err != nil {
			return out, err
		}
		held, err := votingOn(c, out.Day)
		if err != nil {
			return out, err
		}
		for _, scope := range []struct {
			name    string
			sectors tally
			places  tally
		}{{MembersScope, members.sectors, members.places}, {SeatsScope, held.sectors, held.places}} {
			out.Tables = append(out.Tables, scope.sectors.table(scope.name, SectorDimension, aims), scope.places.table(scope.name, PlaceDimension, aims))
		}
		least, err := store.Value[int64](c.Tx.Installation(), `SELECT people_minimum FROM collaboratives WHERE id = $1`, c.Collaborative.ID)
		if err != nil {
			return out, err
		}
		lived := CoverageTable{Scope: SeatsScope, Dimension: LivedDimension, Total: int64(len(held.people)), Rows: []CoverageRow{}, Least: least, Withheld: true}
		var yes int64
		for _, answer := range held.people {
			if answer == "yes" {
				yes++
			}
		}
		// Of another day nothing is told: two days between which one person came
		// would tell that person's answer.
		if in.AsOf == "" && disclosure.Count(yes, lived.Total, least) {
			lived.Withheld = false
			row := CoverageRow{Value: "yes", Share: disclosure.Tenths(yes, lived.Total), Target: aimOf(aims, SeatsScope, LivedDimension, "yes")}
			row.Gap = max(0, row.Target-row.Share)
			lived.Rows = append(lived.Rows, row)
		}
		out.Tables = append(out.Tables, lived)
		return out, nil
	},
})

// tally counts by a value; places in one spelling each.
type tally struct {
	counts map[string]int64
	names  map[string]string
	total  int64
}

func (t *tally) add(value string) {
	if t.counts == nil {
		t.counts, t.names = map[string]int64{}, map[string]string{}
	}
	key := i18n.FoldKey(value)
	if t.names[key] == "" {
		t.names[key] = value
	}
	t.counts[key]++
	t.total++
}

// table sets the counts beside the targets: the values that are there or aimed
// at, the biggest first, those not known last.
func (t tally) table(scope, dimension string, aims []coverageTarget) CoverageTable {
	out := CoverageTable{Scope: scope, Dimension: dimension, Total: t.total, Rows: []CoverageRow{}}
	seen := map[string]bool{}
	row := func(value string, count int64) {
		r := CoverageRow{Value: value, Count: count, Target: aimOf(aims, scope, dimension, value)}
		if t.total > 0 {
			r.Share = (count*200 + t.total) / (2 * t.total)
		}
		r.Gap = max(0, (r.Target*t.total+99)/100-count)
		seen[i18n.FoldKey(value)] = true
		out.Rows = append(out.Rows, r)
	}
	for key, count := range t.counts {
		row(t.names[key], count)
	}
	for _, aim := range aims {
		if aim.scope == scope && aim.dimension == dimension && !seen[i18n.FoldKey(aim.value)] {
			row(aim.value, 0)
		}
	}
	slices.SortFunc(out.Rows, func(a, b CoverageRow) int {
		switch {
		case (a.Value == "") != (b.Value == ""):
			return len(b.Value) - len(a.Value)
		case a.Count != b.Count:
			return int(b.Count - a.Count)
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out
}

func aimOf(aims []coverageTarget, scope, dimension, value string) int64 {
	for _, aim := range aims {
		if aim.scope == scope && aim.dimension == dimension && i18n.FoldKey(aim.value) == i18n.FoldKey(value) && value != "" {
			return aim.share
		}
	}
	return 0
}

// spread is what was counted of one scope.
type spread struct {
	sectors, places tally
	people          map[PersonID]string // of voting seats: each holder's answer
}

func membersOn(c *operation.Call, day string) (spread, error) {
	var out spread
	err := store.Each(c.Tx, func(row store.Row) error {
		var sector, place string
		err := row.Scan(&sector, &place)
		out.sectors.add(sector)
		out.places.add(place)
		return err
	}, `SELECT organizations.sector, organizations.place FROM periods JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = periods.subject_id
		WHERE periods.collaborative_id = $1 AND periods.fact = 'status' AND periods.value = 'member' AND periods.valid_from <= $2 AND (periods.valid_to IS NULL OR periods.valid_to > $2)
		AND organizations.deleted_at IS NULL`, day)
	return out, err
}

// votingOn counts the voting seats that are held on a day: by the sector of the
// organization spoken for, or the one the seat is meant for where nobody's.
func votingOn(c *operation.Call, day string) (spread, error) {
	out := spread{people: map[PersonID]string{}}
	err := store.Each(c.Tx, func(row store.Row) error {
		var person PersonID
		var answer, meant, sector, place string
		err := row.Scan(&person, &answer, &meant, store.ScanText(&sector), store.ScanText(&place))
		out.people[person] = answer
		out.sectors.add(or(sector, meant))
		out.places.add(place)
		return err
	}, `SELECT seat_terms.person_id, people.lived_experience, seats.sector, organizations.sector, organizations.place FROM seat_terms
		JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id
		JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = seat_terms.body_id
		JOIN people ON people.collaborative_id = $1 AND people.id = seat_terms.person_id
		LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = seat_terms.organization_id
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.valid_from <= $2 AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $2)
		AND seats.voting = TRUE AND seats.deleted_at IS NULL AND bodies.deleted_at IS NULL`, day)
	return out, err
}

// TargetsInput is what share the collaborative aims at, in the place of what it
// aimed at before.
type TargetsInput struct {
	Scope     string        `json:"scope" required:"true" enum:"members,voting_seats"`
	Dimension string        `json:"dimension" required:"true" enum:"sector,place,lived_experience"`
	Targets   []TargetShare `json:"targets" maxItems:"100"`
}

// TargetShare is one of them.
type TargetShare struct {
	Value string `json:"value" required:"true" doc:"A sector, a place, or yes for lived experience."`
	Share int64  `json:"share" minimum:"1" maximum:"100" doc:"In per cent."`
}

// coverageRecord is what the audit log compares.
type coverageRecord struct {
	Targets []string `json:"targets"`
}

// SetTargets says what share the collaborative aims at.
var SetTargets = operation.Define(operation.Operation[TargetsInput, operation.None]{
	Definition: operation.Definition{ID: "coverage.set-targets", Summary: "Sets what shares of members or voting seats the collaborative aims at", Method: "PUT", Path: "/coverage/targets"},
	Validate: func(in *TargetsInput, faults *operation.Faults) {
		var sum int64
		var seen []string
		for _, t := range in.Targets {
			sum += t.Share
			bad := in.Dimension == SectorDimension && !slices.Contains(Sectors, t.Value) || in.Dimension == LivedDimension && (t.Value != "yes" || in.Scope != SeatsScope)
			if bad || slices.Contains(seen, i18n.FoldKey(t.Value)) {
				faults.Add("targets", "errors.not_offered")
			}
			seen = append(seen, i18n.FoldKey(t.Value))
		}
		if sum > 100 {
			faults.Add("targets", "errors.targets_beyond_whole", map[string]any{"Share": sum})
		}
	},
	Run: func(c *operation.Call, in TargetsInput) (operation.None, error) {
		all, err := targets(c)
		if err != nil {
			return operation.None{}, err
		}
		undo := TargetsInput{Scope: in.Scope, Dimension: in.Dimension, Targets: []TargetShare{}}
		for _, t := range all {
			if t.scope == in.Scope && t.dimension == in.Dimension {
				undo.Targets = append(undo.Targets, TargetShare{t.value, t.share})
			}
		}
		if _, err := c.Tx.Exec(`DELETE FROM coverage_targets WHERE collaborative_id = $1 AND scope = $2 AND dimension = $3`, in.Scope, in.Dimension); err != nil {
			return operation.None{}, err
		}
		var rows [][]any
		for _, t := range in.Targets {
			rows = append(rows, []any{in.Scope, in.Dimension, t.Value, t.Share})
		}
		if err := c.Tx.ExecRows(`INSERT INTO coverage_targets (collaborative_id, scope, dimension, value, share) VALUES ($1, $2, $3, $4, $5)`, rows); err != nil {
			return operation.None{}, err
		}
		c.Changed(operation.Subject{Kind: CoverageKind, ID: c.Collaborative.ID}, "", 0, coverageRecord{undo.texts()}, coverageRecord{in.texts()})
		c.UndoWith("coverage.set-targets", undo)
		return operation.None{}, nil
	},
})

func (in TargetsInput) texts() []string {
	out := []string{}
	for _, t := range in.Targets {
		out = append(out, in.Scope+" "+in.Dimension+" "+t.Value+" "+strconv.FormatInt(t.Share, 10)+" %")
	}
	return out
}
