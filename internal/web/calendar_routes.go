package web

import "commontable/internal/platform/access"

// calendarRoutes are the pages that carry meetings to calendars, those that
// personal links of letters lead to, and the list of addresses without letters.
func (s *Server) calendarRoutes() []Route {
	const c = "/c/{collaborative}"
	const feeds, meeting, letters = c + "/calendar", c + "/meetings/{id}", c + "/settings/letters"
	list := []string{"calendar-feeds.list", "bodies.list"}
	return []Route{
		{"GET", feeds, list, s.feedList},
		{"POST", feeds, append(list, "calendar-feeds.make"), s.feedMake},
		{"POST", feeds + "/{id}/show", list, s.feedShow},
		{"POST", feeds + "/{id}/end", []string{"calendar-feeds.end"}, s.feedEnd},
		{"GET", meeting + "/calendar.ics", []string{"meetings.get"}, s.meetingFile},
		{"POST", meeting + "/invite", []string{"meetings.invite"}, s.meetingInvite},

		{"GET", letters, []string{"suppressions.list"}, s.suppressionList},
		{"POST", letters, []string{"suppressions.list", "suppressions.add"}, s.suppressionAdd},
		{"POST", letters + "/{id}/remove", []string{"suppressions.remove"}, s.suppressionRemove},

		// A calendar program signs in to nothing: the address itself says with whose
		// rights it reads, and the door is asked with those.
		{"GET", access.PathFeed + "{secret}", nil, s.feedFile},
		{"GET", access.PathReply + "{secret}", []string{"meeting-links.open"}, s.replyAsk},
		{"POST", access.PathReply + "{secret}", []string{"meeting-links.reply"}, s.replyAnswer},
		{"GET", access.PathStop + "{secret}", []string{"letter-links.stop"}, s.lettersStop},
		{"POST", access.PathStop + "{secret}", []string{"letter-links.stop"}, s.lettersStopped},
	}
}
