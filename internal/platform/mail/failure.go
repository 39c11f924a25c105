package mail

import (
	"errors"
	"net/textproto"
	"strings"

	"commontable/internal/platform/i18n"
)

// IsPermanent reports whether sending the same message again cannot succeed: the message or the settings
// are at fault, or the server refused with a code from 500 to 599. Everything else is worth another try
// later: the server cannot be reached, is busy, or answers with a code from 400 to 499. nil is not
// permanent.
func IsPermanent(err error) bool {
	if err == nil {
		return false
	}
	if f := (*Fault)(nil); errors.As(err, &f) {
		return true
	}
	code := Code(err)
	// A refused sign-in (535, 534, 530) is about the settings, and an administrator will mend those;
	// the message itself is good and must not be thrown away for it.
	return code >= 500 && code <= 599 && code != 530 && code != 534 && code != 535
}

// refusal is what a server refused, and at which step.
type refusal struct {
	step Step
	err  error // a *textproto.Error
}

func (r *refusal) Error() string { return string(r.step) + ": " + r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// Code returns the three-digit SMTP code the server refused with, 0 when the error did not come from the
// server.
func Code(err error) int {
	if e := (*textproto.Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// maxServerWords bounds what is shown of a server's answer, in characters: enough for any diagnosis, too
// little to carry away what another service answers on a port that was given by mistake.
const maxServerWords = 200

// firstLine cleans words that came from outside and cuts them to a length fit for a page or a log.
func firstLine(s string) string {
	if len(s) > 8*maxServerWords {
		s = s[:8*maxServerWords]
	}
	s = i18n.CleanLine(s)
	if runes := []rune(s); len(runes) > maxServerWords {
		s = string(runes[:maxServerWords-1]) + "…"
	}
	return s
}

// IsSenderRefused says whether the server would not take mail from the address given as
// its sender.
func IsSenderRefused(err error) bool {
	r := (*refusal)(nil)
	return errors.As(err, &r) && r.step == StepSender
}

// IsRecipientRefused says whether the server refused the recipient for good: there is no such mailbox,
// or it takes nothing from us.
func IsRecipientRefused(err error) bool {
	r := (*refusal)(nil)
	if !errors.As(err, &r) {
		return false
	}
	code := Code(err)
	switch r.step {
	case StepRecipient:
		return code == 550 || code == 551 || code == 553 || code == 556
	case StepMessage: // some servers look for the mailbox once they have the message
		words := (*textproto.Error)(nil)
		return code == 550 && errors.As(err, &words) && strings.HasPrefix(words.Msg, "5.1.1 ")
	}
	return false
}

// Said is what the server said, fit for a page.
func Said(err error) string { return firstLine(err.Error()) }
