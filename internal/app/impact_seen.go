package app

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/report"
)

// seen lets a comparison pass over rows that say the same as an earlier one, before they are read: only what they say of the thing, of its use and of
// the classes of its places is looked at, as bytes. It does so where reading and judging the row would give the same, which is what memory rests on
// too (decide.Alike, for both points in time); what is the row's own (numbers, amounts, days, names) is only looked through for whatever would have
// the row refused. A row of which that cannot be told at a glance is read.
type seen struct {
	d       *desk
	alike   *decide.MovedAlike
	all     *allSeen
	columns []tables.Column
	uses    []seenUse   // of those columns
	things  []columnRun // columns that say what the thing is
	others  []columnRun // columns that say use and places
	own     []int       // columns of the others that are the row's own, or keep it apart

	kept    map[string]*near // by what a row says of the thing
	round   int32
	courses map[string]course // by use and places
	listed  map[string]bool   // by name: it is on a list
	read    []map[string]bool // by column: cells that can be read, or not

	line    []byte // the row at hand
	cells   []tables.Cell
	id      []byte
	rest    []byte       // its cells that say use, places and currency, and whether parties are named
	key     []byte       // what it says of the thing
	thing   *near        // what was said of such rows
	course  uint32       // the number of what else counts
	waiting bool         // nobody has judged it yet
	split   tables.Batch // of a row that is read
	item    fact.Item    // for what is read besides a row

	shared trial // do rows say the same?
	passed int   // rows that were not read
}

// seenUse is how a column bears on what is said of a row.
type seenUse uint8

const (
	keepsApart seenUse = iota // a row that fills it is read
	seenThing                 // says what the thing is: the same to the byte
	seenUsed                  // says what it is for: the same to the byte
	seenPlace                 // in the same sets of countries; the currency stands among them
	seenName                  // on no list
	seenText                  // any text
	seenID                    // any text that is not too long
	seenCount                 // a number that is not below zero
	seenDay                   // a day
)

var seenUses = map[string]seenUse{
	"description": seenThing, "hs": seenThing, "control_code": seenThing, "composition": seenThing, "form": seenThing, "params": seenThing,
	"end_user_kind": seenUsed, "end_use": seenUsed, "knowledge": seenUsed, "procedure": seenUsed,
	"origin": seenPlace, "made_in": seenPlace, "tech_origin": seenPlace, "from": seenPlace, "destination": seenPlace, "recipient_nationality": seenPlace,
	"currency": seenPlace, "consignee": seenName, "end_user": seenName, "id": seenID, "unit": seenText, "exporter": seenText, "supplier": seenText,
	"quantity": seenCount, "value": seenCount, "unit_value": seenCount, "ship_date": seenDay,
}

// course is what is known of the use and the places of a row.
type course struct {
	class  uint32 // number of what of them counts
	counts bool   // values in its currency are compared with limits
	bad    bool   // some cell cannot be read
}

// Bounds of the memories of a desk: of names, days and places, and of rows.
const (
	mostSeen = 10_000
	mostKept = 50_000

	maxSeen = 48 << 20 // bytes of what they keep together
)

// rememberRows lets the desks of a comparison pass over rows that were judged before, where the rows of the table are apart and can be cut.
func (l *line) rememberRows() {
	s := l.desks[0].s
	l.cuts = l.tree == nil && l.table.Cuts() && s.Answers == nil && s.Ownership == nil
	all := &allSeen{courses: map[string]uint32{}}
	for _, d := range l.desks {
		d.impact.seen = nil
		if l.cuts {
			d.impact.seen = newSeen(d, l.table, all)
		}
	}
}

func newSeen(d *desk, t *tables.Table, all *allSeen) *seen {
	s := &seen{d: d, alike: d.impact.moved.Alike(), all: all, columns: t.Columns, uses: make([]seenUse, len(t.Columns)), kept: map[string]*near{},
		courses: map[string]course{}, listed: map[string]bool{}, read: make([]map[string]bool, len(t.Columns))}
	for i, c := range t.Columns {
		s.uses[i], s.read[i] = seenUses[c.ID], map[string]bool{}
		if _, known := fact.ColumnNumber(strings.ToLower(c.Heading)); c.ID == "" && !known {
			s.uses[i] = seenText
		}
		switch s.uses[i] {
		case seenThing:
			s.things = with(s.things, i)
		case seenUsed, seenPlace:
			s.others = with(s.others, i)
		default:
			s.own = append(s.own, i)
		}
	}
	return s
}

// columnRun is columns that stand side by side.
type columnRun struct{ first, last int }

func with(columns []columnRun, i int) []columnRun {
	if n := len(columns); n > 0 && columns[n-1].last == i-1 {
		columns[n-1].last = i
		return columns
	}
	return append(columns, columnRun{i, i})
}

