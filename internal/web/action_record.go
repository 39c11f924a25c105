package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

func actionCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "actions.title"), Href: place(ctx, "actions")}}
}

// action reads the action of the address.
func (s *Server) action(r *http.Request) (actions.Action, error) {
	i, err := pathID[actions.Action](r)
	if err != nil {
		return actions.Action{}, err
	}
	return actions.Get.Do(r.Context(), s.app.Door, actions.Ref{ID: i})
}

// actionRecord is GET …/actions/{id}.
func (s *Server) actionRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.action(r)
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "actions", actions.Kind, a.ID)
	if err != nil {
		return err
	}
	address := actionAddress(ctx, a.ID, "")
	version := []ui.Hidden{{Name: "version", Value: number(a.Version)}}
	state := func(to string) []ui.Hidden { return append(version, ui.Hidden{Name: "state", Value: to}) }
	props := ui.PageProps{Title: a.Title(), Crumbs: actionCrumbs(ctx), HeadingTags: s.actionTags(ctx, a)}
	if a.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *a.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	}
	if a.MaySettle && a.State == actions.Open {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "actions.mark_done"), Href: address + "/state", Post: true, Hidden: state(actions.Done), Icon: "check"}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "actions.carry"), Href: address + "/end?state=carried", Icon: "calendar"},
			ui.Action{Label: i18n.T(ctx, "actions.drop"), Href: address + "/end?state=dropped", Icon: "x"})
		if a.Disowned {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "actions.mine_after_all"), Href: address + "/disown", Post: true, Hidden: append(version, ui.Hidden{Name: "mine", Value: "true"}), Icon: "undo"})
		} else if a.Owner != "" {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "actions.disown"), Href: address + "/disown", Post: true, Hidden: version, Icon: "x"})
		}
	} else if a.MaySettle {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "actions.reopen"), Href: address + "/state", Post: true, Hidden: state(actions.Open), Icon: "undo"})
	}
	if a.MayEdit {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"},
			ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.Record(ui.RecordProps{Facts: actionFacts(ctx, a), Timeline: timeline}))
}

func actionFacts(ctx context.Context, a actions.Action) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "actions.field_"+key) }
	owner := ui.Fact{Label: t("owner"), Value: a.Owner}
	switch {
	case !a.OwnerPersonID.IsZero():
		owner.Value, owner.Href = named(ctx, a.Owner), place(ctx, "people/"+a.OwnerPersonID.Short())
	case !a.OwnerOrganizationID.IsZero():
		owner.Href = place(ctx, "organizations/"+a.OwnerOrganizationID.Short())
	}
	facts := []ui.Fact{{Label: t("text"), Content: prose(a.Text)}, owner, {Label: t("due_on"), Value: civilDay(ctx, a.DueOn)}}
	if !a.MeetingID.IsZero() {
		facts = append(facts, ui.Fact{Label: t("meeting"), Value: a.Meeting, Href: meetingAddress(ctx, a.MeetingID, "")})
	}
	facts = append(facts, ui.Fact{Label: t("agreed_on"), Value: civilDay(ctx, a.AgreedOn), Note: a.GivenBy})
	if a.EndedOn != "" {
		facts = append(facts, ui.Fact{Label: t("ended_on"), Value: civilDay(ctx, a.EndedOn), Note: a.EndedBy})
	}
	if a.Reason != "" {
		facts = append(facts, ui.Fact{Label: t("reason"), Content: prose(a.Reason)})
	}
	if a.DisownedWhy != "" {
		facts = append(facts, ui.Fact{Label: t("disowned_why"), Content: prose(a.DisownedWhy)})
	}
	for _, other := range []struct {
		key string
		i   actions.ID
	}{{"carried_from", a.CarriedFrom}, {"carried_to", a.CarriedTo}} {
		if !other.i.IsZero() {
			facts = append(facts, ui.Fact{Label: t(other.key), Value: i18n.T(ctx, "actions.see"), Href: actionAddress(ctx, other.i, "")})
		}
	}
	facts = append(facts, ui.Fact{Label: t("note"), Content: prose(a.Note)})
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// actionEnd is GET …/actions/{id}/end: the form that asks why, or where to.
func (s *Server) actionEnd(w http.ResponseWriter, r *http.Request) error {
	a, err := s.action(r)
	if err != nil {
		return err
	}
	return s.actionEndForm(w, r, http.StatusOK, a, r.URL.Query(), faults{})
}

