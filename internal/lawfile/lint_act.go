package lawfile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/rule"
	"lodestone/internal/when"
)

// Closed words that no other package needs.
var (
	actKinds    = oneOf("kind of act", law.ActKinds...)
	normKinds   = oneOf("kind of norm", law.NormKinds...)
	layers      = oneOf("layer", law.Layers...)
	grades      = oneOf("grade of a source", law.Grades...)
	duties      = oneOf("duty", law.Duties...)
	roles       = oneOf("role", law.Roles...)
	effects     = oneOf("effect", "licence", "goods_licence", "deny", "prohibited", "review", "none")
	policies    = oneOf("policy", "ordinary", "strict", "single_only", "registration", "general")
	states      = oneOf("state of reading", "complete", "partial", "unread")
	confidences = oneOf("degree of confidence", "high", "medium", "low")
	toGrades    = oneOf("grade of a last day", "printed", "inferred")
	standings   = oneOf("standing after a last day", "in_force", "suspended", "ended")
)

// unifiedList is the day from which control codes exist: the day on which the unified list of dual-use items took effect.
var unifiedList = when.Day(2024, 12, 1)

func (l *linter) act(a *law.Act) {
	s := l.at(a.File, 0)
	s.name(a)
	s.wants("kind", a.Kind != "")
	s.among("kind", actKinds, a.Kind)
	s.wants("confidence", a.Confidence != "")
	s.among("confidence", confidences, a.Confidence)
	s.wants("number.en", a.Number.En != "")
	s.wants("title.en", a.Title.En != "")
	s.wants("issuers", len(a.Issuers) > 0)
	s.wants("effective", len(a.Effective) > 0)
	s.wants("assessed_until", a.AssessedUntil != 0)
	s.sources(a.Sources)
	s.condition("scope", a.Scope)
	s.order("recorded", a.Published, a.Recorded)
	parts := map[string]bool{}
	for _, e := range a.Effective {
		if parts[e.Part] {
			s.say("effective", fmt.Sprintf("part %q stands twice", e.Part), "")
		}
		parts[e.Part] = true
		if a.Ended != nil {
			s.order("ended.on", e.From, a.Ended.On)
		}
	}
	if a.Ended != nil {
		s.wants("ended.on", a.Ended.On != 0)
		s.among("ended.by", l.acts, a.Ended.By)
	}
	seen := map[string]int{}
	for i := range a.Norms {
		n := &a.Norms[i]
		at := l.at(a.File, n.Line).of(n.ID)
		if line, twice := seen[n.ID]; twice {
			at.say("id", fmt.Sprintf("the id stands in line %d already", line), "")
		}
		seen[n.ID] = n.Line
		at.norm(a, n)
	}
}

// name checks the id of an act, and that an act with a number stands in the file of that number.
func (s spot) name(a *law.Act) {
	if !actID.MatchString(a.ID) {
		s.say("id", fmt.Sprintf("%q is no id of an act", a.ID), "<jurisdiction>-<year>-<number>")
	}
	jurisdiction, rest, _ := strings.Cut(a.ID, "-")
	if file := path.Join("acts", jurisdiction, rest+".yaml"); numbered.MatchString(rest) && a.File != file {
		s.say("id", a.ID+" stands in another file than its name says", file)
	}
}

func (s spot) sources(sources []law.Source) {
	s.wants("sources", len(sources) > 0)
	seen := map[string]bool{}
	for _, x := range sources {
		s.wants("sources.id", x.ID != "")
		s.wants("sources.grade", x.Grade != "")
		s.among("sources.grade", grades, x.Grade)
		if x.Lang != "" && !langTag.MatchString(x.Lang) {
			s.say("sources.lang", fmt.Sprintf("%q is no language", x.Lang), "zh, en, zh-TW")
		}
		if seen[x.ID] {
			s.say("sources.id", fmt.Sprintf("%q stands twice", x.ID), "")
		}
		seen[x.ID] = true
	}
}

func (s spot) norm(a *law.Act, n *law.Norm) {
	if !normID.MatchString(n.ID) {
		s.say("id", fmt.Sprintf("%q is no id of a norm", n.ID), "letters, digits and . _ - #")
	}
	if first := firstDay(a); first != 0 && first < unifiedList && codeInID.MatchString(n.ID) {
		s.say("id", "it shows a control code, and there was none before "+unifiedList.String(), "name it in words")
	}
	s.wants("kind", n.Kind != "")
	s.among("kind", normKinds, n.Kind)
	s.among("layer", layers, n.Layer)
	s.among("effect", effects, n.Effect)
	s.among("may", effects, n.May)
	s.among("policy", policies, n.Policy)
	s.among("state", states, n.State)
	s.among("confidence", confidences, n.Confidence)
	s.among("duty", duties, n.Duty)
	s.among("role", roles, n.Role)
	s.among("to_grade", toGrades, n.ToGrade)
	s.among("groups", s.groups, n.Groups...)
	s.needs(n)
	s.condition("when", n.When)
	s.condition("scope", n.Scope)
	s.targets("targets", n.Targets)
	s.order("to", n.From, n.To)
	s.owned(n.Owned)
	s.reading(n)
	s.references(a, n)
	s.witnesses("holds", n.Holds)
	s.witnesses("fails", n.Fails)
}

