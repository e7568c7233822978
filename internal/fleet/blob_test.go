package fleet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBlobsGiveBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.StringN(0, 300, -1)).Draw(t, "texts")
		counts := rapid.StringN(0, 50, -1).Draw(t, "counts")
		write := func(w io.Writer) error {
			for _, text := range texts {
				if _, err := io.WriteString(w, text); err != nil {
					return err
				}
			}
			return nil
		}
		blob, err := pack(write)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := pack(write); !bytes.Equal(blob, again) {
			t.Fatal("the same text gives other bytes")
		}
		text, err := unpack(nil, blob)
		if want := strings.Join(texts, ""); err != nil || string(text) != want {
			t.Fatalf("%q, %v; want %q", text, err, want)
		}
		answer, err := packAnswer(func(w io.Writer) ([]byte, error) { return []byte(counts), write(w) })
		if err != nil {
			t.Fatal(err)
		}
		gotCounts, rows, err := unpackAnswer(nil, answer)
		if err != nil || string(gotCounts) != counts {
			t.Fatalf("counted %q, %v; want %q", gotCounts, err, counts)
		}
		var b strings.Builder
		if _, err := rows.WriteTo(&b); err != nil || b.String() != strings.Join(texts, "") {
			t.Fatalf("rows %q, %v", b.String(), err)
		}
	})
}

// A text that is longer than a piece may be comes back whole all the same; what was counted must fit.
func TestLongTextsAreCut(t *testing.T) {
	long := bytes.Repeat([]byte("sintered NdFeB magnet,8505111000,US\n"), perPiece/30)
	blob, err := pack(func(w io.Writer) error { _, err := w.Write(long); return err })
	if err != nil {
		t.Fatal(err)
	}
	if p := (pieces{data: blob}); len(long) <= perPiece {
		t.Fatal("it is not long")
	} else if first, err := p.next(nil); err != nil || len(first) != perPiece {
		t.Fatalf("the first piece has %d bytes, %v", len(first), err)
	}
	if text, err := unpack(make([]byte, 10), blob); err != nil || !bytes.Equal(text, long) {
		t.Fatalf("%d bytes, %v; want %d", len(text), err, len(long))
	}
	if _, err := packAnswer(func(io.Writer) ([]byte, error) { return make([]byte, maxPiece+1), nil }); err == nil {
		t.Error("more is counted than a reader takes")
	}
}

func FuzzUnpack(f *testing.F) {
	blob, err := packAnswer(func(w io.Writer) ([]byte, error) {
		_, err := io.WriteString(w, strings.Repeat("GaAs wafer, ", 50))
		return []byte(`{"bytes":600}`), err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(blob)
	f.Add(blob[:len(blob)-1])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add([]byte{5, 0x80, 0x80, 0x80, 0x80, 0x04}) // a piece of one gigabyte
	f.Fuzz(func(t *testing.T, blob []byte) {
		text, err := unpack(nil, blob)
		counts, rows, answerErr := unpackAnswer(nil, blob)
		var b bytes.Buffer
		if answerErr == nil {
			_, answerErr = rows.WriteTo(&b)
		}
		switch {
		case err != nil && answerErr == nil, err == nil && answerErr != nil && len(blob) > 0:
			t.Errorf("as a whole: %v; in pieces: %v", err, answerErr)
		case err == nil && len(blob) > 0 && !bytes.Equal(text, append(counts, b.Bytes()...)):
			t.Error("the whole is not its pieces")
		case err != nil && err.Error() == "":
			t.Error("refused without a reason")
		}
	})
}

// Names of shards come from messages, and become names of files.
func FuzzName(f *testing.F) {
	f.Add("")
	f.Add("../../../../etc/passwd")
	f.Add(digest([]byte("a shard")))
	folder, err := NewFolder(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		_, err := folder.Get(t.Context(), name)
		if err == nil {
			t.Errorf("%q is there", name)
		}
		if is := isName(name); is != errors.Is(err, ErrGone) {
			t.Errorf("%q is a name: %v; %v", name, is, err)
		}
	})
}
