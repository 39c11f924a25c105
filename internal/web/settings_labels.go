package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

func labelsForm() settingsForm {
	return settingsForm{key: "labels", fields: labelFields, input: labelsInput, arrange: arrangeLabels,
		extra: []ui.SubmitButton{{Label: "settings.preview", Name: "do", Value: "preview"}}}
}

// settingsLabels is GET …/settings/labels.
func (s *Server) settingsLabels(w http.ResponseWriter, r *http.Request) error {
	return s.settingsEdit(w, r, labelsForm())
}

// settingsLabelsSave is POST …/settings/labels. A preview shows the examples with
// what was typed and stores nothing.
func (s *Server) settingsLabelsSave(w http.ResponseWriter, r *http.Request) error {
	if r.PostFormValue("do") == "preview" {
		if !s.may(r.Context(), "collaboratives.edit") {
			return operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		return s.settingsShow(w, r, http.StatusOK, labelsForm(), r.PostForm, faults{})
	}
	return s.settingsSave(w, r, labelsForm())
}

// labelFields has one field a label; under it stands where the word is used,
// written with the words now in the form.
func labelFields(ctx context.Context, values url.Values) []ui.FieldProps {
	typed := operation.CollaborativeFrom(ctx)
	typed.Labels = map[string]string{}
	for _, key := range collaborative.LabelKeys {
		if word := i18n.CleanLine(values.Get("label_" + key)); len([]rune(word)) <= collaborative.MaxLabel {
			typed.Labels[key] = word
		}
	}
	shown := operation.WithCollaborative(ctx, typed)
	var fields []ui.FieldProps
	for _, key := range collaborative.Structure {
		fields = append(fields, ui.FieldProps{Name: "label_" + key, Label: i18n.T(ctx, "settings.field_label_"+key), Placeholder: i18n.T(ctx, "labels."+key),
			Help: i18n.T(ctx, "settings.example_"+key, examples(shown, key))})
	}
	for _, role := range operation.MembershipRoles {
		own := typed.Labels[string(role)]
		delete(typed.Labels, string(role)) // the standard word, with the other words as typed
		standard := collaborative.RoleLabel(shown, role)
		typed.Labels[string(role)] = own
		fields = append(fields, ui.FieldProps{Name: "label_" + string(role), Label: i18n.T(ctx, "settings.field_label_"+string(role)), Placeholder: standard,
			Help: i18n.T(ctx, "settings.example_role", i18n.Args{"Name": operation.ActorFrom(ctx).Name, "Role": collaborative.RoleLabel(shown, role)})})
	}
	for i := range fields {
		fields[i].Value, fields[i].MaxLength, fields[i].Autocomplete = values.Get(fields[i].Name), collaborative.MaxLabel, "off"
	}
	return fields
}

// examples are what the example of a part of the structure needs: the word
// itself and the roles named after it.
func examples(ctx context.Context, key string) i18n.Args {
	args := i18n.Args{"Label": collaborative.Label(ctx, key)}
	pairs := map[string][2]operation.Role{
		"leadership_table": {operation.TableChair, operation.TableMember},
		"working_group":    {operation.GroupChair, operation.GroupMember},
		"backbone":         {operation.Director, operation.Staff},
	}
	if pair, ok := pairs[key]; ok {
		args["First"], args["Second"] = collaborative.RoleLabel(ctx, pair[0]), collaborative.RoleLabel(ctx, pair[1])
	}
	return args
}

func labelsInput(v url.Values) collaborative.EditInput {
	labels := map[string]string{}
	for _, key := range collaborative.LabelKeys {
		// A form that lacks a field (an older page, a program) leaves that word.
		if values, ok := v["label_"+key]; ok {
			labels[key] = strings.Join(values, " ")
		}
	}
	return collaborative.EditInput{Labels: labels}
}

// arrangeLabels sets the parts of the structure apart from the roles.
func arrangeLabels(ctx context.Context, fields []ui.FieldProps) templ.Component {
	n := len(collaborative.Structure)
	return templ.Join(
		with(ui.FieldSet(ui.FieldSetProps{Legend: i18n.T(ctx, "settings.words_structure"), Help: i18n.T(ctx, "settings.words_structure_help")}), formFields(fields[:n])),
		with(ui.FieldSet(ui.FieldSetProps{Legend: i18n.T(ctx, "settings.words_roles"), Help: i18n.T(ctx, "settings.words_roles_help")}), formFields(fields[n:])),
	)
}
