package store

import (
	"strconv"
	"strings"
)

// Builder puts a statement together from constant fragments. Values only ever
// enter as arguments; internal/guard checks that fragments are constants.
type Builder struct {
	text  strings.Builder
	args  []any
	first int // number of the first argument's placeholder
}

// Select begins a statement for a Tx, whose $1 is the collaborative. In text
// and in every fragment "?" stands for the next argument.
func Select(text string, args ...any) *Builder {
	b := &Builder{first: 2}
	b.Add(text, args...)
	return b
}

// SelectInstallation begins a statement for an InstallationTx.
func SelectInstallation(text string, args ...any) *Builder {
	b := &Builder{first: 1}
	b.Add(text, args...)
	return b
}

// Where narrows by a condition.
func (b *Builder) Where(condition string, args ...any) { b.Add(" AND "+condition, args...) }

// Add appends a fragment.
func (b *Builder) Add(fragment string, args ...any) {
	for _, arg := range args {
		before, after, found := strings.Cut(fragment, "?")
		if !found {
			break // surfaces as the engine's complaint about a missing parameter
		}
		b.args = append(b.args, arg)
		b.text.WriteString(before)
		b.text.WriteString("$" + strconv.Itoa(b.first+len(b.args)-1))
		fragment = after
	}
	b.text.WriteString(fragment)
}

// SQL is the statement so far and its arguments.
func (b *Builder) SQL() (text string, args []any) { return b.text.String(), b.args }
