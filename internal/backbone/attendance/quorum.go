package attendance

import (
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
	organizations, present := map[string]bool{}, map[directory.SeatID]bool{}
	people := map[directory.PersonID]bool{}
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
			present[a.standsIn] = true
		}
		if !a.Guest() {
			people[a.PersonID] = true
		}
	}
	q.Organizations = int64(len(organizations))
	if m.BodyID.IsZero() {
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
		if present[s.ID] || people[s.Term.PersonID] {
			q.Present++
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
	return q, nil
}
