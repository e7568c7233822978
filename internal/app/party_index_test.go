package app

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/when"
)

var testDay = when.Day(2026, 11, 25)

func listFile(t *testing.T, dir, name string, count int, more string) parties.File {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,name,country,listed\n")
	for i := range count {
		fmt.Fprintf(&b, "%d,Example Works %d of Harbin,CN,2020-01-02\n", i, i)
	}
	b.WriteString(more)
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return parties.File{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// listsAnswer is what the lists answer, with what is said of the lists.
func listsAnswer(t *testing.T, files []parties.File, indexes string) string {
	t.Helper()
	p, err := LoadParties(files, &law.Book{}, testDay, indexes, "en")
	if err != nil {
		t.Fatal(err)
	}
	q := PartyQuestion{Parties: p, At: when.At{Effective: testDay}, Threshold: party.DefaultThreshold, Limit: 3}
	var b bytes.Buffer
	if err := q.Search(&b, []party.Query{{Name: "Example Works 7 Harbin"}, {Name: "Beispiel Werke"}}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%+v", p.Lists())
	return b.String()
}

func indexFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestAnIndexAnswersAsTheListsDo(t *testing.T) {
	dir, indexes := t.TempDir(), filepath.Join(t.TempDir(), "indexes")
	files := []parties.File{listFile(t, dir, "a_2026-11-01.csv", worthIt, ""), listFile(t, dir, "b.csv", 3, "x,Beispiel Werke,DE,\n")}
	want := listsAnswer(t, files, "")
	if got := listsAnswer(t, files, indexes); got != want {
		t.Errorf("while the index is made: %s", got)
	}
	made := indexFiles(t, indexes)
	if len(made) != 1 {
		t.Fatalf("%d files are kept", len(made))
	}
	if got := listsAnswer(t, files, indexes); got != want {
		t.Errorf("by the index:\n%s\nby the lists:\n%s", got, want)
	}

	whole, err := os.ReadFile(made[0])
	if err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string][]byte{"cut off": whole[:len(whole)/2], "empty": nil, "one bit": append(append([]byte{}, whole[:200]...), append([]byte{whole[200] ^ 1}, whole[201:]...)...)} {
		if err := os.WriteFile(made[0], bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := listsAnswer(t, files, indexes); got != want {
			t.Errorf("%s: %s", what, got)
		}
		if mended, _ := os.ReadFile(made[0]); !bytes.Equal(mended, whole) {
			t.Errorf("%s: the index was not made anew", what)
		}
	}
}

func TestAChangedListIsReadAnew(t *testing.T) {
	dir, indexes := t.TempDir(), t.TempDir()
	before := listsAnswer(t, []parties.File{listFile(t, dir, "a.csv", worthIt, "")}, indexes)
	changed := []parties.File{listFile(t, dir, "a.csv", worthIt, "x,Beispiel Werke,DE,\n")}
	if got := listsAnswer(t, changed, indexes); got == before || got != listsAnswer(t, changed, "") || len(indexFiles(t, indexes)) != 2 {
		t.Errorf("%s", got)
	}
	if _, err := LoadParties([]parties.File{listFile(t, dir, "a.csv", worthIt, "x,Beispiel")}, &law.Book{}, testDay, indexes, "en"); err == nil {
		t.Error("a list that was cut off is answered by an index")
	}
}

func TestTheFolderOfIndexesDoesNotGrow(t *testing.T) {
	dir, indexes := t.TempDir(), t.TempDir()
	for i := range keptIndexes + 3 {
		listsAnswer(t, []parties.File{listFile(t, dir, "a.csv", worthIt+i, "")}, indexes)
	}
	if n := len(indexFiles(t, indexes)); n != keptIndexes {
		t.Errorf("%d files, should be %d", n, keptIndexes)
	}
}

func TestAFolderThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	files := []parties.File{listFile(t, dir, "a.csv", worthIt, "")}
	if got := listsAnswer(t, files, filepath.Join(taken, "indexes")); got != listsAnswer(t, files, "") {
		t.Error(got)
	}
}
