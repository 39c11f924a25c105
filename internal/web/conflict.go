package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// conflict compares, field by field, what is stored now with what was typed.
// What the other person left alone keeps the typed value; what only they
// changed keeps theirs; where both changed, the reader chooses. The state both
// began from is read back from the history.
func (s *Server) conflict(r *http.Request, kind string, i [16]byte, version int64, fields []ui.FieldProps, theirs, yours url.Values) (ui.ConflictProps, error) {
	ctx := r.Context()
	props := ui.ConflictProps{Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(version, 10)}}}
	seen, _ := strconv.ParseInt(yours.Get("version"), 10, 64) // 0 means the whole history counts as newer
	base := url.Values{}
	for name, values := range theirs {
		base[name] = values
	}
	changed := map[string]bool{}
	history, err := operation.RecordHistory.Do(ctx, s.app.Door, operation.RecordHistoryInput{Kind: kind, ID: i, Limit: 200})
	if err != nil && operation.KindOf(err) != operation.Forbidden {
		return props, err
	}
	for n, entry := range history.Items { // newest first
		if entry.Version <= seen {
			break
		}
		if n == 0 {
			props.By, props.When = entry.Actor, i18n.DateTime(ctx, entry.At)
		}
		for _, change := range entry.Fields {
			base.Set(change.Field, valueText(change.Before))
			changed[change.Field] = true
			if change.Field == "custom" {
				for key, value := range ownBefore(change) {
					base.Set(customPrefix+key, value)
				}
			}
		}
	}
	for _, field := range fields {
		if field.Kind == ui.Checkboxes {
			for _, value := range mergedFlags(field, base, changed, flat(theirs[field.Name]), flat(yours[field.Name])) {
				props.Hidden = append(props.Hidden, ui.Hidden{Name: field.Name, Value: value})
			}
			continue
		}
		t, y, b := theirs.Get(field.Name), yours.Get(field.Name), base.Get(field.Name)
		if field.Kind == ui.Tags {
			b = strings.ReplaceAll(b, "\n", ", ")
		}
		props.Fields = append(props.Fields, ui.ConflictField{Name: field.Name, Label: field.Label, Base: b, Theirs: t, Yours: y,
			KeepTheirs: y == b && t != b, Same: same(t, y)})
		// Their text travels along, so that choosing it does not depend on what
		// someone may save in the next minute.
		props.Hidden = append(props.Hidden, ui.Hidden{Name: "theirs." + field.Name, Value: t})
	}
	slices.SortStableFunc(props.Fields, func(a, b ui.ConflictField) int { return truth(a.Same) - truth(b.Same) })
	return props, nil
}

// mergedFlags settles a group of flags, each a field of its own in the history,
// without asking: a flag has two values, so two people who both changed it
// agree, and otherwise the one who changed it decides.
func mergedFlags(field ui.FieldProps, base url.Values, changed map[string]bool, theirs, yours []string) []string {
	var out []string
	for _, o := range field.Options {
		t, y := contains(theirs, o.Value), contains(yours, o.Value)
		began := t
		if changed[o.Value] {
			began = base.Get(o.Value) == "true"
		}
		if strings.HasPrefix(field.Name, customPrefix) {
			began = contains(flat(base[field.Name]), o.Value)
		}
		keep := t
		if y != began {
			keep = y
		}
		if keep {
			out = append(out, o.Value)
		}
	}
	return out
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// same compares texts as stored: browsers send line breaks as CR LF.
func same(a, b string) bool {
	return strings.ReplaceAll(a, "\r\n", "\n") == strings.ReplaceAll(b, "\r\n", "\n")
}

// settle reads the answer to a conflict: for each field the reader kept theirs,
// their value replaces the typed one. A form without a conflict is unchanged.
func settle(form url.Values) url.Values {
	out := url.Values{}
	for name, values := range form {
		out[name] = values
	}
	for name, values := range form {
		field, ok := strings.CutPrefix(name, "keep.")
		if ok && len(values) > 0 && values[0] == "theirs" {
			out[field] = form["theirs."+field]
		}
	}
	return out
}

// valueText shows a recorded JSON value as a form would.
func valueText(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return strings.Join(list, "\n")
	}
	return string(raw)
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
