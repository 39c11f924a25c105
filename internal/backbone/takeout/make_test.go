package takeout_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"commontable/internal/app"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/access"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/sample"
)

// director is the actor of the sample's director.
func director(t testing.TB, a *app.App) operation.Actor {
	t.Helper()
	members := got(a.Access.ListMembers.Do(within(t, a, sample.Slug), a.Door, access.ListMembersInput{Limit: 200}))(t)
	for _, m := range members.Items {
		if len(m.Roles) > 0 && m.Roles[0] == operation.Director {
			return operation.Actor{Account: m.Account, Person: m.Person, Name: m.Name, Email: m.Email, Roles: m.Roles, Via: operation.ViaSession, Verified: a.Config.Clock.Now()}
		}
	}
	t.Fatal("the sample has no director")
	return operation.Actor{}
}

// work does what waits in the background.
func work(t testing.TB, a *app.App) {
	t.Helper()
	for {
		n, err := a.Worker.Work(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// downloaded is the file of a takeout, part by part.
func downloaded(t testing.TB, a *app.App, who operation.Actor, i takeout.ID) []byte {
	t.Helper()
	c := operation.WithActor(within(t, a, sample.Slug), who)
	var out bytes.Buffer
	in := takeout.DownloadInput{ID: i}
	for {
		page := got(a.Takeouts.Download.Do(c, a.Door, in))(t)
		for _, part := range page.Items {
			out.Write(part.Content)
		}
		if in.After = page.Next; in.After == "" {
			return out.Bytes()
		}
	}
}

// A takeout is made in the background, tells how far it is, and is handed out in
// parts that make the whole file; none of that changes what is taken away.
func TestMadeInTheBackground(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			a := told(t, engine)
			who := director(t, a)
			c := operation.WithActor(within(t, a, sample.Slug), who)
			begun := got(a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{IncludeHistory: true}))(t)
			if _, err := a.Takeouts.Download.Do(c, a.Door, takeout.DownloadInput{ID: begun.ID}); !errors.Is(err, &operation.Error{Kind: operation.Conflict}) {
				t.Errorf("an unfinished takeout answers %v", err)
			}
			work(t, a)
			made := got(a.Takeouts.Get.Do(c, a.Door, takeout.Ref{ID: begun.ID}))(t)
			if made.State != takeout.Done || made.Done != made.Total || made.Rows == 0 || made.ExpiresAt == nil || !made.ExpiresAt.Equal(noon.Add(takeout.KeptFor)) {
				t.Errorf("made = %+v", made)
			}
			file := downloaded(t, a, who, begun.ID)
			if int64(len(file)) != made.Bytes {
				t.Errorf("%d bytes of %d", len(file), made.Bytes)
			}
			same(t, taken(t, a, takeout.Options{History: true}), file)
			got(a.Takeouts.Delete.Do(c, a.Door, takeout.Ref{ID: begun.ID}))(t)
			if _, err := a.Takeouts.Get.Do(c, a.Door, takeout.Ref{ID: begun.ID}); operation.KindOf(err) != operation.NotFound {
				t.Errorf("a deleted takeout answers %v", err)
			}
			if n := count(t, a, `SELECT COUNT(*) FROM takeout_parts WHERE collaborative_id = $1`); n != 0 {
				t.Errorf("%d parts are left", n)
			}
		})
	}
}

