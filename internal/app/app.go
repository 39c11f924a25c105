// Package app puts the program together: the store, the door, the capabilities,
// access, mail and background work. The faces (web, rest, cli) and the tests use
// the same App.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"commontable/internal/backbone"
	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/networkmap"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/post"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/backbone/takeout"
	"commontable/internal/backbone/together"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/files"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
)

// Config is what the operator decides.
type Config struct {
	// DataDir holds the SQLite database, the installation key and files.
	DataDir string
	// DatabaseURL is a PostgreSQL address; SQLite in DataDir when empty.
	DatabaseURL string
	// BaseURL is where people reach the installation; links are made from it.
	BaseURL *url.URL
	// Key is the installation key as text; the key file in DataDir when empty.
	Key string
	// TrustedProxies may say who a request came from.
	TrustedProxies []netip.Prefix
	// Providers are OpenID Connect providers.
	Providers []access.Provider
	// Name is the installation's name.
	Name  string
	Clock clock.Clock
	Log   *slog.Logger
	// UnsafeNormalSync is store.Config's, for the power-cut test only.
	UnsafeNormalSync bool
	// SlowCommit is store.Config's, for the benchmark only.
	SlowCommit time.Duration
	// MostFile is how large a material may be, and MostRoom how large all of a
	// collaborative may be together, in bytes; the usual sizes when 0.
	MostFile, MostRoom int64
	// Reach are networks that are not public from which calendars may be fetched all the
	// same, such as that of a calendar server of one's own.
	Reach []netip.Prefix
	// Demo says that this is the demonstration, with invented people only.
	Demo bool
}

// App is the running program without its faces.
type App struct {
	Config  Config
	Store   *store.Store
	Door    *operation.Door
	Access  *access.Service
	Worker  *jobs.Worker
	Post    *Post
	Metrics *prometheus.Registry
	Log     *slog.Logger
	// Installation holds the settings of the whole installation.
	Installation *installation.Service
	// Agreements sends membership agreements and has them signed by link.
	Agreements *agreements.Service
	// Evaluation sends agreements to evaluators and has them signed by link.
	Evaluation *evaluation.Service
	// Attendance holds what needs codes: doors of meetings, and personal codes.
	Attendance *attendance.Service
	// Commitments makes links for pledging, by which somebody pledges.
	Commitments *commitments.Service
	// Due gathers what is due from people and organizations, to each capability.
	Due *due.Service
	// Calendars carries meetings to people's calendars.
	Calendars *calendars.Service
	// Polls asks which of several times suit, and makes the meeting at one.
	Polls *polls.Service
	// Surveys asks people, and keeps what they answer apart from who they are.
	Surveys *surveys.Service
	// Files keeps the bytes of materials.
	Files files.Store
	// Materials keeps what meetings need to read.
	Materials *materials.Service
	// Letters reads the links that end letters.
	Letters *letters.Service
	// Reminders writes the letters about what is due.
	Reminders *post.Service
	// Takeouts takes everything of a collaborative away, and brings it elsewhere.
	Takeouts *takeout.Service

	stop    context.CancelFunc
	working sync.WaitGroup
}

// DatabaseFile is the name of the SQLite database in the data folder.
const DatabaseFile = "commontable.db"

// KeyFile is the name of the installation key in the data folder.
const KeyFile = "installation.key"

// FilesFolder is where an installation keeps files, within the data folder.
const FilesFolder = "files"

// Open puts the program together. The caller starts background work with Start
// and ends everything with Close.
func Open(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.System
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.BaseURL == nil {
		return nil, errors.New("app: the base URL is missing")
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	key, err := installationKey(cfg)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, StoreConfig(cfg))
	if err != nil {
		return nil, err
	}
	a := &App{Config: cfg, Store: s, Log: cfg.Log, Metrics: prometheus.NewRegistry()}
	if err := a.assemble(key); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return a, nil
}

// StoreConfig is where the record of an installation lies.
func StoreConfig(cfg Config) store.Config {
	return store.Config{URL: cfg.DatabaseURL, Path: filepath.Join(cfg.DataDir, DatabaseFile), Migrations: schema.Files,
		UnsafeNormalSync: cfg.UnsafeNormalSync, SlowCommit: cfg.SlowCommit, Log: cfg.Log}
}

