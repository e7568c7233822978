package app

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// Whatever the file and wherever it is cut: the answers to its shards, put together, are the bytes that one process prints, and count the same.
func TestShardsGiveTheBytesOfOneProcess(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"flat.csv": flatFile(120), "flat.jsonl": flatLines(100), "semicolon.csv": strings.ReplaceAll(flatFile(40), ",", ";"),
		"one.csv": "description,destination\n", "parts.csv": structure(1, 90, false), "shared.csv": structure(2, 60, true),
		"levels.csv": levels(3, 90), "parts.jsonl": structureLines(4, 60),
	} {
		for n, s := range []*Screening{
			{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: report.JSONL},
			{Book: book, On: when.Day(2026, 3, 1), Lang: "ko", Format: report.JSON, From: "CN", Destination: "US", KnownBy: when.Day(2025, 11, 20), Explain: true},
			{Book: book, On: when.Day(2026, 3, 1), Lang: "zh", Format: report.CSV, Timeline: true, Role: "importer"},
		} {
			want, sum := inOneProcess(t, s, name, text)
			for _, most := range [][]int{{1, 7, 10_000}, {5}, {20}}[n] {
				got, shardSum, shards := inShards(t, s, name, text, most)
				if got != want {
					t.Fatalf("%s as %s in %d shards differs:\n%s", name, s.Format, shards, firstDifference(got, want))
				}
				if a, b := sum.Text("en"), shardSum.Text("en"); a != b {
					t.Errorf("%s as %s in %d shards counts %s, in one process %s", name, s.Format, shards, b, a)
				}
				if name == "parts.csv" && most == 7 && shards < 7 {
					t.Errorf("%d products that share no part make only %d shards", 90/6, shards)
				}
			}
		}
	}
}

// Questions come from all shards, in the order of the rows and each once, as one process collects them; holdings go along and are judged there.
func TestShardsAskWhatOneProcessAsks(t *testing.T) {
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	const holdings = "owner,owned,percent\nLockheed Martin Corporation,Example Trading,51\n"
	owned := strings.NewReplacer("id,", "end_user,id,", "P-", "Example Trading,P-").Replace(flatFile(30))
	for name, text := range map[string]string{"flat.csv": owned, "parts.csv": structure(1, 30, false)} {
		s := &Screening{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: report.JSONL, Asks: &report.Asks{}}
		if s.Ownership, err = LoadOwnership("holdings.csv", strings.NewReader(holdings), book, lawParties(book, s.On, "en"), "en", party.DefaultThreshold); err != nil {
			t.Fatal(err)
		}
		want, _ := inOneProcess(t, s, name, text)
		in := ShardInput{Screening: s, Tables: tablesOf(t, s, name, text), Holdings: holdings, Of: "holdings.csv"}
		asked := &report.Asks{}
		got, _, _ := assembled(t, &in, asked, 7)
		if got != want {
			t.Errorf("%s differs:\n%s", name, firstDifference(got, want))
		}
		if d := cmp.Diff(s.Asks, asked, cmp.Exporter(func(reflect.Type) bool { return true })); d != "" || name == "flat.csv" && s.Asks.Len() < 5 {
			t.Errorf("%s: %d questions in one process, %d in shards\n%s", name, s.Asks.Len(), asked.Len(), d)
		}
		if name == "flat.csv" && !strings.Contains(want, `"ownership":[`) {
			t.Errorf("%s says nothing of the owners:\n%.2000s", name, want)
		}
	}
	in := ShardInput{Screening: &Screening{Book: book, Lang: "en", Format: report.JSONL}, Holdings: strings.Repeat("x", maxHoldings+1), Of: "holdings.csv"}
	if _, err := in.Question("v1"); err == nil {
		t.Error("holdings of any size travel with every shard")
	}
}

// assembled is the output of an input whose shards were answered.
func assembled(t *testing.T, in *ShardInput, asks *report.Asks, most int) (string, report.Summary, int) {
	t.Helper()
	q, err := in.Question("v1")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := q.Screening(in.Screening.Book, "v1")
	if err != nil {
		t.Fatal(err)
	}
	asked.Asks = asks
	var b bytes.Buffer
	whole, err := asked.Assemble(&q, &b)
	if err != nil {
		t.Fatal(err)
	}
	answerer, shards := ShardAnswerer{Book: in.Screening.Book, Version: "v1"}, 0
	err = in.Cut(q, most, func(x Shard) error {
		shards++
		var text, answer bytes.Buffer
		if err := x.Write(&text); err != nil {
			return err
		}
		counts, err := answerer.Answer(text.Bytes(), &answer)
		if err != nil {
			return err
		}
		return whole.Add(counts, &answer)
	})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := whole.Close()
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), sum, shards
}

