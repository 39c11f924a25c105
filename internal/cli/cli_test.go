package cli_test

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"commontable/internal/app"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/cli"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
	"commontable/internal/testing/postgres"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"commontable": func() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the program as an operator would; see testdata/script. The
// commands a script has beyond the usual: "serve" starts a server in the
// background and waits until it answers, "get" asks it, "shutdown" ends it with a
// signal and waits, "database" makes an empty PostgreSQL database, "told" makes a
// data folder in which the demonstration was told and has ended.
func TestScripts(t *testing.T) {
	t.Cleanup(func() { // when the scripts have ended, which run beside each other
		if err := os.RemoveAll(story.folder); err != nil {
			t.Error(err)
		}
	})
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Values[serverKey{}] = &background{}
			env.Defer(func() { env.Values[serverKey{}].(*background).end() })
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve": serve, "get": get, "shutdown": shutdown, "flip": flip, "told": told,
			"database": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], postgres.Start(t).Database(t))
			},
		},
		RequireExplicitExec: true,
	})
}

type serverKey struct{}

// background is a server a script has started.
type background struct {
	cmd    *exec.Cmd
	output *strings.Builder
	done   chan struct{}
}

func (b *background) end() {
	if b.cmd != nil && b.cmd.Process != nil {
		_ = b.cmd.Process.Kill()
		<-b.done
	}
}

var listening = regexp.MustCompile(`msg=listening |Ctrl-C ends`)

// serve starts "commontable COMMAND …" on a free port.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	address := free.Addr().String()
	ts.Check(free.Close())
	b := ts.Value(serverKey{}).(*background)
	*b = background{output: &strings.Builder{}, done: make(chan struct{})}
	program, err := exec.LookPath("commontable")
	if err != nil {
		// testscript puts its commands on the PATH of the script.
		program = filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], "commontable")
	}
	b.cmd = exec.Command(program, append(args, "--addr", address)...)
	b.cmd.Dir = ts.MkAbs(".")
	b.cmd.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"), "HOME="+ts.Getenv("HOME"), "COMMONTABLE_DATABASE="+ts.Getenv("COMMONTABLE_DATABASE"),
		"COMMONTABLE_DATA="+ts.Getenv("COMMONTABLE_DATA"), "TMPDIR="+ts.Getenv("TMPDIR"))
	read, write := io.Pipe()
	b.cmd.Stdout, b.cmd.Stderr = write, write
	ts.Check(b.cmd.Start())
	began := make(chan struct{}, 1)
	go func() {
		lines := bufio.NewScanner(read)
		for lines.Scan() {
			b.output.WriteString(lines.Text() + "\n")
			if listening.MatchString(lines.Text()) {
				began <- struct{}{}
			}
		}
		close(b.done)
	}()
	go func() { _ = b.cmd.Wait(); _ = write.Close() }()
	select {
	case <-began:
		ts.Setenv("ADDRESS", address)
	case <-b.done:
		ts.Fatalf("the server ended:\n%s", b.output)
	case <-time.After(60 * time.Second):
		ts.Fatalf("the server did not begin:\n%s", b.output)
	}
}

// story is a data folder in which the demonstration was told, made by the first script
// that needs it: telling takes far longer than copying.
var story struct {
	once   sync.Once
	folder string
}

// told FOLDER is what "serve demo --size small --data FOLDER" and "shutdown" leave.
func told(ts *testscript.TestScript, _ bool, args []string) {
	story.once.Do(func() {
		folder, err := os.MkdirTemp("", "commontable-story-")
		ts.Check(err)
		serve(ts, false, []string{"demo", "--size", "small", "--data", filepath.Join(folder, "data")})
		shutdown(ts, false, nil)
		story.folder = folder
	})
	if story.folder == "" {
		ts.Fatalf("the demonstration could not be told; see the first script that needed it")
	}
	from, to := filepath.Join(story.folder, "data"), ts.MkAbs(args[0])
	ts.Check(os.CopyFS(to, os.DirFS(from)))
	// CopyFS makes files and folders for everybody.
	ts.Check(filepath.WalkDir(to, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(from, strings.TrimPrefix(path, to)))
		if err != nil {
			return err
		}
		return os.Chmod(path, info.Mode().Perm())
	}))
}

