package app

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"lodestone/internal/bom"
	"lodestone/internal/decide"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/rule"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// tree is a file of parts, read whole: the rows, the structure they make, and what was found wrong with them.
type tree struct {
	table    *tables.Table
	contents *decide.Contents // of the one who builds; it is only looked at afterwards
	columns  treeColumns
	rows     rows
	part     []int32 // of each row; -1: the row is refused
	parent   []int32 // part that each row is under; -1: none
	facts    []int32 // of each part: the row that states it; -1: none does
	class    []string
	refused  map[int]*problem.Problem
	warned   map[int][]problem.Problem
	root     []int32 // of each part: the one part at the top that it is in; -1: several
	deal     []int32 // of each part: its transaction, where all products that it is in have the same; -1: they differ
	deals    []deal
	depth    []int32         // of each part: levels below the nearest top
	verdicts []atomic.Uint64 // of each part: its packed verdict; 0: not answered yet
	*bom.Tree
}

// treeColumns are the places of the columns that the structure is read from; -1: the file has none.
type treeColumns struct {
	id, parent, level, supplier int
	extra                       []int // columns that the program does not know
}

func columnsOf(t *tables.Table) treeColumns {
	c := treeColumns{id: -1, parent: -1, level: -1, supplier: -1}
	for i, x := range t.Columns {
		switch {
		case x.ID == "id":
			c.id = i
		case x.ID == "parent":
			c.parent = i
		case x.ID == "level":
			c.level = i
		case x.ID == "supplier":
			c.supplier = i
		case x.Number < 0:
			c.extra = append(c.extra, i)
		}
	}
	return c
}

// structured says whether a table is one of parts, and so has to be read whole. A file with a heading line says it there; of JSON Lines the first
// batch does, which is handed back.
func structured(t *tables.Table) (bool, *tables.Batch, error) {
	c := columnsOf(t)
	if t.Headed() {
		return c.parent >= 0 || c.level >= 0, nil, nil
	}
	first := &tables.Batch{}
	err := t.Next(first)
	if err != nil && err != io.EOF {
		return false, nil, err
	}
	for i := range first.Rows {
		if row := &first.Rows[i]; filled(row.Cells, c.parent) || levelKey(row) != "" {
			return true, first, nil
		}
	}
	return false, first, nil
}

func filled(cells []string, column int) bool {
	return column >= 0 && column < len(cells) && strings.TrimSpace(cells[column]) != ""
}

func levelKey(row *tables.Row) string {
	for _, x := range row.Extra {
		if strings.EqualFold(x.Name, "level") {
			return strings.TrimSpace(x.Value)
		}
	}
	return ""
}

// seed is what the structure needs of one row.
type seed struct {
	refusal    *problem.Problem
	id, parent string
	decide.Part
}

// packed is a batch on its way into the tree.
type packed struct {
	text     string
	from     []uint32
	troubles map[int]rowTrouble
	seeds    []seed
	err      error
	done     chan struct{}
}

// readTree reads a table whole and rolls it up.
func (s *Screening) readTree(t *tables.Table, first *tables.Batch, desks []*desk, turns *turns) (*tree, error) {
	g, err := s.plantTree(t, batches(t, first), desks, turns, nil)
	if err != nil {
		return nil, err
	}
	return s.grown(g, desks[0]), nil
}

// batches gives a batch that is read already and then those of a table; io.EOF at the end.
func batches(t *tables.Table, first *tables.Batch) func() (*tables.Batch, error) {
	var own tables.Batch
	return func() (*tables.Batch, error) {
		if b := first; b != nil {
			first = nil
			return b, nil
		}
		return &own, t.Next(&own)
	}
}

// plantTree reads the rows of a table of parts. The desks read rows; the structure is put together in the order of the file. watch is called with each
// row in that order, once it is in its place; nil: nobody watches.
func (s *Screening) plantTree(t *tables.Table, next func() (*tables.Batch, error), desks []*desk, turns *turns, watch func(*planter, int, *seed)) (*planter, error) {
	f := &tree{table: t, contents: desks[0].Contents, columns: columnsOf(t), refused: map[int]*problem.Problem{}, warned: map[int][]problem.Problem{}}
	jobs, order, stop := make(chan *packed, 2*len(desks)), make(chan *packed, 4*len(desks)), make(chan struct{})
	defer close(stop)
	go readPacked(next, jobs, order, stop, turns)
	for _, d := range desks {
		go func() {
			for j := range jobs {
				turns.do(func() { d.sow(j, t) })
				close(j.done)
			}
		}()
	}
	g := &planter{tree: f, builder: bom.NewBuilder(f.contents.Counted()), watch: watch}
	for j := range order {
		<-j.done
		if j.err != nil {
			return nil, j.err
		}
		turns.do(func() { g.plant(j) })
		if s.Progress != nil {
			s.Progress(len(f.rows.at))
		}
	}
	return g, nil
}

