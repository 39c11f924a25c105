package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// Post is the post office: it writes out letters and hands them to the mail
// server of the settings, or keeps them for the administrator when there is none.
type Post struct {
	app *App
	log *mail.Log

	mu      sync.Mutex
	version int64      // of the settings that smtp was made from
	smtp    *mail.SMTP // nil when no server is set up, or not looked yet
	looked  bool
	pace    pace
	from    string // the address letters come from
	inbox   installation.InboxSettings
}

func newPost(a *App) *Post {
	// Without a mail server the log is, beside the administrator's page, the only
	// place where a link can be found; that page says so.
	return &Post{app: a, log: &mail.Log{Logger: a.Log, Clock: a.Config.Clock}}
}

// Newest are the messages kept because no mail server is set up, newest first.
func (p *Post) Newest(ctx context.Context) ([]installation.KeptMessage, error) {
	return installation.NewestKept(ctx, p.app.Store, p.app.Access.Sealer(), p.app.Config.Clock.Now())
}

// deliver does one job of kind access.MailKind.
func (p *Post) deliver(ctx context.Context, j jobs.Job) error {
	var letter access.Letter
	if err := json.Unmarshal(j.Payload, &letter); err != nil {
		return jobs.Permanent(fmt.Errorf("the letter cannot be read: %w", err))
	}
	if at, err := p.waits(ctx, j, letter); err != nil || !at.IsZero() {
		return errors.Join(jobs.NotBefore(at), err)
	}
	if still, err := p.again(ctx, j, &letter); err != nil || !still {
		return err // done meanwhile: nobody is reminded of it
	}
	m, err := p.write(ctx, j.Collaborative, letter)
	if err != nil {
		return err
	}
	// A job that runs twice, because its worker vanished between sending and
	// noting it, sends the same message twice: mail programs show it once.
	m.ID = "job-" + j.ID.String()
	if letter.Stop != "" {
		if stopped, err := p.stopped(ctx, j.Collaborative, letter.To, letter.Reach); err != nil || stopped {
			return err // whoever ended such letters meanwhile gets no more
		}
	}
	sender, err := once(ctx, func(s *shared) (mail.Sender, bool) { return s.sender, s.sender != nil }, func(s *shared, v mail.Sender) { s.sender = v },
		func() (mail.Sender, error) { return p.sender(ctx) })
	if err != nil {
		return err
	}
	if err := p.invite(&m, j.Collaborative, letter); err != nil {
		return jobs.Permanent(err)
	}
	unsent := sender == mail.Sender(p.log)
	if unsent && (letter.Template == mail.AgreementSign || letter.Template == mail.EvaluatorSign) {
		// A signature binds somebody: its link is found on the
		// administrator's page, which notes who looks, and not in a log.
		quiet := *p.log
		quiet.HideLinks = true
		sender = &quiet
	}
	err = sender.Send(ctx, m)
	if m.Return != "" && mail.IsSenderRefused(err) {
		// Some servers let nobody say where mail comes back to but its sender.
		m.Return = ""
		err = sender.Send(ctx, m)
	}
	p.pace.note(err)
	if mail.IsPermanent(err) {
		return errors.Join(jobs.Permanent(err), p.refused(ctx, j.Collaborative, letter, err))
	}
	if err != nil || !unsent {
		return err
	}
	return installation.Keep(ctx, p.app.Store, p.app.Access.Sealer(), p.app.Config.Clock.Now(), j.ID, m, letter.Data.Expires)
}

// write makes the message of a letter, in its own language and time zone, and in the
// words of its collaborative.
func (p *Post) write(ctx context.Context, place operation.CollaborativeID, l access.Letter) (mail.Message, error) {
	own, err := p.words(ctx, place, l)
	if err != nil {
		return mail.Message{}, err
	}
	zone, err := time.LoadLocation(l.Zone)
	if err != nil {
		zone = time.UTC
	}
	ctx = i18n.WithZone(i18n.With(ctx, l.Language), zone)
	m := mail.Message{To: l.To, ToName: l.ToName, Headers: map[string]string{"Auto-Submitted": "auto-generated"}}
	l.Data.Stop = l.Stop
	sheet, err := mail.Lay(ctx, l.Template, l.Data, own)
	if err != nil {
		return m, jobs.Permanent(err)
	}
	m.Subject, m.Text = sheet.Subject, sheet.Plain()
	if m.HTML, err = sheet.HTML(); err != nil {
		return m, jobs.Permanent(err)
	}
	if l.Stop != "" { // RFC 8058
		m.Headers["List-Unsubscribe"], m.Headers["List-Unsubscribe-Post"] = "<"+l.Stop+">", "List-Unsubscribe=One-Click"
	}
	// What people typed as a name must not keep a letter from them for good.
	m.ToName, m.Subject = mail.Plain(m.ToName), mail.Plain(m.Subject)
	return m, nil
}

// sender is whoever takes messages now. Settings may change at any time and in
// another process, so their version is asked for every message, which costs far
// less than the conversation with a server.
func (p *Post) sender(ctx context.Context) (mail.Sender, error) {
	version, err := installation.MailVersion(ctx, p.app.Store)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.looked || version != p.version {
		if err := p.look(ctx); err != nil {
			return nil, err
		}
	}
	if p.smtp == nil {
		return p.log, nil
	}
	return p.smtp, nil
}

// Mails says whether messages leave by mail. Otherwise they are kept for the
// administrator. With settings that cannot be used they wait, to leave by mail
// once those are mended.
func (p *Post) Mails(ctx context.Context) bool {
	sender, err := p.sender(ctx)
	return err != nil || sender != mail.Sender(p.log)
}

// look reads the settings and makes a sender from them. One made from older
// settings is closed; messages it is sending are finished first.
func (p *Post) look(ctx context.Context) error {
	settings, version, on, err := installation.Sender(ctx, p.app.Store, p.app.Access.Sealer())
	if err != nil {
		return fmt.Errorf("the mail settings cannot be read: %w", err)
	}
	inbox, _, err := installation.Inbox(ctx, p.app.Store, p.app.Access.Sealer())
	if err != nil {
		return fmt.Errorf("the settings of the inbox cannot be read: %w", err)
	}
	var fresh *mail.SMTP
	if on {
		if fresh, err = mail.NewSMTP(settings, p.app.Config.Clock); err != nil {
			// Not the letter's fault: an administrator will mend the settings.
			return fmt.Errorf("the mail settings cannot be used: %w", err)
		}
	}
	old := p.smtp
	p.smtp, p.version, p.looked, p.from, p.inbox = fresh, version, true, settings.From, inbox
	if old != nil {
		return old.Close()
	}
	return nil
}

// Close hangs up.
func (p *Post) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.smtp == nil {
		return nil
	}
	smtp := p.smtp
	p.smtp, p.looked = nil, false
	return smtp.Close()
}
