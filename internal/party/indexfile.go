package party

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"lodestone/internal/when"
)

// An index file is the magic, the version of what is in it and the digest of the tables it was made with; then the index as numbers (varints) and, behind
// them, its texts in the order in which the numbers speak of them; last the length of the texts and the SHA-256 of all before it. It keeps what takes long to
// make anew: words with their sounds, and their keys in order.
//
// It is a copy for speed and proves nothing: one that is damaged, or was written by a program that reads names otherwise, is refused, and whoever
// loads it makes the index anew.
const (
	IndexVersion = 1 // to be raised with every change of how names are read; a test compares
	indexMagic   = "LODESTONE-INDEX"
	indexHead    = len(indexMagic) + 2 + sha256.Size
	indexTail    = 8 + sha256.Size
	maxIndexFile = 1 << 30
)

// tablesDigest tells apart the tables that names are read by.
func tablesDigest() [sha256.Size]byte {
	h := sha256.New()
	for _, text := range []string{frequentText, formsText, wordsText, hanFormsText, hanSurnamesText, hanReadingsText} {
		fmt.Fprintln(h, len(text))
		h.Write([]byte(text))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func indexHeader() []byte {
	tables := tablesDigest()
	return append(binary.BigEndian.AppendUint16([]byte(indexMagic), IndexVersion), tables[:]...)
}

// Encode writes the index, and what the caller has to say of it. The same index gives the same bytes. It takes no memory to speak of: the index is walked
// twice, for its numbers and for its texts.
func (x *Index) Encode(to io.Writer, about string) error {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(to, sum), 1<<16)
	_, _ = out.Write(indexHeader()) // the writer keeps its first error for Flush
	w := indexWriter{numbers: out, shared: map[string]uint64{}}
	w.index(x, about)
	clear(w.shared)
	w.numbers, w.texts, w.size = nil, out, 0
	w.index(x, about)
	_, _ = out.Write(binary.BigEndian.AppendUint64(nil, w.size))
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := to.Write(sum.Sum(nil))
	return err
}

// ErrOldIndex says that an index file was written by a program that reads names otherwise.
var ErrOldIndex = errors.New("the index file was made by another version of the program")

// DecodeIndex loads an index file, with what was said of it. A damaged one and one of another version are refused.
func DecodeIndex(file []byte) (x *Index, about string, err error) {
	if len(file) < indexHead+indexTail || len(file) > maxIndexFile || !bytes.HasPrefix(file, []byte(indexMagic)) {
		return nil, "", errors.New("this is no index file")
	}
	if !bytes.Equal(file[:indexHead], indexHeader()) {
		return nil, "", ErrOldIndex
	}
	damaged := errors.New("the index file is damaged: its bytes do not match their SHA-256")
	body, tail := file[:len(file)-sha256.Size], file[len(file)-sha256.Size:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], tail) {
		return nil, "", damaged
	}
	body, size := body[indexHead:len(body)-8], binary.BigEndian.Uint64(body[len(body)-8:])
	if size > uint64(len(body)) {
		return nil, "", damaged
	}
	from := len(body) - int(size)
	r := indexReader{rest: body[:from], texts: string(body[from:])}
	about = r.text()
	x = r.index()
	if r.err != nil {
		return nil, "", r.err
	}
	x.finish()
	return x, about, nil
}

// indexWriter writes the numbers of an index, or its texts.
type indexWriter struct {
	numbers *bufio.Writer // nil: they are not wanted
	texts   *bufio.Writer // nil: they are not wanted
	size    uint64        // of the texts so far
	shared  map[string]uint64
	buffer  [binary.MaxVarintLen64]byte
}

func (w *indexWriter) number(n uint64) {
	if w.numbers != nil {
		_, _ = w.numbers.Write(binary.AppendUvarint(w.buffer[:0], n))
	}
}

func (w *indexWriter) count(n int) { w.number(uint64(n)) }

