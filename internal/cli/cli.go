// Package cli is the command line: arguments and streams in, exit code out. A file a command; each fills the same options that app takes.
//
// Start with Run. Exit codes are a promise: 0 done, 1 failed, 2 wrong use or unreadable input (nothing written), 3 an outcome at or above
// --fail-on was found, 4 some rows were refused.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUse     = 2
	exitFound   = 3
	exitRefused = 4
)

// Env is what the program takes from the world around it.
type Env struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool      // Out is a terminal
	Watched  bool      // Err is a terminal: progress may be shown
	Width    int       // columns of that terminal; zero: not known
	Today    when.Date // taken once, at the door
	Version  string
}

// flags are common to all commands.
type flags struct {
	Output string `help:"How to print: table, jsonl, json, csv, xlsx, html, pdf (what fits)." placeholder:"FORMAT"`
	Out    string `help:"Write to FILE; a regular file appears whole or not at all." placeholder:"FILE"`
	Law    string `help:"Further law files in DIR, laid out like lawdata." placeholder:"DIR" type:"existingdir"`
	Lang   string `help:"Language of sentences: en, zh, ko." enum:"en,zh,ko" default:"en"`
	Quiet  bool   `help:"No progress and no summary on standard error." short:"q"`
}

type commands struct {
	flags
	Screen      screenCmd      `cmd:"" help:"May these items go, on this day, to this party, and why."`
	Impact      impactCmd      `cmd:"" help:"Which rows change between two points in time, and by which act."`
	Party       partyCmd       `cmd:"" help:"Who is this party: search, screen, compare, lists."`
	Law         lawCmd         `cmd:"" help:"Look into the law: list, show, timeline, diff, hs, search, coverage, check; pack and update it."`
	Enforcement enforcementCmd `cmd:"" help:"What breaking the rule has cost: read penalty decisions."`
	Exposure    exposureCmd    `cmd:"" help:"How dependent a country or company is, from whom, since when, and what if."`
	Serve       serveCmd       `cmd:"" help:"Serve the API and the start page to a team."`
	Catalogue   catalogueCmd   `cmd:"" help:"Files of items that the server screens again whenever the law changes: put, list, end."`
	Alert       alertCmd       `cmd:"" help:"What people should look at: list, ack."`
	Delivery    deliveryCmd    `cmd:"" help:"Where alerts are sent by mail and webhook: add, list, test, pause, resume, end, log."`
	Case        caseCmd        `cmd:"" help:"Cases: what somebody has to look at, and what two persons decide."`
	Licence     licenceCmd     `cmd:"" help:"Licences held and applied for: balances, papers, clocks."`
	Records     recordsCmd     `cmd:"" help:"What was answered and decided: export, archive, retention, hold, release."`
	Verify      verifyCmd      `cmd:"" help:"Prove that no record was altered, and answer recorded questions again."`
	Fleet       fleetCmd       `cmd:"" help:"Screen with many machines: submit, work, status, cancel, fetch, broker."`
	Backup      backupCmd      `cmd:"" help:"Write a data folder with SQLite to one file, while the server runs."`
	Restore     restoreCmd     `cmd:"" help:"Make a data folder from a backup."`
	Version     versionCmd     `cmd:"" help:"Print the version of the program and the revision of its law."`
	Demo        demoCmd        `cmd:"" help:"Serve the pages on example data of a magnet maker and a battery maker, gone when it ends."`
	Manual      manualCmd      `cmd:"" help:"Print the manual of all commands, as Markdown or for man."`
	Completion  completionCmd  `cmd:"" help:"Print the completion of commands and flags for a shell."`
}

// run is what a command is given.
type run struct {
	env   Env
	flags *flags
	data  string // folder whose installed law is used; empty: the command has none
}

// exit is an error that carries an exit code; its text may be empty.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func use(format string, args ...any) error { return exit{exitUse, fmt.Errorf(format, args...)} }

const description = `Lodestone tells which export rules bear on a thing, why, on which day, and what is missing to know.
It needs no network and no set-up. It is not legal advice.

Examples:
  lodestone screen shipment.csv
  lodestone screen --item "description=gallium arsenide wafers; from=CN; destination=US"
  lodestone law list
  lodestone law show ACT --on 2026-03-01
  lodestone law timeline CODE`

// Run runs the program with arguments (without its name) and returns the exit code.
func Run(args []string, env Env) int {
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("lodestone"), kong.Description(description), kong.Writers(env.Out, env.Err),
		kong.Exit(func(n int) { code = n }), kong.UsageOnError(), kong.Vars{"threshold": fmt.Sprint(party.DefaultThreshold)}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(env.Err, "lodestone:", err)
		return exitFailed
	}
	ctx, err := parser.Parse(helped(args))
	if code >= 0 { // --help has printed
		return code
	}
	if err != nil {
		fmt.Fprintf(env.Err, "lodestone: %v\nRun \"lodestone --help\" for how it is used.\n", err)
		return exitUse
	}
	return finish(inLanguage(ctx.Run(&run{env: env, flags: &c.flags}), c.flags.Lang), env.Err)
}

// helped turns "lodestone" and "lodestone help COMMAND" into a call for help.
func helped(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(append([]string{}, args[1:]...), "--help")
	}
	return args
}

// inLanguage says the problems of an input that could not be read in a language.
func inLanguage(err error, lang string) error {
	var e exit
	var list problem.List
	if errors.As(err, &e) && errors.As(e.err, &list) {
		return exit{e.code, report.ProblemsIn(lang, list)}
	}
	return err
}

// finish prints an error and turns it into an exit code.
func finish(err error, w io.Writer) int {
	var e exit
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &e):
		if text := e.Error(); text != "" {
			fmt.Fprintln(w, "lodestone:", text)
		}
		return e.code
	case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		fmt.Fprintln(w, "lodestone:", err)
		return exitUse
	}
	fmt.Fprintln(w, "lodestone:", err)
	return exitFailed
}

// format is the output format: as asked for, else a table on a terminal and JSON Lines otherwise.
func (r *run) format() string {
	if r.flags.Output != "" {
		return r.flags.Output
	}
	if r.env.Terminal && r.flags.Out == "" {
		return "table"
	}
	return "jsonl"
}

type versionCmd struct{}

func (versionCmd) Run(r *run) error {
	book, err := r.book()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.env.Out, "lodestone %s\nlaw %s\nassessed to %s, %d acts, %d norms\n", r.env.Version, book.Revision,
		book.Assessed.Horizon, len(book.Acts), len(book.Norms))
	return err
}
