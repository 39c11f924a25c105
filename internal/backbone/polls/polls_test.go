package polls_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

func ranked(list []polls.Option) (out []string) {
	for _, o := range list {
		out = append(out, o.Time)
	}
	return out
}

// The order follows the rule that is printed beside it.
func TestRankFollowsItsRule(t *testing.T) {
	p := polls.Poll{Zone: "America/Chicago", Minutes: 60, Times: []string{"2026-12-01 09:00", "2026-12-02 09:00", "2026-12-03 09:00", "2026-12-04 09:00", "2026-12-05 09:00"}}
	first, second, third, fourth, fifth := p.Times[0], p.Times[1], p.Times[2], p.Times[3], p.Times[4]
	people := []polls.Asked{
		{Person: "Ana", Required: true, Answers: map[string]string{first: "no", second: "yes", third: "yes", fourth: "maybe", fifth: "yes"}},
		{Person: "Bo", Answers: map[string]string{first: "yes", second: "no", third: "yes", fourth: "yes", fifth: "yes"}},
		{Person: "Cleo", Answers: map[string]string{first: "yes", second: "no", third: "yes", fourth: "yes", fifth: "yes"}},
	}
	got := polls.Rank(p, people)
	// The third and the fifth suit everybody, and the third comes earlier; the fourth has a
	// reserve; the second lacks two, and the first somebody who is needed.
	if want := []string{third, fifth, fourth, second, first}; !slices.Equal(ranked(got), want) {
		t.Errorf("got %v, want %v", ranked(got), want)
	}
	if last := got[4]; !slices.Equal(last.Missing, []string{"Ana"}) || last.Yes != 2 || last.No != 1 {
		t.Errorf("the last is %+v", last)
	}
	if at := got[0].StartsAt; !at.Equal(time.Date(2026, 12, 3, 15, 0, 0, 0, time.UTC)) || got[0].EndsAt.Sub(at) != time.Hour {
		t.Errorf("the best is at %v", at)
	}
}

// key is the message of the first fault.
func key(err error) string {
	var e *operation.Error
	if errors.As(err, &e) && len(e.Faults) > 0 {
		return e.Faults[0].Key
	}
	return ""
}

