package id_test

import (
	"encoding/json"
	"testing"

	"commontable/internal/platform/id"
)

type thing struct{}

func TestRoundTrip(t *testing.T) {
	for range 1000 {
		want := id.New[thing]()
		for _, text := range []string{want.String(), want.Short()} {
			got, err := id.Parse[thing](text)
			if err != nil || got != want {
				t.Fatalf("Parse(%q) = %v, %v; want %v", text, got, err, want)
			}
		}
		stored, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		var got id.Of[thing]
		if err := got.Scan(stored); err != nil || got != want {
			t.Fatalf("Scan(Value(%v)) = %v, %v", want, got, err)
		}
	}
}

func TestShortKeepsOrder(t *testing.T) {
	previous := id.New[thing]()
	for range 1000 {
		next := id.New[thing]()
		if (previous.String() < next.String()) != (previous.Short() < next.Short()) {
			t.Fatalf("order differs between %v and %v", previous, next)
		}
		previous = next
	}
}

func TestOneSpellingPerID(t *testing.T) {
	valid := id.New[thing]().Short()
	for _, bad := range []string{"", "x", valid + "0", valid[:25] + "v", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "../../../../etc/passwd/aaa"} {
		if got, err := id.Parse[thing](bad); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", bad, got)
		}
	}
}

func TestZeroIsNullAndEmpty(t *testing.T) {
	var zero id.Of[thing]
	if v, err := zero.Value(); v != nil || err != nil {
		t.Errorf("Value of zero = %v, %v; want NULL", v, err)
	}
	text, err := json.Marshal(zero)
	if err != nil || string(text) != `""` {
		t.Errorf("JSON of zero = %s, %v; want an empty string", text, err)
	}
	var back id.Of[thing]
	if err := json.Unmarshal(text, &back); err != nil || !back.IsZero() {
		t.Errorf("reading it back = %v, %v", back, err)
	}
}
