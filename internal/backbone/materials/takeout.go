package materials

import (
	"time"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/files"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how materials leave an installation and enter another, with the bytes of
// their files.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedMaterials), archive.Of(carriedFiles)}
}

type materialRow struct {
	ID         ID                     `json:"id"`
	MeetingID  convening.MeetingID    `json:"meeting_id,omitzero" ref:"meetings"`
	DeliveryID commitments.DeliveryID `json:"delivery_id,omitzero" ref:"deliveries" doc:"What it is evidence of; it is of no meeting then."`
	ItemID     convening.ItemID       `json:"item_id,omitzero" ref:"agenda-items"`
	Title      string                 `json:"title" required:"true" maxLength:"200"`
	Link       string                 `json:"link,omitempty" maxLength:"1000" format:"url" doc:"The address, of a material that is no file."`
	ForInvited bool                   `json:"for_invited" doc:"Whether those invited by a personal link see it too."`
	CreatedAt  time.Time              `json:"created_at"`
	DeletedAt  *time.Time             `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedMaterials = archive.Kind[materialRow]{
	Name: "materials", Tables: []string{"materials"},
	Title: func(m materialRow) string { return m.Title },
	Read: func(r *archive.Reading, after materialRow, limit int64) ([]materialRow, error) {
		return store.Collect(r.Tx, archive.Scan[materialRow], `SELECT id, meeting_id, delivery_id, item_id, title, link, for_invited, created_at, deleted_at
			FROM materials WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []materialRow) error {
		var records [][]any
		var live, shown []ID
		for n, m := range rows {
			if m.MeetingID.IsZero() == m.DeliveryID.IsZero() {
				return &archive.RowFault{Row: n, Field: "meeting_id", Reason: "errors.required"}
			}
			if m.Link != "" && !Secure(m.Link) {
				return &archive.RowFault{Row: n, Field: "link", Reason: "errors.material_https"}
			}
			switch {
			case m.DeletedAt != nil:
			case m.MeetingID.IsZero():
				shown = append(shown, m.ID)
			default:
				live = append(live, m.ID)
			}
			records = append(records, archive.Values(&m, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO materials (collaborative_id, version, id, meeting_id, delivery_id, item_id, title, link, for_invited, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, records); err != nil {
			return err
		}
		if err := operation.CountAll(l.Tx, EvidenceKind, shown); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}

type fileRow struct {
	ID          id.Of[File]        `json:"id"`
	MaterialID  ID                 `json:"material_id" ref:"materials"`
	Number      int64              `json:"number" minimum:"1" maximum:"1000000"`
	FileName    string             `json:"file_name" required:"true" maxLength:"255"`
	MediaType   string             `json:"media_type" required:"true" maxLength:"200"`
	Size        int64              `json:"size" minimum:"1" maximum:"1073741824" doc:"In bytes."`
	Hash        string             `json:"hash" required:"true" maxLength:"64" doc:"SHA-256 of its bytes, by which they are named in the folder files."`
	Note        string             `json:"note,omitempty" maxLength:"500" doc:"What is new in it."`
	ByPersonID  directory.PersonID `json:"by_person_id,omitzero" ref:"people"`
	ByName      string             `json:"by_name,omitempty" maxLength:"400" doc:"Who brought it, where they are not on record."`
	WithdrawnAt *time.Time         `json:"withdrawn_at,omitempty" doc:"When it was withdrawn."`
	CreatedAt   time.Time          `json:"created_at"`
}

func (f fileRow) sum() files.Hash {
	h, _ := files.ParseHash(f.Hash)
	return h
}

var carriedFiles = archive.Kind[fileRow]{
	Name: "material-files", Tables: []string{"material_files"},
	Blob: func(f fileRow) archive.Blob {
		return archive.Blob{Hash: f.sum(), Size: f.Size, Ending: ending(SafeName(f.FileName))}
	},
	Read: func(r *archive.Reading, after fileRow, limit int64) ([]fileRow, error) {
		return store.Collect(r.Tx, archive.Scan[fileRow], `SELECT id, material_id, number, file_name, media_type, size, hash, note, by_person_id, by_name, withdrawn_at, created_at
			FROM material_files WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []fileRow) error {
		var records [][]any
		for n, f := range rows {
			// What a file may be is not taken from an archive that anybody may have
			// written: its name decides, as it does for files that are brought.
			k, err := kindOf(f.FileName)
			switch {
			case err != nil || SafeName(f.FileName) != f.FileName:
				return &archive.RowFault{Row: n, Field: "file_name", Reason: "errors.material_file_name"}
			case f.sum().String() != f.Hash:
				return &archive.RowFault{Row: n, Field: "hash", Reason: "errors.required"}
			}
			f.MediaType = k.media
			records = append(records, archive.Values(&f))
		}
		return l.Tx.ExecRows(`INSERT INTO material_files (collaborative_id, id, material_id, number, file_name, media_type, size, hash, note, by_person_id, by_name, withdrawn_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, records)
	},
}

// OwnFile is a file that somebody brought.
type OwnFile struct {
	Material string    `json:"material"`
	FileName string    `json:"file_name"`
	At       time.Time `json:"at"`
}

// OfPerson are the files that somebody brought. It checks no permission: it is for what
// is told to the person themselves.
func OfPerson(c *operation.Call, person directory.PersonID) ([]OwnFile, error) {
	return store.Collect(c.Tx, func(row store.Row) (o OwnFile, err error) {
		return o, row.Scan(&o.Material, &o.FileName, store.ScanTime(&o.At))
	}, `SELECT materials.title, material_files.file_name, material_files.created_at FROM material_files JOIN materials ON materials.collaborative_id = $1 AND materials.id = material_files.material_id
		WHERE material_files.collaborative_id = $1 AND material_files.by_person_id = $2 ORDER BY material_files.id LIMIT 5000`, person)
}
