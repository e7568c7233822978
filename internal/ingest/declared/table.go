package declared

import (
	"errors"
	"math/big"
	"strings"
)

// Table gathers a plain table of substances: a row a substance of a homogeneous material of a part. Rows of one part need not stand together.
type Table struct {
	reader
	parts     map[string]int
	materials map[[2]string]int
}

// NewTable begins a table that is read from a file.
func NewTable(name string) *Table {
	return &Table{reader: reader{name: name, d: &Declaration{}}, parts: map[string]int{}, materials: map[[2]string]int{}}
}

// Row takes one row: its line and its cells by the names of vocab.DeclarationColumns. A part without a number goes on with that of the row above,
// as merged cells have it, and so does a material.
func (t *Table) Row(line int, cell func(column string) string) {
	get := func(column string) string { return strings.TrimSpace(cell(column)) }
	p := t.part(line, get)
	if p < 0 {
		t.warn(line, "part", "the number of the part in its first row", "the row names no part, and none stands above it")
		return
	}
	m := t.material(line, p, get)
	s := Substance{Name: get("substance"), CAS: casOf(get("cas"))}
	stated := get("amount") + get("percent") + get("ppm")
	if s.Name == "" && get("cas") == "" && stated == "" {
		return // a row of the part or material alone
	}
	if t.lines++; t.lines > maxLines {
		return
	}
	var err error
	if s.Low, s.High, err = t.amount(get, m.Mass); err == nil && s.Name == "" && get("cas") == "" {
		err = errors.New("it names no substance")
	}
	if err != nil {
		t.warn(line, label(s, m.Name), "its content counts as not known", "the substance line is refused: %v", err)
		s.Unread = true
	}
	m.Substances = append(m.Substances, s)
}

func (t *Table) part(line int, get func(string) string) int {
	id := get("part")
	if id == "" {
		if len(t.d.Parts) > 0 && get("part_name") == "" {
			return t.parts[t.d.Parts[len(t.d.Parts)-1].ID()]
		}
		if id = get("part_name"); id == "" {
			return -1
		}
	}
	i, ok := t.parts[id]
	if !ok {
		if i = len(t.d.Parts); i == maxParts {
			return -1
		}
		t.parts[id] = i
		t.d.Parts = append(t.d.Parts, Part{Number: id, Line: line})
	}
	p := &t.d.Parts[i]
	if p.Name == "" {
		p.Name = get("part_name")
	}
	if p.Mass == nil {
		p.Mass = t.grams(line, get("part_mass"))
	}
	if s := get("supplier"); t.d.Supplier == "" {
		t.d.Supplier = s
	}
	return i
}

func (t *Table) material(line, part int, get func(string) string) *Material {
	p := &t.d.Parts[part]
	name := get("material")
	if name == "" && len(p.Materials) > 0 {
		return &p.Materials[len(p.Materials)-1]
	}
	key := [2]string{p.ID(), name}
	i, ok := t.materials[key]
	if !ok {
		i = len(p.Materials)
		t.materials[key] = i
		p.Materials = append(p.Materials, Material{Name: name, Line: line})
	}
	m := &p.Materials[i]
	if m.Mass == nil {
		m.Mass = t.grams(line, get("material_mass"))
	}
	return m
}

// grams reads a mass; a number without a unit is grams.
func (t *Table) grams(line int, s string) *big.Rat {
	if s == "" {
		return nil
	}
	value := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	unit := strings.TrimSpace(s[len(value):])
	if unit == "" {
		unit = "g"
	}
	a, err := parseAmount(value, unit)
	if err == nil && (a.grams == nil || a.high == nil || a.low.Cmp(a.high) != 0) {
		err = errors.New("it is not one mass")
	}
	if err != nil {
		t.warn(line, s, "its mass counts as not known", "the mass cannot be read: %v", err)
		return nil
	}
	return a.low.Mul(a.low, a.grams)
}

// amount reads what a row says of the amount: in percent, in ppm, or in the unit of its own column.
func (t *Table) amount(get func(string) string, material *big.Rat) (low, high *big.Rat, err error) {
	for _, from := range []struct{ column, unit string }{{"percent", "%"}, {"ppm", "ppm"}, {"amount", get("unit")}} {
		value := get(from.column)
		if value == "" {
			continue
		}
		unit := from.unit
		if from.column == "amount" && unit == "" && strings.HasSuffix(value, "%") {
			unit = "%"
		}
		a, err := parseAmount(value, unit)
		if err != nil {
			return nil, nil, err
		}
		return a.of(material)
	}
	return nil, nil, nil
}

// Declaration is what the rows have said.
func (t *Table) Declaration() *Declaration { return t.d }
