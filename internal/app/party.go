package app

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// StaleDays is the age from which every answer says that a list is old: the lists change weekly.
const StaleDays = 30

// Parties are the lists of one question, loaded and indexed.
type Parties struct {
	lists  []report.PartyList
	index  *party.Index
	beside *party.Index // of lists from files beside those of the law; nil: there are none
	notes  []string
	lang   string    // of notes
	book   *law.Book // whose own lists are in index; nil: those come from files
}

// collectAt is how much garbage, in hundredths of what lives, is let lie: lists stay for as long as the program runs, so less is wasted on it.
const collectAt = 25

// LoadParties reads list files and makes them ready; without files the lists that the law carries are used. Day is the day from which the age
// of lists counts, indexes the folder that keeps prebuilt indexes (empty: none does),
// lang the language of notes. The error names the file and what to do.
func LoadParties(files []parties.File, book *law.Book, day when.Date, indexes, lang string) (*Parties, error) {
	if len(files) == 0 {
		return lawParties(book, day, lang), nil
	}
	debug.SetGCPercent(collectAt)
	return loadFiles(files, day, indexes, lang)
}

func loadFiles(files []parties.File, day when.Date, indexes, lang string) (*Parties, error) {
	p := &Parties{lang: lang}
	path := ""
	if name, ok := indexName(files); ok && indexes != "" {
		path = filepath.Join(indexes, name)
		if x, lists, ok := loadIndex(path, files); ok {
			for _, l := range lists {
				p.put(l, day)
			}
			p.index = x
			return p, nil
		}
	}
	if err := p.read(files, day); err != nil {
		return nil, err
	}
	if path != "" {
		keepIndex(path, files, p.lists, p.index)
	}
	return p, nil
}

func (p *Parties) read(files []parties.File, day when.Date) error {
	lists, err := parties.Read(files)
	if err != nil {
		return err
	}
	total := 0
	for _, l := range lists {
		total += len(l.Parties)
	}
	all := make([]party.Party, 0, total)
	for i := range lists {
		l := &lists[i]
		p.put(report.PartyList{Name: l.Name, File: l.File, Format: l.Format, Date: l.Date, Parties: len(l.Parties), Names: l.Names, Digest: l.Digest}, day)
		all = append(all, l.Parties...)
		l.Parties = nil
	}
	p.index = party.NewIndex(all)
	return nil
}

// put notes a list, and whether it is stale.
func (p *Parties) put(l report.PartyList, day when.Date) {
	if l.Date != 0 {
		l.AgeDays = int(day) - int(l.Date)
		l.Stale = l.AgeDays > StaleDays
	}
	p.lists = append(p.lists, l)
	switch {
	case l.Stale:
		p.notes = append(p.notes, report.Say(p.lang, "party.stale", "list", l.Name, "day", l.Date.String(), "days", fmt.Sprint(l.AgeDays)))
	case l.Date == 0:
		p.notes = append(p.notes, report.Say(p.lang, "party.undated", "list", l.Name))
	}
}

// lawParties takes the party lists that the law carries.
func lawParties(book *law.Book, day when.Date, lang string) *Parties {
	return indexLaw(book).parties(day, lang)
}

// lawIndex is the index over the party lists that the law carries. Several goroutines may ask it.
type lawIndex struct {
	book  *law.Book
	index *party.Index
	lists []report.PartyList
}

func indexLaw(book *law.Book) *lawIndex {
	x := &lawIndex{book: book}
	all := party.OfBook(book)
	counts := make([]report.PartyList, len(book.Lists))
	for i := range book.Lists {
		l := &book.Lists[i]
		counts[i] = report.PartyList{Name: l.ID, Format: "law data", Date: max(l.SearchedTo, l.CoveredTo)}
	}
	for i := range book.Listings {
		counts[book.Listings[i].List].Parties++
		counts[book.Listings[i].List].Names += len(all[i].Names)
	}
	x.lists, x.index = counts, party.NewIndex(all)
	return x
}

