package tables

import (
	"archive/zip"
	"io"
	"testing"

	"lodestone/internal/vocab"
	"lodestone/lawdata"
)

func newZip(w io.Writer) *zip.Writer { return zip.NewWriter(w) }

// realVocab is the vocabulary of the law data.
func realVocab(t testing.TB) *vocab.Vocab {
	t.Helper()
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Compile(files.Vocab)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
