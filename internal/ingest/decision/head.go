package decision

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lodestone/internal/enforce"
	"lodestone/internal/when"
)

// officeIndex finds the names of offices in a text: every known spelling, longer ones first.
type officeIndex struct {
	*enforce.Offices
	above map[string]string // office to its directly subordinate customs
}

func newOfficeIndex(o *enforce.Offices) officeIndex {
	x := officeIndex{Offices: o, above: map[string]string{}}
	for top, offices := range o.Supervising {
		for _, name := range offices {
			x.above[name] = top
		}
	}
	return x
}

func (x officeIndex) canonical(name string) (string, bool) {
	if to, ok := x.Aliases[name]; ok {
		return to, true
	}
	return name, x.Top(name) || x.above[name] != ""
}

// customsEnding is the office whose name ends at a place: the longest known name, else the Chinese characters back to a word that begins one.
func (t *reading) customsEnding(end int) (from int, name string) {
	start, runes := end-len("海关"), 0
	best := -1
	for start > 0 && runes < 12 {
		r, size := utf8.DecodeLastRuneInString(t.s[:start])
		if !isHan(r) {
			break
		}
		start, runes = start-size, runes+1
		if _, ok := t.offices.canonical(t.s[start:end]); ok {
			best = start
		}
	}
	if best >= 0 {
		name, _ = t.offices.canonical(t.s[best:end])
		return best, name
	}
	for _, w := range []string{"中华人民共和国", "海关监管规定", "监管规定", "由", "向", "于", "在", "被", "经", "至", "和"} {
		if i := strings.LastIndex(t.s[start:end], w); i >= 0 {
			start += i + len(w)
		}
	}
	if runes := utf8.RuneCountInString(t.s[start:end]); runes < 4 || runes > 9 {
		return -1, ""
	}
	return start, t.s[start:end]
}

// decides says whether the words between 关 and 字 are those of a decision: they name the breach, the penalty or the branch that imposes it. Those of
// letters, notices and tax papers (行退通, 函, 告, 税) are none.
func decides(words string) bool {
	return utf8.RuneCountInString(words) <= 6 && has(words, "违", "罚", "缉", "知", "决", "处") && !has(words, "退", "通", "函", "告", "税", "扣", "封")
}

// numberOfDecision reads 甬梅关缉违字〔2025〕307号: letters, 字, a year in any brackets, a serial.
func (t *reading) numberOfDecision() {
	each(t.s[:t.tail], "字", func(at int) {
		if t.rec.DecisionNumber != nil {
			return
		}
		open, size := utf8.DecodeRuneInString(t.s[at+len("字"):])
		year := at + len("字") + size
		if !strings.ContainsRune("〔[【(", open) || len(t.s) < year+4 || !plausible(atoi(t.s[year:year+4])) {
			return
		}
		shut, size := utf8.DecodeRuneInString(t.s[year+4:])
		serial := year + 4 + size
		serial += len(t.s[serial:]) - len(strings.TrimLeft(t.s[serial:], " "))
		if strings.HasPrefix(t.s[serial:], "第") {
			serial += len("第")
			serial += len(t.s[serial:]) - len(strings.TrimLeft(t.s[serial:], " "))
		}
		n := number(t.s, serial)
		if !strings.ContainsRune("〕]】)", shut) || n.to == serial {
			return
		}
		end := n.to + len(t.s[n.to:]) - len(strings.TrimLeft(t.s[n.to:], " "))
		if !strings.HasPrefix(t.s[end:], "号") {
			return
		}
		guan := strings.LastIndex(t.s[max(0, at-18):at], "关")
		if guan < 0 {
			return
		}
		guan += max(0, at-18)
		if !decides(t.s[guan+len("关") : at]) {
			return
		}
		from := t.prefixStart(guan)
		t.rec.DecisionNumber = t.text("decision_number", from, end+len("号"))
	})
}

// prefixStart is where the letters of a number begin: the longest known prefix before 关, else the characters back to the end of the heading.
func (t *reading) prefixStart(guan int) int {
	start, best := guan, -1
	for range 4 {
		r, size := utf8.DecodeLastRuneInString(t.s[:start])
		if !isHan(r) {
			break
		}
		start -= size
		if _, ok := t.offices.Prefixes[t.s[start:guan]]; ok {
			best = start
		}
	}
	if best >= 0 {
		return best
	}
	if i := strings.LastIndex(t.s[start:guan], "书"); i >= 0 {
		return start + i + len("书")
	}
	return start
}

