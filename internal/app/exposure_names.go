package app

import (
	"slices"
	"strings"

	"lodestone/internal/ingest/trade"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
)

// Countries, minerals and customs lines as people name them.

// isLine says that a question names a six-digit customs line.
func isLine(mineral string) bool {
	return len(mineral) == 6 && strings.Trim(mineral, "0123456789") == ""
}

// country reads a code or a name.
func (e *Exposure) country(s string) (string, error) {
	place, err := e.places()
	if err != nil {
		return "", err
	}
	if code, ok := place(s); ok {
		return code, nil
	}
	if meant := problem.Nearest(s, e.Vocab.CountryNames()); meant != "" {
		return "", sentence.Of("%q is no country; %s was probably meant", s, meant)
	}
	return "", sentence.Of("%q is no country; give two letters (ISO 3166) or a name in English, Chinese or Korean", s)
}

// places finds countries by code, by the spellings of the trade files, and by names in three languages.
func (e *Exposure) places() (func(string) (string, bool), error) {
	codes, err := e.Library.Codes()
	return func(s string) (string, bool) {
		if code, ok := codes.ByName(s); ok {
			return code, true
		}
		if code, ok := codes.ByName(strings.ToUpper(s)); ok {
			return code, true
		}
		c, ok := e.Vocab.CountryOf(s)
		return c.String(), ok
	}, err
}

// Minerals lists the minerals that have customs lines, each once.
func (e *Exposure) Minerals() ([]string, error) {
	all, err := e.lines()
	var names []string
	for _, l := range all {
		names = append(names, l.Mineral)
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// mineralLines are the customs lines of a mineral, each once. A six-digit code stands for itself. A line that holds a mineral only in the newer
// nomenclature is a bundle in the older one, in which the flows are, where other minerals lead to it as well.
func (e *Exposure) mineralLines(mineral string) ([]trade.MineralLine, error) {
	all, err := e.lines()
	if err == nil {
		mineral, err = e.mineralNamed(mineral)
	}
	if err != nil {
		return nil, err
	}
	code := isLine(mineral)
	var lines []trade.MineralLine
	for _, l := range all {
		if l.Mineral != mineral && !(code && (l.HS2017 == mineral || l.HS2022 == mineral)) {
			continue
		}
		if !slices.ContainsFunc(lines, func(x trade.MineralLine) bool { return x.HS2017 == l.HS2017 }) {
			l.Exact = l.Exact && !slices.ContainsFunc(all, func(x trade.MineralLine) bool { return x.HS2017 == l.HS2017 && x.Mineral != l.Mineral })
			if code && !l.Exact {
				l.Mineral = mineral // figures on one of its minerals say nothing of the line
			}
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 { // a line that the table does not name
		lines = []trade.MineralLine{{Mineral: mineral, Stage: "line", HS2022: mineral, HS2017: mineral, Exact: true}}
	}
	return lines, nil
}

// mineralNamed finds a mineral of the customs table by its name in any of the three languages; a customs line stays as it is, and so does "".
func (e *Exposure) mineralNamed(name string) (string, error) {
	plain := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	if plain == "" || isLine(plain) {
		return plain, nil
	}
	all, err := e.Minerals()
	if err != nil || slices.Contains(all, plain) {
		return plain, err
	}
	for _, m := range all {
		for _, lang := range report.Languages {
			s := report.Speaker{Lang: lang, Vocab: e.Vocab}
			if strings.EqualFold(s.Mineral(m), strings.TrimSpace(name)) {
				return m, nil
			}
		}
	}
	if el, ok := e.Vocab.ElementNamed(strings.TrimSpace(name)); ok {
		for _, m := range all {
			if other, ok := e.Vocab.ElementNamed(m); ok && other == el {
				return m, nil
			}
		}
	}
	if meant := problem.Nearest(plain, all); meant != "" {
		return "", sentence.Of("%q is no mineral of the table; %s was probably meant", name, meant)
	}
	return "", sentence.Of("%q is no mineral of the table; there are: %s; or give a six-digit customs line", name, strings.Join(all, ", "))
}
