package damage

import "strings"

// truthWords are words and marks for yes and no in English, French and Spanish.
var truthWords = map[string]bool{
	"yes": true, "y": true, "true": true, "t": true, "on": true, "checked": true,
	"oui": true, "o": true, "vrai": true, "sí": true, "si": true, "s": true, "verdadero": true,
	"x": true, "✓": true, "✔": true, "☑": true, "☒": true, "1": true,
	"no": false, "n": false, "false": false, "f": false, "off": false, "unchecked": false,
	"non": false, "faux": false, "falso": false, "☐": false, "0": false, "-": false,
}

// marks are what stands in a column in which blank means no.
var marks = map[string]bool{"x": true, "✓": true, "✔": true, "☑": true, "☒": true}

func truthOf(value string) (string, bool) {
	yes, ok := truthWords[strings.ToLower(value)]
	switch {
	case !ok:
		return "", false
	case yes:
		return "true", true
	}
	return "false", true
}

type truthEvidence struct {
	seen    tally
	words   int64 // that are no numbers
	already int64 // written true or false
	marks   int64
}

func (e *truthEvidence) add(value string, at int64) {
	if len(value) > 12 {
		return
	}
	lower := strings.ToLower(value)
	if _, ok := truthWords[lower]; !ok {
		return
	}
	e.seen.add(value, at)
	if value == "true" || value == "false" {
		e.already++
	}
	if marks[lower] {
		e.marks++
	}
	if lower != "1" && lower != "0" && lower != "-" {
		e.words++
	}
}

// found reports whether all values are words for yes and no, not all of them true and false already.
func (e *truthEvidence) found(values int64) (likely Rule, ok bool) {
	if e.seen.count < values || e.words == 0 || e.already == e.seen.count {
		return "", false
	}
	if e.marks == e.seen.count {
		return Marked, true
	}
	return Words, true
}
