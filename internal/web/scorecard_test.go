package web_test

import (
	"bytes"
	"net/http"
	"regexp"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/browser"
)

// A director assesses a function, corrects that, adds a figure and a story with all that
// is needed, withdraws and takes that back; every member reads it, on a laptop and on a
// phone, and it prints on two pages at most.
func TestTheScorecard(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	address := home + "scorecard/functions/guide_vision"
	director.get(home+"scorecard", http.StatusOK).says(t, "Backbone scorecard", "Not assessed yet", "Plan the survey", "Guide vision and strategy")
	director.post(address+"/assessments", http.StatusUnprocessableEntity, "assessed_on", "2024-03-01").says(t, "Level: ", "Why: ")
	director.post(address+"/assessments", http.StatusUnprocessableEntity, "level", "2", "why", "Most plans follow the aim", "assessed_on", "2999-01-01").says(t, "This day lies ahead", "Most plans follow the aim")
	director.post(address+"/assessments", http.StatusSeeOther, "level", "2", "why", "Most plans follow the aim", "assessed_on", "2024-03-01")
	director.post(address+"/assessments", http.StatusSeeOther, "level", "3", "why", "Partners rely on <it>", "assessed_on", "2025-03-01")
	director.get(home+"scorecard", http.StatusOK).says(t, "3 of 4", "Working", "up from 2", "Partners rely on <it>", "only the backbone has assessed itself")
	wrong := run(t, ctx, d.app, scorecard.GetFunction, scorecard.FunctionInput{Function: "guide_vision"}).Assessments[0]
	director.get(address+"/assess?corrects="+wrong.ID.Short(), http.StatusOK).says(t, "Correct: Guide vision", "marked as corrected")
	director.post(address+"/assessments", http.StatusSeeOther, "level", "4", "why", "It holds", "assessed_on", "2025-03-01", "corrects_id", wrong.ID.String())
	director.get(address, http.StatusOK).says(t, "4 of 4", "corrected", "Withdraw")
	director.post(home+"scorecard/assessments/"+wrong.ID.Short()+"/withdraw", http.StatusUnprocessableEntity, "version", "1").says(t, "Withdraw that first")

	for kind, says := range map[string]string{"survey": "No surveys", "count": "Meetings held", "figure": "Source", "document": "Address", "story": "Alongside whom"} {
		if kind == "survey" {
			says = "Plan the survey"
		}
		director.get(address+"/evidence/new?kind="+kind, http.StatusOK).says(t, says)
	}
	director.post(address+"/evidence", http.StatusUnprocessableEntity, "form", "story", "title", "Buses").says(t, "The story: ", "Alongside whom: ", "Whose story it is: ", "It may be told to: ")
	director.post(address+"/evidence", http.StatusUnprocessableEntity, "form", "document", "link", "http://example.org").says(t, "https://")
	director.post(address+"/evidence", http.StatusSeeOther, "form", "figure", "title", "Plans that name a shared aim", "amount", "17 of 24", "source", "Read through by the evaluator", "happened_on", "2025-06-01")
	director.post(address+"/evidence", http.StatusSeeOther, "form", "count", "measure", "meetings", "period", "2024")
	director.post(address+"/evidence", http.StatusSeeOther, "form", "document", "link", "https://example.org/aims", "note", "On one page")
	director.post(address+"/evidence", http.StatusSeeOther, "form", "story", "title", "Buses on Saturdays", "note", "A bus goes on Saturdays now.", "happened_on", "2025-07-01", "alongside", "the transit office", "teller_name", "a grandmother", "consent", "members", "consented_on", "2025-07-02")
	director.get(address, http.StatusOK).says(t, "17 of 24", "source: Read through by the evaluator", "Meetings held · 2024", "Jan 1, 2024 to Dec 31, 2024", "example.org", "A bus goes on Saturdays now.", "told by a grandmother", "alongside the transit office", "added by")
	var story scorecard.Evidence
	for _, e := range run(t, ctx, d.app, scorecard.GetFunction, scorecard.FunctionInput{Function: "guide_vision"}).All {
		if e.Kind == scorecard.Story {
			story = e
		}
	}
	one := home + "scorecard/evidence/" + story.ID.Short()
	director.get(one+"/edit", http.StatusOK).says(t, "a grandmother", "What it points at stays")
	director.post(one, http.StatusSeeOther, "version", "1", "title", "Saturday buses", "note", story.Note, "happened_on", story.HappenedOn, "alongside", story.Alongside, "teller", "", "teller_name", "a grandmother", "consent", "members", "consented_on", "2025-07-02", "consent_until", "")
	director.post(one+"/withdraw", http.StatusSeeOther, "version", "2")
	director.get(address, http.StatusOK).says(t, "Evidence that was withdrawn")
	director.post(one+"/restore", http.StatusSeeOther, "version", "3")
	director.get(home+"scorecard/export.csv", http.StatusOK).says(t, "Guide vision and strategy", "It holds", "2025-03-01")
	director.get(home+"scorecard?as-of=2024-06-01", http.StatusOK).says(t, "2 of 4", "Taking shape")

	assessed := operation.ActorFrom(ctx)
	assessed.Roles = []operation.Role{operation.TableChair}
	for key, level := range map[string]int64{"support_activities": 3, "establish_measurement": 2, "build_public_will": 1, "mobilize_funding": 2} {
		run(t, operation.WithActor(ctx, assessed), d.app, scorecard.Assess, scorecard.AssessmentInput{Function: key, Level: level, Why: "The groups share one calendar and hand work to each other without being asked."})
		run(t, ctx, d.app, scorecard.AddEvidence, scorecard.EvidenceInput{Function: key, Kind: scorecard.Count, Measure: scorecard.Presence, Period: "2025"})
	}
	run(t, ctx, d.app, directory.AddFunction, directory.FunctionInput{Name: "Keep the archive", About: "What we learnt stays findable."})

	looked := append([]browser.Excuse{
		browser.Arrow,
		{Rule: "color-contrast", Element: `<span class="">`, Why: "the head of a column that is read once the table is scrolled"},
		{Rule: "color-contrast", Element: `functions">`, Why: "a tab that is cut off at the edge of a phone and read once the row is scrolled"},
	}, stuck...)
	b := browser.Open(t)
	laptop, dark, phone := b.Page(t), b.Page(t, browser.Dark()), b.Page(t, browser.Phone())
	for name, p := range map[string]*browser.Page{"laptop": laptop, "dark": dark, "phone": phone} {
		p.Visit(d.url + "/sign-in?next=" + home + "scorecard")
		signInOn(p)
		for what, page := range map[string]string{"card": home + "scorecard", "function": address, "assess": address + "/assess", "story": address + "/evidence/new?kind=story", "print": home + "scorecard/print", "evidence": one} {
			p.Visit(d.url + page)
			switch name {
			case "phone":
				p.Touch(looked...)
			case "dark":
				p.Colours(looked...)
			default:
				p.Screen(looked...)
				p.Keyboard(looked...)
			}
			p.Screenshot("scorecard-" + what + "-" + name)
		}
	}
	director.post("/account/language", http.StatusSeeOther, "language", "fr", "return", home+"scorecard")
	french := b.Page(t)
	french.Visit(d.url + "/sign-in?next=" + home + "scorecard")
	signInOn(french)
	for what, page := range map[string]string{"card": home + "scorecard", "function": address, "story": address + "/evidence/new?kind=story"} {
		french.Visit(d.url + page)
		french.Glance(looked...)
		french.Screenshot("scorecard-" + what + "-fr")
	}
	laptop.Visit(d.url + home + "scorecard/print")
	if sheets := pagesOf(laptop.PDF("scorecard")); sheets < 1 || sheets > 2 {
		t.Errorf("it prints on %d pages", sheets)
	}
}

var pageObject = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// pagesOf counts the pages of a PDF as Chromium writes it.
func pagesOf(pdf []byte) int {
	return len(pageObject.FindAll(bytes.ReplaceAll(pdf, []byte("\r"), nil), -1))
}
