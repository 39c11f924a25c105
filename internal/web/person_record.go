package web

import (
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

// personRecord is GET …/people/{id}.
func (s *Server) personRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := s.person(r)
	if err != nil {
		return err
	}
	if !p.MergedInto.IsZero() && p.Version == 0 {
		http.Redirect(w, r, place(ctx, "people/"+p.MergedInto.Short()+"?merged=1"), http.StatusSeeOther) // #nosec G710 -- an address of ours
		return nil
	}
	address := place(ctx, "people/"+p.ID.Short())
	timeline, err := s.timeline(r, "people", directory.PersonKind, p.ID)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: p.Name(), Crumbs: []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}}}
	if affiliation(p).Represents {
		props.HeadingTags = []ui.TagProps{{Label: i18n.T(ctx, "people.represents"), Kind: ui.Good}}
	}
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(p.Version, 10)}}
	self := operation.ActorFrom(ctx).Person == p.ID
	into, err := s.personInto(r, p, version)
	if err != nil {
		return err
	}
	props.Notices = append(props.Notices, into...)
	switch {
	case !p.MergedInto.IsZero():
	case p.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *p.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.mayAll(ctx, "people.edit") || self && s.may(ctx, "people.edit"):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
	}
	if p.DeletedAt == nil && s.may(ctx, "people.merge") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "merge.with_another"), Href: address + "/merge", Icon: "users"})
	}
	if p.MergedInto.IsZero() && s.may(ctx, "people.erase") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "people.erase"), Href: address + "/erase", Icon: "alert", Kind: ui.Bad})
	}
	if p.DeletedAt == nil && s.may(ctx, "people.trash") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	if p.DeletedAt == nil && s.seesPrivate(ctx, p) {
		props.Menu = append([]ui.Action{{Label: i18n.T(ctx, "people.private"), Href: address + "/private", Icon: "eye"}}, props.Menu...)
	}
	if p.DeletedAt == nil {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "takeout.card"), Href: address + "/card.vcf", Icon: "download"})
	}
	if p.MergedInto.IsZero() && (s.mayAll(ctx, "people.own-data") || self && s.may(ctx, "people.own-data")) {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "takeout.own_data"), Href: address + "/own-data", Icon: "download"})
	}
	seats, err := s.personSeats(r, p)
	if err != nil {
		return err
	}
	own, err := s.customFacts(ctx, directory.PersonKind, p.Custom)
	if err != nil {
		return err
	}
	log, err := s.touchPanel(r, directory.ListTouchesInput{PersonID: p.ID}, p.DeletedAt == nil)
	if err != nil {
		return err
	}
	add := url.Values{"person": {p.ID.Short()}}
	if p.DeletedAt != nil {
		add = nil
	}
	ties, err := s.tiePanel(ctx, network.ListInput{PersonID: p.ID}, add)
	if err != nil {
		return err
	}
	attended, err := s.attendedByPerson(ctx, p.ID)
	if err != nil {
		return err
	}
	var alike, promised templ.Component = templ.NopComponent, templ.NopComponent
	if p.DeletedAt == nil {
		if promised, err = s.promisesOf(r, p.ID, directory.OrganizationID{}); err != nil {
			return err
		}
		if alike, err = s.alikePanel(ctx, directory.PersonKind, p.ID); err != nil {
			return err
		}
	}
	return s.show(w, r, http.StatusOK, "organizations", props,
		with(ui.Record(ui.RecordProps{Facts: s.personFacts(r, p, self, own), Timeline: timeline}), s.personAffiliations(ctx, p), seats, attended, promised, ties, alike, log))
}

// personInto says on the page of a merged record where it went, and offers to
// take that back.
func (s *Server) personInto(r *http.Request, p directory.Person, version []ui.Hidden) ([]ui.NoticeProps, error) {
	ctx := r.Context()
	if p.MergedInto.IsZero() {
		return mergeNotices(r, ui.Link{}, nil), nil
	}
	kept, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: p.MergedInto})
	if err != nil {
		return nil, err
	}
	return mergeNotices(r, ui.Link{Label: kept.Name(), Href: place(ctx, "people/"+kept.ID.Short())},
		&ui.Action{Label: i18n.T(ctx, "merge.undo"), Href: place(ctx, "people/"+p.ID.Short()+"/unmerge"), Post: true, Hidden: version}), nil
}

