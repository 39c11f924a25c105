package installation

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// MailKind names the mail settings as the subject of an operation.
const MailKind = "mail_settings"

// MailSettings say which server takes the mail. The password is never among
// them, only whether there is one.
type MailSettings struct {
	// On says whether a server is set up; messages are kept for the
	// administrator otherwise.
	On          bool          `json:"on"`
	Host        string        `json:"host"`
	Port        int64         `json:"port" doc:"0 stands for the usual port of the protection chosen."`
	Security    mail.Security `json:"security" doc:"starttls, tls or none."`
	Username    string        `json:"username"`
	PasswordSet bool          `json:"password_set"`
	From        string        `json:"from" doc:"The address messages come from."`
	FromName    string        `json:"from_name"`
	Hello       string        `json:"hello" doc:"The name this machine gives itself; its host name when empty."`
	AllowClear  bool          `json:"allow_clear" doc:"Whether a server on another machine may be used without encryption."`
	ExtraRoots  string        `json:"extra_roots" doc:"Certificates in PEM of authorities trusted beside those of the system."`
	Version     int64         `json:"version" audit:"-" doc:"0 when nothing was ever set."`
	UpdatedAt   time.Time     `json:"updated_at,omitzero" audit:"-"`
	Waiting     int64         `json:"waiting" audit:"-" doc:"How many messages wait to be sent."`
	Failed      int64         `json:"failed" audit:"-" doc:"How many messages could not be sent."`
	// FailedOutside are those of them that belong to no collaborative, whose
	// people could see and retry them.
	FailedOutside int64 `json:"failed_outside" audit:"-" doc:"How many of them belong to no collaborative, such as sign-in links."`

	sealed []byte // the password, as stored
}

// CurrentVersion is what REST makes an ETag of.
func (m MailSettings) CurrentVersion() int64 { return m.Version }

// Subject is the settings as the door sees them.
func (m MailSettings) Subject() operation.Subject {
	return operation.Subject{Kind: MailKind, ID: [16]byte{15: 1}} // there is one only
}

// sender is the settings as the mail package wants them.
func (m MailSettings) sender(password string) mail.Settings {
	return mail.Settings{Host: m.Host, Port: int(m.Port), Security: m.Security, Username: m.Username, Password: mail.Secret(password),
		From: m.From, FromName: m.FromName, EHLO: m.Hello, AllowClearText: m.AllowClear, ExtraRoots: m.ExtraRoots}
}

// recorded is what the audit log compares: that a password changed, never which.
func (m MailSettings) recorded(password string) any {
	return struct {
		MailSettings
		Password string `json:"password" audit:"secret"`
	}{m, password}
}

// MailInput is all of the settings; what is absent is empty.
type MailInput struct {
	Version int64 `json:"version" minimum:"0" doc:"The version that was read; 0 when nothing was ever set."`
	// Off forgets the server and its password.
	Off      bool   `json:"off,omitempty" doc:"Stop using a mail server and forget it."`
	Host     string `json:"host,omitempty" maxLength:"253"`
	Port     int64  `json:"port,omitempty" minimum:"0" maximum:"65535"`
	Security string `json:"security,omitempty" enum:"starttls,tls,none" doc:"starttls when absent."`
	Username string `json:"username,omitempty" maxLength:"200"`
	// Password replaces the one that is kept. It is kept only while the mail goes
	// to the same server in the same way: nobody is to learn it by naming a
	// server of theirs.
	Password   string `json:"password,omitempty" text:"raw" maxLength:"500" doc:"The one kept stays when absent; it is asked for again when the server changes."`
	From       string `json:"from,omitempty" maxLength:"254"`
	FromName   string `json:"from_name,omitempty" maxLength:"100"`
	Hello      string `json:"hello,omitempty" maxLength:"253"`
	AllowClear bool   `json:"allow_clear,omitempty"`
	ExtraRoots string `json:"extra_roots,omitempty" text:"lines" maxLength:"50000"`
}

func (in MailInput) settings() MailSettings {
	if in.Off {
		return MailSettings{}
	}
	m := MailSettings{On: true, Host: in.Host, Port: in.Port, Security: mail.Security(in.Security), Username: in.Username, From: in.From, FromName: in.FromName,
		Hello: in.Hello, AllowClear: in.AllowClear, ExtraRoots: in.ExtraRoots}
	if m.Security == "" {
		m.Security = mail.STARTTLS
	}
	return m
}

// fields are the names of mail.Settings' fields in an input.
var fields = map[string]string{"Host": "host", "Port": "port", "Security": "security", "Username": "username", "Password": "password", "From": "from", "FromName": "from_name",
	"EHLO": "hello", "ExtraRoots": "extra_roots", "To": "to", "Folder": "folder", "Address": "address"}

// addFault reports what the mail package finds wrong under the input's names.
func addFault(err error, faults *operation.Faults) {
	var f *mail.Fault
	if errors.As(err, &f) {
		faults.Add(fields[f.Field], f.Key, f.Args)
	}
}

// sameServer says whether a password given for one of two settings would go to
// the same place, as well protected, by the other.
func sameServer(a, b mail.Settings) bool {
	return a.Host == b.Host && a.Port == b.Port && a.Security == b.Security && a.AllowClearText == b.AllowClearText && a.ExtraRoots == b.ExtraRoots && a.Username == b.Username
}

// usual are the protections in the order they are offered.
var usual = []mail.Security{mail.STARTTLS, mail.TLS, mail.None}

// Securities are the ways to protect the connection, the best known first.
func Securities() []string {
	out := make([]string, len(usual))
	for i, s := range slices.Clone(usual) {
		out[i] = string(s)
	}
	return out
}
