package decision

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

// phrase is a part of the text that names goods; lead is where the words begin that announce it.
type phrase struct{ lead, from, to int }

// announcers are words behind which goods stand as declared, and as found. Longer ones stand before those that they begin with.
var (
	declaredBy = []string{"品名均申报为", "品名申报为", "申报品名均为", "申报品名为", "成分均申报为", "申报品名", "项申报为", "申报为", "伪报成", "伪报为", "伪装成", "谎报为", "假冒", "品名均为",
		"申报出口", "申报进口", "申报自", "申报无品牌", "申报“", "申报出境"}
	foundBy = []string{"实际货物品名为", "实际货物均为", "实际货物为", "实际货物有", "实际货物含", "货物实际为", "货物实际品名均为", "实际品名均为", "实际品名为", "实际出口货物为", "实际进口货物为", "实际出货为", "实际出口为",
		"实际出口的是", "实际进口的是", "实际是", "实际系", "实际均为", "实际为", "实货为", "实为", "成分实为", "实际含", "实际夹带", "其余货物系", "上述货物系", "该批货物系", "该批货物为", "货物为", "经鉴定为",
		"鉴定为", "鉴定系", "检测结果为", "鉴定,为", "检测,为", "化验,为", "夹藏", "夹带", "查获未申报的", "查获未申报货物:", "查获", "瞒报出口", "无证出口", "认定该", "经折算,", "方式走私", "走私"}
)

// general are words for goods that name none.
var general = []string{"货物", "商品", "物品", "快件", "第", "上述", "该", "两票", "一票", "一批", "时", "数量", "总价", "价格", "的", "退运", "不实", "要素", "检验", "与", "在", "规格", "成分", "净重", "前", "后", "直接", "管制物项", "重点", "情况", "行为", "部分", "案", "罪", "国家"}

// goods reads the lines of goods as declared and as found.
func (t *reading) goods() {
	from, stop := t.factsFrom(), t.goodsEnd()
	declared := t.phrases(declaredBy, from, stop, true)
	declared = inOrder(append(declared, t.underName(from, stop)...), t.weighed(from, stop))
	declared = t.dropGeneral(declared)
	found := inOrder(t.phrases(foundBy, from, stop, false), t.turnedInto(from, stop))
	found = inOrder(found, t.counted(from, stop))
	found = inOrder(found, t.discovered(from, stop))
	if len(found) == 0 {
		found = t.onlyNamed(stop)
	}
	all := inOrder(declared, found)
	for _, p := range declared {
		t.addGoods(&t.rec.Declared, "declared.", p, t.reach(p, all, stop), true)
	}
	for _, p := range found {
		t.addGoods(&t.rec.Actual, "actual.", p, t.reach(p, all, stop), false)
	}
	t.destinations()
}

// inOrder joins phrases in the order of the text; of two that overlap the first stays.
func inOrder(a, b []phrase) (out []phrase) {
	for _, p := range append(slices.Clone(a), b...) {
		if !slices.ContainsFunc(out, func(q phrase) bool { return p.from < q.to && q.from < p.to }) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b phrase) int { return a.from - b.from })
	return out
}

// dropGeneral leaves out "… 等34项货物" where the lines that matter are named one by one behind it.
func (t *reading) dropGeneral(all []phrase) []phrase {
	all = t.dropAnnounced(all)
	if !slices.ContainsFunc(all, func(p phrase) bool {
		return strings.HasPrefix(t.s[p.lead:], "项申报") || endsAny(t.s[:p.lead], "项")
	}) {
		return all
	}
	return slices.DeleteFunc(all, func(p phrase) bool {
		return strings.Contains(t.s[p.from:p.to], "等") && strings.HasSuffix(t.s[p.from:p.to], "货物")
	})
}

