// Package declared reads material declarations: IPC-1752A and B, IEC 62474 and 82474, chemSHERPA (IEC 62474 in a zip), and plain tables of
// substances. It gives parts with their homogeneous materials, and says what follows for the elements of each.
//
// Amounts in ppm or mass percent are of the homogeneous material, not of the part. A number that hides elements (steel, glass), a substance that
// is not disclosed, and mass that the list does not account for may hold any element: they widen every share, and are never read as nothing. A
// substance line that cannot be read is refused alone, as content of which nothing is known. Start with Read; Compose gives the composition.
package declared

import (
	"math/big"
	"slices"
	"strings"

	"lodestone/internal/problem"
	"lodestone/internal/vocab"
)

// Declaration is what was read of one file.
type Declaration struct {
	Supplier string // empty: not stated
	Parts    []Part
	Problems problem.List // lines that were refused, and what else the reader has to say
}

// Part is a product or a part of one.
type Part struct {
	Number    string // empty: not stated; then Name stands for it
	Name      string
	Parent    string   // id of the part that it is part of; empty: at the top
	Count     string   // how many of it are in the parent; empty: one
	Mass      *big.Rat // grams; nil: not stated
	Materials []Material
	Flags     []Substance // declared of the part as a whole: above or below a threshold (class C)
	Line      int
}

// ID is the number by which a bill of material names the part.
func (p *Part) ID() string {
	if p.Number != "" {
		return p.Number
	}
	return p.Name
}

// Material is a homogeneous material of a part.
type Material struct {
	Name       string
	Mass       *big.Rat // grams in one part; nil: not stated
	Fraction   *big.Rat // of the part, where that is what is stated; nil: it is not
	Full       bool     // declared to be a full list of substances
	Substances []Substance
	Line       int
}

// Substance is one line of a material: what it is, and how much of the material.
type Substance struct {
	Name string
	CAS  string
	// Low and High are percent of the material. Nil: not stated; High nil may be all of it.
	Low, High *big.Rat
	Maybe     bool // it may be none at all: below a threshold
	Unread    bool // the line could not be read: anything may be in it
}

var (
	zero    = new(big.Rat)
	hundred = big.NewRat(100, 1)
	// slack is how far the sum of rounded amounts may be from the whole, in percent.
	slack = big.NewRat(1, 2)
)

// Index holds the parts of declarations by their numbers, for a bill that names them.
type Index struct {
	compositions map[string]string
	used         map[string]bool
	order        []string
}

// NewIndex gathers declarations. A part that is declared twice, and differently, is named and the first stands.
func NewIndex(v *vocab.Vocab, list []*Declaration) (*Index, problem.List) {
	x := &Index{compositions: map[string]string{}, used: map[string]bool{}}
	var problems problem.List
	for _, d := range list {
		for i := range d.Parts {
			p := &d.Parts[i]
			key, composition := partKey(p.ID()), p.Compose(v)
			if key == "" {
				continue
			}
			old, twice := x.compositions[key]
			if twice && old != composition {
				problems = append(problems, problem.Problem{Field: p.ID(), Text: "the part is declared twice, and differently; the first declaration is taken",
					Meant: "one declaration a part", Warning: true})
			}
			if !twice {
				x.compositions[key] = composition
				x.order = append(x.order, p.ID())
			}
		}
	}
	return x, problems
}

// partKey makes part numbers comparable: letters in one case, no blanks.
func partKey(id string) string { return strings.ToUpper(strings.Join(strings.Fields(id), "")) }

// Composition is the composition of a part as the column of that name has it; ok is false where no declaration names the part.
func (x *Index) Composition(id string) (composition string, ok bool) {
	key := partKey(id)
	composition, ok = x.compositions[key]
	if ok {
		x.used[key] = true
	}
	return composition, ok
}

// Parts counts the declared parts.
func (x *Index) Parts() int { return len(x.order) }

// Unused lists the parts that were not asked for.
func (x *Index) Unused() []string {
	return slices.DeleteFunc(slices.Clone(x.order), func(id string) bool { return x.used[partKey(id)] })
}
