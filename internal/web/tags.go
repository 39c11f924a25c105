package web

import (
	"context"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// tagWords are the tags in use, to be offered while somebody types.
func (s *Server) tagWords(ctx context.Context, kind string) ([]string, error) {
	list, err := directory.ListTags.Do(ctx, s.app.Door, directory.ListTagsInput{Kind: kind})
	return tagTexts(list), err
}

func tagTexts(list directory.TagList) []string {
	var out []string
	for _, t := range list.Items {
		out = append(out, t.Tag)
	}
	return out
}

// tagField is the field for a record's tags.
func (s *Server) tagField(ctx context.Context, area, kind string) (ui.FieldProps, error) {
	words, err := s.tagWords(ctx, kind)
	return ui.FieldProps{Kind: ui.Tags, Name: "tags", Label: i18n.T(ctx, area+".field_tags"), Help: i18n.T(ctx, "list.help_tags"), Suggest: words,
		VisibleTo: i18n.T(ctx, "visible.backbone"), Autocomplete: "off", MaxLength: 2000}, err
}

// tagFilter narrows a list by a tag.
func (s *Server) tagFilter(ctx context.Context, kind string) (ui.FieldProps, error) {
	words, err := s.tagWords(ctx, kind)
	return ui.FieldProps{Name: "tag", Label: i18n.T(ctx, "list.tag"), Suggest: words, Autocomplete: "off", MaxLength: 60}, err
}

// tagSelection lets a tag be given to the selected records, or taken from them.
func tagSelection(ctx context.Context, sel *ui.Selection, trash bool) {
	if trash {
		return
	}
	sel.Fields = append(sel.Fields, ui.FieldProps{ID: "bulk-tag", Name: "bulk_tag", Label: i18n.T(ctx, "list.tag"), Autocomplete: "off", MaxLength: 60})
	sel.Actions = append([]ui.BulkAction{{Label: i18n.T(ctx, "list.tag_add"), Name: "do", Value: "tag"}, {Label: i18n.T(ctx, "list.tag_remove"), Name: "do", Value: "untag"}}, sel.Actions...)
}

// bulkTags reads what tagSelection asked.
func bulkTags(do, tag string) (add, remove string) {
	switch do {
	case "tag":
		return tag, ""
	case "untag":
		return "", tag
	}
	return "", ""
}

// commas takes words apart that were typed in one line.
func commas(text string) []string {
	out := []string{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}
