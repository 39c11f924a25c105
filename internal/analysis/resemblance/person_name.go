package resemblance

import (
	"slices"
	"strings"
)

// personName is a person's name taken apart, in folded words with cedillas.
type personName struct {
	given      []string
	also       []string // what they are called besides, from brackets and quotes
	family     []string // without particles
	whole      string   // the family name with its particles, written in one
	generation string   // "1" for Sr., "2" for Jr. and II, "3", "4", or ""
}

// particles carry no meaning of their own in a family name and are often left
// out, or moved to the given name.
var particles = setOf(`de del della dello di da dos das do du des d la las los le les l el al van von vander vom der den ten ter het t zu zum zur bin ben ibn bint y e i af av`)

// prefixes are written with and without a space before the rest of a name.
var prefixes = setOf(`mc mac o fitz`)

var honorifics = setOf(`mr mrs ms miss mx dr dra prof rev reverend fr sr sra srta don dona mme mlle mons monsieur madame pastor rabbi sir hon dame sen rep capt lt sgt ing lic arq maestro profa ldo`)

var generations = map[string]string{"sr": "1", "senior": "1", "i": "1", "jr": "2", "junior": "2", "ii": "2", "2nd": "2", "iii": "3", "3rd": "3", "iv": "4", "4th": "4"}

// generationWords are how a mark is told in a Reason.
var generationWords = map[string]string{"": "", "1": "sr", "2": "jr", "3": "iii", "4": "iv"}

// degrees follow a name after a comma, or without one where no family is so
// named.
var (
	degrees     = setOf(`md do rn jd ma ba bs ms mba msw lcsw lmft phd edd edm dds dvm esq cpa mph mpa mpp rev ret cfre lpc pe np pa`)
	longDegrees = setOf(`phd edd dds dvm esq cpa mph mpa mba msw lcsw lmft cfre`)
)

// nameOf takes a name apart, wherever its parts were written.
func nameOf(given, family string) personName {
	var n personName
	given, also := aside(given[:min(len(given), 8*maxText)])
	family, maiden := aside(family[:min(len(family), 8*maxText)])
	for _, s := range also {
		n.also = append(n.also, foldedWords(s)...)
	}
	var after []string // what stands after a comma
	if strings.TrimSpace(given) == "" || strings.TrimSpace(family) == "" {
		given, family = apart(given + family)
	}
	if head, rest, ok := strings.Cut(family, ","); ok {
		family = head
		after = foldedWords(rest)
	}
	g, f := foldedWords(given), foldedWords(family)
	if len(g) > 1 && len(f) == 1 && particles[g[0]] && !particles[f[0]] { // "de la Cruz" stands where "Ana" should
		g, f = f, g
	}
	for len(g) > 0 && honorifics[g[0]] && len(g)+len(f) > 1 {
		g = g[1:]
	}
	if len(g) == 0 {
		for len(f) > 1 && honorifics[f[0]] {
			f = f[1:]
		}
	}
	for _, w := range after {
		switch {
		case generations[w] != "":
			n.generation = generations[w]
		case !degrees[w]:
			f = append(f, w)
		}
	}
	g, f = n.endings(g), n.endings(f)
	for _, s := range maiden {
		for _, w := range foldedWords(s) {
			if w != "nee" && w != "born" && w != "geb" {
				f = append(f, w)
			}
		}
	}
	n.given = g
	f = joinPrefixes(f)
	n.whole = strings.Join(f, "")
	for i, w := range f {
		if w == "st" {
			w = "saint"
		}
		if !particles[w] || i == len(f)-1 && len(n.family) == 0 {
			n.family = append(n.family, w)
		}
	}
	if len(n.given) == 0 && len(n.also) > 0 {
		n.given, n.also = n.also[:1], n.also[1:]
	}
	n.given, n.also, n.family = limited(n.given), limited(n.also), limited(n.family)
	return n
}

func limited(words []string) []string { return words[:min(len(words), 6)] }

// endings takes marks of generation and degrees from the end of a name that
// keeps at least one word.
func (n *personName) endings(words []string) []string {
	for len(words) > 1 {
		last := words[len(words)-1]
		switch {
		case generations[last] != "":
			n.generation = generations[last]
		case !longDegrees[last]:
			return words
		}
		words = words[:len(words)-1]
	}
	return words
}

// aside takes what stands in brackets or double quotes out of a name.
func aside(s string) (rest string, inside []string) {
	if !strings.ContainsAny(s, `("“«`) {
		return s, nil
	}
	var b strings.Builder
	for {
		i := strings.IndexAny(s, `("“«`)
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		var opening rune
		for _, r := range s[i:] {
			opening = r
			break
		}
		s = s[i+len(string(opening)):]
		closing := map[rune]string{'(': ")", '"': `"`, '“': "”", '«': "»"}[opening]
		text, after, ok := strings.Cut(s, closing)
		if !ok {
			b.WriteString(" " + s)
			s = ""
			break
		}
		if strings.TrimSpace(text) != "" {
			inside = append(inside, text)
		}
		b.WriteByte(' ')
		s = after
	}
	b.WriteString(s)
	return b.String(), inside
}

// apart parts a name that was written in one field: "Family, Given" or "Given
// Family", the particles with the family name.
func apart(s string) (given, family string) {
	if head, rest, ok := strings.Cut(s, ","); ok {
		words := foldedWords(rest)
		if len(words) > 0 && generations[words[0]] == "" && !degrees[words[0]] {
			// "Smith, John, Jr." keeps its mark with the family name.
			if first, mark, ok := strings.Cut(rest, ","); ok {
				return first, head + "," + mark
			}
			return rest, head
		}
		given, family = apart(head)
		if given == "" {
			return "", s
		}
		return given, family + "," + rest
	}
	words := strings.Fields(s)
	end := len(words)
	for end > 2 && generations[plainC(fold(words[end-1]))] != "" {
		end--
	}
	begin := end - 1
	for begin > 1 && particles[plainC(fold(words[begin-1]))] && len([]rune(words[begin-1])) > 1 {
		begin--
	}
	if begin < 1 {
		return "", s
	}
	return strings.Join(words[:begin], " "), strings.Join(words[begin:], " ")
}

// joinPrefixes writes Mc Donald and O Brien in one word.
func joinPrefixes(words []string) []string {
	for i := 0; i+1 < len(words); i++ {
		if prefixes[words[i]] {
			words[i] += words[i+1]
			words = slices.Delete(words, i+1, i+2)
		}
	}
	return words
}
