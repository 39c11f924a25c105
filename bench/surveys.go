package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/blind/blindtest"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// A wave as large as they come, and how fast answers come in.
const (
	askedPeople  = 2_000
	askedHouses  = 120 // organizations on the roster
	askedKnown   = 10  // how many of them each rates, six ratings each
	handedSecond = 500
)

const askedAll = `{"key":"bench","version":1,"minutes":5,"title":{"en":"Bench"},"factors":[{"key":"trust","title":{"en":"Trust"}}],"sections":[{"key":"one","title":{"en":"One"},"questions":[
	{"key":"know","kind":"roster","text":{"en":"Whom do you know?"},"scale":{"from":1,"to":4,"unsure":true},"roster":{"of":"organizations","rate":[
		{"key":"a","factor":"trust","text":{"en":"A"}},{"key":"b","factor":"trust","text":{"en":"B"}},{"key":"c","factor":"trust","text":{"en":"C"}},{"key":"d","text":{"en":"D"}},{"key":"e","text":{"en":"E"}},{"key":"f","text":{"en":"F"}}]}}]}]}`

// askedCut has 60 statements that are told by cuts, in two questions, for one has forty rows at most.
func askedCut() string {
	var questions []string
	for q := range 2 {
		var rows []string
		for n := range 30 {
			rows = append(rows, fmt.Sprintf(`{"key":"r%d","factor":"worth","text":{"en":"Statement %d"}}`, n, 30*q+n))
		}
		questions = append(questions, fmt.Sprintf(`{"key":"do%d","kind":"matrix","text":{"en":"Do"},"scale":{"from":1,"to":4,"unsure":true},"rows":[%s]}`, q, strings.Join(rows, ",")))
	}
	return `{"key":"cut","version":1,"minutes":5,"title":{"en":"Cut"},"factors":[{"key":"worth","title":{"en":"Worth"}}],"sections":[{"key":"one","title":{"en":"One"},"questions":[` + strings.Join(questions, ",") + `]}]}`
}

const askedFew = `{"key":"few","version":1,"minutes":1,"title":{"en":"Few"},"sections":[{"key":"one","title":{"en":"One"},"questions":[
	{"key":"do","kind":"matrix","text":{"en":"Do"},"scale":{"from":1,"to":5},"rows":[{"key":"a","text":{"en":"A"}},{"key":"b","text":{"en":"B"}},{"key":"c","text":{"en":"C"}},{"key":"d","text":{"en":"D"}},{"key":"e","text":{"en":"E"}},{"key":"f","text":{"en":"F"}},{"key":"g","text":{"en":"G"}},{"key":"h","text":{"en":"H"}}]},
	{"key":"words","kind":"text","text":{"en":"Words"}}]}]}`

