package party

import (
	"strings"
	"sync"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/sentence"
)

// Sure is the score from which a hit counts as the listed party itself: the same name but for its order, legal form or a letter that sounds
// the same. Below it whether the two are one is unknown.
const Sure = 0.95

// OfBook are the listings of a book as parties, in the order of its listings.
func OfBook(b *law.Book) []Party {
	parties := make([]Party, len(b.Listings))
	for i := range b.Listings {
		l := &b.Listings[i]
		p := Party{
			List: b.Lists[l.List].ID, Type: Type(l.Party.Type), Measure: strings.Join(l.Announcement.Measures, ", "), Listed: l.Announcement.From,
			Source: l.Announcement.Source,
		}
		if l.Party.Country != "" {
			p.Countries = []string{l.Party.Country}
		}
		for _, name := range append([]string{l.Party.Names.En, l.Party.Names.Zh, l.Party.Names.Ko}, l.Party.Aliases...) {
			if name != "" {
				p.Names = append(p.Names, Name{Text: name})
			}
		}
		parties[i] = p
	}
	return parties
}

// Finder finds the listings of a book that the parties of an item match, and those of lists loaded beside it. It remembers names; use one a
// goroutine, made by Clone.
type Finder struct {
	listings func() *listings
	searcher *Searcher // nil: no name was looked up yet
	beside   *Index    // of lists beside those of the book; nil: there are none
	loaded   *Searcher // of that; nil: no name was looked up yet
	seen     map[string]found
}

// found are the hits of a name.
type found struct {
	listed []fact.Listed
	loaded []fact.Loaded
}

// listings are those of a book, made ready to be searched.
type listings struct {
	index   *Index
	aliases []int // by listing: the first name that is an alias
}

const (
	mostListings = 50     // hits of one name
	namesSeen    = 10_000 // names whose hits are remembered
)

// NewFinder finds among the listings of a book. They are indexed when the first name is looked up: many a question names nobody.
func NewFinder(b *law.Book) *Finder {
	f := &Finder{listings: sync.OnceValue(func() *listings { return listingsOf(b) })}
	return f.Clone()
}

func listingsOf(b *law.Book) *listings {
	l := &listings{index: NewIndex(OfBook(b)), aliases: make([]int, len(b.Listings))}
	for i := range b.Listings {
		l.aliases[i] = len(l.index.parties[i].Names) - len(b.Listings[i].Party.Aliases)
	}
	return l
}

// Clone is a finder of the same listings for another goroutine.
func (f *Finder) Clone() *Finder {
	return &Finder{listings: f.listings, beside: f.beside, seen: map[string]found{}}
}

// Beside is a finder that finds the parties of an index as well: those of lists of which the law says nothing.
func (f *Finder) Beside(x *Index) *Finder {
	return &Finder{listings: f.listings, beside: x, seen: map[string]found{}}
}

// HasBeside says whether there are lists beside those of the book.
func (f *Finder) HasBeside() bool { return f.beside != nil }

// Find adds the listings that the item's consignee and end user match.
func (f *Finder) Find(it *fact.Item) {
	f.find(it, "consignee", it.Consignee)
	if it.EndUser != it.Consignee {
		f.find(it, "end_user", it.EndUser)
	}
}

func (f *Finder) find(it *fact.Item, field, name string) {
	if name == "" {
		return
	}
	hits, ok := f.seen[name]
	if !ok {
		hits = f.search(name)
		if len(f.seen) >= namesSeen {
			clear(f.seen)
		}
		f.seen[strings.Clone(name)] = hits
	}
	for _, hit := range hits.listed {
		hit.Field = field
		it.Listed = append(it.Listed, hit)
	}
	for _, hit := range hits.loaded {
		hit.Field = field
		it.Loaded = append(it.Loaded, hit)
	}
}

// Search lists the listings that a name may mean, best first.
func (f *Finder) Search(name string, limit int) []Match {
	if f.searcher == nil {
		f.searcher = NewSearcher(f.listings().index)
	}
	return f.searcher.Search(Query{Name: name}, DefaultThreshold, limit)
}

func (f *Finder) search(name string) (hits found) {
	among := f.listings()
	for _, m := range f.Search(name, mostListings) {
		evidence := m.Evidence
		switch {
		case m.Score < 1:
		case m.Name >= among.aliases[m.Number]:
			evidence = []sentence.Sentence{sentence.Of("alias")}
		default:
			evidence = []sentence.Sentence{sentence.Of("exact")}
		}
		hits.listed = append(hits.listed, fact.Listed{Listing: m.Number, Score: m.Score, Name: m.Party.Names[m.Name].Text, Evidence: evidence})
	}
	if f.beside == nil {
		return hits
	}
	if f.loaded == nil {
		f.loaded = NewSearcher(f.beside)
	}
	for _, m := range f.loaded.Search(Query{Name: name}, DefaultThreshold, mostListings) {
		hits.loaded = append(hits.loaded, fact.Loaded{List: m.Party.List, Entry: m.Party.ID, Name: m.Party.Names[m.Name].Text, Measure: m.Party.Measure, Source: m.Party.Source,
			From: m.Party.Listed, To: m.Party.Ended, Score: m.Score, Evidence: m.Evidence})
	}
	return hits
}
