package intake

import (
	"context"
	"errors"
	"io"
	"sync"
)

const (
	blockSize  = 256 << 10
	blocksKept = 8
)

// blocks reads a source in large blocks and keeps the last few, since every read may be a question to a
// database while the packages that read archives ask for a few bytes at a time. It remembers the first
// failure of the source, which the formats above would otherwise take for a damaged file.
type blocks struct {
	src  io.ReaderAt
	size int64

	lock   sync.Mutex
	kept   [blocksKept]block
	clock  int64
	failed error
	// allowance is how many bytes may still be read; negative is without bound.
	allowance int64
}

type block struct {
	number int64
	used   int64 // when, by the clock of blocks; 0 is never
	data   []byte
}

// errAllowance ends a reading that was given a bound.
var errAllowance = errors.New("intake: more was read than the purpose needs")

func newBlocks(src io.ReaderAt, size int64) *blocks {
	return &blocks{src: src, size: size, allowance: -1}
}

// blame returns the failure of the source instead of what it led to.
func (b *blocks) blame(err error) error {
	b.lock.Lock()
	defer b.lock.Unlock()
	if failed := b.failed; failed != nil {
		b.failed = nil
		return failed
	}
	return err
}

// ReadAt is io.ReaderAt.
func (b *blocks) ReadAt(p []byte, offset int64) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.allowance >= 0 {
		if b.allowance -= int64(len(p)); b.allowance < 0 {
			b.allowance = 0
			return 0, errAllowance
		}
	}
	done := 0
	for done < len(p) {
		at := offset + int64(done)
		if at < 0 || at >= b.size {
			return done, io.EOF
		}
		data, err := b.block(at / blockSize)
		if err != nil {
			return done, err
		}
		within := at % blockSize
		if within >= int64(len(data)) {
			return done, io.ErrUnexpectedEOF
		}
		done += copy(p[done:], data[within:])
	}
	return done, nil
}

func (b *blocks) block(number int64) ([]byte, error) {
	b.clock++
	oldest := &b.kept[0]
	for i := range b.kept {
		k := &b.kept[i]
		if k.used > 0 && k.number == number {
			k.used = b.clock
			return k.data, nil
		}
		if k.used < oldest.used {
			oldest = k
		}
	}
	want := min(blockSize, b.size-number*blockSize)
	if int64(cap(oldest.data)) < want {
		oldest.data = make([]byte, want)
	}
	oldest.data = oldest.data[:want]
	oldest.number, oldest.used = number, 0
	n, err := b.src.ReadAt(oldest.data, number*blockSize)
	if int64(n) < want {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		b.failed = err
		return nil, err
	}
	oldest.used = b.clock
	return oldest.data, nil
}

// peek is the n bytes at offset, nil where they cannot be read.
func (b *blocks) peek(offset int64, n int) []byte {
	p := make([]byte, n)
	if _, err := b.ReadAt(p, offset); err != nil {
		return nil
	}
	return p
}

// open reads from the beginning to the end.
func (b *blocks) open(ctx context.Context) (io.ReadCloser, error) {
	return io.NopCloser(attentive{ctx, io.NewSectionReader(b, 0, b.size)}), nil
}

// attentive stops reading when ctx ends. Whatever is read for long goes through it.
type attentive struct {
	ctx context.Context
	in  io.Reader
}

func (a attentive) Read(p []byte) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	return a.in.Read(p)
}

// allow lets n more bytes be read, after which reading fails with errAllowance; negative lifts the bound.
func (b *blocks) allow(n int64) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.allowance = n
}
