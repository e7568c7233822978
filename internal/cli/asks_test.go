package cli

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/when"
)

// called runs the program and returns its exit code and what it printed.
func called(t *testing.T, args ...string) (code int, out, says string) {
	t.Helper()
	var o, e strings.Builder
	code = Run(args, Env{In: strings.NewReader(""), Out: &o, Err: &e, Today: when.Day(2026, 10, 9)})
	return code, o.String(), e.String()
}

// outcomes are the outcomes of JSON Lines by id, with what they may be.
func outcomes(t *testing.T, lines string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for line := range strings.Lines(lines) {
		var d struct {
			ID, Outcome string
			MayBe       string `json:"may_be"`
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		found[d.ID] = strings.TrimSpace(d.Outcome + " " + d.MayBe)
	}
	return found
}

// fill writes answers into the workbook of questions, by line and fact, as a supplier would.
func fill(t *testing.T, name string, answers map[[2]string]string) {
	t.Helper()
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	left := len(answers)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if len(row) < 2 {
				continue
			}
			if value, ok := answers[[2]string{row[0], row[1]}]; ok {
				for column, text := range map[int]string{7: value, 12: "Lab", 13: "2026-10-01"} {
					at, _ := excelize.CoordinatesToCellName(column, i+1)
					if err := f.SetCellStr(sheet, at, text); err != nil {
						t.Fatal(err)
					}
				}
				left--
			}
		}
	}
	if left != 0 {
		t.Fatalf("%d answers found no question", left)
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}

const shipment = "../../examples/shipment.csv"

// What is answered in the words of each language comes back as facts, and the answers lead where the workbook said.
func TestQuestionsGoOutAndAnswersComeBack(t *testing.T) {
	for lang, words := range map[string]struct{ none, present, yes, sample string }{
		"en": {"none", "present", "yes", "sample"}, "zh": {"不含", "含有", "是", "样品"}, "ko": {"없음", "있음", "예", "견본"},
	} {
		asks := filepath.Join(t.TempDir(), "asks.xlsx")
		code, out, says := called(t, "screen", shipment, "--asks", asks, "--lang", lang, "--output", "jsonl")
		if code != exitDone || !strings.Contains(says, asks) {
			t.Fatalf("%s: exit code %d: %s", lang, code, says)
		}
		before := outcomes(t, out)
		if before["M-3"] != "cannot_tell licence" || before["G-3"] != "cannot_tell licence" || before["A-2"] != "goods_licence deny" {
			t.Fatalf("%s: before: %v", lang, before)
		}
		fill(t, asks, map[[2]string]string{
			{"M-3", "composition.Tb"}: words.none, {"M-3", "composition.Dy"}: words.none, {"M-3", "composition.Ho"}: words.none,
			{"G-3", "params.density"}: "1.80 g/cm3", {"A-2", "params.state_trading_exporter"}: words.yes, {"S-1", "procedure"}: words.sample,
		})
		code, out, says = called(t, "screen", shipment, "--answers", asks, "--lang", lang, "--output", "jsonl")
		after := outcomes(t, out)
		if code != exitDone || strings.Contains(says, "answer refused") {
			t.Fatalf("%s: exit code %d: %s", lang, code, says)
		}
		for id, want := range map[string]string{"M-3": "not_controlled", "G-3": "licence", "A-2": "goods_licence", "M-1": "licence"} {
			if after[id] != want {
				t.Errorf("%s: %s is %q after the answers, not %q", lang, id, after[id], want)
			}
		}
		if !strings.Contains(out, `"source":"answer"`) || !strings.Contains(out, "1.80 g/cm3, Lab, 2026-10-01 (Datong carbon works!G") {
			t.Errorf("%s: no reason says that it rests on an answer, who gave it and when", lang)
		}
	}
}

