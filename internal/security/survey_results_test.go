package security_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// What was written in a survey is read by those who look it through, and by others once it
// is shown; who wrote it and what else they answered stands nowhere. Figures of a wave that
// is not released are not there for anybody.
func TestReleasedSurveyTellsNothingElse(t *testing.T) {
	s := newSite(t)
	g := s.here.gathering
	results := "/c/" + s.here.slug + "/survey-results/" + g.released.ID.Short()
	for _, c := range s.callers {
		if !s.app.Door.Permissions.AllowsAll("survey-results.get", c.actor) {
			continue // the matrix tests look at who may not
		}
		looks := c.actor.Has(operation.Director, operation.Staff)
		for _, address := range []string{results, results + "/results.csv", results + "/results.xlsx", results + "?by=sector", results + "/factors.svg?by=sector", results + "/place", "/c/" + s.here.slug + "/survey-results", "/c/" + s.here.slug + "/working-together", "/c/" + s.here.slug + "/working-together/brief"} {
			got := s.send(c.browse("GET", address, nil))
			if got.status != http.StatusOK && !strings.Contains(address, "/working-together") {
				t.Errorf("%s: %s: %d", c.name, address, got.status)
			}
			if strings.Contains(got.body, " wrote ") || strings.Contains(got.body, "answerer") {
				t.Errorf("%s reads at %s what somebody wrote, or who was asked", c.name, address)
			}
		}
		if got := s.send(c.browse("GET", results+"/comments", nil)); (got.status == http.StatusOK) != looks {
			t.Errorf("%s looks through comments: %d", c.name, got.status)
		}
		closed := "/c/" + s.here.slug + "/survey-results/" + g.wave.ID.Short()
		if got := s.send(c.browse("GET", closed, nil)); got.status != http.StatusNotFound {
			t.Errorf("%s reads figures of a wave that is not released: %d", c.name, got.status)
		}
	}
	director, member := s.callers[0], s.callers[0]
	for _, c := range s.callers {
		if c.actor.Has(operation.TableMember) {
			member = c
		}
	}
	shown := s.send(director.browse("POST", results+"/comments/"+g.comment.ID.Short(), url.Values{"version": {"1"}, "theme": {"Openness"}, "shown": {"true"}}))
	if shown.status != http.StatusSeeOther {
		t.Fatalf("showing a comment: %d", shown.status)
	}
	if got := s.send(member.browse("GET", results, nil)); !strings.Contains(got.body, g.comment.Text) || !strings.Contains(got.body, "Openness") {
		t.Errorf("%s does not read what is shown", member.name)
	}
	if again := s.send(director.browse("POST", results+"/comments/"+g.comment.ID.Short(), url.Values{"version": {"1"}, "theme": {"Other"}})); again.status != http.StatusConflict {
		t.Errorf("a comment sorted in two tabs: %d", again.status)
	}
	if _, err := surveys.Step.Do(s.here.context, s.app.Door, surveys.StepInput{ID: g.released.ID, Version: g.released.Version, State: surveys.Closed}); err == nil {
		t.Error("a release was taken back")
	}
}
