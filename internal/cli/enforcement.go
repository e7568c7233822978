package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"lodestone/internal/app"
)

type enforcementCmd struct {
	Read enforcementReadCmd `cmd:"" help:"Read penalty decisions (text or HTML) into records, each value with its place in the text."`
}

type enforcementReadCmd struct {
	Paths       []string `arg:"" help:"Files or folders."`
	KeepPersons bool     `help:"Keep the names of natural persons; otherwise they are 某."`
}

func (c enforcementReadCmd) Run(r *run) error {
	if f := r.flags.Output; f != "" && f != "jsonl" && f != "json" {
		return use("output %q: this command prints jsonl or json", f)
	}
	book, err := r.book()
	if err != nil {
		return err
	}
	reading := app.DecisionReading{Book: book, KeepPersons: c.KeepPersons}
	unread := 0
	err = r.write(func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		if r.flags.Output == "json" {
			e.SetIndent("", "  ")
		}
		unread, err = reading.Run(c.Paths, func(doc any) error {
			if bad, ok := doc.(*app.UnreadDecision); ok {
				fmt.Fprintln(r.env.Err, "lodestone: refused:", bad.Problem.Error())
			}
			return e.Encode(doc)
		})
		return err
	})
	switch {
	case err != nil:
		return exit{exitUse, err}
	case unread > 0:
		return exit{exitRefused, nil}
	}
	return nil
}
