package declared

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/problem"
	"lodestone/internal/vocab"
	"lodestone/lawdata"
)

func lawVocab(t testing.TB) *vocab.Vocab {
	t.Helper()
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

// dump prints a declaration: a line a part and a material with its composition, then the problems.
func dump(v *vocab.Vocab, d *Declaration) string {
	lines := []string{"from " + d.Supplier}
	for i := range d.Parts {
		p := &d.Parts[i]
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s (%s) in %q ×%s: %s", p.ID(), p.Name, p.Parent, p.Count, p.Compose(v))))
		for j := range p.Materials {
			m := &p.Materials[j]
			lines = append(lines, strings.TrimRight(fmt.Sprintf("  %s: %s", m.Name, m.Compose(v)), " "))
		}
	}
	for _, p := range d.Problems {
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

func TestDeclarations(t *testing.T) {
	v := lawVocab(t)
	for file, want := range map[string]string{
		// Two of a hundred of the magnet are of no known number: they may be any element, so every share may be two of a hundred more.
		"ipc1752a": `from Magnet Supplier Ltd
MG-10 (rotor magnet) in "" ×: B 0.95-2.85%; Fe 61.75-63.65%; Ni 5-6.9%; Nd 27.55-29.45%; Dy 2.85-4.75%; Pb <=1.9%
  sintered NdFeB (magnet): B 1-3%; Fe 65-67%; Nd 29-31%; Dy 3-5%
  nickel plating: Ni 100%; Pb <=0.5%
t:28: nickel plating: Lead: the substance line is refused: "minus two" is not a number (its content counts as not known)`,
		// A full list of substances is closed, unless a number hides elements; the share of an element in an oxide is not computed from atomic weights.
		"ipc1752b": `from ` + `
TG-1 (oxide target) in "" ×: O >0 <=4%; Dy >0 <=4%; W 96%; rest none
  target: O >0 <=4%; Dy >0 <=4%; W 96%; rest none
SH-2 (shaft) in "" ×: Fe >0 <=99%; Ga 1-100%
  steel: Fe >0 <=99%; Ga 1-100%
SN-3 (sensor) in "" ×: Sb present; Pb <=100%
CH-4 (chip) in "SN-3" ×2: Ga present; As present
  die: Ga present; As present`,
		"iec62474": `from Sensor KK
MT-7 (motor) in "" ×: Tb present; Pb <=100%
magnet (magnet) in "MT-7" ×4: B >0 <=95%; Fe >0 <=95%; Pr 5-100%; Nd >0 <=95%
  sintered magnet: B >0 <=95%; Fe >0 <=95%; Pr 5-100%; Nd >0 <=95%
t:13: sintered magnet: the substance line is refused: it names no substance (its content counts as not known)`,
	} {
		data, err := os.ReadFile("testdata/" + file + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read("t", bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := dump(v, d); got != want {
			t.Errorf("%s:\n got %s\nwant %s", file, got, want)
		}
	}
}

func TestZip(t *testing.T) {
	xml, err := os.ReadFile("testdata/iec62474.xml")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range []struct{ name, text string }{{"readme.txt", "x"}, {"other.xml", "<a/>"}, {"data.xml", string(xml)}} {
		p, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	d, ok, err := ReadZip("t.shai", z)
	if !ok || err != nil || d.Parts[0].ID() != "MT-7" || d.Problems[0].File != "t.shai!data.xml" {
		t.Errorf("%v %v %+v", ok, err, d)
	}
}

func TestAmounts(t *testing.T) {
	for _, c := range []struct{ value, unit, want string }{
		{"2.5", "massPercent", "2.5 2.5"}, {"300", "ppm", "0.03 0.03"}, {"1-2", "%", "1 2"}, {"<0.1", "massPercent", "0 0.1"}, {">=3", "%", "3 -"},
		{"1e-2", "massPercent", "0.01 0.01"}, {"5", "mg", "0.5 0.5"}, {"0", "g", "0 0"}, {"0.5", "kg", "it is more than the whole material"},
		{"-3", "g", `"-3" is below zero`}, {"3,5", "g", `"3,5" is not a number`}, {"", "g", `"" is not a number`}, {"2-1", "g", `the range "2-1" ends before it begins`},
		{"1", "pcs", `"pcs" is no unit of mass, ppm or massPercent`}, {"1e9999", "g", `"1e9999" is out of range`}, {"1/3", "g", `"1/3" is not a number`},
	} {
		a, err := parseAmount(c.value, c.unit)
		var low, high *big.Rat
		if err == nil {
			low, high, err = a.of(big.NewRat(1, 1))
		}
		got := ""
		switch {
		case err != nil:
			got = err.Error()
		case high == nil:
			got = decimal(low, false) + " -"
		default:
			got = decimal(low, false) + " " + decimal(high, true)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.value, c.unit, got, c.want)
		}
	}
}

func percent(low, high string) (l, h *big.Rat) {
	l, _ = new(big.Rat).SetString(low)
	if high != "" {
		h, _ = new(big.Rat).SetString(high)
	}
	return l, h
}

func TestCompose(t *testing.T) {
	v := lawVocab(t)
	type line struct{ cas, low, high string }
	for _, c := range []struct {
		name  string
		full  bool
		lines []line
		want  string
	}{
		{"a full list", true, []line{{"7440-00-8", "30", "30"}, {"7439-89-6", "70", "70"}}, "Fe 70%; Nd 30%; rest none"},
		{"rounded to less", true, []line{{"7440-00-8", "30", "30"}, {"7439-89-6", "69.7", "69.7"}}, "Fe 69.7%; Nd 30%; rest none"},
		{"rounded to more", true, []line{{"7440-00-8", "30.3", "30.3"}, {"7439-89-6", "70", "70"}}, "Fe 69.79062811-69.79062812%; Nd 30.20937188-30.20937189%; rest none"},
		{"called full, with mass missing", true, []line{{"7440-00-8", "30", "30"}, {"7439-89-6", "60", "60"}}, "Fe 60-70%; Nd 30-40%"},
		{"not a full list", false, []line{{"7440-00-8", "30", "30"}, {"7439-89-6", "70", "70"}}, "Fe 70%; Nd 30%"},
		{"ranges", false, []line{{"7440-00-8", "28", "31"}, {"7439-89-6", "60", "70"}}, "Fe 60-72%; Nd 28-40%"},
		{"more than the whole", false, []line{{"7440-00-8", "60", "60"}, {"7439-89-6", "70", "70"}}, "Fe present; Nd present"},
		{"a number that hides elements", true, []line{{"12597-69-2", "97", "97"}, {"7429-91-6", "3", "3"}}, "Fe >0 <=97%; Dy 3-100%"},
		{"declared to be none", true, []line{{"7440-27-9", "0", "0"}, {"7439-89-6", "100", "100"}}, "Fe 100%; Tb none; rest none"},
		{"declared to be none, with mass missing", false, []line{{"7440-27-9", "0", "0"}, {"7439-89-6", "90", "90"}}, "Fe 90-100%; Tb <=10%"},
		{"not disclosed", true, []line{{"", "5", "5"}, {"7439-89-6", "95", "95"}}, "Fe 95-100%"},
	} {
		m := Material{Full: c.full}
		for _, l := range c.lines {
			s := Substance{CAS: l.cas}
			s.Low, s.High = percent(l.low, l.high)
			m.Substances = append(m.Substances, s)
		}
		if got := m.Compose(v); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Whatever is hidden, the true share of every element lies between the bounds: materials are made up first, and then some is left out or hidden.
func TestBoundsHoldTheTruth(t *testing.T) {
	v := lawVocab(t)
	pure := map[string]string{"Nd": "7440-00-8", "Dy": "7429-91-6", "Fe": "7439-89-6", "Ni": "7440-02-0"}
	rapid.Check(t, func(t *rapid.T) {
		truth := map[string]int64{}
		m := Material{}
		left := int64(10_000) // hundredths of a percent
		for left > 0 {
			symbol := rapid.SampledFrom([]string{"Nd", "Dy", "Fe", "Ni"}).Draw(t, "element")
			n := min(left, rapid.Int64Range(1, 4000).Draw(t, "share"))
			left -= n
			truth[symbol] += n
			s := Substance{CAS: pure[symbol], Low: big.NewRat(n, 100), High: big.NewRat(n, 100)}
			switch rapid.IntRange(0, 4).Draw(t, "told") {
			case 1:
				s.CAS = "" // not disclosed
			case 2:
				continue // left out
			case 3:
				s.Low, s.High = big.NewRat(n/2, 100), big.NewRat(2*n, 100)
			case 4:
				s.Low, s.High = nil, nil
			}
			m.Substances = append(m.Substances, s)
		}
		for entry := range strings.SplitSeq(m.Compose(v), "; ") {
			symbol, amount, _ := strings.Cut(entry, " ")
			low, high := bounds(t, amount)
			is := big.NewRat(truth[symbol], 100)
			if is.Cmp(low) < 0 || is.Cmp(high) > 0 {
				t.Fatalf("%s: %s is %s %%", m.Compose(v), symbol, is.FloatString(2))
			}
		}
	})
}

func bounds(t *rapid.T, s string) (low, high *big.Rat) {
	low, high = new(big.Rat), hundred
	s = strings.TrimSuffix(strings.TrimPrefix(s, ">0 "), "%")
	switch {
	case s == "present" || s == "":
		return low, high
	case s == "none":
		return low, low
	case strings.HasPrefix(s, "<="):
		_, high = percent("0", s[2:])
		return low, high
	}
	l, h, isRange := strings.Cut(s, "-")
	if !isRange {
		h = l
	}
	low, high = percent(l, h)
	if low == nil || high == nil {
		t.Fatalf("%q", s)
	}
	return low, high
}

func TestTable(t *testing.T) {
	table := NewTable("t")
	columns := []string{"part", "material", "material_mass", "substance", "cas", "percent", "ppm"}
	for i, row := range [][]string{
		{"P-1", "magnet", "9 g", "Neodymium", "7440-00-8", "29", ""},
		{"", "", "", "Dysprosium", "7429-91-6", "", "30000"},
		{"", "", "", "Iron", "7439-89-6", "a lot", ""},
		{"", "plating", "1", "Nickel", "7440-02-0", "100", ""},
		{"P-2", "", "", "Steel", "12597-69-2", "", ""},
	} {
		table.Row(i+2, func(column string) string {
			for j, c := range columns {
				if c == column {
					return row[j]
				}
			}
			return ""
		})
	}
	want := `from 
P-1 () in "" ×: Fe <=61.2%; Ni 10-71.2%; Nd 26.1-87.3%; Dy 2.7-63.9%
  magnet: Fe <=68%; Nd 29-97%; Dy 3-71%
  plating: Ni 100%
P-2 () in "" ×: Fe present
  : Fe present
t:4: magnet: Iron: the substance line is refused: "a lot" is not a number (its content counts as not known)`
	if got := dump(lawVocab(t), table.Declaration()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestIndex(t *testing.T) {
	v := lawVocab(t)
	part := func(number, cas string) Part {
		return Part{Number: number, Materials: []Material{{Substances: []Substance{{CAS: cas}}}}}
	}
	x, problems := NewIndex(v, []*Declaration{{Parts: []Part{part("A-1", "7440-00-8"), part("b 2", "7439-89-6")}}, {Parts: []Part{part("a-1", "7439-89-6")}}})
	if len(problems) != 1 || !strings.Contains(problems.Error(), "declared twice, and differently") {
		t.Error(problems)
	}
	if got, ok := x.Composition("a-1"); !ok || got != "Nd present" {
		t.Error(got, ok)
	}
	if _, ok := x.Composition("C"); ok || fmt.Sprint(x.Unused()) != "[b 2]" || x.Parts() != 2 {
		t.Error(x.Unused())
	}
}

func TestUnreadable(t *testing.T) {
	for text, want := range map[string]string{
		"<a/>":                   "begins with <a>; a material declaration begins with",
		"":                       "is empty",
		"<Main/>":                "the declaration names no product",
		"<Main><Product>":        "unexpected EOF",
		"<!DOCTYPE x []><Main/>": "document type or entities",
	} {
		_, err := Read("t", strings.NewReader(text))
		if list, ok := err.(problem.List); !ok || !strings.Contains(list.Error(), want) || list[0].File != "t" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"ipc1752a", "ipc1752b", "iec62474"} {
		data, err := os.ReadFile("testdata/" + name + ".xml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	v := lawVocab(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read("t", bytes.NewReader(data))
		if err != nil {
			return
		}
		for i := range d.Parts {
			p := &d.Parts[i]
			if p.ID() == "" {
				t.Fatal("a part without an id")
			}
			p.Compose(v)
			for j := range p.Materials {
				p.Materials[j].Compose(v)
			}
		}
	})
}
