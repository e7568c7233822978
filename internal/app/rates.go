package app

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lodestone/internal/bom"
	"lodestone/internal/ingest/tables"
	"lodestone/internal/problem"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// maxRates bounds a rate table: each rate is compared with those before it.
const maxRates = 1000

// ReadRates reads a rate table with the columns from, to and rate: "1 from is rate to", in ISO 4217 codes. Other columns (day, source) are the
// user's. The error is a problem.List that names the file and the line.
func ReadRates(name string, r io.Reader, v *vocab.Vocab) (*bom.Rates, error) {
	t, err := tables.Open(name, r, v, tables.Options{})
	if err != nil {
		return nil, err
	}
	at, missing := rateColumns(t.Columns)
	if missing != "" {
		return nil, rateTrouble(name, 1, fmt.Sprintf("has no column %q", missing), "a table with the columns from,to,rate")
	}
	rates := &bom.Rates{}
	var b tables.Batch
	for read := 0; ; {
		if err := t.Next(&b); err == io.EOF {
			return rates, nil
		} else if err != nil {
			return nil, err
		}
		for i := range b.Rows {
			row := &b.Rows[i]
			if read++; read > maxRates {
				return nil, rateTrouble(name, row.Line, fmt.Sprintf("more than %d rates", maxRates), "")
			}
			if row.Problem != nil {
				return nil, problem.List{*row.Problem}
			}
			if err := addRate(rates, t, row.Cells, at); err != nil {
				return nil, rateTrouble(name, row.Line, err.Error(), "1 from is rate to, such as USD,CNY,7.12")
			}
		}
	}
}

func rateColumns(columns []tables.Column) (at [3]int, missing string) {
	for i, column := range []string{"from", "to", "rate"} {
		at[i] = slices.IndexFunc(columns, func(c tables.Column) bool { return strings.EqualFold(strings.TrimSpace(c.Heading), column) })
		if at[i] < 0 {
			return at, column
		}
	}
	return at, ""
}

func addRate(rates *bom.Rates, t *tables.Table, cells []string, at [3]int) error {
	from, to, text := strings.TrimSpace(cells[at[0]]), strings.TrimSpace(cells[at[1]]), strings.TrimSpace(cells[at[2]])
	for _, c := range []string{from, to} {
		if len(c) != 3 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return fmt.Errorf("%q is no currency code of ISO 4217", c)
		}
	}
	if t.DecimalComma() {
		text = strings.Replace(text, ",", ".", 1)
	}
	rate, err := quant.ParseDecimal(text)
	if err != nil {
		return err
	}
	return rates.Add(from, to, rate)
}

func rateTrouble(name string, line int, text, meant string) error {
	return problem.List{{Place: problem.Place{File: name, Line: line}, Text: text, Meant: meant}}
}
