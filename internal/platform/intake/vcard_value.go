package intake

import (
	"slices"
	"strings"
)

// plainProperties are the properties that are one value, and their columns.
var plainProperties = map[string]string{
	"FN": "Full Name", "NICKNAME": "Nickname", "TITLE": "Title", "ROLE": "Role", "URL": "Website", "BDAY": "Birthday", "NOTE": "Note", "UID": "UID",
}

// leftOutProperties say nothing of the person.
var leftOutProperties = []string{"VERSION", "PRODID", "PHOTO", "LOGO", "SOUND", "KEY", "X-ABLABEL", "X-ABADR", "X-ABUID", "SOURCE", "CLIENTPIDMAP", "MAILER"}

// add puts a property into its columns.
func (c *card) add(p property) {
	parts := structured(p.value)
	part := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	switch p.name {
	case "AGENT":
		c.agent = true
	case "N":
		if len(c.values["Last Name"]) == 0 && len(c.values["First Name"]) == 0 {
			for i, column := range []string{"Last Name", "First Name", "Middle Name", "Prefix", "Suffix"} {
				c.set(column, part(i))
			}
		}
	case "ORG":
		c.set("Organization", part(0))
		c.set("Department", strings.Join(filledParts(parts[min(1, len(parts)):]), ", "))
	case "EMAIL":
		c.typed("Email", strings.TrimPrefix(whole(p.value), "mailto:"), p.types)
	case "TEL":
		c.typed("Phone", strings.TrimPrefix(whole(p.value), "tel:"), p.types)
	case "ADR":
		if len(filledParts(parts)) == 0 {
			return
		}
		n := len(c.values["Street"])
		c.at("Street", n, strings.Join(filledParts([]string{part(0), part(2), part(1)}), ", "))
		c.at("City", n, part(3))
		c.at("Region", n, part(4))
		c.at("Postal Code", n, part(5))
		c.at("Country", n, part(6))
		c.at("Address Type", n, strings.Join(p.types, ", "))
	case "CATEGORIES":
		all := strings.Join(filledParts(splitUnescaped(p.value, ',')), " | ")
		if before := c.values["Categories"]; len(before) > 0 {
			before[0] += " | " + all
			return
		}
		c.set("Categories", all)
	default:
		if slices.Contains(leftOutProperties, p.name) {
			return
		}
		column, known := plainProperties[p.name]
		if !known {
			column = p.name
		}
		c.set(column, whole(p.value))
	}
}

// set adds a value; none is not added.
func (c *card) set(column, value string) {
	if value = strings.TrimSpace(value); value != "" {
		c.values[column] = append(c.values[column], value)
	}
}

// at sets the value numbered n from 0, so that what belongs together has the same number.
func (c *card) at(column string, n int, value string) {
	values := c.values[column]
	if value = strings.TrimSpace(value); value == "" && column != "Street" {
		return
	}
	for len(values) <= n {
		values = append(values, "")
	}
	values[n] = value
	c.values[column] = values
}

func (c *card) typed(column, value string, types []string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	c.values[column] = append(c.values[column], value)
	c.at(column+" Type", len(c.values[column])-1, strings.Join(types, ", "))
}

func filledParts(parts []string) (out []string) {
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// structured are the parts of a value that has several.
func structured(value string) []string { return splitUnescaped(value, ';') }

// splitUnescaped cuts value at a separator that no backslash stands before, and takes the backslashes out.
func splitUnescaped(value string, separator byte) (parts []string) {
	from := 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case separator:
			parts = append(parts, whole(value[from:i]))
			from = i + 1
		}
	}
	return append(parts, whole(value[from:]))
}

// whole takes out the backslashes of a value: \n is a line break, anything else stands for itself.
func whole(value string) string {
	if strings.IndexByte(value, '\\') < 0 {
		return value
	}
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == '\\' && i+1 < len(value) {
			i++
			switch c = value[i]; c {
			case 'n', 'N':
				c = '\n'
			case '\\', ',', ';', ':', '"':
			default:
				out.WriteByte('\\')
			}
		}
		out.WriteByte(c)
	}
	return out.String()
}
