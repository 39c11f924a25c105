package materials

import (
	"time"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// EvidenceKind names evidence as a subject.
const EvidenceKind = "delivery-evidence"

// mostEvidence bounds what is kept of one delivery.
const mostEvidence = 20

// Evidence shows that something was given: a receipt, a photograph, an address. It is a
// material whose file has one version: it is added and taken away, and never changed.
type Evidence struct {
	ID           ID                     `json:"id" audit:"-"`
	CommitmentID commitments.ID         `json:"commitment_id" audit:"-"`
	DeliveryID   commitments.DeliveryID `json:"delivery_id" audit:"-"`
	Title        string                 `json:"title"`
	Link         string                 `json:"link,omitempty" doc:"The address, of evidence that is no file."`
	FileName     string                 `json:"file_name,omitempty"`
	MediaType    string                 `json:"media_type,omitempty" audit:"-"`
	Size         int64                  `json:"size,omitempty" audit:"-" doc:"In bytes."`
	SHA256       string                 `json:"sha256,omitempty" audit:"-"`
	ByID         directory.PersonID     `json:"by_id,omitempty" audit:"-"`
	By           string                 `json:"by,omitempty" audit:"-" doc:"Who brought the file."`
	Version      int64                  `json:"version" audit:"-"`
	CreatedAt    time.Time              `json:"created_at" audit:"-"`
	UpdatedAt    time.Time              `json:"updated_at" audit:"-"`
	DeletedAt    *time.Time             `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`

	file File
}

// CurrentVersion is what REST makes an ETag of.
func (e Evidence) CurrentVersion() int64 { return e.Version }

// IsLink says whether it is an address and no file.
func (e Evidence) IsLink() bool { return e.Link != "" }

// evidence is the noun.
var evidence = &operation.Noun[Evidence, ID]{Kind: EvidenceKind, Area: "delivery-evidence", Get: getEvidence, Update: updateEvidence,
	Head: func(e *Evidence) operation.Head[ID] {
		return operation.HeadOf(e.ID, &e.Version, &e.UpdatedAt, &e.DeletedAt)
	},
	Title: func(e Evidence) string { return e.Title },
	At:    func(e Evidence, version int64) any { return EvidenceVersion{e.CommitmentID, e.ID, version} }}

const evidenceText = `SELECT materials.id, deliveries.commitment_id, materials.delivery_id, materials.title, materials.link, materials.version, materials.created_at, materials.updated_at, materials.deleted_at
	FROM materials JOIN deliveries ON deliveries.collaborative_id = $1 AND deliveries.id = materials.delivery_id WHERE materials.collaborative_id = $1`

func scanEvidence(row store.Row) (Evidence, error) {
	var e Evidence
	var deleted time.Time
	err := row.Scan(&e.ID, &e.CommitmentID, &e.DeliveryID, &e.Title, &e.Link, &e.Version, store.ScanTime(&e.CreatedAt), store.ScanTime(&e.UpdatedAt), store.ScanTime(&deleted))
	e.DeletedAt = operation.Instant(deleted)
	return e, err
}

func getEvidence(c *operation.Call, i ID) (Evidence, error) {
	e, err := store.One(c.Tx, scanEvidence, evidenceText+` AND materials.id = $2`, i)
	if err != nil {
		return e, err
	}
	one := []Evidence{e}
	err = fillEvidence(c, one)
	return one[0], err
}

// evidenceOf is the evidence of everything given towards a commitment, in the order it came.
func evidenceOf(c *operation.Call, k commitments.ID) ([]Evidence, error) {
	all, err := store.Collect(c.Tx, scanEvidence, evidenceText+` AND deliveries.commitment_id = $2 AND deliveries.deleted_at IS NULL AND materials.deleted_at IS NULL ORDER BY materials.created_at, materials.id`, k)
	if err != nil {
		return nil, err
	}
	return all, fillEvidence(c, all)
}

// fillEvidence gives evidence its files.
func fillEvidence(c *operation.Call, list []Evidence) error {
	var ids []ID
	for _, e := range list {
		if !e.IsLink() {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	versions, err := versionsOf(c, ids)
	for k := range list {
		if files := versions[list[k].ID]; len(files) > 0 {
			e, f := &list[k], files[0]
			e.file, e.FileName, e.MediaType, e.Size, e.SHA256, e.ByID, e.By = f, f.FileName, f.MediaType, f.Size, f.SHA256, f.ByID, f.By
		}
	}
	return err
}

func insertEvidence(c *operation.Call, e Evidence) error {
	_, err := c.Tx.Exec(`INSERT INTO materials (collaborative_id, id, delivery_id, title, link, for_invited, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7, $7)`,
		e.ID, e.DeliveryID, e.Title, e.Link, e.Version, store.Micros(e.CreatedAt))
	return err
}

func updateEvidence(c *operation.Call, _, e Evidence) error {
	return operation.Changed(c.Tx.Exec(`UPDATE materials SET version = $3, updated_at = $4, deleted_at = $5 WHERE collaborative_id = $1 AND id = $2 AND version = $3 - 1`,
		e.ID, e.Version, store.Micros(e.UpdatedAt), operation.DeletedMicros(e.DeletedAt)))
}