// parties are the lists as of a day, from which their age counts.
func (x *lawIndex) parties(day when.Date, lang string) *Parties {
	p := &Parties{book: x.book, index: x.index, lang: lang}
	for _, l := range x.lists {
		p.put(l, day)
	}
	return p
}

// Lists are the loaded lists.
func (p *Parties) Lists() []report.PartyList { return p.lists }

// Notes are what every answer has to say of the lists: that one is stale.
func (p *Parties) Notes() []string { return p.notes }

// PartyQuestion says how names are to be looked for.
type PartyQuestion struct {
	Parties   *Parties
	At        when.At // for the standing of listings
	Threshold float64
	Limit     int
	Cleared   Cleared    // hits that were set aside
	Ownership *Ownership // nil: no file of holdings is given
	Text      bool       // for people, not JSON
	Turns     *turns     // of a job, which leaves room for others; nil: one goroutine a processor answers, beside those that read and write
	Progress  func(int)  // called now and then with the rows done; nil: nobody watches
}

// counter answers names; one a goroutine.
type counter struct {
	q        *PartyQuestion
	searcher *party.Searcher
	beside   *party.Searcher // nil: there are no lists beside those
	owners   *ownerDesk
}

func (q *PartyQuestion) counter() *counter {
	c := &counter{q: q, searcher: party.NewSearcher(q.Parties.index), owners: q.Ownership.desk()}
	if q.Parties.beside != nil {
		c.beside = party.NewSearcher(q.Parties.beside)
	}
	return c
}

