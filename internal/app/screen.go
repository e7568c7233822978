package app

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"lodestone"
	"lodestone/internal/bom"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Screening says how rows are to be screened. The zero value of a field means: not given.
type Screening struct {
	Book        *law.Book
	From        string    // exporting country for rows that name none
	Destination string    // destination for rows that name none
	On          when.Date // effective day for rows that name none; needed
	KnownBy     when.Date // knowledge date; zero: the newest day that was assessed
	Lang        string
	Role        string                  // whose duties are wanted; empty: the exporter's
	Rates       *bom.Rates              // between currencies of parts; nil: none is known
	Ownership   *Ownership              // who owns the parties; nil: no file of holdings is given
	Explain     bool                    // whole trace trees, and where answers to questions lead
	Timeline    bool                    // the answer over time
	Asks        *report.Asks            // collects the questions for those who can answer them; nil: nobody collects
	Answers     *Answers                // to questions that were asked before; nil: none were given
	BadAnswer   func(p problem.Problem) // called, by several goroutines, for each answer that cannot be taken; nil: nobody asks
	Format      report.Format
	Turns       *turns              // of a job, which leaves room for others; nil: one goroutine a processor answers, beside those that read and write
	Width       int                 // columns of the terminal that a table is for; zero: none
	Progress    func(rows int)      // called now and then with the rows done; nil: nobody watches
	Refused     func(report.Reject) // called, in order, for each refused row; nil: nobody asks

	parties *party.Finder // nil: made with the first desk
	lists   *loadedLists  // party lists beside those of the law; nil: none is loaded
}

// Check says whether the screening can begin: that its flags make sense. Run and One begin with it.
func (s *Screening) Check() error {
	if _, err := report.NewPrinter(s.Format, s.Lang, nil, s.Width); err != nil {
		return err
	}
	if _, ok := s.Book.Vocab.Term("role", s.Role); s.Role != "" && !ok {
		return fmt.Errorf("--role: %q is no role; it is one of %s", s.Role, strings.Join(s.Book.Vocab.TermWords("role"), ", "))
	}
	_, err := s.desk()
	return err
}

// role is the word of the vocabulary for the role asked for; empty: none is.
func (s *Screening) role() string {
	t, ok := s.Book.Vocab.Term("role", s.Role)
	if !ok {
		return ""
	}
	return s.Book.Vocab.TermWord("role", t)
}

// One screens one item given as columns and values and prints it by way of write. Problems that are not warnings mean that nothing was
// printed.
func (s *Screening) One(columns map[string]string, write func(func(io.Writer) error) error) (report.Summary, problem.List, error) {
	sum := s.summary()
	d, err := s.desk()
	if err != nil {
		return sum, nil, err
	}
	it, problems := d.Reader.ReadFacts(columns)
	problems = report.ProblemsIn(s.Lang, problems)
	if problems.Refusals() > 0 {
		return sum, problems, nil
	}
	if it.ID == "" {
		it.ID = "1"
	}
	j := &job{}
	printer, err := report.NewPrinter(s.Format, s.Lang, nil, s.Width)
	if err != nil {
		return sum, problems, err
	}
	d.printer = printer
	if err := d.print(j, &it, problems); err != nil {
		return sum, problems, err
	}
	count(&sum, j, s, &shipments{})
	return sum, problems, write(func(w io.Writer) error {
		rows, err := printer.Open(w)
		if err != nil {
			return err
		}
		if _, err := rows.Write(j.out.Bytes()); err != nil {
			return err
		}
		return printer.Close(w, &sum)
	})
}

// desk is what one goroutine needs to answer rows.
type desk struct {
	*lodestone.Desk
	s       *Screening
	owners  *ownerDesk // nil: there is no file of holdings
	maker   report.Maker
	item    fact.Item
	doc     report.Determination
	printer report.Printer
	impact  *comparing // compares two points in time instead of answering; nil: answers

	tree   *tree            // the structure that the item asked about is a part of; nil: none
	part   int32            // its number in there
	level  int              // of its row below the top
	listed []report.ShareOf // shares on their way into the document
	cells  tables.Row       // of a row that is looked at again
	memory *memory          // of answers already given; nil: each is made anew
}

