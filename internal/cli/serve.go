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
	"syscall"
	"time"

	"lodestone/internal/api"
	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
	"lodestone/internal/web"
	"lodestone/internal/when"
)

// placeFlags say where an instance keeps its data.
type placeFlags struct {
	Data string `help:"Folder of the database and the key of this instance (default: lodestone in the user's configuration folder)." placeholder:"DIR" type:"path"`
	DB   string `help:"Database: sqlite:FILE or postgres://… (default: SQLite in the data folder)." placeholder:"URL" env:"LODESTONE_DB"`
}

// open opens the instance; sole: no other server may use its folder.
func (f placeFlags) open(r *run, ctx context.Context, sole bool) (*app.Instance, error) {
	book, err := r.book()
	if err != nil {
		return nil, err
	}
	data, err := folder(f.Data)
	if err != nil {
		return nil, err
	}
	i, err := app.OpenInstance(ctx, app.InstanceOptions{Data: data, DB: f.DB, Book: book, Now: time.Now, Sole: sole})
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
	Listen string `help:"Address to listen on." default:"127.0.0.1:8750" placeholder:"HOST:PORT"`
	URL    string `help:"Address under which people reach this, if a proxy stands before it; https makes cookies travel by TLS only." placeholder:"URL"`
}

// Bounds on connections: whoever is slow does not hold one for ever.
const (
	headTimeout = 10 * time.Second
	bodyTimeout = 10 * time.Minute // uploads are large
	idleTimeout = 2 * time.Minute
	stopTimeout = 20 * time.Second
	maxHeader   = 64 << 10
)

func (c serveCmd) Run(r *run) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	i, err := c.open(r, ctx, true)
	if err != nil {
		return err
	}
	defer i.Close()
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
	log := slog.New(slog.NewJSONHandler(r.env.Err, nil))
	server := &http.Server{Handler: handler(i, r.env.Version, base, log), ReadHeaderTimeout: headTimeout, ReadTimeout: bodyTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(listener) }()
	working, stopWork := context.WithCancel(ctx)
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		if err := i.Work(working, log); err != nil {
			ended <- err
		}
	}()
	defer func() {
		stopWork()
		<-worked
	}()
	select {
	case err = <-ended:
	case <-ctx.Done():
		patience, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		err = server.Shutdown(patience)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
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

// handler is everything that is served.
func handler(i *app.Instance, version, base string, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	g := gate.New(gate.Options{Instance: i, Secure: len(base) > 5 && base[:6] == "https:", Now: time.Now, Log: log})
	api.New(mux, api.Options{Instance: i, Gate: g, Version: version, Log: log, Today: func() when.Date { return when.Of(time.Now()) }})
	web.New(mux, web.Options{Instance: i, Gate: g, Version: version, Log: log})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := i.Ready(r.Context()); err != nil {
			log.Error("not ready", "error", err)
			gate.Problem(w, http.StatusServiceUnavailable, "The database does not answer.")
			return
		}
		io.WriteString(w, "ready\n")
	})
	open := func(r *http.Request) bool {
		return r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || api.Open(r) || web.Open(r)
	}
	return g.Handler(open, mux)
}

type verifyCmd struct{ placeFlags }

func (c verifyCmd) Run(r *run) error {
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
