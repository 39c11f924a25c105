package web

import (
	"net/http"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// languageFor is how long a browser remembers the language chosen in it.
const languageFor = 365 * 24 * time.Hour

// language is POST /account/language. It is kept in the account of whoever is
// signed in, and in the browser for the pages before signing in.
func (s *Server) language(w http.ResponseWriter, r *http.Request) error {
	ctx, chosen := r.Context(), r.PostFormValue("language")
	if !i18n.Known(chosen) {
		return operation.InvalidField("language", "errors.not_offered")
	}
	if operation.ActorFrom(ctx).SignedIn() {
		if _, err := s.app.Access.UpdateAccount.Do(ctx, s.app.Door, access.UpdateAccountInput{Language: &chosen}); err != nil {
			return err
		}
	}
	s.rememberLanguage(w, chosen)
	http.Redirect(w, r, returnTo(r, "/"), http.StatusSeeOther) // #nosec G710 -- returnTo stays on this site
	return nil
}

func (s *Server) rememberLanguage(w http.ResponseWriter, language string) {
	// #nosec G124 -- Secure follows the address people reach the installation by; the cookie lets nobody in
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: language, Path: "/", MaxAge: int(languageFor / time.Second),
		Secure: s.app.Config.BaseURL.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// chosenLanguage says whether a POST to a page whose address holds a secret
// only chose the language. Such a page is shown again at once: a redirect would
// repeat its address.
func (s *Server) chosenLanguage(w http.ResponseWriter, r *http.Request) (*http.Request, bool) {
	chosen := r.PostFormValue("language")
	if !r.PostForm.Has("return") || !i18n.Known(chosen) {
		return r, false
	}
	s.rememberLanguage(w, chosen)
	return r.WithContext(i18n.With(r.Context(), chosen)), true
}
