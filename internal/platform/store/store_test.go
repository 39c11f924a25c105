package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"commontable/internal/platform/store"
	"commontable/internal/schema"
)

func TestOpensTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "commontable.db")
	for range 2 {
		s, err := store.Open(context.Background(), store.Config{Path: path, Migrations: schema.Files})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
