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
	"strings"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

type importCommand struct {
	installation
	File          string `arg:"" help:"The file to bring." type:"path"`
	Collaborative string `help:"The collaborative, by its name in addresses." required:"" placeholder:"SLUG"`
	Kind          string `help:"What its rows are; worked out from the file when absent: ${kinds}." placeholder:"KIND"`
	Mapping       string `help:"The name of a saved mapping to read it by." placeholder:"NAME"`
	Table         string `help:"The table to read, where the file holds several." placeholder:"NAME"`
	DryRun        bool   `help:"Say what would happen, and write nothing." name:"dry-run"`
	JSON          bool   `help:"Print the result as JSON." name:"json"`
}

// Run brings a file. What is in doubt is left out and told, since nobody is there
// to be asked; the import waits on the pages, where it can be decided.
func (c importCommand) Run(ctx context.Context, t *terminal) error {
	if c.Kind != "" && !slices.Contains(imports.Kinds(), c.Kind) {
		return fmt.Errorf("there are no files of kind %s; choose one of %s", c.Kind, strings.Join(imports.Kinds(), ", "))
	}
	file, err := os.Open(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s", c.File)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return fmt.Errorf("%s is a folder", c.File)
	case info.Size() == 0:
		return fmt.Errorf("%s is empty", c.File)
	case info.Size() > imports.MostBytes:
		return fmt.Errorf("%s is larger than 200 MB; split it and bring the parts", c.File)
	}
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		where, err := a.Access.Collaborative(ctx, c.Collaborative)
		if err != nil {
			return err
		}
		if where.ID.IsZero() {
			return fmt.Errorf("there is no collaborative %s; commontable collaborative list names them", c.Collaborative)
		}
		b := &bringing{ctx: operation.WithCollaborative(ctx, where), app: a, terminal: t}
		return b.run(c, file, info.Size())
	})
}

// bringing is one file on its way.
type bringing struct {
	ctx      context.Context
	app      *app.App
	terminal *terminal
	i        imports.Import
}

func (b *bringing) run(c importCommand, file io.Reader, size int64) error {
	if err := b.send(c, file, size); err != nil {
		return err
	}
	if b.i.State == imports.Choosing {
		if err := b.choose(c.Table); err != nil {
			return err
		}
	}
	if _, err := imports.Map.Do(b.ctx, b.app.Door, imports.MapInput{ID: b.i.ID, Version: b.i.Version, Kind: b.i.Kind, Fields: b.i.Plan.Fields, Rules: b.i.Plan.Rules, Fixed: b.i.Plan.Fixed, Clear: b.i.Plan.Clear, Mapping: b.i.Plan.Mapping}); err != nil {
		return err
	}
	if err := b.work("comparing with what is on record"); err != nil {
		return err
	}
	if !c.DryRun && b.i.Counts.Actions[imports.Create]+b.i.Counts.Actions[imports.Update] > 0 {
		if _, err := imports.Start.Do(b.ctx, b.app.Door, imports.VersionRef{ID: b.i.ID, Version: b.i.Version}); err != nil {
			b.tell(true)
			return err
		}
		if err := b.work("writing"); err != nil {
			return err
		}
	}
	if c.JSON {
		return b.terminal.json(b.i)
	}
	b.tell(c.DryRun)
	return nil
}

// send passes the file on and has it read.
func (b *bringing) send(c importCommand, file io.Reader, size int64) (err error) {
	door := b.app.Door
	if b.i, err = imports.Begin.Do(b.ctx, door, imports.BeginInput{FileName: filepath.Base(c.File), Size: size, Kind: c.Kind, Mapping: c.Mapping}); err != nil {
		return err
	}
	buffer := make([]byte, imports.PartBytes)
	for part := int64(0); part*imports.PartBytes < size; part++ {
		n, err := io.ReadFull(file, buffer)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if b.i, err = imports.AddPart.Do(b.ctx, door, imports.PartInput{ID: b.i.ID, Part: part, Content: buffer[:n]}); err != nil {
			return err
		}
	}
	return b.work("reading")
}

// choose takes the table that was named.
func (b *bringing) choose(name string) error {
	var names []string
	for n, table := range b.i.File.Tables {
		if table.Name == name && name != "" {
			if _, err := imports.Choose.Do(b.ctx, b.app.Door, imports.ChooseInput{ID: b.i.ID, Version: b.i.Version, Tables: []int{n}}); err != nil {
				return err
			}
			return b.work("reading")
		}
		names = append(names, table.Name)
	}
	return fmt.Errorf("the file holds several tables; choose one with --table: %s", strings.Join(names, ", "))
}

// work does the background work of the import here and now.
func (b *bringing) work(what string) error {
	b.terminal.hint("%s …", what)
	err := imports.Work(b.ctx, b.app.Door, b.i.ID)
	for operation.KindOf(err) == operation.Unavailable && b.ctx.Err() == nil {
		time.Sleep(300 * time.Millisecond) // a server is at it
		err = imports.Work(b.ctx, b.app.Door, b.i.ID)
	}
	if err != nil {
		return err
	}
	if b.i, err = imports.Get.Do(b.ctx, b.app.Door, imports.Ref{ID: b.i.ID}); err != nil {
		return err
	}
	if b.i.State == imports.Failed && b.i.Problem != nil {
		return errors.New(i18n.T(b.ctx, b.i.Problem.Key, i18n.Args(b.i.Problem.Args)))
	}
	return nil
}

// tell says what happened, or what would.
func (b *bringing) tell(dry bool) {
	t, n := b.terminal, b.i.Counts
	t.say("%s: %d rows read as %s.", b.i.FileName, n.Rows, b.i.Kind)
	var rows [][]string
	for _, action := range imports.Actions {
		if n.Actions[action] > 0 {
			rows = append(rows, []string{i18n.T(b.ctx, "import.action_"+action), fmt.Sprint(n.Actions[action])})
		}
	}
	for _, kind := range imports.Kinds() {
		if n.Beside[kind] > 0 {
			rows = append(rows, []string{i18n.T(b.ctx, "import.beside_"+kind), fmt.Sprint(n.Beside[kind])})
		}
	}
	_ = t.table([]string{"WHAT", "HOW MANY"}, rows) // a terminal that is gone has nobody to tell
	if b.i.State == imports.Done {
		t.say("%d records written. To take them back: the page of this import, or imports.undo over the API, %s", n.Applied, b.i.ID)
	}
	if dry {
		t.say("Nothing was written.")
	}
	if left := n.Doubts + n.BadRows + n.Refused; left > 0 {
		t.hint("%d rows or names were left out, in doubt or with cells that cannot be taken. The page of the import lists them with the reasons: %s", left,
			b.app.Config.BaseURL.JoinPath("c", operation.CollaborativeFrom(b.ctx).Slug, "imports", b.i.ID.Short()))
	}
}
