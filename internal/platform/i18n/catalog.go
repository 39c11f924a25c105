package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

//go:embed catalog
var files embed.FS

// languages lists what the catalogue speaks, the Default first, with the name each has for itself and
// the marks it writes numbers with. Spaces inside numbers never break the line.
var languages = []speech{
	{code: "en", name: "English", direction: "ltr", group: ",", decimal: ".", percent: "%"},
	{code: "fr", name: "Français", direction: "ltr", group: "\u202f", decimal: ",", percent: "\u202f%"},
	// Spanish separates thousands only from five digits on.
	{code: "es", name: "Español", direction: "ltr", group: ".", decimal: ",", percent: "\u00a0%", groupFrom: 10000},
}

// speech is one language with all its messages; it never changes after loading.
type speech struct {
	code, name, direction   string
	group, decimal, percent string
	groupFrom               int64 // smallest number whose digits are grouped; 0 means 1000

	messages   map[string]*message
	smallForms [smallCounts]string // plural form of the counts 0, 1, 2 …
	plurals    *goi18n.Localizer   // answers for all other counts
	calendar   calendar
}

type catalogue struct {
	speeches map[string]*speech
	areas    []string
	problems []string
}

// speech returns the language called code, or the Default.
func (c *catalogue) speech(code string) *speech {
	if s, ok := c.speeches[code]; ok {
		return s
	}
	return c.speeches[Default]
}

// loaded returns the embedded catalogue, read once. A damaged file is skipped and logged: a page with
// some bare keys is better than no page. The tests do not let such a file pass.
var loaded = sync.OnceValue(func() *catalogue {
	c := load(files)
	for _, problem := range c.problems {
		slog.Error("i18n: catalogue", "problem", problem)
	}
	return c
})

func load(source fs.FS) *catalogue {
	c := &catalogue{speeches: map[string]*speech{}}
	areas := map[string]bool{}
	for i := range languages {
		s := languages[i]
		s.messages = map[string]*message{}
		names, err := fs.Glob(source, "catalog/"+s.code+"/*.json")
		if err != nil || len(names) == 0 {
			c.problems = append(c.problems, fmt.Sprintf("language %s has no files", s.code))
		}
		for _, name := range names {
			area := strings.TrimSuffix(path.Base(name), ".json")
			areas[area] = true
			c.problems = append(c.problems, s.read(source, name, area)...)
		}
		s.learnPlurals()
		s.learnCalendar()
		c.speeches[s.code] = &s
	}
	for area := range areas {
		c.areas = append(c.areas, area)
	}
	slices.Sort(c.areas)
	return c
}

// read adds the messages of one area file and returns what is wrong with it.
func (s *speech) read(source fs.FS, name, area string) (problems []string) {
	data, err := fs.ReadFile(source, name)
	if err != nil {
		return []string{err.Error()}
	}
	messages, err := goi18n.ParseMessageBytes(data, json.Unmarshal)
	if err != nil {
		return []string{name + ": " + err.Error()}
	}
	for _, parsed := range messages {
		if !strings.HasPrefix(parsed.ID, area+".") {
			problems = append(problems, fmt.Sprintf("%s: key %q does not begin with %q", name, parsed.ID, area+"."))
		}
		m, err := newMessage(parsed)
		if err != nil {
			problems = append(problems, name+": "+err.Error())
		}
		s.messages[parsed.ID] = m
	}
	return problems
}

// Languages returns the codes of all languages the catalogue speaks, the Default first.
func Languages() []string {
	codes := make([]string, len(languages))
	for i, l := range languages {
		codes[i] = l.code
	}
	return codes
}

// Name returns the name a language has for itself, or the code when the catalogue does not speak it.
func Name(lang string) string {
	if s, ok := loaded().speeches[lang]; ok {
		return s.name
	}
	return lang
}
