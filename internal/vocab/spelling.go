package vocab

import "strings"

// compileSpellings makes the look-ups of forms, elements and units by what people call them.
func (v *Vocab) compileSpellings() error {
	v.formNames = make(map[string]int, 8*len(v.Forms))
	for i, f := range v.Forms {
		v.formNames[fold(f.ID)] = i
		v.formNames[f.ID] = i // found without folding
		f.Names.Each(func(s string) { v.formNames[fold(s)] = i })
		for _, s := range f.Column {
			v.formNames[fold(s)] = i
		}
	}
	v.elements = make(map[string]Element, 6*len(v.Elements))
	for _, d := range v.Elements {
		if e, ok := ElementOf(d.Symbol); ok {
			d.Names.Each(func(s string) { v.elements[strings.ToLower(s)] = e })
		}
	}
	v.units = make(map[string][]int, 4*len(v.Units))
	v.unitByID = make(map[string]int, len(v.Units))
	for i, u := range v.Units {
		v.unitByID[u.ID] = i
		v.spellUnit(u.ID, i)
		for _, s := range u.Spellings {
			v.spellUnit(s, i)
		}
	}
	return nil
}

func (v *Vocab) spellUnit(spelling string, unit int) {
	key := unitKey(spelling)
	for _, j := range v.units[key] {
		if j == unit {
			return
		}
	}
	v.units[key] = append(v.units[key], unit)
}

// FormOf finds a form by its word or one of its names in the three languages.
func (v *Vocab) FormOf(word string) (FormSet, bool) {
	i, ok := v.formNames[word]
	if !ok {
		i, ok = v.formNames[fold(word)]
	}
	if !ok {
		return 0, false
	}
	return 1 << i, true
}

// ElementNamed finds an element by a name in one of the three languages, without regard to case. Symbols are read by ElementOf.
func (v *Vocab) ElementNamed(name string) (Element, bool) {
	e, ok := v.elements[strings.ToLower(name)]
	return e, ok
}

// Word finds a closed word of the parameter by its id or one of its names.
func (d *ParamDef) Word(s string) (id string, ok bool) {
	wanted := fold(s)
	for i := range d.Words {
		w := &d.Words[i]
		found := fold(w.ID) == wanted
		w.Names.Each(func(name string) { found = found || fold(name) == wanted })
		if found {
			return w.ID, true
		}
	}
	return "", false
}

// FormNames, ElementWords, ParamNames, UnitNames and ColumnNames list words and English names, for suggestions.
func (v *Vocab) FormNames() []string {
	var names []string
	for _, f := range v.Forms {
		names = append(append(append(names, f.ID), f.Names.En...), f.Column...)
	}
	return names
}

// ElementWords lists symbols and English names.
func (v *Vocab) ElementWords() []string {
	names := append([]string(nil), symbols[1:]...)
	for _, e := range v.Elements {
		names = append(names, e.Names.En...)
	}
	return names
}

// ParamNames lists the names of parameters.
func (v *Vocab) ParamNames() []string {
	var names []string
	for _, p := range v.Params {
		names = append(append(names, p.ID), p.Names.En...)
	}
	return names
}

// UnitNames lists the symbols of the units of a dimension.
func (v *Vocab) UnitNames(dimension string) []string {
	var names []string
	for _, u := range v.Units {
		if u.Dimension == dimension {
			names = append(names, u.ID)
		}
	}
	return names
}

// ColumnNames lists the columns and their headings in English.
func (v *Vocab) ColumnNames() []string {
	var names []string
	for _, c := range v.Columns {
		names = append(append(names, c.ID), c.Names.En...)
	}
	return names
}
