package web

import (
	"context"
	"net/http"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// meetingRoutes are the pages of meetings, of series of them and of the checklists
// they use.
func (s *Server) meetingRoutes() []Route {
	const meetings, series, checklists = "/c/{collaborative}/meetings", "/c/{collaborative}/series", "/c/{collaborative}/checklists"
	return []Route{
		{"GET", meetings, []string{"meetings.list", "bodies.list"}, s.meetingList},
		{"GET", meetings + "/new", []string{"meetings.create", "bodies.list"}, s.meetingNew},
		{"GET", meetings + "/export.csv", []string{"meetings.export"}, s.meetingExport},
		{"GET", meetings + "/export.xlsx", []string{"meetings.export"}, s.meetingExport},
		{"POST", meetings, []string{"meetings.create"}, s.meetingCreate},
		{"POST", meetings + "/bulk", []string{"meetings.edit-several"}, s.meetingBulk},
		{"GET", meetings + "/{id}", []string{"meetings.get", "agenda.list", "meetings.people", "materials.list"}, s.meetingPrepare},
		{"GET", meetings + "/{id}/run", []string{"meetings.get", "agenda.list", "captures.list", "materials.list", "recusals.list"}, s.meetingRun},
		{"GET", meetings + "/{id}/follow-up", []string{"meetings.get", "agenda.list", "captures.list", "materials.list", "recusals.list"}, s.meetingFollowUp},
		{"GET", meetings + "/{id}/edit", []string{"meetings.get", "meetings.edit"}, s.meetingEdit},
		{"POST", meetings + "/{id}", []string{"meetings.edit"}, s.meetingSave},
		{"GET", meetings + "/{id}/cancel", []string{"meetings.get", "meetings.step"}, s.meetingCancel},
		{"POST", meetings + "/{id}/state", []string{"meetings.get", "meetings.step"}, s.meetingStep},
		{"POST", meetings + "/{id}/recap", []string{"meetings.edit"}, s.meetingRecap},
		{"POST", meetings + "/{id}/trash", []string{"meetings.trash"}, s.meetingTrash},
		{"POST", meetings + "/{id}/restore", []string{"meetings.restore"}, s.meetingRestore},
		{"GET", meetings + "/{id}/print/{sheet}", []string{"meetings.get", "agenda.list", "materials.list"}, s.meetingPrint},
		{"GET", meetings + "/{id}/word/{sheet}", []string{"meetings.get", "agenda.list", "materials.list"}, s.meetingWord},

		{"POST", meetings + "/{id}/agenda", []string{"agenda.add"}, s.agendaAdd},
		{"GET", meetings + "/{id}/agenda/{item}", []string{"meetings.get", "agenda.list", "agenda.edit"}, s.agendaEdit},
		{"POST", meetings + "/{id}/agenda/{item}", []string{"agenda.edit"}, s.agendaSave},
		{"GET", meetings + "/{id}/agenda/{item}/recusals", []string{"meetings.get", "agenda.list", "attendance.list", "recusals.list", "recusals.set"}, s.recusalEdit},
		{"POST", meetings + "/{id}/agenda/{item}/recusals", []string{"recusals.set"}, s.recusalSave},
		{"POST", meetings + "/{id}/agenda/{item}/state", []string{"agenda.edit"}, s.agendaState},
		{"POST", meetings + "/{id}/agenda/{item}/move", []string{"agenda.list", "agenda.order"}, s.agendaMove},
		{"POST", meetings + "/{id}/agenda/{item}/trash", []string{"agenda.trash"}, s.agendaTrash},
		{"POST", meetings + "/{id}/carry", []string{"meetings.get", "agenda.carry"}, s.agendaCarry},

		{"POST", meetings + "/{id}/people", []string{"meetings.set-person"}, s.meetingPersonSet},
		{"GET", meetings + "/{id}/people/{person}", []string{"meetings.get", "meetings.people", "meetings.set-person"}, s.meetingPersonEdit},
		{"POST", meetings + "/{id}/people/{person}", []string{"meetings.set-person", "meetings.reply"}, s.meetingPersonSave},
		{"POST", meetings + "/{id}/reply", []string{"meetings.reply"}, s.meetingReply},

		{"POST", meetings + "/{id}/preparations", []string{"preparations.add"}, s.preparationAdd},
		{"POST", meetings + "/{id}/checklist", []string{"preparations.use-checklist"}, s.preparationUse},
		{"GET", meetings + "/{id}/preparations/{line}", []string{"meetings.get", "preparations.list", "preparations.edit"}, s.preparationEdit},
		{"POST", meetings + "/{id}/preparations/{line}", []string{"preparations.edit"}, s.preparationSave},
		{"POST", meetings + "/{id}/preparations/{line}/done", []string{"preparations.edit"}, s.preparationDone},
		{"POST", meetings + "/{id}/preparations/{line}/trash", []string{"preparations.trash"}, s.preparationTrash},

		{"GET", meetings + "/{id}/captures", []string{"meetings.get", "captures.list"}, s.captureList},
		{"POST", meetings + "/{id}/captures", []string{"captures.add"}, s.captureAdd},
		{"GET", meetings + "/{id}/captures/{capture}", []string{"meetings.get", "agenda.list", "captures.list", "captures.edit"}, s.captureEdit},
		{"POST", meetings + "/{id}/captures/{capture}", []string{"captures.edit"}, s.captureSave},
		{"POST", meetings + "/{id}/captures/{capture}/trash", []string{"captures.trash"}, s.captureTrash},

		{"GET", series, []string{"series.list"}, s.seriesList},
		{"GET", series + "/new", []string{"series.create", "bodies.list"}, s.seriesNew},
		{"POST", series, []string{"series.create"}, s.seriesCreate},
		{"GET", series + "/{id}", []string{"series.get", "meetings.list"}, s.seriesRecord},
		{"GET", series + "/{id}/edit", []string{"series.get", "series.edit", "bodies.list"}, s.seriesEdit},
		{"POST", series + "/{id}", []string{"series.edit"}, s.seriesSave},
		{"POST", series + "/{id}/trash", []string{"series.trash"}, s.seriesTrash},
		{"POST", series + "/{id}/restore", []string{"series.restore"}, s.seriesRestore},

		{"GET", checklists, []string{"checklists.list"}, s.checklistList},
		{"GET", checklists + "/new", []string{"checklists.create"}, s.checklistNew},
		{"POST", checklists, []string{"checklists.create"}, s.checklistCreate},
		{"GET", checklists + "/{id}", []string{"checklists.get"}, s.checklistRecord},
		{"GET", checklists + "/{id}/edit", []string{"checklists.get", "checklists.edit"}, s.checklistEdit},
		{"POST", checklists + "/{id}", []string{"checklists.get", "checklists.edit"}, s.checklistSave},
		{"POST", checklists + "/{id}/trash", []string{"checklists.trash"}, s.checklistTrash},
		{"POST", checklists + "/{id}/restore", []string{"checklists.restore"}, s.checklistRestore},
	}
}

// meeting reads the meeting of the address.
func (s *Server) meeting(r *http.Request) (convening.Meeting, error) {
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return convening.Meeting{}, err
	}
	return convening.GetMeeting.Do(r.Context(), s.app.Door, convening.MeetingRef{ID: i})
}

// meetingPart are the ids of a meeting and of one of its parts in the address.
func meetingPart[N any](r *http.Request, name string) (m convening.MeetingID, part id.Of[N], err error) {
	if m, err = pathID[convening.Meeting](r); err != nil {
		return m, part, err
	}
	if part, err = id.Parse[N](r.PathValue(name)); err != nil {
		err = operation.Missing()
	}
	return m, part, err
}

// meetingAddress is a page of a meeting; mode is "", "/run", "/follow-up" and the
// like.
func meetingAddress(ctx context.Context, i convening.MeetingID, mode string) string {
	return place(ctx, "meetings/"+i.Short()+mode)
}
