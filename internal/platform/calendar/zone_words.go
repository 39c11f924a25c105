package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// WordFault is why words could not be read, one of a closed list.
type WordFault string

// The faults of words.
const (
	Missing      WordFault = "missing"      // nothing stands there
	Unknown      WordFault = "unknown"      // words we do not know
	Ambiguous    WordFault = "ambiguous"    // words that mean several things
	Contradicted WordFault = "contradicted" // another cell says otherwise
)

// WordFaults lists them all.
var WordFaults = []WordFault{Missing, Unknown, Ambiguous, Contradicted}

func (f WordFault) Error() string { return "calendar: words: " + string(f) }

// zoneWords are what people call their time, in small letters. Someone who
// writes EST of a meeting in July means the clocks of the east coast, so that
// names of standard and of summer time are those of the place. CET is told by
// Berlin, the largest city that keeps it.
var zoneWords = map[string]string{
	"pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pacific": "America/Los_Angeles", "us pacific": "America/Los_Angeles", "west coast": "America/Los_Angeles", "us west coast": "America/Los_Angeles",
	"mt": "America/Denver", "mdt": "America/Denver", "mst": "America/Denver", "mountain": "America/Denver", "us mountain": "America/Denver",
	"ct": "America/Chicago", "cdt": "America/Chicago", "cst": "America/Chicago", "central": "America/Chicago", "us central": "America/Chicago",
	"et": "America/New_York", "est": "America/New_York", "edt": "America/New_York", "eastern": "America/New_York", "us eastern": "America/New_York", "east coast": "America/New_York", "us east coast": "America/New_York",
	"akt": "America/Anchorage", "akst": "America/Anchorage", "akdt": "America/Anchorage", "alaska": "America/Anchorage",
	"hst": "Pacific/Honolulu", "hawaii": "Pacific/Honolulu", "arizona": "America/Phoenix",
	"atlantic": "America/Halifax", "adt": "America/Halifax", "newfoundland": "America/St_Johns", "nst": "America/St_Johns", "ndt": "America/St_Johns",
	"uk": "Europe/London", "bst": "Europe/London", "british": "Europe/London", "british summer": "Europe/London", "england": "Europe/London",
	"ireland": "Europe/Dublin", "irish": "Europe/Dublin", "portugal": "Europe/Lisbon", "wet": "Europe/Lisbon",
	"cet": "Europe/Berlin", "cest": "Europe/Berlin", "central european": "Europe/Berlin", "central european summer": "Europe/Berlin", "germany": "Europe/Berlin", "german": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin",
	"france": "Europe/Paris", "french": "Europe/Paris", "spain": "Europe/Madrid", "spanish": "Europe/Madrid", "italy": "Europe/Rome", "poland": "Europe/Warsaw", "netherlands": "Europe/Amsterdam", "switzerland": "Europe/Zurich", "sweden": "Europe/Stockholm", "austria": "Europe/Vienna", "belgium": "Europe/Brussels",
	"eet": "Europe/Helsinki", "eest": "Europe/Helsinki", "eastern european": "Europe/Helsinki", "finland": "Europe/Helsinki", "greece": "Europe/Athens", "ukraine": "Europe/Kyiv", "romania": "Europe/Bucharest",
	"israel": "Asia/Jerusalem", "turkey": "Europe/Istanbul", "msk": "Europe/Moscow", "moscow": "Europe/Moscow",
	"india": "Asia/Kolkata", "indian": "Asia/Kolkata", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "china": "Asia/Shanghai", "japan": "Asia/Tokyo", "jst": "Asia/Tokyo", "korea": "Asia/Seoul", "kst": "Asia/Seoul",
	"aet": "Australia/Sydney", "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "acst": "Australia/Adelaide", "acdt": "Australia/Adelaide", "awst": "Australia/Perth",
	"nzt": "Pacific/Auckland", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland", "new zealand": "Pacific/Auckland",
	"sast": "Africa/Johannesburg", "wat": "Africa/Lagos", "eat": "Africa/Nairobi", "cat": "Africa/Harare", "brt": "America/Sao_Paulo", "brasilia": "America/Sao_Paulo",
	"utc": "UTC", "gmt": "UTC", "z": "UTC", "zulu": "UTC", "coordinated universal": "UTC", "greenwich mean": "UTC", "universal": "UTC",
}

