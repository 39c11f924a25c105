package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"os"
	"time"

	"commontable/internal/platform/clock"
)

// Step is one thing that must work before a message is on its way.
type Step string

// The steps in the order of a connection with STARTTLS; with TLS from the start, StepTLS and
// StepCertificate come before StepGreeting.
const (
	StepSettings    Step = "settings"
	StepResolve     Step = "resolve"
	StepConnect     Step = "connect"
	StepGreeting    Step = "greeting"
	StepTLS         Step = "tls"
	StepCertificate Step = "certificate"
	StepSignIn      Step = "sign_in"
	StepSender      Step = "sender"
	StepRecipient   Step = "recipient"
	StepMessage     Step = "message"
	StepFolder      Step = "folder" // of a mailbox that is read
)

// State is how a step went.
type State string

// A step that does not apply, or comes after one that failed, is Skipped.
const (
	Passed  State = "ok"
	Failed  State = "failed"
	Skipped State = "skipped"
)

// Finding tells how one step went.
type Finding struct {
	Step  Step
	State State
	Title string // key of the catalogue: what the step is about
	// Key is the message of the catalogue that says so, Args its values.
	Key  string
	Args map[string]any
	// Server holds the server's or the system's own words on a failure: cleaned, at most 200
	// characters, never the password.
	Server string
}

// Report is the outcome of Diagnose: a Finding for every step, in the order of the steps.
type Report struct {
	Findings []Finding
}

// OK reports whether no step failed.
func (r Report) OK() bool {
	for _, f := range r.Findings {
		if f.State == Failed {
			return false
		}
	}
	return true
}

// Diagnose tries settings by sending a test message to the address to, and tells step by step how it
// went. The words of the message are in the language of ctx. It ends with ctx, or when a step takes
// longer than the time-out of the settings.
func Diagnose(ctx context.Context, s Settings, to string) Report {
	d := diagnosis{settings: s, findings: map[Step]Finding{}}
	d.run(ctx, to)
	return d.report(append(d.order(), StepSignIn, StepSender, StepRecipient, StepMessage))
}

// report tells of the steps in their order.
func (d *diagnosis) report(order []Step) Report {
	var report Report
	for _, step := range order {
		f, tried := d.findings[step]
		if !tried {
			f = Finding{Step: step, State: Skipped, Key: d.skipped(step)}
		}
		f.Title = "mail.step." + string(step)
		report.Findings = append(report.Findings, f)
	}
	return report
}

type diagnosis struct {
	settings Settings
	findings map[Step]Finding // of the steps tried
}

func (d *diagnosis) order() []Step {
	order := []Step{StepSettings, StepResolve, StepConnect, StepGreeting, StepTLS, StepCertificate}
	if d.settings.Security == TLS {
		order = []Step{StepSettings, StepResolve, StepConnect, StepTLS, StepCertificate, StepGreeting}
	}
	return order
}

// skipped says why a step was left out: it does not apply to these settings, or an earlier one failed.
func (d *diagnosis) skipped(step Step) string {
	_, greeted := d.findings[StepGreeting]
	_, sending := d.findings[StepSender]
	switch {
	case step == StepSignIn && sending:
		return "mail.diagnose.sign_in.skipped"
	case (step == StepTLS || step == StepCertificate) && greeted && d.settings.Security == None:
		return "mail.diagnose.tls.skipped"
	}
	return "mail.diagnose.not_reached"
}

func (d *diagnosis) run(ctx context.Context, to string) {
	err := d.settings.Check()
	if err == nil {
		to, err = CheckAddress("To", to)
	}
	d.tell(StepSettings, err)
	if err != nil {
		return
	}
	c, err := open(ctx, d.settings, d.tell)
	if err != nil {
		return
	}
	defer func() { c.close(ctx.Err() == nil) }()
	defer c.watch(ctx)()
	_ = c.net.SetDeadline(time.Now().Add(d.settings.timeout()))

	from, err := CheckAddress("From", d.settings.From)
	if err == nil {
		err = c.smtp.Mail(from)
	}
	if d.tell(StepSender, err); err != nil {
		return
	}
	if err = c.smtp.Rcpt(to); err != nil {
		d.tell(StepRecipient, err)
		return
	}
	d.tell(StepRecipient, nil)
	d.tell(StepMessage, d.deliver(ctx, c, to))
}

// deliver sends the test message within the transaction that is open on c.
func (d *diagnosis) deliver(ctx context.Context, c *connection, to string) error {
	now := clock.System.Now()
	subject, text, html, err := Render(ctx, TestMessage, Data{At: now})
	if err != nil {
		return err
	}
	raw, err := Compose(d.settings, Message{
		ID: "test." + now.Format("20060102T150405.000000000"), To: to, Subject: subject, Text: text, HTML: html,
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}, now)
	if err != nil {
		return err
	}
	body, err := c.smtp.Data()
	if err != nil {
		return err
	}
	if _, err := body.Write(raw); err != nil {
		return err
	}
	return body.Close()
}

// tell adds the finding of a step.
func (d *diagnosis) tell(step Step, err error) {
	f := Finding{Step: step, State: Passed, Key: "mail.diagnose." + string(step) + ".ok"}
	if err != nil {
		f.State = Failed
		f.Key = "mail.diagnose." + string(step) + "." + reason(step, err)
		f.Server = firstLine(d.settings.conceal(words(err)))
		if bad := (*Fault)(nil); errors.As(err, &bad) {
			f.Key, f.Args, f.Server = bad.Key, bad.Args, ""
		}
	}
	d.findings[step] = f
}

// reason names the last part of the key of a failure: what an administrator can do differs between
// them. The general reason is "failed".
func reason(step Step, err error) string {
	var (
		timeout   net.Error
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.Is(err, errNoSTARTTLS), errors.Is(err, errNoSignIn):
		return "not_offered"
	case step == StepCertificate && errors.As(err, &authority):
		return "unknown_authority"
	case step == StepCertificate && errors.As(err, &name):
		return "wrong_name"
	case step == StepCertificate && errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "expired"
	case step == StepConnect && (errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()):
		return "timeout"
	}
	return "failed"
}

// words returns what the other side said, without what Go puts around it where that can be told.
func words(err error) string {
	if e := (*textproto.Error)(nil); errors.As(err, &e) {
		return e.Error()
	}
	return err.Error()
}