func (s *Screening) desk() (*desk, error) {
	defaults := lodestone.Defaults{}
	for _, x := range []struct {
		flag, text string
		to         *vocab.Country
	}{{"--from-country", s.From, &defaults.From}, {"--destination", s.Destination, &defaults.Destination}} {
		if x.text == "" {
			continue
		}
		c, ok := s.Book.Vocab.CountryOf(x.text)
		if !ok {
			return nil, fmt.Errorf("%s: %q is no country; give two letters (ISO 3166) or a name", x.flag, x.text)
		}
		*x.to = c
	}
	front := lodestone.NewDesk(s.Book, defaults)
	front.Parties = s.finder().Clone() // indexed once for all desks
	d := &desk{Desk: front, s: s, owners: s.Ownership.desk(), maker: report.Maker{Book: s.Book}}
	s.make(&d.maker)
	return d, nil
}

// make has a maker say what the screening asks for.
func (s *Screening) make(m *report.Maker) {
	m.Lang, m.Role, m.Lists, m.ListNotes = s.Lang, s.role(), s.lists.ref(), s.lists.notes(s.On, s.Lang)
}

// finder is that of the law's listings, one for all desks.
func (s *Screening) finder() *party.Finder {
	switch {
	case s.parties != nil:
	case s.lists != nil:
		s.parties = s.lists.finder
	default:
		s.parties = party.NewFinder(s.Book)
	}
	return s.parties
}

// answer determines an item that has been read.
func (d *desk) answer(it *fact.Item) *report.Determination {
	at := d.At(when.At{Effective: d.s.On, KnownBy: d.s.KnownBy}, it)
	owned := d.owned(it, at)
	r, e := d.Explain(at, it, d.s.Explain)
	d.maker.Determination(&d.doc, it, r, e)
	d.doc.Ownership, d.doc.Explained = owned, d.s.Explain
	d.describe(e)
	if d.s.Timeline || d.s.Format == report.HTML || d.s.Format == report.DossierRows {
		d.maker.OverTime(&d.doc, d.Decider.Timeline(it))
	}
	if d.s.saysInWords() {
		d.doc.Legend = d.maker.Legend(&d.doc)
	}
	if d.s.looksAhead() {
		d.lookAhead(it, r.At, e)
	}
	return &d.doc
}

// owned adds what the file of holdings says of the item's consignee and end user.
func (d *desk) owned(it *fact.Item, at when.At) (docs []report.Owned) {
	if d.owners == nil {
		return nil
	}
	for _, p := range []struct{ field, name string }{{"consignee", it.Consignee}, {"end_user", it.EndUser}} {
		if p.field == "end_user" && p.name == it.Consignee {
			continue
		}
		for _, x := range d.owners.owned(p.name, at, party.DefaultThreshold) {
			x.doc.Field = p.field
			docs = append(docs, x.doc)
			it.Owned = append(it.Owned, x.fact)
		}
	}
	return docs
}

// Run screens the rows of tables, one after another and in order, and prints them to w. Rows that cannot be read are printed as refused and
// counted; the rest is done. The error is one of reading or writing as a whole.
func (s *Screening) Run(in []*tables.Table, w io.Writer) (report.Summary, error) {
	sum := s.summary()
	printer, err := report.NewPrinter(s.Format, s.Lang, extraColumns(in), s.Width)
	if err != nil {
		return sum, err
	}
	desks, known := make([]*desk, s.Turns.atOnce()), newRemembered()
	for i := range desks {
		if desks[i], err = s.desk(); err != nil {
			return sum, err
		}
		desks[i].printer = printer
		if s.sharesAnswers() {
			desks[i].remember(known)
		}
	}
	rows, err := printer.Open(w)
	if err != nil {
		return sum, err
	}
	var joined shipments
	for _, t := range in {
		for _, d := range desks {
			d.Reader.DecimalComma = t.DecimalComma()
		}
		l, err := s.lineOf(t, printer, desks)
		if err == nil {
			first := sum.Rows+sum.Refused == 0
			err = l.run(rows, first, func(j *job) { count(&sum, j, s, &joined) })
		}
		if err != nil {
			return sum, err
		}
	}
	sum.Shipments, sum.MoreShipments = joined.list, joined.more
	return sum, printer.Close(w, &sum)
}

