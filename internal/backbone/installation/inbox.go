package installation

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// InboxKind names the settings of the inbox as the subject of an operation.
const InboxKind = "inbox_settings"

// InboxSettings say which mailbox is read for what comes back. The password is never
// among them, only whether there is one.
type InboxSettings struct {
	On          bool          `json:"on"`
	Host        string        `json:"host"`
	Port        int64         `json:"port" doc:"0 stands for the usual port of the protection chosen."`
	Security    mail.Security `json:"security" doc:"starttls, tls or none."`
	Username    string        `json:"username"`
	PasswordSet bool          `json:"password_set"`
	Folder      string        `json:"folder" doc:"INBOX when empty."`
	Address     string        `json:"address" doc:"The address whose mail arrives there."`
	Tagged      bool          `json:"tagged" doc:"Whether mail to the address with +something before the @ arrives there too."`
	AllowClear  bool          `json:"allow_clear" doc:"Whether a server on another machine may be used without encryption."`
	ExtraRoots  string        `json:"extra_roots" doc:"Certificates in PEM of authorities trusted beside those of the system."`
	Version     int64         `json:"version" audit:"-" doc:"0 when nothing was ever set."`
	UpdatedAt   time.Time     `json:"updated_at,omitzero" audit:"-"`
	Looked      InboxLook     `json:"looked" audit:"-"`

	sealed []byte // the password, as stored
}

// InboxLook is what came of looking into the mailbox.
type InboxLook struct {
	At         time.Time `json:"at,omitzero" doc:"When it was looked into last."`
	Said       string    `json:"said,omitempty" doc:"Why that failed."`
	Bounces    int64     `json:"bounces" doc:"How many addresses could not be reached, of the last 60 days."`
	Complaints int64     `json:"complaints"`
	Answers    int64     `json:"answers"`
}

// CurrentVersion is what REST makes an ETag of.
func (m InboxSettings) CurrentVersion() int64 { return m.Version }

// Subject is the settings as the door sees them.
func (m InboxSettings) Subject() operation.Subject {
	return operation.Subject{Kind: InboxKind, ID: [16]byte{15: 2}} // there is one only
}

// mailbox is the settings as the mail package wants them.
func (m InboxSettings) mailbox(password string) mail.Mailbox {
	return mail.Mailbox{Folder: m.Folder, Settings: mail.Settings{Host: m.Host, Port: int(m.Port), Security: m.Security, Username: m.Username, Password: mail.Secret(password), AllowClearText: m.AllowClear, ExtraRoots: m.ExtraRoots}}
}

func (m InboxSettings) recorded(password string) any {
	return struct {
		InboxSettings
		Password string `json:"password" audit:"secret"`
	}{m, password}
}

// InboxInput is all of the settings; what is absent is empty.
type InboxInput struct {
	Version  int64  `json:"version" minimum:"0" doc:"The version that was read; 0 when nothing was ever set."`
	Off      bool   `json:"off,omitempty" doc:"Stop reading the mailbox and forget it."`
	Host     string `json:"host,omitempty" maxLength:"253"`
	Port     int64  `json:"port,omitempty" minimum:"0" maximum:"65535"`
	Security string `json:"security,omitempty" enum:"starttls,tls,none" doc:"tls when absent."`
	Username string `json:"username,omitempty" maxLength:"200"`
	// Password replaces the one that is kept; see MailInput.
	Password   string `json:"password,omitempty" text:"raw" maxLength:"500" doc:"The one kept stays when absent; it is asked for again when the server changes."`
	Folder     string `json:"folder,omitempty" maxLength:"200"`
	Address    string `json:"address,omitempty" maxLength:"254"`
	Tagged     bool   `json:"tagged,omitempty"`
	AllowClear bool   `json:"allow_clear,omitempty"`
	ExtraRoots string `json:"extra_roots,omitempty" text:"lines" maxLength:"50000"`
}

func (in InboxInput) settings() InboxSettings {
	if in.Off {
		return InboxSettings{}
	}
	m := InboxSettings{On: true, Host: in.Host, Port: in.Port, Security: mail.Security(in.Security), Username: in.Username, Folder: in.Folder, Address: in.Address, Tagged: in.Tagged, AllowClear: in.AllowClear, ExtraRoots: in.ExtraRoots}
	if m.Security == "" {
		m.Security = mail.TLS
	}
	return m
}

// longestTagged leaves room for a tag: the part before the @ has 64 characters at most.
const longestTagged = 64 - 1 - mail.TagLength

func (in InboxInput) check(faults *operation.Faults) {
	if in.Off {
		return
	}
	addFault(in.settings().mailbox(in.Password).Check(), faults)
	address, err := mail.CheckAddress("Address", in.Address)
	addFault(err, faults)
	if local := len(address) - len(mail.Domain(address)) - 1; err == nil && in.Tagged && local > longestTagged {
		faults.Add("address", "mail.fault.too_long", map[string]any{"Limit": longestTagged})
	}
}

var showInbox = operation.Define(operation.Operation[operation.None, InboxSettings]{
	Definition: operation.Definition{ID: "inbox-settings.get", Summary: "Reads which mailbox is looked into for what comes back, without the password", Scope: operation.OnInstallation, ReadOnly: true,
		Method: "GET", Path: "/inbox-settings"},
	Run: func(c *operation.Call, _ operation.None) (InboxSettings, error) {
		m, err := readInbox(c.Installation)
		if err != nil {
			return m, err
		}
		m.Looked, err = lookedOf(c.Installation, m)
		return m, err
	},
})

var editInbox = operation.Define(operation.Operation[InboxInput, InboxSettings]{
	Definition: operation.Definition{ID: "inbox-settings.edit", Summary: "Says which mailbox is looked into for what comes back", Scope: operation.OnInstallation, Secret: true, Fresh: true,
		BrowserOnly: "it asks for a fresh proof of identity, which a token cannot give"},
	Validate: func(in *InboxInput, faults *operation.Faults) { in.check(faults) },
	Run: func(c *operation.Call, in InboxInput) (InboxSettings, error) {
		before, err := readInbox(c.Installation)
		if err != nil {
			return before, err
		}
		if before.Version != in.Version {
			return before, operation.Stale(before)
		}
		after := in.settings()
		switch {
		case in.Password != "":
			if after.sealed, err = c.Secrets().Seal(inboxPurpose, []byte(in.Password)); err != nil {
				return before, err
			}
		case in.Off || !before.PasswordSet:
		case !sameServer(before.mailbox("").Settings, after.mailbox("").Settings):
			return before, operation.InvalidField("password", "installation.password_again")
		default:
			after.sealed = before.sealed
		}
		after.PasswordSet, after.Version, after.UpdatedAt = len(after.sealed) > 0, before.Version+1, c.Now
		value := after
		value.Version, value.PasswordSet, value.Looked = 0, false, InboxLook{}
		if err := writeSetting(c, inboxKey, value, after.sealed, after.Version); err != nil {
			return before, err
		}
		mark := ""
		if in.Password != "" {
			mark = "new"
		}
		c.Changed(after.Subject(), after.Host, after.Version, before.recorded(""), after.recorded(mark))
		return after, nil
	},
})

const (
	inboxKey     = "inbox"
	inboxPurpose = "inbox-password"
)

func readInbox(tx *store.InstallationTx) (InboxSettings, error) {
	m, err := store.One(tx, func(row store.Row) (m InboxSettings, err error) {
		err = row.Scan(store.ScanJSON(&m), &m.sealed, &m.Version, store.ScanTime(&m.UpdatedAt))
		return m, err
	}, `SELECT value, sealed, version, updated_at FROM installation_settings WHERE key = $1`, inboxKey)
	if errors.Is(err, store.ErrNotFound) {
		return InboxSettings{}, nil
	}
	m.PasswordSet = len(m.sealed) > 0
	return m, err
}

// Inbox is the mailbox that is looked into: the settings with their password. On is false
// when there is none. It is for the program itself and checks no permission.
func Inbox(ctx context.Context, s *store.Store, sealer operation.Sealer) (m InboxSettings, box mail.Mailbox, err error) {
	if err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error { m, err = readInbox(tx); return err }); err != nil || !m.On {
		return m, box, err
	}
	plain, err := sealer.Open(inboxPurpose, m.sealed)
	return m, m.mailbox(string(plain)), err
}
