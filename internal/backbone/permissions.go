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
	"organizations.list":            " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"organizations.get":             " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"organizations.create":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.create-several":  " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.edit":            " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"organizations.edit-several":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.trash":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.restore":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.export":          " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",
	"organizations.kinds":           " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"organizations.see-notes":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.correct-history": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

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

	// What a collaborative records beyond the common facts.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"people.see-private":      " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"people.set-private":      " Y   s   s   s   s   s   s   s   s   s   -   -   - ",
	"people.set-affiliations": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.list":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.get":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.create":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.edit":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.settle":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.trash":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.restore":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.edit-several":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"touches.export":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"views.list":              " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"views.save":              " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"views.delete":            " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"views.share":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"coverage.get":            " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"coverage.set-targets":    " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"tags.list":               " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"fields.list":             " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"fields.add":              " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"fields.edit":             " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"fields.order":            " Y   -   -   -   -   -   -   -   -   -   -   -   - ",

	// Records that are one, taken apart again.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"organizations.merge":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"organizations.unmerge": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.merge":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.unmerge":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"people.erase":          " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"people.find-mentions":  " Y   -   -   -   -   -   -   -   -   -   -   -   - ",

	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"resemblances.list":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"resemblances.decide":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"resemblances.find":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"resemblances.search":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"resemblances.progress": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	// Structure: bodies, seats and their terms, the backbone's functions.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"bodies.list":              " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"bodies.get":               " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"bodies.create":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"bodies.edit":              " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"bodies.trash":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"bodies.edit-several":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"bodies.restore":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"bodies.export":            " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",
	"seats.list":               " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"seats.get":                " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"seats.create":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.edit":               " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.edit-several":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.fill":               " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.vacate":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.trash":              " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.restore":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"seats.export":             " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",
	"terms.list":               " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"functions.list":           " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"functions.add":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"functions.edit":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"functions.assign":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"functions.edit-holding":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"functions.remove-holding": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"role-map.get":             " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",

	// Ties between organizations; those of which an end is a person only with
	// ties.see-people.
	//                   dir stf tch tmb gch gmb org fun com eva net adm pub
	"ties.list":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"ties.get":          " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"ties.see-people":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"ties.create":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"ties.edit":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"ties.trash":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"ties.restore":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"ties.edit-several": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"ties.export":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	// Meetings. "g" is also whoever has a part in that meeting: facilitates it,
	// takes the notes, keeps the time. Who is expected and what they answered is
	// for those who prepare the meeting; everyone sees themselves.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"meetings.list":               " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"meetings.get":                " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"meetings.create":             " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"meetings.edit":               " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"meetings.step":               " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"meetings.trash":              " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"meetings.restore":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"meetings.export":             " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",
	"meetings.people":             " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"meetings.see-replies":        " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"meetings.set-person":         " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"meetings.reply":              " Y   Y   s   s   s   s   s   s   s   s   -   -   - ",
	"meetings.invite":             " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"participation.count-actions": " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"meeting-answers.receive":     " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"meetings.tell":               " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"meeting-links.open":          " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"meeting-links.reply":         " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"calendar-feeds.list":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"calendar-feeds.make":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"calendar-feeds.end":          " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"calendar-feeds.read":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"series.list":                 " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"series.get":                  " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"series.create":               " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"series.edit":                 " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"series.extend":               " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"series.trash":                " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"series.restore":              " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agenda.list":                 " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"agenda.add":                  " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"agenda.edit":                 " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"agenda.trash":                " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"agenda.restore":              " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"agenda.order":                " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"agenda.carry":                " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"preparations.list":           " Y   Y   Y   Y   Y   Y   -   -   -   -   -   -   - ",
	"preparations.add":            " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"preparations.edit":           " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"preparations.trash":          " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"preparations.restore":        " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"preparations.use-checklist":  " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"checklists.list":             " Y   Y   Y   Y   Y   Y   -   -   -   -   -   -   - ",
	"checklists.get":              " Y   Y   Y   Y   Y   Y   -   -   -   -   -   -   - ",
	"checklists.create":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"checklists.edit":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"checklists.trash":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"checklists.restore":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"captures.list":               " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"captures.add":                " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"captures.edit":               " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"captures.trash":              " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"captures.restore":            " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"meetings.edit-several":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	// Materials of meetings: whoever sees a meeting reads them.
	//                          dir stf tch tmb gch gmb org fun com eva net adm pub
	"materials.list":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"materials.get":          " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"materials.read":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"materials.download":     " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"materials.create":       " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.edit":         " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.begin-upload": " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.add-part":     " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.gather":       " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.add-version":  " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.withdraw":     " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.reinstate":    " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.trash":        " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"materials.restore":      " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"material-links.list":    " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"material-links.open":    " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// How we work together. What one organization did is for itself and the backbone.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"together.get":          " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"together.network":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"together.warnings":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"together.organization": " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",

	// The map of the network. Who was at meetings together is drawn only for those who
	// may read together.network.
	//                    dir stf tch tmb gch gmb org fun com eva net adm pub
	"network-map.get":    " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"network-map.change": " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"network-map.export": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	// How far the backbone's functions have come. It does not judge itself alone: the chair
	// of the leadership table and the evaluator assess too, and each page says who did.
	//                                dir stf tch tmb gch gmb org fun com eva net adm pub
	"scorecard.get":                 " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"scorecard.function":            " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"scorecard.sources":             " Y   Y   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-assessments.get":     " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"scorecard-assessments.create":  " Y   -   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-assessments.trash":   " Y   -   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-assessments.restore": " Y   -   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-evidence.get":        " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"scorecard-evidence.create":     " Y   Y   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-evidence.edit":       " Y   Y   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-evidence.trash":      " Y   Y   Y   -   -   -   -   -   -   Y   -   -   - ",
	"scorecard-evidence.restore":    " Y   Y   Y   -   -   -   -   -   -   Y   -   -   - ",

	// Promises: actions are read by everyone at the table, noted by those who have a
	// part in the meeting, and settled by their owners too.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"actions.list":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"actions.get":          " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"actions.create":       " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"actions.edit":         " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"actions.settle":       " Y   Y   g   g   g   g   o   s   s   s   -   -   - ",
	"actions.disown":       " Y   Y   g   g   g   g   o   s   s   s   -   -   - ",
	"actions.trash":        " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"actions.restore":      " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"actions.edit-several": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"actions.export":       " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",

	// Commitments: an organization's own are seen by the backbone and by itself;
	// everyone at the table sees totals that enough organizations stand behind.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"commitments.list":         " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"commitments.get":          " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"commitments.create":       " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"commitments.edit":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitments.confirm":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitments.settle":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitments.trash":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitments.restore":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitments.edit-several": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitments.export":       " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"deliveries.list":          " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"deliveries.add":           " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"deliveries.edit":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"deliveries.confirm":       " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"deliveries.trash":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"deliveries.restore":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"commitment-totals.get":    " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"pledge-links.list":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"pledge-links.make":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"pledge-links.revoke":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"pledge-links.open":        " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"pledge-links.pledge":      " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// What shows that something was given, for those who see the delivery: the backbone
	// and the organization itself.
	//                                dir stf tch tmb gch gmb org fun com eva net adm pub
	"delivery-evidence.list":         " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.get":          " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.read":         " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.download":     " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.add":          " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.begin-upload": " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.add-part":     " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.gather":       " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.trash":        " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"delivery-evidence.restore":      " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",

	// What is due: from oneself, and for the backbone from everybody.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"due.mine":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"due.answer":       " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"due.list":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"due.nudge":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"due-links.make":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"due-links.reset":  " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"due-links.open":   " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"due-links.answer": " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	// Addresses that the collaborative's letters do not go to; whoever got a letter
	// ends them by its link.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"suppressions.list":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"suppressions.add":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"suppressions.remove":  " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"post-rules.get":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"post-rules.edit":      " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-texts.list":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-texts.get":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-texts.edit":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-texts.reset":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-texts.preview": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-texts.test":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"digests.write":        " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"reminders.write":      " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"reminders.look-again": " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"nudges.plan":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"nudges.send":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"letter-links.stop":    " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// Scheduling polls; whoever is asked answers by a link, or for themselves.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"polls.list":        " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.export":      " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.get":         " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.create":      " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.edit":        " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.step":        " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.ask":         " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.choose":      " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.unchoose":    " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.set-person":  " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.answer":      " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"polls.trash":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"polls.restore":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"poll-links.open":   " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"poll-links.answer": " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// Surveys: whoever is invited answers by a link, and nobody reads an answer of a
	// confidential wave.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"survey-instruments.list":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-instruments.get":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-instruments.bring":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-instruments.trash":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-instruments.restore": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.list":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.get":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.create":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.edit":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.snapshot":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.step":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.add-people":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.remove-people": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.invite":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.answers":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.trash":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.restore":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-waves.keep":          " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"survey-results.list":        " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"survey-results.get":         " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"survey-results.place":       " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"survey-comments.list":       " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"survey-comments.edit":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	// The de-identified file of a survey goes to the evaluator who signed, and to nobody
	// else, the backbone included.
	//                              dir stf tch tmb gch gmb org fun com eva net adm pub
	"evaluator-agreements.list":     " Y   Y   -   -   -   -   -   -   -   Y   -   -   - ",
	"evaluator-agreements.get":      " Y   Y   -   -   -   -   -   -   -   s   -   -   - ",
	"evaluator-agreements.create":   " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-agreements.edit":     " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-agreements.send":     " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-agreements.withdraw": " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-agreements.sign":     " -   -   -   -   -   -   -   -   -   s   -   -   - ",
	"evaluator-agreements.end":      " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-agreements.trash":    " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-agreements.restore":  " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-terms.get":           " Y   Y   -   -   -   -   -   -   -   Y   -   -   - ",
	"evaluator-terms.adopt":         " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-files.list":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-files.taken":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"evaluator-files.take":          " -   -   -   -   -   -   -   -   -   Y   -   -   - ",

	"survey-links.open":    " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"survey-links.answer":  " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"survey-slips.give":    " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"survey-slips.open":    " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"survey-slips.hand-in": " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// Membership agreements; whoever holds a link signs without an account.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"agreements.list":             " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"agreements.get":              " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"agreements.create":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.edit":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.send":             " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.withdraw":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.record-signature": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.remove-signature": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.renew":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.end":              " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.resume":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.trash":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.restore":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.edit-several":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"agreements.export":           " Y   Y   Y   -   Y   -   -   -   -   Y   -   -   - ",
	"evaluator-links.open":        " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"evaluator-links.sign":        " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"agreement-links.open":        " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"agreement-links.sign":        " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// Who was at meetings. Nobody reads of others what they could be measured by.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"attendance.list":            " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.get":             " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.quorum":          " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"recusals.list":              " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"recusals.set":               " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.record":          " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.record-several":  " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.scan":            " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.edit":            " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.trash":           " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.restore":         " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"attendance.rule":            " Y   Y   Y   Y   Y   Y   Y   -   -   -   -   -   - ",
	"attendance.set-rule":        " Y   Y   g   -   g   -   -   -   -   -   -   -   - ",
	"attendance.names":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"attendance.set-name":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"attendance.forget-name":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"attendance.of-person":       " Y   Y   s   s   s   s   s   s   s   s   -   -   - ",
	"attendance.of-organization": " Y   Y   -   -   -   -   o   -   -   -   -   -   - ",
	"doors.get":                  " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"doors.open":                 " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"doors.close":                " Y   Y   g   g   g   g   -   -   -   -   -   -   - ",
	"personal-codes.get":         " Y   Y   s   s   s   s   s   s   s   s   -   -   - ",
	"personal-codes.replace":     " Y   Y   s   s   s   s   s   s   s   s   -   -   - ",
	"check-in.open":              " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"check-in.find":              " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"check-in.enter":             " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// Bringing files: whoever may make the records may bring them.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"imports.list":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.get":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.begin":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.add-part":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.choose":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.map":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.guess":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.fields":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.records":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.rows":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.decide":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.fix":            " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.start":          " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.cancel":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.undo":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.changes":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.failures":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.forget":         " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.mappings":       " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.forget-mapping": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.part":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.work":           " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"imports.compare":        " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	"followed-calendars.list":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.get":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.follow":  " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.edit":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.read":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.keep":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.end":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.address": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.of":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"followed-calendars.note":    " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"search.find":    " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"history.list":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"history.record": " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"history.undo":   " Y   Y   Y   Y   Y   Y   Y   Y   Y   Y   -   -   - ",
	"jobs.list":      " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"jobs.retry":     " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",

	// Everything, taken away and brought elsewhere.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"takeouts.begin":    " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.list":     " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.get":      " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.download": " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.delete":   " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.schedule": " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.planned":  " Y   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.load":     " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"takeouts.export":   " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"people.own-data":   " Y   s   s   s   s   s   s   s   s   s   -   -   - ",
	"graph.export":      " Y   Y   -   -   -   -   -   -   -   Y   -   -   - ",

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
	"history.account":         " -   -   -   -   -   -   -   -   -   -   -   Y   a ",
	"history.installation":    " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"jobs.installation":       " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"jobs.retry-installation": " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.get":       " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.edit":      " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.test":      " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"inbox-settings.get":      " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"inbox-settings.edit":     " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"inbox-settings.test":     " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"mail-settings.outbox":    " -   -   -   -   -   -   -   -   -   -   -   Y   - ",

	// One's own account; "a" is anyone signed in, whatever their roles.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"account.show":                " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.update":              " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.change-email":        " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.confirm-email":       " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"account.list-collaboratives": " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.set-password":        " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.remove-password":     " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.begin-codes":         " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.confirm-codes":       " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.remove-codes":        " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.new-recovery-codes":  " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.ask-second-factor":   " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.list-passkeys":       " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.begin-passkey":       " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.add-passkey":         " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.rename-passkey":      " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.remove-passkey":      " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.list-providers":      " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.remove-provider":     " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.list-sessions":       " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.revoke-session":      " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.sign-out":            " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.sign-out-elsewhere":  " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.sign-out-everywhere": " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.list-tokens":         " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.create-token":        " -   -   -   -   -   -   -   -   -   -   -   -   a ",
	"account.revoke-token":        " -   -   -   -   -   -   -   -   -   -   -   -   a ",

	// The ways in, open to everyone; what only the program itself or the command
	// line on its machine may do is open to nobody.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"members.show":         " Y   Y   s   s   s   s   s   s   s   s   s   -   - ",
	"invitations.resend":   " Y   Y   -   -   -   -   -   -   -   -   -   -   - ",
	"invitations.accept":   " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"sign-in.request-link": " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"sign-in.send-link":    " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"sign-in.by-link":      " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"sign-in.by-password":  " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"sign-in.by-passkey":   " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"sign-in.by-provider":  " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"sign-in.second-step":  " -   -   -   -   -   -   -   -   -   -   -   -   Y ",
	"set-up.link":          " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"set-up.complete":      " -   -   -   -   -   -   -   -   -   -   -   -   Y ",

	// The accounts of the installation.
	//                             dir stf tch tmb gch gmb org fun com eva net adm pub
	"accounts.list":                " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"accounts.create":              " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"accounts.disable":             " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"accounts.enable":              " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"accounts.reset-second-factor": " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"accounts.set-administrator":   " -   -   -   -   -   -   -   -   -   -   -   Y   - ",
	"accounts.issue-link":          " -   -   -   -   -   -   -   -   -   -   -   -   - ",
	"accounts.issue-token":         " -   -   -   -   -   -   -   -   -   -   -   -   - ",
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
