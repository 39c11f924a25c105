package journey_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"commontable/internal/testing/browser"
)

// convened is how a meeting is prepared, run and followed up.
var convened = []struct {
	title string
	do    func(*visit)
}{
	{"plan a meeting of the leadership table", (*visit).planMeeting},
	{"put three things on its agenda", (*visit).fillAgenda},
	{"use the checklist, and say that something is done", (*visit).useChecklist},
	{"ask somebody else, and give a part", (*visit).askSomebody},
	{"print the agenda", (*visit).printAgenda},
	{"run it: notes by two keys, and without a connection", (*visit).runMeeting},
	{"say who takes no part in deciding", (*visit).recuseSomebody},
	{"follow up: recap, and what was not finished", (*visit).followUp},
	{"plan meetings that come again", (*visit).planSeries},
	{"look at how we work together, also as of a day", (*visit).readTogether},
	{"in French and Spanish", (*visit).meetingInWords},
}

func TestConvening(t *testing.T) {
	for name, look := range map[string]browser.Option{"on a laptop": browser.Laptop(), "on a phone": browser.Phone()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := demonstrate(t)
			v := &visit{t: t, house: h, judge: true, touch: name == "on a phone", seen: map[string]bool{}}
			v.director = browser.Open(t).Page(t, look)
			v.enter(v.director, h.links["Backbone director"])
			for _, step := range convened {
				v.now = step.title
				step.do(v)
				if t.Failed() {
					t.Fatalf("it failed at: %s", step.title)
				}
			}
		})
	}
}

// today is the day at the sample's place.
func (v *visit) today() string {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		v.t.Fatal(err)
	}
	return time.Now().In(zone).Format(time.DateOnly)
}

func (v *visit) planMeeting() {
	p := v.director
	p.Visit(v.place("meetings"))
	v.see(p, "meetings")
	p.Visit(v.place("meetings/new"))
	v.see(p, "meeting-new")
	p.Fill("label=Group", "Tamarack Valley Table")
	p.Fill("label=Purpose", "Agree on the reading goal for the year.")
	p.Fill("label=Day", v.today())
	p.Fill("label=Begins at", "00:00")
	p.Fill("label=Place", "Riverside library")
	p.Follow("text=Save")
	v.reads(p, "Meeting planned", "Tamarack Valley Table", "Nothing is on the agenda yet")
	v.organization, _, _ = strings.Cut(p.URL(), "?") // the meeting, to come back to
}

func (v *visit) fillAgenda() {
	p := v.director
	for _, item := range []struct{ title, goal, minutes, owner string }{{"Reading figures", "inform", "20", "Ruth Adeyemi"}, {"The goal for the year", "decide", "40", "the school district"}, {"Summer program", "discuss", "45", ""}} {
		p.Click("text=Put on the agenda")
		p.Fill("label=Item", item.title)
		p.Check("input[value="+item.goal+"]", true)
		p.Fill("#item-minutes", item.minutes)
		p.Fill("label=Who brings it", item.owner)
		p.Follow("details.folded[open] button[type=submit]")
		v.reads(p, item.title)
	}
	v.reads(p, "105 of 90 minutes are planned", "15 minutes longer than the meeting")
	v.see(p, "meeting-prepare")
}

func (v *visit) useChecklist() {
	p := v.director
	p.Click("text=Use a checklist")
	p.Follow("details.folded[open] button[type=submit]")
	v.reads(p, "Agree what this meeting is for", "22 things to do")
	p.Follow("#preparations tbody tr:first-child td:nth-child(2) button")
	v.reads(p, "21 things to do", "done by Ruth Adeyemi")
	v.see(p, "meeting-checklist")
}

func (v *visit) askSomebody() {
	p := v.director
	p.Click("text=Ask somebody else")
	p.Fill("label=Person", "Nadia Fontaine")
	p.Follow("details.folded[open] button[type=submit]")
	v.reads(p, "Who is expected was changed", "Nadia Fontaine", "asked beside")
	p.Follow("#expected tbody tr:last-child td:last-child a")
	p.Fill("label=Part", "takes notes")
	p.Follow("text=Save")
	v.reads(p, "takes notes")
}

func (v *visit) printAgenda() {
	p := v.director
	p.Visit(v.organization + "/print/agenda")
	v.reads(p, "The goal for the year", "Agree on the reading goal")
	p.AsPrinted(func() { p.Screenshot("journey-print-agenda") })
	p.Visit(v.organization + "/print/sign-in")
	p.AsPrinted(func() { p.Screenshot("journey-print-sign-in") })
}

