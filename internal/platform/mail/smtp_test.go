package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/platform/clock"
	ours "commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
)

func sender(t *testing.T, s ours.Settings) *ours.SMTP {
	t.Helper()
	out, err := ours.NewSMTP(s, clock.Fixed(at))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	return out
}

func numbered(n int) ours.Message {
	m := plain
	m.ID = fmt.Sprintf("m-%d", n)
	return m
}

func TestSend(t *testing.T) {
	for name, o := range map[string]mailtest.Options{
		"starttls":         {},
		"tls":              {Security: ours.TLS},
		"none on loopback": {Security: ours.None},
		"starttls sign-in": {Username: "table", Password: "a secret"},
		"tls sign-in":      {Security: ours.TLS, Username: "table", Password: "a secret"},
		"tls login":        {Security: ours.TLS, Username: "table", Password: "a secret", LoginOnly: true},
		"none sign-in":     {Security: ours.None, Username: "table", Password: "a secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, o)
			m := plain
			m.ToName, m.HTML, m.ReplyTo = "Ana Núñez", "<p>Hi</p>", "desk@example.org"
			m.Text = "Hi\n.\n..\nQUIT\n" + strings.Repeat("long ", 300)
			if err := sender(t, server.Settings()).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			got := server.Wait(t, 1)[0]
			if got.From != "table@example.org" || len(got.To) != 1 || got.To[0] != "ana@example.org" || got.User != o.Username {
				t.Errorf("envelope %+v", got)
			}
			if got.Secure != (o.Security != ours.None) {
				t.Errorf("secure is %v", got.Secure)
			}
			if got.Text != m.Text+"\n" && got.Text != m.Text || got.HTML != m.HTML || got.Header.Get("Message-Id") != "<m-1@example.org>" {
				t.Errorf("text %q, html %q, id %s", got.Text, got.HTML, got.Header.Get("Message-Id"))
			}
		})
	}
}

func TestConnectionsAreReused(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	s := sender(t, server.Settings())
	for n := range 10 {
		if err := s.Send(t.Context(), numbered(n)); err != nil {
			t.Fatal(err)
		}
	}
	if server.Wait(t, 10); server.Connections() != 1 {
		t.Errorf("%d connections for ten messages", server.Connections())
	}
	// A refusal leaves the conversation open.
	server.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "no such person"})
	if err := s.Send(t.Context(), numbered(10)); !ours.IsPermanent(err) {
		t.Errorf("refusal: %v", err)
	}
	if err := s.Send(t.Context(), numbered(11)); err != nil || server.Connections() != 1 {
		t.Errorf("after a refusal: %v, %d connections", err, server.Connections())
	}
}

func TestAClosedIdleConnectionIsReplaced(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	s := sender(t, server.Settings())
	for n := range 3 {
		if err := s.Send(t.Context(), numbered(n)); err != nil {
			t.Fatal(err)
		}
		server.DropAll()
	}
	if got := len(server.Wait(t, 3)); got != 3 || server.Connections() != 3 {
		t.Errorf("%d messages over %d connections", got, server.Connections())
	}
}

