package scorecard

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// check notes everything that is wrong with a piece of evidence, by its kind. before is
// what it was, nil for a new one: what it points at is looked for only then.
func (e *Evidence) check(c *operation.Call, before *Evidence, faults *operation.Faults) error {
	if e.HappenedOn > c.Today() {
		faults.Add("happened_on", "errors.scorecard_future")
	}
	switch e.Kind {
	case SurveyItem:
		if before == nil {
			return e.checkSurvey(c, faults)
		}
	case Count:
		return e.checkCount(c, before, faults)
	case Document:
		return e.checkDocument(c, before, faults)
	case Story:
		return e.checkStory(c, before, faults)
	}
	return nil
}

func (e *Evidence) checkSurvey(c *operation.Call, faults *operation.Faults) error {
	if e.WaveID.IsZero() {
		faults.Add("wave_id", "errors.required")
	}
	if e.Item == "" {
		faults.Add("item", "errors.required")
	}
	if e.WaveID.IsZero() || e.Item == "" {
		return nil
	}
	told, err := surveys.GetResults.Within(c, surveys.Ref{ID: e.WaveID})
	if missing, err := operation.Gone(err, false); err != nil {
		return err
	} else if missing {
		faults.Add("wave_id", "errors.scorecard_no_wave")
		return nil
	}
	if _, found := itemOf(told, e.Item, languages(c)); !found {
		faults.Add("item", "errors.not_offered")
	}
	e.HappenedOn = told.ReleasedOn
	return nil
}

func (e *Evidence) checkCount(c *operation.Call, before *Evidence, faults *operation.Faults) error {
	if e.Measure == "" {
		for _, needed := range []struct{ field, value string }{{"title", e.Title}, {"amount", e.Amount}, {"source", e.Source}} {
			if needed.value == "" {
				faults.Add(needed.field, "errors.required")
			}
		}
		return nil
	}
	if before != nil {
		e.Amount, e.Source, e.HappenedOn = before.Amount, before.Source, before.HappenedOn
		return nil
	}
	p, ok := periodOf(e.Period)
	switch {
	case e.Period == "":
		faults.Add("period", "errors.required")
	case !ok:
		faults.Add("period", "errors.scorecard_period")
	case p.From.String() > c.Today():
		faults.Add("period", "errors.scorecard_future")
	case e.Measure == TimeGiven && len(e.Period) != len("2026"):
		faults.Add("period", "errors.scorecard_year")
	default:
		e.HappenedOn = min((p.Until - 1).String(), c.Today())
	}
	return nil
}

func (e *Evidence) checkDocument(c *operation.Call, before *Evidence, faults *operation.Faults) error {
	if before != nil && e.Link == before.Link {
		return nil
	}
	switch {
	case e.MaterialID.IsZero() && e.Link == "":
		faults.Add("link", "errors.scorecard_nothing")
	case !e.MaterialID.IsZero() && e.Link != "":
		faults.Add("link", "errors.scorecard_both")
	case e.Link != "" && !materials.Secure(e.Link):
		faults.Add("link", "errors.material_https")
	case !e.MaterialID.IsZero():
		m, err := newTelling(c, c.Today()).material(e.MaterialID)
		if err != nil {
			return err
		}
		if m == nil {
			faults.Add("material_id", "errors.scorecard_no_material")
		}
	}
	return nil
}

func (e *Evidence) checkStory(c *operation.Call, before *Evidence, faults *operation.Faults) error {
	for _, needed := range []struct{ field, value string }{{"happened_on", e.HappenedOn}, {"note", e.Note}, {"alongside", e.Alongside}, {"consent", e.Consent}, {"consented_on", e.ConsentedOn}} {
		if needed.value == "" {
			faults.Add(needed.field, "errors.required")
		}
	}
	if e.ConsentedOn > c.Today() {
		faults.Add("consented_on", "errors.scorecard_future")
	}
	if e.ConsentUntil != "" && e.ConsentUntil < e.ConsentedOn {
		faults.Add("consent_until", "errors.ends_before_it_begins")
	}
	if e.TellerID.IsZero() {
		if e.TellerName == "" {
			faults.Add("teller_id", "errors.required")
		}
		return nil
	}
	if before != nil && before.TellerID == e.TellerID {
		return nil
	}
	p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: e.TellerID})
	missing, err := operation.Gone(err, p.DeletedAt != nil)
	if missing {
		faults.Add("teller_id", "errors.no_such_person")
	}
	return err
}
