package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

type partyRefreshCmd struct {
	placeFlags
	Sources []string `arg:"" help:"List files, or addresses (https://…) to fetch them from."`
	Into    string   `help:"Folder that keeps the lists; give it to --list afterwards." type:"existingdir" placeholder:"DIR"`
	As      string   `help:"Load the lists into the instance of --data instead; login of the person for whom this is done." placeholder:"LOGIN" env:"LODESTONE_AS"`
	Smaller bool     `help:"Accept a list that has lost many of its parties."`
}

// Run replaces lists one by one. A list that is refused does not keep the others from being replaced.
func (c partyRefreshCmd) Run(r *run) error {
	switch {
	case c.Into != "":
		return c.intoFolder(r)
	case c.As != "":
		return c.intoInstance(r)
	}
	return use("party refresh: give --into DIR for a folder of lists, or --as LOGIN for the instance of --data")
}

// intoInstance loads lists into an instance; a server that runs on it takes them up.
func (c partyRefreshCmd) intoInstance(r *run) error {
	ctx := context.Background()
	i, err := c.open(r, ctx, false)
	if err != nil {
		return err
	}
	defer i.Close()
	by, err := asFlags{c.As}.actor(ctx, i)
	if err != nil {
		return err
	}
	if !by.May(app.Govern) {
		return use("--as: %q may not load party lists; an administrator may", c.As)
	}
	var done []report.LoadedList
	refused := 0
	for _, source := range c.Sources {
		name, open, err := listSource(source)
		if err != nil {
			return err
		}
		one, err := loadList(ctx, i, by, name, open, c.Smaller)
		if err != nil {
			refused++
			fmt.Fprintf(r.env.Err, "lodestone: %s: %v\n", report.Say(r.flags.Lang, "table.refused"), err)
			continue
		}
		done = append(done, one)
	}
	err = r.write(func(w io.Writer) error {
		return printDocs(w, r.format(), done, func() error {
			for n := range done {
				x := &done[n]
				fmt.Fprintf(w, "%s: %s, %d parties (before: %d; %d added, %d changed, %d removed)\n", x.File, x.Format, x.Parties, x.Before, x.Added, x.Differ, x.Removed)
			}
			return nil
		})
	})
	if err == nil && refused > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

func loadList(ctx context.Context, i *app.Instance, by *app.Actor, name string, open func() (io.ReadCloser, error), smaller bool) (report.LoadedList, error) {
	in, err := open()
	if err != nil {
		return report.LoadedList{}, err
	}
	defer in.Close()
	return i.LoadList(ctx, by, name, in, smaller, app.Once{})
}

func (c partyRefreshCmd) intoFolder(r *run) error {
	var done []app.Refreshed
	refused := 0
	for _, source := range c.Sources {
		name, open, err := listSource(source)
		if err != nil {
			return err
		}
		one, err := app.RefreshList(c.Into, name, open, c.Smaller, r.env.Today)
		if err != nil {
			refused++
			fmt.Fprintf(r.env.Err, "lodestone: %s: %v\n", report.Say(r.flags.Lang, "table.refused"), err)
			continue
		}
		done = append(done, one)
	}
	err := r.write(func(w io.Writer) error {
		e := json.NewEncoder(w)
		for _, one := range done {
			if r.format() != "table" {
				if err := e.Encode(one); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(w, "%s: %s, %d parties (before: %d; %d added, %d changed, %d removed)\n", one.File, one.Format, one.Parties, one.Before, one.Added, one.Differ, one.Removed)
		}
		return nil
	})
	if err == nil && refused > 0 {
		return exit{exitRefused, nil}
	}
	return err
}

// fetchTime bounds the fetching of one list.
const fetchTime = 10 * time.Minute

// listSource is a file or an address: its name in the folder, and how to open it.
func listSource(source string) (name string, open func() (io.ReadCloser, error), err error) {
	u, err := url.Parse(source)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return filepath.Base(source), func() (io.ReadCloser, error) { return os.Open(source) }, nil
	}
	name = path.Base(u.Path)
	if name == "." || name == "/" {
		return "", nil, use("%s: the address names no file", source)
	}
	return strings.TrimPrefix(name, "."), func() (io.ReadCloser, error) {
		client := http.Client{Timeout: fetchTime}
		answer, err := client.Get(source)
		if err != nil {
			return nil, err
		}
		if answer.StatusCode != http.StatusOK {
			answer.Body.Close()
			return nil, fmt.Errorf("%s answers %s", u.Host, answer.Status)
		}
		return answer.Body, nil
	}, nil
}

type partyHistoryCmd struct {
	Dir       string  `arg:"" help:"Folder that keeps the lists." type:"existingdir"`
	Name      string  `arg:"" optional:"" help:"Name of a listed party (default: all)."`
	Threshold float64 `help:"Least score of a name, 0 to 1." default:"${threshold}" placeholder:"SCORE"`
}

// Run prints what refreshes have changed.
func (c partyHistoryCmd) Run(r *run) error {
	if err := r.partyFormat(); err != nil {
		return err
	}
	return r.write(func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return app.PartyHistory(c.Dir, c.Name, c.Threshold, func(x *report.PartyChange) error {
			if r.format() == "table" {
				return x.Text(w)
			}
			return e.Encode(x)
		})
	})
}

type partyEndCmd struct {
	placeFlags
	asFlags
	Name string `arg:"" help:"Name of the file under which the list was loaded."`
}

// Run takes a list out.
func (c partyEndCmd) Run(r *run) error {
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
	if !by.May(app.Govern) {
		return use("--as: %q may not take party lists out; an administrator may", c.As)
	}
	return entered(i.EndList(ctx, by, c.Name))
}
