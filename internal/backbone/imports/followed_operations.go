package imports

import (
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/outbound"
	"commontable/internal/platform/store"
)

// FollowKind is the kind of background work that reads a followed calendar.
const FollowKind = "imports.follow"

// FollowJob is the payload of that work.
type FollowJob struct {
	Followed FollowedID `json:"followed"`
}

// followedOperations lists what can be done with calendars elsewhere.
func followedOperations() []operation.Any {
	return []operation.Any{ListFollowed, GetFollowed, FollowCalendar, EditFollowed, ReadFollowed, KeepGone, EndFollowed, followedAddress, followedOf, noteFollowed}
}

// FollowedRef names a followed calendar.
type FollowedRef struct {
	ID FollowedID `json:"id"`
}

// FollowedVersion names one version of it.
type FollowedVersion struct {
	ID      FollowedID `json:"id"`
	Version int64      `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// FollowedList are the calendars that are followed, at most fifty.
type FollowedList struct {
	Items []Followed `json:"items"`
}

// ListFollowed lists the calendars that are followed, by name.
var ListFollowed = operation.Define(operation.Operation[operation.None, FollowedList]{
	Definition: operation.Definition{ID: "followed-calendars.list", Summary: "Lists the calendars elsewhere that are read again and again", ReadOnly: true, Method: "GET", Path: "/followed-calendars"},
	Run: func(c *operation.Call, _ operation.None) (FollowedList, error) {
		all, err := store.Collect(c.Tx, scanFollowed, followedText+` ORDER BY followed_calendars.id LIMIT 50`)
		if err == nil && len(all) > 0 {
			err = gone(c, all)
		}
		return FollowedList{all}, err
	},
})

// GetFollowed reads one of them.
var GetFollowed = operation.Define(operation.Operation[FollowedRef, Followed]{
	Definition: operation.Definition{ID: "followed-calendars.get", Summary: "Reads how it stands with a calendar that is followed", ReadOnly: true, Method: "GET", Path: "/followed-calendars/{id}"},
	Run: func(c *operation.Call, in FollowedRef) (Followed, error) {
		f, err := getFollowed(c, in.ID)
		if err != nil {
			return f, err
		}
		one := []Followed{f}
		err = gone(c, one)
		return one[0], err
	},
})

// FollowedInput is a calendar to follow.
type FollowedInput struct {
	Name    string           `json:"name" required:"true" maxLength:"200"`
	Address string           `json:"address" required:"true" text:"raw" maxLength:"2000" doc:"Of an iCalendar file or feed: https, http or webcal."`
	BodyID  directory.BodyID `json:"body_id,omitempty" doc:"Whose meetings it holds; found out from each event when absent."`
	BySelf  bool             `json:"by_itself,omitempty" doc:"Brings what is new without asking, once somebody has looked at a first version."`
}

// FollowCalendar begins to follow a calendar. It is read in the background at once.
var FollowCalendar = operation.Define(operation.Operation[FollowedInput, Followed]{
	Definition: operation.Definition{ID: "followed-calendars.follow", Summary: "Reads a calendar elsewhere again and again", Secret: true, Method: "POST", Path: "/followed-calendars"},
	Validate:   func(in *FollowedInput, faults *operation.Faults) { checkAddress(in.Address, faults) },
	Run: func(c *operation.Call, in FollowedInput) (Followed, error) {
		f := Followed{ID: id.New[Followed](), Name: i18n.CleanLine(in.Name), BodyID: in.BodyID, BySelf: in.BySelf, By: c.Actor.Name, NextAt: c.Now, Version: 1, account: c.Actor.Account}
		if err := mayBring(c, calendarKind); err != nil {
			return f, err
		}
		n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM followed_calendars WHERE collaborative_id = $1`)
		if err != nil {
			return f, err
		}
		if n >= mostFollowed {
			return f, operation.InvalidField("address", "errors.followed_many", map[string]any{"Most": mostFollowed})
		}
		if err := f.readFrom(c, in.Address); err != nil {
			return f, err
		}
		if err := f.checkBody(c); err != nil {
			return f, err
		}
		if err := insertFollowed(c, f); err != nil {
			return f, err
		}
		c.Changed(f.Subject(), f.Name, f.Version, nil, f)
		c.Enqueue(operation.Later{Kind: FollowKind, Payload: FollowJob{f.ID}})
		return f, nil
	},
})

