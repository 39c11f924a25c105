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
	place, err := s.slipPlace(ctx, access.AnswerSurvey, secret)
	if err != nil {
		return Slip{}, err
	}
	ask := slipAsk{secret, blinded}
	signed, err := s.sign.Do(asNobody(ctx, place), door, ask)
	if err != nil {
		return Slip{}, err
	}
	return s.give.Do(store.LeavingNoOrder(context.WithValue(asNobody(ctx, place), signedSlip{}, signed)), door, ask)
}

// LookSlip shows what is asked at the address where slips are used.
func (s *Service) LookSlip(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, View, error) {
	place, err := s.slipPlace(ctx, access.UseSlip, secret)
	if err != nil {
		return place, View{}, err
	}
	view, err := s.door.Do(asNobody(ctx, place), door, linkSecret{secret})
	return place, view, err
}

// HandIn takes answers for a slip. What is not a slip of the wave is counted as a guess.
func (s *Service) HandIn(ctx context.Context, door *operation.Door, in HandIn) (operation.Collaborative, View, error) {
	place, err := s.slipPlace(ctx, access.UseSlip, in.Secret)
	if err != nil {
		return place, View{}, err
	}
	view, err := s.hand.Do(store.LeavingNoOrder(asNobody(ctx, place)), door, in)
	if operation.KindOf(err) == operation.Forbidden {
		if limit := s.access.TakeTask(ctx); limit != nil {
			err = limit
		}
	}
	return place, view, err
}

// slipPlace is the collaborative of a link; guesses are counted.
func (s *Service) slipPlace(ctx context.Context, task access.Task, secret string) (operation.Collaborative, error) {
	place, err := s.access.TaskPlace(ctx, task, secret)
	if operation.KindOf(err) == operation.NotFound {
		if limit := s.access.TakeTask(ctx); limit != nil {
			err = limit
		}
	}
	return place, err
}
