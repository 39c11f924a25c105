package directory

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListResemblancesInput narrows the pairs.
type ListResemblancesInput struct {
	Kind     string `json:"kind,omitempty" enum:"organization,person" doc:"person when absent."`
	Decision string `json:"decision,omitempty" enum:"open,same,different" doc:"open when absent."`
	After    string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before   string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit    int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListResemblances lists the pairs that the last run found, the likeliest first.
var ListResemblances = operation.Define(operation.Operation[ListResemblancesInput, operation.Page[Resemblance]]{
	Definition: operation.Definition{ID: "resemblances.list", Summary: "Lists pairs of records that resemble each other, the likeliest first", ReadOnly: true, Method: "GET", Path: "/resemblances"},
	Run: func(c *operation.Call, in ListResemblancesInput) (operation.Page[Resemblance], error) {
		kind := or(in.Kind, PersonKind)
		q := store.Select(`SELECT `+resemblanceColumns+` FROM resemblances WHERE resemblances.collaborative_id = $1 AND resemblances.kind = ? AND resemblances.decision = ?`, kind, or(in.Decision, OpenDecision))
		// What lies in the trash, merged records among it, is nobody's question.
		if kind == PersonKind {
			q.Where(`(SELECT COUNT(*) FROM people WHERE people.collaborative_id = $1 AND people.id = resemblances.first_id AND people.deleted_at IS NULL) = 1`)
			q.Where(`(SELECT COUNT(*) FROM people WHERE people.collaborative_id = $1 AND people.id = resemblances.second_id AND people.deleted_at IS NULL) = 1`)
		} else {
			q.Where(`(SELECT COUNT(*) FROM organizations WHERE organizations.collaborative_id = $1 AND organizations.id = resemblances.first_id AND organizations.deleted_at IS NULL) = 1`)
			q.Where(`(SELECT COUNT(*) FROM organizations WHERE organizations.collaborative_id = $1 AND organizations.id = resemblances.second_id AND organizations.deleted_at IS NULL) = 1`)
		}
		k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"resemblances.score", "resemblances.first_id", "resemblances.second_id"}, Types: "ibb"}
		page, err := operation.List(c.Tx, q, k, scanResemblance(kind), func(r Resemblance) []any { return []any{r.Score, r.First.ID[:], r.Second.ID[:]} })
		if err != nil {
			return page, err
		}
		page.Total = -1
		if err := nameAlike(c, kind, page.Items); err != nil {
			return page, err
		}
		for i := range page.Items {
			page.Items[i] = page.Items[i].visibleTo(c)
		}
		return page, nil
	},
})

// Decide is what somebody decided about two records.
type Decide struct {
	Kind     string   `json:"kind" required:"true" enum:"organization,person"`
	First    RecordID `json:"first_id"`
	Second   RecordID `json:"second_id"`
	Decision string   `json:"decision" required:"true" enum:"open,different"`
}

// DecideResemblance remembers that two records are not the same, or asks again.
// That they are the same is said by merging them.
var DecideResemblance = operation.Define(operation.Operation[Decide, Resemblance]{
	Definition: operation.Definition{ID: "resemblances.decide", Summary: "Remembers that two records are not the same, or asks again", Method: "POST", Path: "/resemblances/decide"},
	Run: func(c *operation.Call, in Decide) (Resemblance, error) {
		if bytes.Compare(in.First[:], in.Second[:]) > 0 {
			in.First, in.Second = in.Second, in.First
		}
		names := []Resemblance{{Kind: in.Kind, First: Alike{ID: in.First}, Second: Alike{ID: in.Second}}}
		if err := nameAlike(c, in.Kind, names); err != nil {
			return Resemblance{}, err
		}
		if in.First == in.Second || names[0].First.ID.IsZero() || names[0].Second.ID.IsZero() {
			return Resemblance{}, operation.Missing()
		}
		before, err := pairOf(c, in.Kind, in.First, in.Second)
		if err != nil {
			return before, err
		}
		after := before
		after.First, after.Second, after.Decision, after.DecidedAt = names[0].First, names[0].Second, in.Decision, nil
		if in.Decision != OpenDecision {
			after.DecidedAt = &c.Now
		}
		if before.Decision == after.Decision {
			return after.visibleTo(c), nil
		}
		_, err = c.Tx.Exec(`INSERT INTO resemblances (collaborative_id, kind, first_id, second_id, score, reasons, decision, decided_at, found_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (collaborative_id, kind, first_id, second_id) DO UPDATE SET decision = excluded.decision, decided_at = excluded.decided_at`,
			in.Kind, in.First, in.Second, after.Score, store.JSON(after.Reasons), in.Decision, operation.DeletedMicros(after.DecidedAt), store.Micros(c.Now))
		c.Changed(operation.Subject{Kind: in.Kind, ID: in.First}, names[0].First.Name, 0, nil, nil)
		c.Changed(operation.Subject{Kind: in.Kind, ID: in.Second}, names[0].Second.Name, 0, nil, nil)
		back := in
		back.Decision = before.Decision
		if before.Decision != SameDecision {
			c.UndoWith("resemblances.decide", back)
		}
		return after.visibleTo(c), err
	},
})

