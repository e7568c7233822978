package party

import (
	_ "embed" // the tables
	"math"
	"strconv"
	"strings"
	"sync"
)

//go:embed tables/frequent.tsv
var frequentText string

//go:embed tables/forms.tsv
var formsText string

//go:embed tables/words.tsv
var wordsText string

//go:embed tables/han_forms.tsv
var hanFormsText string

//go:embed tables/surnames.tsv
var hanSurnamesText string

//go:embed tables/han_readings.tsv
var hanReadingsText string

// tables are the word lists, made ready when the first name is read.
type tables struct {
	weight      map[string]float32  // of Latin words that are not rare
	forms       *phrases            // legal forms by their words
	native      map[string]native   // words and legal forms of other scripts
	longest     int                 // letters of the longest of them
	hanForm     map[rune]rune       // to the one form that stands for all
	readings    map[rune][]string   // columns of the table of readings
	hanSurnames map[string][]string // surnames in Han characters, as they are written outside Mandarin
	surnames    map[string][]string // Korean surnames as they are written in Latin letters
}

// native is what a word of another script means.
type native struct {
	form  uint8      // class of a legal form; 0: none
	means [][]string // words, each with its alternatives; none: says nothing
}

// phrases is a tree of words.
type phrases struct {
	next  map[string]*phrases
	words []string // keys of next, in the order of the table
	form  uint8    // class of the form that ends here; 0: none does
}

const (
	namesCounted = 140_000 // names behind tables/frequent.tsv
	rareCount    = 6       // names that a word not in the table is taken to stand in
)

// rare is the weight of a word that stands in few names.
var rare = float32(math.Log(namesCounted / rareCount))

// formNames are the classes of tables/forms.tsv; class 0 is none.
var formNames = []string{"", "ltd", "llc", "jsc", "plc", "corp", "part", "co", "state"}

var known = sync.OnceValue(func() *tables {
	t := &tables{
		weight: make(map[string]float32, 5000), forms: &phrases{}, native: make(map[string]native, 1000),
		hanForm: make(map[rune]rune, 3000), readings: make(map[rune][]string, 9000), surnames: koreanSurnames, hanSurnames: make(map[string][]string, 300),
	}
	eachLine(frequentText, func(f []string) {
		n, _ := strconv.Atoi(f[1]) // the table is tested
		t.weight[f[0]] = float32(math.Log(namesCounted / float64(n)))
	})
	eachLine(hanFormsText, func(f []string) { t.hanForm[first(f[0])] = first(f[1]) })
	eachLine(hanSurnamesText, func(f []string) { t.hanSurnames[t.foldHan(f[0])] = strings.Fields(f[1]) })
	eachLine(hanReadingsText, func(f []string) { t.readings[first(f[0])] = f[1:] })
	eachLine(formsText, t.addForms)
	eachLine(wordsText, t.addWord)
	return t
})

func eachLine(text string, f func(fields []string)) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && line[0] != '#' {
			f(strings.Split(line, "\t"))
		}
	}
}

func first(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func (t *tables) addForms(f []string) {
	class := uint8(1)
	for i, name := range formNames {
		if name == f[0] {
			class = uint8(i)
		}
	}
	for _, phrase := range strings.Split(f[1], "|") {
		if scriptOf(first(phrase)) != latin {
			for _, key := range []string{phrase, strings.ReplaceAll(phrase, " ", "")} {
				t.addNative(key, native{form: class})
			}
			continue
		}
		at := t.forms
		for _, word := range strings.Fields(phrase) {
			if at.next == nil {
				at.next = map[string]*phrases{}
			}
			if at.next[word] == nil {
				at.next[word] = &phrases{}
				at.words = append(at.words, word)
			}
			at = at.next[word]
		}
		at.form = class
	}
}

func (t *tables) addWord(f []string) {
	var n native
	for i, way := range strings.Split(f[1], "|") {
		words := strings.Fields(way)
		if i == 0 {
			for _, w := range words {
				n.means = append(n.means, []string{w})
			}
		} else if len(n.means) == 1 && len(words) == 1 {
			n.means[0] = append(n.means[0], words[0])
		}
	}
	t.addNative(f[0], n)
}

func (t *tables) addNative(word string, n native) {
	key := t.foldHan(word)
	if _, have := t.native[key]; have && n.form == 0 {
		return
	}
	t.native[key] = n
	t.longest = max(t.longest, len([]rune(key)))
}

// foldHan writes Han characters in the one form that stands for all.
func (t *tables) foldHan(s string) string {
	return strings.Map(func(r rune) rune {
		if to, ok := t.hanForm[r]; ok {
			return to
		}
		return r
	}, s)
}

func (t *tables) weightOf(word string) float32 {
	if w, ok := t.weight[word]; ok {
		return w
	}
	switch len(word) {
	case 1:
		return 2
	case 2:
		return 6
	case 3:
		return 8
	}
	return rare
}

// koreanSurnames are the commonest, with the ways they are written in Latin letters (Statistics Korea, names in use; passports).
var koreanSurnames = map[string][]string{
	"김": {"kim", "gim"}, "이": {"lee", "yi", "ri", "rhee", "i"}, "리": {"ri", "lee", "yi", "rhee"}, "박": {"park", "pak", "bak"}, "최": {"choi", "choe"},
	"정": {"jung", "chung", "jeong", "chong"}, "강": {"kang", "gang"}, "조": {"cho", "jo"}, "윤": {"yoon", "yun"}, "장": {"jang", "chang"},
	"임": {"lim", "im", "rim", "yim"}, "림": {"rim", "lim", "im"}, "한": {"han"}, "오": {"oh", "o"}, "서": {"seo", "so", "suh"}, "신": {"shin", "sin"},
	"권": {"kwon", "gwon"}, "황": {"hwang"}, "안": {"ahn", "an"}, "송": {"song"}, "류": {"ryu", "yoo", "yu"}, "유": {"yoo", "yu", "ryu"}, "전": {"jeon", "chon", "jun"},
	"홍": {"hong"}, "고": {"ko", "go", "koh"}, "문": {"moon", "mun"}, "양": {"yang"}, "량": {"ryang", "yang"}, "손": {"son"}, "배": {"bae", "pae"}, "백": {"baek", "paek", "paik"},
	"허": {"heo", "hur", "ho"}, "남": {"nam"}, "심": {"shim", "sim"}, "노": {"noh", "roh", "no"}, "로": {"ro", "roh", "noh"}, "하": {"ha"}, "곽": {"kwak", "gwak"}, "성": {"sung", "seong", "song"},
	"차": {"cha"}, "주": {"joo", "ju", "chu"}, "우": {"woo", "u", "wu"}, "구": {"koo", "gu", "ku"}, "민": {"min"}, "나": {"na", "ra"}, "라": {"ra", "na"}, "진": {"jin", "chin"}, "지": {"ji", "chi"},
	"현": {"hyun", "hyon", "hyeon"}, "변": {"byun", "pyon", "byeon"}, "태": {"tae"}, "엄": {"um", "om", "eom"}, "원": {"won"}, "방": {"bang", "pang"}, "공": {"kong", "gong"}, "염": {"yeom", "yom"},
}
