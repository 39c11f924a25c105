package web

import (
	"context"

	"github.com/a-h/templ"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/web/ui"
)

var stepKinds = map[mail.State]ui.Kind{mail.Passed: ui.Good, mail.Failed: ui.Bad}

// diagnosisPanel shows how each step of sending a test message went.
func diagnosisPanel(ctx context.Context, area string, d installation.Diagnosis) templ.Component {
	notice := ui.NoticeProps{Kind: ui.Bad, Text: i18n.T(ctx, area+".test_failed")}
	if d.OK {
		notice = ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, area+".test_passed")}
	}
	var rows []ui.Row
	for _, step := range d.Steps {
		row := ui.Row{Title: i18n.T(ctx, "mail.step."+string(step.Step)), Detail: step.Text, Tag: &ui.TagProps{Label: i18n.T(ctx, "installation.step_"+string(step.State)), Kind: stepKinds[step.State]}}
		if step.Server != "" {
			row.Detail += " " + i18n.T(ctx, "installation.server_said", i18n.Args{"Words": step.Server})
		}
		rows = append(rows, row)
	}
	return templ.Join(ui.Notice(notice), with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "installation.diagnosis")}), ui.Rows(rows)))
}
