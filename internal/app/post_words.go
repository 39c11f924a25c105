package app

import (
	"context"

	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// words are what the collaborative of a letter says of its own in such letters, as they
// stand when it leaves; nil says ours. Words that do not fit any more, since a newer
// program names things otherwise, are passed over: a letter is not kept back for them.
func (p *Post) words(ctx context.Context, place operation.CollaborativeID, l access.Letter) (*mail.Own, error) {
	if l.Words != nil {
		return mail.NewOwn(l.Template, *l.Words)
	}
	key := wordsKey{place, string(l.Template), i18n.Language(i18n.With(ctx, l.Language))}
	return once(ctx, func(s *shared) (*mail.Own, bool) { own, ok := s.words[key]; return own, ok }, func(s *shared, own *mail.Own) { s.words[key] = own },
		func() (*mail.Own, error) { return p.ownWords(ctx, key) })
}

func (p *Post) ownWords(ctx context.Context, key wordsKey) (own *mail.Own, err error) {
	if key.place.IsZero() {
		return own, nil
	}
	var words mail.Words
	there := false
	err = p.app.Store.Read(ctx, key.place, func(tx *store.Tx) (err error) {
		words, there, err = letters.OwnWords(tx, key.template, key.language)
		return err
	})
	if err != nil || !there {
		return own, err
	}
	if own, err = mail.NewOwn(mail.Template(key.template), words); err != nil {
		p.app.Log.WarnContext(ctx, "a collaborative's words for a letter do not fit it; ours were sent", "letter", key.template, "language", key.language, "error", err)
		own = nil
	}
	return own, nil
}
