package surveys

import (
	"slices"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// release works out what a wave tells, and keeps it. It is done once: a second figure of
// the same answers, with one more or one less, would tell of that one.
func release(c *operation.Call, w Wave, by []string) error {
	list, err := responses(c, w)
	if err != nil {
		return err
	}
	minimum, err := surveyMinimum(c)
	if err != nil {
		return err
	}
	if int64(len(list)) < minimum {
		return operation.InvalidField("state", "errors.survey_few", map[string]any{"Least": minimum})
	}
	before, err := earlierOf(c, w, minimum)
	if err != nil {
		return err
	}
	roster, err := rosterOf(c, w.ID)
	if err != nil {
		return err
	}
	counted := []Wave{w}
	if err := count(c, counted); err != nil {
		return err
	}
	rules := survey.Rules{Mean: int(minimum), Spread: survey.Usual.Spread}
	cuts, named := cutBySeveral(by, list)
	filed := false
	if w.ForEvaluator {
		file := w.content.file(list, roster, rules)
		if err := keepFile(c, w, file, int64(len(list))); err != nil {
			return err
		}
		if file.why == "" {
			cuts, filed = file.cuts(cuts), true // see survey.Classes
		}
	}
	figures := w.content.told(list, cuts, filed, before, rules)
	figures.Invited, figures.Cuts = counted[0].Invited, named
	places := w.content.places(&figures, list, roster, before, rules)
	if w.Mode == Anonymous {
		// Whether an organization's own people were among those who rated it, or all raters
		// came from one, is not known: neither can be left out.
		places = nil
	}
	if _, err := c.Tx.Exec(`INSERT INTO survey_releases (collaborative_id, id, released_on, figures) VALUES ($1, $2, $3, $4)`, w.ID, c.Today(), store.JSON(figures)); err != nil {
		return err
	}
	var rows [][]any
	for organization, place := range places {
		rows = append(rows, []any{w.ID, organization, store.JSON(place)})
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_places (collaborative_id, wave_id, organization_id, figures) VALUES ($1, $2, $3, $4)`, rows); err != nil {
		return err
	}
	return keepComments(c, w, list)
}

// keepComments copies what was written, each under an id that says nothing of where it
// came from, so that what one person wrote in two answers cannot be put together.
func keepComments(c *operation.Call, w Wave, list []Response) error {
	var rows [][]any
	for q := range w.content.questions {
		written := q.comments(list)
		if len(written) < leastComments {
			continue
		}
		for _, text := range written {
			rows = append(rows, []any{id.Random[Comment](), w.ID, q.Key, text})
		}
	}
	return c.Tx.ExecRows(`INSERT INTO survey_comments (collaborative_id, theme, shown, version, id, wave_id, question, text) VALUES ($1, '', FALSE, 1, $2, $3, $4, $5)`, rows)
}

// earlierOf reads the wave that w follows, if that one was released; nil otherwise.
func earlierOf(c *operation.Call, w Wave, minimum int64) (*earlier, error) {
	if w.FollowsID.IsZero() {
		return nil, nil
	}
	before, err := get(c, w.FollowsID)
	if err != nil || before.State != Released || before.InstrumentKey != w.InstrumentKey {
		return nil, operation.IgnoreMissing(err)
	}
	out := &earlier{content: &before.content}
	if out.figures, err = releasedFigures(c, before.ID); err != nil {
		return nil, err
	}
	if out.responses, err = responses(c, before); err != nil {
		return nil, err
	}
	if int64(len(out.responses)) != out.figures.Answered {
		// Somebody was erased since. What would be worked out anew differs from what was
		// told by that one's answers, so that nothing of single items is compared.
		out.responses, out.content = nil, &Instrument{}
		return out, nil
	}
	file, err := fileOf(c, before.ID)
	if err := operation.IgnoreMissing(err); err != nil {
		return nil, err
	}
	var by []string
	for _, cut := range out.figures.Cuts {
		by = append(by, cut.Key)
	}
	out.cuts, _ = cutBySeveral(by, out.responses)
	if out.filed = err == nil && file.Why == ""; out.filed {
		out.cuts = evaluatorFile{classes: classes(out.responses, survey.Rules{Mean: int(minimum), Spread: survey.Usual.Spread})}.cuts(out.cuts)
	}
	// Those of the earlier wave whose mean was told by comparing it with another one.
	others, err := store.Collect(c.Tx, scan, `SELECT `+columns+` FROM survey_waves WHERE collaborative_id = $1 AND follows_id = $2 AND id <> $3 AND state = 'released'`, before.ID, w.ID)
	if err != nil {
		return nil, err
	}
	if !before.FollowsID.IsZero() {
		first, err := get(c, before.FollowsID)
		if err := operation.IgnoreMissing(err); err != nil {
			return nil, err
		}
		if err == nil && first.State == Released {
			others = append(others, first)
		}
	}
	for _, other := range others {
		theirs, err := responses(c, other)
		if err != nil {
			return nil, err
		}
		var group []int
		for _, pair := range matches(out, theirs) {
			group = append(group, pair.Before)
		}
		slices.Sort(group)
		out.told = append(out.told, group)
	}
	return out, nil
}

func releasedFigures(c *operation.Call, w WaveID) (r Results, err error) {
	return store.One(c.Tx, func(row store.Row) (Results, error) {
		var s stored
		err := row.Scan(store.ScanJSON(&s))
		return s.read(), err
	}, `SELECT figures FROM survey_releases WHERE collaborative_id = $1 AND id = $2`, w)
}

// Told is a released wave with its figures and the instrument they belong to.
type Told struct {
	WaveID     WaveID     `json:"wave_id"`
	Title      string     `json:"title"`
	Instrument Instrument `json:"instrument" doc:"The instrument as it was asked."`
	Mode       string     `json:"mode"`
	ReleasedOn string     `json:"released_on"`
	FollowsID  WaveID     `json:"follows_id,omitempty"`
	Follows    string     `json:"follows,omitempty" doc:"Title of the earlier wave."`
	Least      int64      `json:"least" doc:"How many answers stand behind a mean at least."`
	Results
}

// Brief is a released wave in a list.
type Brief struct {
	WaveID     WaveID    `json:"wave_id"`
	Title      string    `json:"title"`
	Instrument string    `json:"instrument" doc:"The instrument's title."`
	Key        string    `json:"instrument_key"`
	ReleasedOn string    `json:"released_on"`
	Invited    int64     `json:"invited"`
	Answered   int64     `json:"answered"`
	Measures   []Measure `json:"measures,omitempty" doc:"The scores of what was measured, among everybody."`
}

// Measure is the score of a factor, with its words and the ends of its scale.
type Measure struct {
	Key   string        `json:"key"`
	Title string        `json:"title" doc:"In your language where the instrument has it."`
	From  float64       `json:"from"`
	To    float64       `json:"to"`
	All   survey.Figure `json:"all"`
}

// measures are the scores of a release with their words.
func (i *Instrument) measures(r Results, language string) (out []Measure) {
	for _, f := range r.Factors {
		m := Measure{Key: f.Key, All: f.All}
		m.From, m.To = i.ScaleOf(f.Key)
		for _, known := range i.Factors {
			if known.Key == f.Key {
				m.Title = known.Title.In(language)
			}
		}
		out = append(out, m)
	}
	return out
}

// ScaleOf are the ends of the scale on which a factor is measured: those of the first
// question that belongs to it; 0 and 0 if none does.
func (i *Instrument) ScaleOf(factor string) (from, to float64) {
	for q := range i.questions {
		if q.Scale == nil {
			continue
		}
		rows := q.Rows
		if q.Roster != nil {
			rows = q.Roster.Rate
		}
		if q.Factor == factor || slices.ContainsFunc(rows, func(r Row) bool { return r.Factor == factor }) {
			return float64(q.Scale.From), float64(q.Scale.To)
		}
	}
	return 0, 0
}

// FactorTitle is what a factor is called, in the first of some languages that has it; its
// key where the instrument does not know it.
func (i *Instrument) FactorTitle(key string, languages ...string) string {
	for _, f := range i.Factors {
		if f.Key == key {
			return f.Title.In(languages...)
		}
	}
	return key
}

// PartTitle is what a row, a rating or a choice of a question says; "" where it has none
// of that key.
func (q Question) PartTitle(key string, languages ...string) string {
	rows := q.Rows
	if q.Roster != nil {
		rows = q.Roster.Rate
	}
	for _, r := range rows {
		if r.Key == key {
			return r.Text.In(languages...)
		}
	}
	for _, c := range q.Choices {
		if c.Key == key {
			return c.Text.In(languages...)
		}
	}
	return ""
}

// ListResultsInput says which: all when empty.
type ListResultsInput struct {
	Key    string `json:"instrument_key,omitempty" maxLength:"40" doc:"Only waves that asked this instrument."`
	Until  string `json:"until,omitempty" format:"date" doc:"Only waves released by this day."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListResults lists the waves whose figures are released, the newest first.
var ListResults = operation.Define(operation.Operation[ListResultsInput, operation.Page[Brief]]{
	Definition: operation.Definition{ID: "survey-results.list", Summary: "Lists the survey waves whose figures are released", ReadOnly: true, Method: "GET", Path: "/survey-results"},
	Run: func(c *operation.Call, in ListResultsInput) (operation.Page[Brief], error) {
		q := store.Select(`SELECT survey_waves.id, survey_waves.title, survey_waves.instrument_key, survey_waves.content, survey_releases.released_on, survey_releases.figures FROM survey_releases
			JOIN survey_waves ON survey_waves.collaborative_id = $1 AND survey_waves.id = survey_releases.id
			WHERE survey_releases.collaborative_id = $1 AND survey_waves.deleted_at IS NULL`)
		if in.Key != "" {
			q.Where(`survey_waves.instrument_key = ?`, in.Key)
		}
		if in.Until != "" {
			q.Where(`survey_releases.released_on <= ?`, in.Until)
		}
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"survey_releases.released_on", "survey_releases.id"}, Types: "sb", Descending: true}, func(row store.Row) (b Brief, err error) {
			var content Instrument
			var r Results
			err = row.Scan(&b.WaveID, &b.Title, &b.Key, store.ScanJSON(&content), &b.ReleasedOn, store.ScanJSON(&r))
			b.Instrument, b.Invited, b.Answered = content.Title.In(i18n.Language(c.Context()), c.Collaborative.Language), r.Invited, r.Answered
			b.Measures = content.measures(r, i18n.Language(c.Context()))
			return b, err
		}, func(b Brief) []any { return []any{b.ReleasedOn, b.WaveID[:]} })
		page.Total = -1
		return page, err
	},
})

