package decision

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lodestone/internal/enforce"
)

// Reader turns texts into records. It is safe for use by several goroutines.
type Reader struct {
	tables    *enforce.Tables
	countries []string // simplified Chinese names, longer ones first
	offices   officeIndex
	// KeepPersons leaves the names of natural persons in; otherwise they are 某.
	KeepPersons bool
}

// NewReader makes a reader. The countries are names in simplified Chinese, by which destinations are known.
func NewReader(t *enforce.Tables, countries []string) *Reader {
	names := slices.Clone(countries)
	for _, alias := range []string{"台湾", "香港", "澳门"} {
		if !slices.Contains(names, alias) {
			names = append(names, alias)
		}
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == "中国" || n == "大陆" || utf8.RuneCountInString(n) < 2 })
	slices.SortStableFunc(names, func(a, b string) int { return len(b) - len(a) })
	return &Reader{tables: t, countries: names, offices: newOfficeIndex(&t.Offices)}
}

// Read reads one text. It never fails: what the text does not say is null in the record, and a text that says nothing at all gives an empty
// record. Spans count characters of source.
func (r *Reader) Read(id, source string) enforce.Record {
	t := r.open(id, source)
	t.sections()
	t.numberOfDecision()
	t.direction()
	t.parties()
	t.dates()
	t.goods()
	t.citations()
	t.penalty()
	t.recordType()
	t.values()
	t.officesOf()
	t.places()
	t.codes()
	t.shelf()
	t.conduct()
	t.asDeclared()
	t.leniency()
	t.licence()
	t.rec.Complete(r.tables)
	t.rec.Notes = strings.Join(t.notes, " ")
	return t.rec
}

// reading is the state of one text being read.
type reading struct {
	*Reader
	f     *folded
	s     string
	toks  []token
	rec   enforce.Record
	notes []string

	facts     int // where the facts begin
	evidence  int // 以上行为有…为证; len(s) if there is none
	operative int // where the penalty is pronounced; len(s) if the text does not reach it
	tail      int // payment, appeal, surcharge: no amount of a penalty stands behind it
	brokenOff bool
	titled    bool // a heading of a compilation: the page is somebody's summary
}

func (r *Reader) open(id, source string) *reading {
	f := fold(source)
	t := &reading{Reader: r, f: f, s: f.s, toks: lex(f.s)}
	t.rec = enforce.Record{ID: id, Script: f.script(), Spans: map[string]enforce.Span{}, Derived: map[string][]string{},
		Parties: []enforce.Party{}, Declarants: []string{}, DeclarationDates: []string{}, Declared: []enforce.Goods{}, Actual: []enforce.Goods{},
		OtherValues: []enforce.Labelled{}, ControlCodes: []string{}, Instruments: []string{}, Conduct: []string{}, LegalBasis: []enforce.Basis{},
		LeniencyReasons: []string{}, Sources: []string{}}
	t.rec.Penalty.ConfiscatedGoods, t.rec.Penalty.OtherMeasures = []string{}, []string{}
	return t
}

var (
	tailWords = []string{"当事人应当自", "当事人应自", "应当自收到", "应自收到", "当事人到期", "到期不缴纳", "逾期不缴纳", "如不服", "不服本", "不服上述", "当事人如对本",
		"当事人必须", "根据《中华人民共和国行政处罚法》第七十二条", "根据《中华人民共和国行政处罚法》第四十六条"}
	operativeWords = []string{"作出如下行政处罚", "作出以下行政处罚", "作如下行政处罚", "作出如下处罚", "作出以下处罚", "处罚如下", "处罚内容", "科处罚款", "处以罚款", "处罚款", "处予罚款",
		"并处罚款", "合计罚款", "罚款人民币", "罚款", "不予行政处罚", "被海关处罚", "没收违法所得", "给予警告", "予以警告"}
	evidenceWords = []string{"以上行为有", "以上事实有", "上述事实有", "上述行为有", "以上违法行为有", "上述违法事实有", "以上违法事实有", "有以下证据", "等为证", "等证据为证", "等为据"}
)

// sections finds where the parts of a decision begin. Summaries have few of them.
func (t *reading) sections() {
	n := len(t.s)
	t.tail, t.evidence, t.operative = n, n, n
	if i, _ := first(t.s, tailWords); i >= 0 {
		t.tail = i
	}
	body := t.s[:t.tail]
	if i, _ := first(body, evidenceWords); i >= 0 {
		t.evidence = i
	}
	head := 0 // "不予行政处罚决定书" is a heading and pronounces nothing
	if i := strings.Index(body, "处罚决定书"); i >= 0 && i < len("中华人民共和国")+90 {
		head = i + len("处罚决定书")
	}
	if i, _ := first(body[head:], operativeWords); i >= 0 {
		t.operative = head + i
	}
	if i := strings.Index(body, "违法行为:"); i >= 0 {
		t.facts = i + len("违法行为:")
	}
	end := strings.TrimRight(t.s, "\n")
	t.brokenOff = strings.HasSuffix(end, "……") || strings.HasSuffix(end, "...") || strings.HasSuffix(end, "…")
	line := t.s
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	t.titled = startsAny(line, "案例", "(一)", "(二)", "(三)", "(四)", "(五)", "(六)", "一、", "二、", "三、", "官方", "典型案例", "【") || strings.Contains(line, "案例") || strings.HasPrefix(t.s[len(line):], "\n来源:")
}

// first is the earliest place of any of the words, and which it was; -1 if there is none.
func first(s string, words []string) (at int, word string) {
	at = -1
	for _, w := range words {
		limit := s
		if at >= 0 {
			limit = s[:min(len(s), at+len(w)-1)]
		}
		if i := strings.Index(limit, w); i >= 0 && (at < 0 || i < at) {
			at, word = i, w
		}
	}
	return at, word
}

func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// each calls f with every place of a word.
func each(s, word string, f func(at int)) {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return
		}
		f(from + i)
		from += i + len(word)
	}
}

// until is the part of s before the first of the signs.
func until(s, signs string) string {
	if i := strings.IndexAny(s, signs); i >= 0 {
		return s[:i]
	}
	return s
}

// clause is the part between commas around a place.
func (t *reading) clause(at int) (from, to int) { return t.bounds(at, ",;。\n:") }

func (t *reading) bounds(at int, signs string) (from, to int) {
	if i := strings.LastIndexAny(t.s[:at], signs); i >= 0 {
		_, size := utf8.DecodeRuneInString(t.s[i:])
		from = i + size
	}
	to = len(t.s)
	if i := strings.IndexAny(t.s[at:], signs); i >= 0 {
		to = at + i
	}
	return from, to
}

// put keeps the place of a value.
func (t *reading) put(path string, from, to int) { t.rec.Spans[path] = t.f.span(from, to) }

// text is a part of the folded text as a value, with its place.
func (t *reading) text(path string, from, to int) *string {
	t.put(path, from, to)
	v := t.s[from:to]
	return &v
}

// because keeps the words that a derived value follows from.
func (t *reading) because(path string, from, to int) {
	s := t.f.span(from, to)
	t.rec.Derived[path] = append(t.rec.Derived[path], fmt.Sprintf("text[%d:%d] %s", s[0], s[1], clip(t.s[from:to])))
}

// from keeps the other values that a derived value follows from.
func (t *reading) from(path string, inputs ...string) {
	t.rec.Derived[path] = append(t.rec.Derived[path], inputs...)
}

func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	i := most
	for !utf8.RuneStart(s[i]) {
		i--
	}
	return s[:i] + "…"
}

func ptr[T any](v T) *T { return &v }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
