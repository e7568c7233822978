package decision

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

// citations reads 《…法》第X条第Y款第(Z)项, with 同法 and 同条例 for the law named before, and lists of items joined by 、.
func (t *reading) citations() {
	law, lawAt := "", -1
	for i := 0; i < len(t.s); {
		switch {
		case strings.HasPrefix(t.s[i:], "《"):
			end := strings.Index(t.s[i:], "》")
			if end < 0 {
				return
			}
			if name, ok := t.lawName(t.s[i+len("《") : i+end]); ok {
				law, lawAt = name, i
			} else {
				law = ""
			}
			i += end + len("》")
			i += bracketed(t.s[i:])
			continue
		case strings.HasPrefix(t.s[i:], "第") && law != "":
			if n, to := ordinal(t.s, i, "条"); to > 0 {
				i = t.article(law, lawAt, i, n, to)
				continue
			}
		case strings.HasPrefix(t.s[i:], "同条例") || strings.HasPrefix(t.s[i:], "同法"):
			if law == "" { // named before another document stood between
				law, lawAt = t.lastLaw(), i
			}
			lawAt = i
		case strings.HasPrefix(t.s[i:], "。") && law != "" && !startsAny(t.s[i+len("。"):], "《") && !has(until(t.s[i+len("。"):], "。"), "同条例", "同法"):
			law = ""
		}
		_, size := utf8.DecodeRuneInString(t.s[i:])
		i += size
	}
}

func (t *reading) lastLaw() string {
	if n := len(t.rec.LegalBasis); n > 0 {
		return t.rec.LegalBasis[n-1].Law
	}
	return ""
}

// bracketed is the length of a bracket at the start, as behind a law: (海关总署公告2023年第182号).
func bracketed(s string) int {
	if !strings.HasPrefix(s, "(") {
		return 0
	}
	depth := 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n', '。':
			return 0
		}
	}
	return 0
}

// lawName is the short name of a law, statute or regulation. A catalogue, a treaty or a form is none.
func (t *reading) lawName(title string) (string, bool) {
	name := strings.TrimPrefix(title, "中华人民共和国")
	name = strings.TrimPrefix(name, "海关总署关于公布")
	if i := strings.Index(name, "(20"); i > 0 { // 行政处罚法(2021年修订)
		name = name[:i]
	}
	for _, l := range t.tables.Laws {
		if name == l.Name || slices.Contains(l.Also, name) {
			return l.Name, true
		}
	}
	if strings.HasPrefix(name, "海关行政处罚裁量基准") {
		return name, true
	}
	return name, endsAny(name, "法", "条例", "实施细则", "程序规定", "规定", "办法")
}

// article reads what follows 第X条 and adds each citation; it returns the place behind them.
func (t *reading) article(law string, lawAt, from, n, to int) int {
	counts := t.counts(law, lawAt)
	base := enforce.Basis{Law: law, Article: n}
	at, more := to, true
	add := func(b enforce.Basis, from, to int) {
		if !counts || slices.ContainsFunc(t.rec.LegalBasis, b.Same) {
			return
		}
		t.put("legal_basis."+itoa(int64(len(t.rec.LegalBasis))), from, to)
		t.rec.LegalBasis = append(t.rec.LegalBasis, b)
	}
	pending, pendingFrom := base, from
	for more {
		more = false
		if p, e := ordinal(t.s, at, "款"); e > 0 {
			if pending.Item != nil || pending.Paragraph != nil {
				add(pending, pendingFrom, at)
				pending, pendingFrom = base, at
			}
			pending.Paragraph, at, more = ptr(p), e, true
		}
		if list, e := ordinals(t.s, at, "项"); e > 0 {
			for _, p := range list {
				if pending.Item != nil {
					add(pending, pendingFrom, at)
					pendingFrom = at
				}
				pending.Item = ptr(p)
			}
			if len(list) > 1 { // the items of 第(二)、(三)项 stand in one place
				pendingFrom = at
			}
			at, more = e, true
		}
		if _, e := ordinal(t.s, at, "目"); e > 0 {
			at, more = e, true
		}
		if !more {
			for _, sep := range []string{"、", "和", "及", ",", "以及"} {
				next := at + len(sep)
				if !strings.HasPrefix(t.s[at:], sep) {
					continue
				}
				_, k := ordinal(t.s, next, "款")
				_, x := ordinals(t.s, next, "项")
				if k > 0 || x > 0 {
					at, more = next, true
					break
				}
			}
		}
	}
	add(pending, pendingFrom, at)
	return at
}

