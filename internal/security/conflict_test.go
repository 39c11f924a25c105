package security_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"commontable/internal/backbone/directory"
)

// Two people save the same organization: the second is shown both versions and
// saves again, and nothing that either of them typed or ticked is lost.
func TestTwoSaversLoseNothing(t *testing.T) {
	s := newSite(t)
	director, staff := s.callers[0], s.callers[1]
	page := "/c/" + s.here.slug + "/organizations/" + s.here.organization.ID.Short()
	form := func(changes url.Values) url.Values {
		out := url.Values{"name": {"plain Alliance"}, "other_names": {"plain"}, "sector": {"other"}, "status": {"member"}, "place": {"plain"}, "about": {"plain"}, "notes": {"plain"},
			"email": {"plain@example.org"}, "website": {"https://plain.example"}, "version": {"1"}}
		for name, values := range changes {
			out[name] = values
		}
		return out
	}
	if got := s.send(staff.browse("POST", page, form(url.Values{"about": {"about by staff"}, "phone": {"555 0100"}, "part": {"funder"}}))); got.status != http.StatusSeeOther {
		t.Fatalf("first: %d %s", got.status, got.body)
	}
	got := s.send(director.browse("POST", page, form(url.Values{"about": {"about by director"}, "place": {"place by director"}, "part": {"host"}})))
	if got.status != http.StatusConflict || !strings.Contains(got.body, "about by staff") || !strings.Contains(got.body, "about by director") {
		t.Fatalf("second: %d", got.status)
	}
	// The page's own form, sent as it stands but with their text chosen.
	again := url.Values{}
	root, err := html.Parse(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" {
			continue
		}
		a := map[string]string{}
		for _, attr := range n.Attr {
			a[attr.Key] = attr.Val
		}
		_, checked := a["checked"]
		if a["type"] == "hidden" && a["name"] != "return" || a["type"] == "radio" && checked {
			again.Add(a["name"], a["value"])
		}
	}
	again.Set("keep.about", "theirs")
	if got := s.send(director.browse("POST", page, again)); got.status != http.StatusSeeOther {
		t.Fatalf("again: %d %s", got.status, got.body)
	}
	o := do(t, s.here.context, s.app, directory.GetOrganization, directory.OrganizationRef{ID: s.here.organization.ID})
	if o.About != "about by staff" || o.Place != "place by director" || o.Phone != "555 0100" || !o.Funder || !o.Host {
		t.Errorf("saved: %+v", o)
	}
}
