package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/web/ui"
)

// changeLine is a field before and after, in words.
type changeLine struct{ Label, Old, New string }

// previewPage is how many records a page of the preview shows.
const previewPage = 25

// importPreview shows what would happen: what is created, changed, left as it is,
// in doubt or bad, each with a page of its own.
func (s *Server) importPreview(r *http.Request, i imports.Import) ([]templ.Component, error) {
	ctx := r.Context()
	look := r.URL.Query().Get("show")
	if look == "" {
		look = firstLook(i)
	}
	var tabs []ui.Link
	for _, action := range []string{imports.Doubt, imports.Bad, imports.Create, imports.Update, imports.Unchanged, imports.Skip, imports.Same} {
		n := i.Counts.Actions[action]
		if action == imports.Doubt {
			n = i.Counts.Doubts
		}
		if n > 0 || action == look {
			tabs = append(tabs, ui.Link{Label: i18n.T(ctx, "import.action_"+action) + " " + i18n.Number(ctx, n), Href: importAddress(ctx, i) + "?show=" + action, Current: action == look})
		}
	}
	parts := []templ.Component{s.importSummary(ctx, i), ui.Tabs(ui.TabsProps{Label: i18n.T(ctx, "import.records"), Links: tabs})}
	var err error
	var list []templ.Component
	switch look {
	case imports.Bad:
		list, err = s.importBadRows(r, i)
	case imports.Doubt:
		list, err = s.importDoubts(r, i)
	default:
		list, err = s.importRecords(r, i, look)
	}
	return append(parts, list...), err
}

// firstLook is what wants somebody's eye most.
func firstLook(i imports.Import) string {
	switch {
	case i.Counts.Doubts > 0:
		return imports.Doubt
	case i.Counts.BadRows > 0:
		return imports.Bad
	case i.Counts.Actions[imports.Update] > 0:
		return imports.Update
	case i.Counts.Actions[imports.Create] > 0:
		return imports.Create
	}
	return imports.Unchanged
}

// importSummary says in a sentence what would happen, and starts it.
func (s *Server) importSummary(ctx context.Context, i imports.Import) templ.Component {
	counts := i.Counts
	facts := []ui.Fact{{Label: i18n.T(ctx, "import.rows"), Value: i18n.Number(ctx, counts.Rows)},
		{Label: i18n.T(ctx, "import.action_create"), Value: i18n.Number(ctx, counts.Actions[imports.Create])},
		{Label: i18n.T(ctx, "import.action_update"), Value: i18n.Number(ctx, counts.Actions[imports.Update])},
		{Label: i18n.T(ctx, "import.action_unchanged"), Value: i18n.Number(ctx, counts.Actions[imports.Unchanged])}}
	for _, kind := range imports.Kinds() {
		if n := counts.Beside[kind]; n > 0 {
			facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.beside_"+kind), Value: i18n.Number(ctx, n)})
		}
	}
	if counts.Doubts > 0 {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.action_doubt"), Value: i18n.Number(ctx, counts.Doubts), Note: i18n.T(ctx, "import.doubts_note")})
	}
	if counts.BadRows > 0 {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.bad_rows"), Value: i18n.Number(ctx, counts.BadRows), Note: i18n.T(ctx, "import.bad_note")})
	}
	if left := leftOut(i); len(left) > 0 {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.left_out"), Value: shortList(left, 12)})
	}
	facts = append(facts, s.spareFacts(ctx, i)...)
	panel := ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "import.would_happen"), Facts: facts})
	if waits(i.Kind) {
		return templ.Join(panel, ui.Notice(ui.NoticeProps{Kind: ui.Due, Title: i18n.T(ctx, "import.waits_title"), Text: i18n.T(ctx, "import.waits_text")}), s.blankCells(ctx, i))
	}
	writes := counts.Actions[imports.Create] + counts.Actions[imports.Update]
	if writes == 0 {
		return templ.Join(panel, muted(i18n.T(ctx, "import.nothing_to_write")))
	}
	return templ.Join(panel, with(ui.Form(ui.FormProps{Action: importAddress(ctx, i) + "/start", Submit: i18n.T(ctx, "import.start", i18n.Args{"Count": writes}), Hidden: versionField(i.Version)}), muted(i18n.T(ctx, "import.start_help"))))
}

// spareFacts tells of values that a record has no room for beside its first, such
// as a second telephone.
func (s *Server) spareFacts(ctx context.Context, i imports.Import) []ui.Fact {
	labels, err := s.importLabels(ctx, i.Kind)
	if err != nil || len(i.Counts.Spare) == 0 {
		return nil
	}
	var told []string
	for _, field := range slices.Sorted(maps.Keys(i.Counts.Spare)) {
		told = append(told, labelled(labels, field)+" "+i18n.Number(ctx, i.Counts.Spare[field]))
	}
	return []ui.Fact{{Label: i18n.T(ctx, "import.spare"), Value: shortList(told, 12), Note: i18n.T(ctx, "import.spare_note")}}
}

