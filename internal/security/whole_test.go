package security_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to read the database beside the program

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/access"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
	"commontable/internal/testing/postgres"
)

var errFault = errors.New("a fault of the test")

// A fault at any statement of an operation leaves nothing of it behind: each is
// run with a fault at its first statement, its second, and so on, until it gets
// through.
func TestEveryOperationIsWholeOrNothing(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { everyOperationIsWholeOrNothing(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) { everyOperationIsWholeOrNothing(t, newSiteOn(t, migrated.Database(t))) })
}

func everyOperationIsWholeOrNothing(t *testing.T, s *site) {
	s.failSomething(t)
	changes := slices.Concat(s.changes(t), s.structureChanges(t), s.agreementChanges(t), s.mergeChanges(t), s.takeoutChanges(t), s.importChanges(t), s.meetingChanges(t), s.attendanceChanges(t), s.promiseChanges(t), s.calendarChanges(t), s.pollChanges(t), s.materialChanges(t), s.evaluatorChanges(t), s.surveyChanges(t), s.scorecardChanges(t))
	for _, op := range s.app.Door.Registry.Sorted() {
		def := op.Describe()
		if slices.Contains([]string{"invitations.accept", "agreement-links.sign", "evaluator-links.sign", "check-in.enter", "pledge-links.pledge", "due-links.answer", "meeting-links.reply", "poll-links.answer", "survey-links.answer", "survey-slips.give", "survey-slips.hand-in", "letter-links.stop"}, def.ID) {
			continue // need the secret of a letter or a door: TestAcceptanceIsWholeOrNothing, and the tests of each
		}
		if def.ID == "imports.work" || def.ID == "followed-calendars.note" {
			continue // many transactions one after another: TestWorkSurvivesFaults and TestFollowedCalendar, beside the importer
		}
		if def.ID == "takeouts.export" {
			continue // a single statement, the entry of the log
		}
		named := slices.ContainsFunc(changes, func(c change) bool { return c.name == def.ID })
		if def.Scope == operation.InCollaborative && !def.ReadOnly && !named {
			t.Errorf("%s is not tried", def.ID)
		}
	}
	for _, c := range changes {
		n, faults := s.breakAt(t, c.run)
		for _, fault := range faults {
			t.Errorf("%s: %s", c.name, fault)
		}
		if n < 2 {
			t.Errorf("%s ran %d statements: it was not looked at", c.name, n)
		}
	}
	// Two operations after each other are no whole, and the test has to say so.
	_, faults := s.breakAt(t, func() error {
		for range 2 {
			if _, err := directory.CreatePerson.Do(s.here.context, s.app.Door, directory.PersonInput{GivenName: "half"}); err != nil {
				return err
			}
		}
		return nil
	})
	if len(faults) == 0 {
		t.Error("half of something went unnoticed")
	}
}

// breakAt runs something again and again with a fault at each of its statements
// in turn, and says at which one something was left behind. n is how many
// statements the undisturbed run had.
func (s *site) breakAt(t *testing.T, run func() error) (n int, faults []string) {
	t.Helper()
	before := s.everything(t)
	for at := 1; ; at++ {
		var mu sync.Mutex
		seen, where := 0, ""
		s.app.Store.FailWith(func(text string) error {
			mu.Lock()
			defer mu.Unlock()
			if seen++; seen == at {
				where = text
				return errFault
			}
			return nil
		})
		err := run()
		s.app.Store.FailWith(nil)
		switch {
		case where == "" && err != nil:
			return seen, append(faults, "undisturbed: "+err.Error())
		case where == "":
			return seen, faults
		case err == nil:
			return seen, append(faults, "succeeded in spite of a fault at "+where)
		}
		if after := s.everything(t); after != before {
			faults = append(faults, fmt.Sprintf("statement %d left something behind: %s", at, where))
			before = after
		}
	}
}

