package lodestone_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The repository tests itself here: who may lean on whom, what the core may not touch, and what no file may hold.

const module = "lodestone"

// rooms lists the house from the ground to the top, a line a floor (docs/architecture.md). A package may import what stands in its own room
// and on lower floors, not its neighbours on the same floor. A room holds the folders below it.
var rooms = [][]string{
	{"internal/sentence"},
	{"internal/problem", "internal/quant", "internal/when"},
	{"internal/vocab"},
	{"internal/fact"},
	{"internal/rule"},
	{"internal/bom"},
	{"internal/law"},
	{"internal/party"},
	{"internal/exposure"},
	{"internal/enforce"},
	{"internal/decide"},
	{"internal/licence", "internal/cases"},
	{"internal/lawfile"},
	{"lawdata", "docs"},
	{"."}, // the public door
	{"internal/ingest"},
	{"internal/store"},
	{"internal/report"},
	{"internal/delivery"},
	{"internal/app"},
	{"internal/fleet"},
	{"internal/gate"},
	{"internal/meter"},
	{"internal/api"},
	{"internal/web"},
	{"internal/cli"},
	{"cmd", "lawdata/gen", "quality"},
}

// strangers do not know one another; they meet in app, or where cli wires them.
var strangers = []string{"internal/store", "internal/ingest", "internal/web", "internal/api", "internal/fleet"}

// lastPure is the top room of the core, which is pure: it gets all it needs from its callers.
const lastPure = "internal/licence"

// impure are packages that bring a disk, a network, a logger, chance or a context; those below them count as well.
var impure = []string{
	"os", "io/fs", "io/ioutil", "net", "log", "context", "crypto/rand", "database/sql", "plugin", "syscall",
	"golang.org/x/net", "golang.org/x/sys",
}

// impureNames are names that bring a clock, the machine's time zone or its output, from packages that are otherwise harmless.
var impureNames = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
}

func TestImportsGoDown(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		from, ok := roomOf(f.dir)
		if !ok {
			t.Errorf("%s: package %s is in no room: add it to the table in all_test.go", f.path, f.dir)
			continue
		}
		for _, spec := range f.tree.Imports {
			dir, ours := within(importPath(spec))
			if !ours {
				continue
			}
			if to, ok := roomOf(dir); !ok {
				t.Errorf("%s imports %s, which is in no room: add it to the table in all_test.go", f.at(spec), dir)
			} else if why := forbidden(from, to); why != "" {
				t.Errorf("%s imports %s: %s", f.at(spec), dir, why)
			}
		}
	}
}

func forbidden(from, to room) string {
	switch {
	case from.name == to.name:
		return ""
	case slices.Contains(strangers, from.name) && slices.Contains(strangers, to.name):
		return "the two do not know one another; they meet in app or cli"
	case from.line == to.line:
		return "the two stand side by side"
	case from.line < to.line:
		return "imports only go down"
	}
	return ""
}

func TestCoreIsPure(t *testing.T) {
	last, _ := roomOf(lastPure)
	for _, f := range goFiles(t) {
		r, ok := roomOf(f.dir)
		if f.test || !ok || r.line > last.line {
			continue
		}
		for _, spec := range f.tree.Imports {
			if p := importPath(spec); slices.ContainsFunc(impure, func(bad string) bool { return below(p, bad) }) {
				t.Errorf("%s imports %s: the core takes no clock, disk, network, logger or context", f.at(spec), p)
			}
		}
		for _, use := range f.uses(impureNames) {
			t.Errorf("%s: the core takes no clock and prints nothing", use)
		}
	}
}

// TestForbidden keeps the rules above from going soft.
func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{"internal/decide", "internal/law", true},
		{"internal/law", "internal/decide", false},
		{"internal/quant", "internal/when", false},
		{"internal/web", "internal/api", false},
		{"internal/web/screen", "internal/app", true},
		{"internal/report", "internal/report/chart", true},
		{"internal/store", "internal/ingest/tables", false},
		{"cmd/lodestone", "internal/cli", true},
		{"lawdata/gen", "lawdata", true},
	} {
		from, _ := roomOf(c.from)
		to, _ := roomOf(c.to)
		if why := forbidden(from, to); (why == "") != c.allowed {
			t.Errorf("%s imports %s: allowed should be %v, is %q", c.from, c.to, c.allowed, why)
		}
	}
}

