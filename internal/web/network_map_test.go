package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"commontable/assets"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/testing/browser"
)

// valley is a collaborative of so many organizations with three ties each, most of
// them among neighbors, and one group.
func valley(ctx context.Context, t *testing.T, d *doorstep, size int) []directory.Organization {
	t.Helper()
	chance := rand.New(rand.NewPCG(5, 5))
	var out []directory.Organization
	kinds := []string{"Clinic", "School", "Library", "Foundation", "Church", "Food bank", "Housing trust", "Youth centre"}
	places := []string{"Harbor", "Maple Street", "Riverbend", "Northside", "Old Mill", "Saint Brigid", "Lakeview", "Cedar Hill"}
	for k := range size {
		name := fmt.Sprintf("%s %s %d", places[k%8], kinds[k/8%8], k/64+1)
		out = append(out, run(t, ctx, d.app, directory.CreateOrganization, directory.OrganizationInput{Name: name, Sector: directory.Sectors[k%9], Since: "2021-01-01"}))
	}
	for k := range size * 3 {
		a := k % size
		b := (a/20*20 + chance.IntN(20)) % size
		if chance.IntN(8) == 0 {
			b = chance.IntN(size)
		}
		in := network.Input{FromOrganizationID: out[a].ID, ToOrganizationID: out[b].ID, Type: []string{"Refers to", "Funds", "Shares data"}[k%3], From: fmt.Sprintf("%d-03-01", 2022+k%4), Direction: []string{"directed", "mutual"}[k%2]}
		if k%5 == 0 {
			in.To, in.Layer = "2026-01-01", "imported"
		}
		_, _ = network.Create.Do(ctx, d.app.Door, in) // one with itself, or again, is refused
	}
	table := run(t, ctx, d.app, directory.CreateBody, directory.BodyInput{Name: "Leadership table", Kind: "leadership_table"})
	for k := range min(12, size) {
		p := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Speaker", FamilyName: fmt.Sprint(k), OrganizationID: out[k*3%size].ID})
		run(t, ctx, d.app, directory.CreateSeat, directory.SeatInput{BodyID: table.ID, From: "2022-01-01", Terms: []directory.TermInput{{PersonID: p.ID, OrganizationID: out[k*3%size].ID, From: "2022-01-01"}}})
	}
	run(t, ctx, d.app, directory.Assign, directory.HoldingInput{Function: "guide_vision", OrganizationID: out[0].ID, From: "2022-01-01"})
	return out
}

