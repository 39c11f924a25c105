package mail_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"commontable/internal/platform/clock"
	ours "commontable/internal/platform/mail"
)

func TestLogTellsTheLinks(t *testing.T) {
	var out bytes.Buffer
	log := &ours.Log{Logger: slog.New(slog.NewTextHandler(&out, nil)), Clock: clock.Fixed(at)}
	m := plain
	m.Text = "Open (https://t.example/s/204). Again: https://t.example/s/204, or https://t.example/s/205\n"
	if err := log.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "https://t.example/s/204") {
		t.Error("the link is not in the log")
	}
	if got := ours.Links(m.Text); !slices.Equal(got, []string{"https://t.example/s/204", "https://t.example/s/205"}) {
		t.Errorf("links %q", got)
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

var _ = []ours.Sender{(*ours.Log)(nil), (*ours.SMTP)(nil)}
