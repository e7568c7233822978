package decision

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

// conduct lists what was done, main conduct first. Articles decide over wording about smuggling.
func (t *reading) conduct() {
	body := t.s[:t.tail]
	add := func(what, word string) {
		if slices.Contains(t.rec.Conduct, what) {
			return
		}
		path := "conduct." + itoa(int64(len(t.rec.Conduct)))
		t.rec.Conduct = append(t.rec.Conduct, what)
		if i := strings.Index(body, word); i >= 0 && word != "" {
			t.because(path, i, i+len(word))
		} else if what == "no_licence" { // a digest of a case of controlled goods need not say it
			t.from(path, "item_class")
		}
	}
	find := func(what string, words ...string) bool {
		if i, w := first(body, words); i >= 0 {
			add(what, w)
			return true
		}
		return false
	}
	if at := t.tables.SmugglingCited(t.rec.LegalBasis); at >= 0 {
		add("smuggling", "")
		t.from("conduct.0", "legal_basis."+itoa(int64(at)))
	} else {
		find("smuggling", "走私行为", "按走私", "走私部分", "定性为走私", "构成走私", "走私罪", "宣判")
		if t.rec.RecordType == enforce.Criminal {
			find("smuggling", "走私")
		}
	}
	if t.rec.RecordType == enforce.Criminal && slices.Contains(t.rec.Conduct, "smuggling") {
		return
	}
	find("licence_misuse", "未按许可证载明", "超出许可证", "超出许可范围", "许可证载明的内容执行", "冒用许可证", "使用他人许可证")
	if t.rec.ItemClass == "restricted_or_prohibited" {
		find("prohibited_goods", "禁止进口", "禁止出口", "禁止进出", "固体废物")
	}
	inspection := !slices.Contains(t.rec.Conduct, "prohibited_goods") && len(t.rec.LegalBasis) > 0 && strings.HasPrefix(t.rec.LegalBasis[0].Law, "进出口商品检验法")
	if inspection {
		find("inspection_evasion", "报检", "检验", "装运前检验")
	}
	mis := t.misdeclared(find, add)
	concealed := has(body, "没有采取藏匿", "没有以藏匿", "未采取藏匿")
	if !concealed {
		find("concealed", "夹藏", "夹带", "瞒报", "藏匿", "混入", "未申报的", "未向海关申报", "隐瞒", "伪装")
	}
	t.unlicensed(body, mis, find, add)
	if !inspection && has(body, "商检法", "进出口商品检验法") && t.rec.ItemClass != "restricted_or_prohibited" {
		find("inspection_evasion", "报检", "检验检疫", "商检法", "检验")
	}
	if has(body, "第十八条") && has(body, "海关行政处罚实施条例") && has(body, "保税", "加工贸易", "监管货物") {
		find("bonded_violation", "保税", "加工贸易", "监管货物")
	}
	if len(t.rec.Conduct) == 0 {
		t.rec.Conduct = append(t.rec.Conduct, "other")
		t.from("conduct.0", "no word of the text")
	}
}

// misdeclared finds what was declared wrongly: by the words of the finding, else by goods that differ from the declared ones.
func (t *reading) misdeclared(find func(string, ...string) bool, add func(string, string)) bool {
	n := len(t.rec.Conduct)
	stated := t.statedFalse()
	for _, w := range stated {
		add(w.what, w.word)
	}
	if len(stated) == 0 || !slices.ContainsFunc(stated, func(s falsehood) bool { return s.what == "misdeclared_name" }) {
		find("misdeclared_name", "伪报品名", "品名伪报", "伪报成", "伪报为", "申报品名与实际")
	}
	if !slices.ContainsFunc(stated, func(s falsehood) bool { return s.what != "misdeclared_hs" }) && t.differs() {
		add("misdeclared_name", "申报")
	}
	if t.recoded() {
		find("misdeclared_hs", "应归入", "应为")
	}
	find("misdeclared_content", "瞒报货物成分", "规格与申报不符", "成分与申报不符", "成分申报不实", "成分实为", "成分含量申报不实", "瞒报成分", "未申报成分", "成分要素")
	if i := t.contentFound(); i >= 0 {
		add("misdeclared_content", t.s[i:i+len("含")+3])
	}
	if i := t.lessThanDeclared(); i >= 0 {
		add("misdeclared_quantity", "实际")
	}
	find("misdeclared_quantity", "未到货", "数量申报不实", "多报", "少报")
	return len(t.rec.Conduct) > n
}

type falsehood struct{ what, word string }

