package decision

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
	"lodestone/internal/when"
)

// kind is the sort of a token.
type kind uint8

const (
	plainNumber kind = iota
	dayToken         // a date with or without its year
	moneyToken
	amountToken // a quantity with its unit
	tariffToken // a customs code
	shareToken  // a percentage
)

// token is a number in the text and what it is, from its first to behind its last byte with unit and sign.
type token struct {
	kind     kind
	from, to int
	number   enforce.Number
	digits   string // as printed, without blanks and commas
	unit     string
	currency string
	terms    string // FOB, CIF …
	day      when.Date
	month    int // where the day is not in the text: 0
	year     int // 0: not in the text
	dom      int
	about    bool
}

// lex finds the numbers of a folded text in one pass.
func lex(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			t := number(s, i)
			if !t.nextTariff(s, out) {
				classify(s, &t)
			}
			out = append(out, t)
			i = max(t.to, i+1)
		case c >= 0xe3 && strings.HasPrefix(s[i:], "〇") || c == 0xe4 || c == 0xe5 || c == 0xe7 || c == 0xe8 || c == 0xe9:
			r, size := utf8.DecodeRuneInString(s[i:])
			if _, ok := hanDigit(r); ok {
				if t, ok := hanNumber(s, i); ok {
					out = append(out, t)
					i = t.to
					continue
				}
				for { // a run of numerals that is no number of ours is passed over whole
					i += size
					if i >= len(s) {
						break
					}
					r, size = utf8.DecodeRuneInString(s[i:])
					if _, ok := hanDigit(r); !ok {
						break
					}
				}
				continue
			}
			i += size
		case c < 0x80:
			i++
		case c >= 0xf0:
			i += 4
		case c >= 0xe0:
			i += 3
		default:
			i += 2
		}
	}
	return out
}

// number reads digits with commas of thousands and one point. A dotted customs code (76020000.20) is read like a decimal.
func number(s string, at int) token {
	t := token{from: at}
	var b strings.Builder
	i, point := at, false
	for i < len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == '.' && !point && i+1 < len(s) && digit(s[i+1]):
			point = true
			b.WriteByte(c)
		case c == ',' && !point && b.Len() <= 3 && thousands(s[i+1:]), c == ',' && !point && b.Len() > 3 && i-4 >= at && s[i-4] == ',' && thousands(s[i+1:]):
		default:
			goto done
		}
		i++
	}
done:
	t.to, t.digits = i, b.String()
	n, err := enforce.ParseNumber(t.digits)
	if err == nil {
		t.number = n
	}
	return t
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// thousands says whether three digits and no fourth stand at the start.
func thousands(s string) bool {
	return len(s) >= 3 && digit(s[0]) && digit(s[1]) && digit(s[2]) && (len(s) == 3 || !digit(s[3]))
}

// classify finds out from its neighbours what a number is.
func classify(s string, t *token) {
	rest := s[t.to:]
	if t.date(s) || t.tariff(s) {
		return
	}
	if strings.HasPrefix(rest, "%") {
		t.kind, t.to = shareToken, t.to+1
		return
	}
	if t.money(s) {
		return
	}
	t.amount(s)
}

// units of quantities as decisions print them, longer ones first.
var units = []string{"平方米", "立方米", "公斤", "千克", "公吨", "万个", "万件", "万片", "吨", "克", "升", "毫升", "米", "台", "辆", "件", "个", "片", "瓶", "箱",
	"支", "套", "副", "只", "双", "根", "块", "卷", "张", "枚", "粒", "盒", "袋", "桶", "架", "艘", "条", "部", "罐", "匹", "株", "KG", "kg", "Kg", "KGS", "MT", "PCS", "pcs"}

func (t *token) amount(s string) {
	rest := s[t.to:]
	skip := 0
	if strings.HasPrefix(rest, " ") { // "25 KG"
		skip = 1
	}
	for _, u := range units {
		if !strings.HasPrefix(rest[skip:], u) {
			continue
		}
		t.kind, t.to = amountToken, t.to+skip+len(u)
		t.unit = u
		if cut, ok := strings.CutPrefix(u, "万"); ok {
			t.unit = cut
			t.scale(10000)
		}
		switch strings.ToUpper(t.unit) {
		case "KG", "KGS", "公斤":
			t.unit = "千克"
		case "PCS":
			t.unit = "个"
		case "MT", "公吨":
			t.unit = "吨"
		}
		return
	}
}

func (t *token) scale(by int64) {
	if n, err := t.number.Mul(enforce.Whole(by).Decimal); err == nil {
		t.number.Decimal = n
	}
}

