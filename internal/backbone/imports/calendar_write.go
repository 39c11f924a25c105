package imports

import (
	"cmp"
	"iter"
	"strconv"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// calendarMatcher finds what events became, by what the calendar calls them, and offers
// what has their name and was brought by none.
type calendarMatcher struct {
	brought map[string]TargetID
	alike   map[string][]Candidate // by title, and for single meetings the day
	bodies  map[TargetID]string
}

func matchCalendar(c *operation.Call) (Matcher, error) {
	x := calendarMatcher{brought: map[string]TargetID{}, alike: map[string][]Candidate{}, bodies: map[TargetID]string{}}
	taken := map[TargetID]bool{}
	if err := everyBrought(c, func(b brought) {
		x.brought[b.UID] = b.target()
		taken[b.target()] = true
	}); err != nil {
		return x, err
	}
	add := func(i TargetID, key string, body directory.BodyID, title, detail string) {
		if !taken[i] {
			x.alike[key] = append(x.alike[key], Candidate{Target: i, Title: title, Detail: detail})
			x.bodies[i] = body.String()
		}
	}
	if err := convening.EachSeries(c, func(s convening.Series) { add(TargetID(s.ID), folded(s.Title), s.BodyID, s.Title, s.Body) }); err != nil {
		return x, err
	}
	return x, convening.EachMeeting(c, func(m convening.Meeting) {
		x.brought[m.ID.String()] = TargetID(m.ID) // a feed of ours names meetings by their ids
		if m.SeriesID.IsZero() {
			add(TargetID(m.ID), folded(m.Title)+"|"+m.On, m.BodyID, m.Name(), m.Starts+" "+m.Body)
		}
	})
}

// Find implements Matcher.
func (x calendarMatcher) Find(asked []Asked) []Found {
	out := make([]Found, len(asked))
	for k, a := range asked {
		if target, known := x.brought[a.Given[eventUID]]; known {
			out[k] = Found{Target: target, Match: Match{Rule: "calendar"}}
			continue
		}
		key := folded(a.Given["title"])
		if a.Given["rule"] == "" {
			key += "|" + a.Given["first_on"]
		}
		for _, candidate := range x.alike[key] {
			if body := a.Given["body"]; (body == "" || body == x.bodies[candidate.Target]) && len(out[k].Match.Candidates) < mostCandidates {
				out[k].Match.Candidates = append(out[k].Match.Candidates, candidate)
			}
		}
	}
	return out
}

// Alike implements Matcher.
func (calendarMatcher) Alike(iter.Seq[Asked]) []Pair { return nil }

// currentCalendar is what series and meetings are now.
func currentCalendar(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
	out := map[TargetID]Current{}
	for _, i := range ids {
		now, err := currentEvent(c, i)
		if operation.KindOf(operation.Translate(err)) == operation.NotFound {
			continue
		}
		if err != nil {
			return out, err
		}
		b, err := broughtTo(c, i)
		if err != nil {
			return out, err
		}
		if b.UID != "" {
			now.Values[eventSaid], now.Values[eventSequence] = cmp.Or(b.Said, "-"), strconv.FormatInt(b.Sequence, 10)
		}
		out[i] = now
	}
	return out, nil
}

func currentEvent(c *operation.Call, i TargetID) (Current, error) {
	s, err := convening.SeriesOf(c, convening.SeriesID(i))
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		m, err := convening.GetMeeting.Within(c, convening.MeetingRef{ID: convening.MeetingID(i)})
		v := Values{"title": m.Title, "body": bodyText(m.BodyID), "first_on": m.On, "time": m.Starts, "minutes": strconv.FormatInt(m.Minutes, 10), "zone": m.Zone, "place": m.Place, "link": m.Link, "purpose": m.Purpose, eventSingle: "yes"}
		if m.State == convening.Cancelled {
			v["status"] = "cancelled"
		}
		// What took place, and what came from here by a feed of ours, no calendar changes.
		if m.DeletedAt != nil || m.Happened() || !m.SeriesID.IsZero() {
			v[eventGone] = "yes"
		}
		return Current{Title: m.Name(), Version: m.Version, Values: v, Shown: map[string]string{v["body"]: m.Body}}, err
	}
	v := Values{"title": s.Title, "body": bodyText(s.BodyID), "first_on": s.FirstOn, "time": s.Starts, "minutes": strconv.FormatInt(s.Minutes, 10), "zone": s.Zone, "rule": s.Rule, "last_on": s.LastOn, "place": s.Place, "link": s.Link,
		"purpose": s.Purpose}
	if s.DeletedAt != nil {
		v[eventGone] = "yes"
	}
	var ahead []convening.Exception
	for _, e := range s.Exceptions {
		if max(e.On, e.To) >= c.Today() {
			ahead = append(ahead, e)
		}
	}
	v["exceptions"] = eventText(ahead)
	return Current{Title: s.Title, Version: s.Version, Values: v, Shown: map[string]string{v["body"]: s.Body}}, err
}

