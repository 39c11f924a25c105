package takeout_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/sample"
)

func TestScratchLarge(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		a := told(t, engine)
		place := operation.CollaborativeFrom(within(t, a, sample.Slug)).ID
		var org operation.EntryID
		a.Store.Read(ctx, place, func(tx *store.Tx) (err error) {
			org, err = store.Value[operation.EntryID](tx, `SELECT id FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL LIMIT 1`)
			return err
		})
		for batch := range 100 {
			if err := a.Store.Write(ctx, place, func(tx *store.Tx) error {
				var people, aff, audit [][]any
				for n := range 1000 {
					i := operation.NewPersonID()
					name := fmt.Sprintf("Person %d", batch*1000+n)
					people = append(people, []any{i, name, "Family", fmt.Sprintf("p%d@mail.example", batch*1000+n), noon.UnixMicro(), []byte(name)})
					aff = append(aff, []any{id.New[int](), i, org, []byte(name)})
					for range 5 {
						audit = append(audit, []any{id.New[int](), noon.UnixMicro(), i, name, `[{"field":"given_name","before":"A","after":"` + name + `"},{"field":"notes","before":"something longer","after":"something longer than that, so that an entry has the size entries have"}]`})
					}
				}
				if err := tx.ExecRows(`INSERT INTO people (collaborative_id, id, given_name, family_name, email, created_at, sort_key, phone, language, notes, version, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, '555-0100', 'en', 'Some notes about them, of a line or two, as people write them.', 1, 0)`, people); err != nil {
					return err
				}
				if err := tx.ExecRows(`INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, person_sort_key, title, represents, valid_from) VALUES ($1, $2, $3, $4, $5, 'Member', FALSE, '2020-01-01')`, aff); err != nil {
					return err
				}
				return tx.ExecRows(`INSERT INTO audit_entries (collaborative_id, id, at, subject_id, subject_title, fields, act_id, operation, actor_name, via, request, subject_kind, subject_version) VALUES ($1, $2, $3, $4, $5, $6, $2, 'people.edit', 'Ruth Adeyemi', 'session', '', 'person', 2)`, audit)
			}); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		f, _ := os.CreateTemp(t.TempDir(), "x")
		if err := a.Takeouts.Write(ctx, place, f, everything, func(takeout.Progress) error { return nil }); err != nil {
			t.Fatal(err)
		}
		info, _ := f.Stat()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Printf("%s: write %.1fs %d bytes, sys %d MB\n", engine, time.Since(began).Seconds(), info.Size(), m.Sys>>20)
		raw, _ := os.ReadFile(f.Name())
		b := house(t, engine)
		began = time.Now()
		out, err := load(b, raw)
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&m)
		fmt.Printf("%s: load %.1fs %v, sys %d MB\n", engine, time.Since(began).Seconds(), out.Rows["people"], m.Sys>>20)
		if engine == "sqlite" {
			var again bytes.Buffer
			if err := b.Takeouts.Write(ctx, place, &again, everything, func(takeout.Progress) error { return nil }); err != nil {
				t.Fatal(err)
			}
			fmt.Println("identical:", bytes.Equal(raw, again.Bytes()))
		}
	}
}
