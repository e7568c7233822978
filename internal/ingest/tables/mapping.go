package tables

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/problem"
	"lodestone/internal/vocab"
)

// ParseMap reads what a user says of headings: column=heading, once for each column.
func ParseMap(pairs []string, v *vocab.Vocab) (map[string]string, error) {
	m := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		column, heading, ok := strings.Cut(pair, "=")
		if heading = trimHeading(heading); !ok || heading == "" {
			return nil, fmt.Errorf("%q is not column=heading; for example --map hs=\"Tariff item\"", pair)
		}
		id, known := v.Column(column)
		if !known {
			return nil, fmt.Errorf("%q is no column; meant %s? (docs/columns.md lists them)", column, problem.Nearest(column, v.ColumnNames()))
		}
		if _, twice := m[id]; twice {
			return nil, fmt.Errorf("%s is given twice", id)
		}
		m[id] = heading
	}
	return m, nil
}

func trimHeading(h string) string { return strings.Trim(h, " \t\r\n\u00a0\u3000\ufeff") }

// mapped is the column that a heading means by the user's word.
func (t *Table) mapped(heading string) (id string, ok bool) {
	for id, h := range t.opt.Map {
		if strings.EqualFold(h, heading) {
			return id, true
		}
	}
	return "", false
}

// checkMap refuses a file without a heading that the user names.
func (t *Table) checkMap(headings []string, line int) error {
	var problems problem.List
	for _, id := range slices.Sorted(maps.Keys(t.opt.Map)) {
		want := t.opt.Map[id]
		if slices.ContainsFunc(headings, func(h string) bool { return strings.EqualFold(trimHeading(h), want) }) {
			continue
		}
		meant := problem.Nearest(want, headings)
		if meant == "" {
			meant = "its headings are " + clip(strings.Join(headings, ", "))
		}
		problems = append(problems, problem.Problem{Place: problem.Place{File: t.Name, Line: line}, Field: "--map " + id,
			Text: fmt.Sprintf("no heading %q", want), Meant: meant})
	}
	if problems != nil {
		return problems
	}
	return nil
}

// suggest notes Chinese and Korean headings that are passed through and are one sign away from that of a column which the table lacks. They
// are no reason to refuse the file, as a misspelt English one is: one sign can make another word.
func (t *Table) suggest(line int) {
	has := map[string]bool{}
	for _, c := range t.Columns {
		has[c.ID] = true
	}
	for i, c := range t.Columns {
		if c.ID != "" || utf8.RuneCountInString(c.Heading) < 3 || c.Heading[0] < utf8.RuneSelf {
			continue
		}
		if id, name := nearHeading(t.v, c.Heading); id != "" && !has[id] {
			t.Notes = append(t.Notes, problem.Problem{Place: problem.Place{File: t.Name, Line: line, Column: i + 1}, Field: c.Heading, Warning: true,
				Text: "no known heading; it is passed through", Meant: fmt.Sprintf("%s? then --map %s=%s", name, id, c.Heading)})
		}
	}
}

// nearHeading finds the Chinese or Korean heading that is one sign away.
func nearHeading(v *vocab.Vocab, heading string) (id, name string) {
	for _, c := range v.Columns {
		for _, list := range [][]string{c.Names.Zh, c.Names.Ko} {
			for _, n := range list {
				if utf8.RuneCountInString(n) >= 3 && problem.Within(heading, n, 1) {
					return c.ID, n
				}
			}
		}
	}
	return "", ""
}
