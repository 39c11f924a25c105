package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// phrase is what words about days and frequencies say.
type phrase struct {
	unit     Frequency
	every    int
	weekdays []time.Weekday // from Monday on
	nths     []int
	start    Wall // the first day, or zero
	after    *after
	unread   string
	fault    WordFault
}

// after is the weekday after the nth of another one, such as the Wednesday after
// the fourth Tuesday.
type after struct {
	weekday, anchor time.Weekday
	nth             int
}

// rule counts the days of the month on which it may fall. No rule of iCalendar
// says more: where the day falls into the next month, as it would after a fourth
// Tuesday on 28 February 2034, that month goes without.
func (a after) rule() Rule {
	later := int(mod(int64(a.weekday-a.anchor)-1, 7)) + 1
	r := Rule{Frequency: Monthly, Interval: 1, Days: []Day{{Weekday: a.weekday}}, WeekStart: time.Monday}
	for d := range 7 {
		if day := 7*a.nth - 6 + later + d; day <= 31 {
			r.MonthDays = append(r.MonthDays, day)
		}
	}
	return r
}

var (
	links      = regexp.MustCompile(`\[[^\]]*\]\([^)]*\)`)
	startWords = regexp.MustCompile(`(?:starting|starts|start|beginning|from|since|as of)(?: on)?(?: the)?,? (?:([a-z]+),? )?(?:([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+)),? (\d{4})`)
	startISO   = regexp.MustCompile(`(?:starting|starts|start|beginning|from|since|as of)?(?: on)? ?\b(\d{4})-(\d{2})-(\d{2})\b`)
	notWords   = regexp.MustCompile(`[^\p{L}\p{N}']+`)

	afterWords = regexp.MustCompile(` (\w+) after (?:the )?(\w+) (\w+) `)
	everyNth   = regexp.MustCompile(` (?:every|each|once every) (other|second|third|fourth|fifth|sixth|2nd|3rd|4th|5th|6th|two|three|four|five|six|\d{1,2}) (\w+) `)
	everyOne   = regexp.MustCompile(` (?:every|each) (\w+) `)
)

var nthWords = map[string]int{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "last": -1}

var countWords = map[string]int{"other": 2, "two": 2, "second": 2, "2nd": 2, "three": 3, "third": 3, "3rd": 3, "four": 4, "fourth": 4, "4th": 4, "five": 5, "fifth": 5, "5th": 5, "six": 6, "sixth": 6, "6th": 6}

var unitWords = map[string]Frequency{"day": Daily, "days": Daily, "week": Weekly, "weeks": Weekly, "month": Monthly, "months": Monthly, "year": Yearly, "years": Yearly}

// frequencyWords say a frequency alone, with its interval.
var frequencyWords = map[string]struct {
	unit  Frequency
	every int
}{
	"daily": {Daily, 1}, "weekly": {Weekly, 1}, "biweekly": {Weekly, 2}, "fortnightly": {Weekly, 2}, "triweekly": {0, 0},
	"monthly": {Monthly, 1}, "quarterly": {Monthly, 3}, "yearly": {Yearly, 1}, "annually": {Yearly, 1}, "annual": {Yearly, 1},
	// Twice a month to some, every second month to others.
	"bimonthly": {0, 0}, "semimonthly": {0, 0}, "semiweekly": {0, 0}, "biannually": {0, 0}, "twice": {0, 0}, "irregularly": {0, 0}, "varies": {0, 0},
}

// fillers say nothing on their own.
var fillers = map[string]bool{"the": true, "of": true, "on": true, "in": true, "at": true, "a": true, "every": true, "each": true, "and": true, "or": true, "month": true, "months": true, "week": true, "weeks": true, "once": true, "per": true, "or so": true}