// grown rolls up a structure whose rows are all in their place.
func (s *Screening) grown(g *planter, d *desk) *tree {
	f := g.tree
	f.Tree = g.builder.Build(s.Rates)
	f.renumber()
	f.Roll()
	f.findCircles()
	f.findRoots(d)
	f.verdicts = make([]atomic.Uint64, f.Len())
	return f
}

func readPacked(next func() (*tables.Batch, error), jobs, order chan<- *packed, stop <-chan struct{}, turns *turns) {
	defer close(order)
	defer close(jobs)
	for {
		var err error
		j := &packed{done: make(chan struct{})}
		turns.do(func() {
			var b *tables.Batch
			if b, err = next(); err == nil {
				j.text, j.from, j.troubles = pack(b)
			}
		})
		j.err = err
		if err == io.EOF {
			return
		}
		select {
		case order <- j:
		case <-stop:
			return
		}
		jobs <- j
		if err != nil {
			return
		}
	}
}

// sow reads the rows of a batch into seeds.
func (d *desk) sow(j *packed, t *tables.Table) {
	k := len(d.Contents.List)
	j.seeds = make([]seed, len(j.from))
	holdings := make([]bom.Holding, k*len(j.from))
	for i := range j.from {
		unpack(j.text[j.from[i]:], &d.cells)
		d.cells.Problem = j.troubles[i].problem
		x := &j.seeds[i]
		_, x.refusal = d.readRow(t, &d.cells)
		x.id, x.parent = d.item.ID, d.item.Parent
		if x.refusal == nil {
			x.Facts.Holdings = holdings[i*k : (i+1)*k]
			d.Contents.Part(&d.item, &x.Part)
		}
	}
}

// planter puts seeds into the structure.
type planter struct {
	*tree
	builder  *bom.Builder
	levels   bom.Levels
	old, new tables.Row
	last     string // the parent numbered last: the parts of one mostly stand together
	lastPart int32

	watch      func(*planter, int, *seed) // nil: nobody watches
	levelled   bool                       // a row so far states a level
	levelBlank bool                       // the row at hand does not
}

func (g *planter) plant(j *packed) {
	first := len(g.rows.at)
	g.rows.add(j.text, j.from, j.troubles)
	for i := range j.seeds {
		part, parent := g.row(first+i, &j.seeds[i])
		g.part, g.parent = append(g.part, part), append(g.parent, parent)
		if g.watch != nil {
			g.watch(g, first+i, &j.seeds[i])
		}
	}
}

// row takes one row; it returns its part and the part it is under, -1 where there is none.
func (g *planter) row(r int, x *seed) (part, parent int32) {
	up, repeat, err := g.above(r, x)
	if err != nil && x.refusal == nil {
		x.refusal = &problem.Problem{Place: problem.Place{File: g.table.Name, Line: x.Facts.Line}, Field: "level", Text: err.Error(),
			Meant: "a row is part of the nearest row above it that is one level higher"}
	}
	if x.refusal != nil {
		return -1, g.unread(r, x.refusal, up)
	}
	part, stated := g.number(x.id)
	if !stated {
		g.state(r, part, x)
	} else if p := g.again(r, part, x); p != nil {
		return -1, g.unread(r, p, up)
	}
	if up == "" {
		return part, -1
	}
	if up != g.last {
		g.last = up
		g.lastPart, _ = g.number(up)
	}
	if parent = g.lastPart; !repeat {
		g.builder.Link(parent, part, x.Quantity, x.Unit.Factor)
	}
	return part, parent
}

func (g *planter) number(id string) (int32, bool) {
	n, stated := g.builder.Part(id)
	if int(n) == len(g.facts) {
		g.facts, g.class = append(g.facts, -1), append(g.class, "")
	}
	return n, stated
}

