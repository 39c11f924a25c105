package access

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// people is a directory for tests: names and addresses by person.
type people map[operation.PersonID]Card

func (p people) card(c *operation.Call, person operation.PersonID) (Card, error) {
	if c.Actor.Via != operation.ViaSystem && !c.Actor.Backbone() {
		return Card{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	card, ok := p[person]
	if !ok {
		return Card{}, operation.Missing()
	}
	return card, nil
}

// invitingHouse has a collaborative, its director, a member of its staff and a
// person to invite.
func invitingHouse(h *house) (director, staff string, c operation.Collaborative, person operation.PersonID, known people) {
	known = people{}
	h.s, h.door = h.open(Config{Person: known.card})
	c = h.collaborative("north", false)
	d, s := h.account("dir@example.org"), h.account("staff@example.org")
	h.member(d, c, operation.Director)
	h.member(s, c, operation.Staff)
	person = operation.NewPersonID()
	known[person] = Card{"Bea Blanc", "bea@example.org"}
	return h.signIn("dir@example.org").Secret, h.signIn("staff@example.org").Secret, c, person, known
}

func TestInvitation(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		director, _, c, person, _ := invitingHouse(h)
		ctx := h.as(director, "north")
		sent := must[Invitation](t)(h.s.Invite.Do(ctx, h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}, Language: "fr"}))
		letters := h.letters()
		if len(letters) != 1 || letters[0].Template != mail.Invitation || letters[0].To != "bea@example.org" || letters[0].Language != "fr" || letters[0].Zone != "America/Chicago" ||
			letters[0].Data.Sender != "dir" || letters[0].Data.Collaborative != "NORTH" || !strings.HasPrefix(letters[0].Data.Link, "https://table.example.org/invitation/") {
			t.Fatalf("%+v", letters)
		}
		secret := secretOf(t, letters[0])
		view := must[InvitationView](t)(h.s.LookInvitation(t.Context(), secret))
		if view.Sender != "dir" || view.Collaborative.ID != c.ID || view.Email != "bea@example.org" || view.HasAccount || view.Name != "Bea Blanc" {
			t.Errorf("%+v", view)
		}
		list := must[operation.Page[Invitation]](t)(h.s.ListInvitations.Do(ctx, h.door, ListInvitationsInput{}))
		if len(list.Items) != 1 || list.Items[0].ID != sent.ID {
			t.Errorf("%+v", list)
		}
		_, err := h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secret, Password: "bea.blanc2026"})
		wants(t, err, "access.password_own")
		out := must[SignedIn](t)(h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secret, Password: goodPassword}))
		actor, _, found, err := h.s.Authenticate(t.Context(), out.Secret, "north")
		if err != nil || !out.New || out.Collaborative != "north" || out.Next != "/c/north/" || actor.Person != person || !actor.Has(operation.TableMember) || !found.Member || found.Language != "fr" || actor.Name != "Bea Blanc" {
			t.Errorf("%+v %+v %v", out, actor, err)
		}
		_, err = h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secret})
		wants(t, err, "access.link_dead")
		_, err = h.s.Invite.Do(ctx, h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}})
		wants(t, err, "access.already_member")
		list = must[operation.Page[Invitation]](t)(h.s.ListInvitations.Do(ctx, h.door, ListInvitationsInput{}))
		if len(list.Items) != 0 {
			t.Errorf("%+v", list)
		}
		// The new member signs in again with the password chosen.
		if _, err := h.s.SignInWithPassword(from("192.0.2.1"), h.door, PasswordInput{Email: "bea@example.org", Password: goodPassword}); err != nil {
			t.Error(err)
		}
		// It is in the collaborative's audit log, as the new member.
		err = h.store.Read(t.Context(), c.ID, func(tx *store.Tx) error {
			n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM audit_entries WHERE collaborative_id = $1 AND operation = 'invitations.accept' AND subject_kind = 'person' AND actor_name = 'Bea Blanc'`)
			if n != 1 {
				t.Errorf("%d audit entries", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestInvitationForAnAccountThatExists(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		director, _, c, person, known := invitingHouse(h)
		bea := h.account("bea@example.org")
		h.enrol("bea@example.org")
		h.letters()
		if _, err := h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{operation.Funder}}); err != nil {
			t.Fatal(err)
		}
		// A password sent along must not replace the account's own.
		out := must[SignedIn](t)(h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secretOf(t, h.letters()[0]), Password: "a password of a stranger"}))
		if !out.SecondStepPending() || out.Secret != "" || out.New || out.Account.ID != bea.ID {
			t.Errorf("a link went round the second factor: %+v", out)
		}
		if in := h.signIn("bea@example.org"); !in.SecondStepPending() {
			t.Errorf("%+v", in)
		}
		err := h.store.Read(t.Context(), c.ID, func(tx *store.Tx) error {
			n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM audit_entries WHERE collaborative_id = $1 AND operation = 'invitations.accept'`)
			if n == 0 {
				t.Error("a membership without an audit entry")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}

		// Somebody signed in takes part as they are, whatever the address.
		other := operation.NewPersonID()
		known[other] = Card{"Carl", "carl@work.example.org"}
		carl := h.account("carl@home.example.org")
		secret := h.signIn("carl@home.example.org").Secret
		h.letters()
		if _, err := h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: other, Roles: []operation.Role{operation.Evaluator}}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.s.AcceptInvitation(h.as(secret, ""), h.door, AcceptInput{Secret: secretOf(t, h.letters()[0]), AsCurrent: true}); err != nil {
			t.Fatal(err)
		}
		actor, _, _, _ := h.s.Authenticate(t.Context(), secret, "north")
		if actor.Account != carl.ID || actor.Person != other || !actor.Has(operation.Evaluator) {
			t.Errorf("%+v", actor)
		}
	})
}

func TestInvitationsCanBeTakenBackAndSentAgain(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		director, _, _, person, known := invitingHouse(h)
		ctx := h.as(director, "north")
		in := InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}}
		first := must[Invitation](t)(h.s.Invite.Do(ctx, h.door, in))
		again := must[Invitation](t)(h.s.ResendInvitation.Do(ctx, h.door, InvitationInput{first.ID}))
		third := must[Invitation](t)(h.s.Invite.Do(ctx, h.door, in))
		letters := h.letters()
		if len(letters) != 3 || first.ID == again.ID {
			t.Fatalf("%d letters", len(letters))
		}
		for _, l := range letters[:2] {
			_, err := h.s.LookInvitation(t.Context(), secretOf(t, l))
			wants(t, err, "access.link_dead")
		}
		// An invitation of another collaborative is not there.
		h.member(h.account("south@example.org"), h.collaborative("south", false), operation.Director)
		south := h.as(h.signIn("south@example.org").Secret, "south")
		_, err := h.s.RevokeInvitation.Do(south, h.door, InvitationInput{third.ID})
		wants(t, err, "errors.not_found")
		_, err = h.s.ResendInvitation.Do(south, h.door, InvitationInput{third.ID})
		wants(t, err, "errors.not_found")
		if _, err := h.s.RevokeInvitation.Do(ctx, h.door, InvitationInput{third.ID}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secretOf(t, letters[2])})
		wants(t, err, "access.link_dead")

		// Nor does one serve for a person who has been deleted meanwhile.
		if _, err := h.s.Invite.Do(ctx, h.door, in); err != nil {
			t.Fatal(err)
		}
		delete(known, person)
		_, err = h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secretOf(t, h.letters()[0])})
		wants(t, err, "access.link_dead")
	})
}

func TestOneOfTwoAcceptancesSucceeds(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		director, _, _, _, known := invitingHouse(h)
		for range 25 {
			person := operation.NewPersonID()
			known[person] = Card{"P", person.Short() + "@example.org"}
			if _, err := h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}}); err != nil {
				t.Fatal(err)
			}
			secret := secretOf(t, h.letters()[0])
			var won atomic.Int64
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if _, err := h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secret}); err == nil {
						won.Add(1)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 {
				t.Fatalf("%d acceptances succeeded", won.Load())
			}
		}
	})
}

