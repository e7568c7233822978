package app

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/parties"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/report"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Ownership is a file of holdings, looked up on the lists and judged by the rules on ownership of the law. Several goroutines may use it.
type Ownership struct {
	Problems problem.List // rows set aside; the first thousand
	Notes    []string

	refused int

	book    *law.Book
	lang    string
	lists   *Parties
	rows    []parties.DatedHolding
	dated   bool             // some holding has days
	graph   *party.Ownership // of all holdings, whatever their days: numbers of names
	owned   *party.Index     // the names that have owners
	numbers []int            // of those, in the graph
	hits    [][]party.Match  // by number in the graph: listings that the name may mean
	mutex   sync.Mutex
	days    map[when.At]*ownershipDay
}

// ownershipDay is how the rules stand and reach on a day.
type ownershipDay struct {
	graph *party.Ownership
	rules []ownershipRule
}

type ownershipRule struct {
	law.OwnershipRule
	state   law.State // of a rule without a norm: Unknown
	reaches *party.Reaches
}

const (
	mostDays     = 64 // days whose answers are remembered
	mostOwnedHit = 3  // names of the file that a name may mean
	mostOwnerHit = 20 // listings that an owner may mean
)

// LoadOwnership reads a file of holdings and looks its owners up on the lists. The error names the file and what to do.
func LoadOwnership(name string, in io.Reader, book *law.Book, lists *Parties, lang string, threshold float64) (*Ownership, error) {
	h, err := parties.ReadHoldings(name, in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	o := &Ownership{Problems: h.Problems, refused: h.Refused, book: book, lang: lang, lists: lists, rows: h.Rows, days: map[when.At]*ownershipDay{}}
	if h.Small {
		o.Notes = append(o.Notes, report.Say(lang, "owned.small", "file", name))
	}
	all := make([]party.Holding, len(h.Rows))
	for i, row := range h.Rows {
		all[i] = row.Holding
		o.dated = o.dated || row.From != 0 || row.To != 0
	}
	o.graph = party.NewOwnership(all)
	var owned []party.Party
	for n, name := range o.graph.Names() {
		if o.graph.Owned(n) {
			owned = append(owned, party.Party{Names: []party.Name{{Text: name}}})
			o.numbers = append(o.numbers, n)
		}
	}
	o.owned = party.NewIndex(owned)
	o.lookUp(threshold)
	return o, nil
}

// SetAside is how many rows of the file could not be read; of no file none.
func (o *Ownership) SetAside() int {
	if o == nil {
		return 0
	}
	return o.refused
}

// lookUp finds the listings that the owners may mean, on all cores.
func (o *Ownership) lookUp(threshold float64) {
	names := o.graph.Names()
	o.hits = make([][]party.Match, len(names))
	next := make(chan int)
	var done sync.WaitGroup
	for range max(1, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			s := party.NewSearcher(o.lists.index)
			for n := range next {
				o.hits[n] = s.Search(party.Query{Name: names[n]}, threshold, mostOwnerHit)
			}
		})
	}
	for n := range names {
		if o.graph.Owns(n) {
			next <- n
		}
	}
	close(next)
	done.Wait()
}

// on is how the rules reach at a time.
func (o *Ownership) on(at when.At) *ownershipDay {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if d := o.days[at]; d != nil {
		return d
	}
	if len(o.days) == mostDays {
		clear(o.days)
	}
	d := o.judge(at)
	o.days[at] = d
	return d
}

func (o *Ownership) judge(at when.At) *ownershipDay {
	d := &ownershipDay{graph: o.graph}
	if o.dated {
		d.graph = o.graph.Only(func(i int) bool {
			row := &o.rows[i]
			return at.Effective >= row.From && (row.To == 0 || at.Effective <= row.To)
		})
	}
	for _, r := range o.book.OwnershipRules() {
		x := ownershipRule{OwnershipRule: r}
		if r.Norm >= 0 {
			x.state = o.book.Standing(r.Norm, at).State
			if x.state == law.Unknown || x.state == law.Over {
				continue // nobody knows of it yet, or it holds no more
			}
		}
		d.rules = append(d.rules, x)
	}
	for i := range d.rules {
		r := &d.rules[i]
		listed := make([]rule.Truth, len(o.graph.Names()))
		for n := range listed {
			listed[n] = o.listedBy(n, d, r, at)
		}
		r.reaches = d.graph.Reach(party.OwnershipRule{Share: r.Share, Together: r.Together, Through: r.Through}, listed)
	}
	return d
}

// speaks says whether a rule speaks of a list: it names it, or names none and no other rule does.
func (d *ownershipDay) speaks(r *ownershipRule, list string) bool {
	if len(r.Lists) > 0 {
		return slices.Contains(r.Lists, list)
	}
	return !slices.ContainsFunc(d.rules, func(x ownershipRule) bool { return slices.Contains(x.Lists, list) })
}

// listedBy says whether a name stands on a list of a rule at a time: yes where the hit is sure and the listing in force.
func (o *Ownership) listedBy(n int, d *ownershipDay, r *ownershipRule, at when.At) rule.Truth {
	t := rule.No
	for _, m := range o.hits[n] {
		if !d.speaks(r, m.Party.List) {
			continue
		}
		switch o.lists.standing(m, at) {
		case law.InForce.String():
			t = rule.Or(t, sure(m))
		case law.Sleeping.String(), law.Unestablished.String():
			t = rule.Or(t, rule.Unknown)
		}
	}
	return t
}

