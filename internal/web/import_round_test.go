package web_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// upload brings a file through the page and does the work it asks for.
func (v *visitor) upload(slug, name string, content []byte) imports.ID {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.h.pages.URL+"/c/"+slug+"/imports", &body)
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := v.http.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	_ = answer.Body.Close()
	found := regexp.MustCompile(`/imports/([0-9a-z]{26})`).FindStringSubmatch(answer.Header.Get("Location"))
	if found == nil {
		v.t.Fatalf("uploading %s: %d to %q", name, answer.StatusCode, answer.Header.Get("Location"))
	}
	i, err := id.Parse[imports.Import](found[1])
	if err != nil {
		v.t.Fatal(err)
	}
	v.h.work(v.t)
	return i
}

// work runs the background work that waits.
func (h *settled) work(t *testing.T) {
	t.Helper()
	for {
		n, err := h.app.Worker.Work(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// directs is a context in which an account directs a collaborative.
func (h *settled) directs(t *testing.T, k collaborative.Collaborative, a access.Account) context.Context {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	ctx := operation.WithCollaborative(t.Context(), operation.Collaborative{ID: k.ID, Slug: k.Slug, Name: k.Name, Language: k.Language, Zone: zone, Labels: map[string]string{"leadership_table": "Big table"}})
	return operation.WithActor(ctx, operation.Actor{Account: a.ID, Name: a.Name, Email: a.Email, Person: h.person(t, k, a), Roles: []operation.Role{operation.Director}, Via: operation.ViaSession})
}

// everyColumn is the address of a list's file with every column there is.
func (v *visitor) everyColumn(slug, list, ending string) string {
	v.t.Helper()
	page := v.see("/c/"+slug+"/"+list, http.StatusOK)
	address := "/c/" + slug + "/" + list + "/export." + ending + "?"
	for _, found := range regexp.MustCompile(`name="columns"[^>]*value="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		address += "columns=" + found[1] + "&"
	}
	if !strings.Contains(address, "columns=id&") {
		v.t.Fatalf("no column names the records: %s\n%s", address, page)
	}
	return strings.TrimSuffix(address, "&")
}

// written is a downloaded list as lines in their order, without the columns that
// differ between two places: ids, and what is worked out.
func written(t *testing.T, file string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var left []int
	for n, heading := range rows[0] {
		if slices.Contains([]string{"Id in Commontable", "Last changed", "Seats", "Lived experience", "Access needs", "Identifiant dans Commontable", "Dernière modification", "Sièges", "Expérience vécue", "Besoins d’accès",
			"Identificador en Commontable", "Último cambio", "Puestos", "Experiencia vivida", "Necesidades de acceso"}, heading) {
			left = append(left, n)
		}
	}
	var out []string
	for _, row := range rows {
		for _, n := range left {
			row[n] = ""
		}
		if line := strings.Join(row, " | "); !strings.Contains(line, "joan@example.org") { // who directs the other place
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

// must returns what an operation gave, or ends the test.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// addOwnFields gives a collaborative a field of every type.
func (h *settled) addOwnFields(ctx context.Context, t *testing.T) {
	t.Helper()
	for _, kind := range []string{directory.OrganizationKind, directory.PersonKind} {
		for _, f := range []directory.FieldInput{{Label: "Motto", Type: "text"}, {Label: "Story", Type: "long_text"}, {Label: "Staff", Type: "number"}, {Label: "Founded", Type: "date"}, {Label: "Insured", Type: "yes_no"},
			{Label: "Size", Type: "choice", Choices: []string{"Small", "Large"}}, {Label: "Wards", Type: "choices", Choices: []string{"North", "South", "West"}}, {Label: "Report", Type: "link"}} {
			f.Kind = kind
			must[directory.Field](t)(directory.AddField.Do(ctx, h.app.Door, f))
		}
	}
}

var ownValues = map[string]string{"motto": "=all, together; \"now\"", "story": "First line\nsecond", "staff": "12.5", "founded": "1987-03-04", "insured": "no", "size": "large", "wards": "north\nwest", "report": "https://riverbend.example/report"}

// fill tells a collaborative what its lists then hold: every column filled
// somewhere, and values that files like to spoil.
func (h *settled) fill(ctx context.Context, t *testing.T) {
	t.Helper()
	door := h.app.Door
	organization := must[directory.Organization](t)
	health := organization(directory.CreateOrganization.Do(ctx, door, directory.OrganizationInput{Name: "Riverbend Health", OtherNames: []string{"RH", "Clinic; the old one"}[:1], Kinds: []string{"Clinic", "Charity"}, Sector: "health", Status: "member",
		Place: "Riverbend", Website: "https://riverbend.example", Email: "office@riverbend.example", Phone: "+1 555 0100", Tags: []string{"Steering", "Early years"}, Custom: ownValues}))
	organization(directory.CreateOrganization.Do(ctx, door, directory.OrganizationInput{Name: "=SUM Cooperative", Sector: "business", Status: "dormant", Phone: "-555"}))
	school := organization(directory.CreateOrganization.Do(ctx, door, directory.OrganizationInput{Name: "Escuela Ñandú, \"La Nueva\"", Sector: "education", Status: "invited"}))

	person := must[directory.Person](t)
	maria := person(directory.CreatePerson.Do(ctx, door, directory.PersonInput{GivenName: "María José", FamilyName: "García Márquez", OtherNames: []string{"Majo"}, Email: "maria@riverbend.example", OtherEmails: []string{"majo@home.example"},
		Phone: "+1 555 0101", Channel: "text", Language: "fr", NoMailings: true, OrganizationID: health.ID, Title: "Director", Tags: []string{"Steering"}, Custom: ownValues}))
	tom := person(directory.CreatePerson.Do(ctx, door, directory.PersonInput{GivenName: "Tom", FamilyName: "Reed", OrganizationID: school.ID, Language: "es", Channel: "in_person"}))
	cher := person(directory.CreatePerson.Do(ctx, door, directory.PersonInput{GivenName: "Cher"}))

	body := must[directory.Body](t)
	lead := body(directory.CreateBody.Do(ctx, door, directory.BodyInput{Name: "Valley Table", Kind: "leadership_table", Quorum: 50, QuorumUnit: "percent", DecisionMethod: "consent", Cadence: "every_two_weeks"}))
	group := body(directory.CreateBody.Do(ctx, door, directory.BodyInput{Name: "Early Years", Kind: "community_group", ParentID: lead.ID, State: "paused", Quorum: 3, Cadence: "as_needed"}))
	body(directory.CreateBody.Do(ctx, door, directory.BodyInput{Name: "Care", Kind: "advisory_group", ParentID: group.ID, State: "proposed", DecisionMethod: "supermajority"}))

	seat := must[directory.Seat](t)
	seat(directory.CreateSeat.Do(ctx, door, directory.SeatInput{BodyID: lead.ID, Role: "co_chair", Voting: true, Sector: "health", Terms: []directory.TermInput{{PersonID: maria.ID, OrganizationID: health.ID, AlternateID: tom.ID, From: "2025-02-03", Ends: "2031-02-03"}}}))
	seat(directory.CreateSeat.Do(ctx, door, directory.SeatInput{BodyID: lead.ID, Purpose: "Parents", Terms: []directory.TermInput{{PersonID: tom.ID, From: "2025-02-03"}}}))
	seat(directory.CreateSeat.Do(ctx, door, directory.SeatInput{BodyID: group.ID, Role: "member", Voting: true}))
	seat(directory.CreateSeat.Do(ctx, door, directory.SeatInput{BodyID: group.ID, Role: "member", Voting: true}))
	gone := seat(directory.CreateSeat.Do(ctx, door, directory.SeatInput{BodyID: group.ID, Role: "observer", Terms: []directory.TermInput{{PersonID: cher.ID, From: "2024-02-03"}}}))
	end := "2025-03-01"
	seat(directory.EditSeat.Do(ctx, door, directory.SeatPatch{ID: gone.ID, Version: gone.Version, To: &end}))

	touch := must[directory.Touch](t)
	first := touch(directory.CreateTouch.Do(ctx, door, directory.TouchInput{PersonID: maria.ID, On: "2026-02-03", Channel: "video", About: "Budget; and\n=what next", NextOn: "2026-03-03"}))
	touch(directory.SettleTouch.Do(ctx, door, directory.TouchVersion{ID: first.ID, Version: first.Version}))
	touch(directory.CreateTouch.Do(ctx, door, directory.TouchInput{OrganizationID: school.ID, On: "2026-02-04", Channel: "in_person", About: "Visit", NextOn: "2031-03-03"}))
	byHand := touch(directory.CreateTouch.Do(ctx, door, directory.TouchInput{PersonID: cher.ID, On: "2026-02-05"}))
	nobody, name := directory.PersonID{}, "Mary Vale"
	touch(directory.EditTouch.Do(ctx, door, directory.TouchPatch{ID: byHand.ID, Version: byHand.Version, ByPersonID: &nobody, ByName: &name}))
}

// What a list gives as a file comes back through the importer: where it came from
// nothing changes, and an empty place then has the same.
func TestListsComeBack(t *testing.T) {
	lists := []string{"organizations", "people", "bodies", "seats", "touches"}
	for _, language := range []string{"en", "fr", "es"} {
		for _, ending := range []string{"csv", "xlsx"} {
			t.Run(language+" "+ending, func(t *testing.T) {
				h := openSettled(t)
				ana, in := h.administrator(t, language)
				joan, joanIn := h.account(t, "Joan Vale", "joan@example.org", language)
				from, to := h.found(t, ana, "Maple Valley"), h.found(t, joan, "Cedar Valley")
				v, other := h.enter(t, in), h.enter(t, joanIn)
				v.send("/c/"+from.Slug+"/settings/labels", http.StatusSeeOther, "version", "1", "label_leadership_table", "Big table")
				other.send("/c/"+to.Slug+"/settings/labels", http.StatusSeeOther, "version", "1", "label_leadership_table", "Big table")
				here, there := h.directs(t, from, ana), h.directs(t, to, joan)
				h.addOwnFields(here, t)
				h.addOwnFields(there, t)
				h.fill(here, t)
				for _, list := range lists {
					file := []byte(v.see(v.everyColumn(from.Slug, list, ending), http.StatusOK))
					i := v.upload(from.Slug, list+"."+ending, file)
					read := h.planned(here, t, i)
					if read.Kind != list || len(read.Counts.Actions) != 1 || read.Counts.Actions[imports.Unchanged] == 0 || read.Counts.Doubts != 0 || len(read.Counts.Beside) != 0 {
						t.Errorf("%s again: taken for %s, %+v, fields %q\n%s", list, read.Kind, read.Counts, read.Plan.Fields, h.explain(here, t, i))
					}

					i = other.upload(to.Slug, list+"."+ending, file)
					if read = h.planned(there, t, i); read.Kind != list || read.Counts.BadRows != 0 || read.Counts.Doubts != 0 {
						t.Errorf("%s elsewhere: taken for %s, %+v\n%s", list, read.Kind, read.Counts, h.explain(there, t, i))
						continue
					}
					must[imports.Import](t)(imports.Start.Do(there, h.app.Door, imports.VersionRef{ID: i, Version: read.Version}))
					h.work(t)
					if read = must[imports.Import](t)(imports.Get.Do(there, h.app.Door, imports.Ref{ID: i})); read.State != imports.Done || read.Counts.Refused != 0 {
						t.Errorf("%s elsewhere: %s %+v %+v\n%s", list, read.State, read.Counts, read.Problem, h.explain(there, t, i))
					}
					was := written(t, v.see(v.everyColumn(from.Slug, list, "csv"), http.StatusOK))
					is := written(t, other.see(other.everyColumn(to.Slug, list, "csv"), http.StatusOK))
					if !slices.Equal(was, is) {
						t.Errorf("%s elsewhere\n%s\nis not\n%s", list, strings.Join(is, "\n"), strings.Join(was, "\n"))
					}
				}
			})
		}
	}
}

// planned plans an import by the mapping that is offered.
func (h *settled) planned(ctx context.Context, t *testing.T, i imports.ID) imports.Import {
	t.Helper()
	read := must[imports.Import](t)(imports.Get.Do(ctx, h.app.Door, imports.Ref{ID: i}))
	if read.State != imports.Mapping {
		t.Fatalf("the file is %s: %+v", read.State, read.Problem)
	}
	must[imports.Import](t)(imports.Map.Do(ctx, h.app.Door, imports.MapInput{ID: i, Version: read.Version, Kind: read.Kind, Fields: read.Plan.Fields, Rules: read.Plan.Rules, Fixed: read.Plan.Fixed}))
	h.work(t)
	return must[imports.Import](t)(imports.Get.Do(ctx, h.app.Door, imports.Ref{ID: i}))
}

// explain tells what is not as it should be.
func (h *settled) explain(ctx context.Context, t *testing.T, i imports.ID) string {
	t.Helper()
	var out strings.Builder
	for _, beside := range []bool{false, true} {
		for _, r := range must[operation.Page[imports.PlannedRecord]](t)(imports.ListRecords.Do(ctx, h.app.Door, imports.ListRecordsInput{ID: i, Beside: beside})).Items {
			if r.Action != imports.Unchanged {
				out.WriteString(r.Kind + " " + r.Title + ": " + r.Action + " ")
				for _, change := range r.Changes {
					out.WriteString(change.Field + " " + change.Old + " → " + change.New + "; ")
				}
				if r.Problem != nil {
					out.WriteString(r.Problem.Key)
				}
				out.WriteString("\n")
			}
		}
	}
	for _, r := range must[operation.Page[imports.PlannedRow]](t)(imports.ListRows.Do(ctx, h.app.Door, imports.ListRowsInput{ID: i, Bad: true})).Items {
		for _, f := range r.Faults {
			out.WriteString("row " + strings.Join(r.Cells, " | ") + ": " + f.Field + " " + f.Key + "\n")
		}
	}
	return out.String()
}
