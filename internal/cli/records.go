package cli

import (
	"context"
	"io"
	"os"

	"lodestone/internal/app"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type recordsCmd struct {
	Export recordsExportCmd `cmd:"" help:"Write what was answered and decided in a stretch of time, each row with the proof that the log holds it; verify checks the file anywhere."`
}

type recordsExportCmd struct {
	placeFlags
	From    string `help:"First day on which they were recorded, in Beijing (default: the first)." placeholder:"DATE"`
	To      string `help:"Last day on which they were recorded (default: the last)." placeholder:"DATE"`
	Digests bool   `help:"Leave questions and answers out: their digests stand in the proof."`
}

func (c recordsExportCmd) Run(r *run) error {
	ctx := context.Background()
	x := app.RecordExport{Format: report.Format(r.flags.Output), Digests: c.Digests}
	if x.Format == "" {
		x.Format = report.JSONL
	}
	for _, d := range []struct {
		flag, text string
		to         *when.Date
	}{{"--from", c.From, &x.From}, {"--to", c.To, &x.To}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.to, err = when.ParseDate(d.text); err != nil {
			return use("%s: %v", d.flag, err)
		}
	}
	if x.Format == report.Parquet && r.env.Terminal && r.flags.Out == "" {
		return use("records export: Parquet is no text for a terminal; give --out FILE.parquet")
	}
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	write, err := i.ExportRecords(ctx, x)
	if err != nil {
		return entered(err)
	}
	return r.write(write)
}

// checked is what a check of a file found.
type checked interface {
	Good() bool
	WriteText(w io.Writer, lang string) error
}

// checkFiles is verify with files: determination files, and files of records.
func (c verifyCmd) checkFiles(r *run) error {
	book, err := r.book()
	if err != nil {
		return err
	}
	var found []checked
	all := true
	for _, name := range c.Files {
		one, err := c.checkFile(book, name)
		if err != nil {
			return exit{exitUse, err}
		}
		found, all = append(found, one), all && one.Good()
	}
	err = r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), found, func() error {
			for _, one := range found {
				if err := one.WriteText(w, r.flags.Lang); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err == nil && !all {
		return exit{exitFailed, nil}
	}
	return err
}

func (c verifyCmd) checkFile(book *law.Book, name string) (checked, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !report.HoldsRecords(f) {
		d, err := app.CheckDossier(book, name, f, c.SignedBy)
		return &d, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	d, err := app.CheckRecords(book, name, f, info.Size(), c.SignedBy)
	return &d, err
}
