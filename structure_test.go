package lodestone_test

import (
	"strings"
	"testing"

	"lodestone"
)

func desk(t *testing.T) *lodestone.Desk {
	t.Helper()
	law, problems, err := lodestone.Open(nil)
	if err != nil || problems.Refusals() > 0 {
		t.Fatal(err, problems)
	}
	return lodestone.NewDesk(law, lodestone.Defaults{})
}

// What a desk knows of a structure ends with the question about its part.
func TestAPartLeavesNothingBehind(t *testing.T) {
	d := desk(t)
	s, problems := d.Structure([]map[string]string{
		{"id": "MOTOR", "description": "servo motor", "form": "finished_product", "value": "100", "currency": "CNY", "destination": "US"},
		{"id": "MAGNET", "parent": "MOTOR", "quantity": "4", "description": "NdFeB magnets", "composition": "Dy 3%", "unit_value": "2", "currency": "CNY"},
	}, nil)
	if problems.Refusals() > 0 {
		t.Fatal(problems)
	}
	at := lodestone.At{Effective: lodestone.Day(2026, 12, 1)}
	shares := func(e *lodestone.Explanation) int { return len(e.Shares) }
	_, within, err := d.ExplainPart(at, s, "MOTOR", false)
	if err != nil || shares(within) == 0 {
		t.Fatalf("the motor has %d shares (%v)", shares(within), err)
	}
	alone, _ := d.Item(map[string]string{"description": "servo motor", "form": "finished_product", "destination": "US"})
	if _, e := d.Explain(at, alone, false); shares(e) != 0 {
		t.Errorf("a motor of which no parts are known has %d shares", shares(e))
	}
	if _, _, err := d.ExplainPart(at, s, "PUMP", false); err == nil || !strings.Contains(err.Error(), `"PUMP"`) {
		t.Errorf("a part that is not there: %v", err)
	}
}

func TestStructureNamesWhatIsWrong(t *testing.T) {
	d := desk(t)
	for want, rows := range map[string][]map[string]string{
		"id: is missing":             {{"description": "pump"}},
		"circle: A > B > A":          {{"id": "A", "parent": "B"}, {"id": "B", "parent": "A"}},
		`quantity: "x" is not a num`: {{"id": "A"}, {"id": "B", "parent": "A", "quantity": "x"}},
		`"colour" is no column`:      {{"id": "A", "colour": "red"}},
	} {
		if s, problems := d.Structure(rows, nil); s != nil || !strings.Contains(problems.Error(), want) {
			t.Errorf("%v: %q, want %q", rows, problems.Error(), want)
		}
	}
}

// Asking the same of one item again, at another time in between, gives the same answer.
func TestADeskForgets(t *testing.T) {
	d := desk(t)
	it, _ := d.Item(map[string]string{"description": "gallium arsenide wafers", "from": "CN", "destination": "US", "end_user": "General Dynamics"})
	before, after := lodestone.At{Effective: lodestone.Day(2025, 6, 1)}, lodestone.At{Effective: lodestone.Day(2026, 12, 1)}
	first := *d.Determine(before, it)
	d.Determine(after, it)
	if again := d.Determine(before, it); again.Outcome != first.Outcome || again.MayBe != first.MayBe || len(it.Listed) == 0 {
		t.Errorf("%s (%s), then %s (%s), with %d listings", first.Outcome, first.MayBe, again.Outcome, again.MayBe, len(it.Listed))
	}
}
