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

// installationMail is GET /installation/mail.
func (s *Server) installationMail(w http.ResponseWriter, r *http.Request) error {
	m, err := s.app.Installation.ShowMail.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	return s.mailPage(w, r, http.StatusOK, m, mailPage{values: mailValues(m), to: operation.ActorFrom(r.Context()).Email})
}

// installationMailSave is POST /installation/mail.
func (s *Server) installationMailSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var receipt operation.Receipt
	_, err := s.app.Installation.EditMail.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, mailInput(r.PostForm))
	f, faulty := faultsOf(ctx, err)
	if conflict := operation.KindOf(err) == operation.Conflict; faulty || conflict {
		m, reading := s.app.Installation.ShowMail.Do(ctx, s.app.Door, operation.None{})
		if reading != nil {
			return errors.Join(reading, err)
		}
		page := mailPage{values: r.PostForm, to: operation.ActorFrom(ctx).Email, faults: f}
		status := http.StatusUnprocessableEntity
		if conflict {
			// What was typed stays in the form; saving again replaces what the
			// other administrator saved, which the facts beside it show.
			status = http.StatusConflict
			page.values.Set("version", strconv.FormatInt(m.Version, 10))
			page.notices = []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "installation.mail_overtaken", i18n.Args{"Host": m.Host, "From": m.From})}}
		}
		return s.mailPage(w, r, status, m, page)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, "/installation/mail", "mail-settings.edit", receipt)
}

// installationMailTest is POST /installation/mail/test: it sends a message by the
// stored settings and shows how each step went.
func (s *Server) installationMailTest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	to := r.PostFormValue("to")
	result, err := s.app.Installation.TestMail.Do(ctx, s.app.Door, installation.TestInput{To: to})
	f, faulty := faultsOf(ctx, err)
	if err != nil && !faulty && operation.KindOf(err) != operation.Conflict {
		return err
	}
	m, reading := s.app.Installation.ShowMail.Do(ctx, s.app.Door, operation.None{})
	if reading != nil {
		return reading
	}
	page := mailPage{values: mailValues(m), to: to, toFaults: f}
	switch {
	case faulty:
		return s.mailPage(w, r, http.StatusUnprocessableEntity, m, page)
	case err != nil:
		page.notices = []ui.NoticeProps{refusal(ctx, err)}
		return s.mailPage(w, r, http.StatusConflict, m, page)
	}
	page.diagnosis = diagnosisPanel(ctx, "installation", result)
	return s.mailPage(w, r, http.StatusOK, m, page)
}

// mailPage is what the page shows beside what is stored.
type mailPage struct {
	values           url.Values
	to               string
	faults, toFaults faults
	notices          []ui.NoticeProps
	diagnosis        templ.Component
}

func (s *Server) mailPage(w http.ResponseWriter, r *http.Request, status int, m installation.MailSettings, p mailPage) error {
	ctx := r.Context()
	props := ui.PageProps{Title: i18n.T(ctx, "installation.mail"), Lede: i18n.T(ctx, "installation.mail_lede"), Crumbs: installationCrumbs(ctx),
		Notices: append(p.notices, mailNotices(ctx, m)...)}
	var parts []templ.Component
	if p.diagnosis != nil {
		parts = append(parts, p.diagnosis)
	}
	fields := p.faults.mark(mailFields(ctx, m, p.values))
	form := ui.FormProps{ID: "mail", Action: "/installation/mail", Errors: p.faults.explain(fields), Hidden: []ui.Hidden{{Name: "version", Value: p.values.Get("version")}}, Cancel: ui.Link{Href: "/installation"}}
	if s.may(ctx, "inbox-settings.get") {
		parts = append(parts, ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "inbox.title"), Detail: i18n.T(ctx, "inbox.about"), Actions: []ui.Action{{Label: i18n.T(ctx, "inbox.open"), Href: "/installation/mail/inbox", Kind: ui.Quiet}}}))
	}
	if m.On {
		test := p.toFaults.mark([]ui.FieldProps{{Kind: ui.Email, Name: "to", Label: i18n.T(ctx, "installation.field_to"), Value: p.to, MaxLength: 254, Autocomplete: "email", Required: true}})
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "installation.test"), Detail: i18n.T(ctx, "installation.test_about")}),
			with(ui.Form(ui.FormProps{ID: "test", Action: "/installation/mail/test", Errors: p.toFaults.explain(test), Submit: i18n.T(ctx, "installation.test_send"), SubmitKind: ui.Quiet, Unguarded: true}), formFields(test))))
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "installation.mail_stop"), Detail: i18n.T(ctx, "installation.mail_stop_detail"), Href: "/installation/mail", Post: true, Kind: ui.Bad,
			Confirm: i18n.T(ctx, "installation.mail_stop_confirm"), Hidden: []ui.Hidden{{Name: "off", Value: "true"}, {Name: "version", Value: strconv.FormatInt(m.Version, 10)}}}}
	}
	parts = append(parts, with(ui.Form(form), formFields(fields)))
	return s.show(w, r, status, "", props, parts...)
}

