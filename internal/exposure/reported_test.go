package exposure

import (
	"reflect"
	"testing"
)

func TestNearestFigures(t *testing.T) {
	shares := []Figure{{Who: "CN", Year: 2021, Amount: Exactly(0.7)}, {Who: "CN", Year: 2023, Amount: Exactly(0.9)}, {Who: "CN", Year: 2023, Amount: Range{0.85, 0.92}}, {Who: "CN"}}
	for _, c := range []struct {
		year int
		want Range
		used []int
	}{
		{2023, Range{0.85, 0.92}, []int{1, 2}},
		{2024, Range{0.85, 0.92}, []int{1, 2}},
		{2020, Exactly(0.7), []int{0}},
		{2016, Exactly(0.7), []int{0}},
	} {
		if r, used := Nearest(shares, c.year); r != c.want || !reflect.DeepEqual(used, c.used) {
			t.Errorf("%d: %v of %v, not %v of %v", c.year, r, used, c.want, c.used)
		}
	}
	if r, used := Nearest(shares, 2030); Known(r.Low) || used != nil {
		t.Errorf("seven years away: %v of %v", r, used)
	}
}

func TestProducersAddUp(t *testing.T) {
	sum, used := AddUp([]Figure{{Who: "a", Year: 2018, Amount: Exactly(9)}, {Who: "b", Year: 2024, Amount: Exactly(400)}, {Who: "a", Year: 2023, Amount: Exactly(2000)}, {Who: "c", Year: 2022, Amount: Exactly(500), Bound: true},
		{Who: "d", Year: 2001, Amount: Exactly(7)}}, 2024)
	if sum != (Range{2400, 2900}) || !reflect.DeepEqual(used, []int{1, 2, 3}) {
		t.Errorf("%v of %v; each producer's figure nearest to the year, a capacity from above only", sum, used)
	}
}

func TestJoinedAndWorld(t *testing.T) {
	if r := Joined(Range{0, 3500}, Exactly(2000)); r != (Range{2000, 3500}) {
		t.Errorf("an upper bound alone gives way: %v", r)
	}
	if r := Joined(Exactly(90), Exactly(180)); r != (Range{90, 180}) {
		t.Errorf("two figures span: %v", r)
	}
	w := World{Parts: []Part{{"CN", 80}, {"KR", 0}}, Rest: 20, Withheld: []string{"US"}}
	if w.Total() != 100 || w.Of("CN") != Exactly(80) || w.Of("KR") != Exactly(0) || w.Of("JP") != (Range{0, 20}) || Known(w.Of("US").Low) {
		t.Errorf("China %v, Korea %v, Japan %v, the United States %v", w.Of("CN"), w.Of("KR"), w.Of("JP"), w.Of("US"))
	}
}
