package materials

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// FileRef names one version of a material.
type FileRef struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        ID                  `json:"id"`
	Number    int64               `json:"number,omitempty" minimum:"0" maximum:"1000000" doc:"The newest that was not withdrawn when absent."`
}

// Opened is a version opened for reading; whoever opened it closes the content.
type Opened struct {
	File    File
	Content files.Content `json:"-"`
}

// DownloadInput names a version and where to go on.
type DownloadInput struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        ID                  `json:"id"`
	Number    int64               `json:"number" minimum:"1" maximum:"1000000"`
	After     string              `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Where to go on, from the part before."`
}

// Part is a piece of a file.
type Part struct {
	Number  int64  `json:"number"`
	Content []byte `json:"content" doc:"The next bytes of the file, in base64."`
}

func (s *Service) defineReading() {
	s.Read = operation.Define(operation.Operation[FileRef, Opened]{
		Definition: operation.Definition{ID: "materials.read", Summary: "Opens a version of a material", ReadOnly: true, Secret: true, BrowserOnly: "pages send the file itself; materials.download gives it in parts"},
		Run: func(c *operation.Call, in FileRef) (Opened, error) {
			m, err := Get.Within(c, Ref{in.MeetingID, in.ID})
			if err != nil {
				return Opened{}, err
			}
			return s.opened(c, m, in.Number)
		},
	})
	s.Download = operation.Define(operation.Operation[DownloadInput, operation.Page[Part]]{
		Definition: operation.Definition{ID: "materials.download", Summary: "Reads a version of a material, half a megabyte at a time", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/materials/{id}/versions/{number}"},
		Run: func(c *operation.Call, in DownloadInput) (operation.Page[Part], error) {
			m, err := Get.Within(c, Ref{in.MeetingID, in.ID})
			if err != nil {
				return operation.Page[Part]{}, err
			}
			return s.partOf(c, in.After, func() (Opened, error) { return s.opened(c, m, in.Number) })
		},
	})
}

// partOf reads the next part of a file.
func (s *Service) partOf(c *operation.Call, after string, open func() (Opened, error)) (operation.Page[Part], error) {
	page := operation.Page[Part]{Items: []Part{}, Total: -1}
	number, err := strconv.ParseInt("0"+after, 10, 32)
	if err != nil {
		return page, operation.InvalidField("after", "errors.bad_cursor")
	}
	o, err := open()
	if err != nil {
		return page, err
	}
	defer func() { _ = o.Content.Close() }()
	part := Part{Number: number, Content: make([]byte, PartBytes)}
	n, err := o.Content.ReadAt(part.Content, number*PartBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return page, err
	}
	part.Content = part.Content[:n]
	page.Items = append(page.Items, part)
	if (number+1)*PartBytes < o.File.Size {
		page.Next = strconv.FormatInt(number+1, 10)
	}
	return page, nil
}

// opened opens a version that may be read.
func (s *Service) opened(c *operation.Call, m Material, number int64) (Opened, error) {
	if number == 0 {
		number = m.Number
	}
	at := slices.IndexFunc(m.Files, func(f File) bool { return f.Number == number && f.WithdrawnAt == nil })
	if at < 0 {
		return Opened{}, operation.Missing()
	}
	return s.openFile(c, m.Files[at])
}

func (s *Service) openFile(c *operation.Call, f File) (Opened, error) {
	content, err := s.cfg.Files.Open(c.Context(), files.Place(c.Collaborative.ID), f.hash)
	if err != nil {
		return Opened{}, s.explained(f.FileName, err)
	}
	return Opened{f, content}, nil
}

type linkInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

type linkFile struct {
	Secret string `json:"secret" required:"true" text:"raw"`
	ID     ID     `json:"id"`
}

// Shown are the materials that somebody sees who was invited by a personal link.
type Shown struct {
	Materials []Material
}

func (s *Service) defineLinks() {
	const byLink = "whoever holds the link reads on the page it leads to"
	s.look = operation.Define(operation.Operation[linkInput, Shown]{
		Definition: operation.Definition{ID: "material-links.list", Summary: "Lists the materials of a meeting for somebody invited by a personal link", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkInput) (Shown, error) {
			all, err := invited(c, in.Secret)
			return Shown{all}, err
		},
	})
	s.open = operation.Define(operation.Operation[linkFile, Opened]{
		Definition: operation.Definition{ID: "material-links.open", Summary: "Opens a material for somebody invited by a personal link", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in linkFile) (Opened, error) {
			all, err := invited(c, in.Secret)
			if err != nil {
				return Opened{}, err
			}
			at := slices.IndexFunc(all, func(m Material) bool { return m.ID == in.ID })
			if at < 0 {
				return Opened{}, operation.Missing()
			}
			return s.opened(c, all[at], 0)
		},
	})
}

// invited are the materials for everybody invited, as long as whoever holds the link is
// expected at the meeting.
func invited(c *operation.Call, secret string) ([]Material, error) {
	meeting, err := calendars.MeetingOfLink(c, secret)
	if err != nil || meeting.IsZero() {
		return nil, err
	}
	all, err := listed(c, meeting)
	var out []Material
	for _, m := range all {
		if !m.ForInvited || m.Withdrawn() {
			continue
		}
		m.Away = nil
		// Of the versions they see the newest, and not who brought it.
		for _, f := range m.Files {
			if f.Number == m.Number {
				f.ByID, f.By, f.Note = directory.PersonID{}, "", ""
				m.Files = []File{f}
				break
			}
		}
		out = append(out, m)
	}
	return out, err
}

// ByLink lists what somebody sees who was invited by a personal link.
func (s *Service) ByLink(ctx context.Context, door *operation.Door, secret string) ([]Material, error) {
	_, shown, err := access.LookByTask(ctx, s.cfg.Access, door, s.look, access.ReplyToMeeting, secret, linkInput{secret})
	return shown.Materials, err
}

// OpenByLink opens one of them. Every opening counts, so that guessing ends.
func (s *Service) OpenByLink(ctx context.Context, door *operation.Door, secret string, i ID) (Opened, error) {
	_, opened, err := access.ActByTask(ctx, s.cfg.Access, door, s.open, access.ReplyToMeeting, secret, linkFile{secret, i})
	return opened, err
}

// itemTitle is what an agenda item is called, "" for none.
func itemTitle(c *operation.Call, i convening.ItemID) string {
	if i.IsZero() {
		return ""
	}
	title, _ := store.Value[string](c.Tx, `SELECT title FROM agenda_items WHERE collaborative_id = $1 AND id = $2`, i)
	return title
}
