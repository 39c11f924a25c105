package operation

import (
	"net/mail"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"commontable/internal/platform/i18n"
)

// rules are what an input's struct tags ask of it, worked out once a type. The
// same tags make the schema of the REST documentation:
//
//	json       the field's name
//	required   "true" when it must not be empty
//	maxLength  in characters (200 when absent; 10,000 with text:"lines")
//	maxItems   of a list (100 when absent)
//	enum       the allowed values, separated by commas
//	minimum, maximum
//	format     "date" (YYYY-MM-DD, 1000–9999), "email", "url"
//	text       "lines" keeps line breaks; "raw" is not cleaned (passwords, cursors)
type rules struct{ fields []rule }

type rule struct {
	index     []int
	name      string
	required  bool
	maxLength int
	maxItems  int
	enum      []string
	minimum   *int64
	maximum   *int64
	format    string
	text      string
	nested    *rules // element of a list of structs, or a struct
}

const (
	defaultMaxLength = 200
	linesMaxLength   = 10_000
	defaultMaxItems  = 100
)

func rulesOf(t reflect.Type) *rules {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	out := &rules{}
	if t.Kind() != reflect.Struct {
		return out
	}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous || !field.IsExported() || name == "" || name == "-" {
			continue
		}
		r := rule{index: field.Index, name: name, required: field.Tag.Get("required") == "true",
			format: field.Tag.Get("format"), text: field.Tag.Get("text"), maxLength: defaultMaxLength, maxItems: defaultMaxItems}
		if r.text == "lines" {
			r.maxLength = linesMaxLength
		}
		if n, err := strconv.Atoi(field.Tag.Get("maxLength")); err == nil {
			r.maxLength = n
		}
		if n, err := strconv.Atoi(field.Tag.Get("maxItems")); err == nil {
			r.maxItems = n
		}
		if e := field.Tag.Get("enum"); e != "" {
			r.enum = strings.Split(e, ",")
		}
		r.minimum, r.maximum = bound(field.Tag.Get("minimum")), bound(field.Tag.Get("maximum"))
		element := field.Type
		if element.Kind() == reflect.Slice {
			element = element.Elem()
		}
		if element.Kind() == reflect.Struct {
			r.nested = rulesOf(element)
		}
		out.fields = append(out.fields, r)
	}
	return out
}

// checked are the rules of types that Check has seen.
var checked sync.Map

// Check cleans a value that row points to and reports every fault, by the tags of
// its struct, as the door does with an input.
func Check(row any, faults *Faults) {
	v := reflect.ValueOf(row).Elem()
	r, ok := checked.Load(v.Type())
	if !ok {
		r, _ = checked.LoadOrStore(v.Type(), rulesOf(v.Type()))
	}
	r.(*rules).apply(v, faults)
}

func bound(s string) *int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// apply cleans the text of a value in place and reports every fault.
func (r *rules) apply(v reflect.Value, faults *Faults) { r.applyAt("", v, faults) }

func (r *rules) applyAt(prefix string, v reflect.Value, faults *Faults) {
	for _, f := range r.fields {
		f.apply(prefix+f.name, v.FieldByIndex(f.index), faults)
	}
}

func (f rule) apply(name string, v reflect.Value, faults *Faults) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			if f.required {
				faults.Add(name, "errors.required")
			}
			return
		}
		v = v.Elem()
	}
	if f.required && v.Kind() != reflect.Bool && isEmpty(v) {
		faults.Add(name, "errors.required")
	}
	switch v.Kind() {
	case reflect.String:
		f.applyText(name, v, faults)
		if f.required && v.String() == "" {
			faults.Add(name, "errors.required")
		}
	case reflect.Int, reflect.Int64, reflect.Int32:
		if f.minimum != nil && v.Int() < *f.minimum {
			faults.Add(name, "errors.minimum", map[string]any{"Minimum": *f.minimum})
		}
		if f.maximum != nil && v.Int() > *f.maximum {
			faults.Add(name, "errors.maximum", map[string]any{"Maximum": *f.maximum})
		}
	case reflect.Slice:
		if v.Len() > f.maxItems {
			faults.Add(name, "errors.too_many_items", map[string]any{"Most": f.maxItems})
			return
		}
		for i := range v.Len() {
			item := name + "." + strconv.Itoa(i)
			switch {
			case f.nested != nil && v.Index(i).Kind() == reflect.Struct:
				f.nested.applyAt(item+".", v.Index(i), faults)
			case v.Index(i).Kind() == reflect.String:
				f.applyText(item, v.Index(i), faults)
			}
		}
	case reflect.Map:
		if v.Len() > f.maxItems {
			faults.Add(name, "errors.too_many_items", map[string]any{"Most": f.maxItems})
			return
		}
		f.applyMap(name, v, faults)
	case reflect.Struct:
		if f.nested != nil {
			f.nested.applyAt(name+".", v, faults)
		}
	}
}

// applyMap cleans a map of texts, such as labels.
func (f rule) applyMap(name string, v reflect.Value, faults *Faults) {
	if v.Type().Elem().Kind() != reflect.String {
		return
	}
	for _, key := range v.MapKeys() {
		text := reflect.New(v.Type().Elem()).Elem()
		text.Set(v.MapIndex(key))
		f.applyText(name+"."+key.String(), text, faults)
		v.SetMapIndex(key, text)
	}
}

func isEmpty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

// applyText cleans one text and checks it.
func (f rule) applyText(name string, v reflect.Value, faults *Faults) {
	text := v.String()
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		faults.Add(name, "errors.not_text")
		return
	}
	// A text far beyond its limit is not worth cleaning first.
	if len(text) > 8*f.maxLength+64 {
		faults.Add(name, "errors.too_long", map[string]any{"Most": f.maxLength})
		return
	}
	switch f.text {
	case "raw":
	case "lines":
		text = i18n.CleanText(text)
	default:
		text = i18n.CleanLine(text)
	}
	v.SetString(text)
	if utf8.RuneCountInString(text) > f.maxLength {
		faults.Add(name, "errors.too_long", map[string]any{"Most": f.maxLength})
		return
	}
	if text == "" {
		return
	}
	if len(f.enum) > 0 && !contains(f.enum, text) {
		faults.Add(name, "errors.not_offered")
	}
	if key := checkFormat(f.format, text); key != "" {
		faults.Add(name, key)
	}
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

func checkFormat(format, text string) string {
	switch format {
	case "date":
		// Years below 1000 are slips of the hand, not history.
		if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < 1000 {
			return "errors.not_a_date"
		}
	case "email":
		if !IsEmail(text) {
			return "errors.not_an_email"
		}
	case "url":
		if !IsLink(text) {
			return "errors.not_a_link"
		}
	}
	return ""
}

// IsEmail says whether a text is one plain address: no display name, no
// comments, nothing a mail server could read as a command.
func IsEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s || len(s) > 254 || strings.ContainsAny(s, " \t\r\n<>\",;:\\()[]") {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(domain, ".") && !strings.Contains(domain, "..") && !strings.HasPrefix(domain, ".")
}

// IsLink says whether a text is a web address that is safe to offer as a link.
func IsLink(s string) bool {
	if strings.ContainsAny(s, "\t\r\n\\ <>\"") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
