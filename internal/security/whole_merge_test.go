package security_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// mergeChanges are the changes that make one record of two, take them apart and
// erase a person, in an order in which each can be done.
func (s *site) mergeChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	fresh := operation.WithActor(ctx, s.callers[0].actor)
	kept := do(t, ctx, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: "Juniper Clinic", Phone: "555 0101"})
	double := do(t, ctx, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: "Juniper Clinic Inc.", Phone: "555 0101", Website: "https://juniper.example"})
	ada := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Ada", FamilyName: "Juniper", Email: "ada@juniper.example", OrganizationID: kept.ID})
	adas := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Adah", FamilyName: "Juniper", Email: "adah@juniper.example", OrganizationID: double.ID})
	return []change{
		{"resemblances.search", func() error {
			_, err := directory.SearchResemblances.Do(ctx, door, operation.None{})
			return err
		}},
		{"resemblances.decide", func() error {
			_, err := directory.DecideResemblance.Do(ctx, door, directory.Decide{Kind: directory.OrganizationKind, First: directory.RecordID(kept.ID), Second: directory.RecordID(double.ID), Decision: "different"})
			return err
		}},
		{"organizations.merge", func() error {
			_, err := directory.MergeOrganizations.Do(ctx, door, directory.OrganizationMerge{ID: kept.ID, Version: kept.Version, MergeID: double.ID, MergeVersion: double.Version})
			return err
		}},
		{"organizations.unmerge", func() error {
			_, err := directory.UnmergeOrganization.Do(ctx, door, directory.OrganizationVersion{ID: double.ID, Version: double.Version + 1})
			return err
		}},
		{"people.merge", func() error {
			_, err := directory.MergePeople.Do(ctx, door, directory.PersonMerge{ID: ada.ID, Version: ada.Version, MergeID: adas.ID, MergeVersion: adas.Version})
			return err
		}},
		{"people.unmerge", func() error {
			_, err := directory.UnmergePerson.Do(ctx, door, directory.PersonVersion{ID: adas.ID, Version: adas.Version + 1})
			return err
		}},
		{"people.erase", func() error {
			_, err := directory.ErasePerson.Do(fresh, door, directory.Erase{ID: adas.ID, Version: adas.Version + 2, Name: "Adah Juniper"})
			return err
		}},
	}
}