// The map says what it shows in words and tables, works by its address alone, and can
// be taken away in every form.
func TestNetworkMapPages(t *testing.T) {
	d, g, home, harbor, ctx := agreed(t)
	at := home + "network-map"
	g.get(at, http.StatusOK).says(t, "Harbor School", "No ties.", `role="img"`)
	list := valley(ctx, t, d, 24)
	hostile := run(t, ctx, d.app, directory.CreateOrganization, directory.OrganizationInput{Name: `</text><script>alert(1)</script>`})
	run(t, ctx, d.app, network.Create, network.Input{FromOrganizationID: hostile.ID, ToOrganizationID: list[0].ID, Type: "=1+1", From: "2022-01-01"})
	page := g.get(at, http.StatusOK)
	page.says(t, "Network map", "Who is tied to whom", "Density", "Without the backbone", "seats in the same groups", "Harbor Clinic 1", "cut point", "network-map/network.gexf", "network-map/network.dl", "map.svg", assets.Path("map.js"), "</text><script>alert(1)")
	if strings.Contains(page.body, "<script>alert") {
		t.Error("a name runs as a script")
	}
	g.get(home+"ties", http.StatusOK).says(t, `href="`+at+`"`)
	g.get(home+"organizations", http.StatusOK).saysNot(t, assets.Path("map.js"))

	g.get(at+"?as-of=2021-06-01", http.StatusOK).says(t, "No ties.", "June 1, 2021")
	g.get(at+"?as-of=someday", http.StatusUnprocessableEntity)
	g.get(at+"?layer=declared&type=Funds&sector=health&size=betweenness&color=community&least=1&strength=50&away=1", http.StatusOK).says(t, "Network map")
	g.get(at+"?layer=nonsense&sector=%3Cb%3E&focus=x&body=y&least=-1&size=z", http.StatusOK).says(t, "Density")
	g.get(at+"?focus="+list[0].ID.Short(), http.StatusOK).says(t, "Ties of Harbor Clinic 1", "Show everybody")
	g.get(at+"?color=body", http.StatusOK).says(t, "Leadership table", "in no group")
	compared := g.get(at+"?before=2024-01-01", http.StatusOK)
	compared.says(t, "Turnover", "Stability", "What changed", "network-map-1", "network-map-2")
	compared.saysNot(t, `data-src=`)
	g.get(at+"?before=2099-01-01", http.StatusOK).says(t, "lies before the day that is shown")

	var data struct {
		Nodes [][]int `json:"nodes"`
		Ties  [][]int `json:"ties"`
	}
	if err := json.Unmarshal([]byte(g.get(at+"/data.json", http.StatusOK).body), &data); err != nil || len(data.Nodes) != 26 || len(data.Ties) < 30 {
		t.Errorf("%d nodes, %d ties, %v", len(data.Nodes), len(data.Ties), err)
	}
	for _, name := range []string{"map.svg", "network.graphml", "network.gexf"} {
		file := g.get(at+"/"+name+"?layer=declared", http.StatusOK)
		if err := xml.Unmarshal([]byte(file.body), new(struct {
			XMLName xml.Name
		})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	g.get(at+"/network.exe", http.StatusNotFound)
	g.get(at+"/network.net", http.StatusOK).says(t, "*Vertices 26")
	g.get(at+"/network.dl", http.StatusOK).says(t, "dl n")
	g.get(at+"/nodes.csv", http.StatusOK).says(t, "Harbor Clinic 1", "Between others")
	g.get(at+"/ties.csv", http.StatusOK).says(t, "Refers to", "'=1+1")
	g.get(at+"/kumu.json", http.StatusOK).says(t, `"elements"`)
	if kumu := g.get(at+"/kumu.zip", http.StatusOK); !strings.HasPrefix(kumu.body, "PK") {
		t.Error("no ZIP")
	}
	_ = harbor
}

// The page of 300 organizations weighs less than 150 KB on the wire with everything it
// loads, and its map is there without scripts.
func TestNetworkMapWeighsLittle(t *testing.T) {
	d, g, home, _, ctx := agreed(t)
	list := valley(ctx, t, d, 300)
	packed := func(body string) int {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Len()
	}
	asset := func(name string) int {
		r := httptest.NewRequest(http.MethodGet, assets.Path(name), nil)
		r.Header.Set("Accept-Encoding", "gzip, br") // as a browser asks over TLS
		w := httptest.NewRecorder()
		assets.Handler().ServeHTTP(w, r)
		return w.Body.Len()
	}
	weigh := func(address string, most int) shown {
		page := g.get(address, http.StatusOK)
		data, query, _ := strings.Cut(address, "?")
		parts := map[string]int{"page": packed(page.body), "data": packed(g.get(data+"/data.json?"+query, http.StatusOK).body)}
		for _, name := range []string{"app.css", "app.js", "map.js", "sans.woff2", "serif.woff2"} {
			parts[name] = asset(name)
		}
		total := 0
		for _, n := range parts {
			total += n
		}
		t.Logf("%s: %d bytes on the wire: %v; the page %d before packing", address, total, parts, len(page.body))
		if total >= most {
			t.Errorf("%s: %d bytes on the wire, %d at most", address, total, most)
		}
		return page
	}
	page := weigh(home+"network-map", 150_000)
	tells(ctx, t, d, list, "Asked", nil)
	weigh(home+"network-map?layer=told", 150_000)
	weigh(home+"network-map", 150_000) // twice as many ties, of two layers
	if n := strings.Count(page.body, "<title>"); n < 300 {
		t.Errorf("%d nodes are drawn by the server", n)
	}
}

// The map on a laptop and a phone, with and without scripts.
func TestNetworkMapInABrowser(t *testing.T) {
	d, _, home, _, ctx := agreed(t)
	list := valley(ctx, t, d, 40)
	at := d.url + home + "network-map"
	b := browser.Open(t)
	looked := append([]browser.Excuse{{Rule: "color-contrast", Element: "<text ", Why: "axe does not look into drawings; names are ink with a rim of paper, seen on the screenshots"}}, stuck...)
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + home + "network-map")
	signInOn(laptop)
	laptop.Wait("network-map.moving .map-canvas canvas")
	laptop.Axe(looked...)
	laptop.Screenshot("network-map")
	laptop.Fill("#map-focus", list[0].ID.Short()[18:])
	laptop.WaitText("Harbor Clinic 1 is tied to")
	laptop.Screenshot("network-map-focus")
	laptop.InDark(func() {
		laptop.Colours(looked...)
		laptop.Screenshot("network-map-dark")
	})
	for _, summary := range []string{"#map-organizations", "#map-ties"} {
		laptop.Click("details:has(" + summary + ") > summary")
	}
	laptop.Click("#map-organizations tbody th a")
	laptop.WaitText("Ties of ")
	laptop.Visit(at + "?before=2024-01-01")
	laptop.WaitText("Turnover")
	laptop.Screen(looked...)
	laptop.Screenshot("network-map-compared")
	laptop.Visit(at + "?color=body&size=betweenness&as-of=2024-06-30")
	laptop.Wait("network-map.moving .map-canvas canvas")
	laptop.AsPrinted(func() { laptop.Screenshot("network-map-printed") })

	phone := b.Page(t, browser.Phone(), browser.Dark(), browser.Language("fr"))
	phone.Visit(d.url + "/sign-in?next=" + home + "network-map")
	signInOn(phone)
	phone.Wait("network-map.moving .map-canvas canvas")
	phone.Touch(append([]browser.Excuse{{Rule: "color-contrast", Element: "<a href=", Why: "the row of tabs is scrolled sideways on a phone; the laptop judges the same links"}}, looked...)...)
	phone.Screenshot("network-map")
	still := b.Page(t, browser.Phone(), browser.NoScript())
	still.Visit(d.url + "/sign-in?next=" + home + "network-map")
	signInOn(still)
	still.WaitText("Who is tied to whom")
	still.Screenshot("network-map-noscript")
	still.Follow("text=2024")
	still.WaitText("December 31, 2024")
}
