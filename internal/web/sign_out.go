package web

import (
	"net/http"

	"commontable/internal/platform/operation"
)

// signOut is POST /sign-out. Whoever is signed out already ends at the same
// place.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	_, err := s.app.Access.SignOut.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil && operation.KindOf(err) != operation.Unauthenticated {
		return err
	}
	s.leave(w, r)
	return nil
}

// leave takes away what the browser holds of the session. The cookies are not in
// Clear-Site-Data: that would also forget the language and that this browser is
// a known one, and its owner would be warned of a stranger next time.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	s.app.Access.ClearSession(w)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, "/sign-in?out=1", http.StatusSeeOther)
}