// officesOf reads who decided and who supervises, best evidence first: heading, title, number, the words of a digest, the place of declaration.
func (t *reading) officesOf() {
	if t.rec.RecordType == enforce.Criminal {
		t.judicial()
		return
	}
	t.appeal()
	name, from, to, how := t.issuer()
	if name != "" && t.offices.Top(name) && t.rec.Decision() {
		if t.rec.SupervisingCustoms == nil {
			t.supervisor(name, from, to)
		}
		name = ""
	}
	if name != "" {
		t.rec.IssuingCustoms, t.rec.IssuingFrom = &name, &how
		if how == "text" || from < to {
			t.put("issuing_customs", from, to)
		}
		if how != "text" && t.rec.DecisionNumber != nil {
			t.from("issuing_customs", "decision_number")
		}
	}
	if t.rec.SupervisingCustoms == nil && name != "" && !t.offices.Top(name) {
		if above := t.offices.above[name]; above != "" {
			t.supervisedBy(name, above)
		}
	}
}

func (t *reading) supervisor(name string, from, to int) {
	t.rec.SupervisingCustoms, t.rec.SupervisingFrom = &name, ptr("text")
	t.put("supervising_customs", from, to)
}

// supervisedBy sets the customs above an office: by the text where the text names it somewhere as an authority, else by the organisation.
func (t *reading) supervisedBy(office, above string) {
	found := -1
	each(t.s, above, func(at int) {
		rest := t.s[at+len(above):]
		if found < 0 && (startsAny(rest, "公布", "公告", "于", "技术中心", "对", "查处", "关区", "隶属") || len(rest) > 0 && digit(rest[0])) {
			found = at
		}
	})
	if found >= 0 {
		t.supervisor(above, found, found+len(above))
		return
	}
	t.rec.SupervisingCustoms, t.rec.SupervisingFrom = &above, ptr("organisation")
	t.from("supervising_customs", "issuing_customs")
}

// appeal reads the line that names where to appeal; its customs supervises the office that decided.
func (t *reading) appeal() {
	if at := strings.Index(t.s, "申请行政复议"); at >= 0 {
		if i := strings.LastIndex(t.s[:at], "海关"); i >= 0 && at-i < 40 {
			end := i + len("海关")
			if from, name := t.customsEnding(end); from >= 0 && name != "" {
				t.rec.AppealAuthority = &name
				t.put("appeal_authority", from, end)
				if t.offices.Top(name) {
					t.supervisor(name, from, end)
				}
			}
		}
	}
	each(t.s[min(t.tail, len(t.s)):], "人民法院", func(at int) {
		at += t.tail
		from, _ := t.clause(at)
		if i := strings.LastIndex(t.s[from:at], "向"); i >= 0 && t.rec.Court == nil {
			t.rec.Court = t.text("court", from+i+len("向"), at+len("人民法院"))
		}
	})
}

// issuer finds the office that decided. The words of a heading are text; what is inferred from a number or from where goods were declared is not,
// unless the text leaves no other office.
func (t *reading) issuer() (name string, from, to int, how string) {
	if i := heading(t.s); i >= 0 {
		if f, n := t.customsEnding(i); f >= 0 && n != "" {
			return n, f, i, "text"
		}
	}
	if i := strings.Index(t.s, "海关行政处罚案"); i >= 0 {
		if f, n := t.customsEnding(i + len("海关")); f >= 0 && n != "" {
			return n, f, i + len("海关"), "text"
		}
	}
	if n, f, e := t.byNumber(); n != "" {
		return n, f, e, "document_number_or_context"
	}
	if n, f, e := t.acting(); n != "" {
		return n, f, e, "text"
	}
	return t.declaredAt()
}

// heading is the end of the office in the heading of a decision, X海关行政处罚决定书 with what may stand between the words; -1: there is none.
func heading(s string) int {
	at := -1
	each(s, "决定书", func(end int) {
		if at >= 0 {
			return
		}
		begin := end - 60
		for begin = max(0, begin); begin < end && !utf8.RuneStart(s[begin]); begin++ {
		}
		i := strings.LastIndex(s[begin:end], "海关")
		if i < 0 {
			return
		}
		i += begin + len("海关")
		between := s[i:end]
		for _, w := range []string{"不予", "行政", "当场", "简易程序", "快速办理", "处罚", "(", ")", "\n", " "} {
			between = strings.ReplaceAll(between, w, "")
		}
		if between == "" && strings.Contains(s[i:end], "处罚") {
			at = i
		}
	})
	return at
}

