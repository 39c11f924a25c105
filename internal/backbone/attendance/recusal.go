package attendance

import (
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
	EntryID      ID               `json:"entry_id" doc:"Their entry in the ledger."`
	Name         string           `json:"name"`
	Organization string           `json:"organization,omitempty"`
	RecusedAt    time.Time        `json:"recused_at"`

	person directory.PersonID
}

// Recusals lists who takes no part in which items. Whoever reads the agenda reads it:
// recusals stand in the minutes.
var Recusals = operation.Define(operation.Operation[MeetingPart, operation.Page[Recusal]]{
	Definition: operation.Definition{ID: "recusals.list", Summary: "Lists who takes no part in which items of an agenda", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/recusals"},
	Run: func(c *operation.Call, in MeetingPart) (operation.Page[Recusal], error) {
		agenda, err := convening.ListItems.Within(c, convening.MeetingPart{MeetingID: in.MeetingID})
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		all, err := recusalsAt(c, in.MeetingID)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		place := map[convening.ItemID]int{}
		for k, i := range agenda.Items {
			place[i.ID] = k
		}
		// Those of items that were taken off the agenda come back with them.
		all = slices.DeleteFunc(all, func(r Recusal) bool { _, on := place[r.ItemID]; return !on })
		slices.SortStableFunc(all, func(a, b Recusal) int { return place[a.ItemID] - place[b.ItemID] })
		return operation.Whole(all), nil
	},
})

// recusalsAt are the recusals of those who are in the ledger of a meeting, in the order
// they were noted. An entry that was taken out, by a host or because two records became
// one, speaks for another entry of the same person.
func recusalsAt(c *operation.Call, m MeetingID) ([]Recusal, error) {
	noted, err := store.Collect(c.Tx, func(row store.Row) (Recusal, error) {
		var r Recusal
		return r, row.Scan(&r.ItemID, &r.EntryID, &r.person, store.ScanTime(&r.RecusedAt))
	}, `SELECT recusals.item_id, recusals.attendance_id, attendances.person_id, recusals.created_at
		FROM recusals JOIN attendances ON attendances.collaborative_id = $1 AND attendances.id = recusals.attendance_id
		WHERE recusals.collaborative_id = $1 AND recusals.meeting_id = $2 ORDER BY recusals.created_at, recusals.attendance_id`, m)
	if err != nil || len(noted) == 0 {
		return nil, err
	}
	there, err := store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND attendances.meeting_id = $2 AND attendances.deleted_at IS NULL`, m)
	if err != nil {
		return nil, err
	}
	var out []Recusal
	for _, r := range noted {
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

// recused is what the history tells of it.
type recused struct {
	Item    string `json:"item"`
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
		before, err := recusedFrom(c, in)
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
		after, err := recusedFrom(c, in)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		if len(undo.Recuse)+len(undo.Return) == 0 {
			c.Continue()
			return operation.Whole(after), nil
		}
		title, err := convening.ItemTitle(c, in.ItemID)
		if err != nil {
			return operation.Page[Recusal]{}, err
		}
		c.Changed(m.Subject(), m.Name(), m.Version, recused{title, names(before)}, recused{title, names(after)})
		c.UndoWith("recusals.set", undo)
		return operation.Whole(after), nil
	},
})

// recusedFrom are those who take no part in the item that is named.
func recusedFrom(c *operation.Call, in RecuseInput) ([]Recusal, error) {
	all, err := recusalsAt(c, in.MeetingID)
	return slices.DeleteFunc(all, func(r Recusal) bool { return r.ItemID != in.ItemID }), err
}

func names(all []Recusal) string {
	var out []string
	for _, r := range all {
		out = append(out, r.Name)
	}
	return strings.Join(out, ", ")
}
