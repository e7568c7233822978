package decide

import (
	"slices"

	"lodestone/internal/bom"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// Contents is what the share and contains leaves of a book count in the parts of things, or look for among them, each once. It serves one goroutine.
type Contents struct {
	List    []*rule.Content
	book    *law.Book
	norms   [][]int    // of each content: the norms that say what it is
	related []rule.Set // of each content: those, and what the rules that count it speak of besides
	c       rule.Case
	bearing rule.Set
}

// NewContents gathers the contents of a book.
func NewContents(b *law.Book) *Contents {
	k := &Contents{book: b, bearing: b.Index.NewSet()}
	for n := range b.Norms {
		rule.Leaves(b.Norms[n].When, func(l rule.Leaf) {
			if content := rule.ContentOf(l); content != nil {
				k.add(content, &b.Norms[n])
			}
		})
	}
	return k
}

func (k *Contents) add(content *rule.Content, of *law.Compiled) {
	at := slices.IndexFunc(k.List, func(c *rule.Content) bool { return c.Key == content.Key })
	if at < 0 {
		at = len(k.List)
		k.List = append(k.List, content)
		k.norms = append(k.norms, normsOf(k.book, content.Groups))
		k.related = append(k.related, k.book.Index.NewSet())
	}
	for _, n := range append(normsOf(k.book, of.Marks.Groups), k.norms[at]...) {
		k.related[at][n>>6] |= 1 << (n & 63)
	}
}

// normsOf lists the norms of some groups that say what a thing is.
func normsOf(b *law.Book, groups []vocab.GroupID) []int {
	var norms []int
	for n := range b.Norms {
		c := &b.Norms[n]
		if c.Kind == "list_entry" && slices.ContainsFunc(c.Groups, func(g vocab.GroupID) bool { return slices.Contains(groups, g) }) {
			norms = append(norms, n)
		}
	}
	return norms
}

// Counted is the contents as the roll-up needs them.
func (k *Contents) Counted() []bom.Content {
	list := make([]bom.Content, len(k.List))
	for i, c := range k.List {
		list[i] = bom.Content{Presence: c.Presence, ByMass: c.ByMass, Elements: c.Elements}
	}
	return list
}

// read says what the facts of a part say of each content, and which elements it holds for certain, and holds or may hold.
func (k *Contents) read(it *fact.Item, holdings []bom.Holding) (certain, maybe vocab.Elements) {
	c := &k.c
	c.Known.Prepare(k.book.Vocab, it)
	c.On, c.CodeOutside = it.Day(), false
	if c.On == 0 {
		c.On = k.book.Assessed.Horizon
	}
	clear(k.bearing)
	bears := k.book.Bearing.Fill(k.bearing, c)
	for i := range k.List {
		holdings[i] = k.holding(i, bears)
	}
	certain, maybe = c.Present, c.Present
	maybe.Union(c.Maybe)
	return certain, maybe
}

func (k *Contents) holding(i int, bears bool) bom.Holding {
	content, h := k.List[i], bom.Holding{Inside: rule.No}
	h.Is, h.Fact = k.is(i)
	bears = bears && meets(k.bearing, k.related[i])
	h.Speaks = bears || k.speaks(content)
	if h.Is == rule.Yes {
		return h
	}
	if k.mayHold(content, bears) && k.fits(i) {
		h.Inside = rule.Unknown
		if h.Is == rule.No {
			h.Fact = bom.AskParts
		}
	}
	return h
}

// speaks says whether a stated fact speaks of a content: an element of it, or where it is told by no group, its origin or its condition.
func (k *Contents) speaks(content *rule.Content) bool {
	c := &k.c
	if len(content.Groups) > 0 {
		return c.Present.Meets(content.Elements) || c.Maybe.Meets(content.Elements)
	}
	return content.Origin != nil && content.Origin.Eval(c) == rule.Yes || content.Where != nil && content.Where.Eval(c) != rule.Unknown
}

func meets(a, b rule.Set) bool {
	for i := range a {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}

// is says whether the part itself is the content, and the fact that is missing to know.
func (k *Contents) is(i int) (rule.Truth, string) {
	content := k.List[i]
	answer, missing := rule.Yes, ""
	for _, n := range []rule.Node{content.Origin, content.Where} {
		if n == nil {
			continue
		}
		t := n.Eval(&k.c)
		if t == rule.No {
			return rule.No, ""
		}
		if t == rule.Unknown && missing == "" {
			missing = k.lacking(n)
		}
		answer = rule.And(answer, t)
	}
	if len(content.Groups) == 0 {
		return answer, missing
	}
	thing, lacking := k.named(i)
	if thing == rule.Unknown {
		missing = lacking // what a thing is comes before where it is from
	}
	return rule.And(answer, thing), missing
}

// lacking names the first fact that leaves a condition open.
func (k *Contents) lacking(n rule.Node) (fact string) {
	rule.Deciding(n, &k.c, func(l rule.Leaf, t rule.Truth) {
		if fact == "" && t == rule.Unknown {
			fact = l.Fact()
		}
	})
	return fact
}

// named says whether one of the norms of the content's groups speaks of the part. Where its own words or its composition say that it is
// something else, and nothing stated speaks of the content, it is not.
func (k *Contents) named(i int) (rule.Truth, string) {
	answer, missing := rule.No, ""
	for _, n := range k.norms[i] {
		t := k.book.Norms[n].When.Eval(&k.c)
		if t == rule.Yes {
			return t, ""
		}
		if t == rule.Unknown && missing == "" {
			missing = k.lacking(k.book.Norms[n].When)
		}
		answer = rule.Or(answer, t)
	}
	if answer == rule.Unknown && k.somethingElse(k.List[i]) {
		return rule.No, ""
	}
	return answer, missing
}

func (k *Contents) somethingElse(content *rule.Content) bool {
	c := &k.c
	return !c.Unread && (len(c.Contents) > 0 || c.Specific) && !c.Present.Meets(content.Elements) && !c.Maybe.Meets(content.Elements)
}

// fits says that, whatever its form, something inside the part may be the content: its composition does not exclude it.
func (k *Contents) fits(i int) bool {
	c := &k.c
	forms := c.Forms
	c.Forms = 0
	defer func() { c.Forms = forms }()
	return len(k.norms[i]) == 0 || slices.ContainsFunc(k.norms[i], func(n int) bool { return k.book.Norms[n].When.Eval(c) != rule.No })
}

// mayHold says that a part of which no parts are known may hold the content: an element of it is stated, a stated fact speaks of what the rule
// is about (a magnet), or nothing is stated of what the part is. A part that is named as something else raises no question.
func (k *Contents) mayHold(content *rule.Content, bears bool) bool {
	c := &k.c
	if content.Elements.Empty() || c.LacksOf(content.Elements) == content.Elements {
		return false
	}
	return bears || c.Present.Meets(content.Elements) || c.Maybe.Meets(content.Elements) ||
		c.Description == "" && c.Forms == 0 && len(c.Contents) == 0 && c.HS == ""
}
