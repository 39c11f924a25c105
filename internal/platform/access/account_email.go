package access

import (
	"context"

	"commontable/internal/platform/operation"
)

// LookConfirmEmail tells which address a link confirms, without using it.
func (s *Service) LookConfirmEmail(ctx context.Context, secret string) (LinkView, error) {
	var body newEmail
	l, err := s.look(ctx, toConfirmEmail, secret, &body)
	return LinkView{Email: body.Email, Expires: l.expires}, err
}

// ConfirmEmail puts an account's new address in use.
func (s *Service) ConfirmEmail(ctx context.Context, door *operation.Door, secret string) (Account, error) {
	if err := s.Limiter.Take(ctx, limitRedeemAddress, ClientFrom(ctx).network()); err != nil {
		return Account{}, err
	}
	a, err := s.confirmEmail.Do(ctx, door, secretInput{secret})
	if err == nil {
		s.event(ctx, "email_changed", about(a.ID))
	}
	return a, err
}
