package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/enforce"
	"lodestone/internal/problem"
	"lodestone/internal/report"
)

type enforcementReportCmd struct {
	Paths    []string `arg:"" optional:"" help:"Folders and files: decisions (text, HTML, PDF), or records of them (.jsonl); default: the collection that the program carries."`
	Previous string   `help:"Figures published before, to be judged (JSON; docs/enforcement.md)." placeholder:"FILE.json"`
	Frame    string   `help:"How the decisions were found: offices, months searched, method. Periods are compared within a frame only." placeholder:"NAME"`
	statsFlags
	rejectFlags
}

func (c enforcementReportCmd) Run(r *run) error {
	q, err := c.question()
	if err != nil {
		return err
	}
	book, err := r.book()
	if err != nil {
		return err
	}
	tables, err := app.DecisionTables()
	if err != nil {
		return err
	}
	doc := report.DecisionsReport{}
	if c.Previous != "" {
		f, err := os.Open(c.Previous)
		if err != nil {
			return exit{exitUse, err}
		}
		defer f.Close()
		if doc.Previous, err = app.AuditFile(c.Previous, f, r.flags.Lang); err != nil {
			return exit{exitUse, err}
		}
	}
	refused, err := c.open(r, nil)
	if err != nil {
		return err
	}
	records, unread, err := c.read(r, &app.DecisionReading{Book: book})
	for _, p := range unread {
		refused.add(report.Reject{Problem: p})
	}
	if err == nil && len(records) == 0 {
		err = exit{exitUse, fmt.Errorf("report: %s hold no decision that could be read", strings.Join(c.Paths, ", "))}
	}
	if err == nil {
		doc.Stats, doc.Unread = enforce.Compute(tables, records, q), unread
		err = printAnswer(r, book.Vocab, []report.DecisionsReport{doc}, doc.Paper)
	}
	return refusedSome(refused.close(err), unread)
}

// read gathers the records of files of them, and reads everything else as decisions.
func (c enforcementReportCmd) read(r *run, reading *app.DecisionReading) (records []enforce.Record, unread problem.List, err error) {
	if len(c.Paths) == 0 {
		return app.LoadDecisions(nil)
	}
	names, err := filesIn(c.Paths)
	if err != nil {
		return nil, nil, exit{exitUse, err}
	}
	var decisions, lines []string
	for _, name := range names {
		if strings.EqualFold(filepath.Ext(name), ".jsonl") {
			lines = append(lines, name)
		} else {
			decisions = append(decisions, name)
		}
	}
	if len(lines) > 0 {
		if records, unread, err = app.LoadDecisions(lines); err != nil {
			return nil, nil, exit{exitUse, err}
		}
	}
	if len(decisions) > 0 {
		_, err = reading.Run(decisions, func(doc any) error {
			switch doc := doc.(type) {
			case *app.UnreadDecision:
				unread = append(unread, doc.Problem)
			case *enforce.Record:
				records = append(records, *doc)
			}
			return nil
		})
	}
	for i := range records {
		if c.Frame != "" && records[i].Collected == nil {
			records[i].Collected = &enforce.Collected{Frame: c.Frame}
		}
	}
	return records, unread, err
}