// Search answers names one by one.
func (q *PartyQuestion) Search(w io.Writer, queries []party.Query) error {
	c := q.counter()
	var b bytes.Buffer
	for i, query := range queries {
		a := c.answer(query)
		a.ID = fmt.Sprint(i + 1)
		if err := q.print(&b, &a); err != nil {
			return err
		}
	}
	if q.Text {
		for _, n := range q.Parties.notes {
			fmt.Fprintln(&b, report.Say(q.Parties.lang, "table.warning", "text", n))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (q *PartyQuestion) print(b *bytes.Buffer, a *report.PartyAnswer) error {
	if q.Text {
		a.Notes = a.Notes[len(q.Parties.notes):] // those of the lists are said once, not with each name
		a.Text(b, q.Parties.lang)
		return nil
	}
	return report.AppendLine(b, a)
}

func (c *counter) answer(query party.Query) report.PartyAnswer {
	a := report.PartyAnswer{Query: query.Name, Matches: []report.PartyMatch{}, Notes: c.q.Parties.notes}
	for _, m := range c.searcher.Search(query, c.q.Threshold, c.q.Limit) {
		a.Matches = append(a.Matches, c.match(m, c.q.Parties.standing(m, c.q.At)))
	}
	if c.beside != nil {
		for _, m := range c.beside.Search(query, c.q.Threshold, c.q.Limit) {
			a.Matches = append(a.Matches, c.match(m, standingByDays(m.Party, c.q.At.Effective)))
		}
		slices.SortStableFunc(a.Matches, func(x, y report.PartyMatch) int { return cmp.Compare(y.Score, x.Score) })
		a.Matches = a.Matches[:min(len(a.Matches), c.q.Limit)]
	}
	for _, x := range c.owners.owned(query.Name, c.q.At, c.q.Threshold) {
		a.Owned = append(a.Owned, x.doc)
	}
	c.q.Cleared.sortOut(&a, c.q.At.Effective)
	if len(a.Matches) == 0 {
		a.Notes = append(a.Notes[:len(a.Notes):len(a.Notes)], report.Say(c.q.Parties.lang, "party.noclearance"))
	}
	return a
}

func (c *counter) match(m party.Match, standing string) report.PartyMatch {
	doc := report.PartyMatch{List: m.Party.List, Name: m.Party.Names[0].Text, MatchedName: m.Party.Names[m.Name].Text, Score: roundScore(m.Score),
		Evidence: report.AllIn(c.q.Parties.lang, m.Evidence), Standing: standing, Measure: m.Party.Measure, Source: m.Party.Source}
	if m.Party.ID != "" {
		doc.EntryID = &m.Party.ID
	}
	if m.Party.Listed != 0 {
		doc.Listed = m.Party.Listed.String()
	}
	return doc
}

// standing of a listing at a time: what the law says of its own lists, and what the days of the listing say of others.
func (p *Parties) standing(m party.Match, at when.At) string {
	if p.book != nil {
		return p.book.ListingState(p.book.Listings[m.Number].Announcement, at).String()
	}
	return standingByDays(m.Party, at.Effective)
}

func standingByDays(p *party.Party, day when.Date) string {
	switch {
	case p.Listed != 0 && day < p.Listed:
		return law.NotYet.String()
	case p.Ended != 0 && day > p.Ended:
		return law.Over.String()
	}
	return law.InForce.String()
}

func roundScore(score float64) float64 { return math.Round(score*1000) / 1000 }

// PartySummary counts what a run over a file came to.
type PartySummary struct {
	Rows    int `json:"rows"`
	Hits    int `json:"hits"` // rows with a hit
	Refused int `json:"refused"`
}

// PartyColumns are the columns of a file of names to screen.
var PartyColumns = map[string][]string{
	"id": {"id"}, "name": {"name", "query", "名称", "公司名称", "이름", "업체명"}, "query": {"query"}, "type": {"type"}, "country": {"country"}, "aliases": {"aliases"},
	"born": {"born", "birth_date", "date_of_birth", "dob", "出生日期", "생년월일"}, "identifier": {"identifier", "identifiers", "imo", "lei", "uscc", "passport", "tail_number", "统一社会信用代码"},
}

// Screen answers the rows of a file in order, on all cores. Refused is called, in order, for each refused row.
func (q *PartyQuestion) Screen(rows *parties.Rows, w io.Writer, refused func(report.Reject)) (PartySummary, error) {
	return inOrder(rows, w, way{q.Turns, refused, q.Progress}, func() func(parties.Row, *bytes.Buffer) (bool, *problem.Problem, error) {
		c := q.counter()
		return func(row parties.Row, b *bytes.Buffer) (bool, *problem.Problem, error) {
			query := queryOf(row)
			if row.Problem == nil && query.Name == "" {
				p := report.ProblemIn(q.Parties.lang, problem.Problem{Place: problem.Place{File: rows.Name(), Line: row.Line}, Field: "name", Text: "no name in this row"})
				row.Problem = &p
			}
			a := report.PartyAnswer{Query: query.Name, Matches: []report.PartyMatch{}, Problem: row.Problem}
			if row.Problem == nil {
				a = c.answer(query)
			}
			a.ID = idOf(row)
			return len(a.Matches)+len(a.Owned) > 0, row.Problem, q.print(b, &a)
		}
	})
}

func queryOf(row parties.Row) party.Query {
	query := party.Query{Name: row.Cells["name"], Country: row.Cells["country"], Type: parties.TypeOf(row.Cells["type"]), Born: row.Cells["born"]}
	if query.Name == "" {
		query.Name = row.Cells["query"]
	}
	query.Aliases, query.Numbers = parted(row.Cells["aliases"]), parted(row.Cells["identifier"])
	return query
}

// parted are the values of a cell, which semicolons part.
func parted(cell string) (values []string) {
	for _, v := range strings.Split(cell, ";") {
		if v = strings.TrimSpace(v); v != "" {
			values = append(values, v)
		}
	}
	return values
}

func idOf(row parties.Row) string {
	if id := row.Cells["id"]; id != "" {
		return id
	}
	return fmt.Sprint(row.Line)
}

// PairColumns are the columns of a file of names to compare.
var PairColumns = map[string][]string{"id": {"id"}, "left": {"left"}, "right": {"right"}}

// ComparePairs scores the pairs of a file in order.
func ComparePairs(rows *parties.Rows, w io.Writer, lang string, threshold float64, text bool, refused func(report.Reject)) (PartySummary, error) {
	return inOrder(rows, w, way{refused: refused}, func() func(parties.Row, *bytes.Buffer) (bool, *problem.Problem, error) {
		var c party.Comparer
		return func(row parties.Row, b *bytes.Buffer) (bool, *problem.Problem, error) {
			doc := report.PartyPair{ID: idOf(row), Problem: row.Problem}
			if row.Problem == nil {
				score, evidence := c.Compare(row.Cells["left"], row.Cells["right"])
				doc.Score, doc.Match, doc.Evidence = roundScore(score), roundScore(score) >= threshold, report.AllIn(lang, evidence)
			}
			if text {
				doc.Text(b, lang)
				return doc.Match, row.Problem, nil
			}
			return doc.Match, row.Problem, report.AppendLine(b, &doc)
		}
	})
}

// rowBatch is some rows on their way through the workers.
type rowBatch struct {
	rows    []parties.Row
	out     bytes.Buffer
	hits    int
	refused []report.Reject
	err     error
	done    chan struct{}
}

const batchRows = 200

// way says how rows are answered, and who is told.
type way struct {
	turns    *turns              // nil: one goroutine a processor answers
	refused  func(report.Reject) // nil: nobody asks
	progress func(int)           // nil: nobody watches
}

// inOrder has rows answered on all cores and writes the answers in the order of the file. Memory does not grow with the file.
func inOrder(rows *parties.Rows, w io.Writer, how way, worker func() func(parties.Row, *bytes.Buffer) (bool, *problem.Problem, error)) (sum PartySummary, err error) {
	n := how.turns.atOnce()
	work, order, stop := make(chan *rowBatch, n), make(chan *rowBatch, 2*n), make(chan struct{})
	var once sync.Once
	end := func() { once.Do(func() { close(stop) }) }
	defer end()
	go readBatches(rows, work, order, stop, how.turns)
	for range n {
		answer := worker()
		go func() {
			for b := range work {
				how.turns.do(func() { b.answer(answer) })
				close(b.done)
			}
		}()
	}
	for b := range order {
		<-b.done
		if _, e := w.Write(b.out.Bytes()); e != nil {
			return sum, e
		}
		sum.Rows += len(b.rows) - len(b.refused)
		sum.Hits += b.hits
		sum.Refused += len(b.refused)
		for _, p := range b.refused {
			if how.refused != nil {
				how.refused(p)
			}
		}
		if how.progress != nil {
			how.progress(sum.Rows + sum.Refused)
		}
		if b.err != nil {
			return sum, b.err
		}
	}
	return sum, nil
}

func readBatches(rows *parties.Rows, work, order chan<- *rowBatch, stop <-chan struct{}, turns *turns) {
	defer close(order)
	defer close(work)
	for more := true; more; {
		b := &rowBatch{done: make(chan struct{})}
		turns.do(func() { more = b.fill(rows) })
		select {
		case order <- b:
		case <-stop:
			return
		}
		work <- b
	}
}

// fill reads rows, and says whether there may be more.
func (b *rowBatch) fill(rows *parties.Rows) (more bool) {
	for len(b.rows) < batchRows {
		row, err := rows.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				b.err = err
			}
			return false
		}
		b.rows = append(b.rows, row)
	}
	return true
}

func (b *rowBatch) answer(answer func(parties.Row, *bytes.Buffer) (bool, *problem.Problem, error)) {
	for _, row := range b.rows {
		hit, problem, err := answer(row, &b.out)
		if hit {
			b.hits++
		}
		if problem != nil {
			x := report.Reject{Problem: *problem}
			for column, cell := range row.Cells {
				x.Cells = append(x.Cells, report.ExtraField{Name: column, Value: cell})
			}
			b.refused = append(b.refused, x)
		}
		if err != nil {
			b.err = errors.Join(b.err, err)
			return
		}
	}
}
