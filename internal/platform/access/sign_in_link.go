package access

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// LinkRequestKind is the kind of work that answers a request for a sign-in
// link; see Service.Jobs.
const LinkRequestKind = "access.sign-in-link"

// linkRequest asks for a sign-in link.
type linkRequest struct {
	Email string `json:"email" required:"true" format:"email" maxLength:"254"`
	Next  string `json:"next" text:"raw" maxLength:"1000"`
}

// signInLink is what a sign-in link remembers.
type signInLink struct {
	Next string `json:"next,omitempty"`
}

// RequestLink asks for a sign-in link by mail. Here nobody even looks whether
// the address has an account: that is left to the queue, so that the answer
// cannot tell.
func (s *Service) RequestLink(ctx context.Context, door *operation.Door, email, next string) error {
	draws := []Draw{{limitLinkMailbox, EmailKey(email)}, {limitLinkAddress, ClientFrom(ctx).network()}, {limitLinkInstallation, ""}}
	if err := s.Limiter.TakeAll(ctx, draws...); err != nil {
		s.event(ctx, "link_limited", s.mark(email), reason(err))
		return err
	}
	_, err := s.requestLink.Do(ctx, door, linkRequest{Email: email, Next: SafeNext(next)})
	if err == nil {
		s.event(ctx, "link_requested", s.mark(email))
	}
	return err
}

func (s *Service) runRequestLink(c *operation.Call, in linkRequest) (none operation.None, err error) {
	c.Continue() // nothing has happened yet; what is sent is recorded
	c.Enqueue(operation.Later{Kind: LinkRequestKind, Payload: in})
	return none, nil
}

// Jobs are the handlers of this package's background work by kind.
func (s *Service) Jobs(door *operation.Door) map[string]func(ctx context.Context, payload []byte) error {
	return map[string]func(context.Context, []byte) error{
		LinkRequestKind: func(ctx context.Context, payload []byte) error {
			var in linkRequest
			if err := json.Unmarshal(payload, &in); err != nil {
				return err
			}
			_, err := s.sendLink.Do(operation.WithActor(ctx, operation.System()), door, in)
			return err
		},
	}
}

func (s *Service) runSendLink(c *operation.Call, in linkRequest) (none operation.None, err error) {
	a, err := FindAccount(c.Installation, in.Email)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Disabled != nil {
		c.Continue()
		return none, nil
	}
	if err != nil {
		return none, err
	}
	c.Changed(a.subject(), a.Name, a.Version, nil, nil)
	secret, expires, err := s.makeSignInLink(c.Installation, c.Now, a, in.Next, signInLinkFor)
	if err != nil {
		return none, err
	}
	sendTo(c, a, mail.SignInLink, mail.Data{Link: s.link(PathSignInLink + secret), Expires: expires})
	return none, nil
}

func (s *Service) makeSignInLink(tx *store.InstallationTx, now time.Time, a Account, next string, life time.Duration) (secret string, expires time.Time, err error) {
	expires = now.Add(life)
	secret, _, err = newLink(tx, now, toSignIn, link{email: EmailKey(a.Email), account: a.ID, expires: expires}, signInLink{Next: next})
	return secret, expires, err
}

// LinkView is what the page behind a link shows before anything is done.
type LinkView struct {
	Email   string // whose it is
	Expires time.Time
}

// LookSignInLink tells whose a sign-in link is, without using it.
func (s *Service) LookSignInLink(ctx context.Context, secret string) (LinkView, error) {
	l, err := s.look(ctx, toSignIn, secret, &signInLink{})
	return LinkView{Email: l.email, Expires: l.expires}, err
}

// RedeemLink signs in with a link from a mail. It serves in any browser: people
// ask on one device and read mail on another.
func (s *Service) RedeemLink(ctx context.Context, door *operation.Door, secret string) (SignedIn, error) {
	if err := s.Limiter.Take(ctx, limitRedeemAddress, ClientFrom(ctx).network()); err != nil {
		return SignedIn{}, err
	}
	out, err := s.redeemLink.Do(ctx, door, secretInput{secret})
	return s.entered(ctx, ByLink, out, err)
}

func (s *Service) runRedeemLink(c *operation.Call, in secretInput) (SignedIn, error) {
	var body signInLink
	l, err := useLink(c.Installation, c.Now, toSignIn, in.Secret, &body)
	if err != nil {
		return SignedIn{}, err
	}
	a, err := findAccount(c.Installation, l.account)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Disabled != nil {
		return SignedIn{}, errLink
	}
	if err != nil {
		return SignedIn{}, err
	}
	return s.enterOnly(c, a, ByLink, body.Next)
}

// languageOf is the language to write to someone in who has no account yet.
func languageOf(ctx context.Context, chosen string) string {
	if i18n.Known(chosen) {
		return chosen
	}
	return i18n.Language(ctx)
}
