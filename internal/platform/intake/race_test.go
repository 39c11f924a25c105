//go:build race

package intake

// share is into how many parts the large files of the tests are cut: the race detector takes ten times as
// long to read them.
const share = 10
