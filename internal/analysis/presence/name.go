package presence

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Name is what a report calls somebody, parted.
type Name struct {
	Person       string // "" where only a device or a number is named
	Organization string
	Device       string
	Email        string // where an address stands in place of a name
	Host, Guest  bool
}

var (
	numbered    = regexp.MustCompile(`^(?:#\s*\d{1,4}|\[\d{1,4}\]|\d{1,3}[.)])\s*`)
	bracketed   = regexp.MustCompile(`\s*[(\[（]([^()\[\]（）]*)[)\]）]\s*`)
	address     = regexp.MustCompile(`^[^\s@<>(),;]+@[^\s@<>(),;]+\.[^\s@<>(),;]+$`)
	telephone   = regexp.MustCompile(`^(?:call[- ]in user[ _-]*)?\+?[\d*x•\s().-]{4,}$`)
	possessive  = regexp.MustCompile(`(?i)^(.+?)['’]s?\s+(.+)$`)
	ofSomebody  = regexp.MustCompile(`(?i)^(.+?)\s+(?:de|von|of|d['’])\s*(.+)$`)
	deviceWord  = regexp.MustCompile(`(?i)^(?:(?:apple|samsung|google|lenovo|dell|hp|asus|huawei|xiaomi)\s+)?(?:iphone|ipad|ipod|macbook|imac|galaxy|pixel|android|oneplus|redmi|surface|thinkpad|laptop|desktop|tablet|tablette|tableta|phone|mobile|tel[eé]phone|tel[eé]fono|handy|zoom user|chromebook|pc|zoom room|computer|ordinateur|portable|port[aá]til)(?:[\s-]+(?:\d+|[a-z]\d+\w*|air|mini|pro|max|plus|ultra|note|tab|book|go|user|\(\d+\)|fe|se|xr|xs|x))*$`)
	pronouns    = regexp.MustCompile(`(?i)^(?:she|he|they|ze|xe|her|him|them|hers|his|theirs|elle|il|iel|lui|ella|él|el|elle|sie|er|any)(?:\s*[/,]\s*\p{L}+){1,3}$`)
	hostMarks   = []string{"host", "co-host", "cohost", "host, me", "co-host, me", "organizer", "organiser", "hôte", "co-hôte", "organisateur", "anfitrión", "coanfitrión", "organizador", "gastgeber", "mit-gastgeber", "organisator"}
	guestMarks  = []string{"guest", "external", "unverified", "anonymous", "invité", "invitée", "externe", "non vérifié", "non vérifiée", "invitado", "invitada", "externo", "externa", "no comprobado", "no verificado", "gast", "extern", "nicht überprüft"}
	otherMarks  = []string{"me", "moi", "yo", "ich", "presenter", "attendee", "phone", "audio", "video", "remote", "online"}
	credentials = []string{"phd", "ph.d.", "md", "m.d.", "jd", "j.d.", "mba", "mph", "msw", "lcsw", "rn", "cpa", "esq", "esq.", "jr", "jr.", "sr", "sr.", "ii", "iii", "edd", "ed.d.", "mpa", "ma", "ms", "bsn", "pe", "cfre"}
)

// most is how many characters of a name are looked at.
const most = 300

// ParseName parts what a report calls somebody: "iPhone (Brian Smith)", "Smith,
// Brian", "Brian Smith (Food Bank)", "Brian's iPad", "#1 Brian", an address.
func ParseName(text string) Name {
	var n Name
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	text = numbered.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
	var inside []string
	for _, found := range bracketed.FindAllStringSubmatch(text, -1) {
		if part := strings.TrimSpace(found[1]); !n.mark(part) && part != "" {
			inside = append(inside, part)
		}
	}
	text = strings.TrimSpace(bracketed.ReplaceAllString(text, " "))
	if text == "" && len(inside) > 0 {
		text, inside = inside[0], inside[1:]
	}
	for _, part := range inside {
		switch {
		case n.device(text) && !device(part):
			text = part
		case device(part):
			n.Device = part
		case address.MatchString(part):
			n.Email = part
		case sameName(text, part):
			text = part // the name behind a nickname
		case n.Organization == "":
			n.Organization = part
		}
	}
	n.whole(text)
	return n
}

