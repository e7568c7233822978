package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/report"
)

// job adds the pages of a file that is being screened, or was.
func (p *pages) job(mux *http.ServeMux) {
	mux.HandleFunc("GET /jobs/{id}", p.page(app.Read, p.jobPage))
	mux.HandleFunc("GET /jobs/{id}/lines/{n}", p.page(app.Read, p.linePage))
	mux.HandleFunc("GET /jobs/{id}/asks", p.page(app.Read, p.askList))
	mux.HandleFunc("POST /jobs/{id}/again", p.page(app.Screen, p.jobAgain))
	mux.HandleFunc("POST /jobs/{id}/cancel", p.page(app.Screen, p.cancelJob))
}

// linesAPage is how many lines a page shows.
const linesAPage = 50

// jobDoc is a job with the lines that the address selects.
type jobDoc struct {
	jobLine
	Lines report.JobLines
	Q     app.LinesQuestion
	Tiles []tile
	Pager pager
	Sorts []string
	Whole bool // the result can be fetched, not looked through
}

// tile is an outcome with its number of lines.
type tile struct {
	Outcome, To string
	Rows, Open  int
	Current     bool
}

func (p *pages) jobPage(a *ask) (*answer, error) {
	j, err := p.Instance.Job(a.Context(), a.PathValue("id"))
	if err != nil {
		return nil, err
	}
	doc := &jobDoc{jobLine: linesOf([]report.Job{j})[0], Sorts: app.LineSorts}
	x := &answer{page: "job", title: j.Name, data: doc, json: document(j)}
	if j.State != "done" {
		return x, nil
	}
	if doc.Q, err = linesQuestion(a); err != nil {
		return nil, err
	}
	doc.Lines, err = p.Instance.JobLines(a.Context(), j.ID, doc.Q)
	if errors.Is(err, app.ErrUnknown) { // a result that is no answers line by line: it can be fetched
		doc.Whole = true
		return x, nil
	}
	if err != nil {
		return nil, err
	}
	doc.Tiles = tiles(a, &doc.Lines, doc.Q)
	doc.Pager = pages50(a, doc.Lines.From, len(doc.Lines.Lines), doc.Lines.Matching)
	x.json, x.csv = document(doc.Lines), p.linesCSV(a, j.ID, doc.Q)
	return x, nil
}

func linesQuestion(a *ask) (app.LinesQuestion, error) {
	q := app.LinesQuestion{Outcome: a.q("outcome"), MayBe: a.q("may_be"), Supplier: a.q("supplier"), Search: a.q("q"), Sort: a.q("sort"), Limit: linesAPage}
	if q.Sort != "" && !slices.Contains(app.LineSorts, q.Sort) {
		return q, app.Invalid{Field: "sort", Text: "is no order of lines"}
	}
	var err error
	q.From, err = a.place("from")
	return q, err
}

// place is a whole number of the address, from 0.
func (a *ask) place(name string) (int, error) {
	text := a.q(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, app.Invalid{Field: name, Text: "is no whole number from 0"}
	}
	return n, nil
}

// tiles are the outcomes by severity, each leading to its lines.
func tiles(a *ask, lines *report.JobLines, q app.LinesQuestion) []tile {
	var list []tile
	for _, word := range append(slices.Collect(backwards(law.OutcomeWords())), "refused") {
		rows, open := lines.Outcomes[word], lines.MayBe[word]
		if rows+open == 0 {
			continue
		}
		t := tile{Outcome: word, Rows: rows, Open: open, Current: q.Outcome == word, To: a.here("outcome", word, "may_be", "", "from", "")}
		if t.Current {
			t.To = a.here("outcome", "", "from", "")
		}
		list = append(list, t)
	}
	return list
}

func backwards[T any](list []T) func(yield func(T) bool) {
	return func(yield func(T) bool) {
		for _, x := range slices.Backward(list) {
			if !yield(x) {
				return
			}
		}
	}
}

// pager leads through a list.
type pager struct {
	First, Last, All int // places from 1; zero: there is nothing
	Before, After    string
}

func pages50(a *ask, from, shown, all int) pager {
	p := pager{First: from + 1, Last: from + shown, All: all}
	if shown == 0 {
		p.First = 0
	}
	if from > 0 {
		before := ""
		if from > linesAPage {
			before = number(from - linesAPage)
		}
		p.Before = a.here("from", before)
	}
	if from+shown < all {
		p.After = a.here("from", number(from+shown))
	}
	return p
}

// linesCSV writes all the lines that are selected, not only those of the page.
func (p *pages) linesCSV(a *ask, id string, q app.LinesQuestion) func(table) error {
	return func(add table) error {
		if err := add("n", "line", "id", "outcome", "may_be", "description", "hs", "supplier", "destination", "questions", "next_change"); err != nil {
			return err
		}
		q.From, q.Limit = 0, 1<<40
		return p.Instance.EachJobLine(a.Context(), id, q, &report.JobLines{}, func(l *report.JobLine) error {
			changes := ""
			if l.Changes != 0 {
				changes = l.Changes.String()
			}
			return add(number(l.N), number(l.Line), l.ID, l.Outcome, l.MayBe, l.Description, l.HS, l.Supplier, l.Destination, number(l.Asks), changes)
		})
	}
}

func (p *pages) linePage(a *ask) (*answer, error) {
	n, err := strconv.Atoi(a.PathValue("n"))
	if err != nil {
		return nil, app.ErrUnknown
	}
	line, err := p.Instance.JobLine(a.Context(), a.PathValue("id"), n, a.Lang)
	if err != nil {
		return nil, err
	}
	return &answer{page: "line", title: a.t("line.title", "id", line.ID), data: &line, json: func(w io.Writer) error {
		_, err := w.Write(append(line.Recorded, '\n'))
		return err
	}}, nil
}

// askList sends the questions of a job as a workbook.
func (p *pages) askList(a *ask) (*answer, error) {
	supplier := a.q("supplier")
	var book bytes.Buffer
	if err := p.Instance.AskList(a.Context(), a.PathValue("id"), supplier, a.Lang, &book); err != nil {
		return nil, err
	}
	return &answer{file: func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(strings.TrimSpace(a.t("asks.file")+" "+supplier)+".xlsx"))
		_, err := book.WriteTo(w)
		p.sent(err)
	}}, nil
}

// jobAgain has a file answered once more, as a workbook or a page to send on.
func (p *pages) jobAgain(a *ask) (*answer, error) {
	j, err := p.Instance.Again(a.Context(), a.Actor, a.PathValue("id"), report.Format(a.PostFormValue("output")))
	return &answer{to: "/jobs/" + j.ID}, err
}

func (p *pages) cancelJob(a *ask) (*answer, error) {
	j, err := p.Instance.CancelJob(a.Context(), a.Actor, a.PathValue("id"))
	return &answer{to: "/jobs/" + j.ID}, err
}