// currencies by the words that print them, longer ones first.
var currencies = []struct{ word, code string }{
	{"加拿大元", "CAD"}, {"加元", "CAD"}, {"澳大利亚元", "AUD"}, {"澳元", "AUD"}, {"新加坡元", "SGD"}, {"新台币", "TWD"}, {"美元", "USD"}, {"美金", "USD"}, {"欧元", "EUR"}, {"日元", "JPY"},
	{"港元", "HKD"}, {"港币", "HKD"}, {"英镑", "GBP"}, {"韩元", "KRW"}, {"卢布", "RUB"}, {"瑞士法郎", "CHF"}, {"人民币", "CNY"}, {"圆", "CNY"}, {"元", "CNY"},
	{"USD", "USD"}, {"EUR", "EUR"}, {"JPY", "JPY"}, {"CNY", "CNY"}, {"RMB", "CNY"}, {"HKD", "HKD"}, {"GBP", "GBP"}, {"CAD", "CAD"}, {"AUD", "AUD"}, {"KRW", "KRW"}, {"TWD", "TWD"},
}

var tradeTerms = []string{"FOB", "CIF", "C&F", "CFR", "CNF", "EXW", "DDP", "DAP", "FCA", "CPT", "CIP", "DDU"}

// money reads "47.3万元", "FOB 29079.05美元", "EUR241.9", "人民币60000", "200万".
func (t *token) money(s string) bool {
	start := t.from
	before := s[:start]
	code := ""
	trim := func(word string) bool {
		cut, ok := strings.CutSuffix(strings.TrimSuffix(before, " "), word)
		if ok {
			before = cut
		}
		return ok
	}
	trim(":")
	if trim("约") {
		t.about = true
	}
	for _, c := range currencies {
		if len(c.word) > len("元") && trim(c.word) || len(c.word) == 3 && c.word[0] < 0x80 && trim(c.word) {
			code, start = c.code, len(before)
			break
		}
	}
	if trim("约") {
		t.about = true
	}
	for _, w := range tradeTerms {
		if trim(w) {
			t.terms, start = strings.ReplaceAll(w, "CNF", "C&F"), len(before)
			break
		}
	}
	to, scaled := t.to, int64(0)
	rest := s[to:]
	skip := func(word string) bool {
		cut, ok := strings.CutPrefix(strings.TrimPrefix(rest, " "), word)
		if ok {
			to, rest = len(s)-len(cut), cut
		}
		return ok
	}
	if cut := strings.TrimPrefix(rest, " "); cut != rest && len(cut) > 0 && digit(cut[0]) {
		t.joined(s, len(s)-len(cut), &to) // "31981 74.8": a blank inside a number
		rest = s[to:]
	}
	switch {
	case skip("万"):
		scaled = 10000
	case skip("亿"):
		scaled = 100000000
	case skip("百万"):
		scaled = 1000000
	}
	if scaled > 0 && (skip("余") || skip("多")) { // 4.6万余元
		t.about = true
	}
	worded := false
	for _, c := range currencies {
		if skip(c.word) {
			if code == "" || c.word != "元" {
				code = c.code
			}
			worded = true
			break
		}
	}
	if code == "" && scaled > 0 && (rest == "" || startsAny(rest, "。", ",", ";", "、", "\n", "…", ")", "的")) { // 罚款200万
		code = "CNY"
	}
	if code == "" || !worded && scaled > 0 && startsAny(rest, "个", "件", "片", "吨", "只", "克") {
		return false
	}
	if scaled > 0 {
		t.scale(scaled)
	}
	if strings.HasPrefix(rest, "整") {
		to += len("整")
	}
	for _, w := range []string{"(FOB价)", "(CIF价)", "(FOB)", "(CIF)", "(C&F价)", "(EXW价)", "(CFR价)"} {
		if t.terms == "" && strings.HasPrefix(s[to:], w) {
			t.terms = strings.TrimSuffix(strings.Trim(w, "()"), "价")
			to += len(w)
		}
	}
	t.kind, t.from, t.to, t.currency = moneyToken, start, to, code
	return true
}

// joined reads on behind a blank inside a number, where the next group makes one number and a currency follows.
func (t *token) joined(s string, at int, to *int) {
	next := number(s, at)
	if strings.Contains(t.digits, ".") || len(next.digits) < 2 || !startsAny(s[next.to:], "美元", "元", "万元", "欧元", "日元", "港元") {
		return
	}
	if n, err := enforce.ParseNumber(t.digits + next.digits); err == nil {
		t.number, t.digits, *to = n, t.digits+next.digits, next.to
	}
}

func startsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

func endsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// tariff reads a customs code: 8 to 10 digits, perhaps with a point, behind a word that announces one.
func (t *token) tariff(s string) bool {
	plain := strings.ReplaceAll(t.digits, ".", "")
	if len(plain) < 6 || len(plain) > 10 {
		return false
	}
	from := max(0, t.from-60)
	for from < t.from && !utf8.RuneStart(s[from]) {
		from++
	}
	window := s[from:t.from]
	if i := strings.LastIndexAny(window, ",;。\n、"); i >= 0 {
		_, size := utf8.DecodeRuneInString(window[i:])
		window = window[i+size:]
	}
	for _, w := range []string{"商品编号", "商品编码", "商品税号", "税则号列", "税号", "税则", "HS编码", "HS", "编码", "归入", "编号", "应为"} {
		if i := strings.LastIndex(window, w); i >= 0 {
			if strings.Contains(window[i:], "报关单") || strings.Contains(window, "报关单号") || strings.Contains(window, "海关编码") {
				return false
			}
			t.kind = tariffToken
			return true
		}
	}
	return false
}

// nextTariff reads the further codes of 商品编码分别为8112993000、8101100090.
func (t *token) nextTariff(s string, before []token) bool {
	if n := len(before); n == 0 || before[n-1].kind != tariffToken || len(before[n-1].digits) != len(t.digits) || !joins(s[before[n-1].to:t.from]) {
		return false
	}
	t.kind = tariffToken
	return true
}

// joins says whether the words between two values make them members of one list.
func joins(between string) bool {
	return between == "、" || between == "和" || between == "及" || between == "以及"
}

// date reads "2024年7月8日", "2026-03-02", "12月5日", and what mirrors leave of a date: "20241214日", "2025416日", "20184 6日".
func (t *token) date(s string) bool {
	switch {
	case len(t.digits) == 4 && strings.HasPrefix(s[t.to:], "年"):
		return t.yearFirst(s)
	case len(t.digits) == 4 && len(s) > t.to && (s[t.to] == '-' || s[t.to] == '/'):
		return t.dashed(s)
	case len(t.digits) <= 2 && strings.HasPrefix(s[t.to:], "月"):
		return t.monthFirst(s)
	case strings.HasPrefix(s[t.to:], "日") || strings.HasPrefix(s[t.to:], " "):
		return t.bare(s)
	}
	return false
}

func plausible(year int) bool { return year >= 1990 && year <= 2099 }

func (t *token) yearFirst(s string) bool {
	t.year = atoi(t.digits)
	if !plausible(t.year) {
		t.year = 0
		return false
	}
	at := t.to + len("年")
	m := number(s, at)
	if m.to == at || len(m.digits) > 2 || !strings.HasPrefix(s[m.to:], "月") {
		t.year = 0
		return false
	}
	return t.monthOf(s, m)
}

func (t *token) monthOf(s string, m token) bool {
	t.month, t.kind = atoi(m.digits), dayToken
	t.to = m.to + len("月")
	d := number(s, t.to)
	if d.to > t.to && len(d.digits) <= 2 && startsAny(s[d.to:], "日", "号") {
		t.dom, t.to = atoi(d.digits), d.to+len("日")
	}
	return t.settle()
}

func (t *token) monthFirst(s string) bool {
	if before := s[:t.from]; endsAny(before, "年", "*") && !endsAny(before, "同年", "当年", "次年", "*年") {
		return false
	}
	return t.monthOf(s, token{digits: t.digits, to: t.to})
}

func (t *token) dashed(s string) bool {
	sep := s[t.to : t.to+1]
	m := number(s, t.to+1)
	if len(m.digits) == 0 || len(m.digits) > 2 || !strings.HasPrefix(s[m.to:], sep) {
		return false
	}
	d := number(s, m.to+1)
	if len(d.digits) == 0 || len(d.digits) > 2 {
		return false
	}
	t.year, t.month, t.dom = atoi(t.digits), atoi(m.digits), atoi(d.digits)
	t.kind, t.to = dayToken, d.to
	return t.settle()
}

// bare reads the digits of a date that has lost 年 and 月. Where the digits can be split in two ways, the month of one digit wins only if the
// other reading is no day.
func (t *token) bare(s string) bool {
	digits, to := t.digits, t.to
	var parts []string
	if strings.HasPrefix(s[to:], " ") {
		next := number(s, to+1)
		if next.to == to+1 || !strings.HasPrefix(s[next.to:], "日") || len(digits) < 5 || len(digits) > 6 || len(next.digits) > 2 {
			return false
		}
		parts, to = []string{digits[:4], digits[4:], next.digits}, next.to
	} else {
		switch len(digits) {
		case 8:
			parts = []string{digits[:4], digits[4:6], digits[6:]}
		case 7:
			parts = []string{digits[:4], digits[4:5], digits[5:]}
			if m := atoi(digits[4:6]); m >= 10 && m <= 12 {
				parts = []string{digits[:4], digits[4:6], digits[6:]}
			}
		case 6:
			parts = []string{digits[:4], digits[4:5], digits[5:]}
		default:
			return false
		}
	}
	t.year, t.month, t.dom = atoi(parts[0]), atoi(parts[1]), atoi(parts[2])
	if !plausible(t.year) || t.month < 1 || t.month > 12 || t.dom < 1 || t.dom > 31 {
		t.year, t.month, t.dom = 0, 0, 0
		return false
	}
	t.kind, t.to = dayToken, to+len("日")
	return t.settle()
}

