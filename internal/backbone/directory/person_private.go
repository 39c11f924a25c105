package directory

import "commontable/internal/platform/operation"

// LivedExperiences are the answers to whether somebody has lived what the
// collaborative works on, by catalogue key "lived_experiences.…". No answer is
// an answer too, and the first one.
var LivedExperiences = []string{"yes", "no", "prefers_not"}

// Channels are the ways in which people like to be reached, by catalogue key
// "channels.…".
var Channels = []string{"email", "phone", "text", "post", "in_person"}

// PersonPrivate is what somebody tells in confidence: the given fields change,
// an empty one is taken back.
type PersonPrivate struct {
	ID              PersonID `json:"id"`
	Version         int64    `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	AccessNeeds     *string  `json:"access_needs,omitempty" text:"lines" maxLength:"2000" doc:"What makes taking part possible for them."`
	LivedExperience *string  `json:"lived_experience,omitempty" enum:"yes,no,prefers_not" doc:"Whether they have lived what the collaborative works on; empty when they did not say."`
}

// SetPrivate records what a person tells in confidence. The audit log says that
// the person's record changed and neither in what nor to what: not even whether
// somebody answered is anyone else's to read.
var SetPrivate = operation.Define(operation.Operation[PersonPrivate, Person]{
	Definition: operation.Definition{ID: "people.set-private", Summary: "Records or takes back what a person tells in confidence", Method: "PUT", Path: "/people/{id}/private"},
	About:      func(in PersonPrivate) operation.Subject { return personSubject(in.ID) },
	Run: func(c *operation.Call, in PersonPrivate) (Person, error) {
		before, err := people.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if after.AccessNeeds == before.AccessNeeds && after.LivedExperience == before.LivedExperience {
			return before.visibleTo(c), nil
		}
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if err := updatePerson(c, before, after); err != nil {
			return before, err
		}
		c.Changed(after.Subject(), after.Name(), after.Version, nil, nil)
		undo := PersonPrivate{ID: after.ID, Version: after.Version}
		operation.Reverse(&undo, before, after)
		c.UndoWith("people.set-private", undo)
		return after.visibleTo(c), nil
	},
})
