package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/answers"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// MaxDossierRows bounds a determination file: it is about one product or one shipment.
const MaxDossierRows = 500

// DossierRows takes the rows of a table into the question of a determination file, as they stand. A row without an id gets its line for one.
func DossierRows(q *report.DossierQuestion, t *tables.Table) error {
	q.DecimalComma = t.DecimalComma()
	for _, c := range t.Columns {
		q.Columns = append(q.Columns, cmp.Or(c.ID, c.Heading))
	}
	id := slices.Index(q.Columns, "id")
	if id < 0 {
		id = len(q.Columns)
		q.Columns = append(q.Columns, "id")
	}
	var b tables.Batch
	for {
		if err := t.Next(&b); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		for i := range b.Rows {
			if err := dossierRow(q, t, &b.Rows[i], id); err != nil {
				return err
			}
		}
	}
}

func dossierRow(q *report.DossierQuestion, t *tables.Table, row *tables.Row, id int) error {
	if row.Problem != nil { // there is nothing to carry of it
		return problem.List{*row.Problem}
	}
	cells := make([]string, len(q.Columns))
	copy(cells, row.Cells)
	for _, x := range row.Extra { // keys of JSON rows are columns here
		at := slices.Index(q.Columns, x.Name)
		if at < 0 {
			at = len(q.Columns)
			q.Columns, cells = append(q.Columns, x.Name), append(cells, "")
		}
		cells[at] = x.Value
	}
	cells[id] = cmp.Or(strings.TrimSpace(cells[id]), fmt.Sprint(row.Line))
	if q.Rows = append(q.Rows, cells); len(q.Rows) > MaxDossierRows {
		return fmt.Errorf("a determination file is about one product or one shipment and holds at most %d rows; screen larger files as html or xlsx", MaxDossierRows)
	}
	q.Places = append(q.Places, problem.Place{File: t.Name, Line: row.Line}.String())
	return nil
}

// DossierItem makes the question of one item given as columns and values.
func DossierItem(q *report.DossierQuestion, columns map[string]string) {
	row := []string{}
	for _, c := range fact.Columns() {
		if v := columns[c]; v != "" || c == "id" {
			q.Columns, row = append(q.Columns, c), append(row, cmp.Or(v, "1"))
		}
	}
	q.Rows = [][]string{row}
}

