// Package installation holds the settings of the whole installation: how mail
// leaves it. Only its administrator sees or changes them.
package installation

import "commontable/internal/platform/operation"

// Service is the settings as the rest of the program sees them. It is safe for
// concurrent use.
type Service struct {
	ShowMail *operation.Operation[operation.None, MailSettings]
	EditMail *operation.Operation[MailInput, MailSettings]
	TestMail mailTest
	Outbox   *operation.Operation[operation.None, Kept]

	ShowInbox *operation.Operation[operation.None, InboxSettings]
	EditInbox *operation.Operation[InboxInput, InboxSettings]
	TestInbox inboxTest
}

// New defines the operations.
func New() *Service {
	return &Service{ShowMail: showMail, EditMail: editMail, TestMail: testMail, Outbox: outbox, ShowInbox: showInbox, EditInbox: editInbox, TestInbox: testInbox}
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{s.ShowMail, s.EditMail, s.TestMail, s.Outbox, s.ShowInbox, s.EditInbox, s.TestInbox}
}
