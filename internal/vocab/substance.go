package vocab

import (
	"fmt"
	"strings"
)

// Family is a word for several elements at once: rare earths, platinum metals. That a thing holds some of a family does not say which.
type Family struct {
	ID       string   `yaml:"id"`
	Names    Names    `yaml:"names"`
	Elements []string `yaml:"elements"`
	Loose    bool     `yaml:"loose"` // none of it says nothing of the elements: it is a compound of them, or a word of no settled extent
	Note     string   `yaml:"note"`
}

// Substance is a chemical substance by its CAS number, as material declarations name it.
type Substance struct {
	CAS      string   `yaml:"cas"`
	Name     string   `yaml:"name"`
	Elements []string `yaml:"elements"` // contained for certain; empty: the number does not say
	Open     bool     `yaml:"open"`     // it holds further elements, or may: an alloy, a glass, a resin with additives
}

// Stuff is what a CAS number says of the elements of a substance.
type Stuff struct {
	Elements Elements // contained for certain
	Open     bool     // it may hold others besides
}

type compiledFamily struct {
	elements Elements
	loose    bool
}

// compileSubstances makes the look-ups of families and of CAS numbers. A number that stands in substances comes before that of a kind.
func (v *Vocab) compileSubstances() error {
	v.families = make(map[string]compiledFamily, 4*len(v.Families))
	for _, f := range v.Families {
		set, err := elementSet(f.Elements)
		if err != nil {
			return fmt.Errorf("vocab/substances: %s: %w", f.ID, err)
		}
		f.Names.Each(func(s string) { v.families[strings.ToLower(s)] = compiledFamily{set, f.Loose} })
	}
	v.stuff = make(map[string]Stuff, len(v.Substances))
	for i, k := range v.Kinds {
		for _, cas := range k.CAS {
			id := KindID(i + 1)
			v.stuff[cas] = Stuff{v.KindElements(id), !v.Pure(id)}
		}
	}
	for _, s := range v.Substances {
		set, err := elementSet(s.Elements)
		if err != nil {
			return fmt.Errorf("vocab/substances: %s: %w", s.CAS, err)
		}
		v.stuff[s.CAS] = Stuff{set, s.Open}
	}
	return nil
}

func elementSet(symbols []string) (set Elements, err error) {
	for _, s := range symbols {
		e, ok := ElementOf(s)
		if !ok {
			return set, fmt.Errorf("%q is no element", s)
		}
		set.Add(e)
	}
	return set, nil
}

// FamilyAtStart finds the longest name of a family that a text begins with, and returns its elements and what follows.
func (v *Vocab) FamilyAtStart(s string) (elements Elements, loose bool, rest string, ok bool) {
	longest := 0
	for name, f := range v.families {
		if n := len(name); n > longest && len(s) >= n && strings.EqualFold(s[:n], name) && !wordGoesOn(name, s[n:]) {
			longest, elements, loose, ok = n, f.elements, f.loose, true
		}
	}
	return elements, loose, s[longest:], ok
}

// wordGoesOn says whether a Latin word goes on after what was matched of it.
func wordGoesOn(name, rest string) bool {
	latin := func(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
	return rest != "" && latin(name[len(name)-1]) && latin(rest[0])
}

// Stuff is what a CAS number says of the elements of a substance; ok is false where the number is not known.
func (v *Vocab) Stuff(cas string) (Stuff, bool) {
	s, ok := v.stuff[cas]
	return s, ok
}

// ValidCAS says whether a text is a CAS number by its form and its check digit.
func ValidCAS(s string) bool {
	digits, n := 0, 0
	parts := strings.Split(s, "-")
	if len(parts) != 3 || len(parts[0]) < 2 || len(parts[0]) > 7 || len(parts[1]) != 2 || len(parts[2]) != 1 {
		return false
	}
	all := parts[0] + parts[1]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i] < '0' || all[i] > '9' {
			return false
		}
		n++
		digits += n * int(all[i]-'0')
	}
	return string(rune('0'+digits%10)) == parts[2]
}
