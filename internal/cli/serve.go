package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"lodestone/internal/api"
	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/meter"
	"lodestone/internal/report"
	"lodestone/internal/web"
	"lodestone/internal/when"
)

// placeFlags say where an instance keeps its data.
type placeFlags struct {
	Data string `help:"Folder of the database and the key of this instance (default: lodestone in the user's configuration folder)." placeholder:"DIR" type:"path"`
	DB   string `help:"Database: sqlite:FILE or postgres://… (default: SQLite in the data folder)." placeholder:"URL" env:"LODESTONE_DB"`

	archives string // folder of archives; empty: in the data folder
}

// open opens the instance; sole: no other server may use its folder.
func (f placeFlags) open(r *run, ctx context.Context, sole bool) (*app.Instance, error) {
	data, err := folder(f.Data)
	if err != nil {
		return nil, err
	}
	r.data = data
	book, err := r.book()
	if err != nil {
		return nil, err
	}
	if !sole && f.DB == "" && !app.HasRecords(data) { // a place that was misspelt is no instance without records
		return nil, use("%s holds no records; lodestone serve makes them, --data or --db name another place", data)
	}
	i, err := app.OpenInstance(ctx, app.InstanceOptions{Data: data, DB: f.DB, Book: book, Now: time.Now, Sole: sole, Archives: f.archives})
	if err != nil {
		return nil, exit{exitUse, err}
	}
	return i, nil
}

// folder is the data folder: the one named, or the user's.
func folder(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	home, err := os.UserConfigDir()
	if err != nil {
		return "", use("--data: there is no configuration folder to put the data in (%v); name one", err)
	}
	return filepath.Join(home, "lodestone"), nil
}

type serveCmd struct {
	placeFlags
	Listen      string `help:"Address to listen on." default:"127.0.0.1:8750" placeholder:"HOST:PORT"`
	LogRequests bool   `help:"Write a line to the log for each request." default:"true" negatable:""`
	providerFlags
	outwardFlags
	URL string `help:"Address under which people reach this, if a proxy stands before it; https makes cookies travel by TLS only." placeholder:"URL"`
}

// Bounds on connections: whoever is slow does not hold one for ever.
const (
	headTimeout = 10 * time.Second
	bodyTimeout = time.Minute // files have bounds of their own
	idleTimeout = 2 * time.Minute
	patience    = 15 * time.Second // for what goes on when the server is told to stop
	lastWords   = 5 * time.Second  // for what was refused then
	maxHeader   = 64 << 10
)

func (c serveCmd) Run(r *run) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stopsItself.Store(true)
	defer stopsItself.Store(false)
	collectSeldom()
	provider, err := c.provider(c.URL)
	if err != nil {
		return err
	}
	outward, err := c.outward(c.URL)
	if err != nil {
		return err
	}
	i, err := c.open(r, ctx, true)
	if err != nil {
		return err
	}
	defer i.Close()
	i.Outward = outward
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return exit{exitUse, fmt.Errorf("--listen: %w", err)}
	}
	base := c.URL
	if base == "" {
		base = "http://" + listener.Addr().String()
	}
	if err := welcome(ctx, r.env.Err, i, base); err != nil {
		return err
	}
	log := slog.New(meter.Log(slog.NewJSONHandler(r.env.Err, nil)))
	if err := tellOfPack(log, i); err != nil {
		return err
	}
	house := &house{i: i, version: r.env.Version, base: base, log: log, patience: patience, provider: provider, proxied: c.URL != ""}
	if c.LogRequests {
		house.requests = log
	}
	return serve(ctx, house, listener)
}

// tellOfPack logs which pack of law is installed, and warns where it is not used.
func tellOfPack(log *slog.Logger, i *app.Instance) error {
	p, err := i.Pack()
	if p == nil {
		return err
	}
	level, says := slog.LevelInfo, "the installed pack of law is used"
	if p.Yields {
		level, says = slog.LevelWarn, "the installed pack of law is not used: the program carries law assessed to a later day"
	}
	log.Log(context.Background(), level, says, "pack", p.Name, "made", p.Made.String(), "assessed_until", p.Horizon.String())
	return nil
}

// serve answers what comes in, and does jobs, until the context ends; then what goes on is brought to an end.
func serve(ctx context.Context, h *house, listener net.Listener) error {
	over, end := context.WithCancel(context.Background())
	defer end()
	server := &http.Server{Handler: h.handler(), ReadHeaderTimeout: headTimeout, ReadTimeout: bodyTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog:    slog.NewLogLogger(h.log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return gate.WithStop(context.Background(), ctx, over) }}
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(listener) }()
	working, stopWork := context.WithCancel(ctx)
	worked := make(chan struct{})
	go func() { // the job that is being done when the context ends goes on at the next start
		defer close(worked)
		if err := h.i.Work(working, h.log); err != nil {
			ended <- err
		}
	}()
	defer func() {
		stopWork()
		<-worked
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	return h.shutDown(server, end)
}

// shutDown takes nothing new, lets what goes on end, and after a while has it end: files that are still being sent are refused with a reason.
func (h *house) shutDown(server *http.Server, end func()) error {
	defer time.AfterFunc(h.patience, end).Stop()
	ctx, cancel := context.WithTimeout(context.Background(), h.patience+lastWords)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) { // somebody does not read their answer
		err = server.Close()
	}
	return err
}

