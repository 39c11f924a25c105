package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/chart"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// drawing is the map as a drawing, which the browser's own map repeats.
func (v mapView) drawing() chart.Network {
	n := v.blank("network-map", v.m.Items, v.m.Extent)
	n.Title, n.Description, n.Foot = mapText(v.ctx, "drawing"), v.summary(), v.source()
	at := numbered(v.m.Items)
	near := map[directory.OrganizationID]bool{v.choice.focus: true}
	lines := map[look]int{} // by which stroke of the drawing a pair is drawn
	patterns := map[chart.Pattern]bool{}
	arrows := false
	for _, t := range v.m.Ties {
		pattern, width := patternOf(t.Layer), widthOf(t)
		touches := v.choice.focus.IsZero() || t.From == v.choice.focus || t.To == v.choice.focus
		if touches && !v.choice.focus.IsZero() {
			near[t.From], near[t.To] = true, true
		}
		l := look{at[t.From], at[t.To], pattern, !t.Mutual}
		patterns[pattern], arrows = true, arrows || !t.Mutual
		if k, again := lines[l]; again {
			n.Ties[k].Width = max(n.Ties[k].Width, width)
			continue
		}
		lines[l] = len(n.Ties)
		n.Ties = append(n.Ties, chart.Stroke{From: at[t.From], To: at[t.To], Width: width, Pattern: pattern, Arrow: !t.Mutual, Faint: !touches})
	}
	if !v.choice.focus.IsZero() {
		for k, item := range v.m.Items {
			n.Nodes[k].Faint, n.Nodes[k].Named = !near[item.ID], item.ID == v.choice.focus
		}
	}
	for _, of := range []struct {
		pattern chart.Pattern
		layer   string
	}{{chart.Solid, networkmap.Declared}, {chart.Dashed, networkmap.Imported}, {chart.LongDashed, networkmap.Told}, {chart.DashDot, networkmap.Bodies}, {chart.Dotted, networkmap.Meetings}} {
		if patterns[of.pattern] {
			n.Legend = append(n.Legend, chart.Sign{Label: i18n.T(v.ctx, "map_layers."+of.layer), Pattern: of.pattern})
		}
	}
	if arrows {
		n.Legend = append(n.Legend, chart.Sign{Label: mapText(v.ctx, "sign_arrow"), Arrow: true})
	}
	return n
}

type look struct {
	from, to int
	pattern  chart.Pattern
	arrow    bool
}

func numbered(nodes []networkmap.Node) map[directory.OrganizationID]int {
	at := make(map[directory.OrganizationID]int, len(nodes))
	for k, n := range nodes {
		at[n.ID] = k
	}
	return at
}

func patternOf(layer string) chart.Pattern {
	switch layer {
	case networkmap.Imported:
		return chart.Dashed
	case networkmap.Told:
		return chart.LongDashed
	case networkmap.Bodies:
		return chart.DashDot
	case networkmap.Meetings:
		return chart.Dotted
	}
	return chart.Solid
}

// widthOf is how thick a tie is drawn: by its strength, or by how much two were
// together.
func widthOf(t networkmap.Tie) int {
	switch {
	case t.Weight < 0:
		return 2
	case t.Layer == networkmap.Declared || t.Layer == networkmap.Imported:
		return 1 + int(min(3, t.Weight/26))
	case t.Weight >= 2:
		return 4
	case t.Weight >= 0.75:
		return 3
	case t.Weight >= 0.25:
		return 2
	}
	return 1
}

const (
	mapHeight = 700.0
	mapMargin = 46.0
	// aloneColumns is in how many columns those stand who were never tied.
	aloneColumns = 5
	mostAlone    = 60
)

