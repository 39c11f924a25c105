package calendar

import (
	"net/url"
	"strings"
	"time"
)

// longestText is how many characters of a description a link carries: browsers
// and servers between take addresses of about 2,000 for sure.
const longestText = 600

// GoogleLink is the address at which Google's calendar offers to add the event,
// with its rule. Exceptions cannot be told that way.
func GoogleLink(e Event) string {
	q := url.Values{"action": {"TEMPLATE"}, "text": {e.Summary}}
	begin := e.Start.In(e.zone())
	end := begin.Add(e.Length)
	if e.AllDay {
		q.Set("dates", e.Start.compactDate()+"/"+e.Start.Add(e.Length).compactDate())
	} else {
		last := WallOf(end)
		if zone := e.zone(); !isUTC(zone) && last.In(zone).Equal(end) {
			q.Set("dates", WallOf(begin).compact()+"/"+last.compact())
			q.Set("ctz", zone.String())
		} else {
			q.Set("dates", WallOf(begin.UTC()).compact()+"Z/"+WallOf(end.UTC()).compact()+"Z")
		}
	}
	if e.Rule != nil {
		q.Set("recur", "RRULE:"+e.Rule.Text(e.zone(), e.AllDay))
	}
	put(q, "details", e.words())
	put(q, "location", e.Location)
	return "https://calendar.google.com/calendar/render?" + encoded(q)
}

// OutlookLink is the address at which Outlook on the web offers to add one
// event: for private accounts, or for those of an organization. It knows no
// rules; the first time alone is offered.
func OutlookLink(e Event, organization bool) string {
	host := "outlook.live.com"
	if organization {
		host = "outlook.office.com"
	}
	q := url.Values{"path": {"/calendar/action/compose"}, "rru": {"addevent"}, "subject": {e.Summary}}
	begin := e.Start.In(e.zone())
	end := begin.Add(e.Length)
	if e.AllDay {
		q.Set("allday", "true")
		q.Set("startdt", begin.Format(time.DateOnly))
		q.Set("enddt", end.Format(time.DateOnly))
	} else {
		q.Set("startdt", begin.UTC().Format(time.RFC3339))
		q.Set("enddt", end.UTC().Format(time.RFC3339))
	}
	put(q, "body", e.words())
	put(q, "location", e.Location)
	return "https://" + host + "/calendar/0/deeplink/compose?" + encoded(q)
}

// SubscribeLink is the address of a feed as calendar programs take it for one,
// rather than for a file to read once.
func SubscribeLink(feed string) string {
	if _, rest, ok := strings.Cut(feed, "://"); ok {
		return "webcal://" + rest
	}
	return feed
}

// words is what a link tells of the event: the beginning of its description,
// and its address.
func (e Event) words() string {
	text := shortened(e.Description, longestText)
	if e.URL != "" && !strings.Contains(text, e.URL) {
		text = strings.TrimSpace(text + "\n\n" + e.URL)
	}
	return text
}

func put(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

// encoded writes spaces as %20: Outlook shows a plus as it stands.
func encoded(q url.Values) string { return strings.ReplaceAll(q.Encode(), "+", "%20") }
