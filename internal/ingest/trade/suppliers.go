package trade

import (
	"fmt"
	"io"
	"math"
	"strings"

	"lodestone/internal/problem"
)

// SupplierRow is what a company buys from one supplier in a year. NaN fields were left empty.
type SupplierRow struct {
	Line     int
	Supplier string
	Item     string
	Mineral  string
	HS       string // six to ten digits
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
}

// supplierColumns are the headings with other spellings that are met.
var supplierColumns = map[string][]string{
	"supplier": {"vendor", "供应商", "공급업체", "공급사"}, "item": {"part", "material", "description", "物料", "품목", "자재"},
	"mineral": {"commodity", "矿产", "광물"}, "hs": {"hs_code", "hs code", "商品编码", "품목번호"}, "control_code": {"管制编码"},
	"origin": {"country_of_origin", "country of origin", "原产国", "원산지"}, "processed_in": {"made_in", "加工国", "가공국"},
	"mass": {"quantity", "annual_quantity", "数量", "수량"}, "unit": {"单位", "단위"}, "value": {"spend", "annual_value", "金额", "금액"},
	"currency": {"币种", "통화"}, "stock": {"inventory", "库存", "재고"}, "in_transit": {"transit", "在途"}, "recover_days": {"lead_time_days"}, "margin": nil,
}

// ReadSuppliers reads a company's supplier table. It needs supplier, origin and mass; hs or mineral say what is bought. Numbers are plain.
func ReadSuppliers(name string, r io.Reader, codes *Codes) ([]SupplierRow, Reading, error) {
	reading := Reading{Source: name, Layout: "supplier table"}
	s, err := openSheet(name, r)
	if err != nil {
		return nil, reading, err
	}
	s.rename(supplierColumns)
	for _, c := range []string{"supplier", "origin", "mass"} {
		if !s.has(c) {
			return nil, reading, unreadable(name, 1, fmt.Sprintf("has no column %q", c), "supplier, origin, mass; and hs or mineral, value, stock, unit")
		}
	}
	var all []SupplierRow
	err = s.each(&reading, func() (string, *problem.Problem) {
		x, p := supplierRow(s, codes)
		if p == nil {
			all = append(all, x)
		}
		return "", p
	})
	return all, reading, err
}

// rename gives known columns their own names, without regard to case.
func (s *sheet) rename(columns map[string][]string) {
	at := map[string]int{}
	for h, i := range s.at {
		h = strings.ToLower(h)
		name := h
		for known, others := range columns {
			for _, o := range others {
				if o == h {
					name = known
				}
			}
		}
		if old, twice := at[name]; !twice || i < old {
			at[name] = i
		}
	}
	s.at = at
}

func supplierRow(s *sheet, codes *Codes) (x SupplierRow, p *problem.Problem) {
	x = SupplierRow{Line: s.line, Supplier: s.cell("supplier"), Item: s.cell("item"), Mineral: strings.ToLower(s.cell("mineral")),
		HS: strings.NewReplacer(".", "", " ", "").Replace(s.cell("hs")), Control: s.cell("control_code"), Unit: s.cell("unit"), Currency: s.cell("currency")}
	if x.Supplier == "" {
		return x, s.problem("supplier", "is empty", "the name of who delivers")
	}
	if x.HS != "" {
		if _, ok := digits([]byte(x.HS[:min(9, len(x.HS))])); !ok || len(x.HS) < 4 || len(x.HS) > 10 {
			return x, s.problem("hs", fmt.Sprintf("%q is no customs code", clip(x.HS)), "4 to 10 digits")
		}
	}
	var ok bool
	if x.Origin, ok = codes.ByName(s.cell("origin")); !ok {
		return x, s.problem("origin", fmt.Sprintf("%q is no country", clip(s.cell("origin"))), "two letters of ISO 3166")
	}
	x.Made = x.Origin
	if made := s.cell("processed_in"); made != "" {
		if x.Made, ok = codes.ByName(made); !ok {
			return x, s.problem("processed_in", fmt.Sprintf("%q is no country", clip(made)), "two letters of ISO 3166")
		}
	}
	for _, c := range []struct {
		column string
		to     *float64
	}{{"mass", &x.Mass}, {"value", &x.Value}, {"stock", &x.Stock}, {"in_transit", &x.Transit}, {"recover_days", &x.Recover}, {"margin", &x.Margin}} {
		if *c.to, p = s.number(c.column); p != nil {
			return x, p
		}
		if *c.to < 0 {
			return x, s.problem(c.column, "is below zero", "")
		}
	}
	if math.IsNaN(x.Mass) || x.Mass == 0 {
		return x, s.problem("mass", "is empty or zero", "what is bought in a year")
	}
	return x, nil
}
