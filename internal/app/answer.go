package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Question is one item to be screened, as a record keeps it: enough to answer again to the byte.
type Question struct {
	Item     map[string]string `json:"item"`            // columns and values
	On       when.Date         `json:"on"`              // for an item that names no day
	Dated    bool              `json:"dated,omitempty"` // the asker named On; false: it is the day on which it was asked
	KnownBy  when.Date         `json:"known_by"`
	Lang     string            `json:"lang"`
	Role     string            `json:"role,omitempty"` // whose duties are wanted; empty: the exporter's
	Explain  bool              `json:"explain,omitempty"`
	Timeline bool              `json:"timeline,omitempty"`
	Answers  []Reply           `json:"answers,omitempty"` // to questions that an earlier answer asked

	DecimalComma bool `json:"decimal_comma,omitempty"` // a single comma in a number is decimal, as in files that part their cells by something else
}

// Reply is an answer to a question about one fact, as a record keeps it.
type Reply struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
	Words string `json:"words"` // the answer, with who gave it when, as a reason shows it
}

// Refusal is a question that cannot be answered: what is wrong with its columns.
type Refusal struct{ Problems problem.List }

func (r Refusal) Error() string { return r.Problems.Error() }

// answerer keeps desks for single questions: making one costs more than an answer.
type answerer struct {
	book   *law.Book
	desks  sync.Pool
	others others
}

func newAnswerer(b *law.Book) *answerer {
	a, parties := &answerer{book: b}, party.NewFinder(b)
	a.desks.New = func() any {
		d, _ := (&Screening{Book: b, Lang: "en", parties: parties}).desk() // no default countries, so nothing to refuse
		return d
	}
	return a
}

// determine answers a question by the lists that are loaded now.
func (i *Instance) determine(ctx context.Context, q *Question) (store.Determination, about, error) {
	loaded, err := i.listsNow(ctx)
	if err != nil {
		return store.Determination{}, about{}, err
	}
	return i.answerer.answer(q, loaded)
}

// answer gives the document of a question as JSON Lines has it, what a record needs of it, and what a case does. Loaded are the lists beside those of the
// law; nil: there are none.
func (a *answerer) answer(q *Question, loaded *loadedLists) (store.Determination, about, error) {
	a.others.asked.Add(1)
	s := &Screening{Book: a.book, On: q.On, KnownBy: q.KnownBy, Lang: q.Lang, Role: q.Role, Explain: q.Explain, Timeline: q.Timeline, Format: report.JSONL, lists: loaded}
	if q.Role != "" && s.role() == "" {
		return store.Determination{}, about{}, invalid("role", "%q is no role; it is one of %s", q.Role, strings.Join(a.book.Vocab.TermWords("role"), ", "))
	}
	desks := &a.desks
	if loaded != nil {
		desks = &loaded.desks
	}
	d := desks.Get().(*desk)
	defer desks.Put(d)
	d.s = s
	s.make(&d.maker)
	d.Reader.DecimalComma = q.DecimalComma
	it, problems := d.Reader.ReadFacts(q.Item)
	if len(q.Answers) > 0 {
		problems = append(problems, q.put(d.Reader, &it)...)
	}
	if problems = report.ProblemsIn(q.Lang, problems); problems.Refusals() > 0 {
		return store.Determination{}, about{}, Refusal{problems}
	}
	named := it.ID != ""
	if !named {
		it.ID = "1"
	}
	doc := d.answer(&it)
	doc.Warnings = problems
	var b bytes.Buffer
	if err := report.AppendLine(&b, doc); err != nil {
		return store.Determination{}, about{}, err
	}
	text, err := json.Marshal(q)
	if err != nil {
		return store.Determination{}, about{}, err
	}
	about, err := aboutOf(q, &it, doc, named)
	return store.Determination{Item: doc.ID, Effective: doc.At.Effective.String(), KnownBy: doc.At.KnownBy.String(), Revision: a.book.Revision,
		Outcome: doc.Outcome, MayBe: doc.MayBe, Question: string(text), Answer: strings.TrimSuffix(b.String(), "\n")}, about, err
}

// put puts the answers into an item that has been read.
func (q *Question) put(r *fact.Reader, it *fact.Item) (problems problem.List) {
	for _, x := range q.Answers {
		if p := r.Answer(it, x.Fact, x.Value, x.Words); p != nil {
			p.Warning = true // what cannot be taken was refused when the answers came; what stands is what the item says
			problems = append(problems, *p)
		}
	}
	return append(problems, r.Finish(it)...)
}

// Answer answers a question and records both. A key makes asking again harmless: the first answer comes back; ErrKeyUsed says that it was given for
// another question.
func (i *Instance) Answer(ctx context.Context, by *Actor, q *Question, key string) (report.Record, error) {
	d, err := i.record(ctx, by, q, key)
	if err != nil {
		return report.Record{}, err
	}
	return recordOf(&d), nil
}

func (i *Instance) record(ctx context.Context, by *Actor, q *Question, key string) (store.Determination, error) {
	if q.KnownBy == 0 {
		q.KnownBy = i.Book.Assessed.Horizon
	}
	defer func(began time.Time) { i.answerer.others.answered(time.Since(began)) }(time.Now())
	d, a, err := i.determine(ctx, q)
	if err != nil {
		return d, err
	}
	d.RecordedBy, d.Key = by.Person, key
	if first, err := i.asked(ctx, &d); err != nil || first.ID != "" {
		return first, err
	}
	err = i.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutDetermination(&d); err != nil {
			return err
		}
		_, err := meetCase(tx, &d, &a, nil)
		return err
	})
	if err != nil && key != "" { // somebody else may have been first with the key
		if first, again := i.asked(ctx, &d); again != nil || first.ID != "" {
			return first, again
		}
	}
	return d, err
}

// ErrKeyUsed says that an idempotency key stands for another question.
var ErrKeyUsed = errors.New("this idempotency key was used for something else; take a new one")

// asked gives the record that a key stands for; without an ID: none.
func (i *Instance) asked(ctx context.Context, d *store.Determination) (store.Determination, error) {
	if d.Key == "" {
		return store.Determination{}, nil
	}
	first, err := i.store.Asked(ctx, d.RecordedBy, d.Key)
	switch {
	case errors.Is(err, store.ErrNone):
		return store.Determination{}, nil
	case err == nil && first.Question != d.Question:
		return store.Determination{}, ErrKeyUsed
	}
	return first, err
}
