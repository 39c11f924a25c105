// Package filestest is what every engine that keeps files has to do.
package filestest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"commontable/internal/platform/files"
)

// Run runs the suite. open gives an empty store whose time is what now says; damage
// changes a byte of content that is kept.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) files.Store, damage func(t *testing.T, s files.Store, p files.Place, h files.Hash)) {
	ctx := t.Context()
	here, there := files.Place{1}, files.Place{2}
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	start := func(t *testing.T) files.Store { t.Helper(); return open(t, func() time.Time { return now }) }
	put := func(t *testing.T, s files.Store, p files.Place, content []byte) files.Stored {
		t.Helper()
		out, err := s.Put(ctx, p, bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	read := func(t *testing.T, s files.Store, p files.Place, h files.Hash) ([]byte, error) {
		t.Helper()
		in, err := s.Open(ctx, p, h)
		if err != nil {
			return nil, err
		}
		defer func() { _ = in.Close() }()
		content, err := io.ReadAll(in)
		if int64(len(content)) != in.Size() {
			t.Errorf("%d bytes, told were %d", len(content), in.Size())
		}
		return content, err
	}
	none := func([]files.Hash) (map[files.Hash]bool, error) { return nil, nil }

	t.Run("gives back what it was given", func(t *testing.T) {
		s := start(t)
		for _, content := range [][]byte{{}, []byte("minutes"), bytes.Repeat([]byte{0, 1, 2}, 1<<20)} {
			out := put(t, s, here, content)
			if out.Hash != files.Hash(sha256.Sum256(content)) || out.Size != int64(len(content)) {
				t.Errorf("kept as %s, %d bytes", out.Hash, out.Size)
			}
			if got, err := read(t, s, here, out.Hash); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes came back, %v", len(got), err)
			}
			if is, err := s.Has(ctx, here, out.Hash); err != nil || !is {
				t.Errorf("has %v, %v", is, err)
			}
		}
	})
	t.Run("reads from the middle", func(t *testing.T) {
		s := start(t)
		in, err := s.Open(ctx, here, put(t, s, here, []byte("0123456789")).Hash)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = in.Close() }()
		if _, err := in.Seek(-3, io.SeekEnd); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(in); err != nil || string(got) != "789" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("shares nothing between places", func(t *testing.T) {
		s := start(t)
		out := put(t, s, here, []byte("confidential"))
		if is, err := s.Has(ctx, there, out.Hash); err != nil || is {
			t.Errorf("has %v, %v", is, err)
		}
		if _, err := read(t, s, there, out.Hash); !errors.Is(err, files.ErrMissing) {
			t.Errorf("%v", err)
		}
		places, err := s.Places(ctx)
		if err != nil || len(places) != 1 || places[0] != here {
			t.Errorf("%v, %v", places, err)
		}
	})
	t.Run("stops at the limit and keeps nothing", func(t *testing.T) {
		s := start(t)
		content := []byte("one too many")
		if _, err := s.Put(ctx, here, bytes.NewReader(content), int64(len(content))-1); !errors.Is(err, files.ErrTooLarge) {
			t.Errorf("%v", err)
		}
		if is, _ := s.Has(ctx, here, sha256.Sum256(content)); is {
			t.Error("it is there")
		}
		endless := &counted{in: zeros{}}
		if _, err := s.Put(ctx, here, endless, 1<<20); !errors.Is(err, files.ErrTooLarge) || endless.n > 2<<20 {
			t.Errorf("%v after %d bytes", err, endless.n)
		}
	})
	t.Run("keeps nothing of what broke off", func(t *testing.T) {
		s := start(t)
		broke := errors.New("the line broke")
		if _, err := s.Put(ctx, here, io.MultiReader(bytes.NewReader([]byte("half")), iotest.ErrReader(broke)), 100); !errors.Is(err, broke) {
			t.Errorf("%v", err)
		}
		if is, _ := s.Has(ctx, here, sha256.Sum256([]byte("half"))); is {
			t.Error("half is there")
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Put(ended, here, bytes.NewReader([]byte("late")), 100); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
	t.Run("takes the same content from many at once", func(t *testing.T) {
		s := start(t)
		content := bytes.Repeat([]byte("alike"), 10000)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := s.Put(ctx, here, bytes.NewReader(content), 1<<20); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got, err := read(t, s, here, sha256.Sum256(content)); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
	t.Run("notices damage", func(t *testing.T) {
		s := start(t)
		out := put(t, s, here, []byte("exactly this"))
		damage(t, s, here, out.Hash)
		if _, err := read(t, s, here, out.Hash); !errors.Is(err, files.ErrDamaged) {
			t.Errorf("%v", err)
		}
		if _, err := s.Open(ctx, here, files.Hash{9}); !errors.Is(err, files.ErrMissing) {
			t.Errorf("%v", err)
		}
	})
	t.Run("sweeps what nobody wants, after its time", func(t *testing.T) {
		s := start(t)
		began := now
		defer func() { now = began }()
		kept, left := put(t, s, here, []byte("kept")), put(t, s, here, []byte("left"))
		wants := func(asked []files.Hash) (map[files.Hash]bool, error) {
			return map[files.Hash]bool{kept.Hash: true}, nil
		}
		sweep := func(want int, wanted func([]files.Hash) (map[files.Hash]bool, error)) {
			t.Helper()
			if n, err := s.Sweep(ctx, here, now.Add(-24*time.Hour), wanted); err != nil || n != want {
				t.Errorf("swept %d, %v; wanted %d", n, err, want)
			}
		}
		now = now.Add(23 * time.Hour)
		sweep(0, wants)
		now = now.Add(2 * time.Hour)
		sweep(1, wants)
		if is, _ := s.Has(ctx, here, left.Hash); is {
			t.Error("what nobody wants is still there")
		}
		// It stops being wanted only now, and gets its day from here.
		now = now.Add(20 * time.Hour)
		sweep(0, none)
		now = now.Add(5 * time.Hour)
		sweep(1, none)
	})
	t.Run("leaves what is brought again", func(t *testing.T) {
		s := start(t)
		began := now
		defer func() { now = began }()
		out := put(t, s, here, []byte("again"))
		now = now.Add(48 * time.Hour)
		n, err := s.Sweep(ctx, here, now.Add(-24*time.Hour), func([]files.Hash) (map[files.Hash]bool, error) {
			put(t, s, here, []byte("again")) // before it is judged
			return nil, nil
		})
		if is, _ := s.Has(ctx, here, out.Hash); err != nil || n != 0 || !is {
			t.Errorf("swept %d, %v, there %v", n, err, is)
		}
	})
	t.Run("removes nothing when it cannot ask", func(t *testing.T) {
		s := start(t)
		began := now
		defer func() { now = began }()
		out := put(t, s, here, []byte("asked"))
		now = now.Add(48 * time.Hour)
		down := errors.New("the database is down")
		if _, err := s.Sweep(ctx, here, now, func([]files.Hash) (map[files.Hash]bool, error) { return nil, down }); !errors.Is(err, down) {
			t.Errorf("%v", err)
		}
		if is, _ := s.Has(ctx, here, out.Hash); !is {
			t.Error("it is gone")
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counted struct {
	in io.Reader
	n  int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}
