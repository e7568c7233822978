package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/fleet"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

type fleetCmd struct {
	Submit fleetSubmitCmd `cmd:"" help:"Cut item files into shards and call workers to them; prints the run."`
	Work   fleetWorkCmd   `cmd:"" help:"Answer shards until told to stop."`
	Status fleetStatusCmd `cmd:"" help:"How far runs are: rows, rate, expected end, shards set aside."`
	Cancel fleetCancelCmd `cmd:"" help:"End a run; what is answered stays answered."`
	Fetch  fleetFetchCmd  `cmd:"" help:"Print the answers of a run in the order of its input, waiting for those to come."`
	Broker fleetBrokerCmd `cmd:"" help:"Run a node of the broker from a configuration file of NATS."`
}

// fleetFlags say where the record, the broker and the blobs of a fleet are.
type fleetFlags struct {
	placeFlags
	NATS  string        `name:"nats" help:"Broker with JetStream: URLs parted by commas; or embedded: one in this process, for a trial (default: none, and a pool of workers in this process)." placeholder:"URL" env:"LODESTONE_NATS"`
	Creds string        `name:"nats-creds" help:"Credentials of the broker's user." placeholder:"FILE" type:"existingfile" env:"LODESTONE_NATS_CREDS"`
	CA    string        `name:"nats-ca" help:"Certificates that sign those of the broker (default: the system's)." placeholder:"FILE" type:"existingfile" env:"LODESTONE_NATS_CA"`
	Cert  string        `name:"nats-cert" help:"Own certificate to show to the broker." placeholder:"FILE" type:"existingfile" env:"LODESTONE_NATS_CERT"`
	Key   string        `name:"nats-key" help:"Key of that certificate." placeholder:"FILE" type:"existingfile" env:"LODESTONE_NATS_KEY"`
	Files string        `help:"Keep inputs and results in a folder that all machines share, file:///DIR, and not in the broker." placeholder:"URL"`
	Keep  time.Duration `help:"How long a new broker keeps inputs and results." default:"720h"`
}

const embedded = "embedded"

// fleetParts is an open fleet.
type fleetParts struct {
	fleet.Fleet
	store  *store.Fleet // nil: the record is in memory
	closed []func()
}

func (p *fleetParts) close() {
	for i := len(p.closed) - 1; i >= 0; i-- {
		p.closed[i]()
	}
}

