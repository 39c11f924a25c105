package rest

import (
	"encoding"
	"math"
	"reflect"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
)

// maxFaults bounds how many faults one answer lists: enough for any form, and
// too few to make an answer of a hostile request large.
const maxFaults = 50

// faults gathers what is wrong with an input, the first fault of each field.
type faults struct {
	list []operation.Fault
}

func (f *faults) full() bool { return len(f.list) >= maxFaults }

// maxFieldName bounds how much of a name that the caller made up is told back.
const maxFieldName = 100

func (f *faults) add(name, key string, args ...map[string]any) {
	if f.full() {
		return
	}
	if len(name) > maxFieldName {
		name = strings.ToValidUTF8(name[:maxFieldName], "") + "…"
	}
	for _, have := range f.list {
		if have.Field == name {
			return
		}
	}
	fault := operation.Fault{Field: name, Key: key}
	if len(args) > 0 {
		fault.Args = args[0]
	}
	f.list = append(f.list, fault)
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &operation.Error{Kind: operation.Invalid, Key: "errors.invalid", Faults: f.list}
}

// Keys that say what a field wants.
const (
	wantText   = "rest.want_text"
	wantID     = "rest.want_id"
	wantTime   = "rest.want_time"
	wantTruth  = "rest.want_true_or_false"
	wantWhole  = "rest.want_whole_number"
	wantNumber = "rest.want_number"
	wantList   = "rest.want_list"
	wantObject = "rest.want_object"
)

// wants is what a value of this shape has to be.
func (s *shape) wants() string {
	switch s.kind {
	case idKind:
		return wantID
	case instantKind:
		return wantTime
	case truthKind:
		return wantTruth
	case wholeKind:
		return wantWhole
	case numberKind:
		return wantNumber
	case listKind:
		return wantList
	case dictionaryKind, recordKind:
		return wantObject
	}
	return wantText
}

// setText sets a value that is a string in JSON; "" when that succeeded, else
// the fault's key.
func (s *shape) setText(v reflect.Value, text string) string {
	switch s.kind {
	case textKind:
		v.SetString(text)
		return ""
	case idKind, instantKind, coinedKind:
		if v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) == nil {
			return ""
		}
	}
	return s.wants()
}

// setNumber sets a value from the text of a JSON number.
func (s *shape) setNumber(v reflect.Value, text string) string {
	switch s.kind {
	case wholeKind:
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil && !v.OverflowInt(n) {
			v.SetInt(n)
			return ""
		}
	case numberKind:
		n, err := strconv.ParseFloat(text, 64)
		if err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) && !v.OverflowFloat(n) {
			v.SetFloat(n)
			return ""
		}
	}
	return s.wants()
}

// setAddressed sets a value from an address, where everything is text.
func (s *shape) setAddressed(v reflect.Value, text string) string {
	switch s.kind {
	case truthKind:
		switch text {
		case "true", "false":
			v.SetBool(text == "true")
			return ""
		}
		return wantTruth
	case wholeKind, numberKind:
		return s.setNumber(v, text)
	}
	return s.setText(v, text)
}

// into is the place of a field in a record: what the pointer leads to when it
// is one.
func (f *field) into(record reflect.Value) reflect.Value { return made(record.FieldByIndex(f.index)) }

// made is what a pointer leads to, made when there is nothing yet; any other
// value is itself.
func made(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	return v
}
