package attendance

import (
	"errors"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// personalCode is the purpose of codes that people show at a door.
const personalCode = "personal"

// PersonalCode is what somebody shows to be checked in by a host.
type PersonalCode struct {
	PersonID  directory.PersonID `json:"person_id" audit:"-"`
	Code      string             `json:"code" audit:"secret" doc:"Absent until one was made."`
	CreatedAt *time.Time         `json:"created_at,omitempty" audit:"-"`
}

// CodeInput names a person.
type CodeInput struct {
	PersonID directory.PersonID `json:"person_id"`
}

// ScanInput is a code that was scanned or typed.
type ScanInput struct {
	MeetingID MeetingID `json:"meeting_id"`
	Code      string    `json:"code" required:"true" maxLength:"200" text:"raw" doc:"What the code holds, or as it was typed."`
}

func (s *Service) defineCodes() {
	about := func(in CodeInput) operation.Subject {
		return operation.Subject{Kind: directory.PersonKind, ID: in.PersonID}
	}
	s.GetCode = operation.Define(operation.Operation[CodeInput, PersonalCode]{
		Definition: operation.Definition{ID: "personal-codes.get", Summary: "Shows the code that somebody shows at a door", ReadOnly: true, Method: "GET", Path: "/people/{person_id}/code"},
		About:      about, Run: getCode,
	})
	s.ReplaceCode = operation.Define(operation.Operation[CodeInput, PersonalCode]{
		Definition: operation.Definition{ID: "personal-codes.replace", Summary: "Makes somebody a new code to show at doors; an old one stops at once", Method: "PUT", Path: "/people/{person_id}/code"},
		About:      about, Run: s.replaceCode,
	})
	s.Scan = operation.Define(operation.Operation[ScanInput, Attendance]{
		Definition: operation.Definition{ID: "attendance.scan", Summary: "Enters whoever shows their personal code", Method: "POST", Path: "/meetings/{meeting_id}/attendance/scan"},
		About:      func(in ScanInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) }, Run: s.scan,
	})
}

// sealedCode is the purpose of sealed personal codes, which move with a merge.
const sealedCode = "personal code"

func getCode(c *operation.Call, in CodeInput) (PersonalCode, error) {
	out := PersonalCode{PersonID: in.PersonID}
	if _, live, err := directory.PersonName(c, in.PersonID); err != nil || !live {
		return out, orMissing(err)
	}
	var at time.Time
	sealed, err := store.One(c.Tx, func(row store.Row) (b []byte, err error) { return b, row.Scan(&b, store.ScanTime(&at)) },
		`SELECT code_sealed, created_at FROM personal_codes WHERE collaborative_id = $1 AND person_id = $2`, in.PersonID)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if code, err := c.Secrets().Open(sealedCode, sealed); err == nil {
		out.Code, out.CreatedAt = string(code), &at
	}
	return out, nil
}

func orMissing(err error) error {
	if err == nil {
		return operation.Missing()
	}
	return err
}

func (s *Service) replaceCode(c *operation.Call, in CodeInput) (PersonalCode, error) {
	name, live, err := directory.PersonName(c, in.PersonID)
	if err != nil || !live {
		return PersonalCode{}, orMissing(err)
	}
	now := c.Now
	out := PersonalCode{PersonID: in.PersonID, Code: access.NewCode(), CreatedAt: &now}
	sealed, err := c.Secrets().Seal(sealedCode, []byte(out.Code))
	if err != nil {
		return out, err
	}
	if _, err := c.Tx.Exec(`INSERT INTO personal_codes (collaborative_id, person_id, code_mark, code_sealed, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (collaborative_id, person_id) DO UPDATE SET code_mark = excluded.code_mark, code_sealed = excluded.code_sealed, created_at = excluded.created_at`,
		in.PersonID, s.access.CodeMark(personalCode, out.Code), sealed, store.Micros(now)); err != nil {
		return out, err
	}
	c.Changed(operation.Subject{Kind: CodeKind, ID: in.PersonID}, name, 1, nil, out)
	return out, nil
}

// scan enters the person of a code. Somebody who is not expected is entered too:
// the host saw them.
func (s *Service) scan(c *operation.Call, in ScanInput) (Attendance, error) {
	m, err := convening.MeetingOf(c, in.MeetingID)
	if err != nil {
		return Attendance{}, err
	}
	unknown := operation.InvalidField("code", "attendance.code_unknown")
	code := access.TidyCode(in.Code)
	if code == "" {
		return Attendance{}, unknown
	}
	person, err := store.Value[directory.PersonID](c.Tx, `SELECT person_id FROM personal_codes WHERE collaborative_id = $1 AND code_mark = $2`, s.access.CodeMark(personalCode, code))
	if errors.Is(err, store.ErrNotFound) {
		return Attendance{}, unknown
	}
	if err != nil {
		return Attendance{}, err
	}
	if _, live, err := directory.PersonName(c, person); err != nil || !live {
		if err == nil {
			err = unknown
		}
		return Attendance{}, err
	}
	now := c.Now
	a, err := enter(c, m, nil, Input{MeetingID: m.ID, PersonID: person, Source: FromHost, JoinedAt: &now})
	if err != nil {
		return a, err
	}
	if !a.fresh {
		c.Continue()
	}
	fresh := a.fresh
	a, err = withSeat(c, m, a)
	a.fresh = fresh
	return a, err
}
