// Package takeout takes everything a collaborative has recorded away, and puts it
// back into another installation. What is in an archive the capabilities say
// themselves; see platform/archive. This package makes archives in the background,
// keeps them for some days, hands them out, and loads them.
package takeout

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/files"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Kind names a takeout as a subject.
const Kind = "takeout"

// ID names a takeout.
type ID = id.Of[Takeout]

// State is where a takeout stands.
type State string

// The states. Refused is one whose maker lost the right to it meanwhile. NoRoom and
// Failed are given up after several attempts: the first because the disk is full,
// the other for what the program's log tells.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
	Refused State = "refused"
	NoRoom  State = "no_room"
	Failed  State = "failed"
)

// KeptFor is how long a takeout that somebody asked for is kept, and how long one
// may take.
const KeptFor = 7 * 24 * time.Hour

// Takeout is one archive of the collaborative, finished or under way.
type Takeout struct {
	ID             ID         `json:"id"`
	State          State      `json:"state" doc:"waiting, running, done, refused (the right to it was withdrawn), no_room (the disk is full) or failed."`
	AskedBy        string     `json:"asked_by"`
	Scheduled      bool       `json:"scheduled" doc:"Whether the schedule asked for it."`
	IncludePrivate bool       `json:"include_private" doc:"Whether what people told in confidence is in it."`
	IncludeHistory bool       `json:"include_history" doc:"Whether the audit log is in it."`
	Locked         bool       `json:"locked" doc:"Whether it is encrypted with a passphrase."`
	Done           int64      `json:"done" doc:"How many of its files have been written."`
	Total          int64      `json:"total" doc:"How many files there will be."`
	Rows           int64      `json:"rows" doc:"How many records have been written so far."`
	Bytes          int64      `json:"bytes" doc:"The size of the finished file."`
	AskedAt        time.Time  `json:"asked_at"`
	FinishedAt     *time.Time `json:"finished_at,omitempty"`
	ExpiresAt      *time.Time `json:"expires_at,omitempty" doc:"When it is deleted by itself; absent where newer ones take its place."`
}

// Open says whether it is still being made.
func (t Takeout) Open() bool { return t.State == Waiting || t.State == Running }

// FileName is what a takeout is called when it is downloaded, without the ending.
func (t Takeout) FileName(slug string) string {
	return slug + "-" + t.AskedAt.Format(time.DateOnly)
}

// Ending is the ending of its file.
func (t Takeout) Ending() string {
	if t.Locked {
		return "zip.age"
	}
	return "zip"
}

// Config is what the rest of the program gives.
type Config struct {
	Store *store.Store
	Now   func() time.Time
	// Secrets seals the passphrase of a schedule.
	Secrets operation.Sealer
	// Permissions is asked again while an archive is made.
	Permissions func() operation.Permissions
	// Entities are everything that is carried, parents before children.
	Entities []archive.Entity
	// Files keeps the bytes that records tell of.
	Files files.Store
	// Folder is where an archive lies while it is made.
	Folder string
	// Link leads to the page of takeouts of a collaborative, for letters.
	Link func(slug string) string
}

// Service makes and loads takeouts.
type Service struct {
	cfg Config

	Begin    *operation.Operation[BeginInput, Takeout]
	List     *operation.Operation[ListInput, operation.Page[Takeout]]
	Get      *operation.Operation[Ref, Takeout]
	Download *operation.Operation[DownloadInput, operation.Page[Part]]
	Delete   *operation.Operation[Ref, operation.None]
	Schedule *operation.Operation[ScheduleInput, Schedule]
	Planned  *operation.Operation[operation.None, Schedule]
	Load     loading
	Export   *operation.Operation[ExportInput, operation.None]
	OwnData  *operation.Operation[OwnDataInput, OwnData]
}

// New makes the service.
func New(cfg Config) *Service {
	s := &Service{cfg: cfg}
	s.cfg.Entities = append(s.cfg.Entities, archive.Of(carriedHistory))
	s.Begin, s.List, s.Get, s.Download, s.Delete = s.begin(), s.list(), s.get(), s.download(), s.remove()
	s.Schedule, s.Planned = s.schedule(), s.planned()
	s.Load, s.Export, s.OwnData = s.load(), s.export(), ownData()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{s.Begin, s.List, s.Get, s.Download, s.Delete, s.Schedule, s.Planned, s.Load, s.Export, s.OwnData}
}

// Entities are everything that is carried, the history last.
func (s *Service) Entities() []archive.Entity { return s.cfg.Entities }
