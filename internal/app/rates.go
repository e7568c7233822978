package app

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"lodestone/internal/bom"
	"lodestone/internal/problem"
	"lodestone/internal/quant"
)

// ReadRates reads a rate table: CSV with the columns from, to and rate, "1 from is rate to", in ISO 4217 codes; other columns (day, source) are
// the user's. The error is a problem.List that names the file and the line.
func ReadRates(name string, r io.Reader) (*bom.Rates, error) {
	in := csv.NewReader(skipMark(r))
	in.FieldsPerRecord = -1
	heading, err := in.Read()
	if err != nil {
		return nil, rateTrouble(name, 1, "is no table of rates", "CSV with the columns from,to,rate")
	}
	at, missing := rateColumns(heading)
	if missing != "" {
		return nil, rateTrouble(name, 1, fmt.Sprintf("has no column %q", missing), "the columns from,to,rate")
	}
	rates := &bom.Rates{}
	for {
		row, err := in.Read()
		if err == io.EOF {
			return rates, nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return nil, rateTrouble(name, line, err.Error(), "")
		}
		if len(row) <= slices.Max(at[:]) {
			return nil, rateTrouble(name, line, "has too few columns", "from,to,rate")
		}
		if err := addRate(rates, strings.TrimSpace(row[at[0]]), strings.TrimSpace(row[at[1]]), strings.TrimSpace(row[at[2]])); err != nil {
			return nil, rateTrouble(name, line, err.Error(), "1 from is rate to, such as USD,CNY,7.12")
		}
	}
}

func rateColumns(heading []string) (at [3]int, missing string) {
	for i, column := range []string{"from", "to", "rate"} {
		at[i] = slices.IndexFunc(heading, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), column) })
		if at[i] < 0 {
			return at, column
		}
	}
	return at, ""
}

func addRate(rates *bom.Rates, from, to, text string) error {
	for _, c := range []string{from, to} {
		if len(c) != 3 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return fmt.Errorf("%q is no currency code of ISO 4217", c)
		}
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

// skipMark passes over the mark that some programs put before UTF-8 text.
func skipMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		b.Discard(3)
	}
	return b
}
