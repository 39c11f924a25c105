package imports

import (
	"strings"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// WorkKind is the kind of background work that goes on with an import.
const WorkKind = "imports.work"

// Job is the payload of that work.
type Job struct {
	Import ID `json:"import"`
}

// The limits of a file.
const (
	// MostBytes is how large a file may be.
	MostBytes = 200 << 20
	// PartBytes is how large its parts are, but for the last.
	PartBytes = 512 << 10
)

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return append(followedOperations(), List, Get, Begin, AddPart, Choose, Map, ListRecords, ListRows, Decide, Fix, Start, Cancel, Undo, ListChanges, ListFailures, Forget, ListMappings, ForgetMapping, ListFieldsOf, Guess, part, portion, compare)
}

// Ref names an import.
type Ref struct {
	ID ID `json:"id"`
}

// VersionRef names one version of an import.
type VersionRef struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// ListInput says which page.
type ListInput struct {
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// List lists the imports, the newest first.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Import]]{
	Definition: operation.Definition{ID: "imports.list", Summary: "Lists the imports, the newest first", ReadOnly: true, Method: "GET", Path: "/imports"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Import], error) {
		page, err := operation.List(c.Tx, store.Select(`SELECT `+importColumns+` FROM imports WHERE collaborative_id = $1`),
			operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"id"}, Types: "b"}, scanImport, func(i Import) []any { return []any{i.ID[:]} })
		page.Total = -1
		return page, err
	},
})

// Get reads one import and how far it has come.
var Get = operation.Define(operation.Operation[Ref, Import]{
	Definition: operation.Definition{ID: "imports.get", Summary: "Reads one import and how far it has come", ReadOnly: true, Method: "GET", Path: "/imports/{id}"},
	Run:        func(c *operation.Call, in Ref) (Import, error) { return getImport(c, in.ID) },
})

// BeginInput is a file about to come.
type BeginInput struct {
	FileName string `json:"file_name" required:"true" maxLength:"255"`
	Size     int64  `json:"size,omitempty" minimum:"0" maximum:"209715200" doc:"In bytes; 0 when it is not known, and the last part says that it is the last."`
	Kind     string `json:"kind,omitempty" enum:"organizations,people,bodies,seats,touches,ties,calendar,attendance,figures" doc:"What its rows become; worked out from the file when absent."`
	Mapping  string `json:"mapping,omitempty" doc:"The name of a saved mapping to use."`
}

