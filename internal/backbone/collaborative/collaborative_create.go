package collaborative

import (
	"context"
	"errors"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// CreateInput is a new collaborative.
type CreateInput struct {
	Name       string `json:"name" required:"true" maxLength:"120"`
	Slug       string `json:"slug,omitempty" maxLength:"48" doc:"Its name in addresses; made from the name when absent."`
	Place      string `json:"place,omitempty"`
	Population string `json:"population,omitempty" maxLength:"500" doc:"Whom it works for."`
	Purpose    string `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Zone       string `json:"zone,omitempty" maxLength:"60" doc:"Time zone, such as America/New_York; UTC when absent."`
	Language   string `json:"language,omitempty" enum:"en,fr,es" doc:"en when absent."`
	Phase      string `json:"phase,omitempty" enum:"assess_readiness,initiate_action,organize_for_impact,begin_implementation,sustain_impact"`
}

// creation runs inside the collaborative that it makes: its transaction is scoped
// to the new id from the start, so that the collaborative, its first person and
// their membership come into being together or not at all. To callers it is an
// operation of the installation, since there is no collaborative to address yet.
type creation struct {
	*operation.Operation[CreateInput, Collaborative]
}

// Describe places the operation on the installation.
func (o creation) Describe() operation.Definition {
	d := o.Definition
	d.Scope = operation.OnInstallation
	return d
}

// Do makes a collaborative for whoever asks. They become its backbone director;
// background work and the command line, who are nobody, leave it without members.
func (o creation) Do(ctx context.Context, door *operation.Door, in CreateInput) (Collaborative, error) {
	return o.Operation.Do(operation.WithCollaborative(ctx, operation.Collaborative{ID: operation.NewCollaborativeID()}), door, in)
}

// DoAny is Do on a *CreateInput.
func (o creation) DoAny(ctx context.Context, door *operation.Door, in any) (any, error) {
	return o.Do(ctx, door, *in.(*CreateInput))
}

// Create makes a collaborative.
var Create = creation{operation.Define(operation.Operation[CreateInput, Collaborative]{
	Definition: operation.Definition{ID: "collaboratives.create", Summary: "Makes a collaborative, with whoever asks as its backbone director", Method: "POST", Path: "/collaboratives"},
	Validate: func(in *CreateInput, faults *operation.Faults) {
		checkSlug(in.Slug, faults)
		if in.Zone != "" && !knownZone(in.Zone) {
			faults.Add("zone", "settings.no_such_zone")
		}
	},
	Run: create,
})}

func create(c *operation.Call, in CreateInput) (Collaborative, error) {
	k := Collaborative{ID: c.Collaborative.ID, Name: in.Name, Place: in.Place, Population: in.Population, Purpose: in.Purpose,
		Zone: or(in.Zone, "UTC"), Language: or(in.Language, i18n.Default), Phase: or(in.Phase, Phases[0]), Labels: map[string]string{},
		SurveyMinimum: defaultSurveyMinimum, PeopleMinimum: defaultPeopleMinimum, Currency: Currencies[0], Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	k.Languages = []string{k.Language}
	var err error
	if k.Slug, err = freeSlug(c.Installation, in.Slug, in.Name); err != nil {
		return k, err
	}
	if err := insert(c, k); errors.Is(err, store.ErrUnique) {
		// Somebody else took the slug in the same moment.
		return k, operation.InvalidField("slug", "settings.slug_taken")
	} else if err != nil {
		return k, err
	}
	c.Collaborative = k.door()
	c.Changed(k.Subject(), k.Name, k.Version, nil, k.recorded())
	return k, begin(c)
}

// begin makes the caller the first member.
func begin(c *operation.Call) error {
	if c.Actor.Account.IsZero() {
		return nil
	}
	// From here on they act in their new collaborative, as what they become.
	c.Actor.Roles = append([]operation.Role{operation.Director}, c.Actor.Roles...)
	person, err := directory.CreatePerson.Within(c, firstPerson(c))
	if err != nil {
		return err
	}
	c.Actor.Person = person.ID
	return access.Grant(c.Installation, c.Now, access.Membership{Account: c.Actor.Account, Collaborative: c.Collaborative.ID, Person: person.ID, Roles: []operation.Role{operation.Director}})
}

// firstPerson is the caller's account as a person. Where the given name ends an
// account does not tell; they can set it right in their own entry.
func firstPerson(c *operation.Call) directory.PersonInput {
	name := c.Actor.Name
	if name == "" {
		name, _, _ = strings.Cut(c.Actor.Email, "@")
	}
	given, family, _ := strings.Cut(name, " ")
	in := directory.PersonInput{GivenName: clip(given), FamilyName: clip(family), Language: i18n.Language(c.Context())}
	if operation.IsEmail(c.Actor.Email) {
		in.Email = c.Actor.Email
	}
	return in
}

// clip keeps a name within what a person's record takes: an account's may be
// longer than either half of a person's.
func clip(name string) string {
	const most = 100
	if letters := []rune(name); len(letters) > most {
		return string(letters[:most])
	}
	return name
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
