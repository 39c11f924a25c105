package takeout

import (
	"context"
	"strings"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// readme says what is what, in the collaborative's language. It tells neither when
// nor by whom the archive was made, so that two of the same data are the same.
func readme(c operation.Collaborative, contents archive.Contents, private bool) string {
	ctx := i18n.With(context.Background(), c.Language)
	var b strings.Builder
	paragraph := func(key string, args ...i18n.Args) {
		b.WriteString(i18n.T(ctx, key, args...))
		b.WriteString("\n\n")
	}
	paragraph("takeout.readme_title", i18n.Args{"Name": c.Name})
	paragraph("takeout.readme_what")
	paragraph("takeout.readme_folders")
	for _, e := range contents.Entities {
		if e.History && !contents.History {
			continue
		}
		b.WriteString("- " + e.Name + ": " + i18n.T(ctx, "takeout.about_"+e.Name) + "\n")
	}
	b.WriteString("\n")
	paragraph("takeout.readme_form")
	if private {
		paragraph("takeout.readme_private")
	} else {
		paragraph("takeout.readme_not_private")
	}
	if contents.History {
		paragraph("takeout.readme_history")
	} else {
		paragraph("takeout.readme_no_history")
	}
	paragraph("takeout.readme_left_out")
	paragraph("takeout.readme_load")
	return strings.TrimSuffix(b.String(), "\n")
}
