package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// codeInput is a second factor that is typed: a code of the app or a recovery
// code. The ticket comes from the first step.
type codeInput struct {
	Ticket string `json:"ticket" text:"raw" maxLength:"4000"`
	Code   string `json:"code" text:"raw" maxLength:"60"`
}

type secondStepBody struct {
	Method Method `json:"m"`
	Next   string `json:"n"`
}

// errCode is the answer to a code that is wrong, old or already used.
var errCode = operation.InvalidField("code", "access.code_wrong")

// SecondStep completes a sign-in with a code of the app or a recovery code. (A
// passkey completes one as well, with FinishPasskey: it counts as two factors.)
func (s *Service) SecondStep(ctx context.Context, door *operation.Door, ticket, code string) (SignedIn, error) {
	t, err := s.read(forSecondStep, ticket, &secondStepBody{})
	if err != nil {
		return SignedIn{}, err
	}
	draw := Draw{limitCodeAccount, t.Account.String()}
	if !isAppCode(code) {
		draw.Rule = limitRecoveryAccount
	}
	if err := s.Limiter.TakeAll(ctx, draw); err != nil {
		s.event(ctx, "second_step_limited", about(t.Account), reason(err))
		return SignedIn{}, err
	}
	out, err := s.secondStep.Do(ctx, door, codeInput{ticket, code})
	if err != nil {
		s.event(ctx, "second_step_failed", about(t.Account), reason(err))
		return SignedIn{}, err
	}
	if err := s.Limiter.Return(ctx, draw); err != nil {
		s.cfg.Log.WarnContext(ctx, "access: an attempt was counted that should not be", "error", err)
	}
	return s.entered(ctx, "second_step", out, nil)
}

func (s *Service) runSecondStep(c *operation.Call, in codeInput) (SignedIn, error) {
	var body secondStepBody
	t, err := s.read(forSecondStep, in.Ticket, &body)
	if err != nil {
		return SignedIn{}, err
	}
	if err := t.spend(c); err != nil {
		return SignedIn{}, err
	}
	a, err := findAccount(c.Installation, t.Account)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Version != t.Version {
		return SignedIn{}, errTicket // the account has changed since the first step
	}
	if err != nil {
		return SignedIn{}, err
	}
	if err := s.useCode(c, a, in.Code); err != nil {
		return SignedIn{}, err
	}
	return s.enter(c, a, body.Method, true, body.Next)
}

// useCode proves the second factor with a code and uses the code up.
func (s *Service) useCode(c *operation.Call, a Account, code string) error {
	if isAppCode(code) {
		return s.useAppCode(c, a, code)
	}
	return useRecoveryCode(c, a, code)
}

const (
	appCodeDigits = 6
	appCodeStep   = 30 // seconds, as every app assumes
)

// isAppCode tells a code of the app, which people type with spaces, from a
// recovery code.
func isAppCode(code string) bool {
	code = strings.ReplaceAll(code, " ", "")
	return len(code) == appCodeDigits && strings.Trim(code, "0123456789") == ""
}

func codesPurpose(account operation.AccountID) string { return "codes " + account.String() }

func (s *Service) useAppCode(c *operation.Call, a Account, code string) error {
	var sealed []byte
	var last int64
	err := store.Each(c.Installation, func(row store.Row) error { return row.Scan(&sealed, &last) },
		`SELECT totp_secret, totp_step FROM accounts WHERE id = $1 AND totp_secret IS NOT NULL`, a.ID)
	if err != nil {
		return err
	}
	if sealed == nil {
		return errCode
	}
	secret, err := s.sealer.Open(codesPurpose(a.ID), sealed)
	if err != nil {
		return err
	}
	step, ok := matchCode(string(secret), code, c.Now, last)
	if !ok {
		return errCode
	}
	_, err = c.Installation.Exec(`UPDATE accounts SET totp_step = $2 WHERE id = $1`, a.ID, step)
	return err
}

// matchCode finds the time step a code belongs to: the present one or one
// beside it, since clocks differ, and later than the last one used, so that a
// code that was looked at over a shoulder is worth nothing.
func matchCode(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "")
	present := now.Unix() / appCodeStep
	for at := present - 1; at <= present+1; at++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) // #nosec G115 -- after 1970
		if err == nil && at > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = at, true
		}
	}
	return step, ok
}

// Recovery codes: ten of 80 bits, each of which serves once in place of the
// second factor.
const (
	recoveryCodes = 10
	recoveryBytes = 10
)

var recoveryLetters = base32.NewEncoding("abcdefghjkmnpqrstuvwxyz023456789").WithPadding(base32.NoPadding)

// newRecoveryCodes makes codes, written in groups of four, and their hashes.
func newRecoveryCodes() (codes, hashes []string) {
	for range recoveryCodes {
		text := recoveryLetters.EncodeToString(random(recoveryBytes))
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, hashRecovery(text))
	}
	return codes, hashes
}

func hashRecovery(code string) string {
	code = strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code))
	sum := sha256.Sum256([]byte("recovery " + code))
	return hex.EncodeToString(sum[:])
}

func useRecoveryCode(c *operation.Call, a Account, code string) error {
	var hashes []string
	err := store.Each(c.Installation, func(row store.Row) error { return row.Scan(store.ScanJSON(&hashes)) },
		`SELECT recovery_hashes FROM accounts WHERE id = $1`, a.ID)
	if err != nil {
		return err
	}
	want, left, found := hashRecovery(code), []string{}, false
	for _, have := range hashes {
		if subtle.ConstantTimeCompare([]byte(have), []byte(want)) == 1 {
			found = true
			continue
		}
		left = append(left, have)
	}
	if !found {
		return errCode
	}
	_, err = c.Installation.Exec(`UPDATE accounts SET recovery_hashes = $2 WHERE id = $1`, a.ID, store.JSON(left))
	return err
}
