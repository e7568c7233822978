package declared

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path"
	"strings"

	"lodestone/internal/ingest/markup"
	"lodestone/internal/problem"
)

// Limits on a declaration.
const (
	MaxDocument = 64 << 20 // bytes of a document, unpacked
	maxParts    = 100_000
	maxLines    = 1_000_000 // substance lines
)

// Known says whether a document that begins with this element is a material declaration.
func Known(root string) bool { return root == "MainDeclaration" || root == "Main" }

// reader reads one document.
type reader struct {
	name  string // of the file, for messages
	d     *Declaration
	lines int
}

// Read reads a declaration. The error is one of the document as a whole; lines that were refused are in Problems.
//
// The elements of the standards are found by their names, wherever they stand: versions differ in what they wrap around them.
func Read(name string, r io.Reader) (*Declaration, error) {
	d := markup.NewDecoder(r, MaxDocument)
	root, err := d.Next()
	if err == nil && !Known(root.Name.Local) {
		err = fmt.Errorf("begins with <%s>; a material declaration begins with <MainDeclaration> (IPC-1752) or <Main> (IEC 62474, chemSHERPA)", root.Name.Local)
	}
	var top *markup.Element
	if err == nil {
		top, err = d.Element(root)
	}
	if err != nil {
		if err == io.EOF {
			err = errors.New("is empty")
		}
		return nil, problem.List{{Place: problem.Place{File: name, Line: d.Line()}, Text: "the declaration cannot be read: " + err.Error(), Meant: "ask for it again"}}
	}
	x := &reader{name: name, d: &Declaration{Supplier: supplierOf(top)}}
	if err := x.walk(top, ""); err != nil {
		return nil, problem.List{{Place: problem.Place{File: name}, Text: err.Error()}}
	}
	if len(x.d.Parts) == 0 {
		return nil, problem.List{{Place: problem.Place{File: name, Line: top.Line}, Text: "the declaration names no product", Meant: "a Product with its ProductID"}}
	}
	return x.d, nil
}

// ReadZip reads the first declaration in a zip (.shai and .shci of chemSHERPA); ok is false where there is none.
func ReadZip(name string, z *zip.Reader) (d *Declaration, ok bool, err error) {
	for _, f := range z.File {
		if !strings.EqualFold(path.Ext(f.Name), ".xml") {
			continue
		}
		root, err := rootIn(f)
		if err != nil || !Known(root) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, true, err
		}
		defer r.Close()
		d, err = Read(name+"!"+f.Name, r)
		return d, true, err
	}
	return nil, false, nil
}

func rootIn(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, 64<<10))
	return markup.Root(head), err
}

// supplierOf is the name of the company that answers.
func supplierOf(e *markup.Element) string {
	if strings.EqualFold(e.Name, "SupplyCompany") || strings.EqualFold(e.Name, "Supplier") {
		if s := either(e, "name", "companyName"); s != "" {
			return s
		}
	}
	for _, c := range e.Children {
		if !isPart(c.Name) {
			if s := supplierOf(c); s != "" {
				return s
			}
		}
	}
	return ""
}

func isPart(name string) bool {
	switch strings.ToLower(name) {
	case "product", "subproduct", "productpart", "part":
		return true
	}
	return false
}

func isMaterial(name string) bool {
	return strings.EqualFold(name, "HomogeneousMaterial") || strings.EqualFold(name, "Material")
}

// either is the first of several attributes that is stated.
func either(e *markup.Element, names ...string) string {
	for _, n := range names {
		if s := e.Get(n); s != "" {
			return s
		}
	}
	return ""
}

func (x *reader) warn(line int, field, meant, format string, args ...any) {
	if len(x.d.Problems) < maxProblems {
		x.d.Problems = append(x.d.Problems, problem.Problem{Place: problem.Place{File: x.name, Line: line}, Field: field,
			Text: fmt.Sprintf(format, args...), Meant: meant, Warning: true})
	}
}

// maxProblems bounds the lines that are named; a document with more of them is not read line by line any more by anybody.
const maxProblems = 1000

// walk finds the parts within an element.
func (x *reader) walk(e *markup.Element, parent string) error {
	for _, c := range e.Children {
		if !isPart(c.Name) {
			if err := x.walk(c, parent); err != nil {
				return err
			}
			continue
		}
		if len(x.d.Parts) == maxParts {
			return fmt.Errorf("the declaration has more than %d parts", maxParts)
		}
		i := len(x.d.Parts)
		x.d.Parts = append(x.d.Parts, Part{Parent: parent, Line: c.Line})
		p := x.part(c)
		p.Parent, p.Line = parent, c.Line
		if p.ID() == "" {
			p.Number = fmt.Sprintf("part %d", i+1)
		}
		x.d.Parts[i] = p
		if err := x.walk(c, p.ID()); err != nil {
			return err
		}
	}
	return nil
}

// part reads a part without the parts within it.
func (x *reader) part(e *markup.Element) (p Part) {
	id := e
	for _, n := range []string{"ProductID", "PartID"} {
		if c := e.Child(n); c != nil {
			id = c
		}
	}
	p.Number, p.Name = either(id, "itemNumber", "identifier", "identity", "number"), either(id, "itemName", "name")
	p.Count = either(e, "numberOfInstances", "quantity", "count")
	if p.Mass, _ = x.mass(id); p.Mass == nil && id != e {
		p.Mass, _ = x.mass(e)
	}
	x.inside(e, &p)
	return p
}

