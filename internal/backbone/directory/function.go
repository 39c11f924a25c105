package directory

import (
	"slices"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The kinds of subject of the backbone's functions.
const (
	FunctionKind = "function"
	HoldingKind  = "holding"
)

// FunctionID names a function that a collaborative added.
type FunctionID = id.Of[Function]

// HoldingID names a period in which somebody performs a function.
type HoldingID = id.Of[Holding]

// SixFunctions are the functions of a backbone as the field names them, by
// catalogue key "functions.…". A backbone is a function and not an organization:
// each of them may be performed by anyone, and by several at once.
var SixFunctions = []string{"guide_vision", "support_activities", "establish_measurement", "build_public_will", "advance_policy", "mobilize_funding"}

// Function is one thing a backbone does. Key is one of SixFunctions, or the id
// of one the collaborative added, which then has a name of its own.
type Function struct {
	Key   string `json:"key"`
	Name  string `json:"name,omitempty" doc:"Only of a function the collaborative added; the six have standard words."`
	About string `json:"about,omitempty"`
	// Holdings are who performs it on the day asked about, or ever.
	Holdings []Holding `json:"holdings"`
	// Version is that of an added function; the six never change.
	Version int64 `json:"version,omitempty"`
}

// Holding is a period in which an organization or a body performs a function.
type Holding struct {
	ID             HoldingID      `json:"id" audit:"-"`
	Function       string         `json:"function"`
	OrganizationID OrganizationID `json:"organization_id,omitempty" audit:"-"`
	BodyID         BodyID         `json:"body_id,omitempty" audit:"-"`
	Holder         string         `json:"holder" doc:"The organization's or body's name."`
	Share          int64          `json:"share" doc:"Of the effort this function takes, in per cent; 0 when not known."`
	Note           string         `json:"note"`
	From           string         `json:"valid_from" doc:"First day, YYYY-MM-DD."`
	To             string         `json:"valid_to,omitempty" doc:"First day it no longer held; absent while it does."`
	Version        int64          `json:"version" audit:"-"`
	CreatedAt      time.Time      `json:"created_at" audit:"-"`
	UpdatedAt      time.Time      `json:"updated_at" audit:"-"`
}

// CurrentVersion is what REST makes an ETag of.
func (h Holding) CurrentVersion() int64 { return h.Version }

// Subject is the holding as the door sees it.
func (h Holding) Subject() operation.Subject {
	return operation.Subject{Kind: HoldingKind, ID: h.ID}
}

// HoldingInput is who performs a function, from when.
type HoldingInput struct {
	Function       string         `json:"function" required:"true" doc:"One of the six, or the key of an added one."`
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"Either an organization or a body performs it."`
	BodyID         BodyID         `json:"body_id,omitempty"`
	Share          int64          `json:"share,omitempty" minimum:"0" maximum:"100"`
	Note           string         `json:"note,omitempty" maxLength:"500"`
	From           string         `json:"valid_from,omitempty" format:"date" doc:"today when absent."`
	To             string         `json:"valid_to,omitempty" format:"date"`
}

// HoldingPatch changes the fields that are given and leaves the others.
type HoldingPatch struct {
	ID      HoldingID `json:"id"`
	Version int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Share   *int64    `json:"share,omitempty" minimum:"0" maximum:"100"`
	Note    *string   `json:"note,omitempty" maxLength:"500"`
	From    *string   `json:"valid_from,omitempty" format:"date"`
	To      *string   `json:"valid_to,omitempty" format:"date"`
}

// HoldingVersion names one version of a holding.
type HoldingVersion struct {
	ID      HoldingID `json:"id"`
	Version int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// ListFunctionsInput says which holdings come with the functions.
type ListFunctionsInput struct {
	AsOf string `json:"as_of,omitempty" format:"date" doc:"Who performed them on this day; everyone ever when absent."`
}

// FunctionList is every function: the six, then the added ones by name.
type FunctionList struct {
	Items []Function `json:"items"`
	// First is the first day of the oldest holding; absent when there is none.
	First string `json:"first,omitempty"`
}

// ListFunctions lists the backbone's functions and who performs or performed
// them, the longest ago first.
var ListFunctions = operation.Define(operation.Operation[ListFunctionsInput, FunctionList]{
	Definition: operation.Definition{ID: "functions.list", Summary: "Lists the backbone's functions and who performs them", ReadOnly: true, Method: "GET", Path: "/functions"},
	Run: func(c *operation.Call, in ListFunctionsInput) (FunctionList, error) {
		out := FunctionList{Items: []Function{}}
		for _, key := range SixFunctions {
			out.Items = append(out.Items, Function{Key: key, Holdings: []Holding{}})
		}
		added, err := store.Collect(c.Tx, scanFunction, `SELECT `+functionColumns+` FROM backbone_functions WHERE collaborative_id = $1 AND deleted_at IS NULL ORDER BY sort_key, id`)
		if err != nil {
			return out, err
		}
		for _, f := range added {
			out.Items = append(out.Items, f.Function)
		}
		holdings, err := holdingsOn(c, in.AsOf)
		for _, h := range holdings {
			if out.First == "" || h.From < out.First {
				out.First = h.From
			}
			at := slices.IndexFunc(out.Items, func(f Function) bool { return f.Key == h.Function })
			if at >= 0 {
				out.Items[at].Holdings = append(out.Items[at].Holdings, h)
			}
		}
		return out, err
	},
})

// Assign begins a holding: from a day on somebody performs a function.
var Assign = operation.Define(operation.Operation[HoldingInput, Holding]{
	Definition: operation.Definition{ID: "functions.assign", Summary: "Says who performs a function of the backbone, from when", Method: "POST", Path: "/functions/holdings"},
	Validate: func(in *HoldingInput, faults *operation.Faults) {
		if in.OrganizationID.IsZero() == in.BodyID.IsZero() {
			faults.Add("organization_id", "errors.one_holder")
		}
	},
	Run: func(c *operation.Call, in HoldingInput) (Holding, error) {
		h := Holding{ID: id.New[Holding](), Function: in.Function, OrganizationID: in.OrganizationID, BodyID: in.BodyID, Share: in.Share, Note: in.Note,
			From: or(in.From, c.Today()), To: in.To, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if err := knownFunction(c, in.Function); err != nil {
			return h, err
		}
		var err error
		if h.Holder, err = holderName(c, h); err != nil {
			return h, err
		}
		if err := checkHolding(c, h); err != nil {
			return h, err
		}
		if err := insertHolding(c, h); err != nil {
			return h, err
		}
		c.Changed(h.Subject(), h.Holder, h.Version, nil, h)
		c.UndoWith(RemoveHolding.ID, HoldingVersion{h.ID, h.Version})
		return h, nil
	},
})

// EditHolding corrects a holding or ends it.
var EditHolding = operation.Define(operation.Operation[HoldingPatch, Holding]{
	Definition: operation.Definition{ID: "functions.edit-holding", Summary: "Corrects or ends who performs a function", Method: "PATCH", Path: "/functions/holdings/{id}"},
	Run: func(c *operation.Call, in HoldingPatch) (Holding, error) {
		before, err := liveHolding(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if after.From == "" {
			return before, operation.InvalidField("valid_from", "errors.required")
		}
		if len(operation.Diff(before, after)) == 0 {
			return before, nil
		}
		if err := checkHolding(c, after); err != nil {
			return before, err
		}
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if err := updateHolding(c, after); err != nil {
			return before, err
		}
		c.Changed(after.Subject(), after.Holder, after.Version, before, after)
		undo := HoldingPatch{ID: after.ID, Version: after.Version}
		operation.Reverse(&undo, before, after)
		c.UndoWith("functions.edit-holding", undo)
		return after, nil
	},
})

// RemoveHolding takes back a holding that was entered by mistake. One that came
// to an end is ended instead.
var RemoveHolding = operation.Define(operation.Operation[HoldingVersion, Holding]{
	Definition: operation.Definition{ID: "functions.remove-holding", Summary: "Removes a holding that was entered by mistake", Method: "DELETE", Path: "/functions/holdings/{id}"},
	Run: func(c *operation.Call, in HoldingVersion) (Holding, error) {
		h, err := liveHolding(c, in.ID, in.Version)
		if err != nil {
			return h, err
		}
		if err := deleteHolding(c, h.ID); err != nil {
			return h, err
		}
		c.Changed(h.Subject(), h.Holder, h.Version+1, h, nil)
		c.UndoWith("functions.assign", HoldingInput{Function: h.Function, OrganizationID: h.OrganizationID, BodyID: h.BodyID, Share: h.Share, Note: h.Note, From: h.From, To: h.To})
		return h, nil
	},
})

// checkHolding says what is wrong with a holding beside the others: dates that
// run backwards, the same holder twice at once, more than the whole effort.
func checkHolding(c *operation.Call, h Holding) error {
	if h.To != "" && h.To <= h.From {
		return operation.InvalidField("valid_to", "errors.ends_before_it_begins")
	}
	others, err := store.Collect(c.Tx, scanHolding, `SELECT `+holdingColumns+holdingTables+` AND function_holdings.function = $2 ORDER BY function_holdings.valid_from`, h.Function)
	if err != nil {
		return err
	}
	starts := []string{h.From}
	for _, o := range others {
		if o.ID == h.ID {
			continue
		}
		overlap := (o.To == "" || o.To > h.From) && (h.To == "" || h.To > o.From)
		if overlap && o.OrganizationID == h.OrganizationID && o.BodyID == h.BodyID {
			return operation.InvalidField("valid_from", "errors.holds_already", map[string]any{"Name": o.Holder, "Date": o.From})
		}
		if overlap && o.From > h.From {
			starts = append(starts, o.From)
		}
	}
	// The sum of shares can only pass the whole on a day on which one begins.
	for _, day := range starts {
		sum := h.Share
		for _, o := range others {
			if o.ID != h.ID && on(day, o.From, o.To) {
				sum += o.Share
			}
		}
		if sum > 100 {
			return operation.InvalidField("share", "errors.more_than_whole", map[string]any{"Share": sum, "Date": day})
		}
	}
	return nil
}
