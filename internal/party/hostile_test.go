package party

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are names that nobody has, and that somebody will type.
var hostile = map[string]string{
	"empty":              "",
	"blanks":             " \t\u3000 ",
	"punctuation":        "?!./,;:-()[]",
	"marks only":         strings.Repeat("\u0301", 50_000),
	"zero width":         "\u200bH\u200bu\u200da\u2060w\ufeffei\u200b",
	"mixed direction":    "\u202eiewauH\u202c Huawei شركة \u2067חברה\u2069",
	"emoji":              "🚢🚢🚢 👩‍👩‍👧‍👦 🇨🇳",
	"100 kB of one word": strings.Repeat("a", 100_000),
	"100 kB of words":    strings.Repeat("ab ", 33_000),
	"100 kB of Han":      strings.Repeat("中", 33_000),
	"100 kB of Hangul":   strings.Repeat("가", 33_000),
	"100 kB of digits":   strings.Repeat("第一二三", 8_000),
	"letters stacked":    strings.Repeat("a\u0300\u0301\u0302", 10_000),
	"not UTF-8":          "Huawei \xff\xfe Technologies",
	"one letter":         "a",
	"only a legal form":  "Co., Ltd.",
	"only particles":     "al el de la",
	"mathematical":       "𝐇𝐮𝐚𝐰𝐞𝐢 𝒯𝑒𝒸𝒽𝓃𝑜𝓁𝑜𝑔𝒾𝑒𝓈",
	"old scripts":        "𐎠𐎭𐎶 𒀭𒂗𒆤 𓀀𓁐",
	"syllables":          strings.Repeat("行乐长重", 60),
}

func TestHostileNames(t *testing.T) {
	x := NewIndex([]Party{
		{List: "T", Names: []Name{{Text: "Huawei Technologies Co., Ltd."}}},
		{List: "T", Names: []Name{{Text: "华为技术有限公司"}, {Text: ""}, {Text: "???"}}},
		{List: "T", Names: []Name{{Text: strings.Repeat("very long name ", 2_000)}}},
	})
	s := NewSearcher(x)
	var c Comparer
	for what, name := range hostile {
		for _, m := range s.Search(Query{Name: name, Aliases: []string{name}}, 0.01, 10) {
			if len(m.Evidence) == 0 || m.Score > 1 || m.Score < 0 {
				t.Errorf("%s: score %v with evidence %q", what, m.Score, m.Evidence)
			}
		}
		if score, evidence := c.Compare(name, name); len(evidence) == 0 || score != 0 && score != 1 {
			t.Errorf("%s: %v with itself, evidence %q", what, score, evidence)
		}
		if n := readName(name); len(n.words) > mostWords {
			t.Errorf("%s: %d words are compared", what, len(n.words))
		}
	}
}

// BenchmarkHostile asks for each of them beside an ordinary name; one operation is one name.
func BenchmarkHostile(b *testing.B) {
	s := NewSearcher(NewIndex(sampleParties()))
	names := map[string]string{"ordinary": "Example Works of Harbin"}
	maps.Copy(names, hostile)
	for what, name := range names {
		b.Run(what, func(b *testing.B) {
			for b.Loop() {
				s.Search(Query{Name: name}, DefaultThreshold, DefaultLimit)
			}
		})
	}
}

func TestHiddenLettersAreSeenThrough(t *testing.T) {
	s := NewSearcher(NewIndex([]Party{{List: "T", Names: []Name{{Text: "Huawei Technologies Co., Ltd."}}}, {List: "T", Names: []Name{{Text: "Роскосмос"}}}}))
	for _, name := range []string{hostile["mathematical"], "\u200bHua\u200bwei Technologies Co., Ltd.", "ＨＵＡＷＥＩ　Ｔｅｃｈｎｏｌｏｇｉｅｓ", "Pocкocмoc"} {
		if m := s.Search(Query{Name: name}, DefaultThreshold, 1); len(m) != 1 || m[0].Score < 0.9 {
			t.Errorf("%q is not found: %v", name, m)
		}
	}
}

func FuzzReadName(f *testing.F) {
	for _, name := range hostile {
		f.Add(name[:min(len(name), 400)])
	}
	f.Add("Obshchestvo s ogranichennoi otvetstvennostyu “Абв” 第十四研究所 (株) Abdulrahman 12th")
	f.Fuzz(func(t *testing.T, text string) {
		n := readName(text)
		if len(n.words) > mostWords {
			t.Errorf("%d words", len(n.words))
		}
		for _, w := range n.words {
			if w.text == "" || w.sound == "" || !utf8.ValidString(w.text) || w.weight <= 0 {
				t.Errorf("word %q sounds %q weighs %v", w.text, w.sound, w.weight)
			}
		}
	})
}

func FuzzCompare(f *testing.F) {
	f.Add("Deutsche Bank AG", "Deutsche Bank GmbH")
	f.Add("黄国强", "Wong Kwok Keung")
	f.Add("عبد الرحمن", "Abdurrahman")
	f.Add("이민호", "李敏鎬")
	f.Fuzz(func(t *testing.T, a, b string) {
		var c Comparer
		there, _ := c.Compare(a, b)
		back, _ := c.Compare(b, a)
		if there < 0 || there > 1 || (there == 1) != (back == 1) {
			t.Errorf("%v there, %v back", there, back)
		}
		if same, _ := c.Compare(a, a); same != 1 && same != 0 {
			t.Errorf("a name and itself: %v", same)
		}
	})
}