func TestManySendersAtOnce(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	s := sender(t, server.Settings())
	var group sync.WaitGroup
	for n := range 40 {
		group.Go(func() {
			if err := s.Send(t.Context(), numbered(n)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, m := range server.Wait(t, 40) {
		seen[m.Header.Get("Message-Id")] = true
	}
	if len(seen) != 40 {
		t.Errorf("%d different messages of 40", len(seen))
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name      string
		options   mailtest.Options
		event     mailtest.Event
		reply     mailtest.Reply
		change    func(*ours.Settings)
		permanent bool
		code      int
		words     string
	}{
		{name: "busy", event: mailtest.From, reply: mailtest.Reply{Code: 450, Words: "later"}, code: 450, words: "later"},
		{name: "no recipient", event: mailtest.To, reply: mailtest.Reply{Code: 550, Words: "unknown"}, permanent: true, code: 550},
		{name: "greylisted", event: mailtest.To, reply: mailtest.Reply{Code: 451, Words: "again"}, code: 451},
		{name: "refused body", event: mailtest.Body, reply: mailtest.Reply{Code: 554, Words: "spam"}, permanent: true, code: 554},
		{name: "going down", event: mailtest.From, reply: mailtest.Reply{Code: 421, Words: "bye"}, code: 421},
		{name: "dropped at connect", event: mailtest.Connect, reply: mailtest.Reply{Drop: true}},
		{name: "dropped at sender", event: mailtest.From, reply: mailtest.Reply{Drop: true}},
		{name: "dropped at recipient", event: mailtest.To, reply: mailtest.Reply{Drop: true}},
		{name: "dropped in the body", event: mailtest.Body, reply: mailtest.Reply{Drop: true}},
		{name: "dropped unconfirmed", event: mailtest.Accepted, reply: mailtest.Reply{Drop: true}},
		{name: "wrong password", options: mailtest.Options{Username: "table", Password: "right"},
			change: func(s *ours.Settings) { s.Password = "wrong" }, code: 535},
		{name: "no sign-in there", change: func(s *ours.Settings) { s.Username, s.Password = "table", "x" }},
		{name: "downgrade", options: mailtest.Options{NoSTARTTLS: true}, words: "does not offer STARTTLS"},
		{name: "unknown authority", options: mailtest.Options{Certificate: mailtest.Unknown}, words: "unknown authority"},
		{name: "wrong name", options: mailtest.Options{Certificate: mailtest.WrongName, Security: ours.TLS}, words: "certificate"},
		{name: "expired", options: mailtest.Options{Certificate: mailtest.Expired}, words: "expired"},
		{name: "nobody trusted", change: func(s *ours.Settings) { s.ExtraRoots = "" }, words: "unknown authority"},
		{name: "tls spoken to starttls", change: func(s *ours.Settings) { s.Security = ours.TLS }},
		{name: "starttls spoken to tls", options: mailtest.Options{Security: ours.TLS},
			change: func(s *ours.Settings) { s.Security, s.Timeout = ours.STARTTLS, time.Second }},
		{name: "silent", event: mailtest.From, reply: mailtest.Reply{Delay: 3 * time.Second},
			change: func(s *ours.Settings) { s.Timeout = 300 * time.Millisecond }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, c.options)
			if c.event != "" {
				server.Script(c.event, c.reply)
			}
			settings := server.Settings()
			if c.change != nil {
				c.change(&settings)
			}
			s := sender(t, settings)
			err := s.Send(t.Context(), plain)
			if err == nil {
				t.Fatal("no error")
			}
			if ours.IsPermanent(err) != c.permanent || ours.Code(err) != c.code || !strings.Contains(err.Error(), c.words) {
				t.Errorf("permanent %v, code %d: %v", ours.IsPermanent(err), ours.Code(err), err)
			}
			if secret := string(settings.Password); secret != "" && strings.Contains(err.Error(), secret) {
				t.Errorf("the password is in %q", err)
			}
			if c.event != mailtest.Accepted && len(server.Messages()) != 0 {
				t.Error("a message arrived")
			}
			if c.event != "" && !c.permanent && c.reply.Delay == 0 {
				if err := s.Send(t.Context(), plain); err != nil {
					t.Errorf("the next try: %v", err)
				}
			}
		})
	}
}

func TestCancelEndsTheConversation(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	server.Script(mailtest.From, mailtest.Reply{Delay: 2 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := sender(t, server.Settings()).Send(ctx, plain)
	if !errors.Is(err, context.DeadlineExceeded) || ours.IsPermanent(err) || time.Since(begun) > 1500*time.Millisecond {
		t.Errorf("after %v: %v", time.Since(begun), err)
	}
}

func TestThePasswordIsConcealed(t *testing.T) {
	const secret = "hunter2-correct"
	server := mailtest.Start(t, mailtest.Options{Username: "table", Password: secret})
	server.Script(mailtest.SignIn, mailtest.Reply{Code: 535, Words: "bad password " + secret})
	settings := server.Settings()
	err := sender(t, settings).Send(t.Context(), plain)
	if err == nil || strings.Contains(err.Error(), secret) || ours.Code(err) != 535 || ours.IsPermanent(err) {
		t.Errorf("%d %v", ours.Code(err), err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", settings, settings, settings); strings.Contains(shown, secret) {
		t.Errorf("formatting shows the password: %s", shown)
	}
}

// A failure is read by people whom the letter does not concern: it says what the
// server said, and not whose mailbox it was.
func TestTheRecipientIsConcealed(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	settings := server.Settings()
	m := numbered(1)
	server.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "<" + strings.ToUpper(m.To) + ">: no such mailbox, says " + settings.From})
	err := sender(t, settings).Send(t.Context(), m)
	if !ours.IsPermanent(err) || ours.Code(err) != 550 {
		t.Fatalf("refusal: %v", err)
	}
	local, _, _ := strings.Cut(m.To, "@")
	if words := err.Error(); strings.Contains(strings.ToLower(words), strings.ToLower(local)+"@") || !strings.Contains(words, "no such mailbox, says "+settings.From) {
		t.Errorf("the failure reads %q", words)
	}
}

func TestSettingsCheck(t *testing.T) {
	good := ours.Settings{Host: "mail.example.org", Security: ours.STARTTLS, From: "table@example.org"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*ours.Settings){
		"Host":       func(s *ours.Settings) { s.Host = "mail example" },
		"Port":       func(s *ours.Settings) { s.Port = 70000 },
		"Security":   func(s *ours.Settings) { s.Security = ours.None },
		"From":       func(s *ours.Settings) { s.From = "" },
		"FromName":   func(s *ours.Settings) { s.FromName = "a\r\nBcc: x" },
		"Username":   func(s *ours.Settings) { s.Password = "x" },
		"EHLO":       func(s *ours.Settings) { s.EHLO = "a b" },
		"ExtraRoots": func(s *ours.Settings) { s.ExtraRoots = "not a certificate" },
	} {
		s := good
		change(&s)
		if fault := (*ours.Fault)(nil); !errors.As(s.Check(), &fault) || fault.Field != field {
			t.Errorf("%s: %v", field, s.Check())
		}
		if _, err := ours.NewSMTP(s, nil); err == nil {
			t.Errorf("%s: a sender was made", field)
		}
	}
	clear := good
	clear.Security, clear.AllowClearText = ours.None, true
	for _, s := range []ours.Settings{clear, {Host: "localhost", Security: ours.None, From: "a@example.org"}, {Host: "::1", Security: ours.None, From: "a@example.org"}} {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", s.Host, err)
		}
	}
}