// firstDay is the first day of an act: of its earliest part, or else of its issue.
func firstDay(a *law.Act) when.Date {
	var first when.Date
	for _, e := range a.Effective {
		if e.From != 0 && (first == 0 || e.From < first) {
			first = e.From
		}
	}
	if first == 0 {
		return a.Published
	}
	return first
}

// needed is what each kind of norm needs, as the table of docs/law-format.md has it.
var needed = map[string][]string{
	"control":          {"layer", "effect", "names", "when", "holds", "fails"},
	"list_entry":       {"effect", "names", "when", "holds", "fails"},
	"exception":        {"effect", "targets", "when"},
	"suspension":       {"targets", "from", "to"},
	"destination_rule": {"layer", "effect", "when"},
	"content_rule":     {"layer", "effect", "when"},
	"catch_all":        {"layer", "effect", "when"},
	"ban":              {"layer", "effect", "when"},
	"duty":             {"targets", "duty", "say"},
	"stub":             {"layer", "when", "authority"},
	"flag":             {"names", "when", "say", "holds", "fails"},
	"ownership":        {"names", "owned"},
}

// asksForParts says that a condition reads a structure of parts.
func asksForParts(s *rule.Spec) bool {
	if s == nil {
		return false
	}
	asks := func(of []rule.Spec) bool {
		return slices.ContainsFunc(of, func(x rule.Spec) bool { return asksForParts(&x) })
	}
	return s.Contains != nil || s.Share != nil || asks(s.All) || asks(s.Any) || asksForParts(s.Not) || s.AtLeast != nil && asks(s.AtLeast.Of)
}

// needs checks what the kind of a norm calls for.
func (s spot) needs(n *law.Norm) {
	// It never answers yes, so nothing need hold; or it asks for parts, which the facts of a witness cannot state: cases do.
	open := n.State == "partial" || n.State == "unread" || asksForParts(n.When)
	given := map[string]bool{
		"layer": n.Layer != "", "effect": n.Effect != "", "when": n.When != nil, "targets": len(n.Targets) > 0, "from": n.From != 0, "to": n.To != 0,
		"duty": n.Duty != "", "holds": len(n.Holds) > 0 || open, "fails": len(n.Fails) > 0,
		"owned": n.Owned != nil,
	}
	for _, key := range needed[n.Kind] {
		switch key {
		case "names":
			s.texts(key, n.Names)
		case "say":
			s.texts(key, n.Say)
		case "authority":
			s.texts(key, n.Authority)
		default:
			s.wants(key, given[key])
		}
	}
	switch {
	case n.Kind == "list_entry" && n.Effect != "none" && n.Effect != "":
		s.say("effect", "what stands in a list has no effect of its own", "effect: none")
	case n.Kind == "exception" && n.Effect != "none" && n.Effect != "review" && n.Effect != "":
		s.say("effect", "an exception takes away", "effect: none, or review")
	case n.Kind == "destination_rule" && n.When != nil && !caughtSomewhere(n.When):
		s.say("when", "a destination rule speaks of things that other norms catch", "add a caught leaf")
	}
}

// owned checks a rule on ownership, or what is pointed out where there is none.
func (s spot) owned(o *law.Owned) {
	if o == nil {
		return
	}
	s.wants("owned.at_least or owned.over", o.AtLeast != "" || o.Over != "")
	s.among("owned.knowledge", s.terms["knowledge"], o.Knowledge)
}

// reading checks how far a norm was read against what it says of it.
func (s spot) reading(n *law.Norm) {
	open := n.State == "partial" || n.State == "unread"
	switch {
	case open && len(n.Missing) == 0:
		s.say("missing", "say what was not read", "")
	case !open && len(n.Missing) > 0:
		s.say("state", "something is missing, so the reading is not complete", "state: partial")
	}
}

// references checks what a norm names beside its condition.
func (s spot) references(a *law.Act, n *law.Norm) {
	part := n.Part
	if part == "" {
		part = "whole"
	}
	if n.From == 0 && !partOf(a, part) {
		s.say("part", fmt.Sprintf("the act has no part %q", part), "")
	}
	sources := ids("source of the act", a.Sources)
	s.among("sources", sources, n.Sources...)
	for _, c := range n.Carried {
		s.among("carried.act", s.acts, c.Act)
		s.wants("carried.from", c.From != 0)
	}
	for _, h := range n.HS {
		s.codes("hs", h.Code)
		s.wants("hs.grade", h.Grade != "")
		s.order("hs.to", h.From, h.To)
		s.among("hs.sources", sources, h.Sources...)
	}
	for _, x := range n.After {
		s.wants("after.standing", x.Standing != "")
		s.among("after.standing", standings, x.Standing)
		s.among("after.source", sources, x.Source)
		s.order("after.until", n.To, x.Until)
		s.texts("after.why", x.Why)
	}
}

func (s spot) witnesses(key string, list []law.Facts) {
	for _, facts := range list {
		s.facts(key, facts)
	}
}

func (s spot) facts(key string, facts law.Facts) {
	for _, column := range sortedKeys(facts) {
		s.among(key, s.columns, column)
	}
	if len(facts) == 0 {
		s.say(key, "no facts are given", "")
	}
}
