package surveys

import (
	"cmp"
	"encoding/json"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// SnapshotInput names an evergreen wave.
type SnapshotInput struct {
	ID    WaveID `json:"id"`
	Title string `json:"title,omitempty" maxLength:"200" doc:"The wave's with the day when absent."`
}

// Snapshot releases the figures of an evergreen wave as they stand today, as a released
// wave of its own. The wave itself stays open.
var Snapshot = operation.Define(operation.Operation[SnapshotInput, Wave]{
	Definition: operation.Definition{ID: "survey-waves.snapshot", Summary: "Releases the figures of an evergreen survey wave as they stand, as a wave of their own; the wave stays open", Method: "POST", Path: "/survey-waves/{id}/snapshots"},
	Run:        snapshot,
})

func snapshot(c *operation.Call, in SnapshotInput) (Wave, error) {
	w, err := get(c, in.ID)
	switch {
	case err != nil:
		return w, err
	case w.DeletedAt != nil:
		return w, operation.Missing()
	case !w.Evergreen || w.State != Open:
		return w, operation.InvalidField("id", "errors.survey_snapshot")
	}
	figures, err := standing(c, w, "id")
	if err != nil {
		return w, err
	}
	s := Wave{ID: id.New[Wave](), Title: cmp.Or(in.Title, w.Title+", "+c.Today()), InstrumentKey: w.InstrumentKey, Edition: w.Edition, Languages: w.Languages, Mode: w.Mode, SnapshotOf: w.ID, State: Released, ClosedOn: c.Today(), Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if s.content, err = w.content.undrawn(); err != nil {
		return w, err
	}
	s.tell(c)
	if err := insert(c, s); err != nil {
		return w, err
	}
	if err := copyAnswers(c, w, s); err != nil {
		return w, err
	}
	if err := keepFigures(c, s.ID, figures); err != nil {
		return w, err
	}
	if s, err = waves.Added(c, s); err != nil {
		return s, err
	}
	return told(c, s)
}

// standing are the figures of an evergreen wave as it stands.
func standing(c *operation.Call, w Wave, field string) (out Results, err error) {
	minimum, err := surveyMinimum(c)
	if err != nil {
		return out, err
	}
	list, err := handedIn(c, w)
	if err != nil {
		return out, err
	}
	if int64(len(list)) < minimum {
		return out, operation.InvalidField(field, "errors.survey_few", map[string]any{"Least": minimum})
	}
	earlier, err := snapshotsOf(c, w)
	if err != nil {
		return out, err
	}
	roster, err := rosterOf(c, w.ID)
	if err != nil {
		return out, err
	}
	counted := []Wave{w}
	if err := count(c, counted); err != nil {
		return out, err
	}
	out = w.content.snapshotFigures(list, roster, earlier, survey.Rules{Mean: int(minimum), Spread: survey.Usual.Spread})
	out.Invited = counted[0].Invited
	return out, nil
}

func keepFigures(c *operation.Call, w WaveID, figures Results) error {
	_, err := c.Tx.Exec(`INSERT INTO survey_releases (collaborative_id, id, released_on, figures) VALUES ($1, $2, $3, $4)`, w, c.Today(), store.JSON(figures))
	return err
}

// releaseEvergreen tells the figures of an evergreen wave that was closed, by the same
// rules as its snapshots: they would differ from those by single answers.
func releaseEvergreen(c *operation.Call, w Wave) error {
	figures, err := standing(c, w, "state")
	if err != nil {
		return err
	}
	return keepFigures(c, w.ID, figures)
}

// undrawn is the instrument without the mark: the wave itself is drawn, not what is
// released of it.
func (i Instrument) undrawn() (out Instrument, err error) {
	raw, err := json.Marshal(i)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	for s := range out.Sections {
		for q := range out.Sections[s].Questions {
			if r := out.Sections[s].Questions[q].Roster; r != nil {
				r.Drawn = false
			}
		}
	}
	return out, err
}

// taken is an earlier snapshot: what it told, and the answers behind it that are left.
type taken struct {
	figures   Results
	responses []Response
	roster    []Entry
}

// snapshotsOf are the earlier snapshots of a wave, the latest first.
func snapshotsOf(c *operation.Call, w Wave) (out []taken, err error) {
	list, err := store.Collect(c.Tx, scan, `SELECT `+columns+` FROM survey_waves WHERE collaborative_id = $1 AND snapshot_of = $2 ORDER BY created_at DESC, id DESC`, w.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		var t taken
		if t.figures, err = releasedFigures(c, s.ID); err != nil {
			return nil, err
		}
		if t.responses, err = responses(c, s); err != nil {
			return nil, err
		}
		if t.roster, err = rosterOf(c, s.ID); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// copyAnswers keeps with a snapshot what it was made of, so that the next one can be
// compared with it.
func copyAnswers(c *operation.Call, w, s Wave) error {
	roster, err := rosterOf(c, w.ID)
	if err != nil {
		return err
	}
	keys := map[string]string{}
	var entries [][]any
	for _, e := range roster {
		i := id.Random[Entry]()
		keys[e.Key] = i.Short()
		entries = append(entries, []any{i, s.ID, e.PersonID, e.OrganizationID, e.Name, e.Sector, e.Added})
	}
	if err := c.Tx.ExecRows(insertRoster, entries); err != nil {
		return err
	}
	people, err := invited(c, w.ID)
	if err != nil {
		return err
	}
	var invitees, records, identities, answers [][]any
	for _, v := range people {
		i := id.Random[inviteeRow]()
		invitees = append(invitees, []any{i, s.ID, v.PersonID, v.OrganizationID, v.Organization, v.Sector, store.JSON(v.Bodies), store.JSON(v.Kinds), v.MemberBand, "", int64(0), ""})
		before, submitted, err := responseOf(c, v.id)
		if err != nil {
			return err
		}
		if !submitted {
			continue
		}
		theirs, err := answersOf(c, before)
		if err != nil {
			return err
		}
		r := id.Random[Response]()
		records = append(records, []any{r, s.ID, true, c.Today()})
		identities = append(identities, []any{i, r})
		for question, a := range theirs {
			if a.Known != nil {
				known := map[string]map[string]*int64{}
				for key, ratings := range a.Known {
					known[keys[key]] = ratings
				}
				a.Known = known
			}
			answers = append(answers, []any{r, question, store.JSON(a)})
		}
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_invitees (collaborative_id, id, wave_id, person_id, organization_id, organization, sector, bodies, kinds, member_band, declined_on, letters, told_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, invitees); err != nil {
		return err
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_responses (collaborative_id, id, wave_id, submitted, saved_on) VALUES ($1, $2, $3, $4, $5)`, records); err != nil {
		return err
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_identities (collaborative_id, invitee_id, response_id) VALUES ($1, $2, $3)`, identities); err != nil {
		return err
	}
	return c.Tx.ExecRows(`INSERT INTO survey_answers (collaborative_id, response_id, question, answer) VALUES ($1, $2, $3, $4)`, answers)
}

// forgetSnapshots takes away what snapshots of a wave keep of somebody's answers.
func forgetSnapshots(c *operation.Call, w WaveID, person directory.PersonID) error {
	list, err := store.Collect(c.Tx, func(row store.Row) (r responseID, err error) { return r, row.Scan(&r) },
		`SELECT survey_identities.response_id FROM survey_waves
		JOIN survey_invitees ON survey_invitees.collaborative_id = $1 AND survey_invitees.wave_id = survey_waves.id AND survey_invitees.person_id = $3
		JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.invitee_id = survey_invitees.id
		WHERE survey_waves.collaborative_id = $1 AND survey_waves.snapshot_of = $2`, w, person)
	for _, r := range list {
		if err == nil {
			err = forget(c, r)
		}
	}
	return err
}
