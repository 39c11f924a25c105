package calendars

import (
	"strconv"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// told is what somebody was told last of a meeting.
type told struct {
	id       id.Of[told]
	person   directory.PersonID
	method   calendar.Method
	sequence int64
	letters  int64
	at       time.Time // when
	recap    time.Time
	answered time.Time // by mail, by the clock of whoever answered
	fresh    bool
}

// Told says what came of telling people of a meeting.
type Told struct {
	Letters   int64 `json:"letters" doc:"How many letters are on their way."`
	NoAddress int64 `json:"no_address" doc:"How many of those expected have no e-mail address on record."`
	Stopped   int64 `json:"stopped" doc:"How many want no mailings, or cannot be written to."`
}

// linkServes is how long after a meeting its links still explain themselves.
const linkServes = 60 * 24 * time.Hour

func toldOf(c *operation.Call, m convening.MeetingID) (map[directory.PersonID]*told, error) {
	out := map[directory.PersonID]*told{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var t told
		err := row.Scan(&t.id, &t.person, &t.method, &t.sequence, &t.letters, store.ScanTime(&t.at), store.ScanTime(&t.recap), store.ScanTime(&t.answered))
		out[t.person] = &t
		return err
	}, `SELECT id, person_id, method, sequence, letters, told_at, recap_at, answered_at FROM meeting_letters WHERE collaborative_id = $1 AND meeting_id = $2`, m)
}

func (s *Service) defineLetters() {
	s.Invite = operation.Define(operation.Operation[convening.MeetingRef, Told]{
		Definition: operation.Definition{ID: "meetings.invite", Summary: "Mails everyone expected at a meeting an invitation for their calendar; from then on changes are told too", Method: "POST", Path: "/meetings/{id}/invite"},
		About: func(in convening.MeetingRef) operation.Subject {
			return operation.Subject{Kind: convening.MeetingKind, ID: in.ID}
		},
		Run: func(c *operation.Call, in convening.MeetingRef) (Told, error) {
			m, err := convening.GetMeeting.WithinAsProgram(c, in)
			switch {
			case err != nil:
				return Told{}, err
			case m.DeletedAt != nil:
				return Told{}, operation.Missing()
			case m.Over() || !m.EndsAt.After(c.Now):
				return Told{}, operation.InvalidField("id", "errors.meeting_over")
			}
			c.Changed(m.Subject(), m.Name(), m.Version, nil, nil)
			return s.tell(c, m, true)
		},
	})
	s.Tell = operation.Define(operation.Operation[convening.MeetingRef, Told]{
		Definition: operation.Definition{ID: "meetings.tell", Summary: "Mails what a change of a meeting asks for", BrowserOnly: "the program does it after each change"},
		Run: func(c *operation.Call, in convening.MeetingRef) (Told, error) {
			m, err := convening.GetMeeting.Within(c, in)
			if operation.KindOf(operation.Translate(err)) == operation.NotFound {
				c.Continue()
				return Told{}, nil // gone meanwhile
			}
			if err != nil {
				return Told{}, err
			}
			out, err := s.tell(c, m, false)
			if out.Letters == 0 {
				c.Continue()
			}
			c.Changed(m.Subject(), m.Name(), m.Version, nil, nil)
			return out, err
		},
	})
}

