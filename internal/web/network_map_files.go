package web

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/graphs"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// networkMapDownload is GET …/network-map/network.graphml and its neighbors: the map
// with its choices, for other programs.
func (s *Server) networkMapDownload(w http.ResponseWriter, r *http.Request) error {
	f, err := graphFileOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	m, err := networkmap.Export.Do(ctx, s.app.Door, networkmap.ExportInput{Input: mapChoiceOf(r).in})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := f.write(&out, mapGraph(ctx, m)); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(ctx).Slug+"-map-"+f.stem()+"-"+m.AsOf, f.ending))
	s.send(w, r, http.StatusOK, f.media, &out)
	return nil
}

// mapGraph is a map in the reader's words, with its measures.
func mapGraph(ctx context.Context, m networkmap.Map) graphs.Graph {
	g := graphs.Graph{Name: operation.CollaborativeFrom(ctx).Name, Day: m.AsOf, Facts: []graphs.Fact{{Key: "sector", Title: i18n.T(ctx, "organizations.field_sector")}}}
	if slices.ContainsFunc(m.Items, func(n networkmap.Node) bool { return n.Answer != "" }) {
		g.Facts = append(g.Facts, graphs.Fact{Key: "answer", Title: mapText(ctx, "head_answer")})
	}
	for _, head := range []string{"degree", "in", "out", "betweenness", "core", "community"} {
		g.Facts = append(g.Facts, graphs.Fact{Key: head, Title: mapText(ctx, "head_"+head)})
	}
	for _, n := range m.Items {
		g.Nodes = append(g.Nodes, graphs.Node{ID: n.ID.String(), Label: named(ctx, n.Name), Kind: i18n.T(ctx, "takeout.node_organization"), Values: map[string]string{"answer": optional(ctx, "network-map.answer_", n.Answer), "sector": optional(ctx, "sectors.", n.Sector),
			"degree": strconv.Itoa(n.Degree), "in": strconv.Itoa(n.In), "out": strconv.Itoa(n.Out), "betweenness": strconv.FormatFloat(n.Betweenness, 'g', 6, 64), "core": strconv.Itoa(n.Core), "community": strconv.Itoa(n.Community)}})
	}
	for k, t := range m.Ties {
		strength := ""
		if t.Weight >= 0 {
			strength = strconv.FormatFloat(t.Weight, 'g', 6, 64)
		}
		layer := i18n.T(ctx, "map_layers."+t.Layer)
		kind := t.Type
		if kind == "" {
			kind = or(t.Wave, layer)
		}
		g.Ties = append(g.Ties, graphs.Tie{ID: strconv.Itoa(k + 1), From: t.From.String(), To: t.To.String(), Kind: kind, Mutual: t.Mutual, Since: t.Since, Until: t.Until, Strength: strength, Layer: layer})
	}
	return g
}

// mapFiles offers the map to take away.
func (s *Server) mapFiles(r *http.Request, v mapView) templ.Component {
	panel := ui.PanelProps{Heading: mapText(v.ctx, "files"), Detail: mapText(v.ctx, "files_text"), Minor: true}
	if !s.may(v.ctx, "network-map.export") {
		return templ.NopComponent
	}
	for _, f := range graphFiles {
		panel.Actions = append(panel.Actions, ui.Action{Label: f.label, Href: sub(r.URL, f.name), Kind: ui.Quiet, Icon: "download"})
	}
	return ui.Panel(panel)
}