// GetResults reads the figures of a released wave.
var GetResults = operation.Define(operation.Operation[Ref, Told]{
	Definition: operation.Definition{ID: "survey-results.get", Summary: "Reads the figures of a released survey wave", ReadOnly: true, Method: "GET", Path: "/survey-results/{id}"},
	Run: func(c *operation.Call, in Ref) (t Told, err error) {
		w, err := releasedWave(c, in.ID)
		if err != nil {
			return t, err
		}
		t = Told{WaveID: w.ID, Title: w.Title, Instrument: w.content, Mode: w.Mode, FollowsID: w.FollowsID}
		t.Results, err = store.One(c.Tx, func(row store.Row) (Results, error) {
			var s stored
			err := row.Scan(&t.ReleasedOn, store.ScanJSON(&s))
			return s.read(), err
		}, `SELECT released_on, figures FROM survey_releases WHERE collaborative_id = $1 AND id = $2`, w.ID)
		if err != nil {
			return t, err
		}
		if t.Least, err = surveyMinimum(c); err != nil || w.FollowsID.IsZero() {
			return t, err
		}
		before, err := get(c, w.FollowsID)
		t.Follows = before.Title
		return t, operation.IgnoreMissing(err)
	},
})

// releasedWave is a wave whose figures may be read; any other is not there, whoever asks.
func releasedWave(c *operation.Call, i WaveID) (Wave, error) {
	w, err := get(c, i)
	if err == nil && (w.State != Released || w.DeletedAt != nil) {
		err = store.ErrNotFound
	}
	return w, err
}

