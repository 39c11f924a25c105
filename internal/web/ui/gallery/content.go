package main

import (
	"time"

	"commontable/internal/platform/chart"
	"commontable/internal/web/ui"
)

func frame(current string) ui.Frame {
	nav := []ui.NavItem{
		{Label: "Home", Href: "/", Icon: "home"},
		{Label: "Groups & meetings", Href: "/groups", Icon: "calendar"},
		{Label: "People", Href: "/list", Icon: "users"},
		{Label: "Working together", Href: "/together", Icon: "network"},
		{Label: "Agenda", Href: "/agenda", Icon: "target"},
		{Label: "Measures", Href: "/measures", Icon: "chart"},
		{Label: "Library", Href: "/library", Icon: "book"},
		{Label: "Money", Href: "/money", Icon: "coins"},
		{Label: "Settings", Href: "/parts", Icon: "settings", Foot: true},
	}
	for i := range nav {
		nav[i].Current = nav[i].Label == current
	}
	return ui.Frame{
		HomeHref: "/", Collaborative: "Maple Valley Cradle to Career", Nav: nav,
		Switcher: []ui.Link{
			{Label: "Maple Valley Cradle to Career", Href: "/", Current: true},
			{Label: "Collectif du quartier Saint-Roch", Href: "/?lang=fr", Lang: "fr"},
		},
		SwitcherMore: []ui.Link{{Label: "All collaboratives", Href: "/"}},
		SearchAction: "/search", SuggestHref: "/search/suggest",
		NeedsYou: 3, NeedsYouHref: "/needs-you",
		Account: &ui.Account{
			Name: "Imani Okafor", Email: "imani.okafor@maplevalley.example",
			Links:          []ui.Link{{Label: "Your profile", Href: "/account"}, {Label: "Sign-in and security", Href: "/account/security"}},
			LanguageAction: "/language", Languages: languages(), SignOutAction: "/sign-out", ReturnTo: "/",
		},
	}
}

func languages() []ui.Language {
	return []ui.Language{{Code: "en", Label: "English", Current: true}, {Code: "fr", Label: "Français"}, {Code: "es", Label: "Español"}}
}

func comingUp() []ui.Row {
	return []ui.Row{
		{When: "Tue 24, 9:00", Title: "Early learning working group", Href: "/m/1", Detail: "Co-chairs: Ana Ruiz, Dale Whitcomb · 11 of 14 coming", Tag: &ui.TagProps{Label: "agenda sent", Kind: ui.Good}},
		{When: "Thu 26, 15:30", Title: "Leadership table", Href: "/m/2", Detail: "2 decisions · quorum 9, 8 coming so far", Tag: &ui.TagProps{Label: "one short", Kind: ui.Due}},
		{When: "Fri 27", Title: "Report to the Harlan Foundation", Href: "/m/3", Detail: "Draft ready, figures to 30 September", Tag: &ui.TagProps{Label: "due", Kind: ui.Due}},
	}
}

func worth() []ui.Row {
	return []ui.Row{
		{When: "3 months", Title: "Riverbend Health Center", Href: "/o/1", Detail: "Missed 4 of the last 5, after 2 years of coming; last spoke 14 Aug", Tag: &ui.TagProps{Label: "reach out"}},
		{When: "6 weeks", Title: "Northside Parents Union", Href: "/o/2", Detail: "Two promised hours not confirmed; their seat changed hands", Tag: &ui.TagProps{Label: "reach out"}},
	}
}

func columns() []ui.Column {
	return []ui.Column{
		{Label: "Organization", SortHref: "?sort=-name", Sorted: ui.Ascending},
		{Label: "Sector", SortHref: "?sort=sector"},
		{Label: "Representative"},
		{Label: "Present", SortHref: "?sort=-present", Numeric: true},
		{Label: "Hours", SortHref: "?sort=-hours", Numeric: true},
		{Label: "State"},
	}
}

