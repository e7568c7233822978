package decide

import (
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
)

// fold makes the interval of outcome and may_be from the findings.
//
// What is established is the most severe demand of a norm that holds and is in force. What is open comes from unknown facts, standings
// that are not established, and matters for review. A norm on which nothing bears raises no question, but where another of the same legal order
// bears it still counts for may_be: the item has not been shown not to be caught by it, unless its words name a kind, which says what it is.
func (d *Decider) fold() {
	r := &d.result
	established, reason, most := law.NotCovered, law.NotCovered, law.NotCovered
	bears, stub, uncertain := false, false, false
	var unshown [maxOrders]law.Outcome // by legal order: the most severe of which the item has not been shown to be free
	var bearing [maxOrders]bool
	for i := range r.Findings {
		f := &r.Findings[i]
		c := &d.book.Norms[f.Norm]
		if c.Stub {
			stub = d.stub(f) || stub
			continue
		}
		if !c.Speaks || f.Truth == rule.No {
			continue
		}
		e, why, may := weigh(f)
		if !f.Bears {
			if d.codeless(c) || d.aside(c) {
				continue
			}
			uncertain = uncertain || why != law.NotCovered || e != law.NotCovered
			if !d.c.Specific {
				unshown[d.order[f.Norm]] = max(unshown[d.order[f.Norm]], may)
			}
			continue
		}
		if e != law.NotCovered || why != law.NotCovered {
			bears, bearing[d.order[f.Norm]] = true, true
		}
		established, reason, most = max(established, e), max(reason, why), max(most, may)
		if e == law.Licence || e == law.GoodsLicence {
			r.Policy = max(r.Policy, c.Policy)
		}
	}
	for i, b := range bearing {
		if b {
			most = max(most, unshown[i])
		}
	}
	switch d.onLoaded() { // no rule of the law data says what follows, so a person must
	case rule.Yes:
		bears, reason, most = true, max(reason, law.Review), max(most, law.Review)
	case rule.Unknown:
		bears, reason, most = true, max(reason, law.CannotTell), max(most, law.Review)
	}
	d.partyGap()
	switch {
	case !bears:
		r.Outcome = d.plain(stub, uncertain)
		r.MayBe = r.Outcome
	case established >= law.GoodsLicence, reason == law.NotCovered, most <= established:
		r.Outcome, r.MayBe = established, max(established, most)
	default:
		r.Outcome, r.MayBe = reason, most
	}
	r.Open = r.MayBe != r.Outcome
	r.Flags = d.flags()
	d.suspect()
}

// maxOrders bounds the legal orders that are told apart; further ones count as the last.
const maxOrders = 16

// ordersOf gives each norm the number of its legal order, which is the beginning of its act's id: CN, US, or a company's own.
func ordersOf(b *law.Book) []uint8 {
	var names []string
	orders := make([]uint8, len(b.Norms))
	for n := range b.Norms {
		name, _, _ := strings.Cut(b.Norms[n].Act.ID, "-")
		at := slices.Index(names, name)
		if at < 0 {
			at = len(names)
			names = append(names, name)
		}
		orders[n] = uint8(min(at, maxOrders-1))
	}
	return orders
}

// weigh says what a finding that is not no establishes, why it leaves something open, and the most severe it may come to.
func weigh(f *Finding) (established, reason, most law.Outcome) {
	known := f.Truth == rule.Yes
	if f.BeforeExit && known {
		return law.NotCovered, law.Review, f.May
	}
	switch f.State {
	case law.InForce:
		switch {
		case !known:
			return law.NotCovered, law.CannotTell, f.May
		case f.Effect == law.Review:
			return law.NotCovered, law.Review, f.May
		}
		return f.Effect, law.NotCovered, f.May
	case law.Unestablished:
		if known {
			return law.NotCovered, law.NotEstablished, f.May
		}
		return law.NotCovered, law.CannotTell, f.May
	case law.Sleeping:
		if known {
			return law.Suspended, law.NotCovered, law.Suspended
		}
		if f.Bears {
			return law.NotCovered, law.CannotTell, law.Suspended
		}
	}
	return law.NotCovered, law.NotCovered, law.NotCovered
}

