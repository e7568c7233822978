package report

import (
	"cmp"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/vocab"
)

// maxWhy bounds the norms that are named as the reason for a question.
const maxWhy = 3

// Why says why a question matters: which norms its answer decides, and what they demand. It needs the norms that the question settles.
func (m *Maker) Why(a *Ask) string {
	var list []string
	for _, ref := range a.Settles {
		n, ok := m.Book.NormNumber(ref)
		if !ok {
			continue
		}
		if len(list) == maxWhy {
			list = append(list, "…")
			break
		}
		c := &m.Book.Norms[n]
		effect := cmp.Or(c.Effect, c.May)
		if c.Effect == law.Review {
			effect = c.May
		}
		list = append(list, Say(m.Lang, "ask.norm", "norm", m.citeIn(c), "name", c.Names.In(m.Lang), "outcome", Say(m.Lang, "outcome."+effect.String())))
	}
	if list == nil {
		return ""
	}
	return Say(m.Lang, "ask.why", "list", strings.Join(list, "; "))
}

// citeIn is the place of a norm as it is cited in the language of the maker.
func (m *Maker) citeIn(c *law.Compiled) string {
	number := cmp.Or(c.Act.Number.In(m.Lang), c.Act.Title.In(m.Lang))
	if c.Cite == "" {
		return number
	}
	return number + ", " + c.Cite
}

// AnswerText is an answer as people are shown it; the empty answer is any other than those shown beside it.
func (m *Maker) AnswerText(fact, answer string) string {
	family, rest, _ := strings.Cut(fact, ".")
	switch answer {
	case "":
		return Say(m.Lang, "answer.other")
	case "none", "present", "yes", "no":
		if family == "params" && answer == "none" {
			answer = "without"
		}
		return Say(m.Lang, "answer."+answer)
	}
	switch family {
	case "hs":
		if Has("answer." + answer) {
			return Say(m.Lang, "answer."+answer)
		}
	case "kind", "description":
		return m.kindNames([]string{answer})
	case "form":
		return m.formNames([]string{answer})
	case "end_use", "end_user_kind", "procedure":
		return m.termNames(family, []string{answer})
	case "params":
		return cmp.Or(m.paramWord(rest, answer), limit(answer))
	case "composition", "value":
		return limit(answer)
	case "destination", "from", "origin", "made_in", "tech_origin", "recipient_nationality":
		return m.names([]string{answer}, m.countryName)
	case "knowledge":
		return m.termNames(family, []string{answer})
	}
	return answer
}

// sayAsk is a question; without tests, which a question about a part has not, it is the open one.
func (m *Maker) sayAsk(key string, pairs ...string) string {
	if key = "ask." + key; pairs[len(pairs)-1] == "" && Has(key+".open") {
		key += ".open"
	}
	return Say(m.Lang, key, pairs...)
}

// paramQuestion asks for an amount with the limits it is held against, for one of some words, or for yes or no.
func (m *Maker) paramQuestion(name string, tests []string) string {
	id, ok := m.Book.Vocab.Param(name)
	if !ok {
		return m.sayAsk("params", "name", name, "tests", m.tests(tests))
	}
	def := m.Book.Vocab.ParamDef(id)
	key, name := "params", def.Names.First().In(m.Lang)
	switch {
	case def.Kind == "flag" && Has("ask.flag."+def.ID):
		return Say(m.Lang, "ask.flag."+def.ID)
	case def.Kind == "flag":
		key = "flag"
	case def.Unit == "" && len(tests) > 0:
		key = "word"
	}
	if key != "params" {
		tests = strings.Split(m.names(tests, func(w string) string { return cmp.Or(m.paramWord(def.ID, w), w) }), Say(m.Lang, "list.comma"))
	}
	return m.sayAsk(key, "name", name, "tests", m.tests(tests))
}

// paramWord is the name of a closed word of a parameter; empty: it has no such word.
func (m *Maker) paramWord(param, word string) string {
	id, ok := m.Book.Vocab.Param(param)
	if !ok {
		return ""
	}
	return termName(m.Book.Vocab.ParamDef(id).Words, word, m.Lang)
}

func termName(list []vocab.Term, id, lang string) string {
	for i := range list {
		if list[i].ID == id {
			return list[i].Names.First().In(lang)
		}
	}
	return ""
}

func (m *Maker) termNames(vocabulary string, tests []string) string {
	return m.names(tests, func(id string) string { return cmp.Or(m.Book.Vocab.TermName(vocabulary, id).In(m.Lang), id) })
}

// countryName is a country by its code, or a group of countries.
func (m *Maker) countryName(code string) string {
	for i := range m.Book.Vocab.CountryGroups {
		if g := &m.Book.Vocab.CountryGroups[i]; "group:"+g.ID == code {
			return g.Names.First().In(m.Lang)
		}
	}
	for i := range m.Book.Vocab.Countries {
		if c := &m.Book.Vocab.Countries[i]; c.Code == code {
			return c.Names.First().In(m.Lang)
		}
	}
	return code
}

