package lawfile

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// Lint says everything that can be said of the text of the law without evaluating it: ids, closed words, what each kind of norm needs,
// targets and other references, the order of days, and whether every condition compiles. Problems are in the order of the files.
func Lint(files law.Files) problem.List {
	l := newLinter(&files)
	l.registers()
	l.vocabulary()
	if compiled, err := vocab.Compile(files.Vocab); err == nil {
		l.vocab = compiled
	} else if len(l.problems) == 0 {
		l.at("vocab", 0).say("", err.Error(), "")
	}
	for i := range files.Acts {
		l.act(&files.Acts[i])
	}
	for i := range files.Lists {
		l.list(&files.Lists[i])
	}
	for i := range files.Tariffs {
		l.tariff(&files.Tariffs[i])
	}
	l.assessed()
	for i := range files.Cases {
		l.witnessed(&files.Cases[i])
	}
	return l.problems
}

// linter holds the files with the words that exist in them.
type linter struct {
	*law.Files
	problems problem.List
	vocab    *vocab.Vocab // nil: the vocabulary does not compile, and conditions are not checked

	acts, lists, tariffs             closed
	norms                            map[string]*law.Norm // by full id
	numbers                          map[string]int       // of norms and lists, for rule.Compile
	forms, kinds, groups, params     closed
	units, dimensions, elements      closed
	countries, places, countryGroups closed
	columns                          closed
	terms                            map[string]closed
}

// closed is a closed list of words under the name of what they are.
type closed struct {
	name  string
	words []string
	known map[string]bool
}

func oneOf(name string, words ...string) closed {
	c := closed{name, words, make(map[string]bool, len(words))}
	for _, w := range words {
		c.known[w] = true
	}
	return c
}

// ids closes the ids of a register: the first fields of its entries.
func ids[T any](name string, list []T, more ...string) closed {
	words := slices.Clone(more)
	for i := range list {
		words = append(words, reflect.ValueOf(&list[i]).Elem().Field(0).String())
	}
	return oneOf(name, words...)
}

func newLinter(files *law.Files) *linter {
	v := &files.Vocab
	l := &linter{
		Files: files, norms: map[string]*law.Norm{}, numbers: map[string]int{},
		acts: ids("act", files.Acts), lists: ids("party list", files.Lists), tariffs: ids("tariff list", files.Tariffs),
		forms: ids("form", v.Forms), kinds: ids("kind", v.Kinds), groups: ids("group", v.Groups), params: ids("parameter", v.Params),
		units: ids("unit", v.Units), dimensions: ids("dimension", v.Dimensions), elements: ids("element", v.Elements),
		countries: ids("country", v.Countries), countryGroups: ids("group of countries", v.CountryGroups), columns: ids("column", v.Columns),
		terms: map[string]closed{
			"end_use": ids("end use", v.EndUses), "end_user_kind": ids("kind of end user", v.EndUserKinds),
			"procedure": ids("procedure", v.Procedures), "knowledge": ids("word of knowledge", v.Knowledge),
			"measure": ids("measure", v.Measures),
		},
	}
	places := slices.Clone(l.countries.words)
	for _, g := range v.CountryGroups {
		places = append(places, "group:"+g.ID)
	}
	l.places = oneOf("country or group of countries", places...)
	for i := range files.Acts {
		a := &files.Acts[i]
		for j := range a.Norms {
			l.norms[a.ID+"/"+a.Norms[j].ID] = &a.Norms[j]
		}
	}
	return l
}

// spot is a place that problems are said of.
type spot struct {
	*linter
	place problem.Place
	what  string // the entry spoken of, where a line does not name it: "kind gallium"
}

func (l *linter) at(file string, line int) spot {
	return spot{linter: l, place: problem.Place{File: file, Line: line}}
}

func (s spot) of(what string) spot { s.what = what; return s }

func (s spot) say(key, text, meant string) {
	if s.what != "" {
		text = s.what + ": " + text
	}
	s.linter.problems = append(s.linter.problems, problem.Problem{Place: s.place, Field: key, Text: text, Meant: meant})
}

