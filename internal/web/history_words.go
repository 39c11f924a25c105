package web

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// changes are recorded fields in words, with the area's own labels. A kind
// without an area, such as the account behind an invitation, keeps them to itself.
func changes(ctx context.Context, area string, fields []operation.FieldChange) []ui.Change {
	if area == "" {
		return nil
	}
	var out []ui.Change
	for _, f := range fields {
		label := i18n.T(ctx, area+".field_"+f.Field)
		out = append(out, ui.Change{Field: label, Before: shown(ctx, area, f.Field, f.Before), After: shown(ctx, area, f.Field, f.After)})
	}
	return out
}

// families are the fields whose values have names in the catalogue, with their
// area where another area means something else by the same field.
var families = map[string]string{"sector": "sectors.", "status": "statuses.", "language": "languages.", "languages": "languages.", "phase": "phases.", "channel": "channels.",
	"agreement_state": "agreement_states.", "cadence": "cadences.", "decision_method": "decision_methods.", "quorum_unit": "quorum_units.", "bodies/state": "body_states.",
	"seats/role": "seat_roles.", "fields/type": "field_types.", "ties/direction": "tie_directions.", "ties/layer": "tie_layers.",
	"meetings/state": "meeting_states.", "meetings/mode": "meeting_modes.", "series/mode": "meeting_modes.", "meetings/part": "meeting_parts.", "meetings/reply": "meeting_replies.", "agenda/goal": "agenda_goals.", "agenda/state": "agenda_states.",
	"preparations/tag": "preparation_tags.", "captures/kind": "capture_kinds.", "attendance/presence": "presences.", "attendance/source": "attendance_sources.", "attendance/engagement": "engagements.",
	"actions/state": "action_states.", "commitments/kind": "commitment_kinds.", "commitments/state": "commitment_states.", "deliveries/source": "delivery_sources.", "polls/state": "poll_states.", "polls/mode": "meeting_modes.", "surveys/state": "survey_states.", "surveys/mode": "survey_modes.", "evaluator_state": "evaluator_states.",
	"scorecard/level": "scorecard_levels.", "scorecard/kind": "scorecard_kinds.", "scorecard/measure": "scorecard_measures.", "scorecard/consent": "scorecard_consents."}

// dated are the fields that are a day or tell of days. A day elsewhere is what
// somebody typed, and stays so.
var dated = []string{"valid_from", "valid_to", "happened_on", "next_on", "renewal_due", "adopted_on", "affiliation", "affiliations", "terms", "history", "on", "due_on", "first_on", "last_on", "agreed_on", "ended_on", "pledged_on", "begins_on", "ends_on", "fulfilled_on", "withdrawn_on", "assessed_on", "consented_on", "consent_until", "valid_until", "destroy_by"}

// shown is a recorded value of an area as people read it.
func shown(ctx context.Context, area, field string, raw json.RawMessage) string {
	text := valueText(raw)
	if text == "" {
		return ""
	}
	if family := cmp.Or(families[area+"/"+field], families[field]); family != "" {
		var words []string
		for _, value := range strings.Split(text, "\n") {
			words = append(words, i18n.T(ctx, family+value))
		}
		return strings.Join(words, " · ")
	}
	if say := sayings[area+"/"+field]; say != nil {
		var words []string
		for _, line := range strings.Split(text, "\n") {
			words = append(words, say(ctx, line))
		}
		text = strings.Join(words, "\n")
	}
	switch {
	case field == "roles":
		return rolesText(ctx, raw)
	case text == "true":
		return i18n.T(ctx, "list.yes")
	case text == "false":
		return i18n.T(ctx, "list.no")
	}
	var object map[string]any
	if json.Unmarshal(raw, &object) == nil {
		text = objectText(ctx, object)
	}
	if slices.Contains(dated, field) {
		text = dayTexts(ctx, text)
	}
	return strings.ReplaceAll(text, "\n", " · ")
}

