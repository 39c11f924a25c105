package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"commontable/internal/app"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// installation says where an installation lies.
type installation struct {
	Data     string `help:"Folder of the database, the installation key and files." default:"data" type:"path" placeholder:"DIR"`
	Database string `help:"PostgreSQL address (postgres://…); SQLite in the data folder when absent. Better given as COMMONTABLE_DATABASE: other users of the machine can read a command line." placeholder:"URL"`
	KeyFile  string `help:"File with the installation key, when it is not in the data folder. COMMONTABLE_KEY may hold the key itself." type:"path" placeholder:"FILE"`
	BaseURL  string `help:"Where people reach the installation, such as https://table.example.org." name:"base-url" placeholder:"URL"`
}

// keyVariable holds the installation key itself. It is no flag: a command line
// can be read by every user of the machine.
const keyVariable = "COMMONTABLE_KEY"

// config is what the flags say, for the address the server listens on ("" when
// it does not).
func (i installation) config(address string, tls bool) (app.Config, error) {
	cfg := app.Config{DataDir: i.Data, DatabaseURL: i.Database, Name: "Commontable"}
	if i.Database != "" && !strings.HasPrefix(i.Database, "postgres://") && !strings.HasPrefix(i.Database, "postgresql://") {
		return cfg, misused("--database must be an address like postgres://user@host/name")
	}
	base := i.BaseURL
	if base == "" {
		var err error
		if base, err = localURL(address, tls); err != nil {
			return cfg, err
		}
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
		return cfg, misused("--base-url must be an address like https://table.example.org, with nothing after the name")
	}
	u.Path = ""
	cfg.BaseURL = u
	cfg.Key = os.Getenv(keyVariable)
	if i.KeyFile != "" && cfg.Key == "" {
		key, err := readSecret(i.KeyFile)
		if err != nil {
			return cfg, err
		}
		cfg.Key = key
	}
	return cfg, nil
}

// localURL is the base URL of a server that only this machine can reach.
func localURL(address string, tls bool) (string, error) {
	scheme := "http"
	if tls {
		scheme = "https"
	}
	if address == "" {
		return scheme + "://localhost:8080", nil
	}
	name, port, err := host(address)
	if err != nil {
		return "", misused("--addr must be a host and a port, such as 127.0.0.1:8080")
	}
	if !loopback(name) {
		return "", misused("--addr %s can be reached from other machines, so --base-url is needed: links in mails are made from it", address)
	}
	// By name: passkeys do not work with an address in numbers.
	return scheme + "://" + net.JoinHostPort("localhost", port), nil
}

// readSecret reads a file that holds a secret and nobody else may read.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o037 != 0 {
		return "", fmt.Errorf("%s can be read by others; give it mode 0600", path)
	}
	raw, err := os.ReadFile(path) // #nosec G304 -- the operator names the file
	return strings.TrimSpace(string(raw)), err
}

// exists refuses to make a new installation by a slip of the hand.
func (i installation) exists() error {
	if i.Database != "" {
		return nil
	}
	path := filepath.Join(i.Data, app.DatabaseFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no installation in %s; name its folder with --data or COMMONTABLE_DATA", i.Data)
	}
	return nil
}

// open opens an existing installation for a command.
func (i installation) open(ctx context.Context, t *terminal) (*app.App, error) {
	if err := i.exists(); err != nil {
		return nil, err
	}
	cfg, err := i.config("", false)
	if err != nil {
		return nil, err
	}
	cfg.Log = slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelError}))
	return app.Open(ctx, cfg)
}

// with runs fn on an existing installation as the system.
func (i installation) with(ctx context.Context, t *terminal, fn func(ctx context.Context, a *app.App) error) error {
	a, err := i.open(ctx, t)
	if err != nil {
		return err
	}
	return errors.Join(fn(operation.WithActor(ctx, operation.System()), a), a.Close())
}

// providers reads the OpenID Connect providers from a file, which holds secrets.
func providers(path string) ([]access.Provider, error) {
	if path == "" {
		return nil, nil
	}
	text, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	var list []struct {
		ID           string `json:"id"`
		Name         string `json:"name"`
		Issuer       string `json:"issuer"`
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
		TrustEmail   bool   `json:"trust_email"`
		SecondFactor bool   `json:"second_factor"`
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("%s is not a list of providers: %w", path, err)
	}
	out := make([]access.Provider, len(list))
	for i, p := range list {
		out[i] = access.Provider{ID: p.ID, Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientID, ClientSecret: p.ClientSecret, TrustEmail: p.TrustEmail, SecondFactor: p.SecondFactor}
	}
	return out, nil
}

// networks reads the addresses or networks that a flag names.
func networks(flag string, list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		if address, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, misused("%s %s is neither an address nor a network such as 10.0.0.0/8", flag, text)
		}
		out = append(out, network.Masked())
	}
	return out, nil
}