func TestNobodyRisesByInviting(t *testing.T) {
	h := newHouse(t, "sqlite")
	director, staff, c, person, known := invitingHouse(h)
	_, err := h.s.Invite.Do(h.as(staff, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{operation.Director}})
	wants(t, err, "access.only_directors")
	for _, role := range []operation.Role{operation.Administrator, operation.Public, "owner"} {
		_, err = h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{role}})
		wants(t, err, "errors.not_offered")
	}
	_, err = h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: operation.NewPersonID(), Roles: []operation.Role{operation.Staff}})
	wants(t, err, "errors.not_found")
	_, err = h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: person})
	wants(t, err, "errors.required")
	member := operation.NewPersonID()
	known[member] = Card{"M", "m@example.org"}
	a := h.account("m@example.org")
	h.write(func(tx *store.InstallationTx) error {
		return Grant(tx, h.clock.Now(), Membership{a.ID, c.ID, member, []operation.Role{operation.TableMember, operation.Administrator}})
	})
	actor, _, _, _ := h.s.Authenticate(t.Context(), h.signIn("m@example.org").Secret, "north")
	if actor.Has(operation.Administrator) {
		t.Error("a membership made an administrator")
	}
	_, err = h.s.Invite.Do(h.as(h.signIn("m@example.org").Secret, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}})
	wants(t, err, "errors.forbidden")
}

func TestMembers(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		director, _, c, _, _ := invitingHouse(h)
		ctx := h.as(director, "north")
		self := operation.ActorFrom(ctx).Person
		_, err := h.s.SetRoles.Do(ctx, h.door, SetRolesInput{Person: self, Roles: []operation.Role{operation.Staff}})
		wants(t, err, "access.last_director")
		_, err = h.s.EndMembership.Do(ctx, h.door, MemberInput{self})
		wants(t, err, "access.last_director")

		a := h.account("gus@example.org")
		person := h.member(a, c, operation.GroupChair)
		secret := h.signIn("gus@example.org").Secret
		token := must[NewToken](t)(h.s.CreateToken.Do(h.as(secret, ""), h.door, CreateTokenInput{Name: "t", Collaborative: c.ID}))
		page := must[operation.Page[Member]](t)(h.s.ListMembers.Do(ctx, h.door, ListMembersInput{Limit: 2}))
		rest := must[operation.Page[Member]](t)(h.s.ListMembers.Do(ctx, h.door, ListMembersInput{Limit: 2, After: page.Next}))
		if len(page.Items) != 2 || len(rest.Items) != 1 || rest.Next != "" {
			t.Errorf("%+v %+v", page, rest)
		}
		stale := must[Member](t)(h.s.ShowMember.Do(h.as(secret, "north"), h.door, MemberInput{person}))
		if _, err := h.s.ShowMember.Do(h.as(secret, "north"), h.door, MemberInput{self}); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("a member reads another's membership: %v", err)
		}
		changed := must[Member](t)(h.s.SetRoles.Do(ctx, h.door, SetRolesInput{Person: person, Roles: []operation.Role{operation.Director}, Version: stale.Version}))
		if !slices.Equal(changed.Roles, []operation.Role{operation.Director}) {
			t.Errorf("%+v", changed)
		}
		_, err = h.s.SetRoles.Do(ctx, h.door, SetRolesInput{Person: person, Roles: []operation.Role{operation.Staff}, Version: stale.Version})
		wants(t, err, "errors.stale")

		if _, err := h.s.EndMembership.Do(ctx, h.door, MemberInput{person}); err != nil {
			t.Fatal(err)
		}
		actor, _, found, _ := h.s.Authenticate(t.Context(), secret, "north")
		if found.Member || len(actor.Roles) > 0 {
			t.Errorf("still a member: %+v", actor)
		}
		if actor, _, _, _ := h.s.AuthenticateToken(t.Context(), token.Secret, ""); actor.SignedIn() {
			t.Error("the token for the collaborative lives")
		}
		_, err = h.s.EndMembership.Do(ctx, h.door, MemberInput{person})
		wants(t, err, "errors.not_found")
		// The person can be invited again, also with another account.
		h.member(a, c, operation.TableMember)
		if list := must[[]Participation](t)(h.s.ListCollaboratives.Do(h.as(secret, ""), h.door, operation.None{})); len(list) != 1 || list[0].Slug != "north" {
			t.Errorf("%+v", list)
		}
		staff := h.accountID("staff@example.org")
		err = h.store.WriteInstallation(t.Context(), func(tx *store.InstallationTx) error {
			return Grant(tx, h.clock.Now(), Membership{staff, c.ID, self, nil})
		})
		if !errors.Is(err, store.ErrUnique) {
			t.Errorf("one person became two accounts': %v", err)
		}
	})
}
