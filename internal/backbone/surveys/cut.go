package surveys

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// By what the figures of a wave can be told: whatever was known of those invited when it
// was opened.
const (
	BySector = "sector"
	ByBody   = "body"
	ByKind   = "kind"
	ByYears  = "years"
)

// Cuts lists them, by catalogue key "survey_cuts.…". Somebody may sit in several groups,
// and an organization be of several kinds.
var Cuts = []string{BySector, ByBody, ByKind, ByYears}

// bands are the first years of the bands of membership.
var bands = []int{0, 1, 3, 6}

// CutTold is by what figures are told, with its groups as they were when the wave was
// opened.
type CutTold struct {
	Key    string      `json:"key" doc:"sector, body, kind or years."`
	Groups []GroupTold `json:"groups"`
}

// GroupTold is a group of a cut.
type GroupTold struct {
	Key  string `json:"key" doc:"Of a sector its key; of a body its id; of a kind the word, in small letters; of years the first of the band. Empty for people without."`
	Name string `json:"name,omitempty" doc:"Of a body or a kind, as it was called then."`
}

// Cut finds a cut by which figures were told.
func (r Results) Cut(key string) (CutTold, bool) {
	n := slices.IndexFunc(r.Cuts, func(c CutTold) bool { return c.Key == key })
	if n < 0 {
		return CutTold{}, false
	}
	return r.Cuts[n], true
}

// Name is what a group was called; "" where its key says it.
func (c CutTold) Name(group string) string {
	for _, g := range c.Groups {
		if g.Key == group {
			return g.Name
		}
	}
	return ""
}

// Cuttable are the cuts that may be chosen when the wave is released. Of anonymous answers
// nothing is known, two snapshots must not differ by few in any group, and beside a file
// there is one division alone.
func (w Wave) Cuttable() []string {
	switch {
	case w.Mode == Anonymous, w.Evergreen:
		return nil
	case w.ForEvaluator:
		return []string{BySector}
	}
	return Cuts
}

// chosenCuts are the cuts to tell figures by: by sector where nobody chose.
func (w Wave) chosenCuts(chosen *[]string) ([]string, error) {
	may := w.Cuttable()
	if chosen == nil {
		return may[:min(1, len(may))], nil
	}
	var out []string
	for _, key := range *chosen {
		switch {
		case slices.Contains(out, key):
		case slices.Contains(may, key):
			out = append(out, key)
		case w.ForEvaluator:
			return nil, operation.InvalidField("cuts", "errors.survey_cuts_file")
		default:
			return nil, operation.InvalidField("cuts", "errors.survey_cuts_none")
		}
	}
	return out, nil
}

// cutBy groups responses by one thing that is known of whoever gave them.
func cutBy(key string, list []Response) (survey.Cut, CutTold) {
	cut, told := survey.Cut{Key: key, Overlaps: key == ByBody || key == ByKind}, CutTold{Key: key}
	at := map[string]int{}
	add := func(n int, group, name string) {
		place, known := at[group]
		if !known {
			place = len(cut.Groups)
			at[group] = place
			cut.Groups = append(cut.Groups, survey.Group{Key: group})
			told.Groups = append(told.Groups, GroupTold{group, name})
		}
		if members := cut.Groups[place].Members; len(members) == 0 || members[len(members)-1] != n {
			cut.Groups[place].Members = append(members, n)
		}
	}
	for n, r := range list {
		switch key {
		case BySector:
			add(n, r.Sector, "")
		case ByBody:
			for _, b := range r.Bodies {
				add(n, b.BodyID.String(), b.Body)
			}
		case ByKind:
			for _, kind := range r.Kinds {
				add(n, i18n.FoldKey(kind), kind)
			}
		case ByYears:
			add(n, r.MemberBand, "")
		}
	}
	slices.SortFunc(cut.Groups, func(a, b survey.Group) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(told.Groups, func(a, b GroupTold) int { return cmp.Compare(a.Key, b.Key) })
	return cut, told
}

// cutBySeveral groups responses by several things, and says which of them have groups.
func cutBySeveral(keys []string, list []Response) (cuts []survey.Cut, told []CutTold) {
	for _, key := range keys {
		cut, groups := cutBy(key, list)
		if len(cut.Groups) > 1 || cut.Overlaps && len(cut.Groups) == 1 {
			cuts, told = append(cuts, cut), append(told, groups)
		}
	}
	return cuts, told
}

// band is the first year of the band that whole years of membership fall in.
func band(years int) string {
	for _, first := range slices.Backward(bands) {
		if years >= first {
			return strconv.Itoa(first)
		}
	}
	return ""
}

// stored are figures as they are kept. Before there were several cuts, they were told by
// sector alone, and named its groups in another place.
type stored struct {
	Results
	Groups []string `json:"groups,omitempty"`
}

func (s stored) read() Results {
	r := s.Results
	if len(s.Groups) == 0 {
		return r
	}
	sector := CutTold{Key: BySector}
	for _, key := range s.Groups {
		sector.Groups = append(sector.Groups, GroupTold{Key: key})
	}
	r.Cuts = []CutTold{sector}
	of := func(parts []survey.Figure) {
		for n := range parts {
			parts[n].Cut = BySector
		}
	}
	for q := range r.Questions {
		for n := range r.Questions[q].Items {
			of(r.Questions[q].Items[n].Parts)
		}
	}
	for n := range r.Factors {
		of(r.Factors[n].Parts)
	}
	return r
}

// memberBands are the bands of all organizations that are members today.
func memberBands(c *operation.Call) (map[directory.OrganizationID]string, error) {
	today, err := time.Parse(time.DateOnly, c.Today())
	if err != nil {
		return nil, err
	}
	list, err := directory.Memberships(c)
	out := map[directory.OrganizationID]string{}
	for _, m := range list {
		from, bad := time.Parse(time.DateOnly, m.From)
		if bad != nil || from.After(today) || m.To != "" && m.To <= c.Today() {
			continue
		}
		years := today.Year() - from.Year()
		if from.AddDate(years, 0, 0).After(today) {
			years--
		}
		out[m.ID] = band(years)
	}
	return out, err
}