// surveys measures the release of a wave of 2,000 people with 60 ratings each, with and
// without a file for an evaluator, and told by all cuts; and then how answers are taken at 500 a second.
func (b *bench) surveys(ctx context.Context) (err error) {
	folder, err := os.MkdirTemp("", "commontable-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	w, err := open(ctx, folder, b.database, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	director, err := w.director(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("surveys · %s · %d cores · %s · %d people · fsync %s\n\n", runtime.Version(), runtime.NumCPU(), w.app.Store.Engine(), askedPeople, short(fsyncCost(folder)))
	people, err := w.respondents(director)
	if err != nil {
		return err
	}
	stop, err := b.profiled()
	if err != nil {
		return err
	}
	defer stop()
	if b.wants("release") {
		for _, file := range []bool{false, true} {
			if err := w.releasing(director, people, askedAll, file); err != nil {
				return err
			}
		}
		if err := w.releasing(director, people, askedCut(), false); err != nil {
			return err
		}
	}
	for _, mode := range []string{surveys.Named, surveys.Confidential, surveys.Anonymous} {
		if b.wants(mode) {
			if err := w.answering(ctx, director, people, mode); err != nil {
				return err
			}
		}
	}
	if !b.wants("floor") || b.database != "" {
		return nil
	}
	floor, err := bareCreate(ctx, w.client, folder, 16, b.length, 0)
	fmt.Printf("floor: a bare server that inserts a row and commits it, from 16 clients: %.0f a second, p50 %s, p99 %s\n", floor.perSecond, short(floor.p50), short(floor.p99))
	return err
}

var kinds = []string{"school", "clinic", "association", "library", "fund", "office"}

// respondents are people of organizations in ten sectors and of six kinds, members for up to
// eight years; some of them sit in twelve groups.
func (w *world) respondents(director context.Context) (people []directory.PersonID, err error) {
	var houses []directory.OrganizationID
	for n := range askedHouses {
		o, err := directory.CreateOrganization.Do(director, w.app.Door, directory.OrganizationInput{Name: fmt.Sprintf("Organization %d", n), Sector: directory.Sectors[n%len(directory.Sectors)], Kinds: []string{kinds[n/7%len(kinds)]}, Status: "member", Since: fmt.Sprintf("%d-01-01", time.Now().Year()-n%9)})
		if err != nil {
			return nil, err
		}
		houses = append(houses, o.ID)
	}
	for n := range askedPeople {
		p, err := directory.CreatePerson.Do(director, w.app.Door, directory.PersonInput{GivenName: given[n%len(given)], FamilyName: fmt.Sprintf("%s %d", family[n%len(family)], n), OrganizationID: houses[n%askedHouses]})
		if err != nil {
			return nil, err
		}
		people = append(people, p.ID)
	}
	for n := range 12 {
		b, err := directory.CreateBody.Do(director, w.app.Door, directory.BodyInput{Name: fmt.Sprintf("Group %d", n), Kind: "working_group", Since: "2020-01-01"})
		if err != nil {
			return nil, err
		}
		for k := range 40 {
			if _, err := directory.CreateSeat.Do(director, w.app.Door, directory.SeatInput{BodyID: b.ID, Role: "member", From: "2020-01-01", Terms: []directory.TermInput{{PersonID: people[(n*977+k*k*31)%len(people)], From: "2020-01-01"}}}); err != nil {
				return nil, err
			}
		}
	}
	return people, nil
}

// begin opens a wave for all of them.
func (w *world) begin(director context.Context, people []directory.PersonID, instrument, mode string, file bool) (surveys.Wave, error) {
	held, err := surveys.Bring.Do(director, w.app.Door, surveys.BringInput{Format: "json", File: instrument})
	if err != nil {
		return surveys.Wave{}, err
	}
	one, err := surveys.Create.Do(director, w.app.Door, surveys.Input{InstrumentID: held.ID, Mode: mode, ForEvaluator: file})
	if err != nil {
		return one, err
	}
	if one, err = surveys.AddPeople.Do(director, w.app.Door, surveys.PeopleInput{WaveID: one.ID, People: people}); err != nil {
		return one, err
	}
	return surveys.Step.Do(director, w.app.Door, surveys.StepInput{ID: one.ID, Version: one.Version, State: surveys.Open})
}

type asking struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	N      int
}

// respond hands in ratings as somebody's link would.
var respond = operation.Define(operation.Operation[asking, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for this measurement", Secret: true},
	Run: func(c *operation.Call, in asking) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, func(v surveys.View) []surveys.Given {
			var cut []surveys.Given
			for m, key := range []string{"do0", "do1"} {
				q, asked := v.Instrument.Question(key)
				if !asked {
					break
				}
				ratings := map[string]*int64{}
				for r, row := range q.Rows {
					if mixed := (in.N*2654435761 + (30*m+r)*40503) >> 7 & 63; mixed > 2 { // else not sure
						ratings[row.Key] = new(int64(1 + mixed%4))
					} else {
						ratings[row.Key] = nil
					}
				}
				cut = append(cut, surveys.Given{Question: key, Answer: surveys.Answer{Ratings: ratings}})
			}
			if cut != nil {
				return cut
			}
			known := map[string]map[string]*int64{}
			q, _ := v.Instrument.Question("know")
			entries := v.Entries(q)
			for k := range askedKnown {
				ratings := map[string]*int64{}
				for r, key := range []string{"a", "b", "c", "d", "e", "f"} {
					ratings[key] = new(int64(1 + (in.N*7+k*3+r*5)%4))
				}
				known[entries[(in.N*13+k*11)%len(entries)].Key] = ratings
			}
			return []surveys.Given{{Question: "know", Answer: surveys.Answer{Known: known}}}
		})
	},
})

