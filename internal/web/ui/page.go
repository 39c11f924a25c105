package ui

import (
	"context"

	"commontable/internal/platform/i18n"

	"github.com/a-h/templ"
)

// NavItem is one noun of the rail.
type NavItem struct {
	Label   string
	Href    string
	Icon    string
	Current bool
	// Foot sets the item apart at the foot of the rail, as settings are.
	Foot bool
}

// Language is one choice of the language menu.
type Language struct {
	Code    string // "fr"
	Label   string // "Français", in the language itself
	Current bool
}

// Account is who is signed in and what they can do about it.
type Account struct {
	Name  string
	Email string
	Links []Link
	// LanguageAction receives POST language=<code>, return=<ReturnTo>.
	LanguageAction string
	Languages      []Language
	// SignOutAction receives a POST.
	SignOutAction string
	// ReturnTo is the address of this page.
	ReturnTo string
}

// Frame is what surrounds every page of a collaborative.
type Frame struct {
	// Brand is the product's name; "Commontable" when empty.
	Brand         string
	HomeHref      string
	Collaborative string
	// Switcher lists the collaboratives the person belongs to; with fewer than two there is no menu.
	Switcher []Link
	// SwitcherMore are links under the switcher, such as "All collaboratives".
	SwitcherMore []Link
	// Nav is the rail in order; on a phone the first four form the bottom bar and the rest lie behind More.
	Nav []NavItem
	// SearchAction receives GET q=…; the search is left out when empty.
	SearchAction string
	SearchQuery  string
	// SuggestHref answers GET q=… with the Suggestions fragment.
	SuggestHref  string
	NeedsYou     int
	NeedsYouHref string
	// Account is nil for visitors.
	Account *Account
}

// PageProps describes a full page inside the frame.
type PageProps struct {
	Frame Frame
	// Title is the page's name in the browser and its h1 unless Heading differs.
	Title   string
	Heading string
	// HeadingLang is the language of the heading when it is not the page's, such as an organization's name.
	HeadingLang string
	// HeadingTags follow the heading: archived, draft, not a member.
	HeadingTags []TagProps
	Description string
	Lede        string
	// Crumbs lead here from above; the page itself is added as the last.
	Crumbs  []Link
	Primary *Action
	// Menu is the quiet menu beside the primary action.
	Menu    []Action
	Notices []NoticeProps
	// AsOf shows the date control under the heading.
	AsOf *DateControlProps
	Tabs []Link
	// Refresh reloads the page after so many seconds without scripts; zero never.
	Refresh int
	// NoIndex keeps search engines away; pages behind sign-in set nothing, public drafts do.
	NoIndex bool
}

// BareProps describes a page without the frame: sign-in, set-up, errors, public confirmations.
type BareProps struct {
	Title       string
	Heading     string
	Lede        string
	Brand       string
	BrandHref   string
	Description string
	Notices     []NoticeProps
	Refresh     int
	// Wide gives forms of two columns room.
	Wide bool
	// LanguageAction and Languages show the language choice at the foot.
	LanguageAction string
	Languages      []Language
	ReturnTo       string
	// FootLinks are quiet links at the foot, such as privacy.
	FootLinks []Link
}

// TaskProps describes a phone task page: one person, one link, one task.
type TaskProps struct {
	Title         string
	Heading       string
	Collaborative string
	// Privacy says in one plain sentence who will see what is entered.
	Privacy        string
	Notices        []NoticeProps
	LanguageAction string
	Languages      []Language
	ReturnTo       string
	FootLinks      []Link
}

// Suggestion is one hit of the search-as-you-type box.
type Suggestion struct {
	// Value is the id a Lookup takes over; Href is where the search box goes.
	Value  string
	Label  string
	Detail string
	Href   string
	Icon   string
	Lang   string
}

// headProps is what the document head needs.
type headProps struct {
	title, description string
	refresh            int
	noIndex            bool
}

// barItems is how many nouns the bottom bar of a phone holds beside More.
const barItems = 4

func (f Frame) bar() []NavItem {
	return f.Nav[:min(barItems, len(f.Nav))]
}

func (f Frame) rest() []NavItem {
	return f.Nav[min(barItems, len(f.Nav)):]
}

func (f Frame) restCurrent() bool {
	for _, item := range f.rest() {
		if item.Current {
			return true
		}
	}
	return false
}

func (f Frame) brand() string {
	return or(f.Brand, "Commontable")
}

func (p PageProps) documentTitle() string {
	title := or(p.Title, p.Heading)
	if p.Frame.Collaborative != "" {
		return title + " · " + p.Frame.Collaborative
	}
	return title + " · " + p.Frame.brand()
}

func (p BareProps) brand() string {
	return or(p.Brand, "Commontable")
}

// trail adds the page itself to its breadcrumbs.
func (p PageProps) trail() []Link {
	if len(p.Crumbs) == 0 {
		return nil
	}
	trail := append([]Link(nil), p.Crumbs...)
	return append(trail, Link{Label: or(p.Heading, p.Title), Current: true, Lang: p.HeadingLang})
}

func language(ctx context.Context) string {
	return or(i18n.Language(ctx), "en")
}

func direction(ctx context.Context) string {
	return or(i18n.Direction(ctx), "ltr")
}

// htmxConfig keeps htmx inside the Content-Security-Policy: it adds no style
// of its own, and swaps error pages nowhere.
const htmxConfig = `{"includeIndicatorCSS":false,"history":true,"defaultTimeout":20000}`

// attrs drops empty values so that no empty attribute is written.
func attrs(pairs ...string) templ.Attributes {
	out := templ.Attributes{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}