func (w *indexWriter) text(s string) {
	w.count(len(s))
	if w.texts != nil {
		w.size += uint64(len(s))
		_, _ = w.texts.WriteString(s)
	}
}

// again writes a text that many parties have: once, and later by its number.
func (w *indexWriter) again(s string) {
	n, ok := w.shared[s]
	if !ok {
		n = uint64(len(w.shared))
		w.shared[s] = n
	}
	w.number(n)
	if !ok {
		w.text(s)
	}
}

func (w *indexWriter) strings(texts []string) {
	w.count(len(texts))
	for _, s := range texts {
		w.again(s)
	}
}

// fixed writes numbers in four bytes each: there are many, and none is small.
func (w *indexWriter) fixed(numbers []uint32) {
	w.count(len(numbers))
	for _, n := range numbers {
		if w.numbers != nil {
			_, _ = w.numbers.Write(binary.LittleEndian.AppendUint32(w.buffer[:0], n))
		}
	}
}

func (w *indexWriter) index(x *Index, about string) {
	w.text(about)
	w.parties(x.parties)
	w.words(x.words)
	w.count(len(x.names))
	for i := range x.names {
		w.name(&x.names[i])
	}
	w.fixed(x.ids)
	w.count(len(x.keys.entries))
	var last uint32
	for _, e := range x.keys.entries { // in order, so the differences are small
		w.number(uint64(e.key() - last))
		w.number(uint64(e.word()))
		last = e.key()
	}
}

func (w *indexWriter) truth(b bool) {
	if b {
		w.number(1)
	} else {
		w.number(0)
	}
}

func (w *indexWriter) parties(parties []Party) {
	w.count(len(parties))
	for i := range parties {
		p := &parties[i]
		w.again(p.List)
		w.text(p.ID)
		w.again(string(p.Type))
		w.count(len(p.Names))
		for _, n := range p.Names {
			w.text(n.Text)
			w.truth(n.Weak)
		}
		w.strings(p.Countries)
		w.strings(p.Born)
		w.count(len(p.Identifiers))
		for _, id := range p.Identifiers {
			w.again(id.Kind)
			w.text(id.Value)
		}
		w.again(p.Measure)
		w.number(uint64(uint32(p.Listed)))
		w.number(uint64(uint32(p.Ended)))
		w.again(p.Source)
	}
}

func (w *indexWriter) words(words []word) {
	w.count(len(words))
	for i := range words {
		x := &words[i]
		w.text(x.text)
		w.text(x.sound)
		w.text(x.bones)
		w.number(uint64(math.Float32bits(x.weight)))
		w.number(uint64(x.kind))
		w.number(uint64(x.script))
		w.strings(x.means)
		w.truth(x.meant)
		w.text(x.shown)
		w.truth(x.opens)
		w.truth(x.reading != nil)
		if x.reading != nil {
			for _, ways := range x.reading {
				w.strings(ways)
			}
		}
	}
}

func (w *indexWriter) name(n *indexed) {
	w.number(n.key)
	w.number(n.comma)
	w.number(uint64(n.party))
	w.number(uint64(n.number))
	w.number(uint64(n.forms))
	w.number(uint64(n.count))
	w.number(uint64(n.script))
}

// indexReader reads what indexWriter wrote, and believes nothing: a number out of bounds ends it.
type indexReader struct {
	rest   []byte
	texts  string // that were not read yet
	shared []string
	err    error
}

func (r *indexReader) fail() uint64 {
	if r.err == nil {
		r.err = errors.New("the index file is damaged")
	}
	r.rest = nil
	return 0
}

func (r *indexReader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		return r.fail()
	}
	r.rest = r.rest[size:]
	return n
}

// below reads a number under a bound.
func (r *indexReader) below(bound int) int {
	n := r.number()
	if n >= uint64(bound) {
		return int(r.fail())
	}
	return int(n)
}

