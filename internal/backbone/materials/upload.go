package materials

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/files"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// UploadID names an upload.
type UploadID = id.Of[Upload]

const (
	// PartBytes is how large the parts of a file are, but for the last.
	PartBytes = 512 << 10
	// UploadLimit is the rate limit that beginning an upload counts against.
	UploadLimit = "upload"
	// UploadsKept is how long a file that nobody added waits.
	UploadsKept = 24 * time.Hour
	// mostUploads bounds what one account has under way in a collaborative.
	mostUploads = 20
)

// Upload is a file on its way.
type Upload struct {
	ID           UploadID            `json:"id"`
	MeetingID    convening.MeetingID `json:"meeting_id,omitempty" doc:"The meeting it is for."`
	CommitmentID commitments.ID      `json:"commitment_id,omitempty" doc:"The commitment it is evidence for."`
	FileName     string              `json:"file_name" doc:"As it will be kept."`
	Parts        int64               `json:"parts" doc:"How many parts are here."`
	Size         int64               `json:"size" doc:"How many bytes are here."`
	Complete     bool                `json:"complete" doc:"Whether the last part is here."`
}

// holder is what a file is for: a meeting, or a commitment of which it is evidence.
type holder struct {
	meeting    convening.MeetingID
	commitment commitments.ID
}

func (u Upload) holder() holder { return holder{u.MeetingID, u.CommitmentID} }

// BeginInput is a file about to come.
type BeginInput struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	FileName  string              `json:"file_name" required:"true" maxLength:"1000" text:"raw"`
	Size      int64               `json:"size,omitempty" minimum:"0" maximum:"9007199254740991" doc:"In bytes; 0 when it is not known."`
}

// PartInput is one part of the file.
type PartInput struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	ID        UploadID            `json:"id"`
	Part      int64               `json:"part" minimum:"0" maximum:"1000000" doc:"Its place, from 0."`
	Content   []byte              `json:"content" maxItems:"524288" doc:"Base64 of up to 524,288 bytes; every part but the last has exactly as many."`
	Last      bool                `json:"last,omitempty" doc:"Says that no further part comes."`
}

