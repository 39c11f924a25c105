package directory

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ViewKind names a saved view as a subject.
const ViewKind = "view"

// ViewID names a saved view.
type ViewID = id.Of[View]

// View is a list as somebody set it up: filters, columns and order under a name.
type View struct {
	ID     ViewID `json:"id" audit:"-"`
	Area   string `json:"area" doc:"The list it belongs to: organizations, people, bodies, seats, agreements, touches or ties."`
	Name   string `json:"name"`
	Query  string `json:"query" doc:"The list's parameters as they stand in its address."`
	Shared bool   `json:"shared" doc:"Whether everyone who sees the list is offered it."`
	Own    bool   `json:"own" audit:"-" doc:"Whether it is one's own."`
	// CreatedAt is when it was saved.
	CreatedAt time.Time `json:"created_at" audit:"-"`

	account operation.AccountID
}

// viewParameters are what the address of each list may say. A column or filter
// of the collaborative's own goes by its key behind custom_, as a value.
var viewParameters = map[string][]string{
	"organizations": {"q", "sector", "status", "part", "tag", "kind", "as-of", "trash", "sort", "columns"},
	"people":        {"q", "email", "tag", "organization", "trash", "sort", "columns"},
	"bodies":        {"q", "kind", "state", "as-of", "trash", "sort", "columns"},
	"seats":         {"body", "state", "role", "voting", "as-of", "trash", "columns"},
	"agreements":    {"state", "organization", "as-of", "trash", "columns"},
	"touches":       {"due", "by", "trash", "columns"},
	"ties":          {"type", "organization", "as-of", "trash", "columns"},
	"actions":       {"person", "organization", "meeting", "state", "from", "to", "which", "trash", "columns"},
	"commitments":   {"organization", "kind", "state", "from", "to", "which", "trash", "columns"},
	"meetings":      {"which", "body", "state", "from", "to", "sort", "trash", "columns"},
}

// mostViews is how many views of a list an account may keep.
const mostViews = 50

const viewColumns = `id, account_id, area, name, query, shared, created_at`

func scanView(row store.Row) (View, error) {
	var v View
	return v, row.Scan(&v.ID, &v.account, &v.Area, &v.Name, &v.Query, &v.Shared, store.ScanTime(&v.CreatedAt))
}

// ViewArea is a list.
type ViewArea struct {
	Area string `json:"area" required:"true" enum:"organizations,people,bodies,seats,agreements,touches,ties,meetings,actions,commitments"`
}

// ViewList is views, the oldest first.
type ViewList struct {
	Items []View `json:"items"`
}

// ListViews lists the views of a list: one's own and the shared ones.
var ListViews = operation.Define(operation.Operation[ViewArea, ViewList]{
	Definition: operation.Definition{ID: "views.list", Summary: "Lists one's own and the shared views of a list", ReadOnly: true, Method: "GET", Path: "/views"},
	Run: func(c *operation.Call, in ViewArea) (ViewList, error) {
		out := ViewList{Items: []View{}}
		views, err := store.Collect(c.Tx, scanView, `SELECT `+viewColumns+` FROM saved_views WHERE collaborative_id = $1 AND area = $2 AND (account_id = $3 OR shared = TRUE) ORDER BY id`, in.Area, c.Actor.Account)
		for _, v := range views {
			v.Own = v.account == c.Actor.Account
			if v.Own || v.Shared {
				out.Items = append(out.Items, v)
			}
		}
		return out, err
	},
})

// ViewInput is a view to keep.
type ViewInput struct {
	Area   string `json:"area" required:"true" enum:"organizations,people,bodies,seats,agreements,touches,ties,meetings,actions,commitments"`
	Name   string `json:"name" required:"true" maxLength:"80"`
	Query  string `json:"query,omitempty" text:"raw" maxLength:"2000" doc:"The list's parameters as they stand in its address."`
	Shared bool   `json:"shared,omitempty" doc:"Whether everyone who sees the list is offered it; for the backbone."`
}