// lineOf is the way of a table's rows: as they come, or, for a structure of parts, once all of it is known.
func (s *Screening) lineOf(t *tables.Table, p report.Lines, desks []*desk) (*line, error) {
	whole, first, err := structured(t)
	if err != nil {
		return nil, err
	}
	l := newLine(t, p, desks, s.Turns)
	if !whole && !s.Answers.place() {
		l.first = first
		return l, nil
	}
	l.tree, err = s.readTree(t, first, desks, l.turns)
	return l, err
}

// extraColumns lists the unknown columns of all tables, each once.
func extraColumns(in []*tables.Table) []string {
	var names []string
	for _, t := range in {
		for _, c := range t.Columns {
			if c.Number < 0 && !slices.Contains(names, c.Heading) {
				names = append(names, c.Heading)
			}
		}
	}
	return names
}

// knownBy is the knowledge date of all answers.
func (s *Screening) knownBy() when.Date { return cmp.Or(s.KnownBy, s.Book.Assessed.Horizon) }

func (s *Screening) summary() report.Summary {
	return report.Summary{
		Outcomes: map[string]int{}, Law: report.LawRef{Revision: s.Book.Revision, AssessedUntil: s.Book.Assessed.Horizon},
		KnownBy: s.knownBy(), Acts: len(s.Book.Acts), Note: report.Disclaimer(s.Lang, len(s.Book.Acts), s.Book.Assessed.Horizon),
	}
}

// line is the way of rows through the screening: one goroutine reads batches, several answer them, the caller's writes them in order.
type line struct {
	table   *tables.Table
	first   *tables.Batch // read already; nil: none is
	tree    *tree         // the table as a structure; nil: rows stand by themselves
	given   int           // rows of the tree that are on their way
	cuts    bool          // rows are cut only, and split by whoever looks at them
	printer report.Lines
	desks   []*desk
	turns   *turns
	jobs    chan *job
	order   chan *job // the same jobs in the order of the file
	free    chan *job
	stop    chan struct{}
	once    sync.Once
}

// job is a batch on its way, with what came of it. Jobs are used again, so memory does not grow with the file.
type job struct {
	batch   tables.Batch
	block   tables.Block // in place of it, where rows are cut only
	first   int          // of a tree: the first row, and how many
	count   int
	out     bytes.Buffer
	counts  [law.Prohibited + 1]int
	open    int
	refused []report.Reject
	asks    []report.AskRow
	worst   law.Outcome
	shipped []shipped // lines that name a shipment
	rows    int       // of a comparison: rows read, touched by what changed, and printed
	touched int
	printed int
	changed []report.Impact
	err     error
	done    chan struct{}
}

func newLine(t *tables.Table, p report.Lines, desks []*desk, turns *turns) *line {
	n := 4 * len(desks)
	l := &line{table: t, printer: p, desks: desks, turns: turns, jobs: make(chan *job, n), order: make(chan *job, n), free: make(chan *job, n), stop: make(chan struct{})}
	for range n {
		l.free <- &job{done: make(chan struct{}, 1)}
	}
	return l
}

// run answers all rows; done is called with each batch in order, once its rows are written.
func (l *line) run(w io.Writer, first bool, done func(*job)) error {
	go l.read()
	for _, d := range l.desks {
		go func() {
			for j := range l.jobs {
				l.turns.do(func() { j.err = errors.Join(j.err, d.work(j, l)) })
				j.done <- struct{}{}
			}
		}()
	}
	defer l.once.Do(func() { close(l.stop) })
	for j := range l.order {
		<-j.done
		if j.err != nil {
			return j.err
		}
		var err error
		l.turns.do(func() { err = l.write(w, j, &first) })
		if err != nil {
			return err
		}
		done(j)
		l.free <- j
	}
	return nil
}

