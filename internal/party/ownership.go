package party

import (
	"cmp"
	"slices"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
)

// Holding says that one party owns part of another.
type Holding struct {
	Owner, Owned string
	Percent      quant.Range // between 0 and 100; the zero Range: not known
}

// Ownership is who owns whom, as a file of holdings says. Parties are told apart by the letters and digits of their names.
type Ownership struct {
	pairs   [][2]int // owner and owned of every holding
	rows    []Holding
	names   []string // as first printed, by number
	numbers map[string]int
	owners  [][]holder // by number of the owned; who holds most for certain comes first
	owns    [][]int    // by number of the owner
	order   []int      // the owned, owners before what they own where there is no circle
	circle  []bool     // by number: the party stands in a circle of holdings, or below one
}

// holder is an owner with its share.
type holder struct {
	owner    int
	share    quant.Range // percent; both bounds are set
	disputed bool        // rows contradict one another: the share is between the least and the most of them
}

// all is everything that may be held of a party, in percent.
var all = quant.Between(quant.Int(0), quant.Int(100))

// NewOwnership gathers holdings. What two rows say of the same owner and owned is one holding: where they differ, its share lies between.
func NewOwnership(holdings []Holding) *Ownership {
	o := &Ownership{numbers: map[string]int{}, rows: holdings, pairs: make([][2]int, len(holdings))}
	for i, h := range holdings {
		o.pairs[i] = [2]int{o.number(h.Owner), o.number(h.Owned)}
	}
	return o.Only(func(int) bool { return true })
}

// Only is the ownership by some of the holdings. Every party keeps its number.
func (o *Ownership) Only(keep func(holding int) bool) *Ownership {
	some := &Ownership{numbers: o.numbers, names: o.names, rows: o.rows, pairs: o.pairs, owners: make([][]holder, len(o.names))}
	places := make(map[[2]int]int, len(o.pairs)) // of the holding among the owners of the owned
	for i, pair := range o.pairs {
		if !keep(i) {
			continue
		}
		x := holder{owner: pair[0], share: o.rows[i].Percent}
		if !x.share.HasLow {
			x.share.Low, x.share.HasLow = all.Low, true
		}
		if !x.share.HasHigh {
			x.share.High, x.share.HasHigh = all.High, true
		}
		at, twice := places[pair]
		list := &some.owners[pair[1]]
		switch {
		case x.share.High.Sign() == 0: // holds nothing
		case !twice:
			places[pair] = len(*list)
			*list = append(*list, x)
		case (*list)[at].share != x.share:
			(*list)[at].share, (*list)[at].disputed = hull((*list)[at].share, x.share), true
		}
	}
	for i := range some.owners {
		slices.SortStableFunc(some.owners[i], func(a, b holder) int {
			return cmp.Or(b.share.Low.Cmp(a.share.Low), b.share.High.Cmp(a.share.High))
		})
	}
	some.sort()
	return some
}

func (o *Ownership) number(name string) int {
	key := Folded(name)
	n, ok := o.numbers[key]
	if !ok {
		n = len(o.names)
		o.numbers[key] = n
		o.names = append(o.names, name)
	}
	return n
}

// hull is the least range that holds both.
func hull(a, b quant.Range) quant.Range {
	if c := a.Low.Cmp(b.Low); c > 0 || c == 0 && a.Over {
		a.Low, a.Over = b.Low, b.Over
	}
	if c := a.High.Cmp(b.High); c < 0 || c == 0 && a.Under {
		a.High, a.Under = b.High, b.Under
	}
	return a
}

// sort puts owners before what they own. What is left stands in a circle, or below one.
func (o *Ownership) sort() {
	o.owns, o.circle = make([][]int, len(o.names)), make([]bool, len(o.names))
	waits := make([]int, len(o.names))
	for owned, list := range o.owners {
		waits[owned] = len(list)
		for _, x := range list {
			o.owns[x.owner] = append(o.owns[x.owner], owned)
		}
	}
	for n, w := range waits {
		if w == 0 {
			o.order = append(o.order, n)
		}
	}
	for i := 0; i < len(o.order); i++ {
		for _, owned := range o.owns[o.order[i]] {
			if waits[owned]--; waits[owned] == 0 {
				o.order = append(o.order, owned)
			}
		}
	}
	for n, w := range waits {
		if w > 0 {
			o.circle[n] = true
			o.order = append(o.order, n)
		}
	}
}

// Names are all parties of the holdings, by number, as first printed.
func (o *Ownership) Names() []string { return o.names }

// Owned says that a party has owners in the file.
func (o *Ownership) Owned(n int) bool { return len(o.owners[n]) > 0 }

