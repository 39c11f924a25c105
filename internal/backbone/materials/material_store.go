package materials

import (
	"fmt"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `materials.id, materials.meeting_id, materials.item_id, agenda_items.title, materials.title, materials.link, materials.for_invited, materials.version, materials.created_at,
	materials.updated_at, materials.deleted_at`

const tables = ` FROM materials LEFT JOIN agenda_items ON agenda_items.collaborative_id = $1 AND agenda_items.id = materials.item_id AND agenda_items.deleted_at IS NULL WHERE materials.collaborative_id = $1`

func scan(row store.Row) (Material, error) {
	var m Material
	var deleted time.Time
	err := row.Scan(&m.ID, &m.MeetingID, &m.ItemID, store.ScanText(&m.Item), &m.Title, &m.Link, &m.ForInvited, &m.Version, store.ScanTime(&m.CreatedAt), store.ScanTime(&m.UpdatedAt), store.ScanTime(&deleted))
	m.DeletedAt = operation.Instant(deleted)
	return m, err
}

func get(c *operation.Call, i ID) (Material, error) {
	m, err := store.One(c.Tx, scan, `SELECT `+columns+tables+` AND materials.id = $2 AND materials.meeting_id IS NOT NULL`, i)
	if err != nil {
		return m, err
	}
	one := []Material{m}
	err = fill(c, one)
	return one[0], err
}

// listed are the materials of a meeting, in the order they came.
func listed(c *operation.Call, m convening.MeetingID) ([]Material, error) {
	all, err := store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND materials.meeting_id = $2 AND materials.deleted_at IS NULL ORDER BY materials.created_at, materials.id`, m)
	if err != nil {
		return nil, err
	}
	return all, fill(c, all)
}

const fileText = `SELECT material_files.id, material_files.material_id, material_files.number, material_files.file_name, material_files.media_type, material_files.size, material_files.hash, material_files.note,
	material_files.by_person_id, material_files.by_name, people.given_name, people.family_name, material_files.withdrawn_at, material_files.created_at
	FROM material_files LEFT JOIN people ON people.collaborative_id = $1 AND people.id = material_files.by_person_id WHERE material_files.collaborative_id = $1`

func scanFile(row store.Row) (File, error) {
	var f File
	var name directory.Person
	var withdrawn time.Time
	err := row.Scan(&f.id, &f.material, &f.Number, &f.FileName, &f.MediaType, &f.Size, &f.SHA256, &f.Note, &f.ByID, &f.alone, store.ScanText(&name.GivenName), store.ScanText(&name.FamilyName),
		store.ScanTime(&withdrawn), store.ScanTime(&f.CreatedAt))
	f.hash, _ = files.ParseHash(f.SHA256)
	f.WithdrawnAt, f.By = operation.Instant(withdrawn), f.alone
	if !f.ByID.IsZero() {
		f.By = name.Name()
	}
	return f, err
}

// fill gives materials their versions.
func fill(c *operation.Call, list []Material) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]ID, len(list))
	for k, m := range list {
		ids[k] = m.ID
	}
	versions, err := versionsOf(c, ids)
	for k, m := range list {
		list[k] = m.with(versions[m.ID])
	}
	return err
}

// versionsOf are the files of materials, the newest first.
func versionsOf(c *operation.Call, ids []ID) (map[ID][]File, error) {
	versions := map[ID][]File{}
	all, err := store.Collect(c.Tx, scanFile, fileText+` AND material_files.material_id IN ($2) ORDER BY material_files.material_id, material_files.number DESC`, store.In(ids))
	for _, f := range all {
		versions[f.material] = append(versions[f.material], f)
	}
	return versions, err
}

func insert(c *operation.Call, m Material) error {
	_, err := c.Tx.Exec(`INSERT INTO materials (collaborative_id, id, meeting_id, item_id, title, link, for_invited, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		m.ID, m.MeetingID, m.ItemID, m.Title, m.Link, m.ForInvited, m.Version, store.Micros(m.CreatedAt))
	return err
}

func update(c *operation.Call, _, m Material) error {
	return operation.Changed(c.Tx.Exec(`UPDATE materials SET item_id = $3, title = $4, link = $5, for_invited = $6, version = $7, updated_at = $8, deleted_at = $9
		WHERE collaborative_id = $1 AND id = $2 AND version = $7 - 1`,
		m.ID, m.ItemID, m.Title, m.Link, m.ForInvited, m.Version, store.Micros(m.UpdatedAt), operation.DeletedMicros(m.DeletedAt)))
}

func insertFile(c *operation.Call, f File) error {
	_, err := c.Tx.Exec(`INSERT INTO material_files (collaborative_id, id, material_id, number, file_name, media_type, size, hash, note, by_person_id, by_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		f.id, f.material, f.Number, f.FileName, f.MediaType, f.Size, f.hash.String(), f.Note, f.ByID, f.alone, store.Micros(f.CreatedAt))
	return err
}

// taken is how many bytes all files of the collaborative have, those in the trash and
// those withdrawn among them: they can come back.
func taken(c *operation.Call) (int64, error) {
	return store.Value[int64](c.Tx, `SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM material_files WHERE collaborative_id = $1`)
}

// Wanted says which content rows still name. It is for sweeping.
func Wanted(tx *store.Tx, hashes []files.Hash) (map[files.Hash]bool, error) {
	out := map[files.Hash]bool{}
	for _, h := range hashes {
		n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM material_files WHERE collaborative_id = $1 AND hash = $2`, h.String())
		if err != nil {
			return nil, err
		}
		out[h] = n > 0
	}
	return out, nil
}

// Named lists, in pages by the ids of the rows, which content rows name. It is for
// looking whether all of it is there; last is where the next page begins, and no
// hashes mean that there is none.
func Named(tx *store.Tx, after [16]byte) (hashes []files.Hash, last [16]byte, err error) {
	last = after
	err = store.Each(tx, func(row store.Row) error {
		var i ID
		var digits string
		if err := row.Scan(&i, &digits); err != nil {
			return err
		}
		h, ok := files.ParseHash(digits)
		if !ok {
			return fmt.Errorf("materials: %q is no hash", digits)
		}
		hashes, last = append(hashes, h), i
		return nil
	}, `SELECT id, hash FROM material_files WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 500`, after[:])
	return hashes, last, err
}
