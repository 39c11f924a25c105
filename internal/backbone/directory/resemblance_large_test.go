//go:build slow

package directory_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The search for duplicates among a hundred thousand people, one in twenty of
// them twice, takes seconds and about a kilobyte a person.
func TestSearchAmongAHundredThousand(t *testing.T) {
	at := newTable(t, sqliteConfig(t))
	const many = 100_000
	given, family := []string{}, []string{}
	for i := range 800 {
		given = append(given, fmt.Sprintf("%c%s%s", 'A'+i%26, []string{"nna", "ric", "lena", "obert", "aria", "ose", "uan"}[i%7], []string{"", "ta", "lo", "ne"}[i/7%4]))
		family = append(family, fmt.Sprintf("%c%s%s%s", 'A'+i%26, []string{"son", "rui", "gar", "mont", "wal"}[i%5], []string{"a", "e", "i", "o"}[i/5%4], []string{"z", "cia", "ker", "berg", "ton", "ski"}[i/20%6]))
	}
	for from := 0; from < many; from += 5000 {
		if err := at.door.Store.Write(context.Background(), at.place.ID, func(tx *store.Tx) error {
			for n := from; n < from+5000; n++ {
				p, k := operation.NewPersonID(), n
				if n%20 == 0 && n > 0 {
					k = n - 1 // once more
				}
				if _, err := tx.Exec(`INSERT INTO people (collaborative_id, id, given_name, family_name, sort_key, email, phone, language, notes, version, created_at, updated_at)
					VALUES ($1, $2, $3, $4, $2, $5, $6, '', '', 1, 0, 0)`, p, given[k*7919%800], family[k*104729/800%800], fmt.Sprintf("p%d@example.org", k), fmt.Sprintf("555 %07d", k)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	ctx := at.as(operation.Director)
	must[directory.RunsOfSearch](t)(directory.SearchResemblances.Do(ctx, at.door, operation.None{}))
	payload, _ := json.Marshal(map[string]string{"kind": "person"}) // texts
	var peak uint64
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
	}()
	began := time.Now()
	if err := directory.FindResemblances(context.Background(), at.door.Store, at.clock.Now, at.place.ID, payload); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	close(stop)
	runs := must[directory.RunsOfSearch](t)(directory.ResemblanceProgress.Do(ctx, at.door, operation.None{}))
	t.Logf("%s, %d pairs, at most %d MiB of heap", took, runs.Items[1].Found, peak>>20)
	if runs.Items[1].Found < many/20-1 || took > time.Minute || peak > 600<<20 {
		t.Errorf("%+v in %s with %d MiB", runs.Items[1], took, peak>>20)
	}
	began = time.Now()
	found := must[directory.AlikeRecords](t)(directory.FindAlike.Do(ctx, at.door, directory.FindInput{Kind: "person", GivenName: given[0], FamilyName: family[0], Email: "p0@example.org"}))
	t.Logf("one record: %s, %d found", time.Since(began), len(found.Items))
}
