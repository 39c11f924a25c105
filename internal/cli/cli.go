// Package cli is the command line: it reads flags and the environment, opens
// the program and runs operations or servers. What changes data goes through
// the same door as everything else.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // machines without time zone files know every zone too

	"github.com/alecthomas/kong"

	"commontable/internal/backbone/imports"
)

// commands are what the program can be asked to do.
type commands struct {
	Serve         serveCommand         `cmd:"" help:"Run the server."`
	Demo          demoCommand          `cmd:"" help:"Run a demonstration with a sample collaborative, on this machine only."`
	Backup        backupCommand        `cmd:"" help:"Write everything to one file while the server runs."`
	Restore       restoreCommand       `cmd:"" help:"Bring back what a backup holds."`
	Import        importCommand        `cmd:"" help:"Bring a file: organizations, people, groups, seats or contacts."`
	Export        exportCommand        `cmd:"" help:"Write everything a collaborative has recorded to one file."`
	Load          loadCommand          `cmd:"" help:"Bring a collaborative from such a file of another installation."`
	Network       networkCommand       `cmd:"" help:"Measure the network in a file, without an installation."`
	User          userCommands         `cmd:"" help:"List, make and help accounts."`
	Token         tokenCommands        `cmd:"" help:"Make tokens for programs."`
	Collaborative collaborativeCommand `cmd:"" help:"List the collaboratives."`
	Permissions   permissionsCommand   `cmd:"" help:"Print who may do what."`
	Doctor        doctorCommand        `cmd:"" help:"Check the installation and say what to do."`
	Version       versionCommand       `cmd:"" help:"Print the version."`
}

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// terminal is where a command reads from and writes to.
type terminal struct {
	out, err io.Writer
}

// say prints a line of result.
func (t *terminal) say(format string, args ...any) { _, _ = fmt.Fprintf(t.out, format+"\n", args...) }

// hint prints a line for the person, not for a program that reads the result.
func (t *terminal) hint(format string, args ...any) { _, _ = fmt.Fprintf(t.err, format+"\n", args...) }

// errSilent fails a command that has said everything already.
var errSilent = errors.New("failed")

// Main runs the program and returns its exit code.
func Main(args []string, out, errOut io.Writer) int {
	var c commands
	t := &terminal{out, errOut}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	forgetEmpty()
	parser, err := kong.New(&c, kong.Name("commontable"), kong.Description("The working memory and the meeting table of a collective impact collaborative."),
		kong.UsageOnError(), kong.Writers(out, errOut), kong.Exit(os.Exit), kong.DefaultEnvars("COMMONTABLE"), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"kinds": strings.Join(imports.Kinds(), ", ")}, kong.Bind(t), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		panic(err) // the commands above are wrong
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		t.hint("commontable: %s. See commontable --help.", err)
		return exitUsage
	}
	// A second signal ends the program at once, as people expect.
	context.AfterFunc(ctx, stop)
	if err := parsed.Run(); err != nil {
		var usage *usageError
		switch {
		case errors.Is(err, errSilent):
		case errors.As(err, &usage):
			t.hint("commontable: %s", usage.text)
			return exitUsage
		default:
			t.hint("commontable: %s", readable(err))
		}
		return exitFailed
	}
	return 0
}

// forgetEmpty takes away variables without a value, which stand for nothing: a
// path, for one, would otherwise become the current folder.
func forgetEmpty() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); value == "" && strings.HasPrefix(name, "COMMONTABLE_") {
			_ = os.Unsetenv(name) // only a malformed name could fail
		}
	}
}

// usageError is a fault in how the program was called.
type usageError struct{ text string }

func (u *usageError) Error() string { return u.text }

func misused(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }
