package directory

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// told is what tells of a person in texts that are about something else: their
// names as they stand in the log of a seat, their addresses and numbers.
type told struct {
	words  []string // whole words only
	emails []string
}

// erasedWord stands in the log where a name stood.
const erasedWord = "—"

// leastTelling is how long a text must be to be looked for in other texts.
const leastTelling = 3

// tellsOf gathers every name and address the person has or had, from their record
// and from the log of its changes.
func tellsOf(c *operation.Call, p Person) (told, error) {
	given, family := []string{p.GivenName}, []string{p.FamilyName}
	emails, phones := []string{p.Email}, []string{p.Phone}
	var names []string
	more, err := readMergedPerson(c, p.ID)
	if err != nil {
		return told{}, err
	}
	names, emails = append(names, more.OtherNames...), append(emails, more.OtherEmails...)
	err = store.Each(c.Tx, func(row store.Row) error {
		var fields []operation.FieldChange
		var title string
		err := row.Scan(store.ScanText(&title), store.ScanJSON(&fields))
		names = append(names, title)
		for _, f := range fields {
			for _, raw := range []json.RawMessage{f.Before, f.After} {
				var text string
				if json.Unmarshal(raw, &text) != nil {
					continue
				}
				switch f.Field {
				case "given_name":
					given = append(given, text)
				case "family_name":
					family = append(family, text)
				case "email":
					emails = append(emails, text)
				case "phone":
					phones = append(phones, text)
				}
			}
		}
		return err
	}, `SELECT subject_title, fields FROM audit_entries WHERE collaborative_id = $1 AND subject_kind = 'person' AND subject_id = $2`, p.ID)
	for _, g := range append(given, "") {
		for _, f := range append(family, "") {
			if g != "" && f != "" {
				names = append(names, g+" "+f, f+" "+g)
			} else if len(given) == 1 && len(family) == 1 {
				if p.GivenName == "" || p.FamilyName == "" {
					names = append(names, g+f)
				}
			}
		}
	}
	var out told
	seen := map[string]bool{}
	for _, text := range append(append(names, emails...), phones...) {
		if text = strings.TrimSpace(text); utf8.RuneCountInString(text) >= leastTelling && !seen[text] {
			seen[text] = true
			out.words = append(out.words, text)
		}
	}
	for _, e := range emails {
		if e != "" {
			out.emails = append(out.emails, e)
		}
	}
	return out, err
}

// in says whether a text tells of the person.
func (t told) in(text string) bool { return t.without(text) != text }

// without is a text, or JSON, with what tells of the person taken out.
func (t told) without(text string) string {
	for _, word := range t.words {
		text = replaceWord(text, word)
		raw, err := json.Marshal(word)
		if escaped := strings.Trim(string(raw), `"`); err == nil && escaped != word {
			text = replaceWord(text, escaped)
		}
	}
	return text
}

// replaceWord replaces a text where it stands as a whole word.
func replaceWord(text, word string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, word)
		if at < 0 {
			return out.String() + text
		}
		end := at + len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		out.WriteString(text[:at])
		if within(before) || within(after) {
			out.WriteString(text[at:end])
		} else {
			out.WriteString(erasedWord)
		}
		text = text[end:]
	}
}

func within(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// trace is an entry of the log that may tell of the person.
type trace struct {
	id                  operation.EntryID
	title, fields, undo string
}

// eraseTraces takes the person out of the log and out of the answers kept for
// repeated requests. Entries about them lose what they say, those by them lose
// the name, and those of other records lose it where it stands in them.
func eraseTraces(c *operation.Call, i PersonID, known told) error {
	if _, err := c.Tx.Exec(`UPDATE audit_entries SET fields = NULL, subject_title = '', undo_operation = NULL, undo_input = NULL WHERE collaborative_id = $1 AND subject_kind = 'person' AND subject_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE audit_entries SET actor_name = '', account_id = NULL WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	var found []trace
	if err := store.Each(c.Tx, func(row store.Row) error {
		var t trace
		err := row.Scan(&t.id, store.ScanText(&t.title), store.ScanText(&t.fields), store.ScanText(&t.undo))
		if known.in(t.title) || known.in(t.fields) || known.in(t.undo) || strings.Contains(t.undo, i.String()) {
			found = append(found, t)
		}
		return err
	}, `SELECT id, subject_title, fields, undo_input FROM audit_entries WHERE collaborative_id = $1`); err != nil {
		return err
	}
	for _, t := range found {
		if _, err := c.Tx.Exec(`UPDATE audit_entries SET subject_title = $3, fields = $4 WHERE collaborative_id = $1 AND id = $2`, t.id, known.without(t.title), store.Text(known.without(t.fields))); err != nil {
			return err
		}
		if known.in(t.undo) || strings.Contains(t.undo, i.String()) {
			if _, err := c.Tx.Exec(`UPDATE audit_entries SET undo_operation = NULL, undo_input = NULL WHERE collaborative_id = $1 AND id = $2`, t.id); err != nil {
				return err
			}
		}
	}
	type answer struct {
		account operation.AccountID
		key     string
	}
	var answers []answer
	if err := store.Each(c.Tx, func(row store.Row) error {
		var a answer
		var output string
		err := row.Scan(&a.account, &a.key, store.ScanText(&output))
		if known.in(output) || strings.Contains(output, i.String()) {
			answers = append(answers, a)
		}
		return err
	}, `SELECT account_id, key, output FROM idempotency_keys WHERE collaborative_id = $1`); err != nil {
		return err
	}
	for _, a := range answers {
		if _, err := c.Tx.Exec(`DELETE FROM idempotency_keys WHERE collaborative_id = $1 AND account_id = $2 AND key = $3`, a.account[:], a.key); err != nil {
			return err
		}
	}
	return nil
}