// OwnPlace is how one of the organizations that the actor represents was rated.
type OwnPlace struct {
	OrganizationID directory.OrganizationID `json:"organization_id"`
	Organization   string                   `json:"organization"`
	Place
}

// MyPlaces reads how the organizations that the actor represents were rated by the others.
// Nobody else can, the backbone included: a list of such figures would be a ranking.
var MyPlaces = operation.Define(operation.Operation[Ref, operation.Page[OwnPlace]]{
	Definition: operation.Definition{ID: "survey-results.place", Summary: "Reads how the organizations you represent were rated by the others", ReadOnly: true, Method: "GET", Path: "/survey-results/{id}/place"},
	Run: func(c *operation.Call, in Ref) (operation.Page[OwnPlace], error) {
		out := operation.Page[OwnPlace]{Items: []OwnPlace{}, Total: -1}
		w, err := releasedWave(c, in.ID)
		if err != nil || c.Actor.Person.IsZero() {
			return out, err
		}
		out.Items, err = placesOf(c, w.ID, c.Actor.Person)
		if out.Items == nil {
			out.Items = []OwnPlace{}
		}
		return out, err
	},
})

// placesOf are the places, in a released wave, of the organizations somebody represents
// today.
func placesOf(c *operation.Call, w WaveID, person directory.PersonID) ([]OwnPlace, error) {
	return store.Collect(c.Tx, func(row store.Row) (p OwnPlace, err error) {
		return p, row.Scan(&p.OrganizationID, &p.Organization, store.ScanJSON(&p.Place))
	}, `SELECT organizations.id, organizations.name, survey_places.figures FROM affiliations
		JOIN survey_places ON survey_places.collaborative_id = $1 AND survey_places.organization_id = affiliations.organization_id AND survey_places.wave_id = $2
		JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = affiliations.organization_id
		WHERE affiliations.collaborative_id = $1 AND affiliations.person_id = $3 AND affiliations.represents = TRUE AND affiliations.valid_from <= $4 AND (affiliations.valid_to IS NULL OR affiliations.valid_to > $4)`,
		w, person, c.Today())
}
