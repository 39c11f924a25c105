package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// ownDataRoutes are the downloads of everything about one person.
func (s *Server) ownDataRoutes() []Route {
	return []Route{{"GET", "/c/{collaborative}/people/{id}/own-data", []string{"people.own-data"}, s.personOwnData}}
}

// personOwnData is GET …/people/{id}/own-data: everything on record about a person,
// as a ZIP with the data as JSON and a page that says what it is.
func (s *Server) personOwnData(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[directory.Person](r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	in := takeout.OwnDataInput{ID: directory.PersonID(i)}
	whole, err := s.app.Takeouts.OwnData.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	for in.After = whole.Next; in.After != ""; {
		again, err := s.identify(w, r)
		if err != nil {
			return err
		}
		page, err := s.app.Takeouts.OwnData.Do(again.Context(), s.app.Door, in)
		if err != nil {
			return err
		}
		whole.History, in.After = append(whole.History, page.History...), page.Next
	}
	whole.Next = ""
	data, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		return err
	}
	name := named(ctx, whole.Record.Person.Name())
	readme := i18n.T(ctx, "takeout.own_readme", i18n.Args{"Name": name, "Collaborative": operation.CollaborativeFrom(ctx).Name}) + "\n"
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct {
		name string
		text []byte
	}{{"README.txt", []byte(readme)}, {"data.json", data}} {
		entry, err := z.Create(f.name)
		if err == nil {
			_, err = entry.Write(f.text)
		}
		if err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(name, "zip"))
	s.send(w, r, http.StatusOK, "application/zip", &out)
	return nil
}