// pairOf is what is known of two records, the smaller id first; an open pair
// without a score when nothing is.
func pairOf(c *operation.Call, kind string, first, second RecordID) (Resemblance, error) {
	r, err := store.One(c.Tx, scanResemblance(kind), `SELECT `+resemblanceColumns+` FROM resemblances WHERE collaborative_id = $1 AND kind = $2 AND first_id = $3 AND second_id = $4`, kind, first, second)
	if errors.Is(err, store.ErrNotFound) {
		return Resemblance{Kind: kind, Decision: OpenDecision, Reasons: []AlikeReason{}}, nil
	}
	return r, err
}

// RunOfKind says how a run of the duplicate finder stands.
type RunOfKind struct {
	Kind       string     `json:"kind"`
	AskedAt    time.Time  `json:"asked_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty" doc:"Absent while it runs."`
	Done       int64      `json:"done" doc:"Records compared."`
	Total      int64      `json:"total" doc:"Records to compare; 0 while that is not known."`
	Found      int64      `json:"found" doc:"Pairs found."`
}

// Running says whether somebody should wait for it. A run that has not ended
// after a quarter of an hour was broken off.
func (r RunOfKind) Running(now time.Time) bool {
	return r.FinishedAt == nil && now.Sub(r.AskedAt) < runPatience
}

const runPatience = 15 * time.Minute

// RunsOfSearch are the last runs, one a kind.
type RunsOfSearch struct {
	Items []RunOfKind `json:"items"`
}

func runsOfSearch(c *operation.Call) (RunsOfSearch, error) {
	items, err := store.Collect(c.Tx, func(row store.Row) (r RunOfKind, err error) {
		var finished time.Time
		err = row.Scan(&r.Kind, store.ScanTime(&r.AskedAt), store.ScanTime(&finished), &r.Done, &r.Total, &r.Found)
		r.FinishedAt = operation.Instant(finished)
		return r, err
	}, `SELECT kind, asked_at, finished_at, done, total, found FROM resemblance_runs WHERE collaborative_id = $1 ORDER BY kind`)
	return RunsOfSearch{append([]RunOfKind{}, items...)}, err
}

// ResemblanceProgress says how the duplicate finder stands.
var ResemblanceProgress = operation.Define(operation.Operation[operation.None, RunsOfSearch]{
	Definition: operation.Definition{ID: "resemblances.progress", Summary: "Says how the search for records that resemble each other stands", ReadOnly: true, Method: "GET", Path: "/resemblances/search"},
	Run:        func(c *operation.Call, _ operation.None) (RunsOfSearch, error) { return runsOfSearch(c) },
})

// SearchResemblances starts the duplicate finder over all organizations and
// people, in the background.
var SearchResemblances = operation.Define(operation.Operation[operation.None, RunsOfSearch]{
	Definition: operation.Definition{ID: "resemblances.search", Summary: "Starts a search for records that resemble each other, in the background", Method: "POST", Path: "/resemblances/search"},
	Limit:      func(operation.None) string { return SearchLimit },
	Run: func(c *operation.Call, _ operation.None) (RunsOfSearch, error) {
		now, err := runsOfSearch(c)
		if err != nil {
			return now, err
		}
		for _, kind := range []string{OrganizationKind, PersonKind} {
			if slices.ContainsFunc(now.Items, func(r RunOfKind) bool { return r.Kind == kind && r.Running(c.Now) }) {
				continue
			}
			if err := AskForResemblances(c.Tx, c.Now, kind); err != nil {
				return now, err
			}
			c.Enqueue(ComparisonOf(kind))
		}
		return runsOfSearch(c)
	},
})

// AskForResemblances notes that a run of a kind was asked for. Whoever calls it
// enqueues the work too.
func AskForResemblances(tx *store.Tx, now time.Time, kind string) error {
	_, err := tx.Exec(`INSERT INTO resemblance_runs (collaborative_id, kind, asked_at, done, total, found) VALUES ($1, $2, $3, 0, 0, 0)
		ON CONFLICT (collaborative_id, kind) DO UPDATE SET asked_at = excluded.asked_at, finished_at = NULL, done = 0, total = 0, found = 0`, kind, store.Micros(now))
	return err
}

// ComparisonOf is the work of comparing all records of a kind.
func ComparisonOf(kind string) operation.Later {
	return operation.Later{Kind: FindResemblancesKind, Payload: resemblanceRun{kind}}
}

// DueForComparison are the kinds whose records changed since they were last
// compared, which was that long ago, and have been left alone for a while.
func DueForComparison(tx *store.Tx, now time.Time, since, quiet time.Duration) ([]string, error) {
	asked := map[string]time.Time{}
	if err := store.Each(tx, func(row store.Row) error {
		var kind string
		var at time.Time
		err := row.Scan(&kind, store.ScanTime(&at))
		asked[kind] = at
		return err
	}, `SELECT kind, asked_at FROM resemblance_runs WHERE collaborative_id = $1`); err != nil {
		return nil, err
	}
	var due []string
	check := func(kind string, changed int64, err error) error {
		at := time.UnixMicro(changed)
		if err == nil && at.After(asked[kind]) && now.Sub(at) > quiet && now.Sub(asked[kind]) > since {
			due = append(due, kind)
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	}
	changed, err := store.Value[int64](tx, `SELECT updated_at FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 1`)
	if err := check(OrganizationKind, changed, err); err != nil {
		return nil, err
	}
	changed, err = store.Value[int64](tx, `SELECT updated_at FROM people WHERE collaborative_id = $1 AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 1`)
	return due, check(PersonKind, changed, err)
}
