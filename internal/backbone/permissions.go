// Package backbone holds the permission table of everything a backbone does.
// The capabilities themselves are the packages below it.
package backbone

import "commontable/internal/platform/operation"

// Permissions is who may do what: operations down, roles across.
//
//	Y  always                         o  on the organization they represent
//	-  never                          g  on the group they chair
//	a  anyone signed in               s  on themselves
//
// Nothing here gives a funder more than a member sees, and being the
// installation's administrator opens no collaborative's data. An operation
// without a row is closed to everyone; a test finds it.
var Permissions = map[string]string{
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"organizations.list":           " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"organizations.get":            " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"organizations.create":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.create-several": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.edit":           " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"organizations.edit-several":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.trash":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.restore":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.export":         " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",
	"organizations.see-notes":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"people.list":           " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"people.get":            " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"people.create":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.create-several": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.edit":           " Y   Y   s   s   s   s   s   s   s   s   -   -   - ",
	"people.edit-several":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.trash":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.restore":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.export":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.see-contacts":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"search.find":    " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"history.list":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"history.record": " Y   Y   s   s   s   s   s   s   s   s   -   -   - ",
	"history.undo":   " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"jobs.list":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"jobs.retry":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	// The collaborative itself.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"collaboratives.get":    " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   - ",
	"collaboratives.edit":   " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"principles.list":       " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   - ",
	"principles.get":        " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   - ",
	"principles.adopt":      " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"members.list":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"members.invite":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"members.edit":          " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"members.remove":        " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"invitations.list":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"invitations.revoke":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"collaboratives.create": " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"collaboratives.list":   " -   -   -   -   -   -   -   -   -   -   -   Y   a ",

	// The installation.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"mail-settings.get":    " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.edit":   " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.test":   " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.outbox": " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
}

// ParsedPermissions is the table ready for the door. It panics on a malformed
// row: the table is source code, and a test parses it too.
func ParsedPermissions() operation.Permissions {
	table, err := operation.ParsePermissions(Permissions)
	if err != nil {
		panic(err)
	}
	return table
}
