package installation

import (
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

var showMail = operation.Define(operation.Operation[operation.None, MailSettings]{
	Definition: operation.Definition{ID: "mail-settings.get", Summary: "Reads how mail leaves the installation, without the password", Scope: operation.OnInstallation, ReadOnly: true,
		Method: "GET", Path: "/mail-settings"},
	Run: func(c *operation.Call, _ operation.None) (MailSettings, error) {
		m, err := readMail(c.Installation)
		if err != nil {
			return m, err
		}
		return countMail(c.Installation, m)
	},
})

// editMail asks for a fresh proof of identity: sign-in links go wherever these
// settings send them.
var editMail = operation.Define(operation.Operation[MailInput, MailSettings]{
	Definition: operation.Definition{ID: "mail-settings.edit", Summary: "Says how mail leaves the installation", Scope: operation.OnInstallation, Secret: true, Fresh: true,
		BrowserOnly: "it asks for a fresh proof of identity, which a token cannot give"},
	Validate: func(in *MailInput, faults *operation.Faults) {
		if !in.Off {
			addFault(in.settings().sender(in.Password).Check(), faults)
		}
	},
	Run: func(c *operation.Call, in MailInput) (MailSettings, error) {
		before, err := readMail(c.Installation)
		if err != nil {
			return before, err
		}
		if before.Version != in.Version {
			return before, operation.Stale(before)
		}
		after := in.settings()
		switch {
		case in.Password != "":
			if after.sealed, err = c.Secrets().Seal(sealPurpose, []byte(in.Password)); err != nil {
				return before, err
			}
		case after.Username == "" || !before.PasswordSet:
		case !sameServer(before.sender(""), after.sender("")):
			return before, operation.InvalidField("password", "installation.password_again")
		default:
			after.sealed = before.sealed
		}
		after.PasswordSet, after.Version, after.UpdatedAt = len(after.sealed) > 0, before.Version+1, c.Now
		if err := writeMail(c, after); err != nil {
			return before, err
		}
		mark := ""
		if in.Password != "" {
			mark = "new"
		}
		c.Changed(after.Subject(), after.Host, after.Version, before.recorded(""), after.recorded(mark))
		// What waits for the mail server to come back need wait no longer.
		if _, err := c.Installation.Exec(`UPDATE jobs SET run_at = $1 WHERE state = 'queued' AND kind = $2 AND run_at > $1 AND attempts > 0`, store.Micros(c.Now), access.MailKind); err != nil {
			return after, err
		}
		return countMail(c.Installation, after)
	},
})

// Kept is what was not mailed because no server is set up.
type Kept struct {
	// On says that a server is set up now, so that nothing is added any more.
	On       bool          `json:"on"`
	Messages []KeptMessage `json:"messages"`
	// Unreadable counts messages that another installation key sealed.
	Unreadable int `json:"unreadable"`
}

// outbox reads the messages that are kept. They hold links that let people in
// as somebody else, so reading them is written down and is not offered to
// programs.
var outbox = operation.Define(operation.Operation[operation.None, Kept]{
	Definition: operation.Definition{ID: "mail-settings.outbox", Summary: "Reads the messages that could not be mailed, with their links", Scope: operation.OnInstallation, ReadOnly: true,
		Sensitive: true, Secret: true, BrowserOnly: "its links let their bearer in as somebody else"},
	Run: func(c *operation.Call, _ operation.None) (Kept, error) {
		m, err := readMail(c.Installation)
		if err != nil {
			return Kept{}, err
		}
		out := Kept{On: m.On}
		out.Messages, out.Unreadable, err = readKept(c.Installation, c.Secrets(), c.Now)
		return out, err
	},
})
