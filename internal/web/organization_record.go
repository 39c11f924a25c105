package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// organizationRecord is GET …/organizations/{id}.
func (s *Server) organizationRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	o, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i, AsOf: day})
	if err != nil {
		return err
	}
	if !o.MergedInto.IsZero() && o.Version == 0 {
		http.Redirect(w, r, place(ctx, "organizations/"+o.MergedInto.Short()+"?merged=1"), http.StatusSeeOther) // #nosec G710 -- an address of ours
		return nil
	}
	terms, err := directory.ListTerms.Do(ctx, s.app.Door, directory.ListTermsInput{OrganizationID: i, AsOf: day, Limit: 100})
	if err != nil && operation.KindOf(err) != operation.Forbidden {
		return err
	}
	people, err := directory.ListPeople.Do(ctx, s.app.Door, directory.ListPeopleInput{OrganizationID: i, AsOf: day, Limit: 100})
	if err != nil && operation.KindOf(err) != operation.Forbidden {
		return err
	}
	agreed, err := s.organizationAgreements(ctx, o, day)
	if err != nil {
		return err
	}
	address := place(ctx, "organizations/"+i.Short())
	timeline, err := s.timeline(r, "organizations", directory.OrganizationKind, i)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: o.Name, AsOf: s.asOf(r, "organizations/"+i.Short()),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "organizations.title"), Href: place(ctx, "organizations")}}}
	if o.Status == "" {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "organizations.not_yet", i18n.Args{"Date": i18n.CivilDate(ctx, day)})})
	} else {
		props.HeadingTags = append([]ui.TagProps{{Label: i18n.T(ctx, "statuses."+o.Status), Kind: statusKind(o.Status)}}, partTags(ctx, o)...)
	}
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(o.Version, 10)}}
	into, err := s.organizationInto(r, o, version)
	if err != nil {
		return err
	}
	props.Notices = append(props.Notices, into...)
	switch {
	case day != "" || !o.MergedInto.IsZero():
	case o.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *o.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.mayAll(ctx, "organizations.edit") || s.represents(ctx, people.Items):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
	}
	if o.DeletedAt == nil && day == "" && s.may(ctx, "organizations.correct-history") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "organizations.correct_history"), Href: address + "/history", Icon: "history"})
	}
	if o.DeletedAt == nil && day == "" && s.may(ctx, "organizations.trash") {
		if s.may(ctx, "organizations.merge") {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "merge.with_another"), Href: address + "/merge", Icon: "users"})
		}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	own, err := s.customFacts(ctx, directory.OrganizationKind, o.Custom)
	if err != nil {
		return err
	}
	log, err := s.touchPanel(r, directory.ListTouchesInput{OrganizationID: i}, day == "" && o.DeletedAt == nil)
	if err != nil {
		return err
	}
	in, add := network.ListInput{OrganizationID: i, AsOf: day}, url.Values{"organization": {o.ID.Short()}}
	if day != "" || o.DeletedAt != nil {
		add = nil
	}
	ties, err := s.tiePanel(ctx, in, add)
	if err != nil {
		return err
	}
	attended := templ.Component(templ.NopComponent)
	if day == "" {
		if attended, err = s.attendedByOrganization(ctx, o.ID); err != nil {
			return err
		}
	}
	takes, err := s.ownParticipation(ctx, o.ID, day)
	if err != nil {
		return err
	}
	var alike, promised templ.Component = templ.NopComponent, templ.NopComponent
	if o.DeletedAt == nil && day == "" {
		if promised, err = s.promisesOf(r, directory.PersonID{}, o.ID); err != nil {
			return err
		}
		if alike, err = s.alikePanel(ctx, directory.OrganizationKind, o.ID); err != nil {
			return err
		}
	}
	return s.show(w, r, http.StatusOK, "organizations", props,
		with(ui.Record(ui.RecordProps{Facts: s.organizationFacts(r, o, own), Timeline: timeline}), agreed, s.organizationSeats(ctx, terms.Items), s.organizationPeople(r, o, people.Items), takes, attended, promised, ties, alike, log))
}

