// Package coattendance makes a network of who has met whom from who was at which meeting.
package coattendance

import (
	"errors"
	"math"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/roster"
)

const (
	// MostMembers is how many a network takes. It keeps a cell for each pair: 32 MB for 2,000, 8 MB for 1,000.
	MostMembers = 2000
	// Crowd is the size above which a meeting ties nobody: it says next to nothing about any two of those who
	// were there, 1/500 of a tie at most, and would cost the most.
	Crowd = 500
)

// ErrNetwork says that there are too many members, or a half-life is negative or no number.
var ErrNetwork = errors.New("coattendance: size or half-life out of range")

// ErrMember says that somebody was at a meeting whose number is not below the number of members.
var ErrMember = errors.New("coattendance: no such member")

// ErrEarlier says that a network was to go back in time.
var ErrEarlier = errors.New("coattendance: a network goes forward only")

// Tie is two members who were at a meeting together, A < B.
type Tie struct {
	A, B int
	// Weight is the sum over their meetings of 1/(size − 1), halved for every half-life the meeting lies back.
	Weight float64
	// Meetings is how many there were, Last the day of the latest.
	Meetings int
	Last     day.Day
}

// Network gathers meetings one by one and keeps none of them.
type Network struct {
	members  int
	asOf     day.Day
	halfLife float64
	cells    []cell // of pairs a < b, by a and then b
	met      int
	crowds   int
	present  []int // of the meeting at hand
}

type cell struct {
	weight   float64
	meetings int32
	last     day.Day
}

// New begins a network of members 0 to members − 1 as of a day. halfLife is in days; with 0, meetings weigh the
// same however long ago they were. It fails with ErrNetwork.
func New(members int, asOf day.Day, halfLife float64) (*Network, error) {
	if members < 0 || members > MostMembers || halfLife < 0 || math.IsNaN(halfLife) || math.IsInf(halfLife, 0) {
		return nil, ErrNetwork
	}
	return &Network{members: members, asOf: asOf, halfLife: halfLife, cells: make([]cell, members*(members-1)/2)}, nil
}

// Meeting adds a meeting: each two of those present are tied by 1/(size − 1), so that everyone brings one tie
// along, shared out among all others, whatever the size (Newman 2001, Phys. Rev. E 64:016132), times
// 2^(−age ÷ half-life). Meetings after the day of the network, of fewer than two and of a crowd tie nobody. Its
// cost grows with the square of the size. Order does not matter beyond rounding. It fails with ErrMember, and then
// changed nothing.
func (n *Network) Meeting(on day.Day, present roster.Roster) error {
	n.present = n.present[:0]
	for m := range present.All() {
		if m >= n.members {
			return ErrMember
		}
		n.present = append(n.present, m)
	}
	if on > n.asOf {
		return nil
	}
	size := len(n.present)
	if size > Crowd {
		n.crowds++
		return nil
	}
	n.met++
	if size < 2 {
		return nil
	}
	weight := n.decay(n.asOf-on) / float64(size-1)
	for i, a := range n.present {
		row := n.cells[n.row(a):]
		for _, b := range n.present[i+1:] {
			c := &row[b-a-1]
			if c.meetings == 0 || c.last < on {
				c.last = on
			}
			c.weight += weight
			c.meetings++
		}
	}
	return nil
}

// row is where the pairs of a with all after it begin.
func (n *Network) row(a int) int { return a * (2*n.members - a - 1) / 2 }

func (n *Network) decay(age day.Day) float64 {
	if n.halfLife == 0 {
		return 1
	}
	return math.Exp2(-float64(age) / n.halfLife)
}

// Forward makes it the network as of a later day, without the meetings again: all weights shrink alike. Meetings
// up to that day may then be added. It fails with ErrEarlier.
func (n *Network) Forward(asOf day.Day) error {
	if asOf < n.asOf {
		return ErrEarlier
	}
	shrink := n.decay(asOf - n.asOf)
	for i := range n.cells {
		n.cells[i].weight *= shrink
	}
	n.asOf = asOf
	return nil
}

// Met is how many meetings were counted, and crowds how many were too large to tie anyone.
func (n *Network) Met() (meetings, crowds int) { return n.met, n.crowds }

// Ties are the pairs that met at all and have at least so much weight, by A and then B.
func (n *Network) Ties(least float64) []Tie {
	var ties []Tie
	at := 0
	for a := range n.members {
		for b := a + 1; b < n.members; b++ {
			c := n.cells[at]
			at++
			if c.meetings > 0 && c.weight >= least {
				ties = append(ties, Tie{a, b, c.weight, int(c.meetings), c.last})
			}
		}
	}
	return ties
}