// blank is a drawing of the nodes alone: on the same places whatever else is shown,
// and below them those who were never tied to anybody.
func (v mapView) blank(id string, nodes []networkmap.Node, e networkmap.Extent) chart.Network {
	n := chart.Network{ID: id, Height: mapHeight}
	scale := min((chart.NetworkWidth-2*mapMargin)/max(1e-9, e.Right-e.Left), (mapHeight-2*mapMargin)/max(1e-9, e.Bottom-e.Top))
	scale = min(scale, 120) // a handful stands together
	dx, dy := chart.NetworkWidth/2-scale*(e.Left+e.Right)/2, mapHeight/2-scale*(e.Top+e.Bottom)/2
	sizes, colors := v.sizes(nodes), v.colors(nodes)
	alone := 0
	for k, of := range nodes {
		node := chart.Node{X: math.Round(of.X*scale + dx), Y: math.Round(of.Y*scale + dy), Size: sizes[k], Series: colors.of[k], Name: named(v.ctx, of.Name), Ringed: of.Backbone, Hollow: of.Answer == networkmap.Silent}
		if !of.Placed {
			column, row := alone%aloneColumns, alone/aloneColumns
			node.X, node.Y = 24+float64(column)*(chart.NetworkWidth/aloneColumns), mapHeight+14+20*float64(row)
			if alone >= mostAlone { // one on the other would say nothing: the table has them all
				node.X, node.Y, node.Name = 24+float64(alone-mostAlone)*3, mapHeight+14+20*float64(mostAlone/aloneColumns), ""
				node.X = min(node.X, chart.NetworkWidth-24)
			}
			alone++
		}
		n.Nodes = append(n.Nodes, node)
	}
	if alone > 0 {
		n.Height += 20*float64(min(alone-1, mostAlone)/aloneColumns+1) + 12
	}
	for k, label := range colors.labels {
		n.Legend = append(n.Legend, chart.Sign{Label: label, Node: true, Series: k})
	}
	if slices.ContainsFunc(nodes, func(n networkmap.Node) bool { return n.Backbone }) {
		n.Legend = append(n.Legend, chart.Sign{Label: mapText(v.ctx, "sign_backbone"), Node: true, Series: chart.Shapes - 1, Ringed: true})
	}
	if slices.ContainsFunc(nodes, silent) {
		n.Legend = append(n.Legend, chart.Sign{Label: mapText(v.ctx, "sign_silent"), Node: true, Series: chart.Shapes - 1, Hollow: true})
	}
	return n
}

// sizes are those of the nodes, 0 to 1.
func (v mapView) sizes(nodes []networkmap.Node) []float64 {
	out := make([]float64, len(nodes))
	most := 0.0
	for k, n := range nodes {
		switch v.choice.size {
		case "degree":
			out[k] = float64(n.Degree)
		case "in":
			out[k] = float64(n.In)
		case "betweenness":
			out[k] = n.Betweenness
		case "core":
			out[k] = float64(n.Core)
		}
		most = max(most, out[k])
	}
	for k := range out {
		if most > 0 {
			out[k] /= most
		}
	}
	return out
}

// colors are the series of the nodes and what they are called. There are as many as
// colors and shapes; the rare ones share the last.
type colors struct {
	of     []int
	labels []string
}

func (v mapView) colors(nodes []networkmap.Node) colors {
	keys := make([]string, len(nodes))
	var label func(key string) string
	switch v.choice.color {
	case "body":
		names := map[string]string{}
		for _, o := range v.bodies {
			names[o.Value] = o.Label
		}
		for k, n := range nodes {
			switch len(n.Bodies) {
			case 0:
				keys[k] = ""
			case 1:
				keys[k] = n.Bodies[0].String()
			default:
				keys[k] = "several"
			}
		}
		label = func(key string) string {
			switch key {
			case "":
				return mapText(v.ctx, "no_body")
			case "several":
				return mapText(v.ctx, "several_bodies")
			}
			return names[key]
		}
	case "community":
		for k, n := range nodes {
			if n.Community > 0 {
				keys[k] = strconv.Itoa(n.Community)
			}
		}
		label = func(key string) string {
			if key == "" {
				return mapText(v.ctx, "tied_to_nobody")
			}
			return mapText(v.ctx, "community_number", i18n.Args{"Number": key})
		}
	default:
		for k, n := range nodes {
			keys[k] = n.Sector
		}
		label = func(key string) string {
			if key == "" {
				return mapText(v.ctx, "no_sector")
			}
			return i18n.T(v.ctx, "sectors."+key)
		}
	}
	return series(keys, label, mapText(v.ctx, "others"))
}