func bodyText(i directory.BodyID) string {
	if i.IsZero() {
		return ""
	}
	return i.String()
}

// modeOf is how people meet, as far as a calendar tells.
func modeOf(v Values) string {
	switch {
	case v["link"] != "" && v["place"] != "":
		return "hybrid"
	case v["link"] != "":
		return "online"
	}
	return "in_person"
}

func createCalendar(c *operation.Call, v Values) (Written, error) {
	body := idOf[directory.Body](v["body"])
	if v["rule"] == "" {
		m, err := convening.CreateMeeting.Within(c, convening.MeetingInput{BodyID: body, Title: v["title"], Purpose: v["purpose"], Mode: modeOf(v), Place: v["place"], Link: v["link"], Zone: v["zone"], On: v["first_on"], Starts: v["time"],
			Minutes: number64(v["minutes"])})
		return Written{TargetID(m.ID), m.Name(), m.Version}, err
	}
	exceptions, _ := eventDays(v["exceptions"], "") // what could not be read was refused before
	from := c.Today()
	for _, e := range exceptions {
		from = min(from, e.On) // moved from a day that is over to one that is not
	}
	s, err := convening.CreateSeries.Within(c, convening.SeriesInput{BodyID: body, Title: v["title"], Purpose: v["purpose"], Mode: modeOf(v), Place: v["place"], Link: v["link"], Zone: v["zone"], FirstOn: v["first_on"], Starts: v["time"],
		Minutes: number64(v["minutes"]), Rule: v["rule"], LastOn: v["last_on"], Exceptions: exceptions, From: max(from, v["first_on"])})
	return Written{TargetID(s.ID), s.Title, s.Version}, err
}

// updateCalendar changes what a newer version of a calendar says otherwise.
func updateCalendar(c *operation.Call, target TargetID, change Values) (Written, error) {
	s, err := convening.SeriesOf(c, convening.SeriesID(target))
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return updateSingle(c, convening.MeetingID(target), change)
	}
	if err != nil {
		return Written{}, err
	}
	if rule, said := change["rule"]; said && rule == "" {
		return Written{}, operation.InvalidField("rule", "import.event_other_sort")
	}
	if change["status"] == "cancelled" {
		s, err = convening.TrashSeries.Within(c, convening.SeriesVersion{ID: s.ID, Version: s.Version})
		return Written{TargetID(s.ID), s.Title, s.Version}, err
	}
	patch := convening.SeriesPatch{ID: s.ID, Version: s.Version, Title: set(change, "title"), Purpose: set(change, "purpose"), Place: set(change, "place"), Link: set(change, "link"), Zone: set(change, "zone"), FirstOn: set(change, "first_on"),
		Starts: set(change, "time"), Minutes: numberIn(change, "minutes"), Rule: set(change, "rule"), LastOn: set(change, "last_on")}
	if text, said := change["exceptions"]; said {
		exceptions, fault := eventDays(text, "")
		if fault != nil {
			return Written{}, operation.InvalidField("exceptions", fault.Key)
		}
		patch.Exceptions = &exceptions
	}
	s, err = convening.EditSeries.Within(c, patch)
	return Written{TargetID(s.ID), s.Title, s.Version}, err
}

func updateSingle(c *operation.Call, i convening.MeetingID, change Values) (Written, error) {
	m, err := convening.MeetingOf(c, i)
	if err != nil {
		return Written{}, err
	}
	if change["rule"] != "" {
		return Written{}, operation.InvalidField("rule", "import.event_other_sort")
	}
	step := ""
	switch status, said := change["status"]; {
	case said && status == "cancelled" && m.State != convening.Cancelled:
		step = convening.Cancelled
	case said && status == "" && m.State == convening.Cancelled:
		step = convening.Planned
	}
	patch := convening.MeetingPatch{ID: m.ID, Version: m.Version, Title: set(change, "title"), Purpose: set(change, "purpose"), Place: set(change, "place"), Link: set(change, "link"), Zone: set(change, "zone"), On: set(change, "first_on"),
		Starts: set(change, "time"), Minutes: numberIn(change, "minutes")}
	if m, err = convening.EditMeeting.Within(c, patch); err == nil && step != "" {
		m, err = convening.StepMeeting.Within(c, convening.StepInput{ID: m.ID, Version: m.Version, State: step})
	}
	return Written{TargetID(m.ID), m.Name(), m.Version}, err
}

// broughtOf is what is remembered of an event once it was written.
func broughtOf(given Values, target TargetID) brought {
	b := brought{UID: given[eventUID], Sequence: number64(given[eventSequence]), Said: given[eventSaid]}
	if given["rule"] == "" {
		b.MeetingID = convening.MeetingID(target)
	} else {
		b.SeriesID = convening.SeriesID(target)
	}
	return b
}
