package imports

import (
	"runtime/debug"
	"sync"
)

// heldLoosely is by how much the heap may outgrow what is in use while an import is
// planned, in percent. By default it may double, and then the index of a hundred
// thousand people would cost twice what it is. Collecting sooner took a tenth more
// of the processors' time when it was measured.
const heldLoosely = 20

// sparing counts the plannings under way in this process.
var sparing struct {
	sync.Mutex
	under  int
	before int
}

// spareMemory collects garbage sooner until the returned function is called, which
// also gives back to the system what planning took.
func spareMemory() (enough func()) {
	sparing.Lock()
	defer sparing.Unlock()
	if sparing.under++; sparing.under == 1 {
		sparing.before = debug.SetGCPercent(heldLoosely)
		if sparing.before >= 0 && sparing.before < heldLoosely {
			debug.SetGCPercent(sparing.before) // whoever runs the program wants less still
		}
	}
	return sync.OnceFunc(func() {
		sparing.Lock()
		defer sparing.Unlock()
		if sparing.under--; sparing.under == 0 {
			debug.SetGCPercent(sparing.before)
			debug.FreeOSMemory()
		}
	})
}