func (s *Server) actionEndForm(w http.ResponseWriter, r *http.Request, status int, a actions.Action, values url.Values, f faults) error {
	ctx := r.Context()
	address := actionAddress(ctx, a.ID, "")
	state, title := actions.Dropped, i18n.T(ctx, "actions.drop")
	fields := []ui.FieldProps{{Kind: ui.TextArea, Name: "reason", Label: i18n.T(ctx, "actions.field_reason"), Required: true, Rows: 2, MaxLength: 500}}
	if values.Get("state") == actions.CarriedOver {
		state, title = actions.CarriedOver, i18n.T(ctx, "actions.carry")
		page, err := convening.ListMeetings.Do(ctx, s.app.Door, convening.ListMeetingsInput{From: s.today(ctx), Sort: "starts", Limit: 30})
		if err != nil {
			return err
		}
		var later []ui.Option
		for _, m := range page.Items {
			if !m.Over() && m.ID != a.MeetingID {
				later = append(later, ui.Option{Value: m.ID.String(), Label: m.Name()})
			}
		}
		fields = []ui.FieldProps{{Kind: ui.Date, Name: "due_on", Label: i18n.T(ctx, "actions.field_carry_on")},
			{Kind: ui.Select, Name: "meeting_id", Label: i18n.T(ctx, "actions.field_carry_meeting"), Help: i18n.T(ctx, "actions.help_carry"), Blank: i18n.T(ctx, "list.none"), Options: later}}
	}
	fields = f.mark(filled(fields, values))
	props := ui.PageProps{Title: title, Lede: a.Title(), Crumbs: append(actionCrumbs(ctx), ui.Link{Label: a.Title(), Href: address})}
	form := ui.FormProps{Action: address + "/state", Submit: title, Errors: f.explain(fields), Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: number(a.Version)}, {Name: "state", Value: state}}}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// actionSettle is POST …/actions/{id}/state.
func (s *Server) actionSettle(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	a, err := s.action(r)
	if err != nil {
		return err
	}
	meeting, _ := id.Parse[convening.Meeting](v.Get("meeting_id")) // none means a day
	in := actions.SettleInput{ID: a.ID, Version: formVersion(r), State: v.Get("state"), Reason: v.Get("reason"), DueOn: v.Get("due_on"), MeetingID: meeting}
	var receipt operation.Receipt
	_, err = actions.Settle.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok && (in.State == actions.Dropped || in.State == actions.CarriedOver) {
		return s.actionEndForm(w, r, http.StatusUnprocessableEntity, a, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, actionAddress(ctx, a.ID, "")), "actions.settle", receipt)
}

// actionDid runs a change of an action and goes on to its page.
func (s *Server) actionDid(w http.ResponseWriter, r *http.Request, a actions.Action, op string, do func(context.Context) error) error {
	var receipt operation.Receipt
	if err := do(operation.WithReceipt(r.Context(), &receipt)); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, actionAddress(r.Context(), a.ID, "")), op, receipt)
}

// actionTrash is POST …/actions/{id}/trash.
func (s *Server) actionTrash(w http.ResponseWriter, r *http.Request) error {
	return s.actionMove(w, r, actions.Trash)
}

// actionRestore is POST …/actions/{id}/restore.
func (s *Server) actionRestore(w http.ResponseWriter, r *http.Request) error {
	return s.actionMove(w, r, actions.Restore)
}

func (s *Server) actionMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[actions.Version, actions.Action]) error {
	return moved(s, w, r, "actions", op, func(i [16]byte, version int64) actions.Version { return actions.Version{ID: i, Version: version} })
}