func count(t testing.TB, a *app.App, text string) (n int64) {
	t.Helper()
	place := operation.CollaborativeFrom(within(t, a, sample.Slug)).ID
	if err := a.Store.Read(ctx, place, func(tx *store.Tx) (err error) {
		n, err = store.Value[int64](tx, text)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// What people told in confidence is in a takeout only where it was asked for, also
// where it lies in the fields around a merge.
func TestConfidenceIsLeftOutByDefault(t *testing.T) {
	a := told(t, "sqlite")
	for name, text := range files(t, taken(t, a, takeout.Options{History: true})) {
		if strings.Contains(text, confided) || name != "schema.json" && strings.Contains(text, "prefers_not") {
			t.Errorf("%s tells what was told in confidence", name)
		}
	}
	with := files(t, taken(t, a, everything))
	for _, name := range []string{"data/people.jsonl", "data/merges.jsonl", "tables/people.csv"} {
		if !strings.Contains(with[name], confided) {
			t.Errorf("%s lacks what was asked for", name)
		}
	}
	// Nobody without the right gets it.
	who := director(t, a)
	who.Roles = []operation.Role{operation.Staff}
	c := operation.WithActor(within(t, a, sample.Slug), who)
	if _, err := a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{}); operation.KindOf(err) != operation.Forbidden {
		t.Errorf("staff gets %v", err)
	}
}

// An archive holds nothing of another collaborative, and text that a spreadsheet
// could run is made harmless.
func TestNothingOfOthers(t *testing.T) {
	a := told(t, "sqlite")
	other := sample.Told().Collaboratives[1]
	words := files(t, takenOf(t, a, other, everything))
	ids := map[string]bool{}
	for _, line := range strings.Split(words["data/people.jsonl"]+words["data/organizations.jsonl"], "\n") {
		if parts := strings.SplitN(line, `"`, 5); len(parts) == 5 {
			ids[parts[3]] = true
		}
	}
	if len(ids) < 2 {
		t.Fatalf("the other collaborative has %d records", len(ids))
	}
	mine := files(t, taken(t, a, everything))
	for name, text := range mine {
		for id := range ids {
			if strings.Contains(text, id) {
				t.Errorf("%s holds %s of the other collaborative", name, id)
			}
		}
	}
	if text := mine["tables/organizations.csv"]; !strings.Contains(text, "'=dangerous") {
		t.Error("a tag that looks like a formula stands as it is")
	}
}

// A file with a passphrase opens with it alone, also with the library of the
// format itself.
func TestLockedWithAPassphrase(t *testing.T) {
	a := told(t, "sqlite")
	who := director(t, a)
	c := operation.WithActor(within(t, a, sample.Slug), who)
	const word = "three horses in the rain"
	if _, err := a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{Passphrase: "short"}); operation.KindOf(err) != operation.Invalid {
		t.Errorf("a short passphrase answers %v", err)
	}
	begun := got(a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{Passphrase: word}))(t)
	work(t, a)
	file := downloaded(t, a, who, begun.ID)
	if !archive.Locked(bytes.NewReader(file)) || bytes.Contains(file, []byte("PK\x05\x06")) {
		t.Fatal("the file is not encrypted")
	}
	if _, err := archive.Unlock(bytes.NewReader(file), "three horses in the sun"); !errors.Is(err, archive.ErrPassphrase) {
		t.Errorf("another passphrase answers %v", err)
	}
	identity := got(age.NewScryptIdentity(word))(t)
	plain := got(io.ReadAll(got(age.Decrypt(bytes.NewReader(file), identity))(t)))(t)
	same(t, taken(t, a, takeout.Options{}), plain)
	ours := got(io.ReadAll(got(archive.Unlock(bytes.NewReader(file), word))(t)))(t)
	if !bytes.Equal(plain, ours) {
		t.Error("we open it otherwise than the format's own library")
	}
	cut := got(archive.Unlock(bytes.NewReader(file[:len(file)-1]), word))(t)
	if _, err := io.ReadAll(cut); err == nil {
		t.Error("a file that was cut off is taken for a whole one")
	}
}

