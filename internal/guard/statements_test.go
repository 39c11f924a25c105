package guard

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const storePath = module + "/internal/platform/store"

// entrance is a parameter through which SQL gets to the database.
type entrance struct {
	function  string
	parameter int
}

// entrances are the store's own. A call is recognized by types, not by name.
var entrances = []entrance{
	{storePath + ".Each", 2},
	{storePath + ".Collect", 2},
	{storePath + ".One", 2},
	{storePath + ".Value", 1},
	{storePath + ".Select", 0},
	{storePath + ".SelectInstallation", 0},
	{"(*" + storePath + ".Tx).Exec", 0},
	{"(*" + storePath + ".Tx).ExecRows", 0},
	{"(*" + storePath + ".Tx).ExecRowsLater", 0},
	{"(*" + storePath + ".InstallationTx).Exec", 0},
	{"(" + storePath + ".Querier).Exec", 0},
	{"(*" + storePath + ".Builder).Where", 0},
	{"(*" + storePath + ".Builder).Add", 0},
	{"(*" + storePath + ".Store).Explain", 2},
}

// constantFields are fields of SQL text: they may be used in a statement because
// whatever is put into them must be constant.
var constantFields = []string{
	"commontable/internal/backbone/directory.statement.text",
	module + "/internal/platform/operation.Keyset.Columns",
}

// builderText is the method that gives back a text made of checked fragments.
const builderText = "(*" + storePath + ".Builder).SQL"

// scanner looks for SQL that is not constant, and for statements that forget
// the collaborative.
type scanner struct {
	// entrances tell for each whether the text may be a fragment of a statement.
	entrances map[entrance]bool
	called    map[string]bool // functions that are called directly and nothing else
	tenants   []string        // tables whose key begins with collaborative_id
	faults    []string
	complete  int // statements seen
}

// statementFaults scans packages. A function that hands its own parameter on to
// the store becomes an entrance itself, so the scan repeats until no more are
// found.
func statementFaults(program []source, tenants []string) *scanner {
	s := &scanner{entrances: map[entrance]bool{}, called: onlyCalled(program), tenants: tenants}
	for _, e := range entrances {
		s.entrances[e] = strings.Contains(e.function, ".Builder)")
	}
	for {
		known := len(s.entrances)
		s.faults, s.complete = nil, 0
		for _, pkg := range program {
			if pkg.path == storePath {
				continue // the store itself takes text apart and puts it together
			}
			for _, file := range pkg.files {
				for _, decl := range file.Decls {
					s.scan(pkg, decl)
				}
			}
		}
		if len(s.entrances) == known {
			slices.Sort(s.faults)
			return s
		}
	}
}

// onlyCalled returns the functions whose every use is a call, so that looking
// at the calls shows every value their parameters can have.
func onlyCalled(program []source) map[string]bool {
	called := map[string]bool{}
	for _, pkg := range program {
		calls := map[*ast.Ident]bool{}
		for _, file := range pkg.files {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					calls[calledName(call)] = true
				}
				return true
			})
		}
		for id, object := range pkg.info.Uses {
			if f, ok := object.(*types.Func); ok {
				name := f.Origin().FullName()
				before, seen := called[name]
				called[name] = calls[id] && (before || !seen)
			}
		}
	}
	return called
}

func (s *scanner) scan(pkg source, decl ast.Decl) {
	ast.Inspect(decl, func(n ast.Node) bool {
		s.scanFields(pkg, decl, n)
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := callee(pkg, call)
		for at, text := range call.Args {
			fragment, ok := s.entrances[entrance{name, at}]
			if !ok {
				continue
			}
			if fault := s.unsafe(pkg, decl, text, 0); fault != "" {
				s.faults = append(s.faults, fmt.Sprintf("%s: SQL that is not constant: %s; use constants or store.Select", pkg.place(text), fault))
				continue
			}
			if value := pkg.info.Types[text].Value; !fragment && value != nil && value.Kind() == constant.String {
				s.checkTenant(pkg, call, name, constant.StringVal(value))
			}
		}
		return true
	})
}

// scanFields looks at what is put into the constant fields.
func (s *scanner) scanFields(pkg source, decl ast.Decl, n ast.Node) {
	look := func(of types.Type, field string, value ast.Expr) {
		if !isConstantField(of, field) {
			return
		}
		if fault := s.unsafe(pkg, decl, value, 0); fault != "" {
			s.faults = append(s.faults, fmt.Sprintf("%s: SQL that is not constant: %s becomes %s", pkg.place(value), field, fault))
		}
	}
	switch n := n.(type) {
	case *ast.CompositeLit:
		of := pkg.info.Types[n].Type
		for i, element := range n.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.Ident); ok {
					look(of, key.Name, pair.Value)
				}
			} else if structure, ok := of.Underlying().(*types.Struct); ok {
				look(of, structure.Field(i).Name(), element)
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if selector, ok := ast.Unparen(left).(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) {
				look(pkg.info.Types[selector.X].Type, selector.Sel.Name, n.Rhs[i])
			}
		}
	}
}

