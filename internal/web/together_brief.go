package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// What one sheet of paper holds: three years of quarters, and of what waits so many
// lines and decisions.
const (
	briefQuarters = 12
	briefLines    = 4
	briefItems    = 4
)

// A drawing on the sheet takes two thirds of it.
const briefWidth, briefHeight = 580, 150

// answer is one of the three questions with its figures and how they moved.
type answer struct {
	heading, question string
	figures           []figure
	drawing           templ.Component // nil without a trend
	source            string
	none              string // what is said where there is nothing to tell
}

// togetherBrief is GET …/working-together/brief: participation, commitment and trust
// on one sheet for the leadership table, and what waits for it.
func (s *Server) togetherBrief(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := together.Input{AsOf: r.URL.Query().Get("as-of")}
	p, err := together.Get.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	trust, err := s.briefTrust(ctx, in.AsOf)
	if err != nil {
		return err
	}
	t := func(key string) string { return i18n.T(ctx, "together."+key) }
	of := func(label string, share together.Share) figure {
		return figure{Label: label, Value: rate(ctx, share), Said: ofHowMany(ctx, share)}
	}
	source := func(words string) string {
		return i18n.T(ctx, "together."+words+"_source", i18n.Args{"Date": i18n.ShortCivilDate(ctx, p.AsOf)})
	}
	participation := answer{heading: t("participation"), question: t("brief_participation"), source: source("presence"),
		figures: []figure{of(t("presence"), p.Presence), {Label: t("breadth"), Value: rate(ctx, p.Breadth.Members), Said: breadthSaid(ctx, p.Breadth)}}, drawing: briefTrend(ctx, p.Trend, presenceTrend)}
	commitment := answer{heading: t("commitment"), question: t("brief_commitment"), source: source("kept"),
		figures: []figure{of(t("kept"), p.Kept)}, drawing: briefTrend(ctx, p.KeptTrend, keptTrend)}
	answers := []answer{participation, commitment}
	if trust.heading != "" {
		answers = append(answers, trust)
	}
	children := []templ.Component{printButton(), briefAnswers(answers)}
	if in.AsOf == "" {
		waits, err := s.briefWaits(ctx)
		if err != nil {
			return err
		}
		if len(waits) == 0 {
			waits = []string{t("brief_nothing")}
		}
		children = append(children, printedSection(t("brief_waits"), waits))
	}
	children = append(children, muted(t("brief_read")))
	c := operation.CollaborativeFrom(ctx)
	props := ui.PageProps{Title: t("brief"), Heading: c.Name, Lede: dotted(t("brief"), i18n.CivilDate(ctx, p.AsOf)), AsOf: s.asOf(r, "working-together/brief"),
		Crumbs: []ui.Link{{Label: t("title"), Href: place(ctx, "working-together")}}}
	return s.show(w, r, http.StatusOK, "working-together", props, children...)
}

// briefTrend draws the last quarters of a trend; nothing where there are too few to
// see a change.
func briefTrend(ctx context.Context, steps []together.Step, of func(together.Picture) trend) templ.Component {
	steps = steps[max(0, len(steps)-briefQuarters):]
	if len(steps) < 2 {
		return nil
	}
	lines := of(together.Picture{Trend: steps, KeptTrend: steps}).lines(ctx)
	lines.Width, lines.Height = briefWidth, briefHeight
	return lines
}

// briefTrust is the third answer; without a heading for who may not read results.
func (s *Server) briefTrust(ctx context.Context, asOf string) (answer, error) {
	if !s.may(ctx, "survey-results.list") {
		return answer{}, nil
	}
	a := answer{heading: i18n.T(ctx, "together.trust"), question: i18n.T(ctx, "together.brief_trust"), source: i18n.T(ctx, "together.trust_source"), none: i18n.T(ctx, "together.no_trust")}
	asked, err := surveys.ListResults.Do(ctx, s.app.Door, surveys.ListResultsInput{Key: trustInstrument, Until: asOf, Limit: briefQuarters})
	if err != nil || len(asked.Items) == 0 {
		return a, err
	}
	for _, f := range trustFigures(ctx, asked.Items[0]) {
		f.Formula = ""
		a.figures = append(a.figures, f)
	}
	if len(asked.Items) > 1 {
		lines := trustLines(ctx, asked.Items)
		lines.Width, lines.Height = briefWidth, briefHeight
		a.drawing = lines
	}
	return a, nil
}

