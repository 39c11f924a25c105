package surveys

import (
	"cmp"
	"slices"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListInput says which waves.
type ListInput struct {
	State  string `json:"state,omitempty" enum:"draft,open,closed,released"`
	Trash  bool   `json:"trash,omitempty" doc:"Those in the trash instead."`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// Ref names a wave.
type Ref struct {
	ID WaveID `json:"id"`
}

// AtVersion names one version of a wave.
type AtVersion struct {
	ID      WaveID `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// Input is a new wave.
type Input struct {
	InstrumentID InstrumentID `json:"instrument_id" doc:"Which edition of which instrument it asks."`
	Title        string       `json:"title,omitempty" maxLength:"200" doc:"The instrument's when absent."`
	Mode         string       `json:"mode,omitempty" enum:"named,confidential,anonymous" doc:"confidential when absent."`
	Languages    []string     `json:"languages,omitempty" maxItems:"10" maxLength:"10" doc:"All of the instrument's when absent."`
	OpensOn      string       `json:"opens_on,omitempty" format:"date"`
	ClosesOn     string       `json:"closes_on,omitempty" format:"date"`
	GraceDays    int64        `json:"grace_days,omitempty" minimum:"0" maximum:"60"`
	RemindEvery  int64        `json:"remind_every,omitempty" minimum:"0" maximum:"60"`
	RemindMost   int64        `json:"remind_most,omitempty" minimum:"0" maximum:"10"`
	Evergreen    bool         `json:"evergreen,omitempty" doc:"Whether it stays open; named and confidential waves that ask about organizations alone."`
	AskAgain     int64        `json:"ask_again,omitempty" minimum:"0" maximum:"60"`
	FollowsID    WaveID       `json:"follows_id,omitempty" doc:"An earlier wave that asks the same instrument, to compare with."`
	ForEvaluator bool         `json:"for_evaluator,omitempty" doc:"Whether a de-identified file may go to an evaluator; never of an anonymous wave."`
}

// Patch changes the fields that are given and leaves the others. Once a wave is open only
// its title, its end, its grace, its reminders and when it asks again change.
type Patch struct {
	ID           WaveID    `json:"id"`
	Version      int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Title        *string   `json:"title,omitempty" maxLength:"200"`
	Mode         *string   `json:"mode,omitempty" enum:"named,confidential,anonymous"`
	Languages    *[]string `json:"languages,omitempty" maxItems:"10" maxLength:"10"`
	OpensOn      *string   `json:"opens_on,omitempty" format:"date"`
	ClosesOn     *string   `json:"closes_on,omitempty" format:"date"`
	GraceDays    *int64    `json:"grace_days,omitempty" minimum:"0" maximum:"60"`
	RemindEvery  *int64    `json:"remind_every,omitempty" minimum:"0" maximum:"60"`
	RemindMost   *int64    `json:"remind_most,omitempty" minimum:"0" maximum:"10"`
	Evergreen    *bool     `json:"evergreen,omitempty"`
	AskAgain     *int64    `json:"ask_again,omitempty" minimum:"0" maximum:"60"`
	FollowsID    *WaveID   `json:"follows_id,omitempty"`
	ForEvaluator *bool     `json:"for_evaluator,omitempty"`
}

// List lists waves, the newest first.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Wave]]{
	Definition: operation.Definition{ID: "survey-waves.list", Summary: "Lists survey waves", ReadOnly: true, Method: "GET", Path: "/survey-waves"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Wave], error) {
		if in.Trash && !c.Can("survey-waves.restore") {
			return operation.Page[Wave]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		q := store.Select(`SELECT ` + columns + ` FROM survey_waves WHERE collaborative_id = $1`)
		k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"created_at", "id"}, Types: "ib", Descending: true}
		key := func(w Wave) []any { return []any{w.CreatedAt.UnixMicro(), w.ID[:]} }
		if in.Trash {
			q.Where(`deleted_at IS NOT NULL`)
			k.Columns = []string{"deleted_at", "id"}
			key = func(w Wave) []any { return []any{w.DeletedAt.UnixMicro(), w.ID[:]} }
		} else {
			q.Where(`deleted_at IS NULL`)
		}
		if in.State != "" {
			q.Where(`state = ?`, in.State)
		}
		page, err := operation.List(c.Tx, q, k, scan, key)
		if err != nil {
			return page, err
		}
		for n := range page.Items {
			page.Items[n].tell(c)
		}
		if err := count(c, page.Items); err != nil {
			return page, err
		}
		page.Total, err = operation.Total(c.Tx, Kind)
		return page, err
	},
})

// Get reads one wave with who is invited and how many have answered.
var Get = operation.Define(operation.Operation[Ref, Wave]{
	Definition: operation.Definition{ID: "survey-waves.get", Summary: "Reads one survey wave, with who is invited and how many have answered", ReadOnly: true, Method: "GET", Path: "/survey-waves/{id}"},
	Run: func(c *operation.Call, in Ref) (Wave, error) {
		w, err := waves.Read(c, in.ID)
		if err != nil {
			return w, err
		}
		return told(c, w)
	},
})

// told is a wave with those invited and its progress.
func told(c *operation.Call, w Wave) (Wave, error) {
	people, err := invited(c, w.ID)
	if err != nil {
		return w, err
	}
	answered, err := answeredOf(c, w)
	if err != nil {
		return w, err
	}
	minimum, err := surveyMinimum(c)
	if err != nil {
		return w, err
	}
	one := []Wave{w}
	if err := count(c, one); err != nil {
		return w, err
	}
	w = one[0]
	w.Thin = w.Mode == Anonymous && w.Invited > 0 && w.Invited < max(minimum, leastComments)
	if w.State != Draft {
		w.Progress = progress(people, answered, minimum)
	}
	if w.State == Released && w.ForEvaluator {
		file, err := fileOf(c, w.ID)
		if err := operation.IgnoreMissing(err); err != nil {
			return w, err
		}
		if err == nil {
			w.File = &file
		}
	}
	w.People = slices.DeleteFunc(people, func(v Invitee) bool { return v.gone })
	if w.State == Closed {
		w.Cuts = w.Cuttable()
	}
	w.MayEdit = w.DeletedAt == nil && c.Can("survey-waves.edit")
	return w, nil
}

// waves is the noun.
var waves = &operation.Noun[Wave, WaveID]{Kind: Kind, Area: "survey-waves", Get: get, Update: update,
	Head: func(w *Wave) operation.Head[WaveID] {
		return operation.HeadOf(w.ID, &w.Version, &w.UpdatedAt, &w.DeletedAt)
	},
	Title: Wave.Name}

// Create makes a draft of a wave.
var Create = operation.Define(operation.Operation[Input, Wave]{
	Definition: operation.Definition{ID: "survey-waves.create", Summary: "Makes a draft of a survey wave", Method: "POST", Path: "/survey-waves"},
	Run: func(c *operation.Call, in Input) (Wave, error) {
		h, err := getHeld(c, in.InstrumentID)
		if missing, err := operation.Gone(err, h.DeletedAt != nil); err != nil {
			return Wave{}, err
		} else if missing {
			return Wave{}, operation.InvalidField("instrument_id", "errors.no_such_instrument")
		}
		w := Wave{ID: id.New[Wave](), Title: cmp.Or(in.Title, h.Title), InstrumentKey: h.Key, Edition: h.Edition, Instrument: h.Title, Languages: in.Languages, Mode: cmp.Or(in.Mode, Confidential), OpensOn: in.OpensOn, ClosesOn: in.ClosesOn,
			GraceDays: in.GraceDays, RemindEvery: in.RemindEvery, RemindMost: in.RemindMost, FollowsID: in.FollowsID, Evergreen: in.Evergreen, AskAgain: in.AskAgain, ForEvaluator: in.ForEvaluator, State: Draft, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now, content: h.content}
		if len(w.Languages) == 0 {
			w.Languages = h.Languages
		}
		if err := settle(c, Wave{}, &w); err != nil {
			return w, err
		}
		if err := insert(c, w); err != nil {
			return w, err
		}
		if w, err = waves.Added(c, w); err != nil {
			return w, err
		}
		return told(c, w)
	},
})

// allowFiles is the permission by which somebody decides that a file may go to an evaluator.
const allowFiles = "evaluator-agreements.create"

// settle finds what of a wave does not go together.
func settle(c *operation.Call, before Wave, w *Wave) error {
	var faults operation.Faults
	if w.Title == "" {
		faults.Add("title", "errors.required")
	}
	if w.ClosesOn != "" && w.ClosesOn < w.OpensOn {
		faults.Add("closes_on", "errors.survey_ends_first")
	}
	settleEvergreen(w, &faults)
	w.Languages = slices.Compact(slices.Sorted(slices.Values(w.Languages)))
	if len(w.Languages) == 0 {
		faults.Add("languages", "errors.required")
	}
	for _, l := range w.Languages {
		if !slices.Contains(w.content.Languages(), l) {
			faults.Add("languages", "errors.survey_language")
			break
		}
	}
	switch {
	case w.ForEvaluator && w.Evergreen: // two snapshots, row by row, would tell who changed what
		faults.Add("for_evaluator", "errors.survey_file_evergreen")
	case w.ForEvaluator && w.Mode == Anonymous:
		faults.Add("for_evaluator", "errors.survey_file_anonymous")
	case w.ForEvaluator && !before.ForEvaluator && !c.Can(allowFiles):
		faults.Add("for_evaluator", "errors.survey_file_director")
	}
	if !w.FollowsID.IsZero() && w.FollowsID != before.FollowsID {
		earlier, err := get(c, w.FollowsID)
		if missing, err := operation.Gone(err, earlier.DeletedAt != nil); err != nil {
			return err
		} else if missing || earlier.ID == w.ID || earlier.InstrumentKey != w.InstrumentKey || earlier.Evergreen || !earlier.SnapshotOf.IsZero() {
			faults.Add("follows_id", "errors.survey_follows")
		}
	}
	return faults.Err()
}

// Edit changes the given fields of a wave.
var Edit = operation.Define(operation.Operation[Patch, Wave]{
	Definition: operation.Definition{ID: "survey-waves.edit", Summary: "Changes a survey wave", Method: "PATCH", Path: "/survey-waves/{id}"},
	Run: func(c *operation.Call, in Patch) (Wave, error) {
		before, err := waves.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if before.State != Draft && (after.Mode != before.Mode || after.Evergreen != before.Evergreen || after.OpensOn != before.OpensOn || after.FollowsID != before.FollowsID || after.ForEvaluator != before.ForEvaluator || !slices.Equal(after.Languages, before.Languages)) {
			return before, operation.InvalidField("id", "errors.survey_begun") // what those invited were told holds
		}
		if before.State == Released {
			return before, operation.InvalidField("id", "errors.survey_released")
		}
		if err := settle(c, before, &after); err != nil {
			return before, err
		}
		w, err := waves.Save(c, before, after, "survey-waves.edit", func(after Wave) any {
			undo := Patch{ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
		if err != nil {
			return w, err
		}
		return told(c, w)
	},
})

// StepInput moves a wave on.
type StepInput struct {
	ID      WaveID `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	State   string `json:"state" required:"true" enum:"draft,open,closed,released" doc:"open freezes who is invited; closed takes no answers any more; released shows the figures, and cannot be taken back."`
	// Cuts is decided with the release and stays so.
	Cuts *[]string `json:"cuts,omitempty" maxItems:"4" enum:"sector,body,kind,years" doc:"Of released: by what figures are told, in this order; each more makes groups coarser, the last most. By sector when absent, of everybody alone when empty."`
}

// Step opens a wave, closes it, opens it again or releases it.
var Step = operation.Define(operation.Operation[StepInput, Wave]{
	Definition: operation.Definition{ID: "survey-waves.step", Summary: "Opens a survey wave, closes it, opens it again or releases its figures", Method: "POST", Path: "/survey-waves/{id}/state"},
	Run:        step,
})

func step(c *operation.Call, in StepInput) (Wave, error) {
	before, err := waves.Live(c, in.ID, in.Version)
	if err != nil {
		return before, err
	}
	if !Follows(before.State, in.State) {
		return before, operation.InvalidField("state", "errors.survey_state")
	}
	by, err := before.chosenCuts(in.Cuts)
	if err == nil && in.Cuts != nil && in.State != Released {
		err = operation.InvalidField("cuts", "errors.survey_state")
	}
	if err != nil {
		return before, err
	}
	after := before
	after.State = in.State
	switch in.State {
	case Closed:
		after.ClosedOn = c.Today()
	case Open:
		after.ClosedOn = ""
	}
	switch {
	case before.State == Draft:
		if err = open(c, before); err == nil && before.Mode == Anonymous {
			err = layOut(c, before)
		}
	case in.State == Draft:
		err = unopen(c, before)
	case in.State == Open && before.ClosesOn != "" && c.Today() > before.lastDay():
		err = operation.InvalidField("state", "errors.survey_over")
	case in.State == Released:
		switch {
		case before.Evergreen:
			err = releaseEvergreen(c, before)
		default:
			if err = release(c, before, by); err == nil && before.Mode == Anonymous {
				err = endSlips(c, before)
			}
		}
		if err == nil && before.draws() && !before.Evergreen {
			err = tellTies(c, before)
		}
	case in.State == Closed && before.Mode == Anonymous:
		err = emptyBoxes(c, before)
	case in.State == Open && before.Mode == Anonymous:
		err = fillBoxes(c, before)
	}
	if err != nil {
		return before, err
	}
	back := func(after Wave) any { return StepInput{ID: after.ID, Version: after.Version, State: before.State} }
	if in.State == Released {
		back = nil // what was seen cannot be taken back
	}
	w, err := waves.Save(c, before, after, "survey-waves.step", back)
	if err != nil {
		return w, err
	}
	return told(c, w)
}

// Trash puts a wave in the trash. Answers to it are kept, and taken no more.
var Trash = operation.Define(operation.Operation[AtVersion, Wave]{
	Definition: operation.Definition{ID: "survey-waves.trash", Summary: "Puts a survey wave in the trash", Method: "DELETE", Path: "/survey-waves/{id}"},
	Run:        func(c *operation.Call, in AtVersion) (Wave, error) { return waves.Trash(c, in.ID, in.Version) },
})

// Restore takes a wave out of the trash.
var Restore = operation.Define(operation.Operation[AtVersion, Wave]{
	Definition: operation.Definition{ID: "survey-waves.restore", Summary: "Takes a survey wave out of the trash", Method: "POST", Path: "/survey-waves/{id}/restore"},
	Run:        func(c *operation.Call, in AtVersion) (Wave, error) { return waves.Restore(c, in.ID, in.Version) },
})
