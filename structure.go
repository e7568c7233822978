package lodestone

import (
	"fmt"
	"strings"

	"lodestone/internal/bom"
	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/problem"
)

// Structure is a bill of materials, rolled up: what each part holds by way of its parts, and how much of its value. It is made by a desk and serves any
// number of them.
type Structure struct {
	*bom.Tree
	items map[string]*Item // as their rows state them
}

// Structure joins rows into a structure: every row has an id, those below the top the id of their parent, and their quantity in one unit of it. A part
// that stands under several parents has a row for each; its facts are those of the first. Rates turn values into one money; nil: none are known.
// Problems that are not warnings mean that there is no structure.
func (d *Desk) Structure(rows []map[string]string, rates *Rates) (*Structure, Problems) {
	s := &Structure{items: map[string]*Item{}}
	b := bom.NewBuilder(d.Contents.Counted())
	var problems Problems
	for i, row := range rows {
		it, found := d.Item(row)
		it.Line = i + 1
		for _, p := range found {
			p.Line = it.Line
			problems = append(problems, p)
		}
		if it.ID == "" {
			problems = append(problems, problem.Problem{Place: problem.Place{Line: it.Line}, Field: "id", Text: "is missing: parts are joined by it"})
			continue
		}
		s.add(b, d, it)
	}
	s.Tree = b.Build(rates)
	for n := range s.Len() {
		if path := s.Circle(int32(n)); path != nil {
			problems = append(problems, problem.Problem{Place: problem.Place{Line: s.Line(int32(n))}, Field: "parent", Text: "the parts close a circle: " + strings.Join(path, " > ")})
		}
	}
	if problems.Refusals() > 0 {
		return nil, problems
	}
	s.Roll()
	return s, problems
}

// add puts one row in.
func (s *Structure) add(b *bom.Builder, d *Desk, it *Item) {
	p := decide.Part{Facts: bom.Facts{Holdings: make([]bom.Holding, len(d.Contents.List))}}
	d.Contents.Part(it, &p)
	n, stated := b.Part(it.ID)
	if !stated {
		b.State(n, &p.Facts)
		s.items[it.ID] = it
	}
	if it.Parent != "" {
		up, _ := b.Part(it.Parent)
		b.Link(up, n, p.Quantity, p.Unit.Factor)
	}
}

// ExplainPart explains a part within its structure. An id that no row states is an error.
func (d *Desk) ExplainPart(at At, s *Structure, id string, trace bool) (*Result, *Explanation, error) {
	it := s.items[id]
	if it == nil {
		return nil, nil, fmt.Errorf("no row states a part %q", id)
	}
	part := it.Clone()
	for n := range s.Len() {
		if s.ID(int32(n)) == id {
			d.Enter(s.Tree, int32(n), &part)
		}
	}
	defer d.Leave()
	r, e := d.Explain(at, &part, trace)
	return r, e, nil
}

// Enter makes an item a part of a structure until Leave: it holds what its parts hold for certain, and their shares are known.
func (d *Desk) Enter(t *bom.Tree, part int32, it *fact.Item) {
	d.Contents.Hold(t, part, it)
	if d.Leave(); !t.Leaf(part) {
		d.Contents.Of(t, part, &d.Decider.Parts)
	}
}

// Leave lets go of the structure.
func (d *Desk) Leave() {
	parts := &d.Decider.Parts // whose memory is used again
	parts.Shares, parts.Contained = parts.Shares[:0], parts.Contained[:0]
}
