package parties

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"lodestone/internal/party"
	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/when"
)

// HoldingColumns are the columns of a file of holdings.
var HoldingColumns = map[string][]string{
	"owner": {"owner", "shareholder", "股东", "股东名称", "주주", "주주명"}, "owned": {"owned", "company", "subsidiary", "被投资企业", "公司名称", "회사", "피출자회사"},
	"percent": {"percent", "share", "持股比例", "지분율"}, "from": {"from", "since", "起始日期", "시작일"}, "to": {"to", "until", "截止日期", "종료일"},
}

const (
	maxHoldings  = 5_000_000
	shareDigits  = 6 // behind the point: sums of shares stay exact
	mostProblems = 1_000
)

// DatedHolding is a holding with the days on which it stands.
type DatedHolding struct {
	party.Holding
	From, To when.Date // first and last day; zero: open
}

// Holdings is a file of holdings that was read.
type Holdings struct {
	Rows     []DatedHolding
	Digest   string
	Problems problem.List // rows set aside, at most mostProblems of them
	Refused  int          // rows set aside
	Small    bool         // no share is over 1: they may be meant as parts of one, and were read as percent
}

// ReadHoldings reads a file of holdings: owner, owned, and where they are known percent, from and to. A row that cannot be read is set aside
// and named; the error is one of the file as a whole.
func ReadHoldings(name string, in io.Reader) (Holdings, error) {
	var h Holdings
	sum := sha256.New()
	rows, err := OpenRows(name, io.TeeReader(in, sum), HoldingColumns, "owner")
	if err != nil {
		return h, err
	}
	stated, over := false, false
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return h, err
		}
		x, p := holdingOf(row)
		if p != nil {
			p.File, p.Line = name, row.Line
			if h.Refused++; len(h.Problems) < mostProblems {
				h.Problems = append(h.Problems, *p)
			}
			continue
		}
		if len(h.Rows) == maxHoldings {
			return h, fmt.Errorf("more than %d holdings; part the file", maxHoldings)
		}
		h.Rows = append(h.Rows, x)
		if x.Percent.HasHigh && x.Percent.High.Sign() > 0 {
			stated, over = true, over || x.Percent.High.Cmp(quant.Int(1)) > 0
		}
	}
	if len(h.Rows) == 0 {
		why := "no holding in it"
		if h.Refused > 0 {
			why += " that can be read; the first row says: " + h.Problems[0].Error()
		}
		return h, errors.New(why)
	}
	h.Small = stated && !over
	h.Digest = fmt.Sprintf("sha256:%x", sum.Sum(nil))
	return h, nil
}

func holdingOf(row Row) (DatedHolding, *problem.Problem) {
	x := DatedHolding{Holding: party.Holding{Owner: row.Cells["owner"], Owned: row.Cells["owned"]}}
	refuse := func(field, text, meant string) (DatedHolding, *problem.Problem) {
		return x, &problem.Problem{Field: field, Text: text, Meant: meant}
	}
	if row.Problem != nil {
		return x, row.Problem
	}
	for _, side := range []struct{ field, name string }{{"owner", x.Owner}, {"owned", x.Owned}} {
		if party.Folded(side.name) == "" {
			return refuse(side.field, "no name in this cell", "")
		}
	}
	if party.Folded(x.Owner) == party.Folded(x.Owned) {
		return refuse("owned", "a party does not own itself: own shares change nobody else's part", "leave the row out")
	}
	var err error
	if x.Percent, err = percent(row.Cells["percent"]); err != nil {
		return refuse("percent", err.Error(), "50, 50 %, 25-50, >=25, <10, or empty where it is not known")
	}
	for _, end := range []struct {
		field string
		day   *when.Date
	}{{"from", &x.From}, {"to", &x.To}} {
		if text := row.Cells[end.field]; text != "" {
			if *end.day, err = when.ParseDate(text); err != nil {
				return refuse(end.field, err.Error(), "")
			}
		}
	}
	if x.To != 0 && x.To < x.From {
		return refuse("to", fmt.Sprintf("%s lies before %s", x.To, x.From), "")
	}
	return x, nil
}

// unknownShares are words for a share that nobody knows.
var unknownShares = map[string]bool{"": true, "?": true, "unknown": true, "n/a": true, "-": true, "未知": true, "不详": true, "미상": true}

// percent reads a share: a number, a range or a bound. What is not stated is not known, and never none.
func percent(text string) (quant.Range, error) {
	text = strings.TrimSpace(strings.NewReplacer("%", "", "％", "", " ", "", "–", "-", "~", "-", "≥", ">=", "≤", "<=").Replace(text))
	if unknownShares[strings.ToLower(text)] {
		return quant.Range{}, nil
	}
	all := quant.Between(quant.Int(0), quant.Int(100))
	r := all
	var err error
	number := func(s string) quant.Decimal {
		d, e := quant.ParseDecimal(s)
		if _, exp := d.Parts(); e == nil && exp < -shareDigits {
			e = fmt.Errorf("%q has more than %d digits behind the point", s, shareDigits)
		}
		err = errors.Join(err, e)
		return d
	}
	low, high, between := strings.Cut(text, "-")
	switch {
	case strings.HasPrefix(text, ">"):
		r.Low = number(strings.TrimLeft(text, ">="))
		r.Over = !strings.HasPrefix(text, ">=")
	case strings.HasPrefix(text, "<"):
		r.High = number(strings.TrimLeft(text, "<="))
		r.Under = !strings.HasPrefix(text, "<=")
	case between && low != "":
		r.Low, r.High = number(low), number(high)
	default:
		r = quant.Exactly(number(text))
	}
	switch {
	case err != nil:
		return r, err
	case r.Empty() || !r.Within(all):
		return r, fmt.Errorf("%q is no share between 0 and 100 percent", text)
	}
	return r, nil
}
