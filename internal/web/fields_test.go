package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// recordOf is the address a list leads to for a name.
func recordOf(t *testing.T, page, name string) string {
	t.Helper()
	found := regexp.MustCompile(`href="([^"]+)"[^>]*>` + regexp.QuoteMeta(name) + `<`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("nothing leads to %s\n%s", name, page)
	}
	return found[1]
}

// What a collaborative records beyond the common facts, from its settings to its
// lists.
func TestOwnFieldsTagsAndViewsOnPages(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug
	v := h.enter(t, in)

	says(t, v.see(at+"/settings/fields", http.StatusOK), "No fields of your own yet")
	v.send(at+"/settings/fields", http.StatusUnprocessableEntity, "kind", "organization", "type", "choice")
	v.send(at+"/settings/fields", http.StatusSeeOther, "kind", "organization", "label", "Staff", "type", "number")
	v.send(at+"/settings/fields", http.StatusSeeOther, "kind", "organization", "label", "Wards", "type", "choices", "choices", "North\nSouth", "backbone_only", "true")
	fields := v.see(at+"/settings/fields", http.StatusOK)
	says(t, fields, "Wards", "Several choices", "Move up")
	wards := recordOf(t, fields, "Wards")
	v.send(wards+"/up", http.StatusSeeOther, "kind", "organization")
	says(t, v.see(wards, http.StatusOK), "Choice 1", `value="North"`)
	v.send(wards, http.StatusSeeOther, "version", "2", "label", "Wards", "choice_north", "North side", "choice_south", "South", "choices", "West")

	form := v.see(at+"/organizations/new", http.StatusOK)
	says(t, form, "custom_staff", "custom_wards", "North side", "West", "Separated by commas", "School")
	bad := v.send(at+"/organizations", http.StatusUnprocessableEntity, "name", "Riverbend", "custom_staff", "many")
	says(t, bad, "Staff: give a number", `value="many"`)
	saysNot(t, bad, "Staff: Staff")
	to := v.send(at+"/organizations", http.StatusSeeOther, "name", "Riverbend", "kinds", "Clinic, School", "tags", "Early start", "custom_staff", "12,5", "custom_wards", "north", "custom_wards", "west")
	record := v.see(to, http.StatusOK)
	says(t, record, "Clinic · School", "Early start", "12.5", "North side · West", "Visible to the backbone team", "Relationship log")
	address, _, _ := strings.Cut(to, "?")
	says(t, v.see(address+"/edit", http.StatusOK), `value="Clinic, School"`, `value="Early start"`)
	v.send(address, http.StatusSeeOther, "version", "1", "name", "Riverbend", "custom_staff", "13", "custom_wards", "west", "tags", "early START, new")
	says(t, v.see(address, http.StatusOK), "13", "Early start · new", "<del>12.5</del>", "<del>North side · West</del>")

	columns := v.see(at+"/organizations?columns=custom_wards&columns=tags&tag=early+start", http.StatusOK)
	says(t, columns, "Riverbend", "Wards", "West", "Give this tag")
	csv := v.see(at+"/organizations/export.csv?columns=custom_wards&columns=custom_staff", http.StatusOK)
	says(t, csv, "Wards", "West", "13")
	says(t, v.see(at+"/organizations?tag=nothing", http.StatusOK), "Nothing fits these filters")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(columns)
	if id == nil {
		t.Fatalf("no row to select\n%s", columns)
	}
	v.send(at+"/organizations/bulk", http.StatusSeeOther, "id", id[1], "do", "tag", "bulk_tag", "Third")
	says(t, v.see(address, http.StatusOK), "Early start · new · Third")

	// A view is kept, offered, recognized and forgotten.
	v.send(at+"/views", http.StatusSeeOther, "area", "organizations", "name", "Early ones", "query", "tag=early+start&columns=tags", "shared", "true", "return", at+"/organizations")
	list := v.see(at+"/organizations?tag=early+start&columns=tags", http.StatusOK)
	says(t, list, "Early ones (shared)", "Forget the view Early ones", "Offer it to everyone here")
	v.send(at+"/views", http.StatusUnprocessableEntity, "area", "organizations", "name", "Bad", "query", "return=//evil.example")
	forget := regexp.MustCompile(`action="([^"]+/views/[^"]+/delete)"`).FindStringSubmatch(list)
	if forget == nil {
		t.Fatalf("the view cannot be forgotten\n%s", list)
	}
	v.send(forget[1], http.StatusSeeOther, "return", at+"/organizations")
	saysNot(t, v.see(at+"/organizations", http.StatusOK), "Early ones")
	for _, page := range []string{at + "/people", at + "/seats", at + "/bodies"} {
		says(t, v.see(page, http.StatusOK), "Save")
	}
}