// A server has memory to spare, and collecting what is no longer used makes whoever asks meanwhile wait.
const (
	collectAt  = 300       // percent of what is in use
	memoryGoal = 500 << 20 // from here on it is collected as often as need be
)

// collectSeldom sets when memory is collected, unless the variables of the Go runtime say so.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
}

// welcome says where the pages are and, until there is an administrator, prints the link that makes one.
func welcome(ctx context.Context, w io.Writer, i *app.Instance, base string) error {
	key, err := i.FirstLink(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Lodestone listens on %s\n", base)
	if key != "" {
		fmt.Fprintf(w, "Make the first administrator (this link works once):\n  %s/set-up?key=%s\n", base, key)
	}
	return nil
}

// house is what a server serves.
type house struct {
	i        *app.Instance
	version  string
	base     string // address under which people reach it
	log      *slog.Logger
	requests *slog.Logger   // nil: requests are not logged
	provider *gate.Provider // of sign-in; nil: there is none
	proxied  bool           // a proxy stands before the server
	patience time.Duration  // for what goes on when the server is told to stop

	readiness readiness // as it was found of late
}

// handler is everything that is served.
func (h *house) handler() http.Handler {
	mux := http.NewServeMux()
	today := func() when.Date { return when.Of(time.Now()) }
	g := gate.New(gate.Options{Instance: h.i, Secure: strings.HasPrefix(h.base, "https:"), Provider: h.provider, Proxied: h.proxied, Now: time.Now, Log: h.log})
	m := meter.New(meter.Options{Instance: h.i, Gate: g, Version: h.version, Log: h.requests})
	api.New(mux, api.Options{Instance: h.i, Gate: g, Version: h.version, Log: h.log, Today: today})
	web.New(mux, web.Options{Instance: h.i, Gate: g, Version: h.version, Log: h.log, Today: today})
	g.Doors(mux)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", h.ready)
	mux.Handle("GET /metrics", gate.Needs(app.Observe, m.Handler()))
	open := func(r *http.Request) bool {
		return r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || api.Open(r) || web.Open(r) || g.Open(r)
	}
	return m.Watch(g.Handler(open, meter.Routed(mux)))
}

// ready says whether the server can do all that it is for, and if not, why not.
func (h *house) ready(w http.ResponseWriter, r *http.Request) {
	err := h.readiness.ask(h)
	select {
	case <-gate.Stopping(r.Context()):
		err = app.NotReady("The server is stopping.")
	default:
	}
	if err == nil {
		io.WriteString(w, "ready\n")
		return
	}
	why := app.NotReady("The server is not ready.")
	errors.As(err, &why)
	gate.Problem(w, http.StatusServiceUnavailable, string(why))
}

// readiness is what was found out of late: anyone may ask, and looking costs.
type readiness struct {
	mu    sync.Mutex
	until time.Time
	err   error
}

const (
	readyWithin = 5 * time.Second // looking may take
	readyFor    = time.Second     // what was found holds
)

func (x *readiness) ask(h *house) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if time.Now().Before(x.until) {
		return x.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	if x.err = h.i.Ready(ctx); x.err != nil {
		h.log.Error("not ready", "error", x.err)
	}
	x.until = time.Now().Add(readyFor)
	return x.err
}

type verifyCmd struct {
	Files    []string `arg:"" optional:"" help:"Determination files and files of records to check and answer again (default: the records of the instance)."`
	SignedBy string   `help:"Fingerprint of the key that must have signed the files." placeholder:"KEY"`
	Archives string   `help:"Folder of archives (default: archive in the data folder)." placeholder:"DIR" type:"path"`
	placeFlags
}

func (c verifyCmd) Run(r *run) error {
	if len(c.Files) > 0 {
		return c.checkFiles(r)
	}
	c.archives = c.Archives
	i, err := c.open(r, context.Background(), false)
	if err != nil {
		return err
	}
	defer i.Close()
	v, err := i.Verify(context.Background())
	if err != nil {
		return err
	}
	err = r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), []report.Verified{v}, func() error { return v.WriteText(w, r.flags.Lang) })
	})
	if err == nil && v.Altered != "" {
		return exit{exitFailed, nil}
	}
	return err
}

type backupCmd struct {
	Data string `help:"Data folder (default: lodestone in the user's configuration folder)." placeholder:"DIR" type:"path"`
	File string `arg:"" help:"File to write; it holds the key of the instance, so keep it as you keep that."`
}

func (c backupCmd) Run(r *run) error {
	data, err := folder(c.Data)
	if err != nil {
		return err
	}
	if r.flags.Out != "" {
		return use("backup: give the file as the argument, not with --out")
	}
	r.flags.Out = c.File
	return r.write(func(w io.Writer) error { return app.Backup(context.Background(), data, w) })
}

type restoreCmd struct {
	Data  string `help:"Data folder to make (default: lodestone in the user's configuration folder); it must be empty or not there." placeholder:"DIR" type:"path"`
	File  string `arg:"" help:"A file that backup wrote." type:"existingfile"`
	Limit int64  `help:"Most gigabytes that it may unpack to." default:"64" placeholder:"GB"`
}

func (c restoreCmd) Run(r *run) error {
	data, err := folder(c.Data)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return exit{exitUse, err}
	}
	defer f.Close()
	if err := app.Restore(f, data, c.Limit<<30); err != nil {
		return exit{exitUse, err}
	}
	return nil
}
