package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// asFlags say for whom a command acts. Whoever may write the data folder may act for anybody; the log says who it was.
type asFlags struct {
	As string `help:"Login of the person for whom this is done." required:"" placeholder:"LOGIN" env:"LODESTONE_AS"`
}

// actor is the person of the flag.
func (f asFlags) actor(ctx context.Context, i *app.Instance) (*app.Actor, error) {
	a, err := i.ActorNamed(ctx, f.As)
	if errors.Is(err, app.ErrUnknown) {
		return nil, use("--as: nobody who may act has the login %q", f.As)
	}
	return a, err
}

type alertCmd struct {
	List alertListCmd `cmd:"" help:"List alerts, newest first."`
	Ack  alertAckCmd  `cmd:"" help:"Say that a person has seen an alert."`
}

type alertListCmd struct {
	placeFlags
	Kind    string `help:"Only alerts of this kind, or of those that begin with it and a point." placeholder:"KIND"`
	Subject string `help:"Only alerts about this." placeholder:"SUBJECT"`
	Unseen  string `help:"Only alerts that the person with this login has not acknowledged." placeholder:"LOGIN"`
	Limit   int    `help:"At most so many." default:"50"`
}

func (c alertListCmd) Run(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	who := &app.Actor{}
	if c.Unseen != "" {
		if who, err = (asFlags{c.Unseen}).actor(ctx, i); err != nil {
			return err
		}
	}
	all, err := i.Alerts(ctx, who, app.AlertQuery{Kind: c.Kind, Subject: c.Subject, Unseen: c.Unseen != "", Limit: c.Limit, Lang: r.flags.Lang})
	if err != nil {
		return err
	}
	return r.writeAlerts(all)
}

func (r *run) writeAlerts(all []report.Alert) error {
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), all, func() error {
			for n := range all {
				if err := all[n].WriteText(w, r.flags.Lang); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

type alertAckCmd struct {
	placeFlags
	asFlags
	Alert string `arg:"" help:"Id of the alert, as alert list prints it."`
	Note  string `help:"What was done about it." placeholder:"TEXT"`
}

func (c alertAckCmd) Run(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	by, err := c.actor(ctx, i)
	if err != nil {
		return err
	}
	a, err := i.Acknowledge(ctx, by, c.Alert, c.Note, r.flags.Lang)
	if err != nil {
		return entered(err)
	}
	return r.writeAlerts([]report.Alert{a})
}

// entered makes what is wrong with something that was entered a wrong use.
func entered(err error) error {
	var invalid app.Invalid
	if errors.As(err, &invalid) || errors.Is(err, app.ErrUnknown) {
		return exit{exitUse, err}
	}
	return err
}

type catalogueCmd struct {
	Put  cataloguePutCmd  `cmd:"" help:"Keep a file of items, or a new version of it; the server screens it now and whenever the law changes."`
	List catalogueListCmd `cmd:"" help:"List catalogues and how their rows stand."`
	End  catalogueEndCmd  `cmd:"" help:"Screen a catalogue no longer; what was found stays."`
}

type cataloguePutCmd struct {
	placeFlags
	asFlags
	File        string `arg:"" help:"Item file: CSV, XLSX, XLS, JSON Lines, Parquet." type:"existingfile"`
	Name        string `help:"What the catalogue is called (default: the name of the file)." placeholder:"NAME"`
	FromCountry string `help:"Exporting country of rows that name none." placeholder:"COUNTRY"`
	Destination string `help:"Destination of rows that name none." placeholder:"COUNTRY"`
}

func (c cataloguePutCmd) Run(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	by, err := c.actor(ctx, i)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return exit{exitUse, err}
	}
	defer f.Close()
	name := c.Name
	if name == "" {
		name = filepath.Base(c.File)
	}
	doc, err := i.KeepCatalogue(ctx, by, name, f, app.Upload{From: c.FromCountry, Destination: c.Destination, Lang: r.flags.Lang}, r.env.Today)
	if err != nil {
		return entered(err)
	}
	return r.writeCatalogues([]report.Catalogue{doc})
}

func (r *run) writeCatalogues(all []report.Catalogue) error {
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), all, func() error {
			for n := range all {
				if err := all[n].WriteText(w, r.flags.Lang); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

type catalogueListCmd struct{ placeFlags }

func (c catalogueListCmd) Run(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	all, err := i.Catalogues(ctx)
	if err != nil {
		return err
	}
	return r.writeCatalogues(all)
}

type catalogueEndCmd struct {
	placeFlags
	asFlags
	Catalogue string `arg:"" help:"Id of the catalogue, as catalogue list prints it."`
}

func (c catalogueEndCmd) Run(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	by, err := c.actor(ctx, i)
	if err != nil {
		return err
	}
	doc, err := i.EndCatalogue(ctx, by, c.Catalogue)
	if err != nil {
		return entered(err)
	}
	return r.writeCatalogues([]report.Catalogue{doc})
}
