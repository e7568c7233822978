package fact

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// described reads a description with the small vocabulary.
func described(t testing.TB, text string) Item {
	t.Helper()
	it, problems := NewReader(testVocab(t), Defaults{}).ReadFacts(map[string]string{"description": text})
	if problems.Refusals() > 0 {
		t.Fatalf("%q: %v", text, problems)
	}
	return it
}

func TestContentsInText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"钕14.003328%,铽4.713977%,镝0.24%", "Nd 14.003328%; Tb 4.713977%; Dy 0.24%"},
		{"Nd 30% Dy 3%", "Nd 30%; Dy 3%"},
		{"Nd30%,Dy3%", "Nd 30%; Dy 3%"},
		{"30% Nd, 3% Dy", "Nd 30%; Dy 3%"},
		{"성분: 네오디뮴 30%, 디스프로슘 3%", "Nd 30%; Dy 3%"},
		{"成分：钕（Ｎｄ）３０％、镝（Ｄｙ）０．５％", "Nd 30%; Dy 0.5%"},
		{"鏑含量0.18%、0.24%", "Dy 0.18-0.24%"}, // several things in one line
		{"其中镝的含量约为0.36%", "Dy 0.36%"},
		{"镝0.1-0.3%, 铽≤0.01%", "Dy 0.1-0.3%; Tb <=0.01%"},
		{"Dy at least 0.5 %, Tb up to 0.1 wt%", "Dy >=0.5%; Tb <=0.1%"},
		{"镝0.5%以上", "Dy >=0.5%"},
		{"Dy 3 at%", "Dy present"}, // of atoms: no mass fraction
		{"Dy 300 ppm", "Dy 0.03%"},
		{"含镝3%的磁铁", "Dy 3%"},
		{"含镝的磁铁", "Dy present"},
		{"不含镝、铽的磁铁", "Dy none; Tb none"},
		{"无镝,含铽0.1%", "Dy none; Tb 0.1%"},
		{"镝:无,铽:0.1%", "Dy none; Tb 0.1%"},
		{"free of Dy and Tb", "Dy none; Tb none"},
		{"Dy/Tb-free", "Dy none; Tb none"},
		{"디스프로슘 없음", "Dy none"},
		{"镝未检出", ""},
		{"Nd 30%, balance Fe", "Nd 30%; balance Fe"},
		{"镝0.24%,余量为铁", "Dy 0.24%; balance Fe"},
		{"用途:制造镝靶用|成分:钕30%|品牌:无品牌", "Nd 30%"}, // what it is for says nothing of it
		{"permanent magnet for dysprosium furnaces", ""},
		{"LaB6 cathode", "B present; La present"},
		{"iron box, W 5, No. 5", ""}, // weak names and symbols
		{"contains iron", "Fe present"},
		{"镝60%,钕60%", "Dy present; Nd present"}, // more than the whole
		{"LiPo USB3 M6x20 A2-70", ""},
	} {
		it := described(t, c.text)
		if got := string(AppendComposition(nil, &it)); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
		for _, x := range it.Contents {
			if !strings.Contains(c.text, x.Words) || x.Words == "" || x.Source != Description && x.Source != Spec {
				t.Errorf("%q: %s is said to come from %q (%s)", c.text, x.Element, x.Words, x.Source)
			}
		}
	}
}

