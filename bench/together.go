package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"runtime"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
)

// A collaborative that met so often: a hundredth of it, and the limits of its design.
const (
	metMeetings = 10_000
	metEach     = 100 // who came to each
	metBodies   = 40
	metPeople   = 900
	metSmall    = 100 // times smaller
)

// together measures the page of how we work together, the network of who met whom and
// a calendar feed, in a collaborative that met 10,000 times with 1,000,000 rows of
// attendance, beside one a hundredth the size.
func (b *bench) together(ctx context.Context) (err error) {
	fmt.Printf("working together · %s · %d cores\n\n", runtime.Version(), runtime.NumCPU())
	for _, meetings := range []int{metMeetings / metSmall, metMeetings} {
		if err := b.togetherOf(ctx, meetings); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) togetherOf(ctx context.Context, meetings int) (err error) {
	folder, err := os.MkdirTemp("", "commontable-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	w, err := open(ctx, folder, b.database, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	director, err := w.director(ctx)
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := w.meet(director, meetings); err != nil {
		return err
	}
	loading := time.Since(begun)
	feed, err := w.app.Calendars.MakeFeed.Do(director, w.app.Door, calendars.FeedInput{Scope: calendars.All})
	if err != nil {
		return err
	}
	fmt.Printf("%d meetings, %d rows of attendance, loaded in %s (%.0f rows/s)\n", meetings, meetings*metEach, loading.Round(time.Second), float64(meetings*metEach)/loading.Seconds())
	f, err := startFloors()
	if err != nil {
		return err
	}
	defer f.server.Close()
	pages, session := w.base+"/c/"+w.slug, http.Header{"Cookie": {w.cookie.Name + "=" + w.cookie.Value}}
	for _, page := range []struct {
		name, address string
		header        http.Header
	}{
		{"working together", pages + "/working-together", session},
		{"the same as of five years ago", pages + "/working-together?as-of=" + time.Now().AddDate(-5, 0, 0).Format(time.DateOnly), session},
		{"who has met whom (CSV)", pages + "/working-together/met.csv", session},
		{"home of the backbone", pages + "/", session},
		{"calendar feed", w.base + "/calendar/" + path.Base(feed.Address), http.Header{}},
	} {
		r := load(ctx, w.client, 1, b.length, func(int, int) *http.Request { return request(http.MethodGet, page.address, page.header, nil) })
		bare := f.static(ctx, w.client, 1, r.bytes, b.length/3)
		fmt.Printf("  %-30s p50 %-9s p99 %-9s cpu %-9s %.0f times a handler that sends %d bytes  %s\n", page.name, short(r.p50), short(r.p99), short(r.cpu), float64(r.cpu)/float64(max(bare.cpu, 1)), r.bytes, r.example)
	}
	fmt.Println()
	return nil
}

// meet loads people of 120 organizations with a seat each, and the meetings of twenty
// years.
func (w *world) meet(ctx context.Context, meetings int) error {
	var organizations []directory.OrganizationID
	for n := range 120 {
		o, err := directory.CreateOrganization.Do(ctx, w.app.Door, directory.OrganizationInput{Name: fmt.Sprintf("Organization %d", n), Status: "member", Since: "2006-01-01"})
		if err != nil {
			return err
		}
		organizations = append(organizations, o.ID)
	}
	bodies := make([]directory.BodyID, max(1, metBodies*meetings/metMeetings))
	for n := range bodies {
		body, err := directory.CreateBody.Do(ctx, w.app.Door, directory.BodyInput{Name: fmt.Sprintf("Body %d", n)})
		if err != nil {
			return err
		}
		bodies[n] = body.ID
	}
	var people []directory.PersonID
	for n := range metPeople {
		p, err := directory.CreatePerson.Do(ctx, w.app.Door, directory.PersonInput{GivenName: given[n%len(given)], FamilyName: fmt.Sprintf("%s %d", family[n%len(family)], n), OrganizationID: organizations[n%len(organizations)]})
		if err != nil {
			return err
		}
		if _, err := directory.CreateSeat.Do(ctx, w.app.Door, directory.SeatInput{BodyID: bodies[n%len(bodies)], Voting: true, From: "2006-01-01",
			Terms: []directory.TermInput{{PersonID: p.ID, OrganizationID: organizations[n%len(organizations)], From: "2006-01-01"}}}); err != nil {
			return err
		}
		people = append(people, p.ID)
	}
	first := time.Now().AddDate(-20, 0, 0)
	for n := range meetings {
		on := first.AddDate(0, 0, n*7300/meetings).Format(time.DateOnly)
		m, err := convening.CreateMeeting.Do(ctx, w.app.Door, convening.MeetingInput{BodyID: bodies[n%len(bodies)], Title: fmt.Sprintf("Meeting %d", n), On: on, Starts: "09:00", Zone: "UTC"})
		if err != nil {
			return err
		}
		in := attendance.SeveralInput{MeetingID: m.ID}
		for k := range metEach {
			in.Items = append(in.Items, attendance.Input{PersonID: people[(n*7+k*(1+n%8))%len(people)]})
		}
		if _, err := attendance.RecordSeveral.Do(ctx, w.app.Door, in); err != nil {
			return err
		}
		if _, err := convening.StepMeeting.Do(ctx, w.app.Door, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held}); err != nil {
			return err
		}
	}
	return nil
}
