package app

import (
	"cmp"
	"slices"
	"strings"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/report"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// looksAhead says whether answers are wanted with what their readers need beyond them: why a question matters and where each answer to it
// leads.
func (s *Screening) looksAhead() bool {
	return s.Explain || s.Asks != nil || s.Format == report.HTML || s.Format == report.XLSX || s.Format == report.DossierRows
}

// saysInWords says whether the facts of answers are called as people call them; programs read the other formats.
func (s *Screening) saysInWords() bool {
	return slices.Contains([]report.Format{report.Table, report.XLSX, report.HTML, report.DossierRows}, s.Format)
}

// lookAhead adds to the desk's document what the row states, and where the answers to its questions lead. It
// decides again, so the decider's result is gone afterwards.
func (d *desk) lookAhead(it *fact.Item, at when.At, e *decide.Explanation) {
	d.doc.Given = given(it)
	if d.s.Format == report.DossierRows {
		d.doc.Given.Facts = d.read(it)
	}
	s := supposing{d: d, it: it, at: at}
	var ends [][]supposed
	for i := range d.doc.Asks {
		a := &d.doc.Asks[i]
		a.Why = d.maker.Why(a)
		if n := slices.IndexFunc(e.Asks, func(x decide.Ask) bool { return x.Fact == a.Fact }); n >= 0 && a.Part == "" {
			switch answers := d.Decider.Answers(&e.Asks[n], at.Effective); {
			case a.Fact == "end_user":
				s.partyLeads(a)
			case answers != nil:
				ends = append(ends, s.leads(a, answers))
			}
		}
	}
	if len(ends) > 1 {
		s.mildest(ends)
	}
	slices.SortStableFunc(d.doc.Asks, func(a, b report.Ask) int { return cmp.Compare(matters(&a), matters(&b)) })
}

// matters puts the questions last whose answer leads to one end whatever it is, and of them those first that matter together with others.
func matters(a *report.Ask) int {
	switch {
	case len(a.Leads) != 1 || !a.Leads[0].Whatever:
		return 0
	case a.Leads[0].Alone:
		return 1
	}
	return 2
}

func given(it *fact.Item) *report.Given {
	g := &report.Given{
		Description: it.Description, HS: it.HS, Supplier: it.Supplier, From: it.From.String(), Destination: it.Destination.String(),
		Shipment: it.Shipment, Composition: string(fact.AppendComposition(nil, it)),
	}
	read := func(s fact.Source, words string) {
		if words != "" && (s == fact.Description || s == fact.Spec) && !slices.Contains(g.Words, words) {
			g.Words = append(g.Words, words)
		}
	}
	for _, m := range it.Mentions {
		read(fact.Description, it.Description[m.Start:m.End])
	}
	for i := range it.Contents {
		read(it.Contents[i].Source, it.Contents[i].Words)
	}
	for i := range it.Params {
		read(it.Params[i].Source, it.Params[i].Words)
	}
	read(fact.Description, it.WordedBy)
	return g
}

// read lists the facts of an item that do not stand in a column of their own.
func (d *desk) read(it *fact.Item) (facts []report.StatedFact) {
	put := func(name, value string, s fact.Source, words string) {
		if s != fact.Column && value != "" {
			facts = append(facts, report.StatedFact{Fact: name, Value: value, Source: s.String(), Words: strings.Clone(words)})
		}
	}
	v := d.Law.Vocab
	for _, m := range it.Mentions {
		put("kind", v.Kinds[m.Kind-1].ID, fact.Description, it.Description[m.Start:m.End])
	}
	for i := range it.Contents {
		c := &it.Contents[i]
		only := fact.Item{Contents: it.Contents[i : i+1], BalanceOf: it.BalanceOf}
		_, share, _ := strings.Cut(string(fact.AppendComposition(nil, &only)), " ")
		put("composition."+c.Element.String(), share, c.Source, c.Words)
	}
	for i := range it.Params {
		p := &it.Params[i]
		put("params."+v.ParamDef(p.ID).ID, cmp.Or(p.Text, string(p.Value.Append(nil))), p.Source, p.Words)
	}
	if it.FromFlag {
		put("from", it.From.String(), fact.Flag, "")
	}
	if it.DestinationFlag {
		put("destination", it.Destination.String(), fact.Flag, "")
	}
	return facts
}

// supposing decides a line again with answers put in.
type supposing struct {
	d  *desk
	it *fact.Item
	at when.At
}

// supposed is an answer and the end it leads to.
type supposed struct {
	fact, value string
	shown       string // empty: any other
	apart       string // how it is shown where it is told apart from the others
	end         report.Lead
}

// end decides the line with answers put in. A problem says why one of them cannot be: a warning, that the row says otherwise.
func (s *supposing) end(answers ...supposed) (lead report.Lead, p *problem.Problem) {
	it := s.it.Clone()
	for i := range answers {
		if p := s.d.Reader.Answer(&it, answers[i].fact, answers[i].value, ""); p != nil {
			return lead, p
		}
	}
	return s.decided(&it), nil
}

// decided is the end of an item into which answers were put.
func (s *supposing) decided(it *fact.Item) (lead report.Lead) {
	s.d.Reader.Finish(it)
	r := s.d.Decider.Decide(s.at, it)
	lead.Outcome = r.Outcome.String()
	if r.Open {
		lead.MayBe = r.MayBe.String()
	}
	return lead
}

// leads fills in where each answer to a question leads, and returns those ends. What no condition names of a vocabulary is put together; what of
// it leads elsewhere than most is told apart.
func (s *supposing) leads(a *report.Ask, answers []rule.Answer) (ends []supposed) {
	all := exhaustive(a.Fact, answers)
	for _, x := range answers {
		var of []supposed
		for i, v := range x.Values {
			one := supposed{fact: a.Fact, value: v, shown: x.Say, apart: v}
			if x.Apart != nil {
				one.apart = x.Apart[i]
			}
			var p *problem.Problem
			if one.end, p = s.end(one); p == nil {
				of = append(of, one)
			} else if !p.Warning {
				all = false
			}
		}
		if len(x.Values) > 1 && len(of) > 0 {
			of = apart(of)
			all = all && of != nil
		}
		ends = append(ends, of...)
	}
	var shown []string
	for i := range ends {
		x := &ends[i]
		x.end.Answer = s.d.maker.AnswerText(a.Fact, x.shown)
		same := func(y supposed) bool { return y.outcome() == x.outcome() }
		if x.shown == "none" && slices.ContainsFunc(ends[:i], same) {
			continue // that it has no such property leads where an amount does
		}
		a.Leads, shown = append(a.Leads, x.end), append(shown, x.shown)
	}
	if a.Fact == "hs" || a.Fact == "control_code" {
		a.Leads = s.d.joined(a.Leads)
	}
	if len(ends) > 1 && all && !slices.ContainsFunc(ends, func(x supposed) bool { return x.outcome() != ends[0].outcome() }) {
		only := ends[0].outcome()
		a.Leads = []report.Lead{{Answer: report.Say(s.d.s.Lang, "answer.whatever"), Outcome: only[0], MayBe: only[1], Whatever: true}}
	}
	a.Choices = s.d.maker.Choices(a.Fact, shown)
	return ends
}

// joined puts neighbouring answers that lead to one end into one.
func (d *desk) joined(leads []report.Lead) []report.Lead {
	var list []report.Lead
	for _, x := range leads {
		if n := len(list) - 1; n >= 0 && list[n].Outcome == x.Outcome && list[n].MayBe == x.MayBe {
			list[n].Answer += report.Say(d.s.Lang, "list.comma") + x.Answer
			continue
		}
		list = append(list, x)
	}
	return list
}

// partyLeads fills in where the name of a party leads: one that is on no list, and one of each list whose measures stand on the day. What the
// measures are is said where a list leads to several ends.
func (s *supposing) partyLeads(a *report.Ask) {
	book, lang, standing := s.d.s.Book, s.d.s.Lang, s.d.Decider.Snapshot(s.at).Lists
	x := s.named(unlisted)
	x.Answer = report.Say(lang, "answer.unlisted")
	a.Leads = append(a.Leads, x)
	for n := range book.Lists {
		ends, met := map[report.Lead][]string{}, map[uint64]bool{}
		var order []report.Lead
		for i := range book.Listings {
			l := &book.Listings[i]
			if l.List != n || met[l.Measures] || standing[l.Announcement] != law.InForce {
				continue
			}
			met[l.Measures] = true
			end := s.named(l.Party.Names.In("en"))
			if least, known := ends[end]; !known {
				order = append(order, end)
				ends[end] = l.Announcement.Measures
			} else if len(l.Announcement.Measures) < len(least) {
				ends[end] = l.Announcement.Measures
			}
		}
		for _, end := range order {
			list := book.Lists[n].Names.In(lang)
			x := end
			if x.Answer = report.Say(lang, "answer.listed", "list", list); len(order) > 1 {
				x.Answer = report.Say(lang, "answer.listed_with", "list", list, "measures", s.d.measures(ends[end]))
			}
			a.Leads = append(a.Leads, x)
		}
	}
}

// unlisted is a name that no list has.
const unlisted = "-"

// named is the end of the line with another end user.
func (s *supposing) named(name string) report.Lead {
	it := s.it.Clone()
	it.EndUser, it.Listed, it.Loaded = name, nil, nil
	s.d.Parties.Find(&it)
	return s.decided(&it)
}

func (d *desk) measures(words []string) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = d.s.Book.Vocab.TermName("measure", w).In(d.s.Lang)
	}
	return strings.Join(names, "; ")
}

