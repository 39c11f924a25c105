package sheets_test

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"commontable/internal/platform/sheets"
)

func TestAttachmentName(t *testing.T) {
	for _, c := range []struct{ name, ext, want string }{
		{"People", "csv", "People.csv"},
		{"Réunion d’équipe", "xlsx", "Réunion d’équipe.xlsx"},
		{"../../etc/passwd", "csv", "etc-passwd.csv"},
		{"a\r\nSet-Cookie: x=1", "csv", "a Set-Cookie- x=1.csv"},
		{`say "hi"`, "csv", "say -hi.csv"},
		{"invoice\u202efdp", "exe.", "invoicefdp.exe"},
		{"", "csv", "export.csv"},
		{"...", "csv", "export.csv"},
		{"CON", "csv", "export-CON.csv"},
		{"nul.txt", "csv", "export-nul.txt.csv"},
		{"100%;x", "", "100--x"},
		{"会議", "csv", "会議.csv"},
	} {
		_, params, err := mime.ParseMediaType(sheets.AttachmentName(c.name, c.ext))
		if err != nil || params["filename"] != c.want {
			t.Errorf("%q: %q, %v; want %q", c.name, params["filename"], err, c.want)
		}
	}
	if got := sheets.AttachmentName("Équipe", "csv"); got != `attachment; filename="equipe.csv"; filename*=UTF-8''%C3%89quipe.csv` {
		t.Errorf("got %s", got)
	}
}

func FuzzAttachmentName(f *testing.F) {
	for _, seed := range []string{"a", "../x", "\r\n\"", "\u202e", strings.Repeat("é", 300), "😀", "a%22b"} {
		f.Add(seed, "csv")
	}
	f.Fuzz(func(t *testing.T, name, ext string) {
		value := sheets.AttachmentName(name, ext)
		for i := range len(value) {
			if value[i] < ' ' || value[i] > '~' {
				t.Fatalf("not plain ASCII: %q", value)
			}
		}
		disposition, params, err := mime.ParseMediaType(value)
		got := params["filename"]
		if err != nil || disposition != "attachment" || len(params) != 1 {
			t.Fatalf("%q: %s %v %v", value, disposition, params, err)
		}
		if got == "" || len(got) > 140 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\"\r\n\x00:\u202e") || strings.HasPrefix(got, ".") {
			t.Fatalf("the name %q is not safe", got)
		}
		if strings.Count(value, `"`) != 2 {
			t.Fatalf("quotes in %q", value)
		}
	})
}
