package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// told is a table in one line: its header, then its rows.
func told(t fatal, table *Table) string {
	t.Helper()
	out := []string{strings.Join(table.Header, "|")}
	for _, cells := range cellsOf(t, table) {
		out = append(out, strings.Join(cells, "|"))
	}
	return strings.Join(out, " / ")
}

// keys are the keys of notes with their counts.
func keys(notes []Note) string {
	var out []string
	for _, n := range notes {
		key := strings.TrimPrefix(n.Key, "intake.")
		if count, ok := n.Args["Count"]; ok {
			key = fmt.Sprint(key, " ", count, "@", n.Args["Row"])
		}
		out = append(out, key)
	}
	return strings.Join(out, ", ")
}

func TestCSV(t *testing.T) {
	for _, c := range []struct{ name, in, want, notes string }{
		{"commas", "a,b\n1,2\n3,4\n", "a|b / 1|2 / 3|4", ""},
		{"no line end at the end", "a,b\n1,2", "a|b / 1|2", ""},
		{"CRLF", "a,b\r\n1,2\r\n", "a|b / 1|2", ""},
		{"CR", "a,b\r1,2\r3,4", "a|b / 1|2 / 3|4", ""},
		{"semicolons and decimal commas", "a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n", "a|b|c / 1,5|2,5|3,5 / 2,5|3,5|4,5", ""},
		{"tabs", "a\tb\n1, 2\t3\n", "a|b / 1, 2|3", ""},
		{"bars", "a|b\nx, y|z\n", "a|b / x, y|z", ""},
		{"colons", "name:mail\nAnn:a@x.org\nBob:b@x.org\n", "name|mail / Ann|a@x.org / Bob|b@x.org", ""},
		{"times are no columns", "Start\n10:30\n11:00\n", "Start / 10:30 / 11:00", ""},
		{"one column", "Name\nAnn\nBob\n", "Name / Ann / Bob", ""},
		{"text with commas in a file of semicolons", "Name;Note\nAnn;one, two, three\nBob;four\nCy;five, six\n", "Name|Note / Ann|one, two, three / Bob|four / Cy|five, six", ""},
		{"said by Excel", "sep=;\na;b\n1,2;3\n", "a|b / 1,2|3", ""},
		{"said in quotes", "\"sep=|\"\r\na|b\r\n1|2\r\n", "a|b / 1|2", ""},
		{"quoted", `a,b` + "\n" + `"x, ""y""",` + `"line one` + "\r\n" + `line two"` + "\n", "a|b / x, \"y\"|line one\nline two", ""},
		{"spaces around quotes", "a,b\n \"x, y\" , z\n", "a|b / x, y|z", ""},
		{"a stray mark within", "a,b\n5\" pipe,x\n", "a|b / 5\" pipe|x", ""},
		{"marks within marks", "a,b\n\"He said \"hi\" to me\",x\n", "a|b / He said \"hi\" to me|x", ""},
		{"never closed", "a,b\n\"open,x\nc,d\n", "a|b / \"open|x / c|d", ""},
		{"backslashes before marks", "a,b\n\"say \\\"hi\\\", all\",x\n\"\\\"\",y\n", "a|b / say \"hi\", all|x / \"|y", ""},
		{"empty cells", "a,b,c\n,,x\ny,,\n,,\n", "a|b|c / ||x / y||", ""},
		{"blank lines", "\n\na,b\n\n1,2\n \n3,4\n\n", "a|b / 1|2 / 3|4", ""},
		{"short and long rows", "a,b\n1\n1,2,3\n", "a|b|(C) / 1|| / 1|2|3", ""},
		{"titles above", "Members of the table\nAs of May 2026\n\nName,Email,Phone\nAnn,a@x.org,1\nBob,b@x.org,2\n", "Name|Email|Phone / Ann|a@x.org|1 / Bob|b@x.org|2", ""},
		{"names twice or missing", "Name,Email,Email,,Email (2)\nAnn,a,b,c,d\n", "Name|Email|Email (3)|(D)|Email (2) / Ann|a|b|c|d", ""},
		{"no header", "Ann,a@x.org,12\nBob,b@x.org,15\nCy,c@x.org,7\n", "(A)|(B)|(C) / Ann|a@x.org|12 / Bob|b@x.org|15 / Cy|c@x.org|7", ""},
		{"years as heads", "Indicator,2024,2025\nReading,51,54\nMath,40,41\n", "Indicator|2024|2025 / Reading|51|54 / Math|40|41", ""},
		{"two rows of heads", "Contact,,,Answer,\nName,Email,Phone,Yes,No\nAnn,a@x.org,555,1,0\nBob,b@x.org,556,0,1\n", "Contact / Name|Contact / Email|Contact / Phone|Answer / Yes|Answer / No / Ann|a@x.org|555|1|0 / Bob|b@x.org|556|0|1", ""},
		{"a head missing is no second row", "Name,,City\nAnn,Lee,Paris\nBob,Moe,Rome\n", "Name|(B)|City / Ann|Lee|Paris / Bob|Moe|Rome", ""},
		{"an index without a name", ",Name,City\n0,Ann,Paris\n1,Bob,Rome\n", "(A)|Name|City / 0|Ann|Paris / 1|Bob|Rome", ""},
		{"our own export", "a,b\r\n'=1+1,'-5\r\n'tis,x\r\n", "a|b / =1+1|-5 / 'tis|x", ""},
		{"kept from a spreadsheet program", "ZIP,n\r\n=\"00123\",1\r\n\"=\"\"00124\"\"\",2\r\n=\"a\"&\"b\",3\r\n", "ZIP|n / 00123|1 / 00124|2 / =\"a\"&\"b\"|3", ""},
		{"controls and overrides", "a,b\nx\x00y\x07,\u202etxt\n", "a|b / xy|txt", "control_removed 1@2, direction_removed 1@2"},
		{"spaces", "a,b\n  x ,\u00a0y\n", "a|b / x|y", ""},
		{"a list of links is no list of colons", "Site\nhttps://x.org\nhttps://y.org\nhttps://z.org\n", "Site / https://x.org / https://y.org / https://z.org", ""},
	} {
		f := opened(t, []byte(c.in), Options{Name: c.name + ".csv"})
		if got := told(t, f.Tables[0]); got != c.want || keys(f.Tables[0].Notes()) != c.notes || len(f.Notes) > 0 {
			t.Errorf("%s: %q %s %s, want %q %s", c.name, got, keys(f.Tables[0].Notes()), keys(f.Notes), c.want, c.notes)
		}
	}
}

