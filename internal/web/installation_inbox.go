package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// inboxRoutes are the pages of the mailbox that is looked into.
func (s *Server) inboxRoutes() []Route {
	const inbox = "/installation/mail/inbox"
	return []Route{
		{"GET", inbox, []string{"inbox-settings.get"}, s.installationInbox},
		{"POST", inbox, []string{"inbox-settings.get", "inbox-settings.edit"}, s.installationInboxSave},
		{"POST", inbox + "/test", []string{"inbox-settings.get", "inbox-settings.test"}, s.installationInboxTest},
	}
}

// installationInbox is GET /installation/mail/inbox.
func (s *Server) installationInbox(w http.ResponseWriter, r *http.Request) error {
	m, err := s.app.Installation.ShowInbox.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	return s.inboxPage(w, r, http.StatusOK, m, mailPage{values: inboxValues(m)})
}

// installationInboxSave is POST /installation/mail/inbox.
func (s *Server) installationInboxSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var receipt operation.Receipt
	_, err := s.app.Installation.EditInbox.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, inboxInput(r.PostForm))
	f, faulty := faultsOf(ctx, err)
	if conflict := operation.KindOf(err) == operation.Conflict; faulty || conflict {
		m, reading := s.app.Installation.ShowInbox.Do(ctx, s.app.Door, operation.None{})
		if reading != nil {
			return errors.Join(reading, err)
		}
		page, status := mailPage{values: r.PostForm, faults: f}, http.StatusUnprocessableEntity
		if conflict {
			status = http.StatusConflict
			page.values.Set("version", strconv.FormatInt(m.Version, 10))
			page.notices = []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "installation.mail_overtaken", i18n.Args{"Host": m.Host, "From": m.Address})}}
		}
		return s.inboxPage(w, r, status, m, page)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, "/installation/mail/inbox", "inbox-settings.edit", receipt)
}

// installationInboxTest is POST /installation/mail/inbox/test: it looks into the mailbox
// by the stored settings and shows how each step went.
func (s *Server) installationInboxTest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	result, err := s.app.Installation.TestInbox.Do(ctx, s.app.Door, operation.None{})
	if err != nil && operation.KindOf(err) != operation.Conflict {
		return err
	}
	m, reading := s.app.Installation.ShowInbox.Do(ctx, s.app.Door, operation.None{})
	if reading != nil {
		return reading
	}
	page := mailPage{values: inboxValues(m)}
	if err != nil {
		page.notices = []ui.NoticeProps{refusal(ctx, err)}
		return s.inboxPage(w, r, http.StatusConflict, m, page)
	}
	page.diagnosis = diagnosisPanel(ctx, "inbox", result)
	return s.inboxPage(w, r, http.StatusOK, m, page)
}

func (s *Server) inboxPage(w http.ResponseWriter, r *http.Request, status int, m installation.InboxSettings, p mailPage) error {
	ctx := r.Context()
	props := ui.PageProps{Title: i18n.T(ctx, "inbox.title"), Lede: i18n.T(ctx, "inbox.lede"), Notices: p.notices,
		Crumbs: append(installationCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "installation.mail"), Href: "/installation/mail"})}
	var parts []templ.Component
	if p.diagnosis != nil {
		parts = append(parts, p.diagnosis)
	}
	if m.On {
		if m.Looked.Said != "" {
			props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Title: i18n.T(ctx, "inbox.failed"), Text: m.Looked.Said})
		}
		parts = append(parts, ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "inbox.looked"), Facts: inboxFacts(ctx, m.Looked)}),
			acts([]ui.Action{{Label: i18n.T(ctx, "inbox.test"), Href: "/installation/mail/inbox/test", Post: true, Kind: ui.Quiet}}))
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "inbox.stop"), Detail: i18n.T(ctx, "inbox.stop_detail"), Href: "/installation/mail/inbox", Post: true, Kind: ui.Bad,
			Confirm: i18n.T(ctx, "inbox.stop_confirm"), Hidden: []ui.Hidden{{Name: "off", Value: "true"}, {Name: "version", Value: strconv.FormatInt(m.Version, 10)}}}}
	}
	fields := p.faults.mark(inboxFields(ctx, m, p.values))
	form := ui.FormProps{ID: "inbox", Action: "/installation/mail/inbox", Errors: p.faults.explain(fields), Hidden: []ui.Hidden{{Name: "version", Value: p.values.Get("version")}}, Cancel: ui.Link{Href: "/installation/mail"}}
	parts = append(parts, with(ui.Form(form), formFields(fields)))
	return s.show(w, r, status, "", props, parts...)
}

