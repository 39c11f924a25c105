package surveys

import (
	"cmp"
	"maps"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// DrawnWave is a released wave whose ticks the network map draws.
type DrawnWave struct {
	ID            WaveID
	Title         string
	InstrumentKey string
	Since         string // the day it was closed, from which on it is drawn
	Until         string // the day from which on the next one is; empty while there is none
	// Answered says of each organization that was asked whether anybody answered for it.
	Answered map[directory.OrganizationID]bool
	Ticks    []Tick // each once

	evergreen bool
	tellers   []datedTeller
	ticks     []datedTick
}

// datedTeller and datedTick are of evergreen waves: until is the first day on which
// something no longer counts, empty while it does.
type datedTeller struct {
	organization directory.OrganizationID
	answered     bool
	since        string
}

type datedTick struct {
	Tick
	since, until string
}

// On says whether the wave is what is drawn on a day.
func (w DrawnWave) On(day string) bool { return w.Since <= day && (w.Until == "" || w.Until > day) }

// At is the wave as it stood on a day: of an evergreen one what was answered and ticked by
// then, of any other all of it.
func (w DrawnWave) At(day string) DrawnWave {
	if !w.evergreen {
		return w
	}
	w.Answered, w.Ticks = map[directory.OrganizationID]bool{}, nil
	for _, t := range w.tellers {
		if t.since <= day {
			w.Answered[t.organization] = w.Answered[t.organization] || t.answered
		}
	}
	w.Ticks, w.evergreen = ticked(w.ticks, day, day), false
	return w
}

// Evergreen says whether what was told changes from day to day.
func (w DrawnWave) Evergreen() bool { return w.evergreen }

// During are the ticks that stood on some day from one to another, the last not included
// and "" the end of time.
func (w DrawnWave) During(from, to string) []Tick {
	switch {
	case to != "" && w.Since >= to || w.Until != "" && w.Until <= from:
		return nil
	case !w.evergreen:
		return w.Ticks
	case to == "":
		return ticked(w.ticks, from, "9999-12-31")
	}
	return ticked(w.ticks, from, to)
}

// ticked are the ticks that stood on some day from one to another, each once.
func ticked(list []datedTick, from, to string) (out []Tick) {
	seen := map[Tick]bool{}
	for _, t := range list {
		if t.since <= to && (t.until == "" || t.until > from) && !seen[t.Tick] {
			seen[t.Tick] = true
			out = append(out, t.Tick)
		}
	}
	return out
}

// Tick is that an organization ticked another.
type Tick struct{ From, To directory.OrganizationID }

type (
	tellerID = id.Of[tellerRow]
	tickID   = id.Of[tickRow]
)

// tellTies notes what the network map draws of a wave: which organizations were asked, for
// which somebody answered, and whom these ticked. It knows of ratings nothing.
func tellTies(c *operation.Call, w Wave) error {
	q, marked := w.content.drawn()
	if !marked {
		return nil
	}
	people, err := invited(c, w.ID)
	if err != nil {
		return err
	}
	roster, err := rosterOf(c, w.ID)
	if err != nil {
		return err
	}
	list, err := responses(c, w)
	if err != nil {
		return err
	}
	at := map[string]directory.OrganizationID{}
	for _, e := range roster {
		if e.Of() == OfOrganizations {
			at[e.Key] = e.OrganizationID
		}
	}
	var tellers, ticks [][]any
	asked := map[directory.OrganizationID]bool{}
	for _, v := range people {
		if !v.OrganizationID.IsZero() && !asked[v.OrganizationID] {
			asked[v.OrganizationID] = true
			tellers = append(tellers, []any{id.Random[tellerRow](), w.ID, v.OrganizationID, nil, false, ""})
		}
	}
	for _, r := range list {
		if r.OrganizationID.IsZero() {
			continue // who belongs to none tells of no organization
		}
		teller := id.Random[tellerRow]()
		tellers = append(tellers, []any{teller, w.ID, r.OrganizationID, r.id, true, ""})
		for key := range r.Answers[q.Key].Known {
			if to, known := at[key]; known && to != r.OrganizationID {
				ticks = append(ticks, []any{id.Random[tickRow](), teller, to, "", ""})
			}
		}
	}
	if err := c.Tx.ExecRows(insertTellers, tellers); err != nil {
		return err
	}
	return c.Tx.ExecRows(insertTicks, ticks)
}

const (
	insertTellers = `INSERT INTO survey_tellers (collaborative_id, id, wave_id, organization_id, response_id, answered, since) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	insertTicks   = `INSERT INTO survey_ties (collaborative_id, id, teller_id, organization_id, since, until) VALUES ($1, $2, $3, $4, $5, $6)`
)

// DrawnWaves are all waves whose ticks are drawn, the earliest first. Of one instrument
// each stands until the next is drawn; an evergreen one is drawn from the day on which as
// many organizations have answered as figures ask for. It checks no permission: it is for
// operations of packages above, which do.
func DrawnWaves(c *operation.Call) ([]DrawnWave, error) {
	all, err := store.Collect(c.Tx, func(row store.Row) (w DrawnWave, err error) {
		w.Answered = map[directory.OrganizationID]bool{}
		return w, row.Scan(&w.ID, &w.Title, &w.InstrumentKey, &w.Since, &w.evergreen)
	}, `SELECT id, title, instrument_key, closed_on, evergreen FROM survey_waves WHERE collaborative_id = $1 AND deleted_at IS NULL AND (state = 'released' OR evergreen = TRUE)
		AND EXISTS (SELECT 1 FROM survey_tellers WHERE survey_tellers.collaborative_id = $1 AND survey_tellers.wave_id = survey_waves.id)`)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	at := map[WaveID]*DrawnWave{}
	for k := range all {
		at[all[k].ID] = &all[k]
	}
	if err := readTellers(c, at); err != nil {
		return nil, err
	}
	if err := readTicks(c, at); err != nil {
		return nil, err
	}
	minimum, err := surveyMinimum(c)
	if err != nil {
		return nil, err
	}
	var list []DrawnWave
	for k := range all {
		if all[k].begin(int(minimum)) {
			list = append(list, all[k])
		}
	}
	return inTurn(list), nil
}

// begin finds the day from which an evergreen wave is drawn, and says whether there is one.
func (w *DrawnWave) begin(minimum int) bool {
	if !w.evergreen {
		return true
	}
	first := map[directory.OrganizationID]string{}
	for _, t := range w.tellers {
		if since, again := first[t.organization]; t.answered && (!again || t.since < since) {
			first[t.organization] = t.since
		}
	}
	days := slices.Sorted(maps.Values(first))
	if len(days) < minimum || minimum < 1 {
		return false
	}
	w.Since = days[minimum-1]
	return true
}

// inTurn puts waves in their order, each until the next of its instrument.
func inTurn(list []DrawnWave) []DrawnWave {
	slices.SortFunc(list, func(a, b DrawnWave) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	for k := range list {
		for _, later := range list[k+1:] {
			if later.InstrumentKey == list[k].InstrumentKey {
				list[k].Until = later.Since
				break
			}
		}
	}
	return list
}

func readTellers(c *operation.Call, at map[WaveID]*DrawnWave) error {
	return store.Each(c.Tx, func(row store.Row) error {
		var wave WaveID
		var t datedTeller
		err := row.Scan(&wave, &t.organization, &t.answered, &t.since)
		if w := at[wave]; w != nil {
			w.tellers = append(w.tellers, t)
			w.Answered[t.organization] = w.Answered[t.organization] || t.answered
		}
		return err
	}, `SELECT wave_id, organization_id, answered, since FROM survey_tellers WHERE collaborative_id = $1`)
}

func readTicks(c *operation.Call, at map[WaveID]*DrawnWave) error {
	seen := map[WaveID]map[Tick]bool{}
	return store.Each(c.Tx, func(row store.Row) error {
		var wave WaveID
		var t datedTick
		err := row.Scan(&wave, &t.From, &t.To, &t.since, &t.until)
		w := at[wave]
		if w == nil || t.From == t.To { // two that were merged
			return err
		}
		w.ticks = append(w.ticks, t)
		if seen[wave] == nil {
			seen[wave] = map[Tick]bool{}
		}
		if !seen[wave][t.Tick] {
			seen[wave][t.Tick] = true
			w.Ticks = append(w.Ticks, t.Tick)
		}
		return err
	}, `SELECT survey_tellers.wave_id, survey_tellers.organization_id, survey_ties.organization_id, survey_ties.since, survey_ties.until FROM survey_ties
		JOIN survey_tellers ON survey_tellers.collaborative_id = $1 AND survey_tellers.id = survey_ties.teller_id WHERE survey_ties.collaborative_id = $1`)
}
