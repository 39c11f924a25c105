package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
)

type exportCommand struct {
	installation
	Collaborative  string `help:"The collaborative, by its name in addresses." required:"" placeholder:"SLUG"`
	Out            string `help:"The file to write; it must not exist." required:"" type:"path" placeholder:"FILE.zip"`
	Private        bool   `help:"With what people told in confidence, which is left out otherwise."`
	WithoutHistory bool   `help:"Without the log of who changed what." name:"without-history"`
	PassphraseFile string `help:"File with a passphrase to encrypt with, in the age format. A lost passphrase cannot be recovered." name:"passphrase-file" type:"path" placeholder:"FILE"`
	JSON           bool   `help:"Print the result as JSON." name:"json"`
}

// exportResult is what export tells.
type exportResult struct {
	File    string  `json:"file"`
	Rows    int64   `json:"rows"`
	Bytes   int64   `json:"bytes"`
	Locked  bool    `json:"locked"`
	Seconds float64 `json:"seconds"`
}

// passphrase reads a passphrase from a file that nobody else may read.
func passphrase(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	word, err := readSecret(path)
	if err == nil && word == "" {
		err = fmt.Errorf("%s holds no passphrase", path)
	}
	return word, err
}

// Run writes everything a collaborative has recorded to one file.
func (c exportCommand) Run(ctx context.Context, t *terminal) error {
	word, err := passphrase(c.PassphraseFile)
	if err != nil {
		return err
	}
	if n := len([]rune(word)); word != "" && n < takeout.LeastPassphrase {
		return fmt.Errorf("the passphrase has %d characters; use at least %d", n, takeout.LeastPassphrase)
	}
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		where, err := a.Access.Collaborative(ctx, c.Collaborative)
		if err != nil {
			return err
		}
		if where.ID.IsZero() {
			return fmt.Errorf("there is no collaborative %s; commontable collaborative list names them", c.Collaborative)
		}
		if _, err := a.Takeouts.Export.Do(operation.WithCollaborative(ctx, where), a.Door, takeout.ExportInput{IncludePrivate: c.Private, Locked: word != ""}); err != nil {
			return err
		}
		began := time.Now()
		result := exportResult{File: c.Out, Locked: word != ""}
		options := takeout.Options{Private: c.Private, History: !c.WithoutHistory, Passphrase: word}
		err = fresh(c.Out, func(w io.Writer) error {
			shown := ""
			return a.Takeouts.Write(ctx, where.ID, w, options, func(p takeout.Progress) error {
				if result.Rows = p.Rows; p.File != shown {
					shown = p.File
					t.hint("%3d of %d  %s", p.Done+1, p.Total, p.File)
				}
				return ctx.Err()
			})
		})
		if err != nil {
			return err
		}
		result.Seconds = time.Since(began).Seconds()
		if info, err := os.Stat(c.Out); err == nil {
			result.Bytes = info.Size()
		}
		if c.JSON {
			return t.json(result)
		}
		t.say("%s: everything of %s, %s in %.1f s.", c.Out, where.Name, size(uint64(max(result.Bytes, 0))), result.Seconds)
		return nil
	})
}

// fresh writes a new file, which is there whole or not at all.
func fresh(path string, write func(w io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists; choose another name", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".takeout-*") // of mode 0600
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder %s does not exist; make it first", filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	// A link, unlike a renaming, never replaces a file that has come meanwhile.
	if err := os.Link(file.Name(), path); err == nil {
		return os.Remove(file.Name())
	}
	return os.Rename(file.Name(), path)
}

type loadCommand struct {
	installation
	File           string `arg:"" help:"The takeout to load." type:"path"`
	Director       string `help:"Mail address of an account here that becomes its backbone director and can invite the others." placeholder:"EMAIL"`
	PassphraseFile string `help:"File with the passphrase, for an encrypted takeout." name:"passphrase-file" type:"path" placeholder:"FILE"`
	JSON           bool   `help:"Print the result as JSON." name:"json"`
}

// Run brings a collaborative from a takeout.
func (c loadCommand) Run(ctx context.Context, t *terminal) (err error) {
	file, err := os.Open(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s", c.File)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return c.with(ctx, t, func(ctx context.Context, a *app.App) (err error) {
		in := file
		if archive.Locked(file) {
			if in, err = unlocked(file, c.Data, c.PassphraseFile); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close(), os.Remove(in.Name())) }()
		}
		info, err := in.Stat()
		if err != nil {
			return err
		}
		opened, err := archive.Open(in, info.Size())
		if err != nil {
			return takeout.Damaged(err)
		}
		out, err := a.Takeouts.Load.Do(ctx, a.Door, takeout.LoadInput{Archive: opened, Director: c.Director})
		if err != nil {
			return err
		}
		if c.JSON {
			return t.json(out)
		}
		var rows int64
		for _, n := range out.Rows {
			rows += n
		}
		t.say("Loaded %s (%s): %d records.", out.Name, out.Slug, rows)
		for _, name := range slices.Sorted(slices.Values(out.Unknown)) {
			t.hint("%s is not known to this program and was left alone.", name)
		}
		t.hint("Accounts stay behind: its members are invited again.")
		if c.Director == "" {
			t.hint("Nobody can open it yet. Delete nothing: load it with --director EMAIL into an installation where that account exists.")
		}
		return nil
	})
}

// unlocked decrypts a takeout into a file of the data folder, which the caller
// removes.
func unlocked(file *os.File, folder, passphraseFile string) (out *os.File, err error) {
	word, err := passphrase(passphraseFile)
	if err != nil {
		return nil, err
	}
	if word == "" {
		return nil, errors.New("the takeout is encrypted; give a file with its passphrase with --passphrase-file")
	}
	plain, err := archive.Unlock(file, word)
	if errors.Is(err, archive.ErrPassphrase) {
		return nil, errors.New("the passphrase does not open this file")
	}
	if err != nil {
		return nil, fmt.Errorf("the file cannot be decrypted: %w", err)
	}
	if out, err = os.CreateTemp(folder, "takeout-*"); err != nil {
		return nil, err
	}
	if _, err = io.Copy(out, plain); err != nil {
		return nil, errors.Join(fmt.Errorf("the file cannot be decrypted: %w", err), out.Close(), os.Remove(out.Name()))
	}
	return out, nil
}
