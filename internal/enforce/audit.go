package enforce

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"lodestone/internal/sentence"
)

// Verdicts of an audit.
const (
	Consistent   = "consistent"
	Inconsistent = "inconsistent"
	CannotTell   = "cannot_tell"
)

// Finding is what the arithmetic says of a claim, or of several together.
type Finding struct {
	Report     string
	Claim      string   // the claim judged; of several claims together, their group
	Claims     []string // of a finding on several together
	Printed    string   // empty: of several together
	Verdict    string
	Arithmetic []sentence.Sentence
	Fits       []sentence.Sentence // what figures would fit
}

// Audit judges every claim of every report by arithmetic alone. It knows nothing of the cases behind the figures: consistent means only that
// nothing printed contradicts the figure.
func Audit(p *Published) []Finding {
	out := []Finding{}
	for i := range p.Reports {
		a := audit{report: &p.Reports[i], by: map[string]*Claim{}}
		for j := range a.report.Claims {
			a.by[a.report.Claims[j].ID] = &a.report.Claims[j]
		}
		out = append(out, a.run()...)
	}
	return out
}

type audit struct {
	report *PublishedReport
	by     map[string]*Claim
}

func (a *audit) run() (out []Finding) {
	for i := range a.report.Claims {
		c := &a.report.Claims[i]
		f := Finding{Report: a.report.ID, Claim: c.ID, Printed: printed(c), Verdict: CannotTell}
		switch {
		case c.Measure == "share":
			a.share(c, &f)
		case c.Measure == "growth":
			a.growth(c, &f)
		case len(c.MeanOf) > 0:
			a.mean(c, &f)
		case c.Measure == "decisions":
			a.count(c, &f)
		}
		if len(f.Arithmetic) == 0 {
			f.say(CannotTell, "nothing else printed bears on it")
		}
		out = append(out, f)
	}
	return append(out, a.denominators()...)
}

func printed(c *Claim) string {
	if c.Unit == "percent" {
		return c.Value.String() + " %"
	}
	return c.Value.String()
}

// say adds a step. One contradiction makes the whole inconsistent; one agreement makes it consistent if there is no contradiction.
func (f *Finding) say(verdict, format string, args ...any) {
	if f.Verdict != Inconsistent && verdict != CannotTell {
		f.Verdict = verdict
	}
	f.Arithmetic = append(f.Arithmetic, sentence.Of(format, args...))
}

func (f *Finding) fit(format string, args ...any) {
	fits := sentence.Of(format, args...)
	text := fits.String()
	if !slices.ContainsFunc(f.Fits, func(s sentence.Sentence) bool { return s.String() == text }) {
		f.Fits = append(f.Fits, fits)
	}
}

// sum adds the counts of the named claims; ok is false where one is no count.
func (a *audit) sum(names []string) (sum int64, text string, ok bool) {
	var parts []string
	for _, n := range names {
		c := a.by[n]
		if c == nil || c.Measure != "decisions" {
			return 0, "", false
		}
		sum += c.whole()
		parts = append(parts, c.Value.String())
	}
	text = strings.Join(parts, " + ")
	if len(parts) > 1 {
		text = fmt.Sprintf("%s = %d", text, sum)
	}
	return sum, text, len(parts) > 0
}

// share checks a share against its counts, or searches the whole numbers that give it.
func (a *audit) share(c *Claim, f *Finding) {
	over := a.by[c.Over]
	if over == nil || over.Measure != "decisions" || over.whole() == 0 {
		f.say(CannotTell, "it does not say of what number it is a share")
		return
	}
	n := over.whole()
	counts := wholeParts(c, n)
	if part, text, ok := a.sum(c.Of); ok {
		exact := percent(part, n)
		if c.prints(exact) {
			f.say(Consistent, "%s of %d is %s %%", text, n, c.show(exact))
			return
		}
		f.say(Inconsistent, "%s of %d is %s %%, not %s %%", text, n, c.show(exact), c.Value)
		for _, k := range counts {
			f.fit("%d of %d is %s %%", k, n, c.show(percent(k, n)))
		}
		return
	}
	switch len(counts) {
	case 0:
		below := below(c, n)
		f.say(Inconsistent, "no whole number of %d is %s %%: %d is %s %%, %d is %s %%", n, c.Value, below, c.show(percent(below, n)), below+1, c.show(percent(below+1, n)))
		if ns := a.fitting([]*Claim{c}); len(ns) > 0 {
			f.fit("of another number: %s, and any from %d on", list(ns), every([]*Claim{c}))
		}
	case 1:
		f.say(Consistent, "%d of %d is %s %%", counts[0], n, c.show(percent(counts[0], n)))
	default:
		f.say(Consistent, "any of %s out of %d gives %s %%", list(counts), n, c.Value)
	}
}