// unitSigns are units as people write them, by their symbols in the law files.
var unitSigns = map[string]string{
	"per_C": "/°C", "C": "°C", "per_cm2": "/cm²", "per_mm2": "/mm²", "per_m2": "/m²", "g/cm3": "g/cm³", "kg/m3": "kg/m³", "kg/m2": "kg/m²", "g/m2": "g/m²",
	"m3": "m³", "m3/day": "m³/day", "m3/h": "m³/h", "A/cm2": "A/cm²", "um": "µm", "urad": "µrad", "at_percent": "at%", "vol_percent": "vol%", "ratio": "",
}

var comparisons = strings.NewReplacer(">=", "≥ ", "<=", "≤ ", ">", "> ", "<", "< ")

// limit is a test on a number, or an answer that is one, as people write it: "≥ 0.7 %", "≤ 2.75 × 10⁻⁶ /°C".
func limit(test string) string {
	words := strings.Fields(comparisons.Replace(strings.ReplaceAll(test, " and ", " ")))
	for i, w := range words {
		if i > 0 && strings.ContainsAny(w[:1], "<>") || i > 0 && (w == "≤" || w == "≥") {
			words[i-1] += ","
		}
		if sign, ok := unitSigns[w]; ok && i > 0 {
			words[i] = sign
		} else if digits, small := strings.CutPrefix(w, "0.0000"); small && i > 0 {
			words[i] = scientific(digits)
		}
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// scientific writes a number whose first four decimals are zero, given the rest of them.
func scientific(digits string) string {
	significant := strings.TrimLeft(digits, "0")
	if significant == "" || strings.Trim(significant, "0123456789") != "" {
		return "0.0000" + digits
	}
	exponent := 5 + len(digits) - len(significant)
	text := significant[:1]
	if len(significant) > 1 {
		text += "." + significant[1:]
	}
	return text + " × 10⁻" + superscript(exponent)
}

func superscript(n int) string {
	const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	if n >= 10 {
		return superscript(n/10) + superscript(n%10)
	}
	return string([]rune(digits)[n])
}

// FactName is a fact as people call it, by the name that questions have for it: "dysprosium (Dy)", "density", "destination".
func (m *Maker) FactName(fact string) string {
	family, rest, one := strings.Cut(fact, ".") // without a point it is the column as a whole
	switch {
	case one && family == "composition":
		return m.elementName(rest) + " (" + rest + ")"
	case one && family == "params":
		if id, ok := m.Book.Vocab.Param(rest); ok {
			return m.Book.Vocab.ParamDef(id).Names.First().In(m.Lang)
		}
		return rest
	case one && (family == "contains" || family == "shares"):
		return Say(m.Lang, "fact."+family, "names", m.joined(strings.ReplaceAll(rest, ",", ", "), m.contentName))
	case family == "caught", family == "kind":
		return Say(m.Lang, "fact."+family)
	}
	for i := range m.Book.Vocab.Columns {
		if c := &m.Book.Vocab.Columns[i]; c.ID == family {
			return strings.ReplaceAll(cmp.Or(c.Names.First().In(m.Lang), family), "_", " ") // some are headings of files
		}
	}
	return family
}

// contentName is what is looked for in parts: goods of a group, or what comes from a country.
func (m *Maker) contentName(word string) string {
	if strings.HasPrefix(word, "group:") {
		if name := m.groupNames(word); name != "" {
			return name
		}
	}
	return m.countryName(word)
}

// Choices are answers to a question that people can choose from, in the language of the maker: first those that lead to different ends, then the
// rest of the vocabulary. Amounts are written, not chosen.
func (m *Maker) Choices(fact string, answers []string) []string {
	family, rest, _ := strings.Cut(fact, ".")
	switch family {
	case "form":
		for i := range m.Book.Vocab.Forms {
			answers = append(answers, m.Book.Vocab.Forms[i].ID)
		}
	case "end_use", "end_user_kind", "procedure":
		answers = append(answers, m.Book.Vocab.TermWords(family)...)
	case "composition":
		answers = append(answers, "none", "present")
	case "params":
		if id, ok := m.Book.Vocab.Param(rest); ok {
			for _, w := range m.Book.Vocab.ParamDef(id).Words {
				answers = append(answers, w.ID)
			}
		}
	}
	var list []string
	for _, a := range answers {
		if a == "" || a == "unknown" || a == "none" && family == "params" || strings.ContainsAny(a, "<>=0123456789") && family != "end_use" {
			continue
		}
		if text := m.AnswerText(fact, a); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
