package web

import (
	"bytes"
	"net/http"
	"strconv"

	"commontable/internal/backbone/together"
	"commontable/internal/platform/graphs"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// metFile is GET …/working-together/met.csv: which organizations have met which.
func (s *Server) metFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	n, err := together.GetNetwork.Do(ctx, s.app.Door, together.NetworkInput{AsOf: r.URL.Query().Get("as-of")})
	if err != nil {
		return err
	}
	table := sheets.Table{Name: i18n.T(ctx, "together.met")}
	for _, head := range []string{"from", "to", "weight", "meetings", "last"} {
		table.Columns = append(table.Columns, sheets.Column{Title: i18n.T(ctx, "together.met_"+head)})
	}
	rows := make([]sheets.Row, len(n.Items))
	for k, t := range n.Items {
		rows[k] = sheets.Row{sheets.Text(t.AName), sheets.Text(t.BName), sheets.Number(t.Weight), sheets.Whole(int64(t.Meetings)), sheets.Text(t.Last)}
	}
	table.Rows = sheets.FromRows(rows)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-met-"+n.AsOf, "csv"))
	return sheets.WriteCSV(w, table)
}

// metGraph is GET …/working-together/met.graphml, the same for programs that draw
// networks.
func (s *Server) metGraph(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	n, err := together.GetNetwork.Do(ctx, s.app.Door, together.NetworkInput{AsOf: r.URL.Query().Get("as-of")})
	if err != nil {
		return err
	}
	g := graphs.Graph{Name: operation.CollaborativeFrom(ctx).Name, Day: n.AsOf}
	known := map[string]bool{}
	node := func(id, name string) {
		if !known[id] {
			known[id] = true
			g.Nodes = append(g.Nodes, graphs.Node{ID: id, Label: name, Kind: i18n.T(ctx, "takeout.node_organization")})
		}
	}
	for _, t := range n.Items {
		node(t.A.String(), t.AName)
		node(t.B.String(), t.BName)
		g.Ties = append(g.Ties, graphs.Tie{ID: t.A.String() + "-" + t.B.String(), From: t.A.String(), To: t.B.String(), Kind: i18n.T(ctx, "together.met"),
			Mutual: true, Strength: strconv.FormatFloat(t.Weight, 'g', 6, 64), Layer: i18n.T(ctx, "together.met")})
	}
	var out bytes.Buffer
	if err := graphs.WriteGraphML(&out, g); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-met-"+n.AsOf, "graphml"))
	s.send(w, r, http.StatusOK, "application/graphml+xml", &out)
	return nil
}
