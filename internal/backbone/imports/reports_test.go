package imports_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"commontable/internal/analysis/day"
	"commontable/internal/app"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/committee"
	"commontable/internal/testing/migrated"
)

// halls runs a test in an installation as it is run, with what watches the ledger,
// on both engines.
func halls(t *testing.T, test func(t *testing.T, at *table)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newHall(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newHall(t, migrated.Database(t))) })
}

func newHall(t testing.TB, database string) *table {
	t.Helper()
	at := &table{clock: clock.Fixed(time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC))}
	a, err := app.Open(context.Background(), app.Config{DataDir: migrated.Folder(t), DatabaseURL: database, BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"}, Clock: at.clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	account := must[access.Account](t)(a.Access.CreateAccount.Do(operation.WithActor(context.Background(), operation.System()), a.Door, access.CreateAccountInput{Name: "Fay Foss", Email: "fay@example.org"}))
	founder := operation.WithActor(context.Background(), operation.Actor{Account: account.ID, Name: "Fay Foss", Email: "fay@example.org", Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession})
	made := must[collaborative.Collaborative](t)(collaborative.Create.Do(founder, a.Door, collaborative.CreateInput{Name: "Maple Valley", Zone: "UTC"}))
	at.door, at.place = a.Door, must[operation.Collaborative](t)(a.Access.Collaborative(context.Background(), made.Slug))
	return at
}

// planned is a meeting of the afternoon of 4 May that three people are known to come to.
func (at *table) planned(ctx context.Context, t testing.TB) convening.Meeting {
	t.Helper()
	for _, p := range []directory.PersonInput{{GivenName: "Brian", FamilyName: "Smith"}, {GivenName: "Ana", FamilyName: "Ruiz", Email: "ana.ruiz@riverbend.org"}, {GivenName: "Omar", FamilyName: "Haddad"}} {
		must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, p))
	}
	return must[convening.Meeting](t)(convening.CreateMeeting.Do(ctx, at.door, convening.MeetingInput{Title: "Leadership table", On: "2026-05-04", Starts: "17:00", Minutes: 60, Mode: "online", Held: true}))
}

// there are the entries of every meeting's ledger, in words.
func (at *table) there(ctx context.Context, t testing.TB) []string {
	t.Helper()
	var out []string
	for _, m := range must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{Limit: 200})).Items {
		for _, a := range must[operation.Page[attendance.Attendance]](t)(attendance.List.Do(ctx, at.door, attendance.MeetingPart{MeetingID: m.ID})).Items {
			minutes, turns := "?", ""
			if a.Minutes != nil {
				minutes = fmt.Sprint(*a.Minutes)
			}
			if a.Turns != nil {
				turns = fmt.Sprintf(" turns %d", *a.Turns)
			}
			guest := ""
			if a.Guest() {
				guest = " (guest)"
			}
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s: %s%s %s min %s%s %s", m.Name(), a.Name, guest, minutes, a.Organization, turns, a.Source)))
		}
	}
	slices.Sort(out)
	return out
}

