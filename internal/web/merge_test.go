package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// first is the first match of a pattern's group in a page.
func first(t *testing.T, page, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("%s is nowhere in the page", pattern)
	}
	return m[1]
}

// Two records are added in spite of a warning, found, compared, merged and taken
// apart; at last one person is erased.
func TestTwoRecordsBecomeOneAndTwoAgain(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/"
	v.send(base+"people", http.StatusSeeOther, "given_name", "Francisco", "family_name", "Herrera", "email", "fh@example.org")
	page := v.send(base+"people", http.StatusUnprocessableEntity, "given_name", "Paco", "family_name", "Herrera", "email", "fh@example.org")
	says(t, page, "This may be on record already", "Francisco Herrera", "Add anyway", `name="sure"`)
	v.send(base+"people", http.StatusSeeOther, "given_name", "Paco", "family_name", "Herrera", "email", "fh@example.org", "phone", "555 0100", "channel", "text", "other_names", "Frank", "sure", "yes")

	says(t, v.see(base+"resemblances", http.StatusOK), "Possible duplicates", "Nothing to decide", "Search now")
	v.send(base+"resemblances/search", http.StatusSeeOther, "kind", "person")
	says(t, v.see(base+"resemblances", http.StatusOK), "Comparing all records", base+"resemblances/progress")
	if _, err := h.app.Worker.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	page = v.see(base+"resemblances?kind=person", http.StatusOK)
	says(t, page, "Francisco Herrera", "Paco Herrera", "The same e-mail address: fh@example.org", "francisco and paco are forms of one name", "Not the same")
	compare := strings.ReplaceAll(first(t, page, `href="(/c/[^"]+/merge\?with=[^"]+)"`), "&amp;", "&")
	page = v.see(compare, http.StatusOK)
	says(t, page, "Merge two records", "take.given_name", "take.channel", "Text message", "The same in both", "Taken from both", "Frank", "Not the same")
	record, _, _ := strings.Cut(compare, "/merge")
	says(t, v.see(record, http.StatusOK), "Looks like", "Merge with another record")

	merge := []string{"version", "1", "merge_id", first(t, page, `name="merge_id" value="([^"]+)"`), "merge_version", "1", "take.given_name", "merged"}
	stale := append([]string{}, merge...)
	stale[5] = "9"
	says(t, v.send(record+"/merge", http.StatusConflict, stale...), "Compare again, then merge.")
	entry := first(t, v.send(record+"/merge", http.StatusSeeOther, merge...), `entry=(\w+)`)
	page = v.see(record, http.StatusOK)
	says(t, page, "555 0100", "People merged")
	gone := base + "people/" + first(t, compare, `with=(\w+)`)
	page = v.see(gone, http.StatusOK)
	says(t, page, "This record is part of", "Take the merge back")
	v.send(gone+"/restore", http.StatusConflict, "version", "2")
	// Taken back from the history, it names what was changed since; merged anew, by
	// the button of the merged record.
	v.send(record, http.StatusSeeOther, "version", "2", "given_name", "Paco", "family_name", "Herrera", "email", "fh@example.org", "phone", "555 0123")
	back := v.send(base+"history/"+entry+"/undo", http.StatusSeeOther, "return", base+"settings/history")
	says(t, v.see(back, http.StatusOK), "stay as they are: Best way to reach them, Other names")
	v.send(record+"/merge", http.StatusSeeOther, "version", "4", "merge_id", merge[3], "merge_version", "3", "take.given_name", "merged")
	v.send(gone+"/unmerge", http.StatusSeeOther, "version", "4")
	says(t, v.see(gone+"?done=people.unmerge&of=people&left=phone,nonsense&rows=2", http.StatusOK), "stay as they are: Phone.", "2 entries were changed after the merge")
	says(t, v.see(base+"people", http.StatusOK), "3 of 3")

	charter := v.send(base+"bodies", http.StatusSeeOther, "name", "Elders", "charter", "Convened by Paco Herrera.")
	charter, _, _ = strings.Cut(charter, "?")
	page = v.see(gone+"/erase", http.StatusOK)
	says(t, page, "Texts that name them", charter, "Charter")
	says(t, page, "Erase for good", "This cannot be undone.")
	says(t, v.send(gone+"/erase", http.StatusUnprocessableEntity, "version", "5", "name", "Somebody"), "Type the name exactly")
	name := first(t, page, `Type “([^”]+)”`)
	says(t, v.send(gone+"/erase", http.StatusOK, "version", "5", "name", name), "Person erased", "Texts that name them", charter)
	v.see(gone, http.StatusNotFound)
	says(t, v.see(base+"people", http.StatusOK), "2 of 2")
}