func TestRowsAreNumberedAsPeopleSeeThem(t *testing.T) {
	f := opened(t, []byte("Title\n\nName,Email,Phone\n\nAnn,a@x.org,1\n\"B\nob\",b@x.org,2\nCy,c@x.org,3\n"), Options{})
	table := f.Tables[0]
	if table.HeaderRow != 3 || table.HeaderRows != 1 || table.FirstRow != 4 {
		t.Errorf("header at %d, %d rows, first row %d", table.HeaderRow, table.HeaderRows, table.FirstRow)
	}
	var got []int64
	for row, err := range table.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row.Number)
	}
	if !slices.Equal(got, []int64{5, 6, 7}) {
		t.Errorf("rows %v", got)
	}
}

func TestAPersonMayChooseTheHeader(t *testing.T) {
	const in = "Report,x,y\nName,Email,Phone\nwork,work,home\nAnn,a@x.org,1\nBob,b@x.org,2\n"
	table := opened(t, []byte(in), Options{}).Tables[0]
	for _, c := range []struct {
		first int64
		rows  int
		want  string
	}{
		{2, 1, "Name|Email|Phone / work|work|home / Ann|a@x.org|1 / Bob|b@x.org|2"},
		{2, 2, "Name / work|Email / work|Phone / home / Ann|a@x.org|1 / Bob|b@x.org|2"},
		{4, 0, "(A)|(B)|(C) / Ann|a@x.org|1 / Bob|b@x.org|2"},
		{0, 1, "Report|x|y / Name|Email|Phone / work|work|home / Ann|a@x.org|1 / Bob|b@x.org|2"},
	} {
		chosen, err := table.WithHeader(t.Context(), c.first, c.rows)
		if err != nil {
			t.Fatal(err)
		}
		if got := told(t, chosen); got != c.want {
			t.Errorf("row %d, %d rows: %q, want %q", c.first, c.rows, got, c.want)
		}
	}
	var refusal *Refusal
	if _, err := table.WithHeader(t.Context(), 5, 1); !errors.As(err, &refusal) || refusal.Key != "intake.header_only" {
		t.Errorf("the last row: %v", err)
	}
	list := opened(t, []byte(`[{"a":1}]`), Options{}).Tables[0]
	if same, err := list.WithHeader(t.Context(), 1, 1); err != nil || same != list {
		t.Errorf("a list: %v, %v", same, err)
	}
}

