package installation

import (
	"context"
	"reflect"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// TestInput names who is to get the test message.
type TestInput struct {
	To string `json:"to" required:"true" format:"email" maxLength:"254"`
}

// Diagnosis tells step by step how sending a test message went, in the language
// of whoever asked.
type Diagnosis struct {
	OK    bool   `json:"ok"`
	Steps []Step `json:"steps"`
}

// Step is one thing that must work before a message is on its way.
type Step struct {
	Step   mail.Step  `json:"step"`
	State  mail.State `json:"state" doc:"ok, failed or skipped."`
	Text   string     `json:"text"`
	Server string     `json:"server,omitempty" doc:"The other side's own words on a failure."`
}

const (
	// stepLimit and testLimit keep the answer to a person who waits within the
	// time a page may take.
	stepLimit = 8 * time.Second
	testLimit = 25 * time.Second
)

// mailTest talks to the mail server after its operation has committed: the
// operation checks permission, writes down that a test was made and hands over
// the settings; the conversation takes seconds, and no transaction waits for it.
// The settings stay in here; what callers get is the diagnosis.
type mailTest struct {
	*operation.Operation[TestInput, mail.Settings]
}

var testMail = mailTest{operation.Define(operation.Operation[TestInput, mail.Settings]{
	Definition: operation.Definition{ID: "mail-settings.test", Summary: "Sends a test message and tells step by step how it went", Scope: operation.OnInstallation, Secret: true,
		Method: "POST", Path: "/mail-settings/test"},
	Validate: func(in *TestInput, faults *operation.Faults) {
		if in.To != "" {
			_, err := mail.CheckAddress("To", in.To)
			addFault(err, faults)
		}
	},
	Run: func(c *operation.Call, in TestInput) (mail.Settings, error) {
		m, err := readMail(c.Installation)
		if err != nil {
			return mail.Settings{}, err
		}
		if !m.On {
			return mail.Settings{}, operation.Refuse(operation.Conflict, "installation.no_server")
		}
		password, err := m.open(c.Secrets())
		c.Changed(m.Subject(), in.To, m.Version, nil, nil)
		return m.sender(password), err
	},
})}

// OutputType is the diagnosis, not what the operation hands over inside.
func (t mailTest) OutputType() reflect.Type { return reflect.TypeFor[Diagnosis]() }

// DoAny is Do on a *TestInput.
func (t mailTest) DoAny(ctx context.Context, door *operation.Door, in any) (any, error) {
	return t.Do(ctx, door, *in.(*TestInput))
}

// Do sends a test message by the stored settings.
func (t mailTest) Do(ctx context.Context, door *operation.Door, in TestInput) (Diagnosis, error) {
	settings, err := t.Operation.Do(ctx, door, in)
	if err != nil {
		return Diagnosis{}, err
	}
	settings.Timeout = stepLimit
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	return diagnosisOf(ctx, mail.Diagnose(ctx, settings, in.To)), nil
}
