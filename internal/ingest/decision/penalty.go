package decision

import (
	"slices"
	"strings"

	"lodestone/internal/enforce"
)

// valueWords are what decisions call the value of the goods, best first: the value that the fine is measured by, then weaker words.
var valueWords = []string{"影响国家许可证件管理的货物价值", "违法经营额", "管制物项价值", "违法货物价值", "涉案货物价值", "违法货值", "涉案货值", "涉案货物总值", "货物价值", "影响海关监管秩序的货物价值", "影响国家出口退税管理的货物价值",
	"影响海关统计准确性的货物价值", "涉案价值", "案值", "鉴定总价", "估算总值", "折合人民币", "总货值", "货值", "总价值", "价值共计", "价值"}

// values reads the value of the violation in yuan with the words that the text uses for it; others are kept beside it.
func (t *reading) values() {
	type found struct {
		rank     int
		k        *token
		from, to int
	}
	var all []found
	limit := min(t.tail, max(t.operative, t.factsFrom()))
	if !t.rec.Decision() {
		limit = t.tail
	}
	for i := range t.toks {
		k := &t.toks[i]
		if k.kind != moneyToken || k.currency != "CNY" || k.from >= t.tail || k.from > limit {
			continue
		}
		from, _ := t.bounds(k.from, ",;。\n:")
		words := t.s[from:k.from]
		if has(words, "罚款", "违法所得", "担保", "申报总价", "申报价格", "单价", "税款", "申报货值") {
			continue
		}
		for rank, w := range valueWords {
			at := strings.LastIndex(words, w)
			if w == "折合人民币" {
				at = strings.LastIndex(t.s[from:k.to], w)
			}
			if at >= 0 && len(words)-at-len(w) <= 21 {
				all = append(all, found{rank, k, from + at, from + at + len(w)})
				break
			}
		}
	}
	if len(all) == 0 {
		return
	}
	best := 0
	for i, f := range all {
		if f.rank < all[best].rank {
			best = i
		}
	}
	for i, f := range all {
		label := t.s[f.from:f.to]
		if i == best {
			t.rec.ViolationValue, t.rec.ViolationValueLabel = &f.k.number, &label
			t.put("violation_value_rmb", f.k.from, f.k.to)
			t.put("violation_value_label", f.from, f.to)
			continue
		}
		if f.k.number == all[best].k.number || slices.ContainsFunc(t.rec.OtherValues, func(v enforce.Labelled) bool { return v.Value == f.k.number }) {
			continue
		}
		path := "other_values_rmb." + itoa(int64(len(t.rec.OtherValues)))
		t.put(path+".value", f.k.from, f.k.to)
		t.put(path+".label", f.from, f.to)
		t.rec.OtherValues = append(t.rec.OtherValues, enforce.Labelled{Label: label, Value: f.k.number})
	}
}

// fineWords stand in front of a fine.
var fineWords = []string{"处罚款", "科处罚款", "处以罚款", "处予罚款", "罚款", "处罚"}

// penalty reads what was imposed: fines, confiscation, warning, other measures, or that nothing was.
func (t *reading) penalty() {
	p := &t.rec.Penalty
	body := t.s[:t.tail]
	if i := strings.Index(body, "不予行政处罚"); i >= 0 && !has(t.s[max(0, i-30):i], "第三十三条", "可以") {
		p.NoPenalty, p.Fines, p.FineTotal = true, []enforce.Number{}, ptr(enforce.Whole(0))
		t.because("penalty.no_penalty", i, i+len("不予行政处罚"))
		t.from("penalty.fine_total_rmb", "penalty.no_penalty")
		return
	}
	t.fines(body)
	t.confiscated(body)
	for _, w := range []string{"给予警告", "予以警告", "处以警告", "并处警告", "处警告", "警告并", "警告,并"} {
		if i := strings.Index(body, w); i >= 0 && i >= t.operative-len(w) {
			p.Warning = true
			t.because("penalty.warning", i, i+len(w))
			break
		}
	}
	for _, w := range []string{"不予放行", "责令退运", "责令直接退运", "责令改正", "责令停止", "暂停", "撤销", "责令限期"} {
		i := strings.Index(body[min(t.operative, len(body)):], w)
		if i >= 0 {
			at := t.operative + i
			from, to := t.clause(at)
			if has(t.s[from:at], "罚款", "》") { // a table whose cells run together
				from = at
			}
			t.put("penalty.other_measures."+itoa(int64(len(p.OtherMeasures))), from, to)
			p.OtherMeasures = append(p.OtherMeasures, t.s[from:to])
		}
	}
	if p.Fines == nil && (p.Warning || len(p.ConfiscatedGoods) > 0 || p.GainsUnknownAmount || p.ConfiscatedGains != nil) && !t.brokenOff {
		p.Fines, p.FineTotal = []enforce.Number{}, ptr(enforce.Whole(0))
	}
}

