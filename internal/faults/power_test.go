//go:build slow

package faults_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// A power cut without a power switch: the program writes to an ext4 inside a
// file that lies on an XFS with reflinks. What ext4 has not been told to flush
// is only in memory, so a clone of the file at some moment is what a disk would
// hold after the power failed at that moment. The clone is mounted, SQLite
// recovers, and every write acknowledged before the cut must be there. The same
// rig under synchronous=NORMAL must see losses, or it would be blind.
func TestPowerCuts(t *testing.T) {
	cuts := 50
	if lost := cutPower(t, cuts, false); lost != 0 {
		t.Errorf("%d acknowledged writes were lost in %d cuts", lost, cuts)
	}
	if lost := cutPower(t, 8, true); lost == 0 {
		t.Error("under synchronous=NORMAL nothing was lost either: the rig is blind")
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// mount mounts an image and unmounts it at the end of the test.
func mount(t *testing.T, image, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, "mount", "-o", "loop", image, folder)
	t.Cleanup(func() { _ = exec.Command("umount", folder).Run() })
}

// cutPower returns how many acknowledged writes were missing over all cuts.
func cutPower(t *testing.T, cuts int, normal bool) int {
	root := t.TempDir()
	outer, inner := filepath.Join(root, "outer"), filepath.Join(root, "inner")
	run(t, "truncate", "-s", "4G", outer+".img")
	run(t, "mkfs.xfs", "-q", "-m", "reflink=1", outer+".img")
	mount(t, outer+".img", outer)
	disk := filepath.Join(outer, "inner.img")
	run(t, "truncate", "-s", "700M", disk)
	run(t, "mkfs.ext4", "-q", disk)
	mount(t, disk, inner)

	a := open(t, app.Config{DataDir: filepath.Join(inner, "data"), UnsafeNormalSync: normal})
	place := prepare(t, a)
	c, err := a.Access.Collaborative(context.Background(), place.slug)
	if err != nil {
		t.Fatal(err)
	}
	ctx := operation.WithCollaborative(operation.WithActor(context.Background(), operation.System()), c)
	var mu sync.Mutex
	acknowledged := map[string]string{}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				name := fmt.Sprintf("p%d.%d", w, n)
				p, err := directory.CreatePerson.Do(ctx, a.Door, directory.PersonInput{GivenName: name})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acknowledged[name] = p.ID.String()
				mu.Unlock()
			}
		})
	}
	lost := 0
	for cut := range cuts {
		time.Sleep(time.Duration(100+rand.IntN(300)) * time.Millisecond)
		clone := filepath.Join(outer, "cut.img")
		mu.Lock()
		before := maps.Clone(acknowledged)
		mu.Unlock()
		run(t, "cp", "--reflink=always", disk, clone)
		present := afterCut(t, clone, filepath.Join(root, fmt.Sprint("cut", cut)), place)
		for name, id := range before {
			if present[name] != id {
				lost++
			}
		}
		if err := os.Remove(clone); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("normal=%v: %d cuts, %d writes acknowledged, %d lost", normal, cuts, len(acknowledged), lost)
	return lost
}

// afterCut is what the program finds on a disk after the power came back.
func afterCut(t *testing.T, image, folder string, place installation) map[string]string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, "mount", "-o", "loop", image, folder)
	a := open(t, app.Config{DataDir: filepath.Join(folder, "data")})
	present, total := readAll(t, a, place)
	if int64(len(present)) != total {
		t.Errorf("after a cut %d people are listed and %d counted", len(present), total)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	run(t, "umount", folder)
	return present
}
