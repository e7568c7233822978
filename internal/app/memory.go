package app

import (
	"encoding/binary"
	"hash/maphash"
	"sync"

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
// Two rows share an answer where the cells that say what the thing is and what it is for are the same to the byte, the law cannot tell their
// places and parties apart (decide.Alike), their days lie in one stretch of the law, and the answer names the same of them. What belongs to the
// row alone (number, amounts, columns passed through) is read each time. Rows that state anything else, that match a list, or of which there is
// something to warn, are answered anew.
type memory struct {
	answers *remembered
	alike   *decide.Alike
	key     []byte
	common  int // length of what of key does not name anything; zero: the row shares no answer

	asked, shared int // rows of this trial, and those that shared an answer
	resting       int // rows still to pass before the next trial
}

// Where rows hardly ever say the same, looking for it costs more than it saves: after a trial that few rows of shared an answer the memory rests.
const (
	trial = 4096
	few   = trial / 20
	rest  = 16 * trial
)

// remembered is what the desks keep together. They are bounded: of two generations the older is dropped when the younger is full.
type remembered struct {
	seed   maphash.Seed
	shards [16]shard // each with its own lock, so that desks seldom wait for one another
}

type shard struct {
	sync.Mutex
	young, old map[string]kept
	size       int // bytes of the young generation
}

// kept is an answer. Of one that names places or parties only that it does is kept (no Sealed): it stands under a key that has them.
type kept struct {
	*report.Sealed
	quoted rule.Quoted
}

// maxMemory bounds the bytes of the answers that are kept.
const maxMemory = 48 << 20

// How columns bear on an answer that is shared. A column that is not named here keeps the row from sharing one.
const (
	whatItSays   = iota + 1 // the same to the byte
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

func newRemembered() *remembered { return &remembered{seed: maphash.MakeSeed()} }

func (d *desk) remember(a *remembered) { d.memory = &memory{answers: a, alike: d.Decider.Alike()} }

// recall fills the desk's determination from an earlier row that says the same, and says whether there was one.
func (m *memory) recall(d *desk, t *tables.Table, row *tables.Row) bool {
	m.key, m.common = m.key[:0], 0
	if m.rests() || row.Problem != nil {
		return false
	}
	it := &d.item
	it.Reset()
	it.Line = row.Line
	if !m.read(d, t, row) {
		return false
	}
	if d.Parties.Find(it); len(it.Listed)+len(it.Loaded) > 0 {
		return false
	}
	day := d.At(when.At{Effective: d.s.On}, it).Effective
	const end = 0xff // no column has that number
	m.key = m.alike.Append(append(m.key, end), it, day)
	m.common = len(m.key)
	k, ok := m.answers.find(m.key)
	if ok && k.Sealed == nil {
		m.key = m.alike.AppendQuoted(m.key, k.quoted)
		k, ok = m.answers.find(m.key)
	}
	if ok {
		m.shared++
		k.Open(&d.doc, it, day)
	}
	return ok
}

// rests says whether the memory passes a row over.
func (m *memory) rests() bool {
	if m.resting > 0 {
		m.resting--
		return true
	}
	if m.asked++; m.asked < trial {
		return false
	}
	if m.shared < few {
		m.resting = rest
	}
	m.asked, m.shared = 0, 0
	return false
}

// read takes what a row says into the key, and what is its own into the desk's item. It says whether that is all there is.
func (m *memory) read(d *desk, t *tables.Table, row *tables.Row) bool {
	it := &d.item
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
			m.key = binary.AppendUvarint(append(m.key, byte(c.Number)), uint64(len(cell)))
			m.key = append(m.key, cell...)
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

// keep takes up the answer that the desk has given to the row asked about last.
func (m *memory) keep(d *desk) {
	if m.common == 0 {
		return
	}
	m.key = m.key[:m.common]
	if q := m.alike.Quoted(); q != 0 {
		m.answers.put(m.key, kept{quoted: q})
		m.key = m.alike.AppendQuoted(m.key, q)
	}
	m.answers.put(m.key, kept{Sealed: d.maker.Seal(&d.doc)})
}

func (a *remembered) shard(key []byte) *shard {
	return &a.shards[maphash.Bytes(a.seed, key)%uint64(len(a.shards))]
}

func (a *remembered) find(key []byte) (kept, bool) {
	s := a.shard(key)
	s.Lock()
	defer s.Unlock()
	k, ok := s.young[string(key)]
	if !ok {
		if k, ok = s.old[string(key)]; ok {
			s.put(key, k)
		}
	}
	return k, ok
}

func (a *remembered) put(key []byte, k kept) {
	s := a.shard(key)
	s.Lock()
	defer s.Unlock()
	s.put(key, k)
}

func (s *shard) put(key []byte, k kept) {
	const most, overhead = maxMemory / len(remembered{}.shards) / 2, 100 // of a generation; of an entry
	size := len(key) + overhead
	if k.Sealed != nil {
		size += k.Size()
	}
	if s.size += size; s.young == nil || s.size > most {
		s.old, s.young, s.size = s.young, map[string]kept{}, size
	}
	s.young[string(key)] = k
}
