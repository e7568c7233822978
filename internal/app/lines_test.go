package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lodestone/internal/report"
	"lodestone/internal/when"
)

// screened puts a file through a job and gives its id and result.
func screened(t *testing.T, i *Instance, name, text string) (id string, result []byte) {
	t.Helper()
	j, err := i.Submit(t.Context(), &Actor{Person: "p"}, name, strings.NewReader(text), Upload{On: when.Day(2026, 3, 1), Lang: "en"})
	if err == nil {
		err = i.do(t.Context(), j.ID, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := i.Result(t.Context(), j.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return j.ID, b.Bytes()
}

// The index reads the bytes of a result, not its JSON; both must say the same, and it must find its rows again in the input.
func TestTheIndexSaysWhatTheResultSays(t *testing.T) {
	i := openInstance(t, t.TempDir())
	defer i.Close()
	example, err := os.ReadFile("../../examples/shipment.csv")
	if err != nil {
		t.Fatal(err)
	}
	hostile := "id,description,destination,supplier\n" + `"a"",""outcome"":""deny"",""line"":9","{""asks"":[{""question"":""x""}],""may_be"":""prohibited""}",DE,"S ""at"":{"` + "\n\nb,graphite,XX,\nc,\"two\nlines of graphite\",DE,\n"
	tree := "id,parent,description,quantity,unit\nM,,Motor,1,pcs\nA,M,烧结钕铁硼磁体 镝3%,2,pcs\n"
	for name, text := range map[string]string{"example.csv": string(example), "hostile.csv": hostile, "tree.csv": tree,
		"keys.jsonl": `{"id":"1","description":"graphite"}` + "\n" + `{"description":"Gallium arsenide wafers","supplier":"S","destination":"US"}` + "\n"} {
		id, result := screened(t, i, name, text)
		doc, err := i.JobLines(t.Context(), id, LinesQuestion{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSpace(result), []byte("\n"))
		if len(doc.Lines) != len(lines) || doc.All != len(lines) {
			t.Fatalf("%s: %d lines of %d", name, len(doc.Lines), len(lines))
		}
		for n, line := range lines {
			var d struct {
				report.Determination
				Problem *json.RawMessage
			}
			if err := json.Unmarshal(line, &d); err != nil {
				t.Fatal(err)
			}
			got := doc.Lines[n]
			want := report.JobLine{N: n + 1, Line: d.Line, ID: d.ID, Outcome: cmp.Or(d.Outcome, "refused"), MayBe: d.MayBe, Asks: len(d.Asks)}
			if d.NextChange != nil {
				want.Changes = d.NextChange.On
			}
			same := report.JobLine{N: got.N, Line: got.Line, ID: got.ID, Outcome: got.Outcome, MayBe: got.MayBe, Asks: got.Asks, Changes: got.Changes}
			if same != want {
				t.Errorf("%s: the index says %+v, the result %+v", name, same, want)
			}
			whole, err := i.JobLine(t.Context(), id, n+1, "ko")
			if err != nil || !bytes.Equal(whole.Recorded, line) {
				t.Errorf("%s: line %d is read as %.80s: %v", name, n+1, whole.Recorded, err)
			}
			if whole.Determination != nil && (whole.Determination.Outcome != d.Outcome || whole.Determination.MayBe != d.MayBe || len(whole.Determination.Requirements) != len(d.Requirements)) {
				t.Errorf("%s: line %d is shown as %+v", name, n+1, whole.Determination)
			}
		}
	}
}

func TestLinesAreSelected(t *testing.T) {
	i := openInstance(t, t.TempDir())
	defer i.Close()
	id, _ := screened(t, i, "x.csv", "id,description,hs,from,destination,supplier\n1,Gallium arsenide wafers,,CN,US,Alpha\n2,T-shirt,6109100000,CN,DE,\n3,graphite,,CN,DE,Beta\n4,graphite,,CN,XX,Beta\n")
	for _, c := range []struct {
		q    LinesQuestion
		want string
	}{
		{LinesQuestion{}, "1 2 3 4"},
		{LinesQuestion{Search: "GRAPHITE"}, "3 4"},
		{LinesQuestion{Search: "beta", Outcome: "refused"}, "4"},
		{LinesQuestion{Supplier: "Alpha"}, "1"},
		{LinesQuestion{Supplier: "nobody"}, ""},
		{LinesQuestion{Outcome: "licence"}, "1"},
		{LinesQuestion{Sort: "severe"}, "1 3 2 4"},
		{LinesQuestion{From: 2}, "3 4"},
		{LinesQuestion{From: 9}, ""},
	} {
		c.q.Limit = 100
		doc, err := i.JobLines(t.Context(), id, c.q)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, l := range doc.Lines {
			ids = append(ids, l.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%+v gives %s, want %s", c.q, got, c.want)
		}
		if doc.All != 4 || doc.Outcomes["refused"] != 1 {
			t.Errorf("%+v", doc)
		}
	}
	j, err := i.store.Job(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(i.jobs.files.indexPath(j.ID)); err != nil {
		t.Fatal(err)
	}
	if doc, err := i.JobLines(t.Context(), id, LinesQuestion{Limit: 1}); err != nil || doc.All != 4 {
		t.Errorf("an index that is gone is made again: %+v %v", doc, err)
	}
}

func TestLineRecordsKeepTheirFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := lineRecord{From: rapid.Int64().Draw(t, "from"), Text: rapid.Int64().Draw(t, "text"), Folded: rapid.Int64().Draw(t, "folded"), Length: rapid.Uint32().Draw(t, "length"),
			Line: rapid.Uint32().Draw(t, "line"), TextLen: rapid.Uint32().Draw(t, "textlen"), FoldLen: rapid.Uint32().Draw(t, "foldlen"), Supplier: rapid.Uint32().Draw(t, "supplier"),
			Changes: rapid.Int32().Draw(t, "changes"), Asks: rapid.Uint16().Draw(t, "asks"), Outcome: rapid.Byte().Draw(t, "outcome"), MayBe: rapid.Byte().Draw(t, "may be")}
		b := r.append(nil)
		if len(b) != recordBytes || readRecord(b) != r {
			t.Fatalf("%+v becomes %+v in %d bytes", r, readRecord(b), len(b))
		}
	})
}