// briefWaits is what the table has to see to, as far as the reader may know of it:
// the decisions of its next meeting, seats, terms and actions.
func (s *Server) briefWaits(ctx context.Context) ([]string, error) {
	var out []string
	next, err := s.briefMeeting(ctx)
	if err != nil {
		return nil, err
	}
	out = append(out, next...)
	if s.may(ctx, "seats.list") {
		vacant, err := directory.ListSeats.Do(ctx, s.app.Door, directory.ListSeatsInput{State: directory.Vacant, Limit: briefLines})
		if err != nil {
			return nil, err
		}
		var names []string
		for _, x := range vacant.Items {
			names = append(names, seatName(ctx, x.Role, x.Purpose)+", "+x.Body)
		}
		out = append(out, listed(ctx, "brief_vacant", names, vacant.Next != "")...)
	}
	if s.may(ctx, "terms.list") {
		ending, err := directory.ListTerms.Do(ctx, s.app.Door, directory.ListTermsInput{Ending: true, Limit: briefLines})
		if err != nil {
			return nil, err
		}
		var names []string
		for _, x := range ending.Items {
			names = append(names, named(ctx, x.Person)+", "+x.Body+" ("+i18n.ShortCivilDate(ctx, x.Ends)+")")
		}
		out = append(out, listed(ctx, "brief_ending", names, ending.Next != "")...)
	}
	if s.may(ctx, "actions.list") {
		overdue, err := actions.List.Do(ctx, s.app.Door, actions.ListInput{Overdue: true, Limit: briefLines})
		if err != nil {
			return nil, err
		}
		var names []string
		for _, x := range overdue.Items {
			names = append(names, firstLine(x.Text)+" ("+i18n.ShortCivilDate(ctx, x.DueOn)+")")
		}
		out = append(out, listed(ctx, "brief_overdue", names, overdue.Next != "")...)
	}
	return out, nil
}

// listed is one line of names; more says that there are further ones.
func listed(ctx context.Context, key string, names []string, more bool) []string {
	if len(names) == 0 {
		return nil
	}
	text := strings.Join(names, "; ")
	if more {
		text += "; " + i18n.T(ctx, "together.brief_more")
	}
	return []string{i18n.T(ctx, "together."+key, i18n.Args{"Names": text})}
}

// briefMeeting is the next meeting of a leadership table and what it is to decide.
func (s *Server) briefMeeting(ctx context.Context) ([]string, error) {
	if !s.may(ctx, "bodies.list") || !s.may(ctx, "meetings.list") {
		return nil, nil
	}
	tables, err := directory.ListBodies.Do(ctx, s.app.Door, directory.ListBodiesInput{Kind: directory.BodyKinds[0], State: "active", Brief: true, Limit: briefLines})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, b := range tables.Items {
		coming, err := convening.ListMeetings.Do(ctx, s.app.Door, convening.ListMeetingsInput{BodyID: b.ID, From: s.today(ctx), Sort: "starts", Limit: briefLines})
		if err != nil {
			return nil, err
		}
		for _, m := range coming.Items {
			if m.State == convening.Cancelled {
				continue
			}
			items, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
			if err != nil {
				return nil, err
			}
			var decide []string
			for _, i := range items.Items {
				if i.Goal == "decide" {
					decide = append(decide, i.Title)
				}
			}
			more := len(decide) > briefItems
			decide = decide[:min(len(decide), briefItems)]
			out = append(out, i18n.T(ctx, "together.brief_next", i18n.Args{"Body": b.Name, "When": meetingWhen(ctx, m)}))
			out = append(out, listed(ctx, "brief_decide", decide, more)...)
			break
		}
	}
	return out, nil
}