// read fills batches until the table ends.
func (l *line) read() {
	defer close(l.order)
	defer close(l.jobs)
	for {
		var j *job
		select {
		case j = <-l.free:
		case <-l.stop:
			return
		}
		j.reset()
		var err error
		l.turns.do(func() { err = l.next(j) })
		if err == io.EOF {
			return
		}
		j.err = err
		l.order <- j
		l.jobs <- j
		if err != nil {
			return
		}
	}
}

// next fills a job.
func (l *line) next(j *job) error {
	switch {
	case l.tree != nil:
		return l.tree.next(j, &l.given)
	case l.cuts:
		return l.table.Cut(&j.block)
	case l.first != nil:
		j.batch, l.first = *l.first, nil
		if len(j.batch.Rows) == 0 {
			return io.EOF
		}
		return nil
	}
	return l.table.Next(&j.batch)
}

func (j *job) reset() {
	j.out.Reset()
	j.counts, j.open, j.refused, j.worst, j.err = [law.Prohibited + 1]int{}, 0, j.refused[:0], 0, nil
	j.shipped, j.asks = j.shipped[:0], nil
	j.rows, j.touched, j.printed, j.changed = 0, 0, 0, j.changed[:0]
}

func (l *line) write(w io.Writer, j *job, first *bool) error {
	if j.out.Len() == 0 {
		return nil
	}
	if !*first {
		if _, err := io.WriteString(w, l.printer.Between()); err != nil {
			return err
		}
	}
	*first = false
	_, err := w.Write(j.out.Bytes())
	return err
}

func count(sum *report.Summary, j *job, s *Screening, joined *shipments) {
	for i := range j.shipped {
		joined.add(j.shipped[i])
	}
	for o, n := range j.counts {
		if n > 0 {
			sum.Outcomes[law.Outcome(o).String()] += n
			sum.Rows += n
		}
	}
	if s.Asks != nil {
		s.Asks.Add(j.asks)
	}
	sum.Open += j.open
	sum.Refused += len(j.refused)
	sum.Worst = max(sum.Worst, j.worst)
	for _, x := range j.refused {
		if s.Refused != nil {
			s.Refused(x)
		}
	}
	if s.Progress != nil {
		s.Progress(sum.Rows + sum.Refused)
	}
}

// work answers the rows of a batch into its buffer.
func (d *desk) work(j *job, l *line) error {
	n := len(j.batch.Rows)
	switch {
	case l.tree != nil:
		n = j.count
	case l.cuts:
		n = j.block.Len()
	}
	for i := range n {
		before := j.out.Len()
		if before > 0 {
			j.out.WriteString(l.printer.Between())
		}
		after := j.out.Len()
		var err error
		switch {
		case l.tree != nil:
			err = d.treeRow(j, l.tree, j.first+i, l.printer)
		case l.cuts:
			err = d.cutRow(j, l.table, i, l.printer)
		default:
			err = d.row(j, l.table, &j.batch.Rows[i], l.printer)
		}
		if err != nil {
			return err
		}
		if j.out.Len() == after { // the row has nothing to say
			j.out.Truncate(before)
		}
	}
	return nil
}