// doubtful are names for times of several places far from each other.
var doubtful = map[string]bool{"ist": true, "ast": true, "sst": true, "pht": true, "local": true, "australia": true, "canada": true, "mexico": true, "brazil": true, "russia": true, "us": true, "usa": true}

var (
	offsetWords = regexp.MustCompile(`^(?:utc|gmt)? ?([+\-−–]) ?(\d{1,2})(?::?(\d{2}))?$`)
	clockBefore = regexp.MustCompile(`^(?:(?:\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?|h|hrs|uhr)?|noon|midnight)(?:\s*(?:-|–|to)\s*)?)+(?:\s+|$)`)
	around      = regexp.MustCompile(`^([^()]*)\(([^()]*)\)([^()]*)$`)
)

// cities are the zones of the tables by the names of their places.
var cities = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	add := func(zone string) {
		if at := strings.LastIndexByte(zone, '/'); at > 0 && !strings.HasPrefix(zone, "Etc/") {
			out[strings.ToLower(strings.ReplaceAll(zone[at+1:], "_", " "))] = zone
		}
	}
	for _, zone := range zoneNames().names {
		add(zone)
	}
	for _, zone := range zoneWords {
		add(zone)
	}
	return out
})

// ZoneOf finds the zone that people mean by words such as "Pacific", "PT",
// "Eastern Time (ET)", "UTC+2", "Paris" or "Europe/Berlin"; a time of day before
// it, as in "9:00 AM PT", is passed over. The error is a WordFault.
func ZoneOf(text string) (*time.Location, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, Missing
	}
	if len(text) > 200 {
		return nil, Unknown
	}
	if zone := Zone(text); zone != nil && strings.Contains(text, "/") {
		return zone, nil
	}
	if zone := windowsZone(text); zone != nil {
		return zone, nil
	}
	words := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if m := around.FindStringSubmatch(words); m != nil {
		return both(m[1]+" "+m[3], m[2])
	}
	return plainZone(words)
}

// both reads a name with another in parentheses, which must mean the same.
func both(outer, inner string) (*time.Location, error) {
	a, errA := plainZone(outer)
	b, errB := plainZone(inner)
	switch {
	case errA == nil && errB == nil && a.String() != b.String():
		return nil, Contradicted
	case errA == nil:
		return a, nil
	case errB == nil:
		return b, nil
	}
	return nil, errA
}

func plainZone(words string) (*time.Location, error) {
	words = strings.Trim(words, " .,;")
	words = strings.Trim(strings.TrimPrefix(clockBefore.ReplaceAllString(words, ""), "in "), " ")
	if words == "" {
		return nil, Missing
	}
	if m := offsetWords.FindStringSubmatch(words); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi("0" + m[3])
		seconds := hours*3600 + minutes*60
		if m[1] != "+" {
			seconds = -seconds
		}
		if zone := fixedZone(seconds); zone != nil && minutes < 60 {
			return zone, nil
		}
		return nil, Unknown
	}
	short := words
	for {
		name, found := zoneWords[short]
		if !found {
			name, found = cities()[short]
		}
		if found {
			return Zone(name), nil
		}
		if doubtful[short] {
			return nil, Ambiguous
		}
		before := short
		for _, tail := range []string{" time", " standard", " daylight", " timezone", " time zone", " zone"} {
			short = strings.TrimSuffix(short, tail)
		}
		short = strings.TrimPrefix(short, "the ")
		if short == before {
			break
		}
	}
	// IANA names in whatever letters: Europe/berlin.
	if area, place, ok := strings.Cut(words, "/"); ok {
		if zone := Zone(capitals(area) + "/" + capitals(place)); zone != nil {
			return zone, nil
		}
	}
	return nil, Unknown
}

// capitals writes the words of a name of the IANA database with capitals.
func capitals(text string) string {
	out := []byte(strings.ReplaceAll(text, " ", "_"))
	for i := range out {
		if (i == 0 || out[i-1] == '_' || out[i-1] == '/' || out[i-1] == '-') && out[i] >= 'a' && out[i] <= 'z' {
			out[i] -= 'a' - 'A'
		}
	}
	return string(out)
}
