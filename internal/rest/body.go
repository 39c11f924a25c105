package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"commontable/internal/platform/operation"
)

const (
	// maxBody bounds what a request may send.
	maxBody = 1 << 20
	// maxDepth bounds how deep objects and lists may lie in each other. No
	// input of the program comes near it.
	maxDepth = 32
	// defaultMaxItems is the door's, so that a list far beyond it is not kept.
	defaultMaxItems = 100
)

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readBody fills the fields of a record from the body of a request. encoding/json
// by itself takes a key twice, keys in any case and broken text, and stops at
// the first fault; so it serves as tokenizer only.
func readBody(w http.ResponseWriter, r *http.Request, allowed map[string]*field, record reflect.Value, given []bool, found *faults) error {
	if r.ContentLength > maxBody {
		return tooLarge()
	}
	buffer := bodies.Get().(*bytes.Buffer)
	defer func() {
		if buffer.Cap() <= 64<<10 {
			buffer.Reset()
			bodies.Put(buffer)
		}
	}()
	if _, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return tooLarge()
		}
		return malformed("rest.body_broken_off", nil)
	}
	raw := buffer.Bytes()
	if len(raw) == 0 {
		return nil
	}
	if err := checkMediaType(r.Header); err != nil {
		return err
	}
	if err := checkJSON(raw); err != nil {
		return err
	}
	reader := bodyReader{tokens: json.NewDecoder(bytes.NewReader(raw)), faults: found}
	reader.tokens.UseNumber()
	opening, _ := reader.tokens.Token() // the text is known to be JSON: no token below can fail
	if opening != json.Delim('{') {
		found.add("", wantObject)
		return nil
	}
	reader.record(allowed, record, given)
	return nil
}

func tooLarge() error {
	return &operation.Error{Kind: operation.TooLarge, Key: "rest.too_large", Args: map[string]any{"Most": maxBody >> 10}}
}

// refuseBody is for methods whose input stands in the address: a body there
// would be silently ignored, or worse, understood by something in between.
func refuseBody(r *http.Request) error {
	if r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	var one [1]byte
	if n, _ := io.ReadFull(r.Body, one[:]); n == 0 {
		return nil
	}
	return malformed("rest.body_unexpected", nil)
}

func checkMediaType(h http.Header) error {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, named := params["charset"]
	if err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") || len(h["Content-Type"]) > 1 || h.Get("Content-Encoding") != "" {
		return &refusal{problem: mediaTypeProblem, key: "rest.media_type"}
	}
	return nil
}

// bodyReader walks through JSON that is known to be valid and not too deep.
type bodyReader struct {
	tokens *json.Decoder
	faults *faults
	path   []string
}

func (b *bodyReader) fault(key string) {
	if !b.faults.full() { // a path may be long, and faults many
		b.faults.add(strings.Join(b.path, "."), key)
	}
}

func (b *bodyReader) enter(name string) { b.path = append(b.path, name) }
func (b *bodyReader) leave()            { b.path = b.path[:len(b.path)-1] }

// skip passes over the next value.
func (b *bodyReader) skip() {
	var ignored json.RawMessage
	_ = b.tokens.Decode(&ignored) // valid: see checkJSON
}

// next is the next token.
func (b *bodyReader) next() json.Token {
	token, _ := b.tokens.Token() // valid: see checkJSON
	return token
}

// record reads the fields of an object whose brace was read.
func (b *bodyReader) record(allowed map[string]*field, v reflect.Value, given []bool) {
	for b.tokens.More() {
		name, _ := b.next().(string)
		b.enter(name)
		f := allowed[name]
		switch {
		case f == nil || f.hidden:
			b.fault("rest.unknown_field")
			b.skip()
		case given[f.number]:
			b.fault("rest.given_twice")
			b.skip()
		default:
			given[f.number] = true
			b.value(f.shape, f.into(v), f.maxItems())
		}
		b.leave()
	}
	b.next()
}

// value reads the next value.
func (b *bodyReader) value(s *shape, v reflect.Value, maxItems int) {
	if s.kind == foreignKind {
		b.foreign(v)
		return
	}
	key := s.wants()
	switch token := b.next().(type) {
	case string:
		key = s.setText(v, token)
	case json.Number:
		key = s.setNumber(v, token.String())
	case bool:
		if s.kind == truthKind {
			v.SetBool(token)
			key = ""
		}
	case nil:
		key = "rest.null"
	case json.Delim:
		switch {
		case token == '[' && s.kind == listKind:
			b.list(s, v, maxItems)
			return
		case token == '{' && s.kind == recordKind:
			b.record(s.byName, v, make([]bool, len(s.fields)))
			return
		case token == '{' && s.kind == dictionaryKind:
			b.dictionary(s, v, maxItems)
			return
		}
		b.close()
	}
	if key != "" {
		b.fault(key)
	}
}

// close passes over the rest of an object or list of which the opening was
// read.
func (b *bodyReader) close() {
	for depth := 1; depth > 0; {
		if mark, ok := b.next().(json.Delim); ok {
			if mark == '[' || mark == '{' {
				depth++
			} else {
				depth--
			}
		}
	}
}

// list keeps one item more than there may be, by which the door sees that
// there are too many.
func (b *bodyReader) list(s *shape, v reflect.Value, maxItems int) {
	v.Set(reflect.MakeSlice(v.Type(), 0, 4))
	for i := 0; b.tokens.More(); i++ {
		if i > maxItems {
			b.skip()
			continue
		}
		v.Grow(1)
		v.SetLen(i + 1)
		v.Index(i).SetZero()
		b.enter(strconv.Itoa(i))
		b.value(s.element, made(v.Index(i)), defaultMaxItems)
		b.leave()
	}
	b.next()
}

func (b *bodyReader) dictionary(s *shape, v reflect.Value, maxItems int) {
	v.Set(reflect.MakeMap(v.Type()))
	for b.tokens.More() {
		name, _ := b.next().(string)
		if v.Len() > maxItems {
			b.skip()
			continue
		}
		key := reflect.ValueOf(name).Convert(v.Type().Key())
		b.enter(name)
		if v.MapIndex(key).IsValid() {
			b.fault("rest.given_twice")
			b.skip()
		} else {
			item := reflect.New(v.Type().Elem()).Elem()
			b.value(s.element, made(item), defaultMaxItems)
			v.SetMapIndex(key, item)
		}
		b.leave()
	}
	b.next()
}

// foreign leaves a value to its type.
func (b *bodyReader) foreign(v reflect.Value) {
	var raw json.RawMessage
	_ = b.tokens.Decode(&raw) // valid: see checkJSON
	if json.Unmarshal(raw, v.Addr().Interface()) != nil {
		b.fault("rest.wrong_type")
	}
}

// maxItems is the tag's, or the door's default.
func (f *field) maxItems() int {
	if n, err := strconv.Atoi(f.tag.Get("maxItems")); err == nil {
		return n
	}
	return defaultMaxItems
}
