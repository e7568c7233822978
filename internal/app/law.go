// Package app holds the use cases: what the command line, the API and the pages all call.
//
// LoadBook gives the law; Screening answers for rows; CheckLaw examines law files. The package reads files and streams but knows no
// arguments, pages or requests. Start with Screening.
package app

import (
	"fmt"
	"io/fs"
	"os"

	"lodestone"
	"lodestone/internal/decide"
	"lodestone/internal/law"
	"lodestone/internal/lawfile"
	"lodestone/internal/problem"
	"lodestone/lawdata"
)

// LoadBook loads the law that the program carries and, where dir is not empty, the law files of that folder besides. Problems that are not
// warnings mean that there is no book.
func LoadBook(dir string) (*law.Book, problem.List, error) {
	if dir == "" {
		return lodestone.Open(nil)
	}
	if err := isFolder(dir); err != nil {
		return nil, nil, err
	}
	return lodestone.Open(os.DirFS(dir))
}

// Check is what CheckLaw found.
type Check struct {
	Acts      int          `json:"acts"`
	Norms     int          `json:"norms"`
	Witnesses int          `json:"witnesses"`
	Cases     int          `json:"cases"`
	Days      int          `json:"days"`
	Problems  problem.List `json:"problems"`
}

// CheckLaw reads and lints a law folder, evaluates its witnesses and cases and sweeps every day of change. An empty dir means the text of
// the law that the program carries; a folder of further acts is checked together with that, by its own cases.
func CheckLaw(dir string) (Check, error) {
	if dir == "" {
		return checkFiles(lawfile.Read(lawdata.Text())), nil
	}
	if err := isFolder(dir); err != nil {
		return Check{}, err
	}
	base, _ := lawfile.Read(lawdata.Text())
	base.Cases = nil // the cases of the law carried say what holds without the further folder
	return checkFiles(beside(base, os.DirFS(dir))), nil
}

// beside reads a folder: a whole law stands in place of the base, anything else is added to it.
func beside(base law.Files, fsys fs.FS) (law.Files, problem.List) {
	more, found := lawfile.Read(fsys)
	if isWhole(&more) {
		return more, found
	}
	merged, clash := lawfile.Merge(base, more)
	return merged, append(found, clash...)
}

// isWhole says whether files are a law of their own: only such a one has the words that every law needs.
func isWhole(files *law.Files) bool { return len(files.Vocab.Forms) > 0 }

func checkFiles(files law.Files, problems problem.List) Check {
	c := Check{Acts: len(files.Acts), Problems: append(problems, lawfile.Lint(files)...)}
	if c.Problems.Refusals() > 0 {
		return c
	}
	book, err := law.Compile(files)
	if err != nil {
		c.Problems = append(c.Problems, problem.Problem{Text: err.Error()})
		return c
	}
	checked := decide.Check(book)
	c.Norms, c.Witnesses, c.Cases, c.Days = len(book.Norms), checked.Witnesses, checked.Cases, checked.Days
	c.Problems = append(c.Problems, checked.Problems...)
	return c
}

func isFolder(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "read", Path: dir, Err: fmt.Errorf("is no folder")}
	}
	return err
}
