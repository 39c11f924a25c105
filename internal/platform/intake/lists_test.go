package intake

import (
	"strings"
	"testing"
)

// everything is a file in one line: each table with its name.
func everything(t fatal, f *File) string {
	t.Helper()
	var all []string
	for _, table := range f.Tables {
		all = append(all, table.Name+": "+told(t, table))
	}
	return strings.Join(all, "; ")
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want, notes string }{
		{"a list of records", `[{"a":1,"b":"x"},{"b":"y","c":true},{"a":null}]`, ": a|b|c / 1|x| / |y|true", ""},
		{"objects inside", `[{"name":{"first":"Ann","last":"Lee"},"tags":["x","y",3],"at":[{"k":1},2]}]`, `: name.first|name.last|tags|at / Ann|Lee|x | y | 3|[{"k":1},2]`, ""},
		{"numbers in full", `[{"n":1.5e-7},{"n":12345678901234567890},{"n":1e3}]`, ": n / 0.00000015 / 12345678901234567890 / 1000", ""},
		{"lists in an object", `{"version":1,"people":[{"n":"Ann"}],"empty":[],"plain":[1],"data":{"orgs":[{"o":"X"}]}}`, "people: n / Ann; data.orgs: o / X", ""},
		{"one record", ` {"name":"Ann","tags":["x","y"],"address":{"city":"Paris"}} `, ": name|tags|address.city / Ann|x | y|Paris", ""},
		{"a record on every line", "{\"a\":1}\n{\"a\":2,\"b\":[{\"c\":1}]}\n", `: a|b / 1| / 2|[{"c":1}]`, ""},
		{"a byte order mark", "\ufeff[{\"a\":1}]", ": a / 1", ""},
		{"rows as lists", `[["Name","n"],["Ann",1],["Bob",2]]`, ": Name|n / Ann|1 / Bob|2", ""},
		{"something else among records", `[{"a":1},5,{"a":2}]`, ": a / 1 / 2", "other_record 1@2"},
		{"a blueprint of Kumu", `{"elements":[{"id":"e1","label":"Ann","type":"Person","tags":["x","y"]}],"connections":[{"id":"c1","from":"e1","to":"e2","type":"","direction":"mutual"}]}`,
			"elements: id|label|type|tags / e1|Ann|Person|x | y; connections: id|from|to|type|direction / c1|e1|e2||mutual", ""},
		{"a full export of Kumu", `{"name":"Map","defaultMap":"m1","attributes":[],"elements":[{"_id":"e1","attributes":{"label":"Ann","tags":["x"]}}],"connections":[{"_id":"c1","direction":"directed","delayed":false,"reversed":false,"attributes":{},"from":"e1","to":"e2"}],"loops":[],"perspectives":[]}`,
			"elements: _id|attributes.label|attributes.tags / e1|Ann|x; connections: _id|direction|delayed|reversed|from|to / c1|directed|false|false|e1|e2", ""},
	} {
		f := opened(t, []byte(c.in), Options{Name: "a.json"})
		got := everything(t, f)
		if got != c.want || keys(f.Tables[0].Notes()) != c.notes || f.Format != JSON || len(f.Notes) > 0 {
			t.Errorf("%s: %q %s, want %q %s", c.name, got, keys(f.Tables[0].Notes()), c.want, c.notes)
		}
	}
}

func TestCards(t *testing.T) {
	for _, c := range []struct{ name, in, want, notes string }{
		{"3.0", "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;Q.;Dr.;Jr.\r\nFN:Ann Lee\r\nORG:Riverbend\\, Inc.;Health\r\nTITLE:Director\r\nEMAIL;TYPE=INTERNET,WORK:ann@x.org\r\nitem1.EMAIL;TYPE=home:ann@home.org\r\nTEL;TYPE=CELL,VOICE:555\r\nADR;TYPE=WORK:;Suite 5;1 Main St;Riverbend;MN;55401;USA\r\nNOTE:line\\none\\; two\r\nCATEGORIES:Board,Health\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\nUID:u1\r\nX-THING:kept\r\nEND:VCARD\r\n",
			": Full Name|Prefix|First Name|Middle Name|Last Name|Suffix|Organization|Department|Title|Email|Email Type|Email 2|Email Type 2|Phone|Phone Type|Street|City|Region|Postal Code|Country|Address Type|Note|Categories|UID|X-THING / Ann Lee|Dr.|Ann|Q.|Lee|Jr.|Riverbend, Inc.|Health|Director|ann@x.org|work|ann@home.org|home|555|cell|1 Main St, Suite 5|Riverbend|MN|55401|USA|work|line\none; two|Board | Health|u1|kept", ""},
		{"2.1 in quoted-printable", "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Garc=EDa;Jos=E9\nNOTE;ENCODING=QUOTED-PRINTABLE:one =\ntwo=0Athree\nTEL;HOME;VOICE:1\nEND:VCARD\n", ": First Name|Last Name|Phone|Phone Type|Note / José|García|1|home|one two\nthree", ""},
		{"4.0", "BEGIN:VCARD\nVERSION:4.0\nFN:Zoë\nTEL;VALUE=uri;TYPE=\"voice,home\":tel:+1-555\nEMAIL:mailto:z@x.org\nBDAY:19850412\nURL:https://x.org/a:b\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nFN:Bob\n  by\nEND:VCARD\n", ": Full Name|Email|Phone|Phone Type|Website|Birthday / Zoë|z@x.org|+1-555|home|https://x.org/a:b|19850412 / Bob by|||||", ""},
		{"an end is missing", "BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\nBEGIN:VCARD\nFN:Cy\n", ": Full Name / Ann / Bob / Cy", "card_open 2@1"},
		{"somebody within", "BEGIN:VCARD\nFN:Ann\nAGENT:\nBEGIN:VCARD\nFN:Inner\nEND:VCARD\nTITLE:Chair\nEND:VCARD\n", ": Full Name|Title / Ann|Chair", ""},
	} {
		f := opened(t, []byte(c.in), Options{Name: "a.vcf"})
		if got := everything(t, f); got != c.want || keys(f.Tables[0].Notes()) != c.notes || f.Format != VCard {
			t.Errorf("%s: %q %s\nwant %q %s", c.name, got, keys(f.Tables[0].Notes()), c.want, c.notes)
		}
	}
}

func TestZIP(t *testing.T) {
	data := packed(t, "audience/subscribed_members_1.csv", "Email Address,First Name\na@x.org,Ann\n", "audience/cleaned.csv", "Email Address;First Name\nb@x.org;B\xe9n\xe9\n", "__MACOSX/._x", "x", "audience/", "",
		"logo.png", "\x89PNG\r\n\x1a\n", "empty.csv", "", "map.json", `{"elements":[{"label":"E"}],"connections":[{"from":"E"}]}`, "page.html", "<html></html>", "people.vcf", "BEGIN:VCARD\nFN:Zed\nEND:VCARD\n")
	f := opened(t, data, Options{Name: "a.zip"})
	want := "audience/subscribed_members_1: Email Address|First Name / a@x.org|Ann; audience/cleaned: Email Address|First Name / b@x.org|Béné; map / elements: label / E; map / connections: from / E; people: Full Name / Zed"
	if got := everything(t, f); got != want || f.Format != ZIP || keys(f.Notes) != "entry_left_out, entry_left_out" {
		t.Errorf("%q %s\nwant %q", got, keys(f.Notes), want)
	}
}