// personSeats are the seats the person holds and held.
func (s *Server) personSeats(r *http.Request, p directory.Person) (templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "terms.list") {
		return templ.NopComponent, nil
	}
	terms, err := directory.ListTerms.Do(ctx, s.app.Door, directory.ListTermsInput{PersonID: p.ID, Limit: 100})
	if err != nil {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "people.seats")}
	if len(terms.Items) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "people.no_seats"))), nil
	}
	return with(ui.Panel(panel), ui.Rows(s.termRows(ctx, terms.Items, false))), nil
}

// personFacts are the stored facts the actor may see. To the others the private
// ones are not shown as missing but not shown at all.
func (s *Server) personFacts(r *http.Request, p directory.Person, self bool, own []ui.Fact) templ.Component {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "people.field_"+key) }
	var facts []ui.Fact
	if a := p.Affiliation; a != nil {
		facts = append(facts, ui.Fact{Label: t("organization"), Value: a.Organization, Href: place(ctx, "organizations/"+a.OrganizationID.Short()),
			Note: i18n.T(ctx, "people.since", i18n.Args{"Date": i18n.CivilDate(ctx, a.ValidFrom)})},
			ui.Fact{Label: t("title"), Value: a.Title})
	} else {
		facts = append(facts, ui.Fact{Label: t("organization")})
	}
	facts = append(facts, ui.Fact{Label: t("other_names"), Value: strings.Join(p.OtherNames, " · ")}, ui.Fact{Label: t("language"), Value: languageName(p.Language)})
	contacts := s.mayAll(ctx, directory.SeeContacts)
	if contacts || self {
		seen := i18n.T(ctx, "visible.backbone_and_person")
		facts = append(facts,
			ui.Fact{Label: t("email"), Value: p.Email, Href: mailto(p.Email), VisibleTo: seen},
			ui.Fact{Label: t("other_emails"), Value: strings.Join(p.OtherEmails, " · "), VisibleTo: seen},
			ui.Fact{Label: t("phone"), Value: p.Phone, Href: tel(p.Phone), VisibleTo: seen},
			ui.Fact{Label: t("channel"), Value: optional(ctx, "channels.", p.Channel), VisibleTo: seen})
		if p.NoMailings {
			facts = append(facts, ui.Fact{Label: t("no_mailings"), Value: yesNo(ctx, true), VisibleTo: seen})
		}
	}
	if s.seesPrivate(ctx, p) {
		seen := i18n.T(ctx, "visible.director_and_person")
		facts = append(facts, ui.Fact{Label: t("lived_experience"), Value: optional(ctx, "lived_experiences.", p.LivedExperience), VisibleTo: seen},
			ui.Fact{Label: t("access_needs"), Content: prose(p.AccessNeeds), VisibleTo: seen})
	}
	facts = append(facts, own...)
	if contacts {
		facts = append(facts, ui.Fact{Label: t("tags"), Value: strings.Join(p.Tags, " · "), VisibleTo: i18n.T(ctx, "visible.backbone")},
			ui.Fact{Label: t("notes"), Content: prose(p.Notes), VisibleTo: i18n.T(ctx, "visible.backbone")})
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// personTrash is POST …/people/{id}/trash.
func (s *Server) personTrash(w http.ResponseWriter, r *http.Request) error {
	return s.personMove(w, r, directory.TrashPerson)
}

// personRestore is POST …/people/{id}/restore.
func (s *Server) personRestore(w http.ResponseWriter, r *http.Request) error {
	return s.personMove(w, r, directory.RestorePerson)
}

func (s *Server) personMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[directory.PersonVersion, directory.Person]) error {
	return moved(s, w, r, "people", op, func(i [16]byte, version int64) directory.PersonVersion {
		return directory.PersonVersion{ID: i, Version: version}
	})
}