func (v *visit) runMeeting() {
	p := v.director
	p.Visit(v.organization + "/run")
	v.reads(p, "The goal for the year", "Nothing is noted yet")
	if !v.touch {
		p.Press("2")
		p.Type("We aim for 80 percent by June.")
		p.Press("Enter")
		v.reads(p, "We aim for 80 percent by June.", "decision")
	} else {
		p.Check("input[value=decision]", true)
		p.Fill("label=What", "We aim for 80 percent by June.")
		p.Click("text=Note it")
		v.reads(p, "We aim for 80 percent by June.")
	}
	v.see(p, "meeting-run")
	p.Offline(func() {
		p.Fill("label=What", "The library opens on Sundays.")
		p.Click("text=Note it")
		v.reads(p, "No connection. Kept on this device until there is one: 1.")
	})
	v.reads(p, "The library opens on Sundays.")
	p.WaitGone("text=No connection.")
	p.Follow(".run-items li:first-child button")
	v.reads(p, "Agenda item changed")
}

func (v *visit) recuseSomebody() {
	p := v.director
	p.Visit(v.organization + "/run")
	p.Follow("text=Recusals")
	v.reads(p, "Nobody is entered yet")
	p.Visit(v.organization + "/attendance")
	p.Follow(`form[action$="/attendance"] button`)
	p.Visit(v.organization + "/run")
	p.Follow("text=Recusals")
	p.Check("input[name=entry]", true)
	v.see(p, "recusals")
	p.Follow("text=Save")
	v.reads(p, "Recusals noted", "Recused:", "Left to decide: 0 of 1 voting seats that are here.")
	p.Screenshot("journey-recused")
	p.Visit(v.organization + "/print/minutes")
	v.reads(p, "Recused:")
}

func (v *visit) followUp() {
	p := v.director
	p.Visit(v.organization)
	p.Click(".head .acts summary")
	p.Follow("text=It took place")
	v.reads(p, "took place")
	p.Visit(v.organization + "/follow-up")
	v.reads(p, "Drafted from what was noted")
	if got := p.Value("label=Recap"); got == "" {
		v.t.Error("no draft")
	}
	v.see(p, "meeting-follow-up")
	p.Follow("text=Save the recap")
	v.reads(p, "Meeting changed")
	p.Follow("text=The recap is sent")
	v.reads(p, "recap sent", "We aim for 80 percent by June.")
	p.Visit(v.organization + "/print/brief")
	v.reads(p, "Decided", "Still open", "Summer program")
	p.AsPrinted(func() { p.Screenshot("journey-print-brief") })
}

func (v *visit) planSeries() {
	p := v.director
	p.Visit(v.place("series/new"))
	v.see(p, "series-new")
	p.Fill("label=Group", "Tamarack Valley Table")
	p.Fill("label=First meeting", "2027-01-12")
	p.Fill("label=Begins at", "09:00")
	p.Follow("text=Save")
	v.reads(p, "every month: second Tuesday", "Feb 9, 2027")
	v.see(p, "series")
}

func (v *visit) readTogether() {
	p := v.director
	p.Visit(v.place("working-together"))
	v.reads(p, "Seat attendance", "Organization presence", "How long members stay", "By sector")
	v.see(p, "together")
	p.Visit(v.place("working-together?as-of=2020-06-30"))
	v.reads(p, "Jul 1, 2019 to Jun 30, 2020")
	p.Visit(v.place("working-together"))
	p.Follow("text=One page for the leadership table")
	v.reads(p, "Do we do what we said we would?", "Trust", "What the table has to see to", "Vacant seats: Parents of Las Lomas")
	v.see(p, "together-brief")
	// One page means one page.
	if pages := bytes.Count(p.PDF("together-brief"), []byte("/Type /Page\n")); pages != 1 {
		v.t.Errorf("printed, it takes %d pages", pages)
	}
	p.Visit(v.place("working-together/brief?as-of=2024-12-31"))
	v.reads(p, "December 31, 2024")
	if p.Count("text=What the table has to see to") > 0 {
		v.t.Error("what waits today stands on the page of another day")
	}
}

func (v *visit) meetingInWords() {
	p := v.director
	for language, words := range map[string][]string{"fr": {"Ordre du jour", "Qui est attendu"}, "es": {"Orden del día", "A quién se espera"}} {
		v.speak(p, language)
		p.Visit(v.organization)
		v.reads(p, words...)
		p.Fits()
		p.Screenshot("journey-meeting-" + language)
		p.Visit(v.organization + "/run")
		p.Fits()
		p.Screenshot("journey-meeting-run-" + language)
	}
	v.speak(p, "en")
}
