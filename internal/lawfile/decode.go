package lawfile

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"lodestone/internal/problem"
)

// maxValues is how many values one file may hold, repeated ones counted each time.
const maxValues = 1 << 20

// maxProblems is how many problems of one file are told; whoever has more reads them after the first are mended.
const maxProblems = 100

// decoder fills Go values from the nodes of one file, by the yaml tags of the struct types, and notes what does not fit. It walks the
// tree itself because go-yaml's own decoder stops at the first error, suggests nothing, and takes 2025-04-04 and NO unquoted.
type decoder struct {
	file     string
	problems problem.List
	values   int // read so far
	levels   int // of structs, around the value being read
}

func (d *decoder) note(n ast.Node, field, text, meant string) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, problem.Problem{Place: place(d.file, n), Field: field, Text: text, Meant: meant})
	}
}

// value fills v from n; field is the key under which n stands.
func (d *decoder) value(v reflect.Value, n ast.Node, field string) {
	if d.values++; d.values > maxValues {
		d.tooMany(n)
		return
	}
	if v.CanAddr() {
		switch t := v.Addr().Interface().(type) {
		case yaml.InterfaceUnmarshaler:
			d.custom(t, n, field)
			return
		case encoding.TextUnmarshaler:
			d.exact(t, n, field)
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.value(p.Elem(), n, field)
		v.Set(p)
	case reflect.Struct:
		d.fields(v, n, field)
	case reflect.Slice:
		d.list(v, n, field)
	case reflect.Map:
		d.words(v, n, field)
	case reflect.String:
		v.SetString(d.text(n, field))
	case reflect.Bool:
		d.boolean(v, n, field)
	case reflect.Int:
		d.count(v, n, field)
	}
}

func (d *decoder) tooMany(n ast.Node) {
	if d.values == maxValues+1 {
		d.problems = append(d.problems, problem.Problem{Place: place(d.file, n), Text: "the file repeats too many values"})
	}
}

// custom lets a type that may be written in two ways choose; the problems told are those of the last way it tried.
func (d *decoder) custom(t yaml.InterfaceUnmarshaler, n ast.Node, field string) {
	var last problem.List
	err := t.UnmarshalYAML(func(into any) error {
		try := decoder{file: d.file, values: d.values, levels: d.levels}
		try.value(reflect.ValueOf(into).Elem(), n, field)
		last, d.values = try.problems, try.values
		if len(last) > 0 {
			return last
		}
		return nil
	})
	if err != nil {
		d.problems = append(d.problems, last...)
	}
}

// exact reads a day or a decimal, which must stand in quotes: unquoted, other readers make a time or a binary float of it.
func (d *decoder) exact(t encoding.TextUnmarshaler, n ast.Node, field string) {
	tok := n.GetToken()
	switch n.(type) {
	case *ast.MappingNode, *ast.SequenceNode, *ast.LiteralNode, *ast.MappingValueNode:
		d.note(n, field, "one quoted value is expected, here stands "+what(n), "")
		return
	}
	err := t.UnmarshalText([]byte(tok.Value))
	switch {
	case tok.Type != token.SingleQuoteType && tok.Type != token.DoubleQuoteType:
		d.note(n, field, "dates and numbers that matter stand in quotes", `write "`+clip(tok.Value)+`"`)
	case err != nil:
		d.note(n, field, err.Error(), "")
	case tok.Value == "":
		d.note(n, field, "an empty text", "leave the key out where nothing was read")
	}
}

func (d *decoder) fields(v reflect.Value, n ast.Node, field string) {
	if d.levels++; d.levels > maxLevels {
		d.note(n, field, "conditions are nested too deep here", "")
		return
	}
	defer func() { d.levels-- }()
	table := fieldsOf(v.Type())
	place := place(d.file, n)
	if table.line != nil {
		v.FieldByIndex(table.line).SetInt(int64(place.Line))
	}
	if table.file != nil {
		v.FieldByIndex(table.file).SetString(d.file)
	}
	for key, node := range d.pairs(n, field) {
		index, ok := table.byKey[key]
		switch {
		case !ok:
			d.note(node.Key, key, "unknown key", meant(key, table.keys))
		case empty(node.Value):
		default:
			d.value(v.FieldByIndex(index), node.Value, key)
			d.country(v.FieldByIndex(index), node.Value, key)
		}
	}
}

// pairs yields the keys of a map with their nodes; a key that stands twice is refused.
func (d *decoder) pairs(n ast.Node, field string) func(func(string, *ast.MappingValueNode) bool) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		d.note(n, field, "a map ({key: value}) is expected, here stands "+what(n), "")
	}
	return func(yield func(string, *ast.MappingValueNode) bool) {
		lines := make(map[string]int, len(values))
		for _, m := range values {
			key := m.Key.GetToken().Value
			if line, twice := lines[key]; twice {
				d.note(m.Key, key, fmt.Sprintf("the key stands in line %d already", line), "")
				continue
			}
			lines[key] = m.Key.GetToken().Position.Line
			if !yield(key, m) {
				return
			}
		}
	}
}

func (d *decoder) list(v reflect.Value, n ast.Node, field string) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.note(n, field, "a list ([…]) is expected, here stands "+what(n), "")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values)))
	for i, item := range s.Values {
		if empty(item) {
			d.note(item, field, "an empty item in a list", "")
			continue
		}
		d.value(v.Index(i), item, field)
	}
}

