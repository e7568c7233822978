// Package trade reads trade, production and criticality data: BACI and panels made of it, UN Comtrade (v1 as CSV or JSON, legacy CSV), Eurostat Comext,
// USGS Mineral Commodity Summaries, national monthly flows, Worldwide Governance Indicators, the tables of the EU criticality studies,
// reported facts, and a company's own supplier table.
//
// Every reader knows its columns by name, has limits, and ends in a Reading: rows read, rows kept, and what was set aside and why, with the
// first place of each kind. A row that cannot be read never stops a file; a missing column or an unknown layout does, before anything is
// answered. Library holds the data sets that the program carries and the folder that goes before them. Start there.
package trade

import (
	"cmp"
	"fmt"
	"slices"

	"lodestone/internal/problem"
)

// Reading is what came of reading a file.
type Reading struct {
	Source   string    `json:"source"`
	Layout   string    `json:"layout"`
	Edition  string    `json:"edition,omitempty"` // as the file or its name says; empty: it does not
	Currency string    `json:"currency,omitempty"`
	Rows     int       `json:"rows"`
	Kept     int       `json:"kept"`
	Dropped  []Dropped `json:"dropped,omitempty"`
	Notes    []string  `json:"notes,omitempty"` // what a reader of the numbers should know

	Head     []string   `json:"-"` // headings of the file, which cells of rejected rows stand under
	Rejected []Rejected `json:"-"` // the rows set aside, in the order of the file; the first MaxRejected where there are more
}

// MaxRejected is how many rows that were set aside are kept of a file.
const MaxRejected = 100_000

// Rejected is a row that was set aside, as the file has it.
type Rejected struct {
	problem.Problem
	Cells []string // by heading; empty: it could not be told into cells, or was set aside for what other rows say
}

// Dropped is one reason why rows were set aside.
type Dropped struct {
	Why   string          `json:"why"`
	Rows  int             `json:"rows"`
	First problem.Problem `json:"first"` // where it was met first
}

// drop sets a row aside. Readers come to the rows in the order of the file, so those kept are its first.
func (r *Reading) drop(why string, p problem.Problem, cells []string) {
	p.File = r.Source
	if len(r.Rejected) < MaxRejected {
		r.Rejected = append(r.Rejected, Rejected{p, cells})
	}
	for i := range r.Dropped {
		if d := &r.Dropped[i]; d.Why == why {
			d.Rows++
			if p.Line < d.First.Line {
				d.First = p
			}
			return
		}
	}
	r.Dropped = append(r.Dropped, Dropped{why, 1, p})
}

// merge adds what another part of the same file came to.
func (r *Reading) merge(o *Reading) {
	r.Rows += o.Rows
	r.Kept += o.Kept
	for _, d := range o.Dropped {
		found := false
		for i := range r.Dropped {
			mine := &r.Dropped[i]
			if mine.Why != d.Why {
				continue
			}
			mine.Rows += d.Rows
			if d.First.Line < mine.First.Line {
				mine.First = d.First
			}
			found = true
		}
		if !found {
			r.Dropped = append(r.Dropped, d)
		}
	}
	r.Notes = append(r.Notes, o.Notes...)
	r.Rejected = append(r.Rejected, o.Rejected...)
	slices.SortStableFunc(r.Rejected, func(a, b Rejected) int { return cmp.Compare(a.Line, b.Line) })
	r.Rejected = r.Rejected[:min(len(r.Rejected), MaxRejected)]
	slices.SortStableFunc(r.Dropped, func(a, b Dropped) int { return cmp.Compare(a.First.Line, b.First.Line) })
}

// Refused counts the rows that were set aside.
func (r *Reading) Refused() int {
	n := 0
	for _, d := range r.Dropped {
		n += d.Rows
	}
	return n
}

// complete refuses a table of which a row was set aside, where an answer without that row would be wrong.
func complete(name string, r *Reading) error {
	if r.Refused() == 0 {
		return nil
	}
	first := r.Dropped[0].First
	first.File = name
	return problem.List{first}
}

func unreadable(name string, line int, text, meant string) error {
	return problem.List{{Place: problem.Place{File: name, Line: line}, Text: text, Meant: meant}}
}

// clip shortens a cell for a message.
func clip(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}

// Place is a country or territory as the trade files know it.
type Place struct {
	Code    string // two letters; ISO3 where there are none
	ISO3    string
	Name    string
	Numeric int // of BACI and Comtrade; 0: none
}

// Codes translates the country codes and spellings of the files. Codes are text: NA is Namibia.
type Codes struct {
	places  []Place
	numeric [1000]uint16 // index in places plus one
	two     map[[2]byte]uint16
	byISO3  map[string]uint16
	byName  map[string]uint16
}

// ByNumeric, ByISO3 and ByName find a place's code; ok says whether there is one.
func (c *Codes) ByNumeric(n int) (code string, ok bool) {
	if n < 0 || n >= len(c.numeric) || c.numeric[n] == 0 {
		return "", false
	}
	return c.places[c.numeric[n]-1].Code, true
}

// ByISO3 finds a place by its three letters.
func (c *Codes) ByISO3(s string) (string, bool) {
	if i, ok := c.byISO3[s]; ok {
		return c.places[i-1].Code, true
	}
	return "", false
}

// ByName finds a place by a spelling met in the files, or by its code.
func (c *Codes) ByName(s string) (string, bool) {
	if i, ok := c.byName[s]; ok {
		return c.places[i-1].Code, true
	}
	if len(s) == 2 {
		if i, ok := c.two[[2]byte{s[0], s[1]}]; ok {
			return c.places[i-1].Code, true
		}
	}
	return c.ByISO3(s)
}

// Name is the English name of a code; the code itself where none is known.
func (c *Codes) Name(code string) string {
	for i := range c.places {
		if c.places[i].Code == code {
			return c.places[i].Name
		}
	}
	return code
}

// taiwanNumeric is "Other Asia, not elsewhere specified" of the UN, which stands for Taiwan and has no two letters in the BACI table.
const taiwanNumeric = 490

// add enters a place; a second numeric code of the same country (a former state) joins it.
func (c *Codes) add(p Place) {
	if p.Numeric == taiwanNumeric {
		p.Code, p.ISO3 = "TW", "TWN"
	}
	if p.Code == "" {
		p.Code = p.ISO3
	}
	i, known := c.byISO3[p.ISO3]
	if !known {
		c.places = append(c.places, p)
		i = uint16(len(c.places))
		c.byISO3[p.ISO3] = i
		if len(p.Code) == 2 {
			c.two[[2]byte{p.Code[0], p.Code[1]}] = i
		}
	}
	if p.Numeric > 0 && p.Numeric < len(c.numeric) {
		c.numeric[p.Numeric] = i
	}
	if p.Name != "" {
		c.byName[p.Name] = i
	}
}

func newCodes() *Codes {
	return &Codes{two: map[[2]byte]uint16{}, byISO3: map[string]uint16{}, byName: map[string]uint16{}}
}

// fail wraps an error of reading with the name of the file.
func fail(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }
