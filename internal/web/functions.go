package web

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/enforce"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
)

// functions are what templates call, in one language.
func (p *pages) functions(lang string) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, pairs ...any) string { return say(lang, key, texts(pairs)...) },
		"has":      func(key string) bool { return say(lang, key) != key },
		"static":   p.static,
		"sign":     report.OutcomeSign,
		"n":        grouped,
		"in":       func(t vocab.Text) string { return t.In(lang) },
		"day":      shownDay,
		"time":     shownTime,
		"join":     strings.Join,
		"list":     func(items ...any) []any { return items },
		"short":    func(s string, n int) string { return clip(s, n) },
		"neg":      func(n int) int { return -n },
		"marked":   marked,
		"host":     host,
		"web":      report.WebAddress,
		"score":    shownScore,
		"samples":  samples,
		"alike":    alike,
		"contents": contents,
		"stale": func(lists []report.PartyList) bool {
			return slices.ContainsFunc(lists, func(l report.PartyList) bool { return l.Stale })
		},
		"barOf":  barOf,
		"chosen": slices.Contains[[]string],
		"band":   func(b enforce.BandLine) *enforce.BandLine { return &b },
		"beside": func(v report.EnforcementView, o *enforce.Outlook) []string { return v.Beside(&o.Consequences) },
		"term": func(vocabulary, word string) string {
			return orElse(p.Instance.Book.Vocab.TermName(vocabulary, word).In(lang), word)
		},
		"country": func(code string) string {
			return report.Speaker{Lang: lang, Vocab: p.Instance.Book.Vocab}.Country(code)
		},
		"listName": func(id string) string {
			for i := range p.Instance.Book.Lists {
				if l := &p.Instance.Book.Lists[i]; l.ID == id {
					return l.Names.In(lang)
				}
			}
			return id
		},
		"byWeight": byWeight,
		"normOf":   normOf, "factOf": factOf, "valueOf": valueOf, "actOf": actOf, "nearOf": nearOf, "nowIn": nowIn,
	}
}

// counted is an outcome with how often it is.
type counted struct {
	Word string
	N    int
}

// byWeight puts counts of outcomes into the order of what they stop, the gravest first.
func byWeight(outcomes map[string]int) (list []counted) {
	for word := range backwards(law.OutcomeWords()) {
		if n := outcomes[word]; n > 0 {
			list = append(list, counted{word, n})
		}
	}
	return list
}

func texts(values []any) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprint(v)
	}
	return list
}

// grouped prints a whole number with its thousands parted by a thin space that does not break.
func grouped(v any) string {
	s := fmt.Sprint(v)
	digits := strings.TrimPrefix(s, "-")
	if len(digits) < 5 || strings.Trim(digits, "0123456789") != "" {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:len(s)-len(digits)])
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func shownDay(d when.Date) string {
	if d == 0 {
		return "–"
	}
	return d.String()
}

// shownTime is a time of the store (RFC 3339 in UTC) to the minute.
func shownTime(s string) string {
	if len(s) < 16 {
		return s
	}
	return s[:10] + " " + s[11:16] + " UTC"
}

// contents are the sections that a paper of many can be entered by.
func contents(p *report.Paper) (list []report.Section) {
	for _, s := range p.Sections {
		if s.ID != "" && s.Title != "" {
			list = append(list, s)
		}
	}
	if len(list) < 4 {
		return nil
	}
	return list
}

// samples are the cells of the first rows that say something.
func samples(cells []string) string {
	const most = 60
	var said []string
	for _, c := range cells {
		if c != "" {
			said = append(said, clip(c, most))
		}
	}
	return strings.Join(said, " · ")
}

func shownScore(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// alike marks the words of a name, or of a name without blanks the signs, that stand in another as well.
func alike(name, other string) (list []segment) {
	fold := party.Folded(other)
	words := strings.SplitAfter(name, " ")
	if len(words) == 1 {
		words = strings.Split(name, "")
	}
	for _, w := range words {
		bare := party.Folded(strings.TrimSpace(w))
		x := segment{w, bare != "" && strings.Contains(fold, bare)}
		if last := len(list) - 1; last >= 0 && list[last].Marked == x.Marked {
			list[last].Text += w
			continue
		}
		list = append(list, x)
	}
	return list
}

// host is the site of an address.
func host(link string) string {
	if u, err := url.Parse(link); err == nil && u.Host != "" {
		return strings.TrimPrefix(u.Host, "www.")
	}
	return link
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

func number(n int) string { return strconv.Itoa(n) }
