package app

import (
	"encoding/binary"
	"sync/atomic"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/report"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// memory gives a row the answer of an earlier row that says the same, since files say the same again and again: the same goods, to the same
// places, under the same law. It does so only where making the answer anew would give the same bytes.
//
// Two rows share an answer where what was read of them says the same of what the thing is and what it is for (fact.Item.AppendSaid), the conditions
// that were asked cannot tell their ways and amounts apart (decide.Alike), their days lie in one stretch of the law, and the answer names the same of
// them. What belongs to the row alone (number, amounts, columns passed through) is read each time. Where the cells that say what the thing is are
// those of an earlier row to the byte, they need not be read again. Rows that state anything else, or that match a list, are answered anew.
type memory struct {
	known *remembered
	alike *decide.Alike

	// Of the row asked about last:
	cells  []byte // what says what the thing is and is for, as written; empty: it is not looked for
	said   []byte // the same as read
	thing  *thing // the two as an earlier row had them; nil: no answer is shared
	key    []byte // under which an answer is kept
	text   []byte // of an answer on its way into the memory
	day    when.Date
	looks  bool  // an answer is looked for
	shared trial // do rows share answers?
	repeat trial // do their cells repeat?
}

// A trial finds out whether looking for something pays: where few of the rows that were tried have met it, it rests for a while.
type trial struct {
	asked, met int
	resting    int // rows still to pass before the next trial
}

const (
	tried = 4096
	few   = tried / 20
	rest  = 16 * tried
)

// pays says whether to look for the row at hand.
func (t *trial) pays() bool {
	if t.resting > 0 {
		t.resting--
		return false
	}
	if t.asked++; t.asked < tried {
		return true
	}
	if t.met < few {
		t.resting = rest
	}
	t.asked, t.met = 0, 0
	return true
}

// remembered is what the desks keep together.
type remembered struct {
	things  cache[*thing]         // by cells, and by what was read of them
	answers cache[kept]           // by the number of a thing and what was asked of the row besides
	sealed  cache[*report.Sealed] // by their text: each once, since they are far fewer
	number  atomic.Uint64         // of the newest thing
}

// thing is what rows say that a thing is and is for.
type thing struct {
	number uint64
	asked  atomic.Pointer[decide.Asked] // all that the answers given for it have asked; it only grows
}

// kept is an answer. Of one that names places or parties only that it does is kept (no Sealed): it stands under a key that has them.
type kept struct {
	*report.Sealed
	quoted rule.Quoted
}

// How columns bear on an answer that is shared. A column that is not named here keeps the row from sharing one.
const (
	whatItSays   = iota + 1 // the same as read
	whatIsItsOwn            // read each time
)

var columnUse = func() []uint8 {
	use := make([]uint8, len(fact.Columns()))
	set := func(as uint8, names ...string) {
		for _, name := range names {
			n, _ := fact.ColumnNumber(name)
			use[n] = as
		}
	}
	set(whatItSays, "description", "hs", "control_code", "composition", "form", "params", "end_user_kind", "end_use", "knowledge", "procedure", "supplier")
	set(whatIsItsOwn, "id", "quantity", "unit", "value", "unit_value", "currency", "exporter", "ship_date", "consignee", "end_user",
		"origin", "made_in", "tech_origin", "from", "destination", "recipient_nationality")
	return use
}()

// sharesAnswers says whether rows may share answers: printed as JSON, and with nothing in them that is the row's alone or looks ahead.
func (s *Screening) sharesAnswers() bool {
	return (s.Format == report.JSONL || s.Format == report.JSON) && !s.Timeline && !s.looksAhead() && s.Ownership == nil && s.Answers == nil
}

// newRemembered makes room for 72 MB: answers are many and small.
func newRemembered() *remembered {
	r := &remembered{}
	r.things.most, r.answers.most, r.sealed.most = 12<<20, 48<<20, 12<<20
	return r
}

func (d *desk) remember(known *remembered) {
	d.memory = &memory{known: known, alike: d.Decider.Alike()}
}

// recall fills the desk's determination from an earlier row whose cells say the same, and says whether there was one. Then the row's own cells have
// been read into the desk's item, and nothing else.
func (m *memory) recall(d *desk, t *tables.Table, row *tables.Row) bool {
	m.cells, m.thing, m.looks = m.cells[:0], nil, m.shared.pays() && row.Problem == nil
	if !m.looks || !m.repeat.pays() {
		return false
	}
	d.item.Reset()
	d.item.Line = row.Line
	if !m.read(d, t, row) {
		m.cells = m.cells[:0]
		return false
	}
	known, ok := m.known.things.find(m.cells)
	if !ok {
		return false
	}
	m.repeat.met++
	return m.find(d, known)
}

// forget keeps the cells of the row asked about last from being known again: there is something to warn of in them.
func (m *memory) forget() { m.cells, m.thing = m.cells[:0], nil }

// recognise fills the desk's determination from an earlier row of which the same was read as of the desk's item, and says whether there was one.
func (m *memory) recognise(d *desk, t *tables.Table, row *tables.Row) bool {
	if m.thing != nil || !m.looks || !m.shares(t, row) {
		return false // not found when its cells were known
	}
	const read = 0xff // no column has that number: cells and what was read of them are kept apart
	m.said = d.item.AppendSaid(append(m.said[:0], read))
	known, ok := m.known.things.find(m.said)
	if !ok {
		known = &thing{number: m.known.number.Add(1)}
		known.asked.Store(&decide.Asked{})
		m.known.things.put(m.said, known, 0)
	}
	if len(m.cells) > 0 {
		m.known.things.put(m.cells, known, 0)
	}
	return m.find(d, known)
}

// find looks for the answer that a thing has been given for a row that nothing asked tells apart from the desk's item.
func (m *memory) find(d *desk, known *thing) bool {
	it := &d.item
	if d.Parties.Find(it); len(it.Listed)+len(it.Loaded) > 0 {
		return false
	}
	m.thing, m.day = known, d.At(when.At{Effective: d.s.On}, it).Effective
	m.key = m.alike.Append(binary.AppendUvarint(m.key[:0], known.number), it, m.day, known.asked.Load())
	k, ok := m.known.answers.find(m.key)
	if ok && k.Sealed == nil {
		m.key = m.alike.AppendQuoted(m.key, k.quoted)
		k, ok = m.known.answers.find(m.key)
	}
	if ok {
		m.shared.met++
		k.Open(&d.doc, it, m.day)
	}
	return ok
}

// keep takes up the answer that the desk has given to the row asked about last.
func (m *memory) keep(d *desk) {
	if m.thing == nil {
		return
	}
	m.key = m.alike.Append(binary.AppendUvarint(m.key[:0], m.thing.number), &d.item, m.day, m.thing.ask(m.alike.Asked()))
	if q := m.alike.Quoted(); q != 0 {
		m.known.answers.put(m.key, kept{quoted: q}, 0)
		m.key = m.alike.AppendQuoted(m.key, q)
	}
	m.text = d.doc.AppendSealed(m.text[:0])
	sealed, ok := m.known.sealed.find(m.text)
	if !ok {
		sealed = d.doc.Seal(string(m.text))
		m.known.sealed.put(m.text, sealed, len(m.text))
	}
	m.known.answers.put(m.key, kept{Sealed: sealed}, 0)
	sealed.Open(&d.doc, &d.item, m.day) // so that it is not printed twice
}

// ask adds what an answer has asked and returns all that has been. Answers kept before stand under keys of what had been asked by then; for rows that
// have the same answers to more they are right all the same.
func (t *thing) ask(more *decide.Asked) *decide.Asked {
	for {
		was := t.asked.Load()
		all, grown := was.Join(more)
		if !grown || t.asked.CompareAndSwap(was, all) {
			return all
		}
	}
}

// read takes what a row says into cells, and what is its own into the desk's item. It says whether that is all there is.
func (m *memory) read(d *desk, t *tables.Table, row *tables.Row) bool {
	const comma = 0xfe // no column has that number: the same cells say another thing in a file that writes 1,5 for a half more than one
	it := &d.item
	if d.Reader.DecimalComma {
		m.cells = append(m.cells, comma)
	}
	for i, cell := range row.Cells {
		if cell == "" {
			continue
		}
		c := &t.Columns[i]
		if c.Number < 0 {
			it.Extra = append(it.Extra, fact.ExtraField{Name: c.Heading, Value: cell})
			continue
		}
		switch columnUse[c.Number] {
		case whatItSays:
			m.cells = binary.AppendUvarint(append(m.cells, byte(c.Number)), uint64(len(cell)))
			m.cells = append(m.cells, cell...)
		case whatIsItsOwn:
			if d.Reader.Set(it, c.Number, cell) != nil {
				return false
			}
		default:
			return false
		}
	}
	it.Extra = append(it.Extra, row.Extra...)
	return d.Reader.Finish(it) == nil
}

// shares says whether a row states nothing that keeps it from sharing an answer.
func (m *memory) shares(t *tables.Table, row *tables.Row) bool {
	for i, cell := range row.Cells {
		if n := t.Columns[i].Number; cell != "" && n >= 0 && columnUse[n] == 0 {
			return false
		}
	}
	return true
}
