package app_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/house"
)

// The files of meetings are in a backup, and are there again, to be read, where it is
// restored; from either engine.
func TestFilesComeBackFromABackup(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		ctx := h.As(operation.Staff)
		m := house.Do(t, h, ctx, convening.CreateMeeting, convening.MeetingInput{Title: "Table", On: "2026-06-01", Starts: "10:00"})
		u := house.Do(t, h, ctx, h.App.Materials.Begin, materials.BeginInput{MeetingID: m.ID, FileName: "minutes.txt"})
		house.Do(t, h, ctx, h.App.Materials.AddPart, materials.PartInput{MeetingID: m.ID, ID: u.ID, Content: []byte("We met."), Last: true})
		made, err := h.App.Materials.Create.Do(ctx, h.App.Door, materials.Input{MeetingID: m.ID, UploadID: u.ID})
		if err != nil {
			t.Fatal(err)
		}
		file, folder := filepath.Join(t.TempDir(), "backup.zip"), t.TempDir()
		manifest, err := h.App.Store.BackupFile(context.Background(), file, store.BackupOptions{Files: filepath.Join(h.App.Config.DataDir, app.FilesFolder)})
		if err != nil || len(manifest.Files) != 1 {
			t.Fatalf("%d files, %v", len(manifest.Files), err)
		}
		cfg := app.Config{DataDir: folder, BaseURL: h.App.Config.BaseURL, Clock: h.Clock, Log: slog.New(slog.DiscardHandler)}
		if _, err := store.Restore(context.Background(), app.StoreConfig(cfg), file, store.RestoreOptions{Files: filepath.Join(folder, app.FilesFolder)}); err != nil {
			t.Fatal(err)
		}
		again, err := app.Open(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = again.Close() }()
		o, err := again.Materials.Read.Do(ctx, again.Door, materials.FileRef{MeetingID: m.ID, ID: made.ID})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = o.Content.Close() }()
		if raw, err := io.ReadAll(o.Content); err != nil || string(raw) != "We met." {
			t.Errorf("%q %v", raw, err)
		}
	})
}
