package attendance

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// What the code of a door finds.
const (
	DoorOpen   = "open"
	DoorEarly  = "early"
	DoorClosed = "closed"
)

// The states of whoever stands at the door.
const (
	NotIn     = ""
	InNow     = "in"      // checked in just now
	InAlready = "already" // was in before
)

// Whoever types their name at the door finds themselves among those expected, from
// so many letters on, and no more of them than fit on a phone: the code is no
// directory of anybody.
const (
	leastLetters = 3
	mostFound    = 8
)

// maxGuests bounds how many guests a code lets in, which anybody may hold.
const maxGuests = 500

// DoorView is what the page behind the code of a door shows.
type DoorView struct {
	State     string
	Title     string
	Body      string
	Place     string
	StartsAt  time.Time
	EndsAt    time.Time
	Zone      string
	OpensAt   time.Time
	MayOnline bool   // whether people may be there online
	In        string // in or already, after a check-in
	Name      string // of whoever checked in
}

// Choice is somebody to be picked at the door.
type Choice struct {
	ID    directory.PersonID
	Label string // their first name and the first letter of the other
	// Organization tells two of one name apart.
	Organization string
}

// Found are those expected whose names begin with what was typed.
type Found struct {
	Items []Choice
	// Short says that more letters are needed; More, that there are more than shown.
	Short, More bool
}

type doorInput struct {
	Link    access.LinkID `json:"link"`
	Meeting MeetingID     `json:"meeting"`
}

type findInput struct {
	doorInput
	Text string `json:"text" maxLength:"200"`
}

type checkInInput struct {
	doorInput
	CheckIn CheckIn `json:"check_in"`
}

// CheckIn is somebody who says that they are there.
type CheckIn struct {
	PersonID     directory.PersonID `json:"person_id"`
	Name         string             `json:"name" maxLength:"120" doc:"A guest's."`
	Organization string             `json:"organization" maxLength:"200"`
	Email        string             `json:"email" maxLength:"254" format:"email"`
	Consent      bool               `json:"consent" doc:"Whether a guest agrees that their name is kept."`
	Online       bool               `json:"online"`
}

func (s *Service) defineCheckIn() {
	const byCode = "whoever is in the room reads the code and checks in on the page it leads to"
	s.look = operation.Define(operation.Operation[doorInput, DoorView]{
		Definition: operation.Definition{ID: "check-in.open", Summary: "Shows what meeting a door's code is for", ReadOnly: true, BrowserOnly: byCode, Secret: true},
		Run: func(c *operation.Call, in doorInput) (DoorView, error) {
			view, _, err := atDoor(c, in)
			return view, err
		},
	})
	s.find = operation.Define(operation.Operation[findInput, Found]{
		Definition: operation.Definition{ID: "check-in.find", Summary: "Finds somebody among those expected at a meeting, at its door", ReadOnly: true, BrowserOnly: byCode, Secret: true},
		Run:        findAtDoor,
	})
	s.checkIn = operation.Define(operation.Operation[checkInInput, DoorView]{
		Definition: operation.Definition{ID: "check-in.enter", Summary: "Checks somebody in by the code of a meeting's door", BrowserOnly: byCode, Secret: true},
		Validate: func(in *checkInInput, faults *operation.Faults) {
			if !in.CheckIn.PersonID.IsZero() {
				return
			}
			if i18n.FoldKey(in.CheckIn.Name) == "" {
				faults.Add("name", "errors.required")
			}
			if !in.CheckIn.Consent {
				faults.Add("consent", "attendance.consent_needed")
			}
		},
		Run: checkIn,
	})
}

// Look tells what meeting a code is for.
func (s *Service) Look(ctx context.Context, door *operation.Door, code string) (operation.Collaborative, DoorView, error) {
	ctx, place, link, err := s.place(ctx, code)
	if err != nil {
		return place, DoorView{}, err
	}
	view, err := s.look.Do(ctx, door, doorInput{link.ID, link.Record})
	return place, view, err
}