func inOneProcess(t *testing.T, s *Screening, name, text string) (string, report.Summary) {
	t.Helper()
	var b bytes.Buffer
	sum, err := s.Run(tablesOf(t, s, name, text), &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), sum
}

func inShards(t *testing.T, s *Screening, name, text string, most int) (string, report.Summary, int) {
	t.Helper()
	return assembled(t, &ShardInput{Screening: s, Tables: tablesOf(t, s, name, text)}, nil, most)
}

func tablesOf(t testing.TB, s *Screening, name, text string) []*tables.Table {
	t.Helper()
	in, err := tables.Open(name, io.Reader(strings.NewReader(text)), s.Book.Vocab, tables.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return []*tables.Table{in}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d of %d, in one process of %d\n%.400s\n%.400s", i+1, len(a), len(b), at(a, i), at(b, i))
		}
	}
	return "not at all"
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

var shardGoods = [][2]string{
	{"GaAs wafer", "3818009020"}, {"sintered NdFeB magnet", "8505111000"}, {"hex bolt M8", "7318151090"}, {"tungsten carbide powder", "2849902000"}, {"?", ""},
}

// flatFile has shipments, unknown columns, and rows that are refused: for their cells, or because they cannot be split.
func flatFile(rows int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("id,description,hs,from,destination,shipment,value,currency,order\n")
	for n := range rows {
		g := shardGoods[r.IntN(len(shardGoods))]
		fmt.Fprintf(&b, "P-%d,%s,%s,CN,%s,S-%d,%d,USD,O %d\n", n, g[0], g[1], [...]string{"US", "KR", "DE", "Atlantis"}[r.IntN(4)], r.IntN(1+rows/5), r.IntN(1000), n)
		if r.IntN(20) == 0 {
			b.WriteString("too,few\n")
		}
	}
	return b.String()
}

func flatLines(rows int) string {
	r := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for n := range rows {
		g := shardGoods[r.IntN(len(shardGoods))]
		fmt.Fprintf(&b, `{"id":"P-%d","description":%q,"hs":%q,"destination":%q,"colour %d":"red"}`+"\n", n, g[0], g[1], [...]string{"US", "KR", "JP"}[r.IntN(3)], n%3)
		if r.IntN(20) == 0 {
			b.WriteString("{\"id\": broken\n")
		}
	}
	return b.String()
}

// structure has products of five parts, some of which the file states twice, in different words, or with a cell that is refused; shared parts join products.
func structure(seed uint64, rows int, shared bool) string {
	r := rand.New(rand.NewPCG(seed, 5))
	var b strings.Builder
	b.WriteString("id,parent,quantity,unit,description,hs,destination,value,currency,supplier,note\n")
	for n := 0; n < rows; n += 6 {
		product := fmt.Sprintf("A-%d", n)
		fmt.Fprintf(&b, "%s,,1,pcs,motor assembly,8501,US,%d,USD,,top\n", product, 100+r.IntN(100))
		for p := range 5 {
			g := shardGoods[r.IntN(len(shardGoods))]
			id, parent := fmt.Sprintf("%s/%d", product, p), product
			switch {
			case shared && r.IntN(4) == 0:
				id = fmt.Sprintf("bolt-%d", r.IntN(20))
			case p > 1 && r.IntN(2) == 0:
				parent = product + "/1"
			}
			country := ""
			if r.IntN(25) == 0 {
				country = "Atlantis"
			}
			fmt.Fprintf(&b, "%s,%s,%d,pcs,%s,%s,%s,%d,%s,S-%d,n%d\n", id, parent, 1+r.IntN(4), g[0], g[1], country, r.IntN(90), [...]string{"USD", "CNY"}[r.IntN(2)], p, n)
		}
		if r.IntN(8) == 0 {
			fmt.Fprintf(&b, "%s/1,%s,2,pcs,another thing,7318151090,,5,USD,,conflict\n", product, product)
		}
		if r.IntN(8) == 0 {
			fmt.Fprintf(&b, "%s/1,,2,pcs,another thing,7318151090,,5,USD,,conflict at the top\n", product)
		}
	}
	return b.String()
}