// Whoever loses the right while a takeout is made gets none.
func TestAWithdrawnRightEndsIt(t *testing.T) {
	a := told(t, "sqlite")
	who := director(t, a)
	c := operation.WithActor(within(t, a, sample.Slug), who)
	begun := got(a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{}))(t)
	if err := a.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE memberships SET roles = '["backbone_staff"]' WHERE account_id = $1 AND collaborative_id = $2`, who.Account, operation.CollaborativeFrom(c).ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	work(t, a)
	made := got(a.Takeouts.Get.Do(within(t, a, sample.Slug), a.Door, takeout.Ref{ID: begun.ID}))(t)
	if made.State != takeout.Refused || made.Bytes != 0 {
		t.Errorf("made = %+v", made)
	}
	if n := count(t, a, `SELECT COUNT(*) FROM takeout_parts WHERE collaborative_id = $1`); n != 0 {
		t.Errorf("%d parts are there", n)
	}
	if jobs := count(t, a, `SELECT COUNT(*) FROM takeouts WHERE collaborative_id = $1 AND state = 'running'`); jobs != 0 {
		t.Error("it still runs")
	}
}

// The right is asked for between the parts of one download too.
func TestAWithdrawnRightEndsADownload(t *testing.T) {
	a := told(t, "sqlite")
	who := director(t, a)
	c := operation.WithActor(within(t, a, sample.Slug), who)
	begun := got(a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{IncludePrivate: true}))(t)
	work(t, a)
	got(a.Takeouts.Download.Do(c, a.Door, takeout.DownloadInput{ID: begun.ID}))(t)
	who.Roles = []operation.Role{operation.Staff}
	if _, err := a.Takeouts.Download.Do(operation.WithActor(c, who), a.Door, takeout.DownloadInput{ID: begun.ID}); operation.KindOf(err) != operation.Forbidden {
		t.Errorf("staff gets %v", err)
	}
}

// A schedule makes takeouts by itself, writes to whoever set it, keeps the newest
// few, and ends with their right to it.
func TestSchedule(t *testing.T) {
	a := told(t, "sqlite")
	who := director(t, a)
	c := operation.WithActor(within(t, a, sample.Slug), who)
	place := operation.CollaborativeFrom(c).ID
	now := a.Config.Clock.(*clock.Fake)
	got(a.Takeouts.Schedule.Do(c, a.Door, takeout.ScheduleInput{Every: takeout.Weekly, Keep: 2, Passphrase: "three horses in the rain"}))(t)
	for week := range 4 {
		now.Set(noon.Add(time.Duration(week+1) * 7 * 24 * time.Hour))
		for range 2 { // a second process, a moment later
			if err := a.Takeouts.Sweep(ctx, place, now.Now()); err != nil {
				t.Fatal(err)
			}
		}
		work(t, a)
	}
	if err := a.Takeouts.Sweep(ctx, place, now.Now()); err != nil {
		t.Fatal(err)
	}
	list := got(a.Takeouts.List.Do(c, a.Door, takeout.ListInput{}))(t)
	if len(list.Items) != 2 || !list.Items[0].Scheduled || !list.Items[0].Locked || list.Items[0].ExpiresAt != nil || list.Items[0].State != takeout.Done {
		t.Errorf("kept = %+v", list.Items)
	}
	kept := got(a.Post.Newest(ctx))(t)
	if len(kept) == 0 || !strings.Contains(kept[0].Text, "/c/"+sample.Slug+"/settings/takeouts") {
		t.Errorf("letters = %+v", kept)
	}
	if err := a.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE memberships SET ended_at = 1 WHERE account_id = $1 AND collaborative_id = $2`, who.Account, place)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	now.Set(noon.Add(40 * 24 * time.Hour))
	if err := a.Takeouts.Sweep(ctx, place, now.Now()); err != nil {
		t.Fatal(err)
	}
	if plan := got(a.Takeouts.Planned.Do(within(t, a, sample.Slug), a.Door, operation.None{}))(t); plan.Every != takeout.Never {
		t.Errorf("the schedule goes on: %+v", plan)
	}
}

// A takeout is deleted when its time is over, and when somebody is erased.
func TestTakeoutsGo(t *testing.T) {
	a := told(t, "sqlite")
	c := operation.WithActor(within(t, a, sample.Slug), director(t, a))
	got(a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{}))(t)
	work(t, a)
	place := operation.CollaborativeFrom(c).ID
	for _, step := range []struct {
		after time.Duration
		left  int64
	}{{takeout.KeptFor - time.Minute, 1}, {takeout.KeptFor, 0}} {
		if err := a.Takeouts.Sweep(ctx, place, noon.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if n := count(t, a, `SELECT COUNT(*) FROM takeouts WHERE collaborative_id = $1`); n != step.left {
			t.Errorf("after %s %d are there, want %d", step.after, n, step.left)
		}
	}
}
