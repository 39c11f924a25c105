package security_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/cli/front"
	"commontable/internal/platform/access"
	"commontable/internal/platform/blind/blindtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/house"
	"commontable/internal/testing/migrated"
	"commontable/internal/testing/postgres"
	"commontable/internal/web"
)

const linkerInstrument = `{"key":"linker","version":1,"minutes":1,"title":{"en":"Linker"},"sections":[{"key":"one","title":{"en":"One"},"questions":[
	{"key":"open","kind":"scale","required":true,"text":{"en":"Open?"},"scale":{"from":1,"to":4}},{"key":"words","kind":"text","text":{"en":"Words?"}}]}]}`

// poll is an anonymous wave that was held, with what is true of it.
type poll struct {
	h               *house.House
	log             *written
	server          *httptest.Server
	wave            surveys.Wave
	issued, handed  []float64 // when each was given a slip, and handed it in
	people, answers needles
	marks           needles // what is noted of each slip, and nowhere before it is given
	before          int     // how much of the log was there before the first link was opened
}

// held runs an anonymous wave of many people over HTTP: each opens their link, takes a
// slip, and hands in soon afterwards, while others do.
func held(t *testing.T, database string, many int) *poll {
	t.Helper()
	p := &poll{log: &written{}, issued: make([]float64, many), handed: make([]float64, many), people: make(needles, many), answers: make(needles, many), marks: make(needles, many)}
	log := slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p.h = house.NewLogging(t, database, log)
	a, staff := p.h.App, p.h.As(operation.Staff)
	f := &front.Front{Pages: web.New(a).Handler(), BaseURL: a.Config.BaseURL, Ready: func(context.Context) error { return nil }, Log: log}
	p.server = httptest.NewServer(f.Handler())
	t.Cleanup(p.server.Close)
	var all []directory.PersonID
	who := map[string]int{}
	for n := range many {
		email := fmt.Sprintf("somebody%03d@example.org", n)
		person := house.Do(t, p.h, staff, directory.CreatePerson, directory.PersonInput{GivenName: fmt.Sprintf("Somebody%03d", n), Email: email})
		all, who[email] = append(all, person.ID), n
		p.people[n] = [][]byte{person.ID[:], []byte(email), []byte(person.GivenName), []byte(person.ID.String()), []byte(person.ID.Short())}
	}
	instrument := house.Do(t, p.h, staff, surveys.Bring, surveys.BringInput{Format: "json", File: linkerInstrument})
	p.wave = house.Do(t, p.h, staff, surveys.Create, surveys.Input{InstrumentID: instrument.ID, Mode: surveys.Anonymous})
	p.wave = house.Do(t, p.h, staff, surveys.AddPeople, surveys.PeopleInput{WaveID: p.wave.ID, People: all})
	p.step(t, surveys.Open)
	house.Do(t, p.h, staff, a.Surveys.Invite, surveys.InviteInput{ID: p.wave.ID})
	for n := 1; n > 0; {
		var err error
		if n, err = a.Worker.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	letters, err := a.Post.Newest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	secrets := make([]string, many)
	for _, l := range letters {
		if _, link, ok := strings.Cut(l.Text, access.PathSurvey); ok {
			secrets[who[l.To]], _, _ = strings.Cut(link, "\n")
		}
	}
	p.invitees(t, all)
	p.before = len(p.log.String()) // without a mail server the letters themselves stand in it

	type waiting struct {
		who  int
		slip *blindtest.Slip
	}
	var between []waiting
	turn := 0.0
	next := func() float64 {
		p.h.Clock.Advance(time.Second)
		turn++
		return turn
	}
	door := ""
	hand := func() {
		k := rand.IntN(len(between))
		if rand.IntN(3) > 0 {
			k = 0 // most do it at once
		}
		w := between[k]
		between = append(between[:k], between[k+1:]...)
		words := fmt.Sprintf("word%016x", rand.Uint64())
		p.answers[w.who] = [][]byte{[]byte(words)}
		p.get(t, door)
		body := p.post(t, door, "a.open", fmt.Sprint(1+rand.IntN(4)), "a.words", words, "token", w.slip.Token, "signature", w.slip.Signature, "spoken", "en")
		if !strings.Contains(body, `"taken"`) {
			t.Fatalf("handed in: %s", body)
		}
		p.handed[w.who] = next()
	}
	for _, n := range rand.Perm(many) {
		link := access.PathSurvey + secrets[n]
		p.get(t, link)
		_, view, err := a.Surveys.Look(context.Background(), a.Door, secrets[n])
		if err != nil || view.Key == "" {
			t.Fatalf("somebody's link: %+v %v", view.State, err)
		}
		_, at, _ := strings.Cut(view.Door, access.PathSlip)
		door = access.PathSlip + at
		slip := blindtest.Draw(t, view.Key)
		var signed struct{ Signed string }
		if body := p.post(t, link+"/slip", "blinded", slip.Blinded); json.Unmarshal([]byte(body), &signed) != nil || signed.Signed == "" {
			t.Fatalf("a slip: %s", body)
		}
		slip.Signed(t, signed.Signed)
		raw, _ := base64.RawURLEncoding.DecodeString(slip.Blinded)
		mark := sha256.Sum256(raw) // stands beside whoever was given the slip
		p.people[n] = append(p.people[n], []byte(slip.Blinded), raw, mark[:], []byte(signed.Signed), []byte(secrets[n]))
		p.marks[n] = [][]byte{mark[:]}
		p.issued[n] = next()
		if between = append(between, waiting{n, slip}); len(between) > 3 {
			hand()
		}
	}
	for len(between) > 0 {
		hand()
	}
	return p
}

func (p *poll) step(t *testing.T, state string) {
	t.Helper()
	w := house.Do(t, p.h, p.h.As(operation.Staff), surveys.Get, surveys.Ref{ID: p.wave.ID})
	p.wave = house.Do(t, p.h, p.h.As(operation.Staff), surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: state})
}

