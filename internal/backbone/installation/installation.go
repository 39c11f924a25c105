// Package installation holds the settings of the whole installation: how mail
// leaves it. Only its administrator sees or changes them.
package installation

import (
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// Service is the settings as the rest of the program sees them. It is safe for
// concurrent use.
type Service struct {
	// Log keeps the newest messages while no mail server is set up.
	Log *mail.Log

	ShowMail *operation.Operation[operation.None, MailSettings]
	EditMail *operation.Operation[MailInput, MailSettings]
	TestMail mailTest
	Outbox   *operation.Operation[operation.None, Kept]
}

// New defines the operations. Messages kept in the log are shown by Outbox.
func New(log *mail.Log) *Service {
	s := &Service{Log: log, ShowMail: showMail, EditMail: editMail, TestMail: testMail}
	s.Outbox = newOutbox(log)
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{s.ShowMail, s.EditMail, s.TestMail, s.Outbox}
}