// words reads a map whose keys are no fields: the facts of a witness, a day for each list.
func (d *decoder) words(v reflect.Value, n ast.Node, field string) {
	v.Set(reflect.MakeMap(v.Type()))
	for key, node := range d.pairs(n, field) {
		if !empty(node.Value) {
			value := reflect.New(v.Type().Elem()).Elem()
			d.value(value, node.Value, key)
			v.SetMapIndex(reflect.ValueOf(key), value)
		}
	}
}

// text reads a text; a bare word that YAML readers take for something else must be quoted.
func (d *decoder) text(n ast.Node, field string) string {
	switch t := n.(type) {
	case *ast.StringNode:
		switch bare := t.Token.Type == token.StringType; {
		case bare && legacyTruth[strings.ToLower(t.Value)]:
			d.note(n, field, t.Value+" is read as true or false by many YAML readers", `quote it: "`+t.Value+`"`)
		case bare && exponent.MatchString(t.Value):
			d.note(n, field, t.Value+" is read as a number by many YAML readers", `quote it: "`+t.Value+`"`)
		}
		return t.Value
	case *ast.LiteralNode:
		return strings.TrimRight(t.Value.Value, "\n")
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		word := n.GetToken().Value
		d.note(n, field, "a text is expected, here stands "+what(n), `quote it: "`+clip(word)+`"`)
		return word
	case *ast.MappingNode, *ast.MappingValueNode:
		d.note(n, field, "a text is expected, here stands a map", "quote a text that holds a colon")
		return ""
	}
	d.note(n, field, "a text is expected, here stands "+what(n), "")
	return ""
}

// legacyTruth holds the words that YAML 1.1 reads as true or false.
var legacyTruth = map[string]bool{"yes": true, "no": true, "on": true, "off": true, "y": true, "n": true}

// exponent matches what YAML 1.2 reads as a number and go-yaml as a text: control codes of technology are such words (1E901).
var exponent = regexp.MustCompile(`^[-+]?[0-9]+[eE][0-9]+$`)

// countryKeys are the keys whose values are countries; From of a part or a suspension is a day and does not come here.
var countryKeys = map[string]bool{
	"exported": true, "leaving": true, "from": true, "destination": true, "origin": true, "made_in": true, "tech_origin": true, "recipient_nationality": true,
	"country": true, "now": true, "read_as": true, "apart_from": true,
}

// country refuses bare country codes: one of them is NO.
func (d *decoder) country(v reflect.Value, n ast.Node, key string) {
	if !countryKeys[key] {
		return
	}
	var items []ast.Node
	switch v.Interface().(type) {
	case string:
		items = []ast.Node{n}
	case []string:
		if s, ok := n.(*ast.SequenceNode); ok {
			items = s.Values
		}
	}
	for _, item := range items {
		s, ok := item.(*ast.StringNode)
		if ok && s.Token.Type == token.StringType && len(s.Value) == 2 && !legacyTruth[strings.ToLower(s.Value)] {
			d.note(item, key, "country codes stand in quotes: NO is a country, not false", `write "`+s.Value+`"`)
		}
	}
}

func (d *decoder) boolean(v reflect.Value, n ast.Node, field string) {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		d.note(n, field, "true or false is expected, here stands "+what(n), "")
		return
	}
	v.SetBool(b.Value)
}

func (d *decoder) count(v reflect.Value, n ast.Node, field string) {
	i, err := strconv.Atoi(n.GetToken().Value)
	if _, ok := n.(*ast.IntegerNode); !ok || err != nil || i < 0 || i > 1_000_000 {
		d.note(n, field, "a count is expected, here stands "+what(n), "")
		return
	}
	v.SetInt(int64(i))
}

// empty says that a key has no value; null and ~ count as words, because an empty key already says it.
func empty(n ast.Node) bool {
	null, ok := n.(*ast.NullNode)
	return ok && null.Token.Type == token.ImplicitNullType
}

// what names a node for a message.
func what(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a map"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.BoolNode:
		return "the truth value " + n.GetToken().Value
	case *ast.IntegerNode, *ast.FloatNode:
		return "the number " + clip(n.GetToken().Value)
	}
	return strconv.Quote(clip(n.GetToken().Value))
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// meant phrases the suggestion for a word, or returns "".
func meant(word string, candidates []string) string {
	if near := problem.Nearest(word, candidates); near != "" {
		return "meant " + near + "?"
	}
	return ""
}

// fieldTable is the keys of a struct type, in the order of its fields.
type fieldTable struct {
	keys  []string
	byKey map[string][]int
	line  []int // index of the field Line, which no key fills; nil: it has none
	file  []int
}

var fieldTables sync.Map // reflect.Type to *fieldTable

func fieldsOf(t reflect.Type) *fieldTable {
	if known, ok := fieldTables.Load(t); ok {
		return known.(*fieldTable)
	}
	table := &fieldTable{byKey: map[string][]int{}}
	for _, f := range reflect.VisibleFields(t) {
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case key == "-" && f.Name == "Line":
			table.line = f.Index
		case key == "-" && f.Name == "File":
			table.file = f.Index
		case key != "-" && key != "":
			table.keys = append(table.keys, key)
			table.byKey[key] = f.Index
		}
	}
	fieldTables.Store(t, table)
	return table
}