func (g *planter) state(r int, part int32, x *seed) {
	g.facts[part], g.class[part] = int32(r), cmp.Or(x.Unit.Class, g.class[part])
	x.Facts.Class = g.class[part]
	g.builder.State(part, &x.Facts)
}

// unread notes a refused row; the part that it would have been under may hold anything.
func (g *planter) unread(r int, why *problem.Problem, up string) int32 {
	g.refused[r] = why
	if up == "" {
		return -1
	}
	parent, _ := g.number(up)
	g.builder.Unread(parent)
	return parent
}

// above is the id of the part that a row is under, by its parent or by its level, and whether that link was given before.
func (g *planter) above(r int, x *seed) (parent string, repeat bool, err error) {
	g.levelBlank = true
	if x.parent != "" || g.columns.level < 0 && g.table.Headed() {
		return x.parent, false, nil
	}
	g.rows.row(r, &g.new)
	text := levelKey(&g.new)
	if filled(g.new.Cells, g.columns.level) {
		text = strings.TrimSpace(g.new.Cells[g.columns.level])
	}
	if text != "" {
		g.levelled, g.levelBlank = true, false
	}
	level, err := bom.ParseLevel(text)
	switch {
	case text == "" && x.refusal == nil:
		return "", false, nil
	case err != nil:
		for _, id := range g.levels.Skip() {
			assembly, _ := g.number(id)
			g.builder.Unread(assembly)
		}
		return "", false, err
	}
	return g.levels.Next(level, x.id, x.Quantity.String()+" "+x.Unit.Class+" "+x.Unit.Factor.String())
}

// again compares a later row of a part with what is stated of it. The rows of a part state the same, or one states all that the others do; the
// fullest is kept.
func (g *planter) again(r int, part int32, x *seed) *problem.Problem {
	before := int(g.facts[part])
	g.rows.row(before, &g.old)
	g.rows.row(r, &g.new)
	wrong := func(field, format string, args ...any) *problem.Problem {
		p := problem.Problem{Place: problem.Place{File: g.table.Name, Line: x.Facts.Line}, Field: field,
			Meant: "one part has one set of facts: correct the row, or give it an id of its own"}.Saying(sentence.Of(format, args...))
		return &p
	}
	if class := g.class[part]; x.Unit.Class != "" && class != "" && class != x.Unit.Class {
		return wrong("unit", "%s is counted in %s here and in %s on line %d", x.id, x.Unit.Class, class, g.old.Line)
	}
	value, valued := g.builder.Stated(part)
	if valued && x.Facts.Valued && !value.Equal(x.Facts.Value) {
		a, _ := x.Facts.Value.Text()
		b, _ := value.Text()
		return wrong("value", "one unit of %s is worth %s here and %s on line %d", x.id, a, b, g.old.Line)
	}
	more, less, differs := g.compare()
	more, less = more || x.Facts.Valued && !valued, less || valued && !x.Facts.Valued
	switch {
	case differs != "":
		return wrong(differs, "differs from what line %d states of %s", g.old.Line, x.id)
	case more && less:
		return wrong("", "states some facts of %s, and line %d others", x.id, g.old.Line)
	case more:
		g.state(r, part, x)
	}
	g.class[part] = cmp.Or(g.class[part], x.Unit.Class)
	return nil
}

// compare says whether the new row states more than the old, or less, and the first column in which they contradict one another. What
// concerns the link, and the value, which is compared by the unit, are left out.
func (g *planter) compare() (more, less bool, differs string) {
	say := func(name, old, new string) {
		old, new = strings.TrimSpace(old), strings.TrimSpace(new)
		switch {
		case old == "" && new != "":
			more = true
		case old != "" && new == "":
			less = true
		case !strings.EqualFold(old, new) && differs == "":
			differs = name
		}
	}
	for i, c := range g.table.Columns {
		switch c.ID {
		case "id", "parent", "level", "quantity", "unit", "value", "unit_value":
			continue
		}
		if i < len(g.old.Cells) && i < len(g.new.Cells) {
			say(c.Heading, g.old.Cells[i], g.new.Cells[i])
		}
	}
	old := map[string]string{}
	for _, x := range g.old.Extra {
		old[x.Name] = x.Value
	}
	for _, x := range g.new.Extra {
		if !strings.EqualFold(x.Name, "level") {
			say(x.Name, old[x.Name], x.Value)
		}
		delete(old, x.Name)
	}
	delete(old, "level")
	return more, less || len(old) > 0, differs
}

