package party

import "strings"

// Sounds are written with one letter each, so that spellings of one name in different languages come near one another:
//
//	C  ch, tch, tsch, cz, č     S  sh, sch, š     Z  zh, ž     X  kh     T  ts, tz     G  gh
//	i  i, y, j before a vowel is J     v  v, w     k  k, c, q, ck
//
// Double letters count once. The letters are classes to compare with, not a transcription.

// digraphs are tried longest first at each place.
var digraphs = [...]struct{ from, to string }{
	{"tsch", "C"}, {"shch", "SC"}, {"schch", "SC"}, {"tch", "C"}, {"sch", "S"}, {"dzh", "Z"}, {"oeng", "oeng"},
	{"ch", "C"}, {"cz", "C"}, {"cs", "C"}, {"sh", "S"}, {"sz", "S"}, {"zh", "Z"}, {"kh", "X"}, {"gh", "G"}, {"ts", "T"}, {"tz", "T"}, {"th", "t"}, {"dh", "d"},
	{"ph", "f"}, {"ck", "k"}, {"dj", "J"}, {"tj", "C"}, {"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"eu", "u"}, {"eo", "o"}, {"oe", "o"}, {"ae", "a"},
	{"ie", "i"}, {"iy", "i"}, {"yi", "i"}, {"ij", "i"}, {"ii", "i"}, {"yy", "i"}, {"uw", "u"}, {"ow", "ov"}, {"ya", "Ja"}, {"yu", "Ju"}, {"yo", "Jo"}, {"ye", "e"}, {"je", "e"},
	{"qu", "k"}, {"x", "ks"}, {"c", "k"}, {"q", "k"}, {"w", "v"}, {"y", "i"}, {"j", "J"},
}

// digraphsOf holds the numbers of the digraphs that begin with a letter.
var digraphsOf = func() (by [256][]int) {
	for i, d := range digraphs {
		by[d.from[0]] = append(by[d.from[0]], i)
	}
	return by
}()

// apart stands between two letters that are no digraph: the h of another alphabet is a letter of its own.
const apart = '\''

// sound writes folded text as sounds.
func sound(text string) string {
	out := make([]byte, 0, len(text))
	put := func(c byte) {
		if n := len(out); n == 0 || out[n-1] != c {
			out = append(out, c)
		}
	}
next:
	for i := 0; i < len(text); {
		if text[i] == apart {
			i++
			continue
		}
		for _, n := range digraphsOf[text[i]] {
			if d := &digraphs[n]; strings.HasPrefix(text[i:], d.from) {
				for k := range len(d.to) {
					put(d.to[k])
				}
				i += len(d.from)
				continue next
			}
		}
		put(text[i])
		i++
	}
	return string(out)
}

// bones are the consonants of a word in coarse classes, as a script without vowels and a careless listener keep them. Glides and h go.
func bones(sounds string) string {
	out := make([]byte, 0, len(sounds))
	for i := range len(sounds) {
		c := boneOf[sounds[i]]
		if c == 0 {
			continue
		}
		if n := len(out); n == 0 || out[n-1] != c {
			out = append(out, c)
		}
	}
	return string(out)
}

// roughly writes sounds in coarse classes, with one letter for all vowels and glides.
func roughly(to []byte, sounds string) string {
	for i := 0; i < len(sounds) && len(to) < cap(to); i++ {
		c := boneOf[sounds[i]]
		if c == 0 {
			if c = 'a'; sounds[i] == 'h' {
				continue
			}
		}
		if n := len(to); n == 0 || to[n-1] != c {
			to = append(to, c)
		}
	}
	return string(to)
}

// moraic says that a word is built as Japanese words are: a vowel after every consonant, but for n, m before b and p, and h; at the end a vowel, n or h.
// Other words are no Japanese reading of anything.
func moraic(sounds string) bool {
	for i := range len(sounds) {
		switch c := sounds[i]; {
		case vowel(c) || c == 'J' || c == 'n' || c == 'h':
		case i+1 == len(sounds):
			return false
		case !vowel(sounds[i+1]) && sounds[i+1] != 'J' && !(c == 'm' && (sounds[i+1] == 'b' || sounds[i+1] == 'p')):
			return false
		}
	}
	return true
}

var boneOf = func() (t [256]byte) {
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c
	}
	for _, class := range []string{"bp", "fv", "td", "szSZCT", "kgXGq", "l", "r", "m", "n"} {
		for i := range len(class) {
			t[class[i]] = class[0]
		}
	}
	return t
}()

// Costs of edits between sounds, in hundredths of a letter.
const (
	costLetter = 100
	costSwap   = 80
	costLight  = 68 // to lose or gain a vowel or a breath
)

var (
	changeCost [128][128]uint8
	losesCost  [128]uint8
)

