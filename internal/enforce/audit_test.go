package enforce

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"lodestone/internal/sentence"
)

func audited(t *testing.T, file string) map[string]Finding {
	t.Helper()
	var p Published
	if err := json.Unmarshal([]byte(file), &p); err != nil {
		t.Fatal(err)
	}
	if err := p.CheckPublished(); err != nil {
		t.Fatal(err)
	}
	found := map[string]Finding{}
	for _, f := range Audit(&p) {
		found[f.Report+" "+f.Claim] = f
	}
	return found
}

func expect(t *testing.T, found map[string]Finding, claim, verdict string, says ...string) {
	t.Helper()
	f, ok := found[claim]
	if !ok || f.Verdict != verdict {
		t.Errorf("%s: %s, want %s: %q", claim, f.Verdict, verdict, f.Arithmetic)
		return
	}
	text := sentence.Join(append(f.Arithmetic, f.Fits...), sentence.Of("; ")).String()
	for _, s := range says {
		if !strings.Contains(text, s) {
			t.Errorf("%s: %q does not say %q", claim, text, s)
		}
	}
}

// Figures of our own: a sum that is off by one part, a share, a rate, a mean.
func TestAudit(t *testing.T) {
	found := audited(t, `{"reports":[{"id":"r","claims":[
		{"id":"all","period":"2030","measure":"decisions","value":50,"unit":"count"},
		{"id":"before","period":"2029","measure":"decisions","value":31,"unit":"count"},
		{"id":"rise","period":"2030","measure":"growth","value":61.3,"unit":"percent","of":"all","over":"before","decimals":1},
		{"id":"x","period":"2030","measure":"decisions","value":30,"unit":"count","group":"g","part_of":"all"},
		{"id":"y","period":"2030","measure":"decisions","value":15,"unit":"count","group":"g","part_of":"all"},
		{"id":"x_share","period":"2030","measure":"share","value":60,"unit":"percent","of":"x","over":"all"},
		{"id":"y_share","period":"2030","measure":"share","value":40,"unit":"percent","of":"y","over":"all"},
		{"id":"x_rise","period":"2030","measure":"growth","value":50,"unit":"percent","of":"x","over_period":"2029"},
		{"id":"y_rise","period":"2030","measure":"growth","value":100,"unit":"percent","of":"y","over_period":"2029"},
		{"id":"odd","measure":"share","value":33,"unit":"percent","of":null,"over":"all","group":"h"},
		{"id":"even","measure":"share","value":34,"unit":"percent","of":null,"over":"all","group":"h"},
		{"id":"q1","period":"2030Q1","measure":"fine_to_value","value":10,"unit":"percent"},
		{"id":"q2","period":"2030Q2","measure":"fine_to_value","value":30,"unit":"percent"},
		{"id":"h1","period":"2030H1","measure":"fine_to_value","value":40,"unit":"percent","mean_of":["q1","q2"]},
		{"id":"h2","period":"2030H2","measure":"fine_to_value","value":15,"unit":"percent","mean_of":["q1","q2"]}]}]}`)
	expect(t, found, "r all", Inconsistent, "30 + 15 = 45, not 50", "y = 20 closes the sum")
	expect(t, found, "r rise", Consistent, "61.29 %")
	expect(t, found, "r x", Consistent)
	expect(t, found, "r y", Inconsistent, "15 of 50 is 30.0 %, not 40 %", "20")
	expect(t, found, "r before", Inconsistent, "x 20, y (as 20) 10: together 30, not 31", "30")
	expect(t, found, "r odd", Inconsistent, "no whole number of 50 is 33 %", "16 is 32.0 %, 17 is 34.0 %")
	expect(t, found, "r even", Consistent, "17 of 50")
	expect(t, found, "r h of all", CannotTell, "N = 58: 19, 20", "cannot tell which")
	expect(t, found, "r h1", Inconsistent, "whatever the weights")
	expect(t, found, "r h2", CannotTell, "simple mean is 20.0, not 15", "weights 0.75 and 0.25")
	expect(t, found, "r q1", CannotTell)
}

func TestAuditRefusesWhatItCannotFollow(t *testing.T) {
	for claims, says := range map[string]string{
		`{"id":"a","measure":"decisions","value":1.5}`:                                  "no number of decisions",
		`{"id":"a","measure":"decisions","value":900000}`:                               "at most",
		`{"id":"a","measure":"share","value":1,"over":"b"}`:                             `"b"`,
		`{"id":"a","measure":"share","value":1},{"id":"a","measure":"share","value":1}`: "twice",
		`{"id":"a","measure":"share","value":1,"decimals":9}`:                           "decimals",
	} {
		var p Published
		if err := json.Unmarshal([]byte(`{"reports":[{"id":"r","claims":[`+claims+`]}]}`), &p); err != nil {
			t.Fatal(err)
		}
		if err := p.CheckPublished(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", claims, err)
		}
	}
}

// The published figures of January 2026, where they are at hand.
func TestAuditOfThePublishedReports(t *testing.T) {
	b, err := os.ReadFile("../../../shared/data/enforcement/published_aggregates.json")
	if err != nil {
		t.Skip("the published figures are not beside this checkout: the audit is tested on figures of our own only")
	}
	found := audited(t, string(b))
	expect(t, found, "kosti_h1_2025 total_2025H1", Inconsistent, "52 + 12 + 5 = 69, not 79", "military = 22")
	expect(t, found, "kosti_h1_2025 military", Inconsistent, "22")
	expect(t, found, "kosti_h1_2025 military_share", Inconsistent, "22 of 79 is 27.85 %")
	expect(t, found, "kosti_h1_2025 military_growth", Inconsistent, "22 after 10")
	expect(t, found, "kosti_h1_2025 total_2024H1", Inconsistent, "together 43, not 46")
	expect(t, found, "kosti_h1_2025 growth", Consistent)
	expect(t, found, "kosti_h1_2025 rare_metals_share", Inconsistent, "no whole number of 79 is 7 %")
	expect(t, found, "kosti_h1_2025 goods of total_2025H1", CannotTell, "N = 69: 20, 5, 4", "cannot tell which")
	expect(t, found, "kosti_h1_2025 ratio_H1", CannotTell, "weights 0.54 and 0.46")
	expect(t, found, "lawfirm_211_2025 top3", Consistent)
	expect(t, found, "lawfirm_211_2025 east", CannotTell)
}

func FuzzAudit(f *testing.F) {
	f.Add([]byte(`{"reports":[{"id":"r","claims":[{"id":"a","measure":"decisions","value":3},{"id":"s","measure":"share","value":33,"over":"a","decimals":0},{"id":"g","measure":"growth","value":-100,"of":"a","over_period":"x"}]}]}`))
	f.Add([]byte(`{"reports":[{"id":"r","claims":[{"id":"a","measure":"fine_to_value","value":3,"mean_of":["a","a"]}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Published
		if json.Unmarshal(b, &p) != nil || p.CheckPublished() != nil {
			return
		}
		for _, finding := range Audit(&p) {
			if finding.Verdict == "" || len(finding.Arithmetic) == 0 && len(finding.Claims) == 0 {
				t.Errorf("%+v says nothing", finding)
			}
		}
	})
}
