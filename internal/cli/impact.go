package cli

import (
	"fmt"
	"io"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type impactCmd struct {
	heldLaw
	Files       []string `arg:"" help:"Item files: CSV, XLSX, XLS, JSON Lines, Parquet, declarations; - is standard input."`
	From        string   `help:"The one point in time: effective day, and after @ the day up to which the law was known." placeholder:"DATE[@KNOWN]" required:""`
	To          string   `help:"The other point in time." placeholder:"DATE[@KNOWN]" required:""`
	FromCountry string   `help:"Exporting country of rows that name none." placeholder:"COUNTRY"`
	Destination string   `help:"Destination of rows that name none." placeholder:"COUNTRY"`
	Rates       string   `help:"Rates between the currencies of parts: CSV with the columns from,to,rate." placeholder:"FILE"`
	tableFlags
	rejectFlags
	All bool `help:"Print the unchanged rows too."`
}

func (c impactCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	s := &app.Impact{All: c.All, Screening: app.Screening{Book: book, From: c.FromCountry, Destination: c.Destination, Lang: r.flags.Lang,
		Format: report.Format(r.format())}}
	for _, x := range []struct {
		flag, text string
		to         *when.At
	}{{"--from", c.From, &s.Before}, {"--to", c.To, &s.After}} {
		if *x.to, err = pointInTime(x.text); err != nil {
			return use("%s: %v", x.flag, err)
		}
	}
	if err := s.Check(); err != nil {
		return exit{exitUse, err}
	}
	if s.Rates, err = readRates(c.Rates, book.Vocab); err != nil {
		return err
	}
	return c.compare(r, s)
}

// pointInTime reads DATE or DATE@KNOWN.
func pointInTime(text string) (at when.At, err error) {
	day, known, given := strings.Cut(text, "@")
	if at.Effective, err = when.ParseDate(day); err == nil && given {
		at.KnownBy, err = when.ParseDate(known)
	}
	return at, err
}

func (c impactCmd) compare(r *run, s *app.Impact) error {
	sources, err := c.tableFlags.open(r, c.Files, s.Book.Vocab)
	if err != nil {
		return err
	}
	defer sources.close()
	refused, err := c.rejectFlags.open(r, sources.headings())
	if err != nil {
		return err
	}
	s.Refused = refused.add
	var sum report.ImpactSummary
	err = refused.close(r.write(func(w io.Writer) error {
		sum, err = s.Run(sources.tables, w)
		return err
	}))
	if err != nil {
		return err
	}
	sources.sayUnused(r)
	if !r.flags.Quiet && s.Format != report.Table {
		fmt.Fprintln(r.env.Err, sum.Text(r.flags.Lang))
	}
	if sum.Refused > 0 {
		return exit{exitRefused, nil}
	}
	return nil
}
