package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// A shard is a stretch of rows that is answered by itself, on whatever machine: as text it holds the question, the table and the rows as they were
// read, so that its digest names all that its answer follows from. The answer is what a screening in one process would have printed for the rows,
// and what it would have counted.

// ShardQuestion says how the rows of shards are to be answered. Only a program of the same version with the same law may answer them.
type ShardQuestion struct {
	Version     string        `json:"version"`
	Revision    string        `json:"revision"` // of the law
	On          when.Date     `json:"on"`
	KnownBy     when.Date     `json:"known_by"`
	From        string        `json:"from,omitempty"`
	Destination string        `json:"destination,omitempty"`
	Lang        string        `json:"lang"`
	Role        string        `json:"role,omitempty"`
	Explain     bool          `json:"explain,omitzero"`
	Timeline    bool          `json:"timeline,omitzero"`
	Rates       string        `json:"rates,omitempty"` // text of a rate table; empty: none is given
	Holdings    string        `json:"holdings,omitempty"`
	HoldingsOf  string        `json:"holdings_of,omitempty"` // name of the file of holdings whose text that is; empty: none is given
	Asks        bool          `json:"asks,omitzero"`         // questions are collected
	Format      report.Format `json:"format"`
	Width       int           `json:"width,omitzero"`
	Extra       []string      `json:"extra,omitempty"` // unknown columns of all tables, which CSV prints
}

// ShardInput is what is to be screened as shards.
type ShardInput struct {
	Screening *Screening
	Tables    []*tables.Table
	Rates     string // text of the rate table; empty: none is given
	Holdings  string // text of the file of holdings, and its name; empty: none is given
	Of        string
}

// maxHoldings bounds the bytes of holdings, which every shard has with it.
const maxHoldings = 1 << 20