// releasing measures the release of a wave, all of it, and reading what it told.
func (w *world) releasing(director context.Context, people []directory.PersonID, instrument string, file bool) error {
	one, err := w.begin(director, people, instrument, surveys.Confidential, file)
	if err != nil {
		return err
	}
	link := operation.WithActor(director, operation.Actor{Via: operation.ViaLink})
	for n, p := range people {
		if _, err := respond.Do(link, w.app.Door, asking{one.ID, p, n}); err != nil {
			return err
		}
	}
	if one, err = surveys.Step.Do(director, w.app.Door, surveys.StepInput{ID: one.ID, Version: one.Version, State: surveys.Closed}); err != nil {
		return err
	}
	var by *[]string
	if instrument != askedAll {
		by = &surveys.Cuts
	}
	begun, spent := time.Now(), processorTime()
	if one, err = surveys.Step.Do(director, w.app.Door, surveys.StepInput{ID: one.ID, Version: one.Version, State: surveys.Released, Cuts: by}); err != nil {
		return err
	}
	took, cpu := time.Since(begun), processorTime()-spent
	begun = time.Now()
	told, err := surveys.GetResults.Do(director, w.app.Door, surveys.Ref{ID: one.ID})
	if err != nil {
		return err
	}
	if by != nil {
		groups := map[string]int{}
		for _, part := range told.Questions[0].Items[0].Parts {
			if part.Told() {
				groups[part.Cut]++
			}
		}
		fmt.Printf("by all cuts, groups told of in the first statement: %v\n", groups)
	}
	fmt.Printf("release of %d × %d ratings, file %-5t  %s (cpu %s), read again %s\n", len(people), askedKnown*6, file, short(took), short(cpu), short(time.Since(begun)))
	return nil
}

// paced sends one request for each of so many, so many a second, whether or not the
// earlier ones were answered, and gives the time each took from when it was due.
func paced(many, second int, send func(n int) error) (took []time.Duration, failed error) {
	took = make([]time.Duration, many)
	errs := make([]error, many)
	var all sync.WaitGroup
	begun, spent := time.Now(), processorTime()
	for n := range many {
		due := begun.Add(time.Duration(n) * time.Second / time.Duration(second))
		time.Sleep(time.Until(due))
		all.Go(func() {
			errs[n] = send(n)
			took[n] = time.Since(due)
		})
	}
	all.Wait()
	whole := time.Since(begun)
	slices.Sort(took)
	fmt.Printf("  %5.0f a second  p50 %-9s p99 %-9s slowest %-9s cpu of one, with the client's, %s\n", float64(many)/whole.Seconds(), short(took[many/2]), short(took[many*99/100]), short(took[many-1]), short((processorTime()-spent)/time.Duration(many)))
	return took, errors.Join(errs...)
}

