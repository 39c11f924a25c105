// Package axe holds the accessibility checker axe-core for browser tests; the program never imports it.
package axe

import _ "embed"

// Source is axe-core as a script; its licence (MPL-2.0) stands at its head.
//
//go:embed axe.min.js
var Source string
