package imports

import "slices"

// kinds lists every sort of record that files can bring, in the order in which
// they are offered.
var kinds = []*Kind{organizationKind, personKind, bodyKind, seatKind, touchKind, tieKind, meetingKind, calendarKind, attendanceKind, figureKind}

// Kinds lists the ids of those a file can be about.
func Kinds() []string {
	var out []string
	for _, k := range kinds {
		if !k.Beside {
			out = append(out, k.ID)
		}
	}
	return out
}

func kindOf(id string) *Kind {
	at := slices.IndexFunc(kinds, func(k *Kind) bool { return k.ID == id })
	if at < 0 {
		return nil
	}
	return kinds[at]
}

// field finds one of a kind's own fields.
func (k *Kind) field(id string) (Field, bool) {
	at := slices.IndexFunc(k.Fields, func(f Field) bool { return f.ID == id })
	if at < 0 {
		return Field{}, false
	}
	return k.Fields[at], true
}

// steps are the kinds a file of this kind touches, in the order in which they
// are written: what others refer to comes first, the file's own kind last.
func (k *Kind) steps() []*Kind {
	var out []*Kind
	for _, r := range k.Roles {
		if role := kindOf(r.Kind); !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	return append(out, k)
}

// refersToItself says whether a record may name others of its kind, as a body
// names the one it reports to.
func (k *Kind) refersToItself() bool {
	return slices.ContainsFunc(k.Roles, func(r Role) bool { return r.Kind == k.ID })
}
