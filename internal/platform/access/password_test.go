package access

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/platform/operation"
)

func TestPasswordCostFollowsGuidance(t *testing.T) {
	// OWASP Password Storage Cheat Sheet, Argon2id: m=19456 (19 MiB), t=2, p=1.
	if currentArgon.memory < 19456 || currentArgon.passes < 2 || currentArgon.lanes < 1 {
		t.Errorf("%+v", currentArgon)
	}
	h := newHasher(currentArgon)
	hash := must[string](t)(h.hash(t.Context(), goodPassword))
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error(hash)
	}
	if again := must[string](t)(h.hash(t.Context(), goodPassword)); again == hash {
		t.Error("two hashes of one password are equal")
	}
}

func TestStoredHashesThatWouldExhaustTheMachineAreRefused(t *testing.T) {
	for _, stored := range []string{"x", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAA",
		"$argon2id$v=19$m=19456,t=99999,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=19456,t=2,p=0$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, _, err := newHasher(currentArgon).verify(t.Context(), stored, "x"); err == nil {
			t.Errorf("%s is derived by", stored)
		}
	}
}

func TestDerivationsAreBounded(t *testing.T) {
	h := newHasher(cheapArgon)
	h.patient = 50 * time.Millisecond
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	if _, err := h.hash(t.Context(), "x"); operation.KindOf(err) != operation.Unavailable {
		t.Errorf("a derivation too many was begun: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, "x"); operation.KindOf(err) != operation.Unavailable {
		t.Errorf("a request that is gone still waits: %v", err)
	}
	<-h.slots
	var all sync.WaitGroup
	h.patient = time.Minute
	for range 6 {
		all.Go(func() { _, _ = h.hash(t.Context(), "x") })
	}
	all.Wait()
	if len(h.slots) != cap(h.slots)-1 {
		t.Error("a slot was not given back")
	}
}

func TestPasswordPolicy(t *testing.T) {
	own := []string{"ana.lopez@riverside.org", "Ana López", "Riverside Table"}
	for password, want := range map[string]string{
		"short":                        "access.password_short",
		"ninechars":                    "access.password_short",
		"éèêëēĕėęě":                    "access.password_short",
		strings.Repeat("ab9x", 251):    "access.password_long",
		"\xff\xfe1234567890":           "errors.not_text",
		"1234567890":                   "access.password_common",
		"0987654321":                   "access.password_common",
		"qwertyuiop":                   "access.password_common",
		"1q2w3e4r5t":                   "access.password_common",
		"Password123":                  "access.password_common",
		"P@ssw0rd2026!":                "access.password_common",
		"sunshine2026":                 "access.password_common",
		"!!!Dragon!!!":                 "access.password_common",
		"aaaaaaaaaaaa":                 "access.password_common",
		"abababababab":                 "access.password_common",
		"monkeymonkey":                 "access.password_common",
		"abcdefghijkl":                 "access.password_common",
		"iloveyou1234":                 "access.password_common",
		"trustno1trustno1":             "access.password_common",
		"commontable1":                 "access.password_own",
		"C0mm0ntable!!":                "access.password_own",
		"Collaborative7":               "access.password_own",
		"ana.lopez@riverside.org":      "access.password_own",
		"Riverside2026":                "access.password_own",
		"anarivers1de99":               "access.password_own",
		goodPassword:                   "",
		"correct horse battery staple": "",
		"пароль и чашка чая":           "",
		"我喜欢在晚上喝一杯热茶":                  "",
		strings.Repeat("wörter ", 140): "",
		"riverside kettle umbrella":    "",
		"tK4$vQ9!mZ":                   "",
		"   leading spaces ok  ":       "",
	} {
		if got := CheckPassword(password, own...); got != want {
			t.Errorf("%.40q: %q, want %q", password, got, want)
		}
	}
}

func TestCommonListIsSortedAndWhole(t *testing.T) {
	if len(commonPasswords)%4 != 0 || len(commonPasswords) < 4*25_000 {
		t.Fatalf("%d bytes", len(commonPasswords))
	}
	for at := 4; at < len(commonPasswords); at += 4 {
		if commonPasswords[at-4:at] >= commonPasswords[at:at+4] {
			t.Fatalf("out of order at %d", at)
		}
	}
	for _, word := range []string{"password", "123456", "qwerty", "letmein", "dragon", "football", "trustno1"} {
		if !isCommon(word) {
			t.Errorf("%s is missing", word)
		}
	}
}

// Whether an account exists must not show in how long a refusal takes. The
// samples are interleaved, so that load falls on both alike, and compared by
// the rank-sum test of Mann and Whitney.
func TestTimeDoesNotTellWhoHasAnAccount(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	// The real cost takes half a minute; the difference looked for (a look-up,
	// a branch) does not depend on it, and shows more clearly beside less.
	h.s.hasher = newHasher(argonParameters{memory: 1024, passes: 1, lanes: 1})
	h.setHash("ana@example.org", must[string](t)(h.s.hasher.hash(t.Context(), goodPassword)))

	password := func(email string) func() {
		return func() {
			_, _ = h.s.SignInWithPassword(from("192.0.2.1"), h.door, PasswordInput{Email: email, Password: "wrong wrong wrong"})
		}
	}
	link := func(email string) func() {
		return func() { _ = h.s.RequestLink(from("192.0.2.1"), h.door, email, "") }
	}
	for name, pair := range map[string][2]func(){
		"password": {password("ana@example.org"), password("eva@example.org")},
		"link":     {link("ana@example.org"), link("eva@example.org")},
	} {
		// A scheduler's mood can spoil one run; a true difference spoils all.
		var z, shift float64
		for range 3 {
			if z, shift = compare(h, pair, 300); z < 4 || shift < 0.05 {
				break
			}
		}
		t.Logf("%s: z = %.2f, medians differ by %.1f %%", name, z, 100*shift)
		if z >= 4 && shift >= 0.05 {
			t.Errorf("%s: the time tells: z = %.2f, medians differ by %.1f %%", name, z, 100*shift)
		}
	}
}

// compare times both and gives the absolute z of the rank-sum test and the
// relative difference of the medians.
func compare(h *house, pair [2]func(), n int) (z, shift float64) {
	type sample struct {
		took  time.Duration
		which int
	}
	var all []sample
	for i := range n + 20 {
		h.clock.Advance(time.Hour) // limits are not what is measured
		for k := range 2 {
			which := (i + k) % 2
			started := time.Now()
			pair[which]()
			if took := time.Since(started); i >= 20 {
				all = append(all, sample{took, which})
			}
		}
	}
	slices.SortFunc(all, func(a, b sample) int { return int(a.took - b.took) })
	var ranks float64
	var medians [2]time.Duration
	var seen [2]int
	for i, s := range all {
		if s.which == 0 {
			ranks += float64(i + 1)
		}
		if seen[s.which]++; seen[s.which] == n/2 {
			medians[s.which] = s.took
		}
	}
	m := float64(n)
	z = math.Abs(ranks-m*(2*m+1)/2) / math.Sqrt(m*m*(2*m+1)/12)
	return z, math.Abs(float64(medians[0]-medians[1])) / float64(medians[1])
}