func TestBadAnswersAreRefusedByCellAndTheRestIsDone(t *testing.T) {
	asks := filepath.Join(t.TempDir(), "asks.xlsx")
	if code, _, says := called(t, "screen", shipment, "--asks", asks, "-q"); code != exitDone {
		t.Fatal(says)
	}
	fill(t, asks, map[[2]string]string{{"M-3", "composition.Tb"}: "purple", {"M-3", "composition.Dy"}: "3 %", {"G-3", "params.density"}: "1.80"})
	code, out, says := called(t, "screen", shipment, "--answers", asks, "--output", "jsonl")
	if code != exitDone || outcomes(t, out)["M-3"] != "licence" {
		t.Errorf("exit code %d, M-3 is %s", code, outcomes(t, out)["M-3"])
	}
	for _, part := range []string{"Ningbo magnet plant!G", `"purple"`, "none, present, or an amount", "Datong carbon works!G", "1.80 g/cm3"} {
		if !strings.Contains(says, part) {
			t.Errorf("the refusals do not say %q:\n%s", part, says)
		}
	}

	// The same answers, to a file that has changed: one row says otherwise, another is gone.
	changed := filepath.Join(t.TempDir(), "changed.csv")
	text := "id,description,composition,form,from,destination,end_use,end_user_kind,ship_date\nM-3,NdFeB magnets,Dy none,magnet,CN,DE,civil,civil,2026-03-02\n"
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, says = called(t, "screen", changed, "--answers", asks, "--output", "jsonl")
	if !strings.Contains(out, "contradicts what the row states") {
		t.Errorf("the row does not warn of the contradiction: %s", out)
	}
	if !strings.Contains(says, `no row has the id "G-3"`) {
		t.Errorf("nothing says that a line is gone: %s", says)
	}
}

// A question about a part is answered for the part, and moves the answer for the whole.
func TestAnswersAboutPartsMoveTheWhole(t *testing.T) {
	const inverter = "../../examples/bom/inverter.csv"
	asks := filepath.Join(t.TempDir(), "asks.xlsx")
	code, out, says := called(t, "screen", inverter, "--asks", asks, "--output", "jsonl", "-q")
	if code != exitDone {
		t.Fatal(says)
	}
	before := outcomes(t, out)
	ends := map[string]bool{}
	for _, origin := range []string{"US", "JP"} {
		fill(t, asks, map[[2]string]string{{"IGBT-1", "origin"}: origin})
		code, out, says = called(t, "screen", inverter, "--answers", asks, "--output", "jsonl", "-q")
		if code != exitDone || strings.Contains(says, "answer refused") {
			t.Fatalf("exit code %d: %s", code, says)
		}
		ends[outcomes(t, out)["INV-9"]] = true
	}
	if len(ends) != 2 || len(before) != 6 {
		t.Errorf("whatever the origin of the part is, the whole is %v; before: %v", ends, before)
	}
}