// cutRow compares row i of a block: by what was said of an earlier one, or by reading it.
func (d *desk) cutRow(j *job, t *tables.Table, i int, p report.Lines) error {
	s := d.impact.seen
	if x := s.recall(&j.block, i); x != nil {
		j.rows++
		id, line := string(s.id), j.block.Line(i)
		return d.tell(j, x, cmp.Or(id, strconv.Itoa(line)), line)
	}
	before := j.rows
	if err := d.row(j, t, j.block.Row(i, &s.split), p); err != nil {
		return err
	}
	if s.waiting && j.rows > before {
		s.keep(d.impact.said)
	}
	return nil
}

// recall gives what was said of a row that says the same as row i of a block; nil: it has to be read.
func (s *seen) recall(b *tables.Block, i int) *judged {
	s.waiting = false
	if !s.shared.pays() {
		return nil
	}
	var whole bool
	if s.line, s.cells, whole = b.Cells(i, s.cells[:0]); !whole || !s.look() {
		return nil
	}
	if round := s.all.round.Load(); round != s.round {
		clear(s.kept)
		s.round = round
	}
	s.thing = s.kept[string(s.key)]
	if s.thing == nil {
		s.thing = &near{heard: s.all.thing(s.key)}
		remember(s.kept, string(s.key), s.thing, mostKept)
	}
	w := s.courseOf()
	if w.bad {
		return nil
	}
	x := s.thing.anywhere.Load()
	if x == nil {
		if s.onList() {
			return nil
		}
		if s.course = w.class; w.counts {
			s.course = s.all.course(string(s.worth(w.class)))
		}
		x = s.thing.find(s.course)
	}
	if s.waiting = x == nil; !s.waiting {
		s.shared.met++
		s.passed++
	}
	return x
}

// look goes through the cells of the row at hand and says whether the row may share what is said: what it says is put together, and what is its own
// can be read.
func (s *seen) look() bool {
	s.key, s.rest, s.id = s.together(s.key[:0], s.things), s.together(s.rest[:0], s.others), nil
	for _, i := range s.own {
		cell := s.cell(i)
		if len(cell) == 0 {
			continue
		}
		same := true
		switch s.uses[i] {
		case seenName:
			s.rest = binary.AppendUvarint(s.rest, uint64(i))
			same = isText(cell)
		case seenText:
			same = isText(cell)
		case seenID:
			s.id, same = cell, isID(cell)
		case seenCount:
			same = isCount(cell)
		case seenDay:
			same = s.reads(i, cell)
		default:
			same = false
		}
		if !same {
			return false
		}
	}
	return true
}

func (s *seen) cell(i int) []byte { return s.line[s.cells[i].From:s.cells[i].To] }

// together appends the text of columns that stand side by side. No cell of a row that is cut has a line break.
func (s *seen) together(to []byte, columns []columnRun) []byte {
	for _, x := range columns {
		to = append(append(to, tables.Between(s.line, s.cells[x.first], s.cells[x.last])...), '\n')
	}
	return to
}

// isText says whether a cell is text as tables.Table reads it. The character that stands for what could not be decoded is not taken for any.
func isText(cell []byte) bool {
	for _, ch := range cell {
		if ch == 0 || ch >= utf8.RuneSelf {
			return ch > 0 && utf8.Valid(cell) && bytes.IndexByte(cell, 0) < 0 && !bytes.ContainsRune(cell, utf8.RuneError)
		}
	}
	return true
}

// isID says whether a cell is an id as it stands.
func isID(cell []byte) bool {
	const longest = 200
	first, last := cell[0], cell[len(cell)-1]
	return first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf && len(cell) <= longest && isText(cell)
}

// isCount says whether a cell is a number that every reader takes for the same, and that is not below zero.
func isCount(cell []byte) bool {
	const digits = 15
	if len(cell) > digits || cell[0] == '.' || cell[len(cell)-1] == '.' {
		return false
	}
	points := 0
	for _, ch := range cell {
		if ch == '.' {
			points++
		} else if ch < '0' || ch > '9' {
			return false
		}
	}
	return points <= 1
}

// reads says whether a cell of a column can be read.
func (s *seen) reads(column int, cell []byte) bool {
	ok, known := s.read[column][string(cell)]
	if !known {
		s.item.Reset()
		ok = isText(cell) && s.set(column, cell)
		remember(s.read[column], string(cell), ok, mostSeen)
	}
	return ok
}

// set reads a cell into the item besides the row.
func (s *seen) set(column int, cell []byte) bool {
	p := s.d.Reader.Set(&s.item, s.columns[column].Number, string(cell))
	return p == nil || p.Warning
}

func remember[V any](in map[string]V, key string, v V, most int) {
	if len(in) >= most {
		clear(in)
	}
	in[key] = v
}

// onList says whether a party of the row at hand is on a list.
func (s *seen) onList() bool {
	for i := range s.cells {
		cell := s.cell(i)
		if s.uses[i] != seenName || len(cell) == 0 {
			continue
		}
		listed, known := s.listed[string(cell)]
		if !known {
			s.item.Reset()
			s.set(i, cell)
			s.d.Parties.Find(&s.item)
			listed = len(s.item.Listed)+len(s.item.Loaded) > 0
			remember(s.listed, string(cell), listed, mostSeen)
		}
		if listed {
			return true
		}
	}
	return false
}