// invitees adds the ids under which people are invited to what they are found by.
func (p *poll) invitees(t *testing.T, all []directory.PersonID) {
	t.Helper()
	at := map[directory.PersonID]int{}
	for n, person := range all {
		at[person] = n
	}
	if err := p.h.App.Store.Read(context.Background(), p.h.Place.ID, func(tx *store.Tx) error {
		return store.Each(tx, func(row store.Row) error {
			var i []byte
			var person directory.PersonID
			err := row.Scan(&i, &person)
			n := at[person]
			p.people[n] = append(p.people[n], i, []byte(hex.EncodeToString(i)))
			return err
		}, `SELECT id, person_id FROM survey_invitees WHERE collaborative_id = $1`)
	}); err != nil {
		t.Fatal(err)
	}
}

func (p *poll) get(t *testing.T, path string) string {
	t.Helper()
	return p.answer(t)(http.Get(p.server.URL + path))
}

func (p *poll) post(t *testing.T, path string, fields ...string) string {
	t.Helper()
	v := url.Values{}
	for n := 0; n < len(fields); n += 2 {
		v.Set(fields[n], fields[n+1])
	}
	return p.answer(t)(http.PostForm(p.server.URL+path, v))
}

func (p *poll) answer(t *testing.T) func(*http.Response, error) string {
	return func(r *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != http.StatusOK || len(r.Cookies()) > 0 {
			t.Fatalf("%s: %d, %d cookies, %v: %.300s", r.Request.URL.Path, r.StatusCode, len(r.Cookies()), err, body)
		}
		return string(body)
	}
}

// clues are all orders that somebody finds who has everything: the database file as it
// lies there, the log of writes, a backup, and the program's log.
func (p *poll) clues(t *testing.T, when string) (people, answers []clue) {
	t.Helper()
	add := func(name string, data []byte) {
		people = append(people, append(p.people.inBytes(name, data), p.marks.inBytes(name+", marks", data)...)...)
		answers = append(answers, p.answers.inBytes(name, data)...)
	}
	add(when+", log", []byte(p.log.String()))
	cfg := p.h.App.Config
	if cfg.DatabaseURL != "" {
		admin, err := url.Parse(postgres.Start(t).AdminURL())
		if err != nil {
			t.Fatal(err)
		}
		of, err := url.Parse(cfg.DatabaseURL)
		if err != nil {
			t.Fatal(err)
		}
		admin.Path = of.Path
		db, err := sql.Open("pgx", admin.String())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		return append(people, p.people.onPostgres(t, when, db)...), append(answers, p.answers.onPostgres(t, when, db)...)
	}
	copied := t.TempDir()
	backup := filepath.Join(copied, "backup")
	if _, err := p.h.App.Store.BackupFile(context.Background(), backup, store.BackupOptions{Program: "test"}); err != nil {
		t.Fatal(err)
	}
	restored := cfg
	restored.DataDir = filepath.Join(copied, "restored")
	if err := os.MkdirAll(restored.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), app.StoreConfig(restored), backup, store.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"file": filepath.Join(cfg.DataDir, app.DatabaseFile), "log of writes": filepath.Join(cfg.DataDir, app.DatabaseFile+"-wal"), "backup": backup, "restored": filepath.Join(restored.DataDir, app.DatabaseFile)} {
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		add(when+", "+name, data)
		if name == "log of writes" {
			add(when+", "+name+" in its order", unrolled(data, 4096))
		}
		if name == "file" || name == "restored" {
			all := trees(t, path, data)
			people, answers = append(people, p.people.inTrees(when+", "+name, all)...), append(answers, p.answers.inTrees(when+", "+name, all)...)
		}
	}
	return people, answers
}

