package decision

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lodestone/internal/enforce"
)

// Every span, cut from the text and read again, gives its value; every value without a span names what it was derived from.
func TestSpansGiveTheirValues(t *testing.T) {
	r := testReader(t)
	for name, text := range texts(t) {
		record := r.Read(name, text)
		checkSpans(t, r, &record, text)
	}
}

// texts are our own decisions and, where they are at hand, the labelled ones.
func texts(t *testing.T) map[string]string {
	all := map[string]string{}
	for _, pattern := range []string{"testdata/*.txt", filepath.Join(labelled, "texts", "*.txt")} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.Base(name)] = string(b)
		}
	}
	return all
}

func checkSpans(t *testing.T, r *Reader, record *enforce.Record, text string) {
	t.Helper()
	b, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	runes := []rune(text)
	for path, span := range record.Spans {
		value, ok := at(doc, path)
		if !ok {
			t.Errorf("%s: span of %s, which the record does not have", record.ID, path)
			continue
		}
		cut := string(runes[span[0]:span[1]])
		if !again(r, path, cut, value) {
			t.Errorf("%s: %s is %v, its span gives %q", record.ID, path, value, cut)
		}
	}
	for _, path := range leaves(doc, "") {
		if _, ok := record.Spans[path]; !ok && !named(record, path) {
			t.Errorf("%s: %s has neither a span nor what it was derived from", record.ID, path)
		}
	}
}

// again reads a piece of text as the kind of value that stands at a path.
func again(r *Reader, path, cut string, value any) bool {
	f := fold(cut)
	s := f.s
	if text, ok := value.(string); ok {
		canonical, _ := r.offices.canonical(s)
		if s == text || unquoted(s) == text || canonical == text || text == "某" || strings.Contains(path, "legal_basis") {
			return true
		}
	}
	for _, k := range lex(s) {
		switch v := value.(type) {
		case string:
			if k.day.String() == v || k.unit == v || k.currency == v || k.terms == v || k.digits == v {
				return true
			}
		case float64:
			if n, _ := strconv.ParseFloat(k.number.String(), 64); n == v {
				return true
			}
		}
	}
	if number, ok := value.(float64); ok { // a customs code or a quantity cut without its neighbours
		return strings.Contains(s, fmt.Sprint(number))
	}
	_, cited := value.(map[string]any)
	return cited && strings.Contains(path, "legal_basis")
}

func at(doc any, path string) (any, bool) {
	for _, key := range strings.Split(path, ".") {
		switch x := doc.(type) {
		case map[string]any:
			v, ok := x[key]
			if !ok {
				return nil, false
			}
			doc = v
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(x) {
				return nil, false
			}
			doc = x[i]
		default:
			return nil, false
		}
	}
	return doc, doc != nil
}

// plain are keys that say how the text was read, or follow from the rest of the record by definition.
const plain = " id text_file script text_kind notes sources spans derived issuing_customs_from supervising_customs_from leniency_evidence has_legal_basis has_penalty export_control "

// leaves are the paths of the values of a record that claim something about the case.
func leaves(doc any, path string) (out []string) {
	switch x := doc.(type) {
	case map[string]any:
		if strings.HasPrefix(path, "legal_basis.") {
			return []string{path}
		}
		for k, v := range x {
			if path == "" && strings.Contains(plain, " "+k+" ") {
				continue
			}
			out = append(out, leaves(v, strings.TrimPrefix(path+"."+k, "."))...)
		}
	case []any:
		for i, v := range x {
			out = append(out, leaves(v, path+"."+strconv.Itoa(i))...)
		}
	case nil:
	case bool:
		if x {
			out = append(out, path)
		}
	case string:
		if x != "" {
			out = append(out, path)
		}
	default:
		out = append(out, path)
	}
	return out
}

// named says whether a value, or what it is part of, names its inputs.
func named(r *enforce.Record, path string) bool {
	for p := path; p != ""; {
		if len(r.Derived[p]) > 0 {
			return true
		}
		i := strings.LastIndexByte(p, '.')
		if i < 0 {
			break
		}
		p = p[:i]
	}
	return false
}
