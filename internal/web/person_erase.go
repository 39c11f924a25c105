package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// eraseRoutes are the pages on which a person is erased for good.
func (s *Server) eraseRoutes() []Route {
	const c = "/c/{collaborative}"
	return []Route{
		{"GET", c + "/people/{id}/erase", []string{"people.get", "people.find-mentions", "people.erase"}, s.personErase},
		{"POST", c + "/people/{id}/erase", []string{"people.get", "people.erase"}, s.personErased},
	}
}

// named is a person's name, or what stands in its place once they were erased.
func named(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "people.former")
	}
	return name
}

// holderName is who holds a seat, "" when nobody does.
func holderName(ctx context.Context, x directory.Seat) string {
	if x.Term == nil {
		return ""
	}
	return named(ctx, x.Term.Person)
}

// personHref leads to a person's page, which nobody who was erased has.
func personHref(ctx context.Context, name string, i directory.PersonID) string {
	if name == "" {
		return ""
	}
	return place(ctx, "people/"+i.Short())
}

// personErase is GET …/people/{id}/erase.
func (s *Server) personErase(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	return s.eraseForm(w, r, http.StatusOK, p, nil, faults{})
}

func (s *Server) eraseForm(w http.ResponseWriter, r *http.Request, status int, p directory.Person, values url.Values, f faults) error {
	ctx := r.Context()
	address := place(ctx, "people/"+p.ID.Short())
	fields := f.mark(filled([]ui.FieldProps{{Kind: ui.Text, Name: "name", Label: i18n.T(ctx, "people.erase_type", i18n.Args{"Name": p.Name()}), Required: true, MaxLength: 201, Autocomplete: "off"}}, values))
	props := ui.PageProps{Title: i18n.T(ctx, "people.erase_title", i18n.Args{"Name": p.Name()}), Heading: i18n.T(ctx, "people.erase"), Lede: i18n.T(ctx, "people.erase_lede"),
		Crumbs:  []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}, {Label: p.Name(), Href: address}},
		Notices: []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "people.erase_warning")}}}
	form := ui.FormProps{Action: address + "/erase", Errors: f.explain(fields), Submit: i18n.T(ctx, "people.erase"), SubmitKind: ui.Bad, Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(p.Version, 10)}}}
	found, err := directory.FindMentions.Do(ctx, s.app.Door, directory.PersonRef{ID: p.ID})
	if err != nil {
		return err
	}
	return s.show(w, r, status, "organizations", props, append(mentionPanel(ctx, found.Items), with(ui.Form(form), formFields(fields)))...)
}

// mentionPanel leads to the texts that name a person and that erasing leaves as
// they are; there is none without such texts.
func mentionPanel(ctx context.Context, found []directory.Mention) []templ.Component {
	if len(found) == 0 {
		return nil
	}
	var rows []ui.Row
	for _, m := range found {
		row := ui.Row{Title: m.Title, Href: place(ctx, recordPlaces[m.Kind].path+m.ID.Short()), Detail: i18n.T(ctx, areas[m.Kind]+".field_"+m.Field)}
		switch m.Kind {
		case directory.FunctionKind:
			row.Href = place(ctx, "functions")
		case collaborative.PrinciplesKind:
			row.Href, row.Title = place(ctx, "settings/principles/"+m.Title), principlesTitle(ctx, whole(m.Title))
		case "collaborative":
			row.Href = place(ctx, "settings/facts")
		}
		rows = append(rows, row)
	}
	return []templ.Component{with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "people.mentions")}), muted(i18n.T(ctx, "people.mentions_text")), ui.Rows(rows))}
}

// personErased is POST …/people/{id}/erase.
func (s *Server) personErased(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := s.person(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	out, err := directory.ErasePerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.Erase{ID: p.ID, Version: formVersion(r), Name: r.PostFormValue("name")})
	if f, ok := formFaults(ctx, err); ok {
		return s.eraseForm(w, r, faultStatus(err), p, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	if len(out.Mentions) > 0 {
		// Nobody can ask for them again: the name they are found by is gone.
		props := ui.PageProps{Title: i18n.T(ctx, "done.people.erase"), Lede: i18n.T(ctx, "people.erased_lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}}}
		if out.AccountAlone {
			props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "people.erase_account")})
		}
		return s.show(w, r, http.StatusOK, "organizations", props, mentionPanel(ctx, out.Mentions)...)
	}
	to := "people"
	if out.AccountAlone {
		to += "?account=alone"
	}
	return s.done(w, r, place(ctx, to), "people.erase", receipt)
}
