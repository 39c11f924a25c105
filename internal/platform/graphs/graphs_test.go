package graphs

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"os/exec"
	"slices"
	"testing"
)

const awkward = "\"Ana\" <b> & 'c' ]]> \u0001é\n2"

var sample = Graph{Name: awkward, Day: "2026-11-22", Facts: []Fact{{"sector", "Sector"}},
	Nodes: []Node{{"o1", awkward, "Organization", map[string]string{"sector": "health"}}, {"p1", "Ana Ruiz", "Person", nil}, {"b1", "=Table", "Body", map[string]string{"sector": "<x>"}}},
	Ties: []Tie{{ID: "t1", From: "p1", To: "o1", Kind: "works with", Label: "Head & heart", Since: "2020-01-01", Mutual: true, Strength: "40", Layer: "declared"},
		{ID: "t2", From: "p1", To: "b1", Kind: "seat", Since: "2021-02-03", Until: "2026-12-31"}, {ID: "t3", From: "p1", To: "nobody", Kind: "seat"}}}

// cleaned is the awkward text without what XML cannot hold.
const cleaned = "\"Ana\" <b> & 'c' ]]> é\n2"

func TestGraphML(t *testing.T) {
	var out bytes.Buffer
	if err := WriteGraphML(&out, sample); err != nil {
		t.Fatal(err)
	}
	type data struct {
		Key  string `xml:"key,attr"`
		Text string `xml:",chardata"`
	}
	var doc struct {
		XMLName xml.Name `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
		Keys    []struct {
			ID   string `xml:"id,attr"`
			For  string `xml:"for,attr"`
			Name string `xml:"attr.name,attr"`
			Type string `xml:"attr.type,attr"`
		} `xml:"key"`
		Graph struct {
			Default string `xml:"edgedefault,attr"`
			Nodes   []struct {
				ID   string `xml:"id,attr"`
				Data []data `xml:"data"`
			} `xml:"node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
				Data   []data `xml:"data"`
			} `xml:"edge"`
		} `xml:"graph"`
	}
	if err := xml.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	declared := map[string]string{}
	for _, k := range doc.Keys {
		if declared[k.ID] != "" || k.Type != "string" || k.Name == "" {
			t.Errorf("key %+v", k)
		}
		declared[k.ID] = k.For
	}
	if doc.Graph.Default != "directed" || len(doc.Graph.Nodes) != 3 || len(doc.Graph.Edges) != 2 {
		t.Fatalf("graph = %+v", doc.Graph)
	}
	for _, n := range doc.Graph.Nodes {
		for _, d := range n.Data {
			if declared[d.Key] != "node" {
				t.Errorf("node data %q is not declared", d.Key)
			}
		}
	}
	for _, e := range doc.Graph.Edges {
		for _, d := range e.Data {
			if declared[d.Key] != "edge" {
				t.Errorf("edge data %q is not declared", d.Key)
			}
		}
	}
	if got := doc.Graph.Nodes[0].Data[0].Text; got != cleaned {
		t.Errorf("label = %q", got)
	}
	wellFormed(t, out.Bytes())
}

func TestGEXF(t *testing.T) {
	var out bytes.Buffer
	if err := WriteGEXF(&out, sample); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		XMLName xml.Name `xml:"http://gexf.net/1.3 gexf"`
		Version string   `xml:"version,attr"`
		Graph   struct {
			Mode       string `xml:"mode,attr"`
			Format     string `xml:"timeformat,attr"`
			Attributes []struct {
				ID string `xml:"id,attr"`
			} `xml:"attributes>attribute"`
			Nodes []struct {
				ID     string `xml:"id,attr"`
				Label  string `xml:"label,attr"`
				Values []struct {
					For   string `xml:"for,attr"`
					Value string `xml:"value,attr"`
				} `xml:"attvalues>attvalue"`
			} `xml:"nodes>node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
				Start  string `xml:"start,attr"`
				End    string `xml:"end,attr"`
				Type   string `xml:"type,attr"`
				Weight string `xml:"weight,attr"`
			} `xml:"edges>edge"`
		} `xml:"graph"`
	}
	if err := xml.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "1.3" || doc.Graph.Mode != "dynamic" || doc.Graph.Format != "date" || len(doc.Graph.Nodes) != 3 || len(doc.Graph.Edges) != 2 {
		t.Errorf("document = %+v", doc)
	}
	var declared []string
	for _, a := range doc.Graph.Attributes {
		declared = append(declared, a.ID)
	}
	for _, n := range doc.Graph.Nodes {
		for _, v := range n.Values {
			if !slices.Contains(declared, v.For) {
				t.Errorf("attribute %q is not declared", v.For)
			}
		}
	}
	if e := doc.Graph.Edges[1]; e.Start != "2021-02-03" || e.End != "2026-12-30" {
		t.Errorf("edge = %+v", e)
	}
	if e := doc.Graph.Edges[0]; e.Type != "mutual" || e.Weight != "40" {
		t.Errorf("edge = %+v", e)
	}
	if doc.Graph.Nodes[0].Label != cleaned {
		t.Errorf("label = %q", doc.Graph.Nodes[0].Label)
	}
	wellFormed(t, out.Bytes())
}

// wellFormed asks another reader too, where there is one.
func wellFormed(t *testing.T, document []byte) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		return
	}
	command := exec.Command(program, "--noout", "--nonet", "-")
	command.Stdin = bytes.NewReader(document)
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v %s", err, out)
	}
}

func TestKumuTables(t *testing.T) {
	var out bytes.Buffer
	if err := WriteKumuTables(&out, sample); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][][]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(in).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		tables[f.Name] = rows
	}
	elements, connections := tables["elements.csv"], tables["connections.csv"]
	if !slices.Equal(elements[0], []string{"ID", "Label", "Type", "Sector"}) || len(elements) != 4 || elements[3][1] != "'=Table" {
		t.Errorf("elements = %q", elements)
	}
	if !slices.Equal(connections[0][:5], []string{"From", "To", "Type", "Direction", "Label"}) || len(connections) != 3 || connections[1][0] != "p1" || connections[1][3] != "mutual" || connections[1][6] != "40" || connections[2][3] != "directed" {
		t.Errorf("connections = %q", connections)
	}
}

func TestKumuBlueprint(t *testing.T) {
	var out bytes.Buffer
	if err := WriteKumuBlueprint(&out, sample); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Elements    []struct{ ID, Label, Type string } `json:"elements"`
		Connections []struct{ ID, From, To, Type, Direction string }
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Elements) != 3 || doc.Elements[0].Label != awkward || len(doc.Connections) != 2 || doc.Connections[0].Direction != "mutual" || doc.Connections[1].Direction != "directed" || doc.Connections[0].To != "o1" {
		t.Errorf("document = %+v", doc)
	}
}

// An empty network is a whole document too.
func TestNothing(t *testing.T) {
	for name, write := range map[string]func(io.Writer, Graph) error{"GraphML": WriteGraphML, "GEXF": WriteGEXF, "tables": WriteKumuTables, "blueprint": WriteKumuBlueprint} {
		var out bytes.Buffer
		if err := write(&out, Graph{Day: "2026-11-22"}); err != nil || out.Len() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
