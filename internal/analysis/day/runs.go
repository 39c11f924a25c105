package day

import "slices"

// Runs parts days into runs: a day at most apart days after the one before it belongs to the same run, as the days
// of one meeting do. Days may come in any order and more than once; each run ascends, and so do the runs.
func Runs(days []Day, apart int) [][]Day {
	sorted := slices.Compact(slices.Sorted(slices.Values(days)))
	var runs [][]Day
	for i, d := range sorted {
		if i == 0 || int(d)-int(sorted[i-1]) > apart {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], d)
	}
	return runs
}