// Owns says that a party owns others in the file.
func (o *Ownership) Owns(n int) bool { return len(o.owns[n]) > 0 }

// OwnershipRule is a rule by which a listing reaches the owned, as the law has it.
type OwnershipRule struct {
	Share    quant.Range // percent from which the owned counts as listed
	Together bool        // what several listed parties hold counts together; false: the act does not say so
	Through  bool        // who is reached counts as listed for all that it holds; false: the act does not say so
}

// Reaches is how a rule reaches every party of the holdings.
type Reaches struct {
	o      *Ownership
	rule   OwnershipRule
	listed []rule.Truth // by number: stands on a list of the rule
	counts []rule.Truth // by number: listed, or reached
	path   [][2]float64 // by number: share of listed parties multiplied along the chains, least and most
}

// Reach judges every party at once. Listed says which stand on a list of the rule themselves: yes, no, or it cannot be told.
//
// A party that counts holds for all it has: X's 50 % of A and A's 50 % of B reach B where the rule goes through. The product along the chain
// (25 %) is computed beside it and decides nothing. A circle of holdings reaches nobody by itself.
func (o *Ownership) Reach(r OwnershipRule, listed []rule.Truth) *Reaches {
	x := &Reaches{o: o, rule: r, listed: listed, counts: slices.Clone(listed), path: make([][2]float64, len(o.names))}
	next, queued := slices.Clone(o.order), make([]bool, len(o.names))
	for len(next) > 0 {
		now := next
		next = nil
		for _, n := range now {
			queued[n] = false
			if !x.judge(n) {
				continue
			}
			for _, owned := range o.owns[n] {
				if !queued[owned] {
					queued[owned] = true
					next = append(next, owned)
				}
			}
		}
	}
	x.multiply()
	return x
}

// judge asks whether the owners of a party that count so far reach it, and says whether that is news. Truths only grow, so it ends.
func (x *Reaches) judge(n int) (news bool) {
	if x.counts[n] == rule.Yes || !x.o.Owned(n) {
		return false
	}
	t := x.truth(x.sum(n))
	news = t == rule.Yes || t == rule.Unknown && x.counts[n] == rule.No
	if news {
		x.counts[n] = t
	}
	return news
}

func (x *Reaches) truth(s sums) rule.Truth {
	sure := s.single
	if x.rule.Together {
		sure = s.stated
	}
	least := quant.AtLeast(sure.Low, sure.Over)
	switch {
	case !s.any:
		return rule.No
	case least.Within(x.rule.Share):
		return rule.Yes
	case !s.most.Apart(x.rule.Share):
		return rule.Unknown
	}
	return rule.No
}

// sums are what the counting owners of a party hold.
type sums struct {
	any    bool        // some owner counts, or may
	stated quant.Range // of all that count, as the rows have it
	single quant.Range // of the one that holds most for certain
	other  quant.Range // of owners that do not count
	most   quant.Range // what all that count hold at most, with what no row speaks of
}

func (x *Reaches) sum(n int) (s sums) {
	none := quant.Exactly(quant.Int(0))
	s.stated, s.single, s.other = none, none, none
	for _, h := range x.o.owners[n] {
		switch x.holds(h.owner) {
		case rule.Yes:
			s.any = true
			s.stated = plus(s.stated, h.share)
			if least := h.share.Low.Cmp(s.single.Low); least > 0 || least == 0 && h.share.Over {
				s.single = h.share
			}
		case rule.Unknown:
			s.any = true
			s.stated = plus(s.stated, quant.Range{HasLow: true, High: h.share.High, HasHigh: true, Under: h.share.Under})
		default:
			s.other = plus(s.other, h.share)
		}
	}
	left, err := all.High.Sub(s.other.Low)
	if err != nil || left.Sign() < 0 {
		left = quant.Int(0)
	}
	s.most = quant.AtMost(left, s.other.Over)
	if left.Cmp(s.stated.Low) < 0 {
		s.most = quant.AtMost(s.stated.Low, false) // the rows give away more than all
	}
	if s.stated.High.Cmp(s.most.High) > 0 {
		s.stated.High, s.stated.Under = s.most.High, s.most.Under
	}
	return s
}

// holds says whether what an owner holds counts: it is listed, or reached where the rule goes through.
func (x *Reaches) holds(owner int) rule.Truth {
	if x.rule.Through || x.counts[owner] == rule.No {
		return x.counts[owner]
	}
	return rule.Or(x.listed[owner], rule.Unknown)
}