func (x *supposed) outcome() [2]string { return [2]string{x.end.Outcome, x.end.MayBe} }

// exhaustive says that answers are all there are: all numbers, yes and no, or a vocabulary with its rest.
func exhaustive(fact string, answers []rule.Answer) bool {
	family, _, _ := strings.Cut(fact, ".")
	switch family {
	case "composition", "us_licence_required":
		return true
	case "params":
		return len(answers) > 1
	}
	return answers[len(answers)-1].Say == ""
}

// maxApart bounds the words of a vocabulary that are told apart from the rest of it.
const maxApart = 6

// apart joins the answers that lead where most of them do into one, the last, and shows the others by themselves. Where too many lead
// elsewhere there is no such rest.
func apart(of []supposed) []supposed {
	count := map[report.Lead]int{}
	var most report.Lead
	for _, x := range of {
		if count[x.end]++; count[x.end] > count[most] {
			most = x.end
		}
	}
	var list []supposed
	for _, x := range of {
		if x.end != most {
			x.shown = x.apart
			list = append(list, x)
		}
	}
	if len(list) > maxApart {
		return nil
	}
	rest := of[slices.IndexFunc(of, func(x supposed) bool { return x.end == most })]
	return append(list, rest)
}

func (x *supposed) milder(y *supposed) bool {
	return cmp.Or(cmp.Compare(x.worst(), y.worst()), cmp.Compare(x.is(), y.is())) < 0
}

