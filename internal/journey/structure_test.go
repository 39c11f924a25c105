package journey_test

import (
	"bytes"
	"strings"
	"testing"

	"commontable/internal/testing/browser"
)

// structure is what a director does with the table's structure, on a laptop and
// on a phone.
var structure = []struct {
	title string
	do    func(*visit)
}{
	{"see on Home which terms end and which seats are vacant", (*visit).seatsOnHome},
	{"fill the vacant seat by typing half a name", (*visit).fillSeat},
	{"take it back", (*visit).undoFill},
	{"see an organization and its seats as of 2018", (*visit).asOf2018},
	{"read the role map in this place's own words, and print it", (*visit).readRoleMap},
	{"see how the backbone's functions moved", (*visit).readFunctions},
	{"ask for a day before anything existed", (*visit).beforeAnything},
	{"merge an organization that was entered twice, and take it back", (*visit).mergeDoubles},
	{"see coverage against targets, and lived experience only above the minimum", (*visit).readCoverage},
	{"erase a person and find the counts still true", (*visit).erasePerson},
}

func TestStructure(t *testing.T) {
	for name, look := range map[string]browser.Option{"on a laptop": browser.Laptop(), "on a phone": browser.Phone()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := demonstrate(t)
			v := &visit{t: t, house: h, judge: true, touch: name == "on a phone", seen: map[string]bool{}}
			v.director = browser.Open(t).Page(t, look)
			v.enter(v.director, h.links["Backbone director"])
			v.director.Visit(h.base + "/c/tamarack-valley/")
			for _, step := range structure {
				v.now = step.title
				step.do(v)
				if t.Failed() {
					t.Fatalf("it failed at: %s", step.title)
				}
			}
		})
	}
}

func (v *visit) seatsOnHome() {
	v.reads(v.director, "Seats that need someone", "the term ends", "Vacant", "Ending soon")
	v.see(v.director, "home-seats")
}

func (v *visit) fillSeat() {
	p := v.director
	p.Visit(v.place("seats?state=vacant"))
	p.Follow("tbody th a")
	v.reads(p, "Vacant")
	v.organization = p.URL() // the seat, to come back to
	p.Follow("text=Fill this seat")
	v.see(p, "seat-fill")
	look := func() {
		p.Click("label=Held by")
		p.Type("Beau")
		p.Wait("lookup-field [role=option]")
	}
	look()
	v.see(p, "lookup")
	p.Fill("label=Held by", "") // judging it took the focus away, and the list with it
	look()
	p.Click("lookup-field [role=option]")
	if got := p.Value("label=Held by"); !strings.Contains(got, "Beau") {
		v.t.Errorf("the choice wrote %q", got)
	}
	p.Follow("text=Save")
	v.reads(p, "Term begun", "Everyone who held it")
	v.see(p, "seat")
}

func (v *visit) undoFill() {
	v.director.Follow("text=Undo")
	v.reads(v.director, "Change taken back", "Vacant")
}

func (v *visit) asOf2018() {
	p := v.director
	p.Visit(v.place("organizations?q=Millrace+Parents"))
	p.Follow("tbody th a")
	p.Fill("label=As of", "2018-06-01")
	p.Follow("text=Show")
	v.reads(p, "You are looking at Friday, June 1, 2018", "Lucía Romero", "Tamarack Valley Table")
	if strings.Contains(p.Text("main"), "Edit") {
		v.t.Error("the past can be edited from where it is shown")
	}
	v.see(p, "organization-2018")
	p.Follow("text=Back to today")
}

func (v *visit) readRoleMap() {
	p := v.director
	p.Visit(v.place("settings/labels"))
	p.Fill("label=The leadership table", "Circle of partners")
	p.Follow("text=Save")
	p.Visit(v.place("role-map"))
	v.reads(p, "Circle of partners", "Marisol Quintero", "Tamarack Valley Commons", "Where one organization wears several hats")
	v.see(p, "role-map")
	if pdf := p.PDF("role-map"); !bytes.HasPrefix(pdf, []byte("%PDF")) {
		v.t.Error("the role map cannot be printed")
	}
	p.AsPrinted(func() {
		if p.Count("nav:not([hidden])") > 0 && strings.Contains(p.Text("body"), "Your account") {
			v.t.Error("the frame is printed too")
		}
	})
	p.Visit(v.place("role-map?as-of=2016-01-01"))
	v.reads(p, "Tamarack Community Foundation")
	if strings.Contains(p.Text("main"), "Tamarack Valley Commons") {
		v.t.Error("in 2016 there was no such backbone")
	}
}

func (v *visit) readFunctions() {
	p := v.director
	p.Visit(v.place("functions"))
	v.reads(p, "holders of functions since 2014", "Run the reading campaign")
	if p.Count("svg.spans rect") < 20 {
		v.t.Error("nothing is drawn")
	}
	p.Click("text=Show as a table")
	v.reads(p, "Northbend State University")
	v.see(p, "functions")
}

func (v *visit) beforeAnything() {
	p := v.director
	p.Visit(v.place("role-map?as-of=1999-12-31"))
	v.reads(p, "Nothing on record for this day", "The record begins on")
	p.Visit(v.place("organizations?as-of=1999-12-31"))
	v.reads(p, "Nothing was on record on Friday, December 31, 1999")
	p.Visit(v.place("bodies?as-of=1999-12-31"))
	v.reads(p, "Nothing was on record on Friday, December 31, 1999")
	v.see(p, "before-anything")
}

func (v *visit) mergeDoubles() {
	p := v.director
	p.Visit(v.place("organizations?q=Hlth"))
	p.Follow("tbody th a")
	v.reads(p, "Looks like", "Valley Family Health Network")
	v.see(p, "looks-like")
	p.Follow("text=Compare and merge")
	v.reads(p, "The same in both")
	v.see(p, "merge")
	p.Follow("text=Merge")
	v.reads(p, "Undo")
	p.Visit(v.place("people?q=Beaulieu"))
	v.reads(p, "Valley Family Hlth Network") // whoever was with the one is now with the other
	p.Visit(v.place("organizations?q=Hlth"))
	p.Follow("tbody th a")
	p.Follow(".timeline form button")
	v.reads(p, "Change taken back")
	p.Visit(v.place("people?q=Beaulieu"))
	v.reads(p, "Valley Family Health Network")
}

func (v *visit) readCoverage() {
	p := v.director
	p.Visit(v.place("coverage"))
	v.reads(p, "Members · by sector", "aim 25", "Kept back, since it would tell of single people")
	v.see(p, "coverage")
}

func (v *visit) erasePerson() {
	p := v.director
	p.Visit(v.place("bodies?q=Tamarack"))
	p.Follow("tbody th a")
	body, held := p.URL(), p.Text(".facts")
	v.reads(p, "Henri Beaulieu")
	p.Visit(v.place("people?q=Beaulieu"))
	p.Follow("tbody th a")
	p.Visit(p.URL() + "/erase")
	v.see(p, "erase")
	p.Fill("input[name=name]", "Henri Beaulieu")
	p.Follow("main form button[type=submit]")
	v.reads(p, "erased")
	p.Visit(body)
	v.reads(p, "Former participant")
	if strings.Contains(p.Text("main"), "Beaulieu") {
		v.t.Error("the name is still there")
	}
	if now := p.Text(".facts"); now != held {
		v.t.Errorf("the counts changed from %q to %q", held, now)
	}
	p.Visit(v.place("people?q=Beaulieu"))
	v.reads(p, "Nothing fits these filters")
}
