// Package lodestone is the engine as a Go package: it tells which export rules bear on a thing, why, on which day, and what is missing to know.
//
// Open loads the law. A Desk answers: it reads an item from columns (docs/columns.md), determines it at an At, explains the result, judges a part
// within its structure, and says whether a name is that of a listed party. Every question carries its two times: the day whose law applies, and the day
// up to which one could know of it. The same law, At and facts give the same answer, on any machine.
//
// The package is thin over the engine, and the program itself goes through it. What its types hold is described where they are declared; they name
// norms by number in Law.Norms, layers by number in Law.Assessed.Layers, and listings by number in Law.Listings.
//
// Limits: an answer is not legal advice, it covers the acts that were read up to Law.Assessed.Horizon, and "not controlled" is no clearance.
// A Law is not changed once it is open and serves any number of goroutines; a Desk serves one.
package lodestone

import (
	"fmt"
	"io/fs"

	"lodestone/internal/bom"
	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/lawfile"
	"lodestone/internal/problem"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

// The words of the engine, under the names that callers need to say them.
type (
	Law         = law.Book           // acts and norms, ready to answer
	At          = when.At            // the two times of a question; a zero KnownBy is the newest day that was assessed
	Date        = when.Date          // a calendar day
	Defaults    = fact.Defaults      // what counts for items that name none; Law.Vocab.CountryOf reads countries
	Item        = fact.Item          // what is known of a thing, its parties and its way
	Result      = decide.Result      // outcome, what it may still be, and the findings behind it
	Explanation = decide.Explanation // requirements with their reasons, questions, near misses, the next change
	Rates       = bom.Rates          // between the currencies of parts
	Problem     = problem.Problem    // what is wrong with an input, where, and what was probably meant
	Problems    = problem.List
)

// Outcomes, from the mildest to the most severe; Outcome.String gives the word that the program prints.
const (
	NotCovered     = law.NotCovered
	NotControlled  = law.NotControlled
	Suspended      = law.Suspended
	CannotTell     = law.CannotTell
	Review         = law.Review
	NotEstablished = law.NotEstablished
	GoodsLicence   = law.GoodsLicence
	Licence        = law.Licence
	Deny           = law.Deny
	Prohibited     = law.Prohibited
)

// Day makes a Date of a year, month and day that exist in the calendar.
func Day(year, month, day int) Date { return when.Day(year, month, day) }

// ParseDate reads YYYY-MM-DD.
func ParseDate(text string) (Date, error) { return when.ParseDate(text) }

// Open loads the law that the package carries and, where further is not nil, the law files of that folder besides (docs/law-format.md). Problems that
// are not warnings mean that there is no law.
func Open(further fs.FS) (*Law, Problems, error) {
	if further != nil {
		return openWith(further)
	}
	files, err := lawdata.Files()
	if err != nil {
		return nil, nil, fmt.Errorf("the law carried by the program: %w", err)
	}
	book, err := law.Compile(files)
	return book, nil, err
}

// openWith reads the text of the law carried, since only that holds the witnesses which lint asks for, and a folder besides.
func openWith(further fs.FS) (*Law, Problems, error) {
	base, problems := lawfile.Read(lawdata.Text())
	more, found := lawfile.Read(further)
	files, clash := lawfile.Merge(base, more)
	problems = append(append(problems, found...), clash...)
	problems = append(problems, lawfile.Lint(files)...)
	if problems.Refusals() > 0 {
		return nil, problems, nil
	}
	book, err := law.Compile(files)
	return book, problems, err
}
