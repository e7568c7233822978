package decision

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

// direction is export or import by the words of the declaration, else by the first word that is not part of 进出口 or a title.
func (t *reading) direction() {
	t.rec.Direction = "other"
	plain := t.withoutTitles()
	best, at, word := -1, 0, ""
	for _, w := range []struct {
		words string
		to    string
		late  int
	}{{"申报出口", "export", 0}, {"申报进口", "import", 0}, {"申报自", "import", 0}, {"出口", "export", 1 << 20}, {"进口", "import", 1 << 20}, {"进境", "import", 1 << 21}, {"出境", "export", 1 << 21}} {
		i := strings.Index(plain, w.words)
		if i >= 0 && (best < 0 || i+w.late < best) {
			best, at, word, t.rec.Direction = i+w.late, i, w.words, w.to
		}
	}
	if best >= 0 {
		t.because("direction", at, at+len(word))
	} else {
		t.from("direction", "no word of the text")
	}
}

// withoutTitles blanks titles in 《》 and words that hold 出口 or 进口 without saying which way goods went. Places stay as they are.
func (t *reading) withoutTitles() string {
	b := []byte(t.s)
	for i := 0; i < len(b); {
		from := strings.Index(t.s[i:], "《")
		if from < 0 {
			break
		}
		to := strings.Index(t.s[i+from:], "》")
		if to < 0 {
			break
		}
		for j := i + from; j < i+from+to; j++ {
			b[j] = ' '
		}
		i += from + to
	}
	for _, w := range []string{"进出口", "进出境", "出口许可", "进口许可", "出口退税", "出口报关单", "进口报关单", "出口管制", "有限公司出口"} {
		each(t.s, w, func(at int) {
			for j := range len(w) {
				b[at+j] = ' '
			}
		})
	}
	return string(b)
}

// recordType tells decisions from notices and criminal cases.
func (t *reading) recordType() {
	set := func(kind string, from, to int) {
		t.rec.RecordType = kind
		if from >= 0 {
			t.because("record_type", from, to)
		}
	}
	t.rec.TextKind = "not_a_decision"
	body := t.s[:t.tail]
	decided := has(body, "罚款", "行政处罚", "当事人", "查处", "海关处罚", "按走私行为", "定性为走私")
	if i, w := first(body, []string{"一审宣判", "宣判", "判处", "提起公诉", "检察院指控", "被告人", "刑事判决", "审查起诉"}); i >= 0 && !has(body, "当事人", "行政处罚决定") {
		set(enforce.Criminal, i, i+len(w))
		t.withdrawFines()
		return
	}
	if i := strings.Index(body, "行退通字"); i >= 0 && !has(body, "罚款") && !has(body, "行政处罚") {
		set(enforce.SeizureNotice, i, i+len("行退通字"))
		return
	}
	if i, w := first(body, []string{"查获", "移交缉私", "依规定处理", "依法处理", "进一步处理", "不予放行", "立案侦查", "另案处理"}); i >= 0 && !decided {
		set(enforce.SeizureNotice, i, i+len(w))
		return
	}
	t.rec.RecordType = enforce.PenaltyDecision
	if i, w := first(body, []string{"罚款", "行政处罚", "处罚", "查处", "当事人", "违法", "走私", "申报"}); i >= 0 && !t.rec.Penalty.NoPenalty {
		t.because("record_type", i, i+len(w))
	}
	if t.rec.Penalty.NoPenalty {
		t.rec.RecordType = enforce.NoPenaltyDecision
		t.from("record_type", "penalty.no_penalty")
	}
	t.textKind()
}

// withdrawFines takes back what was read as a penalty of customs: a court's fine is none.
func (t *reading) withdrawFines() {
	t.rec.Penalty = enforce.Penalty{ConfiscatedGoods: []string{}, OtherMeasures: []string{}}
	maps.DeleteFunc(t.rec.Spans, func(k string, _ enforce.Span) bool { return strings.HasPrefix(k, "penalty.") })
	maps.DeleteFunc(t.rec.Derived, func(k string, _ []string) bool { return strings.HasPrefix(k, "penalty.") })
}

