package takeout_test

import (
	"encoding/json"
	"strings"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/operation"
	"commontable/internal/sample"
)

// ownData is all pages of what is on record about a person, as one.
func ownData(t testing.TB, a *app.App, who operation.Actor, person operation.PersonID) takeout.OwnData {
	t.Helper()
	c := operation.WithActor(within(t, a, sample.Slug), who)
	whole := got(a.Takeouts.OwnData.Do(c, a.Door, takeout.OwnDataInput{ID: person}))(t)
	for next := whole.Next; next != ""; {
		page := got(a.Takeouts.OwnData.Do(c, a.Door, takeout.OwnDataInput{ID: person, After: next}))(t)
		whole.History, next = append(whole.History, page.History...), page.Next
	}
	return whole
}

// Somebody gets everything about themselves, in confidence or not, what was changed
// in their record and what they did; and nothing of what they did holds others' data.
func TestOwnData(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			a := told(t, engine)
			who := director(t, a)
			who.Roles = []operation.Role{operation.CommunityMember}
			whole := ownData(t, a, who, who.Person)
			if whole.Record == nil || whole.Record.Person.Email != who.Email || len(whole.Record.Affiliations) == 0 || whole.Membership == nil {
				t.Fatalf("record = %+v", whole.Record)
			}
			by, about := 0, 0
			for _, e := range whole.History {
				switch {
				case e.By && len(e.Fields) > 0:
					t.Errorf("%s of %s tells what the record of others holds", e.Operation, e.Title)
				case e.By:
					by++
				default:
					about++
				}
			}
			if by == 0 || about == 0 {
				t.Errorf("%d entries by them and %d about them", by, about)
			}
			// Of others they get nothing.
			c := operation.WithActor(within(t, a, sample.Slug), who)
			people := got(directory.ListPeople.Do(c, a.Door, directory.ListPeopleInput{Limit: 20}))(t).Items
			for _, p := range people {
				if p.ID == who.Person {
					continue
				}
				if _, err := a.Takeouts.OwnData.Do(c, a.Door, takeout.OwnDataInput{ID: p.ID}); operation.KindOf(err) != operation.Forbidden {
					t.Errorf("%s answers %v", p.Name(), err)
				}
			}
			if n := count(t, a, `SELECT COUNT(*) FROM audit_entries WHERE collaborative_id = $1 AND operation = 'people.own-data'`); n != 1 {
				t.Errorf("%d entries in the log of one download", n)
			}
		})
	}
}

// What the director answers to somebody holds what was told in confidence, notes
// and merged records; of somebody who was erased there is nothing.
func TestOwnDataOfOthers(t *testing.T) {
	a := told(t, "sqlite")
	who := director(t, a)
	var with, gone operation.PersonID
	for line := range strings.Lines(files(t, taken(t, a, everything))["data/people.jsonl"]) {
		var p struct {
			ID     operation.PersonID `json:"id"`
			Needs  string             `json:"access_needs"`
			Erased string             `json:"erased_at"`
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		if p.Needs != "" {
			with = p.ID
		}
		if p.Erased != "" {
			gone = p.ID
		}
	}
	whole := ownData(t, a, who, with)
	if whole.Record.Person.AccessNeeds != confided || len(whole.Record.Merged) != 1 {
		t.Errorf("record = %+v", whole.Record)
	}
	c := operation.WithActor(within(t, a, sample.Slug), who)
	if _, err := a.Takeouts.OwnData.Do(c, a.Door, takeout.OwnDataInput{ID: gone}); operation.KindOf(err) != operation.NotFound {
		t.Errorf("somebody erased answers %v", err)
	}
}

// The network of a day is read whole, page by page; contact details are for those
// who may see them.
func TestGraph(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			a := told(t, engine)
			read := func(role operation.Role, day string) (nodes map[directory.RecordID]directory.GraphNode, ties []directory.GraphTie) {
				who := director(t, a)
				who.Roles = []operation.Role{role}
				nodes = map[directory.RecordID]directory.GraphNode{}
				in := directory.ExportGraphInput{AsOf: day}
				for {
					page := got(directory.ExportGraph.Do(operation.WithActor(within(t, a, sample.Slug), who), a.Door, in))(t)
					for _, item := range page.Items {
						if item.Node != nil {
							nodes[item.Node.ID] = *item.Node
						} else {
							ties = append(ties, *item.Tie)
						}
					}
					if in.After = page.Next; in.After == "" {
						return nodes, ties
					}
				}
			}
			nodes, ties := read(operation.Director, "")
			kinds, mails, drawn := map[string]int{}, 0, map[string]int{}
			for _, n := range nodes {
				if kinds[n.Kind]++; n.Kind == directory.PersonKind && n.Email != "" {
					mails++
				}
			}
			for _, tie := range ties {
				if nodes[tie.From].Name != "" && nodes[tie.To].Name != "" {
					drawn[tie.Kind]++
				}
			}
			if kinds[directory.OrganizationKind] < 20 || kinds[directory.PersonKind] < 100 || kinds[directory.BodyKind] < 5 || mails == 0 ||
				drawn[directory.AffiliationTie] < 100 || drawn[directory.SeatTie] < 20 || drawn[directory.ParentTie] < 1 {
				t.Errorf("nodes %v, addresses %d, ties %v", kinds, mails, drawn)
			}
			less, _ := read(operation.Evaluator, "")
			for _, n := range less {
				if n.Kind == directory.PersonKind && n.Email+n.Phone != "" {
					t.Errorf("an evaluator reads the address of %s", n.Name)
				}
			}
			if before, _ := read(operation.Director, "2014-11-01"); len(before) == 0 || len(before) >= len(nodes) {
				t.Errorf("in 2014 there were %d nodes, today %d", len(before), len(nodes))
			}
		})
	}
}