func utf16(t testing.TB, text string) []byte {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var wantReport = []string{
	"Leadership table · 2026-05-04: Ana Ruiz 60 min  report",
	"Leadership table · 2026-05-04: Brian Smith 50 min  report",
	"Leadership table · 2026-05-04: Omar Haddad 30 min  report",
}

const zoomJoins = `Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ana Ruiz (Host),ana.ruiz@riverbend.org,05/04/2026 05:00:00 PM,05/04/2026 06:00:00 PM,60,No
iPhone (Brian Smith),,05/04/2026 05:00:00 PM,05/04/2026 05:20:00 PM,20,Yes
iPhone (Brian Smith),,05/04/2026 05:30:00 PM,05/04/2026 06:00:00 PM,30,Yes
"Haddad, Omar",,05/04/2026 05:10:00 PM,05/04/2026 05:40:00 PM,30,Yes
`

const zoomHead = "\ufeffMeeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n812 333,Leadership table,05/04/2026 05:00:00 PM,05/04/2026 06:00:00 PM,ana.ruiz@riverbend.org,60,3\n\n"

const zoomTotals = `Name (Original Name),User Email,Total Duration (Minutes),Guest
Ana Ruiz,ana.ruiz@riverbend.org,60,No
Brian Smith,,50,Yes
"Haddad, Omar",,30,Yes
`

func teams(summary, title, start, end, people, columns, activities, stays string) string {
	return "1. " + summary + "\n" + title + "\tLeadership table\nAttended\t3\n" + start + "\t5/4/26, 5:00:00 PM\n" + end + "\t5/4/26, 6:00:00 PM\n\n2. " + people + "\n" + columns + "\n" +
		"Ana Ruiz\t5/4/26, 5:00:00 PM\t5/4/26, 6:00:00 PM\t1h\tana.ruiz@riverbend.org\tana.ruiz@riverbend.org\tOrganizer\nBrian Smith (Guest)\t5/4/26, 5:00:00 PM\t5/4/26, 6:00:00 PM\t50m\t\t\tPresenter\nHaddad, Omar\t5/4/26, 5:10:00 PM\t5/4/26, 5:40:00 PM\t30m 2s\t\t\tPresenter\n\n3. " +
		activities + "\n" + stays + "\n" +
		"Ana Ruiz\t5/4/26, 5:00:00 PM\t5/4/26, 6:00:00 PM\t1h\tana.ruiz@riverbend.org\tOrganizer\nBrian Smith (Guest)\t5/4/26, 5:00:00 PM\t5/4/26, 5:20:00 PM\t20m\t\tPresenter\nBrian Smith (Guest)\t5/4/26, 5:30:00 PM\t5/4/26, 6:00:00 PM\t30m\t\tPresenter\nHaddad, Omar\t5/4/26, 5:10:00 PM\t5/4/26, 5:40:02 PM\t30m 2s\t\tPresenter\n"
}

// reports are the known shapes of what programs for meetings write. Fixed is what
// somebody has to say where the report does not name its meeting.
func reports(t testing.TB) []struct {
	name, source string
	content      []byte
	fixed        map[string]string
} {
	named := map[string]string{"title": "Leadership table", "date": "2026-05-04"}
	return []struct {
		name, source string
		content      []byte
		fixed        map[string]string
	}{
		{"zoom joins under a head", "zoom", []byte(zoomHead + zoomJoins), nil},
		{"zoom joins alone", "zoom", []byte(zoomJoins), named},
		{"zoom totals under a head", "zoom", []byte(zoomHead + zoomTotals), nil},
		{"zoom totals alone", "zoom", []byte(zoomTotals), named},
		{"zoom with a column of consent, in ISO times", "zoom", []byte(zoomHead + strings.NewReplacer("Guest\n", "Guest,Recording Consent\n", "05/04/2026 05:", "2026-05-04 17:", "05/04/2026 06:", "2026-05-04 18:", ":00 PM", ":00", ",No\n", ",No,\n", ",Yes\n", ",Yes,\n").Replace(zoomJoins)), nil},
		{"teams", "teams", utf16(t, teams("Summary", "Meeting title", "Start time", "End time", "Participants", "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole", "In-Meeting Activities", "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole")), nil},
		{"teams in French", "teams", utf16(t, teams("Résumé", "Titre de la réunion", "Heure de début", "Heure de fin", "Participants", "Nom\tPremière participation\tDernier départ\tDurée de la réunion\tE-mail\tID du participant (UPN)\tRôle", "Activités en réunion", "Nom\tHeure de participation\tHeure de départ\tDurée\tE-mail\tRôle")), nil},
		{"teams in Spanish", "teams", utf16(t, teams("Resumen", "Título de la reunión", "Hora de inicio", "Hora de finalización", "Participantes", "Nombre\tPrimera unión\tÚltima salida\tDuración de la reunión\tCorreo electrónico\tId. de participante (UPN)\tRol", "Actividades en la reunión", "Nombre\tHora de unión\tHora de salida\tDuración\tCorreo electrónico\tRol")), nil},
		{"teams in German", "teams", utf16(t, teams("Zusammenfassung", "Besprechungstitel", "Startzeit", "Endzeit", "Teilnehmer", "Name\tErster Beitritt\tLetztes Verlassen\tBesprechungsdauer\tE-Mail\tTeilnehmer-ID (UPN)\tRolle", "Aktivitäten", "Name\tBeitrittszeit\tZeitpunkt des Verlassens\tDauer\tE-Mail\tRolle")), nil},
		{"teams, older", "teams", utf16(t, "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\nAna Ruiz\t5/4/2026, 5:00:00 PM\t5/4/2026, 6:00:00 PM\t1h\tana.ruiz@riverbend.org\tOrganizer\tana.ruiz@riverbend.org\nBrian Smith\t5/4/2026, 5:00:00 PM\t5/4/2026, 5:20:00 PM\t20m\t\tPresenter\t\nBrian Smith\t5/4/2026, 5:30:00 PM\t5/4/2026, 6:00:00 PM\t30m\t\tPresenter\t\nHaddad, Omar\t5/4/2026, 5:10:00 PM\t5/4/2026, 5:40:00 PM\t30m\t\tPresenter\t\n"), named},
		{"teams, oldest", "teams", utf16(t, "Full Name\tUser Action\tTimestamp\nAna Ruiz\tJoined\t5/4/2026, 5:00:00 PM\nAna Ruiz\tLeft\t5/4/2026, 6:00:00 PM\nBrian Smith\tJoined\t5/4/2026, 5:00:00 PM\nBrian Smith\tLeft\t5/4/2026, 5:20:00 PM\nBrian Smith\tJoined before\t5/4/2026, 5:30:00 PM\nBrian Smith\tLeft\t5/4/2026, 6:00:00 PM\nHaddad, Omar\tJoined\t5/4/2026, 5:10:00 PM\nHaddad, Omar\tLeft\t5/4/2026, 5:40:00 PM\n"), named},
	}
}

// Every known shape of report becomes the same ledger; loaded twice it changes
// nothing; taken back it leaves nothing behind.
func TestReportsOfMeetings(t *testing.T) {
	halls(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		at.planned(ctx, t)
		for _, r := range reports(t) {
			name := func(in *imports.MapInput) {
				for field, text := range r.fixed {
					if in.Fixed == nil {
						in.Fixed = map[string]string{}
					}
					in.Fixed[field] = text
				}
			}
			i := at.bring(ctx, t, "report.csv", "", r.content)
			if i.Kind != "attendance" || i.File.Source != r.source {
				t.Errorf("%s: kind %s, source %q, state %s, columns %+v", r.name, i.Kind, i.File.Source, i.State, i.File.Tables)
				continue
			}
			i = at.plan(ctx, t, i, name)
			if i.Counts.Actions[imports.Create] != 3 || i.Counts.Doubts != 0 || i.Counts.BadRows != 0 || len(i.Counts.Beside) != 0 {
				t.Errorf("%s: %+v, notes %+v", r.name, i.Counts, i.File.Notes)
			}
			i = at.load(ctx, t, i)
			var want []string
			for _, line := range wantReport {
				if strings.Contains(r.name, "totals") {
					line = strings.Replace(line, " report", " import", 1)
				}
				want = append(want, line)
			}
			if got := at.there(ctx, t); !slices.Equal(got, want) {
				t.Errorf("%s: %q", r.name, got)
			}
			again := at.plan(ctx, t, at.bring(ctx, t, "again.csv", "", r.content), name)
			if again.Counts.Actions[imports.Unchanged] != 3 || again.Counts.Actions[imports.Create]+again.Counts.Actions[imports.Update] != 0 {
				t.Errorf("%s again: %+v", r.name, again.Counts)
			}
			must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: i.ID}))
			if i = at.work(ctx, t, i.ID); i.State != imports.Undone || i.Counts.LeftOver != 0 || len(at.there(ctx, t)) != 0 {
				t.Errorf("%s undone: %s %+v %q", r.name, i.State, i.Counts, at.there(ctx, t))
			}
		}
	})
}

