package vocab

import "math/bits"

// Element is a chemical element by its atomic number; zero is none.
type Element uint8

var symbols = [...]string{"",
	"H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca",
	"Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr",
	"Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd",
	"Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg",
	"Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm",
	"Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
}

var bySymbol = func() map[string]Element {
	m := make(map[string]Element, len(symbols))
	for i, s := range symbols[1:] {
		m[s] = Element(i + 1)
	}
	return m
}()

// ElementOf reads a symbol with its capitals.
func ElementOf(symbol string) (Element, bool) {
	e, ok := bySymbol[symbol]
	return e, ok
}

func (e Element) String() string { return symbols[e] }

// Elements is a set of elements.
type Elements [2]uint64

// Add puts an element into the set.
func (s *Elements) Add(e Element) { s[e>>6] |= 1 << (e & 63) }

// Remove takes an element out of the set.
func (s *Elements) Remove(e Element) { s[e>>6] &^= 1 << (e & 63) }

// Without takes all of t away.
func (s *Elements) Without(t Elements) { s[0] &^= t[0]; s[1] &^= t[1] }

// Has says whether the element is in the set.
func (s Elements) Has(e Element) bool { return s[e>>6]>>(e&63)&1 == 1 }

// Union adds all of t.
func (s *Elements) Union(t Elements) { s[0] |= t[0]; s[1] |= t[1] }

// Meets says whether the sets share an element.
func (s Elements) Meets(t Elements) bool { return s[0]&t[0] != 0 || s[1]&t[1] != 0 }

// Empty says whether the set is empty.
func (s Elements) Empty() bool { return s[0] == 0 && s[1] == 0 }

// Each calls f with every element of the set, in order of atomic number.
func (s Elements) Each(f func(Element)) {
	for i, word := range s {
		for word != 0 {
			f(Element(i*64 + bits.TrailingZeros64(word)))
			word &= word - 1
		}
	}
}