// sayings put a line of a recorded field into words, where its values are no
// single family.
var sayings = map[string]func(ctx context.Context, line string) string{
	"bodies/kind": bodyKind,
	"list/area":   func(ctx context.Context, area string) string { return i18n.T(ctx, area+".title") },
	"functions/function": func(ctx context.Context, key string) string {
		if slices.Contains(directory.SixFunctions, key) {
			return i18n.T(ctx, "functions."+key)
		}
		return key // the id of one that was added, whose name is the record's
	},
	"scorecard/function": func(ctx context.Context, key string) string {
		if slices.Contains(directory.SixFunctions, key) {
			return i18n.T(ctx, "functions."+key)
		}
		return key
	},
	"scorecard/role": func(ctx context.Context, role string) string {
		return collaborative.RoleLabel(ctx, operation.Role(role))
	},
	// Amounts are recorded in hundredths, of hours or of money.
	"commitments/amount": hundredthsText, "commitments/rate": hundredthsText, "deliveries/amount": hundredthsText,
	"ties/strength": func(_ context.Context, strength string) string {
		return strings.TrimPrefix(strength, strconv.Itoa(network.Unknown)) // nobody said
	},
	// One answer: the time, and what was said of it.
	"polls/answers": func(ctx context.Context, line string) string {
		at := strings.LastIndex(line, " ")
		if at < 0 || !slices.Contains(polls.Answers, line[at+1:]) {
			return line
		}
		return line[:at] + ": " + i18n.T(ctx, "poll_answers."+line[at+1:])
	},
	// One period: a status, or a part that was played, and its days.
	"organizations/history": func(ctx context.Context, line string) string {
		value, days, _ := strings.Cut(line, " ")
		if slices.Contains(directory.Statuses, value) {
			return i18n.T(ctx, "statuses."+value) + " " + days
		}
		return days
	},
	// One aim: scope, dimension, value and share.
	"coverage/targets": func(ctx context.Context, line string) string {
		scope, rest, _ := strings.Cut(line, " ")
		dimension, aim, _ := strings.Cut(rest, " ")
		at := strings.LastIndex(strings.TrimSuffix(aim, " %"), " ")
		if at < 0 {
			return line
		}
		return coverageTitle(ctx, directory.CoverageTable{Scope: scope, Dimension: dimension}) + ": " + coverageValue(ctx, dimension, aim[:at]) + aim[at:]
	},
}

var (
	span = regexp.MustCompile(`(\d{4}-\d{2}-\d{2}) – (\d{4}-\d{2}-\d{2})?(?:\((\d{4}-\d{2}-\d{2})\))?`)
	day  = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
)

// dayTexts puts the days of a text, alone or from one to another, in words. The
// day in brackets is the one on which a term is meant to end.
func dayTexts(ctx context.Context, text string) string {
	text = span.ReplaceAllStringFunc(text, func(found string) string {
		parts := span.FindStringSubmatch(found)
		if parts[2] == "" && parts[3] != "" {
			return i18n.T(ctx, "history.meant_to_end", i18n.Args{"From": i18n.ShortCivilDate(ctx, parts[1]), "To": i18n.ShortCivilDate(ctx, parts[3])})
		}
		return spanText(ctx, parts[1], parts[2])
	})
	return day.ReplaceAllStringFunc(text, func(found string) string { return i18n.ShortCivilDate(ctx, found) })
}

// rolesText names recorded roles in this place's own words.
func rolesText(ctx context.Context, raw json.RawMessage) string {
	var roles []operation.Role
	if json.Unmarshal(raw, &roles) != nil {
		return ""
	}
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = collaborative.RoleLabel(ctx, role)
	}
	return i18n.List(ctx, names)
}

// objectText shows a nested value by its texts, such as an affiliation's
// organization and title.
func objectText(ctx context.Context, object map[string]any) string {
	keys := make([]string, 0, len(object))
	for k := range object {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var parts []string
	for _, k := range keys {
		switch v := object[k].(type) {
		case string:
			if v != "" && !strings.HasSuffix(k, "id") {
				parts = append(parts, v)
			}
		case bool:
			if v {
				parts = append(parts, i18n.T(ctx, "list.field_"+k))
			}
		}
	}
	return strings.Join(parts, " · ")
}
