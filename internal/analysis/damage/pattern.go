package damage

import (
	"regexp"
	"sync"
)

// pattern is an expression that is compiled when it is first needed: most runs of the
// program read no file, and all of these together cost a start some milliseconds.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