// textKind tells a restated decision from a summary by its formulas, and whole from broken off.
func (t *reading) textKind() {
	body := t.s
	formal := has(body, "当事人") && !t.titled && has(body, "《中华人民共和国", "对当事人作出如下", "行政处罚决定书", ":科处罚款") ||
		has(body, "行政处罚决定书", "行政处罚案\n")
	ends := t.rec.Penalty.Fines != nil
	switch {
	case formal && ends:
		t.rec.TextKind = "decision_full"
	case formal:
		t.rec.TextKind = "decision_partial"
	case ends && (len(t.rec.Actual) > 0 || len(t.rec.Declared) > 0) && !strings.HasPrefix(t.s, "某"):
		t.rec.TextKind = "summary_full"
	default:
		t.rec.TextKind = "summary_partial"
	}
}

// places reads destination, origin, port and the way of trade.
func (t *reading) places() {
	t.destination()
	t.port()
	for _, m := range []struct{ words, mode string }{
		{"保税电商(1210)", "保税电商(1210)"}, {"9610", "9610"}, {"9710", "9710"}, {"9810", "9810"}, {"1210", "1210"}, {"跨境电商", "跨境电商"}, {"C类快件", "C类快件"}, {"B类快件", "B类快件"}, {"A类快件", "A类快件"},
		{"市场采购", "市场采购"}, {"边境小额贸易", "边境小额贸易"}, {"进料加工", "进料加工"}, {"来料加工", "来料加工"}, {"进料对口", "进料对口"}, {"保税仓库货物", "保税仓库货物"}, {"一般贸易", "一般贸易"}, {"快件", "快件"}, {"DHL", "快件"}, {"快递", "快件"},
		{"邮寄", "邮寄"}, {"邮递", "邮寄"}, {"邮包", "邮寄"}, {"旅客携带", "旅检"}, {"旅检", "旅检"},
	} {
		if i := strings.Index(t.s[:t.tail], m.words); i >= 0 {
			mode := m.mode
			t.rec.TradeMode = &mode
			if m.words == m.mode {
				t.put("trade_mode", i, i+len(m.words))
			} else {
				t.because("trade_mode", i, i+len(m.words))
			}
			return
		}
	}
}

var destinationWords = []string{"实际最终目的国为", "最终目的国(地区)为", "最终目的国为", "最终目的国", "目的国为", "目的国", "目的地为", "目的地", "运抵国为", "运抵国(地区)为", "运抵国(地区)", "目的国(地区)为", "目的国(地区)", "运抵国", "出口至", "出境至", "出口到", "运往", "运至", "销往", "售予", "寄往", "发往", "至", "出口"}

func (t *reading) destination() {
	if t.rec.Direction == "import" {
		for _, w := range []string{"申报自", "原产国为", "原产于", "原产国", "自", "从"} {
			if from, to := t.countryBehind(w); to > 0 && startsAny(t.s[to:], "进口", ",", "。", "的", "产", "一般") {
				t.rec.Origin = t.text("origin", from, to)
				return
			}
		}
		return
	}
	for _, w := range destinationWords {
		if from, to := t.countryBehind(w); to > 0 {
			t.rec.Destination = t.text("destination", from, to)
			return
		}
	}
}

// countryBehind finds a country behind a word, with the others that are joined to it by 、 and a closing 等.
func (t *reading) countryBehind(word string) (from, to int) {
	body := t.s[:min(t.evidence, t.tail)]
	each(body, word, func(at int) {
		if to > 0 {
			return
		}
		i := at + len(word)
		if strings.HasPrefix(t.s[i:], ":") { // 运抵国:香港
			i++
		}
		for {
			end := t.countryAt(i)
			if end < 0 {
				break
			}
			if from == 0 && to == 0 {
				from = i
			}
			to = end
			if !strings.HasPrefix(t.s[end:], "、") {
				break
			}
			i = end + len("、")
		}
		if to > 0 && strings.HasPrefix(t.s[to:], "等") && strings.Contains(t.s[from:to], "、") {
			to += len("等")
		}
	})
	return from, to
}

func (t *reading) countryAt(at int) int {
	for _, c := range t.countries {
		if strings.HasPrefix(t.s[at:], c) {
			return at + len(c)
		}
	}
	return -1
}

