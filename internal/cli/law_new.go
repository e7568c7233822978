package cli

import (
	"fmt"
	"io"

	"lodestone/internal/app"
)

type lawNewCmd struct {
	ID   string `arg:"" help:"Id of the act: <jurisdiction>-<year>-<number>, for example KR-2026-12."`
	Dir  string `help:"Law folder to write into." default:"law"`
	Kind string `help:"Kind of act, a word of docs/law-format.md." default:"item_control"`
}

func (c lawNewCmd) Run(r *run) error {
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
