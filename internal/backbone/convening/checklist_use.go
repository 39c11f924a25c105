package convening

import (
	"context"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// standard is the template that comes with the program, by catalogue key
// "checklist_lines.…": days after the meeting, and what kind of task.
var standard = []struct {
	key  string
	days int64
	tag  string
}{
	{"purpose", -28, "strategic"}, {"call_chairs", -24, "strategic"}, {"date_and_place", -24, "logistical"}, {"access", -21, "logistical"}, {"stipends", -21, "logistical"},
	{"draft_agenda", -14, "strategic"}, {"decisions", -14, "strategic"}, {"interests", -14, "strategic"}, {"presenters", -14, "logistical"}, {"figures", -14, "strategic"},
	{"send_agenda", -7, "logistical"}, {"homework", -7, "logistical"}, {"call_absent", -5, "strategic"},
	{"room", 0, "logistical"}, {"parts", 0, "logistical"}, {"quorum", 0, "strategic"},
	{"debrief", 1, "strategic"}, {"actions", 2, "logistical"}, {"recap", 7, "logistical"}, {"brief", 7, "strategic"}, {"thanks", 7, "strategic"}, {"next_agenda", 7, "logistical"},
}

// Standard is the template that comes with the program, in the language of the
// context.
func Standard(ctx context.Context) Checklist {
	l := Checklist{Name: i18n.T(ctx, "checklists.standard")}
	for _, s := range standard {
		l.Items = append(l.Items, ChecklistItem{Text: i18n.T(ctx, "checklist_lines."+s.key), Days: s.days, Tag: s.tag})
	}
	return l
}

// UseInput names the template a meeting is prepared by.
type UseInput struct {
	MeetingID   MeetingID   `json:"meeting_id"`
	ChecklistID ChecklistID `json:"checklist_id,omitempty" doc:"The program's own when absent."`
	// Back takes lines off again; undo uses it.
	Back []PreparationID `json:"back,omitempty" maxItems:"200" doc:"Lines to take off again instead, unless they were changed since."`
}

// UseChecklist adds the lines of a template to what is to be done for a meeting,
// but for those that are there already.
var UseChecklist = operation.Define(operation.Operation[UseInput, operation.Page[Preparation]]{
	Definition: operation.Definition{ID: "preparations.use-checklist", Summary: "Adds the lines of a template to what is to be done for a meeting", Method: "POST", Path: "/meetings/{meeting_id}/checklist"},
	About:      func(in UseInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in UseInput) (operation.Page[Preparation], error) {
		m, err := MeetingOf(c, in.MeetingID)
		if err != nil {
			return operation.Page[Preparation]{}, err
		}
		if len(in.Back) > 0 {
			return operation.Whole[Preparation](nil), takeOff(c, in)
		}
		list := Standard(i18n.With(c.Context(), c.Collaborative.Language))
		if !in.ChecklistID.IsZero() {
			list, err = getChecklist(c, in.ChecklistID)
			if missing, err := operation.Gone(err, list.DeletedAt != nil); err != nil {
				return operation.Page[Preparation]{}, err
			} else if missing {
				return operation.Page[Preparation]{}, operation.InvalidField("checklist_id", "errors.no_such_checklist")
			}
		}
		there, err := ListPreparations.Within(c, ListPreparationsInput{MeetingID: m.ID})
		if err != nil {
			return there, err
		}
		known := map[string]bool{}
		for _, p := range there.Items {
			known[i18n.FoldKey(p.Text)] = true
		}
		undo := UseInput{MeetingID: m.ID}
		for _, line := range list.Items {
			if known[i18n.FoldKey(line.Text)] {
				continue
			}
			p, err := addPreparation(c, m, PreparationInput{MeetingID: m.ID, Text: line.Text, Tag: line.Tag, Days: line.Days})
			if err != nil {
				return there, err
			}
			undo.Back = append(undo.Back, p.ID)
		}
		if len(undo.Back) > 0 {
			c.UndoWith("preparations.use-checklist", undo)
		}
		return ListPreparations.Within(c, ListPreparationsInput{MeetingID: m.ID})
	},
})

// takeOff takes lines off again that nobody changed since.
func takeOff(c *operation.Call, in UseInput) error {
	for _, i := range in.Back {
		p, err := getPreparation(c, i)
		if p, err = ownPart(p, p.MeetingID, in.MeetingID, err); err != nil {
			return err
		}
		if p.Version != 1 || p.DeletedAt != nil {
			continue
		}
		if _, err := preparations.Trash(c, p.ID, p.Version); err != nil {
			return err
		}
	}
	c.UndoWith("preparations.use-checklist", UseInput{MeetingID: in.MeetingID})
	return nil
}