func isConstantField(of types.Type, field string) bool {
	if of == nil {
		return false
	}
	if pointer, ok := of.Underlying().(*types.Pointer); ok {
		of = pointer.Elem()
	}
	return slices.Contains(constantFields, of.String()+"."+field)
}

// callee returns the full name of the function a call goes to, without type
// arguments.
func callee(pkg source, call *ast.CallExpr) string {
	if f, ok := pkg.info.Uses[calledName(call)].(*types.Func); ok {
		return f.Origin().FullName()
	}
	return ""
}

// calledName returns the identifier of the function a call names, nil when it
// calls something else.
func calledName(call *ast.CallExpr) *ast.Ident {
	fun := ast.Unparen(call.Fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	switch f := fun.(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	}
	return nil
}

// unsafe says what about an expression is not made of constants, "" when all is.
func (s *scanner) unsafe(pkg source, decl ast.Decl, e ast.Expr, depth int) string {
	e = ast.Unparen(e)
	if pkg.info.Types[e].Value != nil {
		return ""
	}
	if depth > 8 {
		return "too deep to follow"
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			if fault := s.unsafe(pkg, decl, e.X, depth+1); fault != "" {
				return fault
			}
			return s.unsafe(pkg, decl, e.Y, depth+1)
		}
	case *ast.SelectorExpr:
		if isConstantField(pkg.info.Types[e.X].Type, e.Sel.Name) {
			return ""
		}
		if rows := rangedOver(pkg, decl, e.X); rows != nil {
			return s.unsafeOnes(pkg, decl, fieldOf(rows, e.Sel.Name), depth)
		}
	case *ast.CompositeLit:
		if _, ok := pkg.info.Types[e].Type.Underlying().(*types.Slice); ok {
			return s.unsafeOnes(pkg, decl, e.Elts, depth)
		}
	case *ast.CallExpr:
		// Of constants these make constants, however often.
		switch callee(pkg, e) {
		case "strings.Join", "strings.TrimSuffix":
			return s.unsafeOnes(pkg, decl, e.Args, depth)
		case "strings.Repeat":
			return s.unsafe(pkg, decl, e.Args[0], depth+1)
		}
	case *ast.Ident:
		if v, ok := pkg.info.Uses[e].(*types.Var); ok {
			return s.unsafeVariable(pkg, decl, v, e.Name, depth)
		}
	}
	return types.ExprString(e)
}

// rangedOver returns the table a loop variable runs over, when that is written
// out in the loop: for _, step := range []struct{…}{…}.
func rangedOver(pkg source, decl ast.Decl, e ast.Expr) (table *ast.CompositeLit) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	ast.Inspect(decl, func(n ast.Node) bool {
		if loop, ok := n.(*ast.RangeStmt); ok {
			if value, ok := loop.Value.(*ast.Ident); ok && pkg.info.Defs[value] == pkg.info.Uses[id] && pkg.info.Uses[id] != nil {
				table, _ = ast.Unparen(loop.X).(*ast.CompositeLit)
			}
		}
		return true
	})
	return table
}

// fieldOf returns what the rows of a table give for a field, by name or place.
func fieldOf(table *ast.CompositeLit, field string) (values []ast.Expr) {
	place := -1
	if array, ok := table.Type.(*ast.ArrayType); ok {
		if structure, ok := array.Elt.(*ast.StructType); ok {
			at := 0
			for _, names := range structure.Fields.List {
				for _, name := range names.Names {
					if name.Name == field {
						place = at
					}
					at++
				}
			}
		}
	}
	for _, row := range table.Elts {
		literal, ok := row.(*ast.CompositeLit)
		if !ok {
			return []ast.Expr{row}
		}
		for at, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.Ident); ok && key.Name == field {
					values = append(values, pair.Value)
				}
			} else if at == place {
				values = append(values, element)
			}
		}
	}
	if len(values) != len(table.Elts) {
		return []ast.Expr{table} // a row that cannot be read is no constant
	}
	return values
}

func (s *scanner) unsafeOnes(pkg source, decl ast.Decl, all []ast.Expr, depth int) string {
	for _, e := range all {
		if fault := s.unsafe(pkg, decl, e, depth+1); fault != "" {
			return fault
		}
	}
	return ""
}

