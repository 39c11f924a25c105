package collaborative

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// maxSlug bounds a slug in characters; a name of many words is cut at a word.
const maxSlug = 48

// reserved are slugs that addresses of the program use or may come to use.
var reserved = []string{"about", "account", "accounts", "admin", "all", "api", "app", "assets", "collaborative", "collaboratives", "commontable", "demo", "docs", "help",
	"installation", "invitation", "login", "logout", "mail", "metrics", "new", "public", "search", "settings", "set-up", "sign-in", "sign-out", "static", "system", "www"}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkSlug refuses a slug that somebody chose and that cannot be one.
func checkSlug(slug string, faults *operation.Faults) {
	switch {
	case slug == "":
	case len(slug) < 2 || !slugForm.MatchString(slug):
		faults.Add("slug", "settings.slug_form")
	case slices.Contains(reserved, slug):
		faults.Add("slug", "settings.slug_reserved")
	}
}

// slugOf makes a slug from a name: its letters and digits without accents, "" when
// the name has none that fit an address.
func slugOf(name string) string {
	var words []string
	length := 0
	for _, word := range strings.Fields(i18n.FoldKey(name)) {
		word = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, word)
		if word == "" {
			continue
		}
		if length += len(word) + 1; length > maxSlug && len(words) > 0 {
			break
		}
		words = append(words, word[:min(len(word), maxSlug)])
	}
	return strings.Join(words, "-")
}

// freeSlug is the slug a new collaborative gets: the one asked for, or one made
// from its name, with a number behind it when another has that.
func freeSlug(tx *store.InstallationTx, asked, name string) (string, error) {
	if asked != "" {
		taken, err := slugTaken(tx, asked)
		if err == nil && taken {
			err = operation.InvalidField("slug", "settings.slug_taken")
		}
		return asked, err
	}
	base := slugOf(name)
	if len(base) < 2 {
		base = strings.Trim("place-"+base, "-")
	}
	slug := base
	for n := 2; ; n++ {
		taken, err := slugTaken(tx, slug)
		if err != nil || !taken && !slices.Contains(reserved, slug) {
			return slug, err
		}
		slug = base + "-" + strconv.Itoa(n)
	}
}

func slugTaken(tx *store.InstallationTx, slug string) (bool, error) {
	_, err := store.Value[ID](tx, `SELECT id FROM collaboratives WHERE slug = $1`, slug)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return true, err
}
