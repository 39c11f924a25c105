// Package faults_test does to the running program what machines do: kills it in
// the middle of its work, cuts its power, fills its disk, takes its database
// away. Afterwards everything that was acknowledged must be there.
package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// installation is a prepared data folder and a token that may write in it.
type installation struct {
	folder, slug, token string
}

// open starts the program's inside without its faces.
func open(t *testing.T, cfg app.Config) *app.App {
	t.Helper()
	cfg.BaseURL = &url.URL{Scheme: "http", Host: "localhost"}
	cfg.Log = slog.New(slog.DiscardHandler)
	a, err := app.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// prepare founds a collaborative in a folder and makes a token for it.
func prepare(t *testing.T, a *app.App) installation {
	t.Helper()
	system := operation.WithActor(context.Background(), operation.System())
	account, err := a.Access.CreateAccount.Do(system, a.Door, access.CreateAccountInput{Email: "ana@example.org", Name: "Ana"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Access.SetAdministrator.Do(system, a.Door, access.SetAdministratorInput{ID: account.ID, Administrator: true}); err != nil {
		t.Fatal(err)
	}
	made, err := a.Access.IssueToken.Do(system, a.Door, access.IssueTokenInput{Email: "ana@example.org", CreateTokenInput: access.CreateTokenInput{Name: "faults"}})
	if err != nil {
		t.Fatal(err)
	}
	actor, _, _, err := a.Access.AuthenticateToken(context.Background(), made.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := collaborative.Create.Do(operation.WithActor(context.Background(), actor), a.Door, collaborative.CreateInput{Name: "Maple Valley", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	return installation{a.Config.DataDir, c.Slug, made.Secret}
}

// build makes the program once for a test.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "commontable")
	command := exec.Command("go", "build", "-o", binary, "commontable/cmd/commontable")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return binary
}

// start runs serve and waits until it answers.
func start(t *testing.T, binary, folder string, flags ...string) (base string, process *exec.Cmd) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	process = exec.Command(binary, append([]string{"serve", "--data", folder, "--addr", address}, flags...)...)
	var out bytes.Buffer
	process.Stderr = &out
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill() // most often dead already
		_ = process.Wait()
	})
	for begun := time.Now(); time.Since(begun) < 30*time.Second; time.Sleep(5 * time.Millisecond) {
		response, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			continue
		}
		response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return "http://" + address, process
		}
	}
	t.Fatalf("the program does not answer:\n%s", out.String())
	return "", nil
}

// request asks REST and returns the status and the answer.
func (i installation) request(client *http.Client, method, address string, body any) (int, []byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequest(method, address, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+i.token)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	} else {
		r.Body, r.ContentLength = nil, 0
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	out, err := io.ReadAll(response.Body)
	return response.StatusCode, out, err
}

// cycles is how often the program is killed.
const cycles = 50

// Killed at any moment under load, the program comes back by itself with every
// write it had acknowledged, each exactly once.
func TestKilledUnderLoad(t *testing.T) {
	binary := build(t)
	a := open(t, app.Config{DataDir: t.TempDir()})
	place := prepare(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]string{} // name → id
	var mu sync.Mutex
	for cycle := range cycles {
		base, process := start(t, binary, place.folder)
		people := base + "/api/v1/collaboratives/" + place.slug + "/people"
		client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for n := 0; ; n++ {
					name := fmt.Sprintf("p%d.%d.%d", cycle, w, n)
					status, body, err := place.request(client, http.MethodPost, people, map[string]string{"given_name": name})
					if err != nil {
						return // killed
					}
					var made struct{ ID string }
					if status != http.StatusCreated || json.Unmarshal(body, &made) != nil {
						t.Errorf("creating: %d %s", status, body)
						return
					}
					mu.Lock()
					acknowledged[name] = made.ID
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(20+rand.IntN(180)) * time.Millisecond)
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait() // killed
		wg.Wait()
		client.CloseIdleConnections()
	}
	present, total := everybody(t, place)
	for name, id := range acknowledged {
		if present[name] != id {
			t.Errorf("%s was acknowledged as %s and is %q", name, id, present[name])
		}
	}
	if int64(len(present)) != total {
		t.Errorf("%d people are listed, %d are counted", len(present), total)
	}
	if len(acknowledged) < cycles {
		t.Errorf("only %d writes in %d cycles: the test was asleep", len(acknowledged), cycles)
	}
	t.Logf("%d acknowledged, %d present after %d kills", len(acknowledged), len(present), cycles)
}

// everybody reads all people the program invented names for, and how many it
// counts, and checks that the file is sound.
func everybody(t *testing.T, place installation) (map[string]string, int64) {
	t.Helper()
	a := open(t, app.Config{DataDir: place.folder})
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	return readAll(t, a, place)
}
