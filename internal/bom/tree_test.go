package bom

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lodestone/internal/quant"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// spec is a structure as a test states it: parts by number, links from lower to higher numbers.
type spec struct {
	values []quant.Range // of one unit; zero: not stated
	is     []rule.Truth
	inside []rule.Truth
	links  []specLink
}

type specLink struct {
	parent, child int
	quantity      quant.Range
}

func id(n int) string { return fmt.Sprint("P", n) }

var plain = quant.Int(1)

func (s *spec) build() *Tree {
	b := NewBuilder([]Content{{}})
	s.fill(b)
	t := b.Build(nil)
	t.Roll()
	return t
}

// fill states the structure to a builder of one content.
func (s *spec) fill(b *Builder) {
	for i := range s.values {
		n, _ := b.Part(id(i))
		f := Facts{Line: i + 1, Currency: "USD", Holdings: []Holding{{Is: s.is[i], Inside: s.inside[i], Fact: "origin"}}}
		if s.values[i].HasLow {
			f.Value, f.Valued = Of(s.values[i]), true
		}
		b.State(n, &f)
	}
	for _, l := range s.links {
		parent, _ := b.Part(id(l.parent))
		child, _ := b.Part(id(l.child))
		b.Link(parent, child, l.quantity, plain)
	}
}

func textOf(t *Tree) (low, high string) {
	s := t.Share(t.Numbers[0], 0)
	return s.Text()
}

func percentOf(t *Tree, n int) quant.Range {
	s := t.Share(t.Numbers[n], 0)
	return s.Percent()
}

// total is what one unit of a part counts for of the content.
func total(t *Tree, n int) Interval {
	n32 := t.Numbers[n]
	return t.totals[t.measure(n32, 0)].of(n32)
}

func drawRange(t *rapid.T, label string) quant.Range {
	low := quant.MustDecimal(rapid.SampledFrom([]string{"0", "0.05", "1", "2.5", "3", "7", "1000"}).Draw(t, label))
	switch rapid.IntRange(0, 5).Draw(t, label+" kind") {
	case 0:
		return quant.Range{}
	case 1:
		high, _ := low.Add(quant.MustDecimal(rapid.SampledFrom([]string{"0.01", "2", "90"}).Draw(t, label+" more")))
		return quant.Between(low, high)
	}
	return quant.Exactly(low)
}

func drawSpec(t *rapid.T) *spec {
	n := rapid.IntRange(1, 9).Draw(t, "parts")
	s := &spec{}
	truth := []rule.Truth{rule.No, rule.No, rule.Yes, rule.Unknown}
	for i := range n {
		s.values = append(s.values, drawRange(t, fmt.Sprint("value ", i)))
		s.is = append(s.is, rapid.SampledFrom(truth).Draw(t, fmt.Sprint("is ", i)))
		s.inside = append(s.inside, rapid.SampledFrom([]rule.Truth{rule.No, rule.No, rule.Unknown}).Draw(t, fmt.Sprint("inside ", i)))
	}
	for range rapid.IntRange(0, 16).Draw(t, "links") {
		if n < 2 {
			break
		}
		parent := rapid.IntRange(0, n-2).Draw(t, "parent")
		s.links = append(s.links, specLink{parent, rapid.IntRange(parent+1, n-1).Draw(t, "child"), drawRange(t, "quantity")})
	}
	return s
}

// naive is the same by full expansion: every way down is walked, with fractions throughout.
type naive struct {
	low, high *big.Rat
	open      bool
}

func rat(d quant.Decimal) *big.Rat {
	r, _ := new(big.Rat).SetString(d.String())
	return r
}

func naiveOf(r quant.Range) naive {
	if !r.HasLow {
		return naive{new(big.Rat), new(big.Rat), true}
	}
	return naive{rat(r.Low), rat(r.High), false}
}

func (a naive) zero() bool { return !a.open && a.high.Sign() == 0 }

func (a naive) times(b naive) naive {
	if a.zero() || b.zero() {
		return naive{new(big.Rat), new(big.Rat), false}
	}
	return naive{new(big.Rat).Mul(a.low, b.low), new(big.Rat).Mul(a.high, b.high), a.open || b.open}
}

func (s *spec) naiveInside(n int) naive {
	sum, leaf := naive{new(big.Rat), new(big.Rat), false}, true
	for _, l := range s.links {
		if l.parent != n {
			continue
		}
		leaf = false
		x := naiveOf(l.quantity).times(s.naiveTotal(l.child))
		sum = naive{new(big.Rat).Add(sum.low, x.low), new(big.Rat).Add(sum.high, x.high), sum.open || x.open}
	}
	if leaf && s.inside[n] == rule.Unknown {
		own := naiveOf(s.values[n])
		return naive{new(big.Rat), own.high, own.open}
	}
	return sum
}

