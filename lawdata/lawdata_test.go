package lawdata_test

import (
	"bytes"
	"os"
	"testing"

	"lodestone/internal/lawfile"
	"lodestone/lawdata"
)

func TestTextHasNoProblems(t *testing.T) {
	files, problems := lawfile.Read(os.DirFS("."))
	for _, p := range append(problems, lawfile.Lint(files)...) {
		t.Error(p)
	}
}

func TestBookIsOfTheText(t *testing.T) {
	files, problems := lawfile.Read(os.DirFS("."))
	if problems != nil {
		t.Fatal(problems)
	}
	want, err := lawfile.Encode(files)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("book.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatal("book.bin is not compiled from the text beside it: run go generate ./lawdata")
	}
	embedded, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	if embedded.Revision != files.Revision {
		t.Errorf("the book is of revision %s, the text of %s", embedded.Revision, files.Revision)
	}
}
