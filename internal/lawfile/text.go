package lawfile

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"lodestone/internal/problem"
)

const (
	maxDepth   = 60   // lists and maps within one another: three times what the longest condition needs
	maxIndent  = 120  // columns before the dash of a list
	maxKeys    = 2000 // of one map: the time that the parser takes grows with their square
	maxAnchors = 1000
)

// parse reads the one document of a YAML text, or says where it is not one. It takes the plain part of YAML only: no tags, merge keys,
// directives or second documents, because a law file must read the same to a person and to every other YAML reader. An anchor (&name)
// may stand for a value that is written once and repeated below (*name).
func parse(file string, text []byte) (body ast.Node, problems problem.List) {
	if at := notText(text); at >= 0 {
		line := 1 + bytes.Count(text[:at], []byte("\n"))
		return nil, problem.List{{Place: problem.Place{File: file, Line: line}, Text: "the file is not UTF-8 text"}}
	}
	tokens := lexer.Tokenize(string(text))
	if p, ok := plain(tokens); !ok {
		p.File = file
		return nil, problem.List{p}
	}
	defer func() {
		if x := recover(); x != nil { // the parser has panicked on malformed texts before; a law file must never stop the program
			body, problems = nil, problem.List{{Place: problem.Place{File: file}, Text: fmt.Sprintf("the file is not YAML: %v", x)}}
		}
	}()
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, problem.List{syntax(file, err)}
	}
	for _, doc := range parsed.Docs {
		if doc.Body != nil && body != nil {
			return nil, problem.List{{Place: place(file, doc.Body), Text: "a second document begins here", Meant: "one file holds one document"}}
		}
		if doc.Body != nil {
			body = doc.Body
		}
	}
	if body == nil {
		return nil, problem.List{{Place: problem.Place{File: file}, Text: "the file is empty"}}
	}
	repeats := repeats{file: file, named: map[string]ast.Node{}}
	body = repeats.resolve(body)
	return body, repeats.problems
}

// repeats puts values in the place of the names that repeat them.
type repeats struct {
	file     string
	named    map[string]ast.Node
	problems problem.List
}

func (r *repeats) resolve(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			v.Value = r.resolve(v.Value)
		}
	case *ast.MappingValueNode:
		n.Value = r.resolve(n.Value)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			n.Values[i] = r.resolve(v)
		}
	case *ast.AnchorNode:
		value := r.resolve(n.Value)
		r.named[n.Name.GetToken().Value] = value // after its value, which cannot repeat itself
		return value
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		if value, known := r.named[name]; known {
			return value
		}
		r.problems = append(r.problems, problem.Problem{Place: place(r.file, n), Text: "&" + name + " does not stand above",
			Meant: "quote a text that begins with *"})
	}
	return n
}

// notText returns where the text stops being UTF-8 without control characters, or -1.
func notText(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 || r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return i
		}
		i += n
	}
	return -1
}

// plain checks the tokens of a text before they are parsed: the parser calls itself for every level of nesting.
func plain(tokens token.Tokens) (problem.Problem, bool) {
	var open nesting
	anchors := 0
	for i, t := range tokens {
		refused, why := notRead[t.Type], ""
		switch column := t.Position.Column; t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open = append(open, level{flow: true})
		case token.SequenceEndType, token.MappingEndType:
			open = open.closed()
		case token.SequenceEntryType:
			if open = open.outside(column); column > maxIndent {
				why = "lists and maps are nested too deep here"
			}
		case token.MappingValueType:
			open = open.key(tokens[max(i-1, 0)].Position.Column)
			if open[len(open)-1].keys > maxKeys {
				why = fmt.Sprintf("more than %d keys in one map", maxKeys)
			}
		case token.AnchorType:
			if anchors++; anchors > maxAnchors {
				why = fmt.Sprintf("more than %d anchors", maxAnchors)
			}
		default:
			why = refused.text
		}
		if len(open) > maxDepth {
			why = "lists and maps are nested too deep here"
		}
		if why != "" {
			return problem.Problem{Place: problem.Place{Line: t.Position.Line, Column: t.Position.Column}, Text: why, Meant: refused.meant}, false
		}
	}
	return problem.Problem{}, true
}

// nesting is the maps and bracketed lists around a token.
type nesting []level

type level struct {
	flow   bool // in brackets, where columns say nothing
	column int
	keys   int
}

// outside leaves the maps that are indented further than a column.
func (n nesting) outside(column int) nesting {
	for len(n) > 0 && !n[len(n)-1].flow && n[len(n)-1].column > column {
		n = n[:len(n)-1]
	}
	return n
}

// key enters or stays in the map of a key.
func (n nesting) key(column int) nesting {
	n = n.outside(column)
	if len(n) == 0 || !n[len(n)-1].flow && n[len(n)-1].column < column {
		n = append(n, level{column: column})
	}
	n[len(n)-1].keys++
	return n
}

// closed leaves the innermost brackets.
func (n nesting) closed() nesting {
	for i := len(n) - 1; i >= 0; i-- {
		if n[i].flow {
			return n[:i]
		}
	}
	return n
}

// notRead is the parts of YAML that law files do without.
var notRead = map[token.Type]struct{ text, meant string }{
	token.MergeKeyType:   {"merge keys are not read", "write the keys out"},
	token.TagType:        {"tags are not read", "quote a text that begins with !"},
	token.DirectiveType:  {"directives are not read", "quote a text that begins with %"},
	token.MappingKeyType: {"keys that begin with ? are not read", "write key: value"},
}

// syntax turns an error of the parser into a problem.
func syntax(file string, err error) problem.Problem {
	p := problem.Problem{Place: problem.Place{File: file}, Text: err.Error()}
	var located yaml.Error
	if errors.As(err, &located) {
		p.Text = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	return p
}

// place is where a node begins.
func place(file string, n ast.Node) problem.Place {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && !m.IsFlowStyle {
			return place(file, m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return place(file, m.Key)
	}
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return problem.Place{File: file}
	}
	return problem.Place{File: file, Line: t.Position.Line, Column: t.Position.Column}
}
