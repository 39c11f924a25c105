package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

func currentAttr(current bool) templ.Attributes {
	if current {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func pressedAttr(current bool) templ.Attributes {
	if current {
		return templ.Attributes{"aria-pressed": "true"}
	}
	return nil
}

func currentClass(current bool) string {
	if current {
		return "current"
	}
	return ""
}

func footClass(foot bool) string {
	if foot {
		return "foot"
	}
	return ""
}

func wideClass(wide bool) string {
	if wide {
		return "wide"
	}
	return ""
}

func numericClass(numeric bool) string {
	if numeric {
		return "n"
	}
	return ""
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func srClass(hide bool) string {
	if hide {
		return "sr"
	}
	return ""
}

// ranked makes the first action of a group the main one and the others quiet, unless they say otherwise.
func ranked(a Action, i int) Action {
	if a.Kind == Plain {
		a.Kind = Quiet
		if i == 0 {
			a.Kind = Main
		}
	}
	return a
}

func quiet(a Action) Action {
	if a.Kind == Plain {
		a.Kind = Quiet
	}
	return a
}

func undo(a Action, label string) Action {
	a = quiet(a)
	a.Label = or(a.Label, label)
	a.Icon = or(a.Icon, "undo")
	return a
}

// poll makes an element fetch its own replacement every two seconds.
func poll(address string) templ.Attributes {
	if address == "" {
		return nil
	}
	return templ.Attributes{"hx-get": address, "hx-trigger": "every 2s", "hx-swap": "outerHTML"}
}

func fullClass(full bool) string {
	if full {
		return "full"
	}
	return ""
}

func columnsClass(columns bool) string {
	if columns {
		return "columns"
	}
	return ""
}

func invalidClass(message string) string {
	if message != "" {
		return "invalid"
	}
	return ""
}

func mainKind(k Kind) Kind {
	if k == Plain {
		return Main
	}
	return k
}

func quietKind(k Kind) Kind {
	if k == Plain {
		return Quiet
	}
	return k
}

func choiceType(kind FieldKind) string {
	if kind == Radios {
		return "radio"
	}
	return "checkbox"
}

// choiceAttrs ties a choice to its own help; a required radio group needs the mark on its buttons.
func choiceAttrs(f FieldProps, o Option, i int) templ.Attributes {
	a := templ.Attributes{}
	if o.Help != "" {
		a["aria-describedby"] = f.optionID(i) + "-note"
	}
	if f.Kind == Radios && f.Required {
		a["required"] = true
	}
	if f.Error != "" && f.Kind == Checkboxes {
		a["aria-invalid"] = "true"
	}
	return a
}
