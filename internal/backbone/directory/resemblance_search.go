package directory

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// FindResemblancesKind is the kind of work that compares all records of a
// collaborative with each other.
const FindResemblancesKind = "directory.find-resemblances"

const (
	// comparedPage is how many records one transaction reads.
	comparedPage = 2000
	// foundPage is how many pairs one transaction writes, in statements of
	// someRows each.
	foundPage = 500
)

// resemblanceRun is the payload of that work.
type resemblanceRun struct {
	Kind string `json:"kind"`
}

// FindResemblances compares all records of one kind and keeps the pairs that
// resemble each other. What was decided about a pair stays decided; an open pair
// that is not found again is forgotten. It reads in pages and holds what the
// index holds, about a kilobyte for each person. Running it twice changes
// nothing. It is for background work and checks no permission.
func FindResemblances(ctx context.Context, s *store.Store, now func() time.Time, place operation.CollaborativeID, payload []byte) error {
	var run resemblanceRun
	if err := json.Unmarshal(payload, &run); err != nil {
		return err
	}
	f := &finder{ctx: ctx, store: s, place: place, kind: run.Kind, now: now, began: now()}
	var pairs iter.Seq[resemblance.Match]
	if f.kind == PersonKind {
		people, err := f.people()
		if err != nil {
			return err
		}
		pairs = resemblance.NewPersonIndex(people).Pairs
	} else {
		organizations, err := f.organizations()
		if err != nil {
			return err
		}
		pairs = resemblance.NewOrganizationIndex(organizations).Pairs
	}
	return f.keep(pairs)
}

// finder is one run.
type finder struct {
	ctx   context.Context
	store *store.Store
	place operation.CollaborativeID
	kind  string
	now   func() time.Time
	began time.Time
	read  int64
}

// progress says how far the run has come.
func (f *finder) progress(done, found int64) error {
	return f.store.Write(f.ctx, f.place, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE resemblance_runs SET done = $3, total = $4, found = $5 WHERE collaborative_id = $1 AND kind = $2`, f.kind, done, max(f.read, done), found)
		return err
	})
}

func (f *finder) organizations() ([]resemblance.Organization, error) {
	var out []resemblance.Organization
	var after OrganizationID
	for {
		var page []Organization
		err := f.store.Read(f.ctx, f.place, func(tx *store.Tx) (err error) {
			page, err = store.Collect(tx, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE collaborative_id = $1 AND id > $2 AND deleted_at IS NULL ORDER BY id LIMIT 2000`, after[:])
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, o := range page {
			out = append(out, comparedOrganization(o))
		}
		f.read = int64(len(out))
		if len(page) < comparedPage {
			return out, f.progress(0, 0)
		}
		after = page[len(page)-1].ID
	}
}

// addressed is a person with their further addresses, as a page of people is read.
type addressed struct {
	Person
	others []string
}

func (f *finder) people() ([]resemblance.Person, error) {
	names, err := f.organizationNames()
	if err != nil {
		return nil, err
	}
	var out []resemblance.Person
	after := PersonID{}
	for {
		var page []addressed
		works := map[PersonID][]string{}
		err := f.store.Read(f.ctx, f.place, func(tx *store.Tx) (err error) {
			page, err = store.Collect(tx, func(row store.Row) (p addressed, err error) {
				return p, row.Scan(&p.ID, &p.GivenName, &p.FamilyName, &p.Email, &p.Phone, store.ScanJSON(&p.others))
			}, `SELECT id, given_name, family_name, email, phone, other_emails FROM people WHERE collaborative_id = $1 AND id > $2 AND deleted_at IS NULL AND erased_at IS NULL ORDER BY id LIMIT 2000`, after[:])
			if err != nil || len(page) == 0 {
				return err
			}
			last := page[len(page)-1].ID
			return store.Each(tx, func(row store.Row) error {
				var p PersonID
				var o OrganizationID
				err := row.Scan(&p, &o)
				if name := names[o]; name != "" {
					works[p] = append(works[p], name)
				}
				return err
			}, `SELECT person_id, organization_id FROM affiliations WHERE collaborative_id = $1 AND person_id > $2 AND person_id <= $3`, after[:], last[:])
		})
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			out = append(out, comparedPerson(p.Person, p.others, works[p.ID]))
		}
		f.read = int64(len(out))
		if len(page) < comparedPage {
			return out, f.progress(0, 0)
		}
		after = page[len(page)-1].ID
	}
}

// organizationNames are the names of all organizations, which people share.
func (f *finder) organizationNames() (map[OrganizationID]string, error) {
	out := map[OrganizationID]string{}
	return out, f.store.Read(f.ctx, f.place, func(tx *store.Tx) error {
		return store.Each(tx, func(row store.Row) error {
			var i OrganizationID
			var name string
			err := row.Scan(&i, &name)
			out[i] = name
			return err
		}, `SELECT id, name FROM organizations WHERE collaborative_id = $1`)
	})
}

// keep stores the pairs as they are found and forgets the open ones that were
// not found again.
func (f *finder) keep(pairs iter.Seq[resemblance.Match]) error {
	var page []resemblance.Match
	var found int64
	var failed error
	flush := func() bool {
		if len(page) == 0 {
			return true
		}
		found += int64(len(page))
		if failed = f.ctx.Err(); failed == nil {
			failed = f.write(page)
		}
		if failed == nil {
			failed = f.progress(f.read, found)
		}
		page = page[:0]
		return failed == nil
	}
	for m := range pairs {
		if page = append(page, m); len(page) == foundPage && !flush() {
			return failed
		}
	}
	if !flush() {
		return failed
	}
	return f.store.Write(f.ctx, f.place, func(tx *store.Tx) error {
		if _, err := tx.Exec(`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = $2 AND decision = 'open' AND found_at < $3`, f.kind, store.Micros(f.began)); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE resemblance_runs SET finished_at = $3, done = $4, total = $4, found = $5 WHERE collaborative_id = $1 AND kind = $2`, f.kind, store.Micros(f.now()), f.read, found)
		return err
	})
}

func (f *finder) write(page []resemblance.Match) error {
	return f.store.Write(f.ctx, f.place, func(tx *store.Tx) error {
		for from := 0; from < len(page); from += someRows {
			q := store.Select(`INSERT INTO resemblances (collaborative_id, kind, first_id, second_id, score, reasons, decision, found_at) VALUES`)
			comma := " "
			for _, m := range page[from:min(from+someRows, len(page))] {
				q.Add(comma)
				q.Add(`($1, ?, ?, ?, ?, ?, 'open', ?)`, f.kind, m.A[:], m.B[:], scored(m.Score), store.JSON(reasonsOf(m)), store.Micros(f.began))
				comma = ", "
			}
			q.Add(` ON CONFLICT (collaborative_id, kind, first_id, second_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons, found_at = excluded.found_at`)
			text, args := q.SQL()
			if _, err := tx.Exec(text, args...); err != nil {
				return err
			}
		}
		return nil
	})
}