func (t *reading) byNumber() (name string, from, to int) {
	if t.rec.DecisionNumber == nil {
		return "", 0, 0
	}
	prefix, _, _ := strings.Cut(*t.rec.DecisionNumber, "关")
	if name := t.offices.Prefixes[prefix]; name != "" {
		return name, 0, 0
	}
	name, known := t.offices.canonical(prefix + "海关") // 洋山关缉违字: some prefixes are the whole name
	if !known {
		return "", 0, 0
	}
	return name, 0, 0
}

// acting finds an office of which a digest says that it acted: 榕城海关查处, 平潭海关对…, 天津东疆海关于…开具.
func (t *reading) acting() (name string, from, to int) {
	score := 0
	each(t.s[:t.tail], "海关", func(at int) {
		end := at + len("海关")
		rest := t.s[end:]
		points := 0
		switch {
		case startsAny(rest, "查处", "查获", "作出", "处罚"):
			points = 4
		case startsAny(rest, "对", "在对", "在一批", "在查验", "在开展", "现场", "关员", "查验", "情况说明", "决定", "认定", "依法", "开具"):
			points = 3
		case startsAny(rest, "公布", "公告", "通报") || len(rest) > 0 && digit(rest[0]) && at < 30, strings.HasPrefix(rest, "于") && strings.Contains(until(rest, "。\n"), "开具"):
			points = 2
		case strings.HasPrefix(rest, "驻") || startsAny(rest, "稽查", "计核"):
			points = 1
		}
		if listed(t.s, at) { // 长沙…海关、威海海关查处: no single office
			points = 0
		}
		if points <= score {
			return
		}
		f, n := t.customsEnding(end)
		if f < 0 || n == "" || strings.HasPrefix(n, "经") || n == "海关" {
			return
		}
		if _, known := t.offices.canonical(n); !known {
			return
		}
		if !t.offices.Top(n) || points > 2 || t.rec.RecordType != enforce.PenaltyDecision || name == "" {
			score, name, from, to = points, n, f, end
		}
	})
	if name != "" && t.offices.Top(name) { // an office below it, declared at or named, is nearer to the case
		if n, f, e, _ := t.declaredAt(); n != "" && t.offices.above[n] == name {
			return n, f, e
		}
	}
	return name, from, to
}

// listed says whether another office stands in the same list before the one that ends at a place.
func listed(s string, at int) bool {
	i := strings.LastIndex(s[:at], "海关、")
	return i >= 0 && !strings.ContainsAny(s[i+len("海关、"):at], ",。;:\n、")
}

// declaredAt is the office where the goods were declared. Where an audit by another office follows, it says nothing about who decided.
func (t *reading) declaredAt() (name string, from, to int, how string) {
	how = "text"
	each(t.s[:t.tail], "海关", func(at int) {
		end := at + len("海关")
		if name != "" || !startsAny(t.s[end:], "申报", ")申报") {
			return
		}
		f, n := t.customsEnding(end)
		if f < 0 || !strings.HasSuffix(t.s[:f], "向") && !strings.HasSuffix(t.s[:f], "海关(") {
			return
		}
		if _, known := t.offices.canonical(n); known {
			name, from, to = n, f, end
		}
	})
	if t.rec.TextKind == "summary_partial" {
		how = "document_number_or_context"
	}
	return name, from, to, how
}

// judicial reads court or procuratorate of a criminal case.
func (t *reading) judicial() {
	for _, w := range []string{"人民法院", "人民检察院"} {
		i := strings.Index(t.s, w)
		if i < 0 {
			continue
		}
		end := i + len(w)
		from := i
		for from > 0 {
			r, size := utf8.DecodeLastRuneInString(t.s[:from])
			if !isHan(r) || endsAny(t.s[:from], "披露", "由", "经", "向", "被") {
				break
			}
			from -= size
		}
		t.rec.IssuingCustoms, t.rec.IssuingFrom = t.text("issuing_customs", from, end), ptr("text")
		return
	}
}

