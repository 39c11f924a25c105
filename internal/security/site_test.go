// Package security_test holds what must stay true against strangers, curious
// insiders and other collaboratives: who can reach what, generated from the
// route tables themselves, and what hostile requests meet.
package security_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/access"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/rest"
	"commontable/internal/testing/migrated"
	"commontable/internal/web"

	_ "modernc.org/sqlite" // to read the file beside the program
)

// canary stands in every text of the other collaborative. No answer to anyone of
// this one may ever hold it.
const canary = "quetzalcanary"

// private is what somebody told in confidence, in both collaboratives: no answer
// to anyone but a director may hold it.
const private = "marmosetprivate"

// site is an installation with two collaboratives and someone in every role of
// the first.
type site struct {
	app         *app.App
	web         *web.Server
	handler     http.Handler
	here, there town
	callers     []caller
	admin       caller
	job         jobs.ID // background work that has failed

	beside *sql.DB // the database, read beside the program
	// What was read beside it last, and the version of the database then; on
	// PostgreSQL the statement that reads it.
	besideHeld, besideVersion, besideHashes string
}

// town is one collaborative's records, as the addresses name them.
type town struct {
	slug         string
	context      context.Context // of its director
	organization directory.Organization
	person       directory.Person
	member       operation.PersonID
	body         directory.Body
	seat         directory.Seat
	function     directory.Function
	holding      directory.Holding
	agreement    agreements.Agreement
	field        directory.Field
	touch        directory.Touch
	tie          network.Tie
	view         directory.View
	takeout      takeout.ID
	entered      attendance.ID
	file         imports.ID
	followed     imports.Followed
	mapping      string
	affiliation  directory.Affiliation
	invitation   string
	entry        operation.EntryID
	gathering    gathering
	promised     promised
	assessed     scorecard.Assessment
	evidence     scorecard.Evidence
}

// caller is someone signed in, by browser and by program.
type caller struct {
	name    string
	actor   operation.Actor
	cookies []*http.Cookie
	token   string
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, "")
}

// newSiteOn is newSite on a PostgreSQL database, or on SQLite when there is none.
func newSiteOn(t *testing.T, database string) *site {
	t.Helper()
	return newSiteLogging(t, database, slog.New(slog.DiscardHandler))
}

// newSiteLogging is newSiteOn with a log.
func newSiteLogging(t *testing.T, database string, log *slog.Logger) *site {
	t.Helper()
	base, err := url.Parse("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), app.Config{DataDir: migrated.Folder(t), DatabaseURL: database, BaseURL: base, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &site{app: a, web: web.New(a)}
	mux := http.NewServeMux()
	mux.Handle("/api/", rest.New(a).Handler())
	mux.Handle("/", s.web.Handler())
	s.handler = mux
	s.admin = s.account(t, "administrator", true)
	s.here = s.settle(t, "Maple Valley", "plain")
	s.there = s.settle(t, "Elsewhere "+canary, canary)
	for _, role := range operation.MembershipRoles {
		s.callers = append(s.callers, s.member(t, role))
	}
	s.here.member = s.callers[len(s.callers)-1].actor.Person
	return s
}

func (s *site) system() context.Context {
	return operation.WithActor(context.Background(), operation.System())
}

func do[In, Out any](t *testing.T, ctx context.Context, a *app.App, op *operation.Operation[In, Out], in In) Out {
	t.Helper()
	out, err := op.Do(ctx, a.Door, in)
	if err != nil {
		t.Fatalf("%s: %v", op.ID, err)
	}
	return out
}

// account makes an account, signed in both ways.
func (s *site) account(t *testing.T, name string, administrator bool) caller {
	t.Helper()
	return s.accountAt(t, name, name+"@example.org", administrator)
}

// accountAt is account for somebody whose name makes no address.
func (s *site) accountAt(t *testing.T, name, email string, administrator bool) caller {
	t.Helper()
	account := do(t, s.system(), s.app, s.app.Access.CreateAccount, access.CreateAccountInput{Email: email, Name: name})
	if administrator {
		do(t, s.system(), s.app, s.app.Access.SetAdministrator, access.SetAdministratorInput{ID: account.ID, Administrator: true})
	}
	link := do(t, s.system(), s.app, s.app.Access.IssueLink, access.IssueLinkInput{Email: email, Minutes: 10})
	in, err := s.app.Access.RedeemLink(context.Background(), s.app.Door, path.Base(link.Link))
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	s.app.Access.SetSession(recorder, in)
	c := caller{name: name, cookies: recorder.Result().Cookies()}
	c.token = do(t, s.system(), s.app, s.app.Access.IssueToken, access.IssueTokenInput{Email: email, CreateTokenInput: access.CreateTokenInput{Name: "t"}}).Secret
	c.actor, _, _, err = s.app.Access.Authenticate(context.Background(), in.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// member makes an account with one role in the first collaborative.
func (s *site) member(t *testing.T, role operation.Role) caller {
	t.Helper()
	c := s.account(t, strings.ReplaceAll(string(role), "_", "-"), false)
	p := do(t, s.here.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: c.name})
	place := operation.CollaborativeFrom(s.here.context)
	if err := s.app.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		return access.Grant(tx, s.app.Config.Clock.Now(), access.Membership{Account: c.actor.Account, Collaborative: place.ID, Person: p.ID, Roles: []operation.Role{role}})
	}); err != nil {
		t.Fatal(err)
	}
	c.actor.Roles, c.actor.Person = []operation.Role{role}, p.ID
	return c
}

