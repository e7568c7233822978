package fact

import (
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// This file is about entries of a composition that name no element: families of elements ("稀土 30%"), names of goods ("graphite 5%"), and what
// cannot be read at all ("resin 5%"). The first say what may be contained; the last are set aside with a warning, and the list stays open.

// collective reads an entry that names a family of elements or a kind of goods. ok is false where it names neither.
func (c *compositionReader) collective(words, s string) (f *fault, ok bool) {
	s, without := cutWithout(strings.TrimLeft(s, " ("))
	for _, w := range restWords { // "other rare earths 0.5%", "余量稀土"
		if rest, ok := cutPrefixFold(s, w); ok {
			s = strings.TrimSpace(rest)
			break
		}
	}
	content := Content{Source: Column, Words: words, None: without}
	elements, loose, rest, ok := c.r.v.FamilyAtStart(s)
	if ok {
		return c.family(elements, loose, content, rest), true
	}
	if elements, rest, ok = c.r.kindAtStart(s); !ok {
		return nil, false
	}
	share, none, f := c.amount(rest)
	if f != nil {
		c.suppose(elements, content, share)
		return c.setAside(words, f), true
	}
	content.Share, content.None = share, content.None || none
	return c.formula(elements, content), true
}

// cutWithout takes the words that deny off the start of an entry.
func cutWithout(s string) (rest string, without bool) {
	for _, w := range []string{"不含", "无", "no ", "without "} {
		if rest, ok := strings.CutPrefix(s, w); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}

// kindAtStart finds a kind of goods named at the start of an entry, by a word or a CAS number, that is certain to contain some elements.
func (r *Reader) kindAtStart(s string) (elements vocab.Elements, rest string, ok bool) {
	end := 0
	for _, m := range r.v.Words().Find(nil, s) {
		if m.Start == 0 && m.End >= end {
			end = m.End
			elements.Union(r.v.KindElements(m.Kind))
		}
	}
	return elements, s[end:], end > 0 && !elements.Empty()
}

// amount reads what stands behind such a name; nothing or "present" is an amount not stated.
func (c *compositionReader) amount(rest string) (share quant.Range, none bool, f *fault) {
	rest = strings.TrimSpace(strings.Trim(rest, " :=()"))
	switch meaningOf(rest) {
	case wordNone:
		return share, true, nil
	case wordPresent:
		return share, false, nil
	}
	if rest == "" {
		return share, false, nil
	}
	if share, f = c.r.share(rest, c.decimalComma); f != nil {
		return quant.Range{}, false, f
	}
	return share, isZero(share), nil
}

// family says of each element of a family that it may be contained, up to the share stated: which of them is not said. None of a family is
// none of each, unless the word is a loose one.
func (c *compositionReader) family(elements vocab.Elements, loose bool, content Content, rest string) *fault {
	share, none, f := c.amount(rest)
	if f == nil && (content.None || none) {
		return c.noneOf(elements, loose, content)
	}
	c.suppose(elements, content, share)
	if f != nil {
		return c.setAside(content.Words, f)
	}
	c.r.warn(c.it, colComposition, "the elements by name", "%s: does not say which; each of them may be contained", clip(content.Words))
	return nil
}

func (c *compositionReader) noneOf(elements vocab.Elements, loose bool, content Content) (f *fault) {
	if loose {
		c.r.warn(c.it, colComposition, "the elements by name", "%s: says nothing of the elements; left unknown", clip(content.Words))
		return nil
	}
	elements.Each(func(e vocab.Element) {
		if f == nil {
			f = c.add(Content{Element: e, None: true, Source: Column, Words: content.Words})
		}
	})
	return f
}

// suppose notes elements that may be contained, up to the upper end of a share. What is stated of an element by name comes before it.
func (c *compositionReader) suppose(elements vocab.Elements, content Content, share quant.Range) {
	content.Share, content.None = quant.AtMost(quant.Int(100), false), false
	if share.HasHigh {
		content.Share = quant.AtMost(share.High, share.Under)
	}
	for i := range c.it.Contents {
		elements.Remove(c.it.Contents[i].Element)
	}
	elements.Each(func(e vocab.Element) {
		c.supposed.Add(e)
		content.Element = e
		c.it.Contents = append(c.it.Contents, content)
	})
}

// stated makes room for what is stated of an element that was only supposed to be contained.
func (c *compositionReader) stated(e vocab.Element) {
	if !c.supposed.Has(e) {
		return
	}
	c.supposed.Remove(e)
	for i := range c.it.Contents {
		if c.it.Contents[i].Element == e {
			c.it.Contents = append(c.it.Contents[:i], c.it.Contents[i+1:]...)
			return
		}
	}
}

// setAside passes over an entry that cannot be read. What it is about stays unknown.
func (c *compositionReader) setAside(words string, f *fault) *fault {
	c.it.Unread = true
	c.r.warn(c.it, colComposition, f.meant, "%s; the entry %q is set aside, what it holds stays unknown", f.said, clip(words))
	return nil
}

// noSubject reads an entry that names no element, or sets it aside; the element that was probably meant may be contained.
func (c *compositionReader) noSubject(words, s string, why *fault) *fault {
	if f, ok := c.collective(words, s); ok {
		return f
	}
	e, ok := vocab.ElementOf(why.meant)
	if ok {
		ok = strings.EqualFold(firstWord(s), why.meant) // of two letters, another symbol is always near
	} else {
		e, ok = c.r.v.ElementNamed(why.meant)
	}
	if ok {
		return c.unsure(e, words, why)
	}
	return c.setAside(words, why)
}

// noAmount reads an entry whose amount cannot be read: what begins with an element may be a family or a kind (镨钕, neodymium iron boron), else
// the element may be contained.
func (c *compositionReader) noAmount(what subject, words string, why *fault) *fault {
	if f, ok := c.collective(words, strings.TrimSpace(ordinary(words))); ok {
		return f
	}
	if what.element == 0 {
		return c.setAside(words, why)
	}
	return c.unsure(what.element, words, why)
}

// unsure passes over the amount of an element that cannot be read: the element may be contained.
func (c *compositionReader) unsure(e vocab.Element, words string, f *fault) *fault {
	var set vocab.Elements
	set.Add(e)
	c.suppose(set, Content{Source: Column, Words: words}, quant.Range{})
	return c.setAside(words, f)
}
