package party

import (
	"testing"
)

// scan scores a query against every name of the index: what Search must find without doing so.
func (s *Searcher) scan(q Query, threshold float64) map[int32]float64 {
	found := map[int32]float64{}
	s.query = readName(q.Name)
	s.scorer.likes = s
	for n := range s.x.names {
		score := s.scoreOf(uint32(n), q.Type)
		if p := s.x.names[n].party; score >= threshold && score > found[p] {
			found[p] = score
		}
	}
	s.forget()
	return found
}

// TestNothingIsLostBeforeScoring holds Search against a full scan at the default threshold.
func TestNothingIsLostBeforeScoring(t *testing.T) {
	unlessShort(t)
	x := NewIndex(readCSL(t))
	fast, slow := NewSearcher(x), NewSearcher(x)
	due, lost := 0, 0
	for i, row := range readCSV(t, "queries_dev.csv") {
		if i%scanned != 0 {
			continue
		}
		q := Query{Name: row["query"], Type: Type(row["type"])}
		have := map[int]bool{}
		for _, m := range fast.Search(q, DefaultThreshold, 1000) {
			have[m.Number] = true
		}
		for p, score := range slow.scan(q, DefaultThreshold) {
			due++
			if !have[int(p)] {
				lost++
				t.Logf("%s: %s (%.3f) is lost", q.Name, x.parties[p].Names[0].Text, score)
			}
		}
	}
	t.Logf("%d of %d listings at or over the threshold were lost before they were scored", lost, due)
	if lost > 0 {
		t.Errorf("%d of %d listings lost", lost, due)
	}
}

// scanned is the share of the queries that the test scans for: one in so many.
const scanned = 16