// count reads how many things follow, of which each takes so many bytes at least: no number makes room for more than the file can hold.
func (r *indexReader) count(least int) int { return r.below(len(r.rest)/least + 1) }

func (r *indexReader) text() (s string) {
	n := r.below(len(r.texts) + 1)
	if r.err == nil {
		s, r.texts = r.texts[:n], r.texts[n:]
	}
	return s
}

func (r *indexReader) again() string {
	n := r.below(len(r.shared) + 1)
	if n == len(r.shared) {
		r.shared = append(r.shared, r.text())
	}
	return r.shared[n]
}

func (r *indexReader) truth() bool { return r.below(2) == 1 }

func (r *indexReader) list() []string {
	n := r.count(1)
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.again()
	}
	return out
}

func (r *indexReader) fixed(bound int) []uint32 {
	out := make([]uint32, r.count(4))
	for i := range out {
		if out[i] = binary.LittleEndian.Uint32(r.rest[4*i:]); out[i] >= uint32(bound) {
			r.fail()
			return nil
		}
	}
	r.rest = r.rest[4*len(out):]
	return out
}

func (r *indexReader) index() *Index {
	x := &Index{byID: map[string][]int32{}}
	x.parties = make([]Party, r.count(12))
	for i := range x.parties {
		r.party(&x.parties[i])
	}
	x.words = make([]word, r.count(9))
	for i := range x.words {
		r.word(&x.words[i])
	}
	x.names = make([]indexed, r.count(7))
	total := 0
	for i := range x.names {
		r.name(&x.names[i], x.parties)
		x.names[i].from = uint32(total)
		total += int(x.names[i].count)
	}
	x.ids = r.fixed(len(x.words))
	if len(x.ids) != total {
		r.fail()
	}
	x.keys.entries = make([]entry, r.count(2))
	var last uint32
	for i := range x.keys.entries {
		last += uint32(r.number())
		x.keys.entries[i] = entryOf(last, uint32(r.below(len(x.words))))
		if i > 0 && last < x.keys.entries[i-1].key() {
			r.fail()
		}
	}
	return x
}

func (r *indexReader) party(p *Party) {
	p.List, p.ID, p.Type = r.again(), r.text(), Type(r.again())
	p.Names = make([]Name, r.count(2))
	for i := range p.Names {
		p.Names[i] = Name{r.text(), r.truth()}
	}
	p.Countries, p.Born = r.list(), r.list()
	if n := r.count(2); n > 0 {
		p.Identifiers = make([]Identifier, n)
		for i := range p.Identifiers {
			p.Identifiers[i] = Identifier{r.again(), r.text()}
		}
	}
	p.Measure = r.again()
	p.Listed, p.Ended = when.Date(r.number()), when.Date(r.number())
	p.Source = r.again()
}

func (r *indexReader) word(w *word) {
	w.text, w.sound, w.bones = r.text(), r.text(), r.text()
	w.weight = math.Float32frombits(uint32(r.number()))
	w.kind, w.script = kind(r.below(int(syllable)+1)), script(r.below(int(other)+1))
	w.means, w.meant, w.shown, w.opens = r.list(), r.truth(), r.text(), r.truth()
	if r.truth() {
		w.reading = &reading{}
		for lang := range w.reading {
			w.reading[lang] = r.list()
		}
	}
	if w.text == "" || w.sound == "" {
		r.fail()
	}
	if w.kind != syllable {
		w.mask = maskOf(w.sound)
	}
}

func (r *indexReader) name(n *indexed, parties []Party) {
	n.key, n.comma = r.number(), r.number()
	n.party = int32(r.below(len(parties)))
	if r.err == nil {
		n.number = uint16(r.below(len(parties[n.party].Names)))
	}
	n.forms, n.count, n.script = uint16(r.below(1<<16)), uint8(r.below(mostWords+1)), script(r.below(int(other)+1))
}
