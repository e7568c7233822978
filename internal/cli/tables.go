package cli

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"

	"lodestone/internal/app"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/vocab"
)

// tableFlags say how item files are read.
type tableFlags struct {
	Map      []string `help:"What a heading means: column=heading; may be given for several columns." placeholder:"COLUMN=HEADING" sep:"none"`
	Sheet    string   `help:"Sheet of a workbook (default: the first with known headings)." placeholder:"NAME"`
	Encoding string   `help:"Encoding of text files: utf-8, utf-16, gb18030, cp949 (default: told from the bytes)." placeholder:"NAME"`
}

// sources are the opened input files. All headers are read before anything is written, so that an unreadable file leaves no half output.
type sources struct {
	tables []*tables.Table
	files  []*os.File
}

// open opens the files of a command; - is standard input. What was guessed or passed over in them is said on standard error.
func (c tableFlags) open(r *run, names []string, v *vocab.Vocab) (*sources, error) {
	options, err := c.options(v)
	if err != nil {
		return nil, err
	}
	in := &sources{}
	for _, name := range names {
		reader, shown := r.env.In, "standard input"
		if name != "-" {
			f, err := os.Open(name)
			if err != nil {
				in.close()
				return nil, exit{exitUse, err}
			}
			in.files = append(in.files, f)
			reader, shown = f, name
		}
		t, err := tables.Open(shown, reader, v, options)
		if err != nil {
			in.close()
			return nil, exit{exitUse, err}
		}
		in.tables = append(in.tables, t)
		for _, n := range t.Notes {
			if !r.flags.Quiet {
				fmt.Fprintln(r.env.Err, "lodestone: note:", n.Error())
			}
		}
	}
	return in, nil
}

func (c tableFlags) options(v *vocab.Vocab) (tables.Options, error) {
	m, err := tables.ParseMap(c.Map, v)
	if err != nil {
		return tables.Options{}, use("--map: %v", err)
	}
	return tables.Options{Map: m, Sheet: c.Sheet, Encoding: c.Encoding}, nil
}

// collectRarely makes collections of memory rarer where little stays alive between rows, which then costs little memory.
func (s *sources) collectRarely() {
	if !slices.ContainsFunc(s.tables, app.Whole) {
		debug.SetGCPercent(400)
	}
}

func (s *sources) close() {
	for _, t := range s.tables {
		t.Close()
	}
	for _, f := range s.files {
		f.Close()
	}
}