// among says which words are not in a closed list; empty ones are nothing said.
func (s spot) among(key string, list closed, words ...string) {
	for _, w := range words {
		if w != "" && !list.known[w] {
			s.say(key, fmt.Sprintf("%q is no %s", w, list.name), spelt(w, list.words))
		}
	}
}

// spelt suggests what a word was meant to be. A word with other numbers in it is another name and no slip.
func spelt(word string, candidates []string) string {
	numbers := notDigits.ReplaceAllString(word, " ")
	return meant(word, slices.DeleteFunc(slices.Clone(candidates), func(c string) bool {
		return notDigits.ReplaceAllString(c, " ") != numbers
	}))
}

// wants says that a key is missing.
func (s spot) wants(key string, given bool) {
	if !given {
		s.say(key, "it is missing", "")
	}
}

// order says that a day lies after another that must not precede it; a zero day is not known.
func (s spot) order(key string, first, last when.Date) {
	if first != 0 && last != 0 && last < first {
		s.say(key, fmt.Sprintf("%s lies before %s", last, first), "")
	}
}

func (s spot) codes(key string, codes ...string) {
	for _, c := range codes {
		if !hsCode.MatchString(c) {
			s.say(key, fmt.Sprintf("%q is no customs code", c), "four to ten digits")
		}
	}
}

// texts says which of the three languages a text lacks.
func (s spot) texts(key string, t vocab.Text) {
	for _, x := range []struct{ lang, text string }{{"en", t.En}, {"zh", t.Zh}, {"ko", t.Ko}} {
		s.wants(key+"."+x.lang, x.text != "")
	}
}