func (d *desk) row(j *job, t *tables.Table, row *tables.Row, p report.Lines) error {
	if d.memory != nil && d.memory.recall(d, t, row) {
		return d.put(j, &d.item)
	}
	warnings, refusal := d.readRow(t, row)
	if refusal == nil && d.item.Parent != "" {
		refusal = &problem.Problem{Place: problem.Place{File: t.Name, Line: row.Line}, Field: "parent",
			Text: "is given here for the first time, when the rows above have been answered", Meant: "a row with a parent among the first rows"}
	}
	if refusal != nil {
		return d.refuse(j, d.item.ID, t, row, refusal, p)
	}
	if d.memory == nil {
		return d.give(j, warnings)
	}
	if warnings != nil {
		d.memory.forget()
	}
	if !d.memory.recognise(d, t, row) {
		d.answer(&d.item)
		d.memory.keep(d)
	}
	d.doc.Warnings = report.ProblemsIn(d.s.Lang, warnings)
	return d.put(j, &d.item)
}

// give answers or compares the desk's item, as the desk is set up.
func (d *desk) give(j *job, warnings problem.List) error {
	if d.impact != nil {
		return d.compare(j)
	}
	return d.print(j, &d.item, warnings)
}

// refuse prints a refused row.
func (d *desk) refuse(j *job, id string, t *tables.Table, row *tables.Row, why *problem.Problem, p report.Lines) error {
	said := report.ProblemIn(d.s.Lang, *why)
	x := report.Reject{Problem: said}
	for i, cell := range row.Cells {
		if cell != "" {
			x.Cells = append(x.Cells, report.ExtraField{Name: t.Columns[i].Heading, Value: cell})
		}
	}
	for _, e := range row.Extra {
		x.Cells = append(x.Cells, report.ExtraField(e))
	}
	j.refused = append(j.refused, x)
	return p.Refused(&j.out, &report.Refused{ID: strings.Clone(id), Line: row.Line, Problem: said})
}

// print answers an item into a job's buffer.
func (d *desk) print(j *job, it *fact.Item, warnings problem.List) error {
	doc := d.answer(it)
	doc.Warnings, doc.Level = report.ProblemsIn(d.s.Lang, warnings), d.level
	return d.put(j, it)
}

// put prints and counts the desk's determination of an item.
func (d *desk) put(j *job, it *fact.Item) error {
	doc := &d.doc
	v := answeredOf(doc)
	j.tally(v.outcome, v.mayBe)
	if d.s.Asks != nil {
		j.asks = append(j.asks, doc.AskRows(d.s.Lang, CanAnswer)...)
	}
	if it.Shipment != "" {
		x := shippedOf(it, v.outcome, v.mayBe, doc.At.Effective)
		x.shipment, x.id = strings.Clone(x.shipment), strings.Clone(x.id) // the row's text is used again
		j.shipped = append(j.shipped, x)
	}
	return d.printer.Row(&j.out, doc)
}

// tally counts an answer.
func (j *job) tally(outcome, mayBe law.Outcome) {
	j.counts[outcome]++
	j.worst = max(j.worst, mayBe)
	if mayBe != outcome {
		j.open++
	}
}

// readRow turns a row into the desk's item. The first problem that is not a warning refuses it.
func (d *desk) readRow(t *tables.Table, row *tables.Row) (warnings problem.List, refusal *problem.Problem) {
	it := &d.item
	it.Reset()
	it.Line = row.Line
	keep := func(p problem.Problem) {
		p = report.ProblemIn(d.s.Lang, p)
		p.File, p.Line = t.Name, row.Line
		if p.Warning {
			warnings = append(warnings, p)
		} else if refusal == nil {
			refusal = &p
		}
	}
	if row.Problem != nil {
		keep(*row.Problem)
		return warnings, refusal
	}
	for i, cell := range row.Cells {
		c := &t.Columns[i]
		switch {
		case cell == "":
		case c.Number < 0:
			it.Extra = append(it.Extra, fact.ExtraField{Name: c.Heading, Value: cell})
		default:
			if p := d.Reader.Set(it, c.Number, cell); p != nil {
				keep(*p)
			}
		}
	}
	it.Extra = append(it.Extra, row.Extra...)
	d.s.Answers.put(d.Reader, it, func(p problem.Problem) { warnings = append(warnings, p) }, d.badAnswer)
	for _, p := range d.Reader.Finish(it) {
		keep(p)
	}
	return warnings, refusal
}