// answering measures how answers come in over HTTP: first each keeps a page of answers, or
// takes a slip, then each hands in.
func (w *world) answering(ctx, director context.Context, people []directory.PersonID, mode string) error {
	one, err := w.begin(director, people, askedFew, mode, false)
	if err != nil {
		return err
	}
	// With a slip's key, which is made when the first letters are written.
	if _, err := w.app.Surveys.Invite.Do(director, w.app.Door, surveys.InviteInput{ID: one.ID}); err != nil {
		return err
	}
	links, err := w.surveyLinks(director, one.ID)
	if err != nil {
		return err
	}
	post := func(address string, form url.Values, want string) (string, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+address, strings.NewReader(form.Encode()))
		if err != nil {
			return "", err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", w.base)
		status, answer, err := send(w.client, r)
		if err == nil && (status >= 400 || !strings.Contains(string(answer), want)) {
			err = fmt.Errorf("%d %.300s", status, answer)
		}
		return string(answer), err
	}
	answers := func(n int) url.Values {
		v := url.Values{"page": {"1"}, "a.words": {fmt.Sprintf("What somebody writes, at some length, as people do: %d", n)}}
		for k, key := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			v.Set("a.do."+key, fmt.Sprint(1+(n+k)%5))
		}
		return v
	}
	if mode != surveys.Anonymous {
		fmt.Printf("%s: a page of answers kept\n", mode)
		if _, err := paced(len(links), handedSecond, func(n int) error {
			_, err := post(links[n], answers(n), "")
			return err
		}); err != nil {
			return err
		}
		fmt.Printf("%s: handed in\n", mode)
		_, err = paced(len(links), handedSecond, func(n int) error {
			_, err := post(links[n], url.Values{"page": {"2"}, "do": {"submit"}}, "")
			return err
		})
		return errors.Join(err, w.allAnswered(director, one.ID, len(links)))
	}
	_, view, err := w.app.Surveys.Look(ctx, w.app.Door, strings.TrimPrefix(links[0], access.PathSurvey))
	if err != nil {
		return err
	}
	at, err := url.Parse(view.Door)
	if err != nil {
		return err
	}
	var nobody drawer
	slips := make([]*blindtest.Slip, len(links))
	for n := range slips {
		slips[n] = blindtest.Draw(nobody, view.Key)
	}
	signed := make([]string, len(links))
	fmt.Printf("%s: a slip given\n", mode)
	if _, err := paced(len(links), handedSecond, func(n int) error {
		body, err := post(links[n]+"/slip", url.Values{"blinded": {slips[n].Blinded}}, "signed")
		var answer struct{ Signed string }
		if err == nil {
			err = json.Unmarshal([]byte(body), &answer)
		}
		signed[n] = answer.Signed
		return err
	}); err != nil {
		return err
	}
	for n, s := range slips {
		s.Signed(nobody, signed[n])
	}
	fmt.Printf("%s: handed in\n", mode)
	_, err = paced(len(links), handedSecond, func(n int) error {
		v := answers(n)
		v.Del("page")
		v.Set("token", slips[n].Token)
		v.Set("signature", slips[n].Signature)
		v.Set("spoken", "en")
		_, err := post(at.EscapedPath(), v, "taken")
		return err
	})
	return errors.Join(err, w.allAnswered(director, one.ID, len(links)))
}

// drawer draws slips as a browser does.
type drawer struct{ testing.TB }

func (drawer) Helper()           {}
func (drawer) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func (w *world) allAnswered(director context.Context, i surveys.WaveID, want int) error {
	one, err := surveys.Get.Do(director, w.app.Door, surveys.Ref{ID: i})
	if err == nil && one.Answered != int64(want) {
		err = fmt.Errorf("%d of %d have answered", one.Answered, want)
	}
	return err
}

// surveyLinks makes a link of their own for everybody who is invited.
func (w *world) surveyLinks(director context.Context, wave surveys.WaveID) (links []string, err error) {
	type invitee struct{}
	op := operation.Define(operation.Operation[surveys.Ref, []string]{
		Definition: operation.Definition{ID: "survey-waves.invite", Summary: "Makes links", BrowserOnly: "for this measurement", Secret: true},
		Run: func(c *operation.Call, in surveys.Ref) (out []string, err error) {
			c.Continue()
			all, err := store.Collect(c.Tx, func(row store.Row) (i id.Of[invitee], err error) { return i, row.Scan(&i) }, `SELECT id FROM survey_invitees WHERE collaborative_id = $1 AND wave_id = $2`, in.ID)
			for _, i := range all {
				if err != nil {
					return nil, err
				}
				var address string
				address, err = w.app.Access.NewLetterLink(c, access.AnswerSurvey, access.PathSurvey, i, "", c.Now.Add(time.Hour))
				out = append(out, strings.TrimPrefix(address, w.base))
			}
			return out, err
		},
	})
	return op.Do(director, w.app.Door, surveys.Ref{ID: wave})
}
