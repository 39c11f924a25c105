package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// withLeft is the address of the page after an undone merge, which is to say what
// stayed as it is.
func withLeft(address, area string, left operation.Left) string {
	u, err := url.Parse(address)
	if err != nil || left.Nothing() {
		return address
	}
	return query(u, "of", area, "left", strings.Join(left.Fields, ","), "rows", strconv.FormatInt(left.Rows, 10))
}

// leftFields are the fields an undone merge may have left as they are.
var leftFields = map[string][]string{
	"organizations": {"name", "other_names", "kinds", "sector", "status", "place", "website", "email", "phone", "about", "notes", "funder", "host", "lead_organization", "fiscal_sponsor", "custom"},
	"people":        {"given_name", "family_name", "other_names", "email", "other_emails", "phone", "channel", "language", "notes", "lived_experience", "access_needs", "custom"},
}

// leftNotices say what an undone merge left alone, on whatever page comes after it.
func leftNotices(r *http.Request) []ui.NoticeProps {
	ctx, q := r.Context(), r.URL.Query()
	area := q.Get("of")
	known, ok := leftFields[area]
	if !ok {
		return nil
	}
	var out []ui.NoticeProps
	var names []string
	for _, field := range strings.Split(q.Get("left"), ",") {
		if slices.Contains(known, field) {
			names = append(names, i18n.T(ctx, area+".field_"+field))
		}
	}
	if len(names) > 0 {
		out = append(out, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "merge.left_fields", i18n.Args{"Fields": i18n.List(ctx, names)})})
	}
	if n := whole(q.Get("rows")); n > 0 {
		out = append(out, ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "merge.left_rows", i18n.Args{"Count": n})})
	}
	return out
}