func mailFields(ctx context.Context, m installation.MailSettings, v url.Values) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "installation.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "installation.help_"+key) }
	password := ui.FieldProps{Kind: ui.Password, Name: "password", Label: t("password"), Help: help("password"), MaxLength: 500, Autocomplete: "off"}
	if m.PasswordSet {
		password.Help = help("password_kept")
	}
	fields := []ui.FieldProps{
		{Name: "host", Label: t("host"), Help: help("host"), MaxLength: 253, Required: true, Autocomplete: "off"},
		{Kind: ui.Radios, Name: "security", Label: t("security"), Options: []ui.Option{}, Required: true},
		{Name: "port", Label: t("port"), Help: help("port"), InputMode: "numeric", MaxLength: 5, Size: "short", Autocomplete: "off"},
		{Name: "username", Label: t("username"), Help: help("username"), MaxLength: 200, Autocomplete: "off"},
		password,
		{Kind: ui.Email, Name: "from", Label: t("from"), Help: help("from"), MaxLength: 254, Required: true, Autocomplete: "off"},
		{Name: "from_name", Label: t("from_name"), MaxLength: 100, Autocomplete: "off"},
		{Name: "hello", Label: t("hello"), Help: help("hello"), MaxLength: 253, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "extra_roots", Label: t("extra_roots"), Help: help("extra_roots"), Rows: 3},
		{Kind: ui.Checkbox, Name: "allow_clear", Label: t("allow_clear"), Help: help("allow_clear"), Checked: v.Get("allow_clear") == "true"},
	}
	for i := range fields {
		switch fields[i].Name {
		case "password", "allow_clear": // a password is never given back, not even one just typed
		case "security":
			for _, way := range installation.Securities() {
				fields[i].Options = append(fields[i].Options, ui.Option{Value: way, Label: i18n.T(ctx, "installation.security_"+way), Help: i18n.T(ctx, "installation.security_"+way+"_help")})
			}
			fallthrough
		default:
			fields[i].Value = v.Get(fields[i].Name)
		}
	}
	return fields
}

func mailValues(m installation.MailSettings) url.Values {
	v := url.Values{"host": {m.Host}, "security": {string(m.Security)}, "username": {m.Username}, "from": {m.From}, "from_name": {m.FromName}, "hello": {m.Hello},
		"extra_roots": {m.ExtraRoots}, "version": {strconv.FormatInt(m.Version, 10)}}
	if !m.On {
		v.Set("security", string(mail.STARTTLS))
	}
	if m.Port > 0 {
		v.Set("port", strconv.FormatInt(m.Port, 10))
	}
	if m.AllowClear {
		v.Set("allow_clear", "true")
	}
	return v
}

func mailInput(v url.Values) installation.MailInput {
	port, err := strconv.ParseInt(v.Get("port"), 10, 64)
	if err != nil && v.Get("port") != "" {
		port = -1 // refused by the operation
	}
	version, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		version = -1
	}
	return installation.MailInput{Version: version, Off: v.Get("off") == "true", Host: v.Get("host"), Port: port, Security: v.Get("security"), Username: v.Get("username"),
		Password: v.Get("password"), From: v.Get("from"), FromName: v.Get("from_name"), Hello: v.Get("hello"), AllowClear: v.Get("allow_clear") == "true", ExtraRoots: v.Get("extra_roots")}
}
