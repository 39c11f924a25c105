package store

import "time"

// BackupFormat is the version of the backup's own layout; see
// docs/administrator.md.
const BackupFormat = 1

const (
	manifestMember  = "manifest.json"
	signatureMember = "manifest.sig"
	tablesFolder    = "tables/"
	filesFolder     = "files/"
	tablesSuffix    = ".jsonl"
)

// Manifest says what a backup holds. It names the installation key by its
// fingerprint and never holds it.
type Manifest struct {
	Format  int             `json:"format"`
	Program string          `json:"program"`
	Created time.Time       `json:"created"`
	Engine  string          `json:"engine"`
	Key     string          `json:"key_fingerprint,omitempty"`
	Schema  []SchemaStep    `json:"schema"`
	Tables  []TableManifest `json:"tables"`
	Files   []FileManifest  `json:"files,omitempty"`
}

// SchemaStep is one migration the database had.
type SchemaStep struct {
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

// TableManifest is one table: its columns in the order of the values of a line,
// and what its member must come to.
type TableManifest struct {
	Name    string            `json:"name"`
	Columns [][2]string       `json:"columns"` // name and kind
	Rows    int64             `json:"rows"`
	Content ContentOfManifest `json:"content"`
}

// FileManifest is one file of the files folder, by its slash-separated path.
type FileManifest struct {
	Path    string            `json:"path"`
	Content ContentOfManifest `json:"content"`
}

// ContentOfManifest is what a member must come to when it is read.
type ContentOfManifest struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Rows is how many rows the backup holds in all.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}