// text is the rows as a table that is read like any other.
func dossierTable(q *report.DossierQuestion) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if q.DecimalComma {
		w.Comma = ';'
	}
	w.Write(q.Columns)
	for _, r := range q.Rows {
		w.Write(append(slices.Clone(r), make([]string, max(0, len(q.Columns)-len(r)))...))
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// AnswerDossier answers the question of a determination file. The same law and question give the same answer, to the byte, on any machine.
func AnswerDossier(book *law.Book, q *report.DossierQuestion) (report.DossierAnswer, error) {
	s := &Screening{Book: book, From: q.From, Destination: q.Destination, On: q.On, KnownBy: q.KnownBy, Lang: q.Lang, Role: q.Role, Explain: q.Explain,
		Format: report.DossierRows}
	if err := s.attach(q); err != nil {
		return report.DossierAnswer{}, err
	}
	if err := s.Check(); err != nil {
		return report.DossierAnswer{}, err
	}
	text, err := dossierTable(q)
	if err != nil {
		return report.DossierAnswer{}, err
	}
	t, err := tables.Open("rows", bytes.NewReader(text), book.Vocab, tables.Options{Encoding: "utf-8"})
	if err != nil {
		return report.DossierAnswer{}, err
	}
	defer t.Close()
	var out bytes.Buffer
	sum, err := s.Run([]*tables.Table{t}, &out)
	a := report.DossierAnswer{Law: sum.Law, KnownBy: sum.KnownBy, Outcomes: sum.Outcomes, Shipments: sum.Shipments, Note: sum.Note}
	if err != nil {
		return a, err
	}
	a.Lines, err = dossierLines(q, out.Bytes())
	return a, err
}

// attach reads the files that belong to a question.
func (s *Screening) attach(q *report.DossierQuestion) (err error) {
	if q.Rates != "" {
		if s.Rates, err = ReadRates("rates", strings.NewReader(q.Rates), s.Book.Vocab); err != nil {
			return err
		}
	}
	if q.Ownership != "" {
		lists, err := LoadParties(nil, s.Book, s.Book.Assessed.Horizon, "", q.Lang)
		if err != nil {
			return err
		}
		if s.Ownership, err = LoadOwnership("ownership", strings.NewReader(q.Ownership), s.Book, lists, q.Lang, party.DefaultThreshold); err != nil {
			return err
		}
	}
	var list []answers.Answer
	for _, r := range q.Answers {
		list = append(list, answers.Answer{Line: r.Line, Fact: r.Fact, Value: r.Value, By: r.By, On: r.On, Cell: r.Cell})
	}
	if len(list) > 0 {
		s.Answers, _ = NewAnswers(list) // those that contradict one another were said when they were read
	}
	return nil
}

// dossierLines joins rows and answers, which stand in one order.
func dossierLines(q *report.DossierQuestion, out []byte) ([]report.DossierLine, error) {
	var lines []report.DossierLine
	for text := range bytes.Lines(out) {
		var row report.DossierRow
		if err := json.Unmarshal(text, &row); err != nil {
			return nil, err
		}
		l, err := row.Line()
		if err != nil {
			return nil, err
		}
		if n := len(lines); n < len(q.Rows) {
			l.Facts = append(columnFacts(q.Columns, q.Rows[n]), l.Facts...)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func columnFacts(columns, cells []string) (facts []report.StatedFact) {
	for i, cell := range cells {
		if cell != "" && i < len(columns) && columns[i] != "id" {
			facts = append(facts, report.StatedFact{Fact: columns[i], Value: cell, Source: fact.Column.String()})
		}
	}
	return facts
}

// Replies are the answers as a determination file carries them.
func (a *Answers) Replies() (list []report.DossierReply) {
	if a == nil {
		return nil
	}
	for _, x := range a.list {
		list = append(list, report.DossierReply{Line: x.Line, Fact: x.Fact, Value: x.Value, By: x.By, On: x.On, Cell: x.Cell})
	}
	return list
}

// CheckDossier says whether a determination file is what was signed, and answers it again where the law at hand is the one it was made under. A key, by its
// fingerprint, is the one that must have signed it; empty: any.
func CheckDossier(book *law.Book, name string, r io.Reader, key string) (report.CheckedDossier, error) {
	signed, d, fits, err := report.ReadDossier(r)
	if err != nil {
		return report.CheckedDossier{}, fmt.Errorf("%s: %w", name, err)
	}
	c := report.CheckedDossier{File: name, Signed: fits, Key: signed.Fingerprint(), Expect: key, Lines: len(d.Answered.Lines), Law: d.Answered.Law.Revision}
	if c.Law != book.Revision {
		c.Here = book.Revision
		return c, nil
	}
	if len(d.Question.Rows) > MaxDossierRows {
		c.Problem = fmt.Sprintf("it holds %d rows, more than the %d that a determination file may have", len(d.Question.Rows), MaxDossierRows)
		return c, nil
	}
	again, err := AnswerDossier(book, &d.Question)
	if err != nil {
		c.Problem = err.Error()
		return c, nil
	}
	var recorded struct {
		Answered json.RawMessage `json:"answered"`
	}
	if err := json.Unmarshal(signed.Dossier, &recorded); err != nil {
		return c, err
	}
	var was, now bytes.Buffer
	if err := json.Compact(&was, recorded.Answered); err != nil {
		return c, err
	}
	if err := report.AppendLine(&now, &again); err != nil {
		return c, err
	}
	c.Differs = report.FirstDifference(was.Bytes(), now.Bytes())
	c.Holds = c.Signed && c.Differs == nil && (key == "" || key == c.Key)
	return c, nil
}

// ErrOtherLaw says that a record rests on another revision of the law than the one at hand, so no file can be made of it that answers again.
var ErrOtherLaw = sentence.Error("the record was made under another revision of the law; the release of the program that carries that law makes its file")

// ErrLoadedHits says that a determination file would leave out what an answer rests on.
var ErrLoadedHits = sentence.Error("a party of the record stands, or may stand, on a party list that was loaded here; a determination file holds only what the program carries, and would leave that out")

// RecordDossier makes the determination file of a recorded answer, signed with the key of the instance, in a language. Made is the day, program the version.
func (i *Instance) RecordDossier(ctx context.Context, id, lang, program string, made when.Date) (*report.Dossier, *report.SignedDossier, error) {
	d, err := i.determination(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if d.Revision != i.Book.Revision {
		return nil, nil, ErrOtherLaw
	}
	if hits, err := loadedHits(&d); err != nil || hits {
		return nil, nil, cmp.Or(err, conflictBy(ErrLoadedHits))
	}
	var asked Question
	if err := json.Unmarshal([]byte(d.Question), &asked); err != nil {
		return nil, nil, err
	}
	q := report.DossierQuestion{On: asked.On, KnownBy: asked.KnownBy, Lang: lang, Places: []string{"record " + d.ID}}
	DossierItem(&q, asked.Item)
	doc := &report.Dossier{Kind: report.DossierKind, Made: made, Program: program, Question: q}
	if doc.Answered, err = AnswerDossier(i.Book, &q); err != nil {
		return nil, nil, err
	}
	signed, err := doc.Sign(i.key)
	return doc, signed, err
}
