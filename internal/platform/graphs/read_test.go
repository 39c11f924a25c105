package graphs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

var tidy = Graph{Name: "Table", Day: "2026-11-22", Facts: []Fact{{"sector", "sector"}},
	Nodes: []Node{{"o1", `Ana "A" & <b>`, "Organization", map[string]string{"sector": "health"}}, {"p1", "Ana Ruiz", "Person", nil}, {"b1", "=Table", "Body", map[string]string{"sector": "<x>"}}},
	Ties: []Tie{{ID: "0", From: "p1", To: "o1", Kind: "works with", Label: "Head & heart", Since: "2020-01-01", Mutual: true, Strength: "40", Layer: "declared"},
		{ID: "1", From: "p1", To: "b1", Kind: "seat", Since: "2021-02-03", Until: "2026-12-31", Strength: "0.5"}}}

func read(t testing.TB, content string) *Taken {
	t.Helper()
	got, err := Read([]byte(content), nil, Limits{})
	if err != nil {
		t.Fatalf("%v in %.300s", err, content)
	}
	return got
}

func written(t testing.TB, write func(io.Writer, Graph) error, g Graph) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// What is written comes back, as far as the form has room for it.
func TestRoundTrips(t *testing.T) {
	for _, form := range []struct {
		name  string
		write func(io.Writer, Graph) error
		loses func(*Graph)
	}{
		{GraphML, WriteGraphML, func(g *Graph) { g.Name = "Table 2026-11-22" }},
		{GEXF, WriteGEXF, func(g *Graph) { g.Name = "Table 2026-11-22" }},
		{Kumu, WriteKumuBlueprint, func(g *Graph) {
			g.Name = ""
			for i := range g.Ties {
				g.Ties[i].Since, g.Ties[i].Until = "", ""
			}
		}},
		{CSV, WriteKumuTables, func(g *Graph) {
			g.Name = ""
			for i := range g.Ties {
				g.Ties[i].ID, g.Ties[i].Until = "", ""
			}
		}},
	} {
		want := tidy
		want.Ties = append([]Tie(nil), tidy.Ties...)
		want.Day = ""
		form.loses(&want)
		got := read(t, written(t, form.write, tidy))
		if got.Format != form.name || !got.Directed || !got.Weighted {
			t.Errorf("%s: %s %v %v", form.name, got.Format, got.Directed, got.Weighted)
		}
		if diff := cmp.Diff(want, got.Graph); diff != "" {
			t.Errorf("%s: %s", form.name, diff)
		}
	}
}

// The forms with numbers for names keep who is tied to whom, and how strongly.
func TestRoundTripsByNumber(t *testing.T) {
	want := []string{"Ana 'A' & <b>", "Ana Ruiz", "=Table"}
	for _, write := range []func(io.Writer, Graph) error{WritePajek, WriteUCINET} {
		got := read(t, written(t, write, tidy))
		for i, n := range got.Nodes {
			if n.Label != want[i] {
				t.Errorf("%s: node %d is %q", got.Format, i, n.Label)
			}
		}
		arcs := map[string]string{}
		for _, tie := range got.Ties {
			arcs[tie.From+tie.To] = tie.Strength
			if tie.Mutual {
				arcs[tie.To+tie.From] = tie.Strength
			}
		}
		if diff := cmp.Diff(map[string]string{"21": "40", "12": "40", "23": "0.5"}, arcs); diff != "" {
			t.Errorf("%s: %s", got.Format, diff)
		}
	}
}

