package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// importTables asks which of the file's tables is meant.
func (s *Server) importTables(ctx context.Context, i imports.Import, f faults) templ.Component {
	field := ui.FieldProps{Kind: ui.Radios, Name: "table", Label: i18n.T(ctx, "import.which_table"), Required: true}
	for n, t := range i.File.Tables {
		name := t.Name
		if name == "" {
			name = i18n.T(ctx, "import.table", i18n.Args{"Number": n + 1})
		}
		field.Options = append(field.Options, ui.Option{Value: strconv.Itoa(n), Label: name, Help: shortList(t.Columns, 8)})
	}
	fields := []ui.FieldProps{field}
	form := ui.FormProps{Action: importAddress(ctx, i) + "/tables", Submit: i18n.T(ctx, "import.read_table"), Hidden: versionField(i.Version), Errors: f.explain(fields)}
	return with(ui.Form(form), formFields(f.mark(fields)))
}

func versionField(version int64) []ui.Hidden {
	return []ui.Hidden{{Name: "version", Value: strconv.FormatInt(version, 10)}}
}

// shortList is a few of several words.
func shortList(words []string, most int) string {
	if len(words) > most {
		return strings.Join(words[:most], " · ") + " …"
	}
	return strings.Join(words, " · ")
}

// importChoose is POST …/imports/{id}/tables: another table, or another way to
// read a text file.
func (s *Server) importChoose(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := s.theImport(r)
	if err != nil {
		return err
	}
	in := imports.ChooseInput{ID: i.ID, Version: formVersion(r), Encoding: r.PostFormValue("encoding"), Delimiter: r.PostFormValue("delimiter")}
	if row, err := strconv.ParseInt(strings.TrimSpace(r.PostFormValue("header_row")), 10, 64); err == nil {
		in.HeaderRow = row
		in.HeaderRows, _ = strconv.Atoi(r.PostFormValue("header_rows")) // none where it is no number
	}
	for _, text := range r.PostForm["table"] {
		if n, err := strconv.Atoi(text); err == nil {
			in.Tables = append(in.Tables, n)
		}
	}
	after, err := imports.Choose.Do(ctx, s.app.Door, in)
	if f, ok := formFaults(ctx, renamed(err, "tables", "table")); ok {
		return s.importShow(w, r, http.StatusUnprocessableEntity, i, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, importAddress(ctx, after), http.StatusSeeOther) // #nosec G710 -- an address of ours
	return nil
}

// mostMapped is how many columns the page offers to map. Wider files are mapped
// on the command line or over the API.
const mostMapped = 300

// importMapping asks what the columns mean.
func (s *Server) importMapping(r *http.Request, i imports.Import, f faults) ([]templ.Component, error) {
	ctx := r.Context()
	kind, chosen := i.Kind, i.Plan.Fields
	if other := r.URL.Query().Get("kind"); other != "" && other != kind && slices.Contains(imports.Kinds(), other) {
		guess, err := imports.Guess.Do(ctx, s.app.Door, imports.GuessInput{ID: i.ID, Kind: other})
		if err != nil {
			return nil, err
		}
		kind, chosen = other, guess.Fields
	}
	list, err := imports.ListFieldsOf.Do(ctx, s.app.Door, imports.FieldsInput{Kind: kind})
	if err != nil {
		return nil, err
	}
	table := ui.TableProps{Caption: i18n.T(ctx, "import.columns"), Columns: []ui.Column{{Label: i18n.T(ctx, "import.column")}, {Label: i18n.T(ctx, "import.goes_into")}, {Label: i18n.T(ctx, "import.mend")}}}
	for n, c := range i.File.Columns[:min(len(i.File.Columns), mostMapped)] {
		into := ""
		if n < len(chosen) {
			into = chosen[n]
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{
			{Content: importSamples(c.Name, i18n.T(ctx, "import.filled", i18n.Args{"Filled": i18n.Number(ctx, c.Filled), "Rows": i18n.Number(ctx, i.File.Rows)}), c.Samples)},
			{Content: ui.Field(s.intoField(ctx, n, c, into, list))},
			{Content: s.mendField(ctx, n, c, i.Plan.Rules[strconv.Itoa(n)])},
		}})
	}
	parts := []templ.Component{s.importRead(ctx, i, kind)}
	if list.Waits {
		parts = append(parts, ui.Notice(ui.NoticeProps{Kind: ui.Due, Title: i18n.T(ctx, "import.waits_title"), Text: i18n.T(ctx, "import.waits_text")}))
	}
	form := ui.FormProps{Action: importAddress(ctx, i) + "/mapping", Submit: i18n.T(ctx, "import.check"), Hidden: append(versionField(i.Version), ui.Hidden{Name: "kind", Value: kind}), Errors: f.list, Full: true}
	inside := []templ.Component{ui.Table(table)}
	if fixed := s.fixedFields(ctx, list, i.Plan.Fixed); len(fixed) > 0 {
		inside = append(inside, with(ui.FieldSet(ui.FieldSetProps{Legend: i18n.T(ctx, "import.fixed"), Help: i18n.T(ctx, "import.fixed_help"), Columns: true}), formFields(fixed)))
	}
	inside = append(inside, formFields([]ui.FieldProps{
		{Kind: ui.Checkbox, Name: "clear", Label: i18n.T(ctx, "import.clear"), Help: i18n.T(ctx, "import.clear_help"), Checked: i.Plan.Clear},
		{Name: "mapping", Label: i18n.T(ctx, "import.save_as"), Help: i18n.T(ctx, "import.save_as_help"), Value: i.Plan.Mapping, MaxLength: 100, Autocomplete: "off"},
	}))
	return append(parts, with(ui.Form(form), inside...)), nil
}

