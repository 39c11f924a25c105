package operation

import (
	"fmt"
	"sort"
	"strings"
)

// Grant is what a role may do with an operation.
type Grant byte

// The grants, as the permission table writes them.
const (
	Never      Grant = '-'
	Always     Grant = 'Y'
	OwnOrg     Grant = 'o' // on the organization they represent
	OwnGroup   Grant = 'g' // on the group they chair
	Themselves Grant = 's' // on themselves
	AnyAccount Grant = 'a' // any signed-in account, whatever its roles
)

// Permissions is the permission table: operation id → one grant a role, in the
// order of Roles.
type Permissions map[string][]Grant

// ParsePermissions reads a table whose rows are operation ids and whose columns
// are grants separated by spaces, one a role in the order of Roles.
func ParsePermissions(rows map[string]string) (Permissions, error) {
	out := make(Permissions, len(rows))
	for op, row := range rows {
		cells := strings.Fields(row)
		if len(cells) != len(Roles) {
			return nil, fmt.Errorf("permissions of %s: %d columns, want %d", op, len(cells), len(Roles))
		}
		for _, cell := range cells {
			if len(cell) != 1 || !strings.Contains("-Yogsa", cell) {
				return nil, fmt.Errorf("permissions of %s: %q is no grant", op, cell)
			}
			out[op] = append(out[op], Grant(cell[0]))
		}
	}
	return out, nil
}

// grants lists what the actor's roles give for an operation, without Never and
// without repetition; Always comes alone.
func (p Permissions) grants(op string, a Actor) []Grant {
	row, ok := p[op]
	if !ok {
		return nil // an operation without a row is closed to everyone
	}
	var out []Grant
	for i, role := range Roles {
		held := a.Has(role) || role == Public
		// "any account" is written in the public column: it needs no role, only
		// somebody signed in.
		if !held || row[i] == Never || row[i] == AnyAccount && !a.SignedIn() {
			continue
		}
		if row[i] == Always || row[i] == AnyAccount {
			return []Grant{Always}
		}
		out = append(out, row[i])
	}
	return out
}

// Allows says whether any of the actor's roles may run the operation at all:
// on everything, or at least on what is their own. Pages use it to decide what
// to offer; the door decides again.
func (p Permissions) Allows(op string, a Actor) bool {
	return a.Via == ViaSystem || len(p.grants(op, a)) > 0
}

// AllowsAll says whether the actor may run the operation on everything.
func (p Permissions) AllowsAll(op string, a Actor) bool {
	if a.Via == ViaSystem {
		return true
	}
	g := p.grants(op, a)
	return len(g) == 1 && g[0] == Always
}

// Operations lists the ids in the table, sorted.
func (p Permissions) Operations() []string {
	out := make([]string, 0, len(p))
	for op := range p {
		out = append(out, op)
	}
	sort.Strings(out)
	return out
}
