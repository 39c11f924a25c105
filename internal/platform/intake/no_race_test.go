//go:build !race

package intake

// share is into how many parts the large files of the tests are cut: they are whole.
const share = 1