// A poll becomes a meeting: those who hold seats are asked, others beside; what they
// answer is counted; the chosen time is the meeting's, in the poll's zone; everybody
// asked is expected; and taking the choice back takes the meeting away.
func TestAPollBecomesAMeeting(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		body := house.Do(t, h, staff, directory.CreateBody, directory.BodyInput{Name: "Table", Kind: "leadership_table"})
		people := map[string]directory.PersonID{}
		for _, name := range []string{"Ana", "Bo", "Cleo"} {
			people[name] = house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: name + "@example.org"}).ID
		}
		for name, role := range map[string]string{"Ana": "member", "Bo": "chair"} {
			house.Do(t, h, staff, directory.CreateSeat, directory.SeatInput{BodyID: body.ID, Role: role, From: "2020-01-01", Terms: []directory.TermInput{{PersonID: people[name], From: "2020-01-01"}}})
		}
		in := polls.Input{BodyID: body.ID, Zone: "America/Chicago", Minutes: 90, Times: []string{"2026-11-02 18:00", "2026-10-31 18:00", "2026-11-02 18:00"}, People: []directory.PersonID{people["Cleo"], people["Ana"]}}

		// In Chicago clocks are put forward over 02:00 to 03:00 on 14 March 2027.
		for text, want := range map[string]string{"2027-03-14 02:30": "errors.poll_time_skipped", "2026-02-30 10:00": "errors.poll_time", "2020-01-01 10:00": "errors.poll_time_past"} {
			bad := in
			bad.Times = []string{in.Times[0], text}
			if _, err := polls.Create.Do(staff, h.App.Door, bad); key(err) != want {
				t.Errorf("%s: %v", text, err)
			}
		}

		p := house.Do(t, h, staff, polls.Create, in)
		if p.Title != "Table" || p.Asked != 3 || !slices.Equal(p.Times, []string{"2026-10-31 18:00", "2026-11-02 18:00"}) {
			t.Fatalf("the poll is %+v", p)
		}
		answers := func(first, second string) []polls.TimeAnswer {
			return []polls.TimeAnswer{{Time: p.Times[0], Answer: first}, {Time: p.Times[1], Answer: second}}
		}
		ana := h.AsPerson(operation.TableMember, people["Ana"])
		house.Do(t, h, staff, polls.Answer, polls.AnswerInput{PollID: p.ID, PersonID: people["Ana"], Answers: answers("no", "yes")})
		if _, err := polls.Answer.Do(ana, h.App.Door, polls.AnswerInput{PollID: p.ID, PersonID: people["Bo"], Answers: answers("yes", "yes")}); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("Ana answered for Bo: %v", err)
		}
		if _, err := polls.Get.Do(ana, h.App.Door, polls.Ref{ID: p.ID}); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("Ana reads who answered what: %v", err)
		}
		// Who chairs the table notes what somebody said on the telephone.
		house.Do(t, h, h.AsPerson(operation.TableChair, people["Bo"]), polls.Answer, polls.AnswerInput{PollID: p.ID, PersonID: people["Ana"], Answers: answers("no", "yes")})
		var receipt operation.Receipt
		house.Do(t, h, operation.WithReceipt(staff, &receipt), polls.Answer, polls.AnswerInput{PollID: p.ID, PersonID: people["Bo"], Answers: answers("yes", "maybe")})
		house.Do(t, h, staff, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		p = house.Do(t, h, staff, polls.Get, polls.Ref{ID: p.ID})
		if p.Answered != 1 || p.Ranking[0].Time != "2026-11-02 18:00" || p.Ranking[0].Open != 2 {
			t.Errorf("after one answer: %+v", p.Ranking)
		}
		if _, err := polls.Answer.Do(staff, h.App.Door, polls.AnswerInput{PollID: p.ID, PersonID: people["Bo"], Answers: []polls.TimeAnswer{{Time: "2026-11-03 18:00", Answer: "yes"}}}); key(err) != "errors.poll_no_such_time" {
			t.Errorf("a time that is not proposed: %v", err)
		}

		// Closed takes no answers, and opens again.
		closed := house.Do(t, h, operation.WithReceipt(staff, &receipt), polls.Step, polls.StepInput{ID: p.ID, Version: p.Version, State: polls.Closed})
		if _, err := polls.Answer.Do(staff, h.App.Door, polls.AnswerInput{PollID: p.ID, PersonID: people["Ana"], Answers: answers("yes", "yes")}); key(err) != "errors.poll_closed" {
			t.Errorf("an answer to a closed poll: %v", err)
		}
		if closed.State != polls.Closed {
			t.Errorf("closed: %+v", closed)
		}
		house.Do(t, h, staff, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		p = house.Do(t, h, staff, polls.Get, polls.Ref{ID: p.ID})

		done := house.Do(t, h, operation.WithReceipt(staff, &receipt), h.App.Polls.Choose, polls.ChooseInput{ID: p.ID, Version: p.Version, Time: "2026-11-02 18:00"})
		m := house.Do(t, h, staff, convening.GetMeeting, convening.MeetingRef{ID: done.MeetingID})
		// From 1 November on Chicago is six hours behind.
		if done.State != polls.Decided || m.On != "2026-11-02" || m.Starts != "18:00" || m.Minutes != 90 || !m.StartsAt.Equal(time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("the meeting is %+v", m)
		}
		expected := house.Do(t, h, staff, convening.ListPeople, convening.MeetingPart{MeetingID: m.ID})
		if len(expected.Items) != 3 {
			t.Errorf("expected are %+v", expected.Items)
		}
		house.Do(t, h, staff, operation.Undo, operation.UndoInput{ID: receipt.Entry})
		p = house.Do(t, h, staff, polls.Get, polls.Ref{ID: p.ID})
		m = house.Do(t, h, staff, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
		if p.State != polls.Open || m.DeletedAt == nil {
			t.Errorf("taken back: %+v, the meeting %+v", p, m)
		}
	})
}