// importRead says how the file was read, with the way to read it otherwise.
func (s *Server) importRead(ctx context.Context, i imports.Import, kind string) templ.Component {
	facts := []ui.Fact{{Label: i18n.T(ctx, "import.format"), Value: strings.ToUpper(i.File.Format)}, {Label: i18n.T(ctx, "import.rows"), Value: i18n.Number(ctx, i.File.Rows)}}
	if i.File.Encoding != "" {
		note := ""
		if !i.File.Sure {
			note = i18n.T(ctx, "import.encoding_unsure")
		}
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.encoding"), Value: i.File.Encoding, Note: note})
	}
	if i.File.Source != "" {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.source"), Value: i18n.T(ctx, "import.source_"+i.File.Source)})
	}
	if i.Plan.Saved {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.mapping"), Value: i.Plan.Mapping, Note: i18n.T(ctx, "import.mapping_found")})
	}
	kindForm := with(ui.Form(ui.FormProps{Action: importAddress(ctx, i), Get: true, Submit: i18n.T(ctx, "import.change_kind"), SubmitKind: ui.Quiet}),
		formFields([]ui.FieldProps{{Kind: ui.Select, Name: "kind", Label: i18n.T(ctx, "import.what"), Value: kind, Options: options(ctx, "import.kind_", imports.Kinds())}}))
	parts := []templ.Component{ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "import.as_read"), Facts: facts}), kindForm}
	if fields := readOtherwise(ctx, i); len(fields) > 0 {
		hidden := versionField(i.Version)
		for _, table := range i.Plan.Tables {
			hidden = append(hidden, ui.Hidden{Name: "table", Value: strconv.Itoa(table)})
		}
		parts = append(parts, with(disclosure(i18n.T(ctx, "import.read_otherwise")),
			with(ui.Form(ui.FormProps{ID: "read-otherwise", Action: importAddress(ctx, i) + "/tables", Submit: i18n.T(ctx, "import.read_again"), SubmitKind: ui.Quiet, Hidden: hidden}), formFields(fields))))
	}
	return templ.Join(parts...)
}

// readOtherwise asks how a file is to be read where what was found out is wrong:
// the characters and cells of a text file, and the row that names the columns of
// a table. In other formats there is nothing to ask.
func readOtherwise(ctx context.Context, i imports.Import) []ui.FieldProps {
	var fields []ui.FieldProps
	if i.File.Encoding != "" {
		fields = append(fields,
			ui.FieldProps{Kind: ui.Select, Name: "encoding", Label: i18n.T(ctx, "import.encoding"), Blank: i18n.T(ctx, "import.find_out"), Value: i.Plan.Encoding, Options: []ui.Option{{Value: "utf-8", Label: "UTF-8"}, {Value: "windows-1252", Label: "Windows-1252"}, {Value: "macintosh", Label: "Mac Roman"}, {Value: "utf-16le", Label: "UTF-16 LE"}, {Value: "utf-16be", Label: "UTF-16 BE"}}},
			ui.FieldProps{Kind: ui.Select, Name: "delimiter", Label: i18n.T(ctx, "import.delimiter"), Blank: i18n.T(ctx, "import.find_out"), Value: i.Plan.Delimiter, Options: options(ctx, "import.delimiter_", []string{"comma", "semicolon", "tab", "pipe", "colon"})})
	}
	if !slices.Contains([]string{"csv", "tsv", "xlsx", "ods", "zip"}, i.File.Format) || len(i.Plan.Tables) == 0 || i.Plan.Tables[0] >= len(i.File.Tables) {
		return fields
	}
	row, rows := i.Plan.HeaderRow, i.Plan.HeaderRows
	if row == 0 {
		row, rows = i.File.Tables[i.Plan.Tables[0]].HeaderRow, i.File.Tables[i.Plan.Tables[0]].HeaderRows
	}
	asked := ui.FieldProps{Kind: ui.Number, Name: "header_row", Label: i18n.T(ctx, "import.header_row"), Help: i18n.T(ctx, "import.header_row_help"), Min: "1", Size: "short"}
	if row > 0 {
		asked.Value = strconv.FormatInt(row, 10)
	}
	return append(fields, asked,
		ui.FieldProps{Kind: ui.Select, Name: "header_rows", Label: i18n.T(ctx, "import.header_rows"), Value: strconv.Itoa(rows), Options: options(ctx, "import.header_rows_", []string{"1", "2", "0"})})
}

