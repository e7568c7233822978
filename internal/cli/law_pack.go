package cli

import (
	"fmt"
	"io"

	"lodestone/internal/app"
)

type lawPackCmd struct {
	Dir string `arg:"" help:"Law folder to pack; it must pass law check without a word."`
	Key string `required:"" help:"File of the key to sign with; made on first use. Whoever has it can sign law in your name." placeholder:"FILE" type:"path"`
}

func (c lawPackCmd) Run(r *run) error {
	if r.flags.Out == "" || r.flags.Out == "-" {
		return use("law pack: give the file to write with --out FILE")
	}
	pack, verifier, problems, err := app.PackLaw(c.Dir, c.Key, r.env.Today)
	if err != nil {
		return exit{exitUse, err}
	}
	if len(problems) > 0 {
		return exit{exitFailed, problems}
	}
	err = r.write(func(w io.Writer) error {
		_, err := w.Write(pack)
		return err
	})
	if err == nil {
		_, err = fmt.Fprintln(r.env.Out, verifier)
	}
	return err
}

type lawUpdateCmd struct {
	File  string `arg:"" help:"A pack that law pack wrote."`
	Trust string `required:"" help:"Verifier key of who signed it, as law pack printed it; get it by another way than the pack." placeholder:"KEY"`
	Data  string `help:"Data folder to install it in (default: lodestone in the user's configuration folder)." placeholder:"DIR" type:"path"`
	Force bool   `help:"Install it although it is older than the law that is used."`
}

func (c lawUpdateCmd) Run(r *run) error {
	data, err := folder(c.Data)
	if err != nil {
		return err
	}
	if r.flags.Law != "" {
		return use("law update: --law is for a folder beside the law; a pack takes none")
	}
	doc, problems, err := app.UpdateLaw(app.LawUpdate{Data: data, File: c.File, Trusted: c.Trust, Force: c.Force, On: r.env.Today, Lang: r.flags.Lang})
	if err != nil {
		return exit{exitUse, err}
	}
	if problems.Refusals() > 0 {
		return exit{exitUse, problems}
	}
	return printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) })
}
