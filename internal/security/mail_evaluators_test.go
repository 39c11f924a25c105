package security_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
)

// evaluatorLetters has an evaluator sent an agreement, who signs it by the link.
func (s *site) evaluatorLetters(t *testing.T, server *mailtest.Server, there context.Context, name, reader string) []mailtest.Received {
	t.Helper()
	who := do(t, there, s.app, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: reader})
	w := do(t, there, s.app, surveys.Create, surveys.Input{InstrumentID: surveys.ShippedEdition("meeting-pulse", 1), Title: name, Mode: surveys.Confidential, ForEvaluator: true})
	a := do(t, there, s.app, evaluation.Create, evaluation.Input{PersonID: who.ID, Organization: name, Purpose: name, Waves: []surveys.WaveID{w.ID}, Until: "2099-01-01", DestroyBy: "2099-02-01", Language: "en"})
	director := operation.WithActor(there, operation.Actor{Account: operation.NewAccountID(), Name: name, Roles: []operation.Role{operation.Director}, Via: operation.ViaSession})
	before := len(server.Messages())
	do(t, director, s.app, s.app.Evaluation.Send, evaluation.AtVersion{ID: a.ID, Version: a.Version})
	s.work(t)
	got := server.Messages()[before:]
	if len(got) != 1 {
		t.Fatalf("%d letters to an evaluator", len(got))
	}
	_, secret, ok := strings.Cut(strings.Join(got[0].Links(), " "), access.PathEvaluator)
	if !ok {
		t.Fatalf("no link to sign by: %q", got[0].Links())
	}
	if answer := s.send(caller{}.browse("POST", access.PathEvaluator+secret, url.Values{"name": {name}, "agreed": {"true"}, "read_in": {"en"}})); answer.status != 200 {
		t.Fatalf("signing: %d %s", answer.status, answer.body)
	}
	s.work(t)
	if got = server.Messages()[before:]; len(got) != 2 {
		t.Fatalf("%d letters to an evaluator who signed", len(got))
	}
	return got
}