func rows() []ui.TableRow {
	row := func(id, name, sector, person, present, hours string, tag ui.TagProps) ui.TableRow {
		return ui.TableRow{ID: id, Cells: []ui.Cell{
			{Text: name, Href: "/record"},
			{Text: sector, Edit: &ui.InlineEdit{Action: "/o/" + id, Field: ui.FieldProps{ID: "sector-" + id, Name: "sector", Label: "Sector", Value: sector}}},
			{Text: person, Href: "/p/" + id, Detail: "since March 2024"},
			{Text: present}, {Text: hours}, {Tags: []ui.TagProps{tag}},
		}}
	}
	muted := row("5", "Old Mill Neighborhood Association", "Residents", "", "–", "0", ui.TagProps{Label: "left 2025"})
	muted.Muted = true
	return []ui.TableRow{
		row("1", "Cedar County Public Library", "Culture", "Marguerite Ashworth", "92%", "64", ui.TagProps{Label: "active", Kind: ui.Good}),
		row("2", "Harlan Foundation", "Philanthropy", "Tomás Beltrán", "71%", "12", ui.TagProps{Label: "active", Kind: ui.Good}),
		row("3", "Maple Valley Unified School District", "Education", "Dr. Yuki Tanabe", "88%", "120", ui.TagProps{Label: "active", Kind: ui.Good}),
		row("4", "Northside Parents Union", "Residents", "Rosa Delgado", "54%", "38", ui.TagProps{Label: "term ends soon", Kind: ui.Warn}),
		muted,
	}
}

func hits() []ui.Suggestion {
	return []ui.Suggestion{
		{Label: "Rosa Delgado", Detail: "Northside Parents Union", Href: "/p/4", Icon: "user"},
		{Label: "Northside Parents Union", Detail: "Organization · Residents", Href: "/o/4", Icon: "building"},
		{Label: "Leadership table", Detail: "Meeting · Thu 26 November", Href: "/m/2", Icon: "calendar"},
	}
}

func facts() ui.FactsProps {
	return ui.FactsProps{Heading: "Facts", EditHref: "/form", Facts: []ui.Fact{
		{Label: "Sector", Value: "Residents"},
		{Label: "Representative", Value: "Rosa Delgado", Href: "/p/4", Note: "since 4 March 2024"},
		{Label: "Languages", Value: "Spanish, English"},
		{Label: "Website", Value: "northsideparents.example", Href: "https://northsideparents.example"},
		{Label: "Telephone", Value: "+1 555 0142", VisibleTo: "backbone staff"},
		{Label: "Nom d’usage", Value: "Union des parents du Nord", Lang: "fr"},
		{Label: "Legal status"},
	}}
}

func timeline() ui.TimelineProps {
	at := time.Date(2026, time.November, 20, 15, 4, 0, 0, time.UTC)
	return ui.TimelineProps{Older: "?before=1", Entries: []ui.Entry{
		{When: at, Who: "Imani Okafor", What: "Changed the facts", Changes: []ui.Change{
			{Field: "Representative", Before: "Luis Ortega", After: "Rosa Delgado"},
			{Field: "Telephone", After: "+1 555 0142"},
		}, Undo: &ui.Action{Href: "/undo/1", Post: true}},
		{When: at.AddDate(0, 0, -12), Who: "Rosa Delgado", What: "Came to the leadership table", Href: "/m/2"},
		{When: at.AddDate(0, -3, 0), Who: "Import of 14 August", What: "Added from partners.xlsx"},
	}}
}

func trendPoints() string {
	return "8,58 32,52 56,53 80,46 104,41 128,72 152,65 176,54 200,47 224,39 249,34 274,30"
}

// spans is a drawing of who did what when.
func spans() chart.Spans {
	day := func(year int) time.Time { return time.Date(year, time.September, 1, 0, 0, 0, 0, time.UTC) }
	return chart.Spans{ID: "spans", Title: "Two holders of the work since 2014", Description: "A row for each function.", From: day(2014), To: day(2026), Lanes: []chart.Lane{
		{Label: "Guide vision and strategy", Bars: []chart.Bar{{Label: "Foundation 100 %", From: day(2014), To: day(2020)}, {Label: "Commons 100 %", From: day(2020), Series: 1}}},
		{Label: "Advance policy", Bars: []chart.Bar{{Label: "Executive committee", From: day(2022), Series: 2}}}}}
}