// renumber takes over the numbers that the finished structure gives to parts.
func (f *tree) renumber() {
	for r := range f.part {
		for _, n := range []*int32{&f.part[r], &f.parent[r]} {
			if *n >= 0 {
				*n = f.Numbers[*n]
			}
		}
	}
	facts := make([]int32, len(f.facts))
	for old, r := range f.facts {
		facts[f.Numbers[old]] = r
	}
	f.facts, f.class = facts, nil
}

// findCircles refuses the rows whose links close a circle, and warns of parents that no row states.
func (f *tree) findCircles() {
	var row tables.Row
	for r, part := range f.part {
		up := f.parent[r]
		if part < 0 || up < 0 {
			continue
		}
		if path := f.Circle(part); path != nil && f.OneCircle(part, up) {
			f.rows.row(r, &row)
			p := problem.Problem{Place: problem.Place{File: f.table.Name, Line: row.Line}, Field: "parent", Meant: "a part cannot hold itself: correct one of these parents"}.
				Saying(sentence.Of("the structure closes in a circle: %s", strings.Join(path, " > ")))
			f.refused[r] = &p
		}
		if !f.Stated(up) {
			f.rows.row(r, &row)
			f.warned[r] = append(f.warned[r], problem.Problem{Place: problem.Place{File: f.table.Name, Line: row.Line}, Field: "parent", Warning: true,
				Meant: "the id of the assembly, or empty at the top"}.Saying(sentence.Of("no row that could be read has the id %q", f.ID(up))))
		}
	}
}

const none = -2

// findRoots finds the one part at the top that each part is in, and the transaction that all those parts have.
func (f *tree) findRoots(d *desk) {
	f.root, f.deal, f.depth = make([]int32, f.Len()), make([]int32, f.Len()), make([]int32, f.Len())
	for i := range f.root {
		f.root[i], f.deal[i] = none, none
	}
	known := map[deal]int32{}
	for n := int32(f.Len()) - 1; n >= 0; n-- { // parents before children
		if f.root[n] == none {
			f.root[n], f.deal[n] = n, -1
			if !f.Leaf(n) && f.facts[n] >= 0 {
				f.deal[n] = f.dealOf(d, n, known)
			}
		}
		f.EachChild(n, func(child int32) {
			if f.root[child] == none || f.depth[child] > f.depth[n]+1 {
				f.depth[child] = f.depth[n] + 1
			}
			f.root[child], f.deal[child] = agreed(f.root[child], f.root[n]), agreed(f.deal[child], f.deal[n])
		})
	}
}

func agreed(known, said int32) int32 {
	if known == none || known == said {
		return said
	}
	return -1
}

// deal is the transaction of a product, which its parts share.
type deal struct {
	from, destination              vocab.Country
	endUse, endUserKind, procedure vocab.TermID
	consignee, endUser, exporter   string
	knowledge                      string
	shipDate, declarationDate      when.Date
}

func (f *tree) dealOf(d *desk, root int32, known map[deal]int32) int32 {
	d.readPart(f, root)
	it := &d.item
	x := deal{it.From, it.Destination, it.EndUse, it.EndUserKind, it.Procedure, it.Consignee, it.EndUser, it.Exporter, knowledgeKey(it.Knowledge),
		it.ShipDate, it.DeclarationDate}
	n, ok := known[x]
	if !ok {
		n = int32(len(f.deals))
		f.deals = append(f.deals, x)
		known[x] = n
	}
	return n
}

// knowledgeKey holds the terms in a text, so that transactions can be compared.
func knowledgeKey(terms []vocab.TermID) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteRune(rune(t))
	}
	return b.String()
}

// next gives out the rows again, a batch at a time, for the answers.
func (f *tree) next(j *job, from *int) error {
	n := min(len(f.part)-*from, treeBatch)
	if n == 0 {
		return io.EOF
	}
	j.first, j.count = *from, n
	*from += n
	return nil
}

const treeBatch = 500

