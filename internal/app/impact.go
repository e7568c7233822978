package app

import (
	"fmt"
	"io"
	"strings"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// Impact says how rows are to be compared between two points in time. The days and formats of its Screening are not used.
type Impact struct {
	Screening
	Before, After when.At
	All           bool // unchanged rows are printed too
}

// comparing is what a desk needs to compare.
type comparing struct {
	moved   *decide.Moved // nil: nothing is compared, only told how rows stand
	at      when.At       // where nothing is compared
	printer report.ImpactPrinter
	all     bool
	said    judged // of the row that was compared last
	seen    *seen  // of rows that said the same; nil: each is judged anew
}

// Run compares the rows of tables, one after another and in order, and prints those whose answer differs. Only rows of which a norm that
// stands otherwise may speak are evaluated. Days that rows state are put aside.
func (s *Impact) Run(in []*tables.Table, w io.Writer) (report.ImpactSummary, error) {
	var sum report.ImpactSummary
	desks, printer, err := s.comparers(&sum)
	if err != nil {
		return sum, err
	}
	if err := printer.Open(w); err != nil {
		return sum, err
	}
	for _, t := range in {
		for _, d := range desks {
			d.Reader.DecimalComma = t.DecimalComma()
		}
		l, err := s.lineOf(t, printer, desks)
		if err == nil {
			l.rememberRows()
			err = l.run(w, sum.Printed == 0, func(j *job) { s.count(&sum, j) })
		}
		if err != nil {
			return sum, err
		}
	}
	sum.Finish()
	return sum, printer.Close(w, &sum)
}

// comparers makes the desks, and begins the summary.
func (s *Impact) comparers(sum *report.ImpactSummary) ([]*desk, report.ImpactPrinter, error) {
	*sum = report.ImpactSummary{From: s.known(s.Before), To: s.known(s.After), Law: s.summary().Law, Note: s.summary().Note}
	printer, err := report.NewImpactPrinter(s.Format, s.Lang)
	if err != nil {
		return nil, nil, err
	}
	desks := make([]*desk, s.Turns.atOnce())
	for i := range desks {
		if desks[i], err = s.desk(); err != nil {
			return nil, nil, err
		}
		desks[i].impact = &comparing{moved: decide.NewMoved(s.Book, sum.From, sum.To), printer: printer, all: s.All}
	}
	sum.Norms = len(desks[0].impact.moved.Norms)
	return desks, printer, nil
}

// Check says whether the comparison can begin.
func (s *Impact) Check() error {
	if _, err := report.NewImpactPrinter(s.Format, s.Lang); err != nil {
		return err
	}
	if s.Before.Effective == 0 || s.After.Effective == 0 {
		return fmt.Errorf("--from and --to each need a day, such as 2026-11-01, or 2026-11-01@2026-10-09 with the day up to which the law was known")
	}
	_, err := s.desk()
	return err
}

// known fills in the knowledge date where none is given.
func (s *Impact) known(at when.At) when.At {
	if at.KnownBy == 0 {
		at.KnownBy = s.Book.Assessed.Horizon
	}
	return at
}

func (s *Impact) count(sum *report.ImpactSummary, j *job) {
	sum.Rows += j.rows
	sum.Touched += j.touched
	sum.Printed += j.printed + len(j.refused)
	sum.Refused += len(j.refused)
	for i := range j.changed {
		sum.Add(&j.changed[i])
	}
	for _, x := range j.refused {
		if s.Refused != nil {
			s.Refused(x)
		}
	}
	if s.Progress != nil {
		s.Progress(sum.Rows + sum.Refused)
	}
}

// compare answers the desk's item for both points in time, where the answer may differ.
func (d *desk) compare(j *job) error {
	it, c := &d.item, d.impact
	it.ShipDate, it.DeclarationDate = 0, 0
	d.Parties.Find(it)
	j.rows++
	if c.moved == nil {
		return d.standAlone(j)
	}
	c.said = d.judge(it)
	return d.tell(j, &c.said, it.ID, it.Line)
}

// judged is what a comparison says of a row, but for its number and line.
type judged struct {
	touched bool
	doc     *report.Impact // nil: nothing is to be printed
}

// judge compares what the law says of an item, whose parties have been looked up, at the two points in time.
func (d *desk) judge(it *fact.Item) (x judged) {
	c := d.impact
	if x.touched = c.moved.Touches(it, d.Decider.Parts); !x.touched && !c.all {
		return x
	}
	before, was := d.stand(c.moved.From, it)
	after, is := d.stand(c.moved.To, it)
	doc := &report.Impact{Before: before, After: after, Changed: !before.Same(&after)}
	if doc.Changed {
		doc.By = d.maker.By(&before, &after, was, is)
	}
	if doc.Changed || c.all {
		x.doc = doc
	}
	return x
}

// tell counts a row and prints what is said of it.
func (d *desk) tell(j *job, x *judged, id string, line int) error {
	if x.touched {
		j.touched++
	}
	if x.doc == nil {
		return nil
	}
	doc := *x.doc
	doc.ID, doc.Line, doc.Product = strings.Clone(id), line, d.product()
	if doc.Changed {
		j.changed = append(j.changed, doc)
	}
	j.printed++
	return d.impact.printer.Row(&j.out, &doc)
}

func (d *desk) stand(at when.At, it *fact.Item) (report.Stand, *law.Snapshot) {
	r := d.Decider.Decide(at, it)
	required, duties := d.Decider.Required()
	return d.maker.StandOf(r, required, duties), r.Snapshot
}

// product is the id of the one part at the top that the desk's item is in; empty: it stands by itself, or in several.
func (d *desk) product() string {
	if d.tree == nil || d.tree.root[d.part] < 0 {
		return ""
	}
	return d.tree.ID(d.tree.root[d.part])
}
