// Package ui holds the components every page is made of. They take plain
// values whose text is already translated, and know neither capabilities nor
// the store; only their own few words come from the catalogue (ui.*).
package ui

import (
	"strings"

	"commontable/assets"

	"github.com/a-h/templ"
)

// Link is a text that leads somewhere.
type Link struct {
	Label string
	Href  string
	// Current marks the link to what is being shown.
	Current bool
	// Lang is the language of the label when it is not the page's.
	Lang string
}

// Hidden is a form value that travels along unseen.
type Hidden struct {
	Name  string
	Value string
}

// Kind says how loud an action, a tag or a notice is.
type Kind string

// The kinds. Plain is the default everywhere.
const (
	Plain Kind = ""
	Main  Kind = "main"  // the one primary action
	Due   Kind = "due"   // needs somebody
	Good  Kind = "ok"    // done, kept, safe
	Warn  Kind = "warn"  // look before going on
	Bad   Kind = "bad"   // failed, or cannot be undone
	Bare  Kind = "bare"  // an action that reads as a link
	Quiet Kind = "quiet" // an outlined action
)

// Action is one thing a person can do here: a link, or a small form when Post is set.
type Action struct {
	Label string
	Href  string
	// Post sends Hidden to Href with the POST method, so that following a link never changes anything.
	Post   bool
	Hidden []Hidden
	Icon   string
	Kind   Kind
	// Confirm is asked before the action runs; only for what cannot be undone.
	Confirm string
	// Download makes the browser save what the link leads to.
	Download bool
	// Detail is one line of explanation, shown in menus.
	Detail string
}

func classes(names ...string) string {
	kept := names[:0:0]
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, " ")
}

func kindClass(base string, kind Kind) string {
	return classes(base, string(kind))
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// asset gives the address of a built file.
func asset(name string) string {
	return assets.Path(name)
}

// Icon draws one outline icon of the set, hidden from assistive technology: its neighbour text names it.
func Icon(name string) templ.Component {
	body := assets.Icon(name)
	if body == "" {
		return templ.NopComponent
	}
	return templ.Raw(`<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + body + `</svg>`)
}