// fitting are the numbers of which some whole part gives each of the shares, below the number from which on all do.
func (a *audit) fitting(shares []*Claim) (ns []int64) {
	for n := int64(1); n < every(shares); n++ {
		if !slices.ContainsFunc(shares, func(c *Claim) bool { return len(wholeParts(c, n)) == 0 }) {
			ns = append(ns, n)
		}
	}
	return ns
}

// list writes numbers, of many the first.
func list(ns []int64) sentence.Sentence { return listed(ns, sentence.Of(", ")) }

func listed(ns []int64, between sentence.Sentence) sentence.Sentence {
	const most = 30
	parts := make([]sentence.Sentence, min(len(ns), most))
	for i := range parts {
		parts[i] = sentence.Of("%d", ns[i])
	}
	if len(ns) > most {
		parts = append(parts, sentence.Of("… (%d in all)", len(ns)))
	}
	return sentence.Join(parts, between)
}

// growth checks a rate against two counts, or searches the whole numbers before that give it.
func (a *audit) growth(c *Claim, f *Finding) {
	now, text, ok := a.sum(c.Of)
	if !ok {
		f.say(CannotTell, "it does not say what grew")
		return
	}
	if before := a.by[c.Over]; before != nil && before.Measure == "decisions" && before.whole() > 0 {
		exact := growth(now, before.whole())
		if c.prints(exact) {
			f.say(Consistent, "from %s to %s is %s %%", before.Value, text, c.show(exact))
		} else {
			f.say(Inconsistent, "from %s to %s is %s %%, not %s %%", before.Value, text, c.show(exact), c.Value)
		}
		return
	}
	if bases := basesOf(c, now); len(bases) > 0 {
		f.say(Consistent, "%s after %s %% growth means %s in %s", text, c.Value, list(bases), c.OverPeriod)
		return
	}
	f.say(Inconsistent, "no whole number before gives %s %% for %s", c.Value, text)
	for k := int64(1); k <= 2*now+10; k++ {
		if bases := basesOf(c, k); len(bases) > 0 && a.fitsShares(c.Of, k) {
			f.fit("%d after %s", k, list(bases))
		}
	}
}

// fitsShares says whether a count, put in the place of the one printed, gives every share that is printed of it.
func (a *audit) fitsShares(of Names, k int64) bool {
	for i := range a.report.Claims {
		s := &a.report.Claims[i]
		if s.Measure != "share" || len(of) != 1 || len(s.Of) != 1 || s.Of[0] != of[0] {
			continue
		}
		if over := a.by[s.Over]; over != nil && over.whole() > 0 && !s.prints(percent(k, over.whole())) {
			return false
		}
	}
	return true
}

// fitsGrowth says the same of growth rates.
func (a *audit) fitsGrowth(of string, k int64) bool {
	for i := range a.report.Claims {
		g := &a.report.Claims[i]
		if g.Measure == "growth" && g.OverPeriod != "" && len(g.Of) == 1 && g.Of[0] == of && len(basesOf(g, k)) == 0 {
			return false
		}
	}
	return true
}

// count checks a number of decisions: as a whole against its parts, as a part against its own shares and rates, as a base against what rates
// imply.
func (a *audit) count(c *Claim, f *Finding) {
	for _, group := range a.groupsOf(c.ID) {
		a.whole(c, group, f)
	}
	if c.PartOf != "" {
		a.part(c, f)
	}
	a.base(c, f)
}

// groupsOf lists the breakdowns of a total.
func (a *audit) groupsOf(total string) (groups []string) {
	for _, c := range a.report.Claims {
		if c.PartOf == total && !slices.Contains(groups, c.Group) {
			groups = append(groups, c.Group)
		}
	}
	return groups
}

func (a *audit) parts(total, group string) (parts []*Claim, partial bool) {
	for i := range a.report.Claims {
		if c := &a.report.Claims[i]; c.PartOf == total && c.Group == group && c.Measure == "decisions" {
			parts, partial = append(parts, c), partial || c.Partial
		}
	}
	return parts, partial
}

