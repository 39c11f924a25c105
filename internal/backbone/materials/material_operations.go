package materials

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/files"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Ref names a material of a meeting.
type Ref struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        ID                  `json:"id"`
}

// AtVersion names one version of a material's record.
type AtVersion struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        ID                  `json:"id"`
	Version   int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// Input is a new material: a file that was uploaded, or an address.
type Input struct {
	MeetingID  convening.MeetingID `json:"meeting_id"`
	ItemID     convening.ItemID    `json:"item_id,omitempty" doc:"The agenda item it belongs to."`
	Title      string              `json:"title,omitempty" maxLength:"200" doc:"The file's name when absent."`
	UploadID   UploadID            `json:"upload_id,omitempty" doc:"The file, once all its parts are here."`
	Link       string              `json:"link,omitempty" maxLength:"1000" format:"url" doc:"An address with https, instead of a file."`
	Note       string              `json:"note,omitempty" maxLength:"500"`
	ForInvited bool                `json:"for_invited,omitempty" doc:"Whether those invited by a personal link see it too."`
}

// Patch changes the fields that are given and leaves the others.
type Patch struct {
	MeetingID  convening.MeetingID `json:"meeting_id"`
	ID         ID                  `json:"id"`
	Version    int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	ItemID     *convening.ItemID   `json:"item_id,omitempty"`
	Title      *string             `json:"title,omitempty" maxLength:"200"`
	Link       *string             `json:"link,omitempty" maxLength:"1000" format:"url" doc:"Of a material that is an address."`
	ForInvited *bool               `json:"for_invited,omitempty"`
}

// VersionInput is a new version of a material's file.
type VersionInput struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        ID                  `json:"id"`
	Version   int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	UploadID  UploadID            `json:"upload_id" required:"true" doc:"The file, once all its parts are here."`
	Note      string              `json:"note,omitempty" maxLength:"500" doc:"What is new in it."`
}

// NumberInput names one version of a material's file.
type NumberInput struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        ID                  `json:"id"`
	Version   int64               `json:"version" required:"true" doc:"The version of the material that was read; a newer one answers with a conflict."`
	Number    int64               `json:"number" required:"true" minimum:"1" maximum:"1000000"`
}

// materials is the noun.
var materials = &operation.Noun[Material, ID]{Kind: Kind, Area: "materials", Get: get, Update: update,
	Head: func(m *Material) operation.Head[ID] {
		return operation.HeadOf(m.ID, &m.Version, &m.UpdatedAt, &m.DeletedAt)
	},
	Title: func(m Material) string { return m.Title },
	At:    func(m Material, version int64) any { return AtVersion{m.MeetingID, m.ID, version} }}