// treeRow answers one row of a tree into a job's buffer, by the facts of its part.
func (d *desk) treeRow(j *job, f *tree, r int, p report.Lines) error {
	part := f.part[r]
	if why := f.refused[r]; why != nil || part < 0 {
		f.rows.row(r, &d.cells)
		if why == nil {
			why = &problem.Problem{Text: "cannot be read"}
		}
		id := ""
		if filled(d.cells.Cells, f.columns.id) {
			id = d.cells.Cells[f.columns.id]
		}
		return d.refuse(j, id, f.table, &d.cells, why, p)
	}
	if int(f.facts[part]) != r && d.impact == nil {
		return d.repeat(j, f, r, part)
	}
	warnings, err := d.take(f, part)
	if err != nil {
		return err
	}
	defer d.leave()
	if stated := int(f.facts[part]); stated != r {
		warnings = nil
		f.rows.row(r, &d.cells)
		d.item.Line = d.cells.Line
	}
	d.level = f.level(r)
	if err := d.give(j, append(warnings, f.warned[r]...)); err != nil || d.impact != nil {
		return err
	}
	f.verdicts[part].Store(answeredOf(&d.doc).packed())
	return nil
}

// level is how far below the top a row stands.
func (f *tree) level(r int) int {
	if f.parent[r] < 0 {
		return 0
	}
	return int(f.depth[f.parent[r]]) + 1
}

// take makes a part the desk's item, with all that the structure says of it.
func (d *desk) take(f *tree, part int32) (problem.List, error) {
	warnings, refusal := d.readPart(f, part)
	if refusal != nil { // read once already without one
		return nil, errors.New(refusal.Error())
	}
	d.inherit(f, part)
	d.Enter(f.Tree, part, &d.item)
	d.tree, d.part = f, part
	return warnings, nil
}

// leave lets go of the structure.
func (d *desk) leave() {
	d.Leave()
	d.tree, d.level = nil, 0
}

// repeat answers a further row of a part: with the verdict, and the line where its reasons stand.
func (d *desk) repeat(j *job, f *tree, r int, part int32) error {
	v, ok := unpacked(f.verdicts[part].Load())
	if !ok {
		if _, err := d.take(f, part); err != nil {
			return err
		}
		v = answeredOf(d.answer(&d.item))
		f.verdicts[part].Store(v.packed())
		d.leave()
	}
	doc := &d.doc
	*doc = report.Determination{ID: f.ID(part), Line: f.rows.line(r), SameAs: f.rows.line(int(f.facts[part])), At: when.At{Effective: v.day, KnownBy: d.s.knownBy()},
		Outcome: v.outcome.String(), Policy: v.policy.String(), Law: report.LawRef{Revision: d.s.Book.Revision, AssessedUntil: d.s.Book.Assessed.Horizon},
		Warnings: f.warned[r]}
	if v.mayBe != v.outcome {
		doc.MayBe = v.mayBe.String()
	}
	doc.Level = f.level(r)
	d.unknown(f, r, doc)
	j.tally(v.outcome, v.mayBe)
	return d.printer.Row(&j.out, doc)
}

// unknown passes through what the row states that the program does not know.
func (d *desk) unknown(f *tree, r int, doc *report.Determination) {
	if f.columns.extra == nil && f.table.Format == tables.CSV {
		return
	}
	f.rows.row(r, &d.cells)
	for _, c := range f.columns.extra {
		if filled(d.cells.Cells, c) {
			doc.Extra = append(doc.Extra, report.ExtraField{Name: f.table.Columns[c].Heading, Value: d.cells.Cells[c]})
		}
	}
	for _, x := range d.cells.Extra {
		doc.Extra = append(doc.Extra, report.ExtraField(x))
	}
}

// answered is what a further row of a part repeats.
type answered struct {
	outcome, mayBe law.Outcome
	policy         law.Policy
	day            when.Date
}

func answeredOf(doc *report.Determination) answered {
	v := answered{day: doc.At.Effective}
	v.outcome, _ = law.OutcomeOf(doc.Outcome)
	v.mayBe = v.outcome
	if doc.MayBe != "" {
		v.mayBe, _ = law.OutcomeOf(doc.MayBe)
	}
	v.policy, _ = law.PolicyOf(doc.Policy)
	return v
}

// packed holds it in one word, so that the desks can pass it on without a lock; it is never zero.
func (v answered) packed() uint64 {
	return uint64(uint32(v.day))<<32 | uint64(v.policy)<<24 | uint64(v.mayBe)<<16 | uint64(v.outcome)<<8 | 1
}