// What an answer says of amounts, values, rates and contents of parts leads where the same leads in the table itself.
func TestAnswersAboutTheStructureLeadWhereTheTableLeads(t *testing.T) {
	const dir = "../../examples/bom/"
	table := func(text string) string {
		name := filepath.Join(t.TempDir(), "parts.csv")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	motor := func(value, currency, quantity, unit, parent string) string {
		return table("id,parent,quantity,unit,description,form,origin,made_in,composition,unit_value,currency,from,destination,end_user\n" +
			"MOT,,1,pcs,servo motor,assembly,JP,JP,,400,CNY,JP,KR,Hanbit\n" +
			"MAG,MOT,8,pcs,sintered NdFeB magnet,magnet,JP,JP,Nd 29%; Dy 1%; Fe 69%; B 1%,20,CNY,,,\n" +
			"DY," + parent + "," + quantity + "," + unit + ",dysprosium metal,metal,CN,CN,Dy 99.9%," + value + "," + currency + ",,,\n")
	}
	for name, c := range map[string]struct {
		asked, told string
		answers     map[[2]string]string
		flags       []string // that say it beside the table
	}{
		"value":    {motor("", "", "1", "g", "MAG"), motor("1.8", "CNY", "1", "g", "MAG"), map[[2]string]string{{"DY", "value"}: "1.8 CNY"}, nil},
		"quantity": {motor("1.8", "CNY", "", "g", "MAG"), motor("1.8", "CNY", "2", "g", "MAG"), map[[2]string]string{{"DY", "quantity"}: "2 g"}, nil},
		"currency": {dir + "levels.csv", dir + "levels.csv", map[[2]string]string{{"DY-2", "currency"}: "1 CNY = 21 JPY"}, []string{"--rates", dir + "rates.csv"}},
	} {
		asks := filepath.Join(t.TempDir(), "asks.xlsx")
		args := []string{"screen", c.asked, "--on", "2026-12-15", "--output", "jsonl", "-q"}
		code, before, says := called(t, append(args, "--asks", asks)...)
		if code != exitDone {
			t.Fatal(says)
		}
		fill(t, asks, c.answers)
		code, after, says := called(t, append(args, "--answers", asks)...)
		if code != exitDone || says != "" {
			t.Errorf("%s: exit code %d: %s", name, code, says)
		}
		args[1] = c.told
		_, told, _ := called(t, append(args, c.flags...)...)
		if got, want := sharesOf(t, after), sharesOf(t, told); !maps.Equal(got, want) || maps.Equal(got, sharesOf(t, before)) {
			t.Errorf("%s: shares after the answer %v, by the table %v", name, got, want)
		}
	}
}

// sharesOf are the shares of JSON Lines by id and rule.
func sharesOf(t *testing.T, lines string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for line := range strings.Lines(lines) {
		var d struct {
			ID      string
			Outcome string
			Shares  []struct{ Rule, Low, High, Truth string }
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Shares {
			found[d.ID+" "+s.Rule] = s.Low + " " + s.High + " " + s.Truth + " " + d.Outcome
		}
	}
	return found
}

// Answers may say which assembly a line is part of, and what a part holds, though the table has no column for it.
func TestAnswersPlacePartsAndTellWhatTheyHold(t *testing.T) {
	name := filepath.Join(t.TempDir(), "parts.csv")
	text := "id,description,form,origin,made_in,from,destination,end_user,quantity,unit_value,currency\n" +
		"ROT,rotor,assembly,JP,JP,JP,KR,Hanbit,1,100,CNY\nMAG,magnet,magnet,JP,JP,,,,4,5,CNY\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	answers := filepath.Join(t.TempDir(), "answers.xlsx")
	f := excelize.NewFile()
	for i, row := range [][]any{{"lodestone:line", "lodestone:fact", "lodestone:answer"}, {}, {},
		{"MAG", "parent", "ROT"}, {"MAG", "parts", "Sm 34 %; Co 60 %; Fe 6 %; rest none"}} {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(answers); err != nil {
		t.Fatal(err)
	}
	args := []string{"screen", name, "--on", "2025-12-15", "--output", "jsonl", "-q"}
	_, before, _ := called(t, args...)
	code, after, says := called(t, append(args, "--answers", answers)...)
	if code != exitDone || says != "" {
		t.Fatalf("exit code %d: %s", code, says)
	}
	const share = "ROT CN-2025-61/limb-1"
	if sharesOf(t, before)[share] != "" || sharesOf(t, after)[share] != "0 0.2 unknown cannot_tell" || !strings.Contains(after, `"part":"MAG"`) {
		t.Errorf("the rotor does not hold the magnet that answers put into it:\n%s", after)
	}
}

func TestAnswersNeedAFileThatCanBeRead(t *testing.T) {
	for _, args := range [][]string{{"--answers", shipment}, {"--answers", "nowhere.xlsx"}, {"--asks", "asks.csv"}} {
		if code, out, _ := called(t, append([]string{"screen", shipment}, args...)...); code != exitUse || out != "" {
			t.Errorf("%v: exit code %d, and %d bytes were written", args, code, len(out))
		}
	}
}
