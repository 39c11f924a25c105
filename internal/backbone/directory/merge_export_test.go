package directory

import (
	"os"
	"regexp"
	"testing"
)

// MovedReferences are the columns for which merge_rows.go has a move.
func MovedReferences(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("merge_rows.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, m := range regexp.MustCompile(`merges\.id, '(\w+\.\w+)'`).FindAllStringSubmatch(string(raw), -1) {
		out[m[1]] = true
	}
	return out
}
