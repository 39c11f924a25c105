package surveys

import (
	"context"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// defineSlips defines what is done by link in an anonymous wave. None of it leaves an
// entry in the log: an entry has a time.
func (s *Service) defineSlips(byLink string) {
	s.give = operation.Define(operation.Operation[slipAsk, Slip]{
		Definition: operation.Definition{ID: "survey-slips.give", Summary: "Signs the blinded token of somebody who is invited to an anonymous survey, once", BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in slipAsk) (Slip, error) {
			c.Continue()
			return giveSlip(c, in)
		},
	})
	// In no registry: only GiveSlip asks for it, in a snapshot, before it gives.
	s.sign = operation.Define(operation.Operation[slipAsk, Slip]{
		Definition: operation.Definition{ID: "survey-slips.give", Summary: "Signs the blinded token of somebody who is invited to an anonymous survey", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run:        signSlip,
	})
	s.door = operation.Define(operation.Operation[linkSecret, View]{
		Definition: operation.Definition{ID: "survey-slips.open", Summary: "Shows the questions of an anonymous survey", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run:        func(c *operation.Call, in linkSecret) (View, error) { return doorView(c, in.Secret) },
	})
	s.hand = operation.Define(operation.Operation[HandIn, View]{
		Definition: operation.Definition{ID: "survey-slips.hand-in", Summary: "Takes anonymous answers for a slip that was not used", BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in HandIn) (View, error) {
			c.Continue()
			return handIn(c, in)
		},
	})
}

// GiveSlip signs the blinded token of whoever bears a personal link.
func (s *Service) GiveSlip(ctx context.Context, door *operation.Door, secret, blinded string) (Slip, error) {
	ask := slipAsk{secret, blinded}
	place, signed, err := access.LookByTask(asNobody(ctx), s.access, door, s.sign, access.AnswerSurvey, secret, ask)
	if err != nil {
		return Slip{}, err
	}
	here := operation.WithCollaborative(asNobody(ctx), place)
	return s.give.Do(store.LeavingNoOrder(context.WithValue(here, signedSlip{}, signed)), door, ask)
}

// LookSlip shows what is asked at the address where slips are used.
func (s *Service) LookSlip(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, View, error) {
	return access.LookByTask(asNobody(ctx), s.access, door, s.door, access.UseSlip, secret, linkSecret{secret})
}

// HandIn takes answers for a slip. What is not a slip of the wave is counted as a guess.
func (s *Service) HandIn(ctx context.Context, door *operation.Door, in HandIn) (operation.Collaborative, View, error) {
	place, view, err := access.LookByTask(store.LeavingNoOrder(asNobody(ctx)), s.access, door, s.hand, access.UseSlip, in.Secret, in)
	if operation.KindOf(err) == operation.Forbidden {
		if limit := s.access.TakeTask(ctx); limit != nil {
			err = limit
		}
	}
	return place, view, err
}
