package attendance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Recusal says that somebody who is at a meeting takes no part in one item of its
// agenda, for they have an interest in it.
type Recusal struct {
	ItemID       convening.ItemID `json:"item_id"`
	Item         string           `json:"item" doc:"What the item is called."`
	EntryID      ID               `json:"entry_id" doc:"Their entry in the ledger."`
	Name         string           `json:"name"`
	Organization string           `json:"organization,omitempty"`
	RecusedAt    time.Time        `json:"recused_at"`

	person directory.PersonID
}

// Recusals lists who takes no part in which items. It tells who was there, and so it is
// for those who read the ledger; others learn of it from the recap.
var Recusals = operation.Define(operation.Operation[MeetingPart, operation.Page[Recusal]]{
	Definition: operation.Definition{ID: "recusals.list", Summary: "Lists who takes no part in which items of an agenda", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/recusals"},
	About:      func(in MeetingPart) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in MeetingPart) (operation.Page[Recusal], error) {
		m, err := convening.GetMeeting.Within(c, convening.MeetingRef{ID: in.MeetingID}) // also in the trash, as what was noted
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		there, err := ledger(c, m)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		all, err := recusalsAt(c, m, there)
		return operation.Whole(all), err
	},
})

// recusalsAt are the recusals of those who are there, by the ledger of a meeting, in the
// order of its agenda. An entry that was taken out, by a host or because two records
// became one, speaks for another entry of the same person.
func recusalsAt(c *operation.Call, m convening.Meeting, there []Attendance) ([]Recusal, error) {
	noted, err := store.Collect(c.Tx, func(row store.Row) (Recusal, error) {
		var r Recusal
		return r, row.Scan(&r.ItemID, &r.EntryID, &r.person, store.ScanTime(&r.RecusedAt))
	}, `SELECT recusals.item_id, recusals.attendance_id, attendances.person_id, recusals.created_at
		FROM recusals JOIN attendances ON attendances.collaborative_id = $1 AND attendances.id = recusals.attendance_id
		WHERE recusals.collaborative_id = $1 AND recusals.meeting_id = $2 ORDER BY recusals.created_at, recusals.attendance_id`, m.ID)
	if err != nil || len(noted) == 0 {
		return nil, err
	}
	agenda, err := convening.ListItems.Within(c, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return nil, err
	}
	place := map[convening.ItemID]int{}
	for k, i := range agenda.Items {
		place[i.ID] = k
	}
	var out []Recusal
	for _, r := range noted {
		k, on := place[r.ItemID]
		if !on {
			continue // taken off the agenda; it comes back with the item
		}
		r.Item = agenda.Items[k].Title
		at := slices.IndexFunc(there, func(a Attendance) bool {
			return a.ID == r.EntryID || !r.person.IsZero() && a.PersonID == r.person
		})
		if at < 0 {
			continue
		}
		a := there[at]
		r.EntryID, r.Name, r.Organization, r.person = a.ID, a.Name, a.Organization, a.PersonID
		if !slices.ContainsFunc(out, func(o Recusal) bool { return o.ItemID == r.ItemID && o.EntryID == r.EntryID }) {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Recusal) int { return place[a.ItemID] - place[b.ItemID] })
	return out, nil
}

// RecuseInput notes recusals from one item. It says who changes, and so two hosts do not
// take back what the other noted.
type RecuseInput struct {
	MeetingID MeetingID        `json:"meeting_id"`
	ItemID    convening.ItemID `json:"item_id" required:"true"`
	Recuse    []ID             `json:"recuse,omitempty" maxItems:"500" doc:"Entries of those who take no part in the item."`
	Return    []ID             `json:"return,omitempty" maxItems:"500" doc:"Entries of those who take part in it after all."`
}

// recused is what the history tells of it: the item and who takes no part in it.
type recused struct {
	Recused string `json:"recused"`
}