// Begin begins an import; the parts of its file follow.
var Begin = operation.Define(operation.Operation[BeginInput, Import]{
	Definition: operation.Definition{ID: "imports.begin", Summary: "Begins an import; the parts of its file follow", Method: "POST", Path: "/imports"},
	Limit:      func(BeginInput) string { return Limit },
	Run: func(c *operation.Call, in BeginInput) (Import, error) {
		i := Import{ID: id.New[Import](), Kind: in.Kind, State: Receiving, FileName: i18n.CleanLine(in.FileName), Size: in.Size, Plan: Plan{Mapping: in.Mapping}, Account: c.Actor.Account, By: c.Actor.Name,
			Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if err := insertImport(c, i); err != nil {
			return i, err
		}
		c.Changed(i.Subject(), i.FileName, i.Version, nil, nil)
		return i, nil
	},
})

// Limit is the rate limit that beginning an import counts against.
const Limit = "import"

// PartInput is one part of the file.
type PartInput struct {
	ID      ID     `json:"id"`
	Part    int64  `json:"part" minimum:"0" maximum:"400" doc:"Its place, from 0."`
	Content []byte `json:"content" maxItems:"524288" doc:"Base64 of up to 524,288 bytes; every part but the last has exactly as many."`
	Last    bool   `json:"last,omitempty" doc:"Says that no further part comes, where the size was not given."`
}

// AddPart takes in one part of the file. A part that comes twice counts once.
// With the last one the reading begins.
var AddPart = operation.Define(operation.Operation[PartInput, Import]{
	Definition: operation.Definition{ID: "imports.add-part", Summary: "Takes in one part of an import's file", Secret: true, Method: "POST", Path: "/imports/{id}/parts"},
	Run: func(c *operation.Call, in PartInput) (Import, error) {
		i, err := inState(c, in.ID, Receiving)
		if err != nil {
			return i, err
		}
		c.Continue()
		if in.Last && i.Size == 0 {
			i.Size = in.Part*PartBytes + int64(len(in.Content))
		}
		want := int64(PartBytes)
		if i.Size > 0 {
			want = min(PartBytes, i.Size-in.Part*PartBytes)
		}
		switch {
		case (in.Part+1)*PartBytes > MostBytes:
			return i, operation.Refuse(operation.TooLarge, "errors.import_too_large")
		case int64(len(in.Content)) != want:
			return i, operation.InvalidField("content", "errors.import_part", map[string]any{"Bytes": want})
		}
		n, err := c.Tx.Exec(`INSERT INTO import_parts (collaborative_id, import_id, part, content) VALUES ($1, $2, $3, $4) ON CONFLICT (collaborative_id, import_id, part) DO NOTHING`, i.ID, in.Part, in.Content)
		if err != nil {
			return i, err
		}
		i.Received += n
		if i.Size > 0 && i.Received*PartBytes >= i.Size {
			goOn(c, &i, Reading)
		}
		return i, saveImport(c, &i)
	},
})

// goOn enters a state in which background work goes on, on behalf of whoever
// asked for it.
func goOn(c *operation.Call, i *Import, state string) {
	i.State, i.Done, i.Total, i.Problem = state, 0, 0, nil
	i.BeganAt, i.FinishedAt = &c.Now, nil
	i.Account = c.Actor.Account
	i.worker, i.workingUntil = ID{}, time.Time{}
	c.Enqueue(operation.Later{Kind: WorkKind, Payload: Job{i.ID}})
}

// Cancel stops an import. What was written already stays until it is undone.
var Cancel = operation.Define(operation.Operation[Ref, Import]{
	Definition: operation.Definition{ID: "imports.cancel", Summary: "Stops an import", Method: "POST", Path: "/imports/{id}/cancel"},
	Run: func(c *operation.Call, in Ref) (Import, error) {
		i, err := inState(c, in.ID, Receiving, Reading, Choosing, Mapping, Planning, Preview, Running, Failed)
		if err != nil {
			return i, err
		}
		if i.State == Running && i.Counts.Applied > 0 {
			i.State = Done // cut short: what was written can be undone
			i.Problem = &Message{Key: "import.stopped"}
		} else {
			i.State = Cancelled
		}
		i.FinishedAt = &c.Now
		c.Changed(i.Subject(), i.FileName, i.Version+1, nil, nil)
		return i, saveImport(c, &i)
	},
})

// Forget deletes an import with its file and rows. What it wrote stays, and can
// no longer be taken back.
var Forget = operation.Define(operation.Operation[Ref, operation.None]{
	Definition: operation.Definition{ID: "imports.forget", Summary: "Deletes an import's file and rows; what it wrote stays and can no longer be undone", Method: "DELETE", Path: "/imports/{id}"},
	Run: func(c *operation.Call, in Ref) (operation.None, error) {
		i, err := inState(c, in.ID, Receiving, Choosing, Mapping, Preview, Done, Undone, Cancelled, Failed)
		if err != nil {
			return operation.None{}, err
		}
		if err := clearImport(c.Tx, i.ID); err != nil {
			return operation.None{}, err
		}
		if _, err := c.Tx.Exec(`DELETE FROM import_changes WHERE collaborative_id = $1 AND import_id = $2`, i.ID); err != nil {
			return operation.None{}, err
		}
		_, err = c.Tx.Exec(`DELETE FROM imports WHERE collaborative_id = $1 AND id = $2`, i.ID)
		c.Changed(i.Subject(), i.FileName, i.Version+1, nil, nil)
		return operation.None{}, err
	},
})

// clearImport deletes the file and its rows.
func clearImport(tx *store.Tx, i ID) error {
	for _, statement := range []struct{ text string }{
		{`DELETE FROM import_parts WHERE collaborative_id = $1 AND import_id = $2`},
		{`DELETE FROM import_rows WHERE collaborative_id = $1 AND import_id = $2`},
		{`DELETE FROM import_records WHERE collaborative_id = $1 AND import_id = $2`},
	} {
		if _, err := tx.Exec(statement.text, i); err != nil {
			return err
		}
	}
	return nil
}

// part reads one part of the file for background work.
var part = operation.Define(operation.Operation[PartInput, []byte]{
	Definition: operation.Definition{ID: "imports.part", Summary: "Reads one part of an import's file in the background", ReadOnly: true, BrowserOnly: "for background work; the file is whoever brought it's own"},
	Run: func(c *operation.Call, in PartInput) ([]byte, error) {
		return store.Value[[]byte](c.Tx, `SELECT content FROM import_parts WHERE collaborative_id = $1 AND import_id = $2 AND part = $3`, in.ID, in.Part)
	},
})

// step is one portion of background work: what it does in its transaction.
type step struct {
	id     ID
	state  string
	worker ID
	do     func(c *operation.Call, i *Import) error
}

// portion does one portion of background work on an import that is still in the
// state the work was meant for.
var portion = operation.Define(operation.Operation[step, Import]{
	Definition: operation.Definition{ID: "imports.work", Summary: "Goes on with an import in the background", Secret: true, BrowserOnly: "for background work, which begins by itself"},
	Run: func(c *operation.Call, in step) (Import, error) {
		i, err := inState(c, in.id, in.state)
		if err != nil {
			return i, err
		}
		// Of two who go on with one import, the command line and a server or two
		// servers, the later one waits.
		if i.worker != in.worker && c.Now.Before(i.workingUntil) {
			return i, &operation.Error{Kind: operation.Unavailable, Key: "errors.import_busy", RetryAfter: time.Second}
		}
		i.worker, i.workingUntil = in.worker, c.Now.Add(workLease)
		if in.state != Running && in.state != Undoing {
			c.Continue() // nothing of the record changes
		}
		if err := in.do(c, &i); err != nil {
			return i, err
		}
		if i.State != in.state {
			i.worker, i.workingUntil = ID{}, time.Time{}
		}
		return i, saveImport(c, &i)
	},
})

// workLease is how long whoever goes on with an import has for one portion before
// another takes over.
const workLease = 2 * time.Minute

// fileTitle is a file's name without its ending.
func fileTitle(name string) string {
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		return name[:at]
	}
	return name
}