// mark takes note of a mark that a program puts behind a name.
func (n *Name) mark(part string) bool {
	low := strings.ToLower(part)
	switch {
	case slices.Contains(hostMarks, low):
		n.Host = true
	case slices.Contains(guestMarks, low):
		n.Guest = true
	case slices.Contains(otherMarks, low), pronouns.MatchString(part):
	default:
		return false
	}
	return true
}

func device(text string) bool { return deviceWord.MatchString(text) || telephone.MatchString(text) }

// device takes note of a device that stands where a name should.
func (n *Name) device(text string) bool {
	if device(text) {
		n.Device = text
		return true
	}
	return false
}

// whole reads what stands outside of brackets.
func (n *Name) whole(text string) {
	switch {
	case text == "" || n.device(text):
		return
	case address.MatchString(text):
		n.Email = text
		local, _, _ := strings.Cut(text, "@")
		local, _, _ = strings.Cut(local, "+")
		if words := strings.FieldsFunc(local, func(r rune) bool { return r == '.' || r == '_' || r == '-' || unicode.IsDigit(r) }); len(words) > 1 {
			for k, w := range words {
				words[k] = capital(w)
			}
			n.Person = strings.Join(words, " ")
		}
		return
	}
	for _, between := range []string{" | ", " – ", " — ", " - ", " @ ", " // ", " / "} {
		if name, of, found := strings.Cut(text, between); found && name != "" && of != "" {
			if !n.mark(of) && n.Organization == "" && !device(of) {
				n.Organization = strings.TrimSpace(of)
			}
			n.whole(strings.TrimSpace(name))
			return
		}
	}
	if found := possessive.FindStringSubmatch(text); found != nil && device(found[2]) {
		n.Person, n.Device = found[1], found[2]
		return
	}
	if found := ofSomebody.FindStringSubmatch(text); found != nil && device(found[1]) {
		n.Person, n.Device = found[2], found[1]
		return
	}
	n.Person = n.turned(text)
}

// turned brings "Smith, Brian" into the order of speaking, and takes an academic
// degree away.
func (n *Name) turned(text string) string {
	before, after, found := strings.Cut(text, ",")
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if !found || before == "" || after == "" {
		return strings.TrimSpace(strings.Trim(text, ","))
	}
	first, _, more := strings.Cut(after, ",")
	switch {
	case slices.Contains(credentials, strings.ToLower(strings.TrimSpace(first))):
		return before
	case more:
		return n.turned(before + ", " + strings.TrimSpace(first))
	case strings.Contains(before, " ") && len(strings.Fields(before)) > 1 && len(strings.Fields(after)) > 1 && n.Organization == "":
		n.Organization = after // "Brian Smith, Food Bank"
		return before
	}
	return after + " " + before
}

// sameName says whether a longer name is that behind a shorter one: "Bri" and
// "Brian Smith", "BS" and "Brian Smith".
func sameName(short, full string) bool {
	words := strings.Fields(strings.ToLower(full))
	own := strings.Fields(strings.ToLower(short))
	if len(words) < 2 || len(own) != 1 {
		return strings.EqualFold(short, full)
	}
	var initials strings.Builder
	for _, w := range words {
		initials.WriteRune([]rune(w)[0])
	}
	// Initials of letters in capitals alone are as likely an organization's, so they
	// count only where they are the short name as a whole.
	return initials.String() == own[0] || slices.Contains(words, own[0]) || len(own[0]) > 2 && strings.HasPrefix(words[0], own[0])
}

func capital(word string) string {
	runes := []rune(word)
	runes[0] = unicode.ToUpper(runes[0])
	return string(runes)
}
