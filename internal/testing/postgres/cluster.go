package postgres

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const superuser = "commontable_test"

type settings struct {
	durable bool
	extra   [][2]string
}

// The signals of the postmaster's shutdown modes.
const (
	fast      = syscall.SIGINT
	immediate = syscall.SIGQUIT
)

// cluster is a data directory and the server process that may run on it.
type cluster struct {
	dir      string // holds data/ and log; nothing else lies outside it
	bin      string
	as       *syscall.Credential // nil when the test itself is unprivileged
	settings settings
	password string
	port     int

	watcher     *exec.Cmd
	watcherPipe io.Closer

	mu      sync.Mutex
	process *os.Process
	exited  chan struct{} // closed when process has ended
}

func newCluster(s settings) (*cluster, error) {
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(scratch(as != nil), "commontable-postgres-")
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, bin: bin, as: as, settings: s, password: random()}
	if err := c.watch(); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	if err := c.initialize(); err != nil {
		c.remove()
		return nil, err
	}
	if err := c.startOnFreePort(); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *cluster) log() string  { return filepath.Join(c.dir, "log") }

func (c *cluster) adminURL() string {
	return (&url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, c.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)),
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}).String()
}

// initialize makes the data directory. The default collation is a linguistic
// one, as on most servers people run, so that a query which leans on the
// database's own order differs from SQLite's and is found.
func (c *cluster) initialize() error {
	passwords := filepath.Join(c.dir, "password")
	if err := os.WriteFile(passwords, []byte(c.password), 0o600); err != nil {
		return err
	}
	if c.as != nil {
		for _, path := range []string{c.dir, passwords} {
			if err := os.Chown(path, int(c.as.Uid), int(c.as.Gid)); err != nil {
				return err
			}
		}
	}
	out, err := c.command("initdb", "--pgdata="+c.data(), "--username="+superuser, "--pwfile="+passwords,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US",
		"--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return os.Remove(passwords)
}

// command prepares one of PostgreSQL's programs, run by the unprivileged user
// in a session of its own so that a Ctrl-C for the tests is not one for it.
func (c *cluster) command(name string, arguments ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), arguments...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.as}
	return cmd
}

// watcherScript waits until its standard input ends, which happens when the
// test process closes it or dies, then ends the server and deletes its files.
// A process is taken for the server only while it works in the data directory:
// its number may have gone to another one, or nobody may have reaped it.
const watcherScript = `
read -r _
alive() {
  if [ -d /proc/self ]; then [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; else kill -0 "$pid"; fi
}
if [ -s "$1/data/postmaster.pid" ]; then
  read -r pid <"$1/data/postmaster.pid"
  if alive "$1"; then
    kill -QUIT "$pid"
    n=0
    while alive "$1" && [ $n -lt 100 ]; do sleep 0.05; n=$((n + 1)); done
    if alive "$1"; then kill -KILL "$pid"; fi
  fi
fi
rm -rf -- "$1"
`

func (c *cluster) watch() error {
	watcher := exec.Command("/bin/sh", "-c", watcherScript, "watcher", c.dir)
	watcher.Dir = "/"
	watcher.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	pipe, err := watcher.StdinPipe()
	if err != nil {
		return err
	}
	if err := watcher.Start(); err != nil {
		return err
	}
	c.watcher, c.watcherPipe = watcher, pipe
	return nil
}

// remove ends the server and deletes its files.
func (c *cluster) remove() {
	if c.running() {
		_ = c.stop(immediate)
	}
	_ = c.watcherPipe.Close()
	_ = c.watcher.Wait()
}

// startOnFreePort starts the server on a port nobody uses. Another process may
// take the port between the look and the start, so a few are tried.
func (c *cluster) startOnFreePort() (err error) {
	for range 8 {
		if c.port, err = freePort(); err != nil {
			return err
		}
		err = c.start()
		if !errors.Is(err, errPortTaken) {
			return err
		}
	}
	return err
}

var errPortTaken = errors.New("the port is taken")

// start runs the server and returns once it accepts connections.
func (c *cluster) start() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.process != nil {
		return errors.New("the server is running already")
	}
	log, err := os.OpenFile(c.log(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()

	cmd := c.command("postgres", c.arguments()...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }()

	deadline := time.After(callTimeout)
	for !c.ready(cmd.Process.Pid) {
		select {
		case <-exited:
			text, _ := os.ReadFile(c.log())
			if bytes.Contains(text, []byte("Address already in use")) {
				return errPortTaken
			}
			return fmt.Errorf("the server ended while starting:\n%s", text)
		case <-deadline:
			_ = cmd.Process.Kill()
			text, _ := os.ReadFile(c.log())
			return fmt.Errorf("the server is not ready after %s:\n%s", callTimeout, text)
		case <-time.After(10 * time.Millisecond):
		}
	}
	c.process, c.exited = cmd.Process, exited
	return nil
}

func (c *cluster) arguments() []string {
	values := [][2]string{
		{"listen_addresses", "127.0.0.1"},
		{"port", strconv.Itoa(c.port)},
		{"unix_socket_directories", ""},
		{"max_connections", "200"},
		{"shared_buffers", "64MB"},
		{"max_wal_size", "512MB"},
		{"timezone", "UTC"},
		{"log_timezone", "UTC"},
	}
	if !c.settings.durable {
		values = append(values, [2]string{"fsync", "off"}, [2]string{"synchronous_commit", "off"}, [2]string{"full_page_writes", "off"})
	}
	arguments := []string{"-D", c.data()}
	for _, v := range append(values, c.settings.extra...) {
		arguments = append(arguments, "-c", v[0]+"="+v[1])
	}
	return arguments
}

// ready reads the state the postmaster writes into its pid file: line 1 is its
// process id, line 8 says "ready".
func (c *cluster) ready(pid int) bool {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	return len(lines) >= 8 && strings.TrimSpace(lines[0]) == strconv.Itoa(pid) && strings.TrimSpace(lines[7]) == "ready"
}

func (c *cluster) running() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.process != nil
}

func (c *cluster) stop(mode syscall.Signal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.process == nil {
		return errors.New("the server is not running")
	}
	if err := c.process.Signal(mode); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-c.exited:
		c.process = nil
		return nil
	case <-time.After(callTimeout):
		return fmt.Errorf("the server still runs %s after the signal", callTimeout)
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// unprivileged returns the identity the server runs with when the test runs as
// root, because PostgreSQL refuses to be root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("the tests run as root and there is neither a user postgres nor nobody to run the server")
}

// scratch returns the folder for the data directory. Another user must be able
// to walk down to it when the server runs as one.
func scratch(otherUser bool) string {
	folder := os.TempDir()
	if !otherUser {
		return folder
	}
	for at := folder; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
		if at == filepath.Dir(at) {
			return folder
		}
	}
}
