package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// exported is a file of records of an instance.
func exported(t *testing.T, i *Instance, x RecordExport) []byte {
	t.Helper()
	write, err := i.ExportRecords(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func checkedRecords(t *testing.T, i *Instance, text []byte, key string) report.CheckedRecords {
	t.Helper()
	c, err := CheckRecords(i.Book, "records", bytes.NewReader(text), int64(len(text)), key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whoever gets a file of records, in any format, can check it away from the instance; a changed value is named with its row.
func TestAnExportProvesItself(t *testing.T) {
	i := openInstance(t, t.TempDir())
	defer i.Close()
	by := &Actor{Person: "p"}
	ids := []string{"=1+1", "'=1+1", "P-3", "line\r\nbreak", "-5"}
	for _, id := range ids {
		q := &Question{Item: map[string]string{"id": id, "description": "gallium arsenide wafers", "from": "CN", "destination": "US"}, On: when.Day(2026, 3, 1), Lang: "en"}
		if _, err := i.Answer(t.Context(), by, q, ""); err != nil {
			t.Fatal(err)
		}
	}
	key := report.Fingerprint(publicKey(i))
	for _, format := range report.RecordFormats {
		t.Run(string(format), func(t *testing.T) {
			text := exported(t, i, RecordExport{Format: format})
			if !report.HoldsRecords(bytes.NewReader(text)) {
				t.Errorf("not recognised: %.60q", text)
			}
			c := checkedRecords(t, i, text, key)
			if !c.Holds || c.Answers != 5 || c.Steps != 5 || c.Replayed != 5 || c.Key != key {
				t.Errorf("%+v", c)
			}
			if c := checkedRecords(t, i, text, "0123456789abcdef"); c.Holds {
				t.Error("another key is taken for that of the instance")
			}
			var got []string
			if err := report.ReadRecords(bytes.NewReader(text), int64(len(text)), func(r *report.RecordRow) error {
				if r.Kind == report.RecordAnswer {
					got = append(got, r.Item)
				}
				return nil
			}); err != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", ids) {
				t.Errorf("%q %v", got, err)
			}
			short := checkedRecords(t, i, exported(t, i, RecordExport{Format: format, Digests: true}), "")
			if !short.Holds || short.Digests != 5 || short.Replayed != 0 {
				t.Errorf("digests: %+v", short)
			}
			cut := text[:len(text)-7]
			if c, err := CheckRecords(i.Book, "cut", bytes.NewReader(cut), int64(len(cut)), ""); err == nil && c.Holds {
				t.Error("a file that is cut off holds")
			}
		})
	}
	text := exported(t, i, RecordExport{Format: report.JSONL})
	for _, x := range []struct{ from, to string }{{`"outcome":"`, `"outcome":"x`}, {`"recorded_by":"p"`, `"recorded_by":"q"`}, {`"effective":"2026-03-01"`, `"effective":"2026-03-02"`}, {`\"Lang\"`, `\"lang\"`},
		{"gallium arsenide", "gallium phosphide"}, {`"step":"opened"`, `"step":"closed"`}, {`"facts":"`, `"facts":"0`}, {`"n":0`, `"n":1`}, {"go.sum database tree", "go.sum database three"}, {`"record":"`, `"record":"A`}} {
		bad := bytes.Replace(text, []byte(x.from), []byte(x.to), 1)
		if bytes.Equal(bad, text) {
			continue
		}
		if c := checkedRecords(t, i, bad, key); c.Holds || !strings.Contains(c.Altered, "row 1 ") && !strings.Contains(c.Altered, "row 2 ") {
			t.Errorf("%s for %s: %+v", x.to, x.from, c)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(exported(t, i, RecordExport{Format: report.CSV}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
	}
}

// openInstanceAt opens an instance whose clock the test turns.
func openInstanceAt(t *testing.T, data string, clock *time.Time) *Instance {
	t.Helper()
	book, _, err := LoadBook("")
	if err != nil {
		t.Fatal(err)
	}
	i, err := OpenInstance(t.Context(), InstanceOptions{Data: data, Book: book, Now: func() time.Time { return *clock }})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func publicKey(i *Instance) (key string) {
	_ = i.store.Records(context.Background(), store.Wanted{}, func(r *store.Recorded) error {
		key = r.Key
		return io.EOF
	})
	return key
}

// Days are Beijing days; an empty stretch is an empty file.
func TestAnExportOfAStretch(t *testing.T) {
	now := when.Day(2026, 3, 2).Begins()
	i := openInstanceAt(t, t.TempDir(), &now)
	defer i.Close()
	ask := func(id string) {
		q := &Question{Item: map[string]string{"id": id, "description": "steel screws", "from": "CN"}, On: when.Day(2026, 3, 1), Lang: "en"}
		if _, err := i.Answer(t.Context(), &Actor{Person: "p"}, q, ""); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(-1)
	ask("first")
	now = now.Add(1)
	ask("second")
	for _, x := range []struct {
		from, to when.Date
		want     string
	}{{0, 0, "first second"}, {when.Day(2026, 3, 2), 0, "second"}, {0, when.Day(2026, 3, 1), "first"}, {when.Day(2026, 3, 3), 0, ""}, {when.Day(2026, 3, 1), when.Day(2026, 3, 2), "first second"}} {
		text := exported(t, i, RecordExport{From: x.from, To: x.to, Format: report.JSONL})
		var got []string
		if err := report.ReadRecords(bytes.NewReader(text), int64(len(text)), func(r *report.RecordRow) error { got = append(got, r.Item); return nil }); err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s to %s: %q", x.from, x.to, got)
		}
	}
	if _, err := i.ExportRecords(t.Context(), RecordExport{From: 10, To: 9, Format: report.CSV}); err == nil {
		t.Error("a stretch that ends before it begins")
	}
	if _, err := i.ExportRecords(t.Context(), RecordExport{Format: report.XLSX}); err == nil {
		t.Error("a workbook of records")
	}
}

// An export holds some rows in memory, not all.
func TestAnExportIsStreamed(t *testing.T) {
	i := openInstance(t, t.TempDir())
	defer i.Close()
	const rows, size, bound = 1000, 20_000, 12 << 20
	answer := strings.Repeat("x", size)
	for range rows / 50 {
		if err := i.store.Write(t.Context(), func(tx *store.Tx) error {
			for range 50 {
				if err := tx.PutDetermination(&store.Determination{Item: "i", Question: `{"item":{}}`, Answer: answer, RecordedBy: "p"}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for format, every := range map[report.Format]int{report.JSONL: 300, report.CSV: 300, report.Parquet: 70} {
		write, err := i.ExportRecords(t.Context(), RecordExport{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		held := func() int {
			runtime.GC()
			runtime.GC() // what pools keep goes with the second
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return int(m.HeapAlloc)
		}
		before, most, writes := held(), 0, 0
		if err := write(writerFunc(func(b []byte) (int, error) {
			if writes++; writes%every == 0 {
				most = max(most, held()-before)
			}
			return len(b), nil
		})); err != nil {
			t.Fatal(err)
		}
		if writes < every || most > bound {
			t.Errorf("%s: %d writes, %d MB in use for %d MB of records", format, writes, most>>20, rows*size>>20)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
