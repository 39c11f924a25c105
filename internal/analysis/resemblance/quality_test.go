package resemblance_test

import (
	"testing"

	"commontable/internal/analysis/resemblance"
)

// quality is how well an index tells the doubles of a list.
type quality struct {
	certain, certainRight int // pairs told without asking
	asked, askedRight     int // pairs to ask about
	enough, enoughCertain int // doubles that carry enough, and those told
	all, found            int // doubles, and those told or asked about
}

func (q quality) precision() float64 { return float64(q.certainRight) / float64(q.certain) }
func (q quality) recall() float64    { return float64(q.enoughCertain) / float64(q.enough) }
func (q quality) reach() float64     { return float64(q.found) / float64(q.all) }

func measure[R resemblance.Person | resemblance.Organization](index *resemblance.Index[R], list labelled[R], wrong func(resemblance.Match)) quality {
	var q quality
	for _, d := range list.doubles {
		q.all++
		if d.enough {
			q.enough++
		}
	}
	for m := range index.Pairs {
		d, same := list.doubles[ordered(m.A, m.B)]
		if same {
			q.found++
		}
		if m.Band == resemblance.Certain {
			q.certain++
			if same {
				q.certainRight++
				if d.enough {
					q.enoughCertain++
				}
			} else if wrong != nil {
				wrong(m)
			}
		} else {
			q.asked++
			if same {
				q.askedRight++
				if d.enough && wrong != nil {
					wrong(m)
				}
			}
		}
	}
	return q
}

func (q quality) log(t *testing.T, what string) {
	t.Helper()
	t.Logf("%s: told %d, precision %.4f, recall of those with enough %.4f (%d of %d); asked about %d, %.2f of them right; %.3f of all %d doubles told or asked about",
		what, q.certain, q.precision(), q.recall(), q.enoughCertain, q.enough, q.asked, float64(q.askedRight)/float64(max(1, q.asked)), q.reach(), q.all)
}
