package graphs

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// fuzzed reads anything: it is refused with a message, or what comes out keeps the limits and is read the same again
// after it was written.
func fuzzed(f *testing.F, begin string, examples ...string) {
	for _, e := range examples {
		f.Add([]byte(e))
	}
	limits := Limits{Bytes: 1 << 16, Nodes: 50, Ties: 100, Facts: 10, Depth: 20, Name: 100}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Read(append([]byte(begin), content...), nil, limits)
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) || !strings.HasPrefix(refusal.Key, "graphs.") {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		if len(got.Nodes) == 0 || len(got.Nodes) > limits.Nodes || len(got.Ties) > limits.Ties || len(got.Facts) > limits.Facts {
			t.Fatalf("%d nodes, %d ties, %d facts", len(got.Nodes), len(got.Ties), len(got.Facts))
		}
		if n := len(got.drawn()); n != len(got.Ties) {
			t.Fatalf("%d of %d ties have their ends", n, len(got.Ties))
		}
		for _, write := range []func(io.Writer, Graph) error{WriteGraphML, WriteGEXF, WriteKumuBlueprint, WriteKumuTables, WritePajek, WriteUCINET} {
			var out bytes.Buffer
			if err := write(&out, got.Graph); err != nil {
				t.Fatal(err)
			}
			again, err := Read(out.Bytes(), nil, Limits{})
			if err != nil {
				t.Fatalf("%v in %q", err, out.Bytes())
			}
			if len(again.Nodes) != len(got.Nodes) || again.Format != UCINET && len(again.Ties) != len(got.Ties) {
				t.Fatalf("%s: %d nodes and %d ties came back as %d and %d", again.Format, len(got.Nodes), len(got.Ties), len(again.Nodes), len(again.Ties))
			}
		}
	})
}

func FuzzGraphML(f *testing.F) {
	fuzzed(f, "<graphml", `><key id="a" for="edge" attr.name="weight"/><graph><node id="x"/><node id="y"><data key="a">1</data></node><edge source="x" target="y"/></graph></graphml>`)
}

func FuzzGEXF(f *testing.F) {
	fuzzed(f, "<gexf", `><graph><attributes class="node"><attribute id="0" title="t"/></attributes><nodes><node id="x"><attvalues><attvalue for="0" value="1"/></attvalues></node></nodes><edges><edge source="x" target="x" weight="1"/></edges></graph></gexf>`)
}

func FuzzPajek(f *testing.F) {
	fuzzed(f, "*Vertices ", "3 1\n1 \"a\"\n*Arcs\n1 2 3\n*Edgeslist\n1 2 3\n", "2\n*Matrix\n0 1\n2 0\n")
}

func FuzzUCINET(f *testing.F) {
	fuzzed(f, "dl ", "n=2 format=fullmatrix labels: a,b data:\n0 1 1 0", "n=3 format=edgelist1 labels embedded data:\na b 2\n", "n=3 format=nodelist1 data:\n1 2 3")
}

func FuzzKumu(f *testing.F) {
	fuzzed(f, "{", `"elements":[{"id":"a","label":"A","x":[1,true]},{"label":"b"}],"connections":[{"from":"A","to":"b","direction":"mutual"}]}`)
}

func FuzzCSV(f *testing.F) {
	fuzzed(f, "Source,Target", ",Weight\na,b,1\n\"c,\",a,2\n", "\na,b\n")
}

func FuzzAnything(f *testing.F) {
	fuzzed(f, "", "a;b;3\n", "PK\x03\x04", "\xff\xfea\x00,\x00b\x00\n\x00")
}
