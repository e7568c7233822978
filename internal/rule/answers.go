package rule

import (
	"slices"
	"strings"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// Answer is one of the answers to a question about a fact, as far as the conditions that ask it tell answers apart.
type Answer struct {
	Say string // as it is shown: "none", "> 1.72 <=1.73 g/cm3", "magnet"; empty: any that is not among the others
	// Values are what a column may hold for it; each stands for all that no condition tells from it. For the rest of a closed vocabulary there
	// are several, which may lead to different ends.
	Values []string
	Apart  []string // how each value is shown where it is told apart from the rest; nil: as it stands
}

// maxAnswers bounds the answers that one question spells out.
const maxAnswers = 8

// Answers lists the answers to the question that leaves ask: leaves that read one fact. nil: it has no answers that could be listed, as with a
// name or a customs code. Classes are the countries of the world by what rules tell apart.
func Answers(leaves []Leaf, v *vocab.Vocab, classes [][]string) []Answer {
	switch l := leaves[0].(type) {
	case *element:
		return elementAnswers(leaves)
	case *param:
		return paramAnswers(leaves, v.ParamDef(l.id))
	case *form:
		return wordAnswers(namedBy(leaves), allForms(v))
	case *termLeaf:
		return wordAnswers(namedBy(leaves), slices.DeleteFunc(v.TermWords(l.fact), func(w string) bool { return w == "unknown" }))
	case *kind:
		return kindAnswers(namedBy(leaves), v)
	case *named:
		return kindAnswers(kindsNamed(leaves, v), v)
	case *prefix:
		return codeAnswers(leaves, l.fact)
	case *placeLeaf:
		return placeAnswers(leaves, classes)
	case *usLicence:
		return []Answer{one("yes"), one("no")}
	}
	return nil
}

func elementAnswers(leaves []Leaf) []Answer {
	answers := []Answer{one("none")}
	cuts := cutsOf(leaves, func(l Leaf) (quant.Range, bool) {
		e, ok := l.(*element)
		return e.within, ok && e.bounded
	})
	if cuts == nil {
		return append(answers, one("present"))
	}
	return append(answers, stretches(cuts, "%", true)...)
}

func paramAnswers(leaves []Leaf, def vocab.ParamDef) []Answer {
	if sizes := leaves[0].(*param).sizes; sizes != nil {
		text := leaves[0].Test()
		return []Answer{{Say: text, Values: []string{strings.TrimPrefix(text, ">= ")}}}
	}
	cuts := cutsOf(leaves, func(l Leaf) (quant.Range, bool) {
		p, ok := l.(*param)
		return p.within, ok && p.words == nil && p.sizes == nil
	})
	switch {
	case cuts != nil:
		return append(stretches(cuts, unitSign(def.Unit), false), one("none"))
	case def.Kind == "flag":
		return []Answer{one("yes"), one("no")}
	}
	var rest []string
	for _, w := range def.Words {
		rest = append(rest, w.ID)
	}
	return wordAnswers(namedBy(leaves), rest)
}

// namedBy are the words that leaves name, each once.
func namedBy(leaves []Leaf) []string {
	var all []string
	for _, l := range leaves {
		for _, w := range strings.Split(l.Test(), ", ") {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

func allForms(v *vocab.Vocab) []string {
	all := make([]string, len(v.Forms))
	for i := range v.Forms {
		all[i] = v.Forms[i].ID
	}
	return all
}

// wordAnswers are the words that conditions name, and the rest of the vocabulary as one answer.
func wordAnswers(named, vocabulary []string) []Answer {
	var answers []Answer
	for _, w := range named[:min(len(named), maxAnswers)] {
		answers = append(answers, one(w))
	}
	rest := slices.DeleteFunc(slices.Clone(vocabulary), func(w string) bool { return slices.Contains(named, w) })
	if len(rest) > 0 {
		answers = append(answers, Answer{Values: rest})
	}
	return answers
}

// kindAnswers are the kinds by what people call them, since a kind is stated by the words of a description.
func kindAnswers(ids []string, v *vocab.Vocab) []Answer {
	var answers []Answer
	for _, id := range ids[:min(len(ids), maxAnswers)] {
		if k, ok := v.Kind(id); ok {
			answers = append(answers, Answer{Say: id, Values: []string{v.Kinds[k-1].Names.First().In("en")}})
		}
	}
	return answers
}

// kindsNamed are the kinds that leaves want the words to name.
func kindsNamed(leaves []Leaf, v *vocab.Vocab) []string {
	var ids []string
	for _, l := range leaves {
		if n, ok := l.(*named); ok {
			for _, k := range n.ids {
				ids = append(ids, v.Kinds[k-1].ID)
			}
		}
	}
	return ids
}

// KindAnswers are kinds that a description may turn out to name.
func KindAnswers(kinds []vocab.KindID, v *vocab.Vocab) []Answer {
	var ids []string
	for _, k := range kinds {
		if id := v.Kinds[k-1].ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return kindAnswers(ids, v)
}

// codeDigits is the length of a whole customs code.
const codeDigits = 10

// codeAnswers are the codes that leaves name, each filled up to a whole code. What other codes lead to is for those to say who know the directories.
func codeAnswers(leaves []Leaf, column string) []Answer {
	var codes []string
	for _, l := range leaves {
		if p, ok := l.(*prefix); ok {
			codes = append(codes, p.codes...)
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	var answers []Answer
	for _, code := range codes[:min(len(codes), maxAnswers)] {
		whole := code
		if column == "hs" && len(code) < codeDigits {
			whole += strings.Repeat("0", codeDigits-len(code))
		}
		answers = append(answers, Answer{Say: code, Values: []string{whole}})
	}
	return answers
}

// Names says whether one of the leaves wants a code to begin as this one does.
func Names(leaves []Leaf, code string) bool {
	return slices.ContainsFunc(leaves, func(l Leaf) bool {
		p, ok := l.(*prefix)
		return ok && slices.ContainsFunc(p.codes, func(begins string) bool { return strings.HasPrefix(code, begins) })
	})
}

// placeAnswers are the countries that the conditions name by themselves, and the rest of the world by what rules tell apart.
func placeAnswers(leaves []Leaf, classes [][]string) []Answer {
	var answers []Answer
	named := namedBy(leaves)
	var rest Answer
	for _, class := range classes {
		switch {
		case len(class) == 1 && slices.Contains(named, class[0]) && len(answers) < maxAnswers:
			answers = append(answers, one(class[0]))
		default:
			shown := strings.Join(class[:min(len(class), maxAnswers)], ", ")
			if len(class) > maxAnswers {
				shown += ", …"
			}
			rest.Values, rest.Apart = append(rest.Values, class[0]), append(rest.Apart, shown)
		}
	}
	return append(answers, rest)
}

// PlacesNamed calls f with the countries that conditions below n name by themselves, and not as members of a group.
func PlacesNamed(n Node, f func(code string)) {
	Leaves(n, func(l Leaf) {
		if p, ok := l.(*placeLeaf); ok {
			for _, w := range namedBy([]Leaf{p}) {
				if !strings.HasPrefix(w, "group:") {
					f(w)
				}
			}
		}
	})
}

// one is an answer that is shown as it is written.
func one(word string) Answer { return Answer{Say: word, Values: []string{word}} }

// cut parts numbers into those below it and those above; the number itself lies above it, or below where after is set.
type cut struct {
	at    quant.Decimal
	after bool
}

func (c cut) cmp(d cut) int {
	if n := c.at.Cmp(d.at); n != 0 || c.after == d.after {
		return n
	}
	if c.after {
		return 1
	}
	return -1
}

// cutsOf are the ends of the ranges that leaves want, in order.
func cutsOf(leaves []Leaf, within func(Leaf) (quant.Range, bool)) []cut {
	var cuts []cut
	for _, l := range leaves {
		r, ok := within(l)
		if !ok {
			continue
		}
		if r.HasLow {
			cuts = append(cuts, cut{r.Low, r.Over})
		}
		if r.HasHigh {
			cuts = append(cuts, cut{r.High, !r.Under})
		}
	}
	slices.SortFunc(cuts, cut.cmp)
	return slices.Compact(cuts)
}

// stretches are the numbers between cuts. Of a share, none is an answer of its own, so the lowest stretch begins over zero.
func stretches(cuts []cut, unit string, share bool) []Answer {
	cuts = cuts[:min(len(cuts), maxAnswers-1)]
	answer := func(r quant.Range, value string) Answer {
		return Answer{Say: strings.TrimSpace(r.String() + " " + unit), Values: []string{strings.TrimSpace(value + " " + unit)}}
	}
	var answers []Answer
	for i := 0; i <= len(cuts); i++ {
		var r quant.Range
		if i > 0 {
			r.Low, r.HasLow, r.Over = cuts[i-1].at, true, cuts[i-1].after
		} else if share {
			if cuts[0].at.Sign() == 0 {
				continue
			}
			r.HasLow, r.Over = true, true
		}
		if i < len(cuts) {
			r.High, r.HasHigh, r.Under = cuts[i].at, true, !cuts[i].after
		}
		answers = append(answers, answer(r, memberOf(r)))
	}
	return answers
}

// memberOf is a number in a stretch, or the stretch itself where it is open to one side.
func memberOf(r quant.Range) string {
	switch {
	case !r.HasLow || !r.HasHigh:
		return r.String()
	case !r.Over:
		return r.Low.String()
	case !r.Under:
		return r.High.String()
	}
	sum, err := r.Low.Add(r.High)
	if err != nil {
		return r.String()
	}
	half, err := sum.Mul(quant.MustDecimal("0.5"))
	if err != nil {
		return r.String()
	}
	return half.String()
}
