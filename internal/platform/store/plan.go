package store

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// Plan is how an engine would run a statement.
type Plan struct {
	// Steps are the engine's own words, one line a step.
	Steps []string
	// Whole are the steps that read a whole table, or a whole index.
	Whole []string
	// Sorts are the steps that sort what was found.
	Sorts []string
}

// Explain returns the engine's plan for a statement. Arguments beyond the
// collaborative are unknown to it, as they are to a prepared one.
func (s *Store) Explain(ctx context.Context, c Collaborative, statement Statement) (Plan, error) {
	args := make([]any, parameters(statement.SQL))
	if statement.Tenant && len(args) > 0 {
		args[0] = c[:]
	}
	steps, err := s.engine.explain(ctx, c[:], statement.SQL, args)
	plan := Plan{Steps: steps}
	if s.engine.name() == "sqlite" {
		plan.judgeSQLite()
	} else {
		plan.judgePostgres()
	}
	return plan, err
}

func (p *Plan) judgeSQLite() {
	for _, step := range p.Steps {
		// Rows that the statement itself gives are no table.
		if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "CONSTANT ROW") && !strings.Contains(step, "VALUES CLAUSE") {
			p.Whole = append(p.Whole, step)
		}
		if strings.Contains(step, "TEMP B-TREE") {
			p.Sorts = append(p.Sorts, step)
		}
	}
}

// judgePostgres reads a plan made with sequential scans and sorts forbidden, so
// that one that has them all the same shows that no index could serve. An index
// that is read without a condition is read whole.
func (p *Plan) judgePostgres() {
	for i, step := range p.Steps {
		node := strings.TrimLeft(step, " ->")
		switch {
		case strings.HasPrefix(node, "Seq Scan"):
			p.Whole = append(p.Whole, node)
		case strings.HasPrefix(node, "Sort ") || strings.HasPrefix(node, "Incremental Sort "):
			p.Sorts = append(p.Sorts, node)
		case strings.HasPrefix(node, "Index Scan") || strings.HasPrefix(node, "Index Only Scan") || strings.HasPrefix(node, "Bitmap Index Scan"):
			if i+1 >= len(p.Steps) || !strings.Contains(p.Steps[i+1], "Index Cond:") {
				p.Whole = append(p.Whole, node)
			}
		}
	}
}

// parameters is the highest number among a statement's placeholders.
func parameters(text string) int {
	most := 0
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(found[1]); err == nil {
			most = max(most, n)
		}
	}
	return most
}

var placeholder = regexp.MustCompile(`\$(\d+)`)