// A report whose clock is off, or of another meeting, is told before anything is
// written, and what somebody ticked gains the minutes.
func TestReportsThatDoNotFit(t *testing.T) {
	halls(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		m := at.planned(ctx, t)
		told := func(i imports.Import) (keys []string) {
			for _, n := range i.File.Notes {
				if strings.HasPrefix(n.Key, "import.report_") {
					keys = append(keys, fmt.Sprint(n.Key, " ", n.Args["Hours"]))
				}
			}
			return keys
		}
		off := strings.NewReplacer("/2026 05:", "/2026 10:", "/2026 06:", "/2026 11:").Replace(zoomHead + zoomJoins)
		i := at.plan(ctx, t, at.bring(ctx, t, "off.csv", "", []byte(off)), nil)
		if got := told(i); !slices.Equal(got, []string{"import.report_clock -5"}) || i.Counts.Doubts != 1 {
			t.Errorf("five hours off: %q %+v", got, i.Counts)
		}
		i = at.plan(ctx, t, at.bring(ctx, t, "off.csv", "", []byte(off)), func(in *imports.MapInput) { in.Fixed["shift"] = "-5" })
		if got := told(i); len(got) != 0 || i.Counts.Doubts != 0 {
			t.Errorf("moved back: %q %+v", got, i.Counts)
		}
		strangers := zoomHead + "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
		for _, name := range []string{"Quinn Vale", "Ruth Stone", "Ugo Tamm", "Ivo Lind"} {
			strangers += name + ",,05/04/2026 05:00:00 PM,05/04/2026 06:00:00 PM,60,Yes\n"
		}
		if got := told(at.plan(ctx, t, at.bring(ctx, t, "strangers.csv", "", []byte(strangers)), nil)); !slices.Equal(got, []string{"import.report_few_known <nil>"}) {
			t.Errorf("strangers: %q", got)
		}
		bad := strings.Replace(zoomHead+zoomJoins, "05/04/2026 05:40:00 PM", "05/04/2026 05:05:00 PM", 1)
		if i := at.plan(ctx, t, at.bring(ctx, t, "bad.csv", "", []byte(bad)), nil); i.Counts.BadRows != 1 || i.Counts.Actions[imports.Create] != 2 {
			t.Errorf("a row that ends before it begins: %+v", i.Counts)
		}

		brian := at.people(ctx, t)[slices.IndexFunc(at.people(ctx, t), func(p directory.Person) bool { return p.FamilyName == "Smith" })]
		must[attendance.Attendance](t)(attendance.Record.Do(ctx, at.door, attendance.Input{MeetingID: m.ID, PersonID: brian.ID}))
		must[attendance.RememberedName](t)(attendance.SetName.Do(ctx, at.door, attendance.NameInput{Name: "Galaxy S21", PersonID: brian.ID}))
		i = at.plan(ctx, t, at.bring(ctx, t, "report.csv", "", []byte(strings.ReplaceAll(zoomHead+zoomJoins, "iPhone (Brian Smith)", "Galaxy S21"))), nil)
		if i.Counts.Actions[imports.Update] != 1 || i.Counts.Actions[imports.Create] != 2 || len(i.Counts.Beside) != 0 {
			t.Fatalf("ticked before: %+v", i.Counts)
		}
		i = at.load(ctx, t, i)
		want := slices.Clone(wantReport)
		want[1] = strings.Replace(want[1], "report", "list", 1)
		if got := at.there(ctx, t); !slices.Equal(got, want) {
			t.Errorf("ticked before: %q", got)
		}
		must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: i.ID}))
		at.work(ctx, t, i.ID)
		if got := at.there(ctx, t); !slices.Equal(got, []string{"Leadership table · 2026-05-04: Brian Smith ? min  list"}) {
			t.Errorf("undone: %q", got)
		}
	})
}