// leftOut are the columns that hold something and go nowhere, so that none is
// dropped in silence.
func leftOut(i imports.Import) []string {
	var out []string
	for n, c := range i.File.Columns {
		if c.Filled > 0 && n < len(i.Plan.Fields) && i.Plan.Fields[n] == "" {
			out = append(out, c.Name)
		}
	}
	return out
}

func waits(kind string) bool { return kind == "figures" }

// blankCells names the columns that are blank in some rows: in figures a blank is
// no zero, and often means that a small group was hidden.
func (s *Server) blankCells(ctx context.Context, i imports.Import) templ.Component {
	table := ui.TableProps{Caption: i18n.T(ctx, "import.blank_cells"), ShowCaption: true, Columns: []ui.Column{{Label: i18n.T(ctx, "import.column")}, {Label: i18n.T(ctx, "import.blank"), Numeric: true}}}
	for _, c := range i.File.Columns {
		if blank := i.File.Rows - c.Filled; blank > 0 {
			table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: c.Name}, {Text: i18n.Number(ctx, blank)}}})
		}
	}
	if len(table.Rows) == 0 {
		return templ.NopComponent
	}
	return ui.Table(table)
}

// labels are the names of a kind's fields, by id.
func (s *Server) importLabels(ctx context.Context, kind string) (map[string]string, error) {
	list, err := imports.ListFieldsOf.Do(ctx, s.app.Door, imports.FieldsInput{Kind: kind})
	out := map[string]string{}
	for _, f := range list.Items {
		out[f.ID] = fieldLabel(ctx, f)
	}
	return out, err
}

func labelled(labels map[string]string, field string) string {
	if label := labels[field]; label != "" {
		return label
	}
	return strings.TrimPrefix(field, imports.NewField)
}

// importRecords is a page of the records to which one thing happens.
func (s *Server) importRecords(r *http.Request, i imports.Import, action string) ([]templ.Component, error) {
	ctx, q := r.Context(), r.URL.Query()
	page, err := imports.ListRecords.Do(ctx, s.app.Door, imports.ListRecordsInput{ID: i.ID, Action: action, After: q.Get("after"), Before: q.Get("before"), Limit: previewPage})
	if err != nil {
		return nil, err
	}
	labels, err := s.importLabels(ctx, i.Kind)
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return []templ.Component{muted(i18n.T(ctx, "import.none_here"))}, nil
	}
	told := "import.file_says"
	if action == imports.Update {
		told = "import.changes"
	}
	table := ui.TableProps{Caption: i18n.T(ctx, "import.action_"+action), Columns: []ui.Column{{Label: i18n.T(ctx, "import.record")}, {Label: i18n.T(ctx, told)}, {Label: i18n.T(ctx, "import.matched_by")}, {Label: i18n.T(ctx, "import.line"), Numeric: true}}}
	for _, p := range page.Items {
		name := ui.Cell{Text: p.Title}
		if !p.Target.IsZero() {
			name.Href = recordAddress(ctx, p.Kind, p.Target)
		}
		var list []changeLine
		for _, c := range p.Changes {
			list = append(list, changeLine{labelled(labels, c.Field), worded(ctx, c.Field, c.Old), worded(ctx, c.Field, c.New)})
		}
		if action != imports.Update {
			list = nil
			for _, g := range p.Given {
				list = append(list, changeLine{labelled(labels, g.Field), "", worded(ctx, g.Field, g.Value)})
			}
		}
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{name, {Content: importChanges(list)}, {Text: matchedBy(ctx, p)}, {Text: i18n.Number(ctx, p.Line)}}})
	}
	return []templ.Component{ui.Table(table), pagerOf(r, page.Next, page.Previous)}, nil
}

// worded is a value as it is shown: on one line, codes in words.
func worded(ctx context.Context, field, value string) string {
	families := map[string]string{"sector": "sectors.", "status": "statuses.", "channel": "channels.", "state": "body_states.", "role": "seat_roles.", "decision_method": "decision_methods.", "cadence": "cadences.", "language": "languages."}
	yes := []string{"no_mailings", "represents", "voting", "funder", "host", "lead_organization", "fiscal_sponsor"}
	switch {
	case value == "":
		return ""
	case slices.Contains(yes, field):
		return yesNo(ctx, value == "yes")
	case families[field] != "":
		if word := i18n.T(ctx, families[field]+value); word != families[field]+value {
			return word
		}
	}
	return strings.ReplaceAll(value, "\n", " · ")
}

