package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lodestone/internal/problem"
	"lodestone/internal/sentence"
)

// saying are the packages whose sentences people see in their language, and the functions of each, besides sentence.Of, that make a problem, with the places of its remedy and of its sentence among their arguments; -1: there is none.
var saying = map[string]map[string][2]int{
	"../fact":            {"faultf": {0, 1}, "warn": {2, 3}, "wrong": {0, 1}, "meaning": {0, -1}, "count": {1, -1}},
	"../ingest/tables":   {"problem": {1, 2}, "rowProblem": {1, 2}, "note": {1, 2}, "say": {1, 2}, "unreadable": {1, 2}},
	"../ingest/answers":  {"wrong": {1, 2}, "unreadable": {2, 1}},
	"../app":             {"wrong": {-1, 1}, "invalid": {-1, 1}, "conflict": {-1, 0}, "stillMay": {-1, 3}},
	"../ingest/decision": {},
	"../party":           {},
	"../enforce":         {"say": {-1, 1}, "fit": {-1, 0}},
	"../exposure":        {},
	"../when":            {"wrong": {-1, 0}},
	"../quant":           {"errors.New": {-1, 0}},
	"../licence":         {"wrong": {-1, 1}, "errors.New": {-1, 0}},
	"../cases":           {"because": {-1, 1}, "errors.New": {-1, 0}},
	"../delivery":        {},
	"../gate":            {"refusal": {-1, 0}, "errors.New": {-1, 0}},
	"../web":             {},
}

// sentencesOf are the sentences that the sources of the speaking packages hold, with where they stand.
func sentencesOf(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	add := func(set *token.FileSet, e ast.Expr) {
		if s, ok := e.(*ast.BasicLit); ok && s.Kind == token.STRING {
			if text, err := strconv.Unquote(s.Value); err == nil && letters.MatchString(verb.ReplaceAllString(text, "")) {
				found[text] = set.Position(e.Pos()).String()
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(saying)) {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.CompositeLit); ok && isTold(lit) {
					for _, e := range lit.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							if key := kv.Key.(*ast.Ident).Name; key == "Text" || key == "Meant" {
								add(set, kv.Value)
							}
						}
					}
				}
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
					x, _ := f.X.(*ast.Ident)
					switch {
					case x != nil && x.Name == "sentence" && (name == "Of" || name == "Error"):
						add(set, call.Args[0])
					case x != nil && x.Name == "errors":
						name = "errors." + name
					}
				}
				if at, ok := saying[dir][name]; ok {
					for _, i := range at {
						if i >= 0 && i < len(call.Args) {
							add(set, call.Args[i])
						}
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// isTold says that a value is a problem, or the refusal of what a form says.
func isTold(lit *ast.CompositeLit) bool {
	s, ok := lit.Type.(*ast.SelectorExpr)
	return ok && (s.Sel.Name == "Problem" || s.Sel.Name == "Invalid")
}

var (
	verb    = regexp.MustCompile(`%(\[\d\])?(\.\d)?[a-z%]`)
	letters = regexp.MustCompile(`[a-z]`)
)

// Every sentence that says what is wrong with an input is there in Chinese and Korean, with the same holes.
func TestSentencesAreSaidInThreeLanguages(t *testing.T) {
	said := sentencesOf(t)
	if len(said) < 60 {
		t.Fatalf("only %d sentences were found in the sources", len(said))
	}
	for english, at := range said {
		for _, lang := range []string{"zh", "ko"} {
			other, ok := formats()[lang][english]
			if !ok {
				t.Errorf("%s: %q is not in catalogue/sentences.json in %s", at, english, lang)
				continue
			}
			if want, got := formatHoles(english), formatHoles(other); !slices.Equal(got, want) {
				t.Errorf("%s: %q has the holes %v, in %s %v", at, english, want, lang, got)
			}
		}
	}
}

// formatHoles are the verbs of a format in the order of the arguments that they take.
func formatHoles(format string) []string {
	var list []string
	next := 0
	for _, v := range verb.FindAllString(format, -1) {
		if v == "%%" {
			continue
		}
		if end := strings.IndexByte(v, ']'); end > 0 {
			next, _ = strconv.Atoi(v[2:end])
			v, next = "%"+v[end+1:], next-1
		}
		for len(list) <= next {
			list = append(list, "")
		}
		list[next] = v
		next++
	}
	return list
}

func TestAProblemIsSaidInALanguage(t *testing.T) {
	inner := sentence.Of("%q is no element", "Xx")
	p := problem.Problem{Place: problem.Place{Line: 3}, Field: "composition", Meant: "4 to 10 digits"}.
		Saying(sentence.Of("%s; the entry %q is set aside, what it holds stays unknown", inner, "Xx 3%"))
	zh := ProblemIn("zh", p)
	if !strings.Contains(zh.Text, `"Xx"`) || !strings.Contains(zh.Text, `"Xx 3%"`) || strings.Contains(zh.Text, "element") || strings.Contains(zh.Meant, "digits") || zh.Line != 3 {
		t.Errorf("in Chinese: %s", zh.Error())
	}
	if en := ProblemIn("en", p); en.Text != p.Text || en.Meant != p.Meant {
		t.Errorf("in English: %s", en.Error())
	}
}