// Tickets count where they were checked at the door; a plain list names its meetings
// row by row.
func TestTicketsAndLists(t *testing.T) {
	halls(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		tickets := "Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Attendee Status,Company\n" +
			"1,2026-04-01,Quinn,Vale,quinn@x.org,1,Free,11,Checked In,Clinic\n2,2026-04-01,Ruth,Stone,ruth@x.org,1,Free,12,Attending,\n3,2026-04-02,Ugo,Tamm,,1,Free,13,Refunded,\n"
		i := at.plan(ctx, t, at.bring(ctx, t, "tickets.csv", "", []byte(tickets)), func(in *imports.MapInput) {
			in.Fixed = map[string]string{"title": "Forum", "date": "2026-05-02", "start": "18:30"}
		})
		if i.Kind != "attendance" || i.File.Source != "eventbrite" {
			t.Fatalf("kind %s, source %s", i.Kind, i.File.Source)
		}
		at.load(ctx, t, i)
		if got := at.there(ctx, t); !slices.Equal(got, []string{"Forum · 2026-05-02: Quinn Vale ? min Clinic import"}) {
			t.Errorf("tickets: %q", got)
		}
		list := "Date,Meeting,Name,E-mail,Organization,Minutes present,Speaking turns\n2026-03-02,Table,Ana Ruiz,ana@x.org,Clinic,45,2\n2026-03-09,Table,Ana Ruiz,ana@x.org,Clinic,1:30,0\n2026-03-09,Table,Tom Reed,,School,30,\n2026-03-09,Table,,,School,30,\nsoon,Table,Tom Reed,,School,30,\n"
		i = at.bring(ctx, t, "list.csv", "", []byte(list))
		if i.Kind != "attendance" {
			t.Fatalf("kind %s, fields %q", i.Kind, i.Plan.Fields)
		}
		i = at.plan(ctx, t, i, nil)
		if i.Counts.Actions[imports.Create] != 3 || i.Counts.BadRows != 2 || i.Counts.Beside["meetings"] != 2 {
			t.Errorf("list: %+v", i.Counts)
		}
		at.load(ctx, t, i)
		if got := at.there(ctx, t)[1:]; !slices.Equal(got, []string{"Table · 2026-03-02: Ana Ruiz 45 min Clinic turns 2 import", "Table · 2026-03-09: Ana Ruiz 90 min Clinic turns 0 import", "Table · 2026-03-09: Tom Reed 30 min School import"}) {
			t.Errorf("list: %q", got)
		}
	})
}

