package convening

import (
	"cmp"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Parts are what somebody does for a meeting, by catalogue key "meeting_parts.…".
var Parts = []string{"facilitator", "notes", "time", "greeter"}

// The answers to an invitation.
const (
	ReplyYes       = "yes"
	ReplyOnline    = "online"
	ReplyAlternate = "alternate" // somebody else comes instead
	ReplyNo        = "no"
)

// Replies lists them, by catalogue key "meeting_replies.…".
var Replies = []string{ReplyYes, ReplyOnline, ReplyAlternate, ReplyNo}

type personRow struct{}

// Expected is somebody who is expected at a meeting: because they hold a seat of
// its body on that day, or because they were asked.
type Expected struct {
	PersonID       directory.PersonID       `json:"person_id"`
	Person         string                   `json:"person"`
	SeatID         directory.SeatID         `json:"seat_id,omitempty" doc:"The seat they hold on that day; absent when they were asked beside."`
	Role           string                   `json:"role,omitempty" doc:"Of that seat."`
	Voting         bool                     `json:"voting"`
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Whom they speak for in that seat."`
	Organization   string                   `json:"organization,omitempty"`
	StandInID      directory.PersonID       `json:"stand_in_id,omitempty" doc:"Who comes for them as a rule when they cannot."`
	StandIn        string                   `json:"stand_in,omitempty"`
	Invited        bool                     `json:"invited" doc:"Whether they were asked beside the seats."`
	Part           string                   `json:"part,omitempty" doc:"facilitator, notes, time or greeter."`
	Reply          string                   `json:"reply,omitempty" doc:"yes, online, alternate or no; absent while they have not answered."`
	RepliedAt      *time.Time               `json:"replied_at,omitempty"`
	AlternateID    directory.PersonID       `json:"alternate_id,omitempty" doc:"Who comes instead."`
	Alternate      string                   `json:"alternate,omitempty" doc:"Their name, also of somebody who is not on record."`
}

// asked is a row of meeting_people.
type asked struct {
	id        id.Of[personRow]
	person    directory.PersonID
	name      string
	invited   bool
	part      string
	reply     string
	repliedAt *time.Time
	alternate directory.PersonID
	standsIn  string // the name of the alternate, on record or as it was typed
	typed     string
}

func scanAsked(row store.Row) (asked, error) {
	var a asked
	var name, other directory.Person
	var replied time.Time
	err := row.Scan(&a.id, &a.person, &name.GivenName, &name.FamilyName, &a.invited, &a.part, &a.reply, store.ScanTime(&replied), &a.alternate,
		&a.typed, store.ScanText(&other.GivenName), store.ScanText(&other.FamilyName))
	a.name, a.standsIn, a.repliedAt = name.Name(), cmp.Or(other.Name(), a.typed), operation.Instant(replied)
	return a, err
}

const askedText = `SELECT meeting_people.id, meeting_people.person_id, people.given_name, people.family_name, meeting_people.invited, meeting_people.part, meeting_people.reply,
	meeting_people.replied_at, meeting_people.alternate_id, meeting_people.alternate_name, alternates.given_name, alternates.family_name
	FROM meeting_people JOIN people ON people.collaborative_id = $1 AND people.id = meeting_people.person_id
	LEFT JOIN people AS alternates ON alternates.collaborative_id = $1 AND alternates.id = meeting_people.alternate_id
	WHERE meeting_people.collaborative_id = $1 AND meeting_people.meeting_id = $2`

// ExpectedAt are those who are expected at a meeting, in the order of the seats and
// then as they were asked.
func ExpectedAt(c *operation.Call, m Meeting) ([]Expected, error) {
	var out []Expected
	at := map[directory.PersonID]int{}
	if !m.BodyID.IsZero() {
		held, err := directory.HeldOn(c, m.BodyID, m.On)
		if err != nil {
			return nil, err
		}
		for _, s := range held {
			if _, twice := at[s.Term.PersonID]; twice {
				continue // who holds two seats is expected once
			}
			at[s.Term.PersonID] = len(out)
			out = append(out, Expected{PersonID: s.Term.PersonID, Person: s.Term.Person, SeatID: s.ID, Role: s.Role, Voting: s.Voting,
				OrganizationID: s.Term.OrganizationID, Organization: s.Term.Organization, StandInID: s.Term.AlternateID, StandIn: s.Term.Alternate})
		}
	}
	rows, err := store.Collect(c.Tx, scanAsked, askedText+` ORDER BY meeting_people.id`, m.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		k, seated := at[a.person]
		if !seated {
			if !a.invited && a.part == "" {
				continue // answered while they held a seat, and holds none any more
			}
			k = len(out)
			out = append(out, Expected{PersonID: a.person, Person: a.name})
		}
		e := &out[k]
		e.Invited, e.Part, e.Reply, e.RepliedAt, e.AlternateID, e.Alternate = a.invited, a.part, a.reply, a.repliedAt, a.alternate, a.standsIn
	}
	return out, nil
}

// ListPeople lists who is expected at a meeting. Others than those who prepare it
// see who has a part in it, and themselves.
var ListPeople = operation.Define(operation.Operation[MeetingPart, operation.Page[Expected]]{
	Definition: operation.Definition{ID: "meetings.people", Summary: "Lists who is expected at a meeting and what they answered", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/people"},
	Run: func(c *operation.Call, in MeetingPart) (operation.Page[Expected], error) {
		m, err := meetings.Read(c, in.MeetingID)
		if err != nil {
			return operation.Page[Expected]{}, err
		}
		all, err := ExpectedAt(c, m)
		if err != nil {
			return operation.Page[Expected]{}, err
		}
		if !c.CanOn(SeeReplies, m.Subject()) {
			mine := all[:0]
			for _, e := range all {
				if e.PersonID == c.Actor.Person && !c.Actor.Person.IsZero() || e.Part != "" {
					if e.PersonID != c.Actor.Person {
						e.Reply, e.RepliedAt, e.AlternateID, e.Alternate = "", nil, directory.PersonID{}, ""
					}
					mine = append(mine, e)
				}
			}
			all = mine
		}
		return operation.Whole(all), nil
	},
})

// PersonInput says what somebody has to do with a meeting.
type PersonInput struct {
	MeetingID MeetingID          `json:"meeting_id"`
	PersonID  directory.PersonID `json:"person_id"`
	Invited   bool               `json:"invited" doc:"Whether they are asked beside those who hold seats."`
	Part      string             `json:"part,omitempty" enum:"facilitator,notes,time,greeter"`
}

// SetPerson asks somebody to a meeting, gives them a part in it, or takes both
// back.
var SetPerson = operation.Define(operation.Operation[PersonInput, operation.Page[Expected]]{
	Definition: operation.Definition{ID: "meetings.set-person", Summary: "Asks somebody to a meeting, gives them a part in it, or takes that back", Method: "PUT", Path: "/meetings/{meeting_id}/people/{person_id}"},
	About:      func(in PersonInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in PersonInput) (operation.Page[Expected], error) {
		none := operation.Page[Expected]{}
		m, err := MeetingOf(c, in.MeetingID)
		if err != nil {
			return none, err
		}
		before, err := askedOf(c, in.MeetingID, in.PersonID)
		if err != nil {
			return none, err
		}
		after := before
		if before.id.IsZero() {
			after.id, after.person = id.New[personRow](), in.PersonID
			if err := namePerson(c, "person_id", directory.PersonID{}, in.PersonID, &after.name); err != nil {
				return none, err
			}
			if after.name == "" {
				return none, operation.InvalidField("person_id", "errors.required")
			}
		}
		after.invited, after.part = in.Invited, in.Part
		if err := putAsked(c, m.ID, after); err != nil {
			return none, err
		}
		c.Changed(m.Subject(), m.Name(), m.Version, askedRecord{after.name, before.invited, before.part, before.reply}, askedRecord{after.name, after.invited, after.part, before.reply})
		c.UndoWith("meetings.set-person", PersonInput{in.MeetingID, in.PersonID, before.invited, before.part})
		m.announce(c)
		all, err := ExpectedAt(c, m)
		return operation.Whole(all), err
	},
})

// askedRecord is what the audit log compares.
type askedRecord struct {
	Person  string `json:"person"`
	Invited bool   `json:"invited"`
	Part    string `json:"part"`
	Reply   string `json:"reply"`
}

// askedOf is what is on record about somebody and a meeting; zero when nothing is.
func askedOf(c *operation.Call, m MeetingID, p directory.PersonID) (asked, error) {
	found, err := store.Collect(c.Tx, scanAsked, askedText+` AND meeting_people.person_id = $3`, m, p)
	if err != nil || len(found) == 0 {
		return asked{}, err
	}
	return found[0], nil
}

func putAsked(c *operation.Call, m MeetingID, a asked) error {
	_, err := c.Tx.Exec(`INSERT INTO meeting_people (collaborative_id, id, meeting_id, person_id, invited, part, reply, replied_at, alternate_id, alternate_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (collaborative_id, meeting_id, person_id) DO UPDATE SET invited = excluded.invited, part = excluded.part, reply = excluded.reply, replied_at = excluded.replied_at,
		alternate_id = excluded.alternate_id, alternate_name = excluded.alternate_name`, a.id, m, a.person, a.invited, a.part, a.reply, operation.DeletedMicros(a.repliedAt), a.alternate, a.typed)
	return err
}

// ReplyInput is somebody's answer to an invitation.
type ReplyInput struct {
	MeetingID   MeetingID          `json:"meeting_id"`
	PersonID    directory.PersonID `json:"person_id"`
	Reply       string             `json:"reply,omitempty" enum:"yes,online,alternate,no" doc:"Absent takes an answer back."`
	AlternateID directory.PersonID `json:"alternate_id,omitempty" doc:"Who comes instead."`
	// AlternateName is for somebody who is not on record, or whom whoever answers
	// need not know to be.
	AlternateName string `json:"alternate_name,omitempty" maxLength:"120" doc:"Who comes instead, where they are not on record."`
}

// Reply records whether somebody comes.
var Reply = operation.Define(operation.Operation[ReplyInput, Expected]{
	Definition: operation.Definition{ID: "meetings.reply", Summary: "Records whether somebody comes to a meeting", Method: "PUT", Path: "/meetings/{meeting_id}/people/{person_id}/reply"},
	About: func(in ReplyInput) operation.Subject {
		return operation.Subject{Kind: directory.PersonKind, ID: in.PersonID}
	},
	Run: reply,
})

func reply(c *operation.Call, in ReplyInput) (Expected, error) {
	m, err := MeetingOf(c, in.MeetingID)
	switch {
	case err != nil:
		return Expected{}, err
	case m.Over():
		return Expected{}, operation.InvalidField("reply", "errors.meeting_over")
	}
	all, err := ExpectedAt(c, m)
	if err != nil {
		return Expected{}, err
	}
	for _, e := range all {
		if e.PersonID != in.PersonID {
			continue
		}
		before, err := askedOf(c, m.ID, in.PersonID)
		if err != nil {
			return e, err
		}
		after, now := before, c.Now
		if before.id.IsZero() {
			after.id, after.person, after.name = id.New[personRow](), in.PersonID, e.Person
		}
		after.reply, after.repliedAt, after.alternate, after.standsIn, after.typed = in.Reply, &now, directory.PersonID{}, "", ""
		if in.Reply == "" {
			after.repliedAt = nil
		}
		if in.Reply == ReplyAlternate && !in.AlternateID.IsZero() {
			if in.AlternateID == in.PersonID {
				return e, operation.InvalidField("alternate_id", "errors.alternate_self")
			}
			if err := namePerson(c, "alternate_id", directory.PersonID{}, in.AlternateID, &after.standsIn); err != nil {
				return e, err
			}
			after.alternate = in.AlternateID
		} else if in.Reply == ReplyAlternate {
			after.typed, after.standsIn = in.AlternateName, in.AlternateName
		}
		if err := putAsked(c, m.ID, after); err != nil {
			return e, err
		}
		c.Changed(m.Subject(), m.Name(), m.Version, askedRecord{after.name, before.invited, before.part, before.reply}, askedRecord{after.name, after.invited, after.part, after.reply})
		c.UndoWith("meetings.reply", ReplyInput{in.MeetingID, in.PersonID, before.reply, before.alternate, before.typed})
		e.Reply, e.RepliedAt, e.AlternateID, e.Alternate = after.reply, after.repliedAt, after.alternate, after.standsIn
		return e, nil
	}
	return Expected{}, operation.Missing() // nobody is told who is expected
}
