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
	var words mail.Words
	switch {
	case l.Words != nil:
		words = *l.Words
	case place.IsZero():
		return nil, nil
	default:
		own := false
		err := p.app.Store.Read(ctx, place, func(tx *store.Tx) (err error) {
			words, own, err = letters.OwnWords(tx, string(l.Template), i18n.Language(i18n.With(ctx, l.Language)))
			return err
		})
		if err != nil || !own {
			return nil, err
		}
	}
	own, err := mail.NewOwn(l.Template, words)
	if err != nil {
		p.app.Log.WarnContext(ctx, "a collaborative's words for a letter do not fit it; ours were sent", "letter", string(l.Template), "language", l.Language, "error", err)
		return nil, nil
	}
	return own, nil
}
