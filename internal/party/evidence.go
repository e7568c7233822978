package party

import (
	"strings"

	"lodestone/internal/sentence"
)

// match words a candidate with its evidence.
func (s *Searcher) match(q Query, c candidate) Match {
	if c.name&identifierName != 0 {
		n := c.name &^ identifierName
		return Match{Party: &s.x.parties[n], Number: int(n), Score: 1, Evidence: []sentence.Sentence{sentence.Of("an identifier is listed: %s", s.identifierOf(q, int(n)))}}
	}
	e := &s.x.names[c.name]
	p := &s.x.parties[e.party]
	name := p.Names[e.number]
	text, alias := s.matched(q, c, name.Text)
	comparer := Comparer{}
	_, evidence := comparer.Compare(text, name.Text)
	if alias {
		evidence = append(evidence, sentence.Of("matched by the stated alias %q", text))
	}
	if e.number > 0 {
		evidence = append(evidence, sentence.Of("listed as an alias"))
	}
	if name.Weak {
		evidence = append(evidence, sentence.Of("the list calls this alias weak"))
	}
	if typesDiffer(q.Type, p.Type) {
		evidence = append(evidence, sentence.Of("the listing is of type %s, not %s", typeName(p.Type), typeName(q.Type)))
	}
	_, birth := birthSpeaks(q.Born, p.Born)
	_, country := countrySpeaks(q.Country, p.Countries)
	for _, fact := range []sentence.Sentence{birth, country} {
		if fact.Format != "" {
			evidence = append(evidence, fact)
		}
	}
	return Match{Party: p, Number: int(e.party), Name: int(e.number), Score: c.score, Evidence: evidence}
}

// identifierOf is the identifier of a party by which a query found it.
func (s *Searcher) identifierOf(q Query, party int) string {
	asked := append([]string{q.Name}, q.Numbers...)
	for _, id := range s.x.parties[party].Identifiers {
		for _, text := range asked {
			if squeeze(id.Value) == squeeze(text) || identifierKey(id.Value) != "" && identifierKey(id.Value) == identifierKey(text) {
				return strings.TrimSpace(id.Kind + " " + id.Value)
			}
		}
	}
	return strings.TrimSpace(q.Name)
}

// matched says by which name of the query a candidate was found.
func (s *Searcher) matched(q Query, c candidate, listed string) (text string, alias bool) {
	if len(q.Aliases) == 0 {
		return q.Name, false
	}
	comparer := Comparer{}
	best, _ := comparer.Compare(q.Name, listed)
	text = q.Name
	for _, a := range q.Aliases {
		if score, _ := comparer.Compare(a, listed); score > best {
			best, text, alias = score, a, true
		}
	}
	return text, alias
}

// Comparer scores pairs of names. It keeps its memory; use one a goroutine.
type Comparer struct{ scorer scorer }

// Compare says how surely two texts are names of one party, and why: 1 the same name, towards 0 nothing in common.
func (c *Comparer) Compare(query, listed string) (float64, []sentence.Sentence) {
	a, b := readName(query), readName(listed)
	defer c.scorer.forget()
	score := c.scorer.score(&a, &b)
	return score, c.scorer.evidence(&a, &b, score)
}

// evidence says in words what speaks for and against.
func (s *scorer) evidence(a, b *name, score float64) []sentence.Sentence {
	switch {
	case a.key == 0 || b.key == 0:
		return []sentence.Sentence{sentence.Of("a name without letters and digits matches nothing")}
	case s.costs.exact:
		return append(cutNote(nil, a, b), sentence.Of("same name"))
	case score == 0:
		return []sentence.Sentence{sentence.Of("no words to compare")}
	}
	var out []sentence.Sentence
	var same []string
	for _, l := range s.chosen {
		left, right := shown(a.words[l.i:l.i+l.ni]), shown(b.words[l.j:l.j+l.nj])
		switch {
		case l.like == 1 && left == right:
			same = append(same, left)
		case l.lang >= 0:
			out = append(out, sentence.Of("%s read in %s: %s", left, sentence.Sentence{Format: languageNames[l.lang]}, right))
		case l.ni+l.nj > 2:
			out = append(out, sentence.Of("%s written as %s", left, right))
		case l.like == 1 && !a.words[l.i].translated() && !b.words[l.j].translated():
			out = append(out, sentence.Of("%s is %s in Latin letters", left, right))
		case l.like == 1:
			out = append(out, sentence.Of("%s means %s", left, right))
		default:
			out = append(out, sentence.Of("%s like %s (%.2f)", spelled(left, a.words[l.i]), spelled(right, b.words[l.j]), l.like))
		}
	}
	if same != nil {
		out = append([]sentence.Sentence{sentence.Of("same words: %s", strings.Join(same, " "))}, out...)
	}
	out = s.against(out, a, b)
	return cutNote(out, a, b)
}

// against adds what speaks against, with what it takes from the score.
func (s *scorer) against(out []sentence.Sentence, a, b *name) []sentence.Sentence {
	c := &s.costs
	say := func(cost float64, what sentence.Sentence) {
		if cost > 0.004 {
			out = append(out, sentence.Of("%s (-%.2f)", what, cost))
		}
	}
	onlyA, onlyB := left(a.words, s.usedA), left(b.words, s.usedB)
	say(c.spell, sentence.Of("spelt otherwise"))
	say(c.contra, sentence.Of("%s stands against %s", onlyA, onlyB))
	say(c.moreQ, sentence.Of("not in the listed name: %s", onlyA))
	say(c.moreL, sentence.Of("only in the listed name: %s", onlyB))
	if c.numberOne {
		say(c.number, sentence.Of("a number in one name only"))
	} else {
		say(c.number, sentence.Of("other number"))
	}
	if c.formGone {
		say(c.form, sentence.Of("a legal form in one name only"))
	} else {
		say(c.form, sentence.Of("other legal form"))
	}
	say(c.order, sentence.Of("other order of words"))
	say(c.initial, sentence.Of("an initial for a name"))
	say(c.joined, sentence.Of("words run together"))
	say(c.thin, sentence.Of("few or common words"))
	return out
}

func cutNote(out []sentence.Sentence, a, b *name) []sentence.Sentence {
	if a.cut || b.cut {
		out = append(out, sentence.Of("the name is longer than %d letters or %d words: the rest was not looked at", longestName, mostWords))
	}
	return out
}

func shown(words []*word) string {
	var parts []string
	for _, w := range words {
		if text := w.print(); w.shown == "" || len(parts) == 0 || parts[len(parts)-1] != text {
			parts = append(parts, text)
		}
	}
	if len(words) > 0 && words[0].kind == syllable {
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}

// spelled adds to a word of another script how it was read or translated.
func spelled(shown string, w *word) string {
	if w.shown == "" || w.shown == w.text {
		return shown
	}
	return shown + " (" + w.text + ")"
}

// translated says that a word stands for others: by the table of words, or as an abbreviation.
func (w *word) translated() bool { return w.meant || w.means != nil }

func (w *word) print() string {
	if w.shown != "" {
		return w.shown
	}
	return w.text
}

// left are the words that were not matched.
func left(words []*word, used uint32) any {
	var rest []*word
	for i, w := range words {
		if used&(1<<uint(i)) == 0 {
			rest = append(rest, w)
		}
	}
	if rest == nil {
		return sentence.Of("nothing")
	}
	return shown(rest)
}

// typeName is a type of party as evidence names it.
func typeName(t Type) sentence.Sentence { return sentence.Sentence{Format: string(t)} }
