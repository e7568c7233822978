package app

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lodestone/internal/enforce"
	"lodestone/internal/ingest/decision"
	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/lawdata/enforcement"
)

// DecisionReading reads penalty decisions from files.
type DecisionReading struct {
	Book        *law.Book // for the names of countries
	KeepPersons bool      // keep names of natural persons; otherwise they are 某
}

// UnreadDecision stands in the place of a record for a file that could not be read.
type UnreadDecision struct {
	ID      string          `json:"id"`
	Problem problem.Problem `json:"problem"`
}

// Run reads the files, and the files of the folders, in the order of their paths, and hands each record, or what was wrong with the file, to
// emit. It returns how many could not be read; the error is one of finding the files, or of emit.
func (d *DecisionReading) Run(paths []string, emit func(any) error) (unread int, err error) {
	files, err := decisionFiles(paths)
	if err != nil {
		return 0, err
	}
	tables, err := enforcement.Tables()
	if err != nil {
		return 0, err
	}
	reader := decision.NewReader(tables, d.countries())
	reader.KeepPersons = d.KeepPersons
	for _, name := range files {
		id := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		record, err := readDecision(reader, id, name)
		if err != nil {
			unread++
			if err := emit(&UnreadDecision{id, problem.Problem{Place: problem.Place{File: name}, Text: err.Error()}}); err != nil {
				return unread, err
			}
			continue
		}
		if err := emit(record); err != nil {
			return unread, err
		}
	}
	return unread, nil
}

func (d *DecisionReading) countries() []string {
	var names []string
	for _, c := range d.Book.Vocab.Countries {
		names = append(names, c.Names.Zh...)
	}
	return names
}

func readDecision(reader *decision.Reader, id, name string) (*enforce.Record, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, decision.MaxFile+1))
	if err != nil {
		return nil, err
	}
	text, err := decision.Load(b)
	if err != nil {
		return nil, err
	}
	record := reader.Read(id, text.Text)
	record.TextFile = filepath.Base(name)
	record.Notes = strings.Join(append(text.Notes, record.Notes), " ")
	record.Notes = strings.TrimSpace(record.Notes)
	return &record, nil
}

// decisionFiles lists files as named, and those of folders by path; names that begin with a dot are passed over.
func decisionFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && name != path && strings.HasPrefix(entry.Name(), "."):
				return fs.SkipDir
			case entry.Type().IsRegular() && (name == path || !strings.HasPrefix(entry.Name(), ".")):
				files = append(files, name)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no files in %s", strings.Join(paths, ", "))
	}
	return files, nil
}