// List lists the materials of a meeting.
var List = operation.Define(operation.Operation[convening.MeetingPart, operation.Page[Material]]{
	Definition: operation.Definition{ID: "materials.list", Summary: "Lists the materials of a meeting, with their versions", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/materials"},
	Run: func(c *operation.Call, in convening.MeetingPart) (operation.Page[Material], error) {
		if _, err := convening.MeetingRead(c, in.MeetingID); err != nil {
			return operation.Page[Material]{}, err
		}
		all, err := listed(c, in.MeetingID)
		return operation.Whole(all), err
	},
})

// Get reads one material with its versions, also from the trash.
var Get = operation.Define(operation.Operation[Ref, Material]{
	Definition: operation.Definition{ID: "materials.get", Summary: "Reads one material of a meeting, with its versions", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/materials/{id}"},
	Run: func(c *operation.Call, in Ref) (Material, error) {
		if _, err := convening.MeetingRead(c, in.MeetingID); err != nil {
			return Material{}, err
		}
		m, err := materials.Read(c, in.ID)
		if err == nil && m.MeetingID != in.MeetingID {
			return Material{}, operation.Missing()
		}
		return m, err
	},
})

// of reads a material about to be changed, of the meeting that was named.
func of(c *operation.Call, m convening.MeetingID, i ID, version int64) (Material, error) {
	if _, err := convening.MeetingOf(c, m); err != nil {
		return Material{}, err
	}
	before, err := materials.Live(c, i, version)
	if before.MeetingID != m && (err == nil || operation.KindOf(err) == operation.Conflict) {
		return Material{}, operation.Missing()
	}
	return before, err
}

func (s *Service) defineAdding() {
	s.Create = gathering[Input, Material]{operation.Define(operation.Operation[Input, Material]{
		Definition: operation.Definition{ID: "materials.create", Summary: "Adds a file or an address to the materials of a meeting", Method: "POST", Path: "/meetings/{meeting_id}/materials"},
		About:      func(in Input) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
		Run:        s.create,
	}), func(ctx context.Context, door *operation.Door, in Input) (gathered, error) {
		return gatherFor(ctx, door, s.gather, in.UploadID, gatherInput{in.MeetingID, in.UploadID})
	}}
	s.AddVersion = gathering[VersionInput, Material]{operation.Define(operation.Operation[VersionInput, Material]{
		Definition: operation.Definition{ID: "materials.add-version", Summary: "Adds a version of a material's file", Method: "POST", Path: "/meetings/{meeting_id}/materials/{id}/versions"},
		About:      func(in VersionInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
		Run:        s.addVersion,
	}), func(ctx context.Context, door *operation.Door, in VersionInput) (gathered, error) {
		return gatherFor(ctx, door, s.gather, in.UploadID, gatherInput{in.MeetingID, in.UploadID})
	}}
}

func (s *Service) create(c *operation.Call, in Input) (Material, error) {
	m := Material{ID: id.New[Material](), MeetingID: in.MeetingID, ItemID: in.ItemID, Title: in.Title, Link: in.Link, ForInvited: in.ForInvited, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if _, err := convening.MeetingOf(c, in.MeetingID); err != nil {
		return m, err
	}
	if err := fileOrLink(in.UploadID, in.Link, "errors.material_both"); err != nil {
		return m, err
	}
	if err := convening.ItemOfMeeting(c, in.MeetingID, in.ItemID); err != nil {
		return m, err
	}
	all, err := listed(c, in.MeetingID)
	if err != nil {
		return m, err
	}
	if len(all) >= mostMaterials {
		return m, operation.InvalidField("title", "errors.too_many_items", map[string]any{"Maximum": mostMaterials})
	}
	var f File
	if !in.UploadID.IsZero() {
		if f, err = s.take(c, holder{meeting: in.MeetingID}, in.UploadID); err != nil {
			return m, err
		}
		f.Number, f.Note, f.material = 1, in.Note, m.ID
	}
	m.Title = titled(m.Title, f.FileName, m.Link)
	if err := insert(c, m); err != nil {
		return m, err
	}
	if f.Number > 0 {
		if err := insertFile(c, f); err != nil {
			return m, err
		}
	}
	if m, err = get(c, m.ID); err != nil {
		return m, err
	}
	return materials.Added(c, m)
}

// fileOrLink checks that one of a file and an address is there, and no more; both is what
// is said otherwise.
func fileOrLink(u UploadID, link, both string) error {
	switch {
	case u.IsZero() && link == "":
		return operation.InvalidField("file", "errors.material_nothing")
	case !u.IsZero() && link != "":
		return operation.InvalidField("link", both)
	case link != "" && !Secure(link):
		return operation.InvalidField("link", "errors.material_https")
	}
	return nil
}

// titled is what something is called: as somebody said, or after its file or address.
func titled(title, file, link string) string {
	title = cmp.Or(title, strings.TrimSuffix(file, ending(file)), strings.TrimPrefix(link, "https://"))
	if runes := []rune(title); len(runes) > 200 {
		return string(runes[:200])
	}
	return title
}

// Secure says whether an address is one of https.
func Secure(link string) bool { return strings.HasPrefix(strings.ToLower(link), "https://") }

// take makes a version of an upload whose bytes were brought together. That they are
// there is asked again, and the room as it is now.
func (s *Service) take(c *operation.Call, what holder, i UploadID) (File, error) {
	u, err := uploadOf(c, what, i)
	if missing, err := operation.Gone(err, false); err != nil {
		return File{}, err
	} else if missing {
		return File{}, operation.InvalidField("upload_id", "errors.material_no_upload")
	}
	g, _ := c.Context().Value(gatheredKey{}).(gathered)
	if g.upload != u.ID {
		return File{}, operation.InvalidField("upload_id", "errors.material_no_upload")
	}
	is, err := s.cfg.Files.Has(c.Context(), files.Place(c.Collaborative.ID), g.stored.Hash)
	if err == nil && !is {
		err = files.ErrMissing
	}
	if err != nil {
		return File{}, s.explained(g.name, err)
	}
	if err := s.room(c, g.stored.Size); err != nil {
		return File{}, err
	}
	if _, err := c.Tx.Exec(`DELETE FROM material_uploads WHERE collaborative_id = $1 AND id = $2`, u.ID); err != nil {
		return File{}, err
	}
	f := File{FileName: g.name, MediaType: g.media, Size: g.stored.Size, ByID: c.Actor.Person, CreatedAt: c.Now, id: id.New[File](), hash: g.stored.Hash}
	if f.ByID.IsZero() {
		f.alone = c.Actor.Name
	}
	return f, nil
}

func (s *Service) addVersion(c *operation.Call, in VersionInput) (Material, error) {
	before, err := of(c, in.MeetingID, in.ID, in.Version)
	switch {
	case err != nil:
		return before, err
	case before.IsLink():
		return before, operation.InvalidField("upload_id", "errors.material_both")
	case len(before.Files) >= mostVersions:
		return before, operation.InvalidField("file", "errors.too_many_items", map[string]any{"Maximum": mostVersions})
	}
	f, err := s.take(c, holder{meeting: in.MeetingID}, in.UploadID)
	if err != nil {
		return before, err
	}
	f.Number, f.Note, f.material = 1, in.Note, before.ID
	if len(before.Files) > 0 {
		f.Number = before.Files[0].Number + 1
	}
	if err := insertFile(c, f); err != nil {
		return before, err
	}
	return versioned(c, before, "materials.withdraw", f.Number)
}

// versioned stores a material whose versions changed. undo takes the change back.
func versioned(c *operation.Call, before Material, undo string, number int64) (Material, error) {
	after, err := get(c, before.ID)
	if err != nil {
		return after, err
	}
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if err := update(c, before, after); err != nil {
		return after, err
	}
	c.Changed(after.Subject(), after.Title, after.Version, before, after)
	c.UndoWith(undo, NumberInput{MeetingID: after.MeetingID, ID: after.ID, Version: after.Version, Number: number})
	return after, nil
}

// Edit changes what a material is called and to whom it is shown.
var Edit = operation.Define(operation.Operation[Patch, Material]{
	Definition: operation.Definition{ID: "materials.edit", Summary: "Changes a material of a meeting", Method: "PATCH", Path: "/meetings/{meeting_id}/materials/{id}"},
	About:      func(in Patch) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in Patch) (Material, error) {
		before, err := of(c, in.MeetingID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		var faults operation.Faults
		if after.Title == "" {
			faults.Add("title", "errors.required")
		}
		switch {
		case before.IsLink() && !Secure(after.Link):
			faults.Add("link", "errors.material_https")
		case !before.IsLink() && after.Link != "":
			faults.Add("link", "errors.material_both")
		}
		if err := faults.Err(); err != nil {
			return before, err
		}
		if after.ItemID != before.ItemID {
			if err := convening.ItemOfMeeting(c, in.MeetingID, after.ItemID); err != nil {
				return before, err
			}
			after.Item = itemTitle(c, after.ItemID)
		}
		return materials.Save(c, before, after, "materials.edit", func(after Material) any {
			undo := Patch{MeetingID: after.MeetingID, ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// Trash puts a material in the trash.
var Trash = operation.Define(operation.Operation[AtVersion, Material]{
	Definition: operation.Definition{ID: "materials.trash", Summary: "Puts a material of a meeting in the trash", Method: "DELETE", Path: "/meetings/{meeting_id}/materials/{id}"},
	About:      func(in AtVersion) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in AtVersion) (Material, error) {
		if _, err := of(c, in.MeetingID, in.ID, in.Version); err != nil {
			return Material{}, err
		}
		return materials.Trash(c, in.ID, in.Version)
	},
})

// Restore takes a material out of the trash.
var Restore = operation.Define(operation.Operation[AtVersion, Material]{
	Definition: operation.Definition{ID: "materials.restore", Summary: "Takes a material of a meeting out of the trash", Method: "POST", Path: "/meetings/{meeting_id}/materials/{id}/restore"},
	About:      func(in AtVersion) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in AtVersion) (Material, error) {
		m, err := get(c, in.ID)
		if err == nil && m.MeetingID != in.MeetingID {
			err = operation.Missing()
		}
		if err != nil {
			return Material{}, err
		}
		return materials.Restore(c, in.ID, in.Version)
	},
})

// Withdraw takes a version out of sight. Its bytes stay, so that it can come back.
var Withdraw = operation.Define(operation.Operation[NumberInput, Material]{
	Definition: operation.Definition{ID: "materials.withdraw", Summary: "Withdraws one version of a material's file", Method: "POST", Path: "/meetings/{meeting_id}/materials/{id}/withdraw"},
	About:      func(in NumberInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run:        func(c *operation.Call, in NumberInput) (Material, error) { return withdrawn(c, in, true) },
})

// Reinstate brings a version that was withdrawn back.
var Reinstate = operation.Define(operation.Operation[NumberInput, Material]{
	Definition: operation.Definition{ID: "materials.reinstate", Summary: "Brings a version of a material's file back that was withdrawn", Method: "POST", Path: "/meetings/{meeting_id}/materials/{id}/reinstate"},
	About:      func(in NumberInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
	Run:        func(c *operation.Call, in NumberInput) (Material, error) { return withdrawn(c, in, false) },
})

func withdrawn(c *operation.Call, in NumberInput, away bool) (Material, error) {
	before, err := of(c, in.MeetingID, in.ID, in.Version)
	if err != nil {
		return before, err
	}
	at := slices.IndexFunc(before.Files, func(f File) bool { return f.Number == in.Number })
	if at < 0 {
		return before, operation.Missing()
	}
	if (before.Files[at].WithdrawnAt != nil) == away {
		return before, nil
	}
	var when any
	undo := "materials.withdraw"
	if away {
		when, undo = operation.DeletedMicros(&c.Now), "materials.reinstate"
	}
	if _, err := c.Tx.Exec(`UPDATE material_files SET withdrawn_at = $4 WHERE collaborative_id = $1 AND material_id = $2 AND number = $3`, before.ID, in.Number, when); err != nil {
		return before, err
	}
	return versioned(c, before, undo, in.Number)
}