func TestRowsCanBeSkipped(t *testing.T) {
	f := opened(t, []byte("a\n1\n2\n3\n"), Options{})
	for range 2 { // from the start each time
		var got []string
		for row, err := range Skip(f.Tables[0].Rows(t.Context()), 2) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, row.Cells[0])
		}
		if !slices.Equal(got, []string{"3"}) {
			t.Errorf("rows %v", got)
		}
	}
}

const accents = "Prénom;Rôle;Où\nÉloïse;Présidente – “nous”;Québec\nJosé;Señor ¿sí?;España\nZoë;garçon d’honneur;Île\n"

func TestEncodings(t *testing.T) {
	encoded := func(e interface {
		String(string) (string, error)
	}, s string) string {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder(), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()
	want := told(t, opened(t, []byte(accents), Options{}).Tables[0])
	for _, c := range []struct{ name, in, forced string }{
		{"UTF-8", accents, ""},
		{"UTF-8", "\ufeff" + accents, ""},
		{"UTF-16 LE", "\xff\xfe" + encoded(little, accents), ""},
		{"UTF-16 BE", "\xfe\xff" + encoded(big, accents), ""},
		{"UTF-16 LE", encoded(little, accents), ""},
		{"UTF-16 BE", encoded(big, accents), ""},
		{"Windows 1252", encoded(charmap.Windows1252.NewEncoder(), accents), ""},
		{"Mac Roman", encoded(charmap.Macintosh.NewEncoder(), accents), ""},
		{"Mac Roman", encoded(charmap.Macintosh.NewEncoder(), strings.ReplaceAll(accents, "\n", "\r")), ""},
		{"Windows 1252", encoded(charmap.Windows1252.NewEncoder(), accents), "windows-1252"},
		{"Mac Roman", encoded(charmap.Macintosh.NewEncoder(), accents), "macintosh"},
	} {
		f := opened(t, []byte(c.in), Options{Encoding: c.forced})
		if got := told(t, f.Tables[0]); got != want || f.Encoding != c.name || !f.Sure {
			t.Errorf("%s: %s, sure %v: %q", c.name, f.Encoding, f.Sure, got)
		}
	}
	if f := opened(t, []byte("a;b\nJos\xe9;1\n"), Options{}); f.Encoding != "Windows 1252" || f.Sure {
		t.Errorf("a single letter makes it sure: %s", f.Encoding)
	}
	f := opened(t, []byte(encoded(charmap.ISO8859_15.NewEncoder(), "a,b\n5 €,1\n")), Options{Encoding: "iso-8859-15"})
	if got := told(t, f.Tables[0]); got != "a|b / 5 €|1" {
		t.Errorf("forced: %q", got)
	}
	var refusal *Refusal
	if _, err := Open(t.Context(), strings.NewReader("a"), 1, Options{Encoding: "klingon"}); !errors.As(err, &refusal) || refusal.Key != "intake.no_such_encoding" {
		t.Errorf("an unknown encoding: %v", err)
	}
}

func TestMixedEncodings(t *testing.T) {
	for _, c := range []struct{ in, encoding, notes string }{
		{"a,b\nJosé,é\nJos\xe9,x\nÉloïse,ñ\n", "UTF-8", "mixed_encodings 1@3"},
		{"a,b\nJos\xe9,\xe8\xe9\xe0\nJosé,x\n\xc9lo\xefse,x\n", "Windows 1252", "mixed_encodings 1@3"},
	} {
		f := opened(t, []byte(c.in), Options{})
		got := told(t, f.Tables[0])
		if f.Encoding != c.encoding || keys(f.Tables[0].Notes()) != c.notes || strings.ContainsRune(got, '\ufffd') || strings.Count(got, "José") != 2 {
			t.Errorf("%s: %s, %q", f.Encoding, keys(f.Tables[0].Notes()), got)
		}
	}
}
