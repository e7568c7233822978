// Command lodestone tells which export rules bear on a thing, why, on which day, and what is missing to know.
package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"lodestone/internal/cli"
	"lodestone/internal/when"
)

// version is set by the build (-ldflags "-X main.version=…").
var version = "dev"

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		for range stop {
			if cli.Interrupted() {
				os.Exit(130)
			}
		}
	}()
	os.Exit(cli.Run(os.Args[1:], cli.Env{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Width: width(), Terminal: term.IsTerminal(int(os.Stdout.Fd())), Watched: term.IsTerminal(int(os.Stderr.Fd())),
		Today: when.Of(time.Now()), Version: version,
	}))
}

// width is the columns of the terminal, or zero.
func width() int {
	w, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return w
}
