package decision

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

var firmEndings = []string{"有限责任公司", "股份有限公司", "有限公司", "分公司", "公司", "集团", "合作社", "经营部", "商行", "商店", "工作室", "研究所", "工厂", "厂", "中心", "事务所"}

// firmAt reads the name of a firm that begins at a place: up to its last ending before anything that no name holds. It returns the place behind
// the name, or -1.
func (t *reading) firmAt(at int) int {
	end, depth := -1, 0
	const longest = 120 // bytes
	for i := at; i < len(t.s) && i-at < longest; {
		r, size := utf8.DecodeRuneInString(t.s[i:])
		switch {
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth < 0 {
				return end
			}
		case !isHan(r) && !latin(r) && r != '·' && r != '&':
			return end
		}
		rest := t.s[i:]
		if depth == 0 && end < 0 && i > at && (startsAny(rest, "当事人", "申报", "委托", "以一般贸易", "以9610") || startsAny(rest, "向", "于") && i > at+6 && strings.Contains(until(rest, ",。"), "海关")) {
			return end
		}
		for _, w := range firmEndings {
			if depth == 0 && strings.HasPrefix(rest, w) && i > at && i+len(w) > end {
				if end >= 0 && i > end && !strings.HasPrefix(w, "分公司") && !strings.HasSuffix(t.s[end:i+len(w)], "分公司") {
					return end
				}
				end = i + len(w)
			}
		}
		i += size
	}
	return end
}

var carrierWords = []string{"物流", "货运", "货代", "报关", "速递", "快递", "快运", "速运", "供应链", "代理", "顺丰", "通关"}

// parties reads to whom the decision is addressed, and who only declared or carried.
func (t *reading) parties() {
	t.labelledParty()
	if len(t.rec.Parties) == 0 {
		t.digestParty()
	}
	if len(t.rec.Parties) == 0 && !has(t.s, "当事人") {
		t.keptBack()
	}
	t.seller()
	t.declarants()
}

// addParty adds a party by the place of its name. Unless it is known to be a firm, a name that looks like a person's is one.
func (t *reading) addParty(from, to int, firm bool) *enforce.Party {
	name := t.s[from:to]
	path := "parties." + itoa(int64(len(t.rec.Parties)))
	p := enforce.Party{Name: &name, Kind: "exporter"}
	if t.rec.Direction == "import" {
		p.Kind = "importer"
	}
	switch {
	case !firm && personName(name):
		p.Kind = "individual"
		if !t.KeepPersons {
			p.Name = ptr("某")
		}
	case has(t.s, "快件运营人", "快件运营企业", "快件经营人"):
		p.Kind = "courier"
	case has(name, carrierWords...):
		p.Kind = "agent"
	case has(t.s, "加工贸易") && has(t.s, "手册", "料件"):
		p.Kind = "processor"
	}
	t.put(path+".name", from, to)
	t.from(path+".kind", path+".name", "direction")
	t.rec.Parties = append(t.rec.Parties, p)
	return &t.rec.Parties[len(t.rec.Parties)-1]
}

// personName says whether a name has the length of a person's and no ending of a firm's.
func personName(name string) bool {
	n := utf8.RuneCountInString(name)
	return n >= 1 && n <= 4 && !endsAny(name, firmEndings...) && !endsAny(name, "股份", "磁业", "光学", "科技")
}

// labelledParty reads 当事人:…, 当事人为…, 当事人…于, and the firm in front of 法定代表人.
func (t *reading) labelledParty() {
	for _, label := range []string{"当事人:", "被处罚人:", "当事人名称:", "当事人名称", "当事人(名称):", "单位名称:", "企业名称:"} {
		if at := strings.Index(t.s, label); at >= 0 {
			from := at + len(label)
			to := t.firmAt(from)
			if to < 0 {
				to = from + len(until(t.s[from:], ",。;:\n法性统地("))
			}
			if to > from {
				t.identified(t.addParty(from, to, false), to)
				t.alsoLabelled(to, label)
				return
			}
		}
	}
	for _, label := range []string{"当事人为", "当事人系", "当事人是", "当事人"} {
		if at := strings.Index(t.s, label); at >= 0 {
			from := at + len(label)
			if to := t.firmAt(from); to > from+9 && !has(t.s[from:to], "委托", "申报", "违反", "海关") {
				t.identified(t.addParty(from, to, false), to)
				t.byRole(to)
				return
			}
		}
	}
	if at := strings.Index(t.s, ",法定代表人"); at >= 0 {
		from, _ := t.clause(at - 1)
		if to := t.firmAt(from); to == at {
			t.identified(t.addParty(from, to, false), to)
		}
	}
}