// whole checks a total against the sum of a breakdown. Where it fails, it tries each part in turn: the number that would close the sum.
func (a *audit) whole(c *Claim, group string, f *Finding) {
	parts, partial := a.parts(c.ID, group)
	var names []string
	for _, p := range parts {
		names = append(names, p.ID)
	}
	sum, text, ok := a.sum(names)
	total := c.whole()
	switch {
	case !ok:
	case partial && sum <= total:
		f.say(Consistent, "by %s: %s, at most %d; not all parts are named", group, text, total)
	case partial:
		f.say(Inconsistent, "by %s: %s, more than %d, and not all parts are named", group, text, total)
	case sum == total:
		f.say(Consistent, "by %s: %s", group, text)
	default:
		f.say(Inconsistent, "by %s: %s, not %d", group, text, total)
		for _, p := range parts {
			if k := total - sum + p.whole(); k >= 0 && a.fitsShares(Names{p.ID}, k) && a.fitsGrowth(p.ID, k) {
				f.fit("%s = %d closes the sum and gives its own share and growth", p.ID, k)
			}
		}
		if a.fitsTotal(c.ID, sum) {
			f.fit("a total of %d", sum)
		}
	}
}

// fitsTotal says whether the shares and rates that are printed of a total would hold with another number.
func (a *audit) fitsTotal(id string, n int64) bool {
	for i := range a.report.Claims {
		x := &a.report.Claims[i]
		part, _, ok := a.sum(x.Of)
		if !ok {
			continue
		}
		if x.Measure == "share" && x.Over == id && (n == 0 || !x.prints(percent(part, n))) {
			return false
		}
		if before := a.by[x.Over]; x.Measure == "growth" && len(x.Of) == 1 && x.Of[0] == id && before != nil && before.whole() > 0 && !x.prints(growth(n, before.whole())) {
			return false
		}
	}
	return true
}

// part checks a part against the shares and rates printed of it.
func (a *audit) part(c *Claim, f *Finding) {
	for i := range a.report.Claims {
		x := &a.report.Claims[i]
		if len(x.Of) != 1 || x.Of[0] != c.ID {
			continue
		}
		var one Finding
		switch x.Measure {
		case "share":
			a.share(x, &one)
		case "growth":
			a.growth(x, &one)
		}
		for _, step := range one.Arithmetic {
			f.say(one.Verdict, "%s: %s", x.ID, step)
		}
	}
	total, _ := a.parts(c.PartOf, c.Group)
	if f.Verdict == Inconsistent && len(total) > 0 {
		for k := int64(0); k <= a.by[c.PartOf].whole(); k++ {
			if a.fitsShares(Names{c.ID}, k) && a.fitsGrowth(c.ID, k) {
				f.fit("%d", k)
			}
		}
	}
	if len(f.Arithmetic) == 0 && c.whole() <= a.by[c.PartOf].whole() {
		f.say(Consistent, "no more than the whole, %s", a.by[c.PartOf].Value)
	}
}

// base checks a number of the period before against the numbers that the growth of each part implies.
func (a *audit) base(c *Claim, f *Finding) {
	for i := range a.report.Claims {
		g := &a.report.Claims[i]
		if g.Measure != "growth" || g.Over != c.ID || len(g.Of) != 1 {
			continue
		}
		for _, group := range a.groupsOf(g.Of[0]) {
			a.implied(c, g.Of[0], group, f)
		}
	}
}

// implied adds up the bases of a breakdown. A part whose printed count gives no base stands with the count that fits everything else printed of it.
func (a *audit) implied(c *Claim, total, group string, f *Finding) {
	parts, partial := a.parts(total, group)
	sums := []int64{0}
	var terms []sentence.Sentence
	for _, p := range parts {
		g := a.growthOf(p.ID, c.Period)
		if g == nil {
			return
		}
		bases, as := basesOf(g, p.whole()), any("")
		if len(bases) == 0 || !a.fitsShares(Names{p.ID}, p.whole()) {
			bases = nil
			for k := int64(1); k <= a.by[total].whole(); k++ {
				if b := basesOf(g, k); len(b) > 0 && a.fitsShares(Names{p.ID}, k) {
					bases, as = append(bases, b...), sentence.Of(" (as %d)", k)
				}
			}
		}
		if len(bases) == 0 {
			return
		}
		terms = append(terms, sentence.Of("%s%s %s", p.ID, as, list(bases)))
		sums = addAll(sums, bases)
	}
	if len(terms) == 0 {
		return
	}
	where := sentence.Of("growth by %s implies %s: together %s", group, sentence.Join(terms, sentence.Of(", ")), list(sums))
	switch n := c.whole(); {
	case partial:
		f.say(CannotTell, "%s; not all parts are named", where)
	case slices.Contains(sums, n):
		f.say(Consistent, "%s", where)
	default:
		f.say(Inconsistent, "%s, not %d", where, n)
		for _, s := range sums {
			f.fit("%d", s)
		}
	}
}

func (a *audit) growthOf(id, period string) *Claim {
	for i := range a.report.Claims {
		g := &a.report.Claims[i]
		if g.Measure == "growth" && g.OverPeriod == period && len(g.Of) == 1 && g.Of[0] == id {
			return g
		}
	}
	return nil
}

// mean checks a mean against its parts: which weights it needs, and whether such weights exist.
func (a *audit) mean(c *Claim, f *Finding) {
	var low, high *Claim
	sum := new(big.Rat)
	for _, id := range c.MeanOf {
		p := a.by[id]
		sum.Add(sum, p.Value.Rat())
		if low == nil || p.Value.Cmp(low.Value.Decimal) < 0 {
			low = p
		}
		if high == nil || p.Value.Cmp(high.Value.Decimal) > 0 {
			high = p
		}
	}
	m := c.Value.Rat()
	if m.Cmp(low.Value.Rat()) < 0 || m.Cmp(high.Value.Rat()) > 0 {
		f.say(Inconsistent, "no mean of figures from %s to %s is %s, whatever the weights", low.Value, high.Value, c.Value)
		return
	}
	simple := sum.Quo(sum, big.NewRat(int64(len(c.MeanOf)), 1))
	if c.prints(simple) {
		f.say(Consistent, "the simple mean is %s", c.show(simple))
	} else {
		f.say(CannotTell, "the simple mean is %s, not %s", c.show(simple), c.Value)
	}
	if len(c.MeanOf) != 2 || low == high {
		return
	}
	width := new(big.Rat).Sub(high.Value.Rat(), low.Value.Rat())
	if width.Sign() == 0 {
		return
	}
	w := new(big.Rat).Sub(m, low.Value.Rat())
	w.Quo(w, width)
	rest := new(big.Rat).Sub(big.NewRat(1, 1), w)
	f.say(CannotTell, "(%s - %s) / (%s - %s) = %s: it needs the weights %s for %s and %s for %s; which mean was taken is not stated",
		c.Value, low.Value, high.Value, low.Value, w.FloatString(2), rest.FloatString(2), low.ID, w.FloatString(2), high.ID)
	f.fit("weights %s and %s", rest.FloatString(2), w.FloatString(2))
	a.weightsAsCounts(c, w, high, f)
}

// weightsAsCounts says how many decisions the weights mean, if they are numbers of decisions and the period's total is printed.
func (a *audit) weightsAsCounts(c *Claim, w *big.Rat, high *Claim, f *Finding) {
	for i := range a.report.Claims {
		t := &a.report.Claims[i]
		if t.Measure == "decisions" && t.Period == c.Period && t.PartOf == "" && t.whole() > 0 {
			k := new(big.Rat).Mul(w, t.Value.Rat())
			f.say(CannotTell, "as numbers of decisions of %s: %s behind %s", t.Value, k.FloatString(1), high.ID)
		}
	}
}

// denominators searches, for shares of one breakdown whose counts are not printed, the numbers of which whole parts give all of them.
func (a *audit) denominators() (out []Finding) {
	groups := map[string][]*Claim{}
	var order []string
	for i := range a.report.Claims {
		c := &a.report.Claims[i]
		if c.Measure != "share" || len(c.Of) > 0 || c.Over == "" || c.Group == "" {
			continue
		}
		key := c.Group + " of " + c.Over
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], c)
	}
	for _, key := range order {
		if shares := groups[key]; len(shares) > 1 {
			out = append(out, a.together(key, shares))
		}
	}
	return out
}

func (a *audit) together(key string, shares []*Claim) Finding {
	f := Finding{Report: a.report.ID, Claim: key, Verdict: CannotTell}
	var values []string
	for _, c := range shares {
		f.Claims, values = append(f.Claims, c.ID), append(values, c.Value.String())
	}
	text := strings.Join(values, ", ") + " %"
	ns, over := a.fitting(shares), a.by[shares[0].Over]
	if over != nil && slices.Contains(ns, over.whole()) {
		f.say(Consistent, "whole numbers of %s give %s", over.Value, text)
		return f
	}
	if over != nil {
		f.say(CannotTell, "whole numbers of %s do not give %s together", over.Value, text)
	}
	for _, n := range ns {
		var counts []sentence.Sentence
		for _, c := range shares {
			counts = append(counts, listed(wholeParts(c, n), sentence.Of(" or ")))
		}
		f.fit("N = %d: %s", n, sentence.Join(counts, sentence.Of(", ")))
	}
	f.say(CannotTell, "%d numbers under %d have whole parts that give %s, and any number from there on: cannot tell which", len(ns), every(shares), text)
	return f
}
