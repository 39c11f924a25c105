package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/graphs"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// graphFile is one form of the network for other programs.
type graphFile struct {
	name, label, media, ending string
	write                      func(io.Writer, graphs.Graph) error
}

var graphFiles = []graphFile{
	{"network.graphml", "GraphML", "application/graphml+xml", "graphml", graphs.WriteGraphML},
	{"network.gexf", "GEXF", "application/gexf+xml", "gexf", graphs.WriteGEXF},
	{"kumu.zip", "Kumu CSV", "application/zip", "zip", graphs.WriteKumuTables},
	{"kumu.json", "Kumu JSON", "application/json", "json", graphs.WriteKumuBlueprint},
	{"network.net", "Pajek", "text/plain; charset=utf-8", "net", graphs.WritePajek},
	{"network.dl", "UCINET", "text/plain; charset=utf-8", "dl", graphs.WriteUCINET},
	{"nodes.csv", "Nodes CSV", "text/csv; charset=utf-8", "csv", graphs.WriteNodes},
	{"ties.csv", "Ties CSV", "text/csv; charset=utf-8", "csv", graphs.WriteTies},
}

// stem is what the file is called, without its ending: of two lists which it is.
func (f graphFile) stem() string {
	if f.ending == "csv" {
		return strings.TrimSuffix(f.name, ".csv")
	}
	return "network"
}

// graphRoutes are the downloads of who is tied to whom.
func (s *Server) graphRoutes() []Route {
	return []Route{{"GET", "/c/{collaborative}/role-map/{graph}", []string{"graph.export"}, s.graphDownload}}
}

// graphFileOf is the form that the address names.
func graphFileOf(r *http.Request) (graphFile, error) {
	for _, f := range graphFiles {
		if f.name == r.PathValue("graph") {
			return f, nil
		}
	}
	return graphFile{}, operation.Missing()
}

// graphDownload is GET …/role-map/network.graphml and its neighbors. The network is
// gathered whole before anything is sent, since its ties name its nodes.
func (s *Server) graphDownload(w http.ResponseWriter, r *http.Request) error {
	f, err := graphFileOf(r)
	if err != nil {
		return err
	}
	g, err := s.graph(w, r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := f.write(&out, g); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(r.Context()).Slug+"-"+f.stem()+"-"+g.Day, f.ending))
	s.send(w, r, http.StatusOK, f.media, &out)
	return nil
}

// graph reads the network page by page; who asks is found out anew for each.
func (s *Server) graph(w http.ResponseWriter, r *http.Request) (graphs.Graph, error) {
	ctx := r.Context()
	in := directory.ExportGraphInput{AsOf: r.URL.Query().Get("as-of")}
	g := graphs.Graph{Name: operation.CollaborativeFrom(ctx).Name, Day: in.AsOf}
	if g.Day == "" {
		g.Day = s.today(ctx)
	}
	for _, key := range []string{"type", "status", "place", "email", "phone"} {
		g.Facts = append(g.Facts, graphs.Fact{Key: key, Title: i18n.T(ctx, "takeout.fact_"+key)})
	}
	page, err := directory.ExportGraph.Do(ctx, s.app.Door, in)
	for err == nil {
		for _, item := range page.Items {
			if n := item.Node; n != nil {
				g.Nodes = append(g.Nodes, graphNode(ctx, *n))
			} else if t := item.Tie; t != nil {
				g.Ties = append(g.Ties, graphs.Tie{ID: t.ID.String(), From: t.From.String(), To: t.To.String(), Kind: i18n.T(ctx, "takeout.tie_"+t.Kind), Label: tieLabel(ctx, *t), Since: t.Since, Until: t.Until, Mutual: t.Mutual, Strength: strengthText(t.Strength), Layer: layerText(ctx, t.Layer)})
			}
		}
		if in.After = page.Next; in.After == "" {
			return g, nil
		}
		var again *http.Request
		if again, err = s.identify(w, r); err == nil {
			page, err = directory.ExportGraph.Do(again.Context(), s.app.Door, in)
		}
	}
	return g, err
}

// graphNode is a node in the reader's words.
func graphNode(ctx context.Context, n directory.GraphNode) graphs.Node {
	out := graphs.Node{ID: n.ID.String(), Label: named(ctx, n.Name), Kind: i18n.T(ctx, "takeout.node_"+n.Kind), Values: map[string]string{"place": n.Place, "email": n.Email, "phone": n.Phone}}
	switch n.Kind {
	case directory.OrganizationKind:
		out.Values["type"], out.Values["status"] = i18n.T(ctx, "sectors."+n.Type), i18n.T(ctx, "statuses."+n.Status)
	case directory.BodyKind:
		out.Values["type"], out.Values["status"] = bodyKind(ctx, n.Type), i18n.T(ctx, "body_states."+n.Status)
	}
	return out
}

func tieLabel(ctx context.Context, t directory.GraphTie) string {
	if t.Kind == directory.SeatTie {
		return i18n.T(ctx, "seat_roles."+t.Label)
	}
	return t.Label
}

// strengthText is a strength in figures, or nothing.
func strengthText(strength *int64) string {
	if strength == nil {
		return ""
	}
	return number(*strength)
}

func layerText(ctx context.Context, layer string) string { return optional(ctx, "tie_layers.", layer) }

// graphLinks offers the forms of the network on the role map.
func (s *Server) graphLinks(ctx context.Context, day string) templ.Component {
	if !s.may(ctx, "graph.export") {
		return templ.NopComponent
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "takeout.graph"), Detail: i18n.T(ctx, "takeout.graph_text"), Minor: true}
	for _, f := range graphFiles {
		address := place(ctx, "role-map/"+f.name)
		if day != "" {
			address += "?as-of=" + url.QueryEscape(day)
		}
		panel.Actions = append(panel.Actions, ui.Action{Label: f.label, Href: address, Kind: ui.Quiet, Icon: "download"})
	}
	return ui.Panel(panel)
}
