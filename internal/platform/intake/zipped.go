package intake

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
)

// openZIP opens an archive of text files: each is a table, or as many as it would be by itself. Entries of
// other kinds are left out and named in a note.
func (f *File) openZIP(ctx context.Context, b *blocks, a *archive, o Options) error {
	f.Sure = true
	for _, file := range a.files {
		name := (&pass{}).cell(file.Name, 0)
		head, err := a.start(ctx, file, 4096)
		if err != nil {
			return err
		}
		switch kind := sniff(head); {
		case kind == kindZIP, kind == "intake.other_archive":
			return refuse("intake.nested", map[string]any{"Name": name})
		case len(head) == 0:
			continue
		case kind != "":
			f.note("intake.entry_left_out", map[string]any{"Name": name})
			continue
		}
		var inside File
		raw := func(ctx context.Context) (io.ReadCloser, error) { return a.reader(ctx, file) }
		err = inside.openText(ctx, raw, strings.TrimSuffix(name, path.Ext(name)), b.blame, o)
		if refusal := (*Refusal)(nil); errors.As(err, &refusal) && leftOut[refusal.Key] {
			f.note("intake.entry_left_out", map[string]any{"Name": name})
			continue
		}
		if err != nil {
			return err
		}
		if f.Encoding == "" || !inside.Sure {
			f.Encoding = inside.Encoding
		}
		f.Sure = f.Sure && inside.Sure
		f.Tables = append(f.Tables, inside.Tables...)
		f.Notes = append(f.Notes, inside.Notes...)
		if int64(len(f.Tables)) > o.Limits.Tables {
			return tooManyTables(o.Limits.Tables)
		}
	}
	f.Format = ZIP
	if len(f.Tables) == 0 {
		return refuse("intake.nothing_inside", nil)
	}
	return nil
}

// leftOut are the refusals that concern an entry and not the archive.
var leftOut = map[string]bool{"intake.unknown": true, "intake.web_page": true, "intake.empty": true, "intake.no_records": true}
