package security_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
)

// written is a log that is kept to be read by a test.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// What somebody answers in a confidential survey stands in the answers and nowhere else:
// in no log at any level, no entry of the history, no background work and no answer that is
// kept to be repeated. The response is named beside whoever gave it in one table alone.
func TestAnswersStandNowhereElse(t *testing.T) {
	log := &written{}
	s := newSiteLogging(t, "", slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	server := s.mailed(t)
	do(t, s.here.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Reader", Email: "reader@example.org"})
	s.work(t) // what else waits to be mailed
	letters := s.surveyLetters(t, server, s.here.context, "Letters", "reader@example.org")
	link := ""
	for _, m := range letters[:2] { // of the first survey
		for _, l := range m.Links() {
			if i := strings.Index(l, access.PathSurvey); i >= 0 {
				link = l[i+len(access.PathSurvey):]
			}
		}
	}
	const secret = "what the reader wrote in confidence"
	_, view, err := s.app.Surveys.Look(context.Background(), s.app.Door, link)
	if err != nil || view.State != surveys.Asking {
		t.Fatalf("%+v %v", view.State, err)
	}
	var given []surveys.Given
	for _, section := range view.Instrument.Sections {
		for _, q := range section.Questions {
			if q.Kind == surveys.Text {
				given = append(given, surveys.Given{Question: q.Key, Answer: surveys.Answer{Text: secret}})
			}
		}
	}
	if _, _, err := s.app.Surveys.Answer(context.Background(), s.app.Door, surveys.LinkSave{Secret: link, Do: surveys.Save, Answers: given}); err != nil || len(given) == 0 {
		t.Fatalf("%d texts, %v", len(given), err)
	}
	s.work(t)
	s.everything(t) // opens the database beside the program
	responses, err := texts(s.beside, `SELECT id FROM survey_responses`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := texts(s.beside, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
	if err != nil {
		t.Fatal(err)
	}
	stands, named := 0, []string{"survey_responses", "survey_answers", "survey_identities"}
	for _, table := range tables {
		rows, err := texts(s.beside, `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if strings.Contains(row, secret) {
				if stands++; table != "survey_answers" {
					t.Errorf("an answer stands in %s", table)
				}
			}
			if !slices.Contains(named, table) && slices.ContainsFunc(responses, func(r string) bool { return strings.Contains(row, r) }) {
				t.Errorf("a response is named in %s", table)
			}
		}
	}
	if stands != len(given) {
		t.Errorf("%d of %d answers were found: the test is blind", stands, len(given))
	}
	if log.String() == "" || strings.Contains(log.String(), secret) || strings.Contains(log.String(), link) {
		t.Errorf("the log is empty, or holds an answer or the link:\n%s", log.String())
	}
}
