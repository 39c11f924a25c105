package directory

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// AffiliationInput is one affiliation as it is entered.
type AffiliationInput struct {
	ID             AffiliationID  `json:"id,omitempty" doc:"Of an affiliation that is there already; absent for a new one."`
	OrganizationID OrganizationID `json:"organization_id"`
	Title          string         `json:"title,omitempty"`
	Represents     bool           `json:"represents,omitempty" doc:"Whether they speak for the organization here."`
	From           string         `json:"valid_from" required:"true" format:"date"`
	To             string         `json:"valid_to,omitempty" format:"date" doc:"First day it no longer holds; absent while it does."`
}

// PersonAffiliations is every affiliation of a person, to put in the place of
// the recorded ones.
type PersonAffiliations struct {
	ID           PersonID           `json:"id"`
	Version      int64              `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Affiliations []AffiliationInput `json:"affiliations" maxItems:"100" doc:"All of them; replaces what is recorded. Several at once may hold, in different organizations."`
}

// affiliationsRecord is what the audit log compares of them.
type affiliationsRecord struct {
	Affiliations []string `json:"affiliations"`
}

// SetAffiliations adds, corrects and ends affiliations: the whole list takes the
// place of the recorded one.
var SetAffiliations = operation.Define(operation.Operation[PersonAffiliations, Person]{
	Definition: operation.Definition{ID: "people.set-affiliations", Summary: "Replaces whom a person works and worked with", Method: "PUT", Path: "/people/{id}/affiliations"},
	Run: func(c *operation.Call, in PersonAffiliations) (Person, error) {
		before, err := people.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		old, err := affiliationsOf(c, in.ID)
		if err != nil {
			return before, err
		}
		fresh, err := settleAffiliations(c, before, old, in.Affiliations)
		if err != nil {
			return before, err
		}
		if slices.Equal(old, fresh) {
			before.Affiliations = old
			return before.visibleTo(c), nil
		}
		after := before
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if _, err := c.Tx.Exec(`DELETE FROM affiliations WHERE collaborative_id = $1 AND person_id = $2`, after.ID); err != nil {
			return before, err
		}
		after.Affiliation, after.Affiliations = nil, fresh
		for i, a := range fresh {
			if err := insertAffiliation(c, after, a); err != nil {
				return before, err
			}
			if after.Affiliation == nil && on(c.Today(), a.ValidFrom, a.ValidTo) {
				after.Affiliation = &fresh[i] // the newest first
			}
		}
		was := before
		was.Affiliation = after.Affiliation // stored already
		if err := updatePerson(c, was, after); err != nil {
			return before, err
		}
		c.Changed(after.Subject(), after.Name(), after.Version, affiliationsRecord{affiliationTexts(old)}, affiliationsRecord{affiliationTexts(fresh)})
		undo := PersonAffiliations{ID: after.ID, Version: after.Version, Affiliations: []AffiliationInput{}}
		for _, a := range old {
			undo.Affiliations = append(undo.Affiliations, AffiliationInput{a.ID, a.OrganizationID, a.Title, a.Represents, a.ValidFrom, a.ValidTo})
		}
		c.UndoWith("people.set-affiliations", undo)
		return after.visibleTo(c), nil
	},
})

// affiliationsOf are all affiliations of a person, the newest first.
func affiliationsOf(c *operation.Call, person PersonID) ([]Affiliation, error) {
	all, err := store.Collect(c.Tx, scanAffiliation, `SELECT `+affiliationColumns+` FROM affiliations JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = affiliations.organization_id
		WHERE affiliations.collaborative_id = $1 AND affiliations.person_id = $2`, person)
	slices.SortFunc(all, newestFirst)
	return all, err
}

func newestFirst(a, b Affiliation) int {
	if order := strings.Compare(b.ValidFrom, a.ValidFrom); order != 0 {
		return order
	}
	return strings.Compare(a.ID.String(), b.ID.String())
}

// settleAffiliations turns entered affiliations into those of a person. Every
// fault is reported with the line it is in.
func settleAffiliations(c *operation.Call, p Person, old []Affiliation, entered []AffiliationInput) ([]Affiliation, error) {
	var faults operation.Faults
	var out []Affiliation
	for i, in := range entered {
		field := "affiliations." + strconv.Itoa(i)
		a := Affiliation{ID: in.ID, PersonID: p.ID, OrganizationID: in.OrganizationID, Title: in.Title, Represents: in.Represents, ValidFrom: in.From, ValidTo: in.To}
		at := slices.IndexFunc(old, func(o Affiliation) bool { return o.ID == in.ID && !in.ID.IsZero() })
		if at < 0 || slices.ContainsFunc(out, func(o Affiliation) bool { return o.ID == in.ID }) {
			a.ID, at = id.New[Affiliation](), -1
		}
		if a.OrganizationID.IsZero() {
			faults.Add(field, "errors.required")
			continue
		}
		o, err := getOrganization(c.Tx, a.OrganizationID)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && o.DeletedAt != nil && (at < 0 || old[at].OrganizationID != a.OrganizationID):
			faults.Add(field, "errors.no_such_organization")
			continue
		case err != nil:
			return nil, err
		case a.ValidTo != "" && a.ValidTo <= a.ValidFrom:
			faults.Add(field, "errors.ends_before_it_begins")
		case slices.ContainsFunc(out, func(other Affiliation) bool { return other.OrganizationID == a.OrganizationID && overlap(a, other) }):
			faults.Add(field, "errors.affiliated_twice", map[string]any{"Name": o.Name})
		}
		a.Organization = o.Name
		out = append(out, a)
	}
	slices.SortFunc(out, newestFirst)
	return out, faults.Err()
}

func overlap(a, b Affiliation) bool {
	return (a.ValidTo == "" || a.ValidTo > b.ValidFrom) && (b.ValidTo == "" || b.ValidTo > a.ValidFrom)
}

// notThereAlready refuses a second affiliation with an organization a person
// belongs to today.
func notThereAlready(c *operation.Call, person PersonID, organization OrganizationID) error {
	all, err := affiliationsOf(c, person)
	for _, a := range all {
		if a.OrganizationID == organization && (a.ValidTo == "" || a.ValidTo > c.Today()) {
			return operation.InvalidField("organization_id", "errors.affiliated_twice", map[string]any{"Name": a.Organization})
		}
	}
	return err
}

func affiliationTexts(all []Affiliation) []string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = a.Organization
		if a.Title != "" {
			out[i] += ", " + a.Title
		}
		out[i] += " " + a.ValidFrom + " – " + a.ValidTo
		if a.Represents {
			out[i] += " ✓"
		}
	}
	return out
}
