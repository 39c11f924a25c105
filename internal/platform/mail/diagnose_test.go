package mail_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"commontable/internal/platform/i18n"
	ours "commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
)

// outcome writes a report as one letter per step: o passed, F failed, - skipped.
func outcome(r ours.Report) string {
	var out strings.Builder
	for _, f := range r.Findings {
		out.WriteString(map[ours.State]string{ours.Passed: "o", ours.Failed: "F", ours.Skipped: "-"}[f.State])
	}
	return out.String()
}

func failed(r ours.Report) ours.Finding {
	for _, f := range r.Findings {
		if f.State == ours.Failed {
			return f
		}
	}
	return ours.Finding{}
}

func TestDiagnose(t *testing.T) {
	refuse := func(code int, words string) mailtest.Reply { return mailtest.Reply{Code: code, Words: words} }
	for _, c := range []struct {
		name    string
		options mailtest.Options
		event   mailtest.Event
		reply   mailtest.Reply
		change  func(*ours.Settings)
		to      string
		want    string // settings resolve connect greeting tls certificate sign-in sender recipient message
		key     string
		words   string
	}{
		{name: "all well", options: mailtest.Options{Username: "table", Password: "right"}, want: "oooooooooo"},
		{name: "no sign-in", want: "oooooo-ooo"},
		{name: "clear text", options: mailtest.Options{Security: ours.None}, want: "oooo---ooo"},
		{name: "tls first", options: mailtest.Options{Security: ours.TLS}, want: "oooooo-ooo"},
		{name: "incomplete", change: func(s *ours.Settings) { s.From = "" }, want: "F---------", key: "mail.fault.address_missing"},
		{name: "bad recipient", to: "nobody", want: "F---------", key: "mail.fault.address_form"},
		{name: "unknown name", change: func(s *ours.Settings) { s.Host = "no-such-server.invalid" }, want: "oF--------", key: "mail.diagnose.resolve.failed"},
		{name: "nothing there", change: func(s *ours.Settings) { s.Port = closedPort() }, want: "ooF-------", key: "mail.diagnose.connect.failed", words: "refused"},
		{name: "hangs up", event: mailtest.Connect, reply: mailtest.Reply{Drop: true}, want: "oooF------", key: "mail.diagnose.greeting.failed"},
		{name: "no starttls", options: mailtest.Options{NoSTARTTLS: true}, want: "ooooF-----", key: "mail.diagnose.tls.not_offered"},
		{name: "authority", options: mailtest.Options{Certificate: mailtest.Unknown}, want: "oooooF----", key: "mail.diagnose.certificate.unknown_authority"},
		{name: "wrong name", options: mailtest.Options{Certificate: mailtest.WrongName}, want: "oooooF----", key: "mail.diagnose.certificate.wrong_name"},
		{name: "expired", options: mailtest.Options{Certificate: mailtest.Expired}, want: "oooooF----", key: "mail.diagnose.certificate.expired"},
		{name: "tls expected", options: mailtest.Options{Security: ours.None},
			change: func(s *ours.Settings) { s.Security = ours.TLS }, want: "oooF------", key: "mail.diagnose.tls.failed"},
		{name: "wrong password", options: mailtest.Options{Username: "table", Password: "right"},
			change: func(s *ours.Settings) { s.Password = "wrong" }, want: "ooooooF---", key: "mail.diagnose.sign_in.failed", words: "535"},
		{name: "no such way", change: func(s *ours.Settings) { s.Username, s.Password = "table", "x" }, want: "ooooooF---", key: "mail.diagnose.sign_in.not_offered"},
		{name: "sender refused", event: mailtest.From, reply: refuse(550, "not yours"), want: "oooooo-F--", key: "mail.diagnose.sender.failed", words: "not yours"},
		{name: "recipient refused", event: mailtest.To, reply: refuse(450, "later"), want: "oooooo-oF-", key: "mail.diagnose.recipient.failed", words: "later"},
		{name: "message refused", event: mailtest.Body, reply: refuse(554, "spam"), want: "oooooo-ooF", key: "mail.diagnose.message.failed", words: "spam"},
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
			if c.to == "" {
				c.to = "admin@example.org"
			}
			report := ours.Diagnose(t.Context(), settings, c.to)
			if got := outcome(report); got != c.want || report.OK() != (c.key == "") {
				t.Errorf("outcome %s, want %s: %+v", got, c.want, report)
			}
			if f := failed(report); f.Key != c.key || !strings.Contains(f.Server, c.words) {
				t.Errorf("failure %+v, want %s %q", f, c.key, c.words)
			}
			for _, f := range report.Findings {
				if !i18n.Has(f.Key) || !i18n.Has("mail.step."+string(f.Step)) {
					t.Errorf("%s: no words for %q", f.Step, f.Key)
				}
			}
			if c.key == "" && len(server.Wait(t, 1)) != 1 {
				t.Error("no message")
			}
		})
	}
}

func closedPort() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// What a port given by mistake, or a hostile server, says is shown only in part and without tricks.
func TestDiagnoseBoundsWhatServersSay(t *testing.T) {
	const secret = "hunter2-correct"
	server := mailtest.Start(t, mailtest.Options{Username: "table", Password: secret})
	server.Script(mailtest.SignIn, mailtest.Reply{Code: 535, Words: secret + "\x1b[31m \u202e" + strings.Repeat("x", 1500)})
	report := ours.Diagnose(t.Context(), server.Settings(), "admin@example.org")
	f := failed(report)
	if f.Step != ours.StepSignIn || utf8.RuneCountInString(f.Server) > 200 || strings.ContainsAny(f.Server, "\x1b\u202e") ||
		strings.Contains(fmt.Sprintf("%+v", report), secret) {
		t.Errorf("finding %+v", f)
	}

	for name, greeting := range map[string]string{
		"banner":  "HTTP/1.1 400 Bad Request " + strings.Repeat("internal ", 500) + "\r\n",
		"endless": strings.Repeat("220-more\r\n", 3),
		"silent":  "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				_, _ = conn.Write([]byte(greeting))
				_, _ = bufio.NewReader(conn).ReadString('\n')
			}()
			settings := ours.Settings{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: ours.STARTTLS,
				From: "table@example.org", Timeout: 300 * time.Millisecond}
			begun := time.Now()
			f := failed(ours.Diagnose(context.Background(), settings, "admin@example.org"))
			if f.Step != ours.StepGreeting || utf8.RuneCountInString(f.Server) > 200 || time.Since(begun) > 3*time.Second {
				t.Errorf("after %v: %+v", time.Since(begun), f)
			}
		})
	}
}

func TestDiagnoseEndsWithItsContext(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	server.Script(mailtest.From, mailtest.Reply{Delay: 2 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if report := ours.Diagnose(ctx, server.Settings(), "admin@example.org"); report.OK() || time.Since(begun) > 1500*time.Millisecond {
		t.Errorf("after %v: %s", time.Since(begun), outcome(report))
	}
}
