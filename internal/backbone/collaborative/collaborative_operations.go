package collaborative

import (
	"maps"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// Get reads the collaborative of the context.
var Get = operation.Define(operation.Operation[operation.None, Collaborative]{
	Definition: operation.Definition{ID: "collaboratives.get", Summary: "Reads the collaborative's facts, words and rules", ReadOnly: true, Method: "GET", Path: "/"},
	Run:        func(c *operation.Call, _ operation.None) (Collaborative, error) { return current(c) },
})

// EditInput changes the fields that are given and leaves the others.
type EditInput struct {
	Version    int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name       *string   `json:"name,omitempty" maxLength:"120"`
	Place      *string   `json:"place,omitempty"`
	Population *string   `json:"population,omitempty" maxLength:"500"`
	Purpose    *string   `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Zone       *string   `json:"zone,omitempty" maxLength:"60" doc:"Time zone, such as America/New_York."`
	Language   *string   `json:"language,omitempty" enum:"en,fr,es"`
	Languages  *[]string `json:"languages,omitempty" maxItems:"10" doc:"The language used by default must be among them."`
	Phase      *string   `json:"phase,omitempty" enum:"assess_readiness,initiate_action,organize_for_impact,begin_implementation,sustain_impact"`
	// Labels changes the words it names. A blank word restores the standard one:
	// nothing can be left without a name.
	Labels              map[string]string `json:"labels,omitempty" maxLength:"60" doc:"Words to change, by label; a blank one restores the standard word."`
	SurveyMinimum       *int64            `json:"survey_minimum,omitempty" minimum:"3" maximum:"100"`
	PeopleMinimum       *int64            `json:"people_minimum,omitempty" minimum:"5" maximum:"100"`
	RequireSecondFactor *bool             `json:"require_second_factor,omitempty"`
	Currency            *string           `json:"currency,omitempty" enum:"USD,CAD,MXN,EUR,GBP,CHF,AUD,NZD" doc:"What money is counted in; amounts on record keep their numbers."`
}

// Edit changes the collaborative.
var Edit = operation.Define(operation.Operation[EditInput, Collaborative]{
	Definition: operation.Definition{ID: "collaboratives.edit", Summary: "Changes the collaborative's facts, words and rules", Method: "PATCH", Path: "/"},
	Validate: func(in *EditInput, faults *operation.Faults) {
		if in.Name != nil && *in.Name == "" {
			faults.Add("name", "errors.required")
		}
		if in.Zone != nil && !knownZone(*in.Zone) {
			faults.Add("zone", "settings.no_such_zone")
		}
		if in.Language != nil && *in.Language == "" {
			faults.Add("language", "errors.required")
		}
		if in.Currency != nil && *in.Currency == "" {
			faults.Add("currency", "errors.required")
		}
		if in.Phase != nil && *in.Phase == "" {
			faults.Add("phase", "errors.required")
		}
		if in.Languages != nil {
			checkLanguages(*in.Languages, faults)
		}
		for _, key := range slices.Sorted(maps.Keys(in.Labels)) {
			if !slices.Contains(LabelKeys, key) {
				faults.Add("labels."+key, "errors.not_offered")
			}
		}
	},
	Run: func(c *operation.Call, in EditInput) (Collaborative, error) {
		before, err := current(c)
		if err != nil {
			return before, err
		}
		if before.Version != in.Version {
			return before, operation.Stale(before)
		}
		after := before
		operation.Patch(&after, in.facts())
		after.Labels = relabelled(before.Labels, in.Labels)
		if err := after.tidyLanguages(); err != nil {
			return before, err
		}
		return save(c, before, after)
	},
})

// facts are the fields of a change that are simply replaced.
type facts struct {
	Name, Place, Population, Purpose, Zone, Language *string
	Languages                                        *[]string
	Phase                                            *string
	SurveyMinimum, PeopleMinimum                     *int64
	RequireSecondFactor                              *bool
	Currency                                         *string
}

func (in EditInput) facts() facts {
	return facts{in.Name, in.Place, in.Population, in.Purpose, in.Zone, in.Language, in.Languages, in.Phase, in.SurveyMinimum, in.PeopleMinimum, in.RequireSecondFactor, in.Currency}
}

func checkLanguages(languages []string, faults *operation.Faults) {
	if len(languages) == 0 {
		faults.Add("languages", "errors.required")
	}
	for _, l := range languages {
		if !i18n.Known(l) {
			faults.Add("languages", "errors.not_offered")
		}
	}
}

// tidyLanguages brings the languages into the catalogue's order, each once, and
// refuses a default that is not among them.
func (k *Collaborative) tidyLanguages() error {
	if !slices.Contains(k.Languages, k.Language) {
		return operation.InvalidField("language", "settings.language_not_among")
	}
	k.Languages = slices.DeleteFunc(slices.Clone(i18n.Languages()), func(l string) bool { return !slices.Contains(k.Languages, l) })
	return nil
}

// save stores a change, its audit entry and its undo. A change that changes
// nothing leaves no trace.
func save(c *operation.Call, before, after Collaborative) (Collaborative, error) {
	if len(operation.Diff(before.recorded(), after.recorded())) == 0 {
		c.Continue()
		return before, nil
	}
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if err := update(c, after); err != nil {
		return after, err
	}
	if before.Language != after.Language {
		directory.SortNamesLater(c)
	}
	c.Changed(after.Subject(), after.Name, after.Version, before.recorded(), after.recorded())
	var back facts
	operation.Reverse(&back, before, after)
	c.UndoWith("collaboratives.edit", EditInput{Version: after.Version, Name: back.Name, Place: back.Place, Population: back.Population, Purpose: back.Purpose,
		Zone: back.Zone, Language: back.Language, Languages: back.Languages, Phase: back.Phase, Labels: labelsBack(before.Labels, after.Labels),
		SurveyMinimum: back.SurveyMinimum, PeopleMinimum: back.PeopleMinimum, RequireSecondFactor: back.RequireSecondFactor, Currency: back.Currency})
	return after, nil
}