// open opens record, broker and blobs. Without a database the record of a transient run is in memory; nothing is left of it.
func (f fleetFlags) open(ctx context.Context, r *run, book *law.Book, transient, migrate bool) (*fleetParts, error) {
	p := &fleetParts{Fleet: fleet.Fleet{Clock: fleet.SystemClock{}, Book: book, Version: r.env.Version, Said: func(err error) {
		fmt.Fprintln(r.env.Err, "lodestone: note:", err)
	}}}
	memory := fleet.NewMemory(p.Clock)
	p.Queue, p.Record, p.Blobs = memory, memory, memory
	if f.NATS == "" || f.NATS == embedded {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	p.Drops = transient && f.NATS == "" && f.DB == "" && f.Files == ""
	if p.Drops {
		return p, nil
	}
	err := f.openRecord(ctx, p, migrate)
	if err == nil {
		err = f.openBroker(ctx, p)
	}
	if err == nil {
		err = f.openFiles(p)
	}
	if err != nil {
		p.close()
		return nil, exit{exitUse, err}
	}
	return p, nil
}

func (f fleetFlags) openRecord(ctx context.Context, p *fleetParts, migrate bool) error {
	address := f.DB
	if address == "" {
		if f.NATS != "" && f.NATS != embedded {
			return errors.New("--db: workers on other machines need a database that all can reach: postgres://USER@HOST/DATABASE")
		}
		data, err := folder(f.Data)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(data, 0o700); err != nil {
			return err
		}
		address, migrate = "sqlite:"+filepath.Join(data, "fleet.db"), true
	}
	s, err := store.OpenFleet(ctx, address, time.Now, migrate)
	if err != nil {
		return err
	}
	p.store, p.Record = s, s
	p.closed = append(p.closed, func() { s.Close() })
	return nil
}

func (f fleetFlags) openBroker(ctx context.Context, p *fleetParts) error {
	if f.NATS == "" {
		return nil
	}
	d := fleet.Dial{URL: f.NATS, Creds: f.Creds, CA: f.CA, Cert: f.Cert, Key: f.Key, Keep: f.Keep, Said: p.Said}
	if f.NATS == embedded {
		data, err := folder(f.Data)
		if err != nil {
			return err
		}
		if d.Broker, err = fleet.EmbedBroker(filepath.Join(data, "broker")); err != nil {
			return err
		}
		d.URL = ""
		p.closed = append(p.closed, d.Broker.Stop)
	}
	j, err := fleet.Connect(ctx, d)
	if err != nil {
		return err
	}
	p.closed = append(p.closed, j.Close)
	p.Queue, p.Blobs = j, j
	return nil
}

func (f fleetFlags) openFiles(p *fleetParts) error {
	if f.NATS != "" && f.Files == "" {
		return nil
	}
	dir, err := f.filesDir()
	if err != nil {
		return err
	}
	p.Blobs, err = fleet.NewFolder(dir)
	return err
}

// filesDir is the folder of inputs and results.
func (f fleetFlags) filesDir() (string, error) {
	if f.Files == "" {
		data, err := folder(f.Data)
		return filepath.Join(data, "fleet"), err
	}
	u, err := url.Parse(f.Files)
	if err != nil || u.Scheme != "file" || u.Host != "" || !filepath.IsAbs(u.Path) {
		return "", use("--files: %q is no folder; give file:///DIR", f.Files)
	}
	return u.Path, nil
}

// byFleet is the screening of tables by a fleet.
func (c screenCmd) byFleet(r *run, s *app.Screening) (func([]*tables.Table, io.Writer) (report.Summary, error), error) {
	rates, err := textOf(c.Rates)
	if err != nil {
		return nil, err
	}
	holdings, err := textOf(c.Ownership)
	if err != nil {
		return nil, err
	}
	input := app.ShardInput{Screening: s, Rates: rates, Holdings: holdings, Of: c.Ownership}
	if _, err := input.Question(r.env.Version); err != nil {
		return nil, exit{exitUse, fmt.Errorf("--fleet: %w", err)}
	}
	return func(in []*tables.Table, w io.Writer) (sum report.Summary, err error) {
		ctx, stop := interruptible()
		defer stop()
		p, err := c.fleetFlags.open(ctx, r, s.Book, true, true)
		if err != nil {
			return sum, err
		}
		defer p.close()
		input.Tables = in
		return p.Screen(ctx, &input, w)
	}, nil
}

// textOf is the text of a file; no name is none.
func textOf(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return "", exit{exitUse, err}
	}
	return string(text), nil
}

func interruptible() (context.Context, func()) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

type fleetSubmitCmd struct {
	Files []string `arg:"" name:"file" help:"Item files; - is standard input."`
	questionFlags
	tableFlags
	fleetFlags
	ShardRows int `help:"Most rows of a shard: 500 to 10000 (default: 10000)."`
}

func (c fleetSubmitCmd) Run(r *run) error {
	if err := fleet.CheckRows(c.ShardRows); err != nil {
		return use("--shard-rows: %v", err)
	}
	s, err := c.screening(r, printedAs(r.flags.Output))
	if err != nil {
		return err
	}
	rates, err := textOf(c.Rates)
	if err != nil {
		return err
	}
	sources, err := c.tableFlags.open(r, c.Files, s.Book.Vocab)
	if err != nil {
		return err
	}
	defer sources.close()
	ctx, stop := interruptible()
	defer stop()
	p, err := c.fleetFlags.open(ctx, r, s.Book, false, true)
	if err != nil {
		return err
	}
	defer p.close()
	p.Rows = c.ShardRows
	id, err := p.Submit(ctx, &app.ShardInput{Screening: s, Tables: sources.tables, Rates: rates}, func(id string) {
		if !r.flags.Quiet {
			fmt.Fprintln(r.env.Err, "lodestone: run", id)
		}
	})
	if err != nil {
		return err
	}
	sources.sayUnused(r)
	return printRuns(ctx, r, p, id)
}

// printedAs is how the answers of a run are printed: as asked for, else as JSON Lines, since a run is fetched later and seldom for a terminal.
func printedAs(format string) report.Format {
	if format == "" {
		return report.JSONL
	}
	return report.Format(format)
}