func sure(m party.Match) rule.Truth {
	if m.Score >= party.Sure {
		return rule.Yes
	}
	return rule.Unknown
}

// ownerDesk answers for names; use one a goroutine.
type ownerDesk struct {
	o        *Ownership
	searcher *party.Searcher
}

func (o *Ownership) desk() *ownerDesk {
	if o == nil {
		return nil
	}
	return &ownerDesk{o, party.NewSearcher(o.owned)}
}

// ownedBy is an answer as the document says it and as a fact of an item.
type ownedBy struct {
	doc  report.Owned
	fact fact.Owned
}

// owned is what the file says of those who own a party of this name.
func (d *ownerDesk) owned(name string, at when.At, threshold float64) (all []ownedBy) {
	if d == nil || name == "" {
		return nil
	}
	day := d.o.on(at)
	for _, m := range d.searcher.Search(party.Query{Name: name}, threshold, mostOwnedHit) {
		n := d.o.numbers[m.Number]
		for i := range day.rules {
			r := &day.rules[i]
			reached, any := r.reaches.At(n)
			if !any {
				continue
			}
			truth := rule.And(reached.Truth, sure(m))
			x := ownedBy{doc: d.o.doc(day, r, m, reached, truth, at)}
			x.fact = fact.Owned{Certain: truth == rule.Yes, Says: x.doc.Says}
			if truth != rule.No {
				x.fact.Knowledge, _ = d.o.book.Vocab.Term("knowledge", r.Knowledge)
			}
			all = append(all, x)
		}
	}
	return all
}

func (o *Ownership) doc(day *ownershipDay, r *ownershipRule, m party.Match, x party.Reached, truth rule.Truth, at when.At) report.Owned {
	doc := report.Owned{
		Owned: m.Party.Names[0].Text, Score: roundScore(m.Score), Reached: truth.String(), Standing: "none", Threshold: r.Bounds.Test("percent"),
		Share: x.Share.String() + " %", Along: along(x.Along),
	}
	if r.Norm >= 0 {
		c := &o.book.Norms[r.Norm]
		doc.Rule, doc.Cite, doc.Standing = c.Ref, report.Cite(c), r.state.String()
	}
	if x.Unstated.Sign() > 0 {
		doc.Unstated = x.Unstated.String() + " %"
	}
	for _, chain := range x.Chains {
		doc.Chains = append(doc.Chains, o.chain(chain, day, r, at))
		for _, l := range doc.Chains[len(doc.Chains)-1].Listed {
			if !slices.Contains(doc.Lists, l.List) {
				doc.Lists = append(doc.Lists, l.List)
			}
		}
	}
	doc.Flag = truth != rule.Yes || r.state != law.InForce
	doc.Says = o.says(&doc, r, truth)
	if x.Circle {
		doc.Notes = append(doc.Notes, report.Say(o.lang, "owned.circle"))
	}
	if x.Excess {
		doc.Notes = append(doc.Notes, report.Say(o.lang, "owned.excess", "owned", doc.Owned))
	}
	return doc
}

func along(x [2]float64) string {
	low, high := fmt.Sprintf("%.4g", x[0]), fmt.Sprintf("%.4g", x[1])
	if low == high {
		return low + " %"
	}
	return low + "-" + high + " %"
}

func (o *Ownership) chain(c party.Chain, d *ownershipDay, r *ownershipRule, at when.At) (doc report.OwnedChain) {
	for _, l := range c.Links {
		link := report.OwnedLink{Owner: l.Owner, Owned: l.Owned, Disputed: l.Disputed}
		if l.Percent != quant.Between(quant.Int(0), quant.Int(100)) {
			link.Percent = l.Percent.String() + " %"
		}
		doc.Links = append(doc.Links, link)
	}
	shown := map[string]bool{} // lists: the best listing of each will do
	for _, m := range o.hits[c.Listed] {
		if d.speaks(r, m.Party.List) && !shown[m.Party.List] {
			shown[m.Party.List] = true
			l := report.OwnedListed{List: m.Party.List, Name: m.Party.Names[0].Text, MatchedName: m.Party.Names[m.Name].Text, Score: roundScore(m.Score), Standing: o.lists.standing(m, at)}
			if m.Party.ID != "" {
				l.EntryID = &m.Party.ID
			}
			doc.Listed = append(doc.Listed, l)
		}
	}
	return doc
}

// says words an answer: what is held, and what follows by the rule as it stands.
func (o *Ownership) says(doc *report.Owned, r *ownershipRule, truth rule.Truth) string {
	key := "owned.counts"
	switch {
	case truth == rule.No:
		key = "owned.below"
	case truth == rule.Unknown:
		key = "owned.open"
	case r.Norm < 0:
		key = "owned.none"
	case r.state != law.InForce:
		key = "owned.flag"
	}
	cite := doc.Cite
	if cite == "" {
		cite = report.Say(o.lang, "owned.norule")
	}
	return report.Say(o.lang, key, "owned", doc.Owned, "share", doc.Share, "lists", strings.Join(doc.Lists, ", "), "rule", cite, "threshold", doc.Threshold,
		"standing", report.Say(o.lang, "standing."+doc.Standing))
}
