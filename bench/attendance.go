package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
)

// The hall: so many people with a seat, who check in at once from so many phones.
const (
	hallPeople  = 200
	hallClients = 50
)

// checkIn measures a burst at the door of one meeting: 200 people check in from 50
// clients, each by the form of the page, first while the meeting is planned and then
// while it counts as held, so that every check-in also moves the sums.
func (b *bench) checkIn(ctx context.Context) (err error) {
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
	body, err := directory.CreateBody.Do(director, w.app.Door, directory.BodyInput{Name: "Hall"})
	if err != nil {
		return err
	}
	var people []directory.PersonID
	var organization directory.Organization
	for n := range hallPeople {
		if n%4 == 0 {
			if organization, err = directory.CreateOrganization.Do(director, w.app.Door, directory.OrganizationInput{Name: fmt.Sprintf("Organization %d", n)}); err != nil {
				return err
			}
		}
		p, err := directory.CreatePerson.Do(director, w.app.Door, directory.PersonInput{GivenName: given[n%len(given)], FamilyName: fmt.Sprintf("%s %d", family[n%len(family)], n)})
		if err != nil {
			return err
		}
		if _, err := directory.CreateSeat.Do(director, w.app.Door, directory.SeatInput{BodyID: body.ID, Voting: true, From: "2020-01-01",
			Terms: []directory.TermInput{{PersonID: p.ID, OrganizationID: organization.ID, From: "2020-01-01"}}}); err != nil {
			return err
		}
		people = append(people, p.ID)
	}
	stop, err := b.profiled()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("check-in · %s · %d cores · %s · %d people from %d clients · fsync %s\n\n", runtime.Version(), runtime.NumCPU(), w.app.Store.Engine(), hallPeople, hallClients, short(fsyncCost(folder)))
	for _, held := range []bool{false, true} {
		now := w.app.Config.Clock.Now().UTC()
		m, err := convening.CreateMeeting.Do(director, w.app.Door, convening.MeetingInput{BodyID: body.ID, On: now.Format(time.DateOnly), Starts: now.Format("15:04"), Zone: "UTC", Held: held})
		if err != nil {
			return err
		}
		door, err := w.app.Attendance.OpenDoor.Do(director, w.app.Door, attendance.DoorInput{MeetingID: m.ID})
		if err != nil {
			return err
		}
		took, err := burst(ctx, w, w.base+"/here/"+door.Code, people)
		if err != nil {
			return err
		}
		page, err := attendance.List.Do(director, w.app.Door, attendance.MeetingPart{MeetingID: m.ID})
		if err != nil {
			return err
		}
		fmt.Printf("held %-5t  p50 %-9s p99 %-9s slowest %-9s %d of %d in\n", held, short(took[len(took)/2]), short(took[len(took)*99/100]), short(took[len(took)-1]), len(page.Items), hallPeople)
	}
	return nil
}

// burst sends everyone's form as fast as the clients can, and gives the time each
// took, in order.
func burst(ctx context.Context, w *world, address string, people []directory.PersonID) ([]time.Duration, error) {
	queue := make(chan directory.PersonID, len(people))
	for _, p := range people {
		queue <- p
	}
	close(queue)
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var all sync.WaitGroup
	for range hallClients {
		all.Go(func() {
			for p := range queue {
				form := url.Values{"who": {"x"}, "who_id": {p.String()}}
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
				if err != nil {
					return
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Origin", w.base)
				begun := time.Now()
				status, answer, err := send(w.client, r)
				mu.Lock()
				if took = append(took, time.Since(begun)); err != nil || status != http.StatusOK || !bytes.Contains(answer, []byte("Welcome")) {
					failed = fmt.Errorf("check-in: %d %w %.300s", status, err, answer)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	return took, failed
}
