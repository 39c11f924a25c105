package web

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// uploadTimeout is how long a file may take to arrive: 200 MB over a slow line.
const uploadTimeout = 20 * time.Minute

// importNew is GET …/imports/new.
func (s *Server) importNew(w http.ResponseWriter, r *http.Request) error {
	return s.importForm(w, r, http.StatusOK, r.URL.Query().Get("kind"), faults{})
}

func (s *Server) importForm(w http.ResponseWriter, r *http.Request, status int, kind string, f faults) error {
	ctx := r.Context()
	fields := []ui.FieldProps{
		// What the file is about is worked out from it, so that nobody has to know
		// our words before they have seen them.
		{Kind: ui.Select, Name: "kind", Label: i18n.T(ctx, "import.what"), Value: kind, Blank: i18n.T(ctx, "import.find_out"), Options: options(ctx, "import.kind_", imports.Kinds())},
		{Kind: ui.File, Name: "file", Label: i18n.T(ctx, "import.file"), Help: i18n.T(ctx, "import.file_help"), Required: true,
			Accept: ".csv,.tsv,.txt,.xlsx,.ods,.zip,.json,.ndjson,.vcf,.ics"},
	}
	form := ui.FormProps{Action: place(ctx, "imports"), Submit: i18n.T(ctx, "import.read_file"), Cancel: ui.Link{Label: i18n.T(ctx, "ui.cancel"), Href: place(ctx, "imports")},
		Files: true, Errors: f.explain(fields)}
	props := ui.PageProps{Title: i18n.T(ctx, "import.add"), Lede: i18n.T(ctx, "import.add_lede"), Crumbs: importCrumbs(ctx)}
	return s.show(w, r, status, "settings", props, with(ui.Form(form), formFields(f.mark(fields))))
}

// importCreate is POST …/imports. The file is passed on part by part as it
// arrives and lies nowhere in between.
func (s *Server) importCreate(w http.ResponseWriter, r *http.Request) error {
	// The usual bounds on a form's body and time were not set for this page.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTimeout)) // where it cannot be set the server's own holds
	reader, err := r.MultipartReader()
	if err != nil {
		return &operation.Error{Kind: operation.Invalid, Key: "errors.bad_request", Cause: err}
	}
	kind := ""
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			f, _ := faultsOf(r.Context(), operation.InvalidField("file", "errors.required"))
			return s.importForm(w, r, http.StatusUnprocessableEntity, kind, f)
		}
		if err != nil {
			return badUpload(err)
		}
		switch part.FormName() {
		case "kind":
			raw, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return badUpload(err)
			}
			kind = string(raw)
		case "file":
			i, err := s.receive(r.Context(), part, kind)
			if f, ok := formFaults(r.Context(), err); ok {
				return s.importForm(w, r, http.StatusUnprocessableEntity, kind, f)
			}
			if err != nil {
				return err
			}
			http.Redirect(w, r, importAddress(r.Context(), i), http.StatusSeeOther) // #nosec G710 -- an address of ours
			return nil
		}
	}
}

func badUpload(err error) error {
	if isTooLarge(err) {
		return operation.Refuse(operation.TooLarge, "errors.import_too_large")
	}
	return &operation.Error{Kind: operation.Invalid, Key: "errors.bad_request", Cause: err}
}

// receive passes a file on. Its size is not known before it has arrived; the last
// part says that it is the last.
func (s *Server) receive(ctx context.Context, file *multipart.Part, kind string) (imports.Import, error) {
	name := file.FileName()
	first := make([]byte, imports.PartBytes)
	n, err := io.ReadFull(file, first)
	if n == 0 {
		return imports.Import{}, operation.InvalidField("file", "errors.import_empty")
	}
	i, begun := imports.Begin.Do(ctx, s.app.Door, imports.BeginInput{FileName: name, Kind: kind})
	if begun != nil {
		return i, begun
	}
	content := first[:n]
	for number := int64(0); ; number++ {
		last := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
		if err != nil && !last {
			_, _ = imports.Forget.Do(ctx, s.app.Door, imports.Ref{ID: i.ID}) // half a file is of no use
			return i, badUpload(err)
		}
		if len(content) > 0 || last {
			if i, begun = imports.AddPart.Do(ctx, s.app.Door, imports.PartInput{ID: i.ID, Part: number, Content: content, Last: last}); begun != nil {
				_, _ = imports.Forget.Do(ctx, s.app.Door, imports.Ref{ID: i.ID})
				return i, begun
			}
		}
		if last {
			return i, nil
		}
		n, err = io.ReadFull(file, first)
		content = first[:n]
	}
}

// importForget is POST …/imports/{id}/forget.
func (s *Server) importForget(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[imports.Import](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := imports.Forget.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, imports.Ref{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "imports"), "imports.forget", receipt)
}
