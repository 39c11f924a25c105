package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/assets"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// networkMapRoutes are the map of the network and what can be taken away of it.
func (s *Server) networkMapRoutes() []Route {
	const at = "/c/{collaborative}/network-map"
	return []Route{
		{"GET", at, []string{"network-map.get", "bodies.list"}, s.networkMap},
		{"GET", at + "/data.json", []string{"network-map.get", "bodies.list"}, s.networkMapPlaces},
		{"GET", at + "/map.svg", []string{"network-map.get", "bodies.list"}, s.networkMapDrawing},
		{"GET", at + "/{graph}", []string{"network-map.export"}, s.networkMapDownload},
	}
}

// mapChoice is what the address of the map asks for.
type mapChoice struct {
	in     networkmap.Input
	before string // the day to compare with
	color  string
	size   string
	focus  directory.OrganizationID
	sought string // who is to be in focus, as the address says it
}

// The measures that nodes can be colored and sized by, by catalogue key
// "network-map.color_…" and "network-map.size_…".
var (
	mapColors = []string{"sector", "body", "community"}
	mapSizes  = []string{"degree", "in", "betweenness", "core", "same"}
	mapLeasts = []string{"0", "0.05", "0.1", "0.25", "0.5", "1"}
)

// standardLeast hides what one large gathering alone would tie.
const standardLeast = "0.05"

func mapChoiceOf(r *http.Request) mapChoice {
	q := r.URL.Query()
	among := func(name string, of []string, otherwise string) string {
		if slices.Contains(of, q.Get(name)) {
			return q.Get(name)
		}
		return otherwise
	}
	c := mapChoice{before: q.Get("before"), color: among("color", mapColors, mapColors[0]), size: among("size", mapSizes, mapSizes[0]), sought: q.Get("focus")}
	c.in = networkmap.Input{AsOf: q.Get("as-of"), From: q.Get("from"), Claim: among("claim", networkmap.Claims, networkmap.Claims[0]), Type: q.Get("type"), Sector: among("sector", directory.Sectors, ""), Away: q.Get("away") != ""}
	c.in.BodyID, _ = id.Parse[directory.Body](q.Get("body"))
	for _, layer := range q["layer"] {
		if slices.Contains(networkmap.Layers, layer) && !slices.Contains(c.in.Layers, layer) {
			c.in.Layers = append(c.in.Layers, layer)
		}
	}
	c.in.Least, _ = strconv.ParseFloat(among("least", mapLeasts, standardLeast), 64)
	c.in.Strength, _ = strconv.ParseInt(among("strength", []string{"25", "50", "75"}, "0"), 10, 64)
	return c
}

func mapText(ctx context.Context, key string, args ...i18n.Args) string {
	return i18n.T(ctx, "network-map."+key, args...)
}

// mapView is a map that was read, with the words it needs.
type mapView struct {
	ctx    context.Context
	choice mapChoice
	m      networkmap.Map
	bodies []ui.Option
	names  map[directory.OrganizationID]string
}

func (s *Server) readMap(r *http.Request) (mapView, error) {
	ctx := r.Context()
	v := mapView{ctx: ctx, choice: mapChoiceOf(r)}
	var err error
	if v.m, err = networkmap.Get.Do(ctx, s.app.Door, v.choice.in); err != nil {
		return v, err
	}
	v.bodies, err = s.bodyOptions(ctx, "")
	v.name(v.m.Items)
	return v, err
}

func (v *mapView) name(nodes []networkmap.Node) {
	v.names = map[directory.OrganizationID]string{}
	v.choice.focus = directory.OrganizationID{} // nobody
	for _, n := range nodes {
		v.names[n.ID] = named(v.ctx, n.Name)
		if len(v.choice.sought) >= tailLength && strings.HasSuffix(n.ID.Short(), v.choice.sought) {
			v.choice.focus = n.ID
		}
	}
}

// tailLength is how much of the end of an id stands for an organization of the map: 38
// bits of chance, since whole ids, twice for each, would be a fifth of the page.
const tailLength = 8

// tail is what stands for an organization in addresses and lists of the map.
func tail(i directory.OrganizationID) string {
	short := i.Short()
	return short[len(short)-tailLength:]
}

