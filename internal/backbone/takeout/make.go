package takeout

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/files"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// MakeKind is the kind of work that makes an archive.
const MakeKind = "takeouts.make"

// making is its payload, which the queue seals.
type making struct {
	ID         ID     `json:"id"`
	Passphrase string `json:"passphrase,omitempty"`
}

const (
	// partSize is how much of an archive one row holds.
	partSize = 512 << 10
	// stepEvery is how often the page of takeouts hears of progress, and how long
	// a right that was withdrawn may still be used.
	stepEvery = 500 * time.Millisecond
	// mostAttempts is how often an archive is tried; with the pauses between, for
	// about four minutes.
	mostAttempts = 5
)

// errEnded says that a takeout was deleted or refused while it was made.
var errEnded = errors.New("takeout: it was ended")

// Make makes one archive: everything is read in one snapshot into a file, and the
// file is stored in parts. A run that was broken off begins again. It is for
// background work; whether whoever asked may still have it is asked at every step.
func (s *Service) Make(ctx context.Context, j jobs.Job) error {
	var work making
	if err := json.Unmarshal(j.Payload, &work); err != nil {
		return jobs.Permanent(err)
	}
	m := &maker{service: s, ctx: ctx, place: j.Collaborative, passphrase: work.Passphrase}
	var err error
	if m.takeout, err = m.claim(work.ID); err != nil {
		return ended(err)
	}
	if err = ended(m.make()); err == nil || ctx.Err() != nil || j.Attempts < mostAttempts {
		return err
	}
	return m.giveUp(err)
}

