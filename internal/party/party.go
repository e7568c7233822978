// Package party tells whether a stated name is that of a listed party, and why.
//
// NewIndex takes the parties of some lists; a Searcher finds those that a name may mean, each with a score and its evidence in words; a
// Comparer scores two names. The same two names have the same score in both. Names are compared across scripts: letters are romanised,
// Chinese characters read in several languages, words of organisations translated by a table (tables/). Legal forms weigh little, numbers
// and rare words much. Standing, dates and measures are carried, not judged.
//
// Limits: a name is looked at to its 300th letter and 24th word; translated names are found only as far as the table reaches; no match is
// no clearance. The package is pure: no clock, disk or network.
package party

import (
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// Type is what a party is.
type Type string

// The types. The empty type is: not known.
const (
	Person       Type = "person"
	Organization Type = "organization"
	Vessel       Type = "vessel"
	Aircraft     Type = "aircraft"
)

// Name is one name of a listed party, as printed.
type Name struct {
	Text string
	Weak bool // the list itself calls the alias weak
}

// Identifier is a number that names one party: an IMO number, a passport, a company number.
type Identifier struct {
	Kind  string // as the list calls it
	Value string
}

// Party is a listing: one party on one list.
type Party struct {
	List        string // short code of the list: SDN, EL, EU
	ID          string // the list's own number; empty: the list gives none
	Type        Type
	Names       []Name // the first is the primary name
	Countries   []string
	Born        []string // dates or years, as printed
	Identifiers []Identifier
	Measure     string    // what the list says follows: programmes, licence requirement and policy
	Listed      when.Date // day of listing; zero: not given
	Ended       when.Date // last day of the measure; zero: none is given
	Source      string    // where the listing may be read; empty: not given
}

// Query is a name to look for.
type Query struct {
	Name    string
	Aliases []string
	Type    Type     // empty: not known
	Country string   // empty: not known
	Born    string   // day, month, year or range, as people write them; empty: not known
	Numbers []string // identifiers: IMO, LEI, USCC, passport, tail number; empty: none is known
}

// DefaultThreshold is the score from which a hit is shown. It was chosen on labelled data, whose figures stand in docs/parties.md.
const DefaultThreshold = 0.72

// DefaultLimit is the number of hits shown for a name.
const DefaultLimit = 10

// Match is a listing that a name may mean.
type Match struct {
	Party    *Party
	Number   int // of the party in the index
	Name     int // number of the name that matched
	Score    float64
	Evidence []sentence.Sentence
}

// Folded is a name by its letters and digits alone: two names that fold alike are the same name.
func Folded(name string) string {
	text, _ := clean(name)
	return squeeze(text)
}