// settle founds a collaborative and puts one of everything into it, each text
// holding word.
func (s *site) settle(t *testing.T, name, word string) town {
	t.Helper()
	admin := operation.WithActor(context.Background(), s.admin.actor)
	made, err := collaborative.Create.Do(admin, s.app.Door, collaborative.CreateInput{Name: name, Zone: "UTC", Place: word, Purpose: word})
	if err != nil {
		t.Fatal(err)
	}
	place, err := s.app.Access.Collaborative(context.Background(), made.Slug)
	if err != nil {
		t.Fatal(err)
	}
	t1 := town{slug: made.Slug, context: operation.WithCollaborative(s.system(), place)}
	for _, kind := range []string{directory.OrganizationKind, directory.PersonKind} {
		t1.field = do(t, t1.context, s.app, directory.AddField, directory.FieldInput{Kind: kind, Label: word + " field", Help: word, Type: "text"})
		do(t, t1.context, s.app, directory.AddField, directory.FieldInput{Kind: kind, Label: word + " closed", Type: "choices", Choices: []string{word}, BackboneOnly: true})
	}
	own := map[string]string{word + "_field": word, word + "_closed": word}
	var receipt operation.Receipt
	t1.organization = do(t, operation.WithReceipt(t1.context, &receipt), s.app, directory.CreateOrganization, directory.OrganizationInput{Name: word + " Alliance", Kinds: []string{word}, Tags: []string{word}, Custom: own, OtherNames: []string{word}, Place: word, About: word, Notes: word,
		Email: word + "@example.org", Website: "https://" + word + ".example"})
	t1.entry = receipt.Entry
	t1.person = do(t, t1.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: word, FamilyName: word, Email: word + "@mail.example", Phone: "555 " + word, Notes: word, Title: word, OrganizationID: t1.organization.ID, Represents: true,
		OtherNames: []string{word + " other"}, OtherEmails: []string{word + ".two@mail.example"}, Channel: "phone", Tags: []string{word}, Custom: own})
	t1.person = do(t, t1.context, s.app, directory.SetPrivate, directory.PersonPrivate{ID: t1.person.ID, Version: 1, AccessNeeds: ptr(private), LivedExperience: ptr("yes")})
	t1.affiliation = *t1.person.Affiliation
	t1.touch = do(t, t1.context, s.app, directory.CreateTouch, directory.TouchInput{OrganizationID: t1.organization.ID, PersonID: t1.person.ID, On: "2026-01-05", Channel: "phone", About: word, NextOn: "2026-01-06"})
	do(t, t1.context, s.app, network.Create, network.Input{FromOrganizationID: t1.organization.ID, ToPersonID: t1.person.ID, Type: word, About: word})
	partner := do(t, t1.context, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: word + " partner"})
	t1.tie = do(t, t1.context, s.app, network.Create, network.Input{FromOrganizationID: t1.organization.ID, ToOrganizationID: partner.ID, Type: word, About: word})
	t1.file = s.brought(t, t1, word, imports.Done).ID
	t1.mapping = do(t, t1.context, s.app, imports.ListMappings, operation.None{}).Items[0].Fingerprint
	do(t, t1.context, s.app, directory.SetTargets, directory.TargetsInput{Scope: "voting_seats", Dimension: "place", Targets: []directory.TargetShare{{Value: word, Share: 60}}})
	t1.view = do(t, t1.context, s.app, directory.SaveView, directory.ViewInput{Area: "organizations", Name: word, Query: "q=" + word, Shared: true})
	t1.takeout = do(t, t1.context, s.app, s.app.Takeouts.Begin, takeout.BeginInput{IncludeHistory: true}).ID
	if err := s.app.Takeouts.Make(context.Background(), jobs.Job{Collaborative: place.ID, Payload: []byte(`{"id":"` + t1.takeout.String() + `"}`)}); err != nil {
		t.Fatal(err)
	}
	t1.body = do(t, t1.context, s.app, directory.CreateBody, directory.BodyInput{Name: word + " table", Kind: "leadership_table", Purpose: word, Charter: word})
	do(t, t1.context, s.app, directory.CreateBody, directory.BodyInput{Name: word + " group", ParentID: t1.body.ID})
	t1.seat = do(t, t1.context, s.app, directory.CreateSeat, directory.SeatInput{BodyID: t1.body.ID, Role: "chair", Voting: true, Purpose: word, Terms: []directory.TermInput{{PersonID: t1.person.ID, OrganizationID: t1.organization.ID, From: "2024-01-01", Ends: "2026-01-01"}}})
	do(t, t1.context, s.app, directory.CreateSeat, directory.SeatInput{BodyID: t1.body.ID, Voting: true, Purpose: word})
	t1.function = do(t, t1.context, s.app, directory.AddFunction, directory.FunctionInput{Name: word, About: word})
	t1.holding = do(t, t1.context, s.app, directory.Assign, directory.HoldingInput{Function: "guide_vision", OrganizationID: t1.organization.ID, Share: 60, Note: word, From: "2020-01-01"})
	guest := do(t, t1.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: word + " guest", Email: word + ".guest@mail.example"})
	invitation := do(t, t1.context, s.app, s.app.Access.Invite, access.InviteInput{Person: guest.ID, Roles: []operation.Role{operation.TableMember}})
	t1.invitation, t1.member = invitation.ID.Short(), guest.ID
	do(t, t1.context, s.app, collaborative.AdoptPrinciples, collaborative.AdoptInput{Body: word, AdoptedOn: "2026-01-01"})
	t1.agreement = do(t, t1.context, s.app, agreements.Create, agreements.Input{OrganizationID: t1.organization.ID, Text: word, Transition: word, SignatoryID: t1.person.ID})
	t1.agreement = do(t, t1.context, s.app, agreements.RecordSignature, agreements.RecordInput{ID: t1.agreement.ID, Version: t1.agreement.Version, Name: word, On: "2025-01-01"})
	renewal := do(t, t1.context, s.app, agreements.Renew, agreements.Ref{ID: t1.agreement.ID})
	do(t, t1.context, s.app, s.app.Agreements.Send, agreements.AtVersion{ID: renewal.ID, Version: renewal.Version})
	t1.followed = do(t, t1.context, s.app, imports.FollowCalendar, imports.FollowedInput{Name: word, Address: "https://" + word + ".example/" + private + ".ics", BodyID: t1.body.ID})
	t1.gathering = s.gather(t, t1, word)
	t1.promised = s.promise(t, t1, word)
	t1.enter(t, s, word)
	t1.assess(t, s, word)
	return t1
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *site) send(r *http.Request) answer {
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, r)
	response := recorder.Result()
	body, _ := io.ReadAll(response.Body) // from memory
	return answer{response.StatusCode, response.Header, string(body)}
}