func inboxFacts(ctx context.Context, l installation.InboxLook) []ui.Fact {
	at := i18n.T(ctx, "inbox.not_yet")
	if !l.At.IsZero() {
		at = i18n.DateTime(ctx, l.At)
	}
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	return []ui.Fact{{Label: i18n.T(ctx, "inbox.looked_at"), Value: at}, {Label: i18n.T(ctx, "inbox.bounces"), Value: count(l.Bounces)}, {Label: i18n.T(ctx, "inbox.complaints"), Value: count(l.Complaints)},
		{Label: i18n.T(ctx, "inbox.answers"), Value: count(l.Answers), Note: i18n.T(ctx, "inbox.span")}}
}

func inboxFields(ctx context.Context, m installation.InboxSettings, v url.Values) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "installation.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "installation.help_"+key) }
	password := ui.FieldProps{Kind: ui.Password, Name: "password", Label: t("password"), Help: i18n.T(ctx, "inbox.help_password"), MaxLength: 500, Autocomplete: "off"}
	if m.PasswordSet {
		password.Help = help("password_kept")
	}
	protection := ui.FieldProps{Kind: ui.Radios, Name: "security", Label: t("security"), Required: true, Value: v.Get("security")}
	for _, way := range installation.Securities() {
		protection.Options = append(protection.Options, ui.Option{Value: way, Label: i18n.T(ctx, "installation.security_"+way), Help: i18n.T(ctx, "inbox.security_"+way+"_help")})
	}
	return []ui.FieldProps{
		{Kind: ui.Email, Name: "address", Label: i18n.T(ctx, "inbox.field_address"), Help: i18n.T(ctx, "inbox.help_address"), MaxLength: 254, Required: true, Autocomplete: "off", Value: v.Get("address")},
		{Kind: ui.Checkbox, Name: "tagged", Label: i18n.T(ctx, "inbox.field_tagged"), Help: i18n.T(ctx, "inbox.help_tagged"), Checked: v.Get("tagged") == "true"},
		{Name: "host", Label: i18n.T(ctx, "inbox.field_host"), Help: i18n.T(ctx, "inbox.help_host"), MaxLength: 253, Required: true, Autocomplete: "off", Value: v.Get("host")},
		protection,
		{Name: "port", Label: t("port"), Help: i18n.T(ctx, "inbox.help_port"), InputMode: "numeric", MaxLength: 5, Size: "short", Autocomplete: "off", Value: v.Get("port")},
		{Name: "username", Label: t("username"), MaxLength: 200, Required: true, Autocomplete: "off", Value: v.Get("username")},
		password,
		{Name: "folder", Label: i18n.T(ctx, "inbox.field_folder"), Help: i18n.T(ctx, "inbox.help_folder"), MaxLength: 200, Autocomplete: "off", Value: v.Get("folder")},
		{Kind: ui.TextArea, Name: "extra_roots", Label: t("extra_roots"), Help: help("extra_roots"), Rows: 3, Value: v.Get("extra_roots")},
		{Kind: ui.Checkbox, Name: "allow_clear", Label: t("allow_clear"), Help: help("allow_clear"), Checked: v.Get("allow_clear") == "true"},
	}
}

func inboxValues(m installation.InboxSettings) url.Values {
	v := url.Values{"host": {m.Host}, "security": {string(m.Security)}, "username": {m.Username}, "address": {m.Address}, "folder": {m.Folder}, "extra_roots": {m.ExtraRoots}, "version": {strconv.FormatInt(m.Version, 10)},
		"tagged": {ticked(m.Tagged)}, "allow_clear": {ticked(m.AllowClear)}}
	if !m.On {
		v.Set("security", string(mail.TLS))
	}
	if m.Port > 0 {
		v.Set("port", strconv.FormatInt(m.Port, 10))
	}
	return v
}

func inboxInput(v url.Values) installation.InboxInput {
	port, err := strconv.ParseInt(v.Get("port"), 10, 64)
	if err != nil && v.Get("port") != "" {
		port = -1 // refused by the operation
	}
	version, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		version = -1
	}
	return installation.InboxInput{Version: version, Off: v.Get("off") == "true", Host: v.Get("host"), Port: port, Security: v.Get("security"), Username: v.Get("username"), Password: v.Get("password"),
		Folder: v.Get("folder"), Address: v.Get("address"), Tagged: v.Get("tagged") == "true", AllowClear: v.Get("allow_clear") == "true", ExtraRoots: v.Get("extra_roots")}
}
