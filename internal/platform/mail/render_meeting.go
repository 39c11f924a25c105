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
	return append(out, bodyLines(d.Body)...)
}

// bodyLines are the paragraphs of what somebody wrote.
func bodyLines(body string) (out []string) {
	for line := range strings.Lines(body) {
		if line = i18n.CleanLine(line); line != "" && len(out) < mostLines {
			out = append(out, line)
		}
	}
	return out
}

// sections makes what was typed in lists fit for a message, and refuses links that
// lead nowhere.
func sections(list []Section) ([]Section, error) {
	out := make([]Section, 0, len(list))
	left := mostLines
	for _, s := range list {
		one := Section{Heading: name(s.Heading)}
		for _, line := range s.Lines {
			if left--; left < 0 {
				break
			}
			for _, link := range line.Links {
				if err := checkLink(link.Address); err != nil {
					return nil, err
				}
			}
			one.Lines = append(one.Lines, Line{Text: unlinked(line.Text, maxLine), Links: line.Links})
		}
		if len(one.Lines) > 0 {
			out = append(out, one)
		}
	}
	return out, nil
}

// maxLine bounds an entry of a list, in characters.
const maxLine = 400