// port is the place of the office where the goods were declared, or the crossing that they left by.
func (t *reading) port() {
	take := func(at int, word string) bool {
		from := at
		for from > 0 {
			r, size := utf8.DecodeLastRuneInString(t.s[:from])
			if !isHan(r) || endsAny(t.s[:from], "向", "从", "由", "经", "在") {
				break
			}
			from -= size
		}
		n := utf8.RuneCountInString(t.s[from:at])
		if n < 2 || n > 8 || endsAny(t.s[from:at], "国") {
			return false
		}
		t.rec.Port = t.text("port", from, at)
		return true
	}
	if i := strings.Index(t.s, "口岸出境"); i > 0 && take(i, "口岸") {
		return
	}
	for _, w := range []string{"海关申报", "海关)申报", "机场海关查验"} {
		if i := strings.Index(t.s[:t.tail], w); i > 0 {
			end := i
			if w == "机场海关查验" {
				end += len("机场")
			}
			if take(end, w) {
				return
			}
		}
	}
}

// codes reads control codes and the documents that list goods, as cited.
func (t *reading) codes() {
	for i := 0; i+5 <= len(t.s); i++ {
		c := t.s[i]
		if !digit(c) || t.s[i+1] < 'A' || t.s[i+1] > 'E' || !digit(t.s[i+2]) || !digit(t.s[i+3]) || !digit(t.s[i+4]) || i > 0 && latin(rune(t.s[i-1])) {
			continue
		}
		end := i + 5
		for end+1 < len(t.s) && t.s[end] == '.' && latin(rune(t.s[end+1])) {
			end += 2
			for end < len(t.s) && digit(t.s[end]) && digit(t.s[end-1]) {
				end++
			}
		}
		if end < len(t.s) && latin(rune(t.s[end])) {
			continue
		}
		t.code(t.s[i:end], i, end)
		i = end
	}
	const military = "军品出口管理清单"
	if i := strings.Index(t.s, "《"+military+"》第"); i >= 0 {
		at := i + len("《"+military+"》第")
		end := at
		for end < len(t.s) && (digit(t.s[end]) || t.s[end] == '.') {
			end++
		}
		if end > at {
			t.code(military+t.s[at:end], i, end)
			path := "control_codes." + itoa(int64(len(t.rec.ControlCodes)-1))
			delete(t.rec.Spans, path)
			t.because(path, i, end)
		}
	}
	t.instruments()
}

func (t *reading) code(code string, from, to int) {
	if !slices.Contains(t.rec.ControlCodes, code) {
		t.put("control_codes."+itoa(int64(len(t.rec.ControlCodes))), from, to)
		t.rec.ControlCodes = append(t.rec.ControlCodes, code)
	}
}

// instruments reads numbered documents: …公告2025年第18号, …函〔2024〕377号, a letter with a number in brackets, a list of controlled goods. The
// announcement that made a discretion benchmark is part of a citation and none of them.
func (t *reading) instruments() {
	add := func(from, to int) {
		v := t.s[from:to]
		if slices.ContainsFunc(t.rec.Instruments, func(old string) bool { return squeeze(old) == squeeze(v) }) {
			return
		}
		t.put("instruments."+itoa(int64(len(t.rec.Instruments))), from, to)
		t.rec.Instruments = append(t.rec.Instruments, v)
	}
	each(t.s, "公告", func(at int) {
		y := number(t.s, at+len("公告"))
		if len(y.digits) != 4 || !strings.HasPrefix(t.s[y.to:], "年第") {
			return
		}
		n := number(t.s, y.to+len("年第"))
		if n.to == y.to+len("年第") || !strings.HasPrefix(t.s[n.to:], "号") {
			return
		}
		from := t.issuersBefore(at)
		if !strings.HasSuffix(t.s[:from], "(") || !strings.Contains(lastTitle(t.s[:from]), "裁量基准") {
			add(from, n.to+len("号"))
		}
	})
	each(t.s, "函〔", func(at int) {
		y := number(t.s, at+len("函〔"))
		n := number(t.s, y.to+len("〕"))
		if len(y.digits) == 4 && strings.HasPrefix(t.s[y.to:], "〕") && strings.HasPrefix(t.s[n.to:], "号") {
			add(t.issuersBefore(at), n.to+len("号"))
		}
	})
	each(t.s, "函》(", func(at int) {
		from := strings.LastIndex(t.s[:at], "《")
		end := at + len("函》") + bracketed(t.s[at+len("函》"):])
		if from >= 0 && end > at+len("函》") {
			add(from, end)
		}
	})
	each(t.s, "名录》", func(at int) {
		if from := strings.LastIndex(t.s[:at], "《"); from >= 0 && at-from < 90 {
			add(from+len("《"), at+len("名录"))
		}
	})
}

