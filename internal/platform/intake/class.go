package intake

import "regexp"

// class is what a cell looks like, as far as telling heads from values needs it.
type class int

const (
	classNone class = iota
	classText
	classNumber
	classDate
	classMail
	classLink
)

var (
	yearLike   = regexp.MustCompile(`^(1[89]|20|21)\d\d([-–/](\d\d|(1[89]|20|21)\d\d))?$`)
	numberLike = regexp.MustCompile(`^[-+(]?[$€£]?\s?[\d.,'\s\x{a0}\x{202f}]*\d[\d.,]*\s?[%€)]?$`)
	dateLike   = regexp.MustCompile(`^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ].*)?$`)
	mailLike   = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
	linkLike   = regexp.MustCompile(`^(?i)https?://|^www\.`)
)

func classOf(cell string) class {
	switch {
	case cell == "":
		return classNone
	case len(cell) > 300:
		return classText
	case dateLike.MatchString(cell):
		return classDate
	case numberLike.MatchString(cell):
		return classNumber
	case mailLike.MatchString(cell):
		return classMail
	case linkLike.MatchString(cell):
		return classLink
	}
	return classText
}

// columnClass is what at least two thirds of the cells of a column are, classText where there is no such
// thing.
func columnClass(rows []Row, column int) class {
	var counts [classLink + 1]int
	total := 0
	for _, row := range rows {
		if column < len(row.Cells) && row.Cells[column] != "" {
			counts[classOf(row.Cells[column])]++
			total++
		}
	}
	for c, n := range counts {
		if total > 0 && n*3 >= total*2 {
			return class(c)
		}
	}
	if total == 0 {
		return classNone
	}
	return classText
}
