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
	files, problems := lawfile.Read(lawdata.Text())
	if dir != "" {
		more, found, err := readFolder(dir)
		if err != nil {
			return Check{}, err
		}
		if len(more.Vocab.Forms) > 0 { // a whole law, not an addition
			files, problems = more, found
		} else {
			files.Cases = nil // the cases of the law carried say what holds without the further folder
			merged, clash := lawfile.Merge(files, more)
			files, problems = merged, append(found, clash...)
		}
	}
	c := Check{Acts: len(files.Acts), Problems: append(problems, lawfile.Lint(files)...)}
	if c.Problems.Refusals() > 0 {
		return c, nil
	}
	book, err := law.Compile(files)
	if err != nil {
		c.Problems = append(c.Problems, problem.Problem{Text: err.Error()})
		return c, nil
	}
	checked := decide.Check(book)
	c.Norms, c.Witnesses, c.Cases, c.Days = len(book.Norms), checked.Witnesses, checked.Cases, checked.Days
	c.Problems = append(c.Problems, checked.Problems...)
	return c, nil
}

func readFolder(dir string) (law.Files, problem.List, error) {
	if err := isFolder(dir); err != nil {
		return law.Files{}, nil, err
	}
	files, problems := lawfile.Read(os.DirFS(dir))
	return files, problems, nil
}

func isFolder(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "read", Path: dir, Err: fmt.Errorf("is no folder")}
	}
	return err
}
