package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"commontable/internal/platform/store"
)

// No damage goes unnoticed: whatever single byte is changed and wherever the
// file ends, restoring either refuses or gives the exact content.
func TestDamageIsNoticed(t *testing.T) {
	s := open(t, target(t, "sqlite"))
	furnish(t, s)
	path := backUp(t, s, store.BackupOptions{})
	want := contents(t, path)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		hurt := bytes.Clone(raw)
		if random.IntN(3) == 0 {
			hurt = hurt[:random.IntN(len(hurt))]
		} else {
			hurt[random.IntN(len(hurt))] ^= byte(1 + random.IntN(255))
		}
		at := filepath.Join(t.TempDir(), "hurt.zip")
		if err := os.WriteFile(at, hurt, 0o600); err != nil {
			t.Fatal(err)
		}
		cfg := target(t, "sqlite")
		_, err := store.Restore(ctx, cfg, at, store.RestoreOptions{})
		if err == nil {
			back := open(t, cfg)
			if got := contents(t, backUp(t, back, store.BackupOptions{})); len(got) != len(want) || got["tables/facts.jsonl"] != want["tables/facts.jsonl"] {
				t.Fatal("damaged content was restored")
			}
			continue
		}
		if _, err := os.Stat(cfg.Path); err == nil {
			t.Fatal("a database was left behind")
		}
	}
}

func manifestOf(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRefusedBackups(t *testing.T) {
	s := open(t, target(t, "sqlite"))
	furnish(t, s)
	key := []byte("installation")
	sign := func(manifest []byte) []byte { sum := sha256.Sum256(append(key, manifest...)); return sum[:] }
	good := backUp(t, s, store.BackupOptions{Sign: sign})
	verify := func(manifest, signature []byte) error {
		if !bytes.Equal(sign(manifest), signature) {
			return errors.New("not signed by this installation")
		}
		return nil
	}
	edit := func(change func(map[string]any)) func(string, []byte) []byte {
		return func(name string, raw []byte) []byte {
			if name != "manifest.json" {
				return raw
			}
			m := manifestOf(t, raw)
			change(m)
			out, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	forged := bytes.Repeat([]byte(`["AAAA","bomb"]`+"\n"), 1<<20)
	for name, c := range map[string]struct {
		change func(string, []byte) []byte
		want   error
	}{
		"newer format": {edit(func(m map[string]any) { m["format"] = 2; m["surprise"] = true }), store.ErrBackupNewer},
		"no format":    {edit(func(m map[string]any) { delete(m, "format") }), store.ErrNotBackup},
		"other schema": {edit(func(m map[string]any) { m["schema"].([]any)[0].(map[string]any)["checksum"] = "00" }), store.ErrChanged},
		"no schema":    {edit(func(m map[string]any) { m["schema"] = nil }), store.ErrBackupDamage},
		"fewer rows":   {edit(func(m map[string]any) { m["tables"].([]any)[0].(map[string]any)["rows"] = 1 }), store.ErrBackupDamage},
		"another column": {edit(func(m map[string]any) {
			m["tables"].([]any)[0].(map[string]any)["columns"].([]any)[0] = []string{"x", "text"}
		}), store.ErrBackupDamage},
		"file outside": {edit(func(m map[string]any) {
			m["files"] = []map[string]any{{"path": "../out", "content": map[string]any{"bytes": 0, "sha256": ""}}}
		}), store.ErrBackupDamage},
		"missing table": {func(name string, raw []byte) []byte {
			if name == "tables/facts.jsonl" {
				return nil
			}
			return raw
		}, store.ErrBackupDamage},
		"no manifest": {func(name string, raw []byte) []byte {
			if name == "manifest.json" {
				return nil
			}
			return raw
		}, store.ErrNotBackup},
		"bomb": {func(name string, raw []byte) []byte {
			if name == "tables/sessions.jsonl" {
				return forged
			}
			return raw
		}, store.ErrBackupDamage},
		"resigned by a stranger": {func(name string, raw []byte) []byte {
			// The row, its checksum and its length all agree; only the key is missing.
			if name == "tables/sessions.jsonl" {
				return []byte("[\"AAAA\",5]\n")
			}
			return edit(func(m map[string]any) {
				sum := sha256.Sum256([]byte("[\"AAAA\",5]\n"))
				m["tables"].([]any)[1].(map[string]any)["content"] = map[string]any{"bytes": 11, "sha256": hex.EncodeToString(sum[:])}
			})(name, raw)
		}, store.ErrBackupDamage},
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.zip")
			rewrite(t, good, bad, c.change)
			cfg := target(t, "sqlite")
			if _, err := store.Restore(ctx, cfg, bad, store.RestoreOptions{Verify: verify, Files: filepath.Join(filepath.Dir(cfg.Path), "files")}); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(cfg.Path), "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	if _, err := store.Restore(ctx, target(t, "sqlite"), good, store.RestoreOptions{Verify: verify}); err != nil {
		t.Errorf("the good one: %v", err)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(ctx, target(t, "sqlite"), text, store.RestoreOptions{}); !errors.Is(err, store.ErrNotBackup) {
		t.Errorf("a text file: %v", err)
	}
}

func TestRestoreSparesOthersDatabases(t *testing.T) {
	s := open(t, target(t, "sqlite"))
	furnish(t, s)
	good := backUp(t, s, store.BackupOptions{})
	cfg := target(t, "sqlite")
	if err := os.WriteFile(cfg.Path, []byte("not a database, but somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(ctx, cfg, good, store.RestoreOptions{Force: true}); !errors.Is(err, store.ErrForeign) {
		t.Errorf("over another program's file: %v", err)
	}
}
