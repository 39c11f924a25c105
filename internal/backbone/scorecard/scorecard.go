// Package scorecard says how far each function of the backbone has come: by whose
// judgement, since when, and what speaks for it. It ranks nobody: levels are never added
// up, and none of it is about a single organization. It stands on the directory, which
// keeps the functions, and reads released surveys, materials and the ledger of attendance.
package scorecard

import (
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// The levels, by catalogue key "scorecard_levels.…".
const (
	Begun   = 1
	Shaping = 2
	Working = 3
	Strong  = 4
)

// Levels lists them, the lowest first.
var Levels = []int64{Begun, Shaping, Working, Strong}

// Assessors are the roles in which somebody may assess, those that stand outside the
// backbone first: it does not judge itself alone.
var Assessors = []operation.Role{operation.TableChair, operation.Evaluator, operation.Director}

// mostAssessments and mostEvidence are how many there may be of one function.
const (
	mostAssessments = 200
	mostEvidence    = 200
)

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{Get, GetFunction, GetSources, GetAssessment, Assess, TrashAssessment, RestoreAssessment, GetEvidence, AddEvidence, EditEvidence, TrashEvidence, RestoreEvidence}
}

// functionOf finds a function that is in use, by its key.
func functionOf(c *operation.Call, key string) (directory.Function, error) {
	all, err := directory.ListFunctions.Within(c, directory.ListFunctionsInput{AsOf: c.Today()})
	if err != nil {
		return directory.Function{}, err
	}
	at := slices.IndexFunc(all.Items, func(f directory.Function) bool { return f.Key == key })
	if at < 0 {
		return directory.Function{}, operation.Missing()
	}
	return all.Items[at], nil
}

// knownFunction refuses a function that is not in use.
func knownFunction(c *operation.Call, key string, faults *operation.Faults) error {
	_, err := functionOf(c, key)
	if operation.KindOf(err) == operation.NotFound {
		faults.Add("function", "errors.not_offered")
		return nil
	}
	return err
}