func (s *spec) naiveTotal(n int) naive {
	own, inside := naiveOf(s.values[n]), s.naiveInside(n)
	switch s.is[n] {
	case rule.Yes:
		return own
	case rule.No:
		return inside
	}
	hull := naive{own.low, own.high, own.open || inside.open}
	if inside.low.Cmp(own.low) < 0 {
		hull.low = inside.low
	}
	if inside.high.Cmp(own.high) > 0 {
		hull.high = inside.high
	}
	return hull
}

func (a naive) same(i Interval) bool {
	return a.low.Cmp(i.low.rat()) == 0 && a.open == i.open && (a.open || a.high.Cmp(i.high.rat()) == 0)
}

func TestRollUpEqualsFullExpansion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		tree := s.build()
		for n := range s.values {
			if want, got := s.naiveTotal(n), total(tree, n); !want.same(got) {
				t.Fatalf("%s: %v to %v open %v, expanded %v to %v open %v", id(n), got.low.rat(), got.high.rat(), got.open, want.low, want.high, want.open)
			}
		}
	})
}

// hide makes one thing less known.
func (s *spec) hide(t *rapid.T) *spec {
	less := &spec{slices.Clone(s.values), slices.Clone(s.is), slices.Clone(s.inside), slices.Clone(s.links)}
	n := rapid.IntRange(0, len(s.values)-1).Draw(t, "hidden")
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		less.values[n] = quant.Range{}
	case 1:
		less.is[n] = rule.Unknown
	case 2:
		less.inside[n] = rule.Unknown
	case 3:
		if len(less.links) > 0 {
			less.links[rapid.IntRange(0, len(less.links)-1).Draw(t, "link")].quantity = quant.Range{}
		}
	}
	return less
}

func TestHidingOnlyWidensAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		more, less := s.build(), s.hide(t).build()
		for n := range s.values {
			a, b := percentOf(more, n), percentOf(less, n)
			if !a.Within(b) {
				t.Fatalf("%s: %s becomes %s when something is hidden", id(n), a, b)
			}
		}
	})
}

func TestOrderOfLinksDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		other := *s
		other.links = slices.Clone(s.links)
		rand.New(rand.NewPCG(1, uint64(len(s.links)))).Shuffle(len(other.links), func(i, j int) { other.links[i], other.links[j] = other.links[j], other.links[i] })
		a, b := s.build(), other.build()
		for n := range s.values {
			if !total(a, n).Equal(total(b, n)) {
				t.Fatalf("%s differs", id(n))
			}
		}
	})
}

func TestTwiceListedIsTwiceTheQuantity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		if len(s.links) == 0 {
			t.Skip("no links")
		}
		at := rapid.IntRange(0, len(s.links)-1).Draw(t, "link")
		twice, double := *s, *s
		twice.links = append(slices.Clone(s.links), s.links[at])
		double.links = slices.Clone(s.links)
		if q := &double.links[at].quantity; q.HasLow {
			*q, _ = q.Scale(quant.Int(2))
		}
		a, b := twice.build(), double.build()
		for n := range s.values {
			if !total(a, n).Equal(total(b, n)) {
				t.Fatalf("%s differs", id(n))
			}
		}
	})
}

// The limit of the law is met exactly, or missed by as little as there is.
func TestSharesAtTheLimit(t *testing.T) {
	limit := quant.AtLeast(quant.MustDecimal("0.1"), false)
	over := quant.AtLeast(quant.MustDecimal("25"), true)
	for _, c := range []struct {
		held, whole        string
		low, high          string
		atLeastTenth, over rule.Truth
	}{
		{"0.5", "100", "0.005", "0.005", rule.Yes, rule.No},
		{"0.1", "100", "0.001", "0.001", rule.Yes, rule.No},
		{"0.09", "100", "0.0009", "0.0009", rule.No, rule.No},
		{"1", "3", "0.333333333", "0.333333334", rule.Yes, rule.Yes},
		{"1", "4", "0.25", "0.25", rule.Yes, rule.No},
		{"1.000000000000001", "4", "0.25", "0.250000001", rule.Yes, rule.Yes},
		{"0.333333333333333333", "333.333333333333334", "0.000999999", "0.001", rule.No, rule.No},
		{"0.05-0.2", "100", "0.0005", "0.002", rule.Unknown, rule.No},
		{"", "100", "0", "1", rule.Unknown, rule.Unknown},
		{"5", "", "0", "1", rule.Unknown, rule.Unknown},
		{"200", "100", "1", "1", rule.Yes, rule.Yes},
	} {
		s := &spec{values: []quant.Range{parsed(c.whole), parsed(c.held)}, is: []rule.Truth{rule.No, rule.Yes}, inside: []rule.Truth{rule.No, rule.No},
			links: []specLink{{0, 1, quant.Exactly(plain)}}}
		tree := s.build()
		share := tree.Share(tree.Numbers[0], 0)
		low, high := share.Text()
		if low != c.low || high != c.high {
			t.Errorf("%s of %s: %s to %s, want %s to %s", c.held, c.whole, low, high, c.low, c.high)
		}
		for _, x := range []struct {
			limit quant.Range
			want  rule.Truth
		}{{limit, c.atLeastTenth}, {over, c.over}} {
			got := rule.Unknown
			if yes, settled := share.Percent().Compare(x.limit); settled {
				got = rule.Is(yes)
			}
			if got != x.want {
				t.Errorf("%s of %s against %s: %s, want %s", c.held, c.whole, x.limit, got, x.want)
			}
		}
	}
}