func structureLines(seed uint64, rows int) string {
	r := rand.New(rand.NewPCG(seed, 6))
	var b strings.Builder
	for n := 0; n < rows; n += 3 {
		fmt.Fprintf(&b, `{"id":"A-%d","description":"pump","destination":"KR"}`+"\n", n)
		for p := range 2 {
			g := shardGoods[r.IntN(len(shardGoods))]
			fmt.Fprintf(&b, `{"id":"A-%d/%d","parent":"A-%d","description":%q,"hs":%q,"quantity":%d}`+"\n", n, p, n, g[0], g[1], p+1)
		}
	}
	return b.String()
}

// levels is a structure by level numbers, with rows whose level cannot be read or is blank.
func levels(seed uint64, rows int) string {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	b.WriteString("level,id,quantity,unit,description,hs,destination\n")
	for n, level := 0, 0; n < rows; n++ {
		text := fmt.Sprint(level)
		switch r.IntN(40) {
		case 0:
			text = "x"
		case 1:
			text = ""
		}
		g := shardGoods[r.IntN(len(shardGoods))]
		fmt.Fprintf(&b, "%s,P-%d,1,pcs,%s,%s,US\n", text, n%(rows*3/4), g[0], g[1])
		if level = r.IntN(level + 2); level > 3 || r.IntN(6) == 0 {
			level = 0
		}
	}
	return b.String()
}

// What comes as a shard from a store that others can write to is answered, or refused as none; the rest of the worker goes on. Whoever changes a shard can
// also name it, so it is read as any file of a stranger is.
func FuzzShard(f *testing.F) {
	book, _, err := LoadBook("")
	if err != nil {
		f.Fatal(err)
	}
	s := &Screening{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: report.JSONL}
	for name, text := range map[string]string{"flat.csv": flatFile(6), "parts.csv": structure(1, 12, true), "flat.jsonl": flatLines(4)} {
		for _, shard := range shardsOf(f, s, name, text, 4) {
			f.Add(shard)
		}
	}
	f.Add([]byte("{}\n{\"rows\":9000000000000000000}\n"))
	f.Add([]byte("{\"question\":{\"version\":\"v1\"}}\n{\"rows\":-1}\nx"))
	answerer := ShardAnswerer{Book: book, Version: "v1"}
	f.Fuzz(func(t *testing.T, shard []byte) {
		var rows bytes.Buffer
		counts, err := answerer.Answer(shard, &rows)
		if err != nil {
			if rows.Len() == 0 && err.Error() == "" {
				t.Error("refused without a reason")
			}
			return
		}
		var q ShardQuestion
		whole, err := s.Assemble(&q, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if err := whole.Add(counts, &rows); err != nil {
			t.Errorf("the answer to a shard cannot be taken: %v", err)
		}
		if err := whole.Refuse(shard, "set aside"); err != nil {
			t.Errorf("a shard that is answered cannot be refused: %v", err)
		}
	})
}

// What comes as an answer is counted, or refused as none.
func FuzzAnswer(f *testing.F) {
	book, _, err := LoadBook("")
	if err != nil {
		f.Fatal(err)
	}
	s := &Screening{Book: book, On: when.Day(2026, 3, 1), Lang: "en", Format: report.JSONL}
	answerer := ShardAnswerer{Book: book, Version: "v1"}
	for _, shard := range shardsOf(f, s, "flat.csv", flatFile(40), 20) {
		var rows bytes.Buffer
		counts, err := answerer.Answer(shard, &rows)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(counts, rows.Bytes())
	}
	f.Add([]byte(`{"bytes":-1,"counts":{"licence":-5},"worst":99}`), []byte("x"))
	f.Fuzz(func(t *testing.T, counts, rows []byte) {
		var b bytes.Buffer
		whole, err := s.Assemble(&ShardQuestion{}, &b)
		if err != nil {
			t.Fatal(err)
		}
		if err := whole.Add(counts, bytes.NewBuffer(rows)); err != nil {
			return
		}
		sum, err := whole.Close()
		if err != nil || sum.Rows < 0 || sum.Open < 0 || sum.Open > sum.Rows || !strings.HasPrefix(b.String(), string(rows)) {
			t.Errorf("%s gives %+v, %v", counts, sum, err)
		}
	})
}

// shardsOf are the texts of the shards of a file.
func shardsOf(t testing.TB, s *Screening, name, text string, most int) (texts [][]byte) {
	t.Helper()
	in := ShardInput{Screening: s, Tables: tablesOf(t, s, name, text)}
	q, err := in.Question("v1")
	if err != nil {
		t.Fatal(err)
	}
	err = in.Cut(q, most, func(x Shard) error {
		var b bytes.Buffer
		err := x.Write(&b)
		texts = append(texts, b.Bytes())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
