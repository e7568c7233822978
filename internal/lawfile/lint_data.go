package lawfile

import (
	"fmt"
	"maps"
	"slices"

	"lodestone/internal/law"
	"lodestone/internal/vocab"
)

var (
	listEnds    = oneOf("end of a listing", "stopped", "removed")
	tariffUses  = oneOf("use of a tariff list", "directory")
	layerStates = oneOf("state of a layer", "complete", "partial", "unread", "other_authority")
	outcomes    = oneOf("outcome", law.OutcomeWords()...)
	paramKinds  = oneOf("kind of parameter", "number", "sizes", "words", "flag")
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// vocabulary checks that what the words refer to exists.
func (l *linter) vocabulary() {
	v := &l.Vocab
	for _, f := range v.Forms {
		l.at("vocab/forms.yaml", 0).of(f.ID).among("with", l.forms, f.With...)
	}
	for i := range v.Kinds {
		l.kind(&v.Kinds[i])
	}
	for _, g := range v.Groups {
		s := l.at("vocab/groups.yaml", 0).of(g.ID)
		s.among("elements", l.elements, g.Elements...)
		s.among("acts", l.acts, g.Acts...)
		s.order("complete_until", g.CompleteFrom, g.CompleteUntil)
		s.wants("names", !g.Names.Empty())
	}
	for _, e := range v.Elements {
		if number, ok := vocab.ElementOf(e.Symbol); !ok || int(number) != e.Number {
			l.at("vocab/elements.yaml", 0).of(e.Symbol).say("number", fmt.Sprintf("%d is not its atomic number", e.Number), "")
		}
	}
	for _, f := range v.Families {
		s := l.at("vocab/substances.yaml", 0).of(f.ID)
		s.among("elements", l.elements, f.Elements...)
		s.wants("names", len(f.Names.En)+len(f.Names.Zh)+len(f.Names.Ko) > 0)
	}
	for _, x := range v.Substances {
		s := l.at("vocab/substances.yaml", 0).of(x.CAS)
		if !vocab.ValidCAS(x.CAS) {
			s.say("cas", fmt.Sprintf("%q is no CAS number", x.CAS), "check its digits")
		}
		s.among("elements", l.elements, x.Elements...)
		s.wants("name", x.Name != "")
	}
	l.measures()
	l.geography()
}

func (l *linter) kind(k *vocab.Kind) {
	s := l.at(k.File, k.Line).of(k.ID)
	if !wordID.MatchString(k.ID) {
		s.say("id", fmt.Sprintf("%q is no id of a kind", k.ID), "letters, digits and _")
	}
	s.among("elements", l.elements, k.Elements...)
	s.among("forms", l.forms, k.Forms...)
	s.among("isa", l.kinds, k.IsA...)
	named := len(k.Formulas) + len(k.CAS)
	k.Names.Each(func(string) { named++ })
	s.wants("names", named > 0)
	for _, c := range k.CAS {
		if !vocab.ValidCAS(c) {
			s.say("cas", fmt.Sprintf("%q is no CAS number", c), "")
		}
	}
}

func (l *linter) measures() {
	for _, d := range l.Vocab.Dimensions {
		l.at("vocab/units.yaml", 0).of(d.ID).among("base", l.units, d.Base)
	}
	for _, u := range l.Vocab.Units {
		s := l.at("vocab/units.yaml", 0).of(u.ID)
		s.among("dimension", l.dimensions, u.Dimension)
		s.wants("factor", u.Factor.Sign() > 0)
	}
	for _, p := range l.Vocab.Params {
		s := l.at("vocab/params.yaml", 0).of(p.ID)
		s.among("kind", paramKinds, p.Kind)
		s.among("dimension", l.dimensions, p.Dimension)
		s.among("units", l.units, p.Units...)
		s.among("element", l.elements, p.Element)
	}
}

func (l *linter) geography() {
	s := l.at("vocab/countries.yaml", 0)
	for _, g := range l.Vocab.CountryGroups {
		for _, m := range g.Members {
			s.of(g.ID).among("country", l.countries, m.Code)
			s.of(g.ID).order("to", m.From, m.To)
		}
	}
	for _, c := range l.Vocab.Countries {
		s.of(c.Code).among("apart_from", l.countries, c.ApartFrom)
	}
	for _, c := range l.Vocab.OldCountries {
		s.of(c.Code).among("now", l.countries, c.Now...)
		s.of(c.Code).order("to", c.From, c.To)
	}
	for _, c := range l.Vocab.ReservedCodes {
		s.of(c.Code).among("read_as", l.countries, c.ReadAs)
		s.of(c.Code).among("group", l.countryGroups, c.Group)
	}
}

func (l *linter) list(p *law.PartyList) {
	s := l.at(p.File, 0)
	s.wants("names", !p.Names.Empty())
	s.wants("authority", p.Authority != "")
	s.wants("covered_to", p.CoveredTo != 0)
	s.sources(p.Sources)
	seen := map[string]int{}
	for i := range p.Announcements {
		a := &p.Announcements[i]
		at := l.at(p.File, a.Line).of(a.ID)
		at.wants("id", a.ID != "")
		at.wants("from", a.From != 0)
		at.order("from", a.Published, a.From)
		at.wants("measures", len(a.Measures) > 0)
		at.among("measures", l.terms["measure"], a.Measures...)
		for _, x := range a.Suspended {
			at.wants("suspended.from", x.From != 0)
			at.order("suspended.from", a.From, x.From)
			at.order("suspended.to", x.From, x.To)
		}
		if e := a.Ended; e != nil {
			at.wants("ended.on", e.On != 0)
			at.order("ended.on", a.From, e.On)
			at.wants("ended.kind", e.Kind != "")
			at.among("ended.kind", listEnds, e.Kind)
		}
		for _, party := range a.Parties {
			at.party(&party, seen)
		}
	}
}

func (s spot) party(p *law.Party, seen map[string]int) {
	s = s.of(s.what + "/" + p.ID)
	s.wants("id", p.ID != "")
	s.wants("names", !p.Names.Empty())
	s.among("country", s.places, p.Country)
	if seen[p.ID]++; seen[p.ID] == 2 {
		s.say("id", "the id stands twice in the list", "")
	}
}

func (l *linter) tariff(t *law.Tariff) {
	s := l.at("tariffs", 0).of(t.ID)
	s.among("act", l.acts, t.Act)
	s.among("use", tariffUses, t.Use)
	s.wants("valid.from", t.Valid.From != 0)
	s.order("valid.to", t.Valid.From, t.Valid.To)
	s.codes("codes", t.Codes...)
	s.among("unread", oneOf("code of the list", t.Codes...), t.Unread...)
	known := map[string]bool{}
	for _, c := range t.Codes {
		if known[c] {
			s.say("codes", c+" stands twice", "")
		}
		known[c] = true
	}
}

func (l *linter) assessed() {
	a := &l.Assessed
	if a.Horizon == 0 && len(a.Layers) == 0 {
		return // a folder of single acts says nothing of what was assessed
	}
	s := l.at("assessed.yaml", 0)
	s.wants("knowledge_horizon", a.Horizon != 0)
	s.owned(a.Owned)
	for _, o := range a.Open {
		s.wants("open.on", o.On != 0)
		s.targets("open.acts", l.announced(o.Acts))
		s.among("open.by", l.acts, o.By)
	}
	for _, x := range a.Layers {
		at := s.of(x.Layer)
		at.among("id", layers, x.Layer)
		at.among("state", layerStates, x.State)
		at.order("to", x.From, x.To)
		at.among("complete_groups", l.groups, x.CompleteGroups...)
		at.among("partial_groups", l.groups, x.PartialGroups...)
		at.among("directory", l.tariffs, x.Directory)
		at.among("lists", l.lists, sortedKeys(x.Lists)...)
		at.texts("missing", x.Say)
	}
}

// announced leaves out the announcements of party lists: those need not be acts in the data.
func (l *linter) announced(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(l.Lists, func(p law.PartyList) bool {
			return slices.ContainsFunc(p.Announcements, func(a law.Announcement) bool { return a.ID == id })
		})
	})
}

func (l *linter) witnessed(c *law.Case) {
	s := l.at(c.File, c.Line)
	s.wants("case", c.Case != "")
	s.wants("article", c.Article != "")
	s.facts("facts", c.Facts)
	for i, facts := range c.Parts {
		s.facts(fmt.Sprintf("parts[%d]", i), facts)
	}
	s.wants("expect.outcome", c.Expect.Outcome != "")
	s.among("expect.outcome", outcomes, c.Expect.Outcome)
	s.among("expect.may_be", outcomes, c.Expect.MayBe)
}