func unpacked(w uint64) (v answered, ok bool) {
	return answered{law.Outcome(w >> 8 & 0xff), law.Outcome(w >> 16 & 0xff), law.Policy(w >> 24 & 0xff), when.Date(int32(w >> 32))}, w != 0
}

// readPart reads the row that states a part.
func (d *desk) readPart(f *tree, part int32) (problem.List, *problem.Problem) {
	return d.readAt(f, int(f.facts[part]))
}

// readAt reads a row.
func (d *desk) readAt(f *tree, r int) (problem.List, *problem.Problem) {
	f.rows.row(r, &d.cells)
	return d.readRow(f.table, &d.cells)
}

// inherit gives a part the transaction of the products that it is in, where its own row states none and they agree.
func (d *desk) inherit(f *tree, part int32) {
	n := f.deal[part]
	if n < 0 || f.root[part] == part {
		return
	}
	it, x := &d.item, &f.deals[n]
	it.From, it.Destination = cmp.Or(it.From, x.from), cmp.Or(it.Destination, x.destination)
	it.EndUse, it.EndUserKind, it.Procedure = cmp.Or(it.EndUse, x.endUse), cmp.Or(it.EndUserKind, x.endUserKind), cmp.Or(it.Procedure, x.procedure)
	it.Consignee, it.EndUser, it.Exporter = cmp.Or(it.Consignee, x.consignee), cmp.Or(it.EndUser, x.endUser), cmp.Or(it.Exporter, x.exporter)
	if len(it.Knowledge) == 0 {
		for _, t := range x.knowledge {
			it.Knowledge = append(it.Knowledge, vocab.TermID(t))
		}
	}
	if it.ShipDate == 0 && it.DeclarationDate == 0 {
		it.ShipDate, it.DeclarationDate = x.shipDate, x.declarationDate
	}
}

// asked bounds the parts that are asked about for one share.
const asked = 5

// describe puts the shares that norms ask for into the document, and the parts to ask about where a share straddles its limit or where it is open
// what is among the parts.
func (d *desk) describe(e *decide.Explanation) {
	if d.tree == nil || d.tree.Leaf(d.part) {
		return
	}
	d.listed = d.listed[:0]
	for _, s := range e.Shares {
		d.listed = append(d.listed, d.shareOf(s))
	}
	d.maker.Shares(&d.doc, d.listed)
	for _, f := range d.Decider.Parts.Contained {
		if f.Truth == rule.Unknown {
			i := d.content(f.Key)
			d.maker.Contained(&d.doc, d.Contents.List[i].Fact, d.partAsks(d.tree.Unsettled(d.part, i, asked)))
		}
	}
}

// shareOf is a share with what is to be asked about it. Several norms ask for the share of one content: what is found of it then is not looked for again.
func (d *desk) shareOf(s decide.Share) report.ShareOf {
	x, i := report.ShareOf{Share: s}, d.content(s.Test.Key)
	for n := range d.listed {
		if before := &d.listed[n]; before.Test.Key == s.Test.Key {
			x.Low, x.High, x.Exceeds = before.Low, before.High, before.Exceeds
			if s.Truth == rule.Unknown && before.Truth == rule.Unknown {
				x.Asks = before.Asks
				return x
			}
		}
	}
	if x.Low == "" {
		share := d.tree.Share(d.part, i)
		x.Low, x.High = share.Text()
		x.Exceeds = share.Exceeds()
	}
	if s.Truth == rule.Unknown {
		x.Asks = d.partAsks(d.tree.Asks(d.part, i, asked))
	}
	return x
}

func (d *desk) content(key string) int {
	return slices.IndexFunc(d.Contents.List, func(c *rule.Content) bool { return c.Key == key })
}

func (d *desk) partAsks(asks []bom.Ask) []report.PartAsk {
	list := make([]report.PartAsk, len(asks))
	for i, a := range asks {
		list[i] = report.PartAsk{Part: d.tree.ID(a.Part), Fact: a.Fact, Supplier: d.supplier(a.Part), Removes: a.Removes}
	}
	return list
}

func (d *desk) supplier(part int32) string {
	f := d.tree
	if f.facts[part] < 0 {
		return ""
	}
	f.rows.row(int(f.facts[part]), &d.cells)
	if !filled(d.cells.Cells, f.columns.supplier) {
		return ""
	}
	return strings.TrimSpace(d.cells.Cells[f.columns.supplier])
}
