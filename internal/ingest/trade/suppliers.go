package trade

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/problem"
)

// SupplierRow is what a company buys from one supplier in a year. NaN fields were left empty.
type SupplierRow struct {
	Line     int
	Supplier string
	Item     string
	Mineral  string // as written
	HS       string // four to ten digits
	Control  string // control code, if known
	Origin   string // two letters: country of origin
	Made     string // where it was last processed; empty: as Origin
	Mass     float64
	Unit     string
	Value    float64
	Currency string
	Stock    float64 // on hand, in the unit of Mass
	Transit  float64 // confirmed in transit, not under the control
	Recover  float64 // days until the supplier delivers again after a cut, if the company knows
	Margin   float64 // lost for each unit not there, in Currency
	Spare    float64 // what the supplier could deliver beyond this, a year
	Lead     float64 // days until the first of it
	Ramp     float64 // days from the first to all of it
	Cost     float64 // of turning to it, once, in Currency
}

// supplierColumns are the headings with other spellings that are met.
var supplierColumns = map[string][]string{
	"supplier":       {"supplier name", "vendor", "供应商", "供应商名称", "供應商", "공급업체", "공급업체명", "공급사", "공급자", "협력사"},
	"item":           {"part", "part_no", "part no", "material", "description", "物料", "物料名称", "品名", "商品名称", "품목", "품목명", "품명", "자재", "자재명"},
	"mineral":        {"commodity", "矿产", "矿种", "광물", "광종"},
	"hs":             {"hs_code", "hs code", "hscode", "商品编码", "税号", "hs编码", "품목번호", "hs코드", "세번"},
	"control_code":   {"control code", "管制编码", "管制代码", "통제번호", "통제코드"},
	"origin":         {"country_of_origin", "country of origin", "origin country", "原产国", "原产地", "원산지", "원산국"},
	"processed_in":   {"made_in", "processed in", "加工国", "加工地", "生产国", "가공국", "가공지", "제조국"},
	"mass":           {"quantity", "annual_quantity", "annual quantity", "数量", "年采购量", "年用量", "采购量", "수량", "연간수량", "연간구매량", "구매량"},
	"unit":           {"uom", "单位", "计量单位", "단위"},
	"value":          {"spend", "annual_value", "amount", "金额", "采购金额", "年采购额", "금액", "구매금액", "연간금액"},
	"currency":       {"币种", "货币", "통화"},
	"stock":          {"inventory", "on_hand", "库存", "库存量", "재고", "재고량"},
	"in_transit":     {"transit", "在途", "在途量", "운송중", "운송 중"},
	"recover_days":   {"lead_time_days", "恢复天数", "복구일수"},
	"margin":         {"单位毛利", "단위마진"},
	"spare_capacity": {"可增产能", "여유능력", "추가공급능력"},
	"lead_days":      {"提前期", "리드타임"},
	"ramp_days":      {"爬坡期", "증산기간"},
	"switch_cost":    {"切换成本", "전환비용"},
}

// ReadSuppliers reads a company's supplier table, CSV with comma, semicolon or tab. It needs supplier, origin and mass; hs, mineral or a control
// code say what is bought. Numbers are plain. place finds a country by code or name.
func ReadSuppliers(name string, r io.Reader, place func(string) (string, bool)) ([]SupplierRow, Reading, error) {
	reading := Reading{Source: name, Layout: "supplier table"}
	in := bufio.NewReaderSize(r, 64<<10)
	s, err := openSheetBy(name, in, delimiterOf(in))
	if err != nil {
		return nil, reading, err
	}
	if err := s.rename(supplierColumns); err != nil {
		return nil, reading, err
	}
	for _, c := range []string{"supplier", "origin", "mass"} {
		if !s.has(c) {
			meant := problem.Nearest(c, s.head)
			if meant == "" {
				meant = "supplier, origin, mass; and hs, mineral or control_code, value, stock, unit"
			}
			return nil, reading, unreadable(name, 1, fmt.Sprintf("has no column %q", c), meant)
		}
	}
	var all []SupplierRow
	err = s.each(&reading, func() (string, *problem.Problem) {
		x, p := supplierRow(s, place)
		if p == nil {
			all = append(all, x)
		}
		return "", p
	})
	return all, reading, err
}

