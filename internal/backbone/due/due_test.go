package due_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/house"
)

// table is a house in which something of every kind is due from Rosa, who represents
// the union, and from Bo, who represents nobody.
type table struct {
	*house.House
	union, clinic directory.OrganizationID
	rosa, bo      directory.PersonID
	meeting       convening.Meeting
	action        actions.Action // Rosa's
	shared        actions.Action // the union's
	others        actions.Action // Bo's
	pledge        commitments.Commitment
	offered       commitments.Delivery
}

func tables(t *testing.T, test func(t *testing.T, at *table)) {
	house.Each(t, func(t *testing.T, h *house.House) { test(t, furnish(t, h)) })
}

func furnish(t *testing.T, h *house.House) *table {
	staff := h.As(operation.Staff)
	at := &table{House: h, union: h.Organization(t, "Parents Union"), clinic: h.Organization(t, "Clinic")}
	at.rosa = house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: "Rosa", Email: "rosa@example.org", Language: "es", OrganizationID: at.union, Represents: true}).ID
	at.bo = h.Person(t, "Bo", directory.OrganizationID{})
	at.meeting = house.Do(t, h, staff, convening.CreateMeeting, convening.MeetingInput{Title: "Leadership table", On: "2026-05-28", Starts: "15:30", Place: "Library"})
	for _, p := range []directory.PersonID{at.rosa, at.bo} {
		house.Do(t, h, staff, convening.SetPerson, convening.PersonInput{MeetingID: at.meeting.ID, PersonID: p, Invited: true})
	}
	at.action = house.Do(t, h, staff, actions.Create, actions.Input{Text: "Call the school", Note: "Ask Bo first", OwnerPersonID: at.rosa, DueOn: "2026-05-20"})
	at.shared = house.Do(t, h, staff, actions.Create, actions.Input{Text: "Lend chairs", OwnerOrganizationID: at.union})
	at.others = house.Do(t, h, staff, actions.Create, actions.Input{Text: "Bo's secret task", OwnerPersonID: at.bo, DueOn: "2026-05-15"})
	at.pledge = house.Do(t, h, staff, commitments.Create, commitments.Input{Kind: "time", OrganizationID: at.union, Text: "Reading fair", Amount: 600, PledgedOn: "2026-03-01", EndsOn: "2026-12-31"})
	at.offered = house.Do(t, h, staff, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: at.pledge.ID, Amount: 500, Source: commitments.FromMeeting, Unconfirmed: true})
	house.Do(t, h, staff, commitments.Create, commitments.Input{Kind: "cash", OrganizationID: at.clinic, Text: "The clinic's money", Amount: 100, PledgedOn: "2026-01-01", EndsOn: "2026-03-31"})
	return at
}

func (at *table) link(t *testing.T, who due.Owner) string {
	t.Helper()
	return path.Base(house.Do(t, at.House, at.As(operation.Staff), at.App.Due.MakeLink, due.LinkInput{Owner: who}).Address)
}

func (at *table) look(t *testing.T, secret string) due.LinkView {
	t.Helper()
	_, view, err := at.App.Due.Look(context.Background(), at.App.Door, secret)
	if err != nil {
		t.Fatal(err)
	}
	return view
}

func (at *table) say(t *testing.T, secret, kind string, i [16]byte, answer due.AnswerInput) due.LinkView {
	t.Helper()
	answer.Kind, answer.ID = kind, due.ItemID(i)
	_, view, err := at.App.Due.AnswerByLink(context.Background(), at.App.Door, due.LinkAnswer{Secret: secret, AnswerInput: answer})
	if err != nil {
		t.Fatalf("%+v: %v", answer, err)
	}
	return view
}

// kinds are the items of a view, section by section.
func kinds(sections []due.Section) string {
	var out []string
	for _, s := range sections {
		var items []string
		for _, i := range s.Items {
			items = append(items, i.Kind+" "+i.Title)
		}
		out = append(out, s.Name+": "+strings.Join(items, ", "))
	}
	return strings.Join(out, "; ")
}

