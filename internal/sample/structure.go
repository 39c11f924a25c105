package sample

import (
	"fmt"
	"time"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// The story of the structure: a table with its seats, groups that come and go,
// and a backbone that began in a host, grew, moved and shared its functions.

// body is what the story remembers of a group.
type body struct {
	id      directory.BodyID
	version int64
	name    string
}

// tableSeat is what the story remembers of a seat.
type tableSeat struct {
	id      directory.SeatID
	version int64
	body    string
	sector  string
	held    bool
	ends    string // when the present term is meant to end
	fixed   bool   // held by one of the cast, who stays
}

const (
	tableName     = "Tamarack Valley Table"
	executiveName = "Executive committee"
	commonsName   = "Tamarack Valley Commons"
)

// structureStory are its chapters.
var structureStory = []chapter{
	{"the first seats", after(0, 75), (*teller).firstSeats},
	{"the host carries it all", after(0, 80), (*teller).hostCarries},
	{"groups for the first work", after(1, 60), (*teller).firstGroups},
	{"an executive committee", after(2, 70), (*teller).executive},
	{"the university measures", after(2, 110), (*teller).universityMeasures},
	{"more groups", after(3, 60), (*teller).moreGroups},
	{"a campaign for reading", after(5, 40), (*teller).readingCampaign},
	{"a home of its own", after(6, 60), (*teller).ownHome},
	{"a group has done its work", after(7, 200), closing("School readiness screening", "closed")},
	{"the house is shared", after(8, 60), (*teller).sharedHouse},
	{"another group ends", after(9, 220), closing("Summer bridge", "closed")},
	{"the principles a third time", after(10, 100), (*teller).thirdPrinciples},
	{"a group rests", after(11, 90), closing("Careers and apprenticeships", "paused")},
	{"an early farewell", ago(40), (*teller).farewell},
}

// turnovers are the autumns in which terms end, and the springs in which
// organizations come and go.
func turnovers() []chapter {
	var out []chapter
	for year := 2; year < storyYears; year++ {
		out = append(out, chapter{fmt.Sprintf("terms end, year %d", year), after(year, 85), (*teller).turnover},
			chapter{fmt.Sprintf("a spring, year %d", year), after(year, 230), (*teller).moods})
	}
	return append(out, chapter{"the last turnover", ago(62), (*teller).turnover})
}

// addBody founds a group.
func (t *teller) addBody(in directory.BodyInput, parent string) error {
	in.ParentID = t.bodies[parent].id
	made, err := directory.CreateBody.Do(t.as(operation.Director), &t.door, in)
	if err != nil {
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	t.bodies[in.Name] = body{made.ID, made.Version, made.Name}
	t.later(2 * time.Hour)
	return nil
}

// place is one seat to be set up.
type place struct {
	role, purpose, sector string
	voting                bool
	months                int64
	holder                operation.Role // one of the cast; "" leaves it to chance
}

// addSeats sets seats around a group and fills them.
func (t *teller) addSeats(name string, places []place) error {
	for _, p := range places {
		made, err := directory.CreateSeat.Do(t.as(operation.Director), &t.door, directory.SeatInput{BodyID: t.bodies[name].id, Role: p.role, Voting: p.voting, Purpose: p.purpose, Sector: p.sector, TermMonths: p.months})
		if err != nil {
			return fmt.Errorf("%s, %s: %w", name, p.purpose, err)
		}
		seat := tableSeat{id: made.ID, version: made.Version, body: name, sector: p.sector, fixed: p.holder != ""}
		who := t.members[string(p.holder)].person
		if who.IsZero() {
			who = t.someone(p.sector)
		}
		if err := t.seatPerson(&seat, who); err != nil {
			return err
		}
		t.seats = append(t.seats, seat)
		t.later(3 * time.Hour)
	}
	return nil
}

// someone is a person who works in a sector, or anybody where nobody does.
func (t *teller) someone(sector string) operation.PersonID {
	sectors := map[directory.OrganizationID]string{}
	for _, o := range t.organizations {
		sectors[o.id] = o.sector
	}
	for range 60 {
		p := pick(t.random, t.people)
		if !p.fixed && (sector == "" || sectors[p.organization] == sector) {
			return p.id
		}
	}
	return pick(t.random, t.people).id
}

// seatPerson begins a term today; every fourth has an alternate.
func (t *teller) seatPerson(seat *tableSeat, who operation.PersonID) error {
	in := directory.Fill{ID: seat.id, Version: seat.version, PersonID: who}
	if t.random.IntN(4) == 0 {
		if other := t.someone(seat.sector); other != who {
			in.AlternateID = other
		}
	}
	made, err := directory.FillSeat.Do(t.as(operation.Staff), &t.door, in)
	if err != nil {
		return err
	}
	seat.version, seat.held, seat.ends = made.Version, true, made.Term.Ends
	return nil
}

// turnover is an autumn: whoever's term has ended stays for another, hands over,
// or leaves a seat open for a while. The cast stays.
func (t *teller) turnover() error {
	today := t.clock.Now().Format(time.DateOnly)
	for i := range t.seats {
		seat := &t.seats[i]
		if t.closed[seat.body] || seat.held && (seat.ends == "" || seat.ends > today) {
			continue
		}
		chance := t.random.IntN(10)
		switch {
		case !seat.held || seat.fixed || chance < 8: // another term, or somebody new
			who := t.someone(seat.sector)
			if seat.held && (seat.fixed || chance < 4) {
				now, err := directory.GetSeat.Do(t.as(operation.Staff), &t.door, directory.SeatRef{ID: seat.id})
				if err != nil {
					return err
				}
				who = now.Term.PersonID
			}
			if err := t.seatPerson(seat, who); err != nil {
				return err
			}
		default:
			left, err := directory.VacateSeat.Do(t.as(operation.Staff), &t.door, directory.Vacate{ID: seat.id, Version: seat.version})
			if err != nil {
				return err
			}
			seat.version, seat.held = left.Version, false
		}
		t.later(time.Hour)
	}
	return nil
}

func (t *teller) firstSeats() error {
	if err := t.addBody(directory.BodyInput{Name: tableName, Kind: "leadership_table", Purpose: "Sets the direction everyone pulls in, and looks at the figures twice a year.", Cadence: "every_two_months",
		DecisionMethod: "consent", Quorum: 60, QuorumUnit: "percent", Charter: "Thirteen voting seats, each for a voice of the valley. A term lasts two years, three in a row at most.\n\n" +
			"The backbone prepares and records, and has no vote. Whoever has an interest in a matter says so and steps back from it."}, ""); err != nil {
		return err
	}
	return t.addSeats(tableName, []place{
		{"chair", "Public schools", "education", true, 24, operation.TableChair},
		{"vice_chair", "Health", "health", true, 24, operation.TableMember},
		{"member", "Early learning", "education", true, 24, operation.GroupChair},
		{"member", "Parents of Millrace", "community", true, 24, operation.CommunityMember},
		{"member", "Parents of Las Lomas", "community", true, 24, ""},
		{"member", "Young people", "community", true, 12, ""},
		{"member", "Libraries and parks", "government", true, 24, operation.Representative},
		{"member", "City councils", "government", true, 24, ""},
		{"member", "Employers", "business", true, 24, ""},
		{"member", "Family services", "nonprofit", true, 24, ""},
		{"member", "Congregations", "faith", true, 24, ""},
		{"member", "Local giving", "philanthropy", true, 24, operation.Funder},
		{"member", "Higher education", "education", true, 24, ""},
		{"adviser", "Backbone", "", false, 0, operation.Director},
		{"observer", "Press", "media", false, 24, ""},
	})
}

func (t *teller) firstGroups() error {
	for _, g := range []struct{ name, purpose string }{
		{"Early learning", "More places, better paid, in the languages spoken at home."},
		{"School readiness screening", "Every two- and four-year-old screened, and followed up."},
		{"Reading by grade three", "Every child reads for pleasure by the end of third grade."},
	} {
		if err := t.workingGroup(g.name, g.purpose, "education"); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) moreGroups() error {
	for _, g := range []struct{ name, purpose, sector string }{
		{"Family health", "Prenatal care, teeth, eyes and worries, close to where families are.", "health"},
		{"Summer bridge", "No summer between eighth and ninth grade without a place to be.", "nonprofit"},
		{"Careers and apprenticeships", "A first job that teaches something, for everyone who wants one.", "business"},
		{"Data and learning", "One set of figures, read together.", "education"},
	} {
		if err := t.workingGroup(g.name, g.purpose, g.sector); err != nil {
			return err
		}
	}
	return nil
}

// workingGroup founds one with two co-chairs and five members.
func (t *teller) workingGroup(name, purpose, sector string) error {
	if err := t.addBody(directory.BodyInput{Name: name, Kind: "working_group", Purpose: purpose, Cadence: "monthly", DecisionMethod: "consensus", Quorum: 4, QuorumUnit: "seats"}, tableName); err != nil {
		return err
	}
	places := []place{{"co_chair", "", sector, true, 24, ""}, {"co_chair", "", "", true, 24, ""}}
	if name == "Early learning" {
		places[0].holder = operation.GroupChair
	}
	for i := range 5 {
		p := place{"member", "", "", true, 24, ""}
		if name == "Early learning" && i == 0 {
			p.holder = operation.GroupMember
		}
		if i == 4 {
			p.purpose, p.sector = "Parents", "community"
		}
		places = append(places, p)
	}
	return t.addSeats(name, places)
}

func (t *teller) executive() error {
	if err := t.addBody(directory.BodyInput{Name: executiveName, Kind: "executive_committee", Purpose: "Prepares the table's meetings with the backbone, and decides nothing alone.", Cadence: "every_two_weeks", DecisionMethod: "consensus"}, tableName); err != nil {
		return err
	}
	return t.addSeats(executiveName, []place{
		{"chair", "", "education", true, 24, operation.TableChair}, {"member", "", "health", true, 24, operation.TableMember}, {"member", "", "community", true, 24, ""}})
}

// perform says who performs a function from today on.
func (t *teller) perform(function, organization string, share int64, note string) error {
	made, err := directory.Assign.Do(t.as(operation.Director), &t.door, directory.HoldingInput{Function: function, OrganizationID: t.organizationNamed(organization), Share: share, Note: note})
	if err != nil {
		return fmt.Errorf("%s by %s: %w", function, organization, err)
	}
	t.holdings[function+"/"+organization] = made
	return nil
}

// handOver ends a holding today.
func (t *teller) handOver(function, organization string) error {
	h := t.holdings[function+"/"+organization]
	today := t.clock.Now().In(t.collaborative.Zone).Format(time.DateOnly)
	_, err := directory.EditHolding.Do(t.as(operation.Director), &t.door, directory.HoldingPatch{ID: h.ID, Version: h.Version, To: &today})
	return err
}

func (t *teller) hostCarries() error {
	if err := t.perform("guide_vision", hostName, 100, ""); err != nil {
		return err
	}
	return t.perform("support_activities", hostName, 100, "one half-time post")
}

func (t *teller) universityMeasures() error {
	if err := t.perform("establish_measurement", "Northbend State University", 60, "by a yearly agreement"); err != nil {
		return err
	}
	if err := t.perform("establish_measurement", hostName, 40, ""); err != nil {
		return err
	}
	return t.perform("mobilize_funding", hostName, 100, "")
}

func (t *teller) readingCampaign() error {
	own, err := directory.AddFunction.Do(t.as(operation.Director), &t.door, directory.FunctionInput{Name: "Run the reading campaign", About: "Six weeks every summer, in all five branches and on the bookmobile."})
	if err != nil {
		return err
	}
	if err := t.perform(own.Key, "Tamarack Public Library", 100, ""); err != nil {
		return err
	}
	return t.perform("build_public_will", "Radio Ribera 98.3", 0, "a weekly hour on air")
}

// ownHome is when the backbone leaves its host for an organization of its own.
func (t *teller) ownHome() error {
	if err := t.addOrganization(directory.OrganizationInput{Name: commonsName, Sector: "nonprofit", Place: "Tamarack City", OtherNames: []string{"The Commons"},
		About: "Founded by the table to be the backbone's own home: five staff, two languages, one long table."}); err != nil {
		return err
	}
	for _, f := range []string{"guide_vision", "support_activities"} {
		if err := t.handOver(f, hostName); err != nil {
			return err
		}
		if err := t.perform(f, commonsName, 100, ""); err != nil {
			return err
		}
	}
	if err := t.perform("build_public_will", commonsName, 60, ""); err != nil {
		return err
	}
	no, yes := false, true
	if err := t.flag(hostName, directory.OrganizationPatch{Host: &no}); err != nil {
		return err
	}
	return t.flag(commonsName, directory.OrganizationPatch{Host: &yes})
}

// flag changes the part an organization plays.
func (t *teller) flag(name string, patch directory.OrganizationPatch) error {
	for i := range t.organizations {
		o := &t.organizations[i]
		if o.name != name {
			continue
		}
		patch.ID, patch.Version = o.id, o.version
		after, err := directory.EditOrganization.Do(t.as(operation.Director), &t.door, patch)
		if err != nil {
			return err
		}
		o.version, o.fixed = after.Version, true
	}
	return nil
}

// sharedHouse is when functions go to whoever does them best.
func (t *teller) sharedHouse() error {
	if err := t.handOver("establish_measurement", hostName); err != nil {
		return err
	}
	if err := t.perform("establish_measurement", commonsName, 30, "a data manager"); err != nil {
		return err
	}
	if err := t.handOver("mobilize_funding", hostName); err != nil {
		return err
	}
	if err := t.perform("mobilize_funding", commonsName, 50, ""); err != nil {
		return err
	}
	if err := t.perform("mobilize_funding", "Prescott Family Foundation", 30, "opens doors to other givers"); err != nil {
		return err
	}
	_, err := directory.Assign.Do(t.as(operation.Director), &t.door, directory.HoldingInput{Function: "advance_policy", BodyID: t.bodies[executiveName].id, Note: "speaks for the table at the statehouse"})
	return err
}

// closing is the chapter in which a group closes or rests.
func closing(name, state string) func(*teller) error {
	return func(t *teller) error {
		b := t.bodies[name]
		_, err := directory.EditBody.Do(t.as(operation.Director), &t.door, directory.BodyPatch{ID: b.id, Version: b.version, State: &state})
		if err != nil || state != "closed" {
			return err
		}
		t.closed[name] = true
		today := t.clock.Now().In(t.collaborative.Zone).Format(time.DateOnly)
		for i := range t.seats {
			seat := &t.seats[i]
			if seat.body != name {
				continue
			}
			after, err := directory.EditSeat.Do(t.as(operation.Staff), &t.door, directory.SeatPatch{ID: seat.id, Version: seat.version, To: &today})
			if err != nil {
				return err
			}
			seat.version, seat.held = after.Version, false
		}
		return nil
	}
}

func (t *teller) thirdPrinciples() error {
	_, err := collaborative.AdoptPrinciples.Do(t.as(operation.Director), &t.door, collaborative.AdoptInput{Newest: 2, Body: "1. Families first: no decision about families without them at the table; their time is paid, and they hold a third of the votes.\n" +
		"2. We share what we measure, also when it does not flatter us.\n3. We look at every figure by neighborhood, language and income before we are content with it.\n" +
		"4. We speak in words that need no explaining, in the languages spoken here.\n5. Credit goes to the table, not to one logo; money buys no seat and no earlier look.\n" +
		"6. We stop what does not help, kindly and in public.\n7. What we promise, we write down, with a day and a name."})
	return err
}

// farewell is somebody who leaves the table before the term is over, so that
// there is a seat to fill.
func (t *teller) farewell() error {
	for i := range t.seats {
		seat := &t.seats[i]
		if seat.body != tableName || !seat.held || seat.fixed {
			continue
		}
		after, err := directory.VacateSeat.Do(t.as(operation.Staff), &t.door, directory.Vacate{ID: seat.id, Version: seat.version})
		if err != nil {
			return err
		}
		seat.version, seat.held = after.Version, false
		return t.endingSoon()
	}
	return nil
}

// endingSoon gives one term of the table an end a few weeks from today.
func (t *teller) endingSoon() error {
	for _, seat := range t.seats {
		if seat.body != tableName || !seat.held || seat.fixed {
			continue
		}
		now, err := directory.GetSeat.Do(t.as(operation.Staff), &t.door, directory.SeatRef{ID: seat.id})
		if err != nil {
			return err
		}
		var terms []directory.TermInput
		for _, x := range now.Terms {
			in := directory.TermInput{ID: x.ID, PersonID: x.PersonID, OrganizationID: x.OrganizationID, AlternateID: x.AlternateID, From: x.From, Ends: x.Ends, To: x.To}
			if x.To == "" {
				in.Ends = t.today.AddDate(0, 0, 38).Format(time.DateOnly)
			}
			terms = append(terms, in)
		}
		_, err = directory.EditSeat.Do(t.as(operation.Staff), &t.door, directory.SeatPatch{ID: seat.id, Version: now.Version, Terms: &terms})
		return err
	}
	return nil
}
