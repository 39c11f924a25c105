package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// feedList is GET …/calendar: the addresses somebody has made for their calendar
// programs. The addresses themselves are shown in answer to a POST only.
func (s *Server) feedList(w http.ResponseWriter, r *http.Request) error {
	return s.feedPage(w, r, http.StatusOK, url.Values{"scope": {calendars.Mine}}, faults{}, calendars.FeedID{})
}

func (s *Server) feedPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults, shown calendars.FeedID) error {
	ctx := r.Context()
	list, err := s.app.Calendars.ListFeeds.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return err
	}
	if !shown.IsZero() && !slices.ContainsFunc(list, func(f calendars.Feed) bool { return f.ID == shown }) {
		return operation.Missing()
	}
	s.keepAddress(w)
	var body []templ.Component
	rows := make([]ui.Row, 0, len(list))
	for _, feed := range list {
		if feed.ID == shown && feed.Address != "" {
			body = append(body, feedAddress(ctx, feed))
		}
		rows = append(rows, feedRow(ctx, feed)...)
	}
	there := ui.PanelProps{Heading: i18n.T(ctx, "calendar.feeds_there")}
	if len(list) == 0 {
		there.Detail = i18n.T(ctx, "calendar.feeds_none")
	}
	fields := f.mark(filled([]ui.FieldProps{
		{Kind: ui.Select, Name: "scope", Label: i18n.T(ctx, "calendar.field_scope"), Options: options(ctx, "feed_scopes.", calendars.Scopes), Required: true},
		{Kind: ui.Select, Name: "body_id", Label: i18n.T(ctx, "calendar.field_body"), Help: i18n.T(ctx, "calendar.help_body"), Blank: i18n.T(ctx, "list.none"), Options: bodies},
	}, values))
	form := ui.FormProps{Action: place(ctx, "calendar"), Submit: i18n.T(ctx, "calendar.make"), Errors: f.explain(fields)}
	body = append(body, with(ui.Grid(), with(ui.Panel(there), ui.Rows(rows)),
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "calendar.feed_new"), Detail: i18n.T(ctx, "calendar.feed_new_detail")}), with(ui.Form(form), formFields(fields)))))
	props := ui.PageProps{Title: i18n.T(ctx, "calendar.title"), Lede: i18n.T(ctx, "calendar.lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}}}
	return s.show(w, r, status, "bodies", props, body...)
}

func feedName(ctx context.Context, f calendars.Feed) string {
	return dotted(i18n.T(ctx, "feed_scopes."+f.Scope), f.Body)
}

// feedRow is a feed in the list: one line to show its address or make it anew, and
// one to end it.
func feedRow(ctx context.Context, f calendars.Feed) []ui.Row {
	address := place(ctx, "calendar/"+f.ID.Short())
	first := ui.Row{Title: feedName(ctx, f), Detail: i18n.T(ctx, "calendar.made", i18n.Args{"Date": i18n.Date(ctx, f.CreatedAt)}),
		Action: &ui.Action{Label: i18n.T(ctx, "calendar.show"), Href: address + "/show", Post: true}}
	if f.Address == "" {
		first.Detail, first.Action = i18n.T(ctx, "calendar.ended"), nil
	}
	return []ui.Row{first,
		{Detail: i18n.T(ctx, "calendar.replace_detail"), Action: &ui.Action{Label: i18n.T(ctx, "calendar.replace"), Href: place(ctx, "calendar"), Post: true,
			Hidden: []ui.Hidden{{Name: "scope", Value: f.Scope}, {Name: "body_id", Value: bodyValue(f.BodyID)}}}},
		{Detail: i18n.T(ctx, "calendar.end_detail"), Action: &ui.Action{Label: i18n.T(ctx, "calendar.end"), Href: address + "/end", Post: true}}}
}

func bodyValue(i directory.BodyID) string {
	if i.IsZero() {
		return ""
	}
	return i.String()
}

// feedAddress shows an address, with links that hand it to common calendars.
func feedAddress(ctx context.Context, f calendars.Feed) templ.Component {
	subscribe := calendar.SubscribeLink(f.Address)
	google := "https://calendar.google.com/calendar/r?" + url.Values{"cid": {subscribe}}.Encode()
	outlook := "https://outlook.office.com/calendar/0/addfromweb?" + url.Values{"url": {f.Address}, "name": {operation.CollaborativeFrom(ctx).Name}}.Encode()
	return with(stack(), ui.SecretOnce(ui.SecretProps{ID: "feed", Label: feedName(ctx, f), Secret: f.Address, Help: i18n.T(ctx, "calendar.address_help")}),
		acts([]ui.Action{{Label: i18n.T(ctx, "calendar.subscribe"), Href: subscribe}, {Label: i18n.T(ctx, "calendar.subscribe_google"), Href: google, Kind: ui.Quiet},
			{Label: i18n.T(ctx, "calendar.subscribe_outlook"), Href: outlook, Kind: ui.Quiet}}))
}

// feedMake is POST …/calendar: an address is made, or made anew.
func (s *Server) feedMake(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in := calendars.FeedInput{Scope: v.Get("scope")}
	if in.Scope == calendars.OfBody {
		in.BodyID, _ = id.Parse[directory.Body](v.Get("body_id")) // none is refused
	}
	f, err := s.app.Calendars.MakeFeed.Do(ctx, s.app.Door, in)
	if found, ok := faultsOf(ctx, err); ok {
		return s.feedPage(w, r, http.StatusUnprocessableEntity, v, found, calendars.FeedID{})
	}
	if err != nil {
		return err
	}
	return s.feedPage(w, r, http.StatusCreated, url.Values{"scope": {calendars.Mine}}, faults{}, f.ID)
}

// feedShow is POST …/calendar/{id}/show.
func (s *Server) feedShow(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[calendars.Feed](r)
	if err != nil {
		return err
	}
	return s.feedPage(w, r, http.StatusOK, url.Values{"scope": {calendars.Mine}}, faults{}, i)
}

// feedEnd is POST …/calendar/{id}/end.
func (s *Server) feedEnd(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[calendars.Feed](r)
	if err != nil {
		return err
	}
	if _, err := s.app.Calendars.EndFeed.Do(r.Context(), s.app.Door, calendars.FeedRef{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(r.Context(), "calendar"), "calendar-feeds.end", operation.Receipt{})
}

// feedFile is GET /calendar/{secret}: the feed as a calendar program reads it, which
// asks again every hour and is told in one line when nothing changed.
func (s *Server) feedFile(w http.ResponseWriter, r *http.Request) error {
	s.keepAddress(w)
	secret := strings.TrimSuffix(r.PathValue("secret"), "."+calendar.Ending)
	feed, err := s.app.Calendars.Open(r.Context(), s.app.Door, secret)
	if err != nil {
		return err
	}
	tag := `"` + feed.Tag + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Last-Modified", feed.Modified.UTC().Format(http.TimeFormat))
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	var out bytes.Buffer
	if err := feed.Write(&out); err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, calendar.MediaType, &out)
	return nil
}
