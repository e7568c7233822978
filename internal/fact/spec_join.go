package fact

import (
	"lodestone/internal/quant"
	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

// join puts what the words state into the item, beside what its columns state.
func (s *specReader) join() {
	s.joinContents()
	s.joinForms()
	if s.grade.End > 0 && s.named && s.purity != 0 && s.it.param(s.purity) == nil {
		words := s.text(s.grade.Start, s.grade.End)
		if low, ok := nines(words); ok {
			s.it.Params = append(s.it.Params, Param{ID: s.purity, Value: quant.AtLeast(low, false), Source: Description, Words: words})
		}
	}
	s.infer()
	s.contradictions()
}

// joinContents adds the contents of elements on which the columns are silent. Shares that add up to more than the whole are of several
// things, or of something else: they are left out, with a warning.
func (s *specReader) joinContents() {
	it := s.it
	if len(s.found) == 0 {
		return
	}
	if !s.fits() {
		s.r.warn(it, colDescription, "the column composition", "mass fractions of more than 100 %%; read as present")
		for i := range s.found {
			s.found[i].Share = quant.Range{}
		}
	}
	named := s.namedElements()
	stated := len(it.Contents)
	for i := range s.found {
		c := &s.found[i]
		old := content(it.Contents[:stated], c.Element)
		switch {
		case old != nil:
			s.compare(old, c)
		case it.Closed && stated > 0:
			if c.Certain() {
				s.r.warn(it, colDescription, "", "says %q, composition leaves %s out: the column is taken", clip(c.Words), c.Element)
			}
		case c.None && named.Has(c.Element):
			s.r.warn(it, colDescription, "", "says %q and names a thing that contains %s", clip(c.Words), c.Element)
		default:
			it.Contents = append(it.Contents, *c)
		}
	}
	if s.balance != 0 && stated == 0 {
		it.BalanceOf = s.balance
	}
}

func (s *specReader) namedElements() (set vocab.Elements) {
	for _, m := range s.it.Mentions {
		set.Union(s.r.v.KindElements(m.Kind))
	}
	return set
}

func content(list []Content, e vocab.Element) *Content {
	for i := range list {
		if list[i].Element == e {
			return &list[i]
		}
	}
	return nil
}

// fits says whether the lower bounds of the shares, with those that the columns state, add up to at most the whole.
func (s *specReader) fits() bool {
	total := quant.Int(0)
	for _, list := range [][]Content{s.it.Contents, s.found} {
		for i := range list {
			c := &list[i]
			if !c.Share.HasLow || &list[0] == &s.found[0] && content(s.it.Contents, c.Element) != nil {
				continue
			}
			var err error
			if total, err = total.Add(c.Share.Low); err != nil {
				return false
			}
		}
	}
	return total.Cmp(quant.Int(100)) <= 0
}

// compare warns where the column and the words cannot both be so.
func (s *specReader) compare(column, words *Content) {
	same := true
	switch {
	case column.None:
		same = words.None || !words.Certain()
	case words.None:
		same = !column.Certain()
	default:
		same = !apart(column.Share, words.Share)
	}
	if !same {
		s.r.warn(s.it, colDescription, "", "says %q, composition %q: the column is taken", clip(words.Words), clip(column.Words))
	}
}

// joinForms keeps the forms that words say. That something is metal means little where they also say that it is an alloy, an oxide, a ceramic.
func (s *specReader) joinForms() {
	if s.said == 0 {
		return
	}
	if s.said&s.notMetal != 0 {
		s.said &^= s.metal
	}
	s.it.Worded, s.it.WordedBy = s.said, s.text(s.saidAt.Start, s.saidAt.End)
}

// infer adds the kinds that a wider kind means together with a content (a magnet with dysprosium is NdFeB), and says so. Where the words name
// another kind of it, or a column states that an element of the kind is none, nothing is inferred.
func (s *specReader) infer() {
	it := s.it
	if len(it.Contents) == 0 {
		return
	}
	for _, f := range s.inference {
		c := content(it.Contents, f.Holding)
		if c == nil || !c.Certain() || len(it.Mentions) == MaxMentions {
			continue
		}
		if m := s.wider(f); m != nil && !s.denied(f.Means) {
			it.Mentions = append(it.Mentions, vocab.Mention{Kind: f.Means, Start: m.Start, End: m.End})
			s.r.warn(it, colDescription, "", "%q with %s is taken for %s", it.Description[m.Start:m.End], f.Holding, s.r.v.Kinds[f.Means-1].Names.First().In("en"))
		}
	}
}

// wider is the mention on which an inference rests, or nil.
func (s *specReader) wider(f vocab.Inference) *vocab.Mention {
	var found *vocab.Mention
	for i := range s.it.Mentions {
		m := &s.it.Mentions[i]
		switch {
		case !s.r.v.IsA(m.Kind, f.Of):
		case !s.r.v.Generic(m.Kind):
			return nil
		case found == nil:
			found = m
		}
	}
	return found
}

// denied says that the contents rule the kind out.
func (s *specReader) denied(k vocab.KindID) bool {
	elements := s.r.v.KindElements(k)
	for i := range s.it.Contents {
		c := &s.it.Contents[i]
		if elements.Has(c.Element) {
			if c.None {
				return true
			}
			elements.Remove(c.Element)
		}
	}
	return s.it.Closed && !elements.Empty()
}

// contradictions warns where the words name two things that cannot be one (ferrite, NdFeB), or a thing and a column that says otherwise.
func (s *specReader) contradictions() {
	it, v := s.it, s.r.v
	for i := range it.Mentions {
		a := &it.Mentions[i]
		if without := v.Without(a.Kind); !without.Empty() {
			for j := range it.Mentions {
				if b := &it.Mentions[j]; without.Meets(v.KindElements(b.Kind)) && !v.IsA(b.Kind, a.Kind) {
					s.clash(sentence.Of("names %q and %q: a thing is not both", s.mention(a), s.mention(b)))
				}
			}
		}
		elements := v.KindElements(a.Kind)
		for k := range it.Contents {
			if c := &it.Contents[k]; c.None && c.Source == Column && elements.Has(c.Element) {
				s.clash(sentence.Of("names %q, which contains %s; composition says %q", s.mention(a), c.Element, clip(c.Words)))
			}
		}
		if forms := v.KindForms(a.Kind); it.Forms != 0 && forms&^v.Possible(it.Forms) != 0 && it.Forms&v.Articles() == 0 && forms&v.Articles() == 0 {
			s.clash(sentence.Of("names %q, which does not go with the stated form", s.mention(a)))
		}
	}
}

func (s *specReader) mention(m *vocab.Mention) string { return clip(s.it.Description[m.Start:m.End]) }

// clash warns of a contradiction, each once.
func (s *specReader) clash(what sentence.Sentence) {
	text := what.String()
	for i := range s.it.pending {
		if s.it.pending[i].Text == text {
			return
		}
	}
	s.r.warn(s.it, colDescription, "say which it is", what.Format, what.Args...)
}