// matchedBy is why a record of the file was taken for one that is there.
func matchedBy(ctx context.Context, p imports.PlannedRecord) string {
	if p.Match == nil || p.Match.Rule == "" {
		return ""
	}
	return i18n.T(ctx, "import.rule_by_"+p.Match.Rule, i18n.Args{"Score": strconv.Itoa(int(p.Match.Score / 10))})
}

// recordAddress is where a record of a kind stands.
func recordAddress(ctx context.Context, kind string, i imports.TargetID) string {
	if kind == "field" {
		return place(ctx, "settings/fields/"+i.Short())
	}
	return place(ctx, kind+"/"+i.Short())
}

// importDoubts asks who the doubtful records are, many on one page with one
// button, since most people know most of the answers at a glance.
func (s *Server) importDoubts(r *http.Request, i imports.Import) ([]templ.Component, error) {
	ctx, q := r.Context(), r.URL.Query()
	page, err := imports.ListRecords.Do(ctx, s.app.Door, imports.ListRecordsInput{ID: i.ID, Action: imports.Doubt, After: q.Get("after"), Before: q.Get("before"), Limit: previewPage})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return []templ.Component{muted(i18n.T(ctx, "import.none_here"))}, nil
	}
	form := ui.FormProps{ID: "doubts", Action: importAddress(ctx, i) + "/decisions", Submit: i18n.T(ctx, "import.decide"), Full: true}
	fields := []templ.Component{muted(i18n.T(ctx, "import.doubts_help"))}
	for _, p := range page.Items {
		f := ui.FieldProps{Kind: ui.Radios, Name: "is_" + strconv.FormatInt(p.Number, 10), Label: i18n.T(ctx, "import.who_is", i18n.Args{"Name": p.Title, "Line": int(p.Line)}), Help: givenLine(p)}
		for _, c := range p.Match.Candidates {
			o := ui.Option{Value: "target:" + c.Target.String(), Label: i18n.T(ctx, "import.same_as", i18n.Args{"Name": joined(c.Title, c.Detail)})}
			if c.Record > 0 {
				o.Value, o.Label = "like:"+strconv.FormatInt(c.Record, 10), i18n.T(ctx, "import.same_as_in_file", i18n.Args{"Name": joined(c.Title, c.Detail)})
			}
			var reasons []directory.AlikeReason
			for _, reason := range c.Reasons {
				reasons = append(reasons, directory.AlikeReason{Code: reason.Code, Args: reason.Args})
			}
			o.Help = strings.Join(reasonTexts(ctx, reasons), " · ")
			f.Options = append(f.Options, o)
		}
		f.Options = append(f.Options, ui.Option{Value: "new", Label: i18n.T(ctx, "import.is_new")}, ui.Option{Value: "skip", Label: i18n.T(ctx, "import.leave_out_record")})
		fields = append(fields, ui.Field(f))
	}
	form.Extra = []ui.SubmitButton{{Label: i18n.T(ctx, "import.first_everywhere"), Name: "all", Value: "first"}}
	for _, p := range page.Items {
		if len(p.Match.Candidates) > 0 {
			first := "target:" + p.Match.Candidates[0].Target.String()
			if p.Match.Candidates[0].Record > 0 {
				first = "like:" + strconv.FormatInt(p.Match.Candidates[0].Record, 10)
			}
			form.Hidden = append(form.Hidden, ui.Hidden{Name: "first_" + strconv.FormatInt(p.Number, 10), Value: first})
		}
	}
	return []templ.Component{with(ui.Form(form), fields...), pagerOf(r, page.Next, page.Previous)}, nil
}

func joined(name, detail string) string {
	if detail == "" {
		return name
	}
	return name + " · " + detail
}

// givenLine is what the file says of a record, on one line.
func givenLine(p imports.PlannedRecord) string {
	var out []string
	for _, g := range p.Given {
		if !slices.Contains([]string{"given_name", "family_name", "name"}, g.Field) {
			out = append(out, strings.ReplaceAll(g.Value, "\n", " · "))
		}
	}
	return shortList(out, 5)
}

// importDecide is POST …/imports/{id}/decisions.
func (s *Server) importDecide(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	at, err := s.theImport(r)
	if err != nil {
		return err
	}
	i := at.ID
	in := imports.DecideInput{ID: i, Items: decisions(r.PostForm)}
	if len(in.Items) == 0 {
		http.Redirect(w, r, place(ctx, "imports/"+i.Short()), http.StatusSeeOther) // #nosec G710 -- an address of ours
		return nil
	}
	after, err := imports.Decide.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	http.Redirect(w, r, importAddress(ctx, after), http.StatusSeeOther) // #nosec G710 -- an address of ours
	return nil
}

