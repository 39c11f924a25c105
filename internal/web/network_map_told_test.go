package web_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// reply is one person's answers to a wave.
type reply struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	answer func(surveys.View) []surveys.Given
}

// respond hands in what somebody answers, as their link would.
var respond = operation.Define(operation.Operation[reply, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for tests alone", Secret: true},
	Run: func(c *operation.Call, in reply) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, in.answer)
	},
})

// tells asks one person of each organization whom theirs works with, and releases the
// answers; one of ten does not answer. Who was asked before is asked again.
func tells(ctx context.Context, t *testing.T, d *doorstep, list []directory.Organization, title string, people []directory.PersonID) []directory.PersonID {
	t.Helper()
	chance := rand.New(rand.NewPCG(uint64(len(title)), 7))
	if people == nil {
		for k, o := range list {
			people = append(people, run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Teller", FamilyName: fmt.Sprint(k), OrganizationID: o.ID}).ID)
		}
	}
	w := run(t, ctx, d.app, surveys.Create, surveys.Input{InstrumentID: surveys.ShippedEdition("partner-trust", 2), Title: title})
	w = run(t, ctx, d.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: people})
	step := func(state string) {
		w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: state})
	}
	step(surveys.Open)
	for k, p := range people {
		if k%10 == 3 {
			continue
		}
		link := operation.WithActor(ctx, operation.Actor{Via: operation.ViaLink})
		run(t, link, d.app, respond, reply{w.ID, p, func(v surveys.View) []surveys.Given {
			known := map[string]map[string]*int64{}
			for range 3 {
				known[v.Roster[chance.IntN(len(v.Roster))].Key] = map[string]*int64{}
			}
			return []surveys.Given{{Question: "partners", Answer: surveys.Answer{Known: known}}}
		}})
	}
	step(surveys.Closed)
	step(surveys.Released)
	return people
}

// What was told is drawn with who did not answer, in words and tables too, with ranges;
// it is compared among those who answered both, and leaves in every form.
func TestNetworkMapTellsWhatWasTold(t *testing.T) {
	d, g, home, _, ctx := agreed(t)
	list := valley(ctx, t, d, 24)
	at := home + "network-map"
	people := tells(ctx, t, d, list, "First asked", nil)
	page := g.get(at, http.StatusOK)
	page.says(t, "told in a survey", "What was told in “First asked”", "Somebody answered for 21 of the 24", "Plausible", "Possible", `class="hollow"`, "asked, nobody answered", "nobody answered", "3 organizations were asked and did not answer", "told by both")
	page.saysNot(t, "figures are told as ranges alone", "Compare with the survey before")
	g.get(at+"?layer=told", http.StatusOK).saysNot(t, "The network as a whole")
	one := len(strings.Split(g.get(at+"/ties.csv?layer=told", http.StatusOK).body, "\n"))
	both := len(strings.Split(g.get(at+"/ties.csv?layer=told&claim=reciprocated", http.StatusOK).body, "\n"))
	if one < 40 || both >= one/2 {
		t.Errorf("%d ties told by either, %d by both", one, both)
	}
	for _, name := range []string{"network.gexf", "network.graphml", "nodes.csv"} {
		g.get(at+"/"+name+"?layer=told", http.StatusOK).says(t, "nobody answered")
	}
	g.get(at+"/ties.csv?layer=told", http.StatusOK).says(t, "First asked", "told in a survey")
	g.get(at+"?layer=declared", http.StatusOK).saysNot(t, "nobody answered", "First asked")
	today := d.clock.Now()
	d.clock.Set(today.AddDate(1, 0, 0))
	g = d.entered("ana@example.org")
	tells(ctx, t, d, list, "Asked again", people)
	again := g.get(at, http.StatusOK)
	again.says(t, "What was told in “Asked again”", "Compare with the survey before")
	compared := g.get(at+"?before="+today.AddDate(0, 0, 2).Format("2006-01-02"), http.StatusOK)
	compared.says(t, "From “First asked” to “Asked again”", "Among the 21 organizations that answered both, of the 24", "Ties between sectors")
	g.get(at+"?before="+today.AddDate(-1, 0, 0).Format("2006-01-02"), http.StatusOK).says(t, "No survey stands for one of the two days")
}
