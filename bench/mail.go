package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// queueLetters is how many letters wait in the queue.
const queueLetters = 30_000

// mail measures how fast letters leave the queue: each merged for one person, with links
// of their own, in plain text and HTML, handed to a mail server on this machine, and
// noted as sent.
func (b *bench) mail(ctx context.Context) (err error) {
	folder, err := os.MkdirTemp("", "commontable-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	w, err := open(ctx, folder, b.database, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	director, err := w.director(ctx)
	if err != nil {
		return err
	}
	place := operation.CollaborativeFrom(director)
	s, err := listen()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.listener.Close()) }()
	system := operation.WithActor(ctx, operation.System())
	if _, err := w.app.Installation.EditMail.Do(system, w.app.Door, installation.MailInput{Host: "127.0.0.1", Port: int64(s.port()), Security: string(mail.None), From: "table@example.org", FromName: "Table"}); err != nil {
		return err
	}
	if err := w.queue(ctx, place); err != nil {
		return err
	}
	stop, err := b.profiled()
	if err != nil {
		return err
	}
	begun := time.Now()
	left := queueLetters
	for left > 0 {
		n, err := w.app.Worker.Work(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		left -= n
	}
	took := time.Since(begun)
	stop()
	fmt.Printf("letters out of the queue   %8.0f a second   (%d in %s, %d received, over %d connections)\n", float64(queueLetters-left)/took.Seconds(), queueLetters-left, took.Round(time.Millisecond), s.received.Load(), s.connections.Load())
	return b.floorOfMail(s)
}

// floorOfMail is what the sink takes when nothing is asked of the sender: one message, the
// same each time, from as many connections as the program opens.
func (b *bench) floorOfMail(s *sink) error {
	body := strings.Repeat(strings.Repeat("x", 74)+"\r\n", 70) // about as large as a letter
	var wg sync.WaitGroup
	var failed atomic.Value
	before, begun := s.received.Load(), time.Now()
	for range 4 {
		wg.Go(func() {
			conn, err := net.Dial("tcp", s.listener.Addr().String())
			if err != nil {
				failed.Store(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			say := func(text string, answers int) bool {
				if _, err := conn.Write([]byte(text)); err != nil {
					return false
				}
				for range answers {
					if _, err := in.ReadString('\n'); err != nil {
						return false
					}
				}
				return true
			}
			if !say("", 1) || !say("HELO bench\r\n", 1) {
				return
			}
			for time.Since(begun) < b.length {
				if !say("MAIL FROM:<a@example.org>\r\n", 1) || !say("RCPT TO:<b@example.org>\r\n", 1) || !say("DATA\r\n", 1) || !say(body+".\r\n", 1) {
					return
				}
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return err
	}
	fmt.Printf("the same, of one message   %8.0f a second   (floor: the conversation alone)\n", float64(s.received.Load()-before)/time.Since(begun).Seconds())
	return nil
}

// queue puts letters to as many people into the queue.
func (w *world) queue(ctx context.Context, place operation.Collaborative) error {
	const portion = 1000
	for first := 0; first < queueLetters; first += portion {
		if err := w.app.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
			for n := first; n < first+portion; n++ {
				to := fmt.Sprintf("person%d@example.org", n)
				stop, err := w.app.Access.StopLink(place.ID, to, "digests")
				if err != nil {
					return err
				}
				link := fmt.Sprintf("https://table.example.org/due/%043d", n)
				l := access.Letter{Template: mail.DueDigest, To: to, ToName: fmt.Sprintf("%s %s", given[n%len(given)], family[n%len(family)]), Language: []string{"en", "fr", "es"}[n%3], Zone: "America/Chicago", Stop: stop, Reach: "digests"}
				l.Data = mail.Data{Collaborative: place.Name, Recipient: l.ToName, Count: 3, Link: link, Sections: []mail.Section{{Heading: "Harbor School", Lines: []mail.Line{
					{Text: "Answer the invitation to the leadership table"}, {Text: fmt.Sprintf("Call the principal, number %d", n), Links: []mail.Link{{Label: "Done", Address: link + "?answer=done"}}}, {Text: "Confirm 12 hours"}}}}}
				if err := jobs.Insert(tx, w.app.Access.Sealer(), time.Now(), place.ID, operation.Later{Kind: access.MailKind, Payload: l}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// sink is a mail server that takes everything and keeps nothing.
type sink struct {
	listener              net.Listener
	received, connections atomic.Int64
}

func listen() (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{listener: l}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			s.connections.Add(1)
			go s.serve(conn)
		}
	}()
	return s, nil
}

func (s *sink) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *sink) serve(conn net.Conn) {
	defer conn.Close()
	in, out := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriter(conn)
	say := func(text string) bool {
		_, _ = out.WriteString(text + "\r\n") // told by Flush
		return in.Buffered() > 0 || out.Flush() == nil
	}
	for ok := say("220 sink"); ok; {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(string(line[:min(4, len(line))])); verb {
		case "EHLO":
			_, _ = out.WriteString("250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n")
			ok = say("250 8BITMIME")
		case "DATA":
			if ok = say("354 go on"); !ok {
				return
			}
			if err := out.Flush(); err != nil {
				return
			}
			for {
				line, err := in.ReadSlice('\n')
				if err != nil {
					return
				}
				if len(line) == 3 && line[0] == '.' {
					break
				}
			}
			s.received.Add(1)
			ok = say("250 2.0.0 taken")
		case "QUIT":
			_ = say("221 bye")
			return
		default:
			ok = say("250 2.0.0 ok")
		}
	}
}
