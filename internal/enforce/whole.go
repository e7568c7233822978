package enforce

import (
	"math/big"
	"slices"
)

// What whole numbers can lie behind a printed percentage: shares, growth rates, and the counts before and after.

// half is half a unit of the last digit printed.
func (c *Claim) half() *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(5), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Decimals)+1), nil))
}

// prints says whether an exact percentage rounds to what a claim prints. Half a unit either way counts: who printed it may round halves up or
// to even.
func (c *Claim) prints(percent *big.Rat) bool {
	d := new(big.Rat).Sub(percent, c.Value.Rat())
	return d.Abs(d).Cmp(c.half()) <= 0
}

func percent(part, of int64) *big.Rat { return big.NewRat(100*part, of) }

func growth(now, before int64) *big.Rat { return big.NewRat(100*(now-before), before) }

func (c *Claim) whole() int64 { return c.Value.Rat().Num().Int64() }

// show prints a percentage with one digit more than the claim does.
func (c *Claim) show(p *big.Rat) string { return p.FloatString(c.Decimals + 1) }

// wholeParts are the whole numbers out of n that print as a claim does.
func wholeParts(c *Claim, n int64) (counts []int64) {
	of := big.NewRat(n, 100)
	from := floor(new(big.Rat).Mul(new(big.Rat).Sub(c.Value.Rat(), c.half()), of))
	to := floor(new(big.Rat).Mul(new(big.Rat).Add(c.Value.Rat(), c.half()), of))
	for k := max(from, 0); k <= min(to, n); k++ {
		if c.prints(percent(k, n)) {
			counts = append(counts, k)
		}
	}
	return counts
}

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

// below is the largest whole part of n under the share printed.
func below(c *Claim, n int64) int64 {
	k := int64(0)
	for k+1 <= n && percent(k+1, n).Cmp(c.Value.Rat()) < 0 {
		k++
	}
	return k
}

// every is the number from which on some whole part gives any share of the digits printed.
func every(shares []*Claim) int64 {
	n := int64(100)
	for _, c := range shares {
		for d, m := 0, int64(100); d <= c.Decimals; d, m = d+1, m*10 {
			n = max(n, m)
		}
	}
	return n
}

// basesOf are the whole numbers before from which a count has grown as a claim prints.
func basesOf(c *Claim, now int64) (bases []int64) {
	least := new(big.Rat).Add(big.NewRat(100, 1), new(big.Rat).Add(c.Value.Rat(), c.half()))
	if least.Sign() <= 0 {
		return nil
	}
	from := floor(new(big.Rat).Quo(big.NewRat(100*now, 1), least))
	for b := max(from, 1); b <= 10*now+10; b++ {
		if c.prints(growth(now, b)) {
			bases = append(bases, b)
		} else if len(bases) > 0 || b > from+1 && growth(now, b).Cmp(c.Value.Rat()) < 0 {
			break
		}
	}
	return bases
}

// addAll are the sums of one of each, in order and each once.
func addAll(a, b []int64) (sums []int64) {
	const most = 5000 // more combinations than that decide nothing
	for _, x := range a {
		for _, y := range b {
			if !slices.Contains(sums, x+y) && len(sums) < most {
				sums = append(sums, x+y)
			}
		}
	}
	slices.Sort(sums)
	return sums
}