// phraseOf reads words about days and frequencies. Of what it does not
// understand it makes no fault: it is left as unread.
func phraseOf(text string) phrase {
	var p phrase
	if len(text) > 500 {
		p.fault = Unknown
		return p
	}
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	text = links.ReplaceAllString(text, " ")
	text = p.takeStart(text)
	text = " " + strings.TrimSpace(notWords.ReplaceAllString(text, " ")) + " "
	for _, pair := range [][2]string{{" bi weekly ", " biweekly "}, {" bi monthly ", " bimonthly "}, {" semi monthly ", " semimonthly "}, {" every fortnight ", " biweekly "}, {" every weekday ", " monday tuesday wednesday thursday friday weekly "}, {" weekdays ", " monday tuesday wednesday thursday friday weekly "}, {" every quarter ", " quarterly "}} {
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	if m := afterWords.FindStringSubmatch(text); m != nil {
		weekday, ok := weekdayOf(m[1])
		anchor, also := weekdayOf(m[3])
		if nth := nthWords[m[2]]; ok && also && nth > 0 && nth < 5 {
			p.after = &after{weekday, anchor, nth}
			p.unit, p.every = Monthly, 1
			text = strings.Replace(text, m[0], " ", 1)
		}
	}
	text = p.takeEvery(text)
	p.takeWords(strings.Fields(text))
	slices.SortFunc(p.weekdays, func(a, b time.Weekday) int { return mondayFirst(a) - mondayFirst(b) })
	p.weekdays = slices.Compact(p.weekdays)
	slices.Sort(p.nths)
	p.nths = slices.Compact(p.nths)
	return p
}

// takeEvery takes "every other week", "every second Thursday" (unless it is one
// of the month) and "every Thursday".
func (p *phrase) takeEvery(text string) string {
	if m := everyNth.FindStringSubmatch(text); m != nil {
		n := countWords[m[1]]
		if n == 0 {
			n, _ = strconv.Atoi(m[1])
		}
		weekday, isDay := weekdayOf(m[2])
		unit := unitWords[m[2]]
		switch {
		case unit != 0 && n > 0 && n <= 52:
			p.say(unit, n)
			return strings.Replace(text, m[0], " ", 1)
		case isDay && n > 0 && !strings.Contains(text, " month"):
			p.say(Weekly, n)
			p.weekdays = append(p.weekdays, weekday)
			return strings.Replace(text, m[0], " ", 1)
		}
	}
	if m := everyOne.FindStringSubmatch(text); m != nil {
		weekday, isDay := weekdayOf(m[1])
		unit := unitWords[m[1]]
		switch {
		case unit != 0:
			p.say(unit, 1)
			return strings.Replace(text, m[0], " ", 1)
		case isDay:
			p.say(Weekly, 1)
			p.weekdays = append(p.weekdays, weekday)
			return strings.Replace(text, m[0], " ", 1)
		}
	}
	return text
}

// say notes a frequency; another one than before is a contradiction.
func (p *phrase) say(unit Frequency, every int) {
	if p.unit != 0 && (p.unit != unit || p.every != every) {
		p.fault = Contradicted
	}
	p.unit, p.every = unit, every
}

func (p *phrase) takeWords(words []string) {
	var unread []string
	aside := false // behind words about something else, an ordinal is not ours
	for _, word := range words {
		if f, ok := frequencyWords[word]; ok {
			if f.unit == 0 {
				p.fault = Ambiguous
			} else if p.unit == 0 || !aside {
				p.say(f.unit, f.every)
			}
		} else if n := nthWords[word]; n != 0 && !aside {
			p.nths = append(p.nths, n)
		} else if d, ok := weekdayOf(word); ok && !aside {
			p.weekdays = append(p.weekdays, d)
		} else if !fillers[word] || aside {
			unread = append(unread, word)
			aside = true
		} else if (word == "month") && p.unit == 0 && len(p.nths) > 0 {
			p.unit, p.every = Monthly, 1
		}
	}
	p.unread = shortened(strings.Join(unread, " "), 200)
}

// takeStart takes the first day out of the words.
func (p *phrase) takeStart(text string) string {
	if m := startISO.FindStringSubmatch(text); m != nil {
		if w, f := parseWall(m[1] + m[2] + m[3]); f == formDate {
			p.start = w
			return strings.Replace(text, m[0], " ", 1)
		}
		p.fault = Unknown
		return text
	}
	m := startWords.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	month, ok := monthOf(m[2] + m[5])
	day, _ := strconv.Atoi(m[3] + m[4])
	year, _ := strconv.Atoi(m[6])
	w := On(year, max(month, 1), day)
	if _, same, _ := w.Date(); !ok || same != month || !inYears(w) {
		p.fault = Unknown
		return text
	}
	if weekday, named := weekdayOf(m[1]); named && weekday != w.Weekday() {
		p.fault = Contradicted
	}
	p.start = w
	return strings.Replace(text, m[0], " ", 1)
}

// weekdayOf knows Thursday, Thursdays, Thu, Thur and Thurs.
func weekdayOf(word string) (time.Weekday, bool) {
	word = strings.TrimSuffix(word, "'s")
	if len(word) < 3 {
		return 0, false
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if strings.HasPrefix(name+"s", word) || word == "weds" && d == time.Wednesday {
			return d, true
		}
	}
	return 0, false
}

func monthOf(word string) (time.Month, bool) {
	if len(word) < 3 {
		return 0, false
	}
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), word) || word == "sept" && m == time.September {
			return m, true
		}
	}
	return 0, false
}
