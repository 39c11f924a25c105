package convening_test

import (
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/operation"
)

// A series takes single days otherwise than its rule: left out, called off, moved, one
// more; and each of them may be otherwise again in a newer version, without the other
// meetings losing their place.
func TestSeriesExceptions(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		told := func(s convening.Series) string {
			var out []string
			for _, m := range do(t, at, at.staff, convening.ListMeetings, convening.ListMeetingsInput{SeriesID: s.ID, Limit: 200}).Items {
				if m.On < "2026-03-20" && m.DeletedAt == nil {
					word := m.On + " " + m.Starts
					if m.State == convening.Cancelled {
						word += " off"
					}
					if m.Title != "Table" {
						word += " " + m.Title
					}
					out = append(out, word)
				}
			}
			slices.Sort(out)
			return strings.Join(out, ", ")
		}
		is := func(s convening.Series, want string) {
			t.Helper()
			if got := told(s); got != want {
				t.Errorf("meetings on\n%s, not\n%s", got, want)
			}
		}
		s := do(t, at, at.staff, convening.CreateSeries, convening.SeriesInput{BodyID: at.body, FirstOn: "2015-01-06", Starts: "09:00", Rule: "FREQ=WEEKLY;BYDAY=TU", From: "2026-02-02",
			Exceptions: []convening.Exception{{On: "2026-02-10", What: convening.NoMeeting}, {On: "2026-02-17", What: convening.Moved, To: "2026-02-18", Starts: "10:30", Minutes: 90, Title: "Retreat"},
				{On: "2026-02-24", What: convening.CalledOff}, {On: "2026-02-27", What: convening.OneMore, Starts: "12:00"}}})
		is(s, "2026-02-03 09:00, 2026-02-18 10:30 Retreat, 2026-02-24 09:00 off, 2026-02-27 12:00, 2026-03-03 09:00, 2026-03-10 09:00, 2026-03-17 09:00")
		march := at.coming(t, s.ID)[4]
		item := do(t, at, at.staff, convening.AddItem, convening.ItemInput{MeetingID: march.ID, Title: "Budget"})

		newer := []convening.Exception{{On: "2026-02-17", What: convening.Moved, To: "2026-02-19", Starts: "11:00"}, {On: "2026-03-03", What: convening.NoMeeting}}
		s = do(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: s.Version, Exceptions: &newer})
		is(s, "2026-02-03 09:00, 2026-02-10 09:00, 2026-02-19 11:00, 2026-02-24 09:00, 2026-03-10 09:00, 2026-03-17 09:00")
		if got := do(t, at, at.staff, convening.GetMeeting, convening.MeetingRef{ID: march.ID}); got.On != "2026-03-10" && got.DeletedAt == nil {
			t.Errorf("the meeting of %s went to %s", march.On, got.On)
		}
		if got := do(t, at, at.staff, convening.ListItems, convening.MeetingPart{MeetingID: item.MeetingID}).Items; len(got) != 1 {
			t.Errorf("%d items of its agenda are left", len(got))
		}
		// What somebody here moved by hand stays, while the calendar says nothing new of it.
		hand := at.coming(t, s.ID)[0]
		do(t, at, at.staff, convening.EditMeeting, convening.MeetingPatch{ID: hand.ID, Version: hand.Version, Starts: ptr("08:15")})
		s = do(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: s.Version, Starts: ptr("09:30")})
		is(s, "2026-02-03 08:15, 2026-02-10 09:30, 2026-02-19 11:00, 2026-02-24 09:30, 2026-03-10 09:30, 2026-03-17 09:30")
		refused(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: s.Version, Exceptions: &[]convening.Exception{{On: "2026-03-03", What: convening.Moved, Starts: "25:99"}}}, operation.Invalid)
		many := make([]convening.Exception, 301)
		refused(t, at, at.staff, convening.EditSeries, convening.SeriesPatch{ID: s.ID, Version: s.Version, Exceptions: &many}, operation.Invalid)
	})
}
