package sample

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/operation"
)

// knowledgeStory is what the backbone keeps beside the plain facts: words to sort
// by, fields of its own, who spoke with whom, what it aims at, and what people
// told in confidence.
var knowledgeStory = []chapter{
	{"fields of its own", after(4, 10), (*teller).ownFields},
	{"words to sort by", after(4, 40), (*teller).tagged},
	{"what the table aims at", after(8, 120), (*teller).targets},
	{"who is tied to whom", after(8, 130), (*teller).ties},
	{"told in confidence", after(9, 40), (*teller).confidence},
	{"a name entered twice", ago(33), (*teller).twice},
	{"phone calls", ago(45), (*teller).calls},
	{"a list worth keeping", ago(9), (*teller).keptList},
}

func (t *teller) ownFields() error {
	for _, f := range []directory.FieldInput{
		{Kind: directory.OrganizationKind, Label: "Children reached in a year", Type: "number", Help: "A round figure is enough."},
		{Kind: directory.OrganizationKind, Label: "Languages spoken with families", Type: "choices", Choices: []string{"English", "Spanish", "French", "Somali"}},
		{Kind: directory.PersonKind, Label: "Joined through", Type: "choice", Choices: []string{"A neighbor", "A school", "An open evening"}, BackboneOnly: true},
	} {
		if _, err := directory.AddField.Do(t.as(operation.Director), &t.door, f); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) tagged() error {
	words := []string{"home visits", "after school", "bilingual", "summer", "data sharing signed"}
	for i := range t.organizations {
		o := &t.organizations[i]
		if t.random.IntN(3) > 0 || i > 80 {
			continue
		}
		tags := []string{pick(t.random, words)}
		if other := pick(t.random, words); other != tags[0] && t.random.IntN(2) == 0 {
			tags = append(tags, other)
		}
		after, err := directory.EditOrganization.Do(t.as(operation.Staff), &t.door, directory.OrganizationPatch{ID: o.id, Version: o.version, Tags: &tags})
		if err != nil {
			return err
		}
		o.version = after.Version
	}
	return nil
}

func (t *teller) targets() error {
	for _, in := range []directory.TargetsInput{
		{Scope: "members", Dimension: "sector", Targets: []directory.TargetShare{{Value: "education", Share: 20}, {Value: "community", Share: 25}, {Value: "business", Share: 15}, {Value: "health", Share: 15}}},
		{Scope: "voting_seats", Dimension: "sector", Targets: []directory.TargetShare{{Value: "community", Share: 33}, {Value: "business", Share: 10}}},
		{Scope: "voting_seats", Dimension: "lived_experience", Targets: []directory.TargetShare{{Value: "yes", Share: 33}}},
	} {
		if _, err := directory.SetTargets.Do(t.as(operation.Director), &t.door, in); err != nil {
			return err
		}
	}
	return nil
}

// confidence is what some told the director; most did not say.
func (t *teller) confidence() error {
	for i := range t.people {
		p := &t.people[i]
		if p.fixed || i > 300 || t.random.IntN(6) > 0 {
			continue
		}
		answer := pick(t.random, []string{"yes", "yes", "no", "prefers_not"})
		in := directory.PersonPrivate{ID: p.id, Version: p.version, LivedExperience: &answer}
		if t.random.IntN(8) == 0 {
			needs := pick(t.random, []string{"Needs an interpreter for Spanish.", "Comes by bus; meetings should end by eight.", "Reads best in large print."})
			in.AccessNeeds = &needs
		}
		after, err := directory.SetPrivate.Do(t.as(operation.Director), &t.door, in)
		if err != nil {
			return err
		}
		p.version = after.Version
	}
	return nil
}

// twice is an organization that a newcomer on the team entered once more.
func (t *teller) twice() error {
	if err := t.addOrganization(directory.OrganizationInput{Name: "Valley Family Hlth Network", Sector: "health", Place: "Northbend", Website: "https://valleyfamilyhealth.example", Status: "prospect"}); err != nil {
		return err
	}
	_, err := directory.SearchResemblances.Do(t.as(operation.Staff), &t.door, operation.None{})
	return err
}

// calls are the last weeks of the relationship log.
func (t *teller) calls() error {
	about := []string{"Asked how the new term begins; they miss the summer figures.", "Thanked them for the room in May.", "They wonder whether their seat is right for them.", "Would like to hear more before they sign.", "New director since June; introduce her at the next meeting."}
	for n := range min(14, len(t.organizations)) {
		o := pick(t.random, t.organizations)
		in := directory.TouchInput{OrganizationID: o.id, Channel: pick(t.random, []string{"phone", "in_person", "email"}), About: pick(t.random, about)}
		if n%3 == 0 {
			in.NextOn = t.today.AddDate(0, 0, t.random.IntN(30)-8).Format(time.DateOnly)
		}
		if _, err := directory.CreateTouch.Do(t.as(operation.Staff), &t.door, in); err != nil {
			return err
		}
		t.later(20 * time.Hour)
	}
	return nil
}

// ties are what some organizations are to each other, as they told it.
func (t *teller) ties() error {
	kinds := []string{"funds", "shares data", "refers clients"}
	for n := range min(12, len(t.organizations)-1) {
		in := network.Input{FromOrganizationID: t.organizations[n].id, ToOrganizationID: t.organizations[n+1].id, Type: kinds[n%len(kinds)], From: t.today.AddDate(0, -3*n-2, 0).Format(time.DateOnly)}
		if n%len(kinds) == 1 {
			in.Direction = network.Mutual
		}
		if strength := int64(20 + 5*n); n%2 == 0 {
			in.Strength = &strength
		}
		if _, err := network.Create.Do(t.as(operation.Staff), &t.door, in); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) keptList() error {
	_, err := directory.SaveView.Do(t.as(operation.Staff), &t.door, directory.ViewInput{Area: "organizations", Name: "Still to be won", Query: "status=prospect&sort=-updated", Shared: true})
	return err
}