// intoField asks which field a column goes into.
func (s *Server) intoField(ctx context.Context, n int, c imports.Column, into string, list imports.FieldList) ui.FieldProps {
	f := ui.FieldProps{Kind: ui.Select, Name: "field_" + strconv.Itoa(n), Label: i18n.T(ctx, "import.goes_into_of", i18n.Args{"Column": c.Name}), HideLabel: true, Value: into, Blank: i18n.T(ctx, "import.leave_out")}
	for _, field := range list.Items {
		f.Options = append(f.Options, ui.Option{Value: field.ID, Label: fieldLabel(ctx, field)})
	}
	if list.New {
		f.Options = append(f.Options, ui.Option{Value: imports.NewField + c.Name, Label: i18n.T(ctx, "import.new_field", i18n.Args{"Column": c.Name})})
	}
	return f
}

// fieldLabel is a field's name in the reader's language.
func fieldLabel(ctx context.Context, f imports.Field) string {
	if f.Own {
		return f.Label
	}
	return i18n.T(ctx, f.Label)
}

// mendField tells what a spreadsheet did to a column and offers the rules that
// mend it, of which one is chosen for every row.
func (s *Server) mendField(ctx context.Context, n int, c imports.Column, chosen string) templ.Component {
	if len(c.Findings) == 0 {
		return muted("–")
	}
	f := ui.FieldProps{Kind: ui.Select, Name: "rule_" + strconv.Itoa(n), Label: i18n.T(ctx, "import.mend_of", i18n.Args{"Column": c.Name}), HideLabel: true, Value: chosen, Blank: i18n.T(ctx, "import.leave_as_is")}
	var told []string
	for _, d := range c.Findings {
		told = append(told, i18n.T(ctx, "import.damage_"+d.Kind, i18n.Args{"Count": d.Count, "Examples": strings.Join(d.Examples, ", ")}))
		for _, rule := range d.Rules {
			name, _, _ := strings.Cut(rule, ":")
			_, argument, _ := strings.Cut(rule, ":")
			option := ui.Option{Value: rule, Label: i18n.T(ctx, "import.rule_"+name, i18n.Args{"Width": argument})}
			if !slices.ContainsFunc(f.Options, func(o ui.Option) bool { return o.Value == rule }) {
				f.Options = append(f.Options, option)
			}
		}
	}
	if len(f.Options) == 0 {
		return reasonList(told)
	}
	return templ.Join(reasonList(told), ui.Field(f))
}

// fixedFields are values every row may get, for fields a file seldom has.
func (s *Server) fixedFields(ctx context.Context, list imports.FieldList, given map[string]string) []ui.FieldProps {
	var out []ui.FieldProps
	for _, f := range list.Items {
		if !f.Fixable {
			continue
		}
		p := ui.FieldProps{Name: "fixed_" + f.ID, Label: fieldLabel(ctx, f), Value: given[f.ID], Autocomplete: "off"}
		if f.Type == imports.DateType {
			p.Kind = ui.Date
		}
		out = append(out, p)
	}
	return out
}

// importMap is POST …/imports/{id}/mapping.
func (s *Server) importMap(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := s.theImport(r)
	if err != nil {
		return err
	}
	in := mapInput(i, r.PostForm, formVersion(r))
	after, err := imports.Map.Do(ctx, s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		i.Kind, i.Plan.Fields, i.Plan.Rules, i.Plan.Fixed, i.Plan.Clear, i.Plan.Mapping = in.Kind, in.Fields, in.Rules, in.Fixed, in.Clear, in.Mapping
		return s.importShow(w, r, http.StatusUnprocessableEntity, i, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, importAddress(ctx, after), http.StatusSeeOther) // #nosec G710 -- an address of ours
	return nil
}

// mapInput reads the form.
func mapInput(i imports.Import, v url.Values, version int64) imports.MapInput {
	in := imports.MapInput{ID: i.ID, Version: version, Kind: v.Get("kind"), Fields: make([]string, len(i.File.Columns)), Rules: map[string]string{}, Fixed: map[string]string{},
		Clear: v.Get("clear") == "true", Mapping: v.Get("mapping")}
	for n := range in.Fields {
		in.Fields[n] = v.Get("field_" + strconv.Itoa(n))
		if rule := v.Get("rule_" + strconv.Itoa(n)); rule != "" {
			in.Rules[strconv.Itoa(n)] = rule
		}
	}
	for name, values := range v {
		if field, ok := strings.CutPrefix(name, "fixed_"); ok && values[0] != "" {
			in.Fixed[field] = values[0]
		}
	}
	return in
}
