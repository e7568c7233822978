package cli

import (
	"fmt"
	"io"
	"slices"

	"lodestone/internal/app"
	"lodestone/internal/law"
)

type lawNewCmd struct {
	ID   string `arg:"" help:"Id of the act: <jurisdiction>-<year>-<number>, for example KR-2026-12."`
	Dir  string `help:"Law folder to write into." default:"law"`
	Kind string `help:"Kind of act, a word of docs/law-format.md." default:"item_control"`
}

func (c lawNewCmd) Run(r *run) error {
	book, err := r.book()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(book.Acts, func(a law.Act) bool { return a.ID == c.ID }) {
		return use("%s is in the law data already; what changes an act is an act of its own that says so (docs/adding-an-act.md)", c.ID)
	}
	names, err := app.NewAct(c.Dir, c.ID, c.Kind, r.env.Today)
	if err != nil {
		return exit{exitUse, err}
	}
	return r.write(func(w io.Writer) error {
		for _, name := range names {
			if _, err := fmt.Fprintln(w, name); err != nil {
				return err
			}
		}
		return nil
	})
}
