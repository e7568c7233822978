package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// A result is a file of JSON Lines that may be large, and a page shows fifty lines of it. Beside it stands an index, a folder: a record of fixed length a
// line, with its outcome and its place in the result; what the rows of the input say; the same folded, for searching. It says nothing that result and
// input do not; where it is missing it is made again.

// lineRecord is a line of the index.
type lineRecord struct {
	From     int64  // in the result
	Text     int64  // place of what the row says
	Folded   int64  // place of the same, folded for searching
	Length   uint32 // in the result, without the end of line
	Line     uint32 // of the input
	TextLen  uint32
	FoldLen  uint32
	Supplier uint32 // in the list of suppliers
	Changes  int32  // day of the next change; zero: none is known
	Asks     uint16
	Outcome  uint8 // a law.Outcome, or refusedLine
	MayBe    uint8 // the same as Outcome: nothing is open
}

const (
	recordBytes = 52
	refusedLine = 255
)

func (r *lineRecord) append(b []byte) []byte {
	le := binary.LittleEndian
	for _, x := range []int64{r.From, r.Text, r.Folded} {
		b = le.AppendUint64(b, uint64(x))
	}
	for _, x := range []uint32{r.Length, r.Line, r.TextLen, r.FoldLen, r.Supplier, uint32(r.Changes)} {
		b = le.AppendUint32(b, x)
	}
	return append(le.AppendUint16(b, r.Asks), r.Outcome, r.MayBe)
}

func readRecord(b []byte) (r lineRecord) {
	le := binary.LittleEndian
	r.From, r.Text, r.Folded = int64(le.Uint64(b)), int64(le.Uint64(b[8:])), int64(le.Uint64(b[16:]))
	r.Length, r.Line, r.TextLen, r.FoldLen = le.Uint32(b[24:]), le.Uint32(b[28:]), le.Uint32(b[32:]), le.Uint32(b[36:])
	r.Supplier, r.Changes = le.Uint32(b[40:]), int32(le.Uint32(b[44:]))
	r.Asks, r.Outcome, r.MayBe = le.Uint16(b[48:]), b[50], b[51]
	return r
}

// lineIndex is an open index.
type lineIndex struct {
	records, texts, folds *os.File
	about                 indexAbout
}

// indexAbout says of what an index is.
type indexAbout struct {
	Lines        int      `json:"lines"`
	Structured   bool     `json:"structured"`    // lines are parts of one another, so that none can be answered by itself
	DecimalComma bool     `json:"decimal_comma"` // as the input writes numbers
	Suppliers    []string `json:"suppliers"`     // the first is empty
}

// Names in the folder of an index. What it is about is written last.
const (
	recordsName = "records"
	textsName   = "texts"
	foldsName   = "folded"
	aboutName   = "about.json"
)

func (x *lineIndex) Close() error {
	var err error
	for _, f := range []*os.File{x.records, x.texts, x.folds} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

// indexPath is where the index of a job stands.
func (s fileStore) indexPath(job string) string { return filepath.Join(s.dir, "lines-"+job) }

// lines opens the index of a job that is done, and makes it where it is missing.
func (i *Instance) lines(ctx context.Context, j *store.Job) (*lineIndex, error) {
	path := i.jobs.files.indexPath(j.ID)
	if x, err := openIndex(path); err == nil {
		return x, nil
	}
	if err := i.indexLines(ctx, j); err != nil {
		return nil, err
	}
	return openIndex(path)
}

func openIndex(path string) (*lineIndex, error) {
	x := &lineIndex{}
	text, err := os.ReadFile(filepath.Join(path, aboutName))
	if err == nil {
		err = json.Unmarshal(text, &x.about)
	}
	for _, f := range []struct {
		name string
		to   **os.File
	}{{recordsName, &x.records}, {textsName, &x.texts}, {foldsName, &x.folds}} {
		if err == nil {
			*f.to, err = os.Open(filepath.Join(path, f.name))
		}
	}
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// record reads record n, from 0.
func (x *lineIndex) record(n int) (lineRecord, error) {
	var b [recordBytes]byte
	_, err := x.records.ReadAt(b[:], int64(n)*recordBytes)
	return readRecord(b[:]), err
}

// indexLines walks through the result and the input of a job together and writes the index.
func (i *Instance) indexLines(ctx context.Context, j *store.Job) error {
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return err
	}
	result, err := i.jobs.files.open(j.Result)
	if err != nil {
		return err
	}
	defer result.Close()
	in, err := i.jobs.files.open(j.Input)
	if err != nil {
		return err
	}
	defer in.Close()
	m, err := tables.ParseMap(u.Map, i.Book.Vocab)
	if err != nil {
		return err
	}
	table, err := tables.Open(j.Name, whileAsked{in, ctx}, i.Book.Vocab, tables.Options{Map: m, Sheet: u.Sheet, Encoding: u.Encoding})
	if err != nil {
		return err
	}
	defer table.Close()
	dir, err := os.MkdirTemp(i.jobs.files.dir, ".part-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // its name is gone where it was kept
	x := &indexing{table: table, suppliers: map[string]uint32{"": 0}, about: indexAbout{Suppliers: []string{""}, DecimalComma: table.DecimalComma()}}
	if err := x.write(dir, whileAsked{result, ctx}); err != nil {
		return err
	}
	path := i.jobs.files.indexPath(j.ID)
	if err := os.Rename(dir, path); err != nil {
		if _, e := os.Stat(filepath.Join(path, aboutName)); e != nil { // nobody else was quicker
			return err
		}
	}
	return nil
}

// indexing is an index that is being written.
type indexing struct {
	table                 *tables.Table
	batch                 *tables.Batch // read already; nil: none is
	at                    int           // in the batch
	ended                 bool
	suppliers             map[string]uint32
	about                 indexAbout
	records, texts, folds *bufio.Writer
	text, folded          int64 // written so far
	line                  []byte
}

func (x *indexing) write(dir string, result io.Reader) (err error) {
	if x.about.Structured, x.batch, err = structured(x.table); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		to   **bufio.Writer
	}{{recordsName, &x.records}, {textsName, &x.texts}, {foldsName, &x.folds}} {
		out, err := os.Create(filepath.Join(dir, f.name))
		if err != nil {
			return err
		}
		defer out.Close()
		*f.to = bufio.NewWriterSize(out, 1<<18)
	}
	if err := x.run(result); err != nil {
		return err
	}
	if err := errors.Join(x.records.Flush(), x.texts.Flush(), x.folds.Flush()); err != nil {
		return err
	}
	about, err := json.Marshal(x.about)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, aboutName), about, 0o600)
}

