package decide_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/decide"
)

var drawnElements = []string{"镝", "铽", "钐", "Ga", "锗", "铋", "Sb", "钨", "钇", "Nd", "디스프로슘", "gadolinium", "镁", "Co"}

// drawClauses draws a description in clauses: what the thing is called, and what is declared of it.
func drawClauses(t *rapid.T) []string {
	v := realLaw().Vocab
	name := rapid.Custom(func(t *rapid.T) string {
		k := v.Kinds[rapid.IntRange(0, len(v.Kinds)-1).Draw(t, "kind")]
		return k.Names.First().In(rapid.SampledFrom([]string{"en", "zh", "ko"}).Draw(t, "language"))
	})
	element := rapid.SampledFrom(drawnElements)
	clause := rapid.Custom(func(t *rapid.T) string {
		e := element.Draw(t, "element")
		switch rapid.IntRange(0, 7).Draw(t, "clause") {
		case 0:
			return "含" + e
		case 1:
			return "不含" + e
		case 2:
			return e + rapid.SampledFrom([]string{"3%", " 0.1-0.3%", "<0.01%", ":无"}).Draw(t, "share")
		case 3:
			return e + rapid.SampledFrom([]string{"块", "合金", " powder", "靶材", "等金属粉末"}).Draw(t, "form")
		case 4:
			return rapid.SampledFrom([]string{"纯度99.95%", "99.999 % purity", "密度1.8g/cm3", "抗折强度35MPa", "4N5"}).Draw(t, "param")
		case 5:
			return rapid.SampledFrom([]string{"磁钢", "用途:电机用", "N38SH", "金属", "alloy"}).Draw(t, "word")
		}
		return name.Draw(t, "name")
	})
	return rapid.SliceOfN(clause, 1, 4).Draw(t, "clauses")
}

// drawDescribed draws an item that has a description, and perhaps a code, a form and a composition.
func drawDescribed(t *rapid.T, clauses []string) map[string]string {
	columns := map[string]string{"description": strings.Join(clauses, "|"), "from": "CN"}
	maybe := func(column string, values ...string) {
		if rapid.Bool().Draw(t, column+"?") {
			columns[column] = rapid.SampledFrom(values).Draw(t, column)
		}
	}
	maybe("hs", "8505111000", "9503008900", "8106101091", "1211500011")
	maybe("destination", "DE", "US", "JP")
	maybe("composition", "Dy 3%", "Dy none", "Ga present; rest none", "Nd 30%; Fe 65%; B 1%")
	maybe("form", "magnet", "metal", "oxide", "alloy")
	return columns
}

// disputed says that two clauses speak of one element: one may say what the other denies.
func disputed(clauses []string) bool {
	text := strings.ReplaceAll(strings.Join(clauses, "|"), "디스프로슘", "镝")
	return slices.ContainsFunc(drawnElements, func(e string) bool { return strings.Count(text, e) > 1 })
}

// declared says that a clause declares a fact of the thing. Names are no such clause: a further name changes what the others mean (magnet,
// magnet technology).
func declared(clause string) bool {
	return strings.ContainsAny(clause, "%:含") && !strings.Contains(clause, "用途") || strings.HasSuffix(clause, "MPa") || clause == "4N5"
}

func TestIndexIsCompleteForDescribedItems(t *testing.T) {
	book := realLaw()
	rapid.Check(t, func(t *rapid.T) {
		it := read(book, drawDescribed(t, drawClauses(t)))
		if missed := decide.Missed(book, drawDay(t, book), &it); len(missed) > 0 {
			t.Fatalf("%s: the index leaves out %v", it.Description, missed)
		}
	})
}

func TestHidingAClauseOnlyWidensTheAnswer(t *testing.T) {
	book := realLaw()
	rapid.Check(t, func(t *rapid.T) {
		clauses := drawClauses(t)
		more := drawDescribed(t, clauses)
		if len(clauses) < 2 || disputed(clauses) || contradicts(book, more) {
			t.Skip("nothing to hide, or contradictory facts")
		}
		less := maps.Clone(more)
		i := rapid.IntRange(0, len(clauses)-1).Draw(t, "hidden")
		if !declared(clauses[i]) {
			t.Skip("a name")
		}
		less["description"] = strings.Join(slices.Delete(slices.Clone(clauses), i, i+1), "|")
		widens(t, book, drawDay(t, book), more, less)
	})
}
