package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed script.js
var script string

// Selectors are CSS, or "text=Save" for what a person reads on the thing, or
// "label=Name" for the form control that goes by that label. Every action waits
// until its element is there and can be used, then fails.

// ask evaluates an expression in which h holds the helpers of script.js. A page
// that is being replaced has no answer: that is an error to try again after.
func ask[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T]("(async () => { const h = "+strings.TrimSpace(script)+"; return "+expression+" })()",
		chromedp.EvalAwaitPromise))
}

// until asks again and again until the answer suits.
func until[T any](p *Page, what, expression string, suits func(T) (ok bool, why string)) T {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		answer, err := ask[T](p, expression)
		var why string
		if err == nil {
			var ok bool
			if ok, why = suits(answer); ok {
				return answer
			}
		} else {
			why = err.Error()
		}
		if time.Now().After(deadline) || p.ctx.Err() != nil {
			p.t.Fatalf("browser: %s: %s (at %s)", what, why, p.URL())
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// quote makes a JavaScript string.
func quote(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

type aim struct {
	X, Y float64
	Why  string
}

// Click clicks the element, or taps it on a touch screen.
func (p *Page) Click(selector string) {
	p.t.Helper()
	at := p.aimAt(selector)
	p.run("click "+selector, p.pointer(at))
}

// Follow clicks the element and waits for the page that the click loads.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	at := p.aimAt(selector)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, p.pointer(at)); err != nil {
		p.t.Fatalf("browser: follow %s: %v", selector, err)
	}
}

// aimAt waits until the element rests where it can be hit.
func (p *Page) aimAt(selector string) aim {
	p.t.Helper()
	last := aim{X: math.NaN()}
	return until(p, "click "+selector, "h.aim("+quote(selector)+")", func(a aim) (bool, string) {
		if a.Why != "" {
			return false, a.Why
		}
		still := a == last
		last = a
		return still, "it keeps moving"
	})
}

func (p *Page) pointer(at aim) chromedp.Action[chromedp.Void] {
	if p.look.touch {
		// A tab behind another draws no frames, and a tap there comes to nothing.
		return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			if _, err := cdp.Call(ctx, t, page.BringToFront, cdp.Empty{}); err != nil {
				return err
			}
			_, err := chromedp.TapXY(at.X, at.Y)(ctx, t)
			return err
		})
	}
	return chromedp.MouseClickXY(at.X, at.Y)
}

// Fill replaces what a form control holds: text is typed, a select takes the
// option of that value or text, a date takes YYYY-MM-DD.
func (p *Page) Fill(selector, value string) {
	p.t.Helper()
	type prepared struct {
		Why  string
		Type bool
	}
	got := until(p, "fill "+selector, "h.prepare("+quote(selector)+", "+quote(value)+")", func(a prepared) (bool, string) {
		return a.Why == "", a.Why
	})
	switch {
	case !got.Type:
	case value == "":
		p.Press("Delete")
	default:
		p.run("fill "+selector, do(input.InsertText, input.InsertTextParams{Text: value}))
	}
}

// Check makes a checkbox, radio button or switch checked or not, by clicking it
// when it is not so already.
func (p *Page) Check(selector string, on bool) {
	p.t.Helper()
	is := "(e => e ? {there: true, on: e.checked ?? e.getAttribute('aria-checked') === 'true'} : {})(h.find(" + quote(selector) + "))"
	type state struct{ There, On bool }
	if now := until(p, "check "+selector, is, func(s state) (bool, string) { return s.There, "there is none" }); now.On == on {
		return
	}
	p.Click(selector)
	until(p, "check "+selector, is, func(s state) (bool, string) { return s.On == on, "the click did not change it" })
}

// Upload chooses files for a file input.
func (p *Page) Upload(selector string, files ...string) {
	p.t.Helper()
	for i, file := range files {
		full, err := filepath.Abs(file)
		if err != nil {
			p.t.Fatalf("browser: upload: %v", err)
		}
		files[i] = full
	}
	p.Wait(selector)
	p.run("upload to "+selector, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		found, err := cdp.Call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{Expression: "(" + strings.TrimSpace(script) + ").find(" + quote(selector) + ")"})
		if err != nil {
			return err
		}
		if found.Result == nil || found.Result.ObjectID == "" {
			return errors.New("there is none")
		}
		_, err = cdp.Call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, ObjectID: found.Result.ObjectID})
		return err
	}))
}

// The keys Press knows by name, beside single characters.
var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
}

var modifiers = map[string]chromedp.Modifier{
	"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta,
}

// Press presses keys one after the other: "Tab", "Shift+Tab", "Control+k", "a".
func (p *Page) Press(strokes ...string) {
	p.t.Helper()
	for _, stroke := range strokes {
		step, err := press(stroke)
		if err != nil {
			p.t.Fatalf("browser: %v", err)
		}
		p.run("press "+stroke, step)
	}
}

func press(stroke string) (chromedp.Action[chromedp.Void], error) {
	var held []chromedp.Modifier
	rest := stroke
	for {
		name, after, found := strings.Cut(rest, "+")
		modifier, known := modifiers[name]
		if !found || !known {
			break
		}
		held, rest = append(held, modifier), after
	}
	key, known := keys[rest]
	if !known {
		if len([]rune(rest)) != 1 {
			return nil, fmt.Errorf("no key is called %q", stroke)
		}
		key = rest
	}
	return strokes(key, held...), nil
}

// strokes are key events as a keyboard causes them: a key that a page's script
// keeps for itself when it goes down writes no character and sends no form.
// chromedp.KeyEvent sends the character by itself, whatever became of the key.
func strokes(keys string, held ...chromedp.Modifier) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			events := kb.Encode(r)
			down := events[0]
			for _, event := range events {
				for _, m := range held {
					event.Modifiers |= int64(m)
				}
				if event.Type != kb.KeyChar {
					continue
				}
				if event.Modifiers&^int64(chromedp.ModifierShift) == 0 {
					down.Text, down.UnmodifiedText = event.Text, event.UnmodifiedText
				}
			}
			for _, event := range events {
				if event.Type == kb.KeyChar {
					continue
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Type types text into whatever has the focus.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.run("type", strokes(text))
}
