package fact

import (
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// Known is an item made ready for conditions: stated facts joined with what the named kinds are certain to contain and to be. Make one
// with Prepare and use it for as many questions as you like; it holds the item by reference.
type Known struct {
	*Item
	Vocab *vocab.Vocab

	Forms      vocab.FormSet  // stated by column or by words
	Possible   vocab.FormSet  // forms it may have besides
	Worded     vocab.FormSet  // forms that words say besides, and that go together with Forms
	Clash      bool           // two stated forms cannot go together: the forms answer nothing
	HeldForms  vocab.FormSet  // forms of stuff that words name and that an article holds or is about
	Present    vocab.Elements // contained for certain
	Maybe      vocab.Elements // stated, but it may be nothing: "<0.01 %"
	None       vocab.Elements // known to be none; see Lacks for what a closed list adds
	ListClosed bool           // elements not stated are none
	Specific   bool           // the words name a kind that rules out unrelated kinds
	held       uint64         // mentions of stuff that an article holds, one bit each
	rest       quant.Decimal  // upper bound on what is not stated; valid where hasRest
	hasRest    bool
}

// Prepare joins the facts of an item. It does not allocate.
func (k *Known) Prepare(v *vocab.Vocab, it *Item) {
	*k = Known{Item: it, Vocab: v, Forms: it.Forms, ListClosed: it.Closed}
	for i := range it.Contents {
		c := &it.Contents[i]
		switch {
		case c.None:
			k.None.Add(c.Element)
		case c.Certain():
			k.Present.Add(c.Element)
		default:
			k.Maybe.Add(c.Element)
		}
	}
	k.readWords()
	k.Possible = v.Possible(k.Forms)
	k.Clash = k.Forms&^v.Together(k.Forms) != 0
	k.Worded = it.Worded & v.Together(k.Forms)
	k.Possible |= k.Worded
	if it.Forms == 0 {
		k.Possible |= it.Worded & v.Intangible()
	}
	k.boundRest()
}

// readWords adds what the named kinds are certain to contain and to be. Of an article (a motor, a technology) words that name stuff name what
// it holds or is about: they add elements, but the article is not that stuff, unless it is declared to be its principal component and removable.
func (k *Known) readWords() {
	articles := k.Vocab.Articles()
	article := k.Forms & articles
	for _, m := range k.Mentions {
		article |= k.Vocab.KindForms(m.Kind) & articles
	}
	released := article != 0 && k.released()
	if released {
		k.Forms &^= articles
		article = 0
	}
	together := k.Vocab.Together(article)
	named, pure := false, true
	var without vocab.Elements
	for i, m := range k.Mentions {
		forms := k.Vocab.KindForms(m.Kind)
		k.Present.Union(k.Vocab.KindElements(m.Kind))
		if released && forms&articles != 0 {
			continue
		}
		if article != 0 && forms&^together != 0 {
			k.HeldForms |= forms
			k.held |= 1 << i
			continue
		}
		k.Forms |= forms
		without.Union(k.Vocab.Without(m.Kind))
		if !k.Vocab.Generic(m.Kind) {
			named, pure = true, pure && k.Vocab.Pure(m.Kind)
		}
	}
	k.Specific = named
	k.ListClosed = k.ListClosed || named && pure && k.HeldForms == 0 && !k.Unread
	without.Without(k.Present)
	k.None.Union(without)
}

// released says that the stuff built in is declared to be the principal component and removable.
func (k *Known) released() bool {
	for i := range k.Params {
		if p := &k.Params[i]; p.Text != "" && k.Vocab.Releases(p.ID, p.Text) {
			return true
		}
	}
	return false
}

// boundRest finds how much of the mass is not stated: 100 minus the lower bounds.
func (k *Known) boundRest() {
	rest := quant.Int(100)
	for i := range k.Contents {
		c := &k.Contents[i]
		if c.None || !c.Share.HasLow {
			continue
		}
		r, err := rest.Sub(c.Share.Low)
		if err != nil {
			return
		}
		rest, k.hasRest = r, true
	}
	k.rest = rest
}

// Lacks says that an element is known not to be contained: stated as none, or not stated in a list that is closed. What the name of the thing
// says is contained outweighs a column that says it is none; the reader warns of that.
func (k *Known) Lacks(e vocab.Element) bool {
	return !k.Present.Has(e) && (k.None.Has(e) || k.ListClosed && !k.Maybe.Has(e))
}

// LacksOf is those of a set that are known not to be contained.
func (k *Known) LacksOf(of vocab.Elements) vocab.Elements {
	of.Without(k.Present)
	if !k.ListClosed {
		return vocab.Elements{of[0] & k.None[0], of[1] & k.None[1]}
	}
	maybe := k.Maybe
	maybe.Without(k.None)
	of.Without(maybe)
	return of
}

// LacksAny says that one of the elements is known not to be contained.
func (k *Known) LacksAny(of vocab.Elements) bool { return !k.LacksOf(of).Empty() }

// Share is what is known of the mass percent of an element, and whether anything is: known to be none gives exactly zero; an
// element that is not stated is bounded by what the stated ones leave.
func (k *Known) Share(e vocab.Element) (share quant.Range, known bool) {
	for i := range k.Contents {
		c := &k.Contents[i]
		if c.Element != e {
			continue
		}
		if c.None {
			return quant.Exactly(quant.Decimal{}), true
		}
		share = c.Share
		if !share.HasLow {
			share.HasLow, share.Over = true, c.Certain()
		}
		if e == k.BalanceOf && k.ListClosed && !c.Share.HasLow {
			share = k.balance(share)
		}
		if !share.HasHigh && k.hasRest {
			share.High, share.HasHigh = k.rest, true
			if c.Share.HasLow {
				share.High, _ = k.rest.Add(c.Share.Low)
			}
		}
		return share, true
	}
	switch {
	case k.Lacks(e):
		return quant.Exactly(quant.Decimal{}), true
	case k.hasRest:
		return quant.Between(quant.Decimal{}, k.rest), true
	}
	return quant.Range{}, false
}

// balance is the least that an element which takes the remainder of a closed list can have: 100 minus the upper bounds of the others.
func (k *Known) balance(share quant.Range) quant.Range {
	low := quant.Int(100)
	for i := range k.Contents {
		c := &k.Contents[i]
		if c.Element == k.BalanceOf || c.None {
			continue
		}
		rest, err := low.Sub(c.Share.High)
		if !c.Share.HasHigh || err != nil {
			return share
		}
		low = rest
	}
	if low.Sign() > 0 {
		share.Low, share.HasLow, share.Over = low, true, false
	}
	return share
}

// Param returns what is known of a parameter, or nil.
func (k *Known) Param(id vocab.ParamID) *Param {
	for i := range k.Params {
		if k.Params[i].ID == id {
			return &k.Params[i]
		}
	}
	return nil
}

// Named returns the mention of a kind (or of one that is of that kind), or nil. Stuff that an article holds does not name the article.
func (k *Known) Named(kind vocab.KindID) *vocab.Mention {
	for i := range k.Mentions {
		if k.held>>i&1 == 0 && k.Vocab.IsA(k.Mentions[i].Kind, kind) {
			return &k.Mentions[i]
		}
	}
	return nil
}
