package fact

import (
	"strings"
	"unicode/utf8"

	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/sentence"
	"lodestone/internal/when"
)

// fault is what is wrong with a value, before the column that it stands in is known.
type fault struct {
	said  sentence.Sentence
	meant string // empty: nothing to suggest
}

func faultf(meant, format string, args ...any) *fault {
	return &fault{sentence.Of(format, args...), meant}
}

// problem is the fault as a problem with a column.
func (f *fault) problem(column string) *problem.Problem {
	p := problem.Problem{Field: column, Meant: f.meant}.Saying(f.said)
	return &p
}

// clip shortens a value for a message.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// number reads a whole text as a number. Separators of thousands are taken where they can be nothing else. A single comma is decimal
// where decimalComma says so (semicolon and tab files); elsewhere it is refused, because 1,234 reads two ways.
func number(s string, decimalComma bool) (quant.Decimal, *fault) {
	plain := s
	if !isPlain(s) {
		var f *fault
		if plain, f = plainNumber(s, decimalComma); f != nil {
			return quant.Decimal{}, f
		}
	}
	d, err := quant.ParseDecimal(plain)
	switch {
	case err == quant.ErrRange:
		return d, faultf("", "%s: %v", clip(s), err)
	case err != nil:
		return d, faultf("digits with a decimal point", "%q is not a number", clip(s))
	}
	return d, nil
}

// isPlain says whether a text is of digits with at most one point: nearly all are.
func isPlain(s string) bool {
	points := 0
	for i := range len(s) {
		if s[i] == '.' {
			points++
		} else if !isDigit(s[i]) {
			return false
		}
	}
	return points <= 1
}

// plainNumber takes separators of thousands out and turns a decimal comma into a point.
func plainNumber(s string, decimalComma bool) (string, *fault) {
	if strings.ContainsAny(s, " '\u00a0\u202f") {
		joined, ok := ungroup(strings.NewReplacer("'", " ", "\u00a0", " ", "\u202f", " ").Replace(s), ' ')
		if !ok {
			return "", faultf("digits with a decimal point", "%q is not a number", clip(s))
		}
		s = joined
	}
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case commas == 0 && points <= 1:
		return s, nil
	case commas == 1 && points == 0 && decimalComma:
		return strings.Replace(s, ",", ".", 1), nil
	case commas == 1 && points == 0:
		return "", commaFault(s)
	case commas >= 1 && points <= 1 && (points == 0 || comma < point):
		if joined, ok := ungroup(s, ','); ok {
			return joined, nil
		}
	case points >= 1 && commas == 1 && comma > point:
		if joined, ok := ungroup(s[:comma], '.'); ok {
			return joined + "." + s[comma+1:], nil
		}
	case points > 1 && decimalComma:
		if joined, ok := ungroup(s, '.'); ok {
			return joined, nil
		}
	}
	return "", faultf("digits with one decimal point", "%q is not a number", clip(s))
}

func commaFault(s string) *fault {
	point := strings.Replace(s, ",", ".", 1)
	if joined, ok := ungroup(s, ','); ok {
		return faultf("write "+joined+" or "+point, "%s can be %s or %s", s, joined, point)
	}
	return faultf(point, "%q has a decimal comma in a file whose cells are parted by commas", clip(s))
}

// ungroup takes out a separator of thousands where every group after the first has three digits and the first one to three.
func ungroup(s string, sep byte) (string, bool) {
	whole, rest := s, ""
	if i := strings.LastIndexByte(s, '.'); i >= 0 && sep != '.' {
		whole, rest = s[:i], s[i:]
	} else if i := strings.LastIndexByte(s, ','); i >= 0 && sep == ' ' {
		whole, rest = s[:i], s[i:]
	}
	groups := strings.Split(whole, string(sep))
	for i, g := range groups {
		digits := g
		if i == 0 {
			digits = strings.TrimLeft(g, "+-")
		}
		if strings.Trim(digits, "0123456789") != "" || len(digits) > 3 || len(digits) == 0 || i > 0 && len(digits) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, "") + rest, len(groups) > 1
}

// numberPrefix reads the number at the start of s and returns what follows it.
func numberPrefix(s string, decimalComma bool) (quant.Decimal, string, *fault) {
	end := numberEnd(s)
	if end == 0 {
		return quant.Decimal{}, s, faultf("", "%q does not begin with a number", clip(s))
	}
	d, f := number(s[:end], decimalComma)
	return d, s[end:], f
}

// numberEnd is where the number at the start of s ends: sign, digits with points and commas, exponent.
func numberEnd(s string) int {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	digits := i
	for i < len(s) && (isDigit(s[i]) || (s[i] == '.' || s[i] == ',') && i+1 < len(s) && isDigit(s[i+1])) {
		i++
	}
	if i == digits {
		return 0
	}
	if i+1 < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if s[j] == '-' || s[j] == '+' {
			j++
		}
		k := j
		for k < len(s) && isDigit(s[k]) {
			k++
		}
		if k > j {
			return k
		}
	}
	return i
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// date reads a day. Besides YYYY-MM-DD it takes the forms whose year stands first and which therefore read one way only; forms
// that begin with day or month are refused with their readings.
func date(s string) (when.Date, *fault) {
	d, err := when.ParseDate(s)
	if err == nil {
		return d, nil
	}
	text := s
	if i := strings.IndexAny(s, "T "); i > 0 && strings.Trim(s[i+1:], "0:.Z") == "" {
		text = s[:i] // midnight, as spreadsheets print it
		if d, err = when.ParseDate(text); err == nil {
			return d, nil
		}
	}
	parts, n := dateParts(text)
	if n != 3 {
		return 0, faultf("YYYY-MM-DD", "%q is not a day", clip(s))
	}
	if len(parts[0]) == 4 {
		d, err = when.ParseDate(isoDay(parts[0], parts[1], parts[2]))
		if err != nil {
			return 0, faultf("YYYY-MM-DD", "%v", err)
		}
		return d, nil
	}
	return 0, faultf(dayReadings(parts), "%q does not say the year first", clip(s))
}

// dateParts splits 2026/3/1, 2026.03.01, 2026年3月1日, 2026년 3월 1일 or 20260301 into its numbers.
func dateParts(s string) (parts [3]string, n int) {
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		return [3]string{s[:4], s[4:6], s[6:]}, 3
	}
	start := -1
	for i := 0; i <= len(s); i++ {
		if i < len(s) && isDigit(s[i]) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			if n == 3 || i-start > 4 {
				return parts, 0
			}
			parts[n], start = s[start:i], -1
			n++
		}
	}
	if strings.Trim(s, "0123456789-/. 年月日년월일") != "" {
		return parts, 0
	}
	return parts, n
}

func isoDay(year, month, day string) string {
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	return year + "-" + pad(month) + "-" + pad(day)
}

// dayReadings lists the days that a form such as 01/03/2026 can mean.
func dayReadings(p [3]string) string {
	var readings []string
	for _, s := range []string{isoDay(p[2], p[1], p[0]), isoDay(p[2], p[0], p[1])} {
		if d, err := when.ParseDate(s); err == nil && (readings == nil || readings[0] != s) {
			readings = append(readings, d.String())
		}
	}
	if readings == nil {
		return "YYYY-MM-DD"
	}
	return strings.Join(readings, " or ")
}
