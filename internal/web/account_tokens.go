package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// tokenDays are the lives a token can be given here, 0 for until it is ended.
var tokenDays = []int64{30, 90, 365, 0}

// accountTokens is GET /account/tokens: what lets programs act for someone.
func (s *Server) accountTokens(w http.ResponseWriter, r *http.Request) error {
	return s.tokensPage(w, r, http.StatusOK, url.Values{"days": {"90"}, "read_only": {"true"}}, faults{}, nil)
}

// tokensPage lists tokens and offers to make one. made, where there is one, was
// just made, and its secret is shown this once.
func (s *Server) tokensPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults, made *access.NewToken) error {
	r, err := s.atHome(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	list, err := s.app.Access.ListTokens.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	places, err := s.app.Access.ListCollaboratives.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	names := map[operation.CollaborativeID]string{}
	var choices []ui.Option
	for _, p := range places {
		names[p.ID] = p.Name
		choices = append(choices, ui.Option{Value: p.ID.Short(), Label: p.Name})
	}
	var body []templ.Component
	if made != nil {
		body = append(body, ui.SecretOnce(ui.SecretProps{ID: "token", Label: i18n.T(ctx, "account.token_made", i18n.Args{"Name": made.Name}), Secret: made.Secret, Help: i18n.T(ctx, "account.token_made_help")}))
	}
	there := ui.PanelProps{Heading: i18n.T(ctx, "account.tokens_there")}
	if len(list) == 0 {
		there.Detail = i18n.T(ctx, "account.tokens_none")
	}
	rows := make([]ui.Row, len(list))
	for i, t := range list {
		rows[i] = s.tokenRow(r, t, names)
	}
	fields := f.mark(tokenFields(r, values, choices))
	form := ui.FormProps{Action: accountTokensPath, Submit: i18n.T(ctx, "account.token_make"), Errors: f.explain(fields)}
	body = append(body, with(ui.Grid(), with(ui.Panel(there), ui.Rows(rows)),
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "account.token_new")}), with(ui.Form(form), formFields(fields)))))
	return s.accountPage(w, r, status, ui.PageProps{Title: i18n.T(ctx, "account.tokens"), Lede: i18n.T(ctx, "account.tokens_lede")}, body...)
}

func tokenFields(r *http.Request, values url.Values, places []ui.Option) []ui.FieldProps {
	ctx := r.Context()
	var lives []ui.Option
	for _, days := range tokenDays {
		label := i18n.T(ctx, "account.token_forever")
		if days > 0 {
			label = i18n.T(ctx, "account.token_days", i18n.Args{"Count": int(days)})
		}
		lives = append(lives, ui.Option{Value: strconv.FormatInt(days, 10), Label: label})
	}
	return []ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "account.token_name"), Help: i18n.T(ctx, "account.token_name_help"), Value: values.Get("name"), Required: true, MaxLength: 80, Autocomplete: "off"},
		{Kind: ui.Checkbox, Name: "read_only", Label: i18n.T(ctx, "account.token_read_only"), Help: i18n.T(ctx, "account.token_read_only_help"), Checked: values.Get("read_only") == "true"},
		{Kind: ui.Select, Name: "collaborative", Label: i18n.T(ctx, "account.token_where"), Blank: i18n.T(ctx, "account.token_everywhere"), Options: places, Value: values.Get("collaborative")},
		{Kind: ui.Select, Name: "days", Label: i18n.T(ctx, "account.token_life"), Options: lives, Value: values.Get("days")},
	}
}

func (s *Server) tokenRow(r *http.Request, t access.Token, names map[operation.CollaborativeID]string) ui.Row {
	ctx := r.Context()
	reach := i18n.T(ctx, "account.token_all")
	if t.ReadOnly {
		reach = i18n.T(ctx, "account.token_reads")
	}
	where := i18n.T(ctx, "account.token_everywhere")
	if !t.Collaborative.IsZero() {
		where = names[t.Collaborative]
	}
	life, used := i18n.T(ctx, "account.token_forever"), i18n.T(ctx, "account.token_unused")
	if t.Expires != nil {
		life = i18n.T(ctx, "account.token_until", i18n.Args{"Date": i18n.Date(ctx, *t.Expires)})
	}
	if t.Used != nil {
		used = i18n.T(ctx, "account.last_used", i18n.Args{"When": i18n.Relative(ctx, s.app.Config.Clock.Now(), *t.Used)})
	}
	return ui.Row{Title: t.Name, Detail: strings.Join([]string{reach, where, life, used}, " · "), Action: &ui.Action{Label: i18n.T(ctx, "account.token_end"),
		Href: accountTokensPath + "/" + t.ID.Short() + "/revoke", Post: true, Confirm: i18n.T(ctx, "account.token_end_sure", i18n.Args{"Name": t.Name})}}
}

// accountTokenCreate is POST /account/tokens. The page with the secret answers
// the POST itself: no address leads to it.
func (s *Server) accountTokenCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, values := r.Context(), r.PostForm
	in := access.CreateTokenInput{Name: values.Get("name"), ReadOnly: values.Get("read_only") == "true"}
	var err error
	if in.Days, err = strconv.ParseInt(values.Get("days"), 10, 64); err != nil {
		err = operation.InvalidField("days", "errors.not_offered")
	}
	if place := values.Get("collaborative"); err == nil && place != "" {
		if in.Collaborative, err = parseID[operation.CollaborativeID](place); err != nil {
			err = operation.InvalidField("collaborative", "errors.not_offered")
		}
	}
	var made access.NewToken
	if err == nil {
		made, err = s.app.Access.CreateToken.Do(ctx, s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, err); ok {
		return s.tokensPage(w, r, http.StatusUnprocessableEntity, values, f, nil)
	}
	if err != nil {
		return err
	}
	return s.tokensPage(w, r, http.StatusCreated, url.Values{"days": {"90"}, "read_only": {"true"}}, faults{}, &made)
}

// accountTokenRevoke is POST /account/tokens/{id}/revoke.
func (s *Server) accountTokenRevoke(w http.ResponseWriter, r *http.Request) error {
	i, err := parseID[access.TokenID](r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := s.app.Access.RevokeToken.Do(r.Context(), s.app.Door, access.TokenInput{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, accountTokensPath, "account.revoke-token", operation.Receipt{})
}
