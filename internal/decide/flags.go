package decide

import (
	"slices"

	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// Flags are warnings that the stated facts give. They come from what is stated and never from what is left empty.
type Flags uint8

const (
	FlagParty     Flags = 1 << iota // a stated party is on a list whose measures stand, or may stand
	FlagMilitary                    // a stated use or user is military
	FlagHub                         // the final destination is a place where goods are mostly passed on
	FlagMismatch                    // the stated use does not fit the stated user
	FlagDiversion                   // it is declared that the goods may be passed on or put to another use
	FlagOwnership                   // it is declared, or a file of holdings says, that a listed party owns or stands behind the buyer
	FlagUnfit                       // the stated use does not fit the goods
)

// FlagWords are the names of the flags, in the order of their bits.
var FlagWords = []string{"party", "military", "hub", "mismatch", "diversion", "ownership", "unfit"}

// Words lists the names of the flags that are set.
func (f Flags) Words() []string {
	var words []string
	for i, w := range FlagWords {
		if f>>i&1 == 1 {
			words = append(words, w)
		}
	}
	return words
}

// words are the terms of the vocabularies that the engine itself speaks of, as sets with one bit a term.
type words struct {
	militaryUse, civilUse   uint64
	militaryUser, civilUser uint64
	diversion, ownership    uint64
	intangible              vocab.TermID
	technology              vocab.FormSet
	hubs                    vocab.Places
	unfit                   [][]vocab.GroupID // by end use: groups of goods that nobody puts to it
	licences                licenceWords
}

func wordsOf(v *vocab.Vocab) words {
	set := func(vocabulary string, ids ...string) (bits uint64) {
		for _, id := range ids {
			if t, ok := v.Term(vocabulary, id); ok {
				bits |= 1 << t
			}
		}
		return bits
	}
	w := words{
		militaryUse:  set("end_use", "military", "military_strength", "wmd", "terrorism", "missile_parts", "ai_military"),
		civilUse:     set("end_use", "civil", "medical", "humanitarian", "investment"),
		militaryUser: set("end_user_kind", "military", "military_supplier"),
		civilUser:    set("end_user_kind", "civil", "individual"),
		diversion:    set("knowledge", "diversion_suspected"),
		ownership:    set("knowledge", "listed_party_behind", "owned_50_by_listed"),
		licences:     licenceWordsOf(v),
	}
	w.intangible, _ = v.Term("procedure", "intangible")
	w.technology, _ = v.FormsOf([]string{"technology", "software"})
	w.hubs, _ = v.PlacesOf([]string{"group:transit_hub"})
	w.unfit = make([][]vocab.GroupID, len(v.EndUses)+1)
	for i := range v.EndUses {
		for _, id := range v.EndUses[i].Unfit {
			if g, ok := v.Group(id); ok {
				w.unfit[i+1] = append(w.unfit[i+1], g)
			}
		}
	}
	return w
}

// flags gathers what the stated facts warn of.
func (d *Decider) flags() (f Flags) {
	c, w := &d.c, &d.words
	if d.onLoaded() != rule.No || slices.ContainsFunc(c.Parties, func(p rule.Party) bool { return p.State != rule.No }) {
		f |= FlagParty
	}
	has := func(bits uint64, t vocab.TermID) bool { return t != 0 && bits>>t&1 == 1 }
	militaryUse, militaryUser := has(w.militaryUse, c.EndUse), has(w.militaryUser, c.EndUserKind)
	if militaryUse || militaryUser {
		f |= FlagMilitary
	}
	if militaryUse && has(w.civilUser, c.EndUserKind) || militaryUser && has(w.civilUse, c.EndUse) {
		f |= FlagMismatch
	}
	if c.Destination != (vocab.Country{}) && w.hubs.Has(c.Destination, c.On) {
		f |= FlagHub
	}
	if unfit := w.unfit[c.EndUse]; len(unfit) > 0 && d.speaksOf(unfit) {
		f |= FlagUnfit
	}
	for _, k := range c.Knowledge {
		if has(w.diversion, k) {
			f |= FlagDiversion
		}
		if has(w.ownership, k) {
			f |= FlagOwnership
		}
	}
	if len(c.Owned) > 0 {
		f |= FlagOwnership
	}
	return f
}

// suspect lets a flag open the catch-all: with a flag and nothing declared the answer may be what the catch-all demands, but only where a
// norm already bears on the item. Plain goods keep their answer.
func (d *Decider) suspect() {
	r := &d.result
	if r.Flags == 0 || len(d.c.Knowledge) > 0 || r.Outcome == law.NotCovered || !d.spokenOf() {
		return
	}
	for _, n := range d.catchAlls {
		c := &d.book.Norms[n]
		if c.Scope != nil && c.Scope.Eval(&d.c) == rule.No || d.state(n) != law.InForce {
			continue
		}
		r.MayBe = max(r.MayBe, c.May)
	}
	r.Open = r.MayBe != r.Outcome
}

// spokenOf says that a dual-use control speaks of the item, whether it catches it or not.
func (d *Decider) spokenOf() bool {
	found := false
	d.bearing.Each(func(n int) {
		if c := &d.book.Norms[n]; !found && c.DualUse && c.Speaks {
			state := d.state(n)
			found = state != law.Unknown && state != law.Over
		}
	})
	return found
}

// speaksOf says that a dual-use control of one of the groups speaks of the item, whether it catches it or not.
func (d *Decider) speaksOf(groups []vocab.GroupID) bool {
	found := false
	d.bearing.Each(func(n int) {
		c := &d.book.Norms[n]
		found = found || c.DualUse && c.Speaks && slices.ContainsFunc(c.Groups, func(g vocab.GroupID) bool { return slices.Contains(groups, g) })
	})
	return found
}

// catchAllsOf lists the norms that rest on a declaration alone.
func catchAllsOf(b *law.Book) []int {
	var norms []int
	for n := range b.Norms {
		if c := &b.Norms[n]; c.Kind == "catch_all" && c.Marks.Declared && !c.Marks.RestsOnOthers() {
			norms = append(norms, n)
		}
	}
	return norms
}
