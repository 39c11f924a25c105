// Package convening holds the meetings of a collaborative: series and meetings,
// their agendas, who is expected, what is prepared before them and what was noted
// in them. It stands on the directory.
package convening

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The kinds of subject this package owns.
const (
	MeetingKind     = "meeting"
	SeriesKind      = "meeting-series"
	ItemKind        = "agenda-item"
	PreparationKind = "preparation"
	ChecklistKind   = "checklist"
	CaptureKind     = "capture"
)

// SeeReplies is the right to see who is expected and what they answered, of every
// meeting; others see it of the bodies they chair.
const SeeReplies = "meetings.see-replies"

// Rights lists the permissions that are no operations.
var Rights = []string{SeeReplies}

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{
		ListMeetings, GetMeeting, CreateMeeting, EditMeeting, StepMeeting, TrashMeeting, RestoreMeeting, EditSeveral, ExportMeetings,
		ListSeries, GetSeries, CreateSeries, EditSeries, TrashSeries, RestoreSeries, ExtendSeries,
		ListItems, AddItem, EditItem, TrashItem, RestoreItem, OrderItems, CarryItems,
		ListPeople, SetPerson, Reply,
		ListPreparations, AddPreparation, EditPreparation, TrashPreparation, RestorePreparation, UseChecklist,
		ListChecklists, GetChecklist, CreateChecklist, EditChecklist, TrashChecklist, RestoreChecklist,
		ListCaptures, AddCapture, EditCapture, TrashCapture, RestoreCapture,
	}
}

// Relations judges the relations to meetings beside those the directory knows: a
// meeting is that of whoever chairs its body, or has a part in it.
type Relations struct{ directory.Relations }

// Holds implements operation.Relations.
func (r Relations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	if grant != operation.OwnGroup || s.Kind != MeetingKind {
		return r.Relations.Holds(c, grant, s)
	}
	if c.Actor.Person.IsZero() || c.Tx == nil {
		return false, nil
	}
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM meeting_people WHERE collaborative_id = $1 AND meeting_id = $2 AND person_id = $3 AND part <> ''`, s.ID[:], c.Actor.Person)
	if err != nil || n > 0 {
		return n > 0, err
	}
	m, err := getMeeting(c, MeetingID(s.ID))
	if err != nil || m.BodyID.IsZero() {
		return false, operation.IgnoreMissing(err)
	}
	return r.Relations.Holds(c, grant, operation.Subject{Kind: directory.BodyKind, ID: m.BodyID})
}