// dates reads days of declaration, of decision and of publication.
func (t *reading) dates() {
	t.years()
	for i := range t.toks {
		k := &t.toks[i]
		if k.kind != dayToken || k.day == 0 {
			continue
		}
		t.decisionDay(k)
		t.publicationDay(k)
	}
	t.declarationDays()
}

// years gives a day without a year the year of the day before it in the text, unless that makes it later than the page.
func (t *reading) years() {
	year := 0
	for i := range t.toks {
		k := &t.toks[i]
		switch {
		case k.kind != dayToken:
		case k.year > 0:
			year = k.year
		case k.dom > 0 && year > 0 && t.rec.Script != "":
			if d, err := when.ParseDate(iso(year, k.month, k.dom)); err == nil {
				k.day = d
			}
		}
	}
}

// dated keeps the place of a day. A day whose year is that of another is derived from both.
func (t *reading) dated(path string, k *token) {
	if k.year > 0 {
		t.put(path, k.from, k.to)
		return
	}
	t.because(path, k.from, k.to)
	t.from(path, "the year of the day before it in the text")
}

func (t *reading) decisionDay(k *token) {
	rest := t.s[k.to:]
	last := strings.Trim(t.s[k.to:], "\n。 ") == ""
	line := strings.HasSuffix(t.s[:k.from], "\n")
	operative := startsAny(rest, "决定", "作出", "对当事人作出", ",决定")
	if operative || last && line && k.year > 0 {
		t.rec.DecisionDate = &k.day
		t.dated("decision_date", k)
	}
}

func (t *reading) publicationDay(k *token) {
	rest, before := t.s[k.to:], t.s[:k.from]
	before = strings.TrimRight(before, " ")
	if startsAny(rest, "公布", "公告", "发布", "情况说明", "通报", "讯", "消息", "披露") || endsAny(before, "发布时间:", "发布日期:", "公开日期:", "发布于", "海关发布", "公布日期:", "公开时间:") ||
		k.from == 0 && (has(until(rest, "。"), "宣判", "判决") || endsAny(until(rest, ":。"), "海关公布", "海关发布", "海关通报", "海关公告")) {
		if t.rec.PublicationDate == nil {
			t.rec.PublicationDate = &k.day
			t.dated("publication_date", k)
		}
	}
}

// declarationDays are days in whose sentence the goods are declared. Days in a row (16日和28日) share what follows.
func (t *reading) declarationDays() {
	var days []int
	for i := range t.toks {
		if t.toks[i].kind == dayToken && t.toks[i].day != 0 {
			days = append(days, i)
		}
	}
	for n := len(days) - 1; n >= 0; n-- {
		k := &t.toks[days[n]]
		if k.from >= t.tail || !t.declares(k, days, n) {
			days = append(days[:n], days[n+1:]...)
		}
	}
	for _, i := range days {
		k := &t.toks[i]
		if day := k.day.String(); !slices.Contains(t.rec.DeclarationDates, day) {
			t.dated("declaration_dates."+itoa(int64(len(t.rec.DeclarationDates))), k)
			t.rec.DeclarationDates = append(t.rec.DeclarationDates, day)
		}
	}
}

func (t *reading) declares(k *token, days []int, n int) bool {
	if published, ok := t.rec.Spans["publication_date"]; ok && published == t.f.span(k.from, k.to) {
		return false
	}
	rest := until(t.s[k.to:], "。\n")
	if n+1 < len(days) { // up to the next day of declaration, or past it where the two are joined
		next := &t.toks[days[n+1]]
		between := ""
		if next.from >= k.to {
			between = t.s[k.to:next.from]
		}
		if slices.Contains([]string{"和", "、", "及", ",", "至", "—", "-"}, between) {
			return true
		}
		if next.from < k.to+len(rest) && next.from > k.to {
			rest = t.s[k.to:next.from]
		}
	}
	i := strings.Index(rest, "申报")
	if i < 0 {
		if j, _ := first(rest, []string{"进口C类快件", "进口B类快件", "进口A类快件", "进口快件", "进口货物一", "出口货物一"}); j >= 0 && !has(rest[:j], "退运") {
			return true
		}
		return false
	}
	if startsAny(rest[i+len("申报"):], "直接退运", "退运", "之日") || has(rest[:i], "检测报告", "查验", "鉴定", "退运", "出具", "未向海关", "未如实", "稽查", "补办") {
		return false
	}
	return !startsAny(rest, "至", "起", "前", "以来")
}
