package decision

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"lodestone/lawdata/enforcement"
)

func reader(t testing.TB) *Reader {
	t.Helper()
	tables, err := enforcement.Tables()
	if err != nil {
		t.Fatal(err)
	}
	return NewReader(tables, []string{"德国", "日本", "韩国"})
}

// Whatever the bytes, reading ends, and every span lies within the text.
func FuzzReadDecision(f *testing.F) {
	for _, seed := range []string{
		"津东关缉违字〔2026〕0007号\n当事人:示例磁材有限公司。2026年1月15日申报出口钕铁硼200千克,货物价值人民币8万元。科处罚款人民币1.2万元。",
		"<html><body><p>决定不予行政处罚</p><script>x</script></body></html>",
		"津 东 关(jīn dōng guān)缉 违 字 [2025] 3 號", "\xff\xfe\x2d\x4e", "%PDF-1.7", "罚款",
	} {
		f.Add([]byte(seed))
	}
	r := reader(f)
	var load Loader
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := load.Load(b)
		if err != nil {
			return
		}
		record := r.Read("x", text.Text)
		n := utf8.RuneCountInString(text.Text)
		for key, s := range record.Spans {
			if s[0] < 0 || s[1] < s[0] || s[1] > n {
				t.Errorf("%s spans %v of %d characters", key, s, n)
			}
		}
	})
}

// A page of a hundred thousand characters is read in a moment: work grows with the text, not with its square.
func TestLongTextsEnd(t *testing.T) {
	text := strings.Repeat("当事人申报出口钕铁硼磁铁200千克,货物价值人民币8万元,科处罚款1.2万元。", 3000)
	done := make(chan struct{})
	r := reader(t)
	go func() { r.Read("x", text); close(done) }()
	select {
	case <-done:
	case <-time.After(60 * time.Second):
		t.Fatal("reading does not end")
	}
}