// judge says by which clues somebody could have been found out.
func (p *poll) judge(people, answers []clue) (out []string, worst float64) {
	mind := func(far float64, what string) {
		if worst = max(worst, far); far > beyond {
			out = append(out, fmt.Sprintf("%.1f: %s", far, what))
		}
	}
	for _, c := range people {
		mind(c.against(p.issued), c.name+" tells when slips were given")
	}
	for _, c := range answers {
		mind(c.against(p.handed), c.name+" tells when answers were handed in")
	}
	for _, a := range people {
		for _, b := range answers {
			mind(links(a, b), a.name+" links to "+b.name)
		}
	}
	return out, worst
}

// Whoever has the whole database file, its log of writes, a backup and the program's log
// at the finest level can neither tell in which order people were given slips, nor in
// which order answers came, nor link one to the other better than chance does: not while
// the wave is open, and not when it is closed and released.
func TestAnonymousAnswersAreNotLinked(t *testing.T) {
	for engine, database := range map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return migrated.Database(t) }} {
		t.Run(engine, func(t *testing.T) {
			many := 180 // as many kept letters as there may be
			if engine == "postgres" {
				many = 64 // one sheet, see docs/decisions/0035-anonymous-answers.md
			}
			p := held(t, database(), many)
			for _, state := range []string{surveys.Open, surveys.Closed, surveys.Released} {
				if state != surveys.Open {
					p.step(t, state)
				}
				people, answers := p.clues(t, state)
				found, worst := p.judge(people, answers)
				t.Logf("%s: %d orders of people, %d of answers, the worst %.2f deviations from chance", state, len(people), len(answers), worst)
				if len(people) < 3 || len(answers) < 1 {
					t.Errorf("%s: the test is blind: %d orders of people, %d of answers", state, len(people), len(answers))
				}
				for _, what := range found {
					t.Errorf("%s", what)
				}
			}
			text := p.log.String()[p.before:]
			if !strings.Contains(text, "/survey/{secret}") || strings.Contains(text, "/slip") {
				t.Errorf("the log is empty or has lines of slips")
			}
			for n := range p.answers {
				for _, needle := range append(p.answers[n], p.people[n]...) {
					if len(needle) > 15 && strings.Contains(text, string(needle)) {
						t.Errorf("the log holds %q", needle)
					}
				}
			}
		})
	}
}

// The attack of the test above finds people where there is something to find: in a table
// that keeps an order, in places within pages of one that keeps none, and in a log of
// writes that is not emptied.
func TestTheLinkerFindsWhatLeaks(t *testing.T) {
	const many = 50 // so that all stand on one page: SQLite sorts those of a page that it parts
	p := &poll{issued: make([]float64, many), handed: make([]float64, many), people: make(needles, many), answers: make(needles, many)}
	path := filepath.Join(t.TempDir(), "leaky.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=secure_delete(ON)&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec := func(text string, args ...any) {
		t.Helper()
		if _, err := db.Exec(text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TABLE issued (n INTEGER PRIMARY KEY, who BLOB)`)
	exec(`CREATE TABLE answers (id BLOB PRIMARY KEY, words TEXT) WITHOUT ROWID`)
	key := func() []byte {
		return []byte(fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()))
	}
	for turn, n := range rand.Perm(many) {
		p.people[n], p.answers[n] = [][]byte{key()}, [][]byte{key()}
		p.issued[n], p.handed[n] = float64(turn), float64(turn)
		exec(`INSERT INTO issued (who) VALUES ($1)`, p.people[n][0])
		exec(`INSERT INTO answers (id, words) VALUES ($1, $2)`, key(), string(p.answers[n][0]))
	}
	kept, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	leaks := func(what string, people, answers []clue) {
		t.Helper()
		found, worst := p.judge(people, answers)
		if t.Logf("%s: %.1f deviations from chance", what, worst); len(found) == 0 {
			t.Errorf("%s tells nothing", what)
		}
	}
	leaks("a log of writes that is not emptied, of people", p.people.inBytes("log", kept), nil)
	leaks("a log of writes that is not emptied, of answers", nil, p.answers.inBytes("log", kept))
	exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := trees(t, path, file)
	leaks("a table that counts its rows", p.people.inTrees("file", map[string][]cell{"issued": all["table issued"]}), nil)
	leaks("places within pages", nil, p.answers.inTrees("file", map[string][]cell{"answers": all["table answers"]}))
	var line strings.Builder
	for turn := range many {
		for n := range many {
			if p.issued[n] == float64(turn) {
				fmt.Fprintf(&line, "given to %s\nhanded in %s\n", p.people[n][0], p.answers[n][0])
			}
		}
	}
	people, answers := p.people.inBytes("log", []byte(line.String())), p.answers.inBytes("log", []byte(line.String()))
	if far := links(people[0], answers[0]); far < beyond {
		t.Errorf("two orders that are the same link nobody: %.1f", far)
	}
}
