package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

type bench struct {
	people, organizations int
	database, data, only  string
	profile               string
	length                time.Duration
	binary                bool
}

// asOf is the day on which pages are asked for as they stood.
const asOf = "2001-06-01"

// clients is how many send requests at once unless a measurement says otherwise.
const clients = 8

func (b *bench) run(ctx context.Context) error {
	folder := b.data
	if folder == "" {
		temporary, err := os.MkdirTemp("", "commontable-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		folder = temporary
	}
	w, err := open(ctx, folder, b.database, 0)
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := w.populate(ctx, b.organizations, b.people); err != nil {
		return errors.Join(err, w.close())
	}
	if err := w.structure(ctx); err != nil {
		return errors.Join(err, w.close())
	}
	fmt.Printf("commontable bench · %s · %d cores · %s · %d people, %d organizations loaded in %s · fsync %s\n\n",
		runtime.Version(), runtime.NumCPU(), w.app.Store.Engine(), b.people, b.organizations, time.Since(begun).Round(time.Millisecond), short(fsyncCost(folder)))
	if b.wants("person page, signed in") {
		if err := w.compare(ctx); err != nil {
			return errors.Join(err, w.close())
		}
	}
	floor, err := startFloors()
	if err != nil {
		return errors.Join(err, w.close())
	}
	stop, err := b.profiled()
	if err != nil {
		return errors.Join(err, w.close())
	}
	defer stop()
	err = b.measure(ctx, w, floor, folder)
	err = errors.Join(err, floor.server.Close(), w.close())
	if err == nil && b.binary && b.database == "" && ctx.Err() == nil {
		err = b.program(ctx, folder)
	}
	return err
}

func (b *bench) wants(name string) bool { return b.only == "" || strings.Contains(name, b.only) }

// measure runs the pages, the API and searches.
func (b *bench) measure(ctx context.Context, w *world, f *floors, folder string) error {
	session := http.Header{"Cookie": {w.cookie.Name + "=" + w.cookie.Value}}
	token := http.Header{"Authorization": {"Bearer " + w.token}, "Accept": {"application/json"}}
	api := w.base + "/api/v1/collaboratives/" + w.slug
	get := func(address string, header http.Header) func(int, int) *http.Request {
		return func(int, int) *http.Request { return request("GET", address, header, nil) }
	}
	for _, m := range []struct {
		name string
		make func(int, int) *http.Request
		two  bool // the floor is a two-byte handler
	}{
		{"people page of 50, signed in", get(w.base+"/c/"+w.slug+"/people", session), false},
		{"organizations page of 50, signed in", get(w.base+"/c/"+w.slug+"/organizations", session), false},
		{"person page, signed in", get(w.base+"/c/"+w.slug+"/people/"+w.someone.ID.Short(), session), false},
		{"organizations as of a day", get(w.base+"/c/"+w.slug+"/organizations?as-of="+asOf, session), false},
		{"seats page of 50, signed in", get(w.base+"/c/"+w.slug+"/seats", session), false},
		{"seats as of a day", get(w.base+"/c/"+w.slug+"/seats?as-of="+asOf, session), false},
		{"vacant seats", get(w.base+"/c/"+w.slug+"/seats?state=vacant", session), false},
		{"body page, signed in", get(w.base+"/c/"+w.slug+"/bodies/"+w.body.ID.Short(), session), false},
		{"role map, signed in", get(w.base+"/c/"+w.slug+"/role-map", session), false},
		{"role map as of a day", get(w.base+"/c/"+w.slug+"/role-map?as-of="+asOf, session), false},
		{"home, signed in", get(w.base+"/c/"+w.slug+"/", session), false},
		{"REST list of 50 people", get(api+"/people?limit=50", token), false},
		{"REST one person", get(api+"/people/"+w.someone.ID.String(), token), true},
	} {
		if !b.wants(m.name) || ctx.Err() != nil {
			continue
		}
		load(ctx, w.client, clients, b.length/3, m.make) // warm
		ours := load(ctx, w.client, clients, b.length, m.make)
		size := ours.bytes
		if m.two {
			size = 2
		}
		row(m.name, ours, f.static(ctx, w.client, clients, size, b.length))
	}
	if err := b.searches(ctx, w, api, token); err != nil {
		return err
	}
	fmt.Printf("%-44s %6.0f MiB after load, this process\n", "memory at 8 clients", memory())
	if b.database == "" {
		return b.creates(ctx, w, api, token, folder)
	}
	return nil
}

// searches compares searching over HTTP with the bare query of the index.
func (b *bench) searches(ctx context.Context, w *world, api string, token http.Header) error {
	place, err := w.director(ctx)
	if err != nil {
		return err
	}
	for _, m := range []struct{ name, word string }{
		{"search, rare word", fmt.Sprintf("p%d", b.people/2)},
		{"search, middling word", "whitcomb"},
		{"search, very common word", "maria"},
		{"search, two words", "maria whitcomb"},
	} {
		if !b.wants(m.name) {
			continue
		}
		ours := load(ctx, w.client, clients, b.length, func(int, int) *http.Request {
			return request("GET", api+"/search?q="+url.QueryEscape(m.word), token, nil)
		})
		word := strings.Fields(m.word)[0]
		floor, err := bareQuery(ctx, w, clients, ours.bytes, b.length, `SELECT w.kind, w.record_id, d.title, d.detail FROM search_words w
			JOIN search_documents d ON d.collaborative_id = w.collaborative_id AND d.kind = w.kind AND d.record_id = w.record_id
			WHERE w.collaborative_id = $1 AND w.word >= $2 AND w.word < $3 ORDER BY w.word, w.rank LIMIT 20`, placeID(place), word, word+"\U0010FFFF")
		if err != nil {
			return err
		}
		row(m.name, ours, floor)
	}
	return nil
}

// creates compares durable creation with a server that commits one row a
// request, also on a disk two milliseconds slower.
func (b *bench) creates(ctx context.Context, w *world, api string, token http.Header, folder string) error {
	var n atomic.Int64
	create := func(api string, token http.Header) func(int, int) *http.Request {
		header := token.Clone()
		header.Set("Content-Type", "application/json")
		return func(int, int) *http.Request {
			return request("POST", api+"/people", header, fmt.Appendf(nil, `{"given_name":"Maria","family_name":"Nueva %d","email":"new%d@example.org"}`, n.Load(), n.Add(1)))
		}
	}
	for _, at := range []int{8, 32} {
		name := fmt.Sprintf("durable create, %d clients", at)
		if !b.wants(name) {
			continue
		}
		ours := load(ctx, w.client, at, b.length, create(api, token))
		floor, err := bareCreate(ctx, w.client, folder, at, b.length, 0)
		if err != nil {
			return err
		}
		row(name, ours, floor)
	}
	name := "durable create, 32 clients, +2 ms a commit"
	if !b.wants(name) {
		return nil
	}
	slowFolder := filepath.Join(folder, "slow")
	slow, err := open(ctx, slowFolder, "", 2*time.Millisecond)
	if err != nil {
		return err
	}
	ours := load(ctx, slow.client, 32, b.length, create(slow.base+"/api/v1/collaboratives/"+slow.slug, http.Header{"Authorization": {"Bearer " + slow.token}}))
	floor, err := bareCreate(ctx, slow.client, folder, 32, b.length, 2*time.Millisecond)
	if err == nil {
		row(name, ours, floor)
	}
	return errors.Join(err, slow.close(), os.RemoveAll(slowFolder))
}

// program builds the binary and measures its start, memory and size on the data
// that was loaded.
func (b *bench) program(ctx context.Context, folder string) error {
	binary := filepath.Join(folder, "commontable")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/commontable") // #nosec G204 -- our own paths
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	var starts []time.Duration
	idle := 0.0
	for range 5 {
		took, memory, err := start(ctx, binary, folder)
		if err != nil {
			return err
		}
		starts, idle = append(starts, took), memory
	}
	slices.Sort(starts)
	fmt.Printf("%-44s %s median of 5\n%-44s %.0f MiB\n%-44s %.1f MB\n", "start to first answer", starts[2].Round(time.Millisecond), "idle memory", idle, "binary", float64(info.Size())/1e6)
	return nil
}

// start runs the program until it answers and reads its memory a moment later.
func start(ctx context.Context, binary, folder string) (time.Duration, float64, error) {
	address, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	serve := exec.CommandContext(ctx, binary, "serve", "--data", folder, "--addr", address) // #nosec G204 -- our own paths
	begun := time.Now()
	if err := serve.Start(); err != nil {
		return 0, 0, err
	}
	defer func() { _ = serve.Process.Kill(); _ = serve.Wait() }() // it has nothing left to say
	for {
		response, err := http.Get("http://" + address + "/readyz") // #nosec G107 -- our own address
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(begun) > 30*time.Second {
			return 0, 0, errors.New("the program does not answer")
		}
		time.Sleep(time.Millisecond)
	}
	took := time.Since(begun)
	time.Sleep(time.Second)
	return took, residentOf(serve.Process.Pid), nil
}

// fsyncCost is what making a few bytes durable costs in a folder.
func fsyncCost(folder string) time.Duration {
	f, err := os.CreateTemp(folder, "fsync")
	if err != nil {
		return 0
	}
	defer os.Remove(f.Name())
	defer f.Close()
	const times = 100
	begun := time.Now()
	for range times {
		if _, err := f.WriteString("x"); err != nil {
			return 0
		}
		if err := f.Sync(); err != nil {
			return 0
		}
	}
	return time.Since(begun) / times
}
