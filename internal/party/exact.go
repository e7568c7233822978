// Package party tells whether a stated name is that of a listed party.
//
// Exact finds names that are the same but for capitals, width, blanks and punctuation, by primary name and by alias. Start with NewExact.
// Limits: a name spelt otherwise, or in another script than the list prints, is not found; no match is no clearance.
package party

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lodestone/internal/fact"
	"lodestone/internal/law"
)

// Exact looks names up in the party lists of a book. It may be used by several goroutines.
type Exact struct {
	byName map[string][]entry
}

type entry struct {
	listing int
	name    string // as printed
	kind    string // exact, alias
}

// NewExact indexes the listings of a book.
func NewExact(b *law.Book) *Exact {
	x := &Exact{byName: map[string][]entry{}}
	for i := range b.Listings {
		p := b.Listings[i].Party
		for _, name := range []string{p.Names.En, p.Names.Zh, p.Names.Ko} {
			x.put(name, entry{i, name, "exact"})
		}
		for _, name := range p.Aliases {
			x.put(name, entry{i, name, "alias"})
		}
	}
	return x
}

func (x *Exact) put(name string, e entry) {
	key := Normal(name)
	if key == "" {
		return
	}
	for _, have := range x.byName[key] {
		if have.listing == e.listing {
			return
		}
	}
	x.byName[key] = append(x.byName[key], e)
}

// Find adds the listings that the item's consignee and end user match.
func (x *Exact) Find(it *fact.Item) {
	x.find(it, "consignee", it.Consignee)
	if it.EndUser != it.Consignee {
		x.find(it, "end_user", it.EndUser)
	}
}

func (x *Exact) find(it *fact.Item, field, name string) {
	if name == "" {
		return
	}
	for _, e := range x.byName[Normal(name)] {
		it.Listed = append(it.Listed, fact.Listed{Field: field, Listing: e.listing, Score: 1, Name: e.name, Kind: e.kind})
	}
}

// Normal makes two spellings of a name alike: compatibility forms folded, lower case, letters and digits only. "&" reads as "and".
func Normal(name string) string {
	name = strings.ReplaceAll(norm.NFKC.String(name), "&", " and ")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