// A link shows what its owner owes and nothing else, and each thing can be answered
// without an account; what is answered is due no more, and the log says who it was.
func TestAnsweringByLink(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		staff, secret := at.As(operation.Staff), at.link(t, due.Owner{PersonID: at.rosa})
		view := at.look(t, secret)
		if got := kinds(view.Sections); got != "Rosa: action Call the school, meeting Leadership table; Parents Union: delivery Reading fair, action Lend chairs" && got != "Rosa: action Call the school, meeting Leadership table; Parents Union: action Lend chairs, delivery Reading fair" {
			t.Errorf("due: %s", got)
		}
		if view.Name != "Rosa" || view.Language != "es" {
			t.Errorf("view of %q in %q", view.Name, view.Language)
		}
		raw, _ := json.Marshal(view)
		for _, private := range []string{"Bo", "secret", "@", "clinic", "Clinic", "Ask"} {
			if strings.Contains(string(raw), private) {
				t.Errorf("the view tells of %q: %s", private, raw)
			}
		}
		at.say(t, secret, due.MeetingItem, at.meeting.ID, due.AnswerInput{Answer: convening.ReplyAlternate})
		at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerDone})
		at.say(t, secret, due.ActionItem, at.shared.ID, due.AnswerInput{Answer: due.AnswerDisown, Text: "The school lends them"})
		view = at.say(t, secret, due.DeliveryItem, at.offered.ID, due.AnswerInput{Answer: due.AnswerConfirm, Amount: 450})
		if got := kinds(view.Sections); got != "Rosa: ; Parents Union: " {
			t.Errorf("due afterwards: %s", got)
		}
		if a := house.Do(t, at.House, staff, actions.Get, actions.Ref{ID: at.action.ID}); a.State != actions.Done || a.EndedBy != "Rosa" {
			t.Errorf("done: %+v", a)
		}
		if a := house.Do(t, at.House, staff, actions.Get, actions.Ref{ID: at.shared.ID}); a.State != actions.Open || !a.Disowned || a.DisownedWhy != "The school lends them" {
			t.Errorf("not theirs: %+v", a)
		}
		if k := house.Do(t, at.House, staff, commitments.Get, commitments.Ref{ID: at.pledge.ID}); k.Delivered != 450 {
			t.Errorf("confirmed: %+v", k)
		}
		people := house.Do(t, at.House, staff, convening.ListPeople, convening.MeetingPart{MeetingID: at.meeting.ID})
		if people.Items[0].Reply != convening.ReplyAlternate {
			t.Errorf("replies: %+v", people.Items)
		}
		history := house.Do(t, at.House, staff, operation.RecordHistory, operation.RecordHistoryInput{Kind: actions.Kind, ID: operation.EntryID(at.action.ID)})
		if e := history.Items[0]; e.Actor != "Rosa" || e.Via != operation.ViaLink || !e.Undoable {
			t.Errorf("the log: %+v", e)
		}
		// Pressed twice, and taken back.
		if view = at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerDone}); view.Settled {
			t.Error("done twice is done")
		}
		at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerReopen})
		at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerNotYet})
		view = at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerCarry, On: "2026-06-10"})
		if items := view.Sections[0].Items; len(items) != 1 || items[0].On != "2026-06-10" {
			t.Errorf("carried: %+v", items)
		}
		if view = at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerDone}); !view.Settled {
			t.Error("what was carried over was done")
		}
	})
}

// Whoever gets hold of a link can do nothing beyond what its owner could say.
func TestALinkReachesNoFurther(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		secret := at.link(t, due.Owner{OrganizationID: at.union})
		if got := kinds(at.look(t, secret).Sections); strings.Contains(got, "Rosa") || !strings.Contains(got, "Lend chairs") {
			t.Errorf("an organization's link: %s", got)
		}
		for _, other := range []struct {
			kind   string
			i      [16]byte
			answer string
		}{{due.ActionItem, at.others.ID, due.AnswerDone}, {due.ActionItem, at.action.ID, due.AnswerDone}, {due.MeetingItem, at.meeting.ID, convening.ReplyYes},
			{due.CommitmentItem, at.offered.ID, due.AnswerGiven}, {due.ActionItem, operation.NewPersonID(), due.AnswerDone}, {"nothing", at.shared.ID, due.AnswerDone}} {
			if view := at.say(t, secret, other.kind, other.i, due.AnswerInput{Answer: other.answer}); !view.Settled || view.Answered != nil {
				t.Errorf("%+v: %+v", other, view)
			}
		}
		if a := house.Do(t, at.House, at.As(operation.Staff), actions.Get, actions.Ref{ID: at.others.ID}); a.Version != 1 {
			t.Errorf("another's action was changed: %+v", a)
		}
		// Who represents the union no more answers for it no more.
		rosas := at.link(t, due.Owner{PersonID: at.rosa})
		p := house.Do(t, at.House, at.As(operation.Director), directory.GetPerson, directory.PersonRef{ID: at.rosa})
		none := directory.OrganizationID{}
		house.Do(t, at.House, at.As(operation.Director), directory.EditPerson, directory.PersonPatch{ID: p.ID, Version: p.Version, OrganizationID: &none})
		if got := kinds(at.look(t, rosas).Sections); strings.Contains(got, "Union") {
			t.Errorf("after they left: %s", got)
		}
	})
}

