package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"commontable/internal/testing/browser"
)

// A director follows a partner's calendar: she is told that something waits, looks at it and
// brings it; later she hears of what stands in it no more, on Home too; and of trouble, in words.
func TestFollowedCalendarInABrowser(t *testing.T) {
	d, director, home, _, _ := agreed(t)
	first, second := d.clock.Now().AddDate(0, 0, 9).Format("20060102"), d.clock.Now().AddDate(0, 0, 16).Format("20060102")
	var content atomic.Value
	event := func(uid, title, day string) string {
		return fmt.Sprintf("BEGIN:VEVENT\r\nUID:%s\r\nSUMMARY:%s\r\nDTSTART:%sT180000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n", uid, title, day)
	}
	say := func(events ...string) {
		content.Store("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n")
	}
	say(event("a", "Reading circle", first), event("b", "Open evening", second))
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(content.Load().(string))) }))
	defer partner.Close()
	address := partner.URL + "/private-cassowary/basic.ics"

	page := browser.Open(t).Page(t)
	page.Tolerate("422")
	page.Visit(d.url + "/sign-in?next=" + home + "followed-calendars")
	signInOn(page)
	page.WaitText("No calendar is followed yet")
	page.Axe()
	page.Follow(".empty a")
	page.Fill("label=Name", "Library")
	page.Fill("label=Address", "https://user:secret@library.example/")
	page.Follow("text=Follow it")
	page.WaitText("has no user name in it")
	page.Axe()
	page.Screenshot("followed-form")
	page.Fill("label=Address", address)
	page.Follow("text=Follow it")
	page.WaitText("The calendar is being read")
	d.work()
	page.Reload()
	page.WaitText("leads into the network this program runs in")
	page.Axe()
	d.app.Config.Reach = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	page.Follow("text=Read now")
	d.work()
	page.Reload()
	page.WaitText("There is something new")
	page.Axe()
	page.Screenshot("followed-waits")
	director.get(home, http.StatusOK).says(t, "Calendars elsewhere", "Library", "Waits for you")
	page.Follow("text=Look at it")
	page.WaitText("Reading circle")
	page.Screenshot("followed-import")
	page.Follow("form[action$='/start'] button")
	d.work()
	director.get(home+"meetings", http.StatusOK).says(t, "Reading circle", "Open evening")

	say(event("a", "Reading circle", first))
	for _, path := range []string{"", "/new"} {
		if body := director.get(home+"followed-calendars"+path, http.StatusOK).body; strings.Contains(body, "cassowary") {
			t.Errorf("%s shows the address", path)
		}
	}
	page.Visit(d.url + home + "followed-calendars")
	page.WaitText("Up to date")
	page.Follow("text=Library")
	page.Follow("text=Read now")
	d.work()
	page.Reload()
	page.WaitText("No longer in the calendar")
	page.Axe()
	page.Screenshot("followed-gone")
	director.get(home, http.StatusOK).says(t, "Meetings are gone")
	page.Follow("text=Keep it")
	page.WaitText("Meeting kept")
	page.WaitGone("text=No longer in the calendar")
}