// Name is what the input is called: its files.
func (in *ShardInput) Name() string {
	names := make([]string, len(in.Tables))
	for i, t := range in.Tables {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// Question puts the screening into a question for shards. The error says what only one process can answer.
func (in *ShardInput) Question(version string) (ShardQuestion, error) {
	s := in.Screening
	switch {
	case s.Answers != nil:
		return ShardQuestion{}, errors.New("answers to questions are read by one process, which says those that found no row: leave out --answers, or --fleet")
	case len(in.Holdings) > maxHoldings:
		return ShardQuestion{}, fmt.Errorf("%s takes %d bytes, and a shard carries at most %d of holdings: leave out --ownership, or --fleet", in.Of, len(in.Holdings), maxHoldings)
	case s.Format != report.JSONL && s.Format != report.JSON && s.Format != report.CSV && s.Format != report.Table:
		return ShardQuestion{}, fmt.Errorf("output %q is made by one process; a fleet prints jsonl, json, csv or table", s.Format)
	}
	return ShardQuestion{Version: version, Revision: s.Book.Revision, On: s.On, KnownBy: s.knownBy(), From: s.From, Destination: s.Destination,
		Lang: s.Lang, Role: s.Role, Explain: s.Explain, Timeline: s.Timeline, Rates: in.Rates, Holdings: in.Holdings, HoldingsOf: in.Of, Asks: s.Asks != nil, Format: s.Format, Width: s.Width, Extra: extraColumns(in.Tables)}, nil
}

// Screening is the screening that a question asks for; one of another version or law is refused.
func (q *ShardQuestion) Screening(book *law.Book, version string) (*Screening, error) {
	if q.Version != version || q.Revision != book.Revision {
		return nil, fmt.Errorf("asked of version %s with the law %s; this is version %s with the law %s: use the same program and the same --law", q.Version,
			q.Revision, version, book.Revision)
	}
	s := &Screening{Book: book, On: q.On, KnownBy: q.KnownBy, From: q.From, Destination: q.Destination, Lang: q.Lang, Role: q.Role, Explain: q.Explain,
		Timeline: q.Timeline, Format: q.Format, Width: q.Width}
	if q.Rates != "" {
		var err error
		if s.Rates, err = ReadRates("rates", strings.NewReader(q.Rates), book.Vocab); err != nil {
			return nil, err
		}
	}
	if q.HoldingsOf != "" {
		var err error
		lists := lawParties(book, q.On, q.Lang)
		if s.Ownership, err = LoadOwnership(q.HoldingsOf, strings.NewReader(q.Holdings), book, lists, q.Lang, party.DefaultThreshold); err != nil {
			return nil, err
		}
	}
	if q.Asks {
		s.Asks = &report.Asks{}
	}
	return s, s.Check()
}

// Shard is a part of an input, until the one who is given it returns.
type Shard struct {
	Rows  int
	Texts [3][]byte // stem, head, and rows
}

// Write writes the shard as text, in pieces that depend on it alone.
func (s *Shard) Write(w io.Writer) error {
	for _, text := range s.Texts {
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}

// shardStem is what the shards of a table have in common: the first line of their texts.
type shardStem struct {
	Question  ShardQuestion   `json:"question"`
	Name      string          `json:"name"`
	Format    tables.Format   `json:"format"`
	Delimiter byte            `json:"delimiter,omitzero"`
	Columns   []tables.Column `json:"columns"`
}

// shardHead is the second line; packed rows follow.
type shardHead struct {
	Rows     int                  `json:"rows"`
	Tree     bool                 `json:"tree,omitzero"`
	Troubles map[int]shardTrouble `json:"troubles,omitempty"` // rows that could not be read as rows
}

type shardTrouble struct {
	Line    int              `json:"line"`
	Problem *problem.Problem `json:"problem"`
}

// maxShardBytes bounds the rows of a shard; one that reaches it ends early.
const maxShardBytes = 8 << 20

// Cut cuts tables into shards of at most so many rows, in order. Rows are cut where the readers of tables part them; a structure is cut only between
// products that share no part, however many rows that takes.
func (in *ShardInput) Cut(q ShardQuestion, most int, give func(Shard) error) error {
	for _, t := range in.Tables {
		c, err := newCutter(t, q, most, give)
		if err != nil {
			return err
		}
		whole, first, err := structured(t)
		switch {
		case err != nil:
			return err
		case whole:
			err = in.Screening.cutTree(c, first)
		default:
			err = c.cut(batches(t, first))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cutter puts the rows of a table into shards.
type cutter struct {
	table *tables.Table
	lang  string
	stem  []byte
	most  int
	now   int // most rows of the shard at hand
	give  func(Shard) error
	head  shardHead
	rows  []byte
}

func newCutter(t *tables.Table, q ShardQuestion, most int, give func(Shard) error) (*cutter, error) {
	stem, err := json.Marshal(shardStem{q, t.Name, t.Format, t.Delimiter, t.Columns})
	return &cutter{table: t, lang: q.Lang, stem: append(stem, '\n'), most: most, now: min(most, firstRows), give: give}, err
}

// firstRows bounds the first shard of a table. Each that follows may have twice as many, up to the bound that is asked for: small ones are soon read, so that
// workers begin soon.
const firstRows = 2500

func (c *cutter) cut(next func() (*tables.Batch, error)) error {
	for {
		b, err := next()
		if err == io.EOF {
			return c.flush()
		}
		if err != nil {
			return err
		}
		for i := range b.Rows {
			c.add(&b.Rows[i])
			if c.head.Rows >= c.now || len(c.rows) >= maxShardBytes {
				if err := c.flush(); err != nil {
					return err
				}
			}
		}
	}
}

func (c *cutter) add(row *tables.Row) {
	if row.Problem != nil {
		if c.head.Troubles == nil {
			c.head.Troubles = map[int]shardTrouble{}
		}
		p := report.ProblemIn(c.lang, *row.Problem) // its words are parted from it on the way
		c.head.Troubles[c.head.Rows] = shardTrouble{row.Line, &p}
	}
	c.rows = packRow(c.rows, row)
	c.head.Rows++
}

// flush gives the rows at hand as a shard.
func (c *cutter) flush() error {
	if c.head.Rows == 0 {
		return nil
	}
	head, err := json.Marshal(c.head)
	if err != nil {
		return err
	}
	shard := Shard{c.head.Rows, [...][]byte{c.stem, append(head, '\n'), c.rows}}
	err = c.give(shard)
	c.now = min(2*c.now, c.most)
	c.head, c.rows = shardHead{Tree: c.head.Tree}, c.rows[:0]
	return err
}

// cutTree reads a structure whole and cuts it where no part of the rows above is named by those below.
func (s *Screening) cutTree(c *cutter, first *tables.Batch) error {
	desks := make([]*desk, 1)
	var err error
	if desks[0], err = s.desk(); err != nil {
		return err
	}
	desks[0].Reader.DecimalComma = c.table.DecimalComma()
	var bonds bonds
	g, err := s.plantTree(c.table, batches(c.table, first), desks, nil, bonds.watch)
	if err != nil {
		return err
	}
	c.head.Tree = true
	last := bonds.last()
	var row tables.Row
	for r, end := 0, 0; r < len(bonds.row); r++ {
		if end = max(end, last[bonds.root(bonds.row[r])]); r > 0 && bonds.held[r] {
			end = max(end, r)
		}
		g.rows.row(r, &row)
		c.add(&row)
		if r == end && (r+1 == len(bonds.row) || !bonds.held[r+1]) && c.head.Rows >= c.now {
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	return c.flush()
}

// bonds says which rows of a structure must stay together: those of parts that hang together, since the answer to each may rest on all of them.
type bonds struct {
	row  []int32 // of each row: the node that it belongs to
	held []bool  // of each row: it must stay with the row above, since what it is part of was told from its place
	up   []int32 // of each node: another one of the same parts; its own number at the root
	part map[int32]int32
}

// watch takes a row that has found its place.
func (b *bonds) watch(g *planter, r int, x *seed) {
	if b.part == nil {
		b.part = map[int32]int32{}
	}
	part, parent := g.part[r], g.parent[r]
	if part < 0 && x.id != "" {
		if n, ok := g.builder.Number(x.id); ok { // it was refused beside what is stated of the part
			part = n
		}
	}
	node := int32(-1)
	for _, n := range []int32{part, parent} {
		switch of, known := b.part[n]; {
		case n < 0:
		case !known && node < 0:
			node = b.fresh()
			b.part[n] = node
		case !known:
			b.part[n] = node
		case node < 0:
			node = of
		default:
			b.up[b.root(of)] = b.root(node)
		}
	}
	if node < 0 {
		node = b.fresh()
	}
	b.row = append(b.row, node)
	b.held = append(b.held, g.levelled && (g.part[r] < 0 || parent >= 0 || g.levelBlank))
}

func (b *bonds) fresh() int32 {
	n := int32(len(b.up))
	b.up = append(b.up, n)
	return n
}

func (b *bonds) root(n int32) int32 {
	for b.up[n] != n {
		b.up[n] = b.up[b.up[n]]
		n = b.up[n]
	}
	return n
}

// last is the last row of each root.
func (b *bonds) last() map[int32]int {
	last := map[int32]int{}
	for r, n := range b.row {
		last[b.root(n)] = r
	}
	return last
}

// ShardAnswerer answers shards; several goroutines may use it. Shards of the same question and table share desks and remembered answers.
type ShardAnswerer struct {
	Book    *law.Book
	Version string // of the program

	mu    sync.Mutex
	stems []*answering // the newest last
}

// maxStems bounds the tables whose desks are kept.
const maxStems = 4

// answering is what answers the shards of one table.
type answering struct {
	key     string
	s       *Screening
	table   *tables.Table
	printer report.Printer
	known   *remembered // nil: rows share no answers
	mu      sync.Mutex
	free    []*shardDesk
}

// shardDesk is a desk with the job that it uses again.
type shardDesk struct {
	*desk
	job job
}

// shardAnswer is what was counted in an answer.
type shardAnswer struct {
	Bytes   int64           `json:"bytes"` // of its rows as they are printed
	Counts  map[string]int  `json:"counts"`
	Open    int             `json:"open"`
	Worst   law.Outcome     `json:"worst"`
	Refused []report.Reject `json:"refused,omitempty"`
	Shipped []shippedLine   `json:"shipped,omitempty"`
	Asks    []report.AskRow `json:"asks,omitempty"`
}

// shippedLine is a shipped as text.
type shippedLine struct {
	Shipment string      `json:"shipment"`
	ID       string      `json:"id"`
	Outcome  law.Outcome `json:"outcome"`
	Worst    law.Outcome `json:"worst"`
	Goods    uint64      `json:"goods"`
	Held     bool        `json:"held"`
}

// Answer answers a shard: it writes the rows and gives what was counted in them. An error is the shard's own, or that of w: it comes again wherever the shard
// is tried.
func (a *ShardAnswerer) Answer(text []byte, w io.Writer) (counts []byte, err error) {
	x, head, packed, err := a.open(text)
	if err != nil {
		return nil, err
	}
	d, err := x.desk()
	if err != nil {
		return nil, err
	}
	wrote := written{w: w}
	if err := x.answer(d, &head, packed, &wrote); err != nil {
		return nil, err
	}
	x.giveBack(d)
	return d.job.counted(wrote.n)
}

// written counts what is written.
type written struct {
	w io.Writer
	n int64
}

func (c *written) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// answer prints the answers to the rows of a shard.
func (x *answering) answer(d *shardDesk, head *shardHead, packed string, w io.Writer) error {
	l, next := &line{table: x.table, printer: x.printer}, head.batches(x.table, packed)
	if head.Tree {
		g, err := x.s.plantTree(x.table, next, []*desk{d.desk}, nil, nil)
		if err != nil {
			return err
		}
		l.tree = x.s.grown(g, d.desk)
	}
	d.job.reset()
	for given, first := 0, true; given < head.Rows; {
		if head.Tree {
			d.job.first, d.job.count = given, min(head.Rows-given, treeBatch)
			given += d.job.count
		} else {
			b, err := next()
			if err != nil {
				return err
			}
			d.job.batch = *b
			given += len(b.Rows)
		}
		if err := d.work(&d.job, l); err != nil {
			return err
		}
		if d.job.out.Len() < answersAtOnce && given < head.Rows {
			continue
		}
		if err := l.write(w, &d.job, &first); err != nil {
			return err
		}
		d.job.out.Reset()
	}
	return nil
}

// answersAtOnce is how many bytes of answers are written together: they are packed together, and the more of them the better.
const answersAtOnce = 3 << 20

// open finds or makes what answers a shard.
func (a *ShardAnswerer) open(text []byte) (x *answering, head shardHead, packed string, err error) {
	stem, rest, ok := bytes.Cut(text, []byte("\n"))
	line, rest, ok2 := bytes.Cut(rest, []byte("\n"))
	if !ok || !ok2 {
		return nil, head, "", errors.New("this is no shard: it has no head")
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, head, "", fmt.Errorf("this is no shard: %w", err)
	}
	if head.Rows < 0 || head.Rows > len(rest)/leastPacked {
		return nil, head, "", fmt.Errorf("this is no shard: %d rows do not fit into %d bytes", head.Rows, len(rest))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at := slices.IndexFunc(a.stems, func(x *answering) bool { return x.key == string(stem) })
	if at < 0 {
		if x, err = a.begin(stem); err != nil {
			return nil, head, "", err
		}
		if a.stems = append(a.stems, x); len(a.stems) > maxStems {
			a.stems = slices.Delete(a.stems, 0, 1)
		}
		at = len(a.stems) - 1
	}
	return a.stems[at], head, string(rest), nil
}

// leastPacked is the bytes of a row without cells: its line, and how many cells and other fields it has.
const leastPacked = 3

func (a *ShardAnswerer) begin(text []byte) (*answering, error) {
	var stem shardStem
	if err := json.Unmarshal(text, &stem); err != nil {
		return nil, fmt.Errorf("this is no shard: %w", err)
	}
	for _, c := range stem.Columns {
		if c.Number < -1 || c.Number >= len(fact.Columns()) {
			return nil, fmt.Errorf("this is no shard: its column %q has the number %d", c.Heading, c.Number)
		}
	}
	s, err := stem.Question.Screening(a.Book, a.Version)
	if err != nil {
		return nil, err
	}
	x := &answering{key: string(text), s: s, table: &tables.Table{Name: stem.Name, Format: stem.Format, Delimiter: stem.Delimiter, Columns: stem.Columns}}
	if x.printer, err = report.NewPrinter(s.Format, s.Lang, stem.Question.Extra, s.Width); err != nil {
		return nil, err
	}
	if s.sharesAnswers() {
		x.known = newRemembered()
	}
	return x, nil
}

// desk gives a desk that nobody uses.
func (x *answering) desk() (*shardDesk, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n := len(x.free); n > 0 {
		d := x.free[n-1]
		x.free = x.free[:n-1]
		return d, nil
	}
	d, err := x.s.desk()
	if err != nil {
		return nil, err
	}
	d.printer, d.Reader.DecimalComma = x.printer, x.table.DecimalComma()
	if x.known != nil {
		d.remember(x.known)
	}
	return &shardDesk{desk: d}, nil
}

func (x *answering) giveBack(d *shardDesk) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.free = append(x.free, d)
}

// batches gives the rows of a shard of a table, some at a time; io.EOF at the end.
func (h *shardHead) batches(t *tables.Table, text string) func() (*tables.Batch, error) {
	var b tables.Batch
	rows, given := make([]tables.Row, min(h.Rows, treeBatch)), 0
	return func() (*tables.Batch, error) {
		b.Rows = rows[:min(h.Rows-given, len(rows))]
		if len(b.Rows) == 0 {
			return nil, io.EOF
		}
		for i := range b.Rows {
			if !unpackNext(&text, &b.Rows[i]) || len(b.Rows[i].Cells) > len(t.Columns) {
				return nil, fmt.Errorf("this is no shard: its row %d cannot be read", given+1)
			}
			if t, ok := h.Troubles[given]; ok {
				b.Rows[i].Line, b.Rows[i].Problem = t.Line, t.Problem
			}
			given++
		}
		return &b, nil
	}
}

// counted is what was counted in a job whose rows take so many bytes.
func (j *job) counted(size int64) ([]byte, error) {
	a := shardAnswer{Bytes: size, Counts: map[string]int{}, Open: j.open, Worst: j.worst, Refused: j.refused, Asks: j.asks}
	for o, n := range j.counts {
		if n > 0 {
			a.Counts[law.Outcome(o).String()] = n
		}
	}
	for _, x := range j.shipped {
		a.Shipped = append(a.Shipped, shippedLine{x.shipment, x.id, x.outcome, x.worst, x.goods, x.controlledGoods})
	}
	return json.Marshal(a)
}

// mostCounted bounds what a shard may count: more rows than memory holds.
const mostCounted = 1 << 40

// job is the job that an answer came of, without its rows.
func (a *shardAnswer) job() (*job, error) {
	j, rows := &job{open: a.Open, worst: a.Worst, refused: a.Refused, asks: a.Asks}, 0
	for word, n := range a.Counts {
		o, ok := law.OutcomeOf(word)
		if !ok || n < 0 || n > mostCounted {
			return nil, fmt.Errorf("this is no answer to a shard: it counts %d times %q", n, word)
		}
		j.counts[o] = n
		rows += n
	}
	if a.Open < 0 || a.Open > rows || a.Worst > law.Prohibited {
		return nil, fmt.Errorf("this is no answer to a shard: %d of its %d rows are open", a.Open, rows)
	}
	for _, x := range a.Shipped {
		j.shipped = append(j.shipped, shipped{x.Shipment, x.ID, x.Outcome, x.Worst, x.Goods, x.Held})
	}
	return j, nil
}

// Assembly puts the answers to shards together, in order, into what one process would have printed.
type Assembly struct {
	s       *Screening
	w, rows io.Writer
	printer report.Printer
	sum     report.Summary
	joined  shipments
	line    line
	first   bool
}

// Assemble begins the output of a screening whose rows are answered as shards.
func (s *Screening) Assemble(q *ShardQuestion, w io.Writer) (*Assembly, error) {
	a := &Assembly{s: s, w: w, sum: s.summary(), first: true}
	var err error
	if a.printer, err = report.NewPrinter(s.Format, s.Lang, q.Extra, s.Width); err != nil {
		return nil, err
	}
	a.line.printer = a.printer
	a.rows, err = a.printer.Open(w)
	return a, err
}

// Add adds the answer to the next shard: what was counted in it, and its rows.
func (a *Assembly) Add(counts []byte, rows io.WriterTo) error {
	var x shardAnswer
	if err := json.Unmarshal(counts, &x); err != nil {
		return fmt.Errorf("this is no answer to a shard: %w", err)
	}
	j, err := x.job()
	if err != nil {
		return err
	}
	if x.Bytes > 0 && !a.first {
		if _, err := io.WriteString(a.rows, a.printer.Between()); err != nil {
			return err
		}
	}
	n, err := rows.WriteTo(a.rows)
	if err == nil && n != x.Bytes {
		err = fmt.Errorf("this is no answer to a shard: it says that its rows take %d bytes, and they take %d", x.Bytes, n)
	}
	if err != nil {
		return err
	}
	a.first = a.first && n == 0
	count(&a.sum, j, a.s, &a.joined)
	return nil
}

func (a *Assembly) add(j *job) error {
	if err := a.line.write(a.rows, j, &a.first); err != nil {
		return err
	}
	count(&a.sum, j, a.s, &a.joined)
	return nil
}

// Refuse adds the rows of a shard that could not be answered: each is refused, with the reason.
func (a *Assembly) Refuse(shard []byte, why string) error {
	answerer := ShardAnswerer{Book: a.s.Book}
	stem, _, _ := bytes.Cut(shard, []byte("\n"))
	var s shardStem
	if err := json.Unmarshal(stem, &s); err != nil {
		return fmt.Errorf("this is no shard: %w", err)
	}
	answerer.Version = s.Question.Version
	x, head, packed, err := answerer.open(shard)
	if err != nil {
		return err
	}
	d, id, j, next := &desk{s: a.s}, columnsOf(x.table).id, &job{}, head.batches(x.table, packed)
	for {
		b, err := next()
		if err == io.EOF {
			return a.add(j)
		}
		if err != nil {
			return err
		}
		for i := range b.Rows {
			if j.out.Len() > 0 {
				j.out.WriteString(a.printer.Between())
			}
			if err := d.refuse(j, strings.TrimSpace(cellOf(&b.Rows[i], id)), x.table, &b.Rows[i], setAside(x.table.Name, b.Rows[i].Line, why), a.printer); err != nil {
				return err
			}
		}
	}
}

func setAside(file string, line int, why string) *problem.Problem {
	p := problem.Problem{Place: problem.Place{File: file, Line: line}, Meant: "screen the rows of this shard by themselves"}.
		Saying(sentence.Of("its shard was set aside: %s", why))
	return &p
}

// cellOf is a cell of a row; empty where the row has none.
func cellOf(row *tables.Row, column int) string {
	if filled(row.Cells, column) {
		return row.Cells[column]
	}
	return ""
}

// Close ends the output.
func (a *Assembly) Close() (report.Summary, error) {
	a.sum.Shipments, a.sum.MoreShipments = a.joined.list, a.joined.more
	return a.sum, a.printer.Close(a.w, &a.sum)
}
