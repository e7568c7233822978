package cli

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/licence"
	"lodestone/internal/meter"
	"lodestone/internal/when"
)

//go:embed demo
var demoFiles embed.FS

type demoCmd struct {
	Listen string `help:"Address to listen on; a port of its own by default, so that it never stands in the way of a server." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Open   bool   `help:"Open the pages in the browser, where there is a desktop." default:"true" negatable:""`
}

// Run serves the pages on the example data of a magnet maker and a battery maker. Everything lives in a folder of its own that is removed at the end, so every
// start is a fresh one and nothing touches the data of an instance.
func (c demoCmd) Run(r *run) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stopsItself.Store(true)
	defer stopsItself.Store(false)
	book, err := r.book()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lodestone-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	i, err := app.OpenInstance(ctx, app.InstanceOptions{Data: dir, Book: book, Now: time.Now, Sole: true})
	if err != nil {
		return err
	}
	defer i.Close()
	password := rand.Text()
	if err := fillDemo(ctx, i, password, r.env.Today, r.flags.Lang); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return exit{exitUse, fmt.Errorf("--listen: %w", err)}
	}
	base := "http://" + listener.Addr().String()
	fmt.Fprintf(r.env.Err, "Example data, gone when this ends: %s/sign-in\n  name demo, password %s\n", base, password)
	if c.Open {
		if err := browse(runtime.GOOS, os.Getenv, base+"/sign-in"); err != nil {
			fmt.Fprintln(r.env.Err, "lodestone: note: no browser was opened:", err)
		}
	}
	log := slog.New(meter.Log(slog.NewJSONHandler(r.env.Err, nil)))
	return serve(ctx, &house{i: i, version: r.env.Version, base: base, log: log, patience: patience}, listener)
}

// fillDemo enters what the pages are to show: two files with open questions, a shipment to a listed party with its case, one that a suspended rule will bear on
// again, and a licence that runs out within the month.
func fillDemo(ctx context.Context, i *app.Instance, password string, today when.Date, lang string) error {
	key, err := i.FirstLink(ctx)
	if err != nil {
		return err
	}
	by, err := i.Accept(ctx, key, "demo", "Demo", password)
	if err != nil {
		return err
	}
	for _, name := range []string{"magnets.csv", "batteries.csv"} {
		f, err := demoFiles.Open("demo/" + name)
		if err != nil {
			return err
		}
		_, err = i.Submit(ctx, by, name, f, app.Upload{On: today, Lang: lang})
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	listed := map[string]string{"id": "MAG-03", "description": "NdFeB magnets for a ground vehicle", "composition": "Nd 29%; Dy 4%", "form": "magnet", "from": "CN", "destination": "US",
		"end_user": "General Dynamics Land Systems", "end_use": "military", "end_user_kind": "military"}
	returning := map[string]string{"id": "WAFER", "description": "gallium arsenide wafers", "from": "CN", "destination": "US", "end_use": "civil", "end_user_kind": "civil"}
	for _, item := range []map[string]string{listed, returning} {
		record, err := i.Answer(ctx, by, &app.Question{Item: item, On: today, Lang: lang}, "")
		if err != nil {
			return err
		}
		if _, err := i.OpenCase(ctx, by, record.ID, ""); err != nil {
			return err
		}
	}
	text, err := demoFiles.ReadFile("demo/licence.json")
	if err != nil {
		return err
	}
	var held licence.Held
	if err := json.Unmarshal(text, &held); err != nil {
		return err
	}
	held.From, held.To = today-150, today+21
	_, err = i.EnterLicence(ctx, by, held, lang)
	return err
}
