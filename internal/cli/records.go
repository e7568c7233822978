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

	Archive   recordsArchiveCmd   `cmd:"" help:"Move records that are older than the retention into Parquet files, with their proofs; the log stays."`
	Retention recordsRetentionCmd `cmd:"" help:"Print, or set, for how long records stay at hand."`
	Hold      recordsHoldCmd      `cmd:"" help:"Keep a record at hand whatever its age."`
	Release   recordsReleaseCmd   `cmd:"" help:"Let a record that was on hold go when it is old."`
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

type recordsArchiveCmd struct {
	placeFlags
	asFlags
	To     string `help:"Folder of archives (default: archive in the data folder); verify finds them with --archives." placeholder:"DIR" type:"path"`
	DryRun bool   `help:"Only tell what would go, and what stays though it is old."`
}

func (c recordsArchiveCmd) Run(r *run) error {
	ctx := context.Background()
	c.archives = c.To
	i, by, err := c.placeFlags.acting(r, ctx, c.asFlags)
	if err != nil {
		return err
	}
	defer i.Close()
	doc, err := i.Archive(ctx, by, c.DryRun)
	if err != nil {
		return err
	}
	return printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) })
}

// acting opens the instance for a person.
func (f placeFlags) acting(r *run, ctx context.Context, as asFlags) (*app.Instance, *app.Actor, error) {
	i, err := f.open(r, ctx, false)
	if err != nil {
		return nil, nil, err
	}
	by, err := as.actor(ctx, i)
	if err != nil {
		i.Close()
		return nil, nil, err
	}
	return i, by, nil
}

type recordsRetentionCmd struct {
	placeFlags
	Years int    `help:"Set it to so many years, five at least." placeholder:"N"`
	As    string `help:"Login of the person who sets it." placeholder:"LOGIN" env:"LODESTONE_AS"`
}

func (c recordsRetentionCmd) Run(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	doc, err := i.Retention(ctx)
	if c.Years != 0 {
		var by *app.Actor
		if by, err = (asFlags{c.As}).actor(ctx, i); err == nil {
			doc, err = i.SetRetention(ctx, by, report.Retention{Years: c.Years})
		}
	}
	if err != nil {
		return entered(err)
	}
	return printDoc(r, doc, func(w io.Writer) error { return doc.WriteText(w, r.flags.Lang) })
}

// holdFlags name a record and say why something is done with it.
type holdFlags struct {
	placeFlags
	asFlags
	Record string `arg:"" help:"Id of the record."`
	Words  string `help:"Why." required:"" placeholder:"TEXT"`
}

func (c holdFlags) hold(r *run, held bool) error {
	ctx := context.Background()
	i, by, err := c.placeFlags.acting(r, ctx, c.asFlags)
	if err != nil {
		return err
	}
	defer i.Close()
	return entered(i.HoldRecord(ctx, by, c.Record, held, c.Words))
}

type recordsHoldCmd struct{ holdFlags }

func (c recordsHoldCmd) Run(r *run) error { return c.hold(r, true) }

type recordsReleaseCmd struct{ holdFlags }

func (c recordsReleaseCmd) Run(r *run) error { return c.hold(r, false) }
