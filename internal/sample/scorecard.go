package sample

import (
	"cmp"
	"strconv"
	"time"

	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/operation"
)

// scorecardStory says how far the functions of the backbone had come, year by year: the
// backbone itself at first, then the chair of the table and the evaluator; and in the end
// what speaks for it.
var scorecardStory = []chapter{
	{"the backbone looks at itself", after(7, 250), assessing(operation.Director, []int64{2, 2, 1, 1, 0, 1})},
	{"the chair looks at the backbone", after(9, 250), assessing(operation.TableChair, []int64{3, 2, 2, 1, 1, 2})},
	{"the evaluator looks at the backbone", after(10, 250), assessing(operation.Evaluator, []int64{3, 3, 2, 1, 1, 2})},
	{"the chair looks again", ago(45), assessing(operation.TableChair, []int64{3, 3, 3, 2, 0, 2})},
	{"what speaks for it", ago(40), (*teller).evidence},
}

var sixFunctions = []string{"guide_vision", "support_activities", "establish_measurement", "build_public_will", "advance_policy", "mobilize_funding"}

// whys are what is written beside a level of each function, by level.
var whys = map[string][4]string{
	"guide_vision":          {"The aim is written down, and few outside the table know it.", "Most partners name the four aims; their own plans follow slowly.", "Partners’ plans name the shared aims, and the table comes back to them each quarter.", ""},
	"support_activities":    {"One group meets.", "Groups meet; what they agree reaches the others late.", "Groups share one calendar and hand work to each other without the backbone asking.", ""},
	"establish_measurement": {"Everybody counts for themselves.", "Four measures are agreed, two of them are filled.", "All four measures are read at the table, and two decisions came from them this year.", ""},
	"build_public_will":     {"A page and a leaflet.", "Parents speak at three schools; the paper reports now and then.", "", ""},
	"advance_policy":        {"We know whom we would have to ask.", "", "", ""},
	"mobilize_funding":      {"One funder pays for nearly everything.", "Two funders ask for shared aims in what they fund.", "", ""},
}

// assessing tells how far each of the six had come, as one of the cast judged it; 0 is
// none.
func assessing(role operation.Role, levels []int64) func(*teller) error {
	return func(t *teller) error {
		for n, level := range levels {
			if level == 0 {
				continue
			}
			why := cmp.Or(whys[sixFunctions[n]][level-1], "As the evidence says.")
			if _, err := scorecard.Assess.Do(t.as(role), &t.door, scorecard.AssessmentInput{Function: sixFunctions[n], Level: level, Why: why}); err != nil {
				return err
			}
			t.later(10 * time.Minute)
		}
		return nil
	}
}

// evidence adds some of each kind.
func (t *teller) evidence() error {
	staff := t.as(operation.Staff)
	today := t.clock.Now()
	year := strconv.Itoa(today.Year() - 1)
	list := []scorecard.EvidenceInput{
		{Function: "guide_vision", Kind: scorecard.SurveyItem, WaveID: t.value, Item: "factor:vision", Note: "What partners say of the shared aims"},
		{Function: "establish_measurement", Kind: scorecard.SurveyItem, WaveID: t.value, Item: "factor:measurement"},
		{Function: "support_activities", Kind: scorecard.Count, Measure: scorecard.Presence, Period: year},
		{Function: "support_activities", Kind: scorecard.Count, Measure: scorecard.Kept, Period: year},
		{Function: "support_activities", Kind: scorecard.Count, Measure: scorecard.Meetings, Period: year},
		{Function: "guide_vision", Kind: scorecard.Count, Title: "Strategic plans of partners that name a shared aim", Amount: "17 of 24", Source: "Read through by the evaluator, with a list of the plans"},
		{Function: "guide_vision", Kind: scorecard.Document, Title: "Our four aims on one page", Link: "https://www.example.org/four-aims", Note: "The page every partner puts into its own plan"},
		{Function: "mobilize_funding", Kind: scorecard.Count, Measure: scorecard.TimeGiven, Period: year},
		{Function: "build_public_will", Kind: scorecard.Story, Title: "Buses on Saturdays", HappenedOn: today.AddDate(0, 0, -90).Format(time.DateOnly),
			Note:      "At the parents’ evening I said that the library is closed to us because no bus runs on Saturdays. The backbone put it on the agenda and brought the figures. Since spring a bus goes twice, and my children take it.",
			Alongside: "the transit office, the library and Millrace Parents United", TellerID: t.members[string(operation.CommunityMember)].person, Consent: scorecard.Anybody, ConsentedOn: today.AddDate(0, 0, -80).Format(time.DateOnly)},
	}
	sources, err := scorecard.GetSources.Do(staff, &t.door, scorecard.SourcesInput{})
	if err != nil {
		return err
	}
	if len(sources.Materials) > 0 {
		list = append(list, scorecard.EvidenceInput{Function: "establish_measurement", Kind: scorecard.Document, MaterialID: sources.Materials[0].ID, Note: "Read at the table"})
	}
	for _, in := range list {
		if in.Kind == scorecard.SurveyItem && in.WaveID.IsZero() {
			continue // a story so short that nobody was asked
		}
		if _, err := scorecard.AddEvidence.Do(staff, &t.door, in); err != nil {
			return err
		}
		t.later(5 * time.Minute)
	}
	return nil
}