// get PATH STATUS [TEXT…] asks the server.
func get(ts *testscript.TestScript, neg bool, args []string) {
	r, err := http.NewRequest(http.MethodGet, "http://"+ts.Getenv("ADDRESS")+args[0], nil)
	ts.Check(err)
	r.Header.Set("Accept-Encoding", "identity")
	if host := ts.Getenv("HOST"); host != "" {
		r.Host = host
	}
	response, err := http.DefaultClient.Do(r)
	if neg && err != nil {
		return
	}
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	if got := fmt.Sprint(response.StatusCode); got != args[1] {
		ts.Fatalf("%s answers %s: %.300s", args[0], got, body)
	}
	for _, text := range args[2:] {
		if !strings.Contains(string(body), text) {
			ts.Fatalf("%s lacks %q: %.600s", args[0], text, body)
		}
	}
}

// shutdown asks the server to end and prints what it said.
func shutdown(ts *testscript.TestScript, _ bool, _ []string) {
	b := ts.Value(serverKey{}).(*background)
	ts.Check(b.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-b.done:
	case <-time.After(20 * time.Second):
		ts.Fatalf("the server did not end:\n%s", b.output)
	}
	if code := b.cmd.ProcessState.ExitCode(); code != 0 {
		ts.Fatalf("the server ended with %d:\n%s", code, b.output)
	}
	_, _ = fmt.Fprint(ts.Stdout(), b.output.String())
	b.cmd = nil
}

// flip FILE [LENGTH] changes bytes in the middle of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	path, length := ts.MkAbs(args[0]), 1
	if len(args) > 1 {
		var err error
		length, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	raw, err := os.ReadFile(path)
	ts.Check(err)
	for i := range length {
		raw[len(raw)/2+i] ^= 0x55
	}
	ts.Check(os.WriteFile(path, raw, 0o600))
}

// The doctor reads every file that the record names, and names those that are missing or
// not what was brought, with where to get them from.
func TestDoctorReadsTheFiles(t *testing.T) {
	h := house.New(t, "")
	ctx := h.As(operation.Staff)
	m := house.Do(t, h, ctx, convening.CreateMeeting, convening.MeetingInput{Title: "Table", On: "2026-06-01", Starts: "10:00"})
	for _, name := range []string{"minutes.txt", "budget.txt", "again.txt"} {
		u := house.Do(t, h, ctx, h.App.Materials.Begin, materials.BeginInput{MeetingID: m.ID, FileName: name})
		house.Do(t, h, ctx, h.App.Materials.AddPart, materials.PartInput{MeetingID: m.ID, ID: u.ID, Content: []byte(strings.TrimPrefix(name, "again.")), Last: true})
		if _, err := h.App.Materials.Create.Do(ctx, h.App.Door, materials.Input{MeetingID: m.ID, UploadID: u.ID}); err != nil {
			t.Fatal(err)
		}
	}
	doctor := func() (string, int) {
		var out, complaints strings.Builder
		code := cli.Main([]string{"doctor", "--data", h.App.Config.DataDir}, &out, &complaints)
		return out.String() + complaints.String(), code
	}
	if said, _ := doctor(); !strings.Contains(said, "✓ files          3, ") {
		t.Errorf("of three files it says\n%s", said)
	}
	kept, err := filepath.Glob(filepath.Join(h.App.Config.DataDir, app.FilesFolder, "*", "??", "*"))
	if err != nil || len(kept) != 3 {
		t.Fatalf("%d files are kept, %v", len(kept), err)
	}
	if err := os.Remove(kept[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[1], []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, code := doctor()
	if code == 0 || !strings.Contains(said, "1 missing: "+kept[0]) || !strings.Contains(said, "1 damaged: "+kept[1]) || !strings.Contains(said, "→ Bring them back from a backup") {
		t.Errorf("of one that is gone and one that was changed it says, with code %d,\n%s", code, said)
	}
}