// printRuns prints how far a run is, or all are.
func printRuns(ctx context.Context, r *run, p *fleetParts, id string) error {
	docs, err := fleet.Status(ctx, p.store, time.Now(), id)
	if err != nil {
		return unknownRun(id, err)
	}
	return r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), docs, func() error {
			for i := range docs {
				if err := docs[i].WriteText(w, r.flags.Lang); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func unknownRun(id string, err error) error {
	if errors.Is(err, app.ErrNoShard) {
		return use("there is no run %s; lodestone fleet status lists them", id)
	}
	return err
}

type fleetWorkCmd struct {
	fleetFlags
	Workers int    `help:"Shards to answer at a time (default: one a processor and one more, since a shard that is fetched or stored needs none)."`
	Name    string `help:"Name of this worker in the record (default: the machine's, and the number of the process)."`
}

func (c fleetWorkCmd) Run(r *run) error {
	if c.NATS == "" || c.NATS == embedded {
		return use("fleet work: give the broker by --nats URL; without one, fleet submit and screen --fleet work in their own process")
	}
	book, err := r.book()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	p, err := c.open(ctx, r, book, false, false)
	if err != nil {
		return err
	}
	defer p.close()
	waiting, err := p.store.Unanswered(ctx, 100)
	if err == nil {
		err = p.CheckStamp(waiting)
	}
	if err != nil {
		return err
	}
	if c.Name == "" {
		host, _ := os.Hostname() // a name without it will do
		c.Name = host + " " + strconv.Itoa(os.Getpid())
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0) + 1
	}
	stopsItself.Store(true)
	defer stopsItself.Store(false)
	return p.Worker(c.Name).Pool(ctx, c.Workers)
}

type fleetStatusCmd struct {
	fleetFlags
	ID string `arg:"" optional:"" name:"run" help:"Run (default: the newest)."`
}

func (c fleetStatusCmd) Run(r *run) error {
	p, err := c.record(r)
	if err != nil {
		return err
	}
	defer p.close()
	return printRuns(context.Background(), r, p, c.ID)
}

// record opens the record alone.
func (f fleetFlags) record(r *run) (*fleetParts, error) {
	p := &fleetParts{}
	if err := f.openRecord(context.Background(), p, false); err != nil {
		return nil, exit{exitUse, err}
	}
	return p, nil
}

type fleetCancelCmd struct {
	fleetFlags
	ID string `arg:"" name:"run" help:"Run to end."`
}

func (c fleetCancelCmd) Run(r *run) error {
	p, err := c.record(r)
	if err != nil {
		return err
	}
	defer p.close()
	if _, err := p.store.Run(context.Background(), c.ID); err != nil {
		return unknownRun(c.ID, err)
	}
	if err := p.store.Cancel(context.Background(), c.ID); err != nil {
		return err
	}
	return printRuns(context.Background(), r, p, c.ID)
}

type fleetFetchCmd struct {
	fleetFlags
	ID     string `arg:"" name:"run" help:"Run to print."`
	FailOn string `help:"Exit with 3 where an outcome, or what it may be, is at or above this." placeholder:"OUTCOME"`
}

func (c fleetFetchCmd) Run(r *run) error {
	failOn, err := screenCmd{FailOn: c.FailOn}.failOn()
	if err != nil {
		return err
	}
	book, err := r.book()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	p, err := c.open(ctx, r, book, false, false)
	if err != nil {
		return err
	}
	defer p.close()
	if _, err := p.store.Run(ctx, c.ID); err != nil {
		return unknownRun(c.ID, err)
	}
	var sum report.Summary
	refused := func(x report.Reject) { fmt.Fprintln(r.env.Err, "lodestone: refused:", x.Error()) }
	err = r.write(func(w io.Writer) error {
		sum, err = p.Fetch(ctx, c.ID, w, refused, nil)
		return err
	})
	if err != nil {
		return err
	}
	if !r.flags.Quiet {
		fmt.Fprintln(r.env.Err, sum.Text(r.flags.Lang))
	}
	return verdict(sum, failOn)
}

type fleetBrokerCmd struct {
	Config string `required:"" help:"Configuration file of NATS: where to listen, the cluster, TLS, accounts and where JetStream keeps its files." placeholder:"FILE" type:"existingfile"`
}

func (c fleetBrokerCmd) Run(*run) error {
	b, err := fleet.StartBroker(c.Config)
	if err != nil {
		return exit{exitUse, err}
	}
	b.Wait()
	return nil
}
