package decide_test

import (
	"testing"

	"lodestone/internal/decide"
	"lodestone/internal/when"
)

// known are items of which all is known, as a careful exporter states them.
var known = map[string]map[string]string{
	"wafer": {"description": "gallium arsenide wafers", "hs": "2853909040", "form": "compound", "from": "CN", "origin": "CN", "destination": "DE",
		"end_use": "civil", "end_user_kind": "civil", "end_user": "Example Photonics", "consignee": "Example Photonics", "procedure": "general"},
	"magnet": {"description": "sintered NdFeB magnets", "hs": "8505111000", "form": "magnet", "composition": "Nd 29%; Dy 3%; Fe 67%; B 1%; rest none",
		"from": "CN", "origin": "CN", "destination": "DE", "end_use": "civil", "end_user_kind": "civil", "end_user": "Example Motors", "procedure": "general"},
	"graphite": {"description": "isostatic graphite blocks", "hs": "3801100040", "form": "material", "from": "CN", "origin": "CN", "destination": "KR",
		"params":  "purity=99.95 %; flexural_strength=45 MPa; density=1.82 g/cm3; tensile_failure_strain=0.4 %; thermal_expansion=4e-6 per_C",
		"end_use": "civil", "end_user_kind": "civil", "end_user": "Example Furnaces", "procedure": "general"},
	"bolt": {"description": "stainless steel bolts", "hs": "7318159090", "form": "finished_product", "from": "CN", "origin": "CN", "destination": "DE",
		"end_use": "civil", "end_user_kind": "civil", "end_user": "Example Machines", "procedure": "general"},
}

func BenchmarkDecide(b *testing.B) {
	book := realLaw()
	for name, columns := range known {
		b.Run(name, func(b *testing.B) {
			it := read(book, columns)
			d := decide.New(book)
			at := when.At{Effective: when.Day(2026, 3, 2)}
			d.Decide(at, &it)
			b.ReportAllocs()
			for b.Loop() {
				d.Decide(at, &it)
			}
		})
	}
}

func TestDecideDoesNotAllocateOnceWarm(t *testing.T) {
	book := realLaw()
	for name, columns := range known {
		it := read(book, columns)
		d := decide.New(book)
		at := when.At{Effective: when.Day(2026, 3, 2)}
		d.Decide(at, &it)
		if n := testing.AllocsPerRun(100, func() { d.Decide(at, &it) }); n != 0 {
			t.Errorf("%s: %v allocations a question", name, n)
		}
	}
}