// Find finds somebody among those expected.
func (s *Service) Find(ctx context.Context, door *operation.Door, code, text string) (Found, error) {
	ctx, _, link, err := s.place(ctx, code)
	if err != nil {
		return Found{}, err
	}
	return s.find.Do(ctx, door, findInput{doorInput{link.ID, link.Record}, text})
}

// Enter checks somebody in. Whoever is in already is told so.
func (s *Service) Enter(ctx context.Context, door *operation.Door, code string, in CheckIn) (operation.Collaborative, DoorView, error) {
	ctx, place, link, err := s.place(ctx, code)
	if err != nil {
		return place, DoorView{}, err
	}
	view, err := s.checkIn.Do(ctx, door, checkInInput{doorInput{link.ID, link.Record}, in})
	return place, view, err
}

// atDoor reads the meeting behind a code, and whether its door is open now.
func atDoor(c *operation.Call, in doorInput) (DoorView, convening.Meeting, error) {
	dead := operation.Refuse(operation.NotFound, "access.link_dead")
	m, err := convening.MeetingOf(c, in.Meeting)
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return DoorView{}, m, dead
	}
	if err != nil {
		return DoorView{}, m, err
	}
	d, there, err := doorOf(c, m.ID)
	if err == nil && (!there || d.link != in.Link) {
		err = dead // replaced or closed a moment ago
	}
	if err != nil {
		return DoorView{}, m, err
	}
	opens, closes := d.hours(m)
	view := DoorView{State: DoorOpen, Title: m.Title, Body: m.Body, Place: m.Place, StartsAt: m.StartsAt, EndsAt: m.EndsAt, Zone: m.Zone, OpensAt: opens, MayOnline: m.Mode != convening.Modes[0]}
	switch {
	case m.State == convening.Cancelled, c.Now.After(closes):
		view.State = DoorClosed
	case c.Now.Before(opens):
		view.State = DoorEarly
	}
	return view, m, nil
}

// initialed is what others may read of somebody: the first name, and one letter.
func initialed(given, family string) string {
	if r, _ := utf8.DecodeRuneInString(family); family != "" && given != "" {
		return given + " " + string(unicode.ToUpper(r)) + "."
	}
	if given != "" {
		return given
	}
	return family
}

// findAtDoor compares what was typed with the beginnings of the names of those who
// are expected, and of those who may stand in for them.
func findAtDoor(c *operation.Call, in findInput) (Found, error) {
	out := Found{Items: []Choice{}}
	view, m, err := atDoor(c, in.doorInput)
	if err != nil || view.State != DoorOpen {
		return out, err
	}
	words := i18n.Words(in.Text)
	if letters := utf8.RuneCountInString(strings.Join(words, "")); letters < leastLetters {
		out.Short = true
		return out, nil
	}
	candidates, err := candidatesAt(c, m)
	if err != nil {
		return out, err
	}
	for _, one := range candidates {
		if !fits(words, i18n.Words(one.name)) {
			continue
		}
		if len(out.Items) == mostFound {
			out.More = true
			break
		}
		out.Items = append(out.Items, Choice{one.id, initialed(one.given, one.family), one.organization})
	}
	return out, nil
}

// fits says whether each word that was typed begins another word of a name.
func fits(typed, name []string) bool {
	left := slices.Clone(name)
	for _, w := range typed {
		k := slices.IndexFunc(left, func(n string) bool { return strings.HasPrefix(n, w) })
		if k < 0 {
			return false
		}
		left = slices.Delete(left, k, k+1)
	}
	return true
}

// candidate is somebody whom the door of a meeting knows.
type candidate struct {
	id                  directory.PersonID
	name, given, family string
	organization        string
}