// unsafeVariable follows a local variable to everything assigned to it. A
// parameter makes its function an entrance.
func (s *scanner) unsafeVariable(pkg source, decl ast.Decl, v *types.Var, name string, depth int) string {
	if s.isEntrance(pkg, decl, v, depth > 0) {
		return ""
	}
	found, fault := false, ""
	assign := func(lhs []ast.Expr, rhs []ast.Expr) {
		for i, left := range lhs {
			id, ok := left.(*ast.Ident)
			if !ok || (pkg.info.Defs[id] != v && pkg.info.Uses[id] != v) {
				continue
			}
			found = true
			if len(rhs) == 1 && len(lhs) > 1 {
				call, ok := ast.Unparen(rhs[0]).(*ast.CallExpr)
				if i != 0 || !ok || callee(pkg, call) != builderText {
					fault = name
				}
				continue
			}
			if bad := s.unsafe(pkg, decl, rhs[i], depth+1); bad != "" {
				fault = bad
			}
		}
	}
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			assign(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			if len(n.Values) > 0 {
				left := make([]ast.Expr, len(n.Names))
				for i, id := range n.Names {
					left[i] = id
				}
				assign(left, n.Values)
			}
		case *ast.UnaryExpr:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND && pkg.info.Uses[id] == v {
				fault = "&" + name
			}
		}
		return true
	})
	if !found && fault == "" {
		fault = name
	}
	return fault
}

// isEntrance tells whether v is a parameter that its function hands on as it
// is, and every call of that function can be seen. The function then is an
// entrance and its callers are looked at instead.
func (s *scanner) isEntrance(pkg source, decl ast.Decl, v *types.Var, fragment bool) bool {
	function, ok := decl.(*ast.FuncDecl)
	if !ok {
		return false
	}
	object, ok := pkg.info.Defs[function.Name].(*types.Func)
	if !ok || !s.called[object.FullName()] || assigned(pkg, function, v) {
		return false
	}
	parameters := object.Signature().Params()
	for i := range parameters.Len() {
		if parameters.At(i) == v {
			e := entrance{object.FullName(), i}
			s.entrances[e] = s.entrances[e] || fragment
			return true
		}
	}
	return false
}

func assigned(pkg source, function *ast.FuncDecl, v *types.Var) bool {
	yes := false
	ast.Inspect(function, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, left := range a.Lhs {
				if id, ok := left.(*ast.Ident); ok && pkg.info.Uses[id] == v {
					yes = true
				}
			}
		}
		return true
	})
	return yes
}

// checkTenant holds that a whole statement on a collaborative's transaction
// names collaborative_id, and that one on the installation's does not touch a
// collaborative's table without.
func (s *scanner) checkTenant(pkg source, call *ast.CallExpr, name, text string) {
	s.complete++
	if strings.Contains(text, "collaborative_id") {
		return
	}
	where := pkg.place(call)
	if name == storePath+".Select" || passes(pkg, call, "Tx") {
		s.faults = append(s.faults, fmt.Sprintf("%s: the statement does not name collaborative_id: %s", where, short(text)))
		return
	}
	for _, table := range s.tenants {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(table) + `\b`).MatchString(text) {
			s.faults = append(s.faults, fmt.Sprintf("%s: the statement touches %s, a collaborative's table, and does not name collaborative_id: %s", where, table, short(text)))
		}
	}
}

// passes tells whether the call is given, as argument or receiver, the store's
// type of that name.
func passes(pkg source, call *ast.CallExpr, name string) bool {
	given := slices.Clone(call.Args)
	if selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		given = append(given, selector.X)
	}
	for _, e := range given {
		if of := pkg.info.Types[e].Type; of != nil && of.String() == "*"+storePath+"."+name {
			return true
		}
	}
	return false
}

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 80 {
		text = text[:80] + "…"
	}
	return text
}

var createTable = regexp.MustCompile(`(?is)CREATE TABLE (?:IF NOT EXISTS )?(\w+)\s*\((.*?)\)\s*;`)

// tenantTables reads the migrations for tables that belong to a collaborative.
func tenantTables(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "internal/schema/*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations found: %v", err)
	}
	var tables []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range createTable.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(table[2], "PRIMARY KEY (collaborative_id") {
				tables = append(tables, table[1])
			}
		}
	}
	return tables
}

func TestStatementsAreConstantAndScoped(t *testing.T) {
	tables := tenantTables(t)
	if len(tables) == 0 {
		t.Fatal("the migrations make no table with a collaborative_id: the guard reads them wrongly")
	}
	s := statementFaults(loadProgram(t), tables)
	report(t, s.faults)
	if s.complete == 0 {
		t.Error("not one statement was found: the guard does not know the store's functions any more")
	}
	t.Logf("%d statements, %d tenant tables", s.complete, len(tables))
}

