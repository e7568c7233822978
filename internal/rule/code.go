package rule

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/fact"
)

// hs and control_code: the declared code begins with one of these. A code that is too short to tell is unknown. For dual-use items a
// customs code is never a condition; it is one where a catalogue is made of codes (goods licences, trade stops).
type prefix struct {
	said
	codes []string
	exact map[string]bool // many codes: looked up, not scanned; nil: few
	sizes []int           // of the codes looked up, each once
}

func newPrefix(column string, codes []string) (Node, error) {
	for _, code := range codes {
		if code == "" || column == "hs" && strings.Trim(code, "0123456789") != "" {
			return nil, fmt.Errorf("%q is no code", code)
		}
	}
	test := strings.Join(codes, ", ")
	if len(codes) > 6 {
		test = fmt.Sprintf("one of %d codes", len(codes))
	}
	l := &prefix{said: said{column, test}, codes: codes}
	if column == "hs" && len(codes) > 16 {
		l.exact = make(map[string]bool, len(codes))
		for _, code := range codes {
			l.exact[code] = true
			if !slices.Contains(l.sizes, len(code)) {
				l.sizes = append(l.sizes, len(code))
			}
		}
	}
	return l, nil
}

func (l *prefix) code(c *Case) string {
	if l.fact == "hs" {
		return c.HS
	}
	return c.ControlCode
}

func (l *prefix) Eval(c *Case) Truth {
	code := l.code(c)
	if code == "" {
		return Unknown
	}
	if l.exact != nil && len(code) >= 10 {
		for _, n := range l.sizes {
			if n <= len(code) && l.exact[code[:n]] {
				return Yes
			}
		}
		return No
	}
	t := No
	for _, p := range l.codes {
		if strings.HasPrefix(code, p) {
			return Yes
		}
		if strings.HasPrefix(p, code) {
			t = Unknown
		}
	}
	return t
}

func (l *prefix) Found(c *Case) Found {
	if code := l.code(c); code != "" {
		return Found{Value: code, Source: fact.Column}
	}
	return Found{}
}

func (l *prefix) necessary(n *Needs) {
	if l.fact == "hs" {
		n.narrowCodes(l.codes)
	}
}

// hs_elsewhere: a customs code is declared, and it begins with none of these. Where none is declared there is nothing to doubt: no.
type elsewhere struct{ prefix }

func newElsewhere(codes []string) (Node, error) {
	n, err := newPrefix("hs", codes)
	if err != nil {
		return nil, err
	}
	return &elsewhere{*n.(*prefix)}, nil
}

func (l *elsewhere) Eval(c *Case) Truth {
	if c.HS == "" {
		return No
	}
	return Not(l.prefix.Eval(c))
}

func (l *elsewhere) Test() string { return "not " + l.prefix.Test() }

func (l *elsewhere) necessary(n *Needs) {}