// counts says whether a citation is a basis of the decision: the words in front of the law say that it was broken, met or applied. A duty that is
// only told in the facts is not.
func (t *reading) counts(law string, lawAt int) bool {
	before := t.s[:lawAt]
	if i := strings.LastIndexAny(before, "。\n"); i >= 0 {
		before = before[i:]
	}
	last, where := "", -1
	for _, w := range []string{"违反", "构成", "依照", "根据", "依据", "按照", "按", "适用", "符合", "具有", "所列", "属于", "未按", "依", "处罚依据"} {
		if i := strings.LastIndex(before, w); i > where || i == where && len(w) > len(last) {
			last, where = w, i
		}
	}
	if where < 0 {
		return slices.ContainsFunc(t.tables.Laws, func(l enforce.LawName) bool { return l.Name == law })
	}
	return last != "未按" && last != "依" && !(last == "按" && strings.HasSuffix(before[:where+len(last)], "未按"))
}

// ordinal reads 第八十六条, 第(三)项, 第3目, and (二)项 where 第 was lost. It returns the place behind the unit, or 0.
func ordinal(s string, at int, unit string) (n, to int) {
	i := at
	led := strings.HasPrefix(s[i:], "第")
	if led {
		i += len("第")
	}
	open := strings.HasPrefix(s[i:], "(")
	if open {
		i++
	}
	if !led && (!open || unit != "项") {
		return 0, 0
	}
	if num := number(s, i); num.to > i && num.to-i <= 3 {
		n, i = atoi(num.digits), num.to
	} else if digits, e := hanRun(s, i); len(digits) > 0 && len(digits) <= 5 {
		n, i = int(hanValue(digits)), e
	} else {
		return 0, 0
	}
	if open {
		if !strings.HasPrefix(s[i:], ")") {
			return 0, 0
		}
		i++
	}
	if !strings.HasPrefix(s[i:], unit) || n <= 0 {
		return 0, 0
	}
	return n, i + len(unit)
}

// ordinals reads 第(三)项, and the list of 第(二)、(三)项 or 第二、三项 under one unit. It returns the place behind the unit, or 0.
func ordinals(s string, at int, unit string) (list []int, to int) {
	if n, to := ordinal(s, at, unit); to > 0 {
		return []int{n}, to
	}
	if !strings.HasPrefix(s[at:], "第") {
		return nil, 0
	}
	for {
		n, next := ordinal("第"+strings.TrimPrefix(s[at:], "第"), 0, "")
		if next == 0 {
			return nil, 0
		}
		if !strings.HasPrefix(s[at:], "第") {
			next -= len("第")
		}
		at += next
		list = append(list, n)
		if strings.HasPrefix(s[at:], unit) {
			return list, at + len(unit)
		}
		sep, _ := utf8.DecodeRuneInString(s[at:])
		if !joins(string(sep)) {
			return nil, 0
		}
		at += utf8.RuneLen(sep)
	}
}