func TestParamsInText(t *testing.T) {
	for _, c := range []struct{ text, param, want, words string }{
		{"graphite 99.95 % purity, isostatic", "purity", "99.95", "99.95 % purity"},
		{"纯度≥99.99%", "purity", ">=99.99", "纯度≥99.99%"},
		{"纯度99.9%以上,密度1.8g/cm3", "purity", ">=99.9", "纯度99.9%以上"},
		{"纯度99.9%以上,密度1.8g/cm3", "density", "1.8", "密度1.8g/cm3"},
		{"density 1750 kg/m3", "density", "1.75", "density 1750 kg/m3"},
		{"密度1.85", "density", "", ""}, // without a unit
		{"flexural strength 35±5 MPa", "flexural_strength", "30-40", "flexural strength 35±5 MPa"},
		{"40 MPa flexural strength", "flexural_strength", "40", "40 MPa flexural strength"},
		{"gallium arsenide 6N", "purity", ">=99.9999", "6N"},
		{"gallium arsenide, 99.99 %", "purity", "99.99", "gallium arsenide, 99.99 %"},
		{"99.99%砷化镓", "purity", "99.99", "99.99%砷化镓"},
		{"gallium arsenide 5 %", "purity", "", ""}, // a part of something
		{"lithium-ion battery pack 280Ah 350Wh/kg", "specific_energy", "350", "350Wh/kg"},
		{"锂离子电池 ≥310Wh/kg", "specific_energy", ">=310", "≥310Wh/kg"},
		{"300-320 Wh/kg", "specific_energy", "300-320", "300-320 Wh/kg"},
		{"graphite block 1.85 g/cm3", "density", "", ""}, // of the block, tapped, pressed: the unit does not say
	} {
		it := described(t, c.text)
		id, _ := testVocab(t).Param(c.param)
		got, words := "", ""
		if p := it.param(id); p != nil {
			got, words = p.Value.String(), p.Words
		}
		if got != c.want || words != c.words {
			t.Errorf("%q: %s is %q from %q, want %q from %q", c.text, c.param, got, words, c.want, c.words)
		}
	}
	it := described(t, "block 120x130×5 cm")
	sizes, _ := testVocab(t).Param("dimensions")
	if p := it.param(sizes); p == nil || len(p.Sizes) != 3 || p.Sizes[2].String() != "50" {
		t.Errorf("sizes: %+v", p)
	}
}

func TestFormsInText(t *testing.T) {
	v := testVocab(t)
	for _, c := range []struct{ text, want string }{
		{"钕、铽等金属粉末", "metal powder"},
		{"dysprosium metal", "metal"},
		{"metal box with a dysprosium lamp", ""},
		{"镝 粉末", "metal powder"},
		{"钛酸镝粉末", "powder"},
		{"powder", "powder"},
		{"TbF3 powder", "powder compound"},
		{"Dy(NO3)3·6H2O", "compound"},
		{"Y3Al5O12", ""}, // a powder, a ceramic, a crystal: the formula does not say
		{"CHCl3", ""},
	} {
		it := described(t, c.text)
		if got := strings.Join(v.FormWords(it.Worded), " "); got != c.want {
			t.Errorf("%q says %q, want %q", c.text, got, c.want)
		}
	}
}

func TestColumnsWinOverText(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	for _, c := range []struct {
		columns    map[string]string
		want, warn string
	}{
		{map[string]string{"description": "钕铁硼 镝3%", "composition": "Dy none"}, "Dy none", `says "镝3%", composition "Dy none"`},
		{map[string]string{"description": "镝3%", "composition": "Dy 2.5-3.5%"}, "Dy 2.5-3.5%", ""},
		{map[string]string{"description": "镝3%", "composition": "Nd 30%; rest none"}, "Nd 30%; rest none", "leaves Dy out"},
		{map[string]string{"description": "不含镝", "composition": "Dy 3%"}, "Dy 3%", `says "不含镝"`},
		{map[string]string{"description": "钕铁硼", "composition": "Nd none"}, "Nd none", `names "钕铁硼", which contains Nd`},
		{map[string]string{"description": "纯度99.9%", "params": "purity=95 %"}, "", `says "纯度99.9%"`},
	} {
		it, problems := r.ReadFacts(c.columns)
		if got := string(AppendComposition(nil, &it)); got != c.want {
			t.Errorf("%v: %s, want %s", c.columns, got, c.want)
		}
		var texts []string
		for _, p := range problems {
			if !p.Warning {
				t.Errorf("%v is refused: %v", c.columns, p)
			}
			texts = append(texts, p.Text)
		}
		if all := strings.Join(texts, "\n"); !strings.Contains(all, c.warn) || c.warn == "" && all != "" {
			t.Errorf("%v: warned %q, want %q", c.columns, all, c.warn)
		}
	}
}

func TestNegatedKinds(t *testing.T) {
	for text, want := range map[string]int{"非钕铁硼材料": 0, "不含砷化镓": 0, "NdFeB-free": 0, "钕铁硼": 1, "无镝的钕铁硼": 1, "用途:钕铁硼用": 0} {
		if it := described(t, text); len(it.Mentions) != want {
			t.Errorf("%q names %d kinds, want %d", text, len(it.Mentions), want)
		}
	}
}

