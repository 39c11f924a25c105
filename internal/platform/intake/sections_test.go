package intake

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

// The shapes in which programs for meetings write who took part.
func TestSections(t *testing.T) {
	teams, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("1. Summary\nMeeting title\tTable\nAttended participants\t2\n\n2. Participants\nName\tFirst Join\tIn-Meeting Duration\tEmail\tRole\nAnn Lee\t2/7/26, 10:00:05 AM\t1h 2m 10s\tann@x.org\tOrganizer\nBob\t2/7/26, 10:01:05 AM\t1h\t\tPresenter\n\n3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tRole\nAnn Lee\t2/7/26, 10:00:05 AM\t2/7/26, 11:02:15 AM\tOrganizer\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, in, want string }{
		{"Teams", teams, "1. Summary: Meeting title|Table / Attended participants|2; " +
			"2. Participants: Name|First Join|In-Meeting Duration|Email|Role / Ann Lee|2/7/26, 10:00:05 AM|1h 2m 10s|ann@x.org|Organizer / Bob|2/7/26, 10:01:05 AM|1h||Presenter; " +
			"3. In-Meeting Activities: Name|Join Time|Leave Time|Role / Ann Lee|2/7/26, 10:00:05 AM|2/7/26, 11:02:15 AM|Organizer"},
		{"Zoom", "\ufeffMeeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n123,Table,10/05/2026 05:55:00 PM,10/05/2026 06:55:00 PM,a@x.org,60,2\n\nName (Original Name),User Email,Total Duration (Minutes),Guest\nAnn,a@x.org,60,No\nBob,,30,Yes\n",
			": Meeting ID|Topic|Start Time|End Time|User Email|Duration (Minutes)|Participants / 123|Table|10/05/2026 05:55:00 PM|10/05/2026 06:55:00 PM|a@x.org|60|2; " +
				"(2): Name (Original Name)|User Email|Total Duration (Minutes)|Guest / Ann|a@x.org|60|No / Bob||30|Yes"},
		{"Kumu", "Label,Type,Tags\nAnn,Person,x\nBob,Person,\n\n\nFrom,To,Type,Direction\nAnn,Bob,knows,mutual\n", ": Label|Type|Tags / Ann|Person|x / Bob|Person|; (2): From|To|Type|Direction / Ann|Bob|knows|mutual"},
		{"blank rows within a table", "Name,Email,Role\nAnn,a@x.org,Chair\n\nBob,b@x.org,Member\nCy,c@x.org\n\nDee,,\n", ": Name|Email|Role / Ann|a@x.org|Chair / Bob|b@x.org|Member / Cy|c@x.org| / Dee||"},
		{"rows in groups", "Name,Email,Role\n\nNorth\nAnn,a@x.org,Chair\nEve,e@x.org,Chair\n\nSouth\nBob,b@x.org,Member\nCy,c@x.org,Member\n", ": Name|Email|Role / North|| / Ann|a@x.org|Chair / Eve|e@x.org|Chair / South|| / Bob|b@x.org|Member / Cy|c@x.org|Member"},
		{"titles", "Members\nAs of May\n\nName,Email,Role\nAnn,a@x.org,Chair\nBob,b@x.org,Chair\n", ": Name|Email|Role / Ann|a@x.org|Chair / Bob|b@x.org|Chair"},
	} {
		f := opened(t, []byte(c.in), Options{Name: "a.csv"})
		if got := everything(t, f); got != c.want {
			t.Errorf("%s: %q\nwant %q", c.name, got, c.want)
		}
	}
	// Long sections are found beyond the rows that are looked at first.
	long := "Topic,Date\nTable,2026-05-01\n\nName,Email,Role\n" + strings.Repeat("Ann,a@x.org,Chair\n", 500) + "\nQuestion,Yes,No,Other\nReady?,5,1,0\n"
	f := opened(t, []byte(long), Options{})
	if len(f.Tables) != 3 || len(cellsOf(t, f.Tables[1])) != 500 || len(cellsOf(t, f.Tables[2])) != 1 {
		t.Errorf("%d tables", len(f.Tables))
	}
}