func installationKey(cfg Config) (access.Key, error) {
	if cfg.Key != "" {
		return access.ParseKey(cfg.Key)
	}
	path := filepath.Join(cfg.DataDir, KeyFile)
	if _, err := os.Stat(path); cfg.DatabaseURL != "" && errors.Is(err, fs.ErrNotExist) {
		cfg.Log.Warn("a new installation key was made in the data folder; every process that shares this database needs the same key (COMMONTABLE_KEY)", "file", path)
	}
	return access.LoadKey(path)
}

func (a *App) assemble(key access.Key) error {
	cfg := a.Config
	var err error
	a.Access, err = access.New(access.Config{Store: a.Store, Clock: cfg.Clock, Log: a.Log, Key: key, BaseURL: cfg.BaseURL, Name: cfg.Name,
		Providers: cfg.Providers, Person: personCard})
	if err != nil {
		return err
	}
	a.Post = newPost(a)
	a.Installation = installation.New()
	a.Agreements = agreements.New(a.Access)
	a.Evaluation = evaluation.New(a.Access)
	a.Attendance = attendance.New(a.Access)
	a.Commitments = commitments.New(a.Access)
	a.Calendars = calendars.New(a.Access, cfg.BaseURL)
	a.Polls = polls.New(a.Access, a.Calendars)
	a.Surveys = surveys.New(a.Access)
	a.Files = files.NewFolder(filepath.Join(cfg.DataDir, FilesFolder), cfg.Clock.Now)
	a.Materials = materials.New(materials.Config{Files: a.Files, Access: a.Access, MostFile: cfg.MostFile, MostRoom: cfg.MostRoom})
	a.Due = due.New(a.Access, due.Meetings{}, due.Actions{}, due.Pledges{Attach: a.Materials.Attach}, due.Agreements{}, surveys.Source{}, polls.Source{})
	a.Letters = letters.New(a.Access)
	a.Reminders = post.New(a.Access, a.Due, a.Calendars)
	a.Takeouts = a.takeouts()
	registry, err := operation.NewRegistry(a.operations()...)
	if err != nil {
		return err
	}
	a.Worker = &jobs.Worker{Store: a.Store, Clock: cfg.Clock, Sealer: a.Access.Sealer(), Log: a.Log}
	a.Worker.Handlers = map[string]jobs.Handler{
		access.MailKind:         a.Post.deliver,
		directory.SortNamesKind: func(ctx context.Context, j jobs.Job) error { return directory.SortNames(ctx, a.Store, j.Collaborative) },
		directory.RefreshPeopleKind: func(ctx context.Context, j jobs.Job) error {
			return directory.RefreshPeople(ctx, a.Store, cfg.Clock.Now(), j.Collaborative, j.Payload)
		},
		directory.ForgetErasedKind: func(ctx context.Context, j jobs.Job) error {
			var forget directory.ForgetErased
			if err := json.Unmarshal(j.Payload, &forget); err != nil {
				return jobs.Permanent(err)
			}
			if err := installation.ForgetKept(ctx, a.Store, a.Access.Sealer(), forget.Addresses); err != nil {
				return err
			}
			return a.Store.Scrub(ctx)
		},
		imports.WorkKind:   a.goOnWithImport,
		imports.FollowKind: a.readFollowed,
		directory.FindResemblancesKind: func(ctx context.Context, j jobs.Job) error {
			return directory.FindResemblances(ctx, a.Store, cfg.Clock.Now, j.Collaborative, j.Payload)
		},
	}
	a.Worker.Long = []string{imports.WorkKind, imports.FollowKind, directory.FindResemblancesKind, post.DigestKind, post.RemindKind}
	a.Worker.Handlers[convening.ChangedKind] = a.tellOfMeeting
	a.Worker.Handlers[takeout.MakeKind] = a.Takeouts.Make
	a.Worker.Handlers[post.DigestKind] = a.writeLetters(a.Reminders.WriteDigests)
	a.Worker.Handlers[post.RemindKind] = a.writeLetters(a.Reminders.WriteReminders)
	a.Worker.Together, a.Worker.Round = map[string]func() int{access.MailKind: a.Post.pace.now}, a.Post.round
	a.Worker.Chores = a.chores()
	a.Door = &operation.Door{
		Store: a.Store, Clock: cfg.Clock, Permissions: backbone.ParsedPermissions(), Registry: registry, Relations: evaluation.Relations{Relations: polls.Relations{Relations: commitments.Relations{Relations: actions.Relations{Relations: convening.Relations{}}}}},
		Secrets: a.Access.Sealer(), Enqueue: a.enqueue, Limit: a.limit, Watchers: []operation.Watcher{attendance.Watch, commitments.Offer}, Committed: a.Worker.Wake, Observe: a.observer(), Log: a.Log,
	}
	for kind, answer := range a.Access.Jobs(a.Door) {
		a.Worker.Handlers[kind] = func(ctx context.Context, j jobs.Job) error { return answer(ctx, j.Payload) }
	}
	return nil
}