// networkMap is GET …/network-map.
func (s *Server) networkMap(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readMap(r)
	if err != nil {
		return err
	}
	ctx := v.ctx
	props := ui.PageProps{Title: mapText(ctx, "title"), Lede: mapText(ctx, "lede", i18n.Args{"Date": i18n.CivilDate(ctx, v.m.AsOf)}), Tabs: s.peopleTabs(ctx, "network-map"), AsOf: s.asOf(r, "network-map")}
	children := []templ.Component{v.years(r, s.today(ctx)), s.mapForm(r, v)}
	if len(v.m.Items) == 0 {
		children = append(children, ui.Empty(ui.EmptyProps{Title: mapText(ctx, "empty"), Text: mapText(ctx, "empty_text"), Actions: s.mapBegin(ctx)}))
		return s.show(w, r, http.StatusOK, "organizations", props, children...)
	}
	for _, text := range v.missing() {
		children = append(children, ui.Notice(ui.NoticeProps{Kind: ui.Due, Text: text}))
	}
	if v.choice.before != "" {
		compared, err := s.mapCompared(r, v)
		if err != nil {
			return err
		}
		children = append(children, compared...)
	} else {
		children = append(children, s.mapFigure(r, v))
	}
	if !v.toldAlone() {
		children = append(children, v.wholeTable())
	}
	children = append(children, v.toldPanels(r)...)
	children = append(children, v.organizationTable(r), v.tieTable(), s.mapFiles(r, v))
	return s.show(w, r, http.StatusOK, "organizations", props, children...)
}

// mapBegin is how a network begins.
func (s *Server) mapBegin(ctx context.Context) []ui.Action {
	if !s.may(ctx, "ties.create") {
		return nil
	}
	return append([]ui.Action{{Label: i18n.T(ctx, "ties.add"), Href: place(ctx, "ties/new")}}, s.bringAction(ctx, "ties")...)
}

// missing says what the map leaves out.
func (v mapView) missing() []string {
	var out []string
	for _, of := range []struct {
		key   string
		count int
	}{{"left_out", v.m.LeftOut}, {"weaker", v.m.Weaker}, {"crowds", v.m.Crowds}, {"unread", v.m.Unread}} {
		if of.count > 0 {
			out = append(out, mapText(v.ctx, of.key, i18n.Args{"Count": of.count}))
		}
	}
	return out
}

// mapFigure is the drawing with its tools.
func (s *Server) mapFigure(r *http.Request, v mapView) templ.Component {
	ctx := v.ctx
	drawing := v.drawing()
	p := mapFigureProps{Title: drawing.Title, Drawing: drawing, Signs: chart.Signs{Of: drawing}, Summary: drawing.Description, Source: v.source(), Script: assets.Path("map.js"), Data: sub(r.URL, "data.json"), SVG: sub(r.URL, "map.svg"),
		PNG: operation.CollaborativeFrom(ctx).Slug + "-network-map-" + v.m.AsOf + ".png", Action: r.URL.EscapedPath(), Hidden: hiddenExcept(r.URL.Query(), append([]string{"focus"}, passingParameters...)...), Chosen: tail(v.choice.focus)}
	if v.choice.focus.IsZero() {
		p.Chosen = ""
	} else {
		p.Clear = query(r.URL, "focus", "")
	}
	for _, n := range v.m.Items {
		p.Options = append(p.Options, ui.Option{Value: tail(n.ID), Label: v.names[n.ID]})
	}
	return mapFigure(p)
}

// focusHref leads to the map with an organization in the middle.
func focusHref(r *http.Request, i directory.OrganizationID) string {
	return query(r.URL, "focus", tail(i))
}

// sub is an address below that of the map, with the same choices.
func sub(u *url.URL, name string) string {
	q := u.Query()
	for _, passing := range passingParameters {
		q.Del(passing)
	}
	out := u.EscapedPath() + "/" + name
	if len(q) > 0 {
		out += "?" + q.Encode()
	}
	return out
}

// source says of what day the map is, and of how many.
func (v mapView) source() string {
	return mapText(v.ctx, "source", i18n.Args{"Date": i18n.ShortCivilDate(v.ctx, v.m.AsOf), "Organizations": mapText(v.ctx, "organizations", i18n.Args{"Count": len(v.m.Items)}), "Ties": mapText(v.ctx, "ties", i18n.Args{"Count": len(v.m.Ties)})})
}
