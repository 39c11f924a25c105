package web

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// kept is a form that could not be taken because its sender was no longer signed
// in. It travels through the pages of signing in as a hidden value and stays in
// the sender's browser: the server remembers nothing of it.
type kept struct {
	To     string      `json:"to"`             // where the form was sent
	From   string      `json:"from,omitempty"` // the page it stood on
	Fields [][2]string `json:"fields,omitempty"`
	// Left says that something was left out, so that the form must not be sent
	// again as it is: a field that is not there could empty what is stored.
	Left bool `json:"left,omitempty"`
	// For is the account that was signed in, where there was one.
	For string `json:"for,omitempty"`
}

const (
	// maxKept bounds the names and values kept, in bytes. Encoded in a form again
	// they stay below what a form may send.
	maxKept = 256 << 10
	// maxKeptFields bounds how many there are.
	maxKeptFields = 500
)

// unkept are addresses whose forms are not worth sending again.
var unkept = []string{"/sign-in", "/sign-out", "/account/verify", access.PathSetUp, access.PathInvitation, access.PathAgreement, access.PathEvaluator, access.PathReply, access.PathStop}

// keep takes the form out of a request. It is empty for what is no form.
func keep(r *http.Request) kept {
	k := kept{To: r.URL.RequestURI(), From: referer(r)}
	if actor := operation.ActorFrom(r.Context()); actor.SignedIn() {
		k.For = actor.Account.Short()
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded", "":
		if r.ParseForm() != nil {
			return kept{}
		}
	case "multipart/form-data":
		if r.ParseMultipartForm(maxForm) != nil { // #nosec G120 -- the body is bounded where requests come in
			return kept{}
		}
		k.Left = len(r.MultipartForm.File) > 0
	default:
		return kept{}
	}
	size := 0
	for _, name := range sortedNames(r.PostForm) {
		for _, value := range r.PostForm[name] {
			size += len(name) + len(value)
			if isSecretField(name) || size > maxKept || len(k.Fields) == maxKeptFields {
				k.Left = k.Left || value != ""
				continue
			}
			k.Fields = append(k.Fields, [2]string{name, value})
		}
	}
	return k.checked()
}

// keptFrom reads what an earlier page of signing in carried along.
func keptFrom(r *http.Request) kept {
	var k kept
	text := r.PostFormValue("kept")
	if text == "" || json.Unmarshal([]byte(text), &k) != nil {
		return kept{}
	}
	return k.checked()
}

// checked is k, or nothing when it could lead anywhere but to a form of this
// site.
func (k kept) checked() kept {
	if k.To == "" || access.SafeNext(k.To) != k.To || len(k.Fields) > maxKeptFields ||
		slices.ContainsFunc(unkept, func(prefix string) bool { return strings.HasPrefix(k.To, prefix) }) {
		return kept{}
	}
	if k.From != "" && access.SafeNext(k.From) != k.From {
		k.From = ""
	}
	return k
}

func (k kept) none() bool { return k.To == "" }

// belongs says whether the account may have the form back.
func (k kept) belongs(account operation.AccountID) bool {
	return k.For == "" || k.For == account.Short()
}

// origin is the page the form stood on, as far as that is known.
func (k kept) origin() string {
	if k.From == "" {
		return "/"
	}
	return k.From
}

// hidden carries k along in another form.
func (k kept) hidden() []ui.Hidden {
	if k.none() {
		return nil
	}
	raw, err := json.Marshal(k)
	if err != nil {
		return nil // texts can always be marshalled
	}
	return []ui.Hidden{{Name: "kept", Value: string(raw)}}
}

// fields are the form's own.
func (k kept) fields() []ui.Hidden {
	out := make([]ui.Hidden, len(k.Fields))
	for i, f := range k.Fields {
		out[i] = ui.Hidden{Name: f[0], Value: f[1]}
	}
	return out
}

// isSecretField says whether a field holds what must not lie about in a page.
func isSecretField(name string) bool {
	name = strings.ToLower(name)
	if slices.Contains([]string{"code", "token", "ticket"}, name) {
		return true
	}
	return strings.Contains(name, "password") || strings.Contains(name, "secret")
}

// referer is the page of this site that a request came from, "" for any other.
func referer(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return ""
	}
	return u.RequestURI()
}

func sortedNames(v url.Values) []string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
