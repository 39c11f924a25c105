package scorecard

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// mostMaterials is how many materials are offered, the newest.
const mostMaterials = 100

// SourcesInput says what evidence is looked for.
type SourcesInput struct {
	WaveID surveys.WaveID `json:"wave_id,omitempty" doc:"The items of this wave too."`
}

// Sources is what evidence can point at.
type Sources struct {
	Waves     []WaveSource `json:"waves" doc:"Released waves, the newest first."`
	Items     []ItemSource `json:"items,omitempty" doc:"What the wave that was named tells of."`
	Measures  []string     `json:"measures" doc:"Figures that are worked out."`
	Periods   []string     `json:"periods" doc:"For which periods: years, then quarters, the newest first."`
	Materials []Cited      `json:"materials" doc:"Materials of meetings, the newest first, a hundred at most."`
}

// WaveSource is a released wave.
type WaveSource struct {
	ID         surveys.WaveID `json:"id"`
	Title      string         `json:"title"`
	ReleasedOn string         `json:"released_on"`
}

// ItemSource is one thing that a wave tells of.
type ItemSource struct {
	Item string `json:"item"`
	SurveyFigure
}

// GetSources reads what evidence can point at.
var GetSources = operation.Define(operation.Operation[SourcesInput, Sources]{
	Definition: operation.Definition{ID: "scorecard.sources", Summary: "Reads what evidence can point at: released surveys and their items, figures of the program, materials", ReadOnly: true, Method: "GET", Path: "/scorecard/sources"},
	Run: func(c *operation.Call, in SourcesInput) (Sources, error) {
		out := Sources{Waves: []WaveSource{}, Measures: Measures, Periods: periods(c.Today()), Materials: []Cited{}}
		waves, err := surveys.ListResults.Within(c, surveys.ListResultsInput{})
		if err != nil {
			return out, err
		}
		for _, w := range waves.Items {
			out.Waves = append(out.Waves, WaveSource{w.WaveID, w.Title, w.ReleasedOn})
		}
		if !in.WaveID.IsZero() {
			told, err := surveys.GetResults.Within(c, surveys.Ref{ID: in.WaveID})
			if err != nil {
				return out, err
			}
			for _, item := range itemsOf(told) {
				if figure, found := itemOf(told, item, languages(c)); found {
					out.Items = append(out.Items, ItemSource{item, figure})
				}
			}
		}
		out.Materials, err = recent(c)
		return out, err
	},
})

// recent are the newest materials that the actor can read.
func recent(c *operation.Call) ([]Cited, error) {
	out := []Cited{}
	found, err := store.Collect(c.Tx, func(row store.Row) (m materials.ID, err error) { return m, row.Scan(&m) },
		`SELECT id FROM materials WHERE collaborative_id = $1 AND deleted_at IS NULL AND meeting_id IS NOT NULL ORDER BY id DESC LIMIT $2`, mostMaterials)
	if err != nil {
		return out, err
	}
	t := newTelling(c, c.Today())
	for _, i := range found {
		m, err := t.material(i)
		if err != nil {
			return out, err
		}
		if m == nil {
			continue
		}
		if meeting, err := convening.MeetingRead(c, m.MeetingID); err == nil {
			m.Meeting = meeting.Name()
		}
		out = append(out, *m)
	}
	return out, nil
}

// OwnWords is what somebody is on record for in the scorecard.
type OwnWords struct {
	Assessments []Assessment `json:"assessments,omitempty" doc:"What they assessed."`
	Evidence    []Evidence   `json:"evidence,omitempty" doc:"Stories they told, and evidence they added."`
}

// OfPerson is what somebody assessed, told and added. It checks no permission: it is for
// what is told to the person themselves.
func OfPerson(c *operation.Call, person operation.PersonID) (out OwnWords, err error) {
	if out.Assessments, err = store.Collect(c.Tx, scanAssessment, `SELECT `+assessmentColumns+assessmentTables+` AND scorecard_assessments.by_person_id = $2 ORDER BY scorecard_assessments.id LIMIT 5000`, person); err != nil {
		return out, err
	}
	if out.Evidence, err = store.Collect(c.Tx, scanEvidence, `SELECT `+evidenceColumns+evidenceTables+` AND scorecard_evidence.teller_id = $2 ORDER BY scorecard_evidence.id LIMIT 5000`, person); err != nil {
		return out, err
	}
	added, err := store.Collect(c.Tx, scanEvidence, `SELECT `+evidenceColumns+evidenceTables+` AND scorecard_evidence.by_person_id = $2 ORDER BY scorecard_evidence.id LIMIT 5000`, person)
	for _, e := range added {
		if e.TellerID == person {
			continue
		}
		if e.Kind == Story {
			e.hush() // somebody else's
		}
		out.Evidence = append(out.Evidence, e)
	}
	return out, err
}
