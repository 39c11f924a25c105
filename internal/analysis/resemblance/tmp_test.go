package resemblance_test

import (
	"testing"
	"time"

	"commontable/internal/analysis/resemblance"
)

func TestTmp(t *testing.T) {
	for _, n := range []int{500, 20000} {
		list := people(7, n)
		by := map[resemblance.Key]resemblance.Person{}
		for _, p := range list.records {
			by[p.Key] = p
		}
		t0 := time.Now()
		ix := resemblance.NewPersonIndex(list.records)
		t1 := time.Now()
		c := map[string]int{}
		q := measure(ix, list, func(m resemblance.Match) {
			k := m.Band.String()
			c[k]++
			if n == 20000 && c[k] < 25 {
				a, b := by[m.A], by[m.B]
				t.Logf("%s %.3f %v\n   %v|%v|%v|%v|%v\n   %v|%v|%v|%v|%v", k, m.Score, m.Reasons, a.Given, a.Family, a.Emails, a.Phones, a.Organizations, b.Given, b.Family, b.Emails, b.Phones, b.Organizations)
			}
		})
		t.Log(len(list.records), t1.Sub(t0), time.Since(t1))
		q.log(t, "people")
	}
	for _, n := range []int{100, 1000, 5000} {
		list := organizations(7, n)
		by := map[resemblance.Key]resemblance.Organization{}
		for _, p := range list.records {
			by[p.Key] = p
		}
		ix := resemblance.NewOrganizationIndex(list.records)
		c := map[string]int{}
		q := measure(ix, list, func(m resemblance.Match) {
			k := m.Band.String()
			c[k]++
			if n == 5000 && c[k] < 15 {
				a, b := by[m.A], by[m.B]
				t.Logf("%s %.3f %v\n   %v|%v|%v|%v|%v\n   %v|%v|%v|%v|%v", k, m.Score, m.Reasons, a.Names, a.Websites, a.Emails, a.Phones, a.Place, b.Names, b.Websites, b.Emails, b.Phones, b.Place)
			}
		})
		q.log(t, "orgs")
	}
}
