// Bench measures the program as a user meets it: over HTTP, signed in, with
// permission check, audit row and search index. Beside each figure stands a
// floor measured in the same run, since machines differ and their speed drifts.
//
//	go run ./bench                       100,000 people in 1,000 organizations
//	go run ./bench -people 1000000       the same at ten times the size
//	go run ./bench -database postgres://…
//	go run ./bench import                bringing a file of 100,000 contacts
//	go run ./bench reports               bringing 100,000 rows of who was at 1,000 meetings
//	go run ./bench check-in              200 people at the door of one meeting
//	go run ./bench together              figures over 1,000,000 rows of attendance, and a calendar feed
//	go run ./bench mail                  letters out of the queue to a mail server on this machine
//	go run ./bench surveys               the release of a survey, and answers at 500 a second
//	go run ./bench network               measures of networks, beside igraph where it is installed
//
// It prints figures and ratios and judges nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"time"
)

func main() {
	people := flag.Int("people", 100_000, "how many people to load")
	organizations := flag.Int("organizations", 1_000, "how many organizations they belong to")
	database := flag.String("database", "", "a PostgreSQL address of an empty database; SQLite when empty")
	data := flag.String("data", "", "a folder to keep the data in and use again; a temporary one when empty")
	length := flag.Duration("length", 3*time.Second, "how long each measurement lasts")
	only := flag.String("only", "", "run only measurements whose name contains this")
	binary := flag.Bool("binary", true, "also build the program and measure its start, memory and size")
	profile := flag.String("profile", "", "write a CPU profile of the measurements to this file")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	b := &bench{people: *people, organizations: *organizations, database: *database, data: *data, length: *length, only: *only, binary: *binary, profile: *profile}
	run := b.run
	switch flag.Arg(0) {
	case "import":
		run = b.importing
	case "reports":
		run = b.reports
	case "check-in":
		run = b.checkIn
	case "together":
		run = b.together
	case "mail":
		run = b.mail
	case "surveys":
		run = b.surveys
	case "network":
		run = b.network
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
