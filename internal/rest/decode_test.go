package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// everything has a field of every sort an input or output may have.
type everything struct {
	Text    string            `json:"text"`
	Maybe   *string           `json:"maybe,omitempty"`
	Truth   bool              `json:"truth,omitempty"`
	Whole   int64             `json:"whole"`
	Small   int8              `json:"small,omitempty"`
	Part    float64           `json:"part"`
	ID      id.Of[everything] `json:"id"`
	At      time.Time         `json:"at,omitzero"`
	Gone    *time.Time        `json:"gone,omitempty"`
	Roles   []operation.Role  `json:"roles" maxItems:"3"`
	Lists   [][]int64         `json:"lists"`
	Labels  map[string]string `json:"labels,omitempty"`
	Inner   *everything       `json:"inner,omitempty"`
	Others  []everything      `json:"others,omitempty"`
	Raw     json.RawMessage   `json:"raw,omitempty"`
	Skipped string            `json:"-"`
	embedded
}

type embedded struct {
	Deep string `json:"deep,omitempty" required:"true"`
}

func readInto(t testing.TB, body string, target any) (*httptest.ResponseRecorder, error) {
	t.Helper()
	s := shapes{}.of(reflect.TypeOf(target))
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	var found faults
	err := readBody(w, r, s.byName, reflect.ValueOf(target).Elem(), make([]bool, len(s.fields)), &found)
	if err == nil {
		err = found.err()
	}
	return w, err
}

func written(t testing.TB, v any) string {
	t.Helper()
	value := reflect.New(reflect.TypeOf(v)).Elem()
	value.Set(reflect.ValueOf(v))
	out, err := shapes{}.of(value.Type()).appendValue(nil, value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("\"\\\n\r\t\x00\x1f\u007f<>&\u2028\u2029é𝄞\ufffd")), 0, 8, -1))
}

func drawEverything(t *rapid.T, depth int) everything {
	e := everything{Text: texts().Draw(t, "text"), Truth: rapid.Bool().Draw(t, "truth"), Whole: rapid.Int64().Draw(t, "whole"), Small: rapid.Int8().Draw(t, "small"),
		Part: rapid.Float64().Draw(t, "part"), At: time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC(),
		Roles: []operation.Role{}, Lists: [][]int64{}, Raw: json.RawMessage(`{"a":[1]}`), embedded: embedded{texts().Draw(t, "deep")}}
	copy(e.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	if rapid.Bool().Draw(t, "more") {
		maybe, gone := texts().Draw(t, "maybe"), e.At
		e.Maybe, e.Gone, e.Roles, e.Lists = &maybe, &gone, []operation.Role{operation.Staff, "x"}, [][]int64{{1, 2}, {}}
		e.Labels = map[string]string{texts().Draw(t, "key"): "v"}
	}
	if depth > 0 {
		inner := drawEverything(t, depth-1)
		e.Inner, e.Others = &inner, []everything{drawEverything(t, depth-1)}
	}
	return e
}

// What is written is what encoding/json would write, apart from what
// appendValue says it does otherwise.
func TestWritingAgreesWithEncodingJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEverything(rt, 2)
		var ours, theirs any
		if err := json.Unmarshal([]byte(written(t, e)), &ours); err != nil {
			rt.Fatalf("no JSON: %v\n%s", err, written(t, e))
		}
		raw, err := json.Marshal(e)
		if err != nil {
			rt.Fatal(err)
		}
		_ = json.Unmarshal(raw, &theirs) // what Marshal wrote is JSON
		if !reflect.DeepEqual(ours, theirs) {
			rt.Fatalf("ours:\n%s\nencoding/json:\n%s", written(t, e), raw)
		}
		// And letter for letter, where both may be compared.
		plain := everything{Text: e.Text, Whole: e.Whole, ID: e.ID, Roles: e.Roles, Lists: e.Lists, At: e.At}
		raw, _ = json.Marshal(plain)
		if got := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(written(t, plain)); got != string(raw) && !strings.ContainsAny(e.Text, "\b\f\ufffd") {
			rt.Fatalf("ours:\n%s\nencoding/json:\n%s", got, raw)
		}
	})
}

