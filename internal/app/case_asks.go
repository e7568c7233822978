package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"lodestone/internal/cases"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/answers"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

// CaseAsks are the questions of cases, for those who can answer them.
type CaseAsks struct {
	report.Asks
	summary report.Summary
}

// Write writes them as a workbook that can be filled in and imported ("xlsx"), or as a page to read ("html").
func (a *CaseAsks) Write(w io.Writer, format, lang string) error {
	switch format {
	case "xlsx":
		return a.WriteXLSX(w, lang, &a.summary)
	case "html":
		return a.WriteHTML(w, lang, &a.summary)
	}
	return fmt.Errorf("output %q is none of xlsx, html", format)
}

// MediaType is the media type of a format.
func MediaType(f report.Format) string { return mediaTypes[f] }

// maxAskedCases bounds the cases whose questions are gathered at once.
const maxAskedCases = 5000

// GatherAsks gathers the questions of one case, or, with an empty id, of all cases in which nothing is decided; with a supplier, those for that one.
func (i *Instance) GatherAsks(ctx context.Context, id, supplier, lang string) (*CaseAsks, error) {
	all := &CaseAsks{summary: (&Screening{Book: i.Book, Lang: lang}).summary()}
	gather := func(c *store.CaseStep) error {
		d, err := i.store.Determination(ctx, c.Record)
		if err != nil {
			return err
		}
		q, err := i.question(&d, lang)
		if err != nil {
			return err
		}
		rows := i.answerer.asks(&q)
		for n := range rows {
			rows[n].Key = c.ID
		}
		all.Add(slices.DeleteFunc(rows, func(r report.AskRow) bool { return supplier != "" && r.Supplier != supplier }))
		return nil
	}
	if id != "" {
		c, err := i.store.Case(ctx, id)
		if err != nil {
			return nil, unknownIf(err)
		}
		return all, gather(&c)
	}
	f := store.CaseFilter{States: []string{string(cases.Open), string(cases.InReview)}, Before: lastPlace, Limit: maxAskedCases}
	list, err := i.store.Cases(ctx, f)
	for n := range list {
		if err == nil {
			err = gather(&list[n])
		}
	}
	return all, err
}

// asks are the questions that the answer to a question leaves open, with where their answers lead.
func (a *answerer) asks(q *Question) []report.AskRow {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	d.s = &Screening{Book: a.book, On: q.On, KnownBy: q.KnownBy, Lang: q.Lang, Format: report.JSONL, Asks: &report.Asks{}}
	d.maker.Lang, d.Reader.DecimalComma = q.Lang, q.DecimalComma
	it, problems := d.Reader.ReadFacts(q.Item)
	if problems = append(problems, q.put(d.Reader, &it)...); problems.Refusals() > 0 {
		return nil
	}
	if it.ID == "" {
		it.ID = "1"
	}
	return d.answer(&it).AskRows(q.Lang, fact.CanAnswer)
}

// ImportAnswers takes answers to questions of cases, as GatherAsks wrote them and somebody filled them in. The questions of their cases are answered anew,
// and the cases rest on the new answers.
func (i *Instance) ImportAnswers(ctx context.Context, by *Actor, name string, file io.Reader, lang string) (report.Answered, error) {
	doc := report.Answered{Cases: []report.CaseAnswered{}}
	if name == "" || len(name) > maxWord {
		return doc, invalid("name", "say what the file is called, in up to %d bytes", maxWord)
	}
	list, problems, err := answers.Read(name, file)
	if err != nil {
		return doc, InvalidBy("file", err)
	}
	for _, p := range report.ProblemsIn(lang, problems) {
		doc.Problems = append(doc.Problems, p.Error())
	}
	var order []string
	of := map[string][]answers.Answer{}
	for _, x := range list {
		if of[x.Line] == nil {
			order = append(order, x.Line)
		}
		of[x.Line] = append(of[x.Line], x)
	}
	if len(order) > maxAskedCases {
		return doc, invalid("file", "answers to more than %d cases; send them in parts", maxAskedCases)
	}
	for _, id := range order {
		one, err := i.answerCase(ctx, by, id, of[id], lang)
		if errors.Is(err, ErrUnknown) {
			doc.Problems = append(doc.Problems, fmt.Sprintf("%s: there is no case %q", of[id][0].Cell, id))
			continue
		}
		if err != nil {
			return doc, err
		}
		doc.Cases = append(doc.Cases, one)
	}
	return doc, nil
}

// answerCase puts answers into the question of a case.
func (i *Instance) answerCase(ctx context.Context, by *Actor, id string, list []answers.Answer, lang string) (report.CaseAnswered, error) {
	c, err := i.store.Case(ctx, id)
	if err != nil {
		return report.CaseAnswered{}, unknownIf(err)
	}
	doc := report.CaseAnswered{Case: id, Item: c.Item, Before: c.Outcome}
	d, err := i.store.Determination(ctx, c.Record)
	if err != nil {
		return doc, err
	}
	q, err := i.question(&d, "")
	if err != nil {
		return doc, err
	}
	for _, x := range list {
		if p := i.answerer.takes(&q, &x); p != "" {
			doc.Problem = append(doc.Problem, x.Cell+": "+p)
			continue
		}
		q.Answers = slices.DeleteFunc(q.Answers, func(r Reply) bool { return r.Fact == x.Fact })
		q.Answers = append(q.Answers, Reply{x.Fact, x.Value, x.Words()})
		doc.Taken++
	}
	if doc.Taken == 0 {
		return doc, nil
	}
	now, a, err := i.determine(ctx, &q)
	if err != nil {
		return doc, err
	}
	now.RecordedBy = by.Person
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Case(id)
		if err != nil {
			return err
		}
		if err := allowed(tx, by, Screen); err != nil {
			return err
		}
		if fresh.Version != c.Version {
			return conflict("the case has gone on meanwhile; import the answers again")
		}
		if a.answered == c.Answered && a.substance == c.Substance {
			now = d // imported before
			return nil
		}
		if err := tx.PutDetermination(&now); err != nil {
			return err
		}
		if err := renewCase(tx, &fresh, reasonAnswers, &now, &a); err != nil {
			return err
		}
		c = fresh
		return nil
	})
	doc.Record, doc.After, doc.MayBe, doc.State = now.ID, now.Outcome, now.MayBe, c.State
	return doc, err
}

