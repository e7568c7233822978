package cli

import (
	"io"

	"lodestone/internal/app"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type lawStatusCmd struct {
	heldLaw
	On     string `help:"Day to look from (default: today)." placeholder:"DATE"`
	Within int    `help:"Show what ends within so many days." default:"60"`
}

func (c lawStatusCmd) Run(r *run) error {
	book, err := c.book(r)
	if err != nil {
		return err
	}
	on := r.env.Today
	if c.On != "" {
		if on, err = when.ParseDate(c.On); err != nil {
			return use("--on: %v", err)
		}
	}
	if c.Within < 0 || c.Within > 36500 {
		return use("--within %d: give a number of days from 0 to 36500", c.Within)
	}
	doc := (&report.Maker{Book: book, Lang: r.flags.Lang}).Status(on, c.Within)
	if doc.Pack, err = app.InstalledPack(r.data); err != nil {
		return exit{exitUse, err}
	}
	if err := printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) }); err != nil {
		return err
	}
	if len(doc.Windows) > 0 {
		return exit{exitFound, nil}
	}
	return nil
}
