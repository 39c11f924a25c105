package takeout_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/access"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/sample"
)

// edited is an archive with one of its files changed; a file made empty by nil is
// left out.
func edited(t testing.TB, raw []byte, name string, change func(text string) *string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	texts := files(t, raw)
	for _, f := range in.File {
		text := texts[f.Name]
		if f.Name == name {
			changed := change(text)
			if changed == nil {
				continue
			}
			text = *changed
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func replaced(old, fresh string) func(string) *string {
	return func(text string) *string {
		if !strings.Contains(text, old) {
			panic(fmt.Sprintf("%q does not stand in the file", old))
		}
		text = strings.Replace(text, old, fresh, 1)
		return &text
	}
}

func appended(line string) func(string) *string {
	return func(text string) *string { text += line + "\n"; return &text }
}

// An archive that somebody changed is refused with the place, and leaves nothing.
func TestChangedArchivesAreRefused(t *testing.T) {
	whole := taken(t, told(t, "sqlite"), everything)
	const nobody = "01a21769-0000-7000-8000-00000000dead"
	firstLine := func(name string) string { return strings.SplitN(files(t, whole)[name], "\n", 2)[0] }
	for name, c := range map[string]struct {
		file   string
		change func(string) *string
		key    string
		line   int
	}{
		"a reference to nothing":      {"data/touches.jsonl", appended(`{"id":"01a21769-e477-7e22-944a-c65e4276ffff","organization_id":"` + nobody + `","happened_on":"2026-10-08","settled":false,"created_at":"2026-10-08T13:10:00Z"}`), "takeout.refers_to_nothing", 15},
		"a record twice":              {"data/people.jsonl", appended(firstLine("data/people.jsonl")), "takeout.row_twice", 151},
		"a script as a website":       {"data/organizations.jsonl", replaced(`"website":"https:`, `"website":"javascript:`), "takeout.row_invalid", 1},
		"a word that is not offered":  {"data/organizations.jsonl", replaced(`"status":"member"`, `"status":"owner"`), "takeout.row_invalid", 1},
		"a field that is not known":   {"data/people.jsonl", replaced(`"given_name"`, `"administrator":true,"given_name"`), "takeout.line_unreadable", 1},
		"a day that is none":          {"data/bodies.jsonl", replaced(`"valid_from":"2014-11-24"`, `"valid_from":"2014-13-24"`), "takeout.row_invalid", 1},
		"no JSON":                     {"data/people.jsonl", appended("not JSON"), "takeout.line_unreadable", 151},
		"two values in a line":        {"data/targets.jsonl", appended(`{"scope":"members","dimension":"place","value":"x","share":1} {}`), "takeout.line_unreadable", 8},
		"a control character":         {"data/people.jsonl", replaced(`"given_name":"`, `"given_name":"\u0000`), "takeout.row_invalid", 1},
		"another own field":           {"data/organizations.jsonl", replaced(`"custom":{`, `"custom":{"unheard_of":"1",`), "takeout.row_invalid", 0},
		"a reserved address":          {"data/collaborative.jsonl", replaced(`"slug":"tamarack-valley"`, `"slug":"installation"`), "takeout.row_invalid", 1},
		"a second collaborative":      {"data/collaborative.jsonl", appended(strings.Replace(firstLine("data/collaborative.jsonl"), `"id":"01`, `"id":"02`, 1)), "takeout.row_invalid", 2},
		"no collaborative":            {"data/collaborative.jsonl", func(string) *string { return nil }, "takeout.entry_missing", 0},
		"an empty collaborative":      {"data/collaborative.jsonl", func(string) *string { none := ""; return &none }, "takeout.entry_missing", 1},
		"a role nobody can be given":  {"data/members.jsonl", replaced(`"backbone_director"`, `"installation_administrator"`), "takeout.row_invalid", 1},
		"another form":                {"schema.json", replaced(`"version": 1`, `"version": 2`), "takeout.other_version", 0},
		"no form":                     {"schema.json", func(string) *string { return nil }, "takeout.no_archive", 0},
		"a term of a missing person":  {"data/seats.jsonl", replaced(`"person_id":"01`, `"person_id":"02`), "takeout.refers_to_nothing", 1},
		"a body below a missing one":  {"data/bodies.jsonl", replaced(`"state":"active"`, `"parent_id":"`+nobody+`","state":"active"`), "takeout.refers_to_nothing", 1},
		"a person of an organization": {"data/touches.jsonl", replaced(`"by_person_id":"`, `"person_id":"`+strings.Split(firstLine("data/organizations.jsonl"), `"`)[3]+`","by_person_id":"`), "takeout.refers_to_nothing", 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := house(t, "sqlite")
			_, err := load(b, edited(t, whole, c.file, c.change))
			key, line := "", 0
			var refused *operation.Error
			var damage *archive.Damage
			switch {
			case errors.As(err, &refused):
				key, _ = refused.Key, 0
				line, _ = refused.Args["Line"].(int)
			case errors.As(err, &damage):
				key, line = damage.Key, damage.Line
			}
			if key != c.key || c.line != 0 && line != c.line {
				t.Errorf("error = %v; key %q line %d, want %q line %d", err, key, line, c.key, c.line)
			}
			if n := collaboratives(t, b.Store); n != 0 {
				t.Errorf("%d collaboratives are left", n)
			}
		})
	}
}

func collaboratives(t testing.TB, s *store.Store) (n int64) {
	t.Helper()
	if err := s.ReadInstallation(ctx, func(tx *store.InstallationTx) (err error) {
		n, err = store.Value[int64](tx, `SELECT COUNT(*) FROM collaboratives`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Files that are no archive, or lie about themselves, are refused before they cost
// anything.
func TestForeignFilesAreRefused(t *testing.T) {
	whole := taken(t, told(t, "sqlite"), everything)
	bomb := bytes.Clone(whole)
	at := bytes.LastIndex(bomb, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(bomb[at+12:], 5<<20) // a list of entries of five megabytes
	moved := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(moved[at+16:], 0)
	var many bytes.Buffer
	z := zip.NewWriter(&many)
	for i := range 40_001 {
		if _, err := z.Create(fmt.Sprint("data/", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"nothing": {}, "text": []byte("Dear all,"), "cut off": whole[:len(whole)-10], "a large list": bomb, "a list elsewhere": moved, "many entries": many.Bytes()} {
		if _, err := archive.Open(bytes.NewReader(raw), int64(len(raw))); err == nil {
			t.Errorf("%s is taken for an archive", name)
		}
	}
}

// A line without an end is not read to its end.
func TestEndlessLinesAreRefused(t *testing.T) {
	whole := taken(t, told(t, "sqlite"), everything)
	long := edited(t, whole, "data/people.jsonl", appended(`{"given_name":"`+strings.Repeat("a", 5<<20)+`"}`))
	_, err := load(house(t, "sqlite"), long)
	if !errors.Is(err, &operation.Error{Kind: operation.Invalid, Key: "takeout.too_large"}) {
		t.Errorf("error = %v", err)
	}
}

// What an older or newer program wrote beside is named and left alone.
func TestUnknownFilesAreNamed(t *testing.T) {
	whole := taken(t, told(t, "sqlite"), everything)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files(t, whole) {
		for _, as := range []string{name, "data/../../" + strings.TrimPrefix(name, "data/")} {
			if as != name && name != "data/touches.jsonl" {
				continue
			}
			w, err := z.Create(as)
			if err == nil {
				_, err = w.Write([]byte(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	loaded, err := load(house(t, "sqlite"), out.Bytes())
	if err != nil || len(loaded.Unknown) != 1 {
		t.Errorf("unknown = %v, error %v", loaded.Unknown, err)
	}
}

// What is here already is not loaded over.
func TestWhatIsHereIsRefused(t *testing.T) {
	a := told(t, "sqlite")
	raw := taken(t, a, everything)
	_, err := load(a, raw)
	if !errors.Is(err, &operation.Error{Kind: operation.Conflict, Key: "takeout.is_here"}) {
		t.Errorf("error = %v", err)
	}
	same(t, raw, taken(t, a, everything))
}

// A loaded collaborative is found by search, counted, and led by the account that
// was named.
func TestALoadedCollaborativeWorks(t *testing.T) {
	a := told(t, "sqlite")
	raw := taken(t, a, everything)
	b := house(t, "sqlite")
	email := sample.Told().Cast[0].Email
	if err := b.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := access.CreateAccount(tx, noon, access.NewAccount{Email: email, Name: "Ruth Adeyemi", Language: "en"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	in, err := archive.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Takeouts.Load.Do(system(), b.Door, takeout.LoadInput{Archive: in, Director: email}); err != nil {
		t.Fatal(err)
	}
	here, there := within(t, a, sample.Slug), within(t, b, sample.Slug)
	if operation.CollaborativeFrom(here).ID != operation.CollaborativeFrom(there).ID {
		t.Error("the collaborative has another id")
	}
	before, err := directory.ListPeople.Do(here, a.Door, directory.ListPeopleInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	after, err := directory.ListPeople.Do(there, b.Door, directory.ListPeopleInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if before.Total != after.Total || len(before.Items) != len(after.Items) {
		t.Errorf("%d people became %d", before.Total, after.Total)
	}
	for i := range before.Items {
		if before.Items[i].ID != after.Items[i].ID {
			t.Errorf("person %d is %s and was %s", i, after.Items[i].Name(), before.Items[i].Name())
		}
	}
	for _, text := range []string{`SELECT COUNT(*) FROM search_documents WHERE collaborative_id = $1`, `SELECT COUNT(*) FROM person_emails WHERE collaborative_id = $1`,
		`SELECT CAST(SUM(n) AS BIGINT) FROM record_counts WHERE collaborative_id = $1 AND kind IN ('organization', 'person', 'body', 'seat', 'touch')`} {
		if one, two := count(t, a, text), count(t, b, text); one != two {
			t.Errorf("%s: %d became %d", text, one, two)
		}
	}
	found, err := directory.Search.Do(there, b.Door, directory.SearchInput{Text: "quintero"})
	if err != nil || len(found.Items) == 0 {
		t.Errorf("search finds %v, %v", found.Items, err)
	}
	members, err := b.Access.ListMembers.Do(there, b.Door, access.ListMembersInput{})
	if err != nil || len(members.Items) != 1 || members.Items[0].Email != email {
		t.Errorf("members = %v, %v", members.Items, err)
	}
	if b.Config.Clock.Now().Sub(noon) > time.Hour {
		t.Error("the clock runs")
	}
}
