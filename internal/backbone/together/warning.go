package together

import (
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/stats"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Warning is an organization whose presence, or whose keeping of promises, fell by
// more than chance would explain. It is for a kind word, and no ranking.
type Warning struct {
	OrganizationID directory.OrganizationID `json:"organization_id"`
	Organization   string                   `json:"organization"`
	Of             string                   `json:"of" doc:"presence or promises."`
	Earlier        Share                    `json:"earlier" doc:"In the eighteen months before."`
	Recent         Share                    `json:"recent" doc:"In the last six months."`
	Expected       float64                  `json:"expected" doc:"The rate at which nothing would have changed for it."`
	Chance         float64                  `json:"chance" doc:"Of so low a share without any change, corrected for all that were compared."`
}

// Warnings are all that are worth a word.
type Warnings struct {
	Compared int       `json:"compared" doc:"How many had enough on record to be compared."`
	Items    []Warning `json:"items"`
}

// WarningsInput says of which day.
type WarningsInput struct {
	AsOf string `json:"as_of,omitempty" format:"date" doc:"Today when absent."`
}

// windowMonths is how long the windows are that are compared, the recent one and the
// three before it.
const windowMonths, earlierWindows = 6, 3

// GetWarnings reads whose presence or follow-through fell beyond chance, in the order
// of their names. They are looked at only for those who are members.
var GetWarnings = operation.Define(operation.Operation[WarningsInput, Warnings]{
	Definition: operation.Definition{ID: "together.warnings", Summary: "Reads for whom it may be time to ask how they are", ReadOnly: true, Method: "GET", Path: "/working-together/warnings"},
	Run: func(c *operation.Call, in WarningsInput) (Warnings, error) {
		out := Warnings{Items: []Warning{}}
		text := in.AsOf
		if text == "" {
			text = c.Today()
		}
		asOf, err := day.Parse(text)
		if err != nil {
			return out, err
		}
		book, err := attendance.Open(c, directory.BodyID{})
		if err != nil {
			return out, err
		}
		var windows []participation.Sums
		until := asOf + 1
		for range earlierWindows + 1 {
			from := (until - 1).MonthsBefore(windowMonths) + 1
			sums, err := book.Sums(day.Span{From: from, Until: until})
			if err != nil {
				return out, err
			}
			windows, until = append(windows, sums), from
		}
		m, err := readMembers(c, book)
		if err != nil {
			return out, err
		}
		for _, measure := range []struct {
			of    string
			share func(participation.Sum) stats.Share
		}{{"presence", presenceOf}, {"promises", keptOf}} {
			numbers, records := participation.Records(measure.share, windows[0], windows[1:]...)
			look, err := participation.Declines(records, participation.Kindly)
			if err != nil {
				return out, err
			}
			out.Compared += look.Compared
			for _, w := range look.Warnings {
				if o, ok := m.named(numbers[w.Record], text); ok {
					out.Items = append(out.Items, Warning{o.ID, o.Name, measure.of, ShareOf(w.Earlier), ShareOf(w.Recent), w.Expected, w.Adjusted})
				}
			}
		}
		slices.SortStableFunc(out.Items, func(a, b Warning) int { return slices.Compare([]byte(a.Organization), []byte(b.Organization)) })
		return out, nil
	},
})

// named is the member of a day that has a number.
func (m members) named(n int, on string) (directory.Membership, bool) {
	for _, s := range m.list {
		if s.From <= on && (s.To == "" || s.To > on) && m.numbers[s.ID] == n {
			if _, ok := m.numbers[s.ID]; ok {
				return s, true
			}
		}
	}
	return directory.Membership{}, false
}

// OfOrganizationInput names an organization.
type OfOrganizationInput struct {
	OrganizationID directory.OrganizationID `json:"organization_id"`
	AsOf           string                   `json:"as_of,omitempty" format:"date" doc:"Today when absent."`
}

// Own is how one organization takes part, for itself and the backbone.
type Own struct {
	From     string `json:"from"`
	AsOf     string `json:"as_of"`
	Seats    Share  `json:"seats"`
	Presence Share  `json:"presence"`
	Voice    Share  `json:"voice"`
	Kept     Share  `json:"kept" doc:"Actions done by the day they were due."`
}

// OfOrganization reads how one organization took part in twelve months. Only itself
// and the backbone see it.
var OfOrganization = operation.Define(operation.Operation[OfOrganizationInput, Own]{
	Definition: operation.Definition{ID: "together.organization", Summary: "Reads how one organization takes part", ReadOnly: true, Method: "GET", Path: "/organizations/{organization_id}/participation"},
	About: func(in OfOrganizationInput) operation.Subject {
		return operation.Subject{Kind: directory.OrganizationKind, ID: in.OrganizationID}
	},
	Run: func(c *operation.Call, in OfOrganizationInput) (Own, error) {
		o, err := directory.GetOrganization.Within(c, directory.OrganizationRef{ID: in.OrganizationID})
		if err != nil {
			return Own{}, err
		}
		own := Own{AsOf: in.AsOf}
		if own.AsOf == "" {
			own.AsOf = c.Today()
		}
		asOf, err := day.Parse(own.AsOf)
		if err != nil {
			return own, err
		}
		book, err := attendance.Open(c, directory.BodyID{})
		if err != nil {
			return own, err
		}
		year := day.TwelveMonths(asOf)
		own.From = year.From.String()
		numbers, err := book.Numbers()
		if err != nil {
			return own, err
		}
		n, ok := numbers[o.ID]
		if !ok {
			return own, nil
		}
		sums, err := book.Sums(year)
		if err != nil {
			return own, err
		}
		for _, row := range sums {
			if row.Number == n {
				own.Seats, own.Presence, own.Voice, own.Kept = ShareOf(row.Sum.Attendance.Seats), ShareOf(row.Sum.Attendance.Presence), ShareOf(row.Sum.Voice.Spoke), ShareOf(row.Sum.Kept)
			}
		}
		return own, nil
	},
})
