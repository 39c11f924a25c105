package app

import (
	"context"
	"sync"

	"commontable/internal/backbone/letters"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

const (
	// widest is how many letters are handed over at once at most.
	widest = 16
	// sure is how many letters in a row, for each that goes out at once, the mail server
	// takes before twice as many are tried.
	sure = 100
)

// pace is how many letters are handed to the mail server at once. It begins with one,
// grows while the server takes them, and halves when it does not: servers differ in how
// many connections they allow, and few say so.
type pace struct {
	mu    sync.Mutex
	width int
	taken int
}

// now is how many may go out at once.
func (p *pace) now() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(1, p.width)
}

// note learns from how a letter fared.
func (p *pace) note(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.width = max(1, p.width)
	if err != nil && !mail.IsPermanent(err) {
		p.width, p.taken = max(1, p.width/2), 0
		return
	}
	if p.taken++; p.taken >= sure*p.width {
		p.width, p.taken = min(widest, 2*p.width), 0
	}
}

// shared is what the letters of one round of work read once.
type shared struct {
	mu     sync.Mutex
	rules  map[operation.CollaborativeID]letters.Rules
	words  map[wordsKey]*mail.Own
	sender mail.Sender
}

type wordsKey struct {
	place              operation.CollaborativeID
	template, language string
}

type sharedKey struct{}

// round begins a round of work.
func (p *Post) round(ctx context.Context) context.Context {
	return context.WithValue(ctx, sharedKey{}, &shared{rules: map[operation.CollaborativeID]letters.Rules{}, words: map[wordsKey]*mail.Own{}})
}

// once reads something that a round needs once. Outside of a round it is read each time.
func once[T any](ctx context.Context, have func(*shared) (T, bool), keep func(*shared, T), read func() (T, error)) (T, error) {
	s, _ := ctx.Value(sharedKey{}).(*shared)
	if s == nil {
		return read()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := have(s); ok {
		return v, nil
	}
	v, err := read()
	if err == nil {
		keep(s, v)
	}
	return v, err
}