// The committee's own list: its days become meetings, and who spoke for whom follows
// from the earliest day of each.
func TestCommittee(t *testing.T) {
	at := newHall(t, "")
	ctx := at.as(operation.Director)
	const path = "../../testing/committee/testdata/attendance.csv"
	at.committee(ctx, t, path)
	if whole := "../../../../shared/data/standards-committee/attendance.csv"; must[bool](t)(there(whole)) {
		other := newHall(t, "")
		other.committee(other.as(operation.Director), t, whole)
	}
}

func there(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// committee loads a list of the committee and compares what is kept of
// participation with what an independent script makes of the same file. Which
// spellings are one organization is what the record says, and nothing else.
func (at *table) committee(ctx context.Context, t testing.TB, path string) {
	t.Helper()
	i := at.bring(ctx, t, "Committee.csv", "", must[[]byte](t)(os.ReadFile(path)))
	if i.Kind != "attendance" || i.File.Source != "days" || i.Plan.Fixed["days_apart"] != "3" {
		t.Fatalf("kind %s, source %s, %+v", i.Kind, i.File.Source, i.Plan.Fixed)
	}
	i = at.plan(ctx, t, i, nil)
	for range 5 { // whoever looks alike is somebody else here, as the script has it
		var in imports.DecideInput
		for _, r := range at.records(ctx, t, i, imports.Doubt) {
			in.Items = append(in.Items, imports.Decision{Record: r.Number, Is: imports.DecidedNew})
		}
		if len(in.Items) == 0 {
			break
		}
		in.ID = i.ID
		must[imports.Import](t)(imports.Decide.Do(ctx, at.door, in))
		i = at.work(ctx, t, i.ID)
	}
	began := time.Now()
	i = at.load(ctx, t, i)
	t.Logf("%d rows, %d entries written in %v", i.Counts.Rows, i.Counts.Applied, time.Since(began))
	if i.Counts.BadRows+i.Counts.Refused+i.Counts.Doubts != 0 {
		t.Fatalf("%+v", i.Counts)
	}

	rules := committee.Rules{FirstOrganization: true, Organizations: map[string]string{}, People: map[string]string{}}
	// An import takes spellings for one that differ in capitals, accents and marks alone.
	for _, same := range [][]string{{"Bloomberg", "BLoomberg"}, {"PayPal", "Paypal"}, {"Invited Expert", "Invited expert", "invited expert", "(Invited Expert)"}, {"Ecma", "ECMA"}, {"ServiceNow", "Servicenow"},
		{"HeroDevs", "Herodevs"}, {"Apple Inc", "Apple Inc."}, {"Igalia S.L.", "Igalia, S.L"}} {
		for _, spelling := range same {
			rules.Organizations[spelling] = same[0]
		}
	}
	for _, same := range [][]string{{"Hayai F Pumukain", "Hayai F. Pumukain"}, {"Werseax C. Krayim", "Werseax C Krayim"}} {
		for _, spelling := range same {
			rules.People[spelling] = same[0]
		}
	}
	ledger := must[*committee.Ledger](t)(committee.ReadFile(path, rules))
	want := ledger.Figures(ledger.LastDay(), 365)
	reading := operation.Define(operation.Operation[operation.None, operation.None]{
		Definition: operation.Definition{ID: "test.participation", Summary: "Reads participation", ReadOnly: true, BrowserOnly: "for a test"},
		Run: func(c *operation.Call, _ operation.None) (operation.None, error) {
			return operation.None{}, compareBook(t, c, want)
		},
	})
	must[operation.None](t)(reading.Do(operation.WithActor(ctx, operation.System()), at.door, operation.None{}))
	at.compareLedgers(ctx, t, want)
	at.compareMap(ctx, t, ledger)
}

// compareBook compares what is kept of participation.
func compareBook(t testing.TB, c *operation.Call, want committee.Figures) error {
	t.Helper()
	book, err := attendance.Open(c, directory.BodyID{})
	if err != nil {
		return err
	}
	numbers, err := book.Numbers()
	if err != nil {
		return err
	}
	if int64(len(numbers)) != want.Organizations {
		t.Errorf("%d organizations, want %d", len(numbers), want.Organizations)
	}
	for _, y := range want.Years {
		sums, err := book.Sums(day.Span{From: day.Of(y.Year, time.January, 1), Until: day.Of(y.Year+1, time.January, 1)})
		if err != nil {
			return err
		}
		var organizations, turns, speakers int64
		var each []int64
		for _, row := range sums {
			v := row.Sum.Voice
			if v.Attended > 0 {
				organizations++
			}
			turns += v.Turns
			if v.Turns > 0 {
				speakers++
			}
			each = append(each, v.Turns)
		}
		slices.SortFunc(each, func(a, b int64) int { return int(b - a) })
		var top int64
		for _, n := range each[:min(3, len(each))] {
			top += n
		}
		got := [4]int64{organizations, turns, speakers, top}
		if s := y.OrganizationSpeaking; got != [4]int64{y.Organizations, s.Turns, s.Speakers, s.TopThree} {
			t.Errorf("%d: organizations, turns, speakers, top three %v, want %d %+v", y.Year, got, y.Organizations, s)
		}
	}
	all, err := book.Sums(day.Span{From: day.Of(2000, time.January, 1), Until: day.Of(2030, time.January, 1)})
	if err != nil {
		return err
	}
	var got, voices []string
	for _, row := range all {
		v := row.Sum.Voice
		got = append(got, fmt.Sprint(v.Spoke.Some, " of ", v.Spoke.All, ": ", v.Turns))
	}
	for _, v := range want.OrganizationVoice {
		voices = append(voices, fmt.Sprint(v.Spoke.Some, " of ", v.Spoke.All, ": ", v.Turns))
	}
	slices.Sort(got)
	slices.Sort(voices)
	if !slices.Equal(got, voices) {
		t.Errorf("voices %q, want %q", got, voices)
	}
	for _, b := range want.Breadth {
		on, err := day.Parse(b.AsOf)
		if err != nil {
			return err
		}
		now, err := book.Present(day.Span{From: on - 89, Until: on + 1})
		if err != nil {
			return err
		}
		known, err := book.Present(day.Span{From: day.Of(2000, time.January, 1), Until: on + 1})
		if err != nil {
			return err
		}
		if int64(now.Len()) != b.Present.Some || int64(known.Len()) != b.Present.All {
			t.Errorf("breadth %s: %d of %d, want %d of %d", b.AsOf, now.Len(), known.Len(), b.Present.Some, b.Present.All)
		}
	}
	return nil
}

// compareLedgers compares the entries of the ledgers.
func (at *table) compareLedgers(ctx context.Context, t testing.TB, want committee.Figures) {
	t.Helper()
	var meetings, entries, unnamed int64
	people := map[string]int64{}
	for after := ""; ; {
		page := must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{Limit: 200, After: after}))
		for _, m := range page.Items {
			meetings++
			for _, a := range must[operation.Page[attendance.Attendance]](t)(attendance.List.Do(ctx, at.door, attendance.MeetingPart{MeetingID: m.ID})).Items {
				entries++
				people[a.Name] += *a.Turns
				if a.OrganizationID.IsZero() {
					unnamed += *a.Turns
				}
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	var attendances, nameless int64
	for _, y := range want.Years {
		attendances += y.Attendances
		nameless += y.Unnamed
	}
	if unnamed != nameless || int64(len(people)) != want.People {
		t.Errorf("%d turns for no organization of %d people, want %d, %d", unnamed, len(people), nameless, want.People)
	}
	for _, v := range want.PeopleVoice {
		if people[v.Name] != v.Turns {
			t.Errorf("%s spoke %d times, want %d", v.Name, people[v.Name], v.Turns)
		}
	}
	if meetings != want.Meetings || entries != attendances {
		t.Errorf("%d meetings, %d entries, want %d, %d", meetings, entries, want.Meetings, attendances)
	}
}

// compareMap compares the ties that meetings make on the map of the network with
// those of the independent script.
func (at *table) compareMap(ctx context.Context, t testing.TB, ledger *committee.Ledger) {
	t.Helper()
	last := ledger.LastDay()
	m := must[networkmap.Map](t)(networkmap.Get.Do(ctx, at.door, networkmap.Input{AsOf: last.Format(time.DateOnly), From: "1990-01-01", Layers: []string{networkmap.Meetings}}))
	names := map[directory.OrganizationID]string{}
	for _, n := range m.Items {
		names[n.ID] = i18n.FoldKey(n.Name) // which of its spellings a name has is not compared
	}
	type pair struct{ a, b string }
	got := map[pair]networkmap.Tie{}
	for _, tie := range m.Ties {
		a, b := names[tie.From], names[tie.To]
		got[pair{min(a, b), max(a, b)}] = tie
	}
	want := ledger.OrganizationPairs(last, 0)
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d pairs of organizations on the map, want %d", len(got), len(want))
	}
	for _, p := range want {
		if tie := got[pair{min(i18n.FoldKey(p.A), i18n.FoldKey(p.B)), max(i18n.FoldKey(p.A), i18n.FoldKey(p.B))}]; int64(tie.Times) != p.Meetings || tie.Last != p.Last || math.Abs(tie.Weight-p.Weight) > 1e-9 {
			t.Errorf("%s and %s: %d meetings, weight %v, the last on %s, want %+v", p.A, p.B, tie.Times, tie.Weight, tie.Last, p)
		}
	}
	for _, n := range m.Items {
		if !n.Placed && n.Degree > 0 {
			t.Errorf("%s has no place", n.Name)
		}
	}
	t.Logf("%d organizations and %d pairs on the map", len(m.Items), len(got))
}
