package imports

import (
	"strings"

	"commontable/internal/platform/operation"
)

// own are the values of the collaborative's own fields, by key.
func own(v Values) map[string]string {
	var out map[string]string
	for name, value := range v {
		if key, ok := strings.CutPrefix(name, ownField); ok {
			if out == nil {
				out = map[string]string{}
			}
			out[key] = value
		}
	}
	return out
}

// putOwn is the way back from own.
func putOwn(v Values, custom map[string]string) {
	for key, value := range custom {
		v[ownField+key] = value
	}
}

// set is a field of a patch, nil where it does not change.
func set(change Values, name string) *string {
	value, given := change[name]
	if !given {
		return nil
	}
	return &value
}

func setLines(change Values, name string) *[]string {
	value, given := change[name]
	if !given {
		return nil
	}
	out := lines(value)
	if out == nil {
		out = []string{}
	}
	return &out
}

func setYes(change Values, name string) *bool {
	value, given := change[name]
	if !given {
		return nil
	}
	is := value == "yes"
	return &is
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

func nonempty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// orMissing is an error, or that a record is not there any more.
func orMissing(err error) error {
	if err == nil {
		return operation.Missing()
	}
	return err
}