// leniency reads the measure of the penalty: first by its words, else by the articles that are cited.
func (t *reading) leniency() {
	t.reasons()
	if !t.rec.Decision() {
		return
	}
	if t.rec.Penalty.NoPenalty {
		t.lenient(enforce.None, "words")
		t.from("leniency", "penalty.no_penalty")
		return
	}
	for _, w := range []struct{ words, means string }{
		{"从轻或者减轻", enforce.LighterOrMitigate}, {"从轻、减轻", enforce.LighterOrMitigate}, {"从轻或减轻", enforce.LighterOrMitigate},
		{"减轻行政处罚", enforce.Mitigated}, {"减轻处罚", enforce.Mitigated}, {"从轻行政处罚", enforce.Lighter}, {"从轻处罚", enforce.Lighter},
		{"予以减轻", enforce.Mitigated}, {"予以从轻", enforce.Lighter}, {"从重行政处罚", enforce.Heavier}, {"从重处罚", enforce.Heavier},
	} {
		if i := strings.Index(t.s[:t.tail], w.words); i >= 0 && !endsAny(t.s[:i], "不予", "不具有", "不符合") {
			t.lenient(w.means, "words")
			t.because("leniency", i, i+len(w.words))
			return
		}
	}
	if word, at := t.tables.ByArticle(t.rec.LegalBasis); word != "" {
		t.lenient(word, "article")
		t.from("leniency", "legal_basis."+itoa(int64(at)))
		return
	}
	if t.rec.Penalty.Fines != nil || has(t.s, "作出如下", "作出以下") {
		t.rec.Leniency = ptr(enforce.Unstated)
		t.because("leniency", t.operative, min(t.operative+len("罚款"), len(t.s)))
	}
}

func (t *reading) lenient(word, evidence string) {
	t.rec.Leniency, t.rec.LeniencyEvidence = &word, &evidence
}

// circumstances are the words in which decisions name what speaks for or against the party. The reason runs from the words to the end of the
// clause.
var circumstances = []string{"积极配合海关", "主动配合海关", "配合海关", "认错认罚", "自愿认罚", "主动减轻", "主动消除", "积极办理", "缴纳足额", "主动缴纳", "初次违法", "首次违法", "及时改正",
	"不了解", "不熟悉", "主动披露", "主动报明", "主动供述", "没有造成危害后果", "没有主观故意", "无主观故意", "没有采取藏匿", "没有以藏匿", "没有异议", "立功", "如实提供", "并已办出", "已补办出", "责令退运后"}

// reasons are circumstances outside the list of evidence, each once.
func (t *reading) reasons() {
	seen := map[string]bool{}
	type found struct{ from, to int }
	var all []found
	for _, w := range circumstances {
		each(t.s[:t.tail], w, func(at int) {
			if at > t.evidence && at < t.evidence+len(until(t.s[t.evidence:], "。\n")) {
				return
			}
			_, to := t.clause(at)
			from, _ := t.clause(at)
			switch {
			case strings.HasPrefix(w, "没有异议"), strings.HasPrefix(w, "责令退运"):
			default:
				from = at
			}
			if i := strings.Index(t.s[at:to], "且"); i > 0 && !has(t.s[at:at+i], "违法") {
				to = at + i
			}
			phrase := t.s[from:to]
			phrase = strings.TrimSuffix(phrase, "的")
			if strings.HasPrefix(phrase, "认错认罚") {
				phrase = "认错认罚"
			}
			phrase = strings.TrimPrefix(phrase, "当事人在")
			to = from + len(phrase)
			if has(phrase, "承诺书") || slices.ContainsFunc(all, func(f found) bool { return from < f.to && f.from < to }) {
				return
			}
			if !seen[phrase] {
				seen[phrase] = true
				all = append(all, found{from, to})
			}
		})
	}
	slices.SortFunc(all, func(a, b found) int { return a.from - b.from })
	for i, f := range all {
		t.put("leniency_reasons."+itoa(int64(i)), f.from, f.to)
		t.rec.LeniencyReasons = append(t.rec.LeniencyReasons, t.s[f.from:f.to])
	}
}

// licence reads whether a licence was obtained after the event.
func (t *reading) licence() {
	for _, w := range []struct {
		words string
		got   bool
	}{{"没有补办", false}, {"未补办", false}, {"未能补办", false}, {"尚未补办", false}, {"未取得补办", false}, {"已补办", true}, {"补办出", true}, {"补办了", true}, {"补办到", true},
		{"已办出", true}, {"办出相同", true}, {"已取得相同", true}, {"事后取得", true}, {"补领", true}} {
		i := strings.Index(t.s[:t.tail], w.words)
		if i < 0 {
			continue
		}
		if _, to := t.clause(i); has(t.s[i:to], "许可证", "许可") {
			t.rec.LicenceLaterObtained = ptr(w.got)
			t.because("licence_later_obtained", i, to)
			return
		}
	}
}