// make writes the archive and stores it.
func (m *maker) make() error {
	file, err := os.CreateTemp(m.service.cfg.Folder, "takeout-*")
	if err != nil {
		return fmt.Errorf("the takeout cannot be written: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	defer func() { _ = file.Close() }()
	if err := m.write(file); err != nil {
		return err
	}
	return m.store(file)
}

// giveUp ends a takeout that failed too often, so that whoever waits for it learns
// why, and the work with it.
func (m *maker) giveUp(why error) error {
	state := Failed
	if errors.Is(why, store.ErrFull) || errors.Is(why, syscall.ENOSPC) {
		state = NoRoom
	}
	if err := m.whileOpen(func(tx *store.Tx, t Takeout) error { return stop(tx, t.ID, state, m.service.cfg.Now()) }); ended(err) != nil {
		return errors.Join(why, err)
	}
	return jobs.Permanent(why)
}

// ended makes no failure of a takeout that nobody wants any more.
func ended(err error) error {
	if errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// maker is one archive being made.
type maker struct {
	service    *Service
	ctx        context.Context
	place      operation.CollaborativeID
	takeout    Takeout
	passphrase string

	done, total, rows int64
	stepped           time.Time
}

// claim finds the takeout and removes what a run before this one left.
func (m *maker) claim(i ID) (t Takeout, err error) {
	err = m.service.cfg.Store.Write(m.ctx, m.place, func(tx *store.Tx) error {
		if t, err = m.permitted(tx, i); err != nil {
			return err
		}
		if !t.Open() {
			return nil // refused just now, or finished by another process
		}
		return dropParts(tx, i)
	})
	if err == nil && !t.Open() {
		err = errEnded
	}
	return t, err
}

// permitted reads a takeout again and ends it when whoever asked for it no longer
// may. The answer is then no error, so that the end is kept.
func (m *maker) permitted(tx *store.Tx, i ID) (Takeout, error) {
	account, err := store.Value[operation.AccountID](tx, `SELECT account_id FROM takeouts WHERE collaborative_id = $1 AND id = $2`, i)
	if errors.Is(err, store.ErrNotFound) {
		return Takeout{}, errEnded
	}
	if err != nil {
		return Takeout{}, err
	}
	t, err := read(tx, i)
	if err != nil || account.IsZero() || !t.Open() {
		return t, err
	}
	may, err := m.service.allowed(tx, m.place, account, t.IncludePrivate)
	if err != nil || may {
		return t, err
	}
	t.State = Refused
	return t, stop(tx, i, Refused, m.service.cfg.Now())
}

// allowed says whether an account may have a takeout now.
func (s *Service) allowed(tx *store.Tx, place operation.CollaborativeID, account operation.AccountID, private bool) (bool, error) {
	actor, err := access.Standing(tx.Installation(), place, account)
	if err != nil {
		return false, err
	}
	table := s.cfg.Permissions()
	return table.AllowsAll(beginID, actor) && (!private || table.AllowsAll(seePrivate, actor)), nil
}

// step notes progress and asks whether to go on. It does both seldom enough not
// to matter.
func (m *maker) step(now bool) error {
	if !now && time.Since(m.stepped) < stepEvery {
		return m.ctx.Err()
	}
	m.stepped = time.Now()
	open := true
	err := m.service.cfg.Store.Write(m.ctx, m.place, func(tx *store.Tx) error {
		t, err := m.permitted(tx, m.takeout.ID)
		if open = err == nil && t.Open(); err != nil || !open {
			return err
		}
		return progress(tx, t.ID, m.done, m.total, m.rows)
	})
	if err == nil && !open {
		err = errEnded
	}
	return err
}

// write writes the archive into a file.
func (m *maker) write(file io.Writer) error {
	o := Options{Private: m.takeout.IncludePrivate, History: m.takeout.IncludeHistory, Passphrase: m.passphrase}
	return m.service.Write(m.ctx, m.place, file, o, func(p Progress) error {
		m.done, m.total, m.rows = p.Done, p.Total, p.Rows
		return m.step(p.Rows == 0)
	})
}

// store puts the file into the database, a part in each transaction.
func (m *maker) store(file *os.File) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(file, partSize)
	part := make([]byte, partSize)
	var bytes int64
	for number := int64(0); ; number++ {
		n, err := io.ReadFull(in, part)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		bytes += int64(n)
		if err := m.whileOpen(func(tx *store.Tx, t Takeout) error { return insertPart(tx, t.ID, number, part[:n]) }); err != nil {
			return err
		}
	}
	return m.whileOpen(func(tx *store.Tx, t Takeout) error {
		now := m.service.cfg.Now()
		if err := finish(tx, t, m.rows, bytes, now); err != nil || !t.Scheduled {
			return err
		}
		return m.service.tell(tx, m.place, now)
	})
}

// whileOpen does something to a takeout that is still wanted.
func (m *maker) whileOpen(do func(tx *store.Tx, t Takeout) error) error {
	open := false
	err := m.service.cfg.Store.Write(m.ctx, m.place, func(tx *store.Tx) error {
		t, err := m.permitted(tx, m.takeout.ID)
		if open = err == nil && t.Open(); err != nil || !open {
			return err
		}
		return do(tx, t)
	})
	if err == nil && !open {
		err = errEnded
	}
	return err
}

// Options choose what goes into an archive.
type Options struct {
	// Private asks for what people told in confidence.
	Private bool
	// History asks for the audit log.
	History bool
	// Passphrase encrypts the archive, "" does not.
	Passphrase string
}

// Progress is how far an archive has come.
type Progress struct {
	Done, Total int64  // files
	Rows        int64  // of all files so far
	File        string // the one being written
}

// Write writes an archive of a collaborative as it stands in one snapshot. step is
// told of progress, often, and may end the writing. It checks no permission: it is
// for background work and the command line.
func (s *Service) Write(ctx context.Context, place operation.CollaborativeID, w io.Writer, o Options, step func(Progress) error) error {
	out := w
	var lock io.WriteCloser
	if o.Passphrase != "" {
		var err error
		if lock, err = archive.Lock(w, o.Passphrase); err != nil {
			return err
		}
		out = lock
	}
	begun := false
	err := s.cfg.Store.Read(ctx, place, func(tx *store.Tx) error {
		if begun {
			// The engine repeats reads whose connection broke; half an archive is
			// already written.
			return fmt.Errorf("%w: the connection broke during the takeout", store.ErrUnavailable)
		}
		begun = true
		where, err := located(tx, place)
		if err != nil {
			return err
		}
		contents := archive.Contents{Entities: s.cfg.Entities, History: o.History}
		contents.Readme = readme(where, contents, o.Private)
		p := Progress{Total: int64(len(contents.Files()))}
		c := &operation.Call{Tx: tx, Installation: tx.Installation(), Actor: operation.System(), Collaborative: where, Now: s.cfg.Now()}
		r := &archive.Reading{Call: c, Private: o.Private, Step: func(rows int64) error {
			p.Rows += rows
			return step(p)
		}}
		r.Open = func(hash [32]byte) (io.ReadCloser, error) { return s.cfg.Files.Open(ctx, files.Place(place), hash) }
		return archive.Write(out, contents, r, func(name string) error {
			if p.File != "" {
				p.Done++
			}
			p.File = name
			return step(p)
		})
	})
	if err == nil && lock != nil {
		err = lock.Close()
	}
	return err
}

// located is the collaborative as background work knows it.
func located(tx *store.Tx, place operation.CollaborativeID) (operation.Collaborative, error) {
	return store.One(tx.Installation(), func(row store.Row) (c operation.Collaborative, err error) {
		var zone string
		err = row.Scan(&c.ID, &c.Slug, &c.Name, &zone, &c.Language)
		if c.Zone, _ = time.LoadLocation(zone); c.Zone == nil {
			c.Zone = time.UTC
		}
		return c, err
	}, `SELECT id, slug, name, zone, language FROM collaboratives WHERE id = $1`, place)
}
