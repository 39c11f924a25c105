package operation

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/store"
)

// Keyset says where in an ordered list a page begins. Pages are found by key,
// never by counting rows, so that page 2,000 costs what page 1 does.
type Keyset struct {
	After, Before string
	Limit         int64
	Descending    bool
	// Columns are the sort columns, all in one direction and none NULL, the
	// last unique. They are the program's own constants. Types has one letter
	// for each: i for int64, s for string, b for []byte.
	Columns []string
	Types   string
}

// DefaultLimit is the length of a page when none is asked for.
const DefaultLimit = 50

// List runs a query page by page. key gives the values of the sort columns of
// an item.
func List[T any](tx store.Querier, q *store.Builder, k Keyset, scan func(store.Row) (T, error), key func(T) []any) (Page[T], error) {
	var page Page[T]
	if k.Limit == 0 {
		k.Limit = DefaultLimit
	}
	cursor, backwards := k.After, false
	if k.Before != "" {
		cursor, backwards = k.Before, true
	}
	descending := k.Descending != backwards
	if cursor != "" {
		values, ok := parseCursor(cursor, k.Types)
		if !ok {
			return page, InvalidField("after", "errors.bad_cursor")
		}
		comparison := " > "
		if descending {
			comparison = " < "
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(k.Columns)), ", ")
		q.Where("("+strings.Join(k.Columns, ", ")+")"+comparison+"("+marks+")", values...)
	}
	direction := ""
	if descending {
		direction = " DESC"
	}
	q.Add(" ORDER BY " + strings.Join(k.Columns, direction+", ") + direction)
	q.Add(" LIMIT ?", k.Limit+1)
	text, args := q.SQL()
	items, err := store.Collect(tx, scan, text, args...)
	if err != nil {
		return page, err
	}
	more := int64(len(items)) > k.Limit
	if more {
		items = items[:k.Limit]
	}
	if backwards {
		slices.Reverse(items)
	}
	page.Items = items
	if page.Items == nil {
		page.Items = []T{} // an empty list is written [] and not null
	}
	if len(items) == 0 {
		return page, nil
	}
	if more && !backwards || backwards {
		page.Next = formatCursor(key(items[len(items)-1]))
	}
	if more && backwards || !backwards && k.After != "" {
		page.Previous = formatCursor(key(items[0]))
	}
	return page, nil
}

// A cursor is the sort key of a row, each value with its type. It tells nothing
// that the row itself did not, and a forged one only moves the window.
func formatCursor(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case int64:
			texts[i] = "i" + strconv.FormatInt(v, 10)
		case []byte:
			texts[i] = "b" + base64.RawURLEncoding.EncodeToString(v)
		case string:
			texts[i] = "s" + v
		default:
			panic("operation: a cursor holds int64, string or []byte")
		}
	}
	raw, _ := json.Marshal(texts) // a list of strings always marshals
	return base64.RawURLEncoding.EncodeToString(raw)
}

const maxCursor = 2000

func parseCursor(cursor, types string) ([]any, bool) {
	if len(cursor) > maxCursor {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, false
	}
	var texts []string
	if json.Unmarshal(raw, &texts) != nil || len(texts) != len(types) {
		return nil, false
	}
	values := make([]any, len(types))
	for i, text := range texts {
		if text == "" || text[0] != types[i] {
			return nil, false
		}
		switch text[0] {
		case 'i':
			n, err := strconv.ParseInt(text[1:], 10, 64)
			if err != nil {
				return nil, false
			}
			values[i] = n
		case 'b':
			b, err := base64.RawURLEncoding.DecodeString(text[1:])
			if err != nil {
				return nil, false
			}
			values[i] = b
		case 's':
			if strings.ContainsRune(text, 0) {
				return nil, false
			}
			values[i] = text[1:]
		default:
			return nil, false
		}
	}
	return values, true
}
