package fact

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// Answer puts an answer to a question about one fact into an item, by the name that questions have for it ("composition.Dy", "params.density",
// "form", "destination"). Call it between Set and Finish; on an item that is finished, call Finish again. It returns nil, a warning where the
// answer contradicts what the row states (the row is taken) or says nothing, or why the answer cannot be taken.
func (r *Reader) Answer(it *Item, name, value, words string) *problem.Problem {
	value = trim(value)
	if value == "" || unstated(value) || (name == "kind" || name == "description") && meaningOf(answerWord(value)) == wordNone {
		return nil // nothing is known, or it is none of what was asked for, which says nothing of what it is
	}
	if !utf8.ValidString(value) {
		return &problem.Problem{Field: name, Text: "is not UTF-8 text"}
	}
	n := len(it.pending)
	p := r.answer(it, name, value)
	if p == nil && len(it.pending) > n {
		w := it.pending[n]
		p, it.pending = &w, slices.Delete(it.pending, n, n+1)
	}
	if p != nil {
		p.Field = name
		return p
	}
	it.Answers = append(it.Answers, Answered{name, words})
	return nil
}

// CanAnswer says whether an answer to a question about a fact can be taken into an item.
func CanAnswer(name string) bool {
	family, _, _ := strings.Cut(name, ".")
	switch family {
	case "composition", "params", "kind", "description", "parts":
		return true
	case "id", "unit", "currency":
		return false
	}
	_, ok := ColumnNumber(family)
	return ok
}

func (r *Reader) answer(it *Item, name, value string) *problem.Problem {
	family, rest, _ := strings.Cut(name, ".")
	if !CanAnswer(name) {
		return wrong("state it in the table itself", "is no fact that an answer can give")
	}
	switch family {
	case "composition":
		return r.answerContent(it, rest, value)
	case "params":
		return r.answerParam(it, rest, value)
	case "kind", "description":
		return r.answerWords(it, value)
	case "value", "unit_value":
		return r.answerValue(it, value)
	case "quantity":
		return r.answerQuantity(it, value)
	case "parts":
		return r.answerParts(it, value)
	}
	n, _ := ColumnNumber(family)
	return r.answerColumn(it, n, value)
}

// answerContent takes an answer as an entry of a composition.
func (r *Reader) answerContent(it *Item, symbol, value string) *problem.Problem {
	e, ok := vocab.ElementOf(symbol)
	if !ok {
		return wrong("", "%q is no element", clip(symbol))
	}
	if strings.ContainsAny(value, ";；\n") {
		return wrong("none, present, or an amount such as 0.5 %", "%q is more than one amount", clip(value))
	}
	var said Item
	entry := symbol + " " + answerWord(value) + ";" // it is the only one, so a comma in it is decimal
	if f := r.composition(&said, entry); f != nil {
		return f.meaning("none, present, or an amount such as 0.5 %")
	}
	if len(said.pending) > 0 { // the entry was set aside: of an answer there is nothing else
		return refusing(said.pending[0], "none, present, or an amount such as 0.5 %")
	}
	c := content(said.Contents, e)
	c.Source, c.Words = Answer, value
	old := content(it.Contents, e)
	switch {
	case old == nil:
		it.Contents = append(it.Contents, *c)
	case old.None != c.None && (old.None && c.Certain() || c.None && old.Certain()) || !old.None && !c.None && old.Share.Apart(c.Share):
		return contradicts(value, old.Words)
	case old.Share == (quant.Range{}):
		*old = *c
	}
	return nil
}

// answerWord is what people answer for "none" and "present" in three languages, besides the words of a composition.
func answerWord(value string) string {
	switch strings.ToLower(strings.TrimRight(value, ".。!！")) {
	case "y", "是", "예", "네":
		return "present"
	case "n", "0", "nil", "否", "아니오", "아니요":
		return "none"
	}
	return value
}

// meaning is the fault as a problem, with what was meant where the fault does not say so.
func (f *fault) meaning(otherwise string) *problem.Problem {
	p := f.problem("")
	p.Meant = cmp.Or(p.Meant, otherwise)
	return p
}

