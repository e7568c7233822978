// Command gen compiles the law folder it is run in into book.bin, and writes the schema of act files beside the documentation. It is
// run by go generate ./lawdata. What lint says is printed and stops nothing here: the test of the folder refuses it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"lodestone/internal/lawfile"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	files, problems := lawfile.Read(os.DirFS("."))
	if len(problems) > 0 {
		return problems
	}
	for _, p := range lawfile.Lint(files) {
		fmt.Fprintln(os.Stderr, p)
	}
	book, err := lawfile.Encode(files)
	if err != nil {
		return err
	}
	if err := write("book.bin", book); err != nil {
		return err
	}
	return write(filepath.Join("..", "docs", "law.schema.json"), lawfile.Schema())
}

// write replaces a file whole or not at all.
func write(name string, content []byte) error {
	part, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // fails where the file has been renamed, which is as wanted
	_, err = part.Write(content)
	if errClose := part.Close(); err == nil {
		err = errClose
	}
	if err == nil {
		err = os.Chmod(part.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(part.Name(), name)
	}
	return err
}
