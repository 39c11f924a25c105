package surveys

import (
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// Service holds what needs letters and links.
type Service struct {
	// Invite mails those invited their link, or reminds those who have not answered.
	Invite *operation.Operation[InviteInput, Written]
	// Keep closes a wave whose time is over, and writes the letters that are due.
	Keep *operation.Operation[Ref, Written]

	look *operation.Operation[linkSecret, View]
	save *operation.Operation[LinkSave, View]

	sign *operation.Operation[slipAsk, Slip]
	give *operation.Operation[slipAsk, Slip]
	door *operation.Operation[linkSecret, View]
	hand *operation.Operation[HandIn, View]

	access *access.Service
}

// New defines the operations.
func New(a *access.Service) *Service {
	s := &Service{access: a}
	s.defineLetters()
	s.defineLinks()
	return s
}

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{ListInstruments, GetInstrument, Bring, TrashInstrument, RestoreInstrument, List, Get, Create, Edit, Step, Snapshot, AddPeople, RemovePeople, NamedAnswers, Trash, Restore,
		ListResults, GetResults, MyPlaces, ListComments, EditComment,
		s.Invite, s.Keep, s.look, s.save, s.give, s.door, s.hand}
}
