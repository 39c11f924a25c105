package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// importList is GET …/imports: the files that were brought, the newest first.
func (s *Server) importList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := imports.List.Do(ctx, s.app.Door, imports.ListInput{After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	t := func(key string) string { return i18n.T(ctx, "import."+key) }
	props := ui.PageProps{Title: t("title"), Lede: t("lede"), Crumbs: settingsCrumbs(ctx)}
	if s.may(ctx, "imports.begin") {
		props.Primary = &ui.Action{Label: t("add"), Href: place(ctx, "imports/new"), Icon: "plus"}
	}
	if s.may(ctx, "imports.mappings") {
		props.Menu = append(props.Menu, ui.Action{Label: t("mappings"), Href: place(ctx, "imports/mappings")})
	}
	if len(page.Items) == 0 {
		empty := ui.EmptyProps{Title: t("empty"), Text: t("empty_text")}
		if props.Primary != nil {
			empty.Actions = []ui.Action{*props.Primary}
		}
		return s.show(w, r, http.StatusOK, "settings", props, ui.Empty(empty))
	}
	table := ui.TableProps{Caption: t("title"), Columns: []ui.Column{{Label: t("file")}, {Label: t("what")}, {Label: t("state")}, {Label: t("written"), Numeric: true}, {Label: t("by")}, {Label: t("when")}}}
	for _, i := range page.Items {
		written := ""
		if i.Counts.Applied > 0 {
			written = i18n.Number(ctx, i.Counts.Applied)
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: i.FileName, Href: importAddress(ctx, i)}, {Text: kindLabel(ctx, i.Kind)},
			{Tags: []ui.TagProps{{Label: i18n.T(ctx, "import.state_"+i.State), Kind: importStateKind(i.State)}}}, {Text: written}, {Text: i.By}, {Text: i18n.DateTime(ctx, i.CreatedAt)}}})
	}
	return s.show(w, r, http.StatusOK, "settings", props, ui.Table(table), pagerOf(r, page.Next, page.Previous))
}

// bringAction leads from a list to where a file for it is brought.
func (s *Server) bringAction(ctx context.Context, kind string) []ui.Action {
	if !s.may(ctx, "imports.begin") {
		return nil
	}
	return []ui.Action{{Label: i18n.T(ctx, "import.add"), Href: place(ctx, "imports/new?kind="+kind), Icon: "download"}}
}

// pagerOf leads to the pages before and after.
func pagerOf(r *http.Request, next, previous string) templ.Component {
	p := ui.PagerProps{}
	if next != "" {
		p.Next = query(r.URL, "after", next, "before", "")
	}
	if previous != "" {
		p.Previous = query(r.URL, "before", previous, "after", "")
	}
	return ui.Pager(p)
}

func importAddress(ctx context.Context, i imports.Import) string {
	return place(ctx, "imports/"+i.ID.Short())
}

// kindLabel is what the rows of a file become, in words.
func kindLabel(ctx context.Context, kind string) string {
	if kind == "" {
		return ""
	}
	return i18n.T(ctx, "import.kind_"+kind)
}

func importStateKind(state string) ui.Kind {
	switch state {
	case imports.Done:
		return ui.Good
	case imports.Failed:
		return ui.Bad
	case imports.Choosing, imports.Mapping, imports.Preview:
		return ui.Due
	}
	return ui.Plain
}

// importMappings is GET …/imports/mappings: how files are read that come again.
func (s *Server) importMappings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := imports.ListMappings.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "import.mappings"), Lede: i18n.T(ctx, "import.mappings_lede"), Crumbs: importCrumbs(ctx)}
	if len(list.Items) == 0 {
		return s.show(w, r, http.StatusOK, "settings", props, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "import.no_mappings"), Text: i18n.T(ctx, "import.no_mappings_text")}))
	}
	var rows []ui.Row
	for _, m := range list.Items {
		row := ui.Row{Title: m.Name, Detail: kindLabel(ctx, m.Kind) + " · " + i18n.T(ctx, "import.columns_count", i18n.Args{"Count": len(m.ByColumn)})}
		if s.may(ctx, "imports.forget-mapping") {
			row.Action = &ui.Action{Label: i18n.T(ctx, "import.forget_mapping"), Href: place(ctx, "imports/mappings/"+m.Fingerprint+"/forget"), Post: true, Kind: ui.Quiet}
		}
		rows = append(rows, row)
	}
	return s.show(w, r, http.StatusOK, "settings", props, ui.Rows(rows))
}

// importForgetMapping is POST …/imports/mappings/{fingerprint}/forget.
func (s *Server) importForgetMapping(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var receipt operation.Receipt
	if _, err := imports.ForgetMapping.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, imports.MappingRef{Fingerprint: r.PathValue("fingerprint")}); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "imports/mappings"), "imports.forget-mapping", receipt)
}

func importCrumbs(ctx context.Context) []ui.Link {
	return append(settingsCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "import.title"), Href: place(ctx, "imports")})
}
