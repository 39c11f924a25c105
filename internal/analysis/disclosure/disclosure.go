// Package disclosure decides which figures about people may be told without
// telling of one of them.
package disclosure

// Count says whether it may be told how many of a group something holds of. Both
// they and all the others must be at least so many: where few are left over, a
// count of the many tells of the few.
func Count(some, all, least int64) bool {
	return least > 0 && some >= least && all-some >= least
}

// Least is how many a group must have before any count within it may be told.
func Least(least int64) int64 { return 2 * least }

// Tenths is a share rounded to tenths of the whole, in per cent: as much as may
// be told again and again, since one person's coming or going seldom shows in
// it. all must be positive.
func Tenths(some, all int64) int64 { return (some*20 + all) / (2 * all) * 10 }
