package lodestone

import (
	"cmp"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
)

// Desk answers questions, one after another. Making one takes longer than hundreds of answers, so keep it; it belongs to one goroutine.
type Desk struct {
	Law      *Law
	Reader   *fact.Reader     // reads items cell by cell, for callers who have rows
	Decider  *decide.Decider  // for callers who need more than the methods here
	Parties  *party.Finder    // of the lists that the law carries, and of others beside them where it was given those
	Contents *decide.Contents // what is counted and looked for in structures
}

// NewDesk makes a desk on a law; what the defaults give counts for items that name none.
func NewDesk(l *Law, d Defaults) *Desk {
	return &Desk{Law: l, Reader: fact.NewReader(l.Vocab, d), Decider: decide.New(l), Parties: party.NewFinder(l), Contents: decide.NewContents(l)}
}

// Item reads an item from its columns. Problems that are not warnings mean that it cannot be judged.
func (d *Desk) Item(columns map[string]string) (*Item, Problems) {
	it, problems := d.Reader.ReadFacts(columns)
	return &it, problems
}

// At is the time whose law applies to an item: the day that the item states, where it states one, wins over that of the question.
func (d *Desk) At(at At, it *Item) At {
	return At{Effective: cmp.Or(d.Decider.Day(it), at.Effective), KnownBy: cmp.Or(at.KnownBy, d.Law.Assessed.Horizon)}
}

// Determine answers what the law asks of an item, whose parties are looked for on the lists that the law carries. The result is valid until the desk's
// next question.
func (d *Desk) Determine(at At, it *Item) *Result {
	it.Listed, it.Loaded = it.Listed[:0], it.Loaded[:0]
	d.Parties.Find(it)
	return d.Decider.Decide(d.At(at, it), it)
}

// Explain determines an item and gives the reasons; with trace, every requirement carries its whole tree. Both are valid until the desk's next question.
func (d *Desk) Explain(at At, it *Item, trace bool) (*Result, *Explanation) {
	r := d.Determine(at, it)
	return r, d.Decider.Explain(it, trace)
}

// Name is a listing that a name may mean, and how that listing stands at the time asked about.
type Name struct {
	party.Match // Number is that of the listing in Law.Listings
	Standing    law.State
}

// Names says which listings of the law a name may mean, best first and each with its evidence. None is no clearance.
func (d *Desk) Names(at At, name string) []Name {
	at.KnownBy = cmp.Or(at.KnownBy, d.Law.Assessed.Horizon)
	var names []Name
	for _, m := range d.Parties.Search(name, party.DefaultLimit) {
		names = append(names, Name{m, d.Law.ListingState(d.Law.Listings[m.Number].Announcement, at)})
	}
	return names
}