func TestRelationshipLogOnPages(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug
	v := h.enter(t, in)
	address, _, _ := strings.Cut(v.send(at+"/organizations", http.StatusSeeOther, "name", "Riverbend"), "?")
	id := regexp.MustCompile(`name="organization_id" value="([^"]+)"`).FindStringSubmatch(v.see(address, http.StatusOK))
	if id == nil {
		t.Fatal("no form for a quick entry")
	}
	today := h.app.Config.Clock.Now().Format("2006-01-02")
	says(t, v.send(at+"/touches", http.StatusUnprocessableEntity, "about", "lost words"), "Say with which organization or person", "lost words")
	back := v.send(at+"/touches", http.StatusSeeOther, "organization_id", id[1], "about", "The budget", "channel", "phone", "happened_on", "2026-01-02", "next_on", today, "return", address)
	if !strings.HasPrefix(back, address) {
		t.Errorf("led to %s", back)
	}
	says(t, v.see(address, http.StatusOK), "The budget", "Riverbend · Ana Ruiz · Phone", "Done")
	says(t, v.see(at+"/", http.StatusOK), "Touches due", "The budget")
	list := v.see(at+"/touches?due=soon", http.StatusOK)
	touch := recordOf(t, list, "Riverbend")
	says(t, v.see(touch, http.StatusOK), "The budget", "Touch recorded")
	says(t, v.see(touch+"/edit", http.StatusOK), "The budget", "Phone")
	v.send(touch, http.StatusSeeOther, "version", "1", "organization_id", id[1], "about", "The whole budget", "happened_on", "2026-01-02", "next_on", today)
	v.send(touch+"/settle", http.StatusSeeOther, "version", "2")
	saysNot(t, v.see(at+"/", http.StatusOK), "Touches due")
	v.send(touch+"/trash", http.StatusSeeOther, "version", "3")
	says(t, v.see(at+"/touches?trash=1", http.StatusOK), "Riverbend")
	v.send(touch+"/restore", http.StatusSeeOther, "version", "4")

	// Several at once, and what is shown taken away.
	says(t, v.see(at+"/touches", http.StatusOK), "touches/bulk", "touches/export.csv", "Leave as it is", "Columns")
	one := touch[strings.LastIndex(touch, "/")+1:] + ".5"
	v.send(at+"/touches/bulk", http.StatusSeeOther, "id", one, "do", "change", "channel", "video", "by", "")
	says(t, v.see(at+"/touches", http.StatusOK), "Video")
	file := v.see(at+"/touches/export.csv?columns=channel&columns=about", http.StatusOK)
	says(t, file, "With,How,About", "Riverbend,Video", "The whole budget")
	saysNot(t, file, "Ana Ruiz")
	v.send(at+"/touches/bulk", http.StatusSeeOther, "id", touch[strings.LastIndex(touch, "/")+1:]+".6", "do", "trash")
	says(t, v.see(at+"/touches", http.StatusOK), "Nothing in the log yet")
}

