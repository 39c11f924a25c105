package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// world is a running installation with one collaborative, and someone signed in.
type world struct {
	app     *app.App
	base    string // http://127.0.0.1:…
	slug    string
	place   string // the collaborative's id in hexadecimal
	cookie  *http.Cookie
	token   string
	someone directory.Person
	body    directory.Body
	server  *http.Server
	client  *http.Client
}

const email = "bench@example.org"

// open starts an installation in a folder; handler puts the faces together.
func open(ctx context.Context, data, database string, slow time.Duration) (*world, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	base := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	a, err := app.Open(ctx, app.Config{DataDir: data, DatabaseURL: database, BaseURL: base, SlowCommit: slow, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	a.Door.Limit = nil // one account asks thousands of times a second here
	w := &world{app: a, base: base.String(), client: newClient(), server: &http.Server{Handler: faces(a), ReadHeaderTimeout: time.Minute}}
	go func() { _ = w.server.Serve(listener) }() // ends when closed
	return w, w.settle(ctx)
}

func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (w *world) close() error { return errors.Join(w.server.Close(), w.app.Close()) }

// settle finds or makes the account, the collaborative, the session and the token.
func (w *world) settle(ctx context.Context) error {
	system := operation.WithActor(ctx, operation.System())
	account, err := w.app.Access.CreateAccount.Do(system, w.app.Door, access.CreateAccountInput{Email: email, Name: "Bench"})
	if err == nil {
		if _, err := w.app.Access.SetAdministrator.Do(system, w.app.Door, access.SetAdministratorInput{ID: account.ID, Administrator: true}); err != nil {
			return err
		}
	} else if operation.KindOf(err) != operation.Invalid && operation.KindOf(err) != operation.Conflict {
		return err
	}
	link, err := w.app.Access.IssueLink.Do(system, w.app.Door, access.IssueLinkInput{Email: email, Minutes: 10})
	if err != nil {
		return err
	}
	in, err := w.app.Access.RedeemLink(ctx, w.app.Door, path.Base(strings.TrimRight(link.Link, "/")))
	if err != nil {
		return err
	}
	recorder := cookieJar{http.Header{}}
	w.app.Access.SetSession(recorder, in)
	w.cookie = (&http.Response{Header: recorder.header}).Cookies()[0]

	w.slug = "bench"
	actor, place, found, err := w.app.Access.Authenticate(ctx, in.Secret, w.slug)
	if err != nil {
		return err
	}
	if !found.Member {
		c, err := collaborative.Create.Do(operation.WithActor(ctx, actor), w.app.Door, collaborative.CreateInput{Name: "Bench", Zone: "UTC"})
		if err != nil {
			return err
		}
		w.slug = c.Slug
		if _, place, _, err = w.app.Access.Authenticate(ctx, in.Secret, w.slug); err != nil {
			return err
		}
	}
	w.place = place.ID.Hex()
	made, err := w.app.Access.IssueToken.Do(system, w.app.Door, access.IssueTokenInput{Email: email, CreateTokenInput: access.CreateTokenInput{Name: "bench"}})
	if err != nil {
		return err
	}
	w.token = made.Secret
	return nil
}

type cookieJar struct{ header http.Header }

func (c cookieJar) Header() http.Header         { return c.header }
func (c cookieJar) Write(b []byte) (int, error) { return len(b), nil }
func (c cookieJar) WriteHeader(int)             {}

// director is a context in which operations run as the backbone director.
func (w *world) director(ctx context.Context) (context.Context, error) {
	actor, place, _, err := w.app.Access.Authenticate(ctx, w.cookie.Value, w.slug)
	return operation.WithCollaborative(operation.WithActor(ctx, actor), place), err
}

var (
	given  = strings.Fields("Maria José Ana Luis Rosa Juan Carmen Miguel Emma Liam Olivia Noah Ava Ethan Sophie Lucas Chloé Hugo Léa Louis Camille Jules Inès Arthur Aisha Omar Fatima Kwame Mei Wei Priya Arjun Yuki Kenji")
	family = strings.Fields("García Martínez López González Rodríguez Smith Johnson Williams Brown Jones Miller Davis Dubois Moreau Laurent Simon Lefèvre Roux Nguyen Tran Patel Singh Kim Park Chen Wang Okafor Mensah Diallo Traoré Ruiz Whitcomb")
	titles = strings.Fields("Director Coordinator Teacher Principal Nurse Organizer Analyst Librarian Pastor Manager")
)

// populate loads organizations and people through the operations, several a
// transaction, until there are as many as asked for.
func (w *world) populate(ctx context.Context, organizations, people int) error {
	ctx, err := w.director(ctx)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- invented people
	page, err := directory.ListPeople.Do(ctx, w.app.Door, directory.ListPeopleInput{Limit: 1})
	if err != nil {
		return err
	}
	if page.Total < int64(people) {
		var ids []directory.OrganizationID
		for from := 0; from < organizations; from += 500 {
			var batch directory.CreateOrganizationsInput
			for n := from; n < min(organizations, from+500); n++ {
				batch.Items = append(batch.Items, directory.OrganizationInput{Name: fmt.Sprintf("%s %s %d", family[n%len(family)], []string{"School", "Clinic", "Alliance", "Foundation"}[n%4], n), Place: "Maple Valley"})
			}
			made, err := directory.CreateOrganizations.Do(ctx, w.app.Door, batch)
			if err != nil {
				return err
			}
			for _, o := range made.Items {
				ids = append(ids, o.ID)
			}
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(1) // on PostgreSQL, batches side by side change the same totals and make each other run again
		if w.app.Store.Engine() == "sqlite" {
			group.SetLimit(4)
		}
		for from := int(page.Total); from < people; from += 500 {
			var batch directory.CreatePeopleInput
			for n := from; n < min(people, from+500); n++ {
				batch.Items = append(batch.Items, directory.PersonInput{GivenName: given[random.IntN(len(given))], FamilyName: family[random.IntN(len(family))] + fmt.Sprintf(" %d", n/40),
					Email: fmt.Sprintf("p%d@example.org", n), OrganizationID: ids[random.IntN(len(ids))], Title: titles[random.IntN(len(titles))]})
			}
			group.Go(func() error { _, err := directory.CreatePeople.Do(ctx, w.app.Door, batch); return err })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	page, err = directory.ListPeople.Do(ctx, w.app.Door, directory.ListPeopleInput{Limit: 200})
	if err == nil && len(page.Items) > 0 {
		w.someone = page.Items[len(page.Items)/2]
	}
	return err
}

// placeID is the id by which the collaborative of ctx is stored.
func placeID(ctx context.Context) []byte {
	id := operation.CollaborativeFrom(ctx).ID
	return id[:]
}

// freeAddress is a loopback address nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
