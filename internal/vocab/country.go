package vocab

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/when"
)

// Country is a country by its two letters; zero is none given.
type Country [2]byte

func (c Country) String() string {
	if c == (Country{}) {
		return ""
	}
	return string(c[:])
}

// CountryOf reads a two-letter code or a name in one of the three languages.
func (v *Vocab) CountryOf(s string) (Country, bool) {
	if len(s) == 2 {
		c := Country{upper(s[0]), upper(s[1])}
		if v.countries[string(c[:])] {
			return c, true
		}
	}
	if code, ok := v.spelt[fold(s)]; ok {
		return Country{code[0], code[1]}, true
	}
	return Country{}, false
}

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		return b - 32
	}
	return b
}

// CountryNames lists codes and English names, for suggestions.
func (v *Vocab) CountryNames() []string {
	var names []string
	for _, c := range v.Countries {
		names = append(append(names, c.Code), c.Names.En...)
	}
	return names
}

// Places is a dated set of countries, as a condition names it.
type Places struct {
	words   []string
	always  []Country
	members []Member // of the groups named
}

// PlacesOf reads country codes and "group:EU".
func (v *Vocab) PlacesOf(words []string) (Places, error) {
	p := Places{words: words}
	for _, w := range words {
		if id, ok := strings.CutPrefix(w, "group:"); ok {
			g, ok := v.countryGroup(id)
			if !ok {
				return p, fmt.Errorf("%q is no group of countries", id)
			}
			p.members = append(p.members, g.Members...)
			continue
		}
		if !v.countries[w] {
			return p, fmt.Errorf("%q is no country code", w)
		}
		p.always = append(p.always, Country{w[0], w[1]})
	}
	return p, nil
}

func (v *Vocab) countryGroup(id string) (CountryGroup, bool) {
	for _, g := range v.CountryGroups {
		if g.ID == id {
			return g, true
		}
	}
	return CountryGroup{}, false
}

// Has says whether a country is in the set on a day.
func (p *Places) Has(c Country, on when.Date) bool {
	for _, a := range p.always {
		if a == c {
			return true
		}
	}
	for _, m := range p.members {
		if m.Code == string(c[:]) && on >= m.From && (m.To == 0 || on <= m.To) {
			return true
		}
	}
	return false
}

// Moves says whether a country joins the set after a day, or leaves it.
func (p *Places) Moves(c Country, after when.Date) bool {
	return !slices.Contains(p.always, c) && slices.ContainsFunc(p.members, func(m Member) bool {
		return m.Code == string(c[:]) && (m.From > after || m.To >= after && m.To != 0)
	})
}

// String lists the words of the set.
func (p *Places) String() string { return strings.Join(p.words, ", ") }