// candidatesAt are those who are expected at a meeting, and the alternates of those
// who hold a seat.
func candidatesAt(c *operation.Call, m convening.Meeting) ([]candidate, error) {
	expected, err := convening.ExpectedAt(c, m)
	if err != nil {
		return nil, err
	}
	var out []candidate
	known := map[directory.PersonID]bool{}
	for _, e := range expected {
		known[e.PersonID] = true
		out = append(out, candidate{id: e.PersonID, name: e.Person, organization: e.Organization})
	}
	for _, e := range expected {
		for _, a := range []struct {
			id   directory.PersonID
			name string
		}{{e.AlternateID, e.Alternate}, {e.StandInID, e.StandIn}} {
			if a.id.IsZero() || known[a.id] {
				continue
			}
			known[a.id] = true
			out = append(out, candidate{id: a.id, name: a.name, organization: e.Organization})
		}
	}
	for k := range out {
		out[k].given, out[k].family, _ = strings.Cut(out[k].name, " ")
	}
	return out, nil
}

// expectedAs says whether somebody is among those whom candidatesAt lists, and enters
// for whom and in which seat they come. It looks at this one person only, so that a
// hall full of people does not wait.
func expectedAs(c *operation.Call, m convening.Meeting, who directory.PersonID, a *Attendance) (bool, error) {
	a.PersonID = who
	term := func(person directory.PersonID) (standsIn, ok bool, err error) {
		if m.BodyID.IsZero() {
			return false, false, nil
		}
		t, standsIn, ok, err := directory.TermOn(c, m.BodyID, m.On, person)
		if ok {
			a.OrganizationID, a.standsIn = t.OrganizationID, t.SeatID
		}
		return standsIn, ok, err
	}
	standsIn, seated, err := term(who)
	if err != nil {
		return false, err
	}
	if seated && !standsIn {
		a.standsIn = directory.SeatID{}
		return true, nil
	}
	asked, insteadOf, err := convening.AskedTo(c, m.ID, who)
	if err != nil {
		return false, err
	}
	switch {
	case asked:
		a.standsIn, a.OrganizationID = directory.SeatID{}, directory.OrganizationID{}
		return true, nil
	case !insteadOf.IsZero():
		// Of those who do not hold a seat themselves nobody stands in.
		if theyStandIn, ok, err := term(insteadOf); err != nil || ok && !theyStandIn {
			return err == nil, err
		}
		a.standsIn, a.OrganizationID = directory.SeatID{}, directory.OrganizationID{}
		return true, nil
	}
	return seated, nil
}

// checkIn enters whoever stands at the door.
func checkIn(c *operation.Call, in checkInInput) (DoorView, error) {
	view, m, err := atDoor(c, in.doorInput)
	if err != nil {
		return view, err
	}
	if view.State != DoorOpen {
		c.Continue()
		return view, nil
	}
	now := c.Now
	a := Attendance{ID: id.New[Attendance](), MeetingID: m.ID, Presence: Here, Source: FromSelf, JoinedAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now}
	if in.CheckIn.Online && view.MayOnline || m.Mode == Online {
		a.Presence = Online
	}
	view.Name = in.CheckIn.Name
	if who := in.CheckIn.PersonID; !who.IsZero() {
		expected, err := expectedAs(c, m, who, &a)
		if err != nil {
			return view, err
		}
		if !expected {
			return view, operation.InvalidField("person_id", "attendance.not_expected")
		}
		name, _, err := directory.PersonName(c, who)
		if err != nil {
			return view, err
		}
		view.Name, _, _ = strings.Cut(name, " ")
	} else {
		n, err := guestsAt(c, m.ID)
		if err != nil {
			return view, err
		}
		if n >= maxGuests {
			return view, operation.InvalidField("name", "attendance.too_many_guests")
		}
		a.Name, a.organizationName, a.Email, a.ConsentedAt = in.CheckIn.Name, in.CheckIn.Organization, in.CheckIn.Email, &now
	}
	c.Actor.Name, c.Actor.Via = view.Name, operation.ViaLink
	a, err = put(c, m, nil, a)
	if err != nil {
		return view, err
	}
	view.In = InNow
	if !a.fresh {
		view.In = InAlready
		c.Continue()
	}
	return view, nil
}
