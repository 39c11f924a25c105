package journey_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"commontable/internal/testing/postgres"
)

// built is the program, made once for all tests of the package.
var built struct {
	once sync.Once
	path string
	err  error
}

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "commontable-journey-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built.path = filepath.Join(folder, "commontable")
	status := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(status)
}

func program(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if out, err := exec.Command("go", "build", "-o", built.path, "commontable/cmd/commontable").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("building the program: %v", built.err)
	}
	return built.path
}

// house is an installation with the sample in it, and the processes that serve it.
type house struct {
	t        *testing.T
	folder   string // for everything the test writes
	data     string // the data folder
	database string // the PostgreSQL address; "" for SQLite in the data folder
	key      string // where the administrator keeps a copy of the installation key
	base     string // what people type into their browser
	port     string // of base
	links    map[string]string
	serving  []*process
	balance  *balancer // before several processes; nil before one
}

type process struct {
	command *exec.Cmd
	out     *output
	ended   chan struct{}
}

// output collects what a process prints while others read it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// run starts the program and waits until it has printed what shows that it is ready.
func (h *house) run(ready string, arguments ...string) *process {
	h.t.Helper()
	p := &process{command: exec.Command(program(h.t), arguments...), out: &output{}, ended: make(chan struct{})}
	p.command.Env = h.environment()
	p.command.Stdout, p.command.Stderr = p.out, p.out
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.command.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		_ = p.command.Wait()
		close(p.ended)
	}()
	h.t.Cleanup(func() {
		_ = p.command.Process.Kill() // most often it has ended already
		<-p.ended
		if h.t.Failed() {
			h.t.Logf("%s printed:\n%s", arguments[0], p.out)
		}
	})
	for begun := time.Now(); !strings.Contains(p.out.String(), ready); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.ended:
			h.t.Fatalf("%v ended:\n%s", arguments, p.out)
		default:
		}
		if time.Since(begun) > 90*time.Second {
			h.t.Fatalf("%v has not said %q:\n%s", arguments, ready, p.out)
		}
	}
	return p
}

// stop ends a process as an operator does and waits for it.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("stopping: %v", err)
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatalf("the program does not stop:\n%s", p.out)
	}
	if code := p.command.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the program ended with code %d:\n%s", code, p.out)
	}
}

// environment is the caller's without what would lead the program elsewhere.
func (h *house) environment() []string {
	var out []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "COMMONTABLE_") {
			out = append(out, variable)
		}
	}
	if h.database != "" {
		out = append(out, "COMMONTABLE_DATABASE="+h.database)
	}
	return out
}

// command runs a command of the program to its end and returns what it printed as its result.
func (h *house) command(arguments ...string) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program(h.t), append(arguments, "--data", h.data)...)
	c.Env = h.environment()
	var out, hints bytes.Buffer
	c.Stdout, c.Stderr = &out, &hints
	if err := c.Run(); err != nil {
		h.t.Fatalf("%v: %v\n%s%s", arguments, err, &out, &hints)
	}
	return strings.TrimSpace(out.String())
}

// link is a fresh way in for one of the cast, as an administrator makes it.
func (h *house) link(email string) string {
	h.t.Helper()
	return h.command("user", "sign-in-link", email, "--base-url", h.base)
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// demonstrate starts the demonstration and reads the links it prints, by role.
func demonstrate(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, folder: t.TempDir(), port: freePort(t), links: map[string]string{}}
	h.data, h.base = filepath.Join(h.folder, "data"), "http://localhost:"+h.port
	p := h.run("Ctrl-C ends", "demo", "--size", "small", "--addr", "127.0.0.1:"+h.port, "--data", h.data)
	h.serving = []*process{p}
	for line := range strings.Lines(p.out.String()) {
		if role, rest, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			if at := strings.Index(rest, "http://"); at >= 0 {
				h.links[role] = strings.TrimSpace(rest[at:])
			}
		}
	}
	if len(h.links) < 12 {
		t.Fatalf("the demonstration prints %d links:\n%s", len(h.links), p.out)
	}
	h.keepKey()
	return h
}

