package store

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var rowColumns = []column{{"a", kindBytes}, {"b", kindText}, {"c", kindInteger}, {"d", kindBoolean}, {"e", kindReal}, {"f", kindText}}

// Every row that can be stored reads back as it was.
func TestRowsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := []any{
			rapid.SliceOf(rapid.Byte()).Draw(t, "a"),
			rapid.String().Draw(t, "b"),
			rapid.OneOf(rapid.Int64(), rapid.Just(int64(math.MaxInt64)), rapid.Just(int64(math.MinInt64)), rapid.Just(int64(exactInteger+1))).Draw(t, "c"),
			rapid.Bool().Draw(t, "d"),
			rapid.Float64().Draw(t, "e"),
			nil,
		}
		line, err := appendRow(nil, rowColumns, want)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]any, len(want))
		if err := parseRow(line[:len(line)-1], rowColumns, got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if len(want[0].([]byte)) == 0 {
			want[0] = []byte{}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOddTextSurvives(t *testing.T) {
	for _, text := range []string{"", `"`, `\`, `\"`, "a\nb\tc\r", "\x00\x01\x1f", "é 漢 🎈", `",`, `],[`, "\u2028</script>", strings.Repeat(`\`, 7)} {
		columns := []column{{"a", kindText}, {"b", kindText}}
		line, err := appendRow(nil, columns, []any{text, "end"})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]any, 2)
		if err := parseRow(line[:len(line)-1], columns, got); err != nil || got[0] != text || got[1] != "end" {
			t.Errorf("%q became %q (%v)", text, got, err)
		}
	}
	if _, err := appendRow(nil, []column{{"a", kindText}}, []any{"\xff"}); err == nil {
		t.Error("broken UTF-8 was let into a backup, where it would have changed unnoticed")
	}
}

func TestJSONHasOneSpelling(t *testing.T) {
	for _, pair := range [][2]string{
		{`{"b": 1, "aa": [1.50, "x"]}`, `{"aa":[1.50,"x"],"b":1}`},
		{`{"a":"<é>"}`, `{"a":"<é>"}`},
		{`{}`, `{}`}, {` null `, `null`},
		{`12345678901234567890`, `12345678901234567890`},
	} {
		if got, err := canonicalJSON(pair[0]); err != nil || got != pair[1] {
			t.Errorf("%s became %s (%v), want %s", pair[0], got, err, pair[1])
		}
	}
}

// No line makes the reader fail otherwise than by an error, and what it accepts
// it would write the same way, so that two spellings of a row cannot exist.
func FuzzParseRow(f *testing.F) {
	for _, seed := range []string{`["AA==","x",1,true,1.5,null]`, `[null,null,null,null,null,null]`, `["","\"","9007199254740993",false,1e300,"\u0000"]`, `[`, `[]`, `[,,,,,]`, `["`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		values := make([]any, len(rowColumns))
		if err := parseRow(line, rowColumns, values); err != nil {
			return
		}
		again, err := appendRow(nil, rowColumns, values)
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", line, err)
		}
		second := make([]any, len(rowColumns))
		if err := parseRow(again[:len(again)-1], rowColumns, second); err != nil || !cmp.Equal(values, second) {
			t.Fatalf("%q reads as %v, then as %v (%v)", line, values, second, err)
		}
	})
}

func TestShapesFollowMigrations(t *testing.T) {
	plan := []migration{
		{version: 1, text: `CREATE TABLE kids (id BYTEA NOT NULL PRIMARY KEY, parent BYTEA REFERENCES later (id), x TEXT); CREATE TABLE gone (id TEXT NOT NULL PRIMARY KEY)`},
		{version: 2, text: `CREATE TABLE later (collaborative_id BYTEA NOT NULL, id BIGINT NOT NULL, n DOUBLE PRECISION, PRIMARY KEY (collaborative_id, id), CHECK (n IN (1, 2)))`},
		{version: 3, text: `ALTER TABLE kids ADD COLUMN y JSONB NOT NULL DEFAULT '{}'; ALTER TABLE kids DROP COLUMN x; ALTER TABLE kids RENAME COLUMN y TO z;
			DROP TABLE gone; ALTER TABLE later RENAME TO parents; CREATE INDEX i ON kids (parent); UPDATE kids SET z = '{}'`},
	}
	shapes, err := shapesOf(plan)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range shapes {
		got = append(got, s.dump())
	}
	want := []string{
		"SELECT collaborative_id, id, n FROM parents WHERE collaborative_id = $1 ORDER BY collaborative_id, id",
		"SELECT id, parent, z FROM kids ORDER BY id",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
