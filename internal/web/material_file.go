package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// filePolicy closes the box in which a browser shows a file: nothing runs in it, nothing
// is loaded into it, and it belongs to no site.
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// materialFile is GET …/meetings/{id}/materials/{material}/file/{number}: the file
// itself, to be saved; ?show=1 shows what a browser may show.
func (s *Server) materialFile(w http.ResponseWriter, r *http.Request) error {
	m, i, err := meetingPart[materials.Material](r, "material")
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 32)
	if err != nil || n < 1 {
		return operation.Missing()
	}
	o, err := s.app.Materials.Read.Do(r.Context(), s.app.Door, materials.FileRef{MeetingID: m, ID: i, Number: n})
	if err != nil {
		return err
	}
	sendFile(w, r, o)
	return nil
}

// sendFile sends a file, whole or in part. Every request asks for permission again, so a
// browser may keep it for itself but has to ask; caches that are shared may not.
func sendFile(w http.ResponseWriter, r *http.Request, o materials.Opened) {
	defer func() { _ = o.Content.Close() }()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadTimeout)) // where it cannot be set the server's own holds
	h := w.Header()
	kind, disposition := o.File.MediaType, "attachment"
	if strings.HasPrefix(kind, "text/") {
		kind = "application/octet-stream" // nobody knows in what encoding it was written
	}
	if materials.Inline(kind) && r.URL.Query().Get("show") == "1" {
		disposition = "inline"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition+"; "+fileNames(o.File.FileName))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+o.File.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, o.Content)
}

// fileNames are the two forms of a file's name in a header: letters of ASCII for old
// programs, and the exact one (RFC 6266, RFC 8187).
func fileNames(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return `filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// replyMaterial is GET /reply/{secret}/materials/{material}: a file for somebody invited.
func (s *Server) replyMaterial(w http.ResponseWriter, r *http.Request) error {
	i, err := id.Parse[materials.Material](r.PathValue("material"))
	if err != nil {
		return operation.Missing()
	}
	o, err := s.app.Materials.OpenByLink(r.Context(), s.app.Door, r.PathValue("secret"), i)
	if err != nil {
		return s.replyDead(w, r, err)
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	sendFile(w, r, o)
	return nil
}

// replyMaterials are what somebody invited may read.
func (s *Server) replyMaterials(r *http.Request) (templ.Component, error) {
	ctx, secret := r.Context(), r.PathValue("secret")
	all, err := s.app.Materials.ByLink(ctx, s.app.Door, secret)
	if err != nil || len(all) == 0 {
		return templ.NopComponent, err
	}
	var links []ui.Action
	for _, m := range all {
		href := m.Link
		if !m.IsLink() {
			href = "/reply/" + url.PathEscape(secret) + "/materials/" + m.ID.Short()
		}
		links = append(links, ui.Action{Label: dotted(m.Title, materialKind(ctx, m)), Href: href, Kind: ui.Quiet})
	}
	return with(part(i18n.T(ctx, "materials.title")), acts(links)), nil
}