func parsed(s string) quant.Range {
	if s == "" {
		return quant.Range{}
	}
	low, high, between := strings.Cut(s, "-")
	if between {
		return quant.Between(quant.MustDecimal(low), quant.MustDecimal(high))
	}
	return quant.Exactly(quant.MustDecimal(low))
}

func TestCirclesAreReportedAsThePathThatCloses(t *testing.T) {
	b := NewBuilder(nil)
	link := func(parent, child string) {
		p, _ := b.Part(parent)
		c, _ := b.Part(child)
		b.Link(p, c, quant.Exactly(plain), plain)
	}
	for _, l := range []string{"TOP A", "A B", "B C", "C A", "C D", "E E", "TOP E", "X Y"} {
		parent, child, _ := strings.Cut(l, " ")
		link(parent, child)
	}
	for n := range int32(b.count) {
		b.State(n, &Facts{Line: int(n) + 1})
	}
	tree := b.Build(nil)
	tree.Roll()
	number := func(name string) int32 { return int32(slices.Index(tree.ids, name)) }
	for name, want := range map[string]string{"A": "A > B > C > A", "B": "A > B > C > A", "C": "A > B > C > A", "E": "E > E", "TOP": "", "D": "", "X": ""} {
		if got := strings.Join(tree.Circle(number(name)), " > "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !tree.OneCircle(number("A"), number("C")) || tree.OneCircle(number("A"), number("E")) || tree.OneCircle(number("TOP"), number("TOP")) {
		t.Error("the circles are not told apart")
	}
}

// A structure as deep as its file is long neither overflows nor takes forever, and its broken quantities stay bounded.
func TestDeepStructures(t *testing.T) {
	const depth = 20_000
	b := NewBuilder([]Content{{}})
	for i := range depth {
		n, _ := b.Part(id(i))
		f := Facts{Line: i + 1, Currency: "USD", Holdings: []Holding{{Is: rule.No, Inside: rule.No}}}
		if i == depth-1 {
			f.Holdings[0].Is, f.Value, f.Valued = rule.Yes, Exactly(plain), true
		}
		b.State(n, &f)
		if i > 0 {
			b.Link(n-1, n, quant.Exactly(quant.MustDecimal("1.001")), plain)
		}
	}
	tree := b.Build(nil)
	tree.Roll()
	top := total(tree, 0)
	if top.low.cmp(top.high) > 0 || top.low.r.Num().BitLen() > maxBits || top.low.sign() == 0 {
		t.Errorf("the top comes to %v", top)
	}
	low, high := top.Text()
	if low[:12] != high[:12] {
		t.Errorf("rounding outward costs too much: %s to %s", low, high)
	}
}

func TestElementsOfTheWholeThatNoPartHolds(t *testing.T) {
	dy, _ := vocab.ElementOf("Dy")
	var elements vocab.Elements
	elements.Add(dy)
	build := func(inPart bool) *Tree {
		b := NewBuilder([]Content{{Elements: elements}})
		magnet, _ := b.Part("MAGNET")
		iron, _ := b.Part("IRON")
		none := []Holding{{Is: rule.No, Inside: rule.No}}
		b.State(magnet, &Facts{Line: 1, Value: Exactly(quant.Int(100)), Valued: true, Currency: "USD", Certain: elements, Maybe: elements, Holdings: none})
		f := Facts{Line: 2, Value: Exactly(quant.Int(1)), Valued: true, Currency: "USD", Holdings: none}
		if inPart {
			f.Maybe = elements
		}
		b.State(iron, &f)
		b.Link(magnet, iron, quant.Exactly(plain), plain)
		t := b.Build(nil)
		t.Roll()
		return t
	}
	if tree := build(false); percentOf(tree, 0) == (quant.Exactly(quant.Decimal{})) {
		t.Error("the magnet holds dysprosium, no part of it does, and the share is none")
	} else if asks := tree.Asks(tree.Numbers[0], 0, 3); len(asks) != 1 || asks[0].Fact != AskParts || tree.ID(asks[0].Part) != "MAGNET" {
		t.Errorf("asks %+v", asks)
	}
	if tree := build(true); percentOf(tree, 0) != (quant.Exactly(quant.Decimal{})) {
		t.Error("a part accounts for the dysprosium")
	}
}

func TestAsksGoByWhatTheyRemove(t *testing.T) {
	s := &spec{
		values: []quant.Range{parsed("1000"), parsed("50"), parsed("1-3"), {}, parsed("20"), parsed("7")},
		is:     []rule.Truth{rule.No, rule.Unknown, rule.Yes, rule.Yes, rule.No, rule.Yes},
		inside: []rule.Truth{rule.No, rule.No, rule.No, rule.No, rule.Unknown, rule.No},
		links:  []specLink{{0, 1, parsed("2")}, {0, 2, parsed("4")}, {0, 4, parsed("1")}, {0, 5, parsed("1-2")}},
	}
	show := func(tree *Tree) (list []string) {
		for _, a := range tree.Asks(tree.Numbers[0], 0, 9) {
			list = append(list, fmt.Sprintf("%s %s %.3f", tree.ID(a.Part), a.Fact, a.Removes))
		}
		return list
	}
	want := []string{"P1 origin 0.100", "P4 parts 0.020", "P2 value 0.008", "P5 quantity 0.007"}
	if diff := cmp.Diff(want, show(s.build())); diff != "" {
		t.Error(diff)
	}
	s.links = append(s.links, specLink{0, 3, parsed("1")})
	if got := show(s.build()); got[0] != "P3 value 0.989" {
		t.Errorf("a part of unknown value may be all there is: %v", got)
	}
	s.values[0] = quant.Range{}
	if got := show(s.build()); got[0] != "P0 value 1.000" && got[1] != "P0 value 1.000" {
		t.Errorf("nothing is known of the whole: %v", got)
	}
}

func TestCurrenciesTurnOnlyByRates(t *testing.T) {
	build := func(rates *Rates) *Tree {
		b := NewBuilder([]Content{{}})
		whole, _ := b.Part("WHOLE")
		part, _ := b.Part("PART")
		b.State(whole, &Facts{Line: 1, Value: Exactly(quant.Int(1000)), Valued: true, Currency: "USD", Holdings: []Holding{{Is: rule.No, Inside: rule.No}}})
		b.State(part, &Facts{Line: 2, Value: Exactly(quant.Int(70)), Valued: true, Currency: "CNY", Holdings: []Holding{{Is: rule.Yes}}})
		b.Link(whole, part, quant.Exactly(plain), plain)
		t := b.Build(rates)
		t.Roll()
		return t
	}
	without := build(nil)
	if low, high := textOf(without); low != "0" || high != "1" {
		t.Errorf("without rates: %s to %s", low, high)
	}
	if asks := without.Asks(without.Numbers[0], 0, 1); len(asks) != 1 || asks[0].Fact != AskCurrency {
		t.Errorf("asks %+v", asks)
	}
	rates := &Rates{}
	for _, r := range []struct{ from, to, worth string }{{"EUR", "CNY", "8"}, {"EUR", "USD", "1.2"}} {
		if err := rates.Add(r.from, r.to, quant.MustDecimal(r.worth)); err != nil {
			t.Fatal(err)
		}
	}
	with := build(rates)
	if low, high := textOf(with); low != "0.0105" || high != "0.0105" { // 70 CNY by way of EUR
		t.Errorf("with rates: %s to %s", low, high)
	}
	for _, bad := range []struct{ from, to, worth, want string }{
		{"USD", "CNY", "7", "by the rates above"}, {"USD", "USD", "1", "needs no rate"}, {"USD", "KRW", "0", "is none"}, {"CNY", "EUR", "0.125", ""},
	} {
		err := rates.Add(bad.from, bad.to, quant.MustDecimal(bad.worth))
		if (err == nil) != (bad.want == "") || err != nil && !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s %s %s: %v", bad.from, bad.to, bad.worth, err)
		}
	}
}

func TestLevels(t *testing.T) {
	var l Levels
	for _, row := range []struct {
		level      int
		id, parent string
		repeat     bool
		err        string
	}{
		{0, "TOP", "", false, ""},
		{1, "A", "TOP", false, ""},
		{2, "SCREW", "A", false, ""},
		{2, "PIN", "A", false, ""},
		{1, "B", "TOP", false, ""},
		{2, "A", "B", false, ""},
		{3, "SCREW", "A", true, ""},
		{3, "PIN", "A", true, ""},
		{1, "A", "TOP", false, ""}, // its parts are left out this time
		{1, "C", "TOP", false, ""},
		{3, "D", "C", false, "a level is left out"},
		{2, "A", "C", false, ""},
		{3, "NUT", "A", false, "A holds other parts"},
		{0, "OTHER", "", false, ""},
	} {
		parent, repeat, err := l.Next(row.level, row.id, "1 pcs")
		if parent != row.parent || repeat != row.repeat || (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%d %s: %q %v %v", row.level, row.id, parent, repeat, err)
		}
	}
	for text, want := range map[string]int{"2": 2, "..2": 2, "..": 2, "1.2.1": 3, "0": 0} {
		if got, err := ParseLevel(text); err != nil || got != want {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
	for _, text := range []string{"", "two", "-1", "1.x"} {
		if _, err := ParseLevel(text); err == nil {
			t.Errorf("%q is a level", text)
		}
	}
}

// Behind a row that could not be read nothing is hung on a part that it may not belong to.
func TestLevelsBehindALostRow(t *testing.T) {
	var l Levels
	next := func(level int, id string) string {
		parent, _, err := l.Next(level, id, "1")
		if err != nil {
			return "? " + parent
		}
		return parent
	}
	next(0, "TOP")
	next(1, "A")
	if got := strings.Join(l.Skip(), " "); got != "TOP A" {
		t.Errorf("the lost row may be part of %q", got)
	}
	for _, row := range []struct {
		level  int
		id     string
		parent string
	}{{2, "B", "? A"}, {3, "C", "B"}, {2, "D", "? A"}, {1, "E", "? TOP"}, {2, "F", "E"}, {0, "NEXT", ""}, {1, "G", "NEXT"}} {
		if got := next(row.level, row.id); got != row.parent {
			t.Errorf("%s at level %d is part of %q, want %q", row.id, row.level, got, row.parent)
		}
	}
}

// Mass is added up like value: a part in kilograms weighs what it is counted in, an assembly what its parts weigh, and the rest is unknown.
func TestSharesByMass(t *testing.T) {
	b := NewBuilder([]Content{{ByMass: true}})
	state := func(name, class string, is rule.Truth) int32 {
		n, _ := b.Part(name)
		b.State(n, &Facts{Line: int(n) + 1, Class: class, Holdings: []Holding{{Is: is, Inside: rule.No}}})
		return n
	}
	kilograms, grams := plain, quant.MustDecimal("0.001")
	set, rotor, metal, iron := state("SET", "", rule.No), state("ROTOR", "", rule.No), state("DY", MassClass, rule.Yes), state("FE", MassClass, rule.No)
	screw := state("SCREW", "pcs", rule.No)
	b.Link(rotor, metal, quant.Exactly(quant.Int(20)), grams)
	b.Link(rotor, iron, quant.Exactly(quant.MustDecimal("1.98")), kilograms)
	b.Link(set, rotor, quant.Exactly(quant.Int(2)), plain)
	b.Link(set, screw, quant.Exactly(quant.Int(8)), plain)
	tree := b.Build(nil)
	tree.Roll()
	percent := func(n int32) quant.Range {
		share := tree.Share(tree.Numbers[n], 0)
		return share.Percent()
	}
	if got := percent(rotor); got != quant.Exactly(quant.Int(1)) {
		t.Errorf("20 g in 2 kg: %s %%", got)
	}
	if got := percent(set); got.Low.Sign() != 0 || got.High.Cmp(quant.Int(1)) != 0 {
		t.Errorf("40 g in 4 kg and screws of unknown mass: %s %%", got)
	}
}

// Every row on a circle names its path, so a long one is cut short.
func TestALongCircleIsCutShort(t *testing.T) {
	b := NewBuilder(nil)
	const long = 1000
	for i := range long {
		parent, _ := b.Part(id(i))
		child, _ := b.Part(id((i + 1) % long))
		b.Link(parent, child, quant.Exactly(plain), plain)
	}
	tree := b.Build(nil)
	if path := tree.Circle(0); len(path) != shownPath+1 || path[0] != path[shownPath] || !slices.Contains(path, "…") {
		t.Errorf("%d ids: %v", len(path), path)
	}
}
