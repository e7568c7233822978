package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/ingest/trade"
	"lodestone/internal/law"
	"lodestone/internal/when"
)

// The figures mean something only where the engines answer the same.
func TestEnginesAgree(t *testing.T) {
	all, err := engines()
	if err != nil {
		t.Fatal(err)
	}
	yes := 0
	for i := range sampleSize {
		want, err := all[0].answer(i)
		if err != nil {
			t.Fatal(err)
		}
		if want {
			yes++
		}
		for _, e := range all[1:] {
			if got, err := e.answer(i); err != nil || got != want {
				t.Errorf("piece %d: %s says %v (%v), ours %v", i, e.name, got, err, want)
			}
		}
	}
	if yes < sampleSize/50 || yes > sampleSize/2 {
		t.Errorf("%d of %d pieces are caught: the sample tells little", yes, sampleSize)
	}
}

func TestMissingFactIsNamed(t *testing.T) {
	all, err := engines()
	if err != nil {
		t.Fatal(err)
	}
	if got := all[0].missing; !strings.HasPrefix(got, "unknown: ") || !strings.Contains(got, "density") {
		t.Errorf("ours says %q", got)
	}
}

// Lines that cannot be read would make the screening look quick.
func TestLinesAreClean(t *testing.T) {
	b, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []sort{repeated, distinct, described} {
		linesAreClean(t, b, of)
	}
}

func linesAreClean(t *testing.T, b *law.Book, of sort) {
	var file bytes.Buffer
	if err := writeLines(&file, 5000, of); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	reader := fact.NewReader(b.Vocab, fact.Defaults{})
	d := decide.New(b)
	outcomes := map[string]int{}
	for _, row := range rows[1:] {
		it, problems := reader.ReadFacts(cellsOf(row))
		if len(problems) > 0 {
			t.Fatalf("%q: %v", row, problems)
		}
		outcomes[d.Decide(when.At{Effective: it.Day()}, &it).Outcome.String()]++
	}
	t.Log(outcomes)
	if len(outcomes) < 3 {
		t.Errorf("the lines come to %v only", outcomes)
	}
}

// cellsOf is a line by column, without the one that the program does not know.
func cellsOf(row []string) map[string]string {
	cells := map[string]string{}
	for i, name := range header {
		if name != "order" {
			cells[name] = row[i]
		}
	}
	return cells
}

func TestLinesAreTheSame(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := writeLines(w, 1000, repeated); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same count gives other lines")
	}
}

// The plain reader and the program must total the same, or their times tell nothing of each other.
func TestTotalsAgree(t *testing.T) {
	name := filepath.Join(t.TempDir(), "flows.csv")
	n, err := flowsFile(name, 1)
	if err != nil {
		t.Fatal(err)
	}
	want, err := plainTotals(name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := trade.OpenLibrary("")
	if err != nil {
		t.Fatal(err)
	}
	codes, err := l.Codes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, reading, err := trade.Totals(name, f, codes, cores)
	if err != nil || reading.Kept != n || len(got) != len(want) {
		t.Fatalf("%d totals of %d rows, want %d of %d: %v", len(got), reading.Kept, len(want), n, err)
	}
	sum, plain := 0.0, 0.0
	for _, x := range got {
		sum += x.Value
	}
	for _, v := range want {
		plain += v
	}
	if math.Abs(sum-plain) > 1 {
		t.Errorf("ours come to %.0f USD, the plain reader's to %.0f", sum, plain)
	}
}

func TestDecideDoesNotAllocate(t *testing.T) {
	b, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	it, err := item(b, known)
	if err != nil {
		t.Fatal(err)
	}
	d := decide.New(b)
	at := when.At{Effective: it.Day()}
	if n := testing.AllocsPerRun(100, func() { d.Decide(at, it) }); n != 0 {
		t.Errorf("Decide allocates %v times", n)
	}
}

// A small structure is whole: as many rows as links and tops, and none is refused.
func TestTreeIsClean(t *testing.T) {
	var file bytes.Buffer
	if err := writeTree(&file, 2000, 3600); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tops := levelStarts(2000)[1]
	if len(rows) != 1+tops+3600 {
		t.Errorf("%d rows for %d tops and 3600 links", len(rows)-1, tops)
	}
	b, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	reader := fact.NewReader(b.Vocab, fact.Defaults{})
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		if _, problems := reader.ReadFacts(cells); len(problems) > 0 {
			t.Fatalf("%q: %v", row, problems)
		}
	}
	if n := rolled(2000, 3600).Len(); n != 2000 {
		t.Errorf("the structure without a file has %d parts", n)
	}
}

// A bar must be seen to fail.
func TestBars(t *testing.T) {
	for _, c := range []struct {
		row row
		met bool
	}{
		{row{ours: 9, base: 1, bar: bar{8, "ratio"}}, false},
		{row{ours: 8, base: 1, bar: bar{8, "ratio"}}, true},
		{row{ours: 1, bar: bar{0, "ours"}}, false},
		{row{ours: 1}, true},
	} {
		if c.row.met() != c.met {
			t.Errorf("%+v: met is %v", c.row, !c.met)
		}
	}
}

func TestPeakIsRead(t *testing.T) {
	done := make(chan error)
	close(done)
	if _, err := watch(1, done); err != nil {
		t.Error(err)
	}
	if highWater(0) != 0 {
		t.Error("a process that is not there has a peak")
	}
}

func TestWaits(t *testing.T) {
	var l loaded
	for i := range 200 {
		l.waits = append(l.waits, time.Duration(i+1)*time.Millisecond)
	}
	l.took = 100 * time.Millisecond
	if l.wait(0.5) != 101 || l.wait(0.99) != 199 || l.wait(1) != 200 || l.rate() != 2000 {
		t.Errorf("%v %v %v of 1 to 200 ms, %v a second", l.wait(0.5), l.wait(0.99), l.wait(1), l.rate())
	}
}
