package access

import (
	"context"
	"strings"
	"testing"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What authentication costs beside the bare statement it runs.
func BenchmarkAuthenticate(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		h := newHouse(b, engine)
		a := h.account("ana@example.org")
		h.member(a, h.collaborative("north", false), operation.Director)
		secret := h.signIn("ana@example.org").Secret
		hash := hashSecret(secret)
		run := func(name string, one func() error) {
			b.Run(engine+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := one(); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
		run("authenticate", func() error {
			_, _, _, err := h.s.Authenticate(context.Background(), secret, "north")
			return err
		})
		run("bare statement", func() error {
			return h.store.ReadInstallation(context.Background(), func(tx *store.InstallationTx) error {
				_, err := store.One(tx, scanSession, bySession, hash, "north")
				return err
			})
		})
		run("empty read", func() error {
			return h.store.ReadInstallation(context.Background(), func(*store.InstallationTx) error { return nil })
		})
		run("no cookie", func() error {
			_, _, _, err := h.s.Authenticate(context.Background(), "", "")
			return err
		})
	}
}

// What a password costs at the real parameters.
func BenchmarkPassword(b *testing.B) {
	h := newHasher(currentArgon)
	for b.Loop() {
		if _, err := h.hash(context.Background(), goodPassword); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLimiter(b *testing.B) {
	h := newHouse(b, "sqlite")
	rule := Rule{Name: "bench", Burst: 1 << 40, Every: 1}
	for name, lease := range map[string]int64{"written": 0, "leased": 20} {
		rule.Lease = lease
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := h.s.Limiter.Take(context.Background(), rule, "ana"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckPassword(b *testing.B) {
	long := strings.Repeat("wörter ", 140)
	for b.Loop() {
		CheckPassword(long, "ana@example.org", "Ana", "North")
	}
}