func (x *supposed) is() law.Outcome {
	o, _ := law.OutcomeOf(x.end.Outcome)
	return o
}

// worst is what the end may still come to.
func (x *supposed) worst() law.Outcome {
	if o, ok := law.OutcomeOf(x.end.MayBe); ok {
		return o
	}
	return x.is()
}

// mildest says where the mildest answers to all questions together lead, where that is another end than today's. It takes one question after
// another, each with the answers that were chosen before it, and leaves out in the end what makes no difference.
func (s *supposing) mildest(ends [][]supposed) {
	var chosen []supposed
	for _, list := range ends {
		var best supposed
		for _, x := range list {
			if end, p := s.end(append(slices.Clip(chosen), x)...); p == nil {
				end.Answer = x.end.Answer
				x.end = end
				if best.fact == "" || x.milder(&best) || x.shown == "" && !best.milder(&x) { // where answers lead to the same end, any other is the plainest
					best = x
				}
			}
		}
		if best.fact != "" {
			chosen = append(chosen, best)
		}
	}
	end, p := s.end(chosen...)
	if p != nil || end.Outcome == s.d.doc.Outcome && end.MayBe == s.d.doc.MayBe {
		return // it says nothing
	}
	for i := len(chosen) - 1; i >= 0; i-- {
		without := slices.Delete(slices.Clone(chosen), i, i+1)
		if e, p := s.end(without...); p == nil && e == end {
			chosen = without
		}
	}
	if len(chosen) < 2 {
		return // where that answer leads is said already
	}
	var parts []string
	for _, x := range chosen {
		parts = append(parts, s.d.maker.FactName(x.fact)+": "+x.end.Answer)
		if n := slices.IndexFunc(s.d.doc.Asks, func(a report.Ask) bool { return a.Fact == x.fact && a.Part == "" }); s.d.doc.Asks[n].Leads[0].Whatever {
			alone := &s.d.doc.Asks[n].Leads[0]
			alone.Answer, alone.Alone = report.Say(s.d.s.Lang, "answer.alone"), true
		}
	}
	end.Answer = strings.Join(parts, "; ")
	s.d.doc.Mildest = &end
}