// takes says why an answer cannot be put into a question; empty: it can.
func (a *answerer) takes(q *Question, x *answers.Answer) string {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	d.Reader.DecimalComma = q.DecimalComma
	it, _ := d.Reader.ReadFacts(q.Item)
	p := d.Reader.Answer(&it, x.Fact, x.Value, x.Words())
	if p == nil {
		return ""
	}
	return report.ProblemIn(q.Lang, *p).Error()
}

// Bounds on opening cases for a job at once.
const (
	maxOpened  = 500
	maxScanned = 50_000
)

// OpenJobCases opens a case for each row of a job, from a row on, whose outcome, or what it may be, is at or above at (empty: as the policy has it). A row
// that has a case already gets no second one. Rows of a structure are not opened: they cannot be answered by themselves.
func (i *Instance) OpenJobCases(ctx context.Context, by *Actor, id string, from int, at string) (report.CasesOpened, error) {
	var doc report.CasesOpened
	j, err := i.store.Job(ctx, id)
	if err != nil {
		return doc, unknownIf(err)
	}
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return doc, err
	}
	if j.State != store.Done || u.kind() != screenJob {
		return doc, conflict("cases are opened for rows of a screening that is done")
	}
	least, err := i.openAt(ctx, at)
	if err != nil {
		return doc, err
	}
	in, err := i.jobs.files.open(j.Input)
	if err != nil {
		return doc, err
	}
	defer in.Close()
	m, err := tables.ParseMap(u.Map, i.Book.Vocab)
	if err != nil {
		return doc, err
	}
	t, err := tables.Open(j.Name, in, i.Book.Vocab, tables.Options{Map: m, Sheet: u.Sheet, Encoding: u.Encoding})
	if err != nil {
		return doc, err
	}
	defer t.Close()
	whole, first, err := structured(t)
	if err != nil {
		return doc, err
	}
	if whole {
		return doc, conflict("the rows of this job are parts of a structure; open a case on the answer to the part in question (POST /cases)")
	}
	o := jobCases{i: i, by: by, u: &u, least: least, job: id, doc: &doc}
	for n, b := 0, first; ; b = nil {
		if b == nil {
			b = &tables.Batch{}
			if err := t.Next(b); errors.Is(err, io.EOF) && len(b.Rows) == 0 {
				return doc, nil
			} else if err != nil && !errors.Is(err, io.EOF) {
				return doc, err
			}
		}
		for r := range b.Rows {
			if n++; n <= from {
				continue
			}
			if doc.Opened >= maxOpened || doc.Rows >= maxScanned {
				doc.Next = n - 1
				return doc, nil
			}
			if err := o.row(ctx, t, &b.Rows[r]); err != nil {
				return doc, err
			}
		}
	}
}

// openAt is the outcome from which on cases are opened.
func (i *Instance) openAt(ctx context.Context, word string) (law.Outcome, error) {
	if word == "" {
		p, err := i.GetCasePolicy(ctx)
		if err != nil {
			return 0, err
		}
		if word = p.OpenAt; word == never {
			word = defaultPolicy.OpenAt
		}
	}
	o, ok := law.OutcomeOf(word)
	if !ok || o <= law.Suspended {
		return 0, invalid("at", "give one of %v", law.OutcomeWords()[law.CannotTell:])
	}
	return o, nil
}

// jobCases opens cases for rows of a job.
type jobCases struct {
	i     *Instance
	by    *Actor
	u     *Upload
	least law.Outcome
	job   string
	doc   *report.CasesOpened
}

func (o *jobCases) row(ctx context.Context, t *tables.Table, row *tables.Row) error {
	o.doc.Rows++
	if row.Problem != nil {
		o.doc.Refused++
		return nil
	}
	q := Question{Item: map[string]string{}, On: o.u.On, KnownBy: o.u.KnownBy, Lang: o.u.Lang, DecimalComma: t.DecimalComma()}
	for n, cell := range row.Cells {
		if c := &t.Columns[n]; c.Number >= 0 && cell != "" {
			q.Item[c.ID] = cell
		}
	}
	for column, value := range map[string]string{"from": o.u.From, "destination": o.u.Destination} {
		if q.Item[column] == "" && value != "" {
			q.Item[column] = value
		}
	}
	d, a, err := o.i.determine(ctx, &q)
	var refused Refusal
	if errors.As(err, &refused) {
		o.doc.Refused++
		return nil
	}
	if err != nil || worst(&d) < o.least {
		return err
	}
	if c, err := o.i.store.CaseOf(ctx, a.subject); err == nil && c.Facts == a.facts {
		o.doc.Met++
		return nil
	} else if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	d.RecordedBy = o.by.Person
	words := fmt.Sprintf("job %s, line %d", o.job, row.Line)
	err = o.i.store.Write(ctx, func(tx *store.Tx) error {
		if err := allowed(tx, o.by, Screen); err != nil {
			return err
		}
		if err := tx.PutDetermination(&d); err != nil {
			return err
		}
		_, err := meetCase(tx, &d, &a, &wanted{o.by.Person, words})
		return err
	})
	if err == nil {
		o.doc.Opened++
	}
	return err
}
