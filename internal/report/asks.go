package report

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/ingest/answers"
)

// Asks collects the questions of a screening, for those who can answer them. Its workbook has a sheet for each supplier, which can be sent on by
// itself; "lodestone screen --answers" reads it back when it is filled in.
type Asks struct {
	left int // questions beyond MaxAsks

	rows []AskRow
	seen map[askKey]bool
}

// AskRow is one question about one line.
type AskRow struct {
	Key      string // under which answers come back; empty: the id of the line
	Line     string // id of the line, or of the part, that the answer is about
	Fact     string
	Supplier string
	Goods    string
	Stands   string // how the line stands
	Question string
	Why      string
	Leads    string
	Choices  []string // answers to choose from, besides what is typed; empty: none can be listed
	Hint     string   // how to answer
	Takes    bool     // an answer can be taken back into the line
}

type askKey struct{ key, line, fact, question string }

// MaxAsks bounds the questions that are collected, so that memory does not grow without end.
const MaxAsks = 200_000

// maxGoods bounds the text by which a line is told, in bytes.
const maxGoods = 300

// AskRows are the questions of a determination, as rows that do not share its memory. Takes says whether an answer to a fact can be taken back.
func (d *Determination) AskRows(lang string, takes func(fact string) bool) []AskRow {
	var rows []AskRow
	for i := range d.Asks {
		a := &d.Asks[i]
		row := AskRow{
			Line: strings.Clone(cmp.Or(a.Part, d.ID)), Fact: a.Fact, Supplier: strings.Clone(a.Supplier), Question: a.Question, Why: a.Why,
			Leads: leadsText(lang, a.Leads), Takes: takes(a.Fact),
			Stands: (&Lead{Outcome: d.Outcome, MayBe: d.MayBe}).words(lang), Hint: hint(lang, a.Fact), Choices: a.Choices,
		}
		if !row.Takes {
			row.Hint = Say(lang, "asks.hint.table")
		}
		if d.Mildest != nil && i == 0 {
			row.Leads += "\n" + Say(lang, "asks.together", "answers", mildestText(lang, d.Mildest))
		}
		if d.Given != nil && a.Part == "" {
			row.Goods = strings.Clone(clipBytes(cmp.Or(d.Given.Description, d.Given.HS), maxGoods))
		}
		rows = append(rows, row)
	}
	return rows
}

// hint says how an answer is written, by the family of its fact.
func hint(lang, fact string) string {
	family, _, _ := strings.Cut(fact, ".")
	switch family {
	case "destination", "from", "origin", "made_in", "tech_origin", "recipient_nationality":
		family = "country"
	}
	if key := "asks.hint." + family; Has(key) {
		return Say(lang, key)
	}
	return ""
}

func clipBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xc0 == 0x80 {
		most--
	}
	return s[:most] + "…"
}

// Add collects questions; one about the same fact of the same line is kept once.
func (a *Asks) Add(rows []AskRow) {
	if a.seen == nil {
		a.seen = map[askKey]bool{}
	}
	for _, r := range rows {
		key := askKey{r.Key, r.Line, r.Fact, r.Question}
		switch {
		case a.seen[key]:
		case len(a.rows) >= MaxAsks:
			a.left++
		default:
			a.seen[key] = true
			a.rows = append(a.rows, r)
		}
	}
}

// Len is how many questions were collected.
func (a *Asks) Len() int { return len(a.rows) }

// maxSupplierSheets bounds the sheets; the suppliers beyond share the last.
const maxSupplierSheets = 200

// WriteXLSX writes the questions: an overview, and a sheet for each supplier.
func (a *Asks) WriteXLSX(w io.Writer, lang string, s *Summary) error {
	book, err := newWorkbook()
	if err != nil {
		return err
	}
	say := func(key string, pairs ...string) string { return Say(lang, "asks."+key, pairs...) }
	bySupplier := map[string][]*AskRow{}
	for i := range a.rows {
		r := &a.rows[i]
		bySupplier[r.Supplier] = append(bySupplier[r.Supplier], r)
	}
	names := suppliersInOrder(bySupplier)
	overview := book.sheet(say("overview"), []column{{title: say("supplier"), width: 40}, {title: say("questions"), width: 14}, {title: say("sheet"), width: 36}})
	overview.above = [][]any{{say("title")}, {say("how")}, {s.Note}}
	if a.left > 0 {
		overview.above = append(overview.above, []any{say("left", "n", strconv.Itoa(a.left), "most", strconv.Itoa(MaxAsks))})
	}
	taken := map[string]bool{strings.ToLower(overview.name): true}
	if err := overview.begin(); err != nil {
		return err
	}
	var last *sheet
	for i, name := range names {
		if i < maxSupplierSheets {
			last = a.supplierSheet(book, lang, name, taken)
		}
		if err := overview.add(supplierName(lang, name), len(bySupplier[name]), last.name); err != nil {
			return err
		}
		for _, r := range bySupplier[name] {
			if err := last.add(askCells(lang, r)...); err != nil {
				return err
			}
			last.choose(answerColumn, r.Choices)
		}
		if i >= maxSupplierSheets-1 && i < len(names)-1 {
			continue // further suppliers share this sheet
		}
		if err := last.end(); err != nil {
			return err
		}
	}
	return book.write(w)
}

// suppliersInOrder has the suppliers with the most questions first; lines without one come last.
func suppliersInOrder(of map[string][]*AskRow) []string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		if (x == "") != (y == "") {
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(len(of[y]), len(of[x])), cmp.Compare(x, y))
	})
	return names
}

func (a *Asks) supplierSheet(book *workbook, lang, name string, taken map[string]bool) *sheet {
	say := func(key string, pairs ...string) string { return Say(lang, "asks."+key, pairs...) }
	s := book.sheet(sheetName(supplierName(lang, name), taken), []column{
		{width: 4, key: true}, {width: 4, key: true},
		{title: say("supplier"), width: 20}, {title: say("line"), width: 12}, {title: say("goods"), width: 34}, {title: say("question"), width: 46},
		{title: say("answer"), width: 24, free: true}, {title: say("hint"), width: 30}, {title: say("why"), width: 46}, {title: say("leads"), width: 44},
		{title: say("stands"), width: 26}, {title: say("by"), width: 18, free: true}, {title: say("on"), width: 13, free: true},
	})
	s.above = [][]any{
		{answers.Line, answers.Fact, "", "", "", "", answers.Value, "", "", "", "", answers.By, answers.On},
		{"", "", say("how")},
	}
	s.filters, s.locked = true, true
	return s
}

func askCells(lang string, r *AskRow) []any {
	line, fact := cmp.Or(r.Key, r.Line), r.Fact
	if !r.Takes {
		line, fact = "", ""
	}
	return []any{line, fact, supplierName(lang, r.Supplier), r.Line, r.Goods, r.Question, "", r.Hint, r.Why, r.Leads, r.Stands, "", ""}
}

// answerColumn is the column of a supplier's sheet that is filled in.
const answerColumn = 7
