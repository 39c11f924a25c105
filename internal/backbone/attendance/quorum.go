package attendance

import (
	"slices"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Quorum is how many are at a meeting, and whether they are enough to decide.
type Quorum struct {
	Here          int64 `json:"here" doc:"In the room."`
	Online        int64 `json:"online"`
	Guests        int64 `json:"guests" doc:"Of both, those who are not on record."`
	Organizations int64 `json:"organizations" doc:"Represented by anybody."`
	Seats         int64 `json:"seats" doc:"Voting seats that somebody holds on that day."`
	Present       int64 `json:"present" doc:"Of these, whose holder or an alternate is there."`
	Needed        int64 `json:"needed" doc:"How many voting seats must be there; 0 when the body has no quorum."`
	Met           bool  `json:"met" doc:"Whether as many are there; true without a quorum."`
	// Items are those of the agenda from which somebody is recused. Whoever is recused is
	// there all the same, and whether they count towards a quorum the body's own rules
	// say; so both are told.
	Items []QuorumItem `json:"items,omitempty" doc:"Items of the agenda from which somebody is recused."`
}

// QuorumItem is who is left to decide one item of an agenda.
type QuorumItem struct {
	ItemID  convening.ItemID `json:"item_id"`
	Title   string           `json:"title"`
	Recused []string         `json:"recused" doc:"Names of those who take no part in it."`
	Present int64            `json:"present" doc:"Voting seats that are there without those who are recused."`
	Met     bool             `json:"met" doc:"Whether these alone would make the quorum."`
}

// GetQuorum counts who is at a meeting and compares with the quorum of its body.
var GetQuorum = operation.Define(operation.Operation[MeetingPart, Quorum]{
	Definition: operation.Definition{ID: "attendance.quorum", Summary: "Counts who is at a meeting, and says whether its body has a quorum", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/attendance/quorum"},
	About:      func(in MeetingPart) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in MeetingPart) (Quorum, error) {
		m, err := convening.MeetingOf(c, in.MeetingID)
		if err != nil {
			return Quorum{}, err
		}
		all, err := ledger(c, m)
		if err != nil {
			return Quorum{}, err
		}
		return quorumOf(c, m, all)
	},
})

func quorumOf(c *operation.Call, m convening.Meeting, all []Attendance) (Quorum, error) {
	q := Quorum{Met: true}
	organizations, present := map[string]bool{}, map[directory.SeatID][]ID{}
	people := map[directory.PersonID]ID{}
	items, from, err := recusedItems(c, m, all)
	if err != nil {
		return q, err
	}
	q.Items = items
	for _, a := range all {
		if !a.Counts {
			continue
		}
		if a.Presence == Online {
			q.Online++
		} else {
			q.Here++
		}
		if a.Guest() {
			q.Guests++
		}
		if a.Organization != "" {
			organizations[a.Organization] = true
		}
		if !a.standsIn.IsZero() {
			present[a.standsIn] = append(present[a.standsIn], a.ID)
		}
		if !a.Guest() {
			people[a.PersonID] = a.ID
		}
	}
	q.Organizations = int64(len(organizations))
	if m.BodyID.IsZero() {
		for k := range q.Items {
			q.Items[k].Met = true
		}
		return q, nil
	}
	held, err := directory.HeldOn(c, m.BodyID, m.On)
	if err != nil {
		return q, err
	}
	for _, s := range held {
		if !s.Voting {
			continue
		}
		q.Seats++
		sitting := present[s.ID]
		if holder, there := people[s.Term.PersonID]; there {
			sitting = append(sitting, holder)
		}
		if len(sitting) == 0 {
			continue
		}
		q.Present++
		for k := range q.Items {
			if slices.ContainsFunc(sitting, func(i ID) bool { return !from[q.Items[k].ItemID][i] }) {
				q.Items[k].Present++
			}
		}
	}
	body, err := directory.GetBody.Within(c, directory.BodyRef{ID: m.BodyID})
	if operation.KindOf(err) == operation.NotFound {
		return q, nil // it lies in the trash
	}
	if err != nil {
		return q, err
	}
	q.Needed = body.Quorum
	if body.QuorumUnit == directory.QuorumUnits[1] {
		q.Needed = (body.Quorum*q.Seats + 99) / 100
	}
	q.Met = q.Present >= q.Needed
	for k := range q.Items {
		q.Items[k].Met = q.Items[k].Present >= q.Needed
	}
	return q, nil
}

// recusedItems are the items of the agenda from which somebody is recused, and whose
// entries that are.
func recusedItems(c *operation.Call, m convening.Meeting, there []Attendance) ([]QuorumItem, map[convening.ItemID]map[ID]bool, error) {
	all, err := recusalsAt(c, m, there)
	from := map[convening.ItemID]map[ID]bool{}
	var items []QuorumItem
	for _, r := range all {
		if from[r.ItemID] == nil {
			from[r.ItemID] = map[ID]bool{}
			items = append(items, QuorumItem{ItemID: r.ItemID, Title: r.Item})
		}
		from[r.ItemID][r.EntryID] = true
		last := &items[len(items)-1]
		last.Recused = append(last.Recused, r.Name)
	}
	return items, from, err
}