// series gives each key a color: those that most have get their own, the order is
// that of their names, so that it does not hang on who is shown first.
func series(keys []string, label func(string) string, others string) colors {
	many := map[string]int{}
	for _, k := range keys {
		many[k]++
	}
	order := make([]string, 0, len(many))
	for k := range many {
		order = append(order, k)
	}
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(many[b], many[a]), cmp.Compare(a, b)) })
	own := order
	if len(order) > chart.Shapes {
		own = order[:chart.Shapes-1]
	}
	own = slices.Clone(own)
	slices.SortFunc(own, func(a, b string) int { return cmp.Or(cmp.Compare(label(a), label(b)), cmp.Compare(a, b)) })
	c := colors{of: make([]int, len(keys))}
	for _, k := range own {
		c.labels = append(c.labels, label(k))
	}
	if len(own) < len(order) {
		c.labels = append(c.labels, others)
	}
	for k, key := range keys {
		if at := slices.Index(own, key); at >= 0 {
			c.of[k] = at
		} else {
			c.of[k] = chart.Shapes - 1
		}
	}
	return c
}

// summary is the map in words.
func (v mapView) summary() string {
	w := v.m.Whole
	parts := []string{mapText(v.ctx, "summary", i18n.Args{"Organizations": mapText(v.ctx, "organizations", i18n.Args{"Count": w.Organizations}), "Pairs": i18n.Number(v.ctx, int64(w.Pairs)), "Components": i18n.Number(v.ctx, int64(w.Components)), "Alone": i18n.Number(v.ctx, int64(w.Alone))}),
		mapText(v.ctx, "summary_look", i18n.Args{"Color": mapText(v.ctx, "color_"+v.choice.color), "Size": mapText(v.ctx, "size_"+v.choice.size)})}
	return strings.Join(append(parts, mapText(v.ctx, "summary_table")), " ")
}

// mapData is what the browser's own map is drawn from: nodes as x, y, size in
// thousandths, series and marks (1 ringed, 2 hollow), in the order of the list to find them in,
// which has their ids and names; ties as from, to, width, pattern and whether an arrow.
type mapData struct {
	Width  float64  `json:"width"`
	Height float64  `json:"height"`
	Nodes  [][5]int `json:"nodes"`
	Ties   [][5]int `json:"ties"`
}

// networkMapPlaces is GET …/network-map/data.json.
func (s *Server) networkMapPlaces(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readMap(r)
	if err != nil {
		return err
	}
	v.choice.focus = directory.OrganizationID{} // the browser decides who is set back
	drawing := v.drawing()
	data := mapData{Width: chart.NetworkWidth, Height: drawing.Height, Nodes: [][5]int{}, Ties: [][5]int{}}
	bit := map[bool]int{true: 1}
	for _, n := range drawing.Nodes {
		data.Nodes = append(data.Nodes, [5]int{int(n.X), int(n.Y), int(math.Round(n.Size * 1000)), n.Series, bit[n.Ringed] + 2*bit[n.Hollow]})
	}
	for _, t := range drawing.Ties {
		data.Ties = append(data.Ties, [5]int{t.From, t.To, t.Width, int(t.Pattern), bit[t.Arrow]})
	}
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(data); err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, "application/json", &out)
	return nil
}

// networkMapDrawing is GET …/network-map/map.svg.
func (s *Server) networkMapDrawing(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readMap(r)
	if err != nil {
		return err
	}
	if len(v.m.Items) == 0 {
		return operation.Missing()
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", sheets.AttachmentName(operation.CollaborativeFrom(v.ctx).Slug+"-network-map-"+v.m.AsOf, "svg"))
	_, err = w.Write([]byte(v.drawing().SVG())) // #nosec G705 -- the chart escapes every text in it
	return err
}