// ownPath is a path on somebody's own machine. Web addresses and paths inside the repository are none.
var ownPath = regexp.MustCompile(`(?:^|[\s"'` + "`" + `(=\[<>])(?:/(?:work|home|root|Users)/|[A-Z]:\\)\S*`)

func TestNoMachinePaths(t *testing.T) {
	walk(t, func(name string) {
		switch path.Ext(name) {
		case ".go", ".md", ".yaml", ".yml", ".sh":
		default:
			return
		}
		for i, line := range bytes.Split(read(t, name), []byte("\n")) {
			if hit := ownPath.Find(line); hit != nil {
				t.Errorf("%s:%d: %q is a path on one machine", name, i+1, bytes.TrimSpace(hit))
			}
		}
	})
}

// lawNumber is the number of an act or a control code.
var lawNumber = regexp.MustCompile(`\b\d[A-E]\d{3}\b|\bCN-20\d\d-\d+`)

// TestNoLawInCode keeps the law in lawdata: what the code says of an act, it must have read there. Comments may give examples.
func TestNoLawInCode(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || below(f.dir, "docs") {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				f.noLaw(t, n, n.Value)
			case *ast.Ident:
				f.noLaw(t, n, n.Name)
			}
			return true
		})
	}
}

func (f *file) noLaw(t *testing.T, n ast.Node, text string) {
	t.Helper()
	if hit := lawNumber.FindString(text); hit != "" {
		t.Errorf("%s: %s belongs into lawdata, not into code", f.at(n), hit)
	}
}

// room is a line of the table and the place in it that holds a package.
type room struct {
	line int
	name string
}

// roomOf finds the room that holds a folder: the longest name above it. The root holds itself only.
func roomOf(dir string) (found room, ok bool) {
	for line, names := range rooms {
		for _, name := range names {
			if (dir == name || name != "." && below(dir, name)) && len(name) >= len(found.name) {
				found, ok = room{line, name}, true
			}
		}
	}
	return found, ok
}

// below says that a slash-separated path is another, or lies under it.
func below(p, top string) bool { return p == top || strings.HasPrefix(p, top+"/") }

// within is the folder of a package of this module.
func within(importPath string) (dir string, ok bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// file is a Go file of this module.
type file struct {
	path, dir string
	test      bool
	set       *token.FileSet
	tree      *ast.File
}

func (f *file) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.set.Position(n.Pos()).Line)
}

// uses lists the places where names of packages are used, whatever the package is called in the file.
func (f *file) uses(names map[string][]string) (places []string) {
	called := map[string]string{}
	for _, spec := range f.tree.Imports {
		p := importPath(spec)
		if names[p] == nil {
			continue
		}
		called[path.Base(p)] = p
		if spec.Name != nil {
			delete(called, path.Base(p))
			called[spec.Name.Name] = p
		}
		if spec.Name != nil && spec.Name.Name == "." {
			places = append(places, f.at(spec)+": dot import of "+p)
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && slices.Contains(names[called[x.Name]], s.Sel.Name) {
				places = append(places, fmt.Sprintf("%s: %s.%s", f.at(s), called[x.Name], s.Sel.Name))
			}
		}
		return true
	})
	return places
}

func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value) // the parser has read it as a string already
	return p
}

// goFiles parses every Go file of this module; the modules below it are their own affair.
func goFiles(t *testing.T) (files []*file) {
	walk(t, func(name string) {
		if path.Ext(name) != ".go" || below(name, "bench") || strings.Contains(name, "testdata/") {
			return
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, name, read(t, name), parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		files = append(files, &file{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), set, tree})
	})
	return files
}

// walk calls f with every file of the repository, but for hidden folders and what was built.
func walk(t *testing.T, f func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			f(name)
		case name != "." && strings.HasPrefix(d.Name(), "."), name == "bin", name == "dist", d.Name() == "node_modules":
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