// SaveView keeps a view. One's own view of the same name is replaced.
var SaveView = operation.Define(operation.Operation[ViewInput, View]{
	Definition: operation.Definition{ID: "views.save", Summary: "Keeps the filters, columns and order of a list under a name", Method: "POST", Path: "/views"},
	Validate: func(in *ViewInput, faults *operation.Faults) {
		query, fault := cleanQuery(in.Area, in.Query)
		if fault != "" {
			faults.Add("query", fault)
		}
		in.Query = query
	},
	Run: func(c *operation.Call, in ViewInput) (View, error) {
		v := View{ID: id.New[View](), Area: in.Area, Name: in.Name, Query: in.Query, Shared: in.Shared, Own: true, CreatedAt: c.Now, account: c.Actor.Account}
		if in.Shared && !c.Can(ShareViews) {
			return v, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		views, err := store.Collect(c.Tx, scanView, `SELECT `+viewColumns+` FROM saved_views WHERE collaborative_id = $1 AND area = $2 AND (account_id = $3 OR shared = TRUE) ORDER BY id`, in.Area, c.Actor.Account)
		if err != nil {
			return v, err
		}
		own := 0
		var before any
		c.UndoWith("views.delete", ViewRef{ID: v.ID})
		for _, old := range views {
			if old.account != c.Actor.Account {
				continue
			}
			if own++; i18n.FoldKey(old.Name) == i18n.FoldKey(v.Name) {
				if _, err := DeleteView.Run(c, ViewRef{ID: old.ID}); err != nil {
					return v, err
				}
				own--
				before = old
				c.UndoWith("views.save", ViewInput{Area: old.Area, Name: old.Name, Query: old.Query, Shared: old.Shared})
			}
		}
		if own >= mostViews {
			return v, operation.InvalidField("name", "errors.too_many_items", map[string]any{"Most": mostViews})
		}
		if _, err := c.Tx.Exec(`INSERT INTO saved_views (collaborative_id, id, account_id, area, name, query, shared, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			v.ID, v.account, v.Area, v.Name, v.Query, v.Shared, store.Micros(v.CreatedAt)); err != nil {
			return v, err
		}
		c.Changed(operation.Subject{Kind: ViewKind, ID: v.ID}, v.Name, 1, before, v)
		return v, nil
	},
})

// cleanQuery keeps a list's own parameters in a fixed order. Anything else is a
// fault: a view is offered to others as a link, and must lead to the list.
func cleanQuery(area, query string) (clean, fault string) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", "errors.view_query"
	}
	for name, given := range values {
		if !slices.Contains(viewParameters[area], name) || len(given) > 1 && name != "columns" {
			return "", "errors.view_query"
		}
		for _, value := range given {
			if i18n.CleanLine(value) != value || len(value) > 300 {
				return "", "errors.view_query"
			}
		}
	}
	return values.Encode(), ""
}

// ViewRef names a view.
type ViewRef struct {
	ID ViewID `json:"id"`
}

// DeleteView forgets a view: one's own, or a shared one for those who may share.
var DeleteView = operation.Define(operation.Operation[ViewRef, operation.None]{
	Definition: operation.Definition{ID: "views.delete", Summary: "Forgets a saved view", Method: "DELETE", Path: "/views/{id}"},
	Run: func(c *operation.Call, in ViewRef) (operation.None, error) {
		v, err := store.One(c.Tx, scanView, `SELECT `+viewColumns+` FROM saved_views WHERE collaborative_id = $1 AND id = $2`, in.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && v.account != c.Actor.Account && !v.Shared {
			return operation.None{}, operation.Missing()
		}
		if err != nil {
			return operation.None{}, err
		}
		if v.account != c.Actor.Account && !c.Can(ShareViews) {
			return operation.None{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		if _, err := c.Tx.Exec(`DELETE FROM saved_views WHERE collaborative_id = $1 AND id = $2`, in.ID); err != nil {
			return operation.None{}, err
		}
		c.Changed(operation.Subject{Kind: ViewKind, ID: v.ID}, v.Name, 2, v, nil)
		c.UndoWith("views.save", ViewInput{Area: v.Area, Name: v.Name, Query: v.Query, Shared: v.Shared})
		return operation.None{}, nil
	},
})
