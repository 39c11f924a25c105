package mail

import (
	"context"
	"strings"

	"commontable/internal/platform/i18n"
)

// mostLines bounds how many paragraphs somebody's own words make in a message.
const mostLines = 400

// meetingLines say when and where a meeting is, and what was written about it.
func meetingLines(ctx context.Context, d Data) []string {
	when := i18n.T(ctx, "mail.meeting_when", i18n.Args{"Day": i18n.Date(ctx, d.At), "From": i18n.Clock(ctx, d.At), "To": i18n.Clock(ctx, d.Ends) + zoneName(ctx, d.At)})
	out := []string{when}
	if place := i18n.CleanLine(d.Place); place != "" {
		out = append(out, i18n.T(ctx, "mail.meeting_where", i18n.Args{"Place": name(place)}))
	}
	if d.Online != "" && checkLink(d.Online) == nil {
		out = append(out, i18n.T(ctx, "mail.meeting_online", i18n.Args{"Link": d.Online}))
	}
	n := 0
	for line := range strings.Lines(d.Body) {
		if line = i18n.CleanLine(line); line != "" && n < mostLines {
			out = append(out, line)
			n++
		}
	}
	return out
}