// What is written can be read back.
func TestReadingUndoesWriting(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := drawEverything(rt, 2)
		text := written(t, e)
		var back everything
		if _, err := readInto(t, text, &back); err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		if got := written(t, back); got != text {
			rt.Fatalf("wrote\n%s\nread\n%s", text, got)
		}
	})
}

func TestNilListsAreWrittenEmpty(t *testing.T) {
	got := written(t, everything{})
	if strings.Contains(got, "null") || !strings.Contains(got, `"roles":[]`) || strings.Contains(got, "Skipped") {
		t.Error(got)
	}
}

func TestBodiesAreReadStrictly(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"text":"a"}`, ""},
		{``, ""},
		{`{"whole":1.0}`, "whole: rest.want_whole_number"},
		{`{"whole":1e2}`, "whole: rest.want_whole_number"},
		{`{"whole":9223372036854775808}`, "whole: rest.want_whole_number"},
		{`{"whole":"1"}`, "whole: rest.want_whole_number"},
		{`{"small":128}`, "small: rest.want_whole_number"},
		{`{"part":1e400}`, "part: rest.want_number"},
		{`{"part":1e308}`, ""},
		{`{"text":null}`, "text: rest.null"},
		{`{"maybe":null}`, "maybe: rest.null"},
		{`{"truth":1}`, "truth: rest.want_true_or_false"},
		{`{"id":"x"}`, "id: rest.want_id"},
		{`{"id":7}`, "id: rest.want_id"},
		{`{"at":"yesterday"}`, "at: rest.want_time"},
		{`{"roles":{}}`, "roles: rest.want_list"},
		{`{"roles":[["a"]]}`, "roles.0: rest.want_text"},
		{`{"lists":[[1],[2,"3"]]}`, "lists.1.1: rest.want_whole_number"},
		{`{"labels":{"a":"b","a":"c"}}`, "labels.a: rest.given_twice"},
		{`{"labels":{"a":1}}`, "labels.a: rest.want_text"},
		{`{"labels":[]}`, "labels: rest.want_object"},
		{`{"inner":{"nothing":1}}`, "inner.nothing: rest.unknown_field"},
		{`{"inner":{"text":"a","text":"b"}}`, "inner.text: rest.given_twice"},
		{`{"others":[{},{"whole":{}}]}`, "others.1.whole: rest.want_whole_number"},
		{`{"others":[{"text":[{"a":[1,{}]}],"whole":true}]}`, "others.0.text: rest.want_text; others.0.whole: rest.want_whole_number"},
		{`{"Skipped":"a"}`, "Skipped: rest.unknown_field"},
		{`{"-":"a"}`, "-: rest.unknown_field"},
		{`{"embedded":{}}`, "embedded: rest.unknown_field"},
		{`{"deep":"a"}`, ""},
		{`{"text":"\ud834\udd1e"}`, ""},
		{`{"text":"\udd1e"}`, "rest.not_utf8"},
		{`{"text":"\\ud800"}`, ""},
		{`{"text":"a",}`, "rest.not_json"},
		{`[`, "rest.not_json"},
		{`{} {}`, "rest.not_json"},
		{`"text"`, ": rest.want_object"},
		{strings.Repeat(`{"inner":`, 32) + `{}` + strings.Repeat(`}`, 32), "rest.too_deep"},
		{strings.Repeat(`{"inner":`, 31) + `{}` + strings.Repeat(`}`, 31), ""},
	} {
		_, err := readInto(t, c.body, new(everything))
		if got := inShort(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.body, got, c.want)
		}
	}
}

// inShort is an error as the table writes it.
func inShort(err error) string {
	switch e := err.(type) { //nolint:errorlint // exactly what readBody gives
	case *refusal:
		return e.key
	case *operation.Error:
		var parts []string
		for _, f := range e.Faults {
			parts = append(parts, f.Field+": "+f.Key)
		}
		return strings.Join(parts, "; ")
	}
	return ""
}

func TestHugeInputsAreBounded(t *testing.T) {
	million := strings.Repeat(`"a",`, 200_000)
	for _, body := range []string{
		`{"roles":[` + million + `"a"]}`,
		`{"lists":[` + strings.Repeat("[1],", 200_000) + `[1]]}`,
		`{"labels":{"` + strings.Repeat("k", 500_000) + `":[` + strings.Repeat("1,", 200_000) + `1]}}`,
		`{` + strings.Repeat(`"x":1,`, 150_000) + `"x":1}`,
		`{"whole":` + strings.Repeat("9", 1_000_000) + `}`,
		`{"roles":[` + strings.Repeat("1,", 400_000) + `1]}`,
	} {
		var e everything
		started := time.Now()
		_, err := readInto(t, body, &e)
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%.30s…: %v", body, took)
		}
		if len(e.Roles) > 4 || len(e.Lists) > defaultMaxItems+1 {
			t.Errorf("%.30s…: kept %d and %d", body, len(e.Roles), len(e.Lists))
		}
		if err != nil && len(err.Error()) > 20_000 {
			t.Errorf("%.30s…: a fault of %d bytes", body, len(err.Error()))
		}
	}
}

// addressed is what can stand in an address.
type addressed struct {
	Text  string            `json:"text"`
	Flag  bool              `json:"flag"`
	Count *int64            `json:"count"`
	ID    id.Of[everything] `json:"id"`
	Many  []string          `json:"many" maxItems:"2"`
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "text=a&flag=true&count=1&many=a&many=b", "text=%zz", "a;b", "flag=1", "count=1e308", "many=a&many=b&many=c&many=d", "text=a&text=b", "&&=&", "text=%ff", "id=x"} {
		f.Add(seed)
	}
	s := shapes{}.of(reflect.TypeFor[addressed]())
	f.Fuzz(func(t *testing.T, raw string) {
		var in addressed
		var found faults
		err := readQuery(raw, s.byName, reflect.ValueOf(&in).Elem(), make([]bool, len(s.fields)), &found)
		if err != nil || found.err() != nil {
			return
		}
		if !utf8.ValidString(in.Text) || len(in.Many) > 3 {
			t.Errorf("%q was read as %+v", raw, in)
		}
		// What was accepted means the same to the standard library.
		want, err := url.ParseQuery(raw)
		if err != nil || want.Get("text") != in.Text || in.Flag != (want.Get("flag") == "true") || in.Count != nil && want.Get("count") == "" {
			t.Errorf("%q was read as %+v, want %v", raw, in, want)
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{"text":"a","inner":{"others":[{}]}}`, `{"labels":{"a":"b"},"raw":[{}],"lists":[[1]]}`, `{"text":"\ud800"}`, `[`, `{"a":{"b":[1,2,{"c":null}]}}`, "\xff", `{"at":"2026-01-01T00:00:00Z","id":"01999999-0000-7000-8000-000000000000"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var e everything
		_, err := readInto(t, body, &e)
		if kind := operation.KindOf(err); err != nil && kind != operation.Invalid && kind != operation.TooLarge && inShort(err) == "" {
			t.Fatalf("%q: %v", body, err)
		}
		if err == nil && body != "" {
			// What was accepted, encoding/json accepts too and reads the same.
			var theirs everything
			if err := json.Unmarshal([]byte(body), &theirs); err != nil {
				t.Fatalf("%q: encoding/json: %v", body, err)
			}
			if ours, other := fmt.Sprint(written(t, e)), written(t, theirs); ours != other && len(theirs.Roles) <= 3 && len(theirs.Lists) <= 100 && len(theirs.Others) <= 100 && len(theirs.Labels) <= 100 {
				t.Fatalf("%q: read as\n%s\nencoding/json:\n%s", body, ours, other)
			}
		}
	})
}