// fines reads amounts behind a word for a fine. A total behind several is the total, not one more.
func (t *reading) fines(body string) {
	p := &t.rec.Penalty
	total := -1
	for i := range t.toks {
		k := &t.toks[i]
		if k.kind != moneyToken || k.currency != "CNY" || k.from >= len(body) {
			continue
		}
		from, _ := t.clause(k.from)
		if strings.HasSuffix(t.s[:from], ":") { // 处罚款人民币:47.3万元
			from, _ = t.clause(from - 1)
		}
		words := t.s[from:k.from]
		if !finesHere(words) {
			continue
		}
		if has(words, "合计", "共计", "总计") && len(p.Fines) > 0 {
			p.FineTotal, total = &k.number, i
			continue
		}
		t.put("penalty.fines_rmb."+itoa(int64(len(p.Fines))), k.from, k.to)
		p.Fines = append(p.Fines, k.number)
	}
	if total >= 0 {
		t.put("penalty.fine_total_rmb", t.toks[total].from, t.toks[total].to)
		return
	}
	if len(p.Fines) == 0 {
		return
	}
	sum := enforce.Number{}
	for i, f := range p.Fines {
		d, err := sum.Add(f.Decimal)
		if err != nil {
			return // more than eighteen digits: no sum of fines
		}
		sum.Decimal = d
		t.from("penalty.fine_total_rmb", "penalty.fines_rmb."+itoa(int64(i)))
	}
	p.FineTotal = &sum
}

// finesHere says whether the words in front of an amount end in a fine: 科处罚款人民币, 罚款, 被海关处罚.
func finesHere(words string) bool {
	for _, w := range fineWords {
		if i := strings.LastIndex(words, w); i >= 0 {
			gap := words[i+len(w):]
			return len(gap) <= len("合计人民币共") && !has(gap, "元", "的", "加")
		}
	}
	return false
}

func (t *reading) confiscated(body string) {
	p := &t.rec.Penalty
	each(body, "没收", func(at int) {
		to := at + len("没收")
		if strings.HasPrefix(body[to:], "违法所得") {
			gains := to + len("违法所得")
			if k := t.tokenAfter(gains, moneyToken, 24); k != nil && k.currency == "CNY" && !has(t.s[gains:k.from], "罚", "。", ";") {
				p.ConfiscatedGains = &k.number
				t.put("penalty.confiscated_gains_rmb", k.from, k.to)
				return
			}
			p.GainsUnknownAmount = true
			t.because("penalty.confiscated_gains_unknown_amount", at, gains)
			return
		}
		end := to + len(until(body[to:], ",;。\n"))
		if i := strings.Index(body[to:end], "并处"); i > 0 {
			end = to + i
		}
		for _, lead := range []string{"上述", "涉案的", "涉案", "走私货物", "走私"} {
			if strings.HasPrefix(body[to:], lead) && to+len(lead) < end {
				to += len(lead)
				break
			}
		}
		if end > to && end-to < 150 {
			t.put("penalty.confiscated_goods."+itoa(int64(len(p.ConfiscatedGoods))), to, end)
			p.ConfiscatedGoods = append(p.ConfiscatedGoods, body[to:end])
		}
	})
}
