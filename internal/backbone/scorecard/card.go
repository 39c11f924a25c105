package scorecard

import (
	"cmp"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// ValueInstrument is the shipped instrument that asks what the backbone is worth.
const ValueInstrument = "backbone-value"

// Line is how far one function has come, as of a day.
type Line struct {
	Key      string         `json:"key" doc:"One of the six, or the key of an added one."`
	Name     string         `json:"name,omitempty" doc:"Only of a function the collaborative added; the six have standard words."`
	About    string         `json:"about,omitempty"`
	Current  *Assessment    `json:"current,omitempty" doc:"Absent where nobody has assessed it."`
	Before   *Assessment    `json:"before,omitempty" doc:"The one before the current."`
	Years    []Year         `json:"years" doc:"The level in each year in which it was assessed."`
	Evidence map[string]int `json:"evidence" doc:"How many pieces of evidence there are of each kind."`
	Newest   []Evidence     `json:"newest" doc:"The newest of them, the newest first."`
}

// Card is the scorecard: its functions side by side. Nothing is added up over them.
type Card struct {
	AsOf      string `json:"as_of"`
	Functions []Line `json:"functions"`
	// OwnOnly tells that nobody but the backbone has assessed anything that counts.
	OwnOnly bool `json:"own_only,omitempty" doc:"Whether every assessment that counts was made by the backbone itself."`
	// Surveyed is the newest wave that asked what the backbone is worth.
	Surveyed string `json:"surveyed,omitempty" doc:"When the newest survey of the backbone's value was released; absent where none was by that day."`
}

// CardInput says of which day.
type CardInput struct {
	AsOf string `json:"as_of,omitempty" format:"date" doc:"Today when absent."`
}

// newest is how many pieces of evidence stand beside a function.
const newest = 3

// Get reads the scorecard.
var Get = operation.Define(operation.Operation[CardInput, Card]{
	Definition: operation.Definition{ID: "scorecard.get", Summary: "Reads how far each function of the backbone has come, as of a day, and what speaks for it", ReadOnly: true, Method: "GET", Path: "/scorecard"},
	Run: func(c *operation.Call, in CardInput) (Card, error) {
		out := Card{AsOf: cmp.Or(in.AsOf, c.Today()), Functions: []Line{}}
		functions, err := directory.ListFunctions.Within(c, directory.ListFunctionsInput{AsOf: out.AsOf})
		if err != nil {
			return out, err
		}
		judged, err := assessments(c)
		if err != nil {
			return out, err
		}
		evidence, err := evidenceBy(c)
		if err != nil {
			return out, err
		}
		t := newTelling(c, out.AsOf)
		any := false
		for _, f := range functions.Items {
			line, err := lineOf(t, f, judged[f.Key], evidence[f.Key])
			if err != nil {
				return out, err
			}
			if line.Current != nil {
				out.OwnOnly = (out.OwnOnly || !any) && line.Current.Role == operation.Director
				any = true
			}
			out.Functions = append(out.Functions, line)
		}
		out.Surveyed, err = surveyed(c, out.AsOf)
		return out, err
	},
})

// surveyed is when the newest survey of the backbone's value was released; "" for none.
func surveyed(c *operation.Call, day string) (string, error) {
	waves, err := surveys.ListResults.Within(c, surveys.ListResultsInput{Key: ValueInstrument, Until: day, Limit: 1})
	if err != nil || len(waves.Items) == 0 {
		return "", err
	}
	return waves.Items[0].ReleasedOn, nil
}

// lineOf is a function with what is known of it on the day that is told of.
func lineOf(t *telling, f directory.Function, judged []Assessment, evidence []Evidence) (Line, error) {
	line := Line{Key: f.Key, Name: f.Name, About: f.About, Years: years(judged, t.day), Evidence: map[string]int{}, Newest: []Evidence{}}
	if now := current(judged, t.day); now != nil {
		seen := now.seen(t.c)
		line.Current = &seen
		others := slices.DeleteFunc(slices.Clone(judged), func(a Assessment) bool { return a.ID == now.ID })
		if before := current(others, t.day); before != nil {
			seen := before.seen(t.c)
			line.Before = &seen
		}
	}
	for _, e := range slices.Backward(evidence) {
		if e.DeletedAt != nil || e.HappenedOn > t.day {
			continue
		}
		line.Evidence[e.Kind]++
		if len(line.Newest) < newest && !e.hushed(t.c.Today()) {
			line.Newest = append(line.Newest, e)
		}
	}
	return line, t.tell(line.Newest, true)
}

// Record is one function with everything that was said of it.
type Record struct {
	Line
	AsOf        string       `json:"as_of"`
	Assessments []Assessment `json:"assessments" doc:"The newest first; those that were withdrawn only for those who may bring them back."`
	All         []Evidence   `json:"all" doc:"The newest first."`
	Withdrawn   []Evidence   `json:"withdrawn,omitempty" doc:"Evidence that was withdrawn, for those who may bring it back."`
	Surveyed    string       `json:"surveyed,omitempty" doc:"When the newest survey of the backbone's value was released."`
}

// FunctionInput says which function, and of which day.
type FunctionInput struct {
	Function string `json:"function" maxLength:"40" doc:"One of the six, or the key of an added one."`
	AsOf     string `json:"as_of,omitempty" format:"date" doc:"Today when absent."`
}

// GetFunction reads one function of the scorecard with its history and all its evidence.
var GetFunction = operation.Define(operation.Operation[FunctionInput, Record]{
	Definition: operation.Definition{ID: "scorecard.function", Summary: "Reads one function of the backbone scorecard, with its history and all evidence", ReadOnly: true, Method: "GET", Path: "/scorecard/functions/{function}"},
	Run: func(c *operation.Call, in FunctionInput) (Record, error) {
		out := Record{AsOf: cmp.Or(in.AsOf, c.Today()), Assessments: []Assessment{}, All: []Evidence{}}
		f, err := functionOf(c, in.Function)
		if err != nil {
			return out, err
		}
		judged, err := assessmentsOf(c, f.Key)
		if err != nil {
			return out, err
		}
		evidence, err := evidenceOf(c, f.Key)
		if err != nil {
			return out, err
		}
		t := newTelling(c, out.AsOf)
		if out.Line, err = lineOf(t, f, judged, evidence); err != nil {
			return out, err
		}
		for _, a := range slices.Backward(judged) {
			if a.AssessedOn <= out.AsOf && (a.DeletedAt == nil || c.Can("scorecard-assessments.restore")) {
				out.Assessments = append(out.Assessments, a.seen(c))
			}
		}
		for _, e := range slices.Backward(evidence) {
			switch {
			case e.HappenedOn > out.AsOf:
			case e.DeletedAt == nil:
				out.All = append(out.All, e)
			case c.Can("scorecard-evidence.restore"):
				out.Withdrawn = append(out.Withdrawn, e)
			}
		}
		if err := t.tell(out.All, true); err != nil {
			return out, err
		}
		if err := t.tell(out.Withdrawn, true); err != nil {
			return out, err
		}
		out.Surveyed, err = surveyed(c, out.AsOf)
		return out, err
	},
})
