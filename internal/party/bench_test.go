package party

import "testing"

// BenchmarkSearch screens the queries of the labelled data against the US list; one operation is one name.
func BenchmarkSearch(b *testing.B) {
	s := NewSearcher(NewIndex(readCSL(b)))
	queries := readCSV(b, "queries_dev.csv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := queries[i%len(queries)]
		s.Search(Query{Name: q["query"], Type: Type(q["type"])}, DefaultThreshold, DefaultLimit)
	}
}

// BenchmarkIndex makes the index of the US list.
func BenchmarkIndex(b *testing.B) {
	parties := readCSL(b)
	for b.Loop() {
		NewIndex(parties)
	}
}

// BenchmarkCompare scores the labelled pairs; one operation is one pair.
func BenchmarkCompare(b *testing.B) {
	pairs := readPairs(b)
	var c Comparer
	for i := 0; b.Loop(); i++ {
		p := pairs[i%len(pairs)]
		c.Compare(p.query, p.listed)
	}
}

// BenchmarkPersons screens made-up persons of many name cultures against the US list; one operation is one name, none stands twice.
func BenchmarkPersons(b *testing.B) {
	s := NewSearcher(NewIndex(readCSL(b)))
	names := readCleanPersons(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Search(Query{Name: names[i*7919%len(names)]}, DefaultThreshold, DefaultLimit)
	}
}

// BenchmarkFirstPass screens the queries of the labelled data by a searcher that remembers nothing yet; one operation is all of them.
func BenchmarkFirstPass(b *testing.B) {
	x := NewIndex(readCSL(b))
	queries := readCSV(b, "queries_dev.csv")
	for b.Loop() {
		s := NewSearcher(x)
		for _, q := range queries {
			s.Search(Query{Name: q["query"], Type: Type(q["type"])}, DefaultThreshold, DefaultLimit)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(queries)), "µs/name")
}