func (x *indexing) run(result io.Reader) error {
	in := bufio.NewReaderSize(result, 1<<20)
	var from int64
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			x.line = append(x.line[:0], line...)
			var rest []byte
			rest, err = in.ReadBytes('\n')
			x.line = append(x.line, rest...)
			line = x.line
		}
		if len(line) > 1 {
			if err := x.add(bytes.TrimSuffix(line, []byte{'\n'}), from); err != nil {
				return err
			}
		}
		from += int64(len(line))
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return err
		}
	}
}

// maxSuppliers bounds the suppliers that are told apart.
const maxSuppliers = 100_000

func (x *indexing) add(line []byte, from int64) error {
	r := lineOfResult(line)
	r.From, r.Text, r.Folded = from, x.text, x.folded
	item := x.item(int(r.Line))
	if s := item["supplier"]; len(x.suppliers) < maxSuppliers || x.suppliers[s] > 0 {
		n, ok := x.suppliers[s]
		if !ok {
			n = uint32(len(x.about.Suppliers))
			x.suppliers[s], x.about.Suppliers = n, append(x.about.Suppliers, s)
		}
		r.Supplier = n
	}
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	folded := strings.ToLower(strings.Join([]string{item["id"], item["description"], item["hs"], item["supplier"], item["control_code"]}, "\n"))
	r.TextLen, r.FoldLen = uint32(len(text)), uint32(len(folded))
	x.text, x.folded = x.text+int64(len(text)), x.folded+int64(len(folded))
	x.about.Lines++
	_, err1 := x.texts.Write(text)
	_, err2 := x.folds.WriteString(folded)
	_, err3 := x.records.Write(r.append(nil))
	return errors.Join(err1, err2, err3)
}

// item is what the row of the input says that begins on a line, by column. Rows come in the order of the result; one that cannot be found says nothing.
func (x *indexing) item(line int) map[string]string {
	item := map[string]string{}
	for row := x.row(); row != nil && row.Line <= line; row = x.row() {
		x.at++
		if row.Line < line {
			continue
		}
		for n, cell := range row.Cells {
			if id := x.table.Columns[n].ID; id != "" && cell != "" {
				item[id] = strings.TrimSpace(item[id] + " " + cell)
			}
		}
		return item
	}
	return item
}

// row is the next row of the input; nil: there is none.
func (x *indexing) row() *tables.Row {
	for x.batch == nil || x.at >= len(x.batch.Rows) {
		if x.ended {
			return nil
		}
		if x.batch == nil {
			x.batch = &tables.Batch{}
		}
		x.at = 0
		if err := x.table.Next(x.batch); err != nil {
			x.ended = true // the screening read as far
			return nil
		}
	}
	return &x.batch.Rows[x.at]
}

// lineOfResult reads off a line of a result what the index keeps. The keys are looked for as bytes, which stand for nothing else: within a text
// their quotes are escaped.
func lineOfResult(line []byte) (r lineRecord) {
	r.Length = uint32(len(line))
	r.Line = uint32(numberAfter(line, `"line":`))
	outcome, ok := law.OutcomeOf(wordAfter(line, `"outcome":"`))
	if !ok {
		r.Outcome, r.MayBe = refusedLine, refusedLine
		return r
	}
	r.Outcome, r.MayBe = uint8(outcome), uint8(outcome)
	if head, _, ok := bytes.Cut(line, []byte(`"at":{`)); ok {
		if m, ok := law.OutcomeOf(wordAfter(head, `"may_be":"`)); ok {
			r.MayBe = uint8(m)
		}
	}
	if bytes.Contains(line, []byte(`"asks":[`)) {
		r.Asks = uint16(min(bytes.Count(line, []byte(`"question":"`)), 1<<16-1))
	}
	if d, err := when.ParseDate(wordAfter(line, `"next_change":{"on":"`)); err == nil {
		r.Changes = int32(d)
	}
	return r
}

// wordAfter is the text from behind a mark to the next quote.
func wordAfter(line []byte, mark string) string {
	_, rest, ok := bytes.Cut(line, []byte(mark))
	if !ok {
		return ""
	}
	word, _, _ := bytes.Cut(rest, []byte{'"'})
	return string(word)
}

func numberAfter(line []byte, mark string) (n int) {
	_, rest, _ := bytes.Cut(line, []byte(mark))
	for _, c := range rest {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}
