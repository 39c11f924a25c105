package web

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// formVersion is the version a form was made from; 0, which operations refuse,
// when it says none.
func formVersion(r *http.Request) int64 {
	n, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	return n
}

// timeline is the history of a record, nil when the actor may not see it.
func (s *Server) timeline(r *http.Request, area, kind string, i [16]byte) (templ.Component, error) {
	ctx := r.Context()
	page, err := operation.RecordHistory.Do(ctx, s.app.Door, operation.RecordHistoryInput{Kind: kind, ID: i, Limit: 20, After: r.URL.Query().Get("history")})
	if operation.KindOf(err) == operation.Forbidden || operation.KindOf(err) == operation.Unauthenticated {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	props := ui.TimelineProps{}
	for n, e := range page.Items {
		entry := s.timelineEntry(r, area, e)
		if n > 0 || r.URL.Query().Get("history") != "" || r.URL.Query().Get("as-of") != "" {
			entry.Undo = nil // only the newest change can be taken back unseen
		}
		props.Entries = append(props.Entries, entry)
	}
	if page.Next != "" {
		props.Older = query(r.URL, "history", page.Next)
	}
	return ui.Timeline(props), nil
}

// changesShown is how many changed fields an entry shows before it folds them
// away; a new record has many and they are in plain sight beside it.
const changesShown = 4

// timelineEntry is one line of the history in words.
func (s *Server) timelineEntry(r *http.Request, area string, e operation.Entry) ui.Entry {
	ctx := r.Context()
	var own []ui.Change
	fields := slices.Clone(e.Fields)
	if at := slices.IndexFunc(fields, func(f operation.FieldChange) bool { return f.Field == "custom" }); at >= 0 {
		own = s.customChanges(ctx, e.Subject, fields[at])
		fields = slices.Delete(fields, at, at+1)
	}
	who := e.Actor
	if who == "" {
		who = i18n.T(ctx, "history.erased_person")
	}
	out := ui.Entry{When: e.At, Who: who, What: i18n.T(ctx, "done."+e.Operation), Changes: append(changes(ctx, area, fields), own...)}
	if len(out.Changes) > changesShown {
		out.Content, out.Changes = foldedChanges(i18n.T(ctx, "history.fields", i18n.Args{"Count": len(out.Changes)}), out.Changes), nil
	}
	if e.Undone {
		out.What += " · " + i18n.T(ctx, "history.undone")
	}
	if e.Undoable && s.may(ctx, "history.undo") {
		out.Undo = &ui.Action{Href: place(ctx, "history/"+e.ID.Short()+"/undo"), Post: true, Hidden: []ui.Hidden{{Name: "return", Value: r.URL.RequestURI()}}}
	}
	return out
}

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
var families = map[string]string{"sector": "sectors.", "status": "statuses.", "language": "languages.", "phase": "phases.", "channel": "channels.", "agreement_state": "agreement_states.",
	"cadence": "cadences.", "decision_method": "decision_methods.", "quorum_unit": "quorum_units.", "bodies/state": "body_states.", "seats/role": "seat_roles.", "fields/type": "field_types."}

// shown is a recorded value of an area as people read it.
func shown(ctx context.Context, area, field string, raw json.RawMessage) string {
	text := valueText(raw)
	if text == "" {
		return ""
	}
	if family := cmp.Or(families[area+"/"+field], families[field]); family != "" {
		return i18n.T(ctx, family+text)
	}
	if area == "bodies" && field == "kind" {
		return bodyKind(ctx, text)
	}
	if field == "roles" {
		return rolesText(ctx, raw)
	}
	switch text {
	case "true":
		return i18n.T(ctx, "list.yes")
	case "false":
		return i18n.T(ctx, "list.no")
	}
	var object map[string]any
	if json.Unmarshal(raw, &object) == nil {
		return objectText(ctx, object)
	}
	return strings.ReplaceAll(text, "\n", " · ")
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

// represents says whether the actor is among the people who speak for the
// organization, as far as a page needs to know what to offer.
func (s *Server) represents(ctx context.Context, people []directory.Person) bool {
	me := operation.ActorFrom(ctx).Person
	return !me.IsZero() && slices.ContainsFunc(people, func(p directory.Person) bool {
		return p.ID == me && p.Affiliation != nil && p.Affiliation.Represents
	})
}

// prose is text of several paragraphs, or nothing.
func prose(text string) templ.Component {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return paragraphs(text)
}

func mailto(address string) string {
	if address == "" {
		return ""
	}
	return "mailto:" + address
}

// tel keeps what a telephone can dial.
func tel(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if digits == "" {
		return ""
	}
	return "tel:" + digits
}
