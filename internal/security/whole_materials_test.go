package security_test

import (
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
)

// uploaded is a file that was brought and not added yet.
func (s *site) uploaded(t *testing.T, at town, m convening.MeetingID, name, content string) materials.Upload {
	t.Helper()
	u := do(t, at.context, s.app, s.app.Materials.Begin, materials.BeginInput{MeetingID: m, FileName: name})
	return do(t, at.context, s.app, s.app.Materials.AddPart, materials.PartInput{MeetingID: m, ID: u.ID, Content: []byte(content), Last: true})
}

// materialChanges are the changes of materials, in an order in which each can be done.
func (s *site) materialChanges(t *testing.T) []change {
	t.Helper()
	ctx, door, at := s.here.context, s.app.Door, s.here.gathering.meeting.ID
	first, second := s.uploaded(t, s.here, at, "first.txt", "first"), s.uploaded(t, s.here, at, "second.txt", "second")
	var u materials.Upload
	var m materials.Material
	keep := func(now materials.Material, err error) error {
		if err == nil {
			m = now
		}
		return err
	}
	return []change{
		{"materials.begin-upload", func() (err error) {
			u, err = s.app.Materials.Begin.Do(ctx, door, materials.BeginInput{MeetingID: at, FileName: "a.txt"})
			return err
		}},
		{"materials.add-part", func() error {
			_, err := s.app.Materials.AddPart.Do(ctx, door, materials.PartInput{MeetingID: at, ID: u.ID, Content: []byte("a"), Last: true})
			return err
		}},
		{"materials.create", func() error {
			return keep(s.app.Materials.Create.Do(ctx, door, materials.Input{MeetingID: at, UploadID: first.ID}))
		}},
		{"materials.add-version", func() error {
			return keep(s.app.Materials.AddVersion.Do(ctx, door, materials.VersionInput{MeetingID: at, ID: m.ID, Version: m.Version, UploadID: second.ID}))
		}},
		{"materials.withdraw", func() error {
			return keep(materials.Withdraw.Do(ctx, door, materials.NumberInput{MeetingID: at, ID: m.ID, Version: m.Version, Number: 1}))
		}},
		{"materials.reinstate", func() error {
			return keep(materials.Reinstate.Do(ctx, door, materials.NumberInput{MeetingID: at, ID: m.ID, Version: m.Version, Number: 1}))
		}},
		{"materials.edit", func() error {
			return keep(materials.Edit.Do(ctx, door, materials.Patch{MeetingID: at, ID: m.ID, Version: m.Version, Title: ptr("Renamed")}))
		}},
		{"materials.trash", func() error {
			return keep(materials.Trash.Do(ctx, door, materials.AtVersion{MeetingID: at, ID: m.ID, Version: m.Version}))
		}},
		{"materials.restore", func() error {
			return keep(materials.Restore.Do(ctx, door, materials.AtVersion{MeetingID: at, ID: m.ID, Version: m.Version}))
		}},
	}
}
