package main

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func sortedPaths() []string { return slices.Sorted(maps.Keys(pages)) }

func fetch(t *testing.T, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d", path, w.Code)
	}
	return w.Body.String()
}

var (
	inline  = regexp.MustCompile(`(?i)<[^>]+\s(style|on[a-z]+|hx-on[^=\s]*)=|<style|<script(?:[^>]*)>[^<]|javascript:`)
	anID    = regexp.MustCompile(`\sid="([^"]*)"`)
	pointer = regexp.MustCompile(`\s(?:for|aria-labelledby|aria-controls|popovertarget|form|list)="([^"]*)"`)
	rawKey  = regexp.MustCompile(`[> "]ui\.[a-z_]+[< "]`)
)

// TestEveryPageIsWhole renders each page in each language and checks what a
// parser can: one h1, unique ids, references that lead somewhere, nothing
// inline that the Content-Security-Policy forbids, no untranslated key.
func TestEveryPageIsWhole(t *testing.T) {
	for _, path := range sortedPaths() {
		for _, lang := range []string{"en", "fr", "es"} {
			t.Run(lang+path, func(t *testing.T) {
				page := fetch(t, path+"?lang="+lang)
				if n := strings.Count(page, "<h1"); n != 1 {
					t.Errorf("%d h1", n)
				}
				if !strings.Contains(page, `<html lang="`+lang+`" dir="ltr"`) {
					t.Error("language of the document is wrong")
				}
				if found := inline.FindString(page); found != "" {
					t.Errorf("inline code: %s", found)
				}
				if found := rawKey.FindString(page); found != "" {
					t.Errorf("untranslated: %s", found)
				}
				seen := map[string]bool{}
				for _, m := range anID.FindAllStringSubmatch(page, -1) {
					if m[1] == "" || seen[m[1]] {
						t.Errorf("id %q is empty or used twice", m[1])
					}
					seen[m[1]] = true
				}
				for _, m := range pointer.FindAllStringSubmatch(page, -1) {
					for id := range strings.FieldsSeq(m[1]) {
						if !seen[id] {
							t.Errorf("refers to missing id: %s", m[0])
						}
					}
				}
			})
		}
	}
}

// TestSameInputSameBytes holds rendering deterministic: pages are compared and cached by their bytes.
func TestSameInputSameBytes(t *testing.T) {
	for _, path := range sortedPaths() {
		first := []byte(fetch(t, path))
		for range 5 {
			if !bytes.Equal(first, []byte(fetch(t, path))) {
				t.Errorf("%s renders differently from one time to the next", path)
				break
			}
		}
	}
}

func TestSuggestFragment(t *testing.T) {
	fragment := fetch(t, "/search/suggest?q=%3Cb%3E")
	if strings.Contains(fragment, "<html") || strings.Contains(fragment, "<b>") || !strings.Contains(fragment, `role="listbox"`) {
		t.Errorf("fragment is wrong: %s", fragment)
	}
}

// TestGalleryShowsEverything fails when a component is missing from the gallery.
func TestGalleryShowsEverything(t *testing.T) {
	read := func(pattern string) (text string) {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("nothing matches %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text += string(data)
		}
		return text
	}
	shown, defined := read("*.templ")+read("*.go"), read("../*.templ")
	for _, m := range regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(`).FindAllStringSubmatch(defined, -1) {
		if !strings.Contains(shown, "ui."+m[1]+"(") && !strings.Contains(defined, "@"+m[1]+"(") {
			t.Errorf("%s is not in the gallery", m[1])
		}
	}
}
