package surveys

import (
	"cmp"
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
}

// On says whether the wave is what is drawn on a day.
func (w DrawnWave) On(day string) bool { return w.Since <= day && (w.Until == "" || w.Until > day) }

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
			tellers = append(tellers, []any{id.Random[tellerRow](), w.ID, v.OrganizationID, nil, false})
		}
	}
	for _, r := range list {
		if r.OrganizationID.IsZero() {
			continue // who belongs to none tells of no organization
		}
		teller := id.Random[tellerRow]()
		tellers = append(tellers, []any{teller, w.ID, r.OrganizationID, r.id, true})
		for key := range r.Answers[q.Key].Known {
			if to, known := at[key]; known && to != r.OrganizationID {
				ticks = append(ticks, []any{id.Random[tickRow](), teller, to})
			}
		}
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_tellers (collaborative_id, id, wave_id, organization_id, response_id, answered) VALUES ($1, $2, $3, $4, $5, $6)`, tellers); err != nil {
		return err
	}
	return c.Tx.ExecRows(`INSERT INTO survey_ties (collaborative_id, id, teller_id, organization_id) VALUES ($1, $2, $3, $4)`, ticks)
}

// DrawnWaves are all waves whose ticks are drawn, the earliest first. Of one instrument
// each stands until the next is drawn. It checks no permission: it is for operations of
// packages above, which do.
func DrawnWaves(c *operation.Call) ([]DrawnWave, error) {
	list, err := store.Collect(c.Tx, func(row store.Row) (w DrawnWave, err error) {
		w.Answered = map[directory.OrganizationID]bool{}
		return w, row.Scan(&w.ID, &w.Title, &w.InstrumentKey, &w.Since)
	}, `SELECT id, title, instrument_key, closed_on FROM survey_waves WHERE collaborative_id = $1 AND deleted_at IS NULL AND state = 'released'
		AND EXISTS (SELECT 1 FROM survey_tellers WHERE survey_tellers.collaborative_id = $1 AND survey_tellers.wave_id = survey_waves.id)`)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	slices.SortFunc(list, func(a, b DrawnWave) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	at := map[WaveID]*DrawnWave{}
	for k := range list {
		w := &list[k]
		at[w.ID] = w
		for _, later := range list[k+1:] {
			if later.InstrumentKey == w.InstrumentKey {
				w.Until = later.Since
				break
			}
		}
	}
	if err := store.Each(c.Tx, func(row store.Row) error {
		var wave WaveID
		var organization directory.OrganizationID
		var answered bool
		err := row.Scan(&wave, &organization, &answered)
		if w := at[wave]; w != nil {
			w.Answered[organization] = w.Answered[organization] || answered
		}
		return err
	}, `SELECT wave_id, organization_id, answered FROM survey_tellers WHERE collaborative_id = $1`); err != nil {
		return nil, err
	}
	seen := map[WaveID]map[Tick]bool{}
	return list, store.Each(c.Tx, func(row store.Row) error {
		var wave WaveID
		var t Tick
		err := row.Scan(&wave, &t.From, &t.To)
		w := at[wave]
		if w == nil || t.From == t.To { // two that were merged
			return err
		}
		if seen[wave] == nil {
			seen[wave] = map[Tick]bool{}
		}
		if !seen[wave][t] {
			seen[wave][t] = true
			w.Ticks = append(w.Ticks, t)
		}
		return err
	}, `SELECT survey_tellers.wave_id, survey_tellers.organization_id, survey_ties.organization_id FROM survey_ties
		JOIN survey_tellers ON survey_tellers.collaborative_id = $1 AND survey_tellers.id = survey_ties.teller_id WHERE survey_ties.collaborative_id = $1`)
}