// Links end: reset, expired, guessed, of another task, or when their owner leaves.
func TestLinksEnd(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		who := due.Owner{PersonID: at.rosa}
		closed := func(secret, state string) {
			t.Helper()
			view := at.look(t, secret)
			if view.State != state || len(view.Sections) != 0 || view.Name != "" {
				t.Errorf("%s: %+v", state, view)
			}
			if view = at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerDone}); view.Answered != nil {
				t.Errorf("%s answered", state)
			}
		}
		one, two := at.link(t, who), at.link(t, who)
		if at.look(t, one).State != due.LinkOpen || at.look(t, two).State != due.LinkOpen {
			t.Error("a second link ends the first, which lies in a letter")
		}
		house.Do(t, at.House, at.As(operation.Staff), at.App.Due.ResetLinks, who)
		closed(one, due.LinkReset)
		closed(two, due.LinkReset)
		three := at.link(t, who)
		if at.look(t, three).State != due.LinkOpen {
			t.Error("no new link after a reset")
		}
		if _, _, err := at.App.Due.Look(context.Background(), at.App.Door, three[:len(three)-2]+"AA"); operation.KindOf(err) != operation.NotFound {
			t.Errorf("guessed: %v", err)
		}
		if _, _, err := at.App.Commitments.Look(context.Background(), at.App.Door, three); operation.KindOf(err) != operation.NotFound {
			t.Errorf("as a link for pledging: %v", err)
		}
		gone := at.link(t, due.Owner{OrganizationID: at.clinic})
		o := house.Do(t, at.House, at.As(operation.Staff), directory.GetOrganization, directory.OrganizationRef{ID: at.clinic})
		house.Do(t, at.House, at.As(operation.Staff), directory.TrashOrganization, directory.OrganizationVersion{ID: o.ID, Version: o.Version})
		closed(gone, due.LinkGone)
		at.Clock.Advance(61 * 24 * time.Hour)
		closed(three, due.LinkExpired)
	})
}

// Signed in, somebody sees the same; the backbone sees everybody's, the longest due
// first, and what a reminder needs.
func TestMineAndEverybodys(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		rosa := at.AsPerson(operation.Representative, at.rosa)
		mine := house.Do(t, at.House, rosa, at.App.Due.Mine, operation.None{})
		if got := kinds(mine.Sections); !strings.HasPrefix(got, "Rosa: action Call the school, meeting Leadership table; Parents Union: ") {
			t.Errorf("mine: %s", got)
		}
		house.Do(t, at.House, rosa, at.App.Due.Answer, due.AnswerInput{Kind: due.MeetingItem, ID: due.ItemID(at.meeting.ID), Answer: convening.ReplyYes})
		_, err := at.App.Due.Answer.Do(rosa, at.App.Door, due.AnswerInput{Kind: due.ActionItem, ID: due.ItemID(at.others.ID), Answer: due.AnswerDone})
		house.WantKind(t, err, operation.NotFound)
		_, err = at.App.Due.List.Do(rosa, at.App.Door, due.ListInput{})
		house.WantKind(t, err, operation.Forbidden)

		staff := at.As(operation.Staff)
		var all []string
		in := due.ListInput{Limit: 2}
		for {
			page := house.Do(t, at.House, staff, at.App.Due.List, in)
			for _, o := range page.Items {
				all = append(all, o.Name+" "+o.Item.Kind)
			}
			if in.After = page.Next; in.After == "" {
				break
			}
		}
		if got := strings.Join(all, ", "); got != "Clinic commitment, Parents Union action, Parents Union delivery, Bo action, Rosa action, Bo meeting" {
			t.Errorf("everybody's: %s", got)
		}
		if only := house.Do(t, at.House, staff, at.App.Due.List, due.ListInput{Kind: due.ActionItem, PersonID: at.bo}); only.Total != 1 {
			t.Errorf("of Bo: %+v", only)
		}
		letter := house.Do(t, at.House, staff, at.App.Due.Nudge, due.Owner{OrganizationID: at.union})
		if len(letter.Items) != 2 || len(letter.Recipients) != 1 || letter.Recipients[0].Email != "rosa@example.org" || letter.Recipients[0].Language != "es" {
			t.Errorf("letter: %+v", letter)
		}
		// Background work gathers everybody's, page by page.
		call := operation.Define(operation.Operation[operation.None, []string]{
			Definition: operation.Definition{ID: "due.list", Summary: "gathers", ReadOnly: true, BrowserOnly: "a test"},
			Run: func(c *operation.Call, _ operation.None) (out []string, err error) {
				after := ""
				for {
					list, next, err := at.App.Due.Everyone(c, after, 1)
					if err != nil {
						return out, err
					}
					for _, o := range list {
						out = append(out, fmt.Sprint(o.Name, len(o.Items)))
					}
					if after = next; after == "" {
						return out, nil
					}
				}
			}})
		got := house.Do(t, at.House, staff, call, operation.None{})
		if len(got) != 4 || strings.Join(got, " ") == "" {
			t.Errorf("letters: %v", got)
		}
	})
}

