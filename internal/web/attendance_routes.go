package web

import (
	"commontable/internal/platform/access"
)

// attendanceRoutes are the pages of who is at a meeting: the tick list, the door with
// its code, the page behind it, and the code that somebody shows.
func (s *Server) attendanceRoutes() []Route {
	const meeting = "/c/{collaborative}/meetings/{id}"
	return []Route{
		{"GET", meeting + "/attendance", []string{"meetings.get", "meetings.people", "attendance.list", "attendance.quorum"}, s.attendanceList},
		{"POST", meeting + "/attendance", []string{"attendance.record"}, s.attendanceRecord},
		{"POST", meeting + "/attendance/answered", []string{"meetings.get", "meetings.people", "attendance.record-several"}, s.attendanceAnswered},
		{"GET", meeting + "/attendance/{entry}", []string{"meetings.get", "attendance.get", "attendance.edit"}, s.attendanceEdit},
		{"POST", meeting + "/attendance/{entry}", []string{"attendance.get", "attendance.edit"}, s.attendanceSave},
		{"POST", meeting + "/attendance/{entry}/spoke", []string{"attendance.get", "attendance.edit"}, s.attendanceSpoke},
		{"GET", meeting + "/presence", []string{"meetings.get", "attendance.list", "attendance.quorum"}, s.meetingPresence},
		{"POST", meeting + "/attendance/{entry}/trash", []string{"attendance.trash"}, s.attendanceTrash},
		{"GET", meeting + "/scan", []string{"meetings.get", "attendance.scan"}, s.attendanceScan},
		{"POST", meeting + "/scan", []string{"meetings.get", "attendance.scan"}, s.attendanceScanned},
		{"GET", meeting + "/door", []string{"meetings.get", "doors.get"}, s.doorShow},
		{"POST", meeting + "/door", []string{"doors.open"}, s.doorOpen},
		{"POST", meeting + "/door/close", []string{"doors.close"}, s.doorClose},
		{"POST", "/c/{collaborative}/bodies/{id}/presence-rule", []string{"attendance.set-rule"}, s.presenceRuleSave},
		{"GET", "/c/{collaborative}/people/{id}/code", []string{"people.get", "personal-codes.get"}, s.personCode},
		{"POST", "/c/{collaborative}/people/{id}/code", []string{"personal-codes.replace"}, s.personCodeReplace},

		{"GET", access.PathCheckIn + "{code}", []string{"check-in.open"}, s.checkIn},
		{"GET", access.PathCheckIn + "{code}/suggest", []string{"check-in.find"}, s.checkInSuggest},
		{"POST", access.PathCheckIn + "{code}", []string{"check-in.find", "check-in.enter"}, s.checkInEnter},
	}
}