func TestNodesAndTiesAsTables(t *testing.T) {
	got, err := Read([]byte(written(t, WriteTies, tidy)), []byte(written(t, WriteNodes, tidy)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := tidy
	want.Name, want.Day = "", ""
	want.Ties = append([]Tie(nil), tidy.Ties...)
	for i := range want.Ties {
		want.Ties[i].ID = ""
	}
	if diff := cmp.Diff(want, got.Graph); diff != "" {
		t.Error(diff)
	}
}

// ends lists the ties shortly: a>b one way, a-b both.
func ends(g *Taken) string {
	var out []string
	for _, tie := range g.Ties {
		sign := ">"
		if tie.Mutual {
			sign = "-"
		}
		text := tie.From + sign + tie.To
		if tie.Strength != "" {
			text += ":" + tie.Strength
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// Files as other programs write them.
func TestForms(t *testing.T) {
	for _, c := range []struct{ name, content, format, ties, labels string }{
		{"Pajek", "% a comment\n*Network trust\n*Vertices 4\n1 \"Ana Ruiz\" 0.1 0.2\n2 B\n*Arcs\n1 2 3.5\n2 1\n*Edges :1 \"meets\"\n3 4 1\n*Arcslist\n4 1 2\n", Pajek, "1>2:3.5 2>1 3-4:1 4>1 4>2", "Ana Ruiz,B,3,4"},
		{"Pajek, a matrix", "*Vertices 3\n*Matrix\n0 1 0\n0 0 2\n0 0 0\n", Pajek, "1>2:1 2>3:2", "1,2,3"},
		{"Pajek, two modes", "*Vertices 3 2\n*Matrix\n1\n0\n", Pajek, "1-3:1", "1,2,3"},
		{"DL, a matrix", "DL N = 3\nFORMAT = FULLMATRIX\nLABELS:\nann,bob,cy\nDATA:\n0 1 1\n1 0 0\n1 0 0\n", UCINET, "1-2 1-3", "ann,bob,cy"},
		{"DL, labels inside", "dl n=3 format=fullmatrix labels embedded data:\nann bob cy\nann 0 2 0\nbob 0 0 1\ncy 0 0 0\n", UCINET, "ann>bob:2 bob>cy:1", "ann,bob,cy"},
		{"DL, edges", "dl n = 4, format = edgelist1\nlabels:\na b \"c d\"\n\ndata:\n1 2 0.5\n3 1\n", UCINET, "1>2:0.5 3>1", "a,b,c d,4"},
		{"DL, edges with labels", "dl n=3 format=edgelist1\nlabels embedded:\ndata:\nann bob 2\nbob ann 1\n", UCINET, "ann>bob:2 bob>ann:1", "ann,bob,3"},
		{"DL, nodes", "dl n=4 format=nodelist1\ndata:\n1 2 3\n2 4\n", UCINET, "1>2 1>3 2>4", "1,2,3,4"},
		{"edges", "Source,Target,Weight,Type\na,b,2,Undirected\nb,c,,Directed\na,a,1,Directed\na,b,1,Undirected\n", CSV, "a-b:2 b>c a>a:1 a-b:1", "a,b,c"},
		{"edges with semicolons", "from;to;strength\r\na;b;0,5\r\n\r\n", CSV, "a>b:0.5", "a,b"},
		{"edges without names of columns", "a\tb\t3\nb\tc\t1\n", CSV, "a>b:3 b>c:1", "a,b,c"},
		{"Kumu", `{"elements":[{"label":"Ana","type":"Person","attributes":{"Sector":["a","b"]}},{"id":"x","label":"Bo"}],"connections":[{"from":"Ana","to":"Bo","direction":"mutual","strength":2}]}`, Kumu, "Ana-x:2", "Ana,Bo"},
		{"GraphML of yEd", `<?xml version="1.0"?><graphml xmlns:y="y"><key id="d0" for="node" yfiles.type="nodegraphics"/><graph edgedefault="undirected"><node id="a"><data key="d0"><y:ShapeNode><y:NodeLabel>Ana</y:NodeLabel></y:ShapeNode></data></node><node id="b"><graph><node id="c"/></graph></node><edge source="a" target="c"/><edge source="a" target="b" directed="true"/></graph></graphml>`, GraphML, "a-c a>b", "Ana,b,c"},
		{"GraphML of igraph", `<graphml><key id="v_name" for="node" attr.name="name" attr.type="string"/><key id="e_weight" for="edge" attr.name="weight" attr.type="double"><default>3</default></key><graph id="G" edgedefault="directed"><edge source="n0" target="n1"/><edge source="n1" target="n0"><data key="e_weight">1.5</data></edge><node id="n0"><data key="v_name">A</data></node><node id="n1"/></graph></graphml>`, GraphML, "n0>n1:3 n1>n0:1.5", "A,n1"},
		{"GEXF", `<gexf version="1.2"><graph defaultedgetype="directed"><nodes><node id="0" label="A"/><node id="1" label="B"/></nodes><edges><edge id="0" source="0" target="1" weight="2.0"/><edge id="1" source="0" target="1" type="undirected"/></edges></graph></gexf>`, GEXF, "0>1:2 0-1", "A,B"},
	} {
		for _, way := range []struct {
			name   string
			change func(string) string
		}{
			{"as it is", func(s string) string { return s }},
			{"with a mark", func(s string) string { return "\ufeff" + s }},
			{"with CRLF", func(s string) string {
				return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
			}},
			{"in UTF-16", func(s string) string {
				return wide(strings.Replace(s, `version="1.0"`, `version="1.0" encoding="UTF-16"`, 1))
			}},
		} {
			got, err := Read([]byte(way.change(c.content)), nil, Limits{})
			if err != nil {
				t.Errorf("%s %s: %v", c.name, way.name, err)
				continue
			}
			var labels []string
			for _, n := range got.Nodes {
				labels = append(labels, n.Label)
			}
			if got.Format != c.format || ends(got) != c.ties || strings.Join(labels, ",") != c.labels {
				t.Errorf("%s %s: %s %q %q", c.name, way.name, got.Format, ends(got), labels)
			}
		}
	}
}

func wide(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

// What cannot be taken says what is wrong and where.
func TestRefusals(t *testing.T) {
	tight := Limits{Bytes: 4000, Nodes: 5, Ties: 5, Facts: 3, Depth: 8, Name: 20}
	for _, c := range []struct {
		name, content, key string
		line               int
	}{
		{"nothing", "", "empty", 0},
		{"only spaces", " \n\t ", "empty", 0},
		{"a picture", "\x89PNG\r\n\x00\x00", "unknown", 0},
		{"prose", "Dear all, thanks, bye\nAna\n", "no_end_columns", 0},
		{"one word", "hello", "unknown", 0},
		{"large", "*Vertices 1\n" + strings.Repeat("% x\n", 2000), "too_large", 0},
		{"a web page", "<html><body/></html>", "other_markup", 0},
		{"a document type", "<?xml version=\"1.0\"?>\n<!DOCTYPE graphml [<!ENTITY a \"b\">]>\n<graphml/>", "doctype", 2},
		{"an entity", "<graphml>\n<graph>\n<node id=\"&lol;\"/></graph></graphml>", "broken_markup", 3},
		{"cut off", "<graphml>\n<graph>\n<node id=\"a\"/>", "broken_markup", 3},
		{"deep markup", "<graphml>" + strings.Repeat("<graph>", 20), "too_deep", 1},
		{"deep JSON", "{\"elements\":\n" + strings.Repeat("[", 20), "too_deep", 2},
		{"many nodes", "<graphml><graph>" + strings.Repeat("<node id=\"a\"/>", 1) + manyNodes(6) + "</graph></graphml>", "too_many_nodes", 0},
		{"many nodes promised", "*Vertices 2000000000\n", "too_many_nodes", 0},
		{"many nodes of DL", "dl n=2000000000 format=fullmatrix labels: data:\n", "too_many_nodes", 0},
		{"many ties", "from,to\na,b\na,b\na,b\na,b\na,b\na,b\n", "too_many_ties", 0},
		{"a node twice", "<graphml><graph>\n<node id=\"a\"/>\n<node id=\"a\"/></graph></graphml>", "node_twice", 3},
		{"a tie to nobody", "<graphml><graph>\n<node id=\"a\"/>\n<edge source=\"a\" target=\"b\"/></graph></graphml>", "unknown_node", 3},
		{"Pajek's tie to nobody", "*Vertices 2\n*Arcs\n1 3\n", "unknown_node", 3},
		{"Pajek without nodes", "*Vertices 0\n", "no_nodes", 0},
		{"Pajek without a number", "*Vertices\n", "pajek_count", 1},
		{"Pajek's order", "*Network x\n1 2\n", "pajek_order", 2},
		{"a negative weight", "from,to,weight\na,b,1\na,c,-2\n", "weight_negative", 3},
		{"Pajek's negative weight", "*Vertices 2\n*Arcs\n1 2 -1\n", "weight_negative", 3},
		{"no number", "from,to,weight\na,b,much\n", "weight_no_number", 2},
		{"not a number", "from,to,weight\na,b,NaN\n", "weight_no_number", 2},
		{"endless", "from,to,weight\na,b,1e999\n", "weight_no_number", 2},
		{"a tie without an end", "from,to\na,\n", "tie_without_end", 2},
		{"a long name", "from,to\n" + strings.Repeat("a", 30) + ",b\n", "name_too_long", 2},
		{"a quotation mark", "*Vertices 1\n1 \"a\n", "quote_open", 2},
		{"a short matrix", "dl n=3\ndata:\n0 1\n1 0\n", "matrix_shape", 5},
		{"a long matrix", "dl n=2\ndata:\n0 1\n1 0 1\n", "matrix_shape", 4},
		{"another format of DL", "dl n=3 format=blockmatrix\ndata:\n1\n", "dl_format", 2},
		{"broken JSON", "{\"elements\":[\n{\"id\":\"a\"},\n{\"id\":]}", "json_broken", 3},
		{"other JSON", "{\"name\":\"x\"}", "json_other", 0},
		{"an undeclared key", "<graphml><graph>\n<node id=\"a\"><data key=\"x\">1</data></node></graph></graphml>", "undeclared", 2},
		{"an archive of something else", "PK\x03\x04junk", "damaged", 0},
	} {
		_, err := Read([]byte(c.content), nil, tight)
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Key != "graphs."+c.key {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
			continue
		}
		if line, _ := refusal.Args["Line"].(int); line < c.line-1 || line > c.line+1 || c.line > 0 && line == 0 {
			t.Errorf("%s: line %d, want %d", c.name, line, c.line)
		}
	}
}

func manyNodes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<node id=\"n%d\"/>", i)
	}
	return b.String()
}
