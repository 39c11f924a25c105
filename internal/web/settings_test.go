package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestARenamedTableIsRenamedEverywhere(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/"
	page := v.see(base+"settings/labels", http.StatusOK)
	says(t, page, "Leadership table chair", "Leadership table member", `name="label_table_chair"`)

	typed := []string{"version", "1", "label_leadership_table", "Council of <b>Neighbours</b>", "label_working_group", "  ", "label_funder", "Friend"}
	page = v.send(base+"settings/labels", http.StatusOK, append(typed, "do", "preview")...)
	says(t, page, "Council of &lt;b&gt;Neighbours&lt;/b&gt; chair", "Ana Ruiz · Friend")
	saysNot(t, page, "<b>Neighbours</b>")
	says(t, v.see(base+"settings/members/invite", http.StatusOK), "Leadership table chair") // a preview stores nothing

	to := v.send(base+"settings/labels", http.StatusSeeOther, typed...)
	page = v.see(to, http.StatusOK)
	says(t, page, "Settings changed", "Undo")
	page = v.see(base+"settings/members/invite", http.StatusOK)
	says(t, page, "Council of &lt;b&gt;Neighbours&lt;/b&gt; chair", "Friend")
	saysNot(t, page, "Leadership table")
	says(t, v.see(base+"settings/history", http.StatusOK), "The leadership table", "Council of &lt;b&gt;Neighbours&lt;/b&gt;")

	for _, word := range []string{strings.Repeat("x", 61), strings.Repeat("x", 10_000)} {
		page = v.send(base+"settings/labels", http.StatusUnprocessableEntity, "version", "2", "label_backbone", word)
		says(t, page, "The backbone: At most 60 characters.", word)
	}
	v.send(base+"settings/labels", http.StatusSeeOther, "version", "2", "label_leadership_table", "")
	says(t, v.see(base+"settings/members/invite", http.StatusOK), "Leadership table chair", "Friend")
}

func TestSettingsOvertaken(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/settings/"
	facts := func(version, name, place string) []string {
		return []string{"version", version, "name", name, "place", place, "population", "", "purpose", "", "zone", "America/New_York", "phase", "assess_readiness", "language", "en", "languages", "en", "languages", "es"}
	}
	v.send(base+"facts", http.StatusSeeOther, facts("1", "Maple Valley", "Maple")...)

	// Somebody changes a word meanwhile: that is no reason to stop a new place.
	v.send(base+"labels", http.StatusSeeOther, "version", "2", "label_backbone", "Hub")
	v.send(base+"facts", http.StatusSeeOther, facts("2", "Maple Valley", "Maple County")...)
	says(t, v.see("/c/"+k.Slug+"/settings", http.StatusOK), "Maple County", "English · Spanish")

	// Two names at once are shown side by side, and neither is lost.
	v.send(base+"facts", http.StatusSeeOther, facts("4", "Valley Together", "Maple County")...)
	page := v.send(base+"facts", http.StatusConflict, facts("4", "Maple Together", "Maple County")...)
	says(t, page, "Valley Together", "Maple Together")
}

func TestSettingsFormsKeepWhatWasTyped(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/settings/"
	page := v.send(base+"facts", http.StatusUnprocessableEntity, "version", "1", "name", "", "place", "A place typed with care", "zone", "Nowhere/Else", "phase", "assess_readiness", "language", "fr", "languages", "en")
	says(t, page, "A place typed with care", "Name: This is needed.", "Choose one of the time zones offered.")
	page = v.send(base+"rules", http.StatusUnprocessableEntity, "version", "1", "survey_minimum", "2", "people_minimum", "eleven")
	says(t, page, "At least 3.", "At least 5.")
	v.send(base+"rules", http.StatusSeeOther, "version", "1", "survey_minimum", "7", "people_minimum", "12")
	says(t, v.see(base+"rules", http.StatusOK), `value="7"`, `value="12"`)
}

func TestPrinciplesPages(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/settings/principles"
	says(t, v.see(base, http.StatusOK), "No principles adopted yet")
	to := v.send(base, http.StatusSeeOther, "newest", "0", "adopted_on", "2026-01-15", "body", "We listen first.\n\nWe share credit.")
	says(t, v.see(to, http.StatusOK), "Version 1", "We share credit.", "January 15, 2026")
	page := v.send(base, http.StatusConflict, "newest", "0", "adopted_on", "2026-01-16", "body", "My own careful words.")
	says(t, page, "My own careful words.", "Meanwhile someone adopted version 1", `name="newest" value="1"`)
	v.send(base, http.StatusSeeOther, "newest", "1", "adopted_on", "2026-01-16", "body", "My own careful words.")
	says(t, v.see(base, http.StatusOK), "Version 2", "Version 1", "My own careful words.")
	says(t, v.see(base+"/1", http.StatusOK), "We listen first.")
	v.see(base+"/3", http.StatusNotFound)
	v.see(base+"/one", http.StatusNotFound)
	says(t, v.see(base+"/new", http.StatusOK), "My own careful words.")
}