// tell brings what everyone was told of a meeting up to what it is now. Whoever was
// told that already gets nothing, so it may run any number of times; begin says
// that those expected are to be invited who were not told anything yet.
func (s *Service) tell(c *operation.Call, m convening.Meeting, begin bool) (Told, error) {
	var out Told
	known, err := toldOf(c, m.ID)
	if err != nil {
		return out, err
	}
	for _, t := range known {
		begin = begin || t.method == calendar.Request
	}
	live := m.DeletedAt == nil && m.State != convening.Cancelled
	promised := map[directory.PersonID]bool{}
	if coming, err := convening.Coming(c, m.ID); err != nil {
		return out, err
	} else {
		for _, person := range coming {
			promised[person] = true
		}
	}
	begin = begin || !live && len(promised) > 0
	recap := m.DeletedAt == nil && m.State == convening.RecapSent && m.RecapSentAt != nil
	ahead := m.EndsAt.After(c.Now) && !m.Happened()
	if !recap && (!ahead || !begin && m.State != convening.AgendaSent) {
		return out, nil
	}
	expected, err := convening.ListPeople.WithinAsProgram(c, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return out, err
	}
	wanted := map[directory.PersonID]bool{}
	var people []directory.PersonID
	for _, e := range expected.Items {
		if live {
			wanted[e.PersonID] = true
			people = append(people, e.PersonID)
		}
	}
	if !recap {
		for person, t := range known {
			if t.method == calendar.Request && !wanted[person] {
				people = append(people, person)
			}
		}
		for person := range promised {
			// Whoever wanted no letters was told nothing, and stands there none the less.
			if !live && (known[person] == nil || known[person].method == "") {
				people = append(people, person)
			}
		}
	}
	readers, err := letters.ReadersOf(c, people)
	if err != nil {
		return out, err
	}
	var came comeOf
	if recap {
		if came, err = cameOf(c, m); err != nil {
			return out, err
		}
	}
	for _, person := range people {
		r, t := readers[person], known[person]
		if t == nil {
			t = &told{id: id.New[told](), person: person, fresh: true}
		}
		method := calendar.Request
		if !wanted[person] {
			method = calendar.Cancel
		}
		switch {
		case recap && !t.recap.IsZero(), !recap && t.method == method && t.sequence == m.Sequence:
			continue
		}
		reach := letters.Meetings
		if method == calendar.Cancel && promised[person] {
			reach = letters.Promised
		}
		switch r.Why(reach) {
		case "":
		case letters.NoAddress:
			out.NoAddress++
			continue
		default:
			out.Stopped++
			continue
		}
		if err := s.write(c, m, r, *t, method, reach, recap, came); err != nil {
			return out, err
		}
		out.Letters++
	}
	return out, nil
}

// write puts one letter on its way and notes it, in one transaction: the letter
// exists exactly when the note does.
func (s *Service) write(c *operation.Call, m convening.Meeting, r letters.Reader, t told, method calendar.Method, reach string, recap bool, came comeOf) error {
	l := access.Letter{Template: mail.MeetingInvitation, To: r.Email, ToName: r.Name(), Language: r.Language, Zone: m.Zone, Reach: reach,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Title: m.Title, Place: m.Place, Online: m.Link, At: m.StartsAt, Ends: m.EndsAt, Body: m.Purpose}}
	switch {
	case recap:
		l.Template, l.Data.Body, l.Data.Sections = mail.MeetingRecap, m.Recap, came.sections(c, r)
	case method == calendar.Cancel && m.State == convening.Cancelled:
		l.Template, l.Data.Body = mail.MeetingCancelled, m.Reason
	case method == calendar.Cancel:
		l.Template, l.Data.Body = mail.MeetingNotYours, ""
	case t.method == calendar.Request:
		l.Template = mail.MeetingChanged
	}
	var err error
	if !recap && method == calendar.Request {
		if l.Data.Link, err = s.access.NewLetterLink(c, access.ReplyToMeeting, access.PathReply, t.id, r.Email, m.EndsAt.Add(linkServes)); err != nil {
			return err
		}
	}
	if l.Stop, err = s.access.StopLink(c.Collaborative.ID, r.Email, letters.Meetings); err != nil {
		return err
	}
	if !recap {
		e := s.Event(c.Collaborative, m)
		l.Invite = &access.Invite{Method: string(method), UID: e.UID, Sequence: m.Sequence, Stamp: c.Now, Status: string(e.Status), Title: e.Summary, About: e.Description, Place: e.Location,
			Page: l.Data.Link, Zone: m.Zone, Starts: m.StartsAt, Ends: m.EndsAt}
		if method == calendar.Cancel {
			l.Invite.Status = string(calendar.Cancelled)
		}
		t.method, t.sequence = method, m.Sequence
	} else {
		t.recap = c.Now
	}
	t.letters++
	access.PostOnce(c, l, "meeting-letter:"+t.id.String()+":"+strconv.FormatInt(t.letters, 10))
	if t.fresh {
		_, err = c.Tx.Exec(`INSERT INTO meeting_letters (collaborative_id, id, meeting_id, person_id, method, sequence, letters, told_at, recap_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			t.id, m.ID, t.person, string(t.method), t.sequence, t.letters, store.Micros(c.Now), operation.DeletedMicros(operation.Instant(t.recap)))
		return err
	}
	return operation.Changed(c.Tx.Exec(`UPDATE meeting_letters SET method = $3, sequence = $4, letters = $5, told_at = $6, recap_at = $7 WHERE collaborative_id = $1 AND id = $2 AND letters = $5 - 1`,
		t.id, string(t.method), t.sequence, t.letters, store.Micros(c.Now), operation.DeletedMicros(operation.Instant(t.recap))))
}