func init() {
	for i := range changeCost {
		for j := range changeCost[i] {
			if i != j {
				changeCost[i][j] = costLetter
			}
		}
		losesCost[i] = costLetter
	}
	for _, c := range "aeiouhJ" {
		losesCost[c] = costLight
	}
	near := func(letters string, cost uint8) {
		for _, a := range letters {
			for _, b := range letters {
				if a != b {
					changeCost[a][b] = min(changeCost[a][b], cost)
				}
			}
		}
	}
	near("aeo", 30)
	near("eia", 35)
	near("ou", 25)
	near("aeiou", 45)
	near("iJ", 10)
	near("uv", 30)
	near("fv", 30)
	near("bp", 40)
	near("dt", 40)
	near("kgGX", 40)
	near("XhG", 25)
	near("gG", 10)
	near("kX", 30)
	near("sz", 25)
	near("sS", 35)
	near("SC", 40)
	near("sT", 35)
	near("CT", 30)
	near("ZzJ", 30)
	near("ZSC", 40)
	near("ZCJ", 45)
	near("ZJg", 45)
	near("lr", 70)
	near("mn", 70)
}

// longestWord bounds the letters of a word that are compared.
const longestWord = 40

// likeness says how alike two words are in sounds: 1 the same, 0 nothing in common. limit is the least that matters; below it the answer
// may be 0.
func likeness(a, b string, limit float32) float32 {
	if a == b {
		return 1
	}
	if len(a) > longestWord || len(b) > longestWord || len(a) == 0 || len(b) == 0 {
		return 0
	}
	whole := len(a) + len(b)
	worst := int((1 - limit) * float32(whole) * costLetter / 2)
	if d := len(a) - len(b); d*costLight > worst || -d*costLight > worst {
		return 0 // to lose the letters that one has more costs too much already
	}
	d := soundDistance(a, b, worst)
	if d > worst {
		return 0
	}
	return 1 - float32(2*d)/float32(whole*costLetter)
}

// soundDistance is the weighted number of edits between two words in hundredths; it may stop above worst. Letters that stand further apart than can be lost
// within worst are not compared.
func soundDistance(a, b string, worst int) int {
	a, b = trim(a, b)
	apart := worst / costLight
	switch d := len(a) - len(b); {
	case d > apart || -d > apart:
		return worst + 1
	case len(a) == 1 && len(b) == 1:
		return int(changeCost[a[0]&127][b[0]&127])
	}
	var rows [3][longestWord + 2]int16
	before, last, row := &rows[0], &rows[1], &rows[2]
	far := int16(min(worst+1, 1<<14))
	for j := range min(len(b), apart) {
		last[j+1] = last[j] + int16(losesCost[b[j]&127])
	}
	if apart < len(b) {
		last[apart+1] = far
	}
	var ca byte
	for i := range len(a) {
		behind := ca // the letter of a before this one; none is 0, which no word holds
		ca = a[i] & 127
		lost, change := int16(losesCost[ca]), &changeCost[ca]
		from, to := max(0, i-apart), min(len(b), i+1+apart)
		left := far
		if from == 0 {
			left = last[0] + lost
		}
		row[from] = left
		least, corner := left, last[from]
		var cb byte
		if from > 0 {
			cb = b[from-1] & 127
		}
		for j := from; j < to; j++ {
			past := cb
			cb = b[j] & 127
			above := last[j+1]
			left = min(corner+int16(change[cb]), above+lost, left+int16(losesCost[cb]))
			if ca == past && cb == behind && j > 0 {
				left = min(left, before[j-1]+costSwap)
			}
			row[j+1] = left
			least, corner = min(least, left), above
		}
		row[to+1] = far
		if int(least) > worst+costLetter-costSwap { // a swap passes over a row
			return worst + 1
		}
		before, last, row = last, row, before
	}
	return int(last[len(b)])
}

// typing says how alike two words are as typed: every edit costs a letter, a swap of neighbours too.
func typing(a, b string, limit float32) float32 {
	if a == b {
		return 1
	}
	longer := max(len(a), len(b))
	if longer > longestWord || len(a) == 0 || len(b) == 0 {
		return 0
	}
	worst := int((1 - limit) * float32(longer))
	if d := len(a) - len(b); d > worst || -d > worst {
		return 0
	}
	d := edits(a, b, worst)
	if d > worst {
		return 0
	}
	return 1 - float32(d)/float32(longer)
}

// edits is the number of edits between two words; it may stop above worst.
func edits(a, b string, worst int) int {
	if len(a) > longestWord || len(b) > longestWord {
		return worst + 1
	}
	a, b = trim(a, b)
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	if d := len(a) - len(b); d > worst || -d > worst {
		return worst + 1
	}
	var rows [3][longestWord + 1]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		from, to := max(1, i-worst), min(len(b), i+worst) // outside, there are more edits than matter
		row[from-1] = uint8(min(worst+1, i))
		if from > 1 {
			row[from-1] = uint8(worst + 1)
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			v := last[j-1]
			if a[i-1] != b[j-1] {
				v = min(v, row[j-1])
				if j < i+worst {
					v = min(v, last[j])
				}
				v++
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					v = min(v, before[j-2]+1)
				}
			}
			row[j] = v
			least = min(least, v)
		}
		if int(least) > worst {
			return worst + 1
		}
		before, last, row = last, row, before
	}
	return int(last[len(b)])
}

// trim takes off what two words begin and end with alike.
func trim(a, b string) (string, string) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}