// keepKey copies the installation key to where a careful administrator has it.
func (h *house) keepKey() {
	h.t.Helper()
	key, err := os.ReadFile(filepath.Join(h.data, "installation.key"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.key = filepath.Join(h.folder, "kept.key")
	if err := os.WriteFile(h.key, key, 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// onSQLite is the demonstration as it stands.
func onSQLite(t *testing.T) *house { return demonstrate(t) }

// twoOnPostgres moves the sample to PostgreSQL, by backup and restore, and serves it with two processes.
func twoOnPostgres(t *testing.T) *house {
	t.Helper()
	h := demonstrate(t)
	file := filepath.Join(h.folder, "demonstration.zip")
	h.command("backup", file)
	h.serving[0].stop(t)
	h.balance = &balancer{}
	h.wipe()
	h.restore(file)
	h.serve()
	h.links = map[string]string{
		"Backbone director":          h.link("ruth.adeyemi@tamarack.example"),
		"Backbone staff":             h.link("daniel.whitcombe@tamarack.example"),
		"Installation administrator": h.link("priya.raman@tamarack.example"),
	}
	return h
}

// backup writes everything to a file while the program serves.
func (h *house) backup() string {
	h.t.Helper()
	file := filepath.Join(h.folder, "backup.zip")
	h.command("backup", file)
	return file
}

// wipe leaves nothing of an installation whose processes have ended: the data folder is gone, and the
// database is another, empty one.
func (h *house) wipe() {
	h.t.Helper()
	if err := os.RemoveAll(h.data); err != nil {
		h.t.Fatal(err)
	}
	if h.balance != nil {
		h.database = postgres.Start(h.t).Database(h.t)
	}
}

// restore brings a backup into what wipe has left, with the key that was kept apart from it.
func (h *house) restore(file string) {
	h.t.Helper()
	if err := os.MkdirAll(h.data, 0o700); err != nil {
		h.t.Fatal(err)
	}
	key, err := os.ReadFile(h.key)
	if err == nil {
		err = os.WriteFile(filepath.Join(h.data, "installation.key"), key, 0o600)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	if said := h.command("restore", file); !strings.Contains(said, "Everyone has to sign in again.") {
		h.t.Errorf("restore says %q", said)
	}
}

// serve starts the program on the address people know: one process, or two behind a balancer.
func (h *house) serve() {
	h.t.Helper()
	if h.balance == nil {
		h.serving = []*process{h.run("msg=listening", "serve", "--data", h.data, "--addr", "127.0.0.1:"+h.port)}
		return
	}
	h.serving = nil
	var targets []*url.URL
	for n := range 2 {
		port, data := freePort(h.t), h.data
		if n > 0 {
			data = filepath.Join(h.folder, "second")
		}
		h.serving = append(h.serving, h.run("msg=listening", "serve", "--data", data, "--key-file", h.key, "--addr", "127.0.0.1:"+port, "--base-url", h.base, "--trusted-proxy", "127.0.0.1/32"))
		targets = append(targets, &url.URL{Scheme: "http", Host: "127.0.0.1:" + port})
	}
	h.balance.lead(h.t, "127.0.0.1:"+h.port, targets)
}

// stopAll ends every process that serves.
func (h *house) stopAll() {
	h.t.Helper()
	for _, p := range h.serving {
		p.stop(h.t)
	}
	if h.balance != nil {
		h.balance.check(h.t)
	}
}

// balancer gives requests to several processes in turn, as a reverse proxy does that knows nothing of sessions.
type balancer struct {
	targets  atomic.Pointer[[]*url.URL]
	next     atomic.Uint64
	answered [2]atomic.Int64
	server   *http.Server
}

// lead sends what comes to the address to the targets from now on.
func (b *balancer) lead(t *testing.T, address string, targets []*url.URL) {
	t.Helper()
	b.targets.Store(&targets)
	if b.server != nil {
		return
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	b.server = &http.Server{Handler: &httputil.ReverseProxy{Rewrite: b.rewrite}, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = b.server.Serve(l) }()
	t.Cleanup(func() { _ = b.server.Close() })
}

func (b *balancer) rewrite(r *httputil.ProxyRequest) {
	targets := *b.targets.Load()
	n := int(b.next.Add(1)) % len(targets)
	r.SetURL(targets[n])
	r.Out.Host = r.In.Host
	r.SetXForwarded()
	b.answered[n].Add(1)
}

// check makes sure that both did their part.
func (b *balancer) check(t *testing.T) {
	t.Helper()
	if one, two := b.answered[0].Load(), b.answered[1].Load(); one < 10 || two < 10 {
		t.Errorf("the two processes got %d and %d requests", one, two)
	}
}
