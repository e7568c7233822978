package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lodestone/internal/ingest/declared"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
)

// tableFlags say how item files are read.
type tableFlags struct {
	Map      []string `help:"What a heading means: column=heading; may be given for several columns." placeholder:"COLUMN=HEADING" sep:"none"`
	Sheet    string   `help:"Sheet of a workbook (default: the first with known headings)." placeholder:"NAME"`
	Encoding string   `help:"Encoding of text files: utf-8, utf-16, gb18030, cp949 (default: told from the bytes)." placeholder:"NAME"`

	Declarations []string `help:"Material declarations of parts, joined by part number: files or folders." placeholder:"PATH" sep:"none"`
}

// sources are the opened input files. All headers are read before anything is written, so that an unreadable file leaves no half output.
type sources struct {
	tables []*tables.Table
	files  []*os.File

	declared *declared.Index // nil: no declarations are given
}

// open opens the files of a command; - is standard input. What was guessed or passed over in them is said on standard error.
func (c tableFlags) open(r *run, names []string, v *vocab.Vocab) (*sources, error) {
	options, err := c.options(v)
	if err != nil {
		return nil, err
	}
	in := &sources{}
	if in.declared, err = c.readDeclarations(r, v); err != nil {
		return nil, err
	}
	options.Declared = in.declared
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
			fmt.Fprintln(r.env.Err, "lodestone: note:", report.ProblemIn(r.flags.Lang, n).Error())
		}
	}
	return in, nil
}

// readDeclarations reads the material declarations that are given; nil: none are.
func (c tableFlags) readDeclarations(r *run, v *vocab.Vocab) (*declared.Index, error) {
	if len(c.Declarations) == 0 {
		return nil, nil
	}
	names, err := filesIn(c.Declarations)
	if err != nil {
		return nil, exit{exitUse, err}
	}
	var list []*declared.Declaration
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, exit{exitUse, err}
		}
		d, err := tables.ReadDeclaration(name, f, v)
		f.Close()
		if err != nil {
			return nil, exit{exitUse, err}
		}
		list = append(list, d)
	}
	x, problems := declared.NewIndex(v, list)
	for _, d := range list {
		problems = append(problems, d.Problems...)
	}
	for _, p := range problems {
		fmt.Fprintln(r.env.Err, "lodestone: note:", p.Error())
	}
	return x, nil
}

// filesIn lists files, and the files in folders by name.
func filesIn(paths []string) (names []string, err error) {
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			names = append(names, p)
			continue
		}
		entries, err := os.ReadDir(p)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				names = append(names, filepath.Join(p, e.Name()))
			}
		}
	}
	return names, nil
}

// sayUnused says which declared parts no row has named.
func (s *sources) sayUnused(r *run) {
	if s.declared == nil {
		return
	}
	const most = 10
	unused := s.declared.Unused()
	if len(unused) > 0 {
		list := strings.Join(unused[:min(len(unused), most)], ", ")
		if len(unused) > most {
			list += ", …"
		}
		fmt.Fprintf(r.env.Err, "lodestone: note: %d of %d declared parts stand in no row: %s\n", len(unused), s.declared.Parts(), list)
	}
}

func (c tableFlags) options(v *vocab.Vocab) (tables.Options, error) {
	m, err := tables.ParseMap(c.Map, v)
	if err != nil {
		return tables.Options{}, use("--map: %v", err)
	}
	return tables.Options{Map: m, Sheet: c.Sheet, Encoding: c.Encoding}, nil
}

// headings are those of all files, one after another.
func (s *sources) headings() (names []string) {
	for _, t := range s.tables {
		for _, c := range t.Columns {
			names = append(names, c.Heading)
		}
	}
	return names
}

func (s *sources) close() {
	for _, t := range s.tables {
		t.Close()
	}
	for _, f := range s.files {
		f.Close()
	}
}