func checkAddress(address string, faults *operation.Faults) {
	if _, err := outbound.Address(address); address != "" && err != nil {
		faults.Add("address", "followed.fault_bad_address")
	}
}

// readFrom sets where a calendar lies. What was known of another place counts no more.
func (f *Followed) readFrom(c *operation.Call, address string) error {
	u, err := outbound.Address(address)
	if err != nil {
		return operation.InvalidField("address", "followed.fault_bad_address")
	}
	f.Host = u.Hostname()
	f.known, f.digest, f.Problem, f.Failures = outbound.Known{}, "", nil, 0
	f.address, err = c.Secrets().Seal(sealedFollowed, []byte(u.String()))
	return err
}

// checkBody refuses a body that is not there, and reads its name.
func (f *Followed) checkBody(c *operation.Call) error {
	f.Body = ""
	if f.BodyID.IsZero() {
		return nil
	}
	b, err := directory.GetBody.Within(c, directory.BodyRef{ID: f.BodyID})
	if operation.KindOf(operation.Translate(err)) == operation.NotFound || err == nil && b.DeletedAt != nil {
		return operation.InvalidField("body_id", "errors.not_offered")
	}
	f.Body = b.Name
	return err
}

// FollowedPatch changes how a calendar is followed.
type FollowedPatch struct {
	ID      FollowedID        `json:"id"`
	Version int64             `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name    *string           `json:"name,omitempty" minLength:"1" maxLength:"200"`
	Address *string           `json:"address,omitempty" text:"raw" maxLength:"2000" doc:"Another address; the one before stays when it is absent or empty."`
	BodyID  *directory.BodyID `json:"body_id,omitempty"`
	BySelf  *bool             `json:"by_itself,omitempty"`
}

// EditFollowed changes how a calendar is followed; from then on it is read by the right of
// whoever changed it.
var EditFollowed = operation.Define(operation.Operation[FollowedPatch, Followed]{
	Definition: operation.Definition{ID: "followed-calendars.edit", Summary: "Changes how a calendar is followed", Secret: true, Method: "PATCH", Path: "/followed-calendars/{id}"},
	Validate: func(in *FollowedPatch, faults *operation.Faults) {
		if in.Address != nil {
			checkAddress(*in.Address, faults)
		}
	},
	Run: func(c *operation.Call, in FollowedPatch) (Followed, error) {
		f, err := followedAt(c, in.ID, in.Version)
		if err != nil {
			return f, err
		}
		if err := mayBring(c, calendarKind); err != nil {
			return f, err
		}
		before := f
		if in.Name != nil {
			f.Name = i18n.CleanLine(*in.Name)
		}
		if in.BySelf != nil {
			f.BySelf = *in.BySelf
		}
		if in.BodyID != nil {
			f.BodyID = *in.BodyID
		}
		if in.Address != nil && strings.TrimSpace(*in.Address) != "" {
			if err := f.readFrom(c, *in.Address); err != nil {
				return f, err
			}
			f.NextAt = c.Now
			c.Enqueue(operation.Later{Kind: FollowKind, Payload: FollowJob{f.ID}})
		}
		if err := f.checkBody(c); err != nil {
			return f, err
		}
		f.account, f.By = c.Actor.Account, c.Actor.Name
		f.Version++
		if err := saveFollowed(c, f); err != nil {
			return f, err
		}
		c.Changed(f.Subject(), f.Name, f.Version, before, f)
		return f, nil
	},
})

// followedAt reads a calendar at a version.
func followedAt(c *operation.Call, i FollowedID, version int64) (Followed, error) {
	f, err := getFollowed(c, i)
	if err == nil && f.Version != version {
		err = operation.Stale(f)
	}
	return f, err
}

// ReadFollowed reads a calendar now, in the background.
var ReadFollowed = operation.Define(operation.Operation[FollowedRef, Followed]{
	Definition: operation.Definition{ID: "followed-calendars.read", Summary: "Reads a calendar that is followed now, in the background", Method: "POST", Path: "/followed-calendars/{id}/read"},
	Limit:      func(FollowedRef) string { return Limit },
	Run: func(c *operation.Call, in FollowedRef) (Followed, error) {
		f, err := getFollowed(c, in.ID)
		if err != nil {
			return f, err
		}
		c.Continue()
		f.NextAt = c.Now
		c.Enqueue(operation.Later{Kind: FollowKind, Payload: FollowJob{f.ID}})
		return f, saveFollowed(c, f)
	},
})

// GoneInput names an event that stands in its calendar no more.
type GoneInput struct {
	ID  FollowedID `json:"id"`
	UID string     `json:"uid" required:"true" text:"raw" maxLength:"2000"`
}

// KeepGone keeps a meeting whose event stands in its calendar no more, and says no more of it.
var KeepGone = operation.Define(operation.Operation[GoneInput, Followed]{
	Definition: operation.Definition{ID: "followed-calendars.keep", Summary: "Keeps a meeting that stands in its calendar no more", Method: "POST", Path: "/followed-calendars/{id}/keep"},
	Run: func(c *operation.Call, in GoneInput) (Followed, error) {
		f, err := getFollowed(c, in.ID)
		if err != nil {
			return f, err
		}
		n, err := c.Tx.Exec(`DELETE FROM followed_events WHERE collaborative_id = $1 AND followed_id = $2 AND uid = $3 AND reading < $4`, f.ID, in.UID, f.reading)
		if err != nil {
			return f, err
		}
		if n == 0 {
			return f, operation.Missing()
		}
		c.Changed(f.Subject(), f.Name, f.Version, nil, nil)
		return f, nil
	},
})

// EndFollowed follows a calendar no more. What it brought stays.
var EndFollowed = operation.Define(operation.Operation[FollowedVersion, operation.None]{
	Definition: operation.Definition{ID: "followed-calendars.end", Summary: "Follows a calendar no more; what it brought stays", Method: "DELETE", Path: "/followed-calendars/{id}"},
	Run: func(c *operation.Call, in FollowedVersion) (operation.None, error) {
		f, err := followedAt(c, in.ID, in.Version)
		if err != nil {
			return operation.None{}, err
		}
		if _, err := c.Tx.Exec(`DELETE FROM followed_events WHERE collaborative_id = $1 AND followed_id = $2`, f.ID); err != nil {
			return operation.None{}, err
		}
		_, err = c.Tx.Exec(`DELETE FROM followed_calendars WHERE collaborative_id = $1 AND id = $2`, f.ID)
		c.Changed(f.Subject(), f.Name, f.Version+1, f, nil)
		return operation.None{}, err
	},
})

// followedPlace is where a calendar lies and what is known of it.
type followedPlace struct {
	followed Followed
	address  string
}

// followedAddress reads where a calendar lies, for background work alone.
var followedAddress = operation.Define(operation.Operation[FollowedRef, followedPlace]{
	Definition: operation.Definition{ID: "followed-calendars.address", Summary: "Reads the address of a followed calendar in the background", ReadOnly: true, Secret: true, BrowserOnly: "for background work; the address is a secret"},
	Run: func(c *operation.Call, in FollowedRef) (followedPlace, error) {
		f, err := getFollowed(c, in.ID)
		if err != nil {
			return followedPlace{}, err
		}
		address, err := c.Secrets().Open(sealedFollowed, f.address)
		return followedPlace{f, string(address)}, err
	},
})

// followedNote is what reading a calendar came to.
type followedNote struct {
	ID   FollowedID
	note func(c *operation.Call, f *Followed) error
}

// noteFollowed notes what reading a calendar came to.
var noteFollowed = operation.Define(operation.Operation[followedNote, Followed]{
	Definition: operation.Definition{ID: "followed-calendars.note", Summary: "Notes in the background how reading a followed calendar went", Secret: true, BrowserOnly: "for background work, which begins by itself"},
	Run: func(c *operation.Call, in followedNote) (Followed, error) {
		f, err := getFollowed(c, in.ID)
		if err != nil {
			return f, err
		}
		c.Continue()
		if err := in.note(c, &f); err != nil {
			return f, err
		}
		return f, saveFollowed(c, f)
	},
})
