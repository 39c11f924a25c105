package scorecard

import (
	"cmp"
	"slices"
	"strconv"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// assessed is the noun. Assess may only be taken back by withdrawing.
var assessed = &operation.Noun[Assessment, AssessmentID]{Kind: AssessmentKind, Area: "scorecard-assessments", Get: getAssessment, Update: moveAssessment,
	Head: func(a *Assessment) operation.Head[AssessmentID] {
		return operation.HeadOf(a.ID, &a.Version, &a.UpdatedAt, &a.DeletedAt)
	},
	Title:   func(a Assessment) string { return a.AssessedOn + ": " + strconv.FormatInt(a.Level, 10) },
	Visible: func(a Assessment, c *operation.Call) Assessment { return a.seen(c) },
}

// seen is the assessment with what the actor may do with it.
func (a Assessment) seen(c *operation.Call) Assessment {
	a.MayCorrect = a.DeletedAt == nil && !a.Corrected && c.Can("scorecard-assessments.create") && a.own(c.Actor)
	return a
}

// GetAssessment reads one assessment; one that was withdrawn for those who may assess.
var GetAssessment = operation.Define(operation.Operation[AssessmentRef, Assessment]{
	Definition: operation.Definition{ID: "scorecard-assessments.get", Summary: "Reads one assessment of a function of the backbone", ReadOnly: true, Method: "GET", Path: "/scorecard/assessments/{id}"},
	Run:        func(c *operation.Call, in AssessmentRef) (Assessment, error) { return assessed.Read(c, in.ID) },
})

// Assess says how far a function has come, or corrects what was said.
var Assess = operation.Define(operation.Operation[AssessmentInput, Assessment]{
	Definition: operation.Definition{ID: "scorecard-assessments.create", Summary: "Says how far a function of the backbone has come, or corrects an assessment by a new one", Method: "POST", Path: "/scorecard/assessments"},
	Run:        assess,
})

func assess(c *operation.Call, in AssessmentInput) (Assessment, error) {
	a := Assessment{ID: id.New[Assessment](), Function: in.Function, Level: in.Level, AssessedOn: cmp.Or(in.AssessedOn, c.Today()), Why: in.Why, Role: operation.Role(in.Role),
		CorrectsID: in.CorrectsID, ByID: c.Actor.Person, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if a.ByID.IsZero() {
		a.alone = c.Actor.Name
	}
	var faults operation.Faults
	roles := RolesOf(c.Actor)
	switch {
	case a.Role == "" && len(roles) > 0:
		a.Role = roles[0]
	case !slices.Contains(roles, a.Role):
		faults.Add("role", "errors.scorecard_role")
	}
	if a.AssessedOn > c.Today() {
		faults.Add("assessed_on", "errors.scorecard_future")
	}
	if err := knownFunction(c, in.Function, &faults); err != nil {
		return a, err
	}
	if err := corrects(c, a, &faults); err != nil {
		return a, err
	}
	if err := faults.Err(); err != nil {
		return a, err
	}
	all, err := assessmentsOf(c, a.Function)
	if err != nil {
		return a, err
	}
	if len(all) >= mostAssessments {
		return a, operation.InvalidField("function", "errors.too_many_items", map[string]any{"Maximum": mostAssessments})
	}
	if err := insertAssessment(c, a); err != nil {
		return a, err
	}
	if a, err = getAssessment(c, a.ID); err != nil {
		return a, err
	}
	return assessed.Added(c, a)
}

// corrects checks what an assessment corrects: one of the same function that stands.
func corrects(c *operation.Call, a Assessment, faults *operation.Faults) error {
	if a.CorrectsID.IsZero() {
		return nil
	}
	wrong, err := getAssessment(c, a.CorrectsID)
	missing, err := operation.Gone(err, wrong.DeletedAt != nil)
	switch {
	case err != nil:
		return err
	case missing || wrong.Function != a.Function:
		faults.Add("corrects_id", "errors.scorecard_no_assessment")
	case wrong.Corrected:
		faults.Add("corrects_id", "errors.scorecard_corrected")
	case !wrong.own(c.Actor):
		faults.Add("corrects_id", "errors.scorecard_not_yours")
	}
	return nil
}

// TrashAssessment withdraws an assessment. What it corrected stands again.
var TrashAssessment = operation.Define(operation.Operation[AssessmentVersion, Assessment]{
	Definition: operation.Definition{ID: "scorecard-assessments.trash", Summary: "Withdraws an assessment of a function of the backbone", Method: "DELETE", Path: "/scorecard/assessments/{id}"},
	Run: func(c *operation.Call, in AssessmentVersion) (Assessment, error) {
		a, err := assessed.Live(c, in.ID, in.Version)
		switch {
		case err != nil:
			return a, err
		case !a.own(c.Actor):
			return a, operation.InvalidField("", "errors.scorecard_not_yours")
		case a.Corrected:
			return a, operation.InvalidField("", "errors.scorecard_corrected")
		}
		return assessed.Trash(c, in.ID, in.Version)
	},
})

// RestoreAssessment brings an assessment back that was withdrawn.
var RestoreAssessment = operation.Define(operation.Operation[AssessmentVersion, Assessment]{
	Definition: operation.Definition{ID: "scorecard-assessments.restore", Summary: "Brings an assessment back that was withdrawn", Method: "POST", Path: "/scorecard/assessments/{id}/restore"},
	Run: func(c *operation.Call, in AssessmentVersion) (Assessment, error) {
		a, err := getAssessment(c, in.ID)
		if err != nil {
			return a, err
		}
		var faults operation.Faults
		if !a.own(c.Actor) {
			faults.Add("", "errors.scorecard_not_yours")
		}
		if err := corrects(c, a, &faults); err != nil {
			return a, err
		}
		if err := faults.Err(); err != nil {
			return a, err
		}
		return assessed.Restore(c, in.ID, in.Version)
	},
})