// plus adds shares, whose digits the reader bounds, so that sums are exact.
func plus(a, b quant.Range) quant.Range {
	low, errLow := a.Low.Add(b.Low)
	high, errHigh := a.High.Add(b.High)
	if errLow != nil || errHigh != nil {
		return all
	}
	return quant.Range{Low: low, High: high, HasLow: true, HasHigh: true, Over: a.Over || b.Over, Under: a.Under || b.Under}
}

// rounds bounds the steps by which shares are multiplied along chains: with so many the rest of a circle is far below what is printed.
const rounds = 64

// multiply computes the share that listed parties hold along all chains, from below and from above.
func (x *Reaches) multiply() {
	for n := range x.path {
		switch x.listed[n] {
		case rule.Yes:
			x.path[n] = [2]float64{1, 1}
		case rule.Unknown:
			x.path[n] = [2]float64{0, 1}
		default:
			if x.o.Owned(n) {
				x.path[n] = [2]float64{0, 1}
			}
		}
	}
	for range rounds {
		changed := false
		for _, n := range x.o.order {
			if x.listed[n] == rule.Yes || !x.o.Owned(n) {
				continue
			}
			low, high, rest := 0.0, 0.0, 1.0
			for _, h := range x.o.owners[n] {
				least := fraction(h.share.Low)
				low, high, rest = low+least*x.path[h.owner][0], high+least*x.path[h.owner][1], rest-least
			}
			now := [2]float64{min(1, low), min(1, high+max(0, rest))} // what is not known of the shares may all be with listed parties
			if x.listed[n] == rule.Unknown {
				now[1] = 1
			}
			changed = changed || now != x.path[n]
			x.path[n] = now
		}
		if !changed {
			return
		}
	}
}

func fraction(d quant.Decimal) float64 {
	coef, exp := d.Parts()
	f := float64(coef) / 100
	for ; exp < 0; exp++ {
		f /= 10
	}
	for ; exp > 0; exp-- {
		f *= 10
	}
	return f
}

// Link is a holding of a chain.
type Link struct {
	Owner, Owned string
	Percent      quant.Range
	Disputed     bool // rows contradict one another
}

// Chain leads from a party up to a listed one.
type Chain struct {
	Links  []Link
	Listed int // number of the listed party
}

// Reached is how a rule reaches one party, with the evidence.
type Reached struct {
	Truth    rule.Truth
	Share    quant.Range   // percent that counting owners hold, as the rows have it
	Unstated quant.Decimal // percent of which no row says who holds it
	Along    [2]float64    // percent that listed parties hold along the chains, multiplied: least and most
	Chains   []Chain       // the shortest of each owner that counts, the greatest holding first
	Circle   bool          // the party stands in a circle of holdings, or below one
	Excess   bool          // the rows give away more than all of the party
}

const mostChains = 5 // of one party that are shown

// At is how the rule reaches a party; false: none of its owners counts.
func (x *Reaches) At(n int) (Reached, bool) {
	s := x.sum(n)
	if !s.any {
		return Reached{}, false
	}
	given := plus(s.stated, s.other)
	r := Reached{
		Truth: x.truth(s), Share: s.stated, Along: [2]float64{100 * x.path[n][0], 100 * x.path[n][1]},
		Circle: x.o.circle[n], Excess: given.Low.Cmp(all.High) > 0,
	}
	if rest, err := all.High.Sub(given.High); err == nil && rest.Sign() > 0 {
		r.Unstated = rest
	}
	for _, h := range x.o.owners[n] {
		if len(r.Chains) < mostChains && x.holds(h.owner) != rule.No {
			r.Chains = append(r.Chains, x.chain(n, h))
		}
	}
	return r, true
}

// chain finds the shortest way from a party by one of its owners to a listed one.
func (x *Reaches) chain(n int, first holder) Chain {
	from := map[int]Link{first.owner: x.link(n, first)}
	below := map[int]int{first.owner: n}
	for queue := []int{first.owner}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if x.listed[at] != rule.No {
			c := Chain{Listed: at}
			for at != n {
				c.Links = append(c.Links, from[at])
				at = below[at]
			}
			slices.Reverse(c.Links)
			return c
		}
		for _, h := range x.o.owners[at] {
			if _, seen := below[h.owner]; !seen && h.owner != n && x.holds(h.owner) != rule.No {
				from[h.owner], below[h.owner] = x.link(at, h), at
				queue = append(queue, h.owner)
			}
		}
	}
	return Chain{Links: []Link{from[first.owner]}, Listed: first.owner}
}

func (x *Reaches) link(owned int, h holder) Link {
	return Link{Owner: x.o.names[h.owner], Owned: x.o.names[owned], Percent: h.share, Disputed: h.disputed}
}
