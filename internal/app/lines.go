package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// LinesQuestion selects lines of a job. The zero value of a field does not restrict.
type LinesQuestion struct {
	Outcome  string // word of an outcome, or "refused"
	MayBe    string // word of an outcome: lines that may come to it
	Supplier string
	Search   string // in id, description, customs code, supplier and control code
	Sort     string // file, severe, next (change), asks; empty: file
	From     int    // first of the selected lines, from 0
	Limit    int
}

// LineSorts are the orders of lines.
var LineSorts = []string{"file", "severe", "next", "asks"}

// countedSuppliers bounds the suppliers that are counted out.
const countedSuppliers = 50

// JobLines gives lines of a job that is done.
func (i *Instance) JobLines(ctx context.Context, id string, q LinesQuestion) (report.JobLines, error) {
	doc := report.JobLines{Job: id, Lines: []report.JobLine{}}
	err := i.EachJobLine(ctx, id, q, &doc, func(line *report.JobLine) error {
		doc.Lines = append(doc.Lines, *line)
		return nil
	})
	return doc, err
}

// EachJobLine counts the lines of a job that is done and calls each with those that are selected, in their order.
func (i *Instance) EachJobLine(ctx context.Context, id string, q LinesQuestion, doc *report.JobLines, each func(*report.JobLine) error) error {
	doc.Outcomes, doc.MayBe = map[string]int{}, map[string]int{}
	return i.withLines(ctx, id, func(x *lineIndex, _ *store.Job) error {
		picked, err := x.pick(q, doc)
		if err != nil {
			return err
		}
		doc.All, doc.Matching, doc.Structured = x.about.Lines, len(picked), x.about.Structured
		doc.From = max(0, min(q.From, len(picked)))
		for _, n := range picked[doc.From:min(len(picked), doc.From+q.Limit)] {
			line, _, err := x.line(n)
			if err == nil {
				err = each(&line)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// withLines opens the index of a job.
func (i *Instance) withLines(ctx context.Context, id string, use func(*lineIndex, *store.Job) error) error {
	j, err := i.store.Job(ctx, id)
	if err != nil {
		return unknownIf(err)
	}
	var u Upload
	if j.Result == "" || json.Unmarshal([]byte(j.Question), &u) != nil || !u.hasLines() {
		return ErrUnknown
	}
	x, err := i.lines(ctx, &j)
	if err != nil {
		return err
	}
	defer x.Close()
	return use(x, &j)
}

// pick selects lines, in their order, and counts all.
func (x *lineIndex) pick(q LinesQuestion, doc *report.JobLines) ([]int, error) {
	c := &picking{q: q, order: lineOrders[q.Sort], search: []byte(strings.ToLower(strings.TrimSpace(q.Search))), supplier: slices.Index(x.about.Suppliers, q.Supplier),
		lines: make([]int, len(x.about.Suppliers)), asks: make([]int, len(x.about.Suppliers))}
	records := bufio.NewReaderSize(io.NewSectionReader(x.records, 0, 1<<62), 1<<18)
	folds := bufio.NewReaderSize(io.NewSectionReader(x.folds, 0, 1<<62), 1<<18)
	var b [recordBytes]byte
	var fold []byte
	for n := range x.about.Lines {
		if _, err := io.ReadFull(records, b[:]); err != nil {
			return nil, err
		}
		r := readRecord(b[:])
		if len(c.search) > 0 {
			fold = slices.Grow(fold[:0], int(r.FoldLen))[:r.FoldLen]
			if _, err := io.ReadFull(folds, fold); err != nil {
				return nil, err
			}
		}
		c.look(n, &r, fold)
	}
	c.counts(doc, x.about.Suppliers)
	if c.order != nil {
		slices.SortStableFunc(c.picked, func(a, b pickedLine) int { return c.order(&a.lineRecord, &b.lineRecord) })
	}
	numbers := make([]int, len(c.picked))
	for i := range c.picked {
		numbers[i] = c.picked[i].n
	}
	return numbers, nil
}

// picking selects and counts.
type picking struct {
	q           LinesQuestion
	order       func(a, b *lineRecord) int
	search      []byte
	supplier    int
	all, open   [256]int
	lines, asks []int // by supplier
	picked      []pickedLine
}

type pickedLine struct {
	n int
	lineRecord
}

func (c *picking) look(n int, r *lineRecord, fold []byte) {
	c.all[r.Outcome]++
	if r.MayBe != r.Outcome {
		c.open[r.MayBe]++
	}
	if r.Asks > 0 {
		c.lines[r.Supplier]++
		c.asks[r.Supplier] += int(r.Asks)
	}
	switch {
	case c.q.Outcome != "" && outcomeWord(r.Outcome) != c.q.Outcome:
	case c.q.MayBe != "" && (r.MayBe == r.Outcome || outcomeWord(r.MayBe) != c.q.MayBe):
	case c.q.Supplier != "" && int(r.Supplier) != c.supplier:
	case len(c.search) > 0 && !bytes.Contains(fold, c.search):
	default:
		c.picked = append(c.picked, pickedLine{n, *r})
	}
}

func (c *picking) counts(doc *report.JobLines, suppliers []string) {
	for o := range c.all {
		if c.all[o] > 0 {
			doc.Outcomes[outcomeWord(uint8(o))] = c.all[o]
		}
		if c.open[o] > 0 {
			doc.MayBe[outcomeWord(uint8(o))] = c.open[o]
		}
	}
	for n, lines := range c.lines {
		if lines > 0 {
			doc.Suppliers = append(doc.Suppliers, report.SupplierCount{Name: suppliers[n], Lines: lines, Asks: c.asks[n]})
		}
	}
	slices.SortStableFunc(doc.Suppliers, func(a, b report.SupplierCount) int { return cmp.Compare(b.Asks, a.Asks) })
	doc.Suppliers = doc.Suppliers[:min(len(doc.Suppliers), countedSuppliers)]
}

// lineOrders compare records; the order of the file needs none.
var lineOrders = map[string]func(a, b *lineRecord) int{
	"severe": func(a, b *lineRecord) int {
		return cmp.Or(cmp.Compare(severity(b.Outcome), severity(a.Outcome)), cmp.Compare(severity(b.MayBe), severity(a.MayBe)))
	},
	"next": func(a, b *lineRecord) int { return cmp.Compare(uint32(a.Changes-1), uint32(b.Changes-1)) }, // none comes last
	"asks": func(a, b *lineRecord) int { return cmp.Compare(b.Asks, a.Asks) },
}

// severity puts refused rows last.
func severity(outcome uint8) int {
	if outcome == refusedLine {
		return -1
	}
	return int(outcome)
}

func outcomeWord(o uint8) string {
	if o == refusedLine {
		return "refused"
	}
	return law.Outcome(o).String()
}

// line gives line n for a list, and what its row says.
func (x *lineIndex) line(n int) (report.JobLine, map[string]string, error) {
	r, err := x.record(n)
	if err != nil {
		return report.JobLine{}, nil, err
	}
	text := make([]byte, r.TextLen)
	if _, err := x.texts.ReadAt(text, r.Text); err != nil {
		return report.JobLine{}, nil, err
	}
	var item map[string]string
	if err := json.Unmarshal(text, &item); err != nil {
		return report.JobLine{}, nil, err
	}
	line := report.JobLine{N: n + 1, Line: int(r.Line), ID: cmp.Or(item["id"], fmt.Sprint(r.Line)), Outcome: outcomeWord(r.Outcome), Description: item["description"], HS: item["hs"],
		Supplier: item["supplier"], Destination: item["destination"], Parent: item["parent"], Quantity: strings.TrimSpace(item["quantity"] + " " + item["unit"]),
		Asks: int(r.Asks), Changes: when.Date(r.Changes)}
	if r.MayBe != r.Outcome {
		line.MayBe = outcomeWord(r.MayBe)
	}
	return line, item, nil
}