// inside gathers the materials of a part, and what is declared of it as a whole.
func (x *reader) inside(e *markup.Element, p *Part) {
	full := yes(either(e, "isFSD"))
	for _, c := range e.Children {
		switch {
		case isPart(c.Name):
		case isMaterial(c.Name):
			m := x.material(c)
			m.Full = m.Full || full
			p.Materials = append(p.Materials, m)
		case isSubstance(c.Name):
			p.Flags = append(p.Flags, x.flag(c)...)
		case strings.EqualFold(c.Name, "SubstanceCategory"):
			p.Flags = append(p.Flags, x.category(c)...)
		default:
			x.inside(c, p)
		}
	}
}

func isSubstance(name string) bool {
	return strings.EqualFold(name, "Substance") || strings.EqualFold(name, "DsDsg")
}

func yes(s string) bool { return strings.EqualFold(s, "true") || s == "1" }

// material reads a homogeneous material.
func (x *reader) material(e *markup.Element) Material {
	m := Material{Name: either(e, "name", "materialName"), Line: e.Line, Full: yes(either(e, "isFSD", "fullDisclosure"))}
	if group := either(e, "materialGroupName", "materialClassName"); group != "" && group != m.Name {
		m.Name = strings.TrimPrefix(m.Name+" ("+group+")", " ")
	}
	m.Mass, m.Fraction = x.mass(e)
	x.substances(e, &m)
	return m
}

// substances gathers the lines of a material, of its categories too.
func (x *reader) substances(e *markup.Element, m *Material) {
	for _, c := range e.Children {
		switch {
		case isSubstance(c.Name):
			m.Substances = append(m.Substances, x.substance(c, m))
		case strings.EqualFold(c.Name, "SubstanceCategory") && !hasSubstance(c):
			m.Substances = append(m.Substances, x.category(c)...)
		case !isPart(c.Name) && !isMaterial(c.Name):
			x.substances(c, m)
		}
	}
}

func hasSubstance(e *markup.Element) bool {
	for _, c := range e.Children {
		if isSubstance(c.Name) || hasSubstance(c) {
			return true
		}
	}
	return false
}

// substance reads a line of a material. One that cannot be read is refused alone: it counts as content of which nothing is known.
func (x *reader) substance(e *markup.Element, m *Material) Substance {
	s := x.named(e)
	if x.lines++; x.lines > maxLines {
		return Substance{Unread: true}
	}
	if above, stated := threshold(e); stated {
		s.Maybe = !above
	}
	a, found, err := amountIn(e)
	if err == nil && found {
		s.Low, s.High, err = a.of(m.Mass)
	}
	if err == nil && s.CAS == "" && s.Name == "" {
		err = errors.New("it names no substance")
	}
	if err != nil {
		x.warn(e.Line, label(s, m.Name), "its content counts as not known", "the substance line is refused: %v", err)
		s.Unread = true
	}
	return s
}

func label(s Substance, material string) string {
	name := s.Name
	if name == "" {
		name = s.CAS
	}
	return strings.Trim(material+": "+name, ": ")
}

// named reads the name and the CAS number of a substance. Several numbers may stand there, of several authorities.
func (x *reader) named(e *markup.Element) (s Substance) {
	s.Name = either(e, "name", "substanceName")
	s.CAS = casOf(either(e, "casNumber", "cas"))
	for _, c := range e.Children {
		if !strings.EqualFold(c.Name, "SubstanceID") {
			continue
		}
		if authority := c.Get("authority"); authority == "" || strings.Contains(strings.ToUpper(authority), "CAS") {
			if cas := casOf(c.Get("identity")); cas != "" {
				s.CAS = cas
			}
		}
	}
	return s
}

// threshold says whether a line only states that a threshold is passed (class C), and whether it is.
func threshold(e *markup.Element) (above, stated bool) {
	for _, from := range []*markup.Element{e.Child("Threshold"), e} {
		if from == nil {
			continue
		}
		if s := either(from, "overThreshold", "aboveThresholdLevel"); s != "" {
			return yes(s), true
		}
	}
	return false, false
}

// category reads a category of substances that is only said to lie above or below its threshold. Below is not none.
func (x *reader) category(e *markup.Element) []Substance {
	if hasSubstance(e) {
		var list []Substance
		for _, c := range e.Children {
			if isSubstance(c.Name) {
				list = append(list, x.flag(c)...)
			}
		}
		return list
	}
	return x.flag(e)
}

// flag reads a substance or category of which a threshold is all that is said. Where nothing is said of it, it says nothing.
func (x *reader) flag(e *markup.Element) []Substance {
	above, stated := threshold(e)
	if !stated {
		return nil
	}
	s := x.named(e)
	s.Maybe = !above
	return []Substance{s}
}

// mass reads the mass of a part or a material in grams, or its share of the part.
func (x *reader) mass(e *markup.Element) (mass, fraction *big.Rat) {
	a, found, err := amountIn(e)
	switch {
	case err != nil:
		x.warn(e.Line, either(e, "name", "itemName", "itemNumber"), "its mass counts as not known", "the mass cannot be read: %v", err)
	case !found || a.high == nil || a.low.Cmp(a.high) != 0:
	case a.grams != nil:
		return new(big.Rat).Mul(a.low, a.grams), nil
	default:
		return nil, new(big.Rat).Quo(new(big.Rat).Mul(a.low, a.percent), hundred)
	}
	return nil, nil
}