// What is due follows a merge and comes back with it; an erased person is named
// nowhere, and their links open nothing.
func TestMergingAndErasing(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		director := at.As(operation.Director)
		twin := at.Person(t, "Rosa Maria", directory.OrganizationID{})
		theirs := house.Do(t, at.House, director, actions.Create, actions.Input{Text: "Bring cake", OwnerPersonID: twin})
		secret := at.link(t, due.Owner{PersonID: twin})
		person := func(i directory.PersonID) directory.Person {
			return house.Do(t, at.House, director, directory.GetPerson, directory.PersonRef{ID: i})
		}
		var receipt operation.Receipt
		house.Do(t, at.House, operation.WithReceipt(director, &receipt), directory.MergePeople, directory.PersonMerge{ID: at.rosa, Version: person(at.rosa).Version, MergeID: twin, MergeVersion: person(twin).Version})
		if a := house.Do(t, at.House, director, actions.Get, actions.Ref{ID: theirs.ID}); a.OwnerPersonID != at.rosa {
			t.Errorf("merged: %+v", a)
		}
		if got := kinds(at.look(t, secret).Sections); !strings.Contains(got, "Call the school") {
			t.Errorf("the merged person's link: %s", got)
		}
		at.Undo(t, receipt)
		if a := house.Do(t, at.House, director, actions.Get, actions.Ref{ID: theirs.ID}); a.OwnerPersonID != twin {
			t.Errorf("taken apart again: %+v", a)
		}

		// Rosa has answered, given the word and is written about.
		secret = at.link(t, due.Owner{PersonID: at.rosa})
		at.say(t, secret, due.ActionItem, at.action.ID, due.AnswerInput{Answer: due.AnswerDone})
		at.say(t, secret, due.DeliveryItem, at.offered.ID, due.AnswerInput{Answer: due.AnswerConfirm})
		k := house.Do(t, at.House, director, commitments.Create, commitments.Input{Kind: "cash", OrganizationID: at.clinic, Amount: 100, PersonID: at.rosa, Note: "rosa@example.org will bring it"})
		house.Do(t, at.House, director, at.App.Commitments.MakeLink, commitments.LinkInput{OrganizationID: at.union, PersonID: at.rosa})
		own := house.Do(t, at.House, at.AsPerson(operation.Representative, at.rosa), at.App.Takeouts.OwnData, takeout.OwnDataInput{ID: at.rosa})
		if len(own.Actions) != 1 || len(own.Commitments) != 1 {
			t.Errorf("own data: %d actions, %d commitments", len(own.Actions), len(own.Commitments))
		}
		house.Do(t, at.House, director, directory.ErasePerson, directory.Erase{ID: at.rosa, Version: person(at.rosa).Version, Name: "Rosa"})
		if view := at.look(t, secret); view.State != due.LinkGone {
			t.Errorf("an erased person's link: %+v", view)
		}
		if now := house.Do(t, at.House, director, commitments.Get, commitments.Ref{ID: k.ID}); strings.Contains(now.Note, "rosa") || now.Person != "" || now.Amount != 100 {
			t.Errorf("after erasing: %+v", now)
		}
		if left := at.texts(t); strings.Contains(left, "Rosa ") || strings.Contains(left, "rosa@") {
			t.Errorf("they are named still: %s", left)
		}
	})
}

// texts is what the tables of promises hold in words, each followed by a space.
func (at *table) texts(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	if err := at.App.Store.Read(context.Background(), at.Place.ID, func(tx *store.Tx) error {
		for _, text := range []struct{ sql string }{
			{`SELECT note || ' ' || owner_name || ' ' || given_by_name || ' ' || ended_by || ' ' || reason || ' ' || disowned_why FROM actions WHERE collaborative_id = $1`},
			{`SELECT text || ' ' || note || ' ' || person_name || ' ' || confirmed_by || ' ' || pledged_by || ' ' || reason FROM commitments WHERE collaborative_id = $1`},
			{`SELECT evidence || ' ' || entered_by || ' ' || confirmed_by FROM deliveries WHERE collaborative_id = $1`},
			{`SELECT person_name || ' ' || made_by FROM pledge_links WHERE collaborative_id = $1`},
			{`SELECT made_by FROM due_links WHERE collaborative_id = $1`},
		} {
			rows, err := store.Collect(tx, func(row store.Row) (s string, err error) { return s, row.Scan(&s) }, text.sql)
			if err != nil {
				return err
			}
			out.WriteString(strings.Join(rows, " ") + " ")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