// alsoLabelled reads further parties, each on a line of its own under the same label.
func (t *reading) alsoLabelled(at int, label string) {
	each(t.s[at:t.tail], "\n"+label, func(i int) {
		from := at + i + len("\n") + len(label)
		to := t.firmAt(from)
		if to < 0 {
			to = from + len(until(t.s[from:], ",。;:\n"))
		}
		if to > from && len(t.rec.Parties) < mostParties {
			t.identified(t.addParty(from, to, false), to)
		}
	})
}

// mostParties bounds the parties of one decision.
const mostParties = 50

// roles are what firms of one declaration are called, and the kind of party that each is.
var roles = []struct{ word, kind string }{{"申报单位", "agent"}, {"报关企业", "agent"}, {"报关单位", "agent"}, {"代理人", "agent"}, {"境内发货人", "exporter"}, {"生产销售单位", "exporter"}, {"发货人", "exporter"}, {"境内收货人", "importer"},
	{"消费使用单位", "importer"}, {"收货人", "importer"}, {"快件运营人", "courier"}}

// byRole reads the parties of 当事人A作为申报单位、B作为境内发货人, whose first has been read up to a place.
func (t *reading) byRole(at int) {
	for len(t.rec.Parties) < mostParties {
		role := len(t.s[at:]) - len(strings.TrimPrefix(t.s[at:], "作为"))
		i := slices.IndexFunc(roles, func(r struct{ word, kind string }) bool { return strings.HasPrefix(t.s[at+role:], r.word) })
		if role == 0 || i < 0 {
			return
		}
		t.rec.Parties[len(t.rec.Parties)-1].Kind = roles[i].kind
		from := at + role + len(roles[i].word)
		t.because("parties."+itoa(int64(len(t.rec.Parties)-1))+".kind", at, from)
		sep, size := utf8.DecodeRuneInString(t.s[from:])
		if !joins(string(sep)) && sep != ',' {
			return
		}
		to := t.firmAt(from + size)
		if to < 0 || !strings.HasPrefix(t.s[to:], "作为") {
			return
		}
		t.addParty(from+size, to, true)
		at = to
	}
}

// identified reads the numbers that follow the name of a party.
func (t *reading) identified(p *enforce.Party, at int) {
	path := "parties." + itoa(int64(len(t.rec.Parties)-1))
	head := t.s[at:min(len(t.s), at+600)]
	for _, label := range []string{"统一社会信用代码", "统一社会信用编码", "社会信用代码", "信用代码"} {
		if i := strings.Index(head, label); i >= 0 {
			from, to := codeAfter(t.s, at+i+len(label))
			if to-from == 18 {
				p.USCC = t.text(path+".uscc", from, to)
				break
			}
		}
	}
	for _, label := range []string{"海关代码", "海关编码", "海关注册编码", "海关备案编码", "企业海关代码"} {
		if i := strings.Index(head, label); i >= 0 {
			from, to := codeAfter(t.s, at+i+len(label))
			if to-from == 10 {
				p.CustomsCode = t.text(path+".customs_code", from, to)
				break
			}
		}
	}
}

// codeAfter is a run of capital letters and digits, perhaps behind a colon.
func codeAfter(s string, at int) (from, to int) {
	for at < len(s) && (s[at] == ':' || s[at] == ' ') {
		at++
	}
	to = at
	for to < len(s) && (digit(s[to]) || s[to] >= 'A' && s[to] <= 'Z') {
		to++
	}
	return at, to
}

// digestParty reads the firm of a digest: 榕城海关查处:某某光学出口…, 濮…股份公告披露, 宣判…走私.
func (t *reading) digestParty() {
	for _, w := range []string{"查处:", "查处", "宣判"} {
		at := strings.Index(t.s, w)
		if at < 0 {
			continue
		}
		from := at + len(w)
		if to := t.shortName(from); to > from {
			t.addParty(from, to, true)
			return
		}
		if w == "查处:" {
			return
		}
	}
	if to := t.shortName(0); to > 0 && (endsAny(t.s[:to], "公司", "股份", "集团") || strings.HasPrefix(t.s[to:], "公告")) {
		t.addParty(0, to, true)
	}
}

var afterName = []string{"申报", "将", "以跨境", "以一般", "以9", "以“", "经快件", "经邮", "通过", "未取得", "未经", "未申", "无证", "委托", "伪报", "伪瞒报", "瞒报", "另案", "走私", "公告", "于2", "擅自", "夹藏", "出口", "进口"}

