package pdf

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/when"
)

// one makes every letter one wide, and ideographs two.
func one(r rune) float64 {
	if r > 0x2e80 {
		return 2
	}
	return 1
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"sintered NdFeB magnets", 10, []string{"sintered", "NdFeB", "magnets"}},
		{"two   blanks", 6, []string{"two", "blanks"}},
		{"烧结钕铁硼永磁材料", 8, []string{"烧结钕铁", "硼永磁材", "料"}},
		{"出口管制法，第十六条", 10, []string{"出口管制", "法，第十六", "条"}}, // a comma does not begin a line
		{"（两用物项）", 4, []string{"（两", "用物", "项）"}},
		{"영구자석 재료 수출", 10, []string{"영구자석", "재료 수출"}}, // Korean breaks at blanks
		{"dysprosium-bearing", 12, []string{"dysprosium-", "bearing"}},
		{"sha256:36a16af0a5f3", 8, []string{"sha256:3", "6a16af0a", "5f3"}}, // no room for the word
		{"Dy镝3 %", 4, []string{"Dy镝", "3 %"}},
		{"a\n\nb", 9, []string{"a", "", "b"}},
		{"", 9, []string{""}},
	} {
		if got := wrap(c.text, c.width, one); !slices.Equal(got, c.want) {
			t.Errorf("%q in %v: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// Wrapping loses nothing but blanks, and no line is wider than it may be.
func TestWrapKeepsEveryLetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab-/，。（）镝磁 자석.,%")), 0, 60, -1).Draw(t, "text")
		width := rapid.Float64Range(2, 20).Draw(t, "width")
		lines := wrap(text, width, one)
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if bare(strings.Join(lines, "")) != bare(text) {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, l := range lines {
			long := 0.0
			for _, r := range strings.TrimRight(l, " ") {
				long += one(r)
			}
			if long > width {
				t.Fatalf("%q is %v wide, more than %v", l, long, width)
			}
		}
	})
}

func TestTheFontHasWhatThreeLanguagesNeed(t *testing.T) {
	f, err := theFont()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "Azé镝铽钕数据가힣한국어；：、“”–—…≥≤→·°×²³▲" {
		if !f.has(r) {
			t.Errorf("the font lacks %q", r)
		}
	}
	if f.has('😀') || f.has(0xe123) {
		t.Error("the font is said to have what no font has")
	}
}

func draft(t *testing.T) *Document {
	t.Helper()
	d, err := New("ko", "판정 파일", "lodestone", when.Day(2026, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	d.Title("판정 파일 · 判定文件 · Determination file")
	d.Heading("烧结钕铁硼", "may be deny")
	d.Field("Law", "sha256:36a16af0a5f34cfd444720b07afa88989935722a0b155a2503b51a4c80eb5581")
	d.Sentence("An 😀 is not in the font.")
	rows := make([][]string, 120)
	for i := range rows {
		rows[i] = []string{"composition.Dy", strings.Repeat("含镝的钕铁硼永磁材料 ", 1+i%7), "3"}
	}
	d.Table("Facts", []string{"fact", "words", "%"}, []bool{false, false, true}, rows)
	d.Blank("Decided by")
	return d
}

// The same calls give the same bytes, a table goes on over pages, and what the font lacks is said, not boxed.
func TestADocument(t *testing.T) {
	var a, b bytes.Buffer
	if err := draft(t).Write(&a); err != nil {
		t.Fatal(err)
	}
	if err := draft(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two documents of the same calls differ")
	}
	if n := len(regexp.MustCompile(`/Type /Page\b`).FindAll(a.Bytes(), -1)); n < 3 {
		t.Errorf("%d pages; the table should take three or more", n)
	}
	if a.Len() > 200<<10 {
		t.Errorf("%d bytes: the font was not cut down to its letters", a.Len())
	}
	d := draft(t)
	if got := d.plain("😀 a\x00\u202fb\ue123"); got != "? a  b?" {
		t.Errorf("plain gives %q", got)
	}
	d.Table("", []string{"n"}, nil, make([][]string, mostRows+7))
	if d.Left() != 7 {
		t.Errorf("%d rows are said to be left out", d.Left())
	}
}
