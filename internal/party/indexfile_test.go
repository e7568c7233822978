package party

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"lodestone/internal/when"
)

// sampleParties have names of every kind that the reader tells apart.
func sampleParties() []Party {
	return []Party{
		{List: "T", ID: "1", Type: Organization, Names: []Name{{Text: "Example Works Co., Ltd. (EXW)"}, {Text: "Beispielwerke GmbH", Weak: true}}, Countries: []string{"CN"}, Measure: "m", Source: "s",
			Listed: when.Day(2020, 1, 2), Identifiers: []Identifier{{"IMO", "9187629"}}},
		{List: "T", Type: Person, Names: []Name{{Text: "Muster, Erika"}, {Text: "Эрика Мустер"}, {Text: "عبد الرحمن"}}, Born: []string{"1970"}},
		{List: "T", Names: []Name{{Text: "哈尔滨第二十四研究所"}, {Text: "例子技术有限公司"}, {Text: "삼일전자"}, {Text: "サンプル工業"}, {Text: "???"}}, Ended: when.Day(2024, 1, 2)},
		{List: "T", Names: []Name{{Text: "Institute No. 12 of Abdulrahman"}, {Text: "EXW"}, {Text: "Γιώργος Παράδειγμα"}, {Text: "გიორგი"}}},
	}
}

func encoded(t testing.TB, x *Index) []byte {
	var b bytes.Buffer
	if err := x.Encode(&b, "about"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIndexFile(t *testing.T) {
	x := NewIndex(sampleParties())
	file := encoded(t, x)
	back, about, err := DecodeIndex(file)
	if err != nil {
		t.Fatal(err)
	}
	if about != "about" || !reflect.DeepEqual(x, back) {
		t.Error("the index is another after it was written and loaded")
	}
	if string(encoded(t, back)) != string(file) {
		t.Error("the same index gives other bytes")
	}
}

// TestIndexVersion keeps old index files from being read by a program that reads names otherwise.
func TestIndexVersion(t *testing.T) {
	file := encoded(t, NewIndex(sampleParties()))
	if got := fmt.Sprintf("%x", sha256.Sum256(file[indexHead:])); got != indexSample {
		t.Errorf("names are read otherwise than by version %d: raise IndexVersion and set indexSample to %s", IndexVersion, got)
	}
}

const indexSample = "4d83ec75c6f17b22c40f4eacfe1d8889077d8d29feecc05b2fa68ca362f7cbde"

func TestBadIndexFilesAreRefused(t *testing.T) {
	file := encoded(t, NewIndex(sampleParties()))
	for what, c := range map[string]struct {
		file []byte
		say  string
	}{
		"empty":         {nil, "no index file"},
		"another file":  {[]byte(strings.Repeat("x", 200)), "no index file"},
		"cut off":       {file[:len(file)-1], "SHA-256"},
		"header only":   {file[:indexHead], "no index file"},
		"one bit":       {flipped(file, len(file)/2), "SHA-256"},
		"other version": {flipped(file, len(indexMagic)+1), ErrOldIndex.Error()},
		"other tables":  {flipped(file, len(indexMagic)+5), ErrOldIndex.Error()},
	} {
		if _, _, err := DecodeIndex(c.file); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := DecodeIndex(flipped(file, len(indexMagic)+1)); !errors.Is(err, ErrOldIndex) {
		t.Error(err)
	}
}

func flipped(file []byte, at int) []byte {
	out := append([]byte{}, file...)
	out[at] ^= 1
	return out
}

// FuzzDecodeIndex gives the reader bodies whose checksum is right: what somebody made on purpose must not bring it down.
func FuzzDecodeIndex(f *testing.F) {
	file := encoded(f, NewIndex(sampleParties()))
	f.Add(file[indexHead : len(file)-sha256.Size])
	f.Add(make([]byte, 20))
	f.Fuzz(func(t *testing.T, body []byte) {
		made := append(indexHeader(), body...)
		sum := sha256.Sum256(made)
		x, _, err := DecodeIndex(append(made, sum[:]...))
		if err != nil {
			return
		}
		s := NewSearcher(x)
		for _, name := range []string{"Example Works", "哈尔滨第二十四研究所", "عبد الرحمن", "9187629"} {
			s.Search(Query{Name: name}, 0.3, 10)
		}
	})
}

func BenchmarkDecodeIndex(b *testing.B) {
	file := encoded(b, NewIndex(readCSL(b)))
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, _, err := DecodeIndex(file); err != nil {
			b.Fatal(err)
		}
	}
}
