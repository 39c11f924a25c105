package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// roleMap is GET …/role-map: who is who, in this place's own words, on one page
// that can be printed.
func (s *Server) roleMap(w http.ResponseWriter, r *http.Request) error {
	ctx, day := r.Context(), r.URL.Query().Get("as-of")
	m, err := directory.GetRoleMap.Do(ctx, s.app.Door, directory.RoleMapInput{AsOf: day})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "role-map.title"), Lede: i18n.T(ctx, "role-map.lede", i18n.Args{"Date": i18n.CivilDate(ctx, m.AsOf)}), Tabs: s.groupTabs(ctx, "role-map"), AsOf: s.asOf(r, "role-map")}
	if len(m.Entities) == 0 && len(m.Bodies) == 0 {
		text := i18n.T(ctx, "role-map.empty_text")
		if m.First != "" && m.First > m.AsOf {
			text = i18n.T(ctx, "role-map.before_anything", i18n.Args{"Date": i18n.CivilDate(ctx, m.First)})
		}
		return s.show(w, r, http.StatusOK, "bodies", props, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "role-map.empty"), Text: text}))
	}
	panels := []templ.Component{s.roleMapBackbone(ctx, m, day)}
	for _, part := range []string{"host", "fiscal_sponsor", "lead_organization", "funder"} {
		panels = append(panels, s.roleMapPart(ctx, m, part, day))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, s.roleMapBodies(ctx, m, day), with(ui.Grid(), panels...), s.roleMapHats(ctx, m, day), s.graphLinks(ctx, day))
}

// roleMapBodies are the groups with their chairs.
func (s *Server) roleMapBodies(ctx context.Context, m directory.RoleMap, day string) templ.Component {
	table := ui.TableProps{ID: "groups", Caption: i18n.T(ctx, "bodies.title"), ShowCaption: true, Columns: []ui.Column{{Label: i18n.T(ctx, "bodies.field_name")}, {Label: i18n.T(ctx, "bodies.field_kind")},
		{Label: i18n.T(ctx, "role-map.chaired_by")}, {Label: i18n.T(ctx, "bodies.field_parent")}, {Label: i18n.T(ctx, "bodies.field_seats")}}}
	// The leadership table first, then as the kinds are listed.
	bodies := slices.Clone(m.Bodies)
	slices.SortStableFunc(bodies, func(a, b directory.Body) int {
		return slices.Index(directory.BodyKinds, a.Kind) - slices.Index(directory.BodyKinds, b.Kind)
	})
	for _, b := range bodies {
		if b.State == "closed" {
			continue
		}
		var chairs []string
		for _, t := range m.Chairs {
			if t.BodyID == b.ID {
				name := named(ctx, t.Person)
				if t.Organization != "" {
					name += " (" + t.Organization + ")"
				}
				chairs = append(chairs, name)
			}
		}
		row := ui.TableRow{Cells: []ui.Cell{{Text: b.Name, Href: asOfHref(place(ctx, "bodies/"+b.ID.Short()), day)}, {Text: bodyKind(ctx, b.Kind)}, {Text: i18n.List(ctx, chairs)}, {Text: b.Parent}, {Text: heldText(ctx, b)}}}
		if b.State != "active" {
			row.Cells[0].Tags = []ui.TagProps{{Label: i18n.T(ctx, "body_states."+b.State), Kind: bodyStateKinds[b.State]}}
		}
		table.Rows = append(table.Rows, row)
	}
	return ui.Table(table)
}

// roleMapBackbone is who performs which function.
func (s *Server) roleMapBackbone(ctx context.Context, m directory.RoleMap, day string) templ.Component {
	panel := ui.PanelProps{Heading: collaborative.Label(ctx, "backbone"), Detail: i18n.T(ctx, "role-map.backbone_help")}
	var rows []ui.Row
	for _, f := range m.Functions {
		var holders []string
		for _, h := range f.Holdings {
			holders = append(holders, shareText(ctx, h))
		}
		row := ui.Row{Title: functionName(ctx, f), Href: asOfHref(place(ctx, "functions"), day), Detail: i18n.List(ctx, holders)}
		if len(holders) == 0 {
			row.Tag = &ui.TagProps{Label: i18n.T(ctx, "functions.nobody_short"), Kind: ui.Due}
		}
		rows = append(rows, row)
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}

// roleMapPart is who plays one part.
func (s *Server) roleMapPart(ctx context.Context, m directory.RoleMap, part, day string) templ.Component {
	var rows []ui.Row
	for _, e := range m.Entities {
		for _, h := range e.Hats {
			if h.Kind == part {
				rows = append(rows, ui.Row{Title: e.Name, Href: asOfHref(place(ctx, "organizations/"+e.ID.Short()), day), Detail: spanText(ctx, h.Since, "")})
			}
		}
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "parts."+part)}
	if len(rows) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "role-map.nobody")))
	}
	return with(ui.Panel(panel), ui.Rows(rows))
}

// roleMapHats says where one organization does several things at once: nothing
// wrong in itself, but to be seen by all.
func (s *Server) roleMapHats(ctx context.Context, m directory.RoleMap, day string) templ.Component {
	table := ui.TableProps{ID: "hats", Caption: i18n.T(ctx, "role-map.several_hats"), ShowCaption: true,
		Columns: []ui.Column{{Label: i18n.T(ctx, "organizations.field_name")}, {Label: i18n.T(ctx, "role-map.hats")}}}
	for _, e := range m.Entities {
		sorts := map[string]bool{}
		var names []string
		for _, h := range e.Hats {
			sorts[sortOfHat(h.Kind)] = true
			if name := s.hat(ctx, m, h); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if len(sorts) < 2 {
			continue
		}
		var hats []ui.TagProps
		for _, name := range names {
			hats = append(hats, ui.TagProps{Label: name})
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: e.Name, Href: asOfHref(place(ctx, "organizations/"+e.ID.Short()), day)}, {Tags: hats}}})
	}
	if len(table.Rows) == 0 {
		return muted(i18n.T(ctx, "role-map.single_hats"))
	}
	return ui.Table(table)
}

// sortOfHat counts seats, with or without the chair, as one hat: whoever chairs
// a group also sits in it.
func sortOfHat(kind string) string {
	if kind == directory.ChairHat {
		return directory.VoteHat
	}
	return kind
}

// hat is one part an organization plays, in words.
func (s *Server) hat(ctx context.Context, m directory.RoleMap, h directory.Hat) string {
	switch h.Kind {
	case directory.FunctionHat:
		for _, f := range m.Functions {
			if f.Key == h.Detail {
				return functionName(ctx, f)
			}
		}
		return h.Detail
	case directory.ChairHat, directory.VoteHat:
		return i18n.T(ctx, "role-map.hat_"+h.Kind, i18n.Args{"Body": h.Detail})
	}
	return i18n.T(ctx, "parts."+h.Kind)
}
