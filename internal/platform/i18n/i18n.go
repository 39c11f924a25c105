// Package i18n holds every word the product says, in every language it speaks, and writes dates,
// numbers and lists the way each language does. It also folds names for search and order, and cleans
// what people type.
//
// Words come from the catalogue: catalog/<language>/<area>.json, in the format of go-i18n. A key
// begins with its area ("mail.invitation.subject"). A message may hold placeholders of the form
// {{.Name}} and nothing else of the template language, so that a translation can never fail or
// reach for anything it was not given.
package i18n

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// Default is the language used when nobody asked for another.
const Default = "en"

// Args are the values of a message's placeholders by name. "Count" is special: it chooses the plural
// form and is written with the digit grouping of the language. All other numbers are written plainly,
// since they may be years or identifiers.
type Args map[string]any

type localeKey struct{}

// locale is the language and zone of one context, stored together so that T looks up the context once.
type locale struct {
	speech *speech
	zone   *time.Location
}

func localeOf(ctx context.Context) locale {
	if l, ok := ctx.Value(localeKey{}).(*locale); ok {
		return *l
	}
	return locale{speech: loaded().speeches[Default], zone: time.UTC}
}

// With returns a context in which messages, dates and numbers are written in lang. A language the
// catalogue does not have becomes the Default.
func With(ctx context.Context, lang string) context.Context {
	l := localeOf(ctx)
	l.speech = loaded().speech(lang)
	return context.WithValue(ctx, localeKey{}, &l)
}

// WithZone returns a context in which instants are shown in zone. A nil zone is UTC.
func WithZone(ctx context.Context, zone *time.Location) context.Context {
	l := localeOf(ctx)
	if l.zone = zone; zone == nil {
		l.zone = time.UTC
	}
	return context.WithValue(ctx, localeKey{}, &l)
}

// Language returns the language of ctx: "en", "fr" or "es".
func Language(ctx context.Context) string { return localeOf(ctx).speech.code }

// Zone returns the time zone of ctx, UTC when none was set.
func Zone(ctx context.Context) *time.Location { return localeOf(ctx).zone }

// Direction returns the writing direction of ctx's language as HTML wants it: "ltr" or "rtl".
func Direction(ctx context.Context) string { return localeOf(ctx).speech.direction }

// T returns the message of key in the language of ctx, its placeholders filled from args; where two
// args name the same placeholder the later one wins. A key the language lacks is taken from the
// Default language; a key nobody has is returned as it is and logged once.
func T(ctx context.Context, key string, args ...Args) string {
	speech := localeOf(ctx).speech
	m, found := speech.messages[key]
	if !found {
		if m, found = loaded().speeches[Default].messages[key]; !found {
			logOnce("i18n: unknown message key", key)
			return key
		}
	}
	if m.fixed {
		return m.other.literal
	}
	return m.write(key, speech, args)
}

// Has reports whether the catalogue defines key in the Default language.
func Has(key string) bool {
	_, found := loaded().speeches[Default].messages[key]
	return found
}

// value looks a placeholder up in args; the last Args that has it wins.
func value(args []Args, name string) (any, bool) {
	for i := len(args) - 1; i >= 0; i-- {
		if v, ok := args[i][name]; ok {
			return v, true
		}
	}
	return nil, false
}

// plain writes a value without regard to language.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case fmt.Stringer:
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}

// logged remembers what logOnce has said. It is bounded because a key may be composed from input.
var logged struct {
	sync.Mutex
	seen map[string]bool
}

const maxLogged = 1000

func logOnce(what, key string) {
	logged.Lock()
	defer logged.Unlock()
	if logged.seen[what+key] || len(logged.seen) >= maxLogged {
		return
	}
	if logged.seen == nil {
		logged.seen = map[string]bool{}
	}
	logged.seen[what+key] = true
	slog.Error(what, "key", key)
}
