// Package materials keeps what a meeting needs to read: files in their versions, and
// addresses. A material belongs to a meeting, and perhaps to an item of its agenda.
// Whoever sees the meeting sees it, and those who were invited by a personal link if it
// is marked for them. What shows that something was given is kept the same way, belongs
// to a delivery, and is seen by whoever sees that.
package materials

import (
	"strconv"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/files"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Kind names a material as a subject.
const Kind = "material"

// ID names a material.
type ID = id.Of[Material]

// The bounds of what a meeting can have.
const (
	mostMaterials = 100
	mostVersions  = 50
)

// The sizes an installation begins with, in bytes.
const (
	DefaultFile = 25 << 20
	DefaultRoom = 2 << 30
)

// Material is one file in its versions, or an address.
type Material struct {
	ID         ID                  `json:"id" audit:"-"`
	MeetingID  convening.MeetingID `json:"meeting_id" audit:"-"`
	ItemID     convening.ItemID    `json:"item_id,omitempty" audit:"-" doc:"The agenda item it belongs to."`
	Item       string              `json:"item,omitempty"`
	Title      string              `json:"title"`
	Link       string              `json:"link,omitempty" doc:"The address, of a material that is no file."`
	ForInvited bool                `json:"for_invited" doc:"Whether those invited by a personal link see it too."`
	// The newest version that was not withdrawn.
	Number    int64      `json:"number,omitempty" doc:"Which version is shown; absent for an address, and when all were withdrawn."`
	FileName  string     `json:"file_name,omitempty"`
	MediaType string     `json:"media_type,omitempty" audit:"-"`
	Size      int64      `json:"size,omitempty" audit:"-" doc:"In bytes."`
	Away      []string   `json:"withdrawn,omitempty" doc:"The numbers of the versions that were withdrawn."`
	Version   int64      `json:"version" audit:"-"`
	CreatedAt time.Time  `json:"created_at" audit:"-"`
	UpdatedAt time.Time  `json:"updated_at" audit:"-"`
	DeletedAt *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	Files     []File     `json:"files,omitempty" audit:"-" doc:"Its versions, the newest first."`
}

// File is one version of a material.
type File struct {
	Number      int64              `json:"number"`
	FileName    string             `json:"file_name"`
	MediaType   string             `json:"media_type"`
	Size        int64              `json:"size" doc:"In bytes."`
	SHA256      string             `json:"sha256"`
	Note        string             `json:"note,omitempty" doc:"What is new in it."`
	ByID        directory.PersonID `json:"by_id,omitempty"`
	By          string             `json:"by"`
	CreatedAt   time.Time          `json:"created_at"`
	WithdrawnAt *time.Time         `json:"withdrawn_at,omitempty" doc:"When it was withdrawn; it can no longer be read then."`

	id       id.Of[File]
	material ID
	hash     files.Hash
	alone    string // who brought it, where they are not on record
}

// Subject is the material as the door sees it.
func (m Material) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: m.ID} }

// CurrentVersion is what REST makes an ETag of.
func (m Material) CurrentVersion() int64 { return m.Version }

// IsLink says whether it is an address and no file.
func (m Material) IsLink() bool { return m.Link != "" }

// Withdrawn says whether there is nothing left of it to read.
func (m Material) Withdrawn() bool { return !m.IsLink() && m.Number == 0 }

// with is the material with its versions, the newest first.
func (m Material) with(versions []File) Material {
	m.Files, m.Number, m.FileName, m.MediaType, m.Size, m.Away = versions, 0, "", "", 0, nil
	for _, f := range versions {
		switch {
		case f.WithdrawnAt != nil:
			m.Away = append(m.Away, strconv.FormatInt(f.Number, 10))
		case m.Number == 0:
			m.Number, m.FileName, m.MediaType, m.Size = f.Number, f.FileName, f.MediaType, f.Size
		}
	}
	return m
}
