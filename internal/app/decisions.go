package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lodestone/internal/enforce"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/when"
	"lodestone/lawdata/enforcement"
)

// longestRecord bounds a line of a file of records.
const longestRecord = 4 << 20

// LoadDecisions reads files of records, a JSON line each, as enforcement read prints them. Without files it gives the collection that the
// program carries. A line that cannot be read is a problem with its place; the rest is read.
func LoadDecisions(files []string) (records []enforce.Record, problems problem.List, err error) {
	if len(files) == 0 {
		records, err = enforcement.Collection()
		return records, nil, err
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		more, found, err := readRecords(name, f)
		f.Close()
		if err != nil {
			return nil, nil, err
		}
		records, problems = append(records, more...), append(problems, found...)
	}
	return records, problems, nil
}

func readRecords(name string, r io.Reader) (records []enforce.Record, problems problem.List, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, longestRecord)
	seen := map[string]bool{}
	for line := 1; in.Scan(); line++ {
		text := bytes.TrimSpace(in.Bytes())
		if len(text) == 0 {
			continue
		}
		record, err := enforce.ReadRecord(text)
		if err == nil && seen[record.ID] {
			err = fmt.Errorf("the id %q is there twice", record.ID)
		}
		if err != nil {
			problems = append(problems, problem.Problem{Place: problem.Place{File: name, Line: line}, Text: err.Error(), Meant: "a record a line, as enforcement read prints it"})
			continue
		}
		seen[record.ID] = true
		records = append(records, record)
	}
	if err := in.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, nil, fmt.Errorf("%s: a line is longer than %d bytes: a file of records has a record a line", name, longestRecord)
	} else if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return records, problems, nil
}

// DecisionTables are the tables of law and offices that the program carries.
func DecisionTables() (*enforce.Tables, error) { return enforcement.Tables() }

// AuditFile reads a file of published figures and judges its claims.
func AuditFile(name string, r io.Reader, lang string) ([]report.AuditFinding, error) {
	const most = 16 << 20
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if len(b) > most {
		return nil, fmt.Errorf("%s: more than %d bytes: no list of published figures is that long", name, most)
	}
	var p enforce.Published
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("%s: %w; it wants {\"reports\":[{\"id\":…,\"claims\":[…]}]}", name, err)
	}
	if err := p.CheckPublished(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return report.AuditFindings(lang, enforce.Audit(&p)), nil
}

// Added counts what went into a collection.
type Added struct {
	New   int `json:"new"`
	Again int `json:"seen_again"`

	Refused int `json:"refused"` // lines that hold no record
}

// AddDecisions puts records into a collection file, which is made if it is not there. Natural persons are masked. A record that is there
// already keeps its first day and gets a new last one. The file changes whole or not at all.
func AddDecisions(file, frame string, seen when.Date, records []enforce.Record) (added Added, err error) {
	var all []enforce.Record
	if f, err := os.Open(file); err == nil {
		held, problems, err := readRecords(file, f)
		f.Close()
		if err == nil && len(problems) > 0 {
			err = problems
		}
		if err != nil {
			return added, err
		}
		all = held
	} else if !errors.Is(err, os.ErrNotExist) {
		return added, err
	}
	at := map[string]int{}
	for i, r := range all {
		at[r.ID] = i
	}
	for _, r := range records {
		r.Mask()
		r.Spans, r.TextFile = nil, ""
		r.Collected = &enforce.Collected{Frame: frame, FirstSeen: seen, LastSeen: seen}
		i, again := at[r.ID]
		if !again {
			at[r.ID] = len(all)
			all = append(all, r)
			added.New++
			continue
		}
		if old := all[i].Collected; old != nil {
			r.Collected.Frame, r.Collected.FirstSeen = old.Frame, old.FirstSeen
		}
		all[i] = r
		added.Again++
	}
	return added, writeRecords(file, all)
}

func writeRecords(file string, records []enforce.Record) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range records {
		if err = e.Encode(&records[i]); err != nil {
			break
		}
	}
	err = errors.Join(err, w.Flush(), f.Sync(), f.Chmod(0o644), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
