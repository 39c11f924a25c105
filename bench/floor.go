package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"commontable/internal/platform/operation"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	_ "modernc.org/sqlite"             // the "sqlite" driver
)

// floors are the simplest servers that could answer: they decide nothing, check
// nothing and record nothing.
type floors struct {
	base   string
	server *http.Server
	sizes  sync.Map // address → bytes
}

func startFloors() (*floors, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &floors{base: "http://" + listener.Addr().String()}
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	go func() { _ = f.server.Serve(listener) }() // ends when closed
	return f, nil
}

func (f *floors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := f.sizes.Load(r.URL.Path)
	b, _ := body.([]byte)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b) // the client is ours
}

// static measures a handler that sends so many bytes.
func (f *floors) static(ctx context.Context, client *http.Client, clients, bytes int, length time.Duration) result {
	address := fmt.Sprintf("/static/%d", bytes)
	f.sizes.Store(address, make([]byte, bytes))
	return load(ctx, client, clients, length, func(int, int) *http.Request { return request("GET", f.base+address, nil, nil) })
}

// bareCreate measures a server that inserts one row and commits it durably, one
// commit a request, on a file of its own.
func bareCreate(ctx context.Context, client *http.Client, folder string, clients int, length, slow time.Duration) (result, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, fmt.Sprintf("bare-%d.db", time.Now().UnixNano()))+
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return result{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE people (collaborative_id BLOB NOT NULL, id BLOB NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL, email TEXT NOT NULL, PRIMARY KEY (collaborative_id, id)) STRICT, WITHOUT ROWID`); err != nil {
		return result{}, err
	}
	insert, err := db.PrepareContext(ctx, `INSERT INTO people (collaborative_id, id, given_name, family_name, email) VALUES ($1, $2, $3, $4, $5)`)
	if err != nil {
		return result{}, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return result{}, err
	}
	here := operation.NewCollaborativeID()
	var disk sync.Mutex // a slower disk makes every commit wait for the one before
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := operation.NewPersonID()
		tx, err := db.BeginTx(r.Context(), nil)
		if err == nil {
			_, err = tx.Stmt(insert).Exec(here[:], id[:], "Maria", "Garcia", "maria@example.org")
			if err == nil {
				err = tx.Commit()
			}
			if slow > 0 {
				disk.Lock()
				time.Sleep(slow)
				disk.Unlock()
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})}
	go func() { _ = server.Serve(listener) }() // ends when closed
	r := load(ctx, client, clients, length, func(int, int) *http.Request {
		return request("POST", "http://"+listener.Addr().String()+"/", nil, []byte(`{"given_name":"Maria","family_name":"Garcia"}`))
	})
	return r, errors.Join(server.Close(), insert.Close())
}

// bareQuery measures a handler that runs one prepared statement on the program's
// own file and sends so many bytes: no account, no permission, no JSON.
func bareQuery(ctx context.Context, w *world, clients, bytes int, length time.Duration, query string, args ...any) (result, error) {
	driver, address := "sqlite", "file:"+filepath.Join(w.app.Config.DataDir, "commontable.db")+"?mode=ro&_pragma=busy_timeout(10000)"
	if w.app.Config.DatabaseURL != "" {
		// Row-level security shows only the collaborative that is set.
		separator := "?"
		if strings.Contains(w.app.Config.DatabaseURL, "?") {
			separator = "&"
		}
		driver, address = "pgx", w.app.Config.DatabaseURL+separator+"commontable.collaborative="+w.place
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return result{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(clients)
	db.SetMaxIdleConns(clients)
	statement, err := db.PrepareContext(ctx, query)
	if err != nil {
		return result{}, err
	}
	defer statement.Close()
	run := func() error {
		rows, err := statement.QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(sql.RawBytes)
		}
		for rows.Next() {
			if err := rows.Scan(cells...); err != nil {
				return err
			}
		}
		return errors.Join(rows.Err(), rows.Close())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return result{}, err
	}
	body := make([]byte, bytes)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := run(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(body) // the client is ours
	})}
	go func() { _ = server.Serve(listener) }() // ends when closed
	r := load(ctx, w.client, clients, length, func(int, int) *http.Request { return request("GET", "http://"+listener.Addr().String()+"/", nil, nil) })
	return r, server.Close()
}