// everything is all that the database holds; a hash of it on PostgreSQL, which
// works it out in one statement. It is read anew only when something was committed.
func (s *site) everything(t *testing.T) string {
	t.Helper()
	if s.app.Config.DatabaseURL != "" {
		return s.everythingOnPostgres(t)
	}
	s.readBeside(t, "sqlite", "file:"+filepath.Join(s.app.Config.DataDir, app.DatabaseFile)+"?mode=ro")
	s.beside.SetMaxOpenConns(1) // the version is one connection's own count
	version, err := texts(s.beside, `PRAGMA data_version`)
	if err != nil {
		t.Fatal(err)
	}
	if version[0] == s.besideVersion {
		return s.besideHeld // nobody committed anything since
	}
	tables, err := texts(s.beside, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, table := range tables {
		rows, err := texts(s.beside, `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, table, rows)
	}
	s.besideVersion, s.besideHeld = version[0], out.String()
	return s.besideHeld
}

func (s *site) everythingOnPostgres(t *testing.T) string {
	t.Helper()
	admin, err := url.Parse(postgres.Start(t).AdminURL())
	if err != nil {
		t.Fatal(err)
	}
	of, err := url.Parse(s.app.Config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	admin.Path = of.Path
	s.readBeside(t, "pgx", admin.String())
	if s.besideHashes == "" {
		s.watchPostgres(t)
	}
	version, err := texts(s.beside, `SELECT count(*) FROM changes_beside`)
	if err != nil {
		t.Fatal(err)
	}
	if version[0] == s.besideVersion {
		return s.besideHeld // nobody committed anything since
	}
	hashes, err := texts(s.beside, s.besideHashes)
	if err != nil {
		t.Fatal(err)
	}
	s.besideVersion, s.besideHeld = version[0], strings.Join(hashes, "\n")
	return s.besideHeld
}

// watchPostgres has the database itself note in changes_beside every statement that
// changed a table and was committed, so that all is read only when something was.
func (s *site) watchPostgres(t *testing.T) {
	t.Helper()
	tables, err := texts(s.beside, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`)
	if err != nil {
		t.Fatal(err)
	}
	watch := []string{`CREATE TABLE changes_beside (at text)`, `CREATE FUNCTION note_beside() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN INSERT INTO changes_beside VALUES (TG_TABLE_NAME); RETURN NULL; END'`}
	for k, table := range tables {
		table = strings.TrimSpace(table)
		watch = append(watch, `CREATE TRIGGER beside AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON `+table+` FOR EACH STATEMENT EXECUTE FUNCTION note_beside()`)
		tables[k] = fmt.Sprintf(`SELECT '%s', md5(COALESCE(string_agg(x::text, '|' ORDER BY x::text), '')) FROM %s x`, table, table)
	}
	for _, text := range watch {
		if _, err := s.beside.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	s.besideHashes = strings.Join(tables, " UNION ALL ") + " ORDER BY 1"
}

// readBeside opens the database beside the program, once.
func (s *site) readBeside(t *testing.T, driver, address string) {
	t.Helper()
	if s.beside != nil {
		return
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s.beside = db
}

// change is one thing that can be done.
type change struct {
	name string
	run  func() error
}

// changes are all operations that change a collaborative, and the ones outside
// that change several tables, in an order in which each can be done.
func (s *site) changes(t *testing.T) []change {
	ctx, door := s.here.context, s.app.Door
	admin := operation.WithActor(context.Background(), s.admin.actor)
	var receipt operation.Receipt
	organization, person := s.here.organization, s.here.person
	guest := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Guest", Email: "guest@mail.example"})
	var invitation access.Invitation
	var field directory.Field
	var view directory.View
	var touch directory.Touch
	var tie network.Tie
	tied := func(t network.Tie, err error) error {
		if err == nil {
			tie = t
		}
		return err
	}
	touched := func(t directory.Touch, err error) error {
		if err == nil {
			touch = t
		}
		return err
	}
	var several operation.Page[directory.Person]
	var groups operation.Page[directory.Organization]
	place, err := collaborative.Get.Do(ctx, door, operation.None{})
	if err != nil {
		t.Fatal(err)
	}
	seats := func() (out []directory.PersonVersion) {
		for _, p := range several.Items {
			out = append(out, directory.PersonVersion{ID: p.ID, Version: p.Version})
		}
		return out
	}
	return []change{
		{"collaboratives.edit", func() error {
			_, err := collaborative.Edit.Do(ctx, door, collaborative.EditInput{Version: place.Version, Place: ptr("Elsewhere"), Phase: ptr("initiate_action")})
			return err
		}},
		{"principles.adopt", func() error {
			_, err := collaborative.AdoptPrinciples.Do(ctx, door, collaborative.AdoptInput{Body: "Others", AdoptedOn: "2026-02-01", Newest: 1})
			return err
		}},
		{"organizations.create", func() error {
			_, err := directory.CreateOrganization.Do(ctx, door, directory.OrganizationInput{Name: "North Side Union", OtherNames: []string{"NSU"}, Funder: true})
			return err
		}},
		{"organizations.create-several", func() (err error) {
			groups, err = directory.CreateOrganizations.Do(ctx, door, directory.CreateOrganizationsInput{Items: []directory.OrganizationInput{{Name: "One"}, {Name: "Two"}}})
			return err
		}},
		{"organizations.edit", func() error {
			o, err := directory.EditOrganization.Do(operation.WithReceipt(ctx, &receipt), door, directory.OrganizationPatch{ID: organization.ID, Version: organization.Version, Name: ptr("Renamed"), Host: ptr(true)})
			if err == nil {
				organization = o
			}
			return err
		}},
		{"history.undo", func() error {
			_, err := operation.Undo.Do(ctx, door, operation.UndoInput{ID: receipt.Entry})
			return err
		}},
		{"organizations.edit-several", func() error {
			in := directory.EditOrganizationsInput{Status: ptr("dormant")}
			for _, o := range groups.Items {
				in.Items = append(in.Items, directory.OrganizationVersion{ID: o.ID, Version: o.Version})
			}
			_, err := directory.EditOrganizations.Do(ctx, door, in)
			return err
		}},
		{"organizations.trash", func() error {
			o, err := directory.TrashOrganization.Do(ctx, door, directory.OrganizationVersion{ID: organization.ID, Version: organization.Version + 1})
			if err == nil {
				organization = o
			}
			return err
		}},
		{"organizations.restore", func() error {
			_, err := directory.RestoreOrganization.Do(ctx, door, directory.OrganizationVersion{ID: organization.ID, Version: organization.Version})
			return err
		}},
		{"people.create", func() error {
			_, err := directory.CreatePerson.Do(ctx, door, directory.PersonInput{GivenName: "Ada", FamilyName: "Byron", OrganizationID: organization.ID})
			return err
		}},
		{"people.create-several", func() (err error) {
			several, err = directory.CreatePeople.Do(ctx, door, directory.CreatePeopleInput{Items: []directory.PersonInput{{GivenName: "One", OrganizationID: organization.ID}, {GivenName: "Two"}}})
			return err
		}},
		{"people.edit", func() error {
			p, err := directory.EditPerson.Do(ctx, door, directory.PersonPatch{ID: person.ID, Version: person.Version, FamilyName: ptr("Other"), Title: ptr("Nurse"), Represents: ptr(false)})
			if err == nil {
				person = p
			}
			return err
		}},
		{"people.edit-several", func() error {
			_, err := directory.EditPeople.Do(ctx, door, directory.EditPeopleInput{Items: seats(), Language: ptr("fr")})
			return err
		}},
		{"people.trash", func() error {
			p, err := directory.TrashPerson.Do(ctx, door, directory.PersonVersion{ID: person.ID, Version: person.Version})
			if err == nil {
				person = p
			}
			return err
		}},
		{"people.restore", func() error {
			_, err := directory.RestorePerson.Do(ctx, door, directory.PersonVersion{ID: person.ID, Version: person.Version})
			return err
		}},
		{"people.set-private", func() error {
			p, err := directory.SetPrivate.Do(ctx, door, directory.PersonPrivate{ID: guest.ID, Version: guest.Version, AccessNeeds: ptr("ramp"), LivedExperience: ptr("no")})
			if err == nil {
				guest = p
			}
			return err
		}},
		{"people.set-affiliations", func() error {
			p, err := directory.SetAffiliations.Do(ctx, door, directory.PersonAffiliations{ID: guest.ID, Version: guest.Version, Affiliations: []directory.AffiliationInput{{OrganizationID: organization.ID, From: "2024-01-01", To: "2025-01-01"}, {OrganizationID: organization.ID, From: "2025-06-01"}}})
			if err == nil {
				guest = p
			}
			return err
		}},
		{"fields.add", func() (err error) {
			field, err = directory.AddField.Do(ctx, door, directory.FieldInput{Kind: "person", Label: "Ward", Type: "choice", Choices: []string{"North"}})
			return err
		}},
		{"fields.edit", func() (err error) {
			_, err = directory.EditField.Do(ctx, door, directory.FieldPatch{ID: field.ID, Version: 1, Label: ptr("District")})
			return err
		}},
		{"fields.order", func() error {
			_, err := directory.OrderFields.Do(ctx, door, directory.OrderFieldsInput{Kind: "person", IDs: []directory.FieldID{field.ID}})
			return err
		}},
		{"touches.create", func() (err error) {
			touch, err = directory.CreateTouch.Do(ctx, door, directory.TouchInput{PersonID: guest.ID, About: "hello", NextOn: "2030-01-01"})
			return err
		}},
		{"touches.edit", func() (err error) {
			return touched(directory.EditTouch.Do(ctx, door, directory.TouchPatch{ID: touch.ID, Version: touch.Version, About: ptr("bye")}))
		}},
		{"touches.settle", func() error {
			return touched(directory.SettleTouch.Do(ctx, door, directory.TouchVersion{ID: touch.ID, Version: touch.Version}))
		}},
		{"touches.trash", func() error {
			return touched(directory.TrashTouch.Do(ctx, door, directory.TouchVersion{ID: touch.ID, Version: touch.Version}))
		}},
		{"touches.restore", func() error {
			return touched(directory.RestoreTouch.Do(ctx, door, directory.TouchVersion{ID: touch.ID, Version: touch.Version}))
		}},
		{"touches.edit-several", func() error {
			page, err := directory.EditTouches.Do(ctx, door, directory.EditTouchesInput{Items: []directory.TouchVersion{{ID: touch.ID, Version: touch.Version}}, Channel: ptr("phone"), Settled: ptr(true)})
			if err == nil {
				touch = page.Items[0]
			}
			return err
		}},
		{"ties.create", func() error {
			return tied(network.Create.Do(ctx, door, network.Input{FromPersonID: guest.ID, ToOrganizationID: organization.ID, Type: "advises"}))
		}},
		{"ties.edit", func() error {
			return tied(network.Edit.Do(ctx, door, network.Patch{ID: tie.ID, Version: tie.Version, About: ptr("bye")}))
		}},
		{"ties.trash", func() error {
			return tied(network.Trash.Do(ctx, door, network.AtVersion{ID: tie.ID, Version: tie.Version}))
		}},
		{"ties.restore", func() error {
			return tied(network.Restore.Do(ctx, door, network.AtVersion{ID: tie.ID, Version: tie.Version}))
		}},
		{"ties.edit-several", func() error {
			_, err := network.EditSeveral.Do(ctx, door, network.SeveralInput{Items: []network.AtVersion{{ID: tie.ID, Version: tie.Version}}, To: ptr("2026-01-02")})
			return err
		}},
		{"coverage.set-targets", func() error {
			_, err := directory.SetTargets.Do(ctx, door, directory.TargetsInput{Scope: "members", Dimension: "sector", Targets: []directory.TargetShare{{Value: "health", Share: 20}}})
			return err
		}},
		{"views.save", func() (err error) {
			view, err = directory.SaveView.Do(ctx, door, directory.ViewInput{Area: "people", Name: "Mine", Query: "sort=-name"})
			return err
		}},
		{"views.delete", func() error {
			_, err := directory.DeleteView.Do(ctx, door, directory.ViewRef{ID: view.ID})
			return err
		}},
		{"members.invite", func() (err error) {
			invitation, err = s.app.Access.Invite.Do(ctx, door, access.InviteInput{Person: guest.ID, Roles: []operation.Role{operation.TableMember}})
			return err
		}},
		{"invitations.resend", func() error {
			again, err := s.app.Access.ResendInvitation.Do(ctx, door, access.InvitationInput{ID: invitation.ID})
			if err == nil {
				invitation = again
			}
			return err
		}},
		{"invitations.revoke", func() error {
			_, err := s.app.Access.RevokeInvitation.Do(ctx, door, access.InvitationInput{ID: invitation.ID})
			return err
		}},
		{"members.edit", func() error {
			_, err := s.app.Access.SetRoles.Do(ctx, door, access.SetRolesInput{Person: s.here.member, Roles: []operation.Role{operation.Funder}})
			return err
		}},
		{"members.remove", func() error {
			_, err := s.app.Access.EndMembership.Do(ctx, door, access.MemberInput{Person: s.here.member})
			return err
		}},
		{"jobs.retry", func() error {
			_, err := jobs.Retry.Do(ctx, door, jobs.Ref{ID: s.job})
			return err
		}},
		{"collaboratives.create", func() error {
			_, err := collaborative.Create.Do(admin, door, collaborative.CreateInput{Name: "Third", Zone: "UTC"})
			return err
		}},
		{"accounts.create", func() error {
			_, err := s.app.Access.CreateAccount.Do(s.system(), door, access.CreateAccountInput{Email: "new@example.org", Name: "New"})
			return err
		}},
		{"accounts.disable", func() error {
			_, err := s.app.Access.DisableAccount.Do(admin, door, access.AccountInput{ID: s.callers[1].actor.Account})
			return err
		}},
	}
}

// failSomething makes all background work of the collaborative that is there
// count as failed.
func (s *site) failSomething(t *testing.T) {
	t.Helper()
	here := operation.CollaborativeFrom(s.here.context).ID
	if err := s.app.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE jobs SET state = 'failed' WHERE collaborative_id = $1`, here)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	page := do(t, s.here.context, s.app, jobs.List, jobs.ListInput{State: "failed", Limit: 1})
	if len(page.Items) > 0 {
		s.job = page.Items[0].ID
	}
}
