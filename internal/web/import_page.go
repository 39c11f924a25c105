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

// theImport reads the import of the address.
func (s *Server) theImport(r *http.Request) (imports.Import, error) {
	i, err := pathID[imports.Import](r)
	if err != nil {
		return imports.Import{}, err
	}
	return imports.Get.Do(r.Context(), s.app.Door, imports.Ref{ID: i})
}

// importPage is GET …/imports/{id}: whatever the import waits for.
func (s *Server) importPage(w http.ResponseWriter, r *http.Request) error {
	i, err := s.theImport(r)
	if err != nil {
		return err
	}
	return s.importShow(w, r, http.StatusOK, i, faults{})
}

// importShow shows an import in the state it is in.
func (s *Server) importShow(w http.ResponseWriter, r *http.Request, status int, i imports.Import, f faults) error {
	ctx := r.Context()
	props := ui.PageProps{Title: i.FileName, Crumbs: importCrumbs(ctx), Notices: importNotices(ctx, i),
		HeadingTags: []ui.TagProps{{Label: i18n.T(ctx, "import.state_"+i.State), Kind: importStateKind(i.State)}}}
	if i.Kind != "" {
		props.Lede = i18n.T(ctx, "import.about_"+i.Kind)
	}
	var children []templ.Component
	var err error
	switch {
	case i.Working():
		children = []templ.Component{s.importProgressPart(ctx, i)}
	case i.State == imports.Choosing:
		children = []templ.Component{s.importTables(ctx, i, f)}
	case i.State == imports.Mapping:
		children, err = s.importMapping(r, i, f)
	case i.State == imports.Preview:
		children, err = s.importPreview(r, i)
	default:
		children, err = s.importResult(r, &props, i)
	}
	if err != nil {
		return err
	}
	s.importMenu(ctx, &props, i)
	if !i.Working() && i.State != imports.Receiving {
		children = append([]templ.Component{importSteps(stepsOf(ctx, i))}, children...)
	}
	return s.show(w, r, status, "settings", props, children...)
}

// importMenu offers what can be done with an import at any time.
func (s *Server) importMenu(ctx context.Context, props *ui.PageProps, i imports.Import) {
	address := importAddress(ctx, i)
	if i.Open() && s.may(ctx, "imports.cancel") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "import.cancel"), Href: address + "/cancel", Post: true})
	}
	if !i.Working() && !i.Open() && s.may(ctx, "imports.forget") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "import.forget"), Href: address + "/forget", Post: true, Confirm: i18n.T(ctx, "import.forget_sure")})
	}
}

// importNotices are what a person should be told about the file.
func importNotices(ctx context.Context, i imports.Import) []ui.NoticeProps {
	var out []ui.NoticeProps
	if i.Problem != nil {
		kind := ui.Bad
		if i.State == imports.Done {
			kind = ui.Due
		}
		out = append(out, ui.NoticeProps{Kind: kind, Text: said(ctx, *i.Problem)})
	}
	if i.Open() {
		for _, n := range i.File.Notes {
			out = append(out, ui.NoticeProps{Kind: ui.Plain, Text: said(ctx, n)})
		}
	}
	return out
}

// said is a message of an import in the reader's language.
func said(ctx context.Context, m imports.Message) string {
	return i18n.T(ctx, m.Key, i18n.Args(m.Args))
}

// step is one of the steps an import goes through, for the line that shows them.
type importStep struct {
	Label   string
	Current bool
	Done    bool
}

func stepsOf(ctx context.Context, i imports.Import) []importStep {
	at := map[string]int{imports.Choosing: 0, imports.Mapping: 1, imports.Preview: 2, imports.Done: 3, imports.Undone: 3}[i.State]
	var out []importStep
	for n, key := range []string{"read", "map", "preview", "result"} {
		out = append(out, importStep{i18n.T(ctx, "import.step_"+key), n == at, n < at})
	}
	return out
}

// importProgressPart shows how far the work has come and asks again by itself.
func (s *Server) importProgressPart(ctx context.Context, i imports.Import) templ.Component {
	p := ui.ProgressProps{ID: "import-progress", Label: i18n.T(ctx, "import.working_"+i.State), Done: i.Done, Total: i.Total, Poll: importAddress(ctx, i) + "/progress"}
	if i.Total == 0 && i.Done > 0 {
		p.Text = i18n.T(ctx, "import.rows_so_far", i18n.Args{"Count": i.Done})
	}
	if i.BeganAt != nil && i.Done > 0 {
		if took := s.app.Config.Clock.Now().Sub(*i.BeganAt).Seconds(); took > 2 {
			rate := float64(i.Done) / took
			p.Text += " · " + i18n.T(ctx, "import.rate", i18n.Args{"Rate": i18n.Number(ctx, int64(rate+0.5))})
			if left := float64(i.Total-i.Done) / max(rate, 0.1); i.Total > i.Done && left > 5 {
				p.Text += " · " + i18n.T(ctx, "import.remaining", i18n.Args{"Count": int(left+30) / 60, "Seconds": int(left)})
			}
		}
	}
	if i.State != imports.Undoing && s.may(ctx, "imports.cancel") {
		p.Cancel = &ui.Action{Label: i18n.T(ctx, "import.cancel"), Href: importAddress(ctx, i) + "/cancel", Post: true}
	}
	return ui.Progress(p)
}

// importProgress is GET …/imports/{id}/progress, the fragment that replaces itself
// until somebody has to look.
func (s *Server) importProgress(w http.ResponseWriter, r *http.Request) error {
	i, err := s.theImport(r)
	if err != nil {
		return err
	}
	if !i.Working() {
		w.Header().Set("HX-Refresh", "true")
		s.render(w, r, http.StatusOK, muted(i18n.T(r.Context(), "import.state_"+i.State)))
		return nil
	}
	s.render(w, r, http.StatusOK, s.importProgressPart(r.Context(), i))
	return nil
}

// onImport runs an operation that needs to know no more than the import, and
// shows the import.
func (s *Server) onImport(op *operation.Operation[imports.Ref, imports.Import]) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, err := pathID[imports.Import](r)
		if err != nil {
			return err
		}
		after, err := op.Do(r.Context(), s.app.Door, imports.Ref{ID: i})
		if err != nil {
			return err
		}
		http.Redirect(w, r, importAddress(r.Context(), after), http.StatusSeeOther)
		return nil
	}
}

// importStart is POST …/imports/{id}/start.
func (s *Server) importStart(w http.ResponseWriter, r *http.Request) error {
	i, err := s.theImport(r)
	if err != nil {
		return err
	}
	after, err := imports.Start.Do(r.Context(), s.app.Door, imports.VersionRef{ID: i.ID, Version: formVersion(r)})
	if f, ok := formFaults(r.Context(), err); ok {
		return s.importShow(w, r, http.StatusConflict, i, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, importAddress(r.Context(), after), http.StatusSeeOther)
	return nil
}