// statedFalse reads "品名、商品编号和价格申报不实": everything in the list in front of 申报不实.
func (t *reading) statedFalse() (out []falsehood) {
	facts := t.factsFrom()
	each(t.s[:t.tail], "申报不实", func(at int) {
		if at < facts && !t.titled { // a title tells what the facts tell, and sometimes something else
			return
		}
		from, _ := t.clause(at)
		words := t.s[from:at]
		for _, f := range []falsehood{{"misdeclared_name", "品名"}, {"misdeclared_hs", "商品编号"}, {"misdeclared_hs", "商品编码"}, {"misdeclared_hs", "税则号列"}, {"misdeclared_hs", "税号"}, {"misdeclared_content", "成分"}, {"misdeclared_content", "规格"},
			{"misdeclared_quantity", "数量"}, {"misdeclared_value", "价格"}, {"misdeclared_other", "境内货源地"}, {"misdeclared_other", "原产国"}, {"misdeclared_other", "原产地"}, {"misdeclared_other", "目的国"}, {"misdeclared_other", "贸易方式"}} {
			if strings.Contains(words, f.word) && !slices.ContainsFunc(out, func(o falsehood) bool { return o.what == f.what }) {
				out = append(out, f)
			}
		}
	})
	if i := strings.Index(t.s, "申报最终目的国"); i >= 0 && strings.Contains(t.s, "实际最终目的国") {
		out = append(out, falsehood{"misdeclared_other", "申报最终目的国"})
	}
	if i := strings.Index(t.s, "品名及商品编号"); i >= 0 && has(t.s[max(0, i-12):i], "伪报") {
		out = append(out, falsehood{"misdeclared_name", "品名"}, falsehood{"misdeclared_hs", "商品编号"})
	}
	return out
}

// differs says whether the goods found bear another name than those declared. Goods hidden among others are not misnamed by that.
func (t *reading) differs() bool {
	if len(t.rec.Declared) == 0 || len(t.rec.Actual) == 0 || has(t.s, "如实申报", "夹带", "夹藏") || slices.Contains(t.rec.Conduct, "prohibited_goods") || slices.Contains(t.rec.Conduct, "inspection_evasion") {
		return false
	}
	d, a := t.rec.Declared[0].Goods, t.rec.Actual[0].Goods
	if i := strings.Index(t.s, d); strings.Contains(a, d) || i >= 0 && strings.Contains(until(t.s[i:], "。\n"), a) && !has(until(t.s[i:], "。\n"), "实际", "实为", "伪报") {
		return false // named in the declaration itself
	}
	if has(t.s, "实际货物为", "实际为", "实为", "实际出口", "实际出货", "实际含", "伪报") {
		return !strings.HasPrefix(a, "含")
	}
	return has(t.s, "鉴定", "经查") && t.shelfOf(d) != t.shelfOf(a) || t.recoded() && !kindred(d, a)
}

// kindred says whether half of the characters of the shorter name stand in the other as well.
func kindred(a, b string) bool {
	if utf8.RuneCountInString(a) > utf8.RuneCountInString(b) {
		a, b = b, a
	}
	shared := 0
	for _, r := range a {
		if strings.ContainsRune(b, r) {
			shared++
		}
	}
	return shared*2 >= utf8.RuneCountInString(a)
}

func (t *reading) shelfOf(goods string) string {
	if c, _ := t.category(goods, ""); c != nil {
		return c.ID
	}
	return ""
}

// recoded says whether the goods belong under another customs code than the declared one.
func (t *reading) recoded() bool {
	i, _ := first(t.s[:t.tail], []string{"应归入商品编", "应归入税", "应为商品编", "应为"})
	if i < 0 || t.rec.ItemClass == "other" {
		return false
	}
	var codes []string
	for _, k := range t.toks {
		if k.kind == tariffToken && !slices.Contains(codes, k.digits) {
			codes = append(codes, k.digits)
		}
	}
	if len(codes) > 1 && strings.HasPrefix(t.s[i:], "应为") {
		return true
	}
	return strings.HasPrefix(t.s[i:], "应归入") && slices.ContainsFunc(t.rec.Declared, func(g enforce.Goods) bool { return g.HS != nil })
}

// traced are the elements whose presence decides, by their character.
const traced = "镝铽钆钐钇镥钪铋锗镓锑铟钨钼碲铪钽铌铼铍"

// Elements are the simplified characters of such elements in a text of either script, each once.
func Elements(s string) string {
	s = fold(s).s
	var found []rune
	for _, e := range traced {
		if strings.ContainsRune(s, e) {
			found = append(found, e)
		}
	}
	return string(found)
}

