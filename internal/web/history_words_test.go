package web

import (
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
)

// Whatever value a field can have, the history has a word for it; that the word is
// there in every language is the catalogue's own test.
func TestHistoryHasAWordForEveryValue(t *testing.T) {
	values := map[string][]string{
		"sector": directory.Sectors, "status": directory.Statuses, "language": i18n.Languages(), "languages": i18n.Languages(), "phase": collaborative.Phases,
		"channel": slices.Concat(directory.Channels, directory.TouchChannels), "agreement_state": agreements.States, "cadence": directory.Cadences,
		"decision_method": directory.DecisionMethods, "quorum_unit": directory.QuorumUnits, "bodies/state": directory.BodyStates, "seats/role": directory.SeatRoles, "fields/type": directory.FieldTypes,
		"ties/direction": network.Directions, "ties/layer": network.Layers,
		"meetings/state": convening.States, "meetings/mode": convening.Modes, "series/mode": convening.Modes, "meetings/part": convening.Parts, "meetings/reply": convening.Replies, "agenda/goal": convening.Goals, "agenda/state": convening.ItemStates,
		"preparations/tag": convening.Tags, "captures/kind": convening.CaptureKinds, "attendance/presence": attendance.Presences, "attendance/source": attendance.Sources, "attendance/engagement": {"0", "1", "2", "3", "4"},
		"actions/state": actions.States, "commitments/kind": commitments.Kinds, "commitments/state": commitments.States, "deliveries/source": commitments.Sources,
		"evaluator_state": evaluation.States, "surveys/state": surveys.States, "surveys/mode": surveys.Modes,
		"scorecard/level": {"1", "2", "3", "4"}, "scorecard/kind": scorecard.Kinds, "scorecard/measure": scorecard.Measures, "scorecard/consent": scorecard.Consents,
		"polls/state": polls.States, "polls/mode": convening.Modes,
	}
	missing := func(families map[string]string) (out []string) {
		for field, family := range families {
			if len(values[field]) == 0 {
				out = append(out, field+" is not looked at")
			}
			for _, value := range values[field] {
				if !i18n.Has(family + value) {
					out = append(out, family+value)
				}
			}
		}
		return out
	}
	for _, gap := range missing(families) {
		t.Error(gap)
	}
	if got := missing(map[string]string{"seats/role": "sectors.", "seats/colour": "colours."}); len(got) != len(directory.SeatRoles)+1 {
		t.Errorf("the test overlooks what is missing: %q", got)
	}
}

// Whatever text may name a person, its field has a label.
func TestEveryMentionHasALabel(t *testing.T) {
	for kind, fields := range map[string][]string{
		"organization": {"name", "other_names", "about", "email", "phone"}, "body": {"name", "purpose", "charter"}, "seat": {"purpose"},
		"agreement": {"text", "transition", "signatory_name", "signed_name"}, "function": {"name", "about"}, "principles": {"body"}, "collaborative": {"population", "purpose"},
	} {
		for _, field := range fields {
			if !i18n.Has(areas[kind] + ".field_" + field) {
				t.Errorf("%s of %s has no label", field, kind)
			}
		}
	}
}

func TestHistoryIsInWords(t *testing.T) {
	for _, c := range []struct{ language, area, field, raw, want string }{
		{"en", "touches", "happened_on", `"2025-02-17"`, "Feb 17, 2025"},
		{"es", "touches", "happened_on", `"2025-02-17"`, "17 feb 2025"},
		{"fr", "seats", "terms", `["Ana Ruiz (Clinic) / Bo Li 2022-12-07 – ","Bo 2019-01-01 – 2022-12-07"]`, "Ana Ruiz (Clinic) / Bo Li depuis le 7 déc. 2022 · Bo du 1er janv. 2019 au 7 déc. 2022"},
		{"en", "seats", "terms", `["Bo 2024-01-01 – (2027-01-01)"]`, "Bo since Jan 1, 2024, meant to end Jan 1, 2027"},
		{"en", "people", "affiliation", `{"id":"x","organization":"Clinic","title":"Nurse","represents":true,"valid_from":"2024-03-05","valid_to":""}`, "Clinic · represents it · Nurse · Mar 5, 2024"},
		{"en", "organizations", "history", `["prospect 2018-01-01 – 2019-01-01","member 2019-01-01 – "]`, "Prospect Jan 1, 2018 to Jan 1, 2019 · Member since Jan 1, 2019"},
		{"en", "organizations", "history", `["yes 2018-01-01 – "]`, "since Jan 1, 2018"},
		{"en", "coverage", "targets", `["members sector health 20 %","voting_seats place North Side 5 %"]`, "Members · by sector: Health 20 % · Voting seats held · by place: North Side 5 %"},
		{"en", "functions", "function", `"guide_vision"`, "Guide vision and strategy"},
		{"en", "list", "area", `"touches"`, "Relationship log"},
		{"en", "settings", "languages", `["en","fr"]`, "English · French"},
		{"en", "touches", "about", `"met on 2025-02-17"`, "met on 2025-02-17"}, // as it was typed
	} {
		ctx := i18n.With(t.Context(), c.language)
		if got := shown(ctx, c.area, c.field, []byte(c.raw)); strings.ReplaceAll(got, "\u00a0", " ") != c.want {
			t.Errorf("%s/%s %s:\n%s\n%s", c.area, c.field, c.raw, got, c.want)
		}
	}
}
