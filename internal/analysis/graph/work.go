package graph

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// inPieces does pieces 0 to n − 1 on all processors and stops between two of them when ctx ends. Each worker makes
// its own buffers once. What a piece gives must not depend on who does it.
func inPieces[W any](ctx context.Context, n int, worker func() W, piece func(W, int)) error {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Go(func() {
			w := worker()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				piece(w, i)
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// stretch is the part of n things that piece i of pieces has.
func stretch(n, i, pieces int) (from, to int) { return n * i / pieces, n * (i + 1) / pieces }
