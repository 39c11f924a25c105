package surveys

import (
	"cmp"
	"errors"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// An evergreen wave stays open: whoever answered comes back by their link to change whom
// they ticked and how they rated, and is asked nothing else again. Each change of a tick
// counts from the first day of the next month on, so that nobody who looks at the map
// from day to day sees who answered when, and what was changed and changed back within a
// month leaves no trace.

// countsFrom is the day from which what is told today is drawn.
func countsFrom(today string) (string, error) {
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return "", err
	}
	return time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
}

// settleEvergreen finds what of an evergreen wave does not go together.
func settleEvergreen(w *Wave, faults *operation.Faults) {
	if !w.Evergreen {
		return
	}
	if organizations, _ := w.content.rosters(); w.Mode == Anonymous || !organizations {
		faults.Add("evergreen", "errors.survey_evergreen") // nobody comes back to a slip, or without anybody to tick
	}
	if w.ClosesOn != "" {
		faults.Add("closes_on", "errors.survey_evergreen_ends")
	}
}

// askTellers notes that organizations are asked, each once.
func askTellers(c *operation.Call, w Wave, people []Invitee, since string) error {
	asked := map[directory.OrganizationID]bool{}
	if err := store.Each(c.Tx, func(row store.Row) error {
		var o directory.OrganizationID
		err := row.Scan(&o)
		asked[o] = true
		return err
	}, `SELECT organization_id FROM survey_tellers WHERE collaborative_id = $1 AND wave_id = $2`, w.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, v := range people {
		if !v.OrganizationID.IsZero() && !asked[v.OrganizationID] {
			asked[v.OrganizationID] = true
			rows = append(rows, []any{id.Random[tellerRow](), w.ID, v.OrganizationID, nil, false, since})
		}
	}
	return c.Tx.ExecRows(insertTellers, rows)
}

// tickedRow is a tick on record.
type tickedRow struct {
	id    tickID
	until string
	since string
}

// retell brings what is drawn of a response in line with its answers.
func retell(c *operation.Call, w Wave, r responseID, organization directory.OrganizationID, answers map[string]Answer) error {
	q, marked := w.content.drawn()
	if !marked || organization.IsZero() {
		return nil
	}
	from, err := countsFrom(c.Today())
	if err != nil {
		return err
	}
	teller, err := store.One(c.Tx, func(row store.Row) (t tellerID, err error) { return t, row.Scan(&t) },
		`SELECT id FROM survey_tellers WHERE collaborative_id = $1 AND response_id = $2`, r)
	if errors.Is(err, store.ErrNotFound) {
		teller = id.Random[tellerRow]()
		err = c.Tx.ExecRows(insertTellers, [][]any{{teller, w.ID, organization, r, true, from}})
	}
	if err != nil {
		return err
	}
	roster, err := rosterOf(c, w.ID)
	if err != nil {
		return err
	}
	wanted := map[directory.OrganizationID]bool{}
	for _, e := range roster {
		if _, ticked := answers[q.Key].Known[e.Key]; ticked && e.Of() == OfOrganizations && e.OrganizationID != organization {
			wanted[e.OrganizationID] = true
		}
	}
	standing := map[directory.OrganizationID]tickedRow{}
	if err := store.Each(c.Tx, func(row store.Row) error {
		var o directory.OrganizationID
		var t tickedRow
		err := row.Scan(&t.id, &o, &t.since, &t.until)
		if t.until == "" || t.until == from {
			standing[o] = t
		}
		return err
	}, `SELECT id, organization_id, since, until FROM survey_ties WHERE collaborative_id = $1 AND teller_id = $2`, teller); err != nil {
		return err
	}
	for o, t := range standing {
		switch {
		case wanted[o] && t.until != "": // ended this month, and ticked again
			_, err = c.Tx.Exec(`UPDATE survey_ties SET until = '' WHERE collaborative_id = $1 AND id = $2`, t.id)
		case !wanted[o] && t.since == from: // never drawn
			_, err = c.Tx.Exec(`DELETE FROM survey_ties WHERE collaborative_id = $1 AND id = $2`, t.id)
		case !wanted[o] && t.until == "":
			_, err = c.Tx.Exec(`UPDATE survey_ties SET until = $3 WHERE collaborative_id = $1 AND id = $2`, t.id, from)
		}
		if err != nil {
			return err
		}
	}
	var ticks [][]any
	for o := range wanted {
		if _, there := standing[o]; !there {
			ticks = append(ticks, []any{id.Random[tickRow](), teller, o, from, ""})
		}
	}
	return c.Tx.ExecRows(insertTicks, ticks)
}

// grow adds those invited since to an evergreen wave that is open, and their organizations
// to its roster, where they are shown as new.
func grow(c *operation.Call, w Wave, who []directory.PersonID) error {
	all, err := invited(c, w.ID)
	if err != nil {
		return err
	}
	added := map[directory.PersonID]bool{}
	for _, p := range who {
		added[p] = true
	}
	var people []Invitee
	for _, v := range all {
		if added[v.PersonID] {
			people = append(people, v)
		}
	}
	if err := freeze(c, people); err != nil {
		return err
	}
	roster, err := rosterOf(c, w.ID)
	if err != nil {
		return err
	}
	there := map[directory.OrganizationID]bool{}
	for _, e := range roster {
		there[e.OrganizationID] = true
	}
	var rows [][]any
	_, withPeople := w.content.rosters()
	for _, v := range people {
		if !v.OrganizationID.IsZero() && !there[v.OrganizationID] {
			there[v.OrganizationID] = true
			rows = append(rows, []any{id.Random[Entry](), w.ID, directory.PersonID{}, v.OrganizationID, v.Organization, v.Sector, c.Today()})
		}
		if withPeople {
			rows = append(rows, []any{id.Random[Entry](), w.ID, v.PersonID, directory.OrganizationID{}, v.Person, v.Sector, c.Today()})
		}
	}
	if len(roster)+len(rows) > mostRoster {
		return operation.InvalidField("people", "errors.survey_roster", map[string]any{"Most": mostRoster})
	}
	if err := c.Tx.ExecRows(insertRoster, rows); err != nil {
		return err
	}
	if !w.draws() {
		return nil
	}
	from, err := countsFrom(c.Today())
	if err != nil {
		return err
	}
	return askTellers(c, w, people, from)
}

// asksAgain says whether somebody who answered an evergreen wave is to be asked whether
// that is still true: nothing was kept of them, and no letter written, for so many months.
func (w Wave) asksAgain(today, kept, told string) bool {
	day, err := time.Parse(time.DateOnly, today)
	if err != nil || !w.Evergreen || w.AskAgain == 0 {
		return false
	}
	due := day.AddDate(0, -int(w.AskAgain), 0).Format(time.DateOnly)
	return cmp.Or(kept, today) <= due && told <= due
}

// keptOn are the days on which those invited who handed in answers last kept or confirmed
// them. It serves letters, and is shown to nobody.
func keptOn(c *operation.Call, w Wave) (map[inviteeID]string, error) {
	out := map[inviteeID]string{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var i inviteeID
		var on string
		err := row.Scan(&i, &on)
		out[i] = on
		return err
	}, `SELECT survey_identities.invitee_id, survey_responses.saved_on FROM survey_responses JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.response_id = survey_responses.id
		WHERE survey_responses.collaborative_id = $1 AND survey_responses.wave_id = $2 AND survey_responses.submitted = TRUE`, w.ID)
}

// Asks says whether a question is asked of whoever looks: once they handed in answers to an
// evergreen wave, those about a roster alone.
func (v View) Asks(q Question) bool { return !v.Evergreen || !v.Submitted || q.Kind == Roster }

// markNew marks what was added to the roster since somebody kept their answers last.
func (v *View) markNew(c *operation.Call, r responseID) error {
	if !v.Evergreen || !v.Submitted {
		return nil
	}
	kept, err := store.Value[string](c.Tx, `SELECT saved_on FROM survey_responses WHERE collaborative_id = $1 AND id = $2`, r)
	for k := range v.Roster {
		v.Roster[k].New = v.Roster[k].Added > kept
	}
	return err
}