// stub records that a layer is decided by an act that was not read. It says whether it stands in the way of an answer.
func (d *Decider) stub(f *Finding) bool {
	if !f.Bears || f.Truth == rule.No || f.State != law.InForce && f.State != law.Unestablished {
		return false
	}
	d.result.Gaps = append(d.result.Gaps, Gap{Layer: d.book.Norms[f.Norm].Layer, Norm: f.Norm})
	return true
}

// codeless says that a norm is decided by a customs code and none is given: its layer then was not assessed, which is said once.
func (d *Decider) codeless(c *law.Compiled) bool {
	if d.c.HS != "" || c.Marks.Codes == nil {
		return false
	}
	if d.noThing() {
		return true // it has no customs code
	}
	if c.Layer == "dual_use" {
		return true // a directory of codes only hints
	}
	for _, g := range d.result.Gaps {
		if g.Layer == c.Layer && g.Norm < 0 {
			return true
		}
	}
	d.result.Gaps = append(d.result.Gaps, Gap{Layer: c.Layer, Norm: -1, Need: "hs"})
	return true
}

// noThing says that the item is stated to be technology or software and nothing else.
func (d *Decider) noThing() bool { return d.c.Forms != 0 && d.c.Forms&^d.words.technology == 0 }

// aside says that a norm on which nothing bears stands in a layer of its own (goods licence, technology, trade stops) on which nothing else
// bears either: that layer is not in question. Technology is not, either, where a customs code is stated: what has one is goods.
func (d *Decider) aside(c *law.Compiled) bool {
	switch c.Layer {
	case "technology":
		if d.noThing() && (d.c.Unread || len(d.c.Mentions) == 0 && len(d.c.Contents) == 0) {
			return false // what it is about is not known
		}
		if d.c.HS != "" {
			return true
		}
	case "goods_licence", "trade_stop":
	default:
		return false
	}
	for i := range d.result.Findings {
		if f := &d.result.Findings[i]; f.Bears && f.Truth != rule.No && d.book.Norms[f.Norm].Layer == c.Layer {
			return false
		}
	}
	return true
}

// partyGap records that nobody could be looked up.
func (d *Decider) partyGap() {
	c := &d.c
	if c.EndUser == "" {
		d.result.Gaps = append(d.result.Gaps, Gap{Layer: "party", Norm: -1, Need: "end_user"})
	}
}

// plain answers for an item on which no norm bears: not controlled where it was identified and either all norms on its groups are in the
// law data on that day, or its customs code lies outside the year's directory and its words fit no norm; else not covered.
func (d *Decider) plain(stub, uncertain bool) law.Outcome {
	c := &d.c
	switch known := identified(c); {
	case stub:
		return law.NotCovered
	case known && !uncertain && !c.Unread && (d.complete() || c.CodeOutside && c.Description != ""):
		return law.NotControlled
	case d.domestic():
		d.gap("export")
	case !known:
		d.gap("kind")
	case uncertain:
		d.gap(d.missing())
	case c.Unread:
		d.gap("composition")
	case len(c.HS) < 8:
		d.gap("hs")
	default:
		d.gap("directory")
	}
	return law.NotCovered
}

// domestic says that a line states to stay in the country whose law it is, with one of its nationals: no export.
func (d *Decider) domestic() bool {
	c := &d.c
	return c.From == d.home && c.Destination == d.home && c.Recipient == d.home && d.home != vocab.Country{}
}

// missing names the fact that would exclude most of the norms that are not yet excluded.
func (d *Decider) missing() string {
	c := &d.c
	switch {
	case d.noThing():
		return "kind"
	case c.Forms == 0:
		return "form"
	case len(c.Contents) == 0 || !c.ListClosed:
		return "composition"
	}
	return "kind"
}

func (d *Decider) gap(need string) {
	d.result.Gaps = append(d.result.Gaps, Gap{Layer: "dual_use", Norm: -1, Need: need})
}

// complete says that a norm of a group speaks of the item and that all norms on that group are in the law data on the day.
func (d *Decider) complete() bool {
	found := false
	d.bearing.Each(func(n int) {
		c := &d.book.Norms[n]
		if c.Layer != "dual_use" || c.Stub {
			return
		}
		for _, g := range c.Groups {
			found = found || d.book.CompleteOn(g, d.result.At.Effective)
		}
	})
	return found
}
