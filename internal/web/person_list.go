package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// personListing is how a list of people looks. Contact columns exist only for
// those who may see them.
func (s *Server) personListing(ctx context.Context) (listing[directory.Person], error) {
	type person = directory.Person
	plain := func(key string, extra bool, get func(person) string) column[person] {
		return column[person]{key: key, extra: extra, cell: func(p person) ui.Cell { return ui.Cell{Text: get(p)} },
			sheet: func(p person) sheets.Cell { return sheets.Text(get(p)) }}
	}
	l := listing[person]{
		area: "people", path: place(ctx, "people"),
		id: func(p person) string { return versioned(p.ID.Short(), p.Version) },
		columns: []column[person]{
			{key: "name", sort: "name", sheet: func(p person) sheets.Cell { return sheets.Text(p.Name()) },
				cell: func(p person) ui.Cell { return ui.Cell{Text: p.Name(), Href: place(ctx, "people/"+p.ID.Short())} }},
			{key: "organization", sheet: func(p person) sheets.Cell { return sheets.Text(affiliation(p).Organization) }, cell: func(p person) ui.Cell {
				if p.Affiliation == nil {
					return ui.Cell{}
				}
				c := ui.Cell{Text: p.Affiliation.Organization, Href: place(ctx, "organizations/"+p.Affiliation.OrganizationID.Short())}
				if p.Affiliation.Represents {
					c.Tags = []ui.TagProps{{Label: i18n.T(ctx, "people.represents"), Kind: ui.Good}}
				}
				return c
			}},
			plain("title", false, func(p person) string { return affiliation(p).Title }),
			plain("other_names", true, func(p person) string { return strings.Join(p.OtherNames, "; ") }),
		},
		filters: []ui.FieldProps{{Kind: ui.Text, Name: "q", Label: i18n.T(ctx, "list.words"), Autocomplete: "off", MaxLength: 200}},
	}
	if s.mayAll(ctx, directory.SeeContacts) {
		l.columns = append(l.columns,
			column[person]{key: "email", sheet: func(p person) sheets.Cell { return sheets.Text(p.Email) },
				cell: func(p person) ui.Cell { return ui.Cell{Text: p.Email, Href: mailto(p.Email)} }},
			plain("phone", false, func(p person) string { return p.Phone }),
			plain("other_emails", true, func(p person) string { return strings.Join(p.OtherEmails, "; ") }),
			plain("channel", true, func(p person) string { return optional(ctx, "channels.", p.Channel) }),
			plain("no_mailings", true, func(p person) string { return yesNo(ctx, p.NoMailings) }),
			plain("tags", true, func(p person) string { return strings.Join(p.Tags, "; ") }))
		l.filters = append(l.filters, ui.FieldProps{Kind: ui.Email, Name: "email", Label: i18n.T(ctx, "people.field_email"), Autocomplete: "off", MaxLength: 254})
		tag, err := s.tagFilter(ctx, directory.PersonKind)
		if err != nil {
			return l, err
		}
		l.filters = append(l.filters, tag)
	}
	if s.mayAll(ctx, directory.SeePrivate) {
		l.columns = append(l.columns,
			plain("lived_experience", true, func(p person) string { return optional(ctx, "lived_experiences.", p.LivedExperience) }),
			plain("access_needs", true, func(p person) string { return p.AccessNeeds }))
	}
	l.columns = append(l.columns,
		plain("language", true, func(p person) string { return languageName(p.Language) }),
		column[person]{key: "updated", sort: "updated", extra: true, sheet: func(p person) sheets.Cell { return sheets.Instant(p.UpdatedAt) },
			cell: func(p person) ui.Cell { return ui.Cell{Text: i18n.DateTime(ctx, p.UpdatedAt)} }})
	own, err := s.ownFields(ctx, directory.PersonKind)
	l.columns = append(l.columns, customColumns(ctx, own, func(p person) map[string]string { return p.Custom })...)
	return l, err
}