// operations lists everything that can be done, by capability.
func (a *App) operations() [][]operation.Any {
	return [][]operation.Any{
		operation.HistoryOperations(),
		jobs.Operations(),
		a.Access.Operations(),
		directory.Operations(),
		collaborative.Operations(),
		a.Agreements.Operations(),
		network.Operations(),
		convening.Operations(),
		together.Operations(),
		networkmap.Operations(),
		scorecard.Operations(),
		a.Attendance.Operations(),
		actions.Operations(),
		a.Commitments.Operations(),
		a.Due.Operations(),
		a.Calendars.Operations(),
		a.Polls.Operations(),
		a.Surveys.Operations(),
		a.Evaluation.Operations(),
		a.Materials.Operations(),
		letters.Operations(),
		a.Reminders.Operations(),
		imports.Operations(),
		a.Installation.Operations(),
		a.Takeouts.Operations(),
	}
}

func (a *App) enqueue(tx *store.InstallationTx, now time.Time, c operation.Collaborative, work []operation.Later) error {
	for _, w := range work {
		if err := jobs.Insert(tx, a.Access.Sealer(), now, c.ID, w); err != nil {
			return err
		}
	}
	return nil
}

// limit counts a run of an operation against a rate limit, by account, so that
// nobody's hurry is everybody's wait.
func (a *App) limit(ctx context.Context, name string, who operation.Actor) error {
	rules := map[string]access.Rule{directory.SearchLimit: access.LimitSearch, directory.ExportLimit: access.LimitExport, imports.Limit: access.LimitImport, materials.UploadLimit: access.LimitUpload, letters.TestLimit: access.LimitLetterTest}
	rule, ok := rules[name]
	if !ok {
		return fmt.Errorf("app: there is no rate limit %q", name)
	}
	return a.Access.Limiter.Take(ctx, rule, who.Account.String())
}

// personCard tells access who a person of a collaborative is.
func personCard(c *operation.Call, person operation.PersonID) (access.Card, error) {
	p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: person})
	return access.Card{Name: p.Name(), Email: p.Email}, err
}

// Start begins background work.
func (a *App) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	a.stop = cancel
	a.working.Go(func() { a.Worker.Run(ctx) })
	a.working.Go(func() { a.readInboxes(ctx) })
}

// Close ends background work and then closes the store. Work that was begun is
// finished first.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
		a.working.Wait()
	}
	return errors.Join(a.Access.FlushSeen(context.Background()), a.Post.Close(), a.Store.Close())
}

// observer measures every operation.
func (a *App) observer() func(string, operation.Kind, time.Duration) {
	durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "commontable_operation_seconds", Help: "How long operations took, by operation and outcome.",
		Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5},
	}, []string{"operation", "outcome"})
	a.Metrics.MustRegister(durations)
	names := map[operation.Kind]string{0: "ok", operation.Invalid: "invalid", operation.Unauthenticated: "unauthenticated", operation.Forbidden: "forbidden",
		operation.NotFound: "not_found", operation.Conflict: "conflict", operation.TooMany: "too_many", operation.TooLarge: "too_large",
		operation.Unavailable: "unavailable", operation.Internal: "internal"}
	return func(op string, kind operation.Kind, took time.Duration) {
		durations.WithLabelValues(op, names[kind]).Observe(took.Seconds())
	}
}