func (s *Service) defineUploads() {
	s.Begin = operation.Define(operation.Operation[BeginInput, Upload]{
		Definition: operation.Definition{ID: "materials.begin-upload", Summary: "Begins the upload of a file for a meeting; its parts follow", Method: "POST", Path: "/meetings/{meeting_id}/uploads"},
		About:      func(in BeginInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
		Limit:      func(BeginInput) string { return UploadLimit },
		Run: func(c *operation.Call, in BeginInput) (Upload, error) {
			if _, err := convening.MeetingOf(c, in.MeetingID); err != nil {
				return Upload{}, err
			}
			return s.begin(c, holder{meeting: in.MeetingID}, in.FileName, in.Size)
		},
	})
	s.AddPart = operation.Define(operation.Operation[PartInput, Upload]{
		Definition: operation.Definition{ID: "materials.add-part", Summary: "Takes in the next part of an upload", Secret: true, Method: "POST", Path: "/meetings/{meeting_id}/uploads/{id}/parts"},
		About:      func(in PartInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
		Run: func(c *operation.Call, in PartInput) (Upload, error) {
			return s.addPart(c, holder{meeting: in.MeetingID}, in.ID, part{in.Part, in.Content, in.Last})
		},
	})
	s.gather = operation.Define(operation.Operation[gatherInput, gathered]{
		Definition: operation.Definition{ID: "materials.gather", Summary: "Brings the parts of an upload together", ReadOnly: true, Secret: true, BrowserOnly: "adding a material does this first"},
		About:      func(in gatherInput) operation.Subject { return convening.MeetingSubject(in.MeetingID) },
		Run: func(c *operation.Call, in gatherInput) (gathered, error) {
			return s.bringTogether(c, holder{meeting: in.MeetingID}, in.UploadID)
		},
	})
}

func (s *Service) begin(c *operation.Call, what holder, name string, size int64) (Upload, error) {
	u := Upload{ID: id.New[Upload](), MeetingID: what.meeting, CommitmentID: what.commitment, FileName: SafeName(name)}
	if _, err := kindOf(u.FileName); err != nil {
		return u, err
	}
	if size > s.cfg.MostFile {
		return u, s.tooLarge(u.FileName)
	}
	if err := s.room(c, size); err != nil {
		return u, err
	}
	open, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM material_uploads WHERE collaborative_id = $1 AND account_id = $2`, c.Actor.Account[:])
	if err != nil {
		return u, err
	}
	if open >= mostUploads {
		// The oldest is given up: whoever began so many has left some.
		if _, err := c.Tx.Exec(`DELETE FROM material_uploads WHERE collaborative_id = $1 AND id IN (SELECT id FROM material_uploads WHERE collaborative_id = $1 AND account_id = $2 ORDER BY id LIMIT 1)`, c.Actor.Account[:]); err != nil {
			return u, err
		}
	}
	if _, err := c.Tx.Exec(`INSERT INTO material_uploads (collaborative_id, id, meeting_id, commitment_id, account_id, file_name, parts, size, complete, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, FALSE, $7)`,
		u.ID, u.MeetingID, u.CommitmentID, c.Actor.Account[:], u.FileName, store.Micros(c.Now)); err != nil {
		return u, err
	}
	c.Continue()
	return u, nil
}

// uploadOf reads an upload of the actor's own, for what was named.
func uploadOf(c *operation.Call, what holder, i UploadID) (Upload, error) {
	u, err := store.One(c.Tx, func(row store.Row) (u Upload, err error) {
		return u, row.Scan(&u.ID, &u.MeetingID, &u.CommitmentID, &u.FileName, &u.Parts, &u.Size, &u.Complete)
	}, `SELECT id, meeting_id, commitment_id, file_name, parts, size, complete FROM material_uploads WHERE collaborative_id = $1 AND id = $2 AND account_id = $3`, i, c.Actor.Account[:])
	if err == nil && u.holder() != what {
		return Upload{}, operation.Missing()
	}
	return u, err
}

// part is a piece of a file on its way.
type part struct {
	number  int64
	content []byte
	last    bool
}

func (s *Service) addPart(c *operation.Call, what holder, i UploadID, p part) (Upload, error) {
	u, err := uploadOf(c, what, i)
	if err != nil {
		return u, err
	}
	c.Continue()
	if p.number < u.Parts {
		return u, nil // a part that comes twice counts once
	}
	switch n := int64(len(p.content)); {
	case u.Complete, p.number > u.Parts:
		return u, operation.InvalidField("part", "errors.material_part_order", map[string]any{"Part": u.Parts})
	case n > PartBytes, n < PartBytes && !p.last:
		return u, operation.InvalidField("content", "errors.import_part", map[string]any{"Bytes": PartBytes})
	case u.Size+n > s.cfg.MostFile:
		return u, s.tooLarge(u.FileName)
	}
	u.Parts, u.Size, u.Complete = u.Parts+1, u.Size+int64(len(p.content)), p.last
	if _, err := c.Tx.Exec(`INSERT INTO material_parts (collaborative_id, upload_id, part, content) VALUES ($1, $2, $3, $4)`, u.ID, p.number, p.content); err != nil {
		return u, err
	}
	_, err = c.Tx.Exec(`UPDATE material_uploads SET parts = $3, size = $4, complete = $5 WHERE collaborative_id = $1 AND id = $2`, u.ID, u.Parts, u.Size, u.Complete)
	return u, err
}

func (s *Service) tooLarge(name string) error {
	return operation.InvalidField("file", "errors.material_too_large", map[string]any{"File": name, "Most": s.cfg.MostFile >> 20})
}

// room refuses what would go beyond the room of the collaborative.
func (s *Service) room(c *operation.Call, more int64) error {
	has, err := taken(c)
	if err == nil && has+more > s.cfg.MostRoom {
		err = operation.InvalidField("file", "errors.material_no_room", map[string]any{"Most": s.cfg.MostRoom >> 20, "Free": max(0, s.cfg.MostRoom-has) >> 20})
	}
	return err
}

type gatherInput struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	UploadID  UploadID            `json:"upload_id"`
}

// gathered is a file whose bytes are safe, of a kind that is taken.
type gathered struct {
	name, media string
	stored      files.Stored
	upload      UploadID
}

// partsOf reads the parts of an upload one after the other.
type partsOf struct {
	c      *operation.Call
	upload Upload
	next   int64
	rest   []byte
}

func (p *partsOf) Read(out []byte) (int, error) {
	for len(p.rest) == 0 {
		if p.next == p.upload.Parts {
			return 0, io.EOF
		}
		var err error
		if p.rest, err = store.Value[[]byte](p.c.Tx, `SELECT content FROM material_parts WHERE collaborative_id = $1 AND upload_id = $2 AND part = $3`, p.upload.ID, p.next); err != nil {
			return 0, err
		}
		p.next++
	}
	n := copy(out, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// bringTogether keeps the bytes of an upload and says what they are. Running it again
// keeps the same bytes once.
func (s *Service) bringTogether(c *operation.Call, what holder, i UploadID) (gathered, error) {
	u, err := uploadOf(c, what, i)
	if err != nil {
		return gathered{}, err
	}
	if !u.Complete {
		return gathered{}, operation.InvalidField("upload_id", "errors.material_incomplete")
	}
	if err := s.room(c, u.Size); err != nil {
		return gathered{}, err
	}
	g := gathered{name: u.FileName, upload: u.ID}
	g.stored, err = s.cfg.Files.Put(c.Context(), files.Place(c.Collaborative.ID), &partsOf{c: c, upload: u}, s.cfg.MostFile)
	if err != nil {
		return g, s.explained(u.FileName, err)
	}
	content, err := s.cfg.Files.Open(c.Context(), files.Place(c.Collaborative.ID), g.stored.Hash)
	if err != nil {
		return g, s.explained(u.FileName, err)
	}
	defer func() { _ = content.Close() }()
	k, err := judge(u.FileName, content, content.Size())
	g.media = k.media
	return g, err
}

// explained turns what the store of files says into an answer.
func (s *Service) explained(name string, err error) error {
	switch {
	case errors.Is(err, files.ErrTooLarge):
		return s.tooLarge(name)
	case errors.Is(err, files.ErrMissing), errors.Is(err, files.ErrDamaged):
		return &operation.Error{Kind: operation.Unavailable, Key: "errors.material_lost", Args: map[string]any{"File": name}, Cause: err}
	case errors.Is(err, syscall.ENOSPC):
		return &operation.Error{Kind: operation.Unavailable, Key: "errors.material_disk", Cause: err}
	}
	return err
}

// gatherFor brings an upload together, where one is named.
func gatherFor[In any](ctx context.Context, door *operation.Door, op *operation.Operation[In, gathered], u UploadID, in In) (gathered, error) {
	if u.IsZero() {
		return gathered{}, nil
	}
	g, err := op.Do(ctx, door, in)
	if operation.KindOf(err) == operation.NotFound {
		// It may have been added by a request that is repeated now, whose answer the
		// operation gives again; otherwise it says what is missing.
		return gathered{}, nil
	}
	return g, err
}

// SweepUploads removes uploads that nobody finished.
func SweepUploads(tx *store.Tx, now time.Time) error {
	_, err := tx.Exec(`DELETE FROM material_uploads WHERE collaborative_id = $1 AND created_at < $2`, store.Micros(now.Add(-UploadsKept)))
	return err
}