// privateColumns are the columns of what people told in confidence: it is read
// only when one of them was chosen, by those who may see it.
var privateColumns = []string{"lived_experience", "access_needs"}

// affiliation is a person's affiliation, or an empty one.
func affiliation(p directory.Person) directory.Affiliation {
	if p.Affiliation == nil {
		return directory.Affiliation{}
	}
	return *p.Affiliation
}

func languageName(code string) string {
	if code == "" {
		return ""
	}
	return i18n.Name(code)
}

// personListInput reads the list's address. An organization that is no id finds
// nobody rather than everybody.
func (s *Server) personListInput(r *http.Request) (directory.ListPeopleInput, error) {
	q := r.URL.Query()
	in := directory.ListPeopleInput{Text: q.Get("q"), Email: q.Get("email"), Tag: q.Get("tag"), Trash: q.Get("trash") != "", Sort: q.Get("sort"), After: q.Get("after"), Before: q.Get("before")}
	in.Private = s.mayAll(r.Context(), directory.SeePrivate) && slices.ContainsFunc(q["columns"], func(c string) bool { return slices.Contains(privateColumns, c) })
	if text := q.Get("organization"); text != "" {
		i, err := id.Parse[directory.Organization](text)
		if err != nil {
			return in, operation.Missing()
		}
		in.OrganizationID = i
	}
	return in, nil
}

// personList is GET …/people.
func (s *Server) personList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := s.personListInput(r)
	if err != nil {
		return err
	}
	page, err := directory.ListPeople.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	l, err := s.personListing(ctx)
	if err != nil {
		return err
	}
	if !s.mayAll(ctx, "people.edit-several") {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "people"); err != nil {
		return err
	}
	list.VCard = strings.Replace(list.CSV, "/export.csv", "/export.vcf", 1)
	if !s.may(ctx, "people.export") {
		list.CSV, list.XLSX, list.VCard = "", "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "people.title"), Lede: i18n.T(ctx, "people.lede"), Tabs: s.peopleTabs(ctx, "people")}
	if r.URL.Query().Get("account") == "alone" {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "people.erase_account")})
	}
	if s.may(ctx, "people.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "people.add"), Href: place(ctx, "people/new"), Icon: "plus"}
	}
	if s.may(ctx, "resemblances.list") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "resemblance.title"), Href: place(ctx, "resemblances?kind=person"), Icon: "users"})
	}
	props.Menu = append(props.Menu, s.bringAction(ctx, "people")...)
	if s.may(ctx, "people.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "people?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = bulkActions(ctx, "people", in.Trash, nil)
		tagSelection(ctx, list.Selection, in.Trash)
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "people", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.List(list))
}

// personExport is GET …/people/export.csv and .xlsx.
func (s *Server) personExport(w http.ResponseWriter, r *http.Request) error {
	in, err := s.personListInput(r)
	if err != nil {
		return err
	}
	l, err := s.personListing(r.Context())
	if err != nil {
		return err
	}
	return l.download(s, w, r, func(ctx context.Context, after string) (operation.Page[directory.Person], error) {
		in.After, in.Before = after, ""
		return directory.ExportPeople.Do(ctx, s.app.Door, directory.ExportPeopleInput{ListPeopleInput: in})
	})
}

// personBulk is POST …/people/bulk.
func (s *Server) personBulk(w http.ResponseWriter, r *http.Request) error {
	in := directory.EditPeopleInput{Trash: r.PostFormValue("do") == "trash", Back: r.PostFormValue("do") == "restore"}
	in.AddTag, in.RemoveTag = bulkTags(r.PostFormValue("do"), r.PostFormValue("bulk_tag"))
	return selected(s, w, r, "people", directory.EditPeople, func(i [16]byte, version int64) {
		in.Items = append(in.Items, directory.PersonVersion{ID: i, Version: version})
	}, &in)
}