// Recuse notes who takes no part in an item of an agenda, and who does after all.
var Recuse = operation.Define(operation.Operation[RecuseInput, operation.Page[Recusal]]{
	Definition: operation.Definition{ID: "recusals.set", Summary: "Notes who takes no part in an item of an agenda", Method: "POST", Path: "/meetings/{meeting_id}/recusals"},
	About:      func(in RecuseInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in RecuseInput) (operation.Page[Recusal], error) {
		m, err := convening.MeetingOf(c, in.MeetingID)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		if err := convening.ItemOfMeeting(c, m.ID, in.ItemID); err != nil {
			return operation.Page[Recusal]{}, err
		}
		before, err := recusedFrom(c, m, in.ItemID)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		undo := RecuseInput{MeetingID: m.ID, ItemID: in.ItemID}
		for _, i := range in.Recuse {
			a, err := get(c, i)
			if err == nil && (a.MeetingID != m.ID || a.DeletedAt != nil) {
				err = operation.Missing()
			}
			if err != nil {
				return operation.Page[Recusal]{}, err
			}
			if slices.ContainsFunc(before, func(r Recusal) bool { return r.EntryID == i }) {
				continue
			}
			if _, err := c.Tx.Exec(`INSERT INTO recusals (collaborative_id, meeting_id, item_id, attendance_id, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
				m.ID, in.ItemID, i, store.Micros(c.Now)); err != nil {
				return operation.Page[Recusal]{}, err
			}
			undo.Return = append(undo.Return, i)
		}
		for _, i := range in.Return {
			n, err := c.Tx.Exec(`DELETE FROM recusals WHERE collaborative_id = $1 AND meeting_id = $2 AND item_id = $3 AND attendance_id IN
				(SELECT said.id FROM attendances AS said JOIN attendances AS meant ON meant.collaborative_id = $1 AND meant.id = $4
					WHERE said.collaborative_id = $1 AND said.meeting_id = $2 AND (said.id = meant.id OR said.person_id = meant.person_id))`, m.ID, in.ItemID, i)
			if err != nil {
				return operation.Page[Recusal]{}, err
			}
			if n > 0 && slices.ContainsFunc(before, func(r Recusal) bool { return r.EntryID == i }) {
				undo.Recuse = append(undo.Recuse, i)
			}
		}
		after, err := recusedFrom(c, m, in.ItemID)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		if len(undo.Recuse)+len(undo.Return) == 0 {
			c.Continue()
			return operation.Whole(after), nil
		}
		c.Changed(m.Subject(), m.Name(), m.Version, told(before), told(after))
		c.UndoWith("recusals.set", undo)
		return operation.Whole(after), nil
	},
})

// recusedFrom are those who take no part in an item.
func recusedFrom(c *operation.Call, m convening.Meeting, i convening.ItemID) ([]Recusal, error) {
	there, err := ledger(c, m)
	if err != nil {
		return nil, err
	}
	all, err := recusalsAt(c, m, there)
	return slices.DeleteFunc(all, func(r Recusal) bool { return r.ItemID != i }), err
}

// told are the recusals from one item as the history tells them.
func told(all []Recusal) recused {
	if len(all) == 0 {
		return recused{}
	}
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
	}
	return recused{all[0].Item + ": " + strings.Join(names, ", ")}
}

// OwnRecusal is a recusal as whoever was recused reads it.
type OwnRecusal struct {
	MeetingID MeetingID        `json:"meeting_id"`
	Meeting   string           `json:"meeting"`
	On        string           `json:"on" doc:"Day of the meeting."`
	ItemID    convening.ItemID `json:"item_id"`
	Item      string           `json:"item" doc:"What the item is called."`
	RecusedAt time.Time        `json:"recused_at"`
}

// OwnRecusals is every recusal of a person, for those who may read all that is on record
// about them. It checks no permission.
func OwnRecusals(c *operation.Call, person directory.PersonID) ([]OwnRecusal, error) {
	all, err := store.Collect(c.Tx, func(row store.Row) (r OwnRecusal, err error) {
		return r, row.Scan(&r.MeetingID, &r.Meeting, &r.On, &r.ItemID, &r.Item, store.ScanTime(&r.RecusedAt))
	}, `SELECT meetings.id, meetings.title, meetings.held_on, agenda_items.id, agenda_items.title, recusals.created_at FROM attendances
		JOIN recusals ON recusals.collaborative_id = $1 AND recusals.attendance_id = attendances.id
		JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = recusals.meeting_id
		JOIN agenda_items ON agenda_items.collaborative_id = $1 AND agenda_items.id = recusals.item_id
		WHERE attendances.collaborative_id = $1 AND attendances.person_id = $2`, person)
	slices.SortFunc(all, func(a, b OwnRecusal) int {
		return cmp.Or(a.RecusedAt.Compare(b.RecusedAt), strings.Compare(a.ItemID.String(), b.ItemID.String()))
	})
	return all, err
}
