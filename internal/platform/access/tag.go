package access

import (
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// ReturnTag marks the address to which letters of a collaborative to an address come
// back. Only who got such a letter knows it, and it proves nothing of any other address.
func (s *Service) ReturnTag(c operation.CollaborativeID, email string) string {
	return mail.Tag('b', s.sealer.Mark("returned mail", string(c[:])+EmailKey(email)))
}

// AnswerTag marks the address to which the calendar of whoever was invited at an address
// sends an answer about one thing. Only their invitation names it.
func (s *Service) AnswerTag(c operation.CollaborativeID, about, email string) string {
	return mail.Tag('r', s.sealer.Mark("answers by mail", string(c[:])+about+"\x00"+EmailKey(email)))
}