// A small store with the names of the real one, and code that uses it.
const sampleStore = `package store
type Tx struct{}
type InstallationTx struct{}
type Querier interface{ Exec(text string, args ...any) (int64, error) }
type Row interface{ Scan(...any) error }
type Builder struct{}
func (*Tx) Exec(text string, args ...any) (int64, error) { return 0, nil }
func (*InstallationTx) Exec(text string, args ...any) (int64, error) { return 0, nil }
func Select(text string, args ...any) *Builder { return nil }
func (*Builder) Where(condition string, args ...any) {}
func (*Builder) SQL() (string, []any) { return "", nil }
func Each(tx Querier, fn func(Row) error, text string, args ...any) error { return nil }
func Value[T any](tx Querier, text string, args ...any) (v T, err error) { return }
`

const sampleOperation = `package operation
type Keyset struct { Limit int; Columns []string }
`

const sampleUse = `package use
import "strings"
import "commontable/internal/platform/store"
import "commontable/internal/platform/operation"
const scope = " WHERE collaborative_id = $1"
func f(tx *store.Tx, in *store.InstallationTx, name string, desc bool) {
	tx.Exec("DELETE FROM people" + scope)                              // good
	tx.Exec("DELETE FROM people WHERE name = '" + name + "'" + scope)  // BAD concatenation
	store.Value[int](tx, "SELECT 1 FROM people")                       // BAD tenant
	store.Value[int](in, "SELECT 1 FROM people")                       // BAD table
	store.Value[int](in, "SELECT 1 FROM accounts")                     // good
	order := " ORDER BY name"
	if desc { order = " ORDER BY name DESC" }
	store.Each(tx, nil, "SELECT 1 FROM people" + scope + order)        // good
	order2 := " ORDER BY " + name
	store.Each(tx, nil, "SELECT 1 FROM people" + scope + order2)       // BAD variable
	b := store.Select("SELECT 1 FROM people" + scope)
	b.Where("name = ?", name)                                          // good
	b.Where(name + " = ?", name)                                       // BAD fragment
	text, args := b.SQL()
	store.Each(tx, nil, text, args...)                                 // good
	forward(tx, "SELECT 1 FROM people" + scope)                        // good
	forward(tx, "SELECT 1 FROM people, " + name)                       // BAD forwarded
	store.Select("SELECT 1 FROM people")                               // BAD tenant
	changed(tx, "SELECT 1" + scope)
}
func forward(tx store.Querier, text string) { store.Each(tx, nil, text) }
func changed(tx store.Querier, text string) { text += pick(); store.Each(tx, nil, text) } // BAD changed
func pick() string { return "" }
func handler(tx store.Querier, text string) { store.Each(tx, nil, text) } // BAD used as a value
var table = handler
func part(tx *store.Tx, column string) { tx.Exec("SELECT " + column + " FROM people" + scope) } // good
func parts(tx *store.Tx, name string) {
	part(tx, "name")                                                   // good
	part(tx, pick())                                                   // BAD forwarded fragment
	for _, step := range []struct{ text string; n int }{{"DELETE FROM a" + scope, 1}, {text: "DELETE FROM b" + scope}} {
		tx.Exec(step.text, step.n)                                     // good
	}
	for _, step := range []struct{ text string }{{"DELETE FROM a" + scope}, {pick()}} {
		tx.Exec(step.text)                                             // BAD row
	}
	k := operation.Keyset{Columns: []string{"name", "id"}}             // good
	tx.Exec("SELECT " + strings.Join(k.Columns, ", ") + scope)         // good
	k = operation.Keyset{Columns: []string{"name", pick()}}            // BAD field
	k.Columns = strings.Split(name, ",")                               // BAD field assigned
}
`

func TestBadStatementsAreFound(t *testing.T) {
	fset := token.NewFileSet()
	store := check(t, fset, nil, storePath, map[string]string{"store.go": sampleStore})
	operation := check(t, fset, nil, module+"/internal/platform/operation", map[string]string{"operation.go": sampleOperation})
	use := check(t, fset, some{store.types, operation.types}, "commontable/internal/use", map[string]string{"use.go": sampleUse})
	s := statementFaults([]source{store, use}, []string{"people"})

	var want, got []string
	for i, line := range strings.Split(sampleUse, "\n") {
		if strings.Contains(line, "// BAD") {
			want = append(want, fmt.Sprintf("use.go:%d", i+1))
		}
	}
	for _, fault := range s.faults {
		place, _, _ := strings.Cut(fault, ": ")
		got = append(got, place)
	}
	slices.Sort(want)
	if !slices.Equal(slices.Compact(got), want) {
		t.Errorf("faults at %v, want %v:\n%s", got, want, strings.Join(s.faults, "\n"))
	}
}

// some imports the packages it holds, and the standard library from source.
type some []*types.Package

func (s some) Import(path string) (*types.Package, error) {
	for _, pkg := range s {
		if pkg.Path() == path {
			return pkg, nil
		}
	}
	return importer.ForCompiler(token.NewFileSet(), "source", nil).Import(path)
}
