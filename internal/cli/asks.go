package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/app"
	"lodestone/internal/ingest/answers"
	"lodestone/internal/problem"
	"lodestone/internal/report"
)

// answers reads the workbooks that came back, and prepares for asking. What cannot be taken of them is said by its cell; the rest is taken.
func (c screenCmd) answers(r *run, s *app.Screening) error {
	if c.Asks != "" {
		if !strings.EqualFold(filepath.Ext(c.Asks), ".xlsx") {
			return use("--asks: %q is no name of an Excel workbook; it ends in .xlsx", c.Asks)
		}
		s.Asks = &report.Asks{}
	}
	var all []answers.Answer
	var mu sync.Mutex
	s.BadAnswer = func(p problem.Problem) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(r.env.Err, "lodestone: answer refused:", report.ProblemIn(r.flags.Lang, p).Error())
	}
	for _, name := range c.Answers {
		f, err := os.Open(name)
		if err != nil {
			return exit{exitUse, err}
		}
		list, problems, err := answers.Read(name, f)
		f.Close()
		if err != nil {
			return exit{exitUse, err}
		}
		for _, p := range problems {
			s.BadAnswer(p)
		}
		all = append(all, list...)
	}
	if len(c.Answers) > 0 {
		var differ, rates problem.List
		s.Answers, differ = app.NewAnswers(all)
		s.Rates, rates = s.Answers.Rates(s.Rates, s.Book.Vocab)
		for _, p := range slices.Concat(differ, rates) {
			s.BadAnswer(p)
		}
	}
	return nil
}

// writeAsks writes the questions, once all rows are answered, and says which answers found no row.
func (c screenCmd) writeAsks(r *run, s *app.Screening, sum *report.Summary) error {
	if s.Answers != nil {
		for _, p := range s.Answers.Unmet() {
			s.BadAnswer(p)
		}
	}
	if s.Asks == nil {
		return nil
	}
	if err := r.writeTo(c.Asks, func(w io.Writer) error { return s.Asks.WriteXLSX(w, r.flags.Lang, sum) }); err != nil {
		return err
	}
	if !r.flags.Quiet {
		fmt.Fprintln(r.env.Err, report.Say(r.flags.Lang, "asks.written", "n", fmt.Sprint(s.Asks.Len()), "file", c.Asks))
	}
	return nil
}
