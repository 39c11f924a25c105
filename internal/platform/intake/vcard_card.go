package intake

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

func countedName(name string, n int) string { return name + " " + strconv.Itoa(n) }

// card is one contact card: its values by column.
type card struct {
	values map[string][]string
	size   int64 // of its lines in bytes
	count  int64 // of its lines
	open   bool  // its end was missing
	agent  bool  // the card of somebody else stands in it
}

// cards yields the cards of a text in the versions 2.1 (its own standard), 3.0 (RFC 2426) and 4.0 (RFC
// 6350). What stands outside of cards is left out. A card lives until the next one is asked for.
func cards(in io.Reader, limits Limits) iter.Seq2[*card, error] {
	return func(yield func(*card, error) bool) {
		lines := &cardLines{in: bufio.NewReaderSize(in, 64<<10), most: int(2 * limits.RowBytes)}
		var c *card
		depth := 0
		for {
			line, err := lines.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				yield(nil, err)
				return
			}
			p, ok := parseProperty(line)
			switch {
			case !ok:
			case p.name == "BEGIN" && strings.EqualFold(strings.TrimSpace(p.value), "vcard"):
				if depth++; c != nil && depth > 1 && !c.agent {
					c.open, depth = true, 1
					if !yield(c, nil) {
						return
					}
					c = nil
				}
				if c == nil {
					c = &card{values: map[string][]string{}}
				}
			case c == nil:
			case p.name == "END" && strings.EqualFold(strings.TrimSpace(p.value), "vcard"):
				if depth--; depth == 0 {
					if !yield(c, nil) {
						return
					}
					c = nil
				}
			case depth == 1:
				if c.size += int64(len(line)); c.size > 2*limits.RowBytes {
					yield(nil, longCell(0))
					return
				}
				if c.count++; c.count > limits.Columns {
					yield(nil, tooManyColumns(limits.Columns))
					return
				}
				c.add(p)
			}
		}
		if c != nil {
			c.open = true
			yield(c, nil)
		}
	}
}
