package scorecard

import (
	"commontable/internal/analysis/day"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/surveys"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Why a piece of evidence tells nothing now, by catalogue key "scorecard_gone.…".
const (
	GoneWave     = "wave"     // its figures cannot be read any more
	GoneItem     = "item"     // the wave did not ask it
	GoneMaterial = "material" // it lies in the trash, or was withdrawn
	GoneConsent  = "consent"  // the consent to tell the story has run out
	GoneFew      = "few"      // too few organizations stand behind the figure
	GoneOpen     = "open"     // the year is not over, and only the backbone sees it before
	GoneRefused  = "refused"  // the reader may not read what it points at
)

// Reasons lists them.
var Reasons = []string{GoneWave, GoneItem, GoneMaterial, GoneConsent, GoneFew, GoneOpen, GoneRefused}

// Told is what a piece of evidence tells at the time it is read.
type Told struct {
	Gone     string        `json:"gone,omitempty" doc:"Why it tells nothing: wave, item, material, consent, few, open or refused."`
	Survey   *SurveyFigure `json:"survey,omitempty"`
	Count    *CountFigure  `json:"count,omitempty"`
	Material *Cited        `json:"material,omitempty"`
}

// CountFigure is a measure of the program in a period.
type CountFigure struct {
	From     string          `json:"from" doc:"First day."`
	To       string          `json:"to" doc:"Last day that is counted."`
	Partial  bool            `json:"partial,omitempty" doc:"Whether the period was not over."`
	Number   int64           `json:"number,omitempty" doc:"Of meetings and at_table."`
	Share    *together.Share `json:"share,omitempty" doc:"Of presence and kept: so many of so many; of time_given hundredths of hours given, of those due."`
	Followed float64         `json:"followed,omitempty" doc:"Of time_given: given ÷ due; -1 where nothing was due."`
	N        int64           `json:"n,omitempty" doc:"How many organizations stand behind it."`
}

// Cited is a material of a meeting.
type Cited struct {
	ID        materials.ID        `json:"id"`
	Title     string              `json:"title"`
	MeetingID convening.MeetingID `json:"meeting_id"`
	Meeting   string              `json:"meeting,omitempty" doc:"What the meeting is called, where sources are read."`
}

// telling tells what evidence says on a day. What several pieces point at is read once.
type telling struct {
	c     *operation.Call
	day   string
	waves map[surveys.WaveID]*surveys.Told // nil where its figures cannot be read
	sums  map[day.Span]*counted
	given *commitments.Totals // nil before it was asked for
}

func newTelling(c *operation.Call, on string) *telling {
	return &telling{c: c, day: on, waves: map[surveys.WaveID]*surveys.Told{}, sums: map[day.Span]*counted{}}
}

// tell fills in what each of some pieces of evidence tells. strict also takes the words
// of stories that may not be told any more out for those who could edit them.
func (t *telling) tell(list []Evidence, strict bool) error {
	for n := range list {
		e := &list[n]
		told, err := t.of(*e)
		if err != nil {
			return err
		}
		if told.Gone == GoneConsent && (strict || !t.c.Can("scorecard-evidence.edit")) {
			e.hush()
		}
		if told != (Told{}) {
			e.Told = &told
		}
	}
	return nil
}

func (t *telling) of(e Evidence) (told Told, err error) {
	switch {
	case e.Kind == SurveyItem:
		w, err := t.wave(e.WaveID)
		if err != nil || w == nil {
			return Told{Gone: GoneWave}, err
		}
		figure, found := itemOf(*w, e.Item, languages(t.c))
		if !found {
			return Told{Gone: GoneItem}, nil
		}
		return Told{Survey: &figure}, nil
	case e.Kind == Count && e.Measure != "":
		return t.count(e)
	case e.Kind == Document && !e.MaterialID.IsZero():
		m, err := t.material(e.MaterialID)
		if m == nil {
			told.Gone = GoneMaterial
		}
		told.Material = m
		return told, err
	case e.hushed(t.c.Today()):
		told.Gone = GoneConsent
	}
	return told, nil
}

// wave reads what a wave tells whoever asks, by the operation that tells it; nil where
// they may not read it or it is not there.
func (t *telling) wave(i surveys.WaveID) (*surveys.Told, error) {
	if known, asked := t.waves[i]; asked {
		return known, nil
	}
	told, err := surveys.GetResults.Within(t.c, surveys.Ref{ID: i})
	switch kind := operation.KindOf(operation.Translate(err)); {
	case err == nil:
		t.waves[i] = &told
	case kind == operation.NotFound || kind == operation.Forbidden:
		t.waves[i] = nil
	default:
		return nil, err
	}
	return t.waves[i], nil
}

// material reads what a material is called; nil where it cannot be read any more.
func (t *telling) material(i materials.ID) (*Cited, error) {
	meeting, err := store.Value[convening.MeetingID](t.c.Tx, `SELECT meeting_id FROM materials WHERE collaborative_id = $1 AND id = $2 AND meeting_id IS NOT NULL`, i)
	if err != nil {
		return nil, operation.IgnoreMissing(err)
	}
	m, err := materials.Get.Within(t.c, materials.Ref{MeetingID: meeting, ID: i})
	switch kind := operation.KindOf(operation.Translate(err)); {
	case err == nil && m.DeletedAt == nil && !m.Withdrawn():
		return &Cited{ID: m.ID, Title: m.Title, MeetingID: m.MeetingID}, nil
	case err == nil || kind == operation.NotFound || kind == operation.Forbidden:
		return nil, nil
	}
	return nil, err
}

// languages are those in which words of instruments are looked for, in order.
func languages(c *operation.Call) []string {
	return []string{i18n.Language(c.Context()), c.Collaborative.Language}
}