// courseOf is what is known of the use and the places of the row at hand.
func (s *seen) courseOf() course {
	w, known := s.courses[string(s.rest)]
	if known {
		return w
	}
	it := &s.item
	it.Reset()
	var class []byte
	for i := range s.cells {
		cell := s.cell(i)
		switch s.uses[i] {
		case seenUsed:
			class = append(binary.AppendUvarint(class, uint64(len(cell))), cell...)
			w.bad = w.bad || !isText(cell) || !s.set(i, cell)
		case seenPlace:
			w.bad = w.bad || !isText(cell) || !s.set(i, cell)
		case seenName:
			w.bad = w.bad || !s.set(i, cell)
		}
	}
	s.d.Reader.Finish(it)
	w.counts = s.alike.Counts(it.Currency)
	w.class = s.all.course(string(s.alike.AppendWays(class, it)))
	remember(s.courses, string(s.rest), w, mostSeen)
	return w
}

// worth is what counts of a course and, besides, of the value of the row at hand.
func (s *seen) worth(course uint32) []byte {
	it := &s.item
	it.Reset()
	for i := range s.cells {
		if s.uses[i] == seenCount || s.columns[i].ID == "currency" {
			s.set(i, s.cell(i))
		}
	}
	s.d.Reader.Finish(it)
	return s.alike.AppendWorth(binary.LittleEndian.AppendUint32(nil, course), it) // shorter than any class
}

// keep takes up what was said of the row at hand.
func (s *seen) keep(x judged) {
	to := s.all.once(&x)
	if !x.touched && x.doc == nil && s.d.impact.moved.Settled() && !s.d.Parties.HasBeside() {
		s.thing.anywhere.Store(to)
		return
	}
	s.thing.heard.keep(s.course, to)
	s.all.grow(0)
}

// near is what a desk knows of heard, for courses of small numbers without asking others.
type near struct {
	*heard
	by []*judged // by course
}

func (k *near) find(course uint32) *judged {
	const most = 256
	if course < uint32(len(k.by)) && k.by[course] != nil {
		return k.by[course]
	}
	x := k.heard.find(course)
	if x == nil || course >= most {
		return x
	}
	for course >= uint32(len(k.by)) {
		k.by = append(k.by, nil)
	}
	k.by[course] = x
	return x
}

// heard is what the desks have said of rows that say the same of the thing.
type heard struct {
	anywhere atomic.Pointer[judged] // nil: it may depend on the rest of the row
	sync.RWMutex
	by map[uint32]*judged // by course
}

func (t *heard) find(course uint32) *judged {
	t.RLock()
	defer t.RUnlock()
	return t.by[course]
}

func (t *heard) keep(course uint32, x *judged) {
	t.Lock()
	defer t.Unlock()
	if t.by == nil {
		t.by = map[uint32]*judged{}
	}
	t.by[course] = x
}

// allSeen is what the desks have said, together. What is printed is kept once, for however many rows it is said.
type allSeen struct {
	sync.Mutex
	things  map[string]*heard  // by what a row says of the thing
	bodies  map[string]*judged // by what is printed
	size    int                // bytes, about
	given   uint32             // the last of those numbers
	round   atomic.Int32       // counts how often all was forgotten
	courses map[string]uint32  // numbers of what counts of courses; a number is given once
}

// course is the number of what counts of a course.
func (a *allSeen) course(of string) uint32 {
	a.Lock()
	defer a.Unlock()
	n, known := a.courses[of]
	if !known {
		a.given++
		n = a.given
		remember(a.courses, of, n, mostSeen)
	}
	return n
}

// thing is what was said of rows with a key.
func (a *allSeen) thing(key []byte) *heard {
	a.grow(len(key))
	a.Lock()
	defer a.Unlock()
	t := a.things[string(key)]
	if t == nil {
		t = &heard{}
		a.things[string(key)] = t
	}
	return t
}

// grow counts a text of so many bytes. What is too much is forgotten.
func (a *allSeen) grow(bytes int) {
	const entry = 100 // bytes besides the text
	a.Lock()
	defer a.Unlock()
	if a.size += bytes + entry; a.things == nil || a.size > maxSeen {
		a.round.Add(1)
		a.things, a.bodies, a.size = map[string]*heard{}, map[string]*judged{}, 0
	}
}

// once is a judgement that was given before and prints the same, where there is one.
func (a *allSeen) once(x *judged) *judged {
	body := ""
	if x.doc != nil {
		body = x.doc.Seal()
	}
	if x.touched {
		body += "+"
	}
	a.grow(4 * len(body)) // as text, and as what it is made from
	a.Lock()
	defer a.Unlock()
	known := a.bodies[body]
	if known == nil {
		known = x
		a.bodies[body] = x
	}
	return known
}
