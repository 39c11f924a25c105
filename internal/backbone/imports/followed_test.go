package imports_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/outbound"
)

// elsewhere is somebody's calendar server.
type elsewhere struct {
	*httptest.Server
	content atomic.Pointer[[]byte]
	status  atomic.Int64
	full    atomic.Int64 // how often the content was sent
}

func newElsewhere(t *testing.T) *elsewhere {
	e := &elsewhere{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content := *e.content.Load()
		tag := fmt.Sprintf("%q", strconv.Itoa(int(crc32.ChecksumIEEE(content))))
		w.Header().Set("ETag", tag)
		switch status := int(e.status.Load()); {
		case status != 0:
			w.WriteHeader(status)
		case r.Header.Get("If-None-Match") == tag:
			w.WriteHeader(http.StatusNotModified)
		default:
			e.full.Add(1)
			_, _ = w.Write(content)
		}
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *elsewhere) say(content []byte) { e.content.Store(&content) }

// A calendar elsewhere is read again and again: what is new waits for somebody the first
// time, and comes by itself afterwards if that is wished; what changed nothing leaves no
// import; what stands in it no more is told and not called off.
func TestFollowedCalendar(t *testing.T) {
	halls(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		e := newElsewhere(t)
		client := outbound.New(1<<20, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
		event := func(uid, title, start string, more ...string) string {
			return vevent(append([]string{"UID:" + uid, "SUMMARY:" + title, "DTSTART:" + start, "DURATION:PT1H"}, more...)...)
		}
		weekly := event("weekly@else", "Standing call", "20260519T140000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
		e.say(ics(weekly, event("one@else", "Retreat", "20260620T150000Z")))
		group := must[directory.Body](t)(directory.CreateBody.Do(ctx, at.door, directory.BodyInput{Name: "Early years", Kind: "working_group"}))
		f := must[imports.Followed](t)(imports.FollowCalendar.Do(ctx, at.door, imports.FollowedInput{Name: "Partner", Address: e.URL + "/private-a1b2c3/basic.ics", BodyID: group.ID}))

		get := func() imports.Followed {
			t.Helper()
			return must[imports.Followed](t)(imports.GetFollowed.Do(ctx, at.door, imports.FollowedRef{ID: f.ID}))
		}
		read := func() imports.Followed {
			t.Helper()
			at.clock.Advance(4 * time.Hour)
			if err := imports.Follow(ctx, at.door, client, f.ID); err != nil {
				t.Fatal(err)
			}
			if now := get(); !now.ImportID.IsZero() {
				if err := imports.Work(ctx, at.door, now.ImportID); err != nil && operation.KindOf(err) != operation.NotFound {
					t.Fatal(err)
				}
			}
			return get()
		}
		state := func(i imports.ID) string {
			t.Helper()
			return must[imports.Import](t)(imports.Get.Do(ctx, at.door, imports.Ref{ID: i})).State
		}

		first := read()
		if !first.Waits || state(first.ImportID) != imports.Preview || len(at.series(ctx, t)) != 0 {
			t.Fatalf("the first version is %+v", first)
		}
		if raw, _ := json.Marshal(first); strings.Contains(string(raw), "a1b2c3") || first.Host != "127.0.0.1" {
			t.Errorf("the address is told: %s", raw)
		}
		at.load(ctx, t, must[imports.Import](t)(imports.Get.Do(ctx, at.door, imports.Ref{ID: first.ImportID})))
		if s := at.series(ctx, t); len(s) != 1 || s[0].BodyID != group.ID || get().Waits {
			t.Fatalf("brought: %+v, %+v", s, get())
		}
		again := read()
		if again.Version != first.Version {
			t.Errorf("it was read, and its version went from %d to %d: whoever edits it meanwhile would be refused", first.Version, again.Version)
		}
		if again.ImportID != first.ImportID || e.full.Load() != 1 || again.ReadAt == nil || !again.NextAt.After(*again.ReadAt) {
			t.Errorf("read again: %+v, sent %d times", again, e.full.Load())
		}

		// Two versions come before anybody looks: the newer one takes the place of the other.
		e.say(ics(weekly, event("one@else", "Retreat", "20260621T150000Z")))
		second := read()
		e.say(ics(weekly, event("one@else", "Retreat day", "20260622T150000Z")))
		third := read()
		if !third.Waits || third.ImportID == second.ImportID || state(second.ImportID) != imports.Cancelled || state(third.ImportID) != imports.Preview {
			t.Errorf("two versions: %s and %s", state(second.ImportID), state(third.ImportID))
		}

		f = must[imports.Followed](t)(imports.EditFollowed.Do(ctx, at.door, imports.FollowedPatch{ID: f.ID, Version: get().Version, BySelf: ptr(true)}))
		e.say(ics(weekly, event("one@else", "Retreat day", "20260623T150000Z"), event("two@else", "Assembly", "20260801T150000Z")))
		fourth := read()
		if fourth.Waits || state(fourth.ImportID) != imports.Done {
			t.Fatalf("by itself: %+v is %s", fourth, state(fourth.ImportID))
		}
		meetings := must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{Limit: 200})).Items
		found := map[string]string{}
		for _, m := range meetings {
			found[m.Title] = m.On
		}
		if found["Retreat day"] != "2026-06-23" || found["Assembly"] != "2026-08-01" {
			t.Errorf("there are %v", found)
		}

		// Its server writes it anew without saying anything new.
		e.say(append(ics(weekly, event("one@else", "Retreat day", "20260623T150000Z"), event("two@else", "Assembly", "20260801T150000Z")), "\r\n\r\n"...))
		fifth := read()
		if _, err := imports.Get.Do(ctx, at.door, imports.Ref{ID: fifth.ImportID}); operation.KindOf(err) != operation.NotFound || fifth.Waits {
			t.Errorf("a version without news: %+v, %v", fifth, err)
		}

		// The weekly call and the assembly stand in it no more.
		e.say(ics(event("one@else", "Retreat day", "20260623T150000Z")))
		sixth := read()
		if len(sixth.Gone) != 2 || len(at.series(ctx, t)) != 1 {
			t.Errorf("gone: %+v", sixth.Gone)
		}
		must[imports.Followed](t)(imports.KeepGone.Do(ctx, at.door, imports.GoneInput{ID: f.ID, UID: "two@else"}))
		if now := get().Gone; len(now) != 1 || now[0].Title != "Standing call" {
			t.Errorf("one was kept, and gone is %+v", now)
		}
		s := at.series(ctx, t)[0]
		must[convening.Series](t)(convening.TrashSeries.Do(ctx, at.door, convening.SeriesVersion{ID: s.ID, Version: s.Version}))
		if now := get().Gone; len(now) != 0 {
			t.Errorf("what is in the trash is gone still: %+v", now)
		}

		// It cannot be read, and is tried later and later.
		e.status.Store(http.StatusForbidden)
		var waits []time.Duration
		for range 5 {
			now := read()
			if now.Problem == nil || now.Problem.Key != "followed.fault_needs_sign_in" {
				t.Fatalf("refused: %+v", now.Problem)
			}
			waits = append(waits, now.NextAt.Sub(*now.ReadAt))
		}
		if waits[0] != 3*time.Hour || waits[2] != 12*time.Hour || waits[4] != 24*time.Hour {
			t.Errorf("tried again after %v", waits)
		}
		e.status.Store(0)
		e.say([]byte("<html>Sign in</html>"))
		if now := read(); now.Problem == nil || now.Problem.Key != "followed.fault_no_calendar" || now.Failures != 6 {
			t.Errorf("a page in the place of a calendar: %+v", now)
		}
		e.say(ics(event("one@else", "Retreat day", "20260623T150000Z")))
		if now := read(); now.Problem != nil || now.Failures != 0 {
			t.Errorf("there again: %+v", now)
		}
		// Whoever follows it has no role any more.
		if err := imports.Follow(at.as(), at.door, client, f.ID); err != nil {
			t.Fatal(err)
		}
		if now := get(); now.Problem == nil || now.Problem.Key != "followed.fault_right" {
			t.Errorf("without the right: %+v", now.Problem)
		}
		if _, err := imports.EndFollowed.Do(ctx, at.door, imports.FollowedVersion{ID: f.ID, Version: get().Version}); err != nil {
			t.Fatal(err)
		}
		if err := imports.Follow(ctx, at.door, client, f.ID); err != nil {
			t.Errorf("followed no more: %v", err)
		}
	})
}

// An address that leads into the machine is noted as such, and nothing of it is told.
func TestFollowedCalendarOfThisMachine(t *testing.T) {
	at := newHall(t, "")
	ctx := at.as(operation.Director)
	e := newElsewhere(t)
	e.say(ics())
	f := must[imports.Followed](t)(imports.FollowCalendar.Do(ctx, at.door, imports.FollowedInput{Name: "Inside", Address: e.URL}))
	if err := imports.Follow(ctx, at.door, outbound.New(1<<20, nil), f.ID); err != nil {
		t.Fatal(err)
	}
	f = must[imports.Followed](t)(imports.GetFollowed.Do(ctx, at.door, imports.FollowedRef{ID: f.ID}))
	if f.Problem == nil || f.Problem.Key != "followed.fault_not_allowed" || e.full.Load() != 0 {
		t.Errorf("it says %+v", f.Problem)
	}
	for _, address := range []string{"ftp://a.example/", "https://a:b@a.example/", "a.example"} {
		if _, err := imports.FollowCalendar.Do(ctx, at.door, imports.FollowedInput{Name: "Odd", Address: address}); operation.KindOf(err) != operation.Invalid {
			t.Errorf("%s: %v", address, err)
		}
	}
}
