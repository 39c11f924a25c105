package rest

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"commontable/internal/platform/operation"
)

// maxQuery bounds the query of an address. The longest honest one is a cursor
// and a few filters.
const maxQuery = 16 << 10

// readQuery fills fields from the query of an address. It reads the text
// itself: url.ParseQuery passes over what it cannot read, and order and
// repetition matter here.
func readQuery(raw string, allowed map[string]*field, record reflect.Value, given []bool, found *faults) error {
	if len(raw) > maxQuery {
		return malformed("rest.query_too_long", map[string]any{"Most": maxQuery >> 10})
	}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if nameErr != nil || valueErr != nil || strings.Contains(pair, ";") {
			return malformed("rest.not_a_query", nil)
		}
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return malformed("rest.not_utf8", nil)
		}
		setQuery(allowed[name], name, value, record, given, found)
	}
	return nil
}

func setQuery(f *field, name, value string, record reflect.Value, given []bool, found *faults) {
	switch {
	case f == nil:
		found.add(name, "rest.unknown_parameter")
	case f.shape.kind == listKind:
		list := f.into(record)
		if list.Len() > f.maxItems() {
			return // one too many is enough for the door to see
		}
		given[f.number] = true
		item := reflect.New(list.Type().Elem()).Elem()
		if key := f.shape.element.setAddressed(made(item), value); key != "" {
			found.add(name, key)
		}
		list.Set(reflect.Append(list, item))
	case given[f.number]:
		found.add(name, "rest.given_twice")
	default:
		given[f.number] = true
		if key := f.shape.setAddressed(f.into(record), value); key != "" {
			found.add(name, key)
		}
	}
}

// readPath fills fields from the placeholders of a path. What cannot be the
// name of anything names nothing: it is not found.
func readPath(r *http.Request, placeholders []*field, record reflect.Value) error {
	for _, f := range placeholders {
		text := r.PathValue(f.name)
		if text == "" || !utf8.ValidString(text) || strings.ContainsRune(text, 0) || f.shape.setAddressed(f.into(record), text) != "" {
			return operation.Missing()
		}
	}
	return nil
}

// placeholdersOf lists the names in braces of a path.
func placeholdersOf(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}
