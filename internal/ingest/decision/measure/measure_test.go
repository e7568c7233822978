package measure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lodestone/internal/enforce"
)

func TestCountsRightExtraAndMissed(t *testing.T) {
	dir := t.TempDir()
	labels := filepath.Join(dir, "labels.json")
	for name, text := range map[string]string{
		"a.txt": "a", "b.txt": "b",
		"labels.json": `[{"id":"a","text_file":"a.txt","sources":["https://www.one.example/x"],"port":"宁波","destination":"日本"},
			{"id":"b","text_file":"b.txt","sources":["https://two.example/y"],"port":"上海"}]`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(_, text string) enforce.Record {
		port, mode := "宁波", "一般贸易"
		if text == "b" {
			return enforce.Record{Port: &port}
		}
		return enforce.Record{Port: &port, TradeMode: &mode}
	}
	report, err := Decisions(labels, read)
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]tally{"port": {1, 1, 1}, "destination": {0, 0, 1}, "trade_mode": {0, 1, 0}} {
		if got := report.byField[field]; got != want {
			t.Errorf("%s: %+v, want %+v", field, got, want)
		}
	}
	if one := report.bySource["one.example"]; one != (tally{1, 1, 1}) || report.total.minus(one) != (tally{0, 1, 1}) {
		t.Errorf("by source %+v, in all %+v", report.bySource, report.total)
	}
	var out strings.Builder
	report.Print(&out)
	for _, line := range []string{`b port: want ["上海"], got ["宁波"]`, "precision 0.500  recall 0.500  F1 0.500", "without one.example"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("the report does not say %s:\n%s", line, &out)
		}
	}
	if report.Check() == nil {
		t.Error("a third right passes the gate")
	}
	if err := os.Remove(filepath.Join(dir, "b.txt")); err != nil {
		t.Fatal(err)
	}
	if _, err := Decisions(labels, read); err == nil || !strings.Contains(err.Error(), "the text of b") {
		t.Errorf("a missing text gives %v", err)
	}
}
