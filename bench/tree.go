package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"strconv"
	"testing"

	"lodestone/internal/bom"
	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

// Size of the structure that the bars are set for: parts, links between them, levels.
const (
	treeParts  = 1_000_000
	treeLinks  = 1_800_000
	treeLevels = 12
)

// treeHeader are the columns of a structure as a PLM system exports it.
const treeHeader = "id,parent,quantity,unit,description,hs,form,composition,origin,made_in,unit_value,currency,us_licence_required,from,destination,end_use,end_user_kind,supplier\n"

// writeTree writes a structure of so many parts and links on twelve levels, a row a link, each with all that is stated of the part. Leaves are
// ordinary parts, and one in forty is a magnet, a metal for magnets or a part of the United States; of these one in five leaves out its value
// and one in three its origin. The same
// numbers give the same bytes.
func writeTree(out io.Writer, parts, links int) error {
	w := bufio.NewWriterSize(out, 1<<20)
	w.WriteString(treeHeader)
	r := rand.New(rand.NewPCG(3, 4))
	first := levelStarts(parts)
	row := func(n, parent, level int) {
		up := ""
		if parent >= 0 {
			up = "P" + strconv.Itoa(parent)
		}
		fmt.Fprintf(w, "P%d,%s,%d,%s\n", n, up, 1+(n+parent)%4, treeFacts(n, level))
	}
	for n := range first[1] {
		row(n, -1, 0)
	}
	written := 0
	for level := 1; level < treeLevels; level++ {
		from, to, up := first[level], first[level+1], first[level-1]
		for n := from; n < to; n++ {
			row(n, up+(n-from)*(from-up)/(to-from), level)
			written++
		}
	}
	for range links - written { // shared sub-assemblies
		level := 1 + r.IntN(treeLevels-1)
		from, to, up := first[level], first[level+1], first[level-1]
		row(from+r.IntN(to-from), up+r.IntN(from-up), level)
	}
	return w.Flush()
}

// levelStarts is where the parts of each level begin: a level has 1.7 times as many as the one above.
func levelStarts(parts int) [treeLevels + 1]int {
	var first [treeLevels + 1]int
	size, sum := 1.0, 0.0
	var ends [treeLevels]float64
	for l := range ends {
		sum += size
		ends[l] = sum
		size *= 1.7
	}
	for l, end := range ends {
		first[l+1] = int(end / sum * float64(parts))
	}
	return first
}

// treeFacts are the cells of a part from the unit on.
func treeFacts(n, level int) string {
	value := fmt.Sprintf("%d.%02d", 1+n*7919%900, n%100)
	switch {
	case level == 0:
		return "pcs,traction motor,8501532090,assembly,,,JP," + value + "000,USD,,JP,KR,civil,civil,"
	case level < treeLevels-1 && n%3 > 0:
		return "pcs,stator sub-assembly,8503009090,assembly,,,JP," + value + "00,USD,,,,,,Nagoya Works"
	case n%40 > 0:
		return "pcs,steel bracket,7326901900,finished_product,,KR,KR," + value + ",USD,no,,,,,Hanbit Steel"
	}
	origin := [...]string{"CN", "JP", ""}[n/40%3]
	if n/40%5 == 0 {
		value = ""
	}
	switch n / 80 % 3 {
	case 0:
		return "pcs,sintered NdFeB magnet,8505111000,magnet,Nd 29%; Dy 2%; Fe 68%; B 1%," + origin + ",JP," + value + ",USD,,,,,,Magnet House"
	case 1:
		return "kg,dysprosium metal,2805301310,metal,Dy 99.9%," + origin + ",," + value + ",USD,,,,,,Metal House"
	}
	return "pcs,gate driver,8542399000,component,,US,US," + value + ",USD,yes,,,,,Chip House"
}

func treeFile(dir string, parts, links int) (string, error) {
	f, err := os.Create(filepath.Join(dir, "tree.csv"))
	if err != nil {
		return "", err
	}
	err = writeTree(f, parts, links)
	if errClose := f.Close(); err == nil {
		err = errClose
	}
	return f.Name(), err
}

// benchTree measures a structure: the program reads it, rolls it up and answers each row; and the roll-up alone, in this process. The baseline of
// both is copying the same rows with encoding/csv.
func benchTree(t *table, o options) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	name, err := treeFile(dir, o.parts, o.links)
	if err != nil {
		return err
	}
	ours, err := program(binary, "screen", name, "--on", "2026-12-15")
	if err != nil {
		return err
	}
	base, err := copyRows(name)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("structure of %s parts, %s links", thousands(o.parts), thousands(o.links))
	t.add(row{what, seconds, ours.wall, "encoding/csv copies it", base.wall, bar{12, "ours"}})
	t.add(row{what + ", processor", seconds, ours.cpu, "encoding/csv copies it", base.cpu, bar{}})
	t.add(row{what, megabytes, ours.peak, "", 0, bar{1500, "ours"}})
	tree := rolled(o.parts, o.links)
	roll := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			tree.Roll()
		}
	})
	t.add(row{"roll-up alone", nanoseconds, perOp(roll), "encoding/csv copies it", base.wall * 1e9, bar{100e6, "ours"}})
	return nil
}

// rolled builds the structure of the file without the file: every fiftieth part of the lowest level is such content.
func rolled(parts, links int) *bom.Tree {
	b := bom.NewBuilder([]bom.Content{{}})
	first := levelStarts(parts)
	one := quant.Int(1)
	r := rand.New(rand.NewPCG(3, 4))
	for n := range parts {
		number, _ := b.Part("P" + strconv.Itoa(n))
		f := bom.Facts{Line: n + 1, Currency: "USD", Value: bom.Exactly(quant.Int(int64(1 + n%97))), Valued: true,
			Holdings: []bom.Holding{{Is: rule.Is(n >= first[treeLevels-1] && n%50 == 0), Inside: rule.No}}}
		b.State(number, &f)
	}
	link := func(parent, child int) {
		b.Link(int32(parent), int32(child), quant.Exactly(quant.Int(int64(1+(child+parent)%4))), one)
	}
	written := 0
	for level := 1; level < treeLevels; level++ {
		from, to, up := first[level], first[level+1], first[level-1]
		for n := from; n < to; n++ {
			link(up+(n-from)*(from-up)/(to-from), n)
			written++
		}
	}
	for range links - written {
		level := 1 + r.IntN(treeLevels-1)
		from, to, up := first[level], first[level+1], first[level-1]
		link(up+r.IntN(from-up), from+r.IntN(to-from))
	}
	return b.Build(nil)
}

// benchImpact compares what a change of law does to a catalogue with screening all of it. The change is that of 2024-09-15, on antimony and
// superhard goods.
func benchImpact(t *table, o options) error {
	dir, err := os.MkdirTemp("", "lodestone-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	name, err := linesFile(dir, o.lines, repeated)
	if err != nil {
		return err
	}
	ours, err := program(binary, "impact", name, "--from", "2024-09-14", "--to", "2024-09-15")
	if err != nil {
		return err
	}
	base, err := screen(binary, name)
	if err != nil {
		return err
	}
	what := "impact on " + thousands(o.lines) + " lines"
	t.add(row{what, seconds, ours.wall, "screening them", base.wall, bar{0.1, "ratio"}})
	t.add(row{what + ", processor", seconds, ours.cpu, "screening them", base.cpu, bar{}})
	return nil
}
