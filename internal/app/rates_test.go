package app

import (
	"strings"
	"testing"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
	"lodestone/lawdata"
)

func rateVocab(t testing.TB) *vocab.Vocab {
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Compile(files.Vocab)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestReadRates(t *testing.T) {
	v := rateVocab(t)
	for _, c := range []struct{ name, text, wrong string }{
		{"comma", "from,to,rate,day\nUSD,CNY,7.12,2026-03-01\nUSD,JPY,150\n", "has 3 cells"},
		{"plain", "from,to,rate\nUSD,CNY,7.12\nUSD,JPY,150\n", ""},
		{"semicolon and decimal comma", "\ufefffrom;to;rate;source\nEUR;CNY;7,8;bank\n", ""},
		{"at odds", "from,to,rate\nUSD,CNY,7.12\nCNY,USD,0.2\n", "rates.csv:3: 1 CNY is 0.2 USD here"},
		{"zero", "from,to,rate\nUSD,CNY,0\n", "rates.csv:2: a rate of 0 is none"},
		{"no code", "from,to,rate\nDollar,CNY,7\n", `"Dollar" is no currency code`},
		{"no number", "from,to,rate\nUSD,CNY,seven\n", `"seven" is not a number`},
		{"no column", "from,to\nUSD,CNY\n", `has no column "rate"`},
		{"too many", "from,to,rate\n" + strings.Repeat("USD,CNY,7.12\n", maxRates+1), "more than 1000 rates"},
	} {
		rates, err := ReadRates("rates.csv", strings.NewReader(c.text), v)
		switch {
		case c.wrong == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s: %v, want %s", c.name, err, c.wrong)
		case c.wrong == "" && rates.Add("USD", "CNY", quant.MustDecimal("9")) == nil && c.name == "plain":
			t.Errorf("%s: the rate of the dollar was not read", c.name)
		}
	}
}

func FuzzReadRates(f *testing.F) {
	f.Add("from,to,rate\nUSD,CNY,7.12\n")
	f.Add("from;to;rate\nEUR;CNY;7,8\nCNY;JPY;1e9\n")
	v := rateVocab(f)
	f.Fuzz(func(t *testing.T, text string) {
		if rates, err := ReadRates("rates.csv", strings.NewReader(text), v); err == nil && rates == nil {
			t.Error("neither rates nor an error")
		}
	})
}