// drawSpecification writes contents as people declare them.
func drawSpecification(t *rapid.T) string {
	element := rapid.SampledFrom([]string{"钕", "镝", "鋱", "Nd", "Dy", "Tb", "Fe", "dysprosium", "디스프로슘", "钕(Nd)", "W"})
	amount := rapid.SampledFrom([]string{"0.24%", "3 %", "30%", "0.1-0.3%", "≤0.01%", "<5%", "300ppm", "1.5%以上", "２０％", "at least 2%", "0%", "不低于3%", "0.18%、0.24%"})
	entry := rapid.Custom(func(t *rapid.T) string {
		e := element.Draw(t, "element")
		switch rapid.IntRange(0, 6).Draw(t, "how") {
		case 0:
			return "含" + e
		case 1:
			return "不含" + e
		case 2:
			return amount.Draw(t, "amount") + " " + e
		case 3:
			return "余量" + e
		case 4:
			return e + "含量:" + amount.Draw(t, "amount")
		case 5:
			return e + "-free"
		}
		return e + amount.Draw(t, "amount")
	})
	parts := rapid.SliceOfN(entry, 1, 6).Draw(t, "parts")
	return rapid.SampledFrom([]string{"", "成分:", "磁铁 ", "钕铁硼|"}).Draw(t, "head") + strings.Join(parts, rapid.SampledFrom([]string{",", "、", ";", " ", "，", "|"}).Draw(t, "between"))
}

// roundTrips says that what was read from a text, printed as a composition, reads the same.
func roundTrips(t interface {
	Fatalf(format string, args ...any)
}, r *Reader, text string) {
	it, _ := r.ReadFacts(map[string]string{"description": text})
	printed := string(AppendComposition(nil, &it))
	again, problems := r.ReadFacts(map[string]string{"composition": printed})
	if problems.Refusals() > 0 {
		t.Fatalf("%q reads as %q, which is refused: %v", text, printed, problems)
	}
	if got := string(AppendComposition(nil, &again)); got != printed {
		t.Fatalf("%q reads as %q, which reads as %q", text, printed, got)
	}
}

func TestSpecificationRoundTrip(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	rapid.Check(t, func(t *rapid.T) { roundTrips(t, r, drawSpecification(t)) })
}

func FuzzDescription(f *testing.F) {
	for _, s := range []string{
		typical, "Dy 3 at%", "含镝的钕铁硼", "free of Dy, Tb", "99.95 % purity", "120x130x50 mm", "余量Fe", "4N5", "Nd30%Dy3%", "\xff镝 3%", "(OH)2", "铽:无", "İDy3%",
	} {
		f.Add(s)
	}
	r := NewReader(testVocab(f), Defaults{})
	f.Fuzz(func(t *testing.T, text string) { roundTrips(t, r, text) })
}

// No description takes long: 100 kB of whatever is worst takes a small part of a second.
func BenchmarkLongDescription(b *testing.B) {
	for _, piece := range []string{
		typical, "镝", "Dy ", "Dy3%", "含", "不含镝", "不含", "镝、", "1*", "1x1 ", "1-", "1 ", "%", "余为", "镝含量", "无", "A", "Aa", "Aa1(", "(OH)2", "纯度", "纯度1", "4N ", "成分:", "用于", "-free", "钕铁硼 ",
		"ferrite ", "  ", "的", "镝为", "3%的", "최", "디스프로슘", "<", "purity 1 ",
	} {
		b.Run(piece, func(b *testing.B) {
			r := NewReader(testVocab(b), Defaults{})
			text := strings.Repeat(piece, 100_000/len(piece))
			var it Item
			for b.Loop() {
				it.Reset()
				it.Description = text
				r.readDescription(&it)
			}
		})
	}
}

// typical is a description of sixty characters.
const typical = "烧结钕铁硼永磁体,牌号N38SH,成分:钕30%,镝2.5%,铁66%,硼1%,无品牌,用于电机,出口欧洲一般贸易"

func BenchmarkDescription(b *testing.B) {
	for name, text := range map[string]string{
		"zh": typical,
		"en": "isostatic graphite block 99.95 % purity, density 1.85 g/cm3",
		"ko": "네오디뮴 자석 성분: Nd 30%, Dy 2%, Fe 67%, B 1% 전기차 모터용 영구자석 부품",
		"no": "stainless steel hexagon socket head cap screw M6x20 A2-70 box",
	} {
		b.Run(name, func(b *testing.B) {
			r := NewReader(testVocab(b), Defaults{})
			var it Item
			b.ReportAllocs()
			for b.Loop() {
				it.Reset()
				it.Description = text
				r.readDescription(&it)
			}
		})
	}
}