// delimiterOf looks at the heading line; of comma, semicolon and tab, that which stands most often parts the cells.
func delimiterOf(in *bufio.Reader) rune {
	head, _ := in.Peek(16 << 10) // what is there, be it less
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	best, most := ',', bytes.Count(head, []byte{','})
	for _, d := range []rune{';', '\t'} {
		if n := bytes.Count(head, []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}

// rename gives known columns their own names, without regard to case. Two headings of one column are an error: which was meant is not told.
func (s *sheet) rename(columns map[string][]string) error {
	names := map[string]string{}
	for known, others := range columns {
		names[known] = known
		for _, o := range others {
			names[o] = known
		}
	}
	at := map[string]int{}
	for i, h := range s.head {
		h = strings.ToLower(strings.TrimSpace(h))
		name, known := names[h]
		if !known {
			continue // a column of the company's own
		}
		if first, twice := at[name]; twice {
			return unreadable(s.name, 1, fmt.Sprintf("%q and %q both mean %s", clip(s.head[first]), clip(s.head[i]), name), "rename or remove one")
		}
		at[name] = i
	}
	s.at = at
	return nil
}

func supplierRow(s *sheet, place func(string) (string, bool)) (x SupplierRow, p *problem.Problem) {
	x = SupplierRow{Line: s.line, Supplier: s.cell("supplier"), Item: s.cell("item"), Mineral: s.cell("mineral"),
		HS: strings.NewReplacer(".", "", " ", "", "-", "").Replace(s.cell("hs")), Control: s.cell("control_code"), Unit: s.cell("unit"), Currency: strings.ToUpper(s.cell("currency"))}
	if x.Supplier == "" {
		return x, s.problem("supplier", "is empty", "the name of who delivers")
	}
	if x.HS != "" && (strings.Trim(x.HS, "0123456789") != "" || len(x.HS) < 4 || len(x.HS) > 10) {
		return x, s.problem("hs", fmt.Sprintf("%q is no customs code", clip(s.cell("hs"))), "4 to 10 digits")
	}
	var ok bool
	if x.Origin, ok = place(s.cell("origin")); !ok {
		return x, s.problem("origin", fmt.Sprintf("%q is no country", clip(s.cell("origin"))), "two letters of ISO 3166, or a name")
	}
	x.Made = x.Origin
	if made := s.cell("processed_in"); made != "" {
		if x.Made, ok = place(made); !ok {
			return x, s.problem("processed_in", fmt.Sprintf("%q is no country", clip(made)), "two letters of ISO 3166, or a name")
		}
	}
	for _, c := range []struct {
		column string
		to     *float64
	}{{"mass", &x.Mass}, {"value", &x.Value}, {"stock", &x.Stock}, {"in_transit", &x.Transit}, {"recover_days", &x.Recover}, {"margin", &x.Margin}, {"spare_capacity", &x.Spare}, {"lead_days", &x.Lead},
		{"ramp_days", &x.Ramp}, {"switch_cost", &x.Cost}} {
		if *c.to, p = s.number(c.column); p != nil {
			return x, p
		}
		if *c.to < 0 || *c.to > maxAmount {
			return x, s.problem(c.column, fmt.Sprintf("%v is below zero or beyond %v", *c.to, maxAmount), "")
		}
	}
	if math.IsNaN(x.Mass) || x.Mass == 0 {
		return x, s.problem("mass", "is empty or zero", "what is bought in a year")
	}
	return x, nil
}

// maxAmount bounds the numbers of a supplier table: sums over it stay finite and exact enough.
const maxAmount = 1e15

// Limits of workbooks.
const (
	maxWorkbook  = 64 << 20  // bytes as sent
	maxUnpacked  = 256 << 20 // bytes of all parts
	maxSheetXML  = 128 << 20 // bytes of one sheet kept in memory
	workbookMark = "PK\x03\x04"
)

// IsWorkbook says that a file begins as an Excel workbook does.
func IsWorkbook(head []byte) bool { return bytes.HasPrefix(head, []byte(workbookMark)) }

// Workbook gives the first sheet of an Excel workbook as CSV. Cells are taken as they are stored, not as they are shown.
func Workbook(name string, r io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return nil, fail(name, err)
	}
	if len(raw) > maxWorkbook {
		return nil, unreadable(name, 0, fmt.Sprintf("is longer than %d MB", maxWorkbook>>20), "save the sheet as CSV UTF-8")
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxSheetXML})
	if err != nil {
		return nil, unreadable(name, 0, "cannot be read as a workbook: "+err.Error(), "save the sheet as CSV UTF-8")
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, unreadable(name, 0, "has no sheet", "")
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return nil, fail(name, err)
	}
	defer rows.Close()
	var out bytes.Buffer
	w, wide := csv.NewWriter(&out), 0
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fail(name, err)
		}
		if len(cells) > maxColumns || out.Len() > maxUnpacked {
			return nil, unreadable(name, 0, "has a row of too many columns, or too many rows", "save the part that is meant as CSV UTF-8")
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if wide == 0 {
			wide = len(cells)
		}
		for len(cells) < wide { // empty cells at the end of a row are not stored
			cells = append(cells, "")
		}
		if err := w.Write(cells); err != nil {
			return nil, fail(name, err)
		}
	}
	w.Flush()
	return &out, rows.Error()
}
