package journey_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"commontable/internal/testing/browser"
)

// bringing is what a director does with a list from elsewhere, on a laptop and on
// a phone.
var bringing = []struct {
	title string
	do    func(*visit)
}{
	{"bring a file and say what its columns are", (*visit).bringFile},
	{"mend a cell where it stands", (*visit).mendCell},
	{"say who a doubtful name is", (*visit).decideDoubt},
	{"look at what changes, old and new", (*visit).readChanges},
	{"write it, and see every record it touched", (*visit).writeImport},
	{"bring the same file again: nothing is left to write", (*visit).bringAgain},
	{"take the import back", (*visit).undoImport},
}

func TestBringingAFile(t *testing.T) {
	for name, look := range map[string]browser.Option{"on a laptop": browser.Laptop(), "on a phone": browser.Phone()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := demonstrate(t)
			v := &visit{t: t, house: h, judge: true, touch: name == "on a phone", seen: map[string]bool{}}
			v.director = browser.Open(t).Page(t, look)
			v.enter(v.director, h.links["Backbone director"])
			v.director.Visit(h.base + "/c/tamarack-valley/")
			for _, step := range bringing {
				v.now = step.title
				step.do(v)
				if t.Failed() {
					t.Fatalf("it failed at: %s", step.title)
				}
			}
		})
	}
}

// broughtFile is a list as people keep it: a title above the heads, semicolons, an
// accent in another encoding, an address that is none, one name twice in two
// spellings, once more at another place, somebody who unsubscribed, a column of our own.
const broughtFile = "Contacts of the reading campaign;;;;;\n;;;;;\n" +
	"First name;Last name;E-mail;Organization;Reading group;Status\n" +
	"Beno\xeet;Tremblay-Roy;benoit@lisons.example;Lisons ensemble;North;Subscribed\n" +
	"Odette;Marchand;odette at lisons;Lisons ensemble;South;Unsubscribed\n" +
	"Wendell;Achterberg;wendell@quarry.example;Quarry Street Library;North;Subscribed\n" +
	"Wendel;Achterberg;;Quarry Street Library;North;Subscribed\n" +
	"Odette;Marchand;;Harbor Night School;South;Subscribed\n"

func (v *visit) bringFile() {
	p := v.director
	p.Visit(v.place("people"))
	path := filepath.Join(v.t.TempDir(), "campaign.csv")
	if err := os.WriteFile(path, []byte(broughtFile), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.file = path
	p.Visit(v.place("imports/new"))
	v.see(p, "import-new")
	p.Upload("label=File", path)
	p.Follow("text=Read the file")
	p.WaitText("Check the rows")
	v.reads(p, "Windows 1252", "Benoît", "People")
	v.see(p, "import-mapping")
	v.organization = p.URL() // the import, to come back to
	v.elsewhere(p, v.organization, "import-mapping")
	if got := p.Value("label=Row with the names of the columns"); got != "3" {
		v.t.Errorf("the names are said to stand in row %q", got)
	}
	if got := p.Value("label=E-mail goes into"); got != "email" {
		v.t.Errorf("E-mail goes into %q", got)
	}
	p.Fill("label=Reading group goes into", "new:Reading group")
	p.Follow("text=Check the rows")
	p.WaitText("What would happen")
}

func (v *visit) mendCell() {
	p := v.director
	p.Visit(v.organization + "?show=error")
	v.reads(p, "odette at lisons")
	v.see(p, "import-bad")
	v.elsewhere(p, v.organization+"?show=error", "import-bad")
	p.Fill("label=E-mail", "odette@lisons.example")
	p.Follow("text=Mend and check again")
	p.WaitText("What would happen")
}

func (v *visit) decideDoubt() {
	p := v.director
	p.Visit(v.organization + "?show=doubt")
	v.reads(p, "Who is Odette Marchand? (row 8)")
	v.see(p, "import-doubts")
	v.elsewhere(p, v.organization+"?show=doubt", "import-doubts")
	p.Click("text=The same as Odette Marchand of this file")
	p.Follow("text=Save the answers")
	p.WaitText("What would happen")
}

func (v *visit) readChanges() {
	p := v.director
	p.Visit(v.organization + "?show=create")
	v.reads(p, "Benoît Tremblay-Roy", "Odette Marchand", "Wendell Achterberg", "North")
	v.see(p, "import-preview")
	v.elsewhere(p, v.organization+"?show=create", "import-preview")
	p.Visit(v.organization)
}

// elsewhere looks at a page in the other languages, in which it must fit as well,
// and as it is printed.
func (v *visit) elsewhere(p *browser.Page, address, name string) {
	for _, language := range []string{"fr", "es", "en"} {
		v.speak(p, language)
		p.Visit(address)
		if p.Count("details.more") > 0 {
			p.Click("details.more summary")
		}
		p.Fits()
		if language != "en" {
			p.Screenshot("journey-" + name + "-" + language)
		}
	}
	p.AsPrinted(func() { p.Screenshot("journey-" + name + "-printed") })
}

func (v *visit) writeImport() {
	p := v.director
	p.Follow("text=Write 3 records")
	p.WaitText("What happened")
	v.reads(p, "Every record this import touched", "Lisons ensemble", "Benoît Tremblay-Roy")
	v.see(p, "import-result")
	v.elsewhere(p, v.organization, "import-result")
	v.elsewhere(p, v.place("settings/takeouts"), "takeouts")
	p.Visit(v.place("people?q=Odette+Marchand"))
	p.Follow("tbody th a")
	v.reads(p, "Lisons ensemble", "Reading group", "South", "No mailings")
}

func (v *visit) bringAgain() {
	p := v.director
	mended := strings.Replace(broughtFile, "odette at lisons", "odette@lisons.example", 1)
	if err := os.WriteFile(v.file, []byte(mended), 0o600); err != nil {
		v.t.Fatal(err)
	}
	p.Visit(v.place("imports/new"))
	p.Upload("label=File", v.file)
	p.Follow("text=Read the file")
	p.WaitText("A file with these columns came before")
	p.Follow("text=Check the rows")
	p.WaitText("There is nothing to write")
	v.see(p, "import-again")
}

func (v *visit) undoImport() {
	p := v.director
	p.Visit(v.organization)
	p.Tolerate("Take it back?") // it asks, and the answer is yes
	p.Follow("text=Take this import back")
	p.WaitText("Taken back")
	v.see(p, "import-undone")
	p.Visit(v.place("people?q=Odette+Marchand"))
	v.reads(p, "0 found")
	p.Visit(v.place("organizations?q=Lisons+ensemble"))
	v.reads(p, "0 found")
}
