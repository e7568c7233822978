package lawfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lodestone/internal/law"
	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// answering compares what a book keeps: not the witnesses, the cases and the lines; an empty list is as good as none.
var answering = cmp.Options{
	cmpopts.EquateEmpty(), cmp.Comparer(func(a, b quant.Decimal) bool { return a.Cmp(b) == 0 }),
	cmpopts.IgnoreFields(law.Files{}, "Cases"), cmpopts.IgnoreFields(law.Norm{}, "Holds", "Fails", "Line"),
	cmpopts.IgnoreFields(law.Announcement{}, "Line"), cmpopts.IgnoreFields(vocab.Kind{}, "Line"),
}

func TestBookHoldsWhatAnswers(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"small": folder(world), "whole": os.DirFS("../../lawdata")} {
		t.Run(name, func(t *testing.T) {
			files, problems := Read(fsys)
			if problems != nil {
				t.Fatal(problems)
			}
			book, err := Encode(files)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Decode(book)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(files, again, answering); diff != "" {
				t.Error(diff)
			}
			for range 10 {
				if second, err := Encode(again); err != nil || !bytes.Equal(book, second) {
					t.Fatalf("the same files give other bytes (%v)", err)
				}
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	files, _ := Read(folder(world))
	good, err := Encode(files)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		damage func([]byte) []byte
		want   string
	}{
		"nothing":      {func([]byte) []byte { return nil }, "this is no book of law"},
		"another file": {func(b []byte) []byte { return []byte(strings.Repeat("PK", 100)) }, "this is no book of law"},
		"cut short":    {func(b []byte) []byte { return b[:len(b)-1] }, "the book is damaged: its bytes do not match their SHA-256"},
		"a bit turned": {func(b []byte) []byte { b[len(b)-3] ^= 4; return b }, "the book is damaged: its bytes do not match their SHA-256"},
		"other format": {func(b []byte) []byte { b[len(magic)+1]++; return b }, ErrOldBook.Error()},
		"other types":  {func(b []byte) []byte { b[len(magic)+2]++; return b }, ErrOldBook.Error()},
		"other contents": {func(b []byte) []byte { b = append(b[:headerSize], 1, 255, 255); header(b); return b },
			"the book is damaged: its contents do not fit its types"},
		"more than contents": {func(b []byte) []byte { b = append(b, 0); header(b); return b },
			"the book is damaged: its contents do not fit its types"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(test.damage(bytes.Clone(good)))
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if old := test.want == ErrOldBook.Error(); errors.Is(err, ErrOldBook) != old {
				t.Errorf("errors.Is(ErrOldBook) is %v", !old)
			}
		})
	}
}

// FuzzDecode decodes any contents under a right header: they are refused or make files that encode again.
func FuzzDecode(f *testing.F) {
	files, _ := Read(folder(world))
	book, err := Encode(files)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(book[headerSize:])
	f.Add([]byte{1, 200, 1})
	f.Add(binary.AppendUvarint([]byte{1}, 1<<40))
	f.Add(bytes.Repeat([]byte{1}, 1000))
	f.Fuzz(func(t *testing.T, payload []byte) {
		book := append(make([]byte, headerSize), payload...)
		header(book)
		files, err := Decode(book)
		if err != nil {
			return
		}
		if _, err := Encode(files); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	files, problems := Read(os.DirFS("../../lawdata"))
	if problems != nil {
		b.Fatal(problems)
	}
	book, err := Encode(files)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(book); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(book)), "bytes")
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read(os.DirFS("../../lawdata"))
	}
}
