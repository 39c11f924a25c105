// Package letters keeps what holds for the letters a collaborative sends of its own
// accord, such as invitations: to which addresses which of them do not go, when none
// go, and what they say.
package letters

import (
	"cmp"
	"context"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// The kinds of letters that whoever gets them can end by themselves, by catalogue
// key "letter_reaches.…".
const (
	Meetings  = "meetings"  // invitations, changes, recaps
	Digests   = "digests"   // what is due, once a week
	Reminders = "reminders" // of one thing that is due
	Surveys   = "surveys"   // invitations to surveys, and reminders of them
)

// Reaches lists them.
var Reaches = []string{Meetings, Digests, Reminders, Surveys}

// Promised is what a letter is about that calls off what its reader said yes to. It
// goes also to those who ended letters: they would stand before a closed door. Only
// an address that cannot be reached, that complained, or that the backbone entered
// for all letters gets none.
const Promised = "promised"

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{List, Add, Remove, stop, GetRules, EditRules, ListTexts, GetTexts, EditText, ResetText, PreviewText, TestText}
}

// Service reads the links in letters.
type Service struct{ access *access.Service }

// New makes the service.
func New(a *access.Service) *Service { return &Service{a} }

// Stopping is what a link ends: letters of a kind from a collaborative to an address.
type Stopping struct {
	Place operation.Collaborative
	Email string
	Kind  string
}

// Look tells which letters a link ends, without ending them.
func (s *Service) Look(ctx context.Context, secret string) (Stopping, error) {
	i, email, kind, err := s.access.Stopping(secret)
	if err != nil {
		return Stopping{}, err
	}
	out := Stopping{Email: email, Kind: cmp.Or(kind, Meetings)}
	out.Place, err = s.access.Place(ctx, i)
	return out, err
}

// Stop ends the letters of the kind the link is of, or all of them. Doing it again
// changes nothing.
func (s *Service) Stop(ctx context.Context, door *operation.Door, secret string, all bool) (Stopping, error) {
	// Mail programs end letters from a few addresses of their providers, so only
	// what was never sent counts as a guess.
	what, err := s.Look(ctx, secret)
	if err != nil {
		if limit := s.access.TakeTask(ctx); limit != nil {
			err = limit
		}
		return what, err
	}
	in := stopInput{Email: what.Email, Reason: Unsubscribed, Reach: []string{what.Kind}}
	if all {
		in.Reach = nil
	}
	_, err = stop.Do(operation.WithCollaborative(ctx, what.Place), door, in)
	return what, err
}

// Refused records that a mail server refused an address for good.
func Refused(ctx context.Context, door *operation.Door, place operation.Collaborative, email, said string) error {
	said = i18n.CleanLine(said)
	if runes := []rune(said); len(runes) > 300 {
		said = string(runes[:300])
	}
	return record(ctx, door, place, stopInput{Email: email, Reason: Bounced, Detail: said})
}

// ComplainedOf records that whoever reads an address called a letter unwanted.
func ComplainedOf(ctx context.Context, door *operation.Door, place operation.Collaborative, email string) error {
	return record(ctx, door, place, stopInput{Email: email, Reason: Complained})
}

func record(ctx context.Context, door *operation.Door, place operation.Collaborative, in stopInput) error {
	_, err := stop.Do(operation.WithCollaborative(operation.WithActor(ctx, operation.System()), place), door, in)
	return err
}
