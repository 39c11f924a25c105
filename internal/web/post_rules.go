package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/letters"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// postRoutes are the pages of letters that go out by themselves, and of those that
// the backbone sends to some.
func (s *Server) postRoutes() []Route {
	const rules, due = "/c/{collaborative}/settings/post", "/c/{collaborative}/due/nudge"
	return []Route{
		{"GET", rules, []string{"post-rules.get"}, s.postRules},
		{"POST", rules, []string{"post-rules.get", "post-rules.edit"}, s.postRulesSave},
		{"POST", due, []string{"nudges.plan"}, s.nudgePlan},
		{"POST", due + "/send", []string{"nudges.plan", "nudges.send"}, s.nudgeSend},
	}
}

// postRules is GET …/settings/post.
func (s *Server) postRules(w http.ResponseWriter, r *http.Request) error {
	rules, err := letters.GetRules.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	return s.postRulesPage(w, r, http.StatusOK, ruleValues(rules), faults{})
}

func (s *Server) postRulesPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	ctx := r.Context()
	var parts []templ.Component
	var all []ui.FieldProps
	for _, group := range postGroups(ctx, values) {
		fields := f.mark(group.fields)
		all = append(all, fields...)
		parts = append(parts, with(ui.FieldSet(ui.FieldSetProps{Legend: i18n.T(ctx, "post."+group.key+"_legend"), Help: i18n.T(ctx, "post."+group.key+"_help")}), formFields(fields)))
	}
	form := ui.FormProps{Action: place(ctx, "settings/post"), Errors: f.explain(all), Cancel: ui.Link{Href: place(ctx, "settings")}, Hidden: []ui.Hidden{{Name: "version", Value: values.Get("version")}}}
	if !s.may(ctx, "post-rules.edit") {
		return s.show(w, r, status, "settings", settingsProps(ctx, "post"), ui.Facts(ui.FactsProps{Facts: postFacts(ctx, all)}))
	}
	return s.show(w, r, status, "settings", settingsProps(ctx, "post"), with(ui.Form(form), parts...))
}

// postGroup is a part of the form.
type postGroup struct {
	key    string
	fields []ui.FieldProps
}

func postGroups(ctx context.Context, values url.Values) []postGroup {
	t := func(key string) string { return i18n.T(ctx, "post.field_"+key) }
	box := func(key string) ui.FieldProps {
		return ui.FieldProps{Kind: ui.Checkbox, Name: key, Label: t(key), Checked: values.Get(key) == "true"}
	}
	hour := func(key string) ui.FieldProps {
		return ui.FieldProps{Kind: ui.Select, Name: key, Label: t(key), Options: hourOptions(ctx), Value: values.Get(key)}
	}
	days := func(key, most string) ui.FieldProps {
		return ui.FieldProps{Kind: ui.Number, Name: key, Label: t(key), Value: values.Get(key), Min: "0", Max: most, Size: "short", InputMode: "numeric", Required: true}
	}
	return []postGroup{
		{"digest", []ui.FieldProps{box("digest"), {Kind: ui.Select, Name: "digest_weekday", Label: t("digest_weekday"), Options: weekdayOptions(ctx), Value: values.Get("digest_weekday")}, hour("digest_hour")}},
		{"reminders", []ui.FieldProps{box("reminders"), hour("remind_hour"), days("remind_before", "60"), days("remind_after", "60"), days("remind_again", "60"), days("reply_before", "30")}},
		{"quiet", []ui.FieldProps{box("quiet"), hour("quiet_from"), hour("quiet_until")}},
	}
}

// postFacts are the fields as those read them who may not change them.
func postFacts(ctx context.Context, fields []ui.FieldProps) []ui.Fact {
	out := make([]ui.Fact, len(fields))
	for k, f := range fields {
		out[k] = ui.Fact{Label: f.Label, Value: f.Value}
		for _, o := range f.Options {
			if o.Value == f.Value {
				out[k].Value = o.Label
			}
		}
		if f.Kind == ui.Checkbox {
			out[k].Value = yesNo(ctx, f.Checked)
		}
	}
	return out
}

// hourOptions are the hours of a day as the language writes them.
func hourOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, 24)
	there := i18n.WithZone(ctx, time.UTC)
	for h := range out {
		out[h] = ui.Option{Value: strconv.Itoa(h), Label: i18n.Clock(there, time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC))}
	}
	return out
}

func weekdayOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, 7)
	for d := range out {
		out[d] = ui.Option{Value: strconv.Itoa(d), Label: i18n.T(ctx, "dates.weekday."+strconv.Itoa(d))}
	}
	return out
}

func ruleValues(r letters.Rules) url.Values {
	out := url.Values{}
	for key, on := range map[string]bool{"digest": r.Digest, "reminders": r.Reminders, "quiet": r.Quiet} {
		out.Set(key, strconv.FormatBool(on))
	}
	for key, n := range map[string]int64{"digest_weekday": r.DigestWeekday, "digest_hour": r.DigestHour, "remind_hour": r.RemindHour, "remind_before": r.RemindBefore, "remind_after": r.RemindAfter,
		"remind_again": r.RemindAgain, "reply_before": r.ReplyBefore, "quiet_from": r.QuietFrom, "quiet_until": r.QuietUntil, "version": r.Version} {
		out.Set(key, number(n))
	}
	return out
}

// postRulesSave is POST …/settings/post.
func (s *Server) postRulesSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	on := func(key string) *bool { b := v.Get(key) == "true"; return &b }
	n := func(key string) *int64 { i := whole(v.Get(key)); return &i }
	in := letters.RulesPatch{Version: whole(v.Get("version")), Digest: on("digest"), DigestWeekday: n("digest_weekday"), DigestHour: n("digest_hour"), Reminders: on("reminders"), RemindHour: n("remind_hour"),
		RemindBefore: n("remind_before"), RemindAfter: n("remind_after"), RemindAgain: n("remind_again"), ReplyBefore: n("reply_before"), Quiet: on("quiet"), QuietFrom: n("quiet_from"), QuietUntil: n("quiet_until")}
	var receipt operation.Receipt
	_, err := letters.EditRules.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok {
		return s.postRulesPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "settings/post"), "post-rules.edit", receipt)
}
