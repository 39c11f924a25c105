package disclosure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// None stands where a respondent gave no answer, or was not sure.
const None = math.MinInt

// Column is what everybody answered to one thing, by respondent.
type Column struct {
	Values []int
	// Points says that the answer may be known of somebody from elsewhere, as what they do
	// or for how long, so that it can point at their row.
	Points bool
	// Seen says that it may be known from elsewhere who answered at all.
	Seen bool
	// Needs are the columns that decide whether this one was asked; -1 stands for one that
	// is in no file.
	Needs []int
}

// ClassLeast is how many rows a class of a file has at least, where a spread needs least
// answers: a quarter more, so that some may leave a question out.
func ClassLeast(least int) int { return least + (least+3)/4 }

// Classes joins groups of so many members each until every class has at least least of
// them, or one class is left: the smallest with the next smallest. It looks at nothing but
// sizes, so that what is joined tells nothing of any answer. The lists are places in
// sizes, in their order.
func Classes(sizes []int, least int) [][]int {
	type class struct {
		size   int
		groups []int
	}
	var list []class
	for n, size := range sizes {
		list = append(list, class{size, []int{n}})
	}
	for len(list) > 1 {
		slices.SortFunc(list, func(a, b class) int {
			return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.groups[0], b.groups[0]))
		})
		if list[0].size >= least {
			break
		}
		joined := class{list[0].size + list[1].size, append(list[0].groups, list[1].groups...)}
		slices.Sort(joined.groups)
		list = append(list[2:], joined)
	}
	out := make([][]int, len(list))
	for n, c := range list {
		out[n] = c.groups
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// Rows says of each column whether it may be given row by row, in a file of which each row
// is one respondent in no order, with the class they belong to. "" is yes.
//
// Columns that point at somebody are taken in their order. One is kept if, together with
// the class and those kept before it, every combination of values is held by at least
// least rows, or by none (k-anonymity), and if whoever knows all of these but one of
// somebody does not know that one by them. Of any other column, in each such combination at
// least least rows have an answer, and at least two of these differ from the most frequent
// (l-diversity, and nobody finds out what all the others said by knowing their own answer).
//
// Then two rows of one combination may change places without anything in the file changing,
// and so may the people behind them: of no set of fewer people than a combination has can
// be worked out how they answered, from the file and from any figures that are worked out
// of its classes. What is decided here changes as little.
//
// This does not hold for whoever knows several answers of somebody: these find the row.
func Rows(classes [][]int, columns []Column, least int) []Why {
	out := make([]Why, len(columns))
	combinations := slices.Clone(classes)
	var kept []int
	for n, c := range columns {
		if !c.Points {
			continue
		}
		finer := c.part(combinations)
		switch {
		case slices.ContainsFunc(finer, func(rows []int) bool { return len(rows) < least }):
			out[n] = TooFew
		case !varied(classes, columns, append(slices.Clone(kept), n)):
			out[n] = Alike
		default:
			combinations, kept = finer, append(kept, n)
		}
	}
	for n, c := range columns {
		if !c.Points {
			out[n] = c.fault(combinations, least)
		}
	}
	// Who was asked a question tells what they answered to the one that decided it.
	for changed := true; changed; {
		changed = false
		for n, c := range columns {
			if out[n] == "" && slices.ContainsFunc(c.Needs, func(on int) bool { return on < 0 || out[on] != "" }) {
				out[n], changed = WorkedOut, true
			}
		}
	}
	return out
}

// part parts rows further by the values of a column, no answer being one of them.
func (c Column) part(combinations [][]int) (out [][]int) {
	for _, rows := range combinations {
		at := map[int]int{}
		for _, row := range rows {
			value := c.Values[row]
			if _, known := at[value]; !known {
				at[value] = len(out)
				out = append(out, nil)
			}
			out[at[value]] = append(out[at[value]], row)
		}
	}
	return out
}

// varied says whether each of some columns has at least two values in every combination of
// the others that there is.
func varied(classes [][]int, columns []Column, some []int) bool {
	for _, one := range some {
		values := map[string]map[int]bool{}
		for class, rows := range classes {
			for _, row := range rows {
				key := fmt.Sprint(class)
				for _, other := range some {
					if other != one {
						key += fmt.Sprint(" ", columns[other].Values[row])
					}
				}
				if values[key] == nil {
					values[key] = map[int]bool{}
				}
				values[key][columns[one].Values[row]] = true
			}
		}
		for _, v := range values {
			if len(v) < 2 {
				return false
			}
		}
	}
	return true
}

// fault says why a column may not be given in some combinations.
func (c Column) fault(combinations [][]int, least int) Why {
	for _, rows := range combinations {
		times := map[int]int{}
		answered, most := 0, 0
		for _, row := range rows {
			if value := c.Values[row]; value != None {
				times[value]++
				answered, most = answered+1, max(most, times[value])
			}
		}
		blank := len(rows) - answered
		switch {
		case answered < least, c.Seen && blank > 0 && blank < least:
			return TooFew
		case answered-most < 2:
			return Alike
		}
	}
	return ""
}