// shortName is where the name of a firm ends that begins at a place: at the word that says what it did. A bare 公司 at the end of a short name is
// not part of it.
func (t *reading) shortName(from int) int {
	line := until(t.s[from:], ",。;:\n、“")
	end := -1
	for _, w := range afterName {
		i := strings.Index(line, w)
		if (w == "出口" || w == "进口") && i > 0 && strings.HasSuffix(line[:i], "进") {
			if j := strings.Index(line[i+len(w):], w); j >= 0 {
				i += len(w) + j
			} else {
				i = -1
			}
		}
		if i > 0 && (end < 0 || i < end) {
			end = i
		}
	}
	if end < 0 {
		return -1
	}
	name := line[:end]
	for _, w := range []string{"有限公司", "有限责任公司", "股份公司", "集团公司", "分公司", "总公司"} {
		if strings.HasSuffix(name, w) {
			return from + end
		}
	}
	name = strings.TrimSuffix(name, "公司")
	n := utf8.RuneCountInString(name)
	if n < 4 || n > 20 || has(name, "某", "当事人", "企业", "海关", "相关", "一批", "一起", "一票", "案例", "货物", "年") || strings.ContainsAny(name, "0123456789") {
		return -1
	}
	return from + len(name)
}

// keptBack adds parties whose names a summary keeps back: 某公司, 浙江A公司, 企业.
func (t *reading) keptBack() {
	if has(t.s, "查获", "情况说明:") && !has(t.s, "罚") {
		return
	}
	from, to := maskedFirm(t.s)
	if to == 0 {
		if i := strings.Index(t.s, "企业出口"); i >= 0 {
			from, to = i, i+len("企业")
		}
	}
	if to == 0 {
		return
	}
	kind := "exporter"
	if t.rec.Direction == "import" {
		kind = "importer"
	}
	t.rec.Parties = append(t.rec.Parties, enforce.Party{Kind: kind})
	t.because("parties.0", from, to)
	if i := strings.Index(t.s, "的上述行为"); i >= 0 { // 某公司、某、某的上述行为
		from, _ := t.bounds(i, "。\n")
		for range strings.Count(strings.ReplaceAll(t.s[from:i], "某公司", ""), "某") {
			t.rec.Parties = append(t.rec.Parties, enforce.Party{Name: ptr("某"), Kind: "individual"})
			t.because("parties."+itoa(int64(len(t.rec.Parties)-1)), from, i)
		}
	}
	if i := strings.Index(t.s[to:], "委托"); i >= 0 && i < 6 {
		at := to + i + len("委托")
		if f, e := maskedFirm(t.s[at:]); e > 0 && f < 9 && !strings.Contains(t.s[at:at+e], "某") {
			t.rec.Parties = append(t.rec.Parties, enforce.Party{Kind: "agent"})
			t.because("parties.1", at+f, at+e)
		}
	}
}

// maskedFirm finds 某公司, 某化工有限责任公司, A公司.
func maskedFirm(s string) (from, to int) {
	best := -1
	for _, w := range []string{"某", "A", "B", "C", "X", "甲", "乙"} {
		i := strings.Index(s, w)
		if i < 0 || best >= 0 && i >= best {
			continue
		}
		if j := strings.Index(s[i:], "公司"); j >= 0 && j <= 30 && !strings.ContainsAny(s[i:i+j], ",。;:、\n") {
			best, from, to = i, i, i+j+len("公司")
		}
	}
	return from, to
}

// seller adds the firm that sold, where the text speaks of two parties and the one found only carried.
func (t *reading) seller() {
	if len(t.rec.Parties) != 1 || t.rec.Parties[0].Kind != "agent" || !has(t.s, "两公司", "两当事人", "上述公司均") {
		return
	}
	for _, w := range []string{"购入", "售予", "销售", "委托"} {
		i := strings.Index(t.s, w)
		if i < 0 {
			continue
		}
		from, _ := t.clause(i)
		if to := t.firmAt(from); to > from && to <= i && t.s[from:to] != *t.rec.Parties[0].Name {
			t.addParty(from, to, true)
			return
		}
	}
}

// declarants are the firms that were charged with declaring or carrying.
func (t *reading) declarants() {
	each(t.s[:t.tail], "委托", func(at int) {
		from := at + len("委托")
		to := t.firmAt(from)
		if to < 0 || has(t.s[from:to], "某") || utf8.RuneCountInString(t.s[from:to]) < 6 {
			return
		}
		name := t.s[from:to]
		isParty := slices.ContainsFunc(t.rec.Parties, func(p enforce.Party) bool { return p.Name != nil && *p.Name == name })
		if isParty || slices.Contains(t.rec.Declarants, name) {
			return
		}
		t.put("declarants."+itoa(int64(len(t.rec.Declarants))), from, to)
		t.rec.Declarants = append(t.rec.Declarants, name)
	})
}
