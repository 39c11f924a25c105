package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// noun is one entry of the rail: it appears when the actor may use it.
type noun struct {
	key, icon, path, operation string
	foot                       bool
}

// nouns are the rail, in order.
var nouns = []noun{
	{"nav.home", "home", "", "", false},
	{"nav.people", "users", "organizations", "organizations.list", false},
	{"nav.groups", "calendar", "bodies", "bodies.list", false},
	{"nav.together", "chart", "working-together", "together.get", false},
	{"nav.settings", "settings", "settings", "collaboratives.get", true},
}

// place is an address within the collaborative of the request.
func place(ctx context.Context, path string) string {
	return "/c/" + url.PathEscape(operation.CollaborativeFrom(ctx).Slug) + "/" + path
}

// frame is what surrounds a page of the collaborative. current is the path of
// the noun the page belongs to.
func (s *Server) frame(r *http.Request, current string) ui.Frame {
	ctx := r.Context()
	actor, c := operation.ActorFrom(ctx), operation.CollaborativeFrom(ctx)
	f := ui.Frame{HomeHref: "/", Collaborative: c.Name, Account: s.account(r)}
	if c.ID.IsZero() {
		return f
	}
	f.HomeHref = place(ctx, "")
	for _, n := range nouns {
		if n.operation == "" || s.app.Door.Permissions.Allows(n.operation, actor) {
			f.Nav = append(f.Nav, ui.NavItem{Label: i18n.T(ctx, n.key), Href: place(ctx, n.path), Icon: n.icon, Current: n.path == current, Foot: n.foot})
		}
	}
	if s.app.Door.Permissions.Allows("search.find", actor) {
		f.SearchAction, f.SuggestHref = place(ctx, "search"), place(ctx, "search/suggest")
		f.SearchQuery = r.URL.Query().Get("q")
		if current != searchNoun {
			f.SearchQuery = ""
		}
	}
	f.SwitcherMore = []ui.Link{{Label: i18n.T(ctx, "nav.all_collaboratives"), Href: "/?all=1"}}
	return f
}

// account is who is signed in, nil for visitors.
func (s *Server) account(r *http.Request) *ui.Account {
	ctx := r.Context()
	actor := operation.ActorFrom(ctx)
	if !actor.SignedIn() {
		return nil
	}
	a := &ui.Account{Name: actor.Name, Email: actor.Email, LanguageAction: "/account/language", Languages: languages(ctx), SignOutAction: "/sign-out", ReturnTo: r.URL.RequestURI()}
	if !operation.CollaborativeFrom(ctx).ID.IsZero() && s.may(ctx, "due.mine") {
		a.Links = append(a.Links, ui.Link{Label: i18n.T(ctx, "due.mine"), Href: place(ctx, "due/mine")})
	}
	a.Links = append(a.Links, ui.Link{Label: i18n.T(ctx, "nav.account"), Href: "/account"})
	if actor.Has(operation.Administrator) {
		a.Links = append(a.Links, ui.Link{Label: i18n.T(ctx, "nav.installation"), Href: "/installation"})
	}
	return a
}

// languages are the choices of the language menu.
func languages(ctx context.Context) []ui.Language {
	var out []ui.Language
	for _, code := range i18n.Languages() {
		out = append(out, ui.Language{Code: code, Label: i18n.Name(code), Current: code == i18n.Language(ctx)})
	}
	return out
}

// show renders a page inside the frame.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, current string, props ui.PageProps, children ...templ.Component) error {
	props.Frame = s.frame(r, current)
	if n, ok := s.doneNotice(r); ok {
		props.Notices = append(append([]ui.NoticeProps{n}, leftNotices(r)...), props.Notices...)
	}
	s.render(w, r, status, ui.Page(props), children...)
	return nil
}

// may says whether the actor could run an operation, for deciding what to
// offer; the door decides again.
func (s *Server) may(ctx context.Context, op string) bool {
	return s.app.Door.Permissions.Allows(op, operation.ActorFrom(ctx))
}

// mayAll says whether the actor could run an operation on everything.
func (s *Server) mayAll(ctx context.Context, op string) bool {
	return s.app.Door.Permissions.AllowsAll(op, operation.ActorFrom(ctx))
}

// pathID reads the {id} of the address; what is no id does not exist.
func pathID[N any](r *http.Request) (id.Of[N], error) {
	i, err := id.Parse[N](r.PathValue("id"))
	if err != nil {
		return i, operation.Missing()
	}
	return i, nil
}

// done sends the browser on after a change, to a page that will say what was
// done and offer to take it back.
func (s *Server) done(w http.ResponseWriter, r *http.Request, to, op string, receipt operation.Receipt) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	q := u.Query()
	q.Set("done", op)
	if receipt.Undoable {
		q.Set("entry", receipt.Entry.Short())
	}
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther) // #nosec G710 -- to is an address of ours or has passed returnTo
	return nil
}

// passingParameters tell a page what was just done. They are no part of what it
// shows.
var passingParameters = []string{"done", "entry", "of", "left", "rows"}

// doneNotice is what the page says after done.
func (s *Server) doneNotice(r *http.Request) (ui.NoticeProps, bool) {
	ctx, q := r.Context(), r.URL.Query()
	op := q.Get("done")
	if op == "" || s.app.Door.Registry[op] == nil {
		return ui.NoticeProps{}, false
	}
	n := ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "done."+op)}
	entry, err := id.Parse[struct{}](q.Get("entry"))
	if err == nil && s.may(ctx, "history.undo") && !operation.CollaborativeFrom(ctx).ID.IsZero() {
		back := *r.URL
		for _, passing := range passingParameters {
			q.Del(passing)
		}
		back.RawQuery = q.Encode()
		n.Undo = &ui.Action{Href: place(ctx, "history/"+entry.Short()+"/undo"), Post: true, Hidden: []ui.Hidden{{Name: "return", Value: back.RequestURI()}}}
	}
	return n, true
}

// versioned is the value of a row's selection box: the record and the version
// that was seen, so that a bulk change cannot overwrite what nobody saw.
func versioned(short string, version int64) string {
	return short + "." + strconv.FormatInt(version, 10)
}

func parseVersioned[N any](value string) (id.Of[N], int64, error) {
	short, number, _ := strings.Cut(value, ".")
	i, err := id.Parse[N](short)
	if err != nil {
		return i, 0, operation.Missing()
	}
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return i, 0, operation.Missing()
	}
	return i, version, nil
}