// dropAnnounced leaves out goods that are only announced, 申报出口磁铁一批, where their name as declared follows, 申报品名:铁氧体磁铁.
func (t *reading) dropAnnounced(all []phrase) (out []phrase) {
	for i, p := range all {
		if i+1 < len(all) && startsAny(t.s[p.lead:], "申报出口", "申报进口", "申报出境") && startsAny(t.s[all[i+1].lead:], "申报品名") {
			next := &all[i+1]
			if t.tokenAfter(p.to, tariffToken, next.lead-p.to) == nil && t.tokenAfter(p.to, amountToken, next.lead-p.to) == nil {
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// turnedInto finds the true goods in 将X申报为Y, 将X伪报成Y, 将X混入Y.
func (t *reading) turnedInto(from, stop int) (out []phrase) {
	each(t.s[from:stop], "将", func(at int) {
		at += from
		_, end := t.clause(at)
		i, _ := first(t.s[at:min(end, stop)], []string{"申报为", "伪报", "伪装", "混入", "瞒报", "经DHL", "经快件", "夹藏"})
		if i > 0 {
			out = append(out, t.goodsAt(at, at+len("将"), at+i)...)
		}
	})
	return out
}

// underName finds the declared goods in 以X税号…申报, 以X名义申报, 以“X”品名申报.
func (t *reading) underName(from, stop int) (out []phrase) {
	each(t.s[from:stop], "以", func(at int) {
		at += from
		_, end := t.clause(at)
		i, _ := first(t.s[at:min(end, stop)], []string{"税号", "名义", "的名义", "品名申报", "为品名"})
		if i > 0 && strings.Contains(t.s[at:end], "申报") && !has(t.s[at:at+i], "方式", "贸易") {
			out = append(out, t.goodsAt(at, at+len("以"), at+i)...)
		}
	})
	return out
}

// weighed finds the declared goods in 第15项红枣申报1000千克.
func (t *reading) weighed(from, stop int) (out []phrase) {
	for i := range t.toks {
		k := &t.toks[i]
		if k.kind != amountToken || k.from < from || k.from >= stop || !strings.HasSuffix(t.s[:k.from], "申报") {
			continue
		}
		end := k.from - len("申报")
		begin, _ := t.clause(end)
		if strings.HasPrefix(t.s[begin:], "第") {
			if j := strings.Index(t.s[begin:end], "项"); j >= 0 {
				begin += j + len("项")
			}
		}
		out = append(out, t.goodsAt(begin, begin, end)...)
	}
	return out
}

// counted finds goods in 童车实际数量57辆.
func (t *reading) counted(from, stop int) (out []phrase) {
	each(t.s[from:stop], "实际数量", func(at int) {
		begin, _ := t.clause(from + at)
		if begin < from+at {
			out = append(out, t.goodsAt(begin, begin, from+at)...)
		}
	})
	return out
}

// discovered finds goods in 发现锑锭24吨: what is said to be found is goods only where its quantity follows.
func (t *reading) discovered(from, stop int) (out []phrase) {
	each(t.s[from:max(from, stop)], "发现", func(at int) {
		at += from
		for _, p := range t.goodsAt(at, at+len("发现"), stop) {
			if t.amountAt(p.to) != nil {
				out = append(out, p)
			}
		}
	})
	return out
}

// amountAt is the quantity that begins at a place, or nil.
func (t *reading) amountAt(at int) *token { return t.tokenAfter(at, amountToken, 0) }

// destinations sets where goods were declared to go and where they went, if the text tells both.
func (t *reading) destinations() {
	for _, x := range []struct {
		words string
		lines []enforce.Goods
		path  string
	}{{"申报最终目的国为", t.rec.Declared, "declared."}, {"申报目的国为", t.rec.Declared, "declared."}, {"实际最终目的国为", t.rec.Actual, "actual."}, {"实际目的国为", t.rec.Actual, "actual."}} {
		if from, to := t.countryBehind(x.words); to > 0 && len(x.lines) > 0 {
			i := len(x.lines) - 1
			x.lines[i].Destination = t.text(x.path+itoa(int64(i))+".destination", from, to)
		}
	}
}

// factsFrom is where the facts begin: behind a title that only repeats them.
func (t *reading) factsFrom() int {
	line := until(t.s, "\n")
	if len(line) < len(t.s) && (endsAny(line, "案", "处罚案", "证件", "许可证") || t.titled) && !has(line, "。") {
		return len(line)
	}
	return t.facts
}

func (t *reading) goodsEnd() int {
	stop := min(t.evidence, t.tail)
	if i, _ := first(t.s[t.factsFrom():stop], []string{"依照《中华人民共和国", "根据《中华人民共和国海关", "根据《中华人民共和国行政", "根据《中华人民共和国固体"}); i > 0 {
		stop = t.factsFrom() + i
	}
	return stop
}

// phrases are the goods behind the announcing words between two places, in the order of the text, each once.
func (t *reading) phrases(words []string, from, to int, declared bool) (out []phrase) {
	if from >= to {
		return nil
	}
	type hit struct{ at, end int }
	var hits []hit
	for _, w := range words {
		each(t.s[from:to], w, func(at int) {
			h := hit{from + at, from + at + len(w)}
			if strings.HasPrefix(w, "申报无") || strings.HasSuffix(w, "“") {
				h.end = h.at + len("申报")
			}
			if !slices.ContainsFunc(hits, func(g hit) bool { return h.at < g.end && g.at < h.end }) {
				hits = append(hits, h)
			}
		})
	}
	slices.SortFunc(hits, func(a, b hit) int { return a.at - b.at })
	for _, h := range hits {
		before := t.s[from:h.at]
		if declared && endsAny(before, "商品编号", "商品编码", "税号", "数量", "价格", "总价", "境内货源地均", "境内货源地", "净重", "目的国", "规格", "未", "含量", "未向海关", "实际") {
			continue
		}
		for _, p := range t.goodsAt(h.at, h.end, to) {
			again := func(q phrase) bool {
				return p.from < q.to && q.from < p.to || t.s[p.from:p.to] == t.s[q.from:q.to] && !t.ownLine(p, q)
			}
			if len(out) < maxPhrases && !slices.ContainsFunc(out, again) {
				out = append(out, p)
			}
		}
	}
	return out
}

// maxPhrases bounds the goods of one decision; the longest lists have some dozens.
const maxPhrases = 1000

// ownLine says whether a later mention of the same goods is a line of its own: it has its own quantity.
func (t *reading) ownLine(p, q phrase) bool {
	a, b := t.tokenAfter(p.to, amountToken, 12), t.tokenAfter(q.to, amountToken, 12)
	return a != nil && b != nil && a.from != b.from
}

// nameEnds are words that end a name of goods.
var nameEnds = []string{"出口至", "出口,", "进口,", "至", "一批", "一票", "两票", "二票", "各一", "进行", "合计", "货值", "价值", "原产", "的价", "等货物一批", "报关单", "通过", "未取得", "时发现", "贸易",
	"属于", "属禁", "禁止进出", "列入", "不能", "案,", "案:", "一项,", "数量", "重量", "重", "总", "共", "均", "经快", "混入", "实际", "已", "出境", "未向海关", "未申报", "未报", "案", "中查获", "中发现", "中夹"}

// goodsAt reads the goods that stand at a place, with those of a short list that follow.
func (t *reading) goodsAt(lead, at, stop int) []phrase {
	out := t.nameAt(lead, at, stop)
	if len(out) == 1 {
		if more := t.further(out[0].to, stop); len(more) < mostListed {
			out = append(out, more...)
		}
	}
	return out
}

// nameAt reads the name of goods that stands at a place: in quotes, one or several, or up to the first sign, number or word that ends a name.
func (t *reading) nameAt(lead, at, stop int) []phrase {
	at += len(t.s[at:]) - len(strings.TrimLeft(t.s[at:], ":"))
	at = t.skipRoute(at)
	if strings.HasPrefix(t.s[at:], "“") {
		return t.quoted(lead, at, stop)
	}
	end, depth := at, 0
	for end < stop {
		r, size := utf8.DecodeRuneInString(t.s[end:])
		if r == '(' {
			depth++
		}
		if r == ')' {
			if depth--; depth < 0 {
				break
			}
		}
		if depth == 0 && (strings.ContainsRune(",;。:\n“”", r) || end > at && startsAny(t.s[end:], nameEnds...) || end > at && digit(t.s[end]) && !latin(rune(t.s[end-1])) && t.measured(end)) {
			break
		}
		end += size
	}
	if at >= end {
		return nil
	}
	name := strings.TrimRight(t.s[at:end], "、 等约")
	const long = 25
	if i := strings.LastIndex(name, "的"); i > 0 && utf8.RuneCountInString(name) > long { // 纯度…、密度…的人造石墨
		at, name = at+i+len("的"), name[i+len("的"):]
	}
	if n := utf8.RuneCountInString(name); n > 40 || n < 2 && !strings.HasPrefix(t.s[lead:], "走私") || startsAny(name, general...) || has(name, "型号", "某", "《", "》", "行为") {
		return nil
	}
	return []phrase{{lead, at, at + len(name)}}
}

// mostListed are the goods of a list that are lines of their own. A longer one is one line, named by its first goods, and has no quantity.
const mostListed = 3

// further reads the goods that go on a list in which each has its quantity, …6台、发动机12个: at most one more than are lines of their own.
func (t *reading) further(at, stop int) (out []phrase) {
	for len(out) < mostListed {
		k := t.amountAt(at)
		if k == nil || k.to >= stop {
			return out
		}
		sep, size := utf8.DecodeRuneInString(t.s[k.to:])
		next := k.to + size
		if !joins(string(sep)) || t.amountAt(next) != nil {
			return out
		}
		more := t.nameAt(next, next, stop)
		if len(more) == 0 || t.amountAt(more[0].to) == nil {
			return out
		}
		out, at = append(out, more[0]), more[0].to
	}
	return out
}

// quoted reads “适配器”“水袋” as one line of goods: nothing in the text parts them.
func (t *reading) quoted(lead, at, stop int) []phrase {
	from, to := at+len("“"), -1
	for strings.HasPrefix(t.s[at:], "“") {
		end := strings.Index(t.s[at:], "”")
		if end < 0 || at+end > stop {
			break
		}
		to = at + end
		at = to + len("”")
		at += len(t.s[at:]) - len(strings.TrimLeft(t.s[at:], "、和及"))
	}
	if to <= from {
		return nil
	}
	return []phrase{{lead, from, to}}
}

// unquoted is the text of a line of goods: several names in quotes are joined by 、.
func unquoted(s string) string {
	for _, sep := range []string{"”、“", "”和“", "”及“", "”“"} {
		s = strings.ReplaceAll(s, sep, "、")
	}
	return s
}

// measured says whether a quantity or a count of lines stands at a place, so that a name ends there.
func (t *reading) measured(at int) bool {
	for i := range t.toks {
		if k := &t.toks[i]; k.from <= at && at < k.to {
			return k.kind == amountToken && !strings.HasPrefix(t.s[k.to:], "/") || k.kind == moneyToken || strings.HasPrefix(t.s[k.to:], "票") || strings.HasPrefix(t.s[k.to:], "批") || strings.HasPrefix(t.s[k.to:], "项货物,")
		}
	}
	return false
}

// skipRoute passes over what stands between the announcing word and the goods: where to, how, which line, how much of it.
func (t *reading) skipRoute(at int) int {
	for moved := true; moved; {
		moved = false
		for _, w := range []string{"至", "到", "往", "自", "的", "一般贸易项下", "项下", "出口", "进口", "一般贸易", "货物:", "无品牌、无型号的", "无品牌", "、无型号的", "了"} {
			if strings.HasPrefix(t.s[at:], w) {
				at, moved = at+len(w), true
			}
		}
		for _, c := range t.countries {
			if strings.HasPrefix(t.s[at:], c) && !strings.HasPrefix(t.s[at+len(c):], "产") {
				at, moved = at+len(c), true
				if strings.HasPrefix(t.s[at:], "地区") {
					at += len("地区")
				}
				break
			}
		}
		for i := range t.toks { // 243片金属锗材质光学透镜
			if k := &t.toks[i]; k.from == at && k.kind == amountToken && !startsAny(t.s[k.to:], ",", "。", ";", "、") {
				at, moved = k.to, true
			}
		}
	}
	return at
}

func (t *reading) tokenAfter(at int, k kind, within int) *token {
	first := sort.Search(len(t.toks), func(i int) bool { return t.toks[i].from >= at })
	for i := first; i < len(t.toks) && t.toks[i].from <= at+within; i++ {
		if x := &t.toks[i]; x.kind == k {
			return x
		}
	}
	return nil
}

// addGoods adds a line with the code, quantity and value that stand between it and end. Where codes, quantities or values stand "分别为A、B", each is
// a line, with its own name where as many names are listed; a total of all lines belongs to none of them.
func (t *reading) addGoods(list *[]enforce.Goods, path string, p phrase, end int, declared bool) {
	codes, amounts, prices := t.shares(tariffToken, p.to, end), t.shares(amountToken, p.to, end), t.shares(moneyToken, p.to, end)
	lines := max(1, len(codes), len(amounts), len(prices))
	names := t.listed(p, lines)
	for line := range lines {
		path := path + itoa(int64(len(*list)))
		g := enforce.Goods{Goods: unquoted(*t.text(path+".goods", names[line].from, names[line].to))}
		for i := range t.toks {
			k := &t.toks[i]
			if k.to < p.lead || k.from >= end || k.from >= p.from && k.from < p.to || lines > 1 && t.total(k) {
				continue // outside the line, inside its name, or the sum of all lines
			}
			t.attach(&g, path, p, k, declared)
		}
		if line < len(codes) {
			g.HS = &codes[line].digits
			t.put(path+".hs", codes[line].from, codes[line].to)
		}
		if line < len(amounts) {
			t.setAmount(&g, path, amounts[line])
		}
		if line < len(prices) {
			t.setValue(&g, path, prices[line])
		}
		if g.Quantity == nil && lines == 1 {
			t.netWeight(&g, path, p.to, end)
		}
		*list = append(*list, g)
	}
}

// listed are the names of a list of as many goods as there are lines, else the whole phrase for each line.
func (t *reading) listed(p phrase, lines int) (names []phrase) {
	at := p.from
	for _, name := range strings.Split(t.s[p.from:p.to], "、") {
		names = append(names, phrase{p.lead, at, at + len(name)})
		at += len(name) + len("、")
	}
	if len(names) != lines {
		return slices.Repeat([]phrase{p}, lines)
	}
	return names
}

// total says whether a quantity or value is not one that each of several lines has.
func (t *reading) total(k *token) bool {
	return k.kind != tariffToken && !has(t.s[t.labelled(k.from):k.from], "均", "各")
}

// shares are the numbers of a kind behind 分别为, joined by 、 or 和.
func (t *reading) shares(kind kind, from, end int) (out []*token) {
	for i := range t.toks {
		k := &t.toks[i]
		if k.kind != kind || k.from < from || k.from >= end {
			continue
		}
		if endsAny(t.s[:k.from], "分别为", "分别是") || len(out) > 0 && joins(t.s[out[len(out)-1].to:k.from]) {
			out = append(out, k)
		} else if len(out) > 1 {
			break
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// attach gives a number to a line of goods if it is its code, quantity or value.
func (t *reading) attach(g *enforce.Goods, path string, p phrase, k *token, declared bool) {
	near := k.from >= p.to
	switch {
	case k.kind == tariffToken && g.HS == nil && near && t.codeFits(k, declared):
		g.HS = &k.digits
		t.put(path+".hs", k.from, k.to)
	case k.kind == amountToken && g.Quantity == nil && (near && t.ownAmount(k, p) || k.to == p.lead || k.from >= p.lead && k.to <= p.from && !strings.Contains(t.s[k.to:p.from], ",")):
		t.setAmount(g, path, k)
	case k.kind == moneyToken && g.Value == nil && near && t.ownValue(k, declared):
		t.setValue(g, path, k)
	}
}

// netWeight takes the net weight for the quantity of goods that have no other: 毛重3200公斤,净重2560公斤.
func (t *reading) netWeight(g *enforce.Goods, path string, from, end int) {
	for i := range t.toks {
		k := &t.toks[i]
		if k.kind != amountToken || k.from < from || k.from >= end {
			continue
		}
		if begin, _ := t.clause(k.from); endsAny(t.s[begin:k.from], "净重", "净重为", "净重共", "净重合计") {
			t.setAmount(g, path, k)
			return
		}
	}
}

func (t *reading) setAmount(g *enforce.Goods, path string, k *token) {
	g.Quantity, g.Unit = &k.number, &k.unit
	t.put(path+".quantity", k.from, k.to)
	t.put(path+".unit", k.from, k.to)
}

func (t *reading) setValue(g *enforce.Goods, path string, k *token) {
	g.Value, g.Currency = &k.number, &k.currency
	t.put(path+".value", k.from, k.to)
	t.put(path+".currency", k.from, k.to)
	from, to := k.from, k.to
	if k.terms == "" {
		from, to = t.termsBefore(k)
	}
	if k.terms != "" {
		g.Terms = &k.terms
		t.put(path+".terms", from, to)
	}
}

// termsBefore finds the terms of trade in the clause of an amount: FOB总价11700美元.
func (t *reading) termsBefore(k *token) (from, to int) {
	begin, end := t.clause(k.from)
	for _, w := range tradeTerms {
		if i := strings.Index(t.s[begin:end], w); i >= 0 {
			k.terms = w
			return begin + i, begin + i + len(w)
		}
	}
	return 0, 0
}

// reach is how far the numbers behind a line of goods belong to it: to the next goods, a finding or the end of its sentence; a next sentence that
// only goes on declaring belongs to it as well.
func (t *reading) reach(p phrase, all []phrase, stop int) int {
	end := p.to + len(until(t.s[p.to:], "。;\n"))
	if end < len(t.s) && strings.HasPrefix(t.s[end:], "。") {
		next := until(t.s[end+len("。"):], "。;\n")
		if has(next, "申报商品编", "申报总价", "申报价格", "申报数量") && !has(next, "经查", "实际", "经海关") {
			end += len("。") + len(next)
		}
	}
	if i, _ := first(t.s[p.to:end], []string{"经查", "经海关", "实际货物", "实为", "实际出", "经检测", "经鉴定", "经折算", "罚款", "处罚", "没收"}); i >= 0 {
		end = p.to + i
	}
	for _, q := range all {
		if q.from > p.from && q.lead < end && q.lead >= p.to {
			end = q.lead
		}
	}
	return min(end, stop)
}

func (t *reading) codeFits(k *token, declared bool) bool {
	from, _ := t.clause(k.from)
	words := t.s[from:k.from]
	if has(words, "归入", "应为", "实际") {
		return !declared
	}
	return declared || !has(words, "申报")
}

// ownAmount says whether a quantity is the line's own and not a weight of a part, a purity or a content.
func (t *reading) ownAmount(k *token, p phrase) bool {
	from, _ := t.clause(k.from)
	if from < p.to {
		from = min(p.to, k.from)
	}
	if len(t.further(p.to, len(t.s))) == mostListed {
		return false
	}
	words := t.s[from:k.from]
	return !has(words, "净重", "重量", "重", "其中", "密度", "面积", "每") || has(words, "共计")
}

// ownValue says whether an amount is the price of the line.
func (t *reading) ownValue(k *token, declared bool) bool {
	from := t.labelled(k.from)
	words := t.s[from:k.from]
	if declared {
		return (k.currency != "CNY" && has(words, "货值") || has(words, "总价", "申报价", "价格", "申报货值", "售予", "合计", "价值")) && !has(words, "单价", "核", "违法", "货物价值", "罚")
	}
	return has(words, "总价", "货值", "价值", "价格") && !has(words, "核定", "计核", "违法", "影响", "单价", "罚") && (k.currency != "CNY" || k.terms != "" || has(words, "货值", "共计"))
}

// labelled is where the clause of a number begins, with its label where one stands before a colon: 价格:5.4万元.
func (t *reading) labelled(at int) int {
	from, _ := t.clause(at)
	if strings.HasSuffix(t.s[:from], ":") && strings.TrimSpace(t.s[from:at]) == "" {
		from, _ = t.clause(from - 1)
	}
	return from
}

// onlyNamed takes the goods of a text that names them once: 出口…至, 出口…未向海关申报.
func (t *reading) onlyNamed(stop int) (out []phrase) {
	from := t.factsFrom()
	if from >= stop {
		return nil
	}
	each(t.s[from:stop], "出口", func(at int) {
		at += from
		if len(out) > 0 || endsAny(t.s[:at], "进", "申报", "直购", "跨境电商") {
			return
		}
		for _, p := range t.goodsAt(at, at+len("出口"), stop) {
			if !startsAny(t.s[p.from:p.to], "许可", "管制", "企业", "经营", "退税", "报关", "方式", "需", "检验", "至", "单证", "、") && !has(t.s[p.from:p.to], "许可证", "应") {
				out = append(out, p)
			}
		}
	})
	return out
}

// asDeclared takes the goods as declared for those found, where the finding is that they were declared truly, or nothing else was found.
func (t *reading) asDeclared() {
	truly := slices.Contains(t.rec.Conduct, "no_licence_declared_truthfully") || slices.Contains(t.rec.Conduct, "licence_misuse") || t.rec.RecordType == enforce.SeizureNotice
	if !truly || len(t.rec.Actual) > 0 {
		return
	}
	for i, g := range t.rec.Declared {
		t.rec.Actual = append(t.rec.Actual, enforce.Goods{Goods: g.Goods})
		t.from("actual."+itoa(int64(i))+".goods", "declared."+itoa(int64(i))+".goods")
	}
	t.destinations()
}