var (
	hsCode    = regexp.MustCompile(`^[0-9]{4,10}$`)
	actID     = regexp.MustCompile(`^[A-Z][A-Z0-9]*(-[0-9A-Za-z_]+)+$`)
	numbered  = regexp.MustCompile(`^[0-9]{4}-`)
	normID    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._#-]*$`)
	notDigits = regexp.MustCompile(`[^0-9]+`)
	langTag   = regexp.MustCompile(`^[a-z]{2}(-[A-Z]{2})?$`)
	wordID    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_]*$`)
	codeInID  = regexp.MustCompile(`(^|[^0-9A-Za-z])[0-9][A-E][0-9]{3}([^0-9A-Za-z]|$)`)
)

// registers checks that every entry of a register has an id of its own.
func (l *linter) registers() {
	for _, r := range registers(l.Files) {
		first := map[string]problem.Place{}
		for _, entry := range r.list.Seq2() {
			name, place := id(entry), entryPlace(r, entry)
			s := spot{linter: l, place: place}
			if known, twice := first[name]; twice {
				s.say("id", fmt.Sprintf("%s stands in %s already", name, known), "")
			}
			s.wants("id", name != "")
			first[name] = place
		}
	}
}

// condition checks the words of a condition, with suggestions, and then whether it compiles.
func (s spot) condition(key string, spec *rule.Spec) {
	if spec == nil {
		return
	}
	before := len(s.linter.problems)
	s.leaves(key, spec)
	if s.vocab == nil || len(s.linter.problems) > before {
		return
	}
	_, err := rule.Compile(spec, rule.Scope{Vocab: s.vocab,
		Norm: func(id string) (int, bool) { return 0, s.norms[id] != nil },
		List: func(id string) (int, bool) { return 0, s.lists.known[id] },
	})
	if err != nil {
		s.say(key, err.Error(), "")
	}
}

// leaves checks the words of every leaf of a condition.
func (s spot) leaves(key string, c *rule.Spec) {
	for _, of := range inner(c) {
		s.leaves(key, of)
	}
	if c.Element != nil {
		s.among(key+".element", s.elements, c.Element.Of)
	}
	s.among(key+".kind", s.kinds, c.Kind...)
	s.among(key+".named", s.kinds, c.Named...)
	for _, w := range c.About {
		if _, ok := vocab.ElementOf(w); !ok {
			s.among(key+".about", s.kinds, w)
		}
	}
	s.among(key+".form", s.forms, c.Form...)
	s.param(key+".param", c.Param)
	for _, p := range []struct {
		key   string
		words []string
	}{{"exported", c.Exported}, {"leaving", c.Leaving}, {"from", c.From}, {"destination", c.Destination}, {"origin", c.Origin}, {"made_in", c.MadeIn}, {"tech_origin", c.TechOrigin},
		{"recipient_nationality", c.Recipient}} {
		s.among(key+"."+p.key, s.places, p.words...)
	}
	s.among(key+".end_use", s.terms["end_use"], c.EndUse...)
	s.among(key+".end_user_kind", s.terms["end_user_kind"], c.EndUserKind...)
	s.among(key+".procedure", s.terms["procedure"], c.Procedure...)
	s.among(key+".knowledge", s.terms["knowledge"], c.Knowledge...)
	s.among(key+".us_licence_required", oneOf("answer", "yes", "no"), c.USLicence...)
	if c.Party != nil {
		s.among(key+".party.lists", s.lists, c.Party.Lists...)
		s.among(key+".party.measure", s.terms["measure"], c.Party.Measure)
	}
	if c.Share != nil {
		s.targets(key+".share.of", c.Share.Of)
		s.among(key+".share.origin", s.places, c.Share.Origin...)
		if c.Share.Where != nil {
			s.leaves(key+".share.where", c.Share.Where)
		}
	}
	s.targets(key+".contains", c.Contains)
	s.targets(key+".caught", c.Caught)
}

// inner lists the conditions directly within one.
func inner(c *rule.Spec) []*rule.Spec {
	var list []*rule.Spec
	parts := slices.Concat(c.All, c.Any)
	if c.AtLeast != nil {
		parts = append(parts, c.AtLeast.Of...)
	}
	for i := range parts {
		list = append(list, &parts[i])
	}
	if c.Not != nil {
		list = append(list, c.Not)
	}
	return list
}

func (s spot) param(key string, p *rule.ParamSpec) {
	if p == nil {
		return
	}
	s.among(key+".name", s.params, p.Name)
	i := slices.IndexFunc(s.Vocab.Params, func(d vocab.ParamDef) bool { return d.ID == p.Name })
	if i < 0 {
		return
	}
	switch def := &s.Vocab.Params[i]; {
	case def.Kind == "flag":
		s.among(key+".is", oneOf("answer", "yes", "no"), p.Is...)
	case len(def.Words) > 0:
		s.among(key+".is", ids("word of "+p.Name, def.Words), p.Is...)
	case len(def.Units) > 0:
		s.wants(key+".unit", p.Unit != "")
	}
	s.among(key+".unit", s.units, p.Unit)
}

// caughtSomewhere says whether a condition has a caught leaf.
func caughtSomewhere(c *rule.Spec) bool {
	return c != nil && (c.Caught != nil || slices.ContainsFunc(inner(c), caughtSomewhere))
}

// targets checks names of acts, parts of acts, norms, or groups of norms.
func (s spot) targets(key string, targets []string) {
	for _, t := range targets {
		group, isGroup := strings.CutPrefix(t, "group:")
		act, part, isPart := strings.Cut(t, "#")
		switch {
		case isGroup && group == "*":
		case isGroup:
			s.among(key, s.groups, group)
		case strings.Contains(t, "/"):
			if s.norms[t] == nil {
				s.say(key, fmt.Sprintf("%q is no norm", t), spelt(t, s.normsOf(t)))
			}
		case isPart && s.acts.known[act] && !s.hasPart(act, part):
			s.say(key, fmt.Sprintf("%s has no part %q", act, part), "")
		default:
			s.among(key, s.acts, act)
		}
	}
}

// normsOf lists the norms of the act that a target speaks of.
func (l *linter) normsOf(target string) []string {
	act, _, _ := strings.Cut(target, "/")
	var refs []string
	for i := range l.Acts {
		if a := &l.Acts[i]; a.ID == act {
			for j := range a.Norms {
				refs = append(refs, a.ID+"/"+a.Norms[j].ID)
			}
		}
	}
	return refs
}

func (l *linter) hasPart(act, part string) bool {
	return slices.ContainsFunc(l.Acts, func(a law.Act) bool { return a.ID == act && partOf(&a, part) })
}

// partOf says whether an act has a part; a part without a name is the whole.
func partOf(a *law.Act, part string) bool {
	return slices.ContainsFunc(a.Effective, func(e law.Effective) bool { return e.Part == part || e.Part == "" && part == "whole" })
}
