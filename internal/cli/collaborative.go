package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"commontable/internal/app"
	"commontable/internal/backbone"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/operation"
)

type collaborativeCommand struct {
	List collaborativeListCommand `cmd:"" help:"List the collaboratives."`
}

type collaborativeListCommand struct {
	installation
	JSON bool `help:"Print as JSON." name:"json"`
}

// Run lists the collaboratives.
func (c collaborativeListCommand) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		list := []collaborative.Listed{}
		in := collaborative.ListInput{All: true, Limit: 200}
		for {
			page, err := collaborative.List.Do(ctx, a.Door, in)
			if err != nil {
				return err
			}
			list = append(list, page.Items...)
			if in.After = page.Next; in.After == "" {
				break
			}
		}
		if c.JSON {
			return t.json(list)
		}
		rows := make([][]string, len(list))
		for i, l := range list {
			rows[i] = []string{l.Slug, l.Name, l.Place}
		}
		return t.table([]string{"SLUG", "NAME", "PLACE"}, rows)
	})
}

type permissionsCommand struct {
	JSON bool `help:"Print as JSON." name:"json"`
}

// grantWords are the grants as the JSON form writes them.
var grantWords = map[operation.Grant]string{operation.Always: "always", operation.OwnOrg: "own organization", operation.OwnGroup: "own group",
	operation.Themselves: "themselves", operation.AnyAccount: "any account"}

// roleColumns are the roles' short names, in the order of operation.Roles.
var roleColumns = strings.Fields("dir stf tch tmb gch gmb org fun com eva net adm pub")

// Run prints the permission table.
func (c permissionsCommand) Run(t *terminal) error {
	table := backbone.ParsedPermissions()
	if c.JSON {
		type row struct {
			Operation string            `json:"operation"`
			Roles     map[string]string `json:"roles"`
		}
		rows := []row{}
		for _, op := range table.Operations() {
			r := row{op, map[string]string{}}
			for i, grant := range table[op] {
				if word := grantWords[grant]; word != "" {
					r.Roles[string(operation.Roles[i])] = word
				}
			}
			rows = append(rows, r)
		}
		return t.json(rows)
	}
	widest := 0
	for _, op := range table.Operations() {
		widest = max(widest, len(op))
	}
	line := func(name string, cells []string) string {
		return strings.TrimRight(fmt.Sprintf("%-*s  %s", widest, name, strings.Join(cells, " ")), " ")
	}
	t.say("%s", line("", roleColumns))
	for _, op := range table.Operations() {
		cells := make([]string, len(table[op]))
		for i, grant := range table[op] {
			cells[i] = " " + string(rune(grant)) + " "
		}
		t.say("%s", line(op, cells))
	}
	t.say("\nY always · o on the organization they represent · g on the group they chair · s on themselves · a anyone signed in · - never\n")
	for part := range slices.Chunk(operation.Roles, 4) {
		var names []string
		for _, role := range part {
			names = append(names, roleColumns[slices.Index(operation.Roles, role)]+" "+string(role))
		}
		t.say("%s", strings.Join(names, " · "))
	}
	return nil
}