// What a person tells in confidence: for them and the director, on their own page
// and, when chosen, in the director's list.
func TestConfidenceOnPages(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug
	v := h.enter(t, in)
	address, _, _ := strings.Cut(v.send(at+"/people", http.StatusSeeOther, "given_name", "Lena", "email", "lena@example.org", "other_emails", "l@work.example\nlena@example.org", "channel", "text", "other_names", "Lenka"), "?")
	says(t, v.see(address, http.StatusOK), "l@work.example", "Text message", "Lenka", "No organization is recorded")
	says(t, v.see(address+"/private", http.StatusOK), "Only the person and the director")
	v.send(address+"/private", http.StatusSeeOther, "version", "1", "lived_experience", "yes", "access_needs", "ramp quixote")
	page := v.see(address, http.StatusOK)
	says(t, page, "ramp quixote", "Visible to the director and the person", "Confidential details changed")
	if strings.Count(page, "quixote") != 1 {
		t.Error("it stands on the page more than once: the history tells")
	}
	saysNot(t, v.see(at+"/people", http.StatusOK), "quixote", "Prefers not")
	saysNot(t, v.see(at+"/people/export.csv", http.StatusOK), "quixote")
	says(t, v.see(at+"/people/export.csv?columns=access_needs", http.StatusOK), "quixote")

	// An affiliation of the past beside one of today.
	clinic, _, _ := strings.Cut(v.send(at+"/organizations", http.StatusSeeOther, "name", "Clinic"), "?")
	form := v.see(address+"/affiliations/new", http.StatusOK)
	org := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Clinic<`).FindStringSubmatch(form)
	if org == nil {
		t.Fatalf("no clinic in the form (%s)\n%s", clinic, form)
	}
	says(t, v.send(address+"/affiliations/new", http.StatusUnprocessableEntity, "version", "2", "organization_id", org[1], "title", "Nurse", "valid_from", "2020-01-01", "valid_to", "2019-01-01"), "The end must come after", "Nurse")
	v.send(address+"/affiliations/new", http.StatusSeeOther, "version", "2", "organization_id", org[1], "title", "Nurse", "valid_from", "2020-01-01", "valid_to", "2022-01-01")
	record := v.see(address, http.StatusOK)
	says(t, record, "Nurse", "Clinic")
	one := regexp.MustCompile(`href="([^"]+/affiliations/[^"n][^"]*)"`).FindStringSubmatch(record)
	if one == nil {
		t.Fatalf("the affiliation cannot be corrected\n%s", record)
	}
	v.send(one[1], http.StatusSeeOther, "version", "3", "do", "remove")
	says(t, v.see(address, http.StatusOK), "No organization is recorded")
}

func TestCoverageOnPages(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug
	v := h.enter(t, in)
	v.send(at+"/organizations", http.StatusSeeOther, "name", "Riverbend", "status", "member", "sector", "health", "place", "North Side")
	says(t, v.see(at+"/coverage", http.StatusOK), "Members · by sector", "Health", "100 %", "Kept back, since it would tell of single people", "North Side")
	says(t, v.see(at+"/coverage?as-of=2026-01-01", http.StatusOK), "Told of today only")
	says(t, v.see(at+"/coverage/targets?scope=members&dimension=sector", http.StatusOK), "Faith", "share aimed at")
	v.send(at+"/coverage/targets", http.StatusUnprocessableEntity, "scope", "members", "dimension", "sector", "value", "faith", "share", "101")
	v.send(at+"/coverage/targets", http.StatusSeeOther, "scope", "members", "dimension", "sector", "value", "faith", "share", "40", "value", "health", "share", "")
	page := v.see(at+"/coverage", http.StatusOK)
	says(t, page, "coverage/chart.svg?dimension=sector&amp;scope=members", "coverage/table.csv?dimension=sector&amp;scope=members")
	saysNot(t, page, "chart.svg?dimension=lived")
	const sectors = "?dimension=sector&scope=members"
	says(t, v.see(at+"/coverage/chart.svg"+sectors, http.StatusOK), "<svg", "Members · by sector", "Faith", "aim 40 %", "</svg>")
	says(t, v.see(at+"/coverage/table.csv"+sectors, http.StatusOK), "Health,1,100 %,,", "Faith,0,0 %,40 %,1")
	v.see(at+"/coverage/table.csv"+sectors+"&as-of=2001-01-01", http.StatusOK)
	for _, kept := range []string{"?dimension=lived_experience&scope=voting_seats", "?dimension=sector&scope=voting_seats", "?dimension=age&scope=members"} {
		v.see(at+"/coverage/chart.svg"+kept, http.StatusNotFound)
		v.see(at+"/coverage/table.csv"+kept, http.StatusNotFound)
	}
	says(t, page, "aim 40 %", "1 missing", "organizations?sector=faith&amp;status=prospect", "Add a prospect")
	says(t, v.see(at+"/organizations/new?sector=faith&status=prospect", http.StatusOK), `value="faith" selected`, `value="prospect" selected`)
}

// The history of a body says its choices in words, as its page does.
func TestHistoryOfBodyIsInWords(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug
	v := h.enter(t, in)
	body, _, _ := strings.Cut(v.send(at+"/bodies", http.StatusSeeOther, "name", "Elders", "kind", "task_force", "state", "proposed", "quorum_unit", "seats", "cadence", "monthly"), "?")
	page := v.see(body, http.StatusOK)
	page = page[strings.Index(page, "Group added"):]
	says(t, page, "Task force", "Proposed", "Every month")
	saysNot(t, page, "task_force", "<b>proposed", "<b>monthly")
}