// browse is a request of a signed-in browser of this very site.
func (c caller) browse(method, address string, form url.Values) *http.Request {
	r := httptest.NewRequest(method, "http://localhost:8080"+address, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	return r
}

// call is a request of a program with a token.
func (c caller) call(method, address, body string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost:8080"+address, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return r
}

// fingerprint is a hash of everything a collaborative's people could have
// changed, read beside the program.
func (s *site) fingerprint(t *testing.T, without ...string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.app.Config.DataDir, app.DatabaseFile)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := texts(db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	for _, table := range tables {
		// Housekeeping may move while nobody's data does.
		if slices.Contains([]string{"rate_limits", "jobs", "installation_audit"}, table) || slices.Contains(without, table) {
			continue
		}
		rows, err := texts(db, `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(hash, table, rows)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func texts(db *sql.DB, query string) ([]string, error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []string
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(sql.NullString)
		}
		if err := rows.Scan(cells...); err != nil {
			return nil, err
		}
		line := ""
		for i, cell := range cells {
			if !strings.HasSuffix(columns[i], "seen_at") && columns[i] != "used_at" { // noted in passing
				line += cell.(*sql.NullString).String + "\x1f"
			}
		}
		out = append(out, strings.TrimSuffix(line, "\x1f"))
	}
	return out, rows.Err()
}