// settle makes the day where year, month and day are there and in the calendar.
func (t *token) settle() bool {
	if t.month < 1 || t.month > 12 || t.dom > 31 {
		t.kind, t.year, t.month, t.dom = plainNumber, 0, 0, 0
		return false
	}
	if t.year > 0 && t.dom > 0 {
		if d, err := when.ParseDate(iso(t.year, t.month, t.dom)); err == nil {
			t.day = d
		}
	}
	return true
}

func iso(year, month, day int) string { return fmt.Sprintf("%04d-%02d-%02d", year, month, day) }

func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		if !digit(s[i]) {
			return n
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// hanDigit is the value of a Chinese numeral; units of ten have their value, and every one of them counts as part of a number.
func hanDigit(r rune) (int64, bool) {
	switch r {
	case '〇', '零', '○':
		return 0, true
	case '一', '壹':
		return 1, true
	case '二', '贰', '两':
		return 2, true
	case '三', '叁':
		return 3, true
	case '四', '肆':
		return 4, true
	case '五', '伍':
		return 5, true
	case '六', '陆':
		return 6, true
	case '七', '柒':
		return 7, true
	case '八', '捌':
		return 8, true
	case '九', '玖':
		return 9, true
	case '十', '拾':
		return 10, true
	case '百', '佰':
		return 100, true
	case '千', '仟':
		return 1000, true
	case '万':
		return 10000, true
	}
	return 0, false
}

// hanNumber reads a date (二〇二三年五月十二日) or a sum (贰万元) in Chinese numerals.
func hanNumber(s string, at int) (token, bool) {
	t := token{from: at}
	year, to := hanRun(s, at)
	if len(year) == 4 && strings.HasPrefix(s[to:], "年") {
		for _, d := range year {
			if d > 9 {
				return t, false
			}
			t.year = t.year*10 + int(d)
		}
		month, to2 := hanRun(s, to+len("年"))
		if len(month) == 0 || !strings.HasPrefix(s[to2:], "月") {
			return t, false
		}
		t.month, t.kind, t.to = int(hanValue(month)), dayToken, to2+len("月")
		if d, to3 := hanRun(s, t.to); len(d) > 0 && strings.HasPrefix(s[to3:], "日") {
			t.dom, t.to = int(hanValue(d)), to3+len("日")
		}
		return t, plausible(t.year) && t.settle()
	}
	for _, unit := range []string{"元整", "元", "圆整"} {
		if strings.HasPrefix(s[to:], unit) && len(year) > 1 {
			if n, err := enforce.ParseNumber(itoa(hanValue(year))); err == nil {
				t.kind, t.number, t.currency, t.to = moneyToken, n, "CNY", to+len(unit)
				if strings.HasSuffix(s[:at], "人民币") {
					t.from = at - len("人民币")
				}
				return t, true
			}
		}
	}
	if len(year) == 1 && !strings.HasSuffix(s[:at], "第") {
		return countedByWord(s, t, year[0], to)
	}
	return t, false
}

// countedByWord reads 一副, 两台.
func countedByWord(s string, t token, n int64, to int) (token, bool) {
	t.to, t.number = to, enforce.Whole(n)
	t.amount(s)
	return t, t.kind == amountToken
}

func hanRun(s string, at int) (digits []int64, to int) {
	to = at
	for to < len(s) && len(digits) < 16 {
		r, size := utf8.DecodeRuneInString(s[to:])
		d, ok := hanDigit(r)
		if !ok {
			break
		}
		digits, to = append(digits, d), to+size
	}
	return digits, to
}

// hanValue adds up numerals with units: 二千三百五 is left as 2305, for decisions write the unit out.
func hanValue(digits []int64) int64 {
	total, part, last := int64(0), int64(0), int64(0)
	for _, d := range digits {
		switch {
		case d == 10000:
			total, part, last = total+(part+last)*10000, 0, 0
		case d >= 10:
			part, last = part+max(last, 1)*d, 0
		default:
			last = d
		}
	}
	return total + part + last
}

func itoa(n int64) string { return enforce.Whole(n).String() }
