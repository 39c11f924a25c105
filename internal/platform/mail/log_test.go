package mail_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"commontable/internal/platform/clock"
	ours "commontable/internal/platform/mail"
)

func TestLogKeepsTheNewest(t *testing.T) {
	var out bytes.Buffer
	log := &ours.Log{Logger: slog.New(slog.NewTextHandler(&out, nil)), Clock: clock.Fixed(at)}
	for n := range ours.KeptMessages + 5 {
		m := plain
		m.ID = fmt.Sprintf("m-%d", n)
		m.Text = fmt.Sprintf("Open (https://t.example/s/%d). Again: https://t.example/s/%d\n", n, n)
		if err := log.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	kept := log.Newest()
	if len(kept) != ours.KeptMessages || kept[0].ID != "m-204" || kept[len(kept)-1].ID != "m-5" {
		t.Fatalf("%d kept, from %s to %s", len(kept), kept[0].ID, kept[len(kept)-1].ID)
	}
	if len(kept[0].Links) != 1 || kept[0].Links[0] != "https://t.example/s/204" || !kept[0].At.Equal(at) {
		t.Errorf("newest %+v", kept[0])
	}
	if !strings.Contains(out.String(), "https://t.example/s/204") {
		t.Error("the link is not in the log")
	}
	out.Reset()
	log.HideLinks = true
	if err := log.Send(t.Context(), ours.Message{ID: "x", To: "a@example.org", Subject: "S", Text: "https://t.example/secret"}); err != nil || strings.Contains(out.String(), "secret") {
		t.Errorf("%v, log %s", err, out.String())
	}
	if err := log.Send(t.Context(), ours.Message{ID: "x", To: "a@example.org\nBcc: b@example.org", Subject: "S", Text: "T"}); !ours.IsPermanent(err) {
		t.Errorf("a bad address: %v", err)
	}
}

func TestLogFromManyGoroutines(t *testing.T) {
	log := &ours.Log{Logger: slog.New(slog.DiscardHandler)}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 30 {
				_ = log.Send(t.Context(), plain)
				_ = log.Newest()
			}
		})
	}
	group.Wait()
	if n := len(log.Newest()); n != ours.KeptMessages {
		t.Errorf("%d kept", n)
	}
}

var _ = []ours.Sender{(*ours.Log)(nil), (*ours.SMTP)(nil)}
