package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// spareLines is how many empty lines the form of a history has.
const spareLines = 3

// historyFacts are the facts that can be corrected, the status first.
var historyFacts = append([]string{directory.StatusFact}, directory.Parts...)

// organizationHistory is GET …/organizations/{id}/history: the dated history of
// its status or of one part, line by line, to be corrected.
func (s *Server) organizationHistory(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	o, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i})
	if err != nil {
		return err
	}
	fact := r.URL.Query().Get("fact")
	if !slices.Contains(historyFacts, fact) {
		fact = directory.StatusFact
	}
	values := url.Values{"fact": {fact}, "version": {strconv.FormatInt(o.Version, 10)}}
	for _, p := range o.History {
		if p.Fact == fact {
			values.Add("value", p.Value)
			values.Add("valid_from", p.From)
			values.Add("valid_to", p.To)
		}
	}
	return s.organizationHistoryForm(w, r, http.StatusOK, o, values, faults{})
}

func (s *Server) organizationHistoryForm(w http.ResponseWriter, r *http.Request, status int, o directory.Organization, values url.Values, f faults) error {
	ctx := r.Context()
	fact, address := values.Get("fact"), place(ctx, "organizations/"+o.ID.Short())
	props := ui.PageProps{Title: i18n.T(ctx, "organizations.correct_history"), Lede: i18n.T(ctx, "organizations.history_help_"+kindOfFact(fact)),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "organizations.title"), Href: place(ctx, "organizations")}, {Label: o.Name, Href: address}}}
	for _, each := range historyFacts {
		props.Tabs = append(props.Tabs, ui.Link{Label: s.historyFactName(ctx, each), Href: address + "/history?fact=" + each, Current: each == fact})
	}
	form := ui.FormProps{Action: address + "/history", Errors: f.list, Cancel: ui.Link{Href: address}, Full: true,
		Hidden: []ui.Hidden{{Name: "version", Value: values.Get("version")}, {Name: "fact", Value: fact}}}
	table := ui.TableProps{ID: "periods", Caption: s.historyFactName(ctx, fact)}
	names := []string{"valid_from", "valid_to"}
	if fact == directory.StatusFact {
		names = []string{"value", "valid_from"}
	}
	for _, name := range names {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "organizations.period_"+name)})
	}
	for line := range max(len(values["valid_from"]), 1) + spareLines {
		row := ui.TableRow{}
		for _, name := range names {
			field := ui.FieldProps{Kind: ui.Date, Name: name, ID: name + "-" + strconv.Itoa(line), Value: nth(values[name], line), HideLabel: true,
				Label: i18n.T(ctx, "organizations.period_line", i18n.Args{"Field": i18n.T(ctx, "organizations.period_"+name), "Line": strconv.Itoa(line + 1)})}
			if name == "value" {
				field.Kind, field.Blank, field.Options = ui.Select, "–", options(ctx, "statuses.", directory.Statuses)
			}
			row.Cells = append(row.Cells, ui.Cell{Content: ui.Field(field)})
		}
		table.Rows = append(table.Rows, row)
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), ui.Table(table)))
}

// organizationHistorySave is POST …/organizations/{id}/history. Lines without a
// first day are left out.
func (s *Server) organizationHistorySave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[directory.Organization](r)
	if err != nil {
		return err
	}
	in := directory.OrganizationHistory{ID: i, Version: whole(v.Get("version")), Fact: v.Get("fact"), Periods: []directory.Span{}}
	for line, from := range v["valid_from"] {
		if from != "" {
			in.Periods = append(in.Periods, directory.Span{Value: nth(v["value"], line), From: from, To: nth(v["valid_to"], line)})
		}
	}
	slices.SortStableFunc(in.Periods, func(a, b directory.Span) int {
		if a.From < b.From {
			return -1
		}
		return 1
	})
	var receipt operation.Receipt
	_, err = directory.CorrectOrganizationHistory.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		o, err := directory.GetOrganization.Do(ctx, s.app.Door, directory.OrganizationRef{ID: i})
		if err != nil {
			return err
		}
		for n := range f.list {
			f.list[n].Field = "" // the message names the day; the lines were put in order meanwhile
		}
		v.Set("version", strconv.FormatInt(o.Version, 10))
		return s.organizationHistoryForm(w, r, http.StatusUnprocessableEntity, o, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "organizations/"+i.Short()), "organizations.correct-history", receipt)
}

func (s *Server) historyFactName(ctx context.Context, fact string) string {
	if fact == directory.StatusFact {
		return i18n.T(ctx, "organizations.field_status")
	}
	return i18n.T(ctx, "parts."+fact)
}

func kindOfFact(fact string) string {
	if fact == directory.StatusFact {
		return "status"
	}
	return "part"
}

// nth is one of several values of a form's field, or nothing.
func nth(values []string, n int) string {
	if n < len(values) {
		return values[n]
	}
	return ""
}