// refusing turns a warning of a row into the refusal of an answer.
func refusing(p problem.Problem, meant string) *problem.Problem {
	p.Field, p.Meant, p.Warning = "", meant, false
	return &p
}

// wrong says what is wrong with an answer.
func wrong(meant, format string, args ...any) *problem.Problem {
	return faultf(meant, format, args...).problem("")
}

func contradicts(answer, stated string) *problem.Problem {
	p := wrong("say which it is", "the answer %q contradicts what the row states, %q: the row is taken", clip(answer), clip(stated))
	p.Warning = true
	return p
}

// answerParam takes an answer as an entry of params.
func (r *Reader) answerParam(it *Item, name, value string) *problem.Problem {
	id, ok := r.v.Param(name)
	if !ok {
		return wrong("", "%q is no parameter", clip(name))
	}
	if strings.ContainsAny(value, ";；\n") {
		return wrong("one number with its unit", "%q is more than one amount", clip(value))
	}
	def := r.v.ParamDef(id)
	p := Param{ID: id, Source: Answer, Words: value}
	before := len(it.pending)
	if f := r.paramValue(it, &p, ordinary(value)); f == errSetAside {
		if len(it.pending) > before { // an answer that says nothing is no answer
			w := it.pending[before]
			it.pending = it.pending[:before]
			return refusing(w, w.Meant)
		}
		return nil
	} else if f != nil {
		return f.meaning(meantParam(&def))
	}
	if old := it.param(id); old != nil {
		if old.None != p.None || old.Text != p.Text || old.Value.Apart(p.Value) || !slices.Equal(old.Sizes, p.Sizes) {
			return contradicts(value, old.Words)
		}
		*old = p
		return nil
	}
	it.Params = append(it.Params, p)
	return nil
}

func meantParam(def *vocab.ParamDef) string {
	switch {
	case def.Kind == "flag":
		return "yes or no"
	case def.Unit == "":
		return "a word"
	}
	return "a number with its unit, " + def.Unit
}

// answerWords takes what a thing is called; it must name a kind of goods, or it answers nothing.
func (r *Reader) answerWords(it *Item, value string) *problem.Problem {
	if len(r.v.Words().Find(nil, value)) == 0 {
		return wrong("its name in trade, such as sintered NdFeB magnets", "%q names no kind of goods that is known here", clip(value))
	}
	r.describe(it, value)
	return nil
}

// answerColumn takes an answer as the cell of a column, where the row has none.
func (r *Reader) answerColumn(it *Item, column int, value string) *problem.Problem {
	var said Item
	if f := r.set(&said, column, value); f != nil {
		return f.problem("")
	}
	if len(said.pending) > 0 {
		return refusing(said.pending[0], said.pending[0].Meant)
	}
	stated := r.statedIn(it, column)
	if column == colForm && it.Forms&^r.v.Together(said.Forms) == 0 {
		it.Forms |= said.Forms
		return nil
	}
	if stated != "" {
		if strings.EqualFold(stated, r.statedIn(&said, column)) {
			return nil
		}
		return contradicts(value, stated)
	}
	if f := r.set(it, column, value); f != nil {
		return f.problem("")
	}
	return nil
}

// statedIn is what an item states in a column that questions ask for; empty: nothing.
func (r *Reader) statedIn(it *Item, column int) string {
	if t := textOf(it, column); t != nil {
		return *t
	}
	if c := countryOf(it, column); c != nil {
		return c.String()
	}
	switch column {
	case colHS:
		return it.HS
	case colParent:
		return it.Parent
	case colForm:
		return strings.Join(r.v.FormWords(it.Forms), ", ")
	case colEndUse:
		return r.v.TermWord("end_use", it.EndUse)
	case colEndUserKind:
		return r.v.TermWord("end_user_kind", it.EndUserKind)
	case colProcedure:
		return r.v.TermWord("procedure", it.Procedure)
	}
	return ""
}
