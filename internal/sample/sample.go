// Package sample tells the story of an invented collaborative: twelve years of a
// place that set out to support every child from cradle to career. It is told
// entirely by running operations, on the days on which things happened, so that
// history, search and counts are exactly what real use would have left.
//
// The same seed, size and day give the same story. Names are invented from
// lists; addresses end in .example and telephone numbers lie in the range kept
// free for fiction.
package sample

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
)

// Size says how many organizations and people there are.
type Size string

// The sizes. Small is a neighborhood effort, medium a whole valley with its
// twelve years; large is the size a collaborative is designed for.
const (
	Small  Size = "small"
	Medium Size = "medium"
	Large  Size = "large"
)

type scale struct{ organizations, people int }

var scales = map[Size]scale{Small: {30, 150}, Medium: {120, 900}, Large: {1_000, 100_000}}

// Options choose the story.
type Options struct {
	Seed uint64
	Size Size // Small when empty
	// Progress is told now and then how much is done, of 1.
	Progress func(done float64)
}

// Slug is the address of the main collaborative.
const Slug = "tamarack-valley"

// Result is what there is to look at.
type Result struct {
	Collaboratives []string // slugs, the main one first
	Cast           []Player
}

// Player is someone to sign in as.
type Player struct {
	Role  operation.Role
	Name  string
	Email string
}

// Exists says whether the story has been told in this installation.
func Exists(ctx context.Context, a *app.App) (bool, error) {
	page, err := collaborative.List.Do(operation.WithActor(ctx, operation.System()), a.Door, collaborative.ListInput{All: true, Limit: 200})
	if err != nil {
		return false, err
	}
	for _, c := range page.Items {
		if c.Slug == Slug {
			return true, nil
		}
	}
	return false, nil
}

// Told is the result of a story told before.
func Told() Result {
	r := Result{Collaboratives: []string{Slug, secondSlug}}
	for _, m := range cast {
		r.Cast = append(r.Cast, Player{Role: m.role, Name: m.given + " " + m.family, Email: m.email()})
	}
	return r
}

// Build tells the story. The installation's own collaboratives, if it has any,
// are left alone.
func Build(ctx context.Context, a *app.App, o Options) (Result, error) {
	o.Size = cmp.Or(o.Size, Small)
	s, ok := scales[o.Size]
	if !ok {
		return Result{}, fmt.Errorf("there is no size %q: choose small, medium or large", o.Size)
	}
	if told, err := Exists(ctx, a); err != nil || told {
		return Told(), err
	}
	now := a.Config.Clock.Now()
	if o.Progress == nil {
		o.Progress = func(float64) {}
	}
	t := &teller{ctx: ctx, app: a, door: *a.Door, scale: s, options: o, today: now, begin: beginning(now), clock: clock.Fixed(now),
		members: map[string]member{}, taken: map[string]bool{}, bodies: map[string]body{}, closed: map[string]bool{}, holdings: map[string]directory.Holding{}, found: map[int]convening.MeetingID{}}
	t.door.Clock = t.clock
	told := slices.Concat(story, structureStory, turnovers(), agreementStory, knowledgeStory, meetingStory(), pollStory(), promiseStory(), surveyStory(), scorecardStory)
	told = slices.DeleteFunc(told, func(c chapter) bool { return c.when.on(t.begin, t.today).After(t.today) })
	slices.SortStableFunc(told, func(a, b chapter) int { return a.when.on(t.begin, t.today).Compare(b.when.on(t.begin, t.today)) })
	for i, chapter := range told {
		t.until = now
		if i+1 < len(told) {
			t.until = told[i+1].when.on(t.begin, t.today)
		}
		if err := t.tell(chapter); err != nil {
			return Result{}, fmt.Errorf("the sample's chapter %q: %w", chapter.title, err)
		}
	}
	o.Progress(1)
	return Told(), nil
}

// beginning is the day the story starts: in early autumn, twelve years ago or
// somewhat more.
func beginning(now time.Time) time.Time {
	begin := time.Date(now.Year()-storyYears, time.September, 9, 15, 0, 0, 0, time.UTC)
	if begin.AddDate(storyYears, 0, 0).After(now) {
		begin = begin.AddDate(-1, 0, 0)
	}
	return begin
}

// teller carries the story from chapter to chapter.
type teller struct {
	ctx     context.Context
	app     *app.App
	door    operation.Door // with the story's clock instead of the machine's
	clock   *clock.Fake
	options Options
	scale   scale
	begin   time.Time
	today   time.Time
	until   time.Time  // the next chapter's day
	random  *rand.Rand // of this chapter alone

	collaborative operation.Collaborative
	members       map[string]member // the cast by role
	organizations []organization
	people        []person
	taken         map[string]bool // names and addresses already given

	bodies   map[string]body // by name
	closed   map[string]bool // the names of those that are
	seats    []tableSeat
	holdings map[string]directory.Holding // by function and organization
	metUntil time.Time                    // the day up to which meetings are told
	met      []gathering                  // since promises were last told
	promises []promised                   // that are open
	pledged  []pledged                    // of this year
	shown    int                          // of how much that was given something shows it
	found    map[int]convening.MeetingID  // at the times that were found
	trust    surveys.WaveID               // the last survey about trust
	pulsed   surveys.WaveID               // the pulse that was asked in confidence
	value    surveys.WaveID               // the survey about the backbone's value
}

// tell runs one chapter on its day. Each chapter has dice of its own, so that a
// chapter added later does not change the others.
func (t *teller) tell(c chapter) error {
	h := fnv.New64a()
	_, _ = h.Write([]byte(c.title))                             // a hash takes every write
	t.random = rand.New(rand.NewPCG(t.options.Seed, h.Sum64())) // #nosec G404 -- invented names are no secret
	t.clock.Set(c.when.on(t.begin, t.today))
	t.later(0)
	return c.tell(t)
}

// later moves the story's clock on within a chapter, to a moment at which people
// are at work, and never into the next chapter.
func (t *teller) later(d time.Duration) {
	next := atWork(t.clock.Now().Add(d), t.collaborative.Zone)
	if next.Before(t.until) {
		t.clock.Set(next)
	}
}

// atWork is the moment itself, or the next working morning.
func atWork(at time.Time, zone *time.Location) time.Time {
	local := at.In(cmp.Or(zone, time.UTC))
	morning := func(days int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+days, 8, 10+local.Minute()*2/3, local.Second(), 0, local.Location())
	}
	switch {
	case local.Hour() >= 18:
		local = morning(1)
	case local.Hour() < 8:
		local = morning(0)
	}
	switch local.Weekday() {
	case time.Saturday:
		return morning(2)
	case time.Sunday:
		return morning(1)
	}
	return local
}

// as is a context in which one of the cast acts in the collaborative.
func (t *teller) as(role operation.Role) context.Context {
	m := t.members[string(role)]
	actor := operation.Actor{Account: m.account, Person: m.person, Name: m.name(), Email: m.email(), Roles: []operation.Role{role}, Via: operation.ViaSession, Verified: t.clock.Now()}
	return operation.WithCollaborative(operation.WithActor(t.ctx, actor), t.collaborative)
}

// system is a context without a collaborative in which the program itself acts.
func (t *teller) system() context.Context { return operation.WithActor(t.ctx, operation.System()) }

// pick draws one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// weighted draws one of a list whose earlier entries are likelier.
func weighted[T any](r *rand.Rand, list []T) T {
	return list[min(r.IntN(len(list)), r.IntN(len(list)))]
}
