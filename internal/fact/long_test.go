package fact

import (
	"strings"
	"testing"
	"time"
)

// A long cell takes time in step with its length, whatever stands in it.
func TestLongCells(t *testing.T) {
	v := testVocab(t)
	const size = 64 << 10
	for _, piece := range []string{
		"x", "1", "0", ",", ";", "%", "=", "-", " ", "(", "氧化", "钕", "1-", "1,", "1 ", "Nd ", "Nd;", "30%", "a,", "a;", "a=", "=a,", "<", "x1", "e", "粉/", "..", "'1", "~",
	} {
		cell := "a" + strings.Repeat(piece, size/len(piece)) + "a"
		for column := range columns {
			for _, cell := range []string{cell, "1" + cell, "Nd 1" + cell, "purity=1" + cell} {
				start := time.Now()
				var it Item
				r := NewReader(v, Defaults{})
				r.Set(&it, column, cell)
				r.Finish(&it)
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("%s takes %v for a cell of %q", columns[column], took, piece)
				}
			}
		}
	}
}