// A letter's link answers without an account, in words of the reader's zone; whoever
// was written to is not written to again at once; and nobody's names are shown unless
// the poll says so.
func TestAnsweringByLink(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		ana := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: "Ana", Email: "ana@example.org"})
		bo := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: "Bo"})
		p := house.Do(t, h, staff, polls.Create, polls.Input{Title: "Retreat", Zone: "America/Chicago", Times: []string{"2026-12-07 18:00", "2026-12-08 18:00"}, People: []directory.PersonID{ana.ID, bo.ID}})
		told := house.Do(t, h, staff, h.App.Polls.Ask, polls.AskInput{ID: p.ID})
		if told.Letters != 1 || told.NoAddress != 1 {
			t.Errorf("told %+v", told)
		}
		if again := house.Do(t, h, staff, h.App.Polls.Ask, polls.AskInput{ID: p.ID, Again: true}); again.Letters != 0 || again.Lately != 1 {
			t.Errorf("reminded at once: %+v", again)
		}
		secret := secretOf(t, h)
		place, view, err := h.App.Polls.Look(context.Background(), h.App.Door, secret)
		if err != nil || place.Slug != h.Place.Slug || view.State != polls.Open || view.Name != "Ana" || len(view.Poll.People) != 0 {
			t.Fatalf("the page shows %+v %v", view, err)
		}
		_, view, err = h.App.Polls.Answer(context.Background(), h.App.Door, polls.LinkAnswer{Secret: secret, Zone: "Europe/Paris", Answers: []polls.TimeAnswer{{Time: p.Times[1], Answer: "maybe"}}})
		if err != nil || !view.Fresh || view.Zone != "Europe/Paris" || view.Mine[p.Times[1]] != "maybe" {
			t.Errorf("answered: %+v %v", view, err)
		}
		if _, _, err := h.App.Polls.Answer(context.Background(), h.App.Door, polls.LinkAnswer{Secret: secret, Zone: "Mars/Olympus"}); key(err) != "errors.no_such_zone" {
			t.Errorf("another planet's zone: %v", err)
		}
		p = house.Do(t, h, staff, polls.Get, polls.Ref{ID: p.ID})
		if p.Answered != 1 || p.Ranking[0].Maybe+p.Ranking[1].Maybe != 1 {
			t.Errorf("the poll counts %+v", p)
		}
		shown := true
		p = house.Do(t, h, staff, polls.Edit, polls.Patch{ID: p.ID, Version: p.Version, NamesShown: &shown, Times: &[]string{p.Times[0]}})
		if _, view, err = h.App.Polls.Look(context.Background(), h.App.Door, secret); err != nil || len(view.Poll.People) != 2 || len(view.Mine) != 0 {
			t.Errorf("with names, and without the time that was answered: %+v %v", view, err)
		}
		house.Do(t, h, staff, polls.SetPerson, polls.PersonInput{PollID: p.ID, PersonID: ana.ID})
		if _, view, err = h.App.Polls.Look(context.Background(), h.App.Door, secret); err != nil || view.State != polls.Gone {
			t.Errorf("asked no more: %+v %v", view, err)
		}
		if _, _, err = h.App.Polls.Look(context.Background(), h.App.Door, "guess"); operation.KindOf(err) != operation.NotFound {
			t.Errorf("a guess: %v", err)
		}
	})
}

// secretOf is the secret of the newest letter's link.
func secretOf(t *testing.T, h *house.House) string {
	t.Helper()
	for {
		n, err := h.App.Worker.Work(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	kept, err := h.App.Post.Newest(context.Background())
	if err != nil || len(kept) == 0 {
		t.Fatalf("no letter: %v", err)
	}
	_, link, _ := strings.Cut(kept[0].Text, "/poll/")
	secret, _, _ := strings.Cut(link, "\n")
	return secret
}
