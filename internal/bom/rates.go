package bom

import (
	"fmt"

	"lodestone/internal/quant"
)

// Rates says what one unit of a currency is worth in another. Rates that follow from those given (by turning round, or by way of a third
// currency) are used; none is guessed. The zero Rates, or nil, knows none.
type Rates struct {
	given map[string][]rate
}

type rate struct {
	to   string
	rate number
}

// Add says that one unit of a currency is rate units of another. An error says why the rate cannot be: not over zero, or at odds with those
// given before.
func (r *Rates) Add(from, to string, worth quant.Decimal) error {
	w := decimalOf(worth)
	if w.sign() <= 0 {
		return fmt.Errorf("a rate of %s is none", worth)
	}
	if from == to {
		return fmt.Errorf("%s in %s needs no rate", from, to)
	}
	if known, ok := r.worth(from, to); ok && known.cmp(w) != 0 {
		low, _ := Interval{low: known, high: known}.Text()
		return fmt.Errorf("1 %s is %s %s here and %s by the rates above", from, worth, to, low)
	}
	if r.given == nil {
		r.given = map[string][]rate{}
	}
	r.given[from] = append(r.given[from], rate{to, w})
	r.given[to] = append(r.given[to], rate{from, one.quo(w)})
	return nil
}

// worth follows the rates given from one currency to another.
func (r *Rates) worth(from, to string) (number, bool) {
	reached := r.from(from)
	w, ok := reached[to]
	return w, ok
}

// from is what one unit of a currency is worth in every currency that the rates reach.
func (r *Rates) from(currency string) map[string]number {
	reached := map[string]number{currency: one}
	if r == nil {
		return reached
	}
	for queue := []string{currency}; len(queue) > 0; queue = queue[1:] {
		for _, x := range r.given[queue[0]] {
			if _, seen := reached[x.to]; !seen {
				reached[x.to] = reached[queue[0]].mul(x.rate)
				queue = append(queue, x.to)
			}
		}
	}
	return reached
}

// convert puts every value into the base of its class of money: currencies that rates join are one class.
func (t *Tree) convert(r *Rates) {
	class, factor := make([]int16, len(t.currencies)), make([]Interval, len(t.currencies))
	for i := range class {
		class[i] = -1
	}
	for i, base := range t.currencies {
		if class[i] >= 0 {
			continue
		}
		worth := r.from(base)
		for j, c := range t.currencies {
			if w, ok := worth[c]; ok && class[j] < 0 {
				f := one.quo(w) // one unit of c, in the base
				class[j], factor[j] = int16(t.moneys), Interval{low: f, high: f}
			}
		}
		t.moneys++
	}
	for n := range t.parts {
		if p := &t.parts[n]; p.money >= 0 {
			p.money = class[p.currency]
			p.value = p.value.Times(factor[p.currency])
		}
	}
	t.moneys = max(t.moneys, 1)
}