// Every page says everything in every language, and nobody sees a message's key.
func TestSettingsPagesSpeakEveryLanguage(t *testing.T) {
	for language, word := range map[string]string{"en": "Settings", "fr": "Réglages", "es": "Ajustes"} {
		h := openSettled(t)
		a, in := h.administrator(t, language)
		k := h.found(t, a, "Maple Valley")
		v := h.enter(t, in)
		base := "/c/" + k.Slug + "/settings"
		v.send(base+"/principles", http.StatusSeeOther, "newest", "0", "adopted_on", "2026-01-15", "body", "We listen first.")
		v.send(base+"/members/invite", http.StatusSeeOther, "name", "Luis Ortega", "email", "luis@example.org", "roles", "backbone_staff", "language", "es")
		v.send(base+"/facts", http.StatusSeeOther, "version", "1", "name", "Maple Valley", "zone", "Europe/Paris", "phase", "sustain_impact", "language", "en", "languages", "en", "languages", "fr")
		for _, path := range []string{base, base + "/facts", base + "/labels", base + "/rules", base + "/principles", base + "/principles/1", base + "/principles/new", base + "/members", base + "/members/invite",
			base + "/members/" + h.person(t, k, a).Short(), base + "/jobs", base + "/jobs?state=failed", base + "/history", "/?all=1", "/installation", "/installation/mail", "/installation/outbox", "/installation/jobs", "/installation/jobs?state=failed",
			"/installation/collaboratives", "/installation/collaboratives/new", "/installation/accounts"} {
			page := v.see(path, http.StatusOK)
			if found := bareKey.FindString(page); found != "" {
				t.Errorf("%s %s shows the key %s", language, path, found)
			}
			if strings.HasPrefix(path, base) {
				says(t, page, word)
			}
			says(t, page, `lang="`+language+`"`)
		}
	}
}

func TestSettingsAreClosedToOthers(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	_, other := h.account(t, "Kim Lee", "kim@example.org", "en")
	base := "/c/" + k.Slug + "/settings"
	stranger, public := h.enter(t, other), h.enter(t, "")
	for _, path := range []string{base, base + "/facts", base + "/labels", base + "/rules", base + "/principles", base + "/members", base + "/members/invite", base + "/jobs"} {
		stranger.see(path, http.StatusNotFound)
		if status, page := public.do(http.MethodGet, path, nil); status == http.StatusOK && strings.Contains(page, "Maple Valley") {
			t.Errorf("%s shows itself to the public", path)
		}
	}
	for _, path := range []string{"/installation", "/installation/mail", "/installation/outbox", "/installation/jobs", "/installation/jobs?state=failed", "/installation/collaboratives/new", "/installation/accounts"} {
		stranger.see(path, http.StatusForbidden)
	}
	stranger.send("/installation/collaboratives", http.StatusForbidden, "name", "Mine")
	stranger.send("/installation/mail", http.StatusForbidden, "version", "0", "host", "smtp.example.org")
	says(t, stranger.see("/", http.StatusOK), "You take part in none")

	// Who takes part in one collaborative is led there; ?all=1 still shows the list.
	admin := h.enter(t, in)
	if status, to := admin.do(http.MethodGet, "/", nil); status != http.StatusSeeOther || to != "/c/"+k.Slug+"/" {
		t.Errorf("/ leads to %d %s", status, to)
	}
	says(t, admin.see("/?all=1", http.StatusOK), "Maple Valley")
}

func TestNewCollaborativePage(t *testing.T) {
	h := openSettled(t)
	_, in := h.administrator(t, "en")
	v := h.enter(t, in)
	says(t, v.see("/", http.StatusOK), "Make the first one", "/installation/collaboratives/new")
	page := v.send("/installation/collaboratives", http.StatusUnprocessableEntity, "name", "Cedar", "slug", "api", "purpose", "Typed with care", "zone", "UTC", "language", "en", "phase", "assess_readiness")
	says(t, page, "Typed with care", "needed by the program itself")
	to := v.send("/installation/collaboratives", http.StatusSeeOther, "name", "Cedar", "zone", "Europe/Madrid", "language", "es", "phase", "initiate_action")
	if !strings.HasPrefix(to, "/c/cedar/") {
		t.Fatalf("leads to %s", to)
	}
	says(t, v.see("/c/cedar/settings", http.StatusOK), "Cedar", "Europe / Madrid", "Initiate action")
	v.send("/installation/collaboratives", http.StatusSeeOther, "name", "Cedar", "zone", "UTC", "language", "en", "phase", "initiate_action")
	says(t, v.see("/", http.StatusOK), "/c/cedar/", "/c/cedar-2/")
	says(t, v.see("/installation/collaboratives", http.StatusOK), "/c/cedar-2/")
}
