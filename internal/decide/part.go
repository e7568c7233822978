package decide

import (
	"strings"

	"lodestone/internal/bom"
	"lodestone/internal/fact"
	"lodestone/internal/quant"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// Part is what a structure needs of an item that is part of it.
type Part struct {
	Quantity quant.Range // in the unit, for one unit of the parent; zero: not stated
	Unit     bom.Unit
	Facts    bom.Facts
}

// Part reads an item as a part. The holdings of p have room for one a content.
func (k *Contents) Part(it *fact.Item, p *Part) {
	p.Unit = unitOf(k.book.Vocab, it.Unit)
	p.Quantity = it.Quantity
	f := &p.Facts
	f.Line, f.Currency, f.Class = it.Line, it.Currency, p.Unit.Class
	f.Certain, f.Maybe = k.read(it, f.Holdings)
	if !it.Value.HasLow {
		return
	}
	f.Valued = true
	worth, factor := bom.Of(it.Value), bom.Exactly(p.Unit.Factor)
	switch {
	case it.ValueIsUnit:
		f.Value = worth.Over(factor)
	case !it.Quantity.HasLow: // one lot of that value, whatever its mass
		p.Unit = bom.Unit{Factor: quant.Int(1)}
		p.Quantity, f.Class, f.Value = quant.Exactly(quant.Int(1)), "", worth
	default:
		f.Value = worth.Over(bom.Of(it.Quantity).Times(factor))
	}
}

// unitOf finds the class of a unit: masses, lengths and the like convert; pieces and sets, and words that are not known, stay apart.
func unitOf(v *vocab.Vocab, word string) bom.Unit {
	plain := bom.Unit{Factor: quant.Int(1)}
	if word == "" {
		return plain
	}
	u, ok := v.UnitIn(bom.MassClass, word)
	if !ok {
		u, ok = v.Unit(word)
	}
	switch {
	case !ok:
		plain.Class = strings.ToLower(word)
		return plain
	case u.Dimension == "count":
		plain.Class = u.ID
		return plain
	}
	return bom.Unit{Class: u.Dimension, Factor: u.Factor}
}

// Hold gives an assembly the elements that its parts hold for certain and that its own facts do not speak of.
func (k *Contents) Hold(t *bom.Tree, n int32, it *fact.Item) {
	v := k.book.Vocab
	if t.Leaf(n) || it.Closed {
		return
	}
	forms := it.Forms
	for _, m := range it.Mentions {
		forms |= v.KindForms(m.Kind)
	}
	if forms&v.Articles() == 0 {
		return
	}
	within := t.Within(n)
	for i := range it.Contents {
		within.Remove(it.Contents[i].Element)
	}
	within.Each(func(e vocab.Element) {
		it.Contents = append(it.Contents, fact.Content{Element: e, Source: fact.Parts})
	})
}

// Of fills in what a structure says of the parts of one part. Where no part speaks of a content nothing is said: there is nothing to ask.
func (k *Contents) Of(t *bom.Tree, n int32, parts *rule.Parts) {
	parts.Shares, parts.Contained = parts.Shares[:0], parts.Contained[:0]
	for i, c := range k.List {
		switch speaks := t.Speaks(n, i); {
		case c.Presence:
			if found := t.Contains(n, i); speaks || found != rule.Unknown {
				parts.Contained = append(parts.Contained, rule.ContainedFact{Key: c.Key, Truth: found})
			}
		case speaks:
			share := t.Share(n, i)
			parts.Shares = append(parts.Shares, rule.ShareFact{Key: c.Key, Range: share.Percent()})
		}
	}
}
