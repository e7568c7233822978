package bom

import (
	"math/rand/v2"
	"testing"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

// million is a structure of 1,000,000 parts and 1,800,000 links on twelve levels, of which every fiftieth leaf is such content.
func million() *Tree {
	const parts, links, levels = 1_000_000, 1_800_000, 12
	r := rand.New(rand.NewPCG(1, 2))
	b := NewBuilder([]Content{{}})
	first := [levels + 1]int{} // a level is one and a half times as large as the one above
	size, sum := 1.0, 0.0
	for l := range levels {
		sum += size
		first[l+1] = int(sum)
		size *= 1.7
	}
	scale := float64(parts) / sum
	for l := range first {
		first[l] = int(float64(first[l]) * scale)
	}
	first[levels] = parts
	for n := range parts {
		number, _ := b.Part(id(n))
		f := Facts{Line: n + 1, Currency: "USD", Value: Exactly(quant.Int(int64(1 + n%97))), Valued: true, Holdings: []Holding{{Is: rule.No, Inside: rule.No}}}
		if n >= first[levels-1] && n%50 == 0 {
			f.Holdings[0].Is = rule.Yes
		}
		b.State(number, &f)
	}
	amounts := []quant.Range{quant.Exactly(quant.Int(1)), quant.Exactly(quant.Int(4)), quant.Exactly(quant.MustDecimal("0.25"))}
	level := 1
	for n := first[1]; n < parts; n++ {
		for n >= first[level+1] {
			level++
		}
		up := first[level] - first[level-1]
		b.Link(int32(first[level-1]+(n-first[level])*up/(first[level+1]-first[level])), int32(n), amounts[n%3], plain)
	}
	for range links - (parts - first[1]) { // shared sub-assemblies
		l := 1 + r.IntN(levels-1)
		parent := first[l-1] + r.IntN(first[l]-first[l-1])
		b.Link(int32(parent), int32(first[l]+r.IntN(first[l+1]-first[l])), amounts[r.IntN(3)], plain)
	}
	return b.Build(nil)
}

func BenchmarkRollMillion(b *testing.B) {
	t := million()
	b.ReportAllocs()
	for b.Loop() {
		t.Roll()
	}
	b.ReportMetric(float64(len(t.links)), "links")
	b.ReportMetric(float64(len(t.totals[measured{0, 0}].list)), "parts-with-content")
}

func BenchmarkBuildMillion(b *testing.B) {
	for b.Loop() {
		million()
	}
}