// organizationInto says on the page of a merged organization where it went, and
// offers to take that back.
func (s *Server) organizationInto(r *http.Request, o directory.Organization, version []ui.Hidden) ([]ui.NoticeProps, error) {
	ctx := r.Context()
	if o.MergedInto.IsZero() {
		return mergeNotices(r, ui.Link{}, nil), nil
	}
	kept, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: o.MergedInto})
	if err != nil {
		return nil, err
	}
	return mergeNotices(r, ui.Link{Label: kept.Name, Href: place(ctx, "organizations/"+kept.ID.Short())},
		&ui.Action{Label: i18n.T(ctx, "merge.undo"), Href: place(ctx, "organizations/"+o.ID.Short()+"/unmerge"), Post: true, Hidden: version}), nil
}

// organizationSeats are the seats in which somebody speaks for the organization
// on the day shown, and those of before.
func (s *Server) organizationSeats(ctx context.Context, terms []directory.Term) templ.Component {
	if !s.may(ctx, "terms.list") {
		return templ.NopComponent
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "organizations.seats")}
	if len(terms) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "organizations.no_seats")))
	}
	return with(ui.Panel(panel), ui.Rows(s.termRows(ctx, terms, true)))
}

// organizationFacts are the stored facts.
func (s *Server) organizationFacts(r *http.Request, o directory.Organization, own []ui.Fact) templ.Component {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "organizations.field_"+key) }
	facts := []ui.Fact{
		{Label: t("sector"), Value: i18n.T(ctx, "sectors."+o.Sector)},
		{Label: t("kinds"), Value: strings.Join(o.Kinds, " · ")},
		{Label: t("place"), Value: o.Place},
		{Label: t("other_names"), Value: strings.Join(o.OtherNames, " · ")},
		{Label: t("website"), Value: o.Website, Href: o.Website},
		{Label: t("email"), Value: o.Email, Href: mailto(o.Email)},
		{Label: t("phone"), Value: o.Phone, Href: tel(o.Phone)},
		{Label: t("about"), Content: prose(o.About)},
	}
	facts = append(facts, own...)
	for _, p := range o.History {
		facts = append(facts, ui.Fact{Label: s.factName(ctx, p), Value: spanText(ctx, p.From, p.To)})
	}
	if s.mayAll(ctx, directory.SeeNotes) {
		facts = append(facts, ui.Fact{Label: t("tags"), Value: strings.Join(o.Tags, " · "), VisibleTo: i18n.T(ctx, "visible.backbone")},
			ui.Fact{Label: t("notes"), Content: prose(o.Notes), VisibleTo: i18n.T(ctx, "visible.backbone")})
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// factName is what a period of an organization's history says.
func (s *Server) factName(ctx context.Context, p directory.Period) string {
	if p.Fact == directory.StatusFact {
		return i18n.T(ctx, "statuses."+p.Value)
	}
	return i18n.T(ctx, "parts."+p.Fact)
}

// organizationPeople lists who belongs to the organization today.
func (s *Server) organizationPeople(r *http.Request, o directory.Organization, people []directory.Person) templ.Component {
	ctx := r.Context()
	rows := make([]ui.Row, 0, len(people))
	for _, p := range people {
		row := ui.Row{Title: p.Name(), Href: place(ctx, "people/"+p.ID.Short())}
		if p.Affiliation != nil {
			row.Detail = p.Affiliation.Title
			if p.Affiliation.Represents {
				row.Tag = &ui.TagProps{Label: i18n.T(ctx, "people.represents"), Kind: ui.Good}
			}
		}
		rows = append(rows, row)
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "organizations.people_here")}
	if s.may(ctx, "people.create") && o.DeletedAt == nil {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "people.add"), Href: place(ctx, "people/new?organization="+o.ID.Short()), Kind: ui.Quiet}}
	}
	if len(rows) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "organizations.nobody_here")))
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}

// organizationTrash is POST …/organizations/{id}/trash.
func (s *Server) organizationTrash(w http.ResponseWriter, r *http.Request) error {
	return s.organizationMove(w, r, directory.TrashOrganization)
}

// organizationRestore is POST …/organizations/{id}/restore.
func (s *Server) organizationRestore(w http.ResponseWriter, r *http.Request) error {
	return s.organizationMove(w, r, directory.RestoreOrganization)
}

func (s *Server) organizationMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[directory.OrganizationVersion, directory.Organization]) error {
	return moved(s, w, r, "organizations", op, func(i [16]byte, version int64) directory.OrganizationVersion {
		return directory.OrganizationVersion{ID: i, Version: version}
	})
}
