package mail

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/netip"
	"os"
	"regexp"
	"strings"
)

// Check returns a Fault for the first setting that cannot work, nil when all can. It looks nothing up.
func (s Settings) Check() error {
	if err := s.checkServer(); err != nil {
		return err
	}
	_, err := checkMailbox("From", "FromName", s.From, s.FromName)
	return err
}

// checkServer is Check for what says which server is spoken to, and how.
func (s Settings) checkServer() error {
	if err := checkHost(s.Host); err != nil {
		return err
	}
	if s.Port < 0 || s.Port > 65535 {
		return fault("Port", "mail.fault.port")
	}
	switch s.Security {
	case STARTTLS, TLS:
	case None:
		if !s.AllowClearText && !isLoopback(s.Host) {
			return fault("Security", "mail.fault.clear_text")
		}
	default:
		return fault("Security", "mail.fault.security")
	}
	for _, line := range []struct{ field, text string }{
		{"Username", s.Username}, {"Password", string(s.Password)}, {"EHLO", s.EHLO},
	} {
		if err := checkLine(line.field, line.text, 500); err != nil {
			return err
		}
	}
	if s.Username == "" && s.Password != "" {
		return fault("Username", "mail.fault.username_missing")
	}
	if s.EHLO != "" {
		if _, err := domains.ToASCII(s.EHLO); err != nil {
			return fault("EHLO", "mail.fault.host")
		}
	}
	if s.ExtraRoots != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(s.ExtraRoots)) {
		return fault("ExtraRoots", "mail.fault.roots")
	}
	return nil
}

func checkHost(host string) error {
	if host == "" {
		return fault("Host", "mail.fault.host_missing")
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if _, err := domains.ToASCII(host); err != nil || len(host) > 253 {
		return fault("Host", "mail.fault.host")
	}
	return nil
}

// isLoopback reports whether host names this machine without asking anybody.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// tlsConfig verifies the server's certificate against the system's authorities and the extra ones.
func (s Settings) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.ExtraRoots == "" {
		return config, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM([]byte(s.ExtraRoots)) {
		return nil, fault("ExtraRoots", "mail.fault.roots")
	}
	config.RootCAs = roots
	return config, nil
}

// hello is the name to greet the server with.
func (s Settings) hello() string {
	if s.EHLO != "" {
		return s.EHLO
	}
	if name, err := os.Hostname(); err == nil {
		if ascii, err := domains.ToASCII(name); err == nil {
			return ascii
		}
	}
	return "localhost"
}

// conceal replaces the password, plain or in the encodings of SMTP, in words that came from a server.
func (s Settings) conceal(words string) string {
	if s.Password == "" {
		return words
	}
	password := string(s.Password)
	for _, form := range []string{
		password,
		base64.StdEncoding.EncodeToString([]byte(password)),
		base64.StdEncoding.EncodeToString([]byte("\x00" + s.Username + "\x00" + password)),
	} {
		words = strings.ReplaceAll(words, form, "•••")
	}
	return words
}

// hide returns err with the password concealed in its words. What errors.Is and errors.As find stays.
func (s Settings) hide(err error) error {
	concealed := s.conceal(err.Error())
	if concealed == err.Error() {
		return err
	}
	return &concealedError{words: concealed, cause: err}
}

// told is hide for a failure to send a message. Whose mailbox it was is left
// out: the reason is kept with the job and written to the log, both of which are
// read by people whom the letter does not concern.
func (s Settings) told(err error) error {
	words := address.ReplaceAllStringFunc(s.conceal(err.Error()), func(found string) string {
		if strings.EqualFold(found, s.From) {
			return found // who sends is no secret, and often the reason
		}
		_, domain, _ := strings.Cut(found, "@")
		return "…@" + domain
	})
	if words == err.Error() {
		return err
	}
	return &concealedError{words: words, cause: err}
}

// address is what looks like a mail address in a server's words.
var address = regexp.MustCompile(`[^\s<>()"',;:@]+@[^\s<>()"',;:@]+`)

type concealedError struct {
	words string
	cause error
}

func (e *concealedError) Error() string        { return e.words }
func (e *concealedError) Is(target error) bool { return errors.Is(e.cause, target) }
func (e *concealedError) As(target any) bool   { return errors.As(e.cause, target) }