// contentFound is the place of 含X where a test found an element that the declaration does not name, or -1. A decision that blames the missing
// licence only, and goods whose composition was not declared at all, count only where no law is cited against it.
func (t *reading) contentFound() int {
	found, _ := first(t.s[:t.tail], []string{"经检测", "经查验", "检测", "化验"})
	if found < 0 || has(t.s, "如实申报") {
		return -1
	}
	declared := t.s[min(t.factsFrom(), found):found]
	composed := has(declared, "申报成分", "申报规格")
	for _, e := range traced {
		i := strings.Index(t.s[found:t.tail], "含"+string(e))
		if i >= 0 && !strings.ContainsRune(declared, e) && (composed || len(t.rec.LegalBasis) == 0) {
			return found + i
		}
	}
	return -1
}

// lessThanDeclared is the place where 申报1000千克,实际300千克 stands, or -1.
func (t *reading) lessThanDeclared() int {
	for i := 1; i < len(t.toks); i++ {
		a, b := &t.toks[i-1], &t.toks[i]
		if a.kind == amountToken && b.kind == amountToken && strings.HasSuffix(t.s[:a.from], "申报") && strings.Trim(t.s[a.to:b.from], ",") == "实际" {
			return a.from
		}
	}
	return -1
}

// unlicensed adds exports without a licence. Where everything was declared as it is, that is said.
func (t *reading) unlicensed(body string, mis bool, find func(string, ...string) bool, add func(string, string)) {
	if t.rec.Direction == "import" || t.rec.ItemClass == "other" || slices.Contains(t.rec.Conduct, "smuggling") || slices.Contains(t.rec.Conduct, "licence_misuse") {
		return
	}
	i, w := first(body, []string{"未取得许可证", "未取得军品出口许可证", "未取得相关许可", "未能提交", "未申领", "无证出口", "无法提供", "未提供《两用", "不能提交许可", "需提交两用物项", "未提交两用", "未取得两用", "须办理《监控", "未经许可", "无许可证", "无两用物项", "无出口许可", "未办理两用", "未领取两用", "未申请两用", "没有取得两用", "申报时未提交"})
	if at, to := lacking(body); at >= 0 && (i < 0 || at < i) {
		i, w = at, body[at:to]
	}
	switch {
	case strings.HasPrefix(t.rec.TextKind, "summary") && !mis && i < 0 && t.rec.ItemClass == "dual_use" && len(t.rec.Conduct) == 0:
		if t.declaredTruly() {
			add("no_licence_declared_truthfully", "申报")
		} else {
			add("no_licence", "出口")
		}
	case i >= 0 && !mis && t.declaredTruly():
		add("no_licence_declared_truthfully", w)
	case i >= 0 && !mis:
		add("no_licence", w)
	case i >= 0 && mis && has(w, "未取得", "没有取得", "未能提交", "未申领", "未提交", "未办理", "未领取", "未申请", "无许可证", "无两用物项", "无出口许可"):
		add("no_licence", w)
	case mis && t.rec.ItemClass == "dual_use" && strings.HasPrefix(t.rec.TextKind, "summary") && len(t.rec.LegalBasis) == 0 && !has(body, "未经许可"):
		add("no_licence", "申报")
	case len(t.rec.Conduct) == 1 && t.rec.Conduct[0] == "concealed" && t.rec.ItemClass == "dual_use" && len(t.rec.LegalBasis) == 0:
		add("no_licence", "")
	}
}

// lacking is the place of the words that say that a licence was not there: 未向海关提交出口许可证, 未如实申报并取得许可; -1: no words say so. A licence that
// was not obtained afterwards is another matter.
func lacking(s string) (from, to int) {
	from = -1
	each(s, "许可", func(at int) {
		if from >= 0 {
			return
		}
		begin := strings.LastIndexAny(s[:at], ",;。\n:") + 1
		words := s[begin:at]
		no, _ := first(words, []string{"未", "没有", "无法", "不能"})
		if no < 0 || has(words, "补办", "案发后", "》") {
			return
		}
		if verb, _ := first(words[no:], []string{"提交", "取得", "获得", "办理", "申领", "申请", "领取", "提供", "持有"}); verb >= 0 {
			from, to = begin+no, at+len("许可")
		}
	})
	return from, to
}

// declaredTruly says whether the declaration told what makes the goods controlled.
func (t *reading) declaredTruly() bool {
	return has(t.s, "如实申报") || has(t.s, "申报") && t.namedInDeclaration() || len(t.rec.Declared) > 0 && t.rec.Declared[0].Quantity != nil && has(t.s, "不能提交许可证件")
}

// namedInDeclaration says whether the declared composition itself names a content: 申报成分每件含, 规格型号均含.
func (t *reading) namedInDeclaration() bool {
	for _, w := range []string{"申报成分", "申报规格", "规格申报", "申报含"} {
		if i := strings.Index(t.s, w); i >= 0 {
			if _, to := t.clause(i); strings.Contains(t.s[i:to], "含") && !has(t.s[to:], "经检测", "不符") {
				return true
			}
		}
	}
	return false
}
