package mail_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	ours "commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
)

// A mailbox is read from where it was left, a message once, and nothing in it changes.
func TestAMailboxIsReadOnce(t *testing.T) {
	for _, security := range []ours.Security{ours.STARTTLS, ours.TLS, ours.None} {
		t.Run(string(security), func(t *testing.T) {
			b := mailtest.StartBox(t, mailtest.Options{Security: security})
			now := time.Now()
			for n := range 3 {
				b.Deliver(t, fmt.Sprintf("Subject: %d\r\n\r\n%s", n, strings.Repeat("x", 100)), now)
			}
			b.Deliver(t, "Subject: long ago\r\n\r\n", now.AddDate(0, 0, -40))
			var got []string
			each := func(raw []byte) error { got = append(got, strings.SplitN(string(raw), "\r\n", 2)[0]); return nil }
			look := func(after ours.Place) ours.Place {
				t.Helper()
				place, err := b.Mailbox().Look(t.Context(), after, now, each)
				if err != nil {
					t.Fatal(err)
				}
				return place
			}
			place := look(ours.Place{})
			if strings.Join(got, ",") != "Subject: 0,Subject: 1,Subject: 2" {
				t.Errorf("at first %v", got)
			}
			got = nil
			if again := look(place); len(got) != 0 || again != place {
				t.Errorf("again %v, %v after %v", got, again, place)
			}
			b.Deliver(t, "Subject: 4\r\n\r\n"+strings.Repeat("y", 700<<10), now)
			broken := errors.New("broken")
			if left, err := b.Mailbox().Look(t.Context(), place, now, func([]byte) error { return broken }); !errors.Is(err, broken) || left != place {
				t.Errorf("broken off at %v: %v", left, err)
			}
			if place = look(place); len(got) != 1 || got[0] != "Subject: 4" {
				t.Errorf("later %v", got)
			}
			if marked, all := b.Seen(t); marked != 0 || all != 5 {
				t.Errorf("%d of %d messages are marked", marked, all)
			}
			b.Empty(t)
			b.Deliver(t, "Subject: anew\r\n\r\n", now)
			got = nil
			if look(place); len(got) != 1 || got[0] != "Subject: anew" {
				t.Errorf("numbered anew: %v", got)
			}
		})
	}
}

func TestDiagnosisOfAMailbox(t *testing.T) {
	for name, c := range map[string]struct {
		options mailtest.Options
		change  func(*ours.Mailbox)
		step    ours.Step
		key     string
	}{
		"good":         {mailtest.Options{}, nil, "", ""},
		"good TLS":     {mailtest.Options{Security: ours.TLS}, nil, "", ""},
		"password":     {mailtest.Options{}, func(b *ours.Mailbox) { b.Password = "wrong-secret" }, ours.StepSignIn, "mail.diagnose.sign_in.failed"},
		"folder":       {mailtest.Options{}, func(b *ours.Mailbox) { b.Folder = "Elsewhere" }, ours.StepFolder, "mail.diagnose.folder.failed"},
		"certificate":  {mailtest.Options{Certificate: mailtest.Unknown}, nil, ours.StepCertificate, "mail.diagnose.certificate.unknown_authority"},
		"expired":      {mailtest.Options{Security: ours.TLS, Certificate: mailtest.Expired}, nil, ours.StepCertificate, "mail.diagnose.certificate.expired"},
		"no STARTTLS":  {mailtest.Options{NoSTARTTLS: true}, nil, ours.StepTLS, "mail.diagnose.tls.not_offered"},
		"no server":    {mailtest.Options{}, func(b *ours.Mailbox) { b.Port = 1 }, ours.StepConnect, "mail.diagnose.connect.failed"},
		"no such name": {mailtest.Options{}, func(b *ours.Mailbox) { b.Host = "nowhere.invalid" }, ours.StepResolve, "mail.diagnose.resolve.failed"},
		"in the clear": {mailtest.Options{}, func(b *ours.Mailbox) { b.Security, b.Host = ours.None, "mail.example.org" }, ours.StepSettings, "mail.fault.clear_text"},
		"nobody":       {mailtest.Options{}, func(b *ours.Mailbox) { b.Username, b.Password = "", "" }, ours.StepSettings, "mail.fault.mailbox_username"},
	} {
		t.Run(name, func(t *testing.T) {
			b := mailtest.StartBox(t, c.options).Mailbox()
			if c.change != nil {
				c.change(&b)
			}
			report := ours.DiagnoseMailbox(t.Context(), b)
			var first ours.Finding
			for _, f := range report.Findings {
				if f.State == ours.Failed && first.Step == "" {
					first = f
				}
				if strings.Contains(f.Server, "secret") {
					t.Errorf("the password is told: %q", f.Server)
				}
			}
			if first.Step != c.step || first.Key != c.key || report.OK() != (c.step == "") {
				t.Errorf("%+v", report.Findings)
			}
		})
	}
}
