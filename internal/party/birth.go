package party

import (
	"regexp"
	"strconv"
	"strings"

	"lodestone/internal/sentence"
)

// birth is the days on which somebody may have been born, as numbers YYYYMMDD.
type birth struct{ first, last int }

// Lists print a birth as a day, a month, a year, a range of years, and all of these as about.
var (
	isoDay    = regexp.MustCompile(`\b(\d{4})-(\d{2})(?:-(\d{2}))?\b`)
	slashDay  = regexp.MustCompile(`\b(\d{1,2}|dd)[/.](\d{1,2}|mm)[/.](\d{4})\b`)
	wordMonth = regexp.MustCompile(`(?:\b(\d{1,2}) )?\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{4})\b`)
	bareYear  = regexp.MustCompile(`\b(1[89]\d\d|20\d\d)\b`)
	about     = regexp.MustCompile(`\b(circa|approx|about)|\bca?\.|~|约|경`)
)

const (
	months     = "jan feb mar apr may jun jul aug sep oct nov dec"
	aboutYears = 2 // that "circa" leaves open on either side
	year       = 10000
)

// bornIn reads a birth; false: it says nothing that can be compared. A day written with strokes may begin with the day or with the month.
func bornIn(text string) (birth, bool) {
	text = strings.ToLower(text)
	var s birth
	add := func(y, m, d int) {
		first, last := y*year+101, y*year+1231
		if m >= 1 && m <= 12 {
			first, last = y*year+m*100+1, y*year+m*100+31
			if d >= 1 && d <= 31 {
				first, last = y*year+m*100+d, y*year+m*100+d
			}
		}
		if s.first == 0 || first < s.first {
			s.first = first
		}
		s.last = max(s.last, last)
	}
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits) // 0: not stated
		return n
	}
	rest := text
	take := func(re *regexp.Regexp, f func(m []string)) {
		for _, m := range re.FindAllStringSubmatch(rest, -1) {
			f(m)
		}
		rest = re.ReplaceAllString(rest, " ")
	}
	take(isoDay, func(m []string) { add(number(m[1]), number(m[2]), number(m[3])) })
	take(slashDay, func(m []string) {
		d, month, y := number(m[1]), number(m[2]), number(m[3])
		add(y, month, d)
		if month > 12 || d <= 12 && d > 0 {
			add(y, d, month)
		}
	})
	take(wordMonth, func(m []string) { add(number(m[3]), strings.Index(months, m[2])/4+1, number(m[1])) })
	take(bareYear, func(m []string) { add(number(m[1]), 0, 0) })
	if s.first == 0 {
		return s, false
	}
	if about.MatchString(text) {
		s.first, s.last = s.first-aboutYears*year, s.last+aboutYears*year
	}
	return s, true
}

// What the birth and the country that both sides give do to a score. They order hits and set some below the least score; they never make a hit of a name
// that is none, and never hide an exact name.
const (
	birthSame   = 0.6  // what is left of the doubt
	birthOther  = 0.85 // times
	countrySame = 0.9  // what is left of the doubt
	countryElse = 0.97 // times
	otherPerson = 1    // years that births must lie apart to speak against
)

// birthSpeaks compares a stated birth with those of a listing: 1 for, -1 against, 0 neither.
func birthSpeaks(stated string, listed []string) (says int, evidence sentence.Sentence) {
	q, ok := bornIn(stated)
	if !ok {
		return 0, evidence
	}
	compared := false
	for _, text := range listed {
		l, ok := bornIn(text)
		if !ok {
			continue
		}
		compared = true
		if q.first <= l.last && l.first <= q.last {
			return 1, sentence.Of("born %s, listed %s", stated, text)
		}
		if q.first-l.last <= otherPerson*year && l.first-q.last <= otherPerson*year {
			return 0, sentence.Of("born %s, listed %s: near", stated, text)
		}
	}
	if !compared {
		return 0, evidence
	}
	return -1, sentence.Of("born %s, listed %s: speaks against (× %.2f)", stated, strings.Join(listed, ", "), birthOther)
}

// countrySpeaks compares a stated country with those of a listing. Only codes can speak against: names are written in many ways.
func countrySpeaks(stated string, listed []string) (says int, evidence sentence.Sentence) {
	codes := len(stated) == 2
	for _, c := range listed {
		if strings.EqualFold(c, stated) {
			return 1, sentence.Of("same country: %s", stated)
		}
		codes = codes && len(c) == 2
	}
	if stated == "" || len(listed) == 0 {
		return 0, evidence
	}
	evidence = sentence.Of("countries listed: %s", strings.Join(listed, ", "))
	if !codes {
		return 0, evidence
	}
	return -1, sentence.Of("%s (× %.2f)", evidence, countryElse)
}

// weighFacts brings the stated birth and country into the score of a name.
func weighFacts(score float64, q *Query, p *Party) float64 {
	born, _ := birthSpeaks(q.Born, p.Born)
	country, _ := countrySpeaks(q.Country, p.Countries)
	for _, x := range [...]struct {
		says        int
		same, other float64
	}{{born, birthSame, birthOther}, {country, countrySame, countryElse}} {
		switch {
		case x.says > 0 && score < 1:
			score = min(1-(1-score)*x.same, 0.995)
		case x.says < 0:
			score *= x.other
		}
	}
	return score
}