// decisions reads the form. With the button for all, what was not answered by
// hand takes the first that was offered.
func decisions(v url.Values) []imports.Decision {
	answers := map[string]string{}
	for name, values := range v {
		if number, ok := strings.CutPrefix(name, "first_"); ok && v.Get("all") == "first" && answers[number] == "" {
			answers[number] = values[0]
		}
		if number, ok := strings.CutPrefix(name, "is_"); ok && values[0] != "" {
			answers[number] = values[0]
		}
	}
	var out []imports.Decision
	for number, answer := range answers {
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			continue
		}
		is, which, _ := strings.Cut(answer, ":")
		d := imports.Decision{Record: n, Is: is}
		if target, err := id.Parse[struct{}](which); err == nil {
			d.Target = imports.TargetID(target)
		}
		d.Like, _ = strconv.ParseInt(which, 10, 64) // 0 is refused where it matters
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b imports.Decision) int { return int(a.Record - b.Record) })
	return out
}

// importBadRows is a page of rows with cells that cannot be taken, each with the
// reason and a field to mend it in.
func (s *Server) importBadRows(r *http.Request, i imports.Import) ([]templ.Component, error) {
	ctx, q := r.Context(), r.URL.Query()
	page, err := imports.ListRows.Do(ctx, s.app.Door, imports.ListRowsInput{ID: i.ID, Bad: true, After: q.Get("after"), Before: q.Get("before"), Limit: previewPage})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return []templ.Component{muted(i18n.T(ctx, "import.none_here"))}, nil
	}
	labels, err := s.importLabels(ctx, i.Kind)
	if err != nil {
		return nil, err
	}
	form := ui.FormProps{ID: "bad-cells", Action: importAddress(ctx, i) + "/fixes", Submit: i18n.T(ctx, "import.fix"), Full: true}
	fields := []templ.Component{muted(i18n.T(ctx, "import.fix_help"))}
	for _, row := range page.Items {
		var inputs []templ.Component
		for _, fault := range row.Faults {
			text := i18n.T(ctx, fault.Key, i18n.Args(fault.Args))
			if fault.Column < 0 || fault.Column >= len(i.File.Columns) {
				inputs = append(inputs, muted(labelled(labels, fault.Field)+": "+text))
				continue
			}
			column := strconv.Itoa(fault.Column)
			value := ""
			if fault.Column < len(row.Cells) {
				value = row.Cells[fault.Column]
			}
			if fix, ok := row.Fixes[column]; ok {
				value = fix
			}
			name := strconv.FormatInt(row.Key, 10) + "_" + column
			inputs = append(inputs, ui.Field(ui.FieldProps{Name: "cell_" + name, Label: i.File.Columns[fault.Column].Name, Value: value, Error: text, Autocomplete: "off"}),
				ui.Field(ui.FieldProps{Kind: ui.Checkbox, Name: "everywhere_" + name, Label: i18n.T(ctx, "import.everywhere")}))
		}
		legend := i18n.T(ctx, "import.line_of", i18n.Args{"Line": int(row.Line)})
		fields = append(fields, with(ui.FieldSet(ui.FieldSetProps{Legend: legend, Help: shortList(slices.DeleteFunc(slices.Clone(row.Cells), func(c string) bool { return c == "" }), 6), Columns: true}), inputs...))
		for column, cell := range row.Cells {
			if slices.ContainsFunc(row.Faults, func(f imports.Fault) bool { return f.Column == column }) {
				form.Hidden = append(form.Hidden, ui.Hidden{Name: "was_" + strconv.FormatInt(row.Key, 10) + "_" + strconv.Itoa(column), Value: cell})
			}
		}
	}
	return []templ.Component{with(ui.Form(form), fields...), pagerOf(r, page.Next, page.Previous)}, nil
}

// importFix is POST …/imports/{id}/fixes.
func (s *Server) importFix(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	at, err := s.theImport(r)
	if err != nil {
		return err
	}
	i := at.ID
	in := imports.FixInput{ID: i}
	for name, values := range r.PostForm {
		at, ok := strings.CutPrefix(name, "cell_")
		if !ok || values[0] == r.PostForm.Get("was_"+at) {
			continue
		}
		line, column, _ := strings.Cut(at, "_")
		n, err := strconv.ParseInt(line, 10, 64)
		k, bad := strconv.Atoi(column)
		if err != nil || bad != nil {
			continue
		}
		in.Items = append(in.Items, imports.Cell{Line: n, Column: k, Value: values[0], Everywhere: r.PostForm.Get("everywhere_"+at) == "true"})
	}
	address := place(ctx, "imports/"+i.Short())
	if len(in.Items) > 0 {
		var fixed imports.Import
		if fixed, err = imports.Fix.Do(ctx, s.app.Door, in); err != nil {
			return err
		}
		address = importAddress(ctx, fixed)
	}
	http.Redirect(w, r, address, http.StatusSeeOther) // #nosec G710 -- an address of ours
	return nil
}
