package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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