func squeeze(s string) string { return strings.ReplaceAll(s, "、", "") }

func lastTitle(s string) string {
	if i := strings.LastIndex(s, "《"); i >= 0 {
		return s[i:]
	}
	return ""
}

// issuersBefore is where the names of those who made a document begin.
func (t *reading) issuersBefore(at int) int {
	from := at
	for from > 0 {
		r, size := utf8.DecodeLastRuneInString(t.s[:from])
		if !isHan(r) && r != '、' || endsAny(t.s[:from], "根据", "属于", "违反", "符合", "按照", "依据", "的") {
			break
		}
		from -= size
	}
	return from
}

// shelf finds class and category: by what the goods are called, else by the whole text.
func (t *reading) shelf() {
	var names []string
	for _, g := range slices.Concat(t.rec.Actual, t.rec.Declared) {
		names = append(names, g.Goods)
	}
	goods := strings.Join(names, "\n")
	whole := t.withoutSources()
	category, word := t.category(goods, "")
	dual := has(t.s, "两用物项", "出口管制法", "管制物项", "出口管制") || slices.ContainsFunc(t.rec.ControlCodes, func(c string) bool { return c[0] < 0x80 })
	restricted := has(t.s, "禁止进口", "禁止出口", "禁止进出", "固体废物", "消耗臭氧", "国家限制", "濒危", "进口许可证") || has(strings.ReplaceAll(t.s, "两用物项和技术出口许可证", ""), "出口许可证")
	military := has(t.s, "军品")
	if category == nil || dual && category.Class == "other" {
		category2, word2 := t.category(whole, "")
		if category2 != nil {
			category, word = category2, word2
		}
	}
	if military && (category == nil || category.Class != "military") {
		if c, w := t.category(whole, "military"); c != nil {
			category, word = c, w
		}
	}
	if t.rec.Direction == "other" && category != nil && (category.Class == "dual_use" || category.Class == "military") {
		t.rec.Direction = "export" // a digest that says neither: these goods are controlled on their way out
		t.from("direction", "goods_category")
	}
	switch {
	case military:
		t.rec.ItemClass = "military"
	case dual:
		t.rec.ItemClass = "dual_use"
	case category != nil && category.Class == "dual_use" && t.rec.Direction == "export":
		t.rec.ItemClass = "dual_use"
	case restricted, category != nil && category.Class == "restricted_or_prohibited" && t.rec.RecordType != enforce.PenaltyDecision:
		t.rec.ItemClass = "restricted_or_prohibited"
	default:
		t.rec.ItemClass = "other"
	}
	if i, w := first(t.s, []string{"两用物项", "出口管制", "管制物项", "军品", "禁止", "许可证", "固体废物", "濒危"}); i >= 0 {
		t.because("item_class", i, i+len(w))
	} else if category == nil {
		t.from("item_class", "no word of the text")
	}
	if category != nil {
		t.rec.GoodsCategory = &category.ID
		if i := strings.Index(t.s, word); i >= 0 {
			t.because("goods_category", i, i+len(word))
			t.because("item_class", i, i+len(word))
		}
	}
}

// withoutSources is the text without the titles of laws and documents: they name goods that the case may not have.
func (t *reading) withoutSources() string {
	var b strings.Builder
	rest := t.s[:t.tail]
	for {
		i := strings.Index(rest, "《")
		if i < 0 {
			break
		}
		j := strings.Index(rest[i:], "》")
		if j < 0 {
			break
		}
		b.WriteString(rest[:i])
		rest = rest[i+j+len("》"):]
	}
	b.WriteString(rest)
	return b.String()
}

func (t *reading) category(s, class string) (*enforce.Category, string) {
	if s == "" {
		return nil, ""
	}
	for i := range t.tables.Categories {
		c := &t.tables.Categories[i]
		if class != "" && c.Class != class {
			continue
		}
		for _, w := range c.Words {
			if strings.Contains(s, w) {
				return c, w
			}
		}
	}
	return nil, ""
}
