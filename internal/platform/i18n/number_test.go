package i18n_test

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
)

func TestNumbers(t *testing.T) {
	en, fr, es := speaking("en"), speaking("fr"), speaking("es")
	for got, want := range map[string]string{
		i18n.Number(en, 0): "0", i18n.Number(en, -999): "-999", i18n.Number(en, 12345): "12,345",
		i18n.Number(en, math.MinInt64): "-9,223,372,036,854,775,808", i18n.Number(fr, 1234567): "1\u202f234\u202f567",
		i18n.Number(es, 1234): "1234", i18n.Number(es, -12345): "-12.345",
		i18n.Decimal(en, 1234.5, 2): "1,234.50", i18n.Decimal(fr, -0.5, 1): "-0,5", i18n.Decimal(es, 1e6, 0): "1.000.000",
		i18n.Decimal(en, 1.005, 2): "1.01", i18n.Decimal(en, -0.001, 2): "0.00", i18n.Decimal(en, 2.5, 0): "3", i18n.Decimal(en, -2.5, 0): "-3",
		i18n.Decimal(en, math.NaN(), 2): "–", i18n.Decimal(en, math.Inf(-1), 2): "–", i18n.Decimal(en, 1e300, -3)[:4]: "1,00",
		i18n.Percent(en, 0.456): "46%", i18n.Percent(fr, 0.456, 1): "45,6\u202f%", i18n.Percent(es, 1): "100\u00a0%", i18n.Percent(en, math.NaN()): "–",
		i18n.Bytes(en, 0): "0\u00a0B", i18n.Bytes(en, 999): "999\u00a0B", i18n.Bytes(en, 1000): "1\u00a0kB", i18n.Bytes(fr, 1536): "1,5\u00a0ko",
		i18n.Bytes(en, 999999): "1\u00a0MB", i18n.Bytes(en, 123456789): "123\u00a0MB", i18n.Bytes(en, math.MaxInt64): "9,223,372\u00a0TB",
		i18n.Bytes(es, 9960): "10\u00a0kB", i18n.Bytes(en, -1536): "-1.5\u00a0kB",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// x/text is an independent judge of grouping, but for the kind of space and the rule for Spanish.
func TestNumbersAgreeWithXText(t *testing.T) {
	spaces := strings.NewReplacer("\u202f", " ", "\u00a0", " ")
	for lang, tag := range map[string]language.Tag{"en": language.English, "fr": language.French, "es": language.Spanish} {
		printer, ctx := message.NewPrinter(tag), speaking(lang)
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.Int64().Draw(t, "n")
			if lang == "es" && n > -10000 && n < 10000 {
				return
			}
			if got, want := spaces.Replace(i18n.Number(ctx, n)), spaces.Replace(printer.Sprintf("%d", n)); got != want {
				t.Fatalf("%s: %q, x/text says %q", lang, got, want)
			}
		})
	}
}

// The value written is the decimal number nearest to what strconv shows, halves away from zero, judged by
// exact arithmetic.
func TestDecimalRoundsAsWritten(t *testing.T) {
	ctx := speaking("en")
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-1e9, 1e9).Draw(t, "f")
		places := rapid.IntRange(0, 4).Draw(t, "places")
		exact, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'f', -1, 64))
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
		scaled := new(big.Rat).Mul(exact, scale)
		half := big.NewRat(1, 2)
		if scaled.Sign() < 0 {
			half.Neg(half)
		}
		scaled.Add(scaled, half)
		rounded := new(big.Int).Quo(scaled.Num(), scaled.Denom())
		want := new(big.Rat).Quo(new(big.Rat).SetInt(rounded), scale).FloatString(places)
		if got := strings.ReplaceAll(i18n.Decimal(ctx, f, places), ",", ""); got != want {
			t.Fatalf("%v with %d places: %q, want %q", f, places, got, want)
		}
	})
}
