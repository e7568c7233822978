package tables

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/declared"
	"lodestone/internal/ingest/sheets"
	"lodestone/internal/problem"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

// materialColumns are the columns that a material declaration is read into.
var materialColumns = []string{"id", "parent", "quantity", "unit", "description", "composition", "supplier"}

// openMaterials makes a table of a declaration: a row a part, and below a part of several homogeneous materials a row for each of them. The only
// material of a part is the part.
func (t *Table) openMaterials(d *declared.Declaration) error {
	t.Format = Materials
	t.Notes = append(t.Notes, d.Problems...)
	for _, id := range materialColumns {
		n, _ := fact.ColumnNumber(id)
		t.Columns = append(t.Columns, Column{Heading: id, ID: id, Number: n})
	}
	t.rows = &gridRows{table: t, rows: &materialRows{v: t.v, d: d}, width: len(t.Columns)}
	return nil
}

// materialRows gives the rows of a declaration; they bear the lines of the document.
type materialRows struct {
	v        *vocab.Vocab
	d        *declared.Declaration
	part     int // the next part
	material int // the next material of the part before it
}

func (m *materialRows) Close() error { return nil }

func (m *materialRows) Next() (sheets.Row, error) {
	if m.part > 0 {
		if p := &m.d.Parts[m.part-1]; len(p.Materials) > 1 && m.material < len(p.Materials) {
			m.material++
			return m.ofMaterial(p, m.material-1), nil
		}
	}
	if m.part == len(m.d.Parts) {
		return sheets.Row{}, io.EOF
	}
	m.part, m.material = m.part+1, 0
	p := &m.d.Parts[m.part-1]
	description := p.Name
	if len(p.Materials) == 1 {
		description = strings.Trim(description+"; "+nameOf(&p.Materials[0]), "; ")
	}
	return sheets.Row{Number: p.Line, Cells: []string{p.ID(), p.Parent, p.Count, "", description, p.Compose(m.v), m.d.Supplier}}, nil
}

func (m *materialRows) ofMaterial(p *declared.Part, i int) sheets.Row {
	x := &p.Materials[i]
	quantity, unit := "", ""
	if x.Mass != nil {
		if quantity = strings.TrimRight(strings.TrimRight(x.Mass.FloatString(12), "0"), "."); quantity != "" {
			unit = "g"
		}
	}
	return sheets.Row{Number: x.Line, Cells: []string{fmt.Sprintf("%s/%d", p.ID(), i+1), p.ID(), quantity, unit, nameOf(x), x.Compose(m.v), m.d.Supplier}}
}

// nameOf is what a material is called; one of a single substance is that substance.
func nameOf(m *declared.Material) string {
	if len(m.Substances) == 1 && !m.Substances[0].Maybe {
		return strings.Trim(m.Name+"; "+m.Substances[0].Name, "; ")
	}
	return m.Name
}

// ReadDeclaration reads a material declaration in any of its forms: XML, XML in a zip, or a plain table of substances.
func ReadDeclaration(name string, r io.Reader, v *vocab.Vocab) (*declared.Declaration, error) {
	own, err := vocab.Compile(vocab.Data{Columns: v.DeclarationColumns})
	if err != nil {
		return nil, err
	}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	if declared.Known(rootOf(head)) {
		return declared.Read(name, io.MultiReader(bytes.NewReader(head), r))
	}
	if containerOf(head) == zipped {
		at, size, err := whole(r, head)
		if err != nil {
			return nil, err
		}
		if z, err := zip.NewReader(at, size); err == nil {
			if d, ok, err := declared.ReadZip(name, z); ok {
				return d, err
			}
		}
		r, head = io.NewSectionReader(at, 0, size), nil
	}
	table, err := Open(name, io.MultiReader(bytes.NewReader(head), r), own, Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	return table.substances()
}

// substances reads a table of substances. Its rows are those of materials, so it takes their columns by name.
func (t *Table) substances() (*declared.Declaration, error) {
	place := map[string]int{}
	for i, c := range t.Columns {
		if c.ID != "" {
			place[c.ID] = i
		}
	}
	_, cas := place["cas"]
	_, substance := place["substance"]
	_, part := place["part"]
	if !part || !cas && !substance {
		return nil, t.unreadable(0, "docs/input.md", "is no material declaration: a table of substances has a part number and a CAS number or a substance in each row")
	}
	into := declared.NewTable(t.Name)
	d := into.Declaration()
	d.Problems = append(d.Problems, t.Notes...)
	var b Batch
	for {
		err := t.Next(&b)
		if err == io.EOF {
			return d, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range b.Rows {
			row := &b.Rows[i]
			if row.Problem != nil {
				d.Problems = append(d.Problems, *row.Problem)
				continue
			}
			into.Row(row.Line, func(column string) string {
				if i, ok := place[column]; ok {
					return row.Cells[i]
				}
				return ""
			})
		}
	}
}

// joinedRows are the rows of a bill, with compositions from declarations where the bill has none.
type joinedRows struct {
	source
	table           *Table
	id, composition int // places of columns
}

// join adds the declared compositions to a table, which gets a column for them where it has none.
func (t *Table) join() error {
	j := &joinedRows{source: t.rows, table: t, id: -1, composition: -1}
	for i, c := range t.Columns {
		switch c.ID {
		case "id":
			j.id = i
		case "composition":
			j.composition = i
		}
	}
	if j.id < 0 {
		return t.unreadable(0, "--map id=HEADING", "no column id (part number) to which declarations could be joined")
	}
	if j.composition < 0 {
		n, _ := fact.ColumnNumber("composition")
		j.composition = len(t.Columns)
		t.Columns = append(t.Columns, Column{Heading: "composition", ID: "composition", Number: n})
	}
	t.rows = j
	return nil
}

func (j *joinedRows) next(b *Batch) error {
	first, marks := len(b.spans), len(b.marks)
	if err := j.source.next(b); err != nil || b.marks[marks].problem != nil {
		return err
	}
	for len(b.spans)-first < len(j.table.Columns) {
		b.spans = append(b.spans, span{})
		b.marks[marks].cells++
	}
	cells := b.spans[first:]
	text := func(i int) string { return string(b.arena[cells[i].from:cells[i].to]) }
	if strings.TrimSpace(text(j.composition)) != "" {
		return nil
	}
	if composition, ok := j.table.opt.Declared.Composition(text(j.id)); ok {
		from := uint32(len(b.arena))
		b.arena = append(b.arena, composition...)
		cells[j.composition] = span{from, uint32(len(b.arena))}
	}
	return nil
}

// declaredIn opens the declaration in a zip that is no workbook.
func (t *Table) declaredIn(z *zip.Reader) error {
	d, ok, err := declared.ReadZip(t.Name, z)
	switch {
	case !ok:
		what, remedy := inZip(z)
		return t.unreadable(0, remedy, "%s", sentence.Sentence{Format: what})
	case err != nil:
		if list, ok := err.(problem.List); ok {
			return list
		}
		return t.unreadable(0, "fetch it again", "the zip archive cannot be read: %v", err)
	}
	return t.openMaterials(d)
}
