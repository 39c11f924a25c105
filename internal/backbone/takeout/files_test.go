package takeout_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"commontable/internal/platform/operation"
)

// The files of meetings are in the archive, each once, under the hash of what they hold;
// an archive whose files were changed, shortened, made longer or taken out brings
// nothing.
func TestFilesAreCarried(t *testing.T) {
	raw := taken(t, told(t, "sqlite"), everything)
	var names []string
	for name, content := range files(t, raw) {
		if strings.HasPrefix(name, "files/") {
			sum := sha256.Sum256([]byte(content))
			if !strings.HasPrefix(name, "files/"+hex.EncodeToString(sum[:])+".") {
				t.Errorf("%s holds something else", name)
			}
			if content == "%PDF-1.4 one" || content == "%PDF-1.4 two" {
				names = append(names, name)
			}
		}
	}
	if len(names) != 2 {
		t.Fatalf("the archive has %v", names)
	}
	for what, change := range map[string]func(string) *string{
		"changed":   func(text string) *string { text = strings.Replace(text, "1.4", "1.5", 1); return &text },
		"shortened": func(text string) *string { text = text[:5]; return &text },
		"longer":    func(text string) *string { text += strings.Repeat("x", 1<<20); return &text },
		"missing":   func(string) *string { return nil },
	} {
		b := house(t, "sqlite")
		_, err := load(b, edited(t, raw, names[0], change))
		var e *operation.Error
		if !errors.As(err, &e) || e.Key != "takeout.file_damaged" && e.Key != "takeout.file_missing" {
			t.Errorf("%s: %v", what, err)
		}
		if n := collaboratives(t, b.Store); n != 0 {
			t.Errorf("%s: %d collaboratives are there", what, n)
		}
	}
}
