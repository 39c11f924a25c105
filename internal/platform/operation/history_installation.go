package operation

import "commontable/internal/platform/store"

// The installation has an audit log of its own: what accounts did to themselves
// (signing in, passkeys, sessions, tokens) and what the administrator did. It
// belongs to no collaborative, so it lies outside every collaborative's log.

// OwnHistoryInput pages through the log.
type OwnHistoryInput struct {
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// AccountHistory is what the caller's account did, newest first.
var AccountHistory = Define(Operation[OwnHistoryInput, Page[Entry]]{
	Definition: Definition{ID: "history.account", Summary: "Lists what the caller's account did, newest first", Scope: OnInstallation, ReadOnly: true, Method: "GET", Path: "/account/history"},
	Run: func(c *Call, in OwnHistoryInput) (Page[Entry], error) {
		return listInstallationHistory(c, in, store.SelectInstallation(`SELECT `+installationEntryColumns+` FROM installation_audit WHERE account_id = ?`, c.Actor.Account))
	},
})

// InstallationHistory is what every account did outside the collaboratives,
// newest first.
var InstallationHistory = Define(Operation[OwnHistoryInput, Page[Entry]]{
	Definition: Definition{ID: "history.installation", Summary: "Lists what was done in the installation, newest first", Scope: OnInstallation, ReadOnly: true, Method: "GET", Path: "/history"},
	Run: func(c *Call, in OwnHistoryInput) (Page[Entry], error) {
		return listInstallationHistory(c, in, store.SelectInstallation(`SELECT `+installationEntryColumns+` FROM installation_audit WHERE id IS NOT NULL`))
	},
})

const installationEntryColumns = `id, at, operation, actor_name, via, subject_kind, subject_id, subject_title, fields`

func listInstallationHistory(c *Call, in OwnHistoryInput, q *store.Builder) (Page[Entry], error) {
	page, err := List(c.Installation, q, Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"id"}, Types: "b"},
		func(row store.Row) (e Entry, err error) {
			return e, row.Scan(&e.ID, store.ScanTime(&e.At), &e.Operation, &e.Actor, &e.Via, store.ScanText(&e.Subject), &e.SubjectID, store.ScanText(&e.Title), store.ScanJSON(&e.Fields))
		}, func(e Entry) []any { return []any{e.ID[:]} })
	page.Total = -1
	return page, err
}
